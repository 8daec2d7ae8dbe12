"""The veil: who must not be named in what leaves here, taken off in one last step before any letter, document or
calendar entry goes.

A child is never more than initials, whoever a sentence took the name for (the one who is to act, the one who wrote),
with and without accents, in capitals, in a name of two letters; so is whoever the office has had struck out. Where the
record has initials only, as the forms ask for, a full name that they stand for is cut to them. A professional who is
recorded in the dispute keeps their own name, also where the child is called the same.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from mailbot.core.procedure.worked_out_once import worked_out_once
from mailbot.core.record.dispute import Dispute

# Words of a child label that name nobody and so may be said in full.
NAMELESS = frozenset(
    {
        "and",
        "of",
        "baby",
        "unborn",
        "child",
        "children",
        "sibling",
        "siblings",
        "twin",
        "twins",
        "the",
        "adult",
        "ubb",
        "year",
        "years",
        "old",
        "aged",
        "age",
        "class",
        "reception",
        "nursery",
        "pupil",
        "boy",
        "girl",
        "known",
        "as",
        "aka",
        "months",
        "weeks",
        "born",
        "dob",
        "ref",
        "case",
        "no",
        "number",
        "young",
        "person",
        "mother",
        "mum",
        "family",
        "form",
        "his",
        "her",
        "their",
        "brother",
        "sister",
        "or",
        "with",
        "in",
        "at",
        "to",
        "is",
        "nhs",
        "id",
    }
)
# Names that are ordinary words as well: only where they are written as a name, and not beside a number or first in a
# sentence. "May visit on 14 May" names nobody.
_ALSO_WORDS = frozenset(
    {
        "may",
        "will",
        "mark",
        "hope",
        "grace",
        "april",
        "june",
        "rose",
        "faith",
        "joy",
        "summer",
        "august",
        "autumn",
        "dawn",
        "eve",
        "ivy",
        "lily",
        "daisy",
        "poppy",
        "pearl",
        "ruth",
        "bill",
        "rob",
        "pat",
        "art",
        "max",
        "jack",
        "drew",
        "frank",
        "ernest",
        "victor",
        "christian",
        "jean",
        "jay",
        "ray",
        "guy",
        "page",
        "young",
        "long",
        "brown",
        "white",
        "black",
        "green",
        "gray",
        "king",
        "baker",
        "cook",
        "hall",
        "wood",
        "hill",
        "lane",
        "ford",
        "price",
        "field",
        "west",
        "north",
        "east",
        "south",
        "day",
        "moon",
        "star",
        "sky",
        "church",
        "park",
        "stone",
        "banks",
        "bell",
        "bush",
        "case",
        "chance",
        "early",
        "good",
        "head",
        "house",
        "low",
        "major",
        "marsh",
        "moor",
        "noble",
        "rich",
        "sharp",
        "short",
        "small",
        "speed",
        "strong",
        "sweet",
        "waters",
        "wells",
        "winter",
        "wise",
        "worth",
        "social",
        "worker",
        "school",
        "care",
        "support",
    }
)
_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*")
_APOSTROPHES, _MARKS = re.compile(r"(?<=\w)['’`](?=\w)"), re.compile(r"(?<=\w)['’`-](?=\w)")
_INITIALS = re.compile(r"\b(?:[A-Z]\.?\s?){2,3}(?![a-z])")
_TAG = re.compile(r"(<[^>]*>)")
_KEPT = "\ue000{}\ue001"
_KEPT_BACK = re.compile("\ue000(\\d+)\ue001")


@dataclass(frozen=True, slots=True)
class Veil:
    """``names`` are words to cut to their first letter, ``initials`` those a full name may stand behind, ``kept`` the
    names of professionals and agencies."""

    names: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    def words(self, text: str) -> str:
        """``text`` as it may be read by anybody in the dispute."""
        if not text or not self._may_name(text):
            return text
        held: list[str] = []

        def keep(match: re.Match[str]) -> str:
            held.append(match[0])
            return _KEPT.format(len(held) - 1)

        if self.kept:
            text = _any_of(self.kept).sub(keep, text)
        for letters in self.initials if _is_behind(self.initials, text) else ():
            text = _behind(letters).sub("".join(f"{letter}." for letter in letters), text)
        for name in self.names:
            text = _cut(name).sub(lambda m: f"{m[0][0].upper()}.", text)
        return _KEPT_BACK.sub(lambda m: held[int(m[1])], text)

    def _may_name(self, text: str) -> bool:
        """Whether the veil cuts anything in ``text``; what is kept only makes it less."""
        return _is_behind(self.initials, text) or any(_cut(name).search(text) for name in self.names)

    def page(self, html: str) -> str:
        """The same between the tags of a page."""
        if not self._may_name(html):
            return html
        pieces = _TAG.split(html)
        return "".join(piece if piece.startswith("<") else self.words(piece) for piece in pieces)


def veil_of(dispute: Dispute | None, more: Iterable[str] = ()) -> Veil:
    """The veil of ``dispute``: whom it must not name; ``more`` are words to hide besides."""
    if dispute is None:
        return Veil(names=naming_words(*more))
    return _veil_of(dispute, *more)


@worked_out_once(100)
def _veil_of(dispute: Dispute, *more: str) -> Veil:
    return Veil(
        naming_words(dispute.child, *dispute.redacted, *more),
        tuple(_letters(m[0]) for m in _INITIALS.finditer(dispute.child)),
        _professionals(dispute),
    )


def redaction_veil(dispute: Dispute) -> Veil:
    """The veil over what is stored of ``dispute``: the names alone that the office has had struck out of it."""
    return Veil(naming_words(*dispute.redacted), (), _professionals(dispute))


def _professionals(dispute: Dispute) -> tuple[str, ...]:
    """The names that no veil hides: the agencies', and those of who is recorded and can be written to."""
    kept = {p.person.name for p in dispute.parties if p.person.address} | {dispute.raising, *dispute.receiving_agencies}
    return tuple(sorted(kept - {""}, key=len, reverse=True))


def naming_words(*labels: str) -> tuple[str, ...]:
    """The words for a veil to hide: those that name somebody, longest first; initials are none. "D'Arcy" is written
    "Darcy" too."""
    written = (form for label in labels for form in dict.fromkeys((label, *_joined(label))))
    found = (word for form in written for word in _WORD.findall(_INITIALS.sub(" ", form)))
    named = dict.fromkeys(word for word in found if len(word) > 1 and word.casefold() not in NAMELESS)
    return tuple(sorted(named, key=len, reverse=True))


def _joined(label: str) -> tuple[str, ...]:
    """A name as a veil looks for it besides: "Darcy", "SmithJones", "RubyWhitcombe"."""
    return _APOSTROPHES.sub("", label), _MARKS.sub("", label), re.sub(r"(?<=\w{2})\s+(?=\w{2})", "", label)


def _letters(written: str) -> str:
    return "".join(c for c in written if c.isalpha())


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


@cache
def _alike() -> dict[str, str]:
    """For the veil, every Latin letter with marks, by the letter that it is a form of."""
    forms: dict[str, str] = {}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        letter = chr(code)
        bare = _plain(letter).casefold()
        if letter.isalpha() and len(bare) == 1:
            forms[bare] = forms.get(bare, "") + letter
    return forms


def _spelled(word: str) -> str:
    """A veil's pattern for ``word`` with and without its accents, however they are written."""
    return "".join(f"[{re.escape(c)}{_alike().get(c.casefold(), '')}][\u0300-\u036f]*" for c in _plain(word))


@lru_cache(maxsize=2000)
def _cut(name: str) -> re.Pattern[str]:
    spelled = _spelled(name)
    if name.casefold() not in _ALSO_WORDS and len(name) > 2:
        return re.compile(rf"(?<![^\W_]){spelled}(?![^\W_])\.?", re.IGNORECASE)
    first, rest = _spelled(name[0].upper()), name[1:]
    cased = f"{first}(?:{_spelled(rest.lower())}|{_spelled(rest.upper())})"
    # Written as a name: within a sentence, or with another name beside it; never a month or a number's neighbour.
    return re.compile(
        rf"(?<![^\W_])(?<!\d )(?:(?<=[a-z,;(“'\"] )|(?<=[A-Z]\. )|(?=\w+ [A-Z](?:[\w'’-]+|\.)))"
        rf"{cased}(?![^\W_])(?! \d)\.?"
    )


@cache
def _two_names() -> tuple[re.Pattern[str], dict[str, str]]:
    """For the veil, a pattern for any capital whose word is followed by another with one, as a forename is by a
    surname; and every capital with marks by the letter that it is a form of. One pass tells of any initials whether a
    full name may stand behind them, which to look for each by itself would cost more than all the rest of a letter."""
    forms = {form: bare for bare, marked in _alike().items() for form in marked if form.isupper()}
    capital = f"[A-Z{''.join(forms)}]"
    between = r",?\s+(?:[A-Z]\.?\s+)?"
    return re.compile(rf"({capital})(?=(?:[^\W\d_A-Z]|['’]\w)[\w'’-]*{between}({capital}))"), forms


def _bare(letter: str) -> str:
    """A capital without its marks, as the veil compares them."""
    return _two_names()[1].get(letter, letter).casefold()


def _is_behind(initials: tuple[str, ...], text: str) -> bool:
    """Veiled: may a full name that any of these initials stand for be in ``text``?"""
    wanted = {(_bare(i[0].upper()), _bare(i[1].upper())) for i in initials}
    wanted |= {(_bare(i[-1].upper()), _bare(i[0].upper())) for i in initials}
    return bool(wanted) and any((_bare(a), _bare(b)) in wanted for a, b in _two_names()[0].findall(text))


@lru_cache(maxsize=200)
def _behind(letters: str) -> re.Pattern[str]:
    """A veil's pattern for the full name behind initials: one that begins with these letters: "Ruby Whitcombe", "Ruby
    M. Whitcombe", "Whitcombe, Ruby"."""
    words = [rf"{_capital(letter)}(?:[^\W\d_A-Z]|['’]\w)[\w'’-]*" for letter in letters]
    straight = r"\s+(?:[A-Z]\.?\s+)?".join(words)
    turned = rf"{words[-1]},\s+{words[0]}"
    return re.compile(rf"(?<![^\W_])(?:{straight}|{turned})(?![^\W_])")


def _capital(letter: str) -> str:
    """The capital that a veil looks for behind an initial, with and without its accents."""
    forms = (form for form in _alike().get(letter.casefold(), "") if form.isupper())
    return f"[{letter.upper()}{''.join(forms)}]"


@lru_cache(maxsize=500)
def _any_of(kept: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(re.escape(one) for one in kept)})(?![^\W_])")


# What points to a child as surely as a name does, in what people write.
_BORN = r"\b(?:d\.?\s?o\.?\s?b\.?|date of birth|born(?: on)?)\W{0,4}"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?[\s/.-]+(?:\d{1,2}|[A-Z][a-z]{2,8})[\s/.,-]+\d{2,4}\b"
_STREETS = (
    "Road|Rd|Street|St|Avenue|Ave|Close|Lane|Drive|Way|Crescent|Court|Place|Gardens|Grove|Terrace|Hill|Rise|Square|Row"
    "|Walk|Mews|Park|View"
)
_POINTERS = (
    (re.compile(_BORN + _DAY, re.IGNORECASE), "(date of birth)"),
    (re.compile(r"\bNHS(?: no\.?| number)?\W{0,4}\d{3}[ -]?\d{3}[ -]?\d{4}\b", re.IGNORECASE), "(NHS number)"),
    (re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"), "(postcode)"),
    (re.compile(rf"\b\d{{1,4}}[A-Za-z]?,? (?:[A-Z][\w'’-]+ ){{1,3}}(?:{_STREETS})\b\.?"), "(address)"),
)


def without_pointers(text: str) -> str:
    """A letter's ``text`` veiled of pointers to a child: without dates of birth, NHS numbers, postcodes and street
    addresses."""
    for pattern, instead in _POINTERS:
        text = pattern.sub(instead, text)
    return text
