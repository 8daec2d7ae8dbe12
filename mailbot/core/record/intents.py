"""Intents: what a message asks. The mail ring reads one of these out of the writer's own words;
``decide`` answers it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Act(StrEnum):
    """Everything a message can ask for, in the words that ``mailbot explain`` prints."""

    OPEN = "open"
    HOLD = "hold"
    NOTE = "note"
    PROPOSE_RESOLUTION = "propose_resolution"
    CONFIRM_RESOLUTION = "confirm_resolution"
    OBJECT_RESOLUTION = "object_resolution"
    MOVE_UP = "move_up"
    REFER = "refer"
    DECISION = "decision"
    PROPOSE_DATE = "propose_date"
    ACCEPT_DATE = "accept_date"
    REFUSE_DATE = "refuse_date"
    PROTECTIVE_DATE = "protective_date"
    HANDOVER = "handover"
    MET = "met"
    CORRECT = "correct"
    ADD_PERSON = "add_person"
    REMOVE_PERSON = "remove_person"
    CHILD_STATUS = "child_status"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    REOPEN = "reopen"
    UNDO = "undo"
    ACTION_DONE = "action_done"
    HAPPENED = "happened"
    NOT_HAPPENED = "not_happened"
    FEEDBACK = "feedback"
    STATUS = "status"
    QUESTION = "question"
    CONFERENCE_REQUEST = "conference_request"
    ROUTE = "route"
    FORM = "form"
    IMMEDIATE_RISK = "immediate_risk"
    OUT_OF_SCOPE = "out_of_scope"
    QUARANTINE = "quarantine"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"


class Proof(StrEnum):
    """What shows that a message is its sender's: the receiving server's word or the answer of the address on record;
    that it answers the very letter that only they had, where nothing else is to be had; a proven line of the office's
    that let it in; anybody at the partnership who let it in or put it somewhere, which says where it belongs and not
    who wrote it; nothing; or the server's word that it is not."""

    PROVEN = "proven"
    BY_LETTER = "by the letter it answers"
    RELEASED = "let in by the office's own line"
    VOUCHED = "vouched for"
    UNPROVEN = "unproven"
    FAILED = "failed"


class Sure(StrEnum):
    """Sure acts. Probable acts, says what it understood, and WRONG undoes it. Unsure asks and changes nothing."""

    SURE = "sure"
    PROBABLE = "probable"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as written to: ``address`` lower-case, "" while only the name is known."""

    address: str = ""
    name: str = ""
    agency: str = ""
    designation: str = ""

    @property
    def shown(self) -> str:
        return self.name or self.address


@dataclass(frozen=True, slots=True)
class Action:
    """One thing agreed. ``by`` None means no actual date was given ("ASAP" is not one; NSSCP Appendix 1 says so)."""

    what: str
    who: str = ""
    by: date | None = None
    done: bool = False


@dataclass(frozen=True, slots=True)
class ReturnedBox:
    """One box of a form that is not as it was sent out. ``value`` is what is recorded: text, a date in ISO form, or
    for dated actions the words that show ``actions``."""

    key: str
    value: str
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A form that came back as a document. ``unread`` says why it was not opened or understood; the rest is then empty.

    ``reference`` and ``form`` are what the document itself says it is. ``asks`` are sentences about what could not be
    taken as it stands ("Visit at home: “ASAP” is not an actual date."). Keys of boxes that are not taken: ``kept``,
    filled by the bot and changed by hand; ``older``, holding what the record said before; ``emptied``, sent with
    something in them.
    """

    name: str
    digest: str
    unread: str = ""
    reference: str = ""
    form: str = ""
    boxes: tuple[ReturnedBox, ...] = ()
    asks: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    older: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing a message asks.

    ``fields`` holds labelled values by key ("issue", "raising_manager", "unresolved:2"); ``on`` the date it turns on;
    ``person`` whoever it names;
    ``words`` the exact words that were read this way, for the echo and the ledger; ``question`` what to ask when
    ``sure`` is UNSURE, and ``both``: of the other side as well, because two answers were given in one; ``flags`` what a
    Business Manager should know; ``paper`` the form that came with it; ``others`` further holders of a role, of other
    agencies than the one in ``people``.
    """

    act: Act
    sure: Sure = Sure.SURE
    fields: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    actions: tuple[Action, ...] = ()
    on: date | None = None
    person: Person | None = None
    words: str = ""
    question: str = ""
    both: bool = False
    flags: tuple[str, ...] = ()
    paper: Paper | None = None
    others: tuple[tuple[str, Person], ...] = ()


# A flag of an intent to take something back, beside which its writer says what is right.
SAYS_WHAT_IS_RIGHT = "says what is right"
