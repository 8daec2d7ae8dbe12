"""What the partnership's own office has done with a dispute, by a line in an email or by hand.

None of it stops a clock. Links and redactions are told to nobody in the dispute; that a move was held back is told to
both sides.
"""

from dataclasses import dataclass

from mailbot.core.happened.events import Event
from mailbot.core.happened.intents import Person


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
