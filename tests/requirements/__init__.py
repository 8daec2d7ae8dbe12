"""The requirements of the five procedures, broken one at a time: a story that claims one must fail when it is broken.

``python -m tests.requirements`` breaks every row of the tables in this folder, and lists what survived; with words
after it, only the rows that have one of them ("NS-", "GL-11"). A requirement without a row is read, not shown:
docs/requirements.md says which.
"""
