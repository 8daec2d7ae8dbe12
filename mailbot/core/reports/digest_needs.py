"""The digest's needs, what only a person can do: in open disputes, among the mail that waits, and in closed ones of
which nobody has said whether what was agreed happened."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from mailbot.core.clocks.absences import is_past_limit, left_for_good
from mailbot.core.clocks.silence import OFFICE, is_silent, next_rung
from mailbot.core.decisions.after_closing import answer, was_asked
from mailbot.core.decisions.stages import is_partnership_stage, stage_after
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, State, final_route
from mailbot.core.record.events_of_mail import AbsenceNoticed, NoticeFailed, OutsiderNoticed, RiskReported
from mailbot.core.record.intents import Person
from mailbot.core.reports.digest_rows import Remark, Week, short
from mailbot.core.reports.measures import CountedBy, within_period

# What only a person can do, found for the digest's first part: in the disputes, and among the mail that waits.
#
# Roles and agencies, never names; and of a message's reason nothing that looks like an address, for some reasons
# quote what a stranger wrote.


class NeedKind(StrEnum):
    """In the order in which they are shown; the words are the digest's own headings."""

    URGENT = "Possible immediate danger"
    UNDELIVERED = "Not delivered"
    UNREADABLE = "Could not be read"
    UNCLEAR = "Unclear for more than a working day"
    QUARANTINED = "In quarantine"
    AWAY = "Away past a limit"
    UNKNOWN = "Nobody known whose turn it is"
    DISCLOSURE = "Possible disclosure: the wrong child, or somebody outside the agencies"
    SPENT = "Past the limit, with no reminder left"
    LATE = "A limit that passed while mailbot was not at work"


@dataclass(frozen=True, slots=True)
class HeldMessage:
    """A message that waits for a person, and how long it has. ``urgent``: it may speak of danger."""

    number: int
    reason: str
    received: datetime
    waiting: timedelta
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What happened in no dispute: this week's ``urgent`` messages that do not wait any more, and ``undelivered``
    letters; ``all_urgent``: when each urgent message came, of any week, waiting or not."""

    urgent: tuple[datetime, ...] = ()
    undelivered: tuple[datetime, ...] = ()
    all_urgent: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """Something only a person can do. ``reference`` is "" where no dispute is concerned, ``number`` 0 where no message
    waits under one. ``of`` is how many messages the one line tells of."""

    what: str
    reference: str = ""
    since: datetime | None = None
    kind: NeedKind = NeedKind.UNCLEAR
    number: int = 0
    of: int = 1


WhoWasTold = Callable[[Dispute, RiskReported], Sequence[str]]
NOTHING_ELSEWHERE = Elsewhere()
ACTED_ON_LATE = timedelta(hours=4)


def needs_in(
    disputes: Sequence[Dispute], by: CountedBy, week: Week, who_was_told: WhoWasTold | None = None
) -> tuple[Need, ...]:
    """The digest's needs that are found in ``disputes``, in no order."""
    protocol, calendar = by.protocol, by.calendar
    return (
        *_reported(disputes, protocol, calendar, week, who_was_told),
        *_nobody_known(disputes, protocol),
        *_spent(disputes, protocol, calendar),
        *_late(disputes, week),
    )


def needs(
    in_disputes: Sequence[Need], held: Sequence[HeldMessage], elsewhere: Elsewhere, calendar: Calendar, week: Week
) -> tuple[Need, ...]:
    """The digest's needs, everything that needs a person, by kind, the oldest of each first."""
    found = [*in_disputes, *_elsewhere(elsewhere), *_waiting(held, calendar, week[1])]
    order = list(NeedKind)
    ordered = sorted(
        found, key=lambda n: (order.index(n.kind), n.of > 1, n.since or week[0], n.reference, n.number)
    )  # what is told in one line for many stands below what is told by itself
    return tuple(replace(n, since=calendar.local(n.since) if n.since else None) for n in ordered)


def unclear_meanwhile(held: Sequence[HeldMessage], calendar: Calendar, now: datetime) -> int:
    """How many messages have writers who were asked within the last working day: no need of the digest's yet, for they
    are nobody else's to do."""
    return sum(kind_of_wait(m) is NeedKind.UNCLEAR and not _has_waited(m, calendar, now) for m in held)


def _reported(
    disputes: Sequence[Dispute], protocol: Protocol, calendar: Calendar, week: Week, who_was_told: WhoWasTold | None
) -> Iterator[Need]:
    for dispute in disputes:
        for event in dispute.history:
            match event:
                case RiskReported() if within_period(event.at, week):
                    told = ", ".join(dict.fromkeys(who_was_told(dispute, event))) if who_was_told else ""
                    what = "A message may have meant immediate danger" + (f". Told at once: {told}" if told else "")
                    yield Need(what, dispute.reference, event.at, NeedKind.URGENT)
                case NoticeFailed() if within_period(event.at, week):
                    whom = role_at(event.address, dispute, protocol)
                    what = f"A letter to {whom} could not be delivered"
                    yield Need(what, dispute.reference, event.at, NeedKind.UNDELIVERED)
                case OutsiderNoticed() if within_period(event.at, week):
                    what = "Somebody outside the agencies was on a message"
                    yield Need(what, dispute.reference, event.at, NeedKind.DISCLOSURE)
                case AbsenceNoticed() if _is_away(event, dispute, calendar, week) and (
                    is_past_limit(event, dispute, protocol, calendar)
                ):
                    yield Need(_away(event, dispute, protocol), dispute.reference, event.at, NeedKind.AWAY)


def _is_away(event: AbsenceNoticed, dispute: Dispute, calendar: Calendar, week: Week) -> bool:
    """Is an absence still a need in the digest: noticed this week, or earlier and not back yet?"""
    today = calendar.local(week[1]).date()
    still = event.left or (event.until is not None and event.until >= today)
    return dispute.is_open and (
        within_period(event.at, week) or (still and dispute.party(event.person.address) is not None)
    )


def _away(event: AbsenceNoticed, dispute: Dispute, protocol: Protocol) -> str:
    who = role_at(event.person.address, dispute, protocol)
    if event.left:
        return f"{who} has left, by their automatic reply"
    until = f" until {event.until:%a} {event.until.day} {event.until:%b}" if event.until else ""
    return f"{who} is away{until}, by their automatic reply"


def role_at(address: str, dispute: Dispute, protocol: Protocol) -> str:
    """Whom a need of the digest is about, by role and agency instead of name: "Line manager
    (Children's Social Care)"."""
    party = dispute.party(address)
    if party is None or party.role not in protocol.roles:
        return "somebody told of it"
    agency = party.person.agency or dispute.agency_of(party)
    title = short(protocol.roles[party.role])
    return f"{title} ({agency})" if agency else title


def roles_told(people: Iterable[Person], dispute: Dispute, protocol: Protocol) -> tuple[str, ...]:
    """Those who were told of a need, by role and agency as the digest says them; an office of the
    partnership by its own title."""
    offices = {role.address.lower(): role.title for role in protocol.roles.values() if role.address}
    return tuple(dict.fromkeys(offices.get(p.address.lower()) or role_at(p.address, dispute, protocol) for p in people))


def _elsewhere(found: Elsewhere) -> Iterator[Need]:
    for at in found.urgent[:MOST_ALIKE]:
        yield Need("A message about no dispute here may have meant immediate danger", "", at, NeedKind.URGENT)
    if more := found.urgent[MOST_ALIKE:]:
        what = f"{len(more)} more messages about no dispute here may have meant immediate danger"
        yield Need(what, "", more[0], NeedKind.URGENT, of=len(more))
    for at in found.undelivered:
        yield Need("A letter about no dispute could not be delivered", "", at, NeedKind.UNDELIVERED)


# How the reasons begin for which mail is held. One that is not here is unclear: its writer, or a person, must say.
_KINDS: tuple[tuple[NeedKind, tuple[str, ...]], ...] = (
    (NeedKind.UNREADABLE, ("it could not be read", "a sealed message", "reading it failed")),
    (
        NeedKind.QUARANTINED,
        (
            "the sender is not recognised",
            "the sender cannot be told",
            "the sending domain says",
            "it gives instructions",
            "the mail system marked it as spam",
            "it offers to unsubscribe",
            "its Precedence is bulk",
            "its address takes no replies",
            "it is a report between mail systems",
            "Auto-Submitted says a machine sent it",
            "it is one of our own letters",
        ),
    ),
)
_QUARANTINED = re.compile(r"its [a-z-]+ header stands twice")
_DISCLOSED = re.compile(r"privacy incident|details of another child")


def kind_of_wait(message: HeldMessage) -> NeedKind:
    """The kind of need in the digest that a waiting message is, by the reason alone, which never changes: a past
    week is told in the same words as it was."""
    if message.urgent or "immediate risk" in message.reason:
        return NeedKind.URGENT
    if _DISCLOSED.search(message.reason):
        return NeedKind.DISCLOSURE
    if _QUARANTINED.match(message.reason):
        return NeedKind.QUARANTINED
    return next((kind for kind, starts in _KINDS if message.reason.startswith(starts)), NeedKind.UNCLEAR)


# Of messages that wait for one and the same reason, so many are told one by one, the longest first, and the rest in one
# line: two thousand strangers must not hide the one message that matters. What is in quarantine is nobody's, and is
# told in one line from the first too many on.
MOST_ALIKE = 3


def _waiting(held: Sequence[HeldMessage], calendar: Calendar, now: datetime) -> Iterator[Need]:
    alike: dict[tuple[NeedKind, str], list[HeldMessage]] = {}
    for message in sorted(held, key=lambda m: (m.received, m.number)):
        kind = kind_of_wait(message)
        if kind is not NeedKind.UNCLEAR or _has_waited(message, calendar, now):
            alike.setdefault((kind, _DIGITS.sub("#", _ADDRESS.sub("", message.reason))), []).append(message)
    for (kind, _), found in alike.items():
        flood = len(found) > MOST_ALIKE + 1
        alone = found if not flood else [] if kind is NeedKind.QUARANTINED else found[:MOST_ALIKE]
        yield from (_one_waiting(message, kind) for message in alone)
        if rest := found[len(alone) :]:
            yield _many_waiting(rest, kind)


def _one_waiting(message: HeldMessage, kind: NeedKind) -> Need:
    what = f"Message {message.number} has waited {_waited(message.waiting)}: {_reason(message)}"
    return Need(what, "", message.received, kind, message.number)


def _many_waiting(found: Sequence[HeldMessage], kind: NeedKind) -> Need:
    numbers = f"from {min(m.number for m in found)} to {max(m.number for m in found)}"
    longest = _waited(max(m.waiting for m in found))
    what = f"{len(found):,} messages, {numbers}, have waited, the longest {longest}: {_reason(found[0])}"
    return Need(what, "", found[0].received, kind, of=len(found))


def _reason(message: HeldMessage) -> str:
    return _ADDRESS.sub("(an address)", message.reason).rstrip(".")


_DIGITS = re.compile(r"\d+")
_ADDRESS = re.compile(r"[^\s<>()\"']+@[^\s<>()\"']+")


def _has_waited(message: HeldMessage, calendar: Calendar, now: datetime) -> bool:
    """Has a waiting message become a need of the digest, after a working day and more: past the close of the
    next one after it came?"""
    return calendar.close_of(calendar.next_working(calendar.local(message.received).date())) < now


def _waited(waiting: timedelta) -> str:
    hours = int(waiting.total_seconds() // 3600)
    days = hours // 24
    return f"{days} day{'s' if days > 1 else ''}" if days else f"{hours} hour{'s' if hours != 1 else ''}"


# What makes a limit pass at an instant later than itself, without anybody having been away.
_WAKES = (e.DisputeOpened, e.ResolutionObjected, e.DisputeReopened, e.MisreadUndone, e.CalendarMoved, e.VersionMoved)


def _spent(disputes: Sequence[Dispute], protocol: Protocol, calendar: Calendar) -> Iterator[Need]:
    """A dispute is a need in the digest once a limit has passed, somebody was asked what follows, and the last
    reminder has gone: the office is the ladder's last rung."""
    for dispute in disputes:
        following = stage_after(dispute, protocol)
        waits = dispute.is_open and is_silent(dispute, protocol) and final_route(dispute, protocol) is None
        if not waits or (following is not None and next_rung(dispute, protocol, calendar) is not None):
            continue
        since = next(p.limit for p in reversed(dispute.lately) if isinstance(p, e.LimitPassed))
        may = following is not None and OFFICE in protocol.silence.may_move_on
        word = "REFER" if following is not None and is_partnership_stage(following) else "ESCALATE"
        line = f"{word if may else 'CLOSE'} {dispute.reference} because"
        what = f"Nobody has said what follows. Please ring both agencies; then, if it is so, reply {line} and why"
        yield Need(what, dispute.reference, since, NeedKind.SPENT)


def _nobody_known(disputes: Sequence[Dispute], protocol: Protocol) -> Iterator[Need]:
    """A dispute is a need in the digest while nobody whom its stage is with is known for an agency, or is there any
    more: the office may know who it is, and can name them."""
    for dispute in disputes:
        stage, gone = protocol.stages[dispute.stage], left_for_good(dispute)
        if dispute.state is not State.OPEN or stage.decided_by:
            continue
        there = [p for p in dispute.parties if p.person.address not in {"", *gone}]
        for side, roles in ((Side.RAISING, stage.raising), (Side.RECEIVING, stage.receiving)):
            for agency in dispute.agencies(side) if roles else ():
                if not any(p.role in roles and p.side is side and dispute.agency_of(p) == agency for p in there):
                    title = short(protocol.roles[roles[0]])
                    line = f"ADD {dispute.reference}, their name and email, and as whom"
                    what = f"{title} ({agency}): nobody is known. If you know who it is, reply {line}"
                    yield Need(what, dispute.reference, dispute.visit.entered, NeedKind.UNKNOWN)


def _late(disputes: Sequence[Dispute], week: Week) -> Iterator[Need]:
    for dispute, event in acted_on_late(disputes, week):
        yield Need(
            "It was acted on only afterwards: please check that nobody was kept waiting",
            dispute.reference,
            event.limit,
            NeedKind.LATE,
        )


def acted_on_late(disputes: Sequence[Dispute], week: Week) -> Iterator[tuple[Dispute, e.LimitPassed]]:
    """The digest's need for a look at limits because they were acted on this week hours after they had passed:
    nothing ran, or the mailbox was out of reach."""
    for dispute in disputes:
        for event in dispute.history:
            if not isinstance(event, e.LimitPassed) or not within_period(event.at, week):
                continue
            late = event.at - event.limit > ACTED_ON_LATE and event.limit > dispute.opened
            woken = any(isinstance(p, _WAKES) and event.limit <= p.at <= event.at for p in dispute.history)
            if late and not woken:
                yield dispute, event


def counted_as(message: HeldMessage) -> str:
    """What became of a message while it waited as a need, in the word under which the digest counts the week's
    messages. One that a person at the partnership must see beside whatever was done with it had been filed."""
    if message.reason.endswith(("possible details of another child", "not in English")):
        return "filed in a dispute" if message.reason.startswith("people talking") else "changed a dispute"
    return "quarantined" if kind_of_wait(replace(message, urgent=False)) is NeedKind.QUARANTINED else "held"


# Closed disputes of which nobody has said whether what was agreed happened: asked twice, and silence since.
#
# Silence is never taken as a yes. It stands in the digest until somebody on the raising side, or the Business
# Manager, says HAPPENED or NOT HAPPENED. A few days are left for an answer first.

PATIENCE = 2  # working days after the last question
SAID = "whether what was agreed happened was asked for the last time, and nobody has answered"


def unanswered_ends(disputes: Sequence[Dispute], calendar: Calendar, now: datetime) -> tuple[Remark, ...]:
    """The needs of closed disputes: one line for each whose last question has gone unanswered."""
    rows = []
    for dispute in disputes:
        asked = was_asked(dispute)
        if asked is None or not asked.last or answer(dispute) is not None:
            continue
        if calendar.close_of(calendar.nth_after(calendar.local(asked.at).date(), PATIENCE)) <= now:
            rows.append(Remark(dispute.reference, SAID))
    return tuple(rows)
