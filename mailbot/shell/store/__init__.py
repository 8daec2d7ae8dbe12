"""The store: everything the bot knows, in one database, and the one transaction in which it decides."""

from mailbot.shell.store.store import Store as Store
