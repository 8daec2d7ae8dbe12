"""Which limit holds: the clock, the agreed date, the date that protects the child, and the caps over all of it."""

from dataclasses import replace
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from mailbot.core.clocks.limits import Limit, _capped, cap_limits, limits, route_limits, stage_limit
from mailbot.core.procedure.closed_lists import Agreed, Happening, Side
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.events_of_mail import MessageFiled
from mailbot.core.record.intents import Person
from mailbot.shell.config.closures_and_bank_holidays import calendar_for
from mailbot.shell.protocol_files.protocol_reader import load_protocol, shipped_protocols

LONDON = ZoneInfo("Europe/London")
SOMEBODY = Person("evadne.trustworth@tideline-trust.example", "Evadne Trustworth")


def at(day: int, hour: int = 17, minute: int = 0, month: int = 9) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON)


@cache
def protocol(name: str) -> Protocol:
    return load_protocol(shipped_protocols()[name])


@cache
def calendar() -> Calendar:
    return calendar_for(protocol("north-somerset").calendar, date(2026, 9, 1))


def dispute(
    name: str, *events: e.Event, stage: str = "1", raised: datetime | None = None, decision: date | None = None
) -> Dispute:
    raised = raised or at(7, 10)
    opened = e.DisputeOpened(
        at=raised,
        reference="XX-26-0001",
        partnership=name,
        protocol=name,
        version="2026-09-01",
        raised=raised,
        raiser=SOMEBODY,
        raising="Harbourside Primary School",
        decision_on=decision,
    )
    return fold([opened, e.StageEntered(at=raised, stage=stage, how="opening"), *events])


def enters(stage: str, when: datetime, how: str = "asked") -> e.StageEntered:
    return e.StageEntered(at=when, stage=stage, how=how)


def agrees(on: date, when: datetime, clock: str, stage: str) -> e.DateAgreed:
    return e.DateAgreed(at=when, stage=stage, clock=clock, on=on)


def protects(on: date, when: datetime) -> e.ProtectiveDateSet:
    return e.ProtectiveDateSet(at=when, on=on, side=Side.RAISING, by=SOMEBODY, reason="the child goes home that day")


def decides(one: Dispute, name: str) -> Limit:
    limit = stage_limit(one, protocol(name), calendar())
    assert limit is not None
    return limit


def named(one: Dispute, name: str, clock: str) -> Limit:
    return next(limit for limit in limits(one, protocol(name), calendar()) if limit.clock == clock)


def test_a_stage_ends_by_its_own_clock_when_nothing_else_is_earlier() -> None:
    limit = decides(dispute("north-somerset"), "north-somerset")
    assert (limit.clock, limit.holds, limit.held_by) == ("s1", at(8), "clock")
    assert limit.because == "1 working day after it was raised (Mon 7 Sep 10:00)"


def test_a_first_stage_counts_from_the_email_and_not_from_when_the_mailbox_read_it() -> None:
    opened = e.DisputeOpened(
        at=at(9, 9),
        reference="NS-26-0001",
        partnership="ns",
        protocol="north-somerset",
        version="2026-09-01",
        raised=at(7, 10),
        raiser=SOMEBODY,
        raising="Harbourside Primary School",
    )
    late_read = fold([opened, enters("1", at(7, 10), "opening")])
    assert decides(late_read, "north-somerset").holds == at(8)


def test_opened_at_a_later_stage_that_stage_counts_from_its_email_and_the_caps_from_the_first() -> None:
    opened = e.DisputeOpened(
        at=at(9, 11),
        reference="NS-26-0001",
        partnership="ns",
        protocol="north-somerset",
        version="2026-09-01",
        raised=at(7, 10),
        raiser=SOMEBODY,
        raising="Harbourside Primary School",
    )
    one = fold([opened, enters("2", at(9, 11), "opening")])
    assert decides(one, "north-somerset").holds == at(11)
    assert [cap.holds for cap in cap_limits(one, protocol("north-somerset"), calendar())] == [at(14), at(17)]


def test_a_later_stage_counts_from_when_it_was_entered() -> None:
    assert decides(dispute("plymouth", enters("3", at(8, 16, 30)), stage="2"), "plymouth").holds == at(15)


def test_a_cap_that_comes_first_holds_and_is_named() -> None:
    limit = decides(dispute("north-somerset", enters("3", at(14, 11))), "north-somerset")
    assert (limit.own, limit.holds, limit.held_by) == (at(16), at(14), "day-5")


def test_a_cap_already_past_sets_no_date_and_is_told() -> None:
    limit = decides(dispute("north-somerset", enters("4", at(21, 10))), "north-somerset")
    assert (limit.holds, limit.held_by) == (at(24), "clock")
    assert '"Whole process" had ended Thu 17 Sep' in limit.because


def test_a_stage_entered_at_the_very_end_of_a_cap_is_not_born_overdue() -> None:
    limit = decides(dispute("north-somerset", enters("3", at(14, 17), "limit")), "north-somerset")
    assert (limit.holds, limit.held_by) == (at(16), "clock")


def test_the_caps_over_a_stage_are_limits_of_their_own() -> None:
    found = cap_limits(dispute("north-somerset"), protocol("north-somerset"), calendar())
    assert [(cap.clock, cap.holds) for cap in found] == [("day-5", at(14)), ("day-8", at(17))]


def test_a_cap_over_earlier_stages_no_longer_runs_at_a_later_one() -> None:
    found = cap_limits(dispute("north-somerset", enters("4", at(9, 10))), protocol("north-somerset"), calendar())
    assert [cap.clock for cap in found] == ["day-8"]


def test_both_sides_may_put_a_later_date_where_the_protocol_lets_them() -> None:
    one = dispute("gloucestershire", enters("2", at(14, 9, 30)), agrees(date(2026, 9, 24), at(15, 14), "s1-3", "2"))
    limit = decides(one, "gloucestershire")
    assert (limit.own, limit.holds, limit.held_by) == (at(21), at(24), "agreed date")


def test_a_later_date_is_refused_where_the_protocol_gives_no_such_power() -> None:
    limit = decides(dispute("north-somerset", agrees(date(2026, 9, 10), at(7, 11), "s1", "1")), "north-somerset")
    assert (limit.holds, limit.held_by) == (at(8), "clock")
    assert "which the protocol does not allow" in limit.because


def test_a_later_date_that_is_only_recorded_leaves_the_limit_and_is_told() -> None:
    limit = decides(dispute("plymouth", agrees(date(2026, 9, 18), at(8, 11), "each", "2"), stage="2"), "plymouth")
    assert (limit.holds, limit.held_by) == (at(14), "clock")
    assert "both sides agreed Fri 18 Sep, which is recorded and does not move the limit" in limit.because


def test_an_agreed_date_over_the_maximum_leaves_the_maximum() -> None:
    limit = decides(dispute("sunderland", agrees(date(2026, 9, 15), at(7, 11), "each", "1")), "sunderland")
    assert limit.holds == at(14)


@pytest.mark.parametrize("name", ["north-somerset", "plymouth", "gloucestershire", "sunderland"])
def test_an_earlier_agreed_date_holds_in_every_protocol(name: str) -> None:
    stage = protocol(name).usual_start()
    clock = decides(dispute(name, stage=stage), name).clock
    one = dispute(name, agrees(date(2026, 9, 7), at(7, 11), clock, stage), stage=stage)
    assert (decides(one, name).holds, decides(one, name).held_by) == (at(7), "agreed date")


def test_a_date_for_the_reply_moves_the_reply_and_not_the_step() -> None:
    one = dispute("sunderland", enters("2", at(10, 16)), agrees(date(2026, 9, 15), at(10, 16, 30), "reply", "2"))
    assert named(one, "sunderland", "reply").holds == at(15)
    assert decides(one, "sunderland").holds == at(17)


def test_a_date_agreed_at_one_stage_says_nothing_about_the_next() -> None:
    one = dispute("gloucestershire", agrees(date(2026, 9, 30), at(8, 9), "s1-3", "1"), enters("2", at(14, 9, 30)))
    assert decides(one, "gloucestershire").holds == at(21)


@pytest.mark.parametrize("name", ["north-somerset", "plymouth", "gloucestershire", "sunderland", "wolverhampton"])
def test_one_side_may_shorten_any_stage_of_any_protocol_for_the_child(name: str) -> None:
    stage = protocol(name).usual_start()
    one = dispute(name, protects(date(2026, 9, 7), at(7, 11)), stage=stage)
    assert (decides(one, name).holds, decides(one, name).held_by) == (at(7), "protective date")


def test_a_protective_date_never_lengthens() -> None:
    limit = decides(dispute("north-somerset", protects(date(2026, 9, 30), at(7, 11))), "north-somerset")
    assert (limit.holds, limit.held_by) == (at(8), "clock")


def test_a_protective_date_beats_a_later_date_that_both_agreed() -> None:
    one = dispute(
        "gloucestershire", agrees(date(2026, 9, 24), at(8, 9), "s1-3", "1"), protects(date(2026, 9, 10), at(9, 9))
    )
    assert decides(one, "gloucestershire").holds == at(10)


def test_a_protective_date_already_past_when_set_means_the_close_of_that_day() -> None:
    limit = decides(dispute("gloucestershire", protects(date(2026, 9, 7), at(9, 10))), "gloucestershire")
    assert (limit.holds, limit.held_by) == (at(9), "protective date")


def test_a_protective_date_on_a_saturday_is_that_saturday() -> None:
    assert decides(dispute("gloucestershire", protects(date(2026, 9, 12), at(9, 10))), "gloucestershire").holds == at(
        12
    )


def test_a_protective_date_still_ahead_holds_at_the_next_stage_too() -> None:
    one = dispute("plymouth", protects(date(2026, 9, 16), at(8, 9)), enters("3", at(14, 17), "limit"), stage="2")
    assert decides(one, "plymouth").holds == at(16)


def test_an_objection_gives_the_old_limit_back_with_no_time_gained() -> None:
    proposed = e.ResolutionProposed(at=at(8, 9), stage="1", side=Side.RECEIVING, by=SOMEBODY, agreed="a joint visit")
    objected = e.ResolutionObjected(at=at(8, 16), side=Side.RAISING, by=SOMEBODY)
    before = decides(dispute("north-somerset"), "north-somerset")
    assert decides(dispute("north-somerset", proposed, objected), "north-somerset") == before


def test_a_dispute_raised_early_brings_every_later_clock_forward() -> None:
    one = dispute("wolverhampton", raised=at(7, 11), decision=date(2026, 9, 7))
    assert (decides(one, "wolverhampton").clock, decides(one, "wolverhampton").holds) == ("respond", at(10))


def test_cumulative_days_are_a_most_counted_from_the_decision() -> None:
    one = dispute("wolverhampton", enters("2", at(15, 9)), raised=at(9, 17), decision=date(2026, 9, 7))
    limit = decides(one, "wolverhampton")
    assert (limit.holds, limit.held_by) == (at(16), "cumulative")


def test_a_dispute_raised_late_counts_its_cumulative_days_from_the_raising() -> None:
    one = dispute("wolverhampton", raised=at(21, 10), decision=date(2026, 9, 7))
    assert decides(one, "wolverhampton").holds == at(24)
    caps = {cap.clock: cap for cap in cap_limits(one, protocol("wolverhampton"), calendar())}
    assert caps["ten-days"].holds == at(5, month=10)
    assert "raised late" in caps["ten-days"].because


def test_without_a_decision_date_the_email_stands_for_both() -> None:
    one = dispute("wolverhampton")
    assert named(one, "wolverhampton", "raise").holds == at(9)
    assert decides(one, "wolverhampton").holds == at(10)


def test_a_clock_after_another_counts_from_the_act_once_it_is_done() -> None:
    waiting = dispute("wolverhampton", enters("3", at(8, 10)), decision=date(2026, 9, 7))
    assert decides(waiting, "wolverhampton").holds == at(11)
    done = dispute(
        "wolverhampton", enters("3", at(8, 10)), e.ActDone(at=at(8, 15), clock="s3-refer"), decision=date(2026, 9, 7)
    )
    assert decides(done, "wolverhampton").holds == at(10)
    assert named(done, "wolverhampton", "s3-refer").done == at(8, 15)


def test_the_clock_for_a_written_confirmation_runs_only_after_a_resolution_and_is_no_stage_limit() -> None:
    proposed = e.ResolutionProposed(at=at(8, 12), stage="1", side=Side.RECEIVING, by=SOMEBODY, agreed="a joint visit")
    before = {limit.clock for limit in limits(dispute("wolverhampton"), protocol("wolverhampton"), calendar())}
    one = dispute("wolverhampton", proposed)
    assert "confirm" not in before
    assert named(one, "wolverhampton", "confirm").holds == at(10)
    assert decides(one, "wolverhampton").clock == "respond"


def test_the_exceptional_route_runs_from_the_last_limit_once_that_has_passed() -> None:
    entered = enters("4", at(21, 17), "limit")
    passed = e.LimitPassed(
        at=at(25, 17),
        key="s4",
        clock="s4",
        stage="4",
        limit=at(25),
        then=protocol("wolverhampton").clocks["s4"].at_limit,
    )
    one = dispute("wolverhampton", entered, passed, decision=date(2026, 9, 7))
    assert named(one, "wolverhampton", "exceptional.director").holds == at(29)
    taken = dispute(
        "wolverhampton",
        entered,
        passed,
        e.RouteTaken(at=at(28, 10), route="exceptional", by=SOMEBODY),
        decision=date(2026, 9, 7),
    )
    assert named(taken, "wolverhampton", "exceptional.chair").holds == at(5, month=10)


def test_an_advisory_clock_is_shown_and_decides_nothing() -> None:
    one = dispute("gloucestershire")
    assert named(one, "gloucestershire", "guide").holds == at(14)
    assert decides(one, "gloucestershire").clock == "s1-3"


def test_a_stage_without_a_clock_has_no_limit_of_its_own() -> None:
    bare = replace(protocol("plymouth"), clocks={})
    assert stage_limit(dispute("plymouth", stage="2"), bare, calendar()) is None


def test_an_urgency_chooses_its_own_length() -> None:
    slow = protocol("plymouth").clocks["each"]
    quick = replace(slow, within_by_urgency={"urgent": protocol("north-somerset").clocks["s1"].within})
    own = replace(protocol("plymouth"), clocks={"each": quick})
    one = dispute("plymouth", e.FieldRecorded(at=at(7, 10), key="urgency", value="urgent"), stage="2")
    limit = stage_limit(one, own, calendar())
    assert limit is not None
    assert limit.holds == at(8)


def test_the_five_protocols_give_the_power_to_lengthen_to_one_only() -> None:
    powers = {name: {clock.agreed for clock in protocol(name).clocks.values()} for name in shipped_protocols()}
    assert [name for name in powers if Agreed.ANY_DATE in powers[name]] == ["gloucestershire"]


def test_of_two_protective_dates_the_earlier_holds_whichever_was_given_first() -> None:
    early, late = protects(date(2026, 9, 10), at(8, 9)), protects(date(2026, 9, 11), at(8, 10))
    for given in ((early, late), (late, early)):
        assert decides(dispute("gloucestershire", *given), "gloucestershire").holds == at(10)


def test_of_two_caps_still_ahead_the_earlier_holds() -> None:
    told = replace(decides(dispute("gloucestershire"), "gloucestershire"), holds=at(30))
    caps = tuple(replace(told, clock=name, label=name, holds=on) for name, on in (("late", at(21)), ("early", at(18))))
    for order in (caps, caps[::-1]):
        held = _capped(told, order, calendar())
        assert (held.holds, held.held_by) == (at(18), "early")


# What a file may say starts a clock, besides what the five procedures use


def starting(happening: Happening) -> Protocol:
    """North Somerset, whose second stage runs from ``happening`` instead of from its beginning; the reply is an act."""
    file = protocol("north-somerset")
    s2 = replace(file.clocks["s2"], start=happening)
    reply = replace(s2, id="reply", start=Happening.STAGE_ENTERED, done_when=Happening.REPLIED)
    return replace(file, clocks={**file.clocks, "s2": s2, "reply": reply})


@pytest.mark.parametrize(
    ("happening", "event", "starts"),
    [
        (Happening.STATUS_KNOWN, e.FieldRecorded(at=at(9, 11), key="child_status", value="CPP"), at(9, 11)),
        (Happening.MET, e.MeetingHeld(at=at(9, 14), on=date(2026, 9, 9), by=SOMEBODY), at(9, 14)),
        (
            Happening.REPLIED,
            MessageFiled(at=at(9, 15), digest="ab", by=SOMEBODY, side=Side.RECEIVING, message="<1@x.example>"),
            at(9, 15),
        ),
    ],
)
def test_a_clock_runs_from_whatever_its_file_says_once_that_has_happened(
    happening: Happening, event: e.Event, starts: datetime
) -> None:
    file, before = starting(happening), dispute("north-somerset", enters("2", at(8)))
    assert [one for one in limits(before, file, calendar()) if one.clock == "s2"] == []
    (limit,) = [one for one in limits(before.after(event), file, calendar()) if one.clock == "s2"]
    assert limit.start == starts


def test_a_routes_clock_may_run_from_the_decision_and_is_met_when_the_route_is_taken() -> None:
    """By when it had to be taken."""
    file = protocol("wolverhampton")
    route = file.routes["exceptional"]
    clock = replace(route.clocks[0], start=Happening.DECISION_MADE)
    file = replace(file, routes={"exceptional": replace(route, clocks=(clock,))})
    there = dispute("wolverhampton", enters("4", at(8)), stage="3", decision=date(2026, 9, 4))
    assert list(route_limits(there, file, calendar(), None)) == []
    taken = e.RouteTaken(at=at(10, 10), route="exceptional", by=SOMEBODY, words="It cannot wait.")
    (limit,) = route_limits(there.after(taken), file, calendar(), None)
    assert (limit.holds, limit.done) == (at(8), at(10, 10))


def test_of_two_moves_of_the_calendar_the_last_one_told_is_not_shortened() -> None:
    """I15: a closed day that is taken back makes nobody's time shorter."""

    def moved(becomes: datetime, version: str = "") -> e.CalendarMoved:
        return e.CalendarMoved(at=at(7, 12), stage="1", was=at(8), becomes=becomes, why="", version=version)

    for moves, holds in (
        ((moved(at(10)), moved(at(9))), at(9)),
        ((moved(at(9)), moved(at(10))), at(10)),
        ((moved(at(10)), moved(at(9), "2027")), at(8)),  # another version begins anew
        ((moved(at(9), "2027"), moved(at(10))), at(10)),
        ((moved(at(8, 12)),), at(8)),
    ):
        assert decides(dispute("north-somerset", *moves), "north-somerset").holds == holds
