"""The parties of a dispute beside its first two: further agencies, whom a name or a wish is put to, and who of them is
there: the absent, their deputies, and those who are asked in their place."""
