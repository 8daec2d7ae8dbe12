"""An absence, as an out-of-office tells it: until when, who covers, whether the person has left for good.

An absence changes who is told about a limit that falls within it, so nothing is guessed: a date without a month, or
a day that cannot be placed in a year, stays unread and the words are kept for a person.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from mailbot.mail import lexicon
from mailbot.mail.incoming.sender_and_authentication import normal_address
from mailbot.mail.text.dates import first_date

WORDS_KEPT = 500
_READ = 4_000
MONTHS = {name: n for n, month in enumerate(lexicon.vocabulary_in_order("month"), 1) for name in (month, month[:3])} | {
    "sept": 9
}
_MONTH = "(" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
_DAY_NAME = r"(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?(?:the\s+)?"
# A date as British staff write it: "3 January", "3rd of Jan 2027", "January 3rd", "03/01/2027" (day first), ISO.
_DATE = (
    rf"{_DAY_NAME}(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m1>{_MONTH})(?:,?\s+(?P<y1>\d{{4}}))?"
    rf"|(?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<y2>\d{{4}}))?"
    r"|(?P<y3>\d{4})-(?P<m3>\d{2})-(?P<d3>\d{2})|(?P<d4>\d{1,2})[/.](?P<m4>\d{1,2})(?:[/.](?P<y4>\d{2,4}))?)\b"
)
# The first working day: the absence ends the day before.
BACK = re.compile(
    r"\b(?:return(?:ing|s)?|back|resum(?:e|ing)|available(?: again)?)\b(?:\s+(?:to|in|at|into)\s+(?:work"
    r"|the office|my desk|office))?"
    rf"(?:\s+(?:again|until|on|from|by|in))*\s*:?\s*{_DATE}",
    re.IGNORECASE,
)
UNTIL = re.compile(rf"\b(?:until|till|through(?: to)?|up to(?: and including)?|to|-|–)\s+{_DATE}", re.IGNORECASE)
LEFT = re.compile(
    r"\b(?:no longer (?:works?|employed|with|at|in (?:this|my) (?:role|post))|(?:have"
    r"|has) (?:now )?left (?:the|my|this|our|\w+shire|\w+ council)"
    r"|left the (?:organi[sz]ation|council|trust|force|school|service|company|authority)|(?:have"
    r"|has) (?:now )?retired|i have (?:now )?moved (?:on|to)"
    r"|this (?:mailbox|e-?mail address|account) is no longer)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.+'&-]{1,64}@[A-Za-z0-9][\w.-]{1,190}[A-Za-z0-9]")
COVER = re.compile(
    r"(?i:(?:contact|e-?mail|speak (?:to|with)|call|ring|cover(?:ed)?(?: is| by|ing)?(?: for me)?(?: is"
    r"| by)?|refer to|colleague|deputy|direct(?:ed)? to)"
    r"(?:\s+(?:my|our|the|a|colleagues?|manager|deputy|team|line|cover|is|by|either|please)){0,5}\s*[,:-]?\s*)"
    r"((?:(?:Dr|Mrs?|Ms|Miss|DS|DI|DCI|Sgt|PC)\.? )?[A-Z][\w'’-]+(?: (?:[A-Z][\w'’-]+|[A-Z]\.)){1,2})"
)


@dataclass(frozen=True, slots=True)
class Absence:
    """Read out of an out-of-office. ``until`` is the last day away, or None if no day could be placed for certain."""

    until: date | None
    cover_name: str
    cover_address: str
    left: bool
    words: str


def absence_in(text: str, sent: date | None, away: str) -> Absence:
    """The absence in an out-of-office sent on ``sent`` (a year is chosen so that the day is not past)
    by the address ``away``."""
    head = text[:_READ]
    flat = " ".join(head.split())
    back, until = BACK.search(flat), None
    if back:
        day = _day(back, sent)
        until = day - timedelta(days=1) if day else None
    else:
        until = next((day for found in UNTIL.finditer(flat) if (day := _day(found, sent))), None)
    until = until or _loosely(flat, sent)
    cover_address = next(
        (found for one in _ADDRESS.findall(head) if (found := normal_address(one)) and found != away), ""
    )
    named = COVER.search(flat)
    name = named.group(1) if named else ""
    return Absence(until, name, cover_address, LEFT.search(flat) is not None, head.strip()[:WORDS_KEPT])


_LOOSE = re.compile(r"\b(?P<how>back|returning|return|until|till)\b(?P<when>.{1,40})", re.IGNORECASE)


def _loosely(flat: str, sent: date | None) -> date | None:
    """The last day of an absence in loose words, "until tomorrow", "back on Monday": days that only the day
    of sending makes plain."""
    said = _LOOSE.search(flat)
    found = first_date(said["when"], sent) if said and sent else None
    if said is None or found is None or found.on is None or found.start > 14 or re.search(r"\d", found.words):
        return None
    return found.on if said["how"].lower() in ("until", "till") else found.on - timedelta(days=1)


def _day(found: re.Match[str], sent: date | None) -> date | None:
    values = found.groupdict()
    for index in "1234":
        day, month, year = values[f"d{index}"], values[f"m{index}"], values[f"y{index}"]
        if day and month:
            number = int(month) if month.isdigit() else MONTHS[month.lower().rstrip(".")]
            return _placed(int(day), number, int(year) if year else 0, sent)
    return None


def _placed(day: int, month: int, year: int, sent: date | None) -> date | None:
    """The day that an absence's day and month mean; without a year the first such day not more than a month before
    ``sent``; None for an impossible one."""
    try:
        if year:
            return date(year + 2000 if year < 100 else year, month, day)
        if sent is None:
            return None
        this = date(sent.year, month, day)
        return this if this >= sent - timedelta(days=31) else date(sent.year + 1, month, day)
    except ValueError:
        return None
