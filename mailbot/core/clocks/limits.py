"""A dispute's limits: which one holds, and why, of the clock's own, the agreed date, the protective date and the caps
over all of it. Before that, when a clock starts, and when an act that a clock waits for was done."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple

from mailbot.core.procedure.closed_lists import Agreed, AtLimit, Happening, Length, Side, Unit, about_hours
from mailbot.core.procedure.protocol import Cap, Clock, Protocol, RouteClock
from mailbot.core.procedure.stage_ends import ANOTHER, deciding_clock, raising_clocks
from mailbot.core.procedure.worked_out_once import worked_out_once
from mailbot.core.procedure.working_days import Calendar, DayCounted, after
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, Protective, Visit, final_route
from mailbot.core.record.events_of_mail import MessageFiled

# Acts that a clock inside a stage waits for: "refer in writing", "the other manager replies". When were they done?


def is_done(dispute: Dispute, clock: Clock, protocol: Protocol) -> bool:
    """Is the clock of a limit met: was its act done in the present stay? A clock without an act of its own is done with
    its stage."""
    return clock.done_when is not None and done_at(dispute, clock, protocol) is not None


def done_at(dispute: Dispute, clock: Clock, protocol: Protocol) -> datetime | None:
    """The instant at which the clock of a limit was met, its act done in the present stay: as somebody said, else as
    mail shows it."""
    said = dispute.done.get(clock.id)
    if said is not None and said >= dispute.visit.entered:
        return said
    if clock.done_when is Happening.REPRESENTATIVE_TOLD:
        return _told(dispute, clock, protocol)
    if clock.done_when is Happening.RESOLVED:  # what was objected to has resolved nothing
        here = dispute.proposal if dispute.proposal and dispute.proposal.at >= dispute.visit.entered else None
        return here.at if here else None
    return next((past.at for past in dispute.lately if _does(past, clock, dispute)), None)


def _does(event: e.Event, clock: Clock, dispute: Dispute) -> bool:
    match clock.done_when:
        case Happening.REPLIED:
            return _is_reply(event, clock, dispute)
        case Happening.MET:
            return isinstance(event, e.MeetingHeld)
        case Happening.CONFIRMED:
            return isinstance(event, e.ResolutionConfirmed)
        case Happening.REFERRED:
            return _asked_for(event) or (isinstance(event, MessageFiled) and _by_whom(event, clock, dispute, True))
        case _:
            return False


def _is_reply(event: e.Event, clock: Clock, dispute: Dispute) -> bool:
    """Does a message meet the limit for a reply, as an answer from those whose act it is? Saying yes or no to a date is
    not yet one."""
    if not isinstance(event, MessageFiled) or event.side is not Side.RECEIVING:
        return False
    dated = (e.DateAgreed, e.DateProposed, e.DateRefused)
    only_a_date = any(isinstance(past, dated) and past.at == event.at for past in dispute.lately)
    return not only_a_date and _by_whom(event, clock, dispute)


def _asked_for(event: e.Event) -> bool:
    """Is the limit for a referral in writing met, because somebody wrote to have it here? That email is the
    referral."""
    return isinstance(event, e.StageEntered) and event.how in ("asked", "referred") and bool(event.by)


def _by_whom(event: MessageFiled, clock: Clock, dispute: Dispute, named_only: bool = False) -> bool:
    """Is a message from one of those whose act a limit waits for? While nobody of theirs is known, anybody on that
    side."""
    theirs = {p.person.address for p in dispute.parties if p.role in clock.who and p.person.address}
    return event.by.address in theirs if theirs or named_only else True


def _told(dispute: Dispute, clock: Clock, protocol: Protocol) -> datetime | None:
    """When the limit for telling the representative was met: once somebody had it brought here and the representative
    is known, so that a letter could reach them."""
    roles = protocol.stages[dispute.stage].raising
    reached = [p for p in dispute.history if isinstance(p, e.PersonRecorded) and p.role in roles and p.person.address]
    brought = [
        past.at
        for past in dispute.lately
        if _asked_for(past) or (isinstance(past, MessageFiled) and _by_whom(past, clock, dispute, True))
    ]
    return max(brought[0], reached[0].at) if brought and reached else None


# When a clock starts: each happening that can start one, and where a dispute holds the instant of it.
#
# A happening that is not in ``STARTS`` cannot start a clock; the protocol reader refuses a file that asks for it.

OPENING = "opening"


def decided(dispute: Dispute, calendar: Calendar) -> datetime:
    """The start of a limit that counts from the disputed decision; the raising where nobody said when that was made (WO
    table row 1, "the disagreement or receipt of a decision"). A day without an hour counts from its morning."""
    if dispute.decision_on is None:
        return dispute.raised
    known = dispute.fields.get("decision_at", "")
    if known.startswith(dispute.decision_on.isoformat()):
        return datetime.fromisoformat(known)
    return calendar.morning_of(dispute.decision_on)


def is_day_of_decision(value: str, at: datetime, calendar: Calendar) -> bool:
    """Can a limit count from a decision of the day ``value`` (as ISO 8601 has it), for who says so at ``at``? Not from
    a day to come, and not from one beyond the years whose closed days are known: it would be guessed."""
    return calendar.first <= date.fromisoformat(value) <= calendar.local(at).date()


def moves_a_limit(agreed: e.DateAgreed, protocol: Protocol) -> bool:
    """Does an agreed date move the limit that it is of? One that is only recorded moves none (PL-21)."""
    clock = protocol.clocks.get(agreed.clock)
    return clock is None or clock.agreed is not Agreed.RECORD_ONLY


def entered(dispute: Dispute, visit: Visit) -> datetime:
    """The instant from which a stage's clocks run to their limits. Whoever opened the dispute has made that the
    practitioner's email; one opened at a later stage counts that stage from its own email, and only the caps from
    the Stage 1 it states."""
    return visit.entered


def act_done(dispute: Dispute, clock: Clock, protocol: Protocol) -> datetime | None:
    """When the act a clock is for was done during the present stay, so that its limit is met; None while it is not."""
    if clock.start is Happening.DECISION_MADE and clock.done_when in (None, Happening.RAISED):
        return dispute.raised  # what this clock asks for is the raising itself
    if clock.done_when is Happening.CONFIRMED and dispute.is_confirmed:
        return _last(dispute, e.ResolutionConfirmed)
    return done_at(dispute, clock, protocol)


def _last(dispute: Dispute, kind: type[e.Event]) -> datetime | None:
    return next((event.at for event in reversed(dispute.history) if isinstance(event, kind)), None)


def _status_known(dispute: Dispute, clock: Clock, protocol: Protocol) -> datetime | None:
    told = (event for event in dispute.history if isinstance(event, e.FieldRecorded) and event.key == "child_status")
    return next((event.at for event in told), None)


def _by_act(happening: Happening) -> Callable[[Dispute, Clock, Protocol], datetime | None]:
    """The start of a limit that runs from another act, told by ``happening``: the instant that act was done at this
    stage."""

    def found(dispute: Dispute, clock: Clock, protocol: Protocol) -> datetime | None:
        acts = (other for other in protocol.clocks_of(dispute.stage) if other.done_when is happening)
        return next((done for act in acts if (done := done_at(dispute, act, protocol)) is not None), None)

    return found


def _met(dispute: Dispute, clock: Clock, protocol: Protocol) -> datetime | None:
    """The start of a limit that runs from a meeting: the last one of this stage."""
    return next((past.at for past in reversed(dispute.lately) if isinstance(past, e.MeetingHeld)), None)


# DECISION_MADE, STAGE_ENTERED and those of ANOTHER clock need the calendar or the visit: ``limits`` answers them.
_STARTS: Mapping[Happening, Callable[[Dispute, Clock, Protocol], datetime | None]] = MappingProxyType(
    {
        Happening.RAISED: lambda dispute, clock, protocol: dispute.raised,
        Happening.RESOLVED: lambda dispute, clock, protocol: dispute.proposal.at if dispute.proposal else None,
        Happening.MET: _met,
        Happening.STATUS_KNOWN: _status_known,
        Happening.REPLIED: _by_act(Happening.REPLIED),
        Happening.REFERRED: _by_act(Happening.REFERRED),
        Happening.REPRESENTATIVE_TOLD: _by_act(Happening.REPRESENTATIVE_TOLD),
        Happening.FORM_COMPLETE: _by_act(Happening.FORM_COMPLETE),
        Happening.FORM_SENT: _by_act(Happening.FORM_SENT),
    }
)
CAN_START_A_CLOCK = frozenset(_STARTS) | {Happening.DECISION_MADE, Happening.STAGE_ENTERED} | ANOTHER
CAN_START_A_CAP = frozenset({Happening.RAISED, Happening.DECISION_MADE})


def raised_late(dispute: Dispute, protocol: Protocol, calendar: Calendar, clock: Clock) -> bool:
    """Was the dispute raised after the limit that ``clock`` sets for raising one?"""
    limit, _ = after(calendar, protocol.counting, decided(dispute, calendar), clock.within)
    return dispute.raised > limit


def overall_start(dispute: Dispute, protocol: Protocol, calendar: Calendar) -> datetime:
    """The start of cumulative limits: the decision where the protocol counts from one, else the raising.

    A dispute raised late counts from its raising, for otherwise every later step would be born overdue; that it was
    raised late is reported.
    """
    raising = raising_clocks(protocol, dispute.visits[0].stage if dispute.visits else protocol.usual_start())
    if not raising or any(raised_late(dispute, protocol, calendar, clock) for clock in raising):
        return dispute.raised
    return decided(dispute, calendar)


def most(dispute: Dispute, protocol: Protocol, calendar: Calendar, clock: Clock) -> datetime | None:
    """The cumulative limit over a clock, the latest it may run to; None without one. The clock for the
    raising keeps its own."""
    if clock.cumulative is None:
        return None
    late_is_its_own = clock.start is Happening.DECISION_MADE
    start = decided(dispute, calendar) if late_is_its_own else overall_start(dispute, protocol, calendar)
    days = Length(clock.cumulative, Unit.WORKING_DAYS, f"{clock.cumulative} working days")
    return after(calendar, protocol.counting, start, days)[0]


# Which limit holds, and why: the clock, the agreed date, the protective date and the caps over all of it.
#
# The rule of the whole product: the earliest of the stage's clock (replaced by an agreed date where the protocol lets
# that stand), any protective date, and any cap not already past when the clock started. A cap already past sets
# nothing: a step is never born overdue, and the overrun is shown instead of hidden.

BY_CLOCK, BY_AGREED, BY_PROTECTIVE, BY_CUMULATIVE = "clock", "agreed date", "protective date", "cumulative"


@dataclass(frozen=True, slots=True)
class Limit:
    """``own`` is what the clock alone says; ``holds`` what counts; ``held_by`` which of them, or a cap's id.

    ``stage`` is "" for a cap and for a route. ``done`` is when the clock's act was done, None while it runs.
    """

    clock: str
    stage: str
    label: str
    start: datetime
    own: datetime
    holds: datetime
    held_by: str
    because: str
    working: tuple[DayCounted, ...]
    at_limit: AtLimit
    who: tuple[str, ...] = ()
    done: datetime | None = None


def spoken(calendar: Calendar, instant: datetime) -> str:
    """When a dispute's limit holds, said in short: "Thu 10 Sep", with the hour where it is not the close of
    business."""
    local = calendar.local(instant)
    hour = "" if local.time() == calendar.rule.day_ends else f" {local:%H:%M}"
    return f"{local:%a} {local.day} {local:%b}{hour}"


@worked_out_once(200)
def limits(dispute: Dispute, protocol: Protocol, calendar: Calendar) -> tuple[Limit, ...]:
    """The limits of a dispute: of every clock running or run in the present stage, of the caps over it, and of the
    clocks of a route that was opened.

    Raises OutOfRange when the calendar does not reach far enough.
    """
    by, running = _Measure(dispute, protocol, calendar), cap_limits(dispute, protocol, calendar)
    found: dict[str, Limit] = {}
    for clock in protocol.clocks_of(dispute.stage):
        start = _start(by, clock, dispute.visit)
        if start is not None:
            found[clock.id] = _limit(by, clock, start, running)
    routes = tuple(route_limits(dispute, protocol, calendar, _deciding(protocol, dispute.stage, found)))
    return (*found.values(), *running, *routes)


@worked_out_once(200)
def stage_limit(dispute: Dispute, protocol: Protocol, calendar: Calendar) -> Limit | None:
    """The stage's limit that holds now, or that of whoever decides once a final route was taken; None at a stage
    with no clock of its own."""
    route = final_route(dispute, protocol)
    if route is None:
        return own_limit(dispute, protocol, calendar)
    decides = {f"{route.id}.{clock.id}" for clock in route.clocks if clock.start is Happening.BROUGHT_TO_CHAIR}
    return next((limit for limit in limits(dispute, protocol, calendar) if limit.clock in decides), None)


def own_limit(dispute: Dispute, protocol: Protocol, calendar: Calendar) -> Limit | None:
    """The present stage's own limit, by the clock that decides it, whatever route was taken beside it."""
    clocks = {clock.id: clock for clock in protocol.clocks_of(dispute.stage)}
    found = {limit.clock: limit for limit in limits(dispute, protocol, calendar) if limit.clock in clocks}
    return _deciding(protocol, dispute.stage, found)


def _deciding(protocol: Protocol, stage: str, found: dict[str, Limit]) -> Limit | None:
    clock = deciding_clock(protocol, stage)
    return found.get(clock.id) if clock else None


class _Measure(NamedTuple):
    """What each limit of a dispute is measured by: what has happened in it, its procedure, and the working days."""

    dispute: Dispute
    protocol: Protocol
    calendar: Calendar


def _start(by: _Measure, clock: Clock, visit: Visit) -> datetime | None:
    """The instant ``clock`` starts to run towards its limit in one visit; None when what starts it has not happened."""
    dispute, protocol, calendar = by
    if clock.start is Happening.DECISION_MADE:
        return decided(dispute, calendar)
    if clock.start is Happening.STAGE_ENTERED:
        return _first_written(by, clock, visit) or entered(dispute, visit)
    if clock.start in ANOTHER:
        return _after_another(by, clock, visit)
    find = _STARTS.get(clock.start)
    start = find(dispute, clock, protocol) if find else None
    return visit.entered if start is not None and _is_of_before(start, clock, visit) else start


REOPENED = "reopened"


def _is_of_before(start: datetime, clock: Clock, visit: Visit) -> bool:
    """Would a limit count from the raising, in a stay that began by opening the dispute again? Nobody's time is then
    over before it begins: it counts from that stay."""
    return clock.start is Happening.RAISED and visit.how == REOPENED and start < visit.entered


def _after_another(by: _Measure, clock: Clock, visit: Visit) -> datetime | None:
    """The start of a limit that follows another one: as soon as that is done or due; only where it was kept; only from
    its passing, with nothing done."""
    first = by.protocol.clocks[clock.of]
    done = act_done(by.dispute, first, by.protocol)
    start = _start(by, first, visit)
    if start is None:
        return done if clock.start is not Happening.CLOCK_PASSED else None
    ends = _limit(by, first, start, ()).holds
    kept = done is not None and done <= ends
    if clock.start is Happening.CLOCK_PASSED:
        return None if kept else ends
    if clock.start is Happening.CLOCK_KEPT:
        return done if kept else None
    return ends if done is None else done


def _first_written(by: _Measure, clock: Clock, visit: Visit) -> datetime | None:
    """The start of the first stage's limit, where the dispute was opened by passing on an email of an earlier day: it
    counts from that email (A6.9), unless the limit would have gone by before anybody had heard of it (A6.7: never born
    overdue)."""
    dispute, protocol, calendar = by
    first = visit.how == OPENING and visit.stage == protocol.usual_start() and dispute.raised < visit.entered
    if not first:
        return None
    own, _ = after(calendar, protocol.counting, dispute.raised, clock.within, _ZERO[Happening.RAISED])
    return dispute.raised if own > visit.entered else None


_ZERO = {
    Happening.DECISION_MADE: "the day of the decision",
    Happening.RAISED: "the day it was raised",
    Happening.RESOLVED: "the day it was resolved",
    Happening.CLOCK_DONE: "the day the step before it was done",
    Happening.CLOCK_KEPT: "the day the step before it was done",
    Happening.CLOCK_PASSED: "the day the limit before it passed",
}


def _zero(dispute: Dispute, clock: Clock, start: datetime) -> str:
    if clock.start is Happening.STAGE_ENTERED:
        opening = dispute.visit.how == OPENING and start == dispute.raised
        return _ZERO[Happening.RAISED] if opening else _STAGE_BEGAN
    if clock.start is Happening.RAISED and start != dispute.raised:
        return _STAGE_BEGAN
    return _ZERO.get(clock.start, "the day it starts")


_STAGE_BEGAN = "the day it was entered"
_ENDED = {
    Happening.CLOCK_DONE: "was done or due",
    Happening.CLOCK_KEPT: "was done in its time",
    Happening.CLOCK_PASSED: "had passed without it",
}


def _since(clock: Clock, protocol: Protocol, stage: str, zero: str) -> str:
    if zero == _STAGE_BEGAN:
        return f"{protocol.stage_name(stage)} was entered"
    if clock.start in ANOTHER:
        return f'"{protocol.clocks[clock.of].label}" {_ENDED[clock.start]}'
    return {
        Happening.DECISION_MADE: "the decision",
        Happening.RESOLVED: "it was said to be resolved",
    }.get(clock.start, "it was raised" if zero == _ZERO[Happening.RAISED] else f"{clock.start.value}")


def _limit(by: _Measure, clock: Clock, start: datetime, caps: tuple[Limit, ...]) -> Limit:
    dispute, protocol, calendar = by
    within = _within(dispute, clock)
    zero = _zero(dispute, clock, start)
    own, working = after(calendar, protocol.counting, start, within, zero)
    since = _since(clock, protocol, dispute.stage, zero)
    because = f"{within.text} after {since} ({spoken(calendar, start)})"
    plain = Limit(
        clock.id,
        dispute.stage,
        clock.label,
        start,
        own,
        own,
        BY_CLOCK,
        because,
        working,
        clock.at_limit,
        clock.who,
        act_done(dispute, clock, protocol),
    )
    plain = _cumulative(plain, most(dispute, protocol, calendar, clock), clock, calendar)
    if not clock.counts or clock.start is Happening.DECISION_MADE:
        return plain
    plain = _not_shorter(by, plain)
    agreed = _agreed(by, clock, plain)
    return _capped(_protected(dispute, calendar, agreed), caps, calendar)


def _not_shorter(by: _Measure, limit: Limit) -> Limit:
    """A clock's limit that was told, and that a calendar would shorten since: a closed day that is taken back makes
    nobody's time shorter (I15). Another version of the procedure begins anew."""
    dispute, protocol, calendar = by
    ends = deciding_clock(protocol, dispute.stage)
    if ends is None or ends.id != limit.clock:
        return limit
    moved = [past for past in dispute.lately if isinstance(past, e.CalendarMoved) and past.stage == dispute.stage]
    told = moved[-1].becomes if moved and not moved[-1].version else limit.holds
    if told <= limit.holds:
        return limit
    said = f"{limit.because}; told as {spoken(calendar, told)}, which a closed day taken back does not shorten"
    return replace(limit, own=told, holds=told, because=said)


def _within(dispute: Dispute, clock: Clock) -> Length:
    """How long a limit is, where that depends on how urgent it is: until somebody has said, the shortest of them."""
    if not clock.within_by_urgency:
        return clock.within
    said = dispute.fields.get("urgency", "").casefold()
    known = {word.casefold(): length for word, length in clock.within_by_urgency.items()}
    shortest = min(known.values(), key=about_hours)
    return known.get(said, shortest)


def _cumulative(limit: Limit, most_of: datetime | None, clock: Clock, calendar: Calendar) -> Limit:
    if most_of is None or not limit.start < most_of < limit.own:
        return limit
    said = f"{limit.because}, but not later than {clock.cumulative} working days in all ({spoken(calendar, most_of)})"
    return replace(limit, own=most_of, holds=most_of, held_by=BY_CUMULATIVE, because=said)


def _agreed(by: _Measure, clock: Clock, limit: Limit) -> Limit:
    """A clock's limit after the date both sides agreed: an earlier one always holds, a later one only where the
    protocol gives them that power."""
    dispute, protocol, calendar = by
    ends = deciding_clock(protocol, dispute.stage)
    meant = {clock.id, ""} if ends and ends.id == clock.id else {clock.id}
    since = min(limit.start, dispute.visit.entered)
    for agreed in reversed(dispute.agreed_dates):
        on = calendar.close_of(agreed.on)
        if agreed.stage != dispute.stage or agreed.clock not in meant or agreed.at < since or on <= limit.start:
            continue
        if on <= limit.own or clock.agreed in (Agreed.ANY_DATE, Agreed.MUST_BE_SET_ANY):
            said = f"both sides agreed {_day(agreed.on)}; without it, {limit.because}: {spoken(calendar, limit.own)}"
            return replace(limit, holds=on, held_by=BY_AGREED, because=said)
        return replace(limit, because=f"{limit.because}; {_LATER[clock.agreed].format(day=_day(agreed.on))}")
    return limit


_LATER = {
    Agreed.NO: "a later date ({day}) was agreed, which the protocol does not allow",
    Agreed.RECORD_ONLY: "both sides agreed {day}, which is recorded and does not move the limit",
    Agreed.MUST_BE_SET: "{day} was agreed, which is later than the most the protocol allows",
}


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _protected(dispute: Dispute, calendar: Calendar, limit: Limit) -> Limit:
    """A limit shortened by the earliest protective date either side set for the child; it can only shorten, in any
    protocol and at any stage.

    One that had passed before this clock started belongs to an earlier stage.
    """
    for protective in sorted(dispute.protective, key=lambda set_for: set_for.on):
        on = _ends_on(calendar, protective)
        if limit.start < on < limit.holds:
            said = (
                f"a date set to protect the child, {spoken(calendar, on)}, comes before {spoken(calendar, limit.holds)}"
            )
            return replace(limit, holds=on, held_by=BY_PROTECTIVE, because=f"{said} ({limit.because})")
    return limit


def dates_beyond(dispute: Dispute, protocol: Protocol, calendar: Calendar) -> tuple[datetime, ...]:
    """The limits that dates for the child set beside the stage's own: those that it does not come down to, because it
    is earlier, or is that of whoever decides. The earliest limit still holds; each of these days is one of its own."""
    held = stage_limit(dispute, protocol, calendar)
    ends = {_ends_on(calendar, given) for given in dispute.protective}
    return tuple(sorted(end for end in ends if end > dispute.visit.entered and (held is None or end != held.holds)))


def _ends_on(calendar: Calendar, given: Protective) -> datetime:
    """When a date for the child sets its limit. One already past when it was set is read as the soonest that can still
    be kept: the close of the working day it was set in."""
    on = calendar.close_of(given.on)
    return _soonest(calendar, given.at) if on <= given.at else on


def _soonest(calendar: Calendar, at: datetime) -> datetime:
    today = calendar.local(at).date()
    close = calendar.close_of(today)
    return close if calendar.is_working(today) and at < close else calendar.close_of(calendar.next_working(today))


def _capped(limit: Limit, caps: tuple[Limit, ...], calendar: Calendar) -> Limit:
    """A clock's limit under the caps: the earliest cap still ahead when this clock started; one
    already past is only told."""
    if limit.at_limit is AtLimit.NOTHING or not caps:
        return limit
    ahead = [cap for cap in caps if limit.start < cap.holds < limit.holds]
    if ahead:
        cap = min(ahead, key=lambda one: one.holds)
        said = f'{limit.because}, but "{cap.label}" ends first ({spoken(calendar, cap.holds)})'
        return replace(limit, holds=cap.holds, held_by=cap.clock, because=said)
    missed = [f'"{cap.label}" had ended {spoken(calendar, cap.holds)}' for cap in caps if cap.holds <= limit.start]
    return replace(limit, because="; ".join([limit.because, *missed])) if missed else limit


def cap_limits(dispute: Dispute, protocol: Protocol, calendar: Calendar) -> tuple[Limit, ...]:
    """The limits set by the caps that run over the present stage, each as a limit of its own (``stage`` "")."""
    over = (cap for cap in protocol.caps.values() if dispute.stage in cap.stages)
    return tuple(cap_limit(dispute, protocol, calendar, cap) for cap in over)


def cap_limit(dispute: Dispute, protocol: Protocol, calendar: Calendar, cap: Cap) -> Limit:
    from_decision = cap.start is Happening.DECISION_MADE
    late = bool(cap.rebase) and raised_late(dispute, protocol, calendar, protocol.clocks[cap.rebase])
    start = decided(dispute, calendar) if from_decision and not late else dispute.raised
    zero = _ZERO[Happening.DECISION_MADE if from_decision and not late else Happening.RAISED]
    own, working = after(calendar, protocol.counting, start, cap.within, zero)
    since = "the decision" if from_decision and not late else "it was raised"
    because = f"{cap.within.text} after {since} ({spoken(calendar, start)})" + (
        "; counted from the raising, because it was raised late" if late else ""
    )
    return Limit(cap.id, "", cap.label, start, own, own, BY_CLOCK, because, working, cap.at_limit)


def route_limits(dispute: Dispute, protocol: Protocol, calendar: Calendar, ends: Limit | None) -> Iterator[Limit]:
    """The limits of a side route's clocks, once they run: from the limit of the last stage it leads out of, or from the
    day it was taken (WO "Exceptional Circumstances")."""
    for route in protocol.routes.values():
        taken = next((at for taken_route, at in dispute.routes if taken_route == route.id), None)
        passed = ends is not None and ends.holds in dispute.passed.values() and dispute.stage in route.stages[-1:]
        for clock in route.clocks:
            if clock.start is Happening.DECISION_MADE and taken is not None:  # by when it had to be taken
                yield replace(route_limit(protocol, calendar, route.id, clock, decided(dispute, calendar)), done=taken)
            elif clock.start is Happening.BROUGHT_TO_CHAIR and taken is not None:
                yield route_limit(protocol, calendar, route.id, clock, taken)
            elif clock.start is Happening.LIMIT_PASSED and passed and ends is not None:
                yield replace(route_limit(protocol, calendar, route.id, clock, ends.holds), done=taken)


_ROUTE_SINCE = {
    Happening.BROUGHT_TO_CHAIR: "it was brought to the Chair",
    Happening.LIMIT_PASSED: "the limit passed",
    Happening.DECISION_MADE: "the decision",
}


def route_limit(protocol: Protocol, calendar: Calendar, route: str, clock: RouteClock, start: datetime) -> Limit:
    within: Length = clock.within
    own, working = after(calendar, protocol.counting, start, within)
    since = _ROUTE_SINCE[clock.start]
    because = f"{within.text} after {since} ({spoken(calendar, start)})"
    return Limit(f"{route}.{clock.id}", "", clock.label, start, own, own, BY_CLOCK, because, working, AtLimit.FLAG)
