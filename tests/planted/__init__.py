"""Bugs planted on purpose, each to be caught by a test named beside it: ``python -m tests.planted [WORD …]``."""
