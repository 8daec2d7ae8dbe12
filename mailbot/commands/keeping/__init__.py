"""Commands for whoever answers for the record: copies of it and their restoring, bundles for a review, what is held
about a person, and what is let go of when its time is over."""
