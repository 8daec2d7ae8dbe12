"""``make gallery``: every letter and every document of every procedure on one page, as people see them.

The cases are those of the stories: whatever a story sends is kept, one fullest example is chosen for each procedure,
letter and kind of reader, and a real browser takes its picture at the width of a telephone and of a desk.
"""
