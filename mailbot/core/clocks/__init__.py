"""Time: working days, which limit holds and why, a dispute rehearsed to its last limit, and what time brings."""
