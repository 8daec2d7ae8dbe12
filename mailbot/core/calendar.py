"""Working days. (Under construction by the calendar's author.)"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time


@dataclass(frozen=True, slots=True)
class CalendarRule:
    """Which days count: ``working_days`` are ``date.weekday()`` numbers; ``also_closed`` are local closures by name."""

    working_days: frozenset[int] = frozenset(range(5))
    bank_holidays: str = "england-and-wales"
    also_closed: Mapping[date, str] = field(default_factory=dict)
    timezone: str = "Europe/London"
    day_ends: time = time(17)


@dataclass(frozen=True, slots=True)
class Counting:
    """How "within N working days" is read, where the published words leave it open; each is a partnership's choice."""

    day_one: str = "next_working_day"  # or "same_day"
    after_hours: str = "same_day"  # or "next_working_day"
    hours: str = "working_days"  # or "clock": the same time on the next working day
    month_lands_on_closed_day: str = "working_day_before"  # or "working_day_after"
