"""The rows of the weekly digest, drawn from the disputes as they stood at its end. References only:
no initials, no names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from mailbot.core.clocks.limits import Limit, dates_beyond, spoken
from mailbot.core.decisions.consequences import unanswered
from mailbot.core.decisions.who_may.authority import deciders
from mailbot.core.partnership.directory import Agency
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.protocol import Protocol, Role
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, State, fold
from mailbot.core.record.events_of_mail import MessageFiled, RiskReported, StatusAsked
from mailbot.core.reports.measures import (
    CLOSED_APART,
    DONE_BY_PEOPLE,
    NO_DATE,
    Period,
    agreed_actions,
    closing_stage,
    days_open,
    known_only_by_limit,
    lacks,
    standing_of_measures,
    within_period,
)

# The rows of the weekly digest, and how each is found in the disputes. References only: no initials, no names.

Week = Period


@dataclass(frozen=True, slots=True)
class OpenRow:
    """One open dispute. ``with_whom`` is a role and agency; ``days_over`` working days past the limit, 0 before it."""

    reference: str
    raising: str
    agencies: str  # all of them, the raising one first
    stage: str
    with_whom: str
    limit: datetime | None
    days_over: int
    last_contact: datetime
    agreed: date | None = None  # a later date both sides agreed, which the procedure records and does not let stand
    note: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    day: date
    rows: tuple[OpenRow, ...]


@dataclass(frozen=True, slots=True)
class MovedRow:
    """``how``: "by a person" or "by the limit" (nobody had answered); a referral says so."""

    reference: str
    stage: str
    how: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """``days``: working days from the raising to the closing; the same day is 0. ``apart``: withdrawn, out of scope."""

    reference: str
    stage: str
    outcome: str
    days: int
    apart: bool = False


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
    """The digest's row of the messages received: "Received 214 = 160 filed + 31 automatic + … ", and how
    many are unaccounted for."""
    parts = tuple(sorted(((k, n) for k, n in counts.items() if k != "received" and n), key=lambda p: (-p[1], p[0])))
    accounted = sum(number for _, number in parts)
    total = counts.get("received", accounted)
    return Received(total, parts, total - accounted)


def open_row(dispute: Dispute, protocol: Protocol, calendar: Calendar, held: Limit | None, now: datetime) -> OpenRow:
    over, limit = 0, calendar.local(held.holds) if held else None
    if limit is not None and limit < now:
        over = calendar.working_days_between(limit.date(), calendar.local(now).date())
    return OpenRow(
        reference=dispute.reference,
        raising=dispute.raising,
        agencies=dispute.between,
        stage=protocol.stage_name(dispute.stage),
        with_whom="; ".join((_with_whom(dispute, protocol), *_needed_by(dispute, protocol, calendar, now))),
        limit=limit,
        days_over=over,
        last_contact=calendar.local(_last_contact(dispute)),
        agreed=_recorded_only(dispute, calendar, held),
    )


def _needed_by(dispute: Dispute, protocol: Protocol, calendar: Calendar, now: datetime) -> list[str]:
    """For a row of the digest: the days still to come by which the child needs it, beside the stage's own limit."""
    ahead = [end for end in dates_beyond(dispute, protocol, calendar) if end > now] if dispute.is_open else []
    return [f"needed for the {protocol.subject} by {spoken(calendar, end)}" for end in ahead]


def closures_told(agencies: Iterable[Agency], first: date, last: date) -> Mapping[str, str]:
    """For rows of the digest: which agencies are closed in these days, and how long: no limit moves with it."""
    found = ((agency.name, agency.closure(first, last)) for agency in agencies)
    return {name: f"{name} closed {_days(*one)}" for name, one in found if one is not None}


def _days(begins: date, ends: date, named: str) -> str:
    until = "" if begins == ends else f" to {ends:%a} {ends.day} {ends:%b}"
    return f"{begins:%a} {begins.day} {begins:%b}{until}{f' ({named})' if named else ''}"


def closed_shown(row: OpenRow, dispute: Dispute, closed: Mapping[str, str]) -> OpenRow:
    """A row of the digest with what is known of its agencies' own closures: why nobody there may answer."""
    told = [closed[name] for name in (dispute.raising, *dispute.receiving_agencies) if name in closed]
    return replace(row, with_whom="; ".join((row.with_whom, *told))) if told else row


def _recorded_only(dispute: Dispute, calendar: Calendar, held: Limit | None) -> date | None:
    here = [agreed.on for agreed in dispute.agreed_dates if agreed.stage == dispute.stage]
    return here[-1] if here and held is not None and calendar.close_of(here[-1]) > held.holds else None


def _with_whom(dispute: Dispute, protocol: Protocol) -> str:
    """Whom a row of the digest says a dispute is with: roles and agencies, both sides alike, for who it is with is no
    statement about who is late."""
    stage = protocol.stages[dispute.stage]
    if dispute.state is State.PROPOSED:
        waiting = [voice.agency or dispute.agency(voice.side) for voice in dispute.unconfirmed()]
        return f"{' and '.join(filter(None, waiting)) or 'the other agency'}, to confirm"
    decide = deciders(dispute, protocol)
    if decide:
        return protocol.roles[decide[0]].title
    sides = ((stage.raising, dispute.raising), (stage.receiving, dispute.agency(Side.RECEIVING)))
    titles = [short(protocol.roles[roles[0]]) for roles, agency in sides if roles and agency]
    if len(titles) == 2 and len(set(titles)) == 1:
        return f"{titles[0]} ({'all' if len(dispute.receiving_agencies) > 1 else 'both'} agencies)"
    return " and ".join(
        f"{short(protocol.roles[roles[0]])} ({agency or 'not yet known'})" for roles, agency in sides if roles
    )


def short(role: Role) -> str:
    return role.title.split(",")[0].split(" or ")[0]


# What is heard of people; the rest of a history is what time or the program did.
_CONTACT = (
    *DONE_BY_PEOPLE,
    e.DisputeOpened,
    e.FieldRecorded,
    e.PersonRecorded,
    MessageFiled,
    StatusAsked,
    RiskReported,
)


def _last_contact(dispute: Dispute) -> datetime:
    return max((event.at for event in dispute.history if isinstance(event, _CONTACT)), default=dispute.opened)


def is_past(row: OpenRow, now: datetime) -> bool:
    return row.limit is not None and row.limit < now


def due_rows(rows: Iterable[OpenRow], calendar: Calendar, now: datetime) -> tuple[Due, ...]:
    """The digest's rows of what falls due in the seven days from now, by day."""
    today = calendar.local(now).date()
    days: dict[date, list[OpenRow]] = {}
    for row in rows:
        if row.limit is None or row.limit < now:
            continue
        day = calendar.local(row.limit).date()
        if (day - today).days < 7:
            days.setdefault(day, []).append(row)
    return tuple(Due(day, tuple(sorted(days[day], key=lambda r: r.reference))) for day in sorted(days))


_WAYS = {"limit": "by the limit", "referred": "referred", "asked": "by a person", "reopened": "reopened"}


def moved(disputes: Sequence[Dispute], protocol: Protocol, week: Week) -> tuple[MovedRow, ...]:
    unseen = known_only_by_limit(disputes, week)
    return tuple(
        MovedRow(
            dispute.reference,
            protocol.stage_name(visit.stage),
            _WAYS.get(visit.how, visit.how),
            "since the opening email nobody has written" if dispute.reference in unseen else "",
        )
        for dispute in disputes
        for visit in dispute.visits
        if visit.how != "opening" and within_period(visit.entered, week)
    )


def resolved(disputes: Sequence[Dispute], protocol: Protocol, calendar: Calendar, week: Week) -> tuple[Resolved, ...]:
    rows = []
    for dispute in (d for d in disputes if within_period(d.closed, week)):
        outcome = protocol.outcomes.get(dispute.outcome)
        rows.append(
            Resolved(
                dispute.reference,
                protocol.stage_name(closing_stage(dispute)),
                outcome.label if outcome else dispute.outcome,
                days_open(dispute, calendar),
                dispute.outcome in CLOSED_APART,
            )
        )
    return tuple(rows)


def resolved_but(disputes: Sequence[Dispute], protocol: Protocol, today: date, week: Week) -> tuple[Remark, ...]:
    """The digest's rows of what is still open about what was resolved: this week's closings,
    and dates gone by since."""
    return tuple(Remark(d.reference, what) for d in disputes for what in _but(d, protocol, today, week))


def _but(dispute: Dispute, protocol: Protocol, today: date, week: Week) -> Iterator[str]:
    if dispute.state is State.PROPOSED:
        yield "reported as resolved, not confirmed by the other side"
    if dispute.closed is None:
        return
    late = sum(1 for action in agreed_actions(dispute) if action.by and action.by < today and not action.done)
    if within_period(dispute.closed, week) and dispute.outcome not in CLOSED_APART:
        if dispute.proposal is not None and not dispute.is_confirmed:
            yield "closed without the other side's confirmation"
        if undated := sum(1 for action in dispute.actions if action.by is None and not action.done):
            yield f"{_counted(undated, 'action')} without an actual date"
        if boxes := [label for label in lacks(dispute, protocol) if label != NO_DATE]:
            yield f"{_counted(len(boxes), 'box', 'boxes')} of the form empty"
    if late:
        yield f"{_counted(late, 'action')} past the date, not reported done"


def _counted(number: int, one: str, more: str = "") -> str:
    return f"1 {one}" if number == 1 else f"{number} {more or one + 's'}"


def missing_names(disputes: Sequence[Dispute], protocol: Protocol) -> tuple[Remark, ...]:
    """The digest's rows of managers' names still missing at the stage that asks for them, by agency (NS-08)."""
    rows = []
    for dispute in disputes:
        asked = [r for r in protocol.roles.values() if r.ask_at == dispute.stage]
        lacking = [r for r in asked if not any(p.person.address for p in dispute.filling(r.id))]
        if dispute.is_open and lacking:
            names = ", ".join(f"{short(r)} ({dispute.agency(r.side) or 'other agency'})" for r in lacking)
            rows.append(Remark(dispute.reference, names))
        if dispute.is_open and dispute.visits:
            rows += [
                Remark(dispute.reference, f"{role.title}, who must be told") for role in unanswered(dispute, protocol)
            ]
    return tuple(rows)


def learning_rows(disputes: Sequence[Dispute], protocol: Protocol, week: Week) -> tuple[Remark, ...]:
    """The digest's rows of learning: routes taken beside the stages this week, such as a gap in the policy, mediation,
    a debrief. Feedback stands apart, for it goes to the partnership without its writer."""
    rows = []
    for dispute in disputes:
        for _, event in standing_of_measures(dispute):
            if isinstance(event, e.RouteTaken) and within_period(event.at, week):
                route = protocol.routes.get(event.route)
                rows.append(Remark(dispute.reference, route.name if route else event.route))
    return tuple(rows)


# A dispute as it stood at an instant, told from its own history: a past week can be made again as it was.


def as_of(dispute: Dispute, end: datetime) -> Dispute | None:
    """A dispute as the digest's rows see it, from what happened before ``end``; None when it had not been opened.

    By the instants events count from: a message that came before ``end`` belongs before it, whenever it was read.
    """
    places = [place for place, event in enumerate(dispute.history) if event.at < end]
    if len(places) == len(dispute.history):
        return dispute
    if places[:1] != [0]:
        return None
    moved = {old: new for new, old in enumerate(places)}
    return fold(_renumbered(dispute.history[place], moved) for place in places)


def _renumbered(event: e.Event, moved: dict[int, int]) -> e.Event:
    """An event as the digest's rows see it at the week's end: WRONG names what it undoes by its place in the history,
    and some places are not there yet."""
    if not isinstance(event, e.MisreadUndone):
        return event
    return replace(event, places=tuple(moved[place] for place in event.places if place in moved))


def all_as_of(disputes: Iterable[Dispute], end: datetime) -> tuple[Dispute, ...]:
    return tuple(then for dispute in disputes if (then := as_of(dispute, end)) is not None)
