"""THE WORLD. Thin, dull, replaceable: mail servers, files, the store, the clock. No rule of any procedure is here."""
