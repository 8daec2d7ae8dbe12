"""A dispute, which is the fold of its events: ``fold(history)`` is the only way one comes to be. Its parts come first:
its stays in stages, what is proposed, which dates were asked for (its people are ``parties``).

Nothing is kept beside the history that could disagree with it. ``verify`` replays the ledger through this file and
compares; so does every restart.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any

from mailbot.core.procedure.closed_lists import Effect, Side
from mailbot.core.procedure.protocol import Protocol, Route
from mailbot.core.record import events as e
from mailbot.core.record.events_of_mail import FeedbackGiven
from mailbot.core.record.intents import Action, Person
from mailbot.core.record.parties import Party, Voice, party_handed_over, party_recorded, party_removed


class State(StrEnum):
    OPEN = "open"
    PROPOSED = "proposed"  # one side says it is resolved; the other has not confirmed
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay in a stage. ``left`` None while it lasts."""

    stage: str
    entered: datetime
    how: str
    left: datetime | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    stage: str
    side: Side
    by: Person
    agreed: str
    actions: tuple[Action, ...]
    outcome: str
    at: datetime
    on: date | None = None
    understood: bool = False


@dataclass(frozen=True, slots=True)
class AgreedDate:
    stage: str
    clock: str
    on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenDate:
    """A date one side has put and the other has not answered."""

    stage: str
    clock: str
    on: date
    side: Side
    by: Person
    reason: str
    at: datetime
    within: str = ""  # a role of the same side with whom it is agreed, and not with the other agencies
    accepted: frozenset[Voice] = frozenset()  # who has it already, the one who put it among them


@dataclass(frozen=True, slots=True)
class Protective:
    on: date
    side: Side
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HeldMove:
    """It does not move by itself at its limit since ``at``, because ``by`` of the office said so."""

    by: Person
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """Another dispute that the office knows of with this one; ``apart``: looked at, and not about the same."""

    other: str
    apart: bool
    at: datetime


@dataclass(frozen=True)
class Dispute:
    """Everything known about one disagreement. All instants are aware. ``history`` holds its events in order."""

    reference: str
    partnership: str
    protocol: str
    version: str
    raised: datetime
    opened: datetime
    raising: str
    receiving_agencies: tuple[str, ...]
    child: str
    thread: str  # Message-ID of the opening email
    decision_on: date | None = None
    state: State = State.OPEN
    visits: tuple[Visit, ...] = ()
    parties: tuple[Party, ...] = ()
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    actions: tuple[Action, ...] = ()
    agreed: Mapping[str, tuple[Action, ...]] = field(default_factory=lambda: MappingProxyType({}))  # by the form's box
    proposal: Proposal | None = None
    confirmed: frozenset[Voice] = frozenset()
    agreed_dates: tuple[AgreedDate, ...] = ()
    open_date: OpenDate | None = None
    protective: tuple[Protective, ...] = ()
    done: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    routes: tuple[tuple[str, datetime], ...] = ()
    settled: frozenset[str] = frozenset()  # keys of reminders and limits that have happened
    passed: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))  # key -> the limit
    waited: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))  # key -> until when
    outcome: str = ""
    closed: datetime | None = None
    understood: bool = False
    feedback: tuple[FeedbackGiven, ...] = ()
    move_held: HeldMove | None = None  # the office turned its automatic move off
    links: tuple[Link, ...] = ()
    redacted: tuple[str, ...] = ()  # words that letters show as initials, besides the child's name
    history: tuple[e.Event, ...] = ()

    def but(self, **changes: object) -> "Dispute":
        """The same dispute with these fields changed: copied as it is, and not made anew field by field, because a
        dispute is folded from some hundred events."""
        assert changes.keys() <= self.__dict__.keys(), changes.keys()
        made = object.__new__(Dispute)
        made.__dict__.update(self.__dict__)
        made.__dict__.update(changes)
        for worked_out in ("lately", "began"):  # of what may have changed
            made.__dict__.pop(worked_out, None)
        return made

    @property
    def visit(self) -> Visit:
        """The stage it is in now, or was in when it closed."""
        return self.visits[-1]

    @property
    def stage(self) -> str:
        return self.visits[-1].stage

    @cached_property
    def lately(self) -> tuple[e.Event, ...]:
        """The events since the dispute's present stay in a stage began that still count, in the record's order: two
        events may share an instant."""
        undone, start = self.undone, self.began
        return tuple(past for place, past in enumerate(self.history[start:], start) if place not in undone)

    @cached_property
    def began(self) -> int:
        """The place in the dispute's history at which its present stay in a stage began."""
        undone, history = self.undone, self.history
        counted = (n for n in reversed(range(len(history))) if n not in undone)
        return next((n for n in counted if isinstance(history[n], e.BEGINS_A_STAY)), 0)

    @property
    def is_heard(self) -> bool:
        """Is anything on the record, since the present stay in a stage began, of what came of it: a resolution, the
        answer that it is none, what remains? Then nobody reads that nothing was recorded."""
        remains = f"unresolved:{self.stage}"
        return any(
            isinstance(past, e.ResolutionProposed | e.ResolutionObjected)
            or (isinstance(past, e.FieldRecorded) and f"{past.key}:".startswith(f"{remains}:"))
            for past in self.lately
        )

    @property
    def undone(self) -> frozenset[int]:
        """The places in the dispute's history of what was put back and counts no more."""
        return frozenset(n for past in self.history if isinstance(past, e.MisreadUndone) for n in past.places)

    @property
    def named_in_error(self) -> frozenset[str]:
        """The addresses of those whose naming in the dispute was put back, and who are not in it."""
        undone = [self.history[place] for place in self.undone]
        named = {p.person.address for p in undone if isinstance(p, e.PersonRecorded) and p.person.address}
        named |= {p.taking.address for p in undone if isinstance(p, e.PersonHandedOver)}
        return frozenset(named - {party.person.address for party in self.parties})

    @property
    def is_open(self) -> bool:
        return self.state is not State.CLOSED

    def filling(self, role: str) -> tuple[Party, ...]:
        return tuple(party for party in self.parties if party.role == role)

    def party(self, address: str) -> Party | None:
        """The party to the dispute at this address, in the role they were given last; None for a stranger."""
        found = [party for party in self.parties if address and party.person.address == address]
        return found[-1] if found else None

    @property
    def receiving(self) -> str | tuple[str, ...]:
        """The agency the dispute is with: one name ("" while none is known), or a tuple where it is with several."""
        many = self.receiving_agencies
        return many if len(many) > 1 else "".join(many)

    def agencies(self, side: Side) -> tuple[str, ...]:
        """The agencies of one side, as far as they are known."""
        raising = (self.raising,) if self.raising else ()
        return {Side.RAISING: raising, Side.RECEIVING: self.receiving_agencies}.get(side, ())

    def agency(self, side: Side) -> str:
        """The agencies of a dispute's side, named together; "" while none is known."""
        *most, last = self.agencies(side) or ("",)
        return f"{', '.join(most)} and {last}" if most else last

    @property
    def between(self) -> str:
        """Between whom the dispute is, the raising agency first, as they are said in one breath."""
        *most, last = [name or "not yet known" for name in (self.raising, *(self.receiving_agencies or ("",)))]
        return f"{', '.join(most)} and {last}"

    def agency_of(self, party: Party) -> str:
        """For which agency somebody is in the dispute: their own, or the only one that their side has."""
        there = self.agencies(party.side)
        return party.person.agency if len(there) != 1 or party.person.agency in there else there[0]

    def voice(self, side: Side, agency: str = "") -> Voice:
        """The voice in the dispute that somebody of ``agency`` on ``side`` speaks with."""
        return Voice(side, agency if len(self.agencies(side)) > 1 and agency in self.agencies(side) else "")

    def voices(self) -> tuple[Voice, ...]:
        """Everybody in the dispute whose word it takes to agree: the raising side, and each agency it is with."""
        many = self.receiving_agencies
        others = tuple(Voice(Side.RECEIVING, name) for name in many) if len(many) > 1 else (Voice(Side.RECEIVING),)
        return (Voice(Side.RAISING), *others)

    def unconfirmed(self) -> tuple[Voice, ...]:
        """Who in the dispute has still to say that it was agreed, while somebody has said so."""
        return tuple(voice for voice in self.voices() if voice not in self.confirmed)

    @property
    def settled_before(self) -> str:
        """The stage of the dispute at which a resolution that waits was reached, where that is an earlier one, and it
        was told only once the present one had begun ("RESOLVED on 8 September"); "" where it is of the present one."""
        proposal = self.proposal
        if proposal is None or proposal.stage == self.stage or proposal.at < self.visit.entered:
            return ""
        return proposal.stage

    @property
    def is_confirmed(self) -> bool:
        """Have all of them said that it was agreed?"""
        return not self.unconfirmed()

    def after(self, event: e.Event) -> "Dispute":
        """This dispute once ``event`` has happened too."""
        if isinstance(event, e.MisreadUndone):
            # Places are those of the whole history, so that what an earlier WRONG put back stays so after a later one.
            undone = self.undone | set(event.places)
            counted = (past for place, past in enumerate(self.history) if place not in undone)
            kept = fold(past for past in counted if not isinstance(past, e.MisreadUndone))
            return kept.but(history=(*self.history, event))
        change = _CHANGES.get(type(event))
        changed = change(self, event) if change else self
        return changed.but(history=(*self.history, event))


def fold(history: Iterable[e.Event]) -> Dispute:
    """The dispute that these events make. Raises ValueError unless the first is ``DisputeOpened``."""
    events = list(history)
    if not events or not isinstance(events[0], e.DisputeOpened):
        raise ValueError("a dispute begins with DisputeOpened")
    first = events[0]
    dispute = Dispute(
        reference=first.reference,
        partnership=first.partnership,
        protocol=first.protocol,
        version=first.version,
        raised=first.raised,
        opened=first.at,
        raising=first.raising,
        receiving_agencies=tuple(dict.fromkeys(filter(None, (first.receiving, *first.also_receiving)))),
        child=first.child,
        thread=first.message,
        decision_on=first.decision_on,
        understood=first.understood,
        history=(first,),
    )
    for event in events[1:]:
        dispute = dispute.after(event)
    return dispute


def _put(mapping: Mapping[str, str], key: str, value: str) -> Mapping[str, str]:
    return MappingProxyType({**mapping, key: value})


def _person_recorded(d: Dispute, event: e.PersonRecorded) -> Dispute:
    changed = d.but(parties=party_recorded(d.parties, event, d.receiving_agencies))
    if event.role == "responder" and event.side is Side.RECEIVING and not d.receiving and event.person.agency:
        changed = changed.but(receiving_agencies=(event.person.agency,))
    return changed


def _agency_joined(d: Dispute, event: e.AgencyJoined) -> Dispute:
    """The dispute with one more agency that it is with. What the only one before it has said stays said, in its own
    name; the further one has said nothing yet."""
    first, joined = d.receiving_agencies[:1], d.but(receiving_agencies=_once((*d.receiving_agencies, event.agency)))

    def named(said: frozenset[Voice]) -> frozenset[Voice]:
        return frozenset(joined.voice(v.side, v.agency or "".join(first)) for v in said)

    date = replace(d.open_date, accepted=named(d.open_date.accepted)) if d.open_date else None
    return joined.but(confirmed=named(d.confirmed), open_date=date)


def _agency_left(d: Dispute, event: e.AgencyLeft) -> Dispute:
    """The dispute without an agency that it was with. What the others have said stays said; what that one reported as
    agreed, or asked for, falls with it, whoever of it said so, and whoever has their place since."""
    remain = tuple(name for name in d.receiving_agencies if name != event.agency)
    gone = {person.address for person in event.people}

    def is_theirs(side: Side, person: Person) -> bool:
        return side is Side.RECEIVING and (person.agency == event.agency or person.address in gone)

    parties = tuple(p for p in d.parties if not is_theirs(p.side, p.person))
    left = d.but(receiving_agencies=remain, parties=parties)

    def kept(said: frozenset[Voice]) -> frozenset[Voice]:
        return frozenset(left.voice(v.side, v.agency) for v in said if v.agency != event.agency)

    date = d.open_date if d.open_date and not is_theirs(d.open_date.side, d.open_date.by) else None
    left = left.but(
        confirmed=kept(d.confirmed), open_date=replace(date, accepted=kept(date.accepted)) if date else None
    )
    if d.proposal is not None and is_theirs(d.proposal.side, d.proposal.by):
        return left.but(state=State.OPEN, proposal=None, confirmed=frozenset())
    return left


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _field_recorded(d: Dispute, event: e.FieldRecorded) -> Dispute:
    kept = MappingProxyType({key: rows for key, rows in d.agreed.items() if key != event.key})
    changed = d.but(fields=_put(d.fields, event.key, event.value), agreed=kept)
    if event.key == "child":
        changed = changed.but(child=event.value)
    if event.key == "receiving_agency":
        changed = changed.but(receiving_agencies=_once((event.value, *d.receiving_agencies[1:])))
    if event.key == "decision_on":
        changed = changed.but(decision_on=date.fromisoformat(event.value))
    return changed


def _actions_recorded(d: Dispute, event: e.ActionsRecorded) -> Dispute:
    """The dispute with actions recorded: those of every box of the form together; one that was
    reported done stays done."""
    agreed = MappingProxyType({**d.agreed, event.key: event.actions})
    actions = _still_done(d.actions, tuple(action for rows in agreed.values() for action in rows))
    return d.but(fields=_put(d.fields, event.key, event.words), agreed=agreed, actions=actions)


def _still_done(before: tuple[Action, ...], now: tuple[Action, ...]) -> tuple[Action, ...]:
    """In the fold of a dispute, actions recorded anew, each as done as it was: of several in the same words, those of
    the same dates, and then as many as there were, the earliest first, for a date may have been moved."""
    done = [a for a in before if a.done]
    dated = [a for a in now if any((a.what, a.by) == (one.what, one.by) for one in done)]
    left = Counter(one.what for one in done if (one.what, one.by) not in {(a.what, a.by) for a in dated})
    kept = [replace(action, done=action in dated) for action in now]
    for place in sorted(range(len(kept)), key=lambda n: (kept[n].by is None, kept[n].by or date.max)):
        if not kept[place].done and left[kept[place].what] > 0:
            left[kept[place].what] -= 1
            kept[place] = replace(kept[place], done=True)
    return tuple(kept)


def _stage_entered(d: Dispute, event: e.StageEntered) -> Dispute:
    before = d.visits
    if before and before[-1].left is None:
        before = (*before[:-1], replace(before[-1], left=event.at))
    moved = d.but(visits=(*before, Visit(event.stage, event.at, event.how)), open_date=None)
    if event.how == "limit" and d.state is State.PROPOSED:
        return moved  # a move by the limit leaves the proposal standing: whoever was asked may still confirm
    return moved.but(state=State.OPEN, proposal=None, confirmed=frozenset())


def _limit_passed(d: Dispute, event: e.LimitPassed) -> Dispute:
    return d.but(settled=d.settled | {event.key}, passed=MappingProxyType({**d.passed, event.key: event.limit}))


def _proposed(d: Dispute, event: e.ResolutionProposed) -> Dispute:
    proposal = Proposal(
        event.stage,
        event.side,
        event.by,
        event.agreed,
        event.actions,
        event.outcome,
        event.at,
        event.on,
        event.understood,
    )
    return d.but(state=State.PROPOSED, proposal=proposal, confirmed=frozenset({d.voice(event.side, event.by.agency)}))


def _confirmed(d: Dispute, event: e.ResolutionConfirmed) -> Dispute:
    return d.but(confirmed=d.confirmed | {d.voice(event.side, event.by.agency)})


def _objected(d: Dispute, event: e.ResolutionObjected) -> Dispute:
    return d.but(state=State.OPEN, proposal=None, confirmed=frozenset())


def _closed(d: Dispute, event: e.DisputeClosed) -> Dispute:
    visits = (*d.visits[:-1], replace(d.visits[-1], left=event.at))
    ended = d.but(state=State.CLOSED, outcome=event.outcome, closed=event.at, visits=visits, move_held=None)
    return ended.but(actions=_agreed(d, event))


def _agreed(d: Dispute, event: e.DisputeClosed) -> tuple[Action, ...]:
    """In the fold of a dispute, the agreed actions that a closed one keeps: what an agreement or a decision leaves
    to be done. Withdrawn, nothing is: not what was proposed and never confirmed, nor what an earlier agreement held
    that has been opened again since."""
    if d.proposal is not None:
        return d.proposal.actions if d.proposal.outcome == event.outcome else ()
    decided = any(isinstance(past, e.DecisionMade) and past.at == event.at for past in d.history)
    return d.actions if decided else ()


def _reopened(d: Dispute, event: e.DisputeReopened) -> Dispute:
    # A new stay in the same stage: its clock runs from the reopening, for the old limit may be weeks gone.
    opened = d.but(state=State.OPEN, outcome="", closed=None, proposal=None, confirmed=frozenset(), open_date=None)
    routes = tuple((name, event.at) for name, _ in d.routes)  # and so does that of a route taken
    return opened.but(routes=routes, visits=(*d.visits, Visit(d.stage, event.at, "reopened")))


def _date_proposed(d: Dispute, event: e.DateProposed) -> Dispute:
    own = frozenset({d.voice(event.side, event.by.agency)})
    put = OpenDate(event.stage, event.clock, event.on, event.side, event.by, event.reason, event.at, event.within, own)
    return d.but(open_date=put)


def _date_accepted(d: Dispute, event: e.DateAccepted) -> Dispute:
    if d.open_date is None:
        return d
    accepted = d.open_date.accepted | {d.voice(event.side, event.by.agency)}
    return d.but(open_date=replace(d.open_date, accepted=accepted))


def _date_agreed(d: Dispute, event: e.DateAgreed) -> Dispute:
    kept = tuple(a for a in d.agreed_dates if (a.stage, a.clock) != (event.stage, event.clock))
    return d.but(agreed_dates=(*kept, AgreedDate(event.stage, event.clock, event.on, event.at)), open_date=None)


def _linked(d: Dispute, event: e.DisputeLinked) -> Dispute:
    kept = tuple(link for link in d.links if link.other != event.other)
    return d.but(links=(*kept, Link(event.other, event.apart, event.at)))


def _action_reported(d: Dispute, event: e.ActionReported) -> Dispute:
    """The dispute with an action reported done: of two in the same words, the one whose date was
    meant; without a date, both."""

    def meant(action: Action) -> bool:
        return action.what == event.what and event.agreed_for in (None, action.by)

    def told(actions: tuple[Action, ...]) -> tuple[Action, ...]:
        return tuple(replace(action, done=event.done) if meant(action) else action for action in actions)

    waiting = replace(d.proposal, actions=told(d.proposal.actions)) if d.proposal else None  # done before it is agreed
    return d.but(actions=told(d.actions), proposal=waiting)


def _outcome_reported(d: Dispute, event: e.OutcomeReported) -> Dispute:
    covered = {(x.what, x.by) for x in event.actions} if event.happened else set()
    return d.but(actions=tuple(replace(x, done=x.done or (x.what, x.by) in covered) for x in d.actions))


def _settles(d: Dispute, event: Any) -> Dispute:
    return d.but(settled=d.settled | set(event.keys))


# Each change takes the event of its own key, which a mapping's type cannot say.
_CHANGES: Mapping[type[e.Event], Callable[[Dispute, Any], Dispute]] = {
    e.PersonRecorded: _person_recorded,
    e.AgencyJoined: _agency_joined,
    e.AgencyLeft: _agency_left,
    e.PersonRemoved: lambda d, event: d.but(parties=party_removed(d.parties, event)),
    e.PersonHandedOver: lambda d, event: d.but(parties=party_handed_over(d.parties, event)),
    e.FieldRecorded: _field_recorded,
    e.ActionsRecorded: _actions_recorded,
    e.StageEntered: _stage_entered,
    e.Reminded: lambda d, event: d.but(settled=d.settled | {event.key}),
    e.LimitPassed: _limit_passed,
    e.LimitWaited: lambda d, event: d.but(waited=MappingProxyType({**d.waited, event.key: event.until})),
    e.ResolutionProposed: _proposed,
    e.ResolutionConfirmed: _confirmed,
    e.ResolutionObjected: _objected,
    e.DecisionMade: lambda d, event: d.but(actions=event.actions, proposal=None),
    e.DisputeClosed: _closed,
    e.DisputeReopened: _reopened,
    e.DateProposed: _date_proposed,
    e.DateAccepted: _date_accepted,
    e.DateAgreed: _date_agreed,
    e.DateRefused: lambda d, event: d.but(open_date=None),
    e.ProtectiveDateSet: lambda d, ev: d.but(protective=(*d.protective, Protective(ev.on, ev.side, ev.reason, ev.at))),
    e.ActDone: lambda d, event: d.but(done=MappingProxyType({**d.done, event.clock: event.at})),
    e.RouteTaken: lambda d, event: d.but(routes=(*d.routes, (event.route, event.at))),
    e.ActionReported: _action_reported,
    e.VersionMoved: lambda d, event: d.but(version=event.version),
    e.ActionsReminded: _settles,
    e.ActionsUnreported: _settles,
    e.OutcomeAsked: _settles,
    e.OutcomeReported: _outcome_reported,
    e.FeedbackAsked: _settles,
    e.AutomaticMoveHeld: lambda d, event: d.but(move_held=HeldMove(event.by, event.words, event.at)),
    e.AutomaticMoveResumed: lambda d, event: d.but(move_held=None),
    e.DisputeLinked: _linked,
    e.WordsRedacted: lambda d, event: d.but(redacted=(*d.redacted, event.words)),
    FeedbackGiven: lambda d, event: d.but(feedback=(*d.feedback, event)),
}

# Who decides, where it is not for the two sides to agree: the stage's own deciders, whoever takes their place, or
# those to whom a route with a final decision has brought it.


def final_route(dispute: Dispute, protocol: Protocol) -> Route | None:
    """The route with a final decision that was taken, if one was."""
    taken = (protocol.routes.get(name) for name, _ in dispute.routes)
    return next((route for route in taken if route is not None and route.effect is Effect.FINAL), None)
