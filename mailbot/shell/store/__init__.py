"""The store: everything the bot knows, in one database, and the one transaction in which it decides."""
