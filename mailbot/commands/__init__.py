"""The command line: what each command asks and shows. No rules are here."""
