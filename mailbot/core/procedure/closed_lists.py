"""The closed lists of a protocol file: the only words of it that code obeys.

A protocol writes ``from = "stage entered"``; that is ``Happening.STAGE_ENTERED`` here and nowhere else. The values
are the very words of the file, so that a message about a wrong one can print the whole list.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Unit(StrEnum):
    """How a length is counted. ``HOURS`` follows ``Counting.hours``; ``CLOCK_HOURS`` run through nights and weekends
    whatever that says; ``SAME_DAY`` ends at that day's close."""

    WORKING_DAYS = "working days"
    HOURS = "hours"
    CLOCK_HOURS = "hours by the clock"
    CALENDAR_DAYS = "calendar days"
    MONTHS = "months"
    SAME_DAY = "same working day"


@dataclass(frozen=True, slots=True)
class Length:
    """How long, as the protocol says it: ``Length(2, Unit.WORKING_DAYS, "2 working days")``."""

    count: int
    unit: Unit
    text: str


def about_hours(length: Length) -> int:
    """A length of the closed list of units in hours, about, to tell which of two is the shorter: "48 hours" is more
    than "1 working day"."""
    return _ABOUT[length.unit] * length.count


_ABOUT = {
    Unit.SAME_DAY: 8,
    Unit.CLOCK_HOURS: 1,
    Unit.HOURS: 1,
    Unit.WORKING_DAYS: 24,
    Unit.CALENDAR_DAYS: 17,  # five of seven are working days
    Unit.MONTHS: 22 * 24,
}


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
    CLOCK_KEPT = "clock kept"
    CLOCK_PASSED = "clock passed"


@dataclass(frozen=True, slots=True)
class EventWord:
    """What a word for an event means in a protocol file: ``does`` says who brings it about and where, in one sentence;
    then what it can do there: start a stage's clock, a cap or a route's clock, end a clock, call for a notice."""

    does: str
    starts_clock: bool = False
    starts_cap: bool = False
    starts_route_clock: bool = False
    ends_clock: bool = False
    calls_notice: bool = False


EVENT_WORDS: Mapping[Happening, EventWord] = MappingProxyType(
    {
        Happening.DECISION_MADE: EventWord(
            "The decision that is disagreed with, on the day the opening email gives (Date of decision); where nobody "
            "gives one, the raising.",
            starts_clock=True,
            starts_cap=True,
            starts_route_clock=True,
        ),
        Happening.RAISED: EventWord(
            "Somebody's opening email. It ends only a clock that counts from the decision.",
            starts_clock=True,
            starts_cap=True,
            ends_clock=True,
            calls_notice=True,
        ),
        Happening.STAGE_ENTERED: EventWord(
            "The dispute comes to this stage: by its opening, by a limit, or because somebody wrote ESCALATE or REFER.",
            starts_clock=True,
            calls_notice=True,
        ),
        Happening.STAGE_CLOSED: EventWord(
            "The dispute leaves this stage, upwards or by being closed. A clock without done_when runs to it.",
            calls_notice=True,
        ),
        Happening.REPLIED: EventWord(
            "Somebody in the clock's who, on the receiving side, writes to the mailbox (while none of them is known, "
            "anybody of that side); a yes or no to a date is no reply, and a telephone call is none until written.",
            starts_clock=True,
            ends_clock=True,
        ),
        Happening.MET: EventWord(
            "Either side writes that they met or spoke: MET and the day. A call counts; that it took place must be "
            "written.",
            starts_clock=True,
            ends_clock=True,
            calls_notice=True,
        ),
        Happening.REFERRED: EventWord(
            "Somebody wrote to have it at this stage (ESCALATE, REFER), or somebody in the clock's who writes here.",
            starts_clock=True,
            ends_clock=True,
        ),
        Happening.REPRESENTATIVE_TOLD: EventWord(
            "Somebody wrote to have it at this stage, and whoever acts for the raising side here is known, so that "
            "they have had the letter.",
            starts_clock=True,
            ends_clock=True,
        ),
        Happening.FORM_COMPLETE: EventWord(
            "The form in the stage's record holds all that is needed there (fields with needed = stage entered or "
            "stage closed).",
            starts_clock=True,
            ends_clock=True,
            calls_notice=True,
        ),
        Happening.FORM_SENT: EventWord(
            "The same moment as form complete: the form goes out as soon as it is complete.",
            starts_clock=True,
            ends_clock=True,
            calls_notice=True,
        ),
        Happening.RESOLVED: EventWord(
            "Either side writes RESOLVED and what was agreed. An objection of the other side takes it back.",
            starts_clock=True,
            ends_clock=True,
            calls_notice=True,
        ),
        Happening.CONFIRMED: EventWord(
            "The other side answers a RESOLVED with CONFIRM.", ends_clock=True, calls_notice=True
        ),
        Happening.LIMIT_PASSED: EventWord(
            "A limit of this stage, or a cap over it, passes. A route's clock counts from the limit of the last stage "
            "the route leads out of.",
            starts_route_clock=True,
            calls_notice=True,
        ),
        Happening.BROUGHT_TO_CHAIR: EventWord("Somebody takes this route, by its name.", starts_route_clock=True),
        Happening.STATUS_KNOWN: EventWord(
            "Somebody writes the child's status (Status: looked after).", starts_clock=True, calls_notice=True
        ),
        Happening.GAP_REPORTED: EventWord(
            'Somebody takes a route that says counts_as = "policy gap reported".', calls_notice=True
        ),
        Happening.EVERY_CHANGE: EventWord(
            "Each stage entered, meeting, agreed or earlier date, resolution, objection, route taken, person handed "
            "over, correction, closing and reopening.",
            calls_notice=True,
        ),
        Happening.CLOSED: EventWord("The dispute is closed, however it ends.", calls_notice=True),
        Happening.MONTHLY: EventWord(
            "The first working day of each month. It sends counts: each agency's own numbers, to whoever holds the "
            "role's post there.",
            calls_notice=True,
        ),
        Happening.CLOCK_DONE: EventWord(
            "Written clock s3-refer done: the other clock's act is done, or its limit passes, whichever comes first.",
            starts_clock=True,
        ),
        Happening.CLOCK_KEPT: EventWord(
            "Written clock s3-refer kept: the other clock's act is done by its limit; otherwise this one never starts.",
            starts_clock=True,
        ),
        Happening.CLOCK_PASSED: EventWord(
            "Written clock s3-refer passed: the other clock's limit passes and its act is not done, the published "
            "“if they do not agree, then within a further …”; otherwise this one never starts.",
            starts_clock=True,
        ),
    }
)


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


# A length as the protocol says it ("2 working days", "24 hours by the clock", "1 month") into a ``Length``.

NUMBERS = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1
    )
} | {"a": 1, "an": 1, "fourteen": 14, "fifteen": 15, "twenty": 20}
_UNITS = {
    "working day": Unit.WORKING_DAYS,
    "hour": Unit.HOURS,
    "hour by the clock": Unit.CLOCK_HOURS,
    "calendar day": Unit.CALENDAR_DAYS,
    "month": Unit.MONTHS,
    "calendar month": Unit.MONTHS,
}
_LENGTH = re.compile(r"([a-z]+|\d{1,4})\s+((?:working|calendar)\s+[a-z]+?|[a-z]+?)s?(\s+by\s+the\s+clock)?")
_LONGEST = {
    Unit.WORKING_DAYS: 260,
    Unit.HOURS: 24 * 60,
    Unit.CLOCK_HOURS: 24 * 60,
    Unit.CALENDAR_DAYS: 366,
    Unit.MONTHS: 24,
}
SAYS = (
    'a length is written "2 working days", "24 hours", "24 hours by the clock", "28 calendar days", "1 month" or '
    '"same working day"'
)
# What people write instead, and what they may have meant: which of the two is theirs to say.
_NOT_QUITE = {
    "day": ' ("{n} working days", or "{n} calendar days" where weekends count too)',
    "week": ' (a week is "5 working days", or "7 calendar days" where weekends count too)',
    "working week": ' (a working week is "5 working days")',
    "calendar week": ' (a week is "7 calendar days")',
}


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
    unit = _UNITS.get(found[2] + (found[3] or ""))
    if unit is None:
        hint = _NOT_QUITE.get(found[2].removesuffix("s").replace("wk", "week"), "").format(n=number or found[1])
        raise ValueError(f"{text!r} is not a length{hint}: {SAYS}")
    if not 0 < number <= _LONGEST[unit]:
        raise ValueError(f"{text!r} is out of bounds: between 1 and {_LONGEST[unit]} {unit.value}")
    return Length(number, unit, text)
