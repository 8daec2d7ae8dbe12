"""``mailbot.toml`` and all it names, into settings: every fault of every file at once, with file and line.

Not here: protocol files, which have a room of their own.
"""
