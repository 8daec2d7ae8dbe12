"""The owner of a procedure and its people: the directory of agencies and officers, and the partnership with its
protocol, calendar and directory together. Not here: anything about one dispute.
"""
