"""THE WORLD. Thin, dull, replaceable: mail servers, files, the store, the clock."""
