"""THE RULES. Pure, the standard library only, ``now`` an argument: what a procedure says, and what follows from it."""
