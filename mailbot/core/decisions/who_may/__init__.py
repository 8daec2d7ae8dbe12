"""Who may do what, as data: the table, and what the procedure's own file gives. The judge of it is ``authority``."""
