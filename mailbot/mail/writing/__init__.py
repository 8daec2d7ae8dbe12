"""A notice to final bytes: what a letter says to this one reader, its layout, its buttons, its threads."""
