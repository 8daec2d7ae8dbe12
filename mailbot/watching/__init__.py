"""What watches over the bot at work: the witness of the record, its clock, its channel, what changed while it runs, and
whether it is well."""
