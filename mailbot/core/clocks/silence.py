"""Where nobody answers: who may move a dispute on in place of somebody who is silent, away or not known.

One silent person never locks anybody out. The protocol's file says who may act once the time has passed
(``[silence]``); nobody waits for a person who does not exist, or who is away past the limit.
"""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from mailbot.core.clocks.absences import left_for_good
from mailbot.core.clocks.limits import BY_PROTECTIVE, moves_a_limit
from mailbot.core.procedure.closed_lists import AtLimit, Side
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute

RAISING_SIDE, OFFICE = "raising side", "office"  # words of ``may_move_on`` beside the file's own roles
SILENCE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        RAISING_SIDE: "whoever raised it, and those of their side recorded at that stage or above",
        OFFICE: "the partnership's own office",
    }
)

ASKED, BOTH, MANAGERS = "whoever is asked", "both sides", "their managers"
RUNGS: Mapping[str, str] = MappingProxyType(
    {
        ASKED: "whoever is asked what follows is asked once more",
        BOTH: "they are, and the other side is told that nobody has answered",
        MANAGERS: "the next managers of both sides; where the next stage is the partnership's, everybody else on the "
        "side that raised it, and the office",
    }
)
MORNING_CHASE = "chase"  # how the clock of a reminder on the ladder begins; its rung follows


def may_move_on(dispute: Dispute, protocol: Protocol, address: str) -> bool:
    """After silence, may this person move it up, or refer it, though the stage is not with them?"""
    return bool(address) and waits_for_nobody(dispute, protocol) and _is_named(dispute, protocol, address)


def waits_for_nobody(dispute: Dispute, protocol: Protocol) -> bool:
    """Does silence let them go on: has the time of the present stage, or one that points beyond it, passed; or is there
    nobody on the raising side to wait for?"""
    passed = (p for p in dispute.lately if isinstance(p, e.LimitPassed))
    if any(p.then in (AtLimit.ASK, AtLimit.FLAG, AtLimit.MOVE_UP) and _ends(p, protocol) for p in passed):
        return True
    roles, gone = protocol.stages[dispute.stage].raising, left_for_good(dispute)
    there = (p.person.address for p in dispute.parties if p.role in roles and p.side is Side.RAISING)
    return not any(address not in {"", *gone} for address in there)


def _ends(passed: e.LimitPassed, protocol: Protocol) -> bool:
    """Did silence pass a limit of the stage itself, a date for the child, or a length over several that points to a
    later one?"""
    if passed.points_to or passed.clock == BY_PROTECTIVE:
        return True
    clock = protocol.clocks.get(passed.clock)
    return clock is not None and clock.done_when is None and clock.counts


def _here_or_above(dispute: Dispute, protocol: Protocol) -> frozenset[str]:
    """Who of the raising side goes on after silence: whoever raised it, and those recorded for this stage or a later
    one; never somebody who was brought in to support."""
    order = protocol.order()
    later = (protocol.stages[name] for name in order[order.index(dispute.stage) :])
    return frozenset({"raiser", *(role for stage in later for role in stage.raising)})


def _is_named(dispute: Dispute, protocol: Protocol, address: str) -> bool:
    named = protocol.silence.may_move_on
    mine = [p for p in dispute.parties if p.person.address == address]
    if RAISING_SIDE in named and any(
        p.side is Side.RAISING and p.role in _here_or_above(dispute, protocol) for p in mine
    ):
        return True
    if OFFICE in named and address in protocol.office_addresses:
        return True
    offices = {r.id for r in protocol.roles.values() if r.address.lower() == address}
    return bool(({p.role for p in mine} | offices) & set(named))


# The ladder of reminders, once a limit has passed and a person must say what follows: one rung each working morning,
# from the person who is asked to those above, and then an end. The office's digest goes on naming it.


def next_rung(dispute: Dispute, protocol: Protocol, calendar: Calendar) -> tuple[str, datetime] | None:
    """Whom silence is told to next, and on which working morning; None where no limit waits for a person, or nobody is
    left to remind. Never two rungs in one morning, and none on the day on which the silence began."""
    silence = _of_the_silence(dispute, protocol)
    climbed = [p.at for p in silence if isinstance(p, e.Reminded) and p.clock.startswith(MORNING_CHASE)]
    begun = [past.at for past in silence if not isinstance(past, e.Reminded)]
    if not begun or len(climbed) >= len(protocol.silence.remind):
        return None
    last = calendar.local(max((*begun, *climbed))).date()
    return protocol.silence.remind[len(climbed)], calendar.morning_of(calendar.next_working(last))


def is_silent(dispute: Dispute, protocol: Protocol) -> bool:
    """Silence: has a limit passed that asked somebody what follows, since the stage began or a later date was agreed
    in it?"""
    return any(not isinstance(past, e.Reminded) for past in _of_the_silence(dispute, protocol))


def _is_answer(past: e.Event) -> bool:
    """Does it break a silence: somebody's no? A date that the procedure forbids is refused by nobody, and whoever puts
    one each morning is as silent as before."""
    return isinstance(past, e.ResolutionObjected) or (isinstance(past, e.DateRefused) and past.why == e.NO)


def _is_childs_day(past: e.Event) -> bool:
    """Does a silence begin anew with it: the day by which the child needed this, after the stage's own limit?"""
    return _begins(past) and isinstance(past, e.LimitPassed) and past.clock == BY_PROTECTIVE


def _is_later_date(past: e.Event, protocol: Protocol) -> bool:
    """Does it end a silence: a date agreed by which the stage's own limit moved, and not that of a reply?"""
    clock = protocol.clocks.get(past.clock) if isinstance(past, e.DateAgreed) else None
    return isinstance(past, e.DateAgreed) and moves_a_limit(past, protocol) and (not clock or clock.done_when is None)


def asked_on(dispute: Dispute, protocol: Protocol, calendar: Calendar, before: date) -> tuple[date, ...]:
    """In a silence, the days before ``before`` on which whoever is asked what follows had a letter that asked it, in
    order: at each limit that passed in this silence, at a cap's own morning, and at each rung that is theirs. Their
    managers' rung asks them nothing."""
    asked = (p for p in _of_the_silence(dispute, protocol) if _has_asked(p, protocol))
    days = {calendar.local(past.at).date() for past in asked}
    return tuple(sorted(day for day in days if day < before))


def _has_asked(past: e.Event, protocol: Protocol) -> bool:
    return _begins(past) or (isinstance(past, e.Reminded) and _asks(past.clock, protocol))


def _begins(past: e.Event) -> bool:
    """Does it begin a silence: a limit that passed and asked somebody what follows?"""
    return isinstance(past, e.LimitPassed) and past.then is AtLimit.ASK


def _asks(clock: str, protocol: Protocol) -> bool:
    """Does a reminder in a silence ask its reader what follows?"""
    rung = clock.removeprefix(MORNING_CHASE).strip(": ") if clock.startswith(MORNING_CHASE) else ""
    return clock in protocol.caps or rung in (ASKED, BOTH)


def _of_the_silence(dispute: Dispute, protocol: Protocol) -> list[e.Event]:
    """What belongs to the present silence: the limits that asked somebody, or what was put back after them, and the
    reminders since. A later date ends it; a date that was put back has begun none."""
    kept: dict[int, e.Event] = {}
    for place, past in enumerate(dispute.history[dispute.began :], dispute.began):
        if place in dispute.undone:
            continue
        if isinstance(past, e.MisreadUndone):
            since = min((n for n in past.places if isinstance(dispute.history[n], _DATES)), default=place)
            kept = {n: one for n, one in kept.items() if n < since}
        elif _is_later_date(past, protocol):
            kept = {}
        elif _is_childs_day(past):
            kept = {place: past}
        elif _is_answer(past):
            kept = {place: past} if any(_begins(one) or _is_answer(one) for one in kept.values()) else {}
        elif _begins(past) or isinstance(past, e.Reminded):
            kept[place] = past
    return list(kept.values())


_DATES = e.DateAgreed | e.ProtectiveDateSet
