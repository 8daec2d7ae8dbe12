"""What people wrote in a box, as what is recorded of it: text, an actual date, or actions with actual dates.

"Actual date not ASAP" (NSSCP Appendix 1): a date that names no day is asked about, by what it was written for; the rest
of the row is kept. A date with two readings is asked about as well, and never guessed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mailbot.core.happened.intents import Action
from mailbot.core.happened.intents import Box as Taken
from mailbot.mail.papers.boxes_read import Found
from mailbot.mail.understanding.dates import find_dates
from mailbot.mail.understanding.labels import NOT_AN_ANSWER
from mailbot.mail.understanding.spelling import plain
from mailbot.mail.writing.wording import date_words

LONGEST_BOX = 20_000  # characters
_NO_ACTIONS = frozenset({"none", "nil", "no actions", "no action", "none agreed", "nothing agreed", "n a", "na"})
_WORD = re.compile(r"\w")
_TIME = re.compile(r"\b\d{1,2}(?:[:.]\d\d)? ?(?:am|pm)\b|\b\d{1,2}:\d\d\b", re.IGNORECASE)
# Beside a date: a number or one of these words may be half of another ("11 or 14 September").
_ANOTHER = re.compile(r"\d|\b(?:or|between|either|and|to)\b", re.IGNORECASE)
# Kept as written: no clock runs from it, and an adult's lies before any year that the reader of dates looks for.
_NOT_A_CLOCKS_DATE = frozenset({"child_dob"})
_DATES = frozenset({"decision_on"})


@dataclass(frozen=True, slots=True)
class Day:
    """``on`` None with ``why``: what stood there is no actual date."""

    on: date | None
    why: str = ""


def take(found: Found, today: date) -> tuple[Taken | None, tuple[str, ...]]:
    """What is recorded of one box, if anything is, and what has to be asked about it."""
    box = found.box
    if len(found.whole) > LONGEST_BOX:
        return None, (f"{box.label}: it has more than {LONGEST_BOX:,} characters, and was not taken.",)
    if box.dated is not None:
        return _actions(found, today)
    if box.columns:
        return Taken(box.key, "\n".join(" | ".join(_one_line(cell) for cell in row) for row in found.rows)), ()
    if (box.kind == "date" and box.key not in _NOT_A_CLOCKS_DATE) or box.key in _DATES:
        day = day_in(found.text, today, ahead=False)
        if day.on is None:
            return None, (f"{box.label}: {day.why}.",)
        return Taken(box.key, day.on.isoformat()), ()
    return Taken(box.key, found.text), ()


def _one_line(cell: str) -> str:
    return " ".join(cell.replace("|", "/").split())


def day_in(text: str, today: date, ahead: bool = True) -> Day:
    """The one day that ``text`` names, as people in Britain write it."""
    said = " ".join(text.split())
    if not said:
        return Day(None, "no actual date was given")
    dates = find_dates(said[:200], today, ahead=ahead)
    days = {one.on for one in dates if one.on}
    doubt = next((one.doubt for one in dates if one.on and one.doubt), "")
    rest = _TIME.sub(" ", said[:200])
    for one in dates:
        rest = rest.replace(one.words, " ")
    if len(days) == 1 and not doubt and not _ANOTHER.search(rest):
        return Day(days.pop())
    if days:
        return Day(None, f"“{said[:80]}” could be more than one day{f' ({doubt})' if doubt else ''}")
    if plain(said) in NOT_AN_ANSWER or not _WORD.search(said):
        return Day(None, f"“{said[:80]}” is not an actual date")
    return Day(None, f"“{said[:80]}” does not name an actual date")


def _actions(found: Found, today: date) -> tuple[Taken | None, tuple[str, ...]]:
    """Every row with anything in it, and a sentence for each that lacks its date or its deed."""
    rows = [tuple(cell.strip() for cell in row) for row in found.rows]
    if len(rows) == 1 and plain(rows[0][0]) in _NO_ACTIONS and not any(rows[0][1:]):
        return Taken(found.box.key, rows[0][0]), ()
    actions, asks = [], []
    for what, who, by in rows:
        day = day_in(by, today)
        if day.on is None:
            asks.append(f"{what or who}: {day.why}.")
        elif day.on < today:
            asks.append(f"{what or who}: {date_words(day.on)} has passed already. Is it done, or is another day meant?")
        if not what:
            asks.append(f"{who or by}: the row does not say what will be done.")
        actions.append(Action(what, who, day.on))
    return Taken(found.box.key, shown(actions), tuple(actions)), tuple(asks)


def shown(actions: Iterable[Action]) -> str:
    """One line for each: "Visit at home (Tobias Fenn), by 11 September 2026"."""
    return "\n".join(
        f"{a.what or '(not said)'}{f' ({a.who})' if a.who else ''}, "
        f"{f'by {date_words(a.by)}' if a.by else 'no actual date yet'}"
        for a in actions
    )
