"""Working days: which days count, when a day closes, and "within N working days" with its counting shown.

A limit that cannot show its working is not believed, and a limit a day wrong is worse than none. So every answer of
``after`` comes with one ``Step`` for each day it walked over. Local wall-clock time rules throughout: 17:00 stays
17:00 on both sides of a clock change, and only then becomes an instant.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, compress
from zoneinfo import ZoneInfo

from mailbot.core.procedure.closed_lists import Length, Unit

MORNING = time(9)


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
    hours: str = "working_days"  # or "same_time" of day, so many working days on; or "clock": through weekends too
    month_lands_on_closed_day: str = "working_day_before"  # or "working_day_after"


class OutOfRange(ValueError):
    """A date beyond the years whose closed days are known. Guessing would move a limit, so nothing is counted."""


@dataclass(frozen=True, slots=True)
class DayCounted:
    """One day in the working of a limit: ``counted`` its number, or None and ``why`` it was passed over."""

    day: date
    counted: int | None
    why: str


def until(steps: tuple[DayCounted, ...], day: date) -> tuple[DayCounted, ...]:
    """The working days of a limit's working up to the limit that holds: a later one reads as time that is left, where
    somebody gave an earlier date for the child."""
    return tuple(step for step in steps if step.day <= day)


_MOST_WORKED = 2000  # workings kept; a dispute has some ten


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days from ``first`` to ``last``. ``closed`` names the days shut besides the weekly pattern."""

    rule: CalendarRule
    closed: Mapping[date, str]
    first: date
    last: date
    zone: ZoneInfo = field(init=False)
    _days: tuple[int, ...] = field(init=False, repr=False, compare=False)  # the working days, as ordinals
    _rank: tuple[int, ...] = field(init=False, repr=False, compare=False)
    # Workings that were worked out before: one message asks for the same limits thirty times.
    _worked: dict[object, tuple[datetime, tuple[DayCounted, ...]]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        closed = {**self.closed, **self.rule.also_closed}
        shut = {day.toordinal() for day in closed}
        every = range(self.first.toordinal(), self.last.toordinal() + 1)
        # The first day of all, ordinal 1, was a Monday.
        working = [(number - 1) % 7 in self.rule.working_days and number not in shut for number in every]
        for name, value in (
            ("closed", closed),
            ("_worked", {}),
            ("zone", ZoneInfo(self.rule.timezone)),
            ("_days", tuple(compress(every, working))),
            ("_rank", tuple(accumulate(working))),
        ):
            object.__setattr__(self, name, value)

    def _place(self, day: date) -> int:
        """The number of working days up to and including ``day``, from the calendar's first. Raises OutOfRange."""
        if not self.first <= day <= self.last:
            raise OutOfRange(f"{day:%d %B %Y} is outside the years this calendar knows ({self.first} to {self.last})")
        return self._rank[day.toordinal() - self.first.toordinal()]

    def _at(self, place: int) -> date:
        if not 0 <= place < len(self._days):
            raise OutOfRange(f"the count runs outside the years this calendar knows ({self.first} to {self.last})")
        return date.fromordinal(self._days[place])

    def is_working(self, day: date) -> bool:
        self._place(day)
        return day.weekday() in self.rule.working_days and day not in self.closed

    def why_closed(self, day: date) -> str:
        """Why a day is no working day: "Christmas Day", "Saturday"; "" on one. A named closure tells more
        than the weekday does."""
        self._place(day)
        if day in self.closed:
            return self.closed[day]
        return "" if day.weekday() in self.rule.working_days else f"{day:%A}"

    def working_days_between(self, a: date, b: date) -> int:
        """The working days after ``a``, up to and including ``b``; negative when ``b`` is the earlier."""
        return self._place(b) - self._place(a)

    def nth_after(self, day: date, n: int) -> date:
        """The ``n``th working day after ``day``; ``day`` itself for 0. Raises OutOfRange, ValueError for a negative."""
        if n < 0:
            raise ValueError("working days are counted forwards")
        place = self._place(day)
        return self._at(place + n - 1) if n else day

    def next_working(self, day: date) -> date:
        return self.nth_after(day, 1)

    def previous_working(self, day: date) -> date:
        """The last working day before ``day``."""
        return self._at(self._place(day) - 1 - int(self.is_working(day)))

    def at(self, day: date, wall: time) -> datetime:
        """The calendar's local instant of ``wall`` o'clock on ``day``, working or not. A time the spring change skips
        becomes the hour after it."""
        return datetime.combine(day, wall, tzinfo=self.zone).astimezone(UTC).astimezone(self.zone)

    def close_of(self, day: date) -> datetime:
        return self.at(day, self.rule.day_ends)

    def morning_of(self, day: date, at: time = MORNING) -> datetime:
        return self.at(day, at)

    def local(self, instant: datetime) -> datetime:
        """An instant in the local time that working days follow, the partnership's own. Raises
        ValueError for a naive one."""
        if instant.tzinfo is None:
            raise ValueError("an instant without a zone cannot be counted from")
        return instant.astimezone(self.zone)

    def is_after_hours(self, instant: datetime) -> bool:
        """Is an instant outside working hours, past the close or on a closed day? The close itself is still in hours:
        stages are entered at limits."""
        local = self.local(instant)
        return not self.is_working(local.date()) or local.time() > self.rule.day_ends


def day_zero(calendar: Calendar, counting: Counting, start: datetime) -> date:
    """The day nought of a count of working days, that is the day ``start`` counts as. Only a partnership
    that says so loses the evening and the weekend (A late email must not lengthen a child's wait, so the
    default is its own date)."""
    local = calendar.local(start)
    if counting.after_hours == "next_working_day" and calendar.is_after_hours(start):
        return calendar.next_working(local.date())
    return local.date()


def after(
    calendar: Calendar, counting: Counting, start: datetime, length: Length, zero: str = "the day it starts"
) -> tuple[datetime, tuple[DayCounted, ...]]:
    """The instant ``length`` after ``start`` in working time, and its working day by day;
    ``zero`` says what day nought is.

    Raises OutOfRange beyond the calendar's years, ValueError for a naive ``start``.
    """
    if length.unit is Unit.MONTHS:
        return _months(calendar, counting, start, length.count)
    if length.unit is Unit.CALENDAR_DAYS:
        return _calendar_days(calendar, counting, start, length.count)
    if length.unit is Unit.CLOCK_HOURS:
        return _by_the_clock(calendar, start, length.count)
    if length.unit is Unit.HOURS:
        return _hours(calendar, counting, start, length.count, zero)
    if length.unit is Unit.SAME_DAY:
        return _working_days(calendar, Counting("same_day", counting.after_hours), start, 1, zero)
    return _working_days(calendar, counting, start, length.count, zero)


def _working_days(
    calendar: Calendar, counting: Counting, start: datetime, count: int, zero: str
) -> tuple[datetime, tuple[DayCounted, ...]]:
    asked = (counting, start, count, zero)
    if (known := calendar._worked.get(asked)) is not None:
        return known
    if len(calendar._worked) >= _MOST_WORKED:
        calendar._worked.clear()
    found = calendar._worked[asked] = _worked_out(calendar, counting, start, count, zero)
    return found


def _worked_out(
    calendar: Calendar, counting: Counting, start: datetime, count: int, zero: str
) -> tuple[datetime, tuple[DayCounted, ...]]:
    local = calendar.local(start)
    arrived, origin = local.date(), day_zero(calendar, counting, start)
    moved = origin != arrived
    # A day with no working time left cannot be Day 1: else a stage entered at the close would be born overdue.
    has_time = moved or local.time() < calendar.rule.day_ends
    begins = counting.day_one == "same_day" and calendar.is_working(origin) and has_time
    ends = calendar.nth_after(origin, count - 1 if begins else count)
    zero_day = [] if begins and not moved else [DayCounted(arrived, None, _why_zero(calendar, arrived, moved, zero))]
    if moved and not begins:
        zero_day += _closed_between(calendar, arrived, origin)
        zero_day.append(DayCounted(origin, None, f"the working day it counts as: {zero}"))
    counted_from = origin if not begins else (arrived if moved else origin - timedelta(days=1))
    return calendar.close_of(ends), (*zero_day, *_walk(calendar, counted_from, ends))


def _why_zero(calendar: Calendar, day: date, moved: bool, zero: str) -> str:
    closed = calendar.why_closed(day)
    if moved:
        return f"{closed or 'after hours'}: counts as the next working day"
    return f"{zero} ({closed})" if closed else zero


def _closed_between(calendar: Calendar, a: date, b: date) -> list[DayCounted]:
    days = (a + timedelta(days=n) for n in range(1, (b - a).days))
    return [DayCounted(day, None, calendar.why_closed(day)) for day in days]


def _walk(calendar: Calendar, start: date, end: date) -> list[DayCounted]:
    """The days of a working, after ``start`` up to ``end``: each numbered as a working day or
    with the reason it is not."""
    steps, counted = [], 0
    for number in range(1, (end - start).days + 1):
        day = start + timedelta(days=number)
        why = calendar.why_closed(day)
        counted += not why
        steps.append(DayCounted(day, None, why) if why else DayCounted(day, counted, f"Day {counted}"))
    return steps


def _hours(
    calendar: Calendar, counting: Counting, start: datetime, count: int, zero: str
) -> tuple[datetime, tuple[DayCounted, ...]]:
    """The end of so many hours, as the procedure counts working days for them: a working day for each 24, its close or
    the same time of day; or by the clock. Fewer than 24 are hours of a working day, and never end on a closed one."""
    if counting.hours == "clock":
        return _by_the_clock(calendar, start, count)
    if counting.hours == "same_time" or count < 24:
        return _same_time(calendar, start, count)
    tomorrow = Counting("next_working_day", counting.after_hours)  # "24 hours" never ends the same afternoon
    return _working_days(calendar, tomorrow, start, -(-count // 24), zero)


def _by_the_clock(calendar: Calendar, start: datetime, count: int) -> tuple[datetime, tuple[DayCounted, ...]]:
    """The instant some hours on, through nights, weekends and bank holidays: no working day is waited for."""
    local = calendar.local(start)
    ends = calendar.local(start.astimezone(UTC) + timedelta(hours=count))
    calendar.is_working(ends.date())  # raises OutOfRange: what lies beyond the calendar is not told as if it were known
    said = f"{count} hours after {local:%a %d %b %H:%M}, nights and closed days counted"
    return ends, (DayCounted(ends.date(), None, said),)


def _same_time(calendar: Calendar, start: datetime, count: int) -> tuple[datetime, tuple[DayCounted, ...]]:
    """The same time of day a working day on for each 24 hours ("this time tomorrow"); what is over runs on by the
    clock, past days that are not working days."""
    local = calendar.local(start)
    days, hours = divmod(count, 24)
    counted = calendar.at(calendar.nth_after(local.date(), days), local.time().replace(fold=0))
    ends = calendar.local(counted.astimezone(UTC) + timedelta(hours=hours))
    opens = ends.date() if calendar.is_working(ends.date()) else calendar.next_working(ends.date())
    passed = _closed_between(calendar, local.date(), opens)
    walked = tuple(step for step in passed if step.why)
    last = DayCounted(opens, None, f"{count} hours after {local:%a %d %b %H:%M}, working days counted")
    return calendar.at(opens, ends.time()), (*walked, last)


def _months(
    calendar: Calendar, counting: Counting, start: datetime, count: int
) -> tuple[datetime, tuple[DayCounted, ...]]:
    """The end of a length in months: the same date ``count`` months on, or that month's last day; from a closed day to
    the working day beside it."""
    origin = day_zero(calendar, counting, start)
    return _landed(calendar, counting, origin, _same_date(origin, count), f"{count} month{'s' if count > 1 else ''}")


def _calendar_days(
    calendar: Calendar, counting: Counting, start: datetime, count: int
) -> tuple[datetime, tuple[DayCounted, ...]]:
    """The end of a length in calendar days, weekends counted with the working days; from a closed day to the working
    day beside it, as a month is."""
    origin = calendar.local(start).date()
    return _landed(calendar, counting, origin, origin + timedelta(days=count), f"{count} calendar days")


def _landed(
    calendar: Calendar, counting: Counting, origin: date, lands: date, said: str
) -> tuple[datetime, tuple[DayCounted, ...]]:
    first = DayCounted(lands, None, f"{said} after {origin:%a} {origin.day} {origin:%b %Y}")
    why = calendar.why_closed(lands)
    if not why:
        return calendar.close_of(lands), (first,)
    before = counting.month_lands_on_closed_day == "working_day_before"
    ends = calendar.previous_working(lands) if before else calendar.next_working(lands)
    beside = f"the working day {'before' if before else 'after'}"
    return calendar.close_of(ends), (first, DayCounted(lands, None, why), DayCounted(ends, None, beside))


def _same_date(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def closed_days(calendar: Calendar, steps: tuple[DayCounted, ...]) -> str:
    """The closed days that a count of working days passes over, but weekends, in words: "Tuesday 8 September (Day of
    national mourning)"; "" for none."""
    closed = ((step.day, calendar.why_closed(step.day)) for step in steps[:-1])  # not the day it ends on
    days = (f"{day:%A} {day.day} {day:%B} ({why})" for day, why in closed if why and why != f"{day:%A}")
    return ", ".join(dict.fromkeys(days))
