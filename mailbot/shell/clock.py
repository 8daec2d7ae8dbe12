"""The only file that asks the time. A turn asks once, at its start, and hands the answer down as ``now``."""

import time
from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def elapsed() -> float:
    """The clock for waiting: seconds on a clock that never goes back: for waiting, never for deciding."""
    return time.monotonic()
