"""Documents that travel with letters: made from the record, and read back when people have filled them in.

Not here: the letter itself (``letters``).
"""
