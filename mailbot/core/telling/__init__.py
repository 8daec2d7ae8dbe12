"""Who must be told, by which letter; and the digest, as values."""
