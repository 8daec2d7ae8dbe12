"""Campaigns: everything that may go wrong, tried by count and by seed. ``make campaigns-small`` in every build, ``make
campaigns`` by hand. Each prints what it tried and what it found; nothing may be lost, doubled, stuck, leaked or untold.
"""
