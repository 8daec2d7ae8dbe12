"""Beside a command: whether what stands there leaves it its writer's, and meant.

Most faults of authority are here: a name below that is not the writer's, a condition, a draft, other terms than were
put. What is not understood as the writer's own plain explanation is asked about, and nothing is done.
"""
