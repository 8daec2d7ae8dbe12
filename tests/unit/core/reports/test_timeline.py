"""Disputes rehearsed to their last limit: each story with the limits it must show, as anybody can count them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from mailbot.core.procedure.closed_lists import Happening
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.procedure.working_days import Counting
from mailbot.core.reports.timeline import TimelineRow, timeline
from mailbot.shell.config.closures_and_bank_holidays import calendar_for
from mailbot.shell.protocol_files.protocol_reader import load_protocol, shipped_protocols

LONDON = ZoneInfo("Europe/London")


@cache
def protocol(name: str) -> Protocol:
    return load_protocol(shipped_protocols()[name])


def rehearse(name: str, start: str, events: Iterable[str] = (), counting: Counting | None = None) -> list[TimelineRow]:
    own = replace(protocol(name), counting=counting) if counting else protocol(name)
    begins = datetime.fromisoformat(start)
    said = [(datetime.fromisoformat(event.split(" ", 1)[0]), event.split(" ", 1)[1]) for event in events]
    return timeline(own, calendar_for(own.calendar, begins.date()), begins, said)


def rehearse_with(own: Protocol, start: str, *events: str) -> list[TimelineRow]:
    begins = datetime.fromisoformat(start)
    said = [(datetime.fromisoformat(event.split(" ", 1)[0]), event.split(" ", 1)[1]) for event in events]
    return timeline(own, calendar_for(own.calendar, begins.date()), begins, said)


def told(rows: list[TimelineRow]) -> dict[str, str]:
    """ "s1@1" -> "08-09" or "08-09 > 07-09" (own limit > what holds); the hour where it is not the close."""
    return {f"{row.clock}@{row.stage}": _dates(row) for row in rows}


def _dates(row: TimelineRow) -> str:
    due, effective = _short(row.due), _short(row.effective)
    return due if due == effective else f"{due} > {effective}"


def _short(instant: datetime) -> str:
    local = instant.astimezone(LONDON)
    return f"{local:%d-%m}" + ("" if f"{local:%H:%M}" == "17:00" else f" {local:%H:%M}")


# name, story, start, events, the limits that must come out
STORIES: list[tuple[str, str, str, list[str], dict[str, str]]] = [
    (
        "north-somerset",
        "an ordinary week",
        "2026-09-14T09:15:00+01:00",
        [],
        {
            "s1@1": "15-09",
            "s2@2": "17-09",
            "s3@3": "21-09",
            "s4@4": "24-09",
            "cap day-5@": "21-09",
            "cap day-5 refer@4": "21-09",
            "cap day-8@": "24-09",
        },
    ),
    (
        "north-somerset",
        "over Easter and the spring clock change",
        "2027-03-24T16:30:00+00:00",
        [],
        {
            "s1@1": "25-03",
            "s2@2": "31-03",
            "s3@3": "02-04",
            "cap day-5@": "02-04",
            "s4@4": "07-04",
            "cap day-8@": "07-04",
        },
    ),
    (
        "north-somerset",
        "the referral comes on Day 6, and Day 8 still stands",
        "2026-09-14T09:15:00+01:00",
        ["2026-09-22T11:00:00+01:00 referred to stage 4"],
        {"s3@3": "21-09", "s4@4": "25-09 > 24-09"},
    ),
    (
        "north-somerset",
        "the referral comes after Day 8, which can set no date",
        "2026-09-14T09:15:00+01:00",
        ["2026-09-25T11:00:00+01:00 referred to stage 4"],
        {"s4@4": "30-09"},
    ),
    (
        "north-somerset",
        "stage 2 starts so late that Day 5 ends it and points to stage 4",
        "2026-09-14T09:15:00+01:00",
        ["2026-09-18T12:00:00+01:00 stage 2 entered"],
        {"s2@2": "22-09 > 21-09", "s3@3": "23-09", "s4@4": "24-09"},
    ),
    (
        "north-somerset",
        "a date is set for the child",
        "2026-09-14T09:15:00+01:00",
        ["2026-09-15T17:30:00+01:00 protective date 2026-09-16"],
        {"s2@2": "17-09 > 16-09", "s3@3": "18-09"},
    ),
    (
        "plymouth",
        "opened between practitioners",
        "2026-11-02T10:00:00+00:00",
        [],
        {
            "each@2": "09-11",
            "each@3": "16-11",
            "each@4": "23-11",
            "update@4": "23-11",
            "each@5": "30-11",
            "update@5": "30-11",
            "notice s4-bu@4": "16-11",
            "notice stuck@5": "30-11",
        },
    ),
    (
        "plymouth",
        "opened in supervision",
        "2026-11-02T10:00:00+00:00",
        ["2026-11-02T10:00:00+00:00 opened at stage 1"],
        {"each@1": "09-11", "each@2": "16-11"},
    ),
    (
        "north-somerset",
        "opened at stage 2, two days after stage 1 began",
        "2026-09-14T09:15:00+01:00",
        ["2026-09-16T11:00:00+01:00 opened at stage 2"],
        {"s2@2": "18-09", "s3@3": "22-09 > 21-09", "cap day-5@": "21-09"},
    ),
    (
        "plymouth",
        "moved up early",
        "2026-11-02T10:00:00+00:00",
        ["2026-11-03T12:00:00+00:00 stage 3 entered", "2026-11-05T12:00:00+00:00 stage 4 entered"],
        {"each@2": "09-11", "each@3": "10-11", "each@4": "12-11", "notice s4-bu@4": "05-11 12:00"},
    ),
    (
        "plymouth",
        "a later date agreed is only recorded",
        "2026-11-02T10:00:00+00:00",
        ["2026-11-03T12:00:00+00:00 both sides agree 2026-11-13"],
        {"each@2": "09-11"},
    ),
    (
        "gloucestershire",
        "all to the limit",
        "2026-09-14T10:00:00+01:00",
        [],
        {
            "s1-3@1": "21-09",
            "guide@1": "21-09",
            "s1-3@2": "28-09",
            "s1-3@3": "05-10",
            "s4@4": "19-10",
            "notice s3-form@3": "28-09",
        },
    ),
    (
        "gloucestershire",
        "one proposes and the other agrees",
        "2026-09-14T10:00:00+01:00",
        [
            "2026-09-16T10:00:00+01:00 receiving side proposes 2026-09-25",
            "2026-09-17T10:00:00+01:00 raising side agrees 2026-09-25",
        ],
        {"s1-3@1": "21-09 > 25-09", "s1-3@2": "02-10"},
    ),
    (
        "gloucestershire",
        "one side alone agrees to nothing",
        "2026-09-14T10:00:00+01:00",
        ["2026-09-17T10:00:00+01:00 raising side agrees 2026-09-25"],
        {"s1-3@1": "21-09"},
    ),
    (
        "gloucestershire",
        "the child's status becomes known at stage 3",
        "2026-09-14T10:00:00+01:00",
        ["2026-09-29T11:00:00+01:00 child status is looked after"],
        {"notice iro@3": "29-09 11:00"},
    ),
    (
        "gloucestershire",
        "the child is known to be on a plan from the start",
        "2026-09-14T10:00:00+01:00",
        ["2026-09-14T10:00:00+01:00 child status is child protection plan"],
        {"notice iro@2": "21-09"},
    ),
    (
        "sunderland",
        "the month ends before step 4 does",
        "2026-12-17T09:00:00+00:00",
        [],
        {
            "each@1": "24-12",
            "each@2": "05-01",
            "each@3": "12-01",
            "each@4": "19-01 > 15-01",
            "cap month@": "15-01",
            "cap month refer@4": "15-01",
        },
    ),
    (
        "sunderland",
        "dates agreed for the step and for the reply",
        "2026-09-14T10:00:00+01:00",
        [
            "2026-09-14T10:00:00+01:00 both sides agree 2026-09-17",
            "2026-09-17T12:00:00+01:00 step 2 entered",
            "2026-09-17T12:30:00+01:00 both sides agree 2026-09-21 for the reply",
            "2026-09-17T12:31:00+01:00 both sides agree 2026-09-22",
        ],
        {"each@1": "21-09 > 17-09", "reply@2": "24-09 > 21-09", "each@2": "24-09 > 22-09", "each@3": "29-09"},
    ),
    (
        "wolverhampton",
        "everything at its limit",
        "2026-09-14T09:00:00+01:00",
        [],
        {
            "raise@1": "16-09",
            "respond@1": "21-09",
            "confirm@1": "23-09",
            "s2@2": "23-09",
            "confirm@2": "25-09",
            "s3-refer@3": "24-09",
            "s3@3": "28-09",
            "s4-rep@4": "30-09",
            "s4@4": "02-10",
            "route exceptional.director@": "06-10",
            "route exceptional.chair@": "13-10",
            "cap ten-days@": "28-09",
            "cap fourteen-days@": "02-10",
        },
    ),
    (
        "wolverhampton",
        "raised the same day",
        "2026-09-14T09:00:00+01:00",
        ["2026-09-14T15:00:00+01:00 raised"],
        {
            "raise@1": "16-09",
            "respond@1": "17-09",
            "s2@2": "21-09",
            "s3-refer@3": "22-09",
            "s3@3": "24-09",
            "s4-rep@4": "28-09",
            "s4@4": "30-09",
            "cap ten-days@": "28-09",
        },
    ),
    (
        "wolverhampton",
        "raised late, counted again from the raising",
        "2026-09-14T09:00:00+01:00",
        ["2026-09-21T10:00:00+01:00 raised"],
        {
            "raise@1": "16-09",
            "respond@1": "24-09",
            "s2@2": "28-09",
            "cap ten-days@": "05-10",
            "cap fourteen-days@": "09-10",
        },
    ),
    (
        "wolverhampton",
        "referred in writing at once",
        "2026-09-14T09:00:00+01:00",
        ["2026-09-14T11:00:00+01:00 raised", "2026-09-22T09:00:00+01:00 referred in writing"],
        {"s3-refer@3": "22-09", "s3@3": "24-09"},
    ),
    (
        "wolverhampton",
        "resolved at stage 1, to be confirmed in writing",
        "2026-09-14T09:00:00+01:00",
        ["2026-09-14T11:00:00+01:00 raised", "2026-09-15T12:00:00+01:00 resolved"],
        {"respond@1": "17-09", "confirm@1": "17-09"},
    ),
]


@pytest.mark.parametrize(("name", "story", "start", "events", "expected"), STORIES, ids=lambda one: str(one)[:60])
def test_a_dispute_shows_the_limits_of_its_story(
    name: str, story: str, start: str, events: list[str], expected: dict[str, str]
) -> None:
    found = told(rehearse(name, start, events))
    assert {key: found.get(key, "no such row") for key in expected} == expected


def test_every_limit_of_a_working_day_story_is_at_the_close_in_local_time() -> None:
    rows = rehearse("north-somerset", "2026-10-23T17:40:00+01:00")
    assert {row.effective.isoformat() for row in rows if row.clock == "s1"} == {"2026-10-26T17:00:00+00:00"}


def test_a_row_carries_its_working_and_ends_on_its_limit() -> None:
    row = next(row for row in rehearse("north-somerset", "2026-12-22T14:00:00+00:00") if row.clock == "s2")
    assert [step.why for step in row.working] == [
        "the day it was entered",
        "Day 1",
        "Christmas Day",
        "Boxing Day",
        "Sunday",
        "Boxing Day (substitute day)",
        "Day 2",
    ]


def test_a_limit_that_was_never_reached_says_what_happened_first() -> None:
    rows = rehearse("plymouth", "2026-11-02T10:00:00+00:00", ["2026-11-03T12:00:00+00:00 stage 3 entered"])
    assert rows[0].because == (
        "not used: Stage 3 was entered Tue 3 Nov 12:00; its own limit: "
        "5 working days after it was raised (Mon 2 Nov 10:00)"
    )


def test_nothing_moves_on_after_a_resolution_until_somebody_objects() -> None:
    start, resolved = "2026-09-14T09:15:00+01:00", "2026-09-15T09:00:00+01:00 resolved"
    assert [row.stage for row in rehearse("north-somerset", start, [resolved]) if row.clock.startswith("s")] == ["1"]
    objected = [resolved, "2026-09-15T10:00:00+01:00 raising side objects"]
    assert told(rehearse("north-somerset", start, objected))["s2@2"] == "17-09"


@pytest.mark.parametrize(("hours", "ends"), [("same_time", "14-09 16:00"), ("clock", "12-09 16:00")])
def test_twenty_four_hours_keep_their_hour_through_the_rehearsal(hours: str, ends: str) -> None:
    start, entered = "2026-09-11T16:00:00+01:00", ["2026-09-11T16:00:00+01:00 stage 3 entered"]
    assert told(rehearse("wolverhampton", start, entered, Counting(hours=hours)))["s3-refer@3"] == ends


def test_where_the_first_day_counts_stages_add_up_to_day_five_and_day_eight() -> None:
    found = told(rehearse("north-somerset", "2026-09-14T09:15:00+01:00", (), Counting(day_one="same_day")))
    assert (found["s3@3"], found["cap day-5@"]) == ("18-09", "18-09")
    assert (found["s4@4"], found["cap day-8@"]) == ("23-09", "23-09")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("stge 2 enterd", 'did you mean "stage 2 entered"'),
        ("both sides agre 2026-09-16", 'did you mean "both sides agree 2026-09-16"'),
        ("stage 9 entered", "there is no stage 9; the stages are 1, 2, 3, 4"),
        ("protective date 2026-13-40", "2026-13-40 is not a date"),
        ("clock s9 done", 'there is no clock "s9"'),
    ],
)
def test_words_that_are_not_understood_are_refused_with_the_nearest_that_are(words: str, hint: str) -> None:
    with pytest.raises(ValueError, match=r"not|no ") as raised:
        rehearse("north-somerset", "2026-09-14T09:15:00+01:00", [f"2026-09-15T10:00:00+01:00 {words}"])
    assert hint in str(raised.value)


def test_a_start_without_an_offset_is_refused() -> None:
    own = protocol("north-somerset")
    with pytest.raises(ValueError, match="without a zone"):
        timeline(own, calendar_for(own.calendar, datetime(2026, 9, 1, tzinfo=UTC).date()), datetime(2026, 9, 14), ())


def test_an_act_that_is_told_ends_its_own_clock_and_one_that_is_told_again_changes_nothing() -> None:
    start = "2026-09-07T10:00:00+01:00"
    plain = told(rehearse("north-somerset", start))
    assert told(rehearse("north-somerset", start, ["2026-09-07T10:30:00+01:00 stage 1 entered"])) == plain
    stage_3 = "2026-09-11T16:00:00+01:00 stage 3 entered"
    by_name = rehearse("wolverhampton", start, [stage_3, "2026-09-14T10:00:00+01:00 clock s3-refer done"])
    in_words = rehearse("wolverhampton", start, [stage_3, "2026-09-14T10:00:00+01:00 referred in writing"])
    assert told(by_name) == told(in_words)
    settled = ["2026-09-08T10:00:00+01:00 resolved", "2026-09-09T10:00:00+01:00 confirmed in writing"]
    assert told(rehearse("wolverhampton", start, settled))["confirm@1"] == "10-09"


def test_what_is_brought_to_the_chair_has_the_chairs_time_and_a_route_clock_from_the_decision_is_no_row() -> None:
    start = "2026-09-07T10:00:00+01:00"
    said = ["2026-09-11T16:00:00+01:00 stage 3 entered", "2026-09-14T10:00:00+01:00 stage 4 entered"]
    rows = told(rehearse("wolverhampton", start, [*said, "2026-09-15T10:00:00+01:00 brought to the Chair"]))
    assert rows["route exceptional.chair@"] == "22-09"
    own = protocol("wolverhampton")
    route = own.routes["exceptional"]
    decided = replace(route, clocks=(replace(route.clocks[0], start=Happening.DECISION_MADE), *route.clocks[1:]))
    own = replace(own, routes={**own.routes, "exceptional": decided})
    assert "route exceptional.director@" not in told(rehearse_with(own, start, *said))
    assert told(rehearse("wolverhampton", start, said))["route exceptional.chair@"] == "29-09"
