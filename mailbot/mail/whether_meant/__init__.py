"""Whether what is asked is meant, and its writer's own: explained or taken back, plain or only supposed, on other
terms, under pressure, in another's words.

Most faults of authority are here: a condition, a draft, other terms than were put, somebody else's words. What is not
understood as the writer's own plain explanation is asked about, and nothing is done. Not here: what is asked
(``understanding``), whose name closes an email (``body``).
"""
