"""The parties of a dispute beside its first two: further agencies, and whom a name or a wish is put to."""
