"""The command line, one small file a family of commands. They ask and show; no rules are here."""
