"""Own words to intents: commands, labels, dates, phrases with their traps, openings, danger."""
