"""Whether the tests would notice: the program changed by rule, one small change at a time, each to be failed by a test.

``planted`` are bugs that somebody thought of; these are those that nobody did.
"""
