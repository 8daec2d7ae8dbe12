"""The closed lists of a protocol file: the only words of it that code obeys.

A protocol writes ``from = "stage entered"``; that is ``Happening.STAGE_ENTERED`` here and nowhere else. The values
are the very words of the file, so that a message about a wrong one can print the whole list.
"""

import re
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
    CLOCK_UNMET = "clock unmet"


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


class KnownWay(StrEnum):
    """What a way beside the stages is, whatever the file calls it: people ask for these in words that are known."""

    CONFERENCE = "child protection conference"
    MEDIATION = "mediation"
    PROFESSIONALS_MEETING = "professionals' meeting"
    RESOLUTION_MEETING = "resolution meeting"
    PANEL = "resolution panel"
    POLICY_GAP = "policy gap"
    INSPECTORATE = "inspectorate"
    SECRETARY_OF_STATE = "secretary of state"
    DEBRIEF = "debrief"


# A length as the protocol says it ("2 working days", "24 hours", "1 month", "same working day") into a ``Length``.

NUMBERS = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1
    )
} | {"a": 1, "an": 1, "fourteen": 14, "fifteen": 15, "twenty": 20}
_UNITS = {"working day": Unit.WORKING_DAYS, "hour": Unit.HOURS, "month": Unit.MONTHS}
_LENGTH = re.compile(r"([a-z]+|\d{1,4})\s+(working\s+day|calendar\s+month|[a-z]+?)s?")
_LONGEST = {Unit.WORKING_DAYS: 260, Unit.HOURS: 24 * 60, Unit.MONTHS: 24}
SAYS = 'a length is written "2 working days", "24 hours", "1 month" or "same working day"'


def length(text: str) -> Length:
    """The length that a text of the closed list of units says, such as "2 working days". Raises ValueError, in words
    for whoever wrote the file, when ``text`` is no length."""
    plain = " ".join(text.casefold().split())
    if plain in ("same working day", "the same working day", "same day"):
        return Length(1, Unit.SAME_DAY, text)
    found = _LENGTH.fullmatch(plain)
    if not found:
        raise ValueError(f"{text!r} is not a length: {SAYS}")
    number = int(found[1]) if found[1].isdigit() else NUMBERS.get(found[1], 0)
    unit = _UNITS.get(found[2].removeprefix("calendar "))
    if unit is None:
        hint = ' (days are "working days" here; a week is "5 working days")' if found[2] in ("day", "week") else ""
        raise ValueError(f"{text!r} is not a length{hint}: {SAYS}")
    if not 0 < number <= _LONGEST[unit]:
        raise ValueError(f"{text!r} is out of bounds: between 1 and {_LONGEST[unit]} {unit.value}")
    return Length(number, unit, text)
