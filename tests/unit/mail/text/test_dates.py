"""Dates as people write them, read on Monday 7 September 2026 unless a test says otherwise."""

from datetime import date

import pytest

from mailbot.mail.text.dates import find_dates, first_date

MONDAY = date(2026, 9, 7)

READINGS = [
    ("the 24th", "2026-09-24"),
    ("by the 3rd", "2026-10-03"),
    ("10/09", "2026-09-10"),
    ("08/09/2026", "2026-09-08"),
    ("8.9.26", "2026-09-08"),
    ("2026-09-11", "2026-09-11"),
    ("Thurs", "2026-09-10"),
    ("COP Friday", "2026-09-11"),
    ("tomorrow", "2026-09-08"),
    ("yesterday", "2026-09-06"),
    ("Thurs 17th at 2", "2026-09-17"),
    ("Thursday 24th", "2026-09-24"),
    ("Friday 18 September 2026", "2026-09-18"),
    ("12 October", "2026-10-12"),
    ("Sept 11", "2026-09-11"),
    ("4 Sept", "2026-09-04"),
    ("12 January", "2027-01-12"),
    ("by wed", "2026-09-09"),
    ("a week on Tuesday", "2026-09-15"),
    ("Monday next week", "2026-09-14"),
    ("end of the week", "2026-09-11"),
    ("until the 21st", "2026-09-21"),
    ("by 14.9", "2026-09-14"),
    ("tmrw", "2026-09-08"),
    ("in 5 working days", "2026-09-14"),
    ("in two weeks", "2026-09-21"),
    ("a fortnight today", "2026-09-21"),
    ("Friday week", "2026-09-18"),
    ("the end of September", "2026-09-30"),
]


@pytest.mark.parametrize(("words", "on"), READINGS)
def test_a_date_is_read_day_first_and_from_the_day_the_email_came(words: str, on: str) -> None:
    found = first_date(words, MONDAY)
    assert found is not None
    assert found.on == date.fromisoformat(on)


@pytest.mark.parametrize(
    "words", ["w/c 14th", "after half term", "next week", "a couple more days", "end of the month", "31 September"]
)
def test_words_that_name_no_one_day_are_found_so_that_somebody_is_asked(words: str) -> None:
    found = first_date(words, MONDAY)
    assert found is not None
    assert found.on is None


@pytest.mark.parametrize(
    "words",
    ["the 3rd referral", "I sat with him", "not in on Fridays", "24/7 care", "31/02", "asap", "by 3.15", "on 9.30"],
)
def test_what_is_not_a_date_is_not_read_as_one(words: str) -> None:
    assert find_dates(words, MONDAY) == ()


def test_next_thursday_on_a_monday_is_shown_back_with_both_readings() -> None:
    found = first_date("next Thursday", MONDAY)
    assert found is not None
    assert (found.on, found.doubt) == (date(2026, 9, 10), "10 September or 17 September?")


def test_next_thursday_on_a_friday_has_one_reading() -> None:
    found = first_date("next Thursday", date(2026, 9, 11))
    assert found is not None
    assert (found.on, found.doubt) == (date(2026, 9, 17), "")


def test_a_weekday_that_does_not_fit_its_date_is_shown_back() -> None:
    found = first_date("Thursday 25th September", MONDAY)
    assert found is not None
    assert found.doubt == "25 September is a Friday"


def test_a_date_before_the_email_is_marked_as_past() -> None:
    found = first_date("sees him on the 4 Sept", MONDAY)
    assert found is not None
    assert found.past


def test_the_date_of_a_decision_is_the_last_such_day() -> None:
    found = first_date("Thursday", MONDAY, ahead=False)
    assert found is not None
    assert found.on == date(2026, 9, 3)


def test_every_date_is_found_in_order() -> None:
    found = find_dates("visits on the 11th and a meeting here on Thurs 17th at 2", MONDAY)
    assert [f.on for f in found] == [date(2026, 9, 11), date(2026, 9, 17)]


def test_a_count_of_working_days_and_an_end_of_month_are_shown_back() -> None:
    for words, doubt in (("in 5 working days", "14 September?"), ("end of September", "30 September?")):
        found = first_date(words, MONDAY)
        assert found is not None
        assert found.doubt == doubt


@pytest.mark.parametrize(
    ("words", "on"),
    [
        ("3 March 1890", "1890-03-03"),
        ("the 3rd of March, 1890", "1890-03-03"),
        ("12 June 1998", "1998-06-12"),
        ("12/06/98", "1998-06-12"),
        ("1998-06-12", "1998-06-12"),
        ("3 March '26", "2026-03-03"),
        ("It was on 3 March 26.", "2026-03-03"),
        ("14 September 1430hrs", "2026-09-14"),
        ("14 September 1430", "2026-09-14"),
        ("14 September 26 pupils", "2026-09-14"),
    ],
)
def test_a_year_of_any_century_is_the_dates_and_an_hour_is_not(words: str, on: str) -> None:
    found = first_date(words, MONDAY)
    assert found is not None
    assert found.on == date.fromisoformat(on)


@pytest.mark.parametrize("words", ["3 March 1930", "14 September 2130"])
def test_what_may_be_a_year_or_an_hour_is_asked_about(words: str) -> None:
    found = first_date(words, MONDAY)
    assert found is not None
    assert found.on is None
