"""What happens to a dispute after its end: what was agreed is followed up, and who was asked, and what they answered.

None of it opens a dispute or moves a limit; an answer of "no" stands beside the ``DisputeReopened`` that it brings.
``keys`` are those of the moments (``core.clocks.afterwards``) that each of these settles, so that each comes once.
"""

from dataclasses import dataclass
from datetime import date

from mailbot.core.happened.events import Event
from mailbot.core.happened.intents import Action, Person


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


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackAsked(Event):
    """Each of these people was asked, once in a dispute, how helpful the procedure was."""

    keys: tuple[str, ...]
    of: tuple[Person, ...]
