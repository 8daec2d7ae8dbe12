"""The events: what has happened to a dispute, as past participles, frozen, the only thing a dispute is made of. Then
the events about what the partnership's office did, and about what came after its end.

``decide`` (from mail) and ``due`` (from time) make them; ``Dispute.after`` folds them; ``announce`` says who must
be told; the ledger keeps them. ``at`` is the instant it counts from, which for a message is its arrival. Events of the
correspondence itself are ``events_of_mail``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from mailbot.core.procedure.closed_lists import AtLimit, Side
from mailbot.core.record.intents import Action, Person


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
    """``person`` now fills ``role`` on ``side``; with no address only a name is known, and the address is asked for.
    ``beside``: whoever fills it already goes on doing so, because the file lets each agency have it; None in records
    from before this was written down. ``stands_in_for``: the address of the person whose deputy the directory names,
    and whose letter they answered."""

    role: str
    side: Side
    person: Person
    by: str = ""
    beside: bool | None = None
    stands_in_for: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyJoined(Event):
    """A further agency it is with: it has people of its own at each stage, is asked, and must agree like the first."""

    agency: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyLeft(Event):
    """One of several agencies that it was with is in it no longer: nobody waits for its word, and ``people``, who were
    in it for that agency, are told so and get nothing more."""

    agency: str
    people: tuple[Person, ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRemoved(Event):
    role: str
    person: Person
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonHandedOver(Event):
    """Leave or end of shift (NS "Timescales"): ``taking`` replaces ``leaving`` in ``role``; no clock stops. ``by``: the
    colleague who says so of somebody who is away; "" where it is ``leaving`` who hands over."""

    role: str
    side: Side
    leaving: Person
    taking: Person
    until: date | None = None
    by: str = ""


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
    untold: tuple[str, ...] = ()  # agencies of which nobody had had a letter at this stage, a working day later still


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitWaited(Event):
    """``limit`` had come, and of the agencies ``untold`` nobody had had a letter at this stage: what should happen then
    waits ``until`` the end of the next working day, and no longer."""

    key: str
    clock: str
    stage: str
    limit: datetime
    until: datetime
    untold: tuple[str, ...]


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
    """Put back, with no time gained: the old limit holds again (A6.12). ``understood``, here and below: read from a
    phrase, so its writer is told what was understood."""

    side: Side
    by: Person
    words: str = ""
    understood: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPut(Event):
    """One of several who decide together says so, in these ``roles``; the others have still to."""

    by: Person
    roles: tuple[str, ...]
    words: str
    actions: tuple[Action, ...] = ()


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


BEGINS_A_STAY = StageEntered | DisputeReopened  # in a stage
NO = "no"  # why a date was refused, by somebody


@dataclass(frozen=True, slots=True, kw_only=True)
class DateProposed(Event):
    """``within`` names a role of the same side with whom the date is agreed; "" where it is for the other agencies."""

    stage: str
    clock: str
    on: date
    side: Side
    by: Person
    reason: str = ""
    within: str = ""


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
    """``why`` is ``NO`` from the other side, or the rule that forbids it."""

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
class MeetingPlanned(Event):
    """Somebody tells of a meeting ``on`` a day to come. It moves no limit; what came of it is asked afterwards."""

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
    understood: bool = False


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


# What the partnership's own office has done with a dispute, by a line in an email or by hand.
#
# None of it stops a clock. Links and redactions are told to nobody in the dispute; that a move was held back is told
# to both sides.


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticMoveHeld(Event):
    """It no longer moves by itself at its limit: a person decides whether it moves (hazard G11). Limits still pass and
    are told, and a move or a referral that a person asks for is made as ever."""

    by: Person
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticMoveResumed(Event):
    by: Person
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeLinked(Event):
    """The office knows of ``other`` as well: about the same child, or, with ``apart``, looked at and not the same.
    Recorded on both; never joined, and never told to anybody in either (hazard G16)."""

    other: str
    by: Person
    apart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsRedacted(Event):
    """From now on letters show these words as initials. The ledger and the mailbox keep what was written."""

    words: str
    by: Person


# What happens to a dispute after its end: what was agreed is followed up, and who was asked, and what they answered.
#
# None of it opens a dispute or moves a limit; an answer of "no" stands beside the ``DisputeReopened`` that it brings.
# ``keys`` are those of the moments (``core.decisions.after_closing``) that each of these settles: each comes once.


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionsReminded(Event):
    """The morning of the day for which something was agreed: whoever is to do it was reminded."""

    keys: tuple[str, ...]
    on: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionsUnreported(Event):
    """These dates went by and nobody has said that it was done. That is all that is known: it may have been."""

    keys: tuple[str, ...]
    on: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeAsked(Event):
    """Whoever raised it was asked whether what was agreed happened. ``last``: they are not asked again."""

    keys: tuple[str, ...]
    last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeReported(Event):
    """The raising side's answer. ``actions`` are those that a yes covers; what is dated later is still to come."""

    by: Person
    happened: bool
    words: str = ""
    actions: tuple[Action, ...] = ()
    understood: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackAsked(Event):
    """Each of these people was asked, once in a dispute, how helpful the procedure was."""

    keys: tuple[str, ...]
    of: tuple[Person, ...]
