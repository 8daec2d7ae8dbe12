"""The rows of the weekly digest, and how each is found in the disputes. References only: no initials, no names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mailbot.core.clocks.calendar import Calendar
from mailbot.core.clocks.limits import Limit
from mailbot.core.decisions.deciders import deciders
from mailbot.core.decisions.owed import unanswered
from mailbot.core.happened import correspondence as c
from mailbot.core.happened import events as e
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.parts import State
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.protocol import Protocol, Role

Week = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class HeldMessage:
    """A message that waits for a person, and how long it has."""

    number: int
    reason: str
    received: datetime
    waiting: timedelta


@dataclass(frozen=True, slots=True)
class Need:
    """Something only a person can do. ``reference`` is "" where no dispute is concerned."""

    what: str
    reference: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenRow:
    """One open dispute. ``with_whom`` is a role and agency; ``days_over`` working days past the limit, 0 before it."""

    reference: str
    raising: str
    receiving: str
    stage: str
    with_whom: str
    limit: datetime | None
    days_over: int
    last_contact: datetime
    agreed: date | None = None  # a later date both sides agreed, which the procedure records and does not let stand


@dataclass(frozen=True, slots=True)
class Due:
    day: date
    rows: tuple[OpenRow, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """``how``: "by a person" or "by the limit" (nobody had answered); a referral says so."""

    reference: str
    stage: str
    how: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """``days``: working days from the raising to the closing; the same day is 0."""

    reference: str
    stage: str
    outcome: str
    days: int


@dataclass(frozen=True, slots=True)
class Remark:
    reference: str
    what: str


@dataclass(frozen=True, slots=True)
class Received:
    """``parts`` is what became of the messages, largest first; ``unaccounted`` is 0, or something is wrong."""

    total: int
    parts: tuple[tuple[str, int], ...]
    unaccounted: int


def received(counts: Mapping[str, int]) -> Received:
    """ "Received 214 = 160 filed + 31 automatic + … ": and how many are unaccounted for."""
    parts = tuple(sorted(((k, n) for k, n in counts.items() if k != "received" and n), key=lambda p: (-p[1], p[0])))
    accounted = sum(number for _, number in parts)
    total = counts.get("received", accounted)
    return Received(total, parts, total - accounted)


def within(at: datetime | None, week: Week) -> bool:
    return at is not None and week[0] <= at < week[1]


def row(dispute: Dispute, protocol: Protocol, calendar: Calendar, held: Limit | None, now: datetime) -> OpenRow:
    over, limit = 0, calendar.local(held.holds) if held else None
    if limit is not None and limit < now:
        over = calendar.working_days_between(limit.date(), calendar.local(now).date())
    return OpenRow(
        reference=dispute.reference,
        raising=dispute.raising,
        receiving=dispute.receiving or "not yet known",
        stage=protocol.stage_name(dispute.stage),
        with_whom=_with_whom(dispute, protocol),
        limit=limit,
        days_over=over,
        last_contact=calendar.local(_last_contact(dispute)),
        agreed=_recorded_only(dispute, calendar, held),
    )


def _recorded_only(dispute: Dispute, calendar: Calendar, held: Limit | None) -> date | None:
    here = [agreed.on for agreed in dispute.agreed_dates if agreed.stage == dispute.stage]
    return here[-1] if here and held is not None and calendar.close_of(here[-1]) > held.holds else None


def _with_whom(dispute: Dispute, protocol: Protocol) -> str:
    """Roles and agencies, both sides alike: who it is with is no statement about who is late."""
    stage = protocol.stages[dispute.stage]
    if dispute.state is State.PROPOSED:
        waiting = [dispute.agency(s) for s in (Side.RAISING, Side.RECEIVING) if s not in dispute.confirmed]
        return f"{' and '.join(filter(None, waiting)) or 'the other agency'}, to confirm"
    decide = deciders(dispute, protocol)
    if decide:
        return protocol.roles[decide[0]].title
    sides = ((stage.raising, dispute.raising), (stage.receiving, dispute.receiving))
    return " and ".join(
        f"{_short(protocol.roles[roles[0]])} ({agency or 'not yet known'})" for roles, agency in sides if roles
    )


def _short(role: Role) -> str:
    return role.title.split(",")[0].split(" or ")[0]


# What people do; the rest of a history is what time or the program did.
_BY_PEOPLE = (
    e.DisputeOpened, e.FieldRecorded, e.PersonRecorded, e.ResolutionProposed, e.ResolutionConfirmed,
    e.ResolutionObjected, e.DateProposed, e.DateAgreed, e.DateRefused, e.ProtectiveDateSet, e.MeetingHeld,
    e.ActionReported, e.PersonHandedOver, c.MessageFiled, c.StatusAsked, c.RiskReported,
)  # fmt: skip


def _last_contact(dispute: Dispute) -> datetime:
    return max((event.at for event in dispute.history if isinstance(event, _BY_PEOPLE)), default=dispute.opened)


def is_past(row: OpenRow, now: datetime) -> bool:
    return row.limit is not None and row.limit < now


def due(rows: Iterable[OpenRow], calendar: Calendar, now: datetime) -> tuple[Due, ...]:
    """What falls due in the seven days from now, by day."""
    today = calendar.local(now).date()
    days: dict[date, list[OpenRow]] = {}
    for row in rows:
        if row.limit is None or row.limit < now:
            continue
        day = calendar.local(row.limit).date()
        if (day - today).days < 7:
            days.setdefault(day, []).append(row)
    return tuple(Due(day, tuple(sorted(days[day], key=lambda r: r.reference))) for day in sorted(days))


def needs(disputes: Sequence[Dispute], held: Sequence[HeldMessage], calendar: Calendar, week: Week) -> tuple[Need, ...]:
    """Urgent messages first, then what could not be delivered, then who is away, then what waits, the oldest first."""
    urgent = _reports(disputes, calendar, week, c.RiskReported, "A message may have meant immediate danger")
    family = _reports(disputes, calendar, week, c.OutsiderNoticed, "Somebody outside the agencies was on a message")
    failed = _reports(disputes, calendar, week, c.NoticeFailed, "A letter could not be delivered")
    away = _reports(disputes, calendar, week, c.AbsenceNoticed, "Somebody's automatic reply says they are away")
    waiting = tuple(
        Need(
            f"Message {m.number} has waited {_waited(m.waiting)}: {m.reason.rstrip('.')}",
            "",
            calendar.local(m.received),
        )
        for m in sorted(held, key=lambda m: m.received)
    )
    return (*urgent, *family, *failed, *away, *waiting)


def _waited(waiting: timedelta) -> str:
    hours = int(waiting.total_seconds() // 3600)
    days = hours // 24
    return f"{days} day{'s' if days > 1 else ''}" if days else f"{hours} hour{'s' if hours != 1 else ''}"


def _reports(
    disputes: Sequence[Dispute], calendar: Calendar, week: Week, kind: type[e.Event], what: str
) -> tuple[Need, ...]:  # fmt: skip
    return tuple(
        Need(what, dispute.reference, calendar.local(event.at))
        for dispute in disputes for event in dispute.history
        if isinstance(event, kind) and within(event.at, week)
    )  # fmt: skip


def moved(disputes: Sequence[Dispute], protocol: Protocol, week: Week) -> tuple[Moved, ...]:
    ways = {"limit": "by the limit", "referred": "referred", "asked": "by a person", "reopened": "reopened"}
    return tuple(
        Moved(dispute.reference, protocol.stage_name(visit.stage), ways.get(visit.how, visit.how))
        for dispute in disputes for visit in dispute.visits
        if visit.how != "opening" and within(visit.entered, week)
    )  # fmt: skip


def resolved(
    disputes: Sequence[Dispute], protocol: Protocol, calendar: Calendar, week: Week
) -> tuple[Resolved, ...]:  # fmt: skip
    rows = []
    for dispute in disputes:
        if dispute.closed is None or not within(dispute.closed, week):
            continue
        outcome = protocol.outcomes.get(dispute.outcome)
        first, last = calendar.local(dispute.raised).date(), calendar.local(dispute.closed).date()
        rows.append(
            Resolved(
                dispute.reference,
                protocol.stage_name(dispute.stage),
                outcome.label if outcome else dispute.outcome,
                calendar.working_days_between(first, last),
            )
        )
    return tuple(rows)


def resolved_but(disputes: Sequence[Dispute], today: date, week: Week) -> tuple[Remark, ...]:
    rows = []
    for dispute in disputes:
        if dispute.state is State.PROPOSED:
            rows.append(Remark(dispute.reference, "reported as resolved, not confirmed by the other side"))
        if dispute.closed is None:
            continue
        undated = sum(1 for action in dispute.actions if action.by is None and not action.done)
        late = sum(1 for action in dispute.actions if action.by and action.by < today and not action.done)
        if undated and within(dispute.closed, week):
            rows.append(Remark(dispute.reference, f"{_actions(undated)} without an actual date"))
        if late:
            rows.append(Remark(dispute.reference, f"{_actions(late)} past the date, not reported done"))
    return tuple(rows)


def _actions(number: int) -> str:
    return "1 action" if number == 1 else f"{number} actions"


def missing_names(disputes: Sequence[Dispute], protocol: Protocol) -> tuple[Remark, ...]:
    """Managers' names still missing at the stage that asks for them, by agency (NS-08)."""
    rows = []
    for dispute in disputes:
        asked = [r for r in protocol.roles.values() if r.ask_at == dispute.stage]
        lacking = [r for r in asked if not any(p.person.address for p in dispute.filling(r.id))]
        if dispute.is_open and lacking:
            names = ", ".join(f"{_short(r)} ({dispute.agency(r.side) or 'other agency'})" for r in lacking)
            rows.append(Remark(dispute.reference, names))
        if dispute.is_open and dispute.visits:
            rows += [
                Remark(dispute.reference, f"{role.title}, who must be told") for role in unanswered(dispute, protocol)
            ]
    return tuple(rows)


def learning(disputes: Sequence[Dispute], protocol: Protocol, week: Week) -> tuple[Remark, ...]:
    rows = []
    for dispute in disputes:
        for event in dispute.history:
            if not within(event.at, week):
                continue
            if isinstance(event, e.RouteTaken):
                route = protocol.routes.get(event.route)
                rows.append(Remark(dispute.reference, route.name if route else event.route))
            elif isinstance(event, c.FeedbackGiven):
                mark = f": {event.helpful} of 5" if event.helpful is not None else ""
                rows.append(Remark(dispute.reference, f"feedback{mark}"))
    return tuple(rows)
