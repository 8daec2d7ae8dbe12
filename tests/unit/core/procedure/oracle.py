"""Limits counted the slow way: one day at a time, from the published bank-holiday rules, without the code under test.

Whoever doubts a limit can follow this with a finger on a wall calendar. It judges ``mailbot.core.clocks.calendar``.
"""

from datetime import date, datetime, time, timedelta

ONE_DAY = timedelta(days=1)
# Proclaimed for one year only.
ONE_OFF = {"scotland": {date(2026, 6, 15)}}


def easter(year: int) -> date:
    """Easter Sunday, by the calculation of 1876 (Butcher's)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    j = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * j) // 451
    month, day = divmod(h + j - 7 * m + 114, 31)
    return date(year, month, day + 1)


def first_monday(year: int, month: int) -> date:
    day = date(year, month, 1)
    while day.weekday() != 0:
        day += ONE_DAY
    return day


def last_monday(year: int, month: int) -> date:
    day = date(year + month // 12, month % 12 + 1, 1) - ONE_DAY
    while day.weekday() != 0:
        day -= ONE_DAY
    return day


def bank_holidays(nation: str, year: int) -> set[date]:
    """Weekdays closed by law in ``nation`` in ``year``; a holiday at the weekend moves to the next weekday free."""
    if nation == "none":
        return set()
    sunday = easter(year)
    moving = {sunday - 2 * ONE_DAY, first_monday(year, 5), last_monday(year, 5)}
    fixed = [date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)]
    if nation == "scotland":
        fixed[1:1] = [date(year, 1, 2), date(year, 11, 30)]
        moving.add(first_monday(year, 8))
    else:
        moving |= {sunday + ONE_DAY, last_monday(year, 8)}
    if nation == "northern-ireland":
        fixed += [date(year, 3, 17), date(year, 7, 12)]
    return moving | _moved(fixed) | {day for day in ONE_OFF.get(nation, set()) if day.year == year}


def _moved(fixed: list[date]) -> set[date]:
    taken = {day for day in fixed if day.weekday() < 5}
    for day in fixed:
        while day.weekday() > 4 or (day not in fixed and day in taken):
            day += ONE_DAY
            while day in taken:
                day += ONE_DAY
        taken.add(day)
    return taken


def limit(
    closed: set[date],
    start: datetime,
    count: int,
    unit: str,
    day_one: str,
    after_hours: str,
    hours: str,
    lands: str,
    close: time,
) -> datetime:
    """The local wall-clock limit, for a naive local ``start``."""

    def is_open(day: date) -> bool:
        return day.weekday() < 5 and day not in closed

    if unit == "hours" and hours == "clock":
        return start + timedelta(hours=count)
    if unit == "hours" and hours == "same_time":
        ends = start
        for _ in range(count // 24):
            ends += ONE_DAY
            while not is_open(ends.date()):
                ends += ONE_DAY
        return ends
    arrived = start.date()
    late = start.time() > close or not is_open(arrived)
    if after_hours == "next_working_day" and late:
        arrived += ONE_DAY
        while not is_open(arrived):
            arrived += ONE_DAY
        over = False
    else:
        over = start.time() >= close
    if unit == "months":
        return datetime.combine(_month_on(arrived, count, lands, is_open), close)
    if unit == "hours":
        count, day_one = count // 24, "next_working_day"
    counted = 1 if day_one == "same_day" and is_open(arrived) and not over else 0
    day = arrived
    while counted < count:
        day += ONE_DAY
        if is_open(day):
            counted += 1
    return datetime.combine(day, close)


def _month_on(day: date, months: int, lands: str, is_open) -> date:  # type: ignore[no-untyped-def]
    wanted, month = day.day, day
    for _ in range(months):
        month = month.replace(day=28) + 4 * ONE_DAY
        month = month.replace(day=1)
    end = month
    while end.day < wanted and (end + ONE_DAY).month == month.month:
        end += ONE_DAY
    while not is_open(end):
        end += -ONE_DAY if lands == "working_day_before" else ONE_DAY
    return end
