"""A length as the protocol says it ("2 working days", "24 hours", "1 month", "same working day") into a ``Length``."""

import re

from mailbot.core.procedure.closed_lists import Length, Unit

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
    """Raises ValueError, in words for whoever wrote the file, when ``text`` is no length."""
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
