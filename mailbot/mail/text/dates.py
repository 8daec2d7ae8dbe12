"""Dates as people in Britain write them in a hurry: "the 24th", "10/09", "Thurs", "COP Friday", "w/c 14th".

Every date is read from the day the email arrived, never from the day it is read: the day first, then the month, and
the first such date after the email. What cannot be pinned to one day ("half term", "w/c 14th") is found too, with
``on`` None, so that somebody is asked; what has two readings ("next Thursday" on a Monday) keeps the earlier one and
says so in ``doubt``, so that the date is shown back.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from mailbot.mail import lexicon
from mailbot.mail.text.sieve import Sieve

_MONTHS = tuple(month[:3] for month in lexicon.vocabulary_in_order("month"))
_DAYS = tuple(day[:3] for day in lexicon.vocabulary_in_order("weekday"))
_COUNTS = lexicon.vocabulary_in_order("number")
_TOMORROW = frozenset({"tomorrow", "tmrw", "tmr", "tomoz", "2moro", "2morrow"})
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = (
    r"(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?"
    r"|sun(?:day)?)"
)
_NUMBER = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
# A year: any, not only one of this century's; "'26", and "26" at the end of what is said. "1430 hrs" is an hour.
_YEAR = r"(?:,? (?P<year>[12]\d{3}(?!\d|[.:]\d| ?h(?:ou)?rs?\b| ?h\b)|['’]\d\d\b|2\d(?=\s*(?:[,;)\n]|\.(?!\d)|$))))?"
# "the 3rd referral" and "4th missing episode" count things; they are not days.
_COUNTED = (
    r"(?! (?:referral|time|child|episode|missing|attempt|occasion|birthday|floor|request|concern|email|call|visit|one"
    r"|party|stage|incident|report|sibling)\b)"
)
MOST_DATES = 200  # no letter holds more; a hostile one is not searched further


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in the text at ``start:end``; ``on`` None when the words name no one day."""

    on: date | None
    words: str
    start: int
    end: int
    doubt: str = ""
    past: bool = False


@dataclass(frozen=True, slots=True)
class _Day:
    on: date | None
    doubt: str = ""


_Reader = Callable[[re.Match[str], date, bool], _Day | None]


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _of_month(day: int, month: int, today: date, ahead: bool) -> date | None:
    """A date in the text of a day and month written with no year: one of the last two months is meant as past
    ("decision of 4 Sept"), any other as to come."""
    near = [d for y in (-1, 0, 1) if (d := _safe(today.year + y, month, day))]
    latest = today if not ahead else today - timedelta(days=60)
    if not ahead:
        return max((d for d in near if d <= latest), default=None)
    return min((d for d in near if d >= latest), default=None)


def _year_of(text: str, today: date) -> int:
    """The year of a date in the text; one of two digits is the one of this century, or of the last where that is far
    to come: "12/06/98"."""
    if len(text) > 2:
        return int(text)
    this = int(text) + today.year // 100 * 100
    return this - 100 if this > today.year + 10 else this


def _is_hour(text: str) -> bool:
    """Could four digits beside a date in the text be a time of day as well as a year: "14 September 1430"? Not one of
    the years that anybody writes of here."""
    return len(text) == 4 and not text.startswith("20") and int(text[:2]) < 24 and int(text[2:]) < 60


def _iso(m: re.Match[str], today: date, ahead: bool) -> _Day | None:
    found = _safe(int(m["y"]), int(m["m"]), int(m["d"]))
    return _Day(found) if found else None


def _slashes(m: re.Match[str], today: date, ahead: bool) -> _Day | None:
    day, month = int(m["d"]), int(m["m"])
    if (day, month) == (24, 7) and not m["y"]:
        return None
    if m["y"]:
        found = _safe(_year_of(m["y"], today), month, day)
    else:
        found = _of_month(day, month, today, ahead) if 1 <= month <= 12 else None
    return _Day(found) if found else None


def _dotted(m: re.Match[str], today: date, ahead: bool) -> _Day | None:
    """A dotted date in the text, "by 14.9": day and month with a full stop between them; "on 3.15" and other times
    of the day are none."""
    day, month = int(m["d"]), int(m["m"])
    found = _of_month(day, month, today, ahead) if 1 <= month <= 12 else None
    return _Day(found) if found else None


def _day_and_month(m: re.Match[str], today: date, ahead: bool) -> _Day | None:
    day, month = int(m["day"]), _MONTHS.index(m["month"][:3].lower()) + 1
    year = (m["year"] or "").lstrip("'’")
    if _is_hour(year) and year[:2] in ("19", "21", "22", "23"):
        return _Day(None, f"is {year} a year, or an hour?")
    is_year = year and not _is_hour(year)
    found = _safe(_year_of(year, today), month, day) if is_year else _of_month(day, month, today, ahead)
    if found is None:
        return _Day(None, "there is no such day")
    named = m["weekday"]
    if named and _DAYS[found.weekday()] != named[:3].lower():
        return _Day(found, f"{found:%-d %B} is a {found:%A}")
    return _Day(found)


def _day_number(m: re.Match[str], today: date, ahead: bool) -> _Day | None:
    """The date that a bare day means, "the 24th": the first after the email; with a weekday, the first 24th that falls
    on it, within four months."""
    day, named, months = int(m["day"]), (m["weekday"] or "")[:3].lower(), range(5)
    near = [
        d
        for n in months
        if (
            d := _safe(
                today.year + (today.month - 1 + n * (1 if ahead else -1)) // 12,
                (today.month - 1 + n * (1 if ahead else -1)) % 12 + 1,
                day,
            )
        )
        and ((d >= today) if ahead else (d <= today))
    ]
    if not near:
        return None
    fitting = [d for d in near if not named or _DAYS[d.weekday()] == named]
    if named and (not fitting or fitting[0] != near[0]):
        return _Day(near[0], f"{near[0]:%-d %B} is a {near[0]:%A}")
    return _Day(near[0], "is that today?" if near[0] == today and ahead else "")


def _weekday(m: re.Match[str], today: date, ahead: bool) -> _Day | None:
    word = m["weekday"]
    if len(word) == 3 and word.lower() in {"sat", "sun", "wed", "mon"} and not (word[0].isupper() or m["by"]):
        return None
    wanted = _DAYS.index(word[:3].lower())
    if not ahead or (m["which"] or "").lower() == "last":
        return _Day(today - timedelta(days=(today.weekday() - wanted) % 7 or 7))
    first = today + timedelta(days=(wanted - today.weekday()) % 7 or 7)
    which, after = (m["which"] or "").lower(), (m["after"] or "").lower()
    if "week on" in which:
        return _Day(first + timedelta(days=7))
    if "week" in after:
        return _Day(today + timedelta(days=7 - today.weekday() + wanted))
    if which == "next" and wanted > today.weekday():
        later = first + timedelta(days=7)
        return _Day(first, f"{first:%-d %B} or {later:%-d %B}?")
    return _Day(first, "is that today?" if first - today == timedelta(days=7) and not which else "")


def _near_day(m: re.Match[str], today: date, ahead: bool) -> _Day | None:
    word = m[0].lower()
    if "week" in word:
        friday = today + timedelta(days=(4 - today.weekday()) % 7)
        return _Day(friday + timedelta(days=7) if "next" in word else friday)
    return _Day(today + timedelta(days=-1 if word == "yesterday" else 1 if word in _TOMORROW else 0))


def _counted(m: re.Match[str], today: date, ahead: bool) -> _Day | None:
    """A date in the text as a day counted from the day of the email: "in 5 working days", "a fortnight today". Bank
    holidays are not known here, so that a count of working days is shown back."""
    word = m["count"].lower()
    number = int(word) if word.isdigit() else 1 if word in ("a", "an") else _COUNTS.index(word) + 1
    unit = m["unit"].lower()
    if "working" in unit:
        day = today
        for _ in range(number):
            day += timedelta(days=3 if day.weekday() == 4 else 2 if day.weekday() == 5 else 1)
        return _Day(day, f"{day:%-d %B}?")
    return _Day(today + timedelta(days=number * (14 if "fortnight" in unit else 7 if "week" in unit else 1)))


def _week_after(m: re.Match[str], today: date, ahead: bool) -> _Day | None:
    """ "Monday week": the Monday after next Monday."""
    wanted = _DAYS.index(m["weekday"][:3].lower())
    return _Day(today + timedelta(days=((wanted - today.weekday()) % 7 or 7) + 7))


def _end_of_month(m: re.Match[str], today: date, ahead: bool) -> _Day | None:
    """A vague date in the text: "the end of September" is its last day, shown back since no day was named."""
    month = _MONTHS.index(m["month"][:3].lower()) + 1
    first = _of_month(1, month, today, ahead)
    if first is None:
        return None
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return _Day(last, f"{last:%-d %B}?")


def _ask(m: re.Match[str], today: date, ahead: bool) -> _Day | None:
    return _Day(None, "which date?")


# In order of preference at one place in the text; vague words come first so that "w/c 14th" is not read as the 14th.
_FORMS: tuple[tuple[str, _Reader], ...] = (
    (
        r"(?:w/c|w/b|wk ?c(?:ommencing)?|week (?:commencing|beginning|of))(?: (?:mon(?:day)? )?(?:the )?\d{1,2}"
        r"(?:st|nd|rd|th)?(?:/\d{1,2})?)?\b",
        _ask,
    ),
    (rf"\b{_WEEKDAY} (?P<after>next week)(?P<by>)(?P<which>)\b", _weekday),
    (
        r"(?:\b(?:after|before|by|until|over|in) )?\b(?:the )?(?:half[ -]term|(?:summer|easter|christmas|xmas) "
        r"(?:holidays?|break)|end of (?:the )?(?:term|month|year))\b",
        _ask,
    ),
    (
        r"\b(?:early|mid|late|sometime) (?:next )?(?:week|month)\b|\b(?:a )?(?:couple(?: of)?|few) (?:more )?"
        r"(?:working )?(?:days|weeks)\b|\bnext (?:week|month"
        r"|term)\b",
        _ask,
    ),
    (r"\bend of (?:the |this |next )?week\b", _near_day),
    (rf"\b(?:the )?end of {_MONTH}(?![a-z])", _end_of_month),
    (
        rf"\b(?:in|within) (?P<count>\d{{1,2}}|an?|{'|'.join(_COUNTS)}) "
        r"(?P<unit>working days?|days?|weeks?|fortnight)\b",
        _counted,
    ),
    (rf"\b(?P<count>a|{'|'.join(_COUNTS)}) (?P<unit>weeks?|fortnight) (?:from )?today\b", _counted),
    (rf"\b{_WEEKDAY} week\b", _week_after),
    (
        r"(?:(?<=\bby )|(?<=\bon ))(?P<d>\d{1,2})\.(?P<m>\d{1,2})(?![\d.:]|\s?[ap]m)",
        _dotted,
    ),
    (r"\b(?P<y>[12]\d{3})-(?P<m>\d\d)-(?P<d>\d\d)\b", _iso),
    (r"(?<![\d/.])(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>[12]\d{3}|\d\d)(?![\d/])", _slashes),
    (r"(?<![\d/.])(?P<d>\d{1,2})/(?P<m>\d{1,2})(?P<y>)(?![\d/])", _slashes),
    (rf"\b(?:{_WEEKDAY},? )?(?:the )?{_NUMBER}(?: of)?[ -]{_MONTH}(?![a-z]){_YEAR}", _day_and_month),
    (rf"\b(?:{_WEEKDAY},? )?{_MONTH} (?:the )?{_NUMBER}(?![\d:]){_YEAR}", _day_and_month),
    (rf"\b{_WEEKDAY},? (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)\b{_COUNTED}", _day_number),
    (
        rf"\b(?P<weekday>)(?:^|the|by|on|until|till?|for) ?(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)\b{_COUNTED}",
        _day_number,
    ),
    (
        rf"\b(?:(?P<by>by|on|until|till?|for|COP|COB) )?(?:(?P<which>this|next|last|a week on) )?(?:coming )?{_WEEKDAY}"
        rf"\b(?!s\b)(?P<after> next week)?",
        _weekday,
    ),
    (
        r"\b(?:today|tonight|tomorrow|tmrw|tmr|tomoz|2moro|2morrow|yesterday|this (?:morning|afternoon|evening))\b",
        _near_day,
    ),
)
_COMPILED = tuple((re.compile(form, re.IGNORECASE), reader) for form, reader in _FORMS)
_LEFT = Sieve([form for form, _ in _FORMS])


def find_dates(text: str, today: date, *, ahead: bool = True) -> tuple[FoundDate, ...]:
    """The dates in ``text``, every one, in order. ``ahead`` False reads "Thursday" as the last one:
    for dates of past things."""
    hits: list[FoundDate] = []
    taken: list[tuple[int, int]] = []
    possible = _LEFT.left(text)
    for place, (pattern, reader) in enumerate(_COMPILED):
        if not possible >> place & 1:
            continue
        for match in pattern.finditer(text):
            if len(taken) >= MOST_DATES:
                break
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            read = reader(match, today, ahead)
            if read is None:
                continue
            taken.append(match.span())
            past = read.on is not None and read.on < today
            hits.append(FoundDate(read.on, match[0], match.start(), match.end(), read.doubt, past))
    return tuple(sorted(hits, key=lambda found: found.start))


def first_date(text: str, today: date, *, ahead: bool = True) -> FoundDate | None:
    """The first of the dates in ``text`` that names a day, else the first vague one, else None."""
    found = find_dates(text, today, ahead=ahead)
    return next((f for f in found if f.on), found[0] if found else None)
