"""Small things found in a text: dates, actions, people, labelled lines, a child's initials, phrases with their traps.
Not here: what they ask of a dispute (``understanding``).
"""
