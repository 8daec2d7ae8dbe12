"""The documents for operators and their readers, held against the program: what they name is there, and what is there
is named. ``python -m tests.documents`` prints the page of settings.
"""
