"""The limits a dispute's clocks set: which one holds, and why, with its working shown; and the case, a dispute with its
partnership and its limits at a moment. Not here: what happens when one passes."""
