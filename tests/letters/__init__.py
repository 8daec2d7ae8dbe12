"""The letters of whole disputes, measured: how many, how long, and where a reader meets what is asked."""
