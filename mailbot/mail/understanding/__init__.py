"""The writer's own words to intents: commands, prose, openings, danger, the office's lines, managers spoken of, and the
question that is asked where words can be read two ways. Not here: whether it is meant (``whether_meant``), whether it
may be done (``core.decisions``).
"""
