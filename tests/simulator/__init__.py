"""A partnership's years, simulated: the real core, store, letters and turns under one seed and a clock of their own.

People are late, away, contradict each other, leave, forward, are impersonated; servers refuse, are down, withhold, lose
answers; the process dies at named points; clocks jump; backups are put back; closed days are typed in. After each step
the invariants are looked at. The same seed gives the same ledger, to the last hash.
"""
