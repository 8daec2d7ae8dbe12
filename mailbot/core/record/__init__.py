"""The record of a dispute: what messages ask (intents), what has happened (events), the dispute that is the fold of
them, and the chained ledger they are kept in. Not here: what ought to happen next (``decisions``).
"""
