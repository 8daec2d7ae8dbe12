"""THE RULES. Pure, the standard library only, ``now`` an argument: what a procedure says, and what follows from it.

Its rooms, each of which may use those before it: ``procedure``, ``record``, ``partnership``, ``clocks``, ``decisions``,
``notices``, ``reports``. Nothing here reads a file, asks the time or knows what an email looks like.
"""
