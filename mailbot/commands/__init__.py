"""The command line, one file a family, each with ``add_parsers(commands)``. They ask and show; no rules are here."""
