"""Bytes from anybody to a message: its head, its text, who really wrote it, man or machine, the writer's own words,
and which dispute it belongs to. Not here: what the words ask (``understanding``).
"""
