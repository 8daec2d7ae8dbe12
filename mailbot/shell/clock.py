"""The only file that asks the time. A turn asks once, at its start, and hands the answer down as ``now``."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path


def utc_now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def elapsed() -> float:
    """The clock for waiting: seconds on a clock that never goes back: for waiting, never for deciding."""
    return time.monotonic()


def since_start() -> float:
    """The clock that this machine has gone by since it was started, in seconds, whatever its date was set to meanwhile;
    where the system counts it (Linux), with the time for which it slept. The same in every process."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if sys.platform == "linux" else time.monotonic()


def this_start() -> str:
    """Which start of this machine's clock it is, a name that no other start has; "" where the system gives none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
