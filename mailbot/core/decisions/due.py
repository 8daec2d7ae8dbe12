"""What falls due in an open dispute as time passes: the moments at which something is to be done, and the events
of those that have come."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum

from mailbot.core.clocks.case import Case
from mailbot.core.clocks.limits import BY_PROTECTIVE, Limit, cap_limits, dates_beyond, is_done, moves_a_limit
from mailbot.core.clocks.silence import ASKED, MORNING_CHASE, next_rung
from mailbot.core.decisions import after_closing as afterwards
from mailbot.core.decisions.consequences import consequences
from mailbot.core.decisions.people.roles import STUCK, in_roles
from mailbot.core.decisions.stages import enter, is_partnership_stage, next_stage, offered
from mailbot.core.decisions.who_may.authority import deciders
from mailbot.core.partnership.partnership import Partnership, side_of
from mailbot.core.procedure.closed_lists import AtLimit, Happening, Side
from mailbot.core.procedure.protocol import Clock
from mailbot.core.procedure.working_days import Calendar, after
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, State, final_route
from mailbot.core.record.events import AutomaticMoveHeld, AutomaticMoveResumed
from mailbot.core.record.events_of_mail import QuestionAsked
from mailbot.core.record.intents import Person

# A moment of a dispute: an instant at which time itself brings something, with a key that happens once.


class What(IntEnum):
    """In the order of one instant: the stage's own limit asks before a cap over it does."""

    REMIND = 1
    LIMIT = 2
    CAP = 3
    GO_ON = 4


@dataclass(frozen=True, slots=True)
class Moment:
    """``at`` is when to act; ``clock`` which clock or cap it is of; ``limit`` the instant it speaks of."""

    key: str
    at: datetime
    what: What
    clock: str
    limit: datetime
    then: AtLimit = AtLimit.NOTHING


# A move that the office held back, and what becomes of it when they let it go on (hazard G11).
#
# While it is held, the limit passes, is told, and asks the raising side, who may still move it up or refer it: a hold
# delays nothing that a person asks for. Let go on, it moves at once if its limit has passed in the meantime.


def held_back(case: Case) -> e.LimitPassed | None:
    """The move that is due once nobody holds it any more, as the limit at which it was held;
    None when nothing is due."""
    if case.dispute.state is not State.OPEN or case.dispute.move_held is not None:
        return None
    passed = next((p for p in reversed(case.dispute.lately) if isinstance(p, e.LimitPassed) and p.held), None)
    following = next_stage(case)
    limit = case.stage_limit
    moved_on = limit is not None and limit.holds > case.now  # a later date was agreed meanwhile: that one decides
    if passed is None or following is None or is_partnership_stage(following) or moved_on:
        return None
    return passed


def went_on(case: Case) -> list[e.Event]:
    """The events of a held move that has come due: the next stage, from now, for the time of its people never runs
    before they can know of it."""
    following = next_stage(case)
    return enter(case, following, "limit", case.now, let_on_by(case.dispute)) if following else []


def let_on_by(dispute: Dispute) -> str:
    """The address of whoever made a held move due again: they took the hold off, or had it put back."""
    history = dispute.history
    took_off = (
        past.by.address
        for past in reversed(history)
        if isinstance(past, AutomaticMoveResumed)
        or (isinstance(past, e.MisreadUndone) and any(isinstance(history[n], AutomaticMoveHeld) for n in past.places))
    )
    return next(took_off, "")


# What time brings: the moments of a dispute, and the events of those that have come.
#
# There is one list of moments. ``due`` acts on those that have come, ``next_due`` is the earliest that has not been
# acted on; so what wakes us and what we then do cannot differ. Each moment has a key that happens once. A moment is
# state, never a window: after an outage the next tick finds it, a stale reminder is dropped, a limit is not.

CONFIRMATION = "confirmation"
STANDS = "proposal stands"  # on the next working morning: whoever raised it hears that a resolution waits
UNTOLD = "receiving side not told"
# Silence after RESOLVED is reported after 2 working days (A6.12); a raiser who named nobody, after 4 hours (D3).
CONFIRM_WITHIN_DAYS, TOLD_WITHIN = 2, timedelta(hours=4)
HELD_FOR_DAYS = 2  # working days for which the raising side's own RESOLVED holds the automatic move


def due(case: Case, unread_since: datetime | None = None, untold: tuple[str, ...] = ()) -> tuple[e.Event, ...]:
    """The events that are due: of every moment that has come and was not acted on. Moves
    at most one stage a tick.

    ``unread_since`` is given when the mailbox could not be read up to the limit: the letters then say so. ``untold``
    are the agencies of which nobody has had a letter at this stage: a move by its limit waits for them, for one working
    day, and then says so.
    """
    if not case.dispute.is_open:
        return afterwards.due_after_closing(case)
    come = sorted((m for m in moments(case) if m.at <= case.now), key=lambda m: (m.at, m.what))
    events: list[e.Event] = []
    asked: datetime | None = None
    for moment in come:
        if moment.what is What.REMIND:
            events.append(_reminded(case.dispute, moment, case.now))
            events += [*_asked_whether_answered(case, moment), *_asked_what_came(case, moment)]
            continue
        if moment.what is What.GO_ON:
            events += went_on(case)
            break
        if untold and moment.then is AtLimit.MOVE_UP and moment.key not in case.dispute.waited:
            events.append(_waits(case, moment, untold))
            continue
        happened = _passed(case, moment, unread_since, already=asked == moment.limit)
        events += [replace(one, untold=untold) if isinstance(one, e.LimitPassed) else one for one in happened]
        if any(isinstance(one, e.LimitPassed) and one.then in (AtLimit.ASK, AtLimit.FLAG) for one in happened):
            asked = moment.limit
        if any(isinstance(event, e.StageEntered) for event in happened):
            break  # the next stage has its own clock, and its people have not been told yet
    return (*events, *consequences(case, events))


def next_due(case: Case) -> datetime | None:
    """When something is due next, the earliest moment not acted on; None for a dispute that waits for nothing."""
    if not case.dispute.is_open:
        return afterwards.next_due_after_closing(case)
    return min((m.at for m in moments(case)), default=None)


def next_asked(case: Case) -> tuple[str, datetime] | None:
    """What a silence that goes on makes due next: a rung of the ladder, ASKED for a limit or a cap that
    asks again, or STUCK for the weekly report to the office; and when. None where nothing more is sent."""
    coming = [m for m in moments(case) if m.at > case.now and _goes_on_asking(m, case.partnership)]
    first = min(coming, key=lambda moment: moment.at, default=None)
    if first is None:
        return None
    rung = first.clock.removeprefix(MORNING_CHASE).strip(": ") if first.clock.startswith(MORNING_CHASE) else ASKED
    return STUCK if first.clock == STUCK else rung, first.at


def _goes_on_asking(moment: Moment, partnership: Partnership) -> bool:
    """Does what is due ask again, or report that nobody has answered?"""
    if moment.what is What.REMIND:
        return (
            moment.clock == STUCK or moment.clock.startswith(MORNING_CHASE) or moment.clock in partnership.protocol.caps
        )
    return moment.what in (What.LIMIT, What.CAP) and moment.then is AtLimit.ASK


def moments(case: Case) -> Iterator[Moment]:
    """Every moment of the present stage at which something is due, not acted on yet, except reminders of
    what has passed already."""
    if not case.dispute.is_open:
        return
    for moment in _put_off(_all(case), case):
        stale = moment.what is What.REMIND and moment.limit <= case.now and not _keeps(moment.clock)
        if moment.key not in case.dispute.settled and not stale:
            yield moment


def _put_off(come: Iterator[Moment], case: Case) -> Iterator[Moment]:
    """What is due, put off where its people could not know of it: a limit that waits for letters to be delivered; and a
    cap that had passed before its stage was entered late, which is asked about on the working morning after the letter
    that first told of it, and not by the next letter."""
    calendar, visit = case.calendar, case.dispute.visit
    for moment in come:
        at = case.dispute.waited.get(moment.key, moment.at)
        if moment.what is What.CAP and visit.how == "limit" and moment.limit < visit.entered:
            at = max(at, calendar.morning_of(calendar.next_working(calendar.local(visit.entered).date())))
        yield moment if at <= moment.at else replace(moment, at=at)


def _waits(case: Case, moment: Moment, untold: tuple[str, ...]) -> e.LimitWaited:
    calendar = case.calendar
    until = calendar.close_of(calendar.next_working(calendar.local(max(moment.limit, case.dispute.opened)).date()))
    return e.LimitWaited(
        at=case.now,
        key=moment.key,
        clock=moment.clock,
        stage=case.dispute.stage,
        limit=moment.limit,
        until=max(until, case.now),
        untold=untold,
    )


_NEVER_STALE = frozenset({CONFIRMATION, STANDS, UNTOLD, STUCK})
ANSWERED, WHAT_CAME = "answered?", "what came of it?"  # how the clocks of such reminders begin


def _keeps(clock: str) -> bool:
    return clock in _NEVER_STALE or clock.startswith((ANSWERED, WHAT_CAME, MORNING_CHASE))


def _all(case: Case) -> Iterator[Moment]:
    if case.dispute.state is State.PROPOSED:
        yield from _while_proposed(case)
        return
    if (held := held_back(case)) is not None:
        yield Moment(f"{held.key}:goes on", held.at, What.GO_ON, held.clock, held.limit)
    yield from _stage_moments(case)
    yield from _act_moments(case)
    yield from _route_moments(case)
    yield from _cap_moments(case)
    yield from _chases(case)
    yield from _untold(case)
    yield from _awaited_answers(case)
    yield from _meetings(case)


def _while_proposed(case: Case) -> Iterator[Moment]:
    """What is due while a resolution is proposed: saying RESOLVED changes no limit, and no published text stops a clock
    for a claim. By the side that raised it, it holds the automatic move for two working days, caps apart; by a side
    that was challenged, nothing. Nor does it end the reminding once a limit is past: for the side that raised it, that
    waits as long as the move does."""
    yield from _waiting_for_confirmation(case)
    yield from _still_standing(case)
    until = _held_until(case)
    for rung in _chases(case):
        yield replace(rung, at=_morning_after(until, case.calendar)) if until and rung.at <= until else rung
    for moment in _stage_moments(case):
        if moment.what is What.LIMIT:
            yield replace(moment, at=max(moment.at, until)) if until else moment
    yield from (moment for moment in _cap_moments(case) if moment.what is What.CAP)


def _morning_after(instant: datetime, calendar: Calendar) -> datetime:
    return calendar.morning_of(calendar.next_working(calendar.local(instant).date()))


def _held_until(case: Case) -> datetime | None:
    if case.dispute.proposal is None or case.dispute.proposal.side is not Side.RAISING:
        return None
    calendar = case.calendar
    return calendar.close_of(calendar.nth_after(calendar.local(case.dispute.proposal.at).date(), HELD_FOR_DAYS))


def _key(case: Case, name: str, limit: datetime) -> str:
    """The key by which what is due is done once: once per stay in a stage, and once more each time a date was
    agreed or given for the child in it, before ``limit`` had passed. A calendar that changes moves a limit that has
    not passed, and never brings back one that has. What was put back gives its key to nothing else: what is due anew
    is done anew."""
    dispute = case.dispute
    told = (p for p in enumerate(dispute.history[dispute.began :], dispute.began) if _sets_a_date(p[1], case))
    standing = (n for n, (at, past) in enumerate(told, 1) if at not in dispute.undone and past.at < limit)
    return f"{_stay(dispute)}:{name}:{max(standing, default=0)}"


def _stay(dispute: Dispute) -> int:
    """The number of the present stay in a stage, for the keys of what is due: of all that ever began, those put back
    among them, so that no two stays ever have one."""
    put_back = (n for n in dispute.undone if n < dispute.began and isinstance(dispute.history[n], e.BEGINS_A_STAY))
    return len(dispute.visits) + sum(1 for _ in put_back)


def _sets_a_date(past: e.Event, case: Case) -> bool:
    agreed = isinstance(past, e.DateAgreed) and moves_a_limit(past, case.protocol)
    return agreed or isinstance(past, e.ProtectiveDateSet)


def _stage_moments(case: Case) -> Iterator[Moment]:
    limit = case.stage_limit
    if limit is not None:
        yield from _reminder(case, limit.clock, limit.holds)
        yield _moment_of(limit, case)
    # A day by which the child needs it brings what a limit brings, also where the stage's own comes before it.
    then = AtLimit.ASK if limit is None else limit.at_limit
    for on in dates_beyond(case.dispute, case.protocol, case.calendar):
        if next_rung(case.dispute, case.protocol, case.calendar) is None:  # else they are asked each morning as it is
            yield from _reminder(case, BY_PROTECTIVE, on)
        yield Moment(_key(case, f"{BY_PROTECTIVE} {on.isoformat()}", on), on, What.LIMIT, BY_PROTECTIVE, on, then)


def _reminder(case: Case, clock: str, limit: datetime) -> Iterator[Moment]:
    morning = _morning_of(limit, case.calendar)
    if _told(case.dispute) < morning < limit:
        yield Moment(_key(case, f"remind {clock}", limit), morning, What.REMIND, clock, limit)


def _moment_of(limit: Limit, case: Case) -> Moment:
    """The moment that falls due when a limit comes."""
    key = _key(case, limit.clock, limit.holds)
    return Moment(key, limit.holds, What.LIMIT, limit.clock, limit.holds, limit.at_limit)


def _told(dispute: Dispute) -> datetime:
    """For a reminder that is due, when the people of a stage last had a letter that names its limit: no reminder is due
    twice in a morning."""
    letters = (e.StageEntered, e.ResolutionObjected, e.DateAgreed, e.ProtectiveDateSet, e.DisputeReopened)
    return max((p.at for p in dispute.lately if isinstance(p, letters)), default=dispute.visit.entered)


def _act_moments(case: Case) -> Iterator[Moment]:
    """What is due for acts inside a stage that have a clock of their own: "refer in writing", "the
    other manager replies"."""
    dispute = case.dispute
    if final_route(dispute, case.protocol) is not None:
        return  # the stage's own acts are over: it is with whoever decides
    main = case.stage_limit
    for limit in case.limits:
        clock = case.protocol.clocks.get(limit.clock)
        if clock is None or (main and limit.clock == main.clock):
            continue
        if _is_late(limit, clock):
            at = max(limit.holds, dispute.opened)
            yield Moment(f"late {limit.clock}", at, What.LIMIT, limit.clock, limit.holds, limit.at_limit)
        if limit.done is not None or is_done(dispute, clock, case.protocol):
            continue
        if limit.at_limit is not AtLimit.NOTHING and limit.holds > dispute.visit.entered:
            yield _moment_of(limit, case)


def _is_late(limit: Limit, clock: Clock) -> bool:
    """Is what is due the remark that the raising itself came later than the procedure asks? It is
    accepted, and flagged (WO-22)."""
    flagged = clock.start is Happening.DECISION_MADE and limit.at_limit is AtLimit.FLAG
    return flagged and limit.done is not None and limit.done > limit.holds


def _route_moments(case: Case) -> Iterator[Moment]:
    """What is due in a route's time: that of whoever opens it and that of whoever decides it."""
    main = case.stage_limit
    for limit in case.limits:
        if "." in limit.clock and limit.done is None and (main is None or limit.clock != main.clock):
            yield Moment(f"route {limit.clock}", limit.holds, What.LIMIT, limit.clock, limit.holds, limit.at_limit)


def _cap_moments(case: Case) -> Iterator[Moment]:
    """What is due for a cap, an overall length: on the morning of its day, where it points to a stage ("On Day 5
    …"); and when it passes."""
    dispute = case.dispute
    for limit in cap_limits(dispute, case.protocol, case.calendar):
        cap = case.protocol.caps[limit.clock]
        if dispute.stage not in cap.stages or _was_settled_at(limit.holds, dispute):
            continue
        morning = _morning_of(limit.holds, case.calendar)
        if _is_ahead(cap.then, case) and _told(dispute) < morning < limit.holds:
            yield Moment(f"cap morning {cap.id}", morning, What.REMIND, cap.id, limit.holds)
        yield Moment(f"cap {cap.id}", limit.holds, What.CAP, cap.id, limit.holds, cap.at_limit)


def _was_settled_at(instant: datetime, dispute: Dispute) -> bool:
    """Is nothing due for a cap because the dispute was closed when it came, and opened again since? A cap that ended
    meanwhile had been kept, and sets nothing now."""
    stays = zip(dispute.visits, dispute.visits[1:], strict=False)
    return any(v.how == "reopened" and before.left and before.left <= instant <= v.entered for before, v in stays)


def _is_ahead(stage: str, case: Case) -> bool:
    """Is the stage that a cap points to still to come?"""
    order = case.protocol.order()
    return stage in order and order.index(stage) > order.index(case.dispute.stage)


def _chases(case: Case) -> Iterator[Moment]:
    """The reminding that is due while a limit is past and the procedure waits for a person: the next rung of the
    ladder (``clocks.silence``), one a working morning, until there is none."""
    dispute = case.dispute
    passed = [p for p in dispute.lately if isinstance(p, e.LimitPassed) and p.then is AtLimit.ASK]
    if not passed or final_route(dispute, case.protocol) is not None:
        return
    calendar, limit = case.calendar, ([p for p in passed if p.clock != BY_PROTECTIVE] or passed)[-1].limit
    if next_stage(case) is None:
        yield from _stuck(dispute, calendar, limit, case.now)
        return
    rung = next_rung(dispute, case.protocol, calendar)
    if rung is not None:
        whom, at = rung
        before = sum(isinstance(p, e.Reminded) and p.clock.startswith(MORNING_CHASE) for p in dispute.lately)
        name = f"{_stay(dispute)}:{MORNING_CHASE}:{before}"
        yield Moment(name, at, What.REMIND, f"{MORNING_CHASE}: {whom}", limit)


def _stuck(dispute: Dispute, calendar: Calendar, limit: datetime, now: datetime) -> Iterator[Moment]:
    """The weekly report that is due where nothing follows the last stage and nobody decides there, until a person
    closes it (PL-19); the newest week alone after an outage."""
    begun = calendar.local(limit).date()
    weeks = max((calendar.local(now).date() - begun).days // 7, 1)
    for week in (weeks, weeks + 1):
        day = begun + timedelta(days=7 * week)
        at = calendar.morning_of(day if calendar.is_working(day) else calendar.next_working(day))
        yield Moment(f"{_stay(dispute)}:{STUCK}:{week}", at, What.REMIND, STUCK, limit)


def _waiting_for_confirmation(case: Case) -> Iterator[Moment]:
    """What is due at the end of the procedure's own time for confirming a resolution in writing, where
    it has one here (WO-09)."""
    dispute = case.dispute
    assert dispute.proposal is not None
    calendar, proposed = case.calendar, dispute.proposal.at
    last_day = calendar.nth_after(calendar.local(proposed).date(), CONFIRM_WITHIN_DAYS)
    own = {c.id for c in case.protocol.clocks_of(dispute.stage) if c.done_when is Happening.CONFIRMED}
    running = case.limits
    at = next((limit.holds for limit in running if limit.clock in own), calendar.close_of(last_day))
    yield Moment(f"{_stay(dispute)}:unconfirmed:{proposed.isoformat()}", at, What.REMIND, CONFIRMATION, at)


def _still_standing(case: Case) -> Iterator[Moment]:
    """What is due on the working morning after a resolution was reported, where it still waits: word to those who were
    asked nothing. Most are answered the same day, and then the letter that says what came of it is the only one."""
    dispute = case.dispute
    assert dispute.proposal is not None
    at = _morning_after(dispute.proposal.at, case.calendar)
    if hears_that_it_stands(case):
        yield Moment(f"{_stay(dispute)}:stands:{dispute.proposal.at.isoformat()}", at, What.REMIND, STANDS, at)


def hears_that_it_stands(case: Case) -> list[Person]:
    """Who hears on the next morning due for it that a resolution waits: whoever raised it, who may always say no (G12),
    unless they reported it or have been asked themselves."""
    proposal, stage = case.dispute.proposal, case.stage
    asked = {*stage.raising, *stage.receiving} if proposal is not None else {"raiser"}
    return [p for p in in_roles(("raiser",), case) if "raiser" not in asked and proposal and p != proposal.by]


def _untold(case: Case) -> Iterator[Moment]:
    """What is due while nobody on the other side is known: after four working hours the Business
    Manager hears of it (D3); so of an agency that came later, from then on."""
    dispute = case.dispute
    others = [p for p in dispute.parties if p.side is Side.RECEIVING and p.person.address]
    reached = {dispute.agency_of(p) for p in others}
    several = len(dispute.receiving_agencies) > 1
    all_reached = others and not (several and set(dispute.receiving_agencies) - reached)
    if all_reached or not case.stage.receiving:
        return
    joined = [past.at for past in dispute.history if isinstance(past, e.AgencyJoined)]
    calendar, at = case.calendar, max((dispute.opened, *joined)) + TOLD_WITHIN
    day = calendar.local(at).date()
    if not calendar.is_working(day) or at > calendar.close_of(day):
        at = calendar.morning_of(calendar.next_working(day))
    yield Moment(f"untold{len(joined) or ''}", at, What.REMIND, UNTOLD, at)


def _awaited_answers(case: Case) -> Iterator[Moment]:
    """A question due once a route that somebody took expects an answer from outside ("a response provided in writing"):
    whether it came is asked of whoever took it, once."""
    for place, past in enumerate(case.dispute.history):
        route = case.protocol.routes.get(past.route) if isinstance(past, e.RouteTaken) else None
        if route is not None and route.expects_within is not None and place not in case.dispute.undone:
            protocol = case.protocol
            at, _ = after(case.calendar, protocol.counting, past.at, route.expects_within, "the day it was asked")
            yield Moment(f"{ANSWERED} {place}", at, What.REMIND, f"{ANSWERED} {route.id}", at)


def _meetings(case: Case) -> Iterator[Moment]:
    """A question due on the working morning after a meeting that was told of: what came of it, asked once of whoever
    told of it. No limit waits for it; and once somebody has said since what came of it, nothing is asked."""
    dispute, calendar = case.dispute, case.calendar
    for place, past in enumerate(dispute.history):
        if not isinstance(past, e.MeetingPlanned) or place in dispute.undone or past.at < dispute.visit.entered:
            continue
        told = (e.MeetingHeld, e.ResolutionProposed, e.MeetingPlanned)
        if any(isinstance(later, told) for later in dispute.history[place + 1 :]):
            continue
        at = calendar.morning_of(calendar.next_working(past.on))
        yield Moment(f"{WHAT_CAME} {place}", at, What.REMIND, f"{WHAT_CAME} {past.on.isoformat()}", at)


def _asked_what_came(case: Case, moment: Moment) -> list[e.Event]:
    if not moment.clock.startswith(WHAT_CAME):
        return []
    planned = case.dispute.history[int(moment.key.rpartition(" ")[2])]
    assert isinstance(planned, e.MeetingPlanned)
    following = next_stage(case)
    up = "REFER" if following is not None and is_partnership_stage(following) else "ESCALATE"
    raising = side_of(case.dispute, planned.by) is Side.RAISING
    otherwise = f"{up if raising and following is not None else 'NOT RESOLVED'} with what remains unresolved"
    here = case.dispute.stage
    learns = any(r.record_learning and here in (r.stages or (here,)) for r in case.protocol.routes.values())
    learning = " Has any learning been identified? Add a line “Learning:”." if learns else ""
    question = (
        f"What came of the meeting of {planned.on.day} {planned.on:%B}? If it is settled, reply RESOLVED with what was "
        f"agreed and actual dates; if not, {otherwise}; if it was put off, the day on which you meet.{learning}"
    )
    return [QuestionAsked(at=case.now, of=planned.by, question=question, topic="meeting")]


def _morning_of(limit: datetime, calendar: Calendar) -> datetime:
    return calendar.morning_of(calendar.local(limit).date())


def _reminded(dispute: Dispute, moment: Moment, now: datetime) -> e.Event:
    return e.Reminded(at=now, key=moment.key, clock=moment.clock, stage=dispute.stage, limit=moment.limit)


def _asked_whether_answered(case: Case, moment: Moment) -> list[e.Event]:
    if not moment.clock.startswith(ANSWERED):
        return []
    taken = case.dispute.history[int(moment.key.rpartition(" ")[2])]
    assert isinstance(taken, e.RouteTaken)
    route = case.protocol.routes[taken.route]
    contact = f" If it has not, please ring the {route.contact.name}: {route.contact.number}." if route.contact else ""
    answer = "Reply NOTE and what it says, and it is kept on the record."
    question = f"{route.name}: has the {route.expects} come? {answer}{contact}"
    return [QuestionAsked(at=case.now, of=taken.by, question=question, topic=f"answer:{route.id}")]


def _passed(case: Case, moment: Moment, unread: datetime | None, already: bool) -> list[e.Event]:
    """The events due when a limit passes. ``already``: another limit of the same instant has asked, so that this one
    adds no second letter."""
    cap = case.protocol.caps.get(moment.clock)
    following = next_stage(case)
    then = AtLimit.NOTHING if already else moment.then
    if then is AtLimit.MOVE_UP and (following is None or is_partnership_stage(following)):
        then = AtLimit.ASK if following else AtLimit.FLAG
    if then is AtLimit.ASK and following is None and deciders(case.dispute, case.protocol):
        then = AtLimit.FLAG  # there is nothing to ask the two sides: it is for those who decide
    held = then is AtLimit.MOVE_UP and case.dispute.move_held is not None
    then = AtLimit.ASK if held else then
    passed = e.LimitPassed(
        at=case.now,
        key=moment.key,
        clock=moment.clock,
        stage=case.dispute.stage,
        limit=moment.limit,
        then=then,
        held=held,
        points_to=cap.then if cap and _is_ahead(cap.then, case) else "",
        unread_since=unread,
    )
    if then is not AtLimit.MOVE_UP or following is None:
        ended = case.stage_limit
        last = following is None and ended is not None and ended.clock == moment.clock
        return [passed, *(offered(case, case.now) if last else ())]
    entered = _entered_at(moment.limit, case.now, case.calendar)
    return [passed, *enter(case, following, "limit", entered)]


def _entered_at(limit: datetime, now: datetime, calendar: Calendar) -> datetime:
    """When a move that was due is made, as the stage's beginning: the limit itself (A6.6), unless we were away so long
    that its people could not have been told by the next working morning; then the present, for nobody's time runs
    before they can know of it."""
    next_day = calendar.next_working(calendar.local(limit).date())
    return limit if now <= calendar.morning_of(next_day) else now
