"""What points to a child as surely as a name does, in what people write, for the veil to take out: a date of birth, an
NHS number, a postcode, an address; whatever it is called, spaced or capitalised.
"""

import re

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
           "december")  # fmt: skip
_MONTH = rf"(?:{'|'.join(f'{m[:3]}(?:{m[3:]})?' if len(m) > 3 else m for m in _MONTHS)}|sept)"
_DAY = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?[\s/.,-]*{_MONTH}[\s/.,'-]*(?:\d{{4}}|\d{{2}})\b"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?[\s,]+\d{{4}}\b|\d{{1,2}}\s?[/.-]\s?\d{{1,2}}\s?[/.-]\s?(?:\d{{4}}|\d{{2}})\b"
    r"|\d{4}[/.-]\d{1,2}[/.-]\d{1,2}\b|\b\d{8}\b)"
)
_BORN = re.compile(
    rf"\b(?:d\.?\s?o\.?\s?b\.?|date of birth|birth ?(?:date|day)|born|b\.)(?:\W+|(?:\W+[a-z]+){{1,4}}\W+){_DAY}",
    re.IGNORECASE,
)
_BESIDE_INITIALS = re.compile(rf"((?:\b[A-Z]\.\s?){{1,3}}(?:'s)?\W{{0,3}}\(?){_DAY}\)?", re.IGNORECASE)
_ANY_DAY = re.compile(_DAY, re.IGNORECASE)
_TEN = re.compile(r"(?<![\d+/:.-])(?:\d[ \t\u00a0\u2000-\u200a\u202f.\u2010-\u2015-]{0,2}){9}\d(?![\d/:-])")
_LABELLED_NUMBER = re.compile(
    r"\bnhs(?:\s*(?:no\b\.?|num(?:ber)?\b|#))?[\s:=#-]{0,4}(?:is\s)?\d(?:[\s.-]?\d){9}\b", re.IGNORECASE
)
_AREAS = (
    "ab|al|b|ba|bb|bd|bh|bl|bn|br|bs|bt|ca|cb|cf|ch|cm|co|cr|ct|cv|cw|da|dd|de|dg|dh|dl|dn|dt|dy|e|ec|eh|en|ex|fk|fy|g|gl"
    "|gu|gy|ha|hd|hg|hp|hr|hs|hu|hx|ig|im|ip|iv|je|ka|kt|kw|ky|l|la|ld|le|ll|ln|ls|lu|m|me|mk|ml|n|ne|ng|nn|np|nr|nw|ol|ox"
    "|pa|pe|ph|pl|po|pr|rg|rh|rm|s|sa|se|sg|sk|sl|sm|sn|so|sp|sr|ss|st|sw|sy|ta|td|tf|tn|tq|tr|ts|tw|ub|w|wa|wc|wd|wf|wn"
    "|wr|ws|wv|yo|ze"
)
_POSTCODE = re.compile(
    rf"\b(?:{_AREAS})\d[a-z\d]?[\s-]{{0,2}}(?!(?:1st|2nd|3rd|\dth)\b)\d[abd-hjlnp-uw-z]{{2}}\b", re.IGNORECASE
)
_STREETS = (
    "Road|Rd|Street|St|Avenue|Ave|Close|Lane|Drive|Way|Crescent|Court|Place|Gardens|Grove|Terrace|Hill|Rise|Square|Row"
    "|Walk|Mews|Park|View"
)
_CERTAIN_STREETS = "road|rd|street|avenue|ave|lane|drive|crescent|gardens|grove|terrace|mews"
_ADDRESSES = (
    re.compile(rf"\b\d{{1,4}}[A-Za-z]?,? (?:[A-Z][\w'’-]+ ){{1,3}}(?:{_STREETS})\b\.?"),
    re.compile(
        r"\b\d{1,4}[a-z]?,? (?!(?:days?|weeks?|months?|hours?|years?|of|and|or|to|in|at|on|by|the|from|as|more)\b)"
        rf"[a-z][a-z'’-]+ (?:[a-z][a-z'’-]+ )?(?:{_CERTAIN_STREETS})\b",
        re.IGNORECASE,
    ),
    re.compile(r"\bflat \d{1,4}[a-z]?,? (?:[a-z0-9'’-]+ ){1,2}(?:house|court|tower|lodge|mansions?)\b", re.IGNORECASE),
)


def is_nhs_number(digits: str) -> bool:
    """Ten digits whose last checks the others, modulo 11: to be veiled wherever they stand. None begins with 0, as a
    telephone number does."""
    if len(digits) != 10 or digits[0] == "0" or len(set(digits)) == 1:
        return False
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check % 11 == int(digits[9]) and check != 10


def without_numbers(text: str) -> str:
    """``text`` veiled of NHS numbers, with or without their name, however they are spaced, and of days of birth called
    so."""
    text = _LABELLED_NUMBER.sub("(NHS number)", text)
    text = _TEN.sub(lambda m: "(NHS number)" if is_nhs_number(re.sub(r"\D", "", m[0])) else m[0], text)
    return _BORN.sub("(date of birth)", text)


def without_pointers(text: str, born: tuple[int, int, int] | None = None) -> str:
    """``text`` veiled of pointers to a child: dates of birth (``born``, where it is known), NHS numbers, postcodes and
    street addresses."""
    text = _BESIDE_INITIALS.sub(r"\1(date of birth)", without_numbers(text))
    if born is not None:
        text = _ANY_DAY.sub(lambda m: "(date of birth)" if _is_day(m[0], born) else m[0], text)
    text = _POSTCODE.sub("(postcode)", text)
    for pattern in _ADDRESSES:
        text = pattern.sub("(address)", text)
    return text


def _is_day(written: str, born: tuple[int, int, int]) -> bool:
    year, month, day = born
    months = [at + 1 for at, name in enumerate(_MONTHS) if name[:3] in written.lower()]
    numbers = [int(one) for one in re.findall(r"\d+", written)]
    if len(numbers) == 1 and len(str(numbers[0])) >= 7:
        return f"{numbers[0]:08d}" in (f"{day:02d}{month:02d}{year}", f"{year}{month:02d}{day:02d}")
    if months:
        return months[0] == month and sorted(numbers) in (sorted((day, year)), sorted((day, year % 100)))
    return sorted(numbers) in (sorted((day, month, year)), sorted((day, month, year % 100)))
