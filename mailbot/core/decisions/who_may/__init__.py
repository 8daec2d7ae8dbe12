"""Who may do what, as data: the table, and what the procedure's own file gives; and which
replies are taken of whom. The judge of it is ``authority``."""
