"""The veil: who must not be named in what leaves here, or is kept: names that the record knows, and what points to a
child or to their family by its shape; and the copy of a message with them cut out of it.
"""
