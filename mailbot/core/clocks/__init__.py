"""Which limit holds in a dispute, and why, with its working shown. Not here: what happens when it passes."""
