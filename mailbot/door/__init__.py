"""One message, from the door to what follows from it; and the same told without doing it (``explain``).

Nothing here writes: what follows is a value that ``turns`` writes down.
"""
