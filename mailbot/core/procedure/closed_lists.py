"""The closed lists of a protocol file: the only words of it that code obeys.

A protocol writes ``from = "stage entered"``; that is ``Happening.STAGE_ENTERED`` here and nowhere else. The values
are the very words of the file, so that a message about a wrong one can print the whole list.
"""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """How a length is counted. ``HOURS`` follows ``Counting.hours``; ``SAME_DAY`` ends at that day's close."""

    WORKING_DAYS = "working days"
    HOURS = "hours"
    MONTHS = "months"
    SAME_DAY = "same working day"


@dataclass(frozen=True, slots=True)
class Length:
    """How long, as the protocol says it: ``Length(2, Unit.WORKING_DAYS, "2 working days")``."""

    count: int
    unit: Unit
    text: str


class Side(StrEnum):
    RAISING = "raising"
    RECEIVING = "receiving"
    EACH = "each"
    PARTNERSHIP = "partnership"
    OTHER = "other"


class Source(StrEnum):
    """Where the address of whoever fills a role comes from."""

    SENDER = "sender"
    EMAIL = "email"
    DIRECTORY = "directory"
    ADDRESS = "address"
    NAMED = "named at the time"


class Happening(StrEnum):
    """What can start a clock, finish an act or call for a notice. Closed: each is obeyed somewhere in ``core``."""

    DECISION_MADE = "decision made"
    RAISED = "dispute raised"
    STAGE_ENTERED = "stage entered"
    STAGE_CLOSED = "stage closed"
    REPLIED = "receiving side replied"
    MET = "met"
    REFERRED = "referred in writing"
    REPRESENTATIVE_TOLD = "representative told"
    FORM_COMPLETE = "form complete"
    FORM_SENT = "form sent"
    RESOLVED = "resolved"
    CONFIRMED = "confirmed in writing"
    LIMIT_PASSED = "limit passed"
    BROUGHT_TO_CHAIR = "brought to the Chair"
    STATUS_KNOWN = "child status becomes known"
    GAP_REPORTED = "policy gap reported"
    EVERY_CHANGE = "every change"
    CLOSED = "closed"
    MONTHLY = "monthly"
    CLOCK_DONE = "clock done"


class Agreed(StrEnum):
    """What two sides may do to a clock by agreement. An earlier date is always allowed."""

    NO = "no"
    RECORD_ONLY = "record only"
    ANY_DATE = "both sides, any date"
    MUST_BE_SET = "must be set, at most the limit"
    MUST_BE_SET_ANY = "must be set, any date"  # "within" is then the time in which the date itself is agreed


class AtLimit(StrEnum):
    MOVE_UP = "move up"
    ASK = "ask"
    FLAG = "flag"
    REMIND = "remind"
    NOTHING = "nothing"


class Effect(StrEnum):
    SIDE = "side"
    GO_TO_STAGE = "go to stage"
    FINAL = "final and binding"
    RECORD_ONLY = "record only"
    OFFER = "offer"
