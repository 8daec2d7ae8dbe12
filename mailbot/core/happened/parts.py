"""What a dispute is made of: its stays in stages, its people, what is proposed, which dates were asked for."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from mailbot.core.happened.intents import Action, Person
from mailbot.core.procedure.closed_lists import Side


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
class Party:
    """A person recorded in the dispute: who they are here, and on which side."""

    role: str
    side: Side
    person: Person


@dataclass(frozen=True, slots=True)
class Voice:
    """Whose word counts as one when something is agreed: a side, or each agency of a side that has several.

    ``agency`` is "" for a side of which no agency, or only one, is known.
    """

    side: Side
    agency: str = ""


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
