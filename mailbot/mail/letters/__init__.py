"""A notice to final bytes: what a letter says to this one reader, its buttons, its layout, its thread.

Not here: who gets which letter (``core.notices``).
"""
