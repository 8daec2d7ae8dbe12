"""The writer's own words to intents: commands, prose, openings, danger, the office's lines, and the question that is
asked where words can be read two ways. Not here: whether it may be done (``core.decisions``).
"""
