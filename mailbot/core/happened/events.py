"""What has happened to a dispute: past participles, frozen, the only thing a dispute is made of.

``decide`` (from mail) and ``due`` (from time) make them; ``Dispute.after`` folds them; ``announce`` says who must be
told; the ledger keeps them. ``at`` is the instant it counts from, which for a message is its arrival.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from mailbot.core.happened.intents import Action, Person
from mailbot.core.procedure.closed_lists import AtLimit, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeOpened(Event):
    """``raised`` is when one practitioner wrote to the other: clocks count from it, not from our reading it (A6.9)."""

    reference: str
    partnership: str
    protocol: str
    version: str
    raised: datetime
    raiser: Person
    raising: str
    receiving: str = ""
    also_receiving: tuple[str, ...] = ()  # further agencies it is raised with ("agency/agencies as appropriate")
    child: str = ""
    decision_on: date | None = None
    message: str = ""  # Message-ID of the opening email: the root of every thread
    understood: bool = False  # opened on prose, not labels: what was understood is said back


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecorded(Event):
    """``person`` now fills ``role`` on ``side``; with no address only a name is known, and the address is asked for."""

    role: str
    side: Side
    person: Person
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyJoined(Event):
    """A further agency it is with: it has people of its own at each stage, is asked, and must agree like the first."""

    agency: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRemoved(Event):
    role: str
    person: Person
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonHandedOver(Event):
    """Leave or end of shift (NS "Timescales"): ``taking`` replaces ``leaving`` in ``role``; no clock stops."""

    role: str
    side: Side
    leaving: Person
    taking: Person
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRecorded(Event):
    """A labelled value; recording a key again corrects it, and the ledger keeps the old one."""

    key: str
    value: str
    by: str = ""
    correction: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionsRecorded(Event):
    """A form's box of dated actions ("actions:2"), row by row; ``words`` show the same to a reader."""

    key: str
    actions: tuple[Action, ...]
    words: str
    by: str = ""
    correction: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StageEntered(Event):
    """``how``: "opening", "asked" (a person), "limit" (nobody had answered), "referred", "reopened"."""

    stage: str
    how: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageEnded(Event):
    stage: str
    how: str  # "moved up", "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded(Event):
    """The morning of a limit. ``key`` makes it happen once."""

    key: str
    clock: str
    stage: str
    limit: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitPassed(Event):
    """``limit`` went by unanswered; ``then`` is what the protocol's file says happens."""

    key: str
    clock: str
    stage: str
    limit: datetime
    then: AtLimit
    points_to: str = ""  # the stage a cap points to ("On Day 5 … a referral should be made")
    unread_since: datetime | None = None  # the mailbox could not be read up to the limit, and this says since when
    held: bool = False  # it would have moved up, and the office had turned that off


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionProposed(Event):
    stage: str
    side: Side
    by: Person
    agreed: str
    actions: tuple[Action, ...] = ()
    outcome: str = "resolved"
    on: date | None = None
    understood: bool = False  # read from a phrase: the echo offers WRONG


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionConfirmed(Event):
    side: Side
    by: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionObjected(Event):
    """Put back, with no time gained: the old limit holds again (A6.12)."""

    side: Side
    by: Person
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPut(Event):
    """One of several who decide together says so, in these ``roles``; the others have still to."""

    by: Person
    roles: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionMade(Event):
    by: Person
    words: str
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeClosed(Event):
    outcome: str
    stage: str
    by: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeReopened(Event):
    by: Person
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateProposed(Event):
    stage: str
    clock: str
    on: date
    side: Side
    by: Person
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateAccepted(Event):
    """One of several agencies says yes to a date; the others have still to."""

    stage: str
    clock: str
    on: date
    side: Side
    by: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class DateAgreed(Event):
    """Everybody it takes has it. Whether it moves the limit is the protocol's to say (``Clock.agreed``)."""

    stage: str
    clock: str
    on: date
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRefused(Event):
    """``why`` is "no" from the other side, or the rule that forbids it."""

    stage: str
    clock: str
    on: date
    by: Person
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectiveDateSet(Event):
    """One side's earlier date for the child. It can only shorten, and stands while it is challenged (GL-31)."""

    on: date
    side: Side
    by: Person
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActDone(Event):
    """A clock's own act ("referred in writing", "representative told") was done."""

    clock: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormCompleted(Event):
    """Everything the form needs at this stage is recorded: it goes to whom the protocol sends it."""

    form: str
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingHeld(Event):
    on: date
    by: Person
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTaken(Event):
    route: str
    by: Person
    words: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionReported(Event):
    """``agreed_for`` tells it from another in the same words ("visit" on the 11th, and on the 18th)."""

    what: str
    done: bool
    by: Person
    agreed_for: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MisreadUndone(Event):
    """WRONG: the events at these places in the history no longer count; state and limit are as they were."""

    places: tuple[int, ...]
    by: Person
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarMoved(Event):
    """A proclaimed or local closure moved a limit that had not passed; or, with ``version``, another version did."""

    stage: str
    was: datetime
    becomes: datetime
    why: str
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionMoved(Event):
    """A person decided that it follows another version of its protocol from now on; nothing else changes with it."""

    version: str
    by: str
    why: str
