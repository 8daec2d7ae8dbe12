"""APScheduler, kept to what it does well: it wakes us. What is due is in the database, so a wake that is late, lost or
doubled changes nothing, and no job is ever stored.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

# At ERROR it logs the words of whatever a job raised, and those could be anybody's.
logging.getLogger("apscheduler").setLevel(logging.CRITICAL)


class Schedule:
    """Calls from a thread of its own. Any: APScheduler is untyped."""

    def __init__(self) -> None:
        # No misfire limit: the default of one second drops a wake whenever the machine was busy (measured).
        jobs = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler: Any = BackgroundScheduler(timezone=UTC, job_defaults=jobs)

    def every(self, length: timedelta, name: str, work: Callable[[], object]) -> None:
        self._scheduler.add_job(work, "interval", seconds=length.total_seconds(), id=name, replace_existing=True)

    def at(self, instant: datetime, name: str, work: Callable[[], object]) -> None:
        """Once; a later call with this ``name`` takes its place."""
        self._scheduler.add_job(work, "date", run_date=instant, id=name, replace_existing=True)

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
