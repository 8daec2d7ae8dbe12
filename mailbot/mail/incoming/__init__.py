"""Bytes from anybody to a message: its head and parts, who really wrote it, man or machine, and which dispute it
belongs to. Not here: what its body shows (``body``), what the words ask (``understanding``).
"""
