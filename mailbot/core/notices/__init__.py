"""Who must be told of what has happened, and by which letter. Not here: what the letter says (``mail.letters``)."""
