"""The veil by shape: what points to a child or to their family without a name, and names that the record does not know,
in what somebody wrote.

A house has a shape ("Rose Cottage, Mill Lane"), as has a telephone and a birthday, in figures or in words; an address
of electronic mail says by its provider, or by whose it is said to be, that it is private. Meetings have places and
professionals telephones too: what an agency is called, whom people are meant to ring, and days of the dispute's own
time stand. What is taken for a pointer in error costs a reader a word.
"""

import re
from functools import lru_cache

from mailbot.mail import lexicon
from mailbot.mail.text.spelling_and_sentences import distance

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
_ANY_KIN = "|".join(sorted((re.escape(word) for word in lexicon.vocabulary("kin")), key=len, reverse=True))
_KINS_MAIL = re.compile(rf"(\b(?:{_ANY_KIN})\b[^.!?\n@]{{0,40}}?)[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b", re.IGNORECASE)

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


# Who is named in what somebody wrote, where the record does not know them.
#
# A record that holds initials cannot know the child's name, and none holds the family's. Yet a name has a shape: it
# stands beside a word for family ("dad (Darren Hughes)", "her brother Tyler"), or it begins with the child's own
# initial and is nobody's who works on the dispute, nor a word that this mailbox knows; letters are set apart so
# that no program reads them. What is taken for a name in error costs a reader a word.

_KIN = lexicon.vocabulary("kin") - frozenset({"carer", "carers", "parents", "family", "neighbour", "partner"})
_KIN_WORDS = "|".join(
    sorted((re.escape(word) for word in (*_KIN, "partner", "step-dad", "step-mum")), key=len, reverse=True)
)
_NAME = rf"(?:(?:Mr|Mrs|Ms|Miss)\.? )?{_CAPITAL}(?:[ \u00a0]{_CAPITAL}){{0,2}}"
_AFTER_KIN = re.compile(
    rf"\b(?i:{_KIN_WORDS})\b(?:(?:,? (?:is|called|named|is called))?[ \u00a0]|[,:]? ?[\[(]|, )(?P<name>{_NAME})"
)
_BEFORE_KIN = re.compile(
    rf"(?P<name>{_NAME})(?:,? ?[\[(]|, )(?:(?i:the|his|her|their|K's|\w\.?'s|maternal|paternal|step-?|foster) ?){{0,2}}"
    rf"(?i:{_KIN_WORDS})\b"
)
_APART = r"[ .\u00a0*_\u2010-\u2015-]"
_SPACED = re.compile(rf"(?<![^\W_])(?:[^\W\d_]{_APART}){{2,}}[^\W\d_](?![^\W_])")
# "M/a/e", "M, a, e": by a capital, for small letters so are a list's.
_LISTED = re.compile(r"(?<![^\W_])(?-i:[A-Z\u00c0-\u00de])(?:[,/|\\:;\u00b7\u2022~+=] ?[^\W\d_]){2,}(?![^\W_])")
_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{3,}(?:['\u2019]s)?(?![^\W_])")
_GOES_ON = re.compile(
    r"\s+(?:is|was|has|had|will|would|can|says|said|told|lives?|stays?|goes|went|to|and|who|does|needs?)\b"
)
# What a capitalised word names with the next: a numbered rung, an agency.
_NAMES_A_THING = re.compile(
    r"[ \u00a0](?:\d|NHS|Trust|Council|Borough|County|School|Academy|Primary|Junior|Infants?|High|College|Hospital"
    r"|Surgery|Constabulary|Police|Partnership)\b"
)
# By these endings an English word is no first name.
_NO_NAME = re.compile(
    r"(?:ing|tion|sion|ment|ness|ity|ally|edly|ised|ized|ance|ence|able|ible|ful|ship|ward|wards)s?$", re.I
)


def without_names_by_shape(text: str, initials: tuple[str, ...], names: tuple[str, ...], kept: frozenset[str]) -> str:
    """``text`` veiled of what has the shape of a child's or a relation's name. ``initials`` and ``names`` are what the
    record calls the child; ``kept`` the words, in small letters, of the names of those who work on it."""
    text = _SPACED.sub(lambda met: _first_letter(met[0]) if _spells_a_word(met[0]) else met[0], text)
    text = _LISTED.sub(lambda met: _first_letter(met[0]) if _spells_a_word(met[0]) else met[0], text)
    for pattern in (_AFTER_KIN, _BEFORE_KIN):
        text = pattern.sub(lambda met: _with_name_cut(met, kept), text)
    firsts = frozenset(letter.casefold() for letters in initials for letter in letters)
    if not firsts and not names:
        return text
    return _WORD.sub(lambda met: _cut_if_named(met, text, firsts, names, kept), text)


def relations_named(text: str, kept: frozenset[str]) -> tuple[str, ...]:
    """The words of the names that stand beside a word for family in ``text``, for the veil to cut wherever they stand
    alone: "Mum Danielle O'Brien" in the record, "rings danielle" in a reply."""
    found = (met["name"] for pattern in (_AFTER_KIN, _BEFORE_KIN) for met in pattern.finditer(text))
    words = (word.removesuffix("'s").removesuffix("\u2019s") for name in found for word in re.split(r"[ \u00a0]", name))
    return tuple(dict.fromkeys(word for word in words if len(word) > _SHORT and not _is_no_name(word, kept)))


_SHORT = 2


def _first_letter(written: str) -> str:
    return f"{written[0].upper()}."


def _spells_a_word(written: str) -> bool:
    """Is it a word with its letters set apart, for the veil to cut, and no row of initials?"""
    letters = re.findall(r"[^\W\d_]", written)
    return any(one.islower() for one in letters[1:]) or len(letters) > 3


def _with_name_cut(met: re.Match[str], kept: frozenset[str]) -> str:
    start, end = met.start("name") - met.start(), met.end("name") - met.start()
    words = re.split(r"([ \u00a0])", met["name"])
    cut = (word if _is_no_name(word, kept) else f"{word[0]}." for word in words)
    return f"{met[0][:start]}{''.join(cut)}{met[0][end:]}"


def _is_no_name(word: str, kept: frozenset[str]) -> bool:
    plain = re.sub(r"['\u2019]s$", "", word).strip(".").casefold()
    return (
        not plain.strip()
        or len(plain) < 2
        or plain in kept
        or plain in _ordinary()
        or plain in {"mr", "mrs", "ms", "miss"}
    )


def _cut_if_named(
    met: re.Match[str], text: str, firsts: frozenset[str], names: tuple[str, ...], kept: frozenset[str]
) -> str:
    """A word of a text, cut by the veil to its letter where it is the child's by its shape: misspelt by one letter, or
    a first name that their initial stands for."""
    word = re.sub(r"['\u2019]s$", "", met[0])
    plain = word.casefold()
    if not word[0].isupper() or plain in kept or plain in _ordinary():
        return met[0]
    ending = met[0][len(word) :]
    if len(plain) > 4 and any(len(name) > 4 and distance(plain, name, 1) <= 1 for name in names):
        return f"{word[0]}.{ending}"
    before = text[: met.start()].rstrip(" \"'\u201c\u2018(*-\u2022")
    begins = not before or before[-1] in ".!?:;\n"
    beside = re.search(rf"(?:\b(?:Dr|Mr|Mrs|Ms|Miss|PC|DS|DC|Prof|Nurse|Cllr)\.? |{_CAPITAL} )$", text[: met.start()])
    if _NAMES_A_THING.match(text[met.end() :]):
        return met[0]
    if plain[0] not in firsts or beside is not None or _NO_NAME.search(plain) or (word.isupper() and len(word) < 4):
        return met[0]
    if begins and not (ending or _GOES_ON.match(text[met.end() :])):
        return met[0]
    return f"{word[0]}.{ending}"


# "WRONG CASE", "RELEASE 3": of what our own letters ask for, beside the commands of the lexicon.
_WORDS_OF_LETTERS = frozenset({"case", "cases", "release", "dismiss"})


@lru_cache(maxsize=1)
def _ordinary() -> frozenset[str]:
    """Words that the veil leaves: those of the lexicon that are no names as well, and what agencies call things."""
    tables = (many for name, many in lexicon.loaded().lists.items() if name.startswith("words."))
    words = {word.casefold() for many in tables for one in many for word in re.findall(r"[^\W\d_]+", one)}
    words |= {
        word for row in lexicon.rows("command") for said in (row.name, *row.words) for word in said.casefold().split()
    }
    days = {one[:3] for table in ("month", "weekday") for one in lexicon.vocabulary_in_order(table)}
    also_names = lexicon.vocabulary("names_that_are_words") - {"school", "social", "care", "head"}
    return (frozenset(words | days) - also_names) | _WORDS_OF_LETTERS
