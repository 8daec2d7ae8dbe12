"""What a partnership has published, as values: its protocol, the closed words of such files, working days.

Not here: who works where (``partnership``), what has happened in a dispute (``record``).
"""
