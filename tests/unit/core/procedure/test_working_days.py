"""Working days, judged by an oracle that counts one day at a time, and by dates anybody can look up."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.core.procedure.closed_lists import length
from mailbot.core.procedure.working_days import Calendar, CalendarRule, Counting, DayCounted, OutOfRange, after
from mailbot.shell.config.closures_and_bank_holidays import NATIONS, bank_holidays, calendar_for
from tests.thorough import many
from tests.unit.core.procedure import oracle

LONDON = ZoneInfo("Europe/London")
NATION = st.sampled_from(sorted(NATIONS))


@cache
def calendar(nation: str = "england-and-wales", closed: frozenset[date] = frozenset()) -> Calendar:
    years = range(2025, 2050)
    rule = CalendarRule(bank_holidays=nation, also_closed=dict.fromkeys(closed, "shut"))
    return Calendar(rule, bank_holidays(nation, years), date(2025, 1, 1), date(2049, 12, 31))


@cache
def closed_by_oracle(nation: str) -> frozenset[date]:
    return frozenset(day for year in range(2025, 2050) for day in oracle.bank_holidays(nation, year))


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize("nation", sorted(NATIONS))
def test_every_day_from_2026_to_2046_is_closed_when_the_bank_holiday_rules_close_it(nation: str) -> None:
    day, wrong = date(2026, 1, 1), []
    while day.year < 2047:
        is_open = day.weekday() < 5 and day not in closed_by_oracle(nation)
        if calendar(nation).is_working(day) != is_open:
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


@settings(max_examples=many(100, 4000), deadline=None)
@given(
    nation=NATION,
    start=st.datetimes(datetime(2026, 1, 1), datetime(2046, 10, 1)).map(lambda one: one.replace(microsecond=0)),
    what=st.sampled_from(
        [(n, "working days") for n in range(1, 21)] + [(24, "hours"), (48, "hours"), (1, "months"), (2, "months")]
    ),
    extra=st.frozensets(st.integers(-3, 40), max_size=6),
    day_one=st.sampled_from(["next_working_day", "same_day"]),
    after_hours=st.sampled_from(["same_day", "next_working_day"]),
    hours=st.sampled_from(["working_days", "same_time", "clock"]),
    lands=st.sampled_from(["working_day_before", "working_day_after"]),
)
def test_a_limit_is_what_counting_one_day_at_a_time_gives(
    nation: str,
    start: datetime,
    what: tuple[int, str],
    extra: frozenset[int],
    day_one: str,
    after_hours: str,
    hours: str,
    lands: str,
) -> None:
    shut = frozenset(start.date() + timedelta(days=n) for n in extra)
    count, unit = what
    counting = Counting(day_one, after_hours, hours, lands)
    own = Calendar(
        CalendarRule(also_closed=dict.fromkeys(shut, "shut")),
        dict.fromkeys(closed_by_oracle(nation), "bank holiday"),
        date(2025, 1, 1),
        date(2047, 12, 31),
    )
    expected = oracle.limit(
        set(shut | closed_by_oracle(nation)), start, count, unit, day_one, after_hours, hours, lands, time(17)
    )
    if 0 <= start.hour < 3:  # a wall-clock time that a clock change skips or doubles is not what this asks about
        start = start.replace(hour=3)
        expected = expected if unit != "hours" or hours == "working_days" else expected.replace(hour=3)
    limit, steps = after(own, counting, start.replace(tzinfo=LONDON), length(f"{count} {unit}"))
    if unit == "hours" and hours == "clock":  # 24 real hours end an hour earlier or later where the clocks go over
        expected += limit.utcoffset() - start.replace(tzinfo=LONDON).utcoffset()
    assert limit.replace(tzinfo=None) == expected
    assert steps[-1].day == expected.date()


@given(start=st.dates(date(2026, 1, 1), date(2046, 1, 1)), n=st.integers(0, 60), nation=NATION)
def test_counting_back_gives_the_number_counted_forward(start: date, n: int, nation: str) -> None:
    own = calendar(nation)
    assert own.working_days_between(start, own.nth_after(start, n)) == n


def test_two_days_over_christmas_skip_the_holidays_and_say_why() -> None:
    limit, steps = after(
        calendar(), Counting(), at(2026, 12, 23, 17), length("2 working days"), "the day it was raised"
    )
    assert limit == datetime(2026, 12, 29, 17, tzinfo=UTC)
    assert steps == (
        DayCounted(date(2026, 12, 23), None, "the day it was raised"),
        DayCounted(date(2026, 12, 24), 1, "Day 1"),
        DayCounted(date(2026, 12, 25), None, "Christmas Day"),
        DayCounted(date(2026, 12, 26), None, "Boxing Day"),
        DayCounted(date(2026, 12, 27), None, "Sunday"),
        DayCounted(date(2026, 12, 28), None, "Boxing Day (substitute day)"),
        DayCounted(date(2026, 12, 29), 2, "Day 2"),
    )


def test_five_in_the_afternoon_stays_five_when_the_clocks_go_back() -> None:
    limit, _ = after(calendar(), Counting(), at(2026, 10, 23, 17, 40), length("1 working day"))
    assert limit.isoformat() == "2026-10-26T17:00:00+00:00"


def test_five_in_the_afternoon_stays_five_when_the_clocks_go_forward() -> None:
    limit, _ = after(calendar(), Counting(), at(2027, 3, 25, 10), length("1 working day"))
    assert limit.isoformat() == "2027-03-30T17:00:00+01:00"


def test_an_evening_email_counts_from_its_own_date_unless_the_partnership_says_otherwise() -> None:
    friday_evening = at(2026, 10, 23, 17, 40)
    own_date, _ = after(calendar(), Counting(), friday_evening, length("1 working day"))
    next_day, steps = after(
        calendar(), Counting(after_hours="next_working_day"), friday_evening, length("1 working day")
    )
    assert (own_date.date(), next_day.date()) == (date(2026, 10, 26), date(2026, 10, 27))
    assert steps[0] == DayCounted(date(2026, 10, 23), None, "after hours: counts as the next working day")


def test_the_close_of_the_day_itself_is_not_after_hours() -> None:
    limit, _ = after(calendar(), Counting(after_hours="next_working_day"), at(2026, 9, 8, 17), length("2 working days"))
    assert limit == at(2026, 9, 10, 17)


def test_where_the_first_day_counts_a_stage_entered_at_the_close_still_gets_its_days() -> None:
    counting = Counting(day_one="same_day")
    first, _ = after(calendar(), counting, at(2026, 9, 7, 10), length("1 working day"))
    second, _ = after(calendar(), counting, first, length("2 working days"))
    assert (first, second) == (at(2026, 9, 7, 17), at(2026, 9, 9, 17))


@pytest.mark.parametrize(
    ("hours", "written", "ends"),
    [
        ("clock", "24 hours", at(2026, 9, 12, 15)),
        ("clock", "48 hours", at(2026, 9, 13, 15)),
        ("clock", "72 hours", at(2026, 9, 14, 15)),
        ("clock", "4 hours", at(2026, 9, 11, 19)),
        ("same_time", "24 hours", at(2026, 9, 14, 15)),
        ("same_time", "48 hours", at(2026, 9, 15, 15)),
        ("same_time", "4 hours", at(2026, 9, 11, 19)),
        ("working_days", "24 hours", at(2026, 9, 14, 17)),
        ("working_days", "48 hours", at(2026, 9, 15, 17)),
        ("working_days", "24 hours by the clock", at(2026, 9, 12, 15)),
        ("same_time", "48 hours by the clock", at(2026, 9, 13, 15)),
    ],
)
def test_hours_from_a_friday_afternoon_are_what_the_file_says_they_are(
    hours: str, written: str, ends: datetime
) -> None:
    limit, _ = after(calendar(), Counting(hours=hours), at(2026, 9, 11, 15), length(written))
    assert limit == ends


def test_hours_by_the_clock_run_on_where_the_clocks_go_back() -> None:
    limit, steps = after(calendar(), Counting(hours="clock"), at(2026, 10, 24, 16), length("24 hours"))
    assert limit == at(2026, 10, 25, 15)
    assert [step.why for step in steps] == ["24 hours after Sat 24 Oct 16:00, nights and closed days counted"]


def test_hours_by_the_clock_over_christmas_wait_for_nobody() -> None:
    limit, _ = after(calendar(), Counting(), at(2026, 12, 24, 18), length("24 hours by the clock"))
    assert limit == at(2026, 12, 25, 18)


@pytest.mark.parametrize(
    ("lands", "ends"),
    [("working_day_before", at(2026, 9, 25, 17)), ("working_day_after", at(2026, 9, 28, 17))],
)
def test_calendar_days_count_weekends_and_end_on_the_working_day_chosen(lands: str, ends: datetime) -> None:
    counting = Counting(month_lands_on_closed_day=lands)
    limit, steps = after(calendar(), counting, at(2026, 8, 29, 15), length("28 calendar days"))
    assert limit == ends
    assert steps[0].why == "28 calendar days after Sat 29 Aug 2026"


def test_a_month_from_the_thirty_first_of_january_ends_on_the_last_day_of_february() -> None:
    limit, _ = after(calendar(), Counting(), at(2028, 1, 31, 9), length("1 month"))
    assert limit == at(2028, 2, 29, 17)


def test_a_month_that_ends_on_a_saturday_ends_on_the_friday_or_the_monday_as_chosen() -> None:
    before, _ = after(calendar(), Counting(), at(2026, 12, 16, 9), length("1 month"))
    later = Counting(month_lands_on_closed_day="working_day_after")
    behind, _ = after(calendar(), later, at(2026, 12, 16, 9), length("1 month"))
    assert (before.date(), behind.date()) == (date(2027, 1, 15), date(2027, 1, 18))


def test_the_same_working_day_ends_at_its_close_or_at_the_next_when_it_is_over() -> None:
    in_time, _ = after(calendar(), Counting(), at(2026, 9, 7, 10), length("same working day"))
    too_late, _ = after(calendar(), Counting(), at(2026, 9, 11, 18), length("same working day"))
    assert (in_time, too_late) == (at(2026, 9, 7, 17), at(2026, 9, 14, 17))


def test_a_local_closure_is_not_counted_and_keeps_its_name() -> None:
    rule = CalendarRule(also_closed={date(2026, 9, 8): "Staff training"})
    own = calendar_for(rule, date(2026, 9, 1))
    assert (own.why_closed(date(2026, 9, 8)), own.nth_after(date(2026, 9, 7), 1)) == (
        "Staff training",
        date(2026, 9, 9),
    )


def test_dates_beyond_the_known_years_are_refused_and_never_guessed() -> None:
    own = calendar_for(CalendarRule(), date(2026, 9, 1))
    assert (own.first, own.last) == (date(2024, 1, 1), date(2034, 12, 31))
    with pytest.raises(OutOfRange):
        own.is_working(date(2035, 1, 2))
    with pytest.raises(OutOfRange):
        own.nth_after(date(2034, 12, 29), 1)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        calendar().local(datetime(2026, 9, 7, 10))


def test_the_working_day_before_and_after_a_bank_holiday_weekend() -> None:
    own = calendar()
    assert own.previous_working(date(2026, 9, 1)) == date(2026, 8, 28)
    assert own.next_working(date(2026, 8, 28)) == date(2026, 9, 1)
    assert own.previous_working(date(2026, 8, 30)) == date(2026, 8, 28)


@pytest.mark.parametrize(
    ("text", "count"), [("2 working days", 2), ("one working day", 1), ("24 hours", 24), ("1 month", 1), ("a month", 1)]
)
def test_a_length_is_read_as_people_write_it(text: str, count: int) -> None:
    assert length(text).count == count


@pytest.mark.parametrize("text", ["", "soon", "5 days", "2 weeks", "0 working days", "-1 working days", "9999 months"])
def test_what_is_no_length_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"length|bounds"):
        length(text)


def test_bank_holidays_carry_the_names_they_are_published_under() -> None:
    own = calendar()
    days = (date(2027, 5, 3), date(2027, 5, 31), date(2027, 8, 30), date(2027, 12, 27))
    assert [own.why_closed(day) for day in days] == [
        "Early May bank holiday",
        "Spring bank holiday",
        "Summer bank holiday",
        "Christmas Day (substitute day)",
    ]


def test_days_are_counted_forwards() -> None:
    with pytest.raises(ValueError, match="working days are counted forwards"):
        calendar().nth_after(date(2026, 9, 7), -1)


def test_of_more_workings_than_are_kept_each_is_still_right() -> None:
    days = calendar(closed=frozenset({date(2026, 9, 9)}))
    begins = at(2026, 9, 7, 9)
    for minute in range(2_100):
        limit, _ = after(
            days,
            Counting("next_day", "next_day"),
            begins + timedelta(minutes=minute % 60),
            length("2 working days"),
            f"{minute}",
        )
        assert limit.date() == date(2026, 9, 10)
