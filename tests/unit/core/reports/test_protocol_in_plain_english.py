"""What a procedure's file may say besides what the five shipped ones do, told back in plain English."""

from dataclasses import replace
from datetime import date

from mailbot.core.procedure.closed_lists import Agreed, AtLimit, Happening, length
from mailbot.core.procedure.protocol import Protocol, StandIn
from mailbot.core.reports.protocol_in_plain_english import protocol_in_plain_english
from tests.people import SCHOOL
from tests.unit.core.reports.test_timeline import protocol

NS = protocol("north-somerset")


def told(file: Protocol) -> str:
    return " ".join(protocol_in_plain_english(file).split())


def with_clock(name: str, file: Protocol = NS, **changes: object) -> Protocol:
    clock = replace(file.clocks[name], **changes)  # type: ignore[arg-type]
    return replace(file, clocks={**file.clocks, name: clock})


def with_stage(name: str, file: Protocol = NS, **changes: object) -> Protocol:
    stage = replace(file.stages[name], **changes)  # type: ignore[arg-type]
    return replace(file, stages={**file.stages, name: stage})


def with_role(name: str, **changes: object) -> Protocol:
    return replace(NS, roles={**NS.roles, name: replace(NS.roles[name], **changes)})  # type: ignore[arg-type]


def test_days_that_are_closed_besides_and_hours_by_the_clock() -> None:
    closed = replace(NS, calendar=replace(NS.calendar, also_closed={date(2026, 12, 24): "Christmas Eve"}))
    assert "Also closed: 2026-12-24 (Christmas Eve)." in told(closed)
    assert '"By the clock" is through nights, weekends and bank holidays.' in told(
        with_clock("s1", within=length("24 hours by the clock"))
    )


def test_a_clock_as_long_as_its_urgency_says() -> None:
    by_urgency = {"urgent": length("1 working day"), "other": length("5 working days")}
    said = told(with_clock("s2", within_by_urgency=by_urgency))
    assert "as long as its urgency says" in said
    assert (
        "if urgent: 1 working day if other: 5 working days until somebody has said one of these: the shortest" in said
    )


def test_before_a_stage_of_the_partnership_a_limit_asks_instead_of_moving() -> None:
    said = told(with_clock("s3", at_limit=AtLimit.MOVE_UP))
    assert "; from Stage 3 the side that raised it is asked instead" in said


def test_a_stage_that_may_be_passed_over_one_without_a_published_limit_and_one_that_nothing_limits() -> None:
    assert "By their judgement it may be passed over by:" in told(with_stage("2", skipped_by=("raising_manager",)))
    assert "No limit is published for it." in told(with_stage("2", no_limit_published=True))
    unlimited = replace(NS, clocks={name: one for name, one in NS.clocks.items() if name != "s2"}, caps={})
    assert "othing limits" in told(unlimited), protocol_in_plain_english(unlimited)[:3000]


def test_whom_a_role_would_rather_have_where_it_is_always_of_and_who_stands_in() -> None:
    assert "Rather than them: named nurse, where the agency has one." in told(
        with_role("raising_manager", rather="named nurse")
    )
    assert f"Always of: {SCHOOL}" in told(with_role("raising_manager", agency=SCHOOL))
    stands = StandIn(sector="school", address="schools@nsscp.example", title="Schools' lead")
    assert "For the sector school: Schools' lead schools@nsscp.example" in told(
        with_role("raising_manager", stand_in=(stands,))
    )


def test_a_file_that_leaves_out_who_is_told_first_the_principles_and_the_daily_line() -> None:
    quiet = replace(NS, risk=replace(NS.risk, who=""), principles=(), digest=replace(NS.digest, heartbeat=False))
    said = told(quiet)
    assert "Tell first:" not in said
    assert "Of everybody" not in said
    assert "On other working days" not in said
    standing = replace(NS, digest=replace(NS.digest, stand_in=("scrutineer",)))
    assert "Told of danger beside it, and standing in for it:" in told(standing)


def test_a_clock_that_follows_a_resolution_is_set_no_earlier() -> None:
    wolverhampton = protocol("wolverhampton")
    after = next(one for one in wolverhampton.clocks.values() if one.start is Happening.RESOLVED)
    counted = with_clock(after.id, wolverhampton, counts=True, agreed=Agreed.NO)
    assert told(counted).count("either side may set an earlier date") <= told(wolverhampton).count(
        "either side may set an earlier date"
    )


def test_the_picture_goes_on_after_a_stage_that_nothing_limits_and_draws_another_beginning_apart() -> None:
    unlimited = replace(NS, clocks={name: one for name, one in NS.clocks.items() if name != "s1"}, caps={})
    assert "; what follows is drawn as if it went on there at once." in told(unlimited)
    nothing = replace(NS, clocks={}, caps={})
    assert "If everything runs to its limit" in told(nothing)
    apart = with_stage("2", next="")
    apart = with_stage("3", apart, start_here=True)
    assert "If it begins at Stage 3:" in told(apart)


def test_a_stage_that_nobody_needs_to_be_named_for_is_passed_over() -> None:
    assert "Passed over where nobody is named for it." in told(with_stage("2", optional=True))


def test_whose_own_concern_begins_at_a_later_stage_is_said_beside_that_stage() -> None:
    stages = {**NS.stages, "2": replace(NS.stages["2"], begun_by=("raising_manager",))}
    said = protocol_in_plain_english(replace(NS, stages=stages))
    title = NS.roles["raising_manager"].title
    assert f"What one of these raises of their own begins here: {title}" in " ".join(said.split())
