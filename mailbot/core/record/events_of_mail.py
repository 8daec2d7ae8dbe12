"""Events of mail, about the correspondence itself: what came, what was asked, what was not delivered, who was away.

They change no stage and no clock; they are in the ledger because somebody will ask who knew what, and when.
"""

from dataclasses import dataclass
from datetime import date

from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record.events import Event
from mailbot.core.record.intents import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFiled(Event):
    """People talking to each other, with the mailbox copied: kept, answered by nobody."""

    digest: str
    by: Person
    side: Side | None = None
    words: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskReported(Event):
    by: Person
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked(Event):
    """The bot asked ``of`` one short question and changed nothing."""

    of: Person
    question: str
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRefused(Event):
    """What ``by`` asked for is not theirs to ask, or the protocol forbids it; ``why`` is said to them alone."""

    by: Person
    act: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusAsked(Event):
    by: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFailed(Event):
    """A letter came back, or was refused. ``letter`` names what was in it."""

    address: str
    letter: str
    why: str = ""
    permanent: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceNoticed(Event):
    person: Person
    until: date | None = None
    cover: Person | None = None
    left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsiderNoticed(Event):
    """Somebody who is in no agency was on the message. They are never written to; ``by`` is told privately (G5)."""

    by: Person
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedByHand(Event):
    """Somebody with access to the mailbox moved a message; the mailbox does not say who.

    ``outcome`` is "read there", "read again", "dismissed", "noted" (it was not known here: kept, never obeyed) or
    "nothing"; ``where`` the folder in words, ``why`` what came of it, ``writer`` whoever wrote the message.
    """

    where: str
    outcome: str
    reference: str = ""
    why: str = ""
    writer: Person | None = None
    digest: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackGiven(Event):
    by: Person
    helpful: int | None = None
    idea: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What a box said in the record, and what the form that came says. "" is an empty box."""

    key: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormReturned(Event):
    """A version of ``form`` came back: as a document, whose bytes are in the message and have this ``digest``; or,
    where ``name`` is "", as labelled lines in the message that has it.

    ``recorded`` False: it came from another side than the one that keeps the form (NS-14), and is that side's view.
    ``missing`` are keys still needed at this stage; for the other names see ``Paper``.
    """

    form: str
    by: Person
    side: Side | None
    name: str
    digest: str
    version: int
    recorded: bool
    changes: tuple[Change, ...] = ()
    missing: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    older: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsPassedOn(Event):
    """Between those who decide and those in the dispute: what they ask for ("written representations from both
    agencies"), and what is sent to them for it. Words, and nothing decided."""

    by: Person
    words: str
    to_deciders: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FormNotRead(Event):
    """A document that is not a form of this dispute, or that is not safe to open. It stays with its message."""

    by: Person
    name: str
    digest: str
    why: str
