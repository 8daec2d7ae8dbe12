"""The veil by shape: what points to a child or to their family without a name, in what somebody wrote.

A house has a shape ("Rose Cottage, Mill Lane"), as has a telephone and a birthday, in figures or in words; an address
of electronic mail says by its provider, or by whose it is said to be, that it is private. Meetings have places and
professionals telephones too: what an agency is called, whom people are meant to ring, and days of the dispute's own
time stand. What is taken for a pointer in error costs a reader a word.
"""

import re

from mailbot.mail import lexicon

# Telephones.
_MOBILE = re.compile(r"(?<!\d)(?:\+ ?44|0044|0)[ ()0-]{0,4}7(?:[ -]?\d){9}(?!\d)")
_LANDLINE = re.compile(
    r"(?<![\d/.-])(?:\(0\d{2,4}\)|\+ ?44[ (0)]{0,4}[12]\d{1,3}|0[12]\d{1,3})(?:[ -]?\d){6,8}(?![\d-])"
)
# By whom a number is given that people are meant to ring.
_OF_AN_OFFICE = re.compile(
    r"\b(?:me|my|our|us|office|duty|desk|team|999|101|111|hours|work|mobile number is|mash|hub|front door|reception"
    r"|switchboard|school|nursery|surgery|clinic|ward|hospital|police|helpline|service|social (?:care|worker)|manager"
    r"|nurse|health visitor|ext(?:ension)?|emergency|council|trust|partnership)\b",
    re.IGNORECASE,
)
_WHOSE = re.compile(
    r"([^\W\d_]+)(?:['\u2019]s)?(?: (?:on|at|is|via|by|tel|telephone|mobile|phone|number|direct|line))*[\s:(,.]*$",
    re.IGNORECASE,
)

# Addresses of mail.
_PRIVATE_MAIL = re.compile(
    r"[\w.+-]+@(?:gmail|googlemail|hotmail|outlook|live|msn|yahoo|ymail|icloud|me|mac|aol|sky|btinternet|virginmedia"
    r"|talktalk|ntlworld|blueyonder|tiscali|protonmail|proton|gmx|mail|freemail)\.[\w.]+\b",
    re.IGNORECASE,
)
_KIN = "|".join(sorted((re.escape(word) for word in lexicon.vocabulary("kin")), key=len, reverse=True))
_KINS_MAIL = re.compile(rf"(\b(?:{_KIN})\b[^.!?\n@]{{0,40}}?)[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b", re.IGNORECASE)

# Places. A capital begins each word of one.
_CAPITAL = r"[A-Z\u00c0-\u00de][\w'\u2019-]*"
_STREET = (
    "Road|Rd|Street|St|Avenue|Ave|Close|Lane|Drive|Crescent|Gardens|Grove|Terrace|Mews|Paddocks?|Croft|Orchard|Meadows?"
    "|Copse|Rise|Row|Walk|Fold"
)
_HOUSE = "Cottages?|Farm|Farmhouse|Lodge|Villas?|Bungalow|Barns?|Forge|Rectory|Vicarage|Mansions?|Maisonette|Caravan"
_NUMBER = r"\d{1,4}[A-Za-z]?"
_UNIT = "(?i:caravan|pitch|plot|flat|apartment)"
# What such words also begin the name of: an agency, a place where people meet.
_OF_AN_AGENCY = (
    r"(?![ \u00a0](?:NHS|Trust|Council|School|Academy|Primary|Junior|Infants?|High|College|Hospital|Surgery|Clinic"
    r"|Centre|Center|Nursery|Police|Constabulary|Offices?|Hub|Church|Medical|Health|Practice|Children|Family|Community"
    r"|Library|Station|Partnership)\b)"
)
_PLACES = (
    re.compile(
        rf"(?:\b{_NUMBER},? )?\b(?!(?:The|A|An|Our|This|That) (?:{_HOUSE})\b)(?:{_CAPITAL} ){{1,3}}"
        rf"(?:{_STREET}|{_HOUSE})\b(?!['\u2019]s\b){_OF_AN_AGENCY}"
    ),
    re.compile(rf"\b{_NUMBER},? The {_CAPITAL}(?: {_CAPITAL})?{_OF_AN_AGENCY}"),
    re.compile(rf"\b{_UNIT}(?: no\.?)? {_NUMBER}\b(?:,?(?: (?:at|on|in))? {_CAPITAL}(?: {_CAPITAL}){{0,2}})?"),
)
_LIVES = r"(?:lives?|lived|living|resides?|stays?|stayed|staying|moves|moved|moving)(?: \w+)? (?:at|to)"
_LIVES_AT = re.compile(
    rf"\b((?i:{_LIVES}|(?:home )?address(?: is|:)?(?: at)?) )"
    rf"(?P<place>(?:{_NUMBER} )?(?:The )?{_CAPITAL}(?: {_CAPITAL}){{0,2}}(?:, {_CAPITAL}(?: {_CAPITAL})?)*)"
    rf"{_OF_AN_AGENCY}"
)
_MANY_PLACES = re.compile(r"\(address\)(?:,? (?:in )?\(address\))+")
_MAY_BE_PLACE = re.compile(rf"\b(?:{_STREET}|{_HOUSE})\b|\d,? The [A-Z]|\b{_UNIT}\b")

# Days. Of the dispute's own time are those of its year and the year before it; an older day is a birthday, or may be.
_MONTHS = "|".join((*lexicon.vocabulary_in_order("month"), *(m[:3] for m in lexicon.vocabulary_in_order("month"))))
_ORDINAL = (
    "(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth"
    "|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth|(?:twenty|thirty)[- ](?:first|second"
    "|third|fourth|fifth|sixth|seventh|eighth|ninth))"
)
_IN_WORDS = r"(?:two thousand|twenty|nineteen)(?:[ -](?:and[ -])?[a-z]+){0,2}"
_YEAR = rf"(?:\d{{4}}|{_IN_WORDS})"
_ROMAN = r"\d{1,2}[./ -](?:i{1,3}|iv|v|vi{1,3}|ix|x|xi{1,2})[./ -](?:\d{4}|\d{2})\b"
# "dob", "date of birth", "born", "b.": with its first letter before all else, by which a long text is searched fast.
SAYS_BORN = r"(?-i:[DdBb])(?:(?<=\bd)(?:\.?\s?o\.?\s?b\.?|ate of birth)|(?<=\bb)(?:irth ?(?:date|day)|orn|\.))"
_BORN = re.compile(
    rf"{SAYS_BORN}(?:\W+|(?:\W+[a-z]+){{1,4}}?\W+)"
    rf"(?:(?:the )?{_ORDINAL}(?: of)? (?:{_MONTHS})\b(?:,? (?:in )?{_YEAR})?|(?:{_MONTHS}) (?:the )?{_ORDINAL}"
    rf"(?:,? {_YEAR})?|{_ROMAN}|\d{{6}}\b)",
    re.IGNORECASE,
)
_IN_ROMAN = re.compile(rf"(?<![\d./-]){_ROMAN}", re.IGNORECASE)
_NTH = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{_ORDINAL})"
_BETWEEN = r"[ ./,-]{1,2}"
_FIGURES = r"\d{1,2}\s?[./-]\s?\d{1,2}"
_FULL_DAY = re.compile(
    rf"(?:\b(?:the )?{_NTH}(?: day)?(?: of)?{_BETWEEN}(?:{_MONTHS})\b{_BETWEEN}|\b(?:{_MONTHS}) (?:the )?{_NTH},? "
    rf"|(?<![\d./-]){_FIGURES}\s?[./-]\s?)(?P<year>{_YEAR})(?![\d./-]\d)"
    r"|(?<![\d./-])(?P<first>\d{4})[./-]\d{1,2}[./-]\d{1,2}(?![\d./-]\d)",
    re.IGNORECASE,
)
_DAY_OF_THE_YEAR = rf"(?:{_NTH}(?: of)? (?:{_MONTHS})\b|(?:{_MONTHS})\b(?: (?:the )?{_NTH}\b)?)(?:,? {_YEAR}\b)?"
_AGE = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|\d{1,2})"
)
_BIRTHDAY = re.compile(
    rf"\b((?:turn(?:s|ed|ing)?|will be|is|becomes?) {_AGE} on|birthday(?: \w+){{0,3}}?|born in) "
    rf"(?:the )?{_DAY_OF_THE_YEAR}",
    re.IGNORECASE,
)
_HAS_DAY = re.compile(rf"\d|(?:{_MONTHS})", re.IGNORECASE)
_OLDEST = 26  # years: of whoever is a child, or was in care


def without_pointers_by_shape(text: str, kept: frozenset[str] = frozenset(), opened: int = 0) -> str:
    """``text`` veiled of places, telephones, private addresses of mail and birthdays. ``kept`` are the words, in small
    letters, of the names of those who work on it; ``opened`` is the year of the dispute, 0 where it is not known."""
    if _HAS_DAY.search(text):
        text = _without_days(_without_telephones(text, kept), opened)
    if "@" in text:
        text = _KINS_MAIL.sub(r"\1(email address)", _PRIVATE_MAIL.sub("(email address)", text))
    return _without_places(text, kept)


def _words_of(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in re.findall(r"[^\W\d_]+", text))


def _without_telephones(text: str, kept: frozenset[str]) -> str:
    """Veiled of telephones, but for those that a line gives of an office or of somebody who works on it."""

    def cut(met: re.Match[str]) -> str:
        before = met.string[: met.start()][-40:]
        whose = _WHOSE.search(before)
        theirs = whose is not None and whose[1].casefold() in kept
        return met[0] if theirs or _OF_AN_OFFICE.search(before) else "(telephone)"

    return _LANDLINE.sub(cut, _MOBILE.sub(cut, text))


def _without_days(text: str, opened: int) -> str:
    text = _IN_ROMAN.sub("(date of birth)", _BORN.sub("(date of birth)", text))
    text = _BIRTHDAY.sub(r"\1 (date of birth)", text)
    return _FULL_DAY.sub(lambda met: "(date)" if _is_old(met, opened) else met[0], text) if opened else text


def _is_old(met: re.Match[str], opened: int) -> bool:
    """Is a day, for the veil, older than the dispute's own time? A year in words is a birthday's."""
    written = met["year"] or met["first"]
    return not written.isdigit() or opened - _OLDEST <= int(written) < opened - 1


def _without_places(text: str, kept: frozenset[str]) -> str:
    def cut(place: str) -> str:
        return place if _words_of(place) & kept else "(address)"

    if _MAY_BE_PLACE.search(text):
        for pattern in _PLACES:
            text = pattern.sub(lambda met: cut(met[0]), text)
    text = _LIVES_AT.sub(lambda met: f"{met[1]}{cut(met['place'])}", text)
    return _MANY_PLACES.sub("(address)", text)
