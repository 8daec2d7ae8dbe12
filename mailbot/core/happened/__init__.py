"""The record: what messages ask, what has happened, the dispute that folds out of it, and the chained ledger."""
