"""The limits a dispute's clocks set: which one holds, and why, with its working shown. Not here: what
happens when it passes."""
