"""What the office's email did, line by line: carried by the letter that says so, and in no dispute's record."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mailbot.core.happened.events import Event
from mailbot.core.happened.intents import Person

UNDO_WITHIN = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class LineDone:
    """One line as ``typed`` (shortened, and veiled where it names a child); ``said``: what was done, or why not."""

    typed: str
    done: bool
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesCarriedOut(Event):
    """``undo_by`` None: nothing of it can be put back. ``lists_words``: the words that may be used stand below."""

    by: Person
    lines: tuple[LineDone, ...]
    undo_by: datetime | None = None
    lists_words: bool = False
