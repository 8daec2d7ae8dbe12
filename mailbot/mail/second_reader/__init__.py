"""The second reader, which listens beside the rules: its linear model, its trees, and where both readers meet.

It decides nothing. Not here: what the rules read (``understanding``), and what they suppose (``whether_meant``).
"""
