"""The veil: who must not be named in what leaves here, taken off in one last step before any letter, document or
calendar entry goes.

A child is never more than initials, whoever a sentence took the name for (the one who is to act, the one who wrote),
however it is written: with and without accents, in capitals or none, hyphenated, run together, as a possessive, in a
name of two letters; so is whoever the office has had struck out. Where the record has initials only, as the forms ask
for, a full name that they stand for is cut to them, and once somebody has written it so, each of its words is. What
points to a child as surely goes too: a date of birth, an NHS number, an address. A professional who is recorded in the
dispute keeps their own name, also where the child is called the same.

Everything is compared as it reads, not as it is typed: letters without their marks, one kind of space and stroke.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from mailbot.core.procedure.worked_out_once import worked_out_once
from mailbot.core.record.dispute import Dispute
from mailbot.mail import lexicon
from mailbot.mail.veil.by_shape import (
    SAYS_BORN,
    relations_named,
    without_names_by_shape,
    without_pointers_by_shape,
)

# Words of a child label that name nobody and so may be said in full.
NAMELESS = lexicon.vocabulary("nameless")
# Names that are words as well: only where they are written as a name, or beside another of the name's words.
_ALSO_WORDS = lexicon.vocabulary("names_that_are_words")
_SMALL = lexicon.vocabulary("small_names")
_WORD = re.compile(r"[^\W\d_]+")
_INITIALS = re.compile(r"\b(?:[A-Z]\.?\s?){2,3}(?![a-z])")
_DIGIT, _MANY_DIGITS = re.compile(r"\d"), re.compile(r"\d(?:\W{0,2}\d){3}")
_TAG = re.compile(r"(<[^>]*>)")
_KEPT, _KEPT_BACK = "\ue000{}\ue001", re.compile("\ue000(\\d+)\ue001")
_BETWEEN = re.compile(r"(?!\.\s)[\s.,'_-]{1,3}")  # what may stand between two words of one name
_LETTERS = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i",
        "ŋ": "n", "ſ": "s", "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "ј": "j",
        "ѕ": "s", "к": "k", "м": "m", "т": "t", "н": "h", "в": "b", "ο": "o", "α": "a", "ι": "i", "ρ": "p", "ν": "v",
        "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u02bc": "'", "\u02b9": "'", "\u2032": "'", "`": "'",
        "\u00b4": "'", "\uff07": "'", "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-",
        "\u2015": "-", "\u2212": "-", "\ufe63": "-", "\uff0d": "-", "\u00ad": "", "\u034f": "", "\u200b": "",
        "\u200c": "", "\u200d": "", "\u200e": "", "\u200f": "", "\u2060": "", "\ufeff": "",
    }
)  # fmt: skip


class _Folding(dict[int, str]):
    """Each letter, by its code, as the veil compares it: small, without its marks."""

    def __missing__(self, code: int) -> str:
        lower = (c for c in unicodedata.normalize("NFKD", chr(code).casefold()) if not unicodedata.combining(c))
        plain = "".join(" " if c.isspace() and c != "\n" else c for c in lower).translate(_LETTERS)
        self[code] = plain
        return plain


_FOLDING = _Folding()
_UNCOMMON = re.compile(r"[^\n -_a-~]+")


@dataclass(frozen=True)
class Plain:
    """A text for the veil to compare: ``folded``, in which each character has its place in the text as it was typed."""

    folded: str
    typed: str

    @classmethod
    def of(cls, text: str) -> "Plain":
        if text.isascii():
            return cls(text.casefold(), text)
        # Letter by letter only what is none of the common signs: a page has a few such among thousands.
        return cls(_UNCOMMON.sub(lambda some: some[0].translate(_FOLDING), text).lower(), text)

    @cached_property
    def places(self) -> Sequence[int]:
        """Of each character of ``folded``, and of its end: where it stands in ``typed``."""
        if self.typed.isascii():
            return range(len(self.typed) + 1)
        found = [at for at, letter in enumerate(self.typed) for _ in _FOLDING[ord(letter)]]
        return (*found, len(self.typed))

    def without(self, spans: Iterable[tuple[int, int, str]]) -> str:
        """The text as typed, with other words in place of each span of the folded one: (from, to, words)."""
        pieces, at = [], 0
        for start, end, words in sorted(spans):
            if self.places[start] < at:
                continue
            last = self.places[end - 1] + 1
            while last < len(self.typed) and unicodedata.combining(self.typed[last]):
                last += 1
            pieces += [self.typed[at : self.places[start]], words]
            at = last
        return "".join((*pieces, self.typed[at:]))


@lru_cache(maxsize=4000)
def as_compared(words: str) -> str:
    """Words as the veil compares them: "Siân" and "SIAN" are one."""
    return Plain.of(words).folded


@dataclass(frozen=True, slots=True)
class Veil:
    """``names`` are words to cut to their first letter, ``initials`` those a full name may stand behind, ``kept`` the
    names of professionals and agencies. ``born`` is the day a child was, as (year, month, day)."""

    names: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    born: tuple[int, int, int] | None = None
    numbers: bool = True  # whether numbers and days that point to a child go too
    opened: int = 0  # the year in which the dispute was, for days that are older than it; 0 where it is not known

    def words(self, text: str) -> str:
        """``text`` as it may be read by anybody in the dispute."""
        if not text:
            return text
        held: list[str] = []
        if self._may_name(text):
            text = self._with_kept_ones_held(text, held)
            for letters in self.initials:
                text = _behind(letters, _has_accents(text)).sub("".join(f"{letter}." for letter in letters), text)
            plain = Plain.of(text)
            text = plain.without(self._named_in(plain)) if self.names else text
        text = without_numbers(text) if self.numbers and _DIGIT.search(text) else text
        return _KEPT_BACK.sub(lambda m: held[int(m[1])], text) if held else text

    def _may_name(self, text: str) -> bool:
        """Whether the veil may cut a name in ``text``: one is somewhere among its letters, or two capitals stand as
        initials would."""
        if self.names and _any_of(self.names).search(Plain.of(text).folded):
            return True
        return bool(self.initials) and any(_behind(one, _has_accents(text)).search(text) for one in self.initials)

    def _with_kept_ones_held(self, text: str, held: list[str]) -> str:
        plain = Plain.of(text)
        for name in self.kept:
            spans = []
            for met in _alone(as_compared(name)).finditer(plain.folded):
                held.append(plain.typed[plain.places[met.start()] : plain.places[met.end() - 1] + 1])
                spans.append((met.start(), met.end(), _KEPT.format(len(held) - 1)))
            plain = Plain.of(plain.without(spans)) if spans else plain
        return plain.typed

    def free(self, text: str) -> str:
        """The same of what somebody wrote: without addresses and days of birth too, and without what names somebody of
        the family by its shape alone."""
        return _freed(self, text)

    def page(self, html: str) -> str:
        """The same between the tags of a page."""
        pieces = _TAG.split(html)  # words and tags, by turns
        said = "\n".join(pieces[::2])
        named = self._may_name(said)
        if not named and not (self.numbers and _may_point(said)):
            return html
        shown = (self.words(one) if named or _DIGIT.search(one) else one for one in pieces[::2])
        pieces[::2] = shown
        return "".join(pieces)

    def _named_in(self, plain: Plain) -> Iterator[tuple[int, int, str]]:
        """Every word of the text that is one of the names, or is made of them."""
        words = list(_WORD.finditer(plain.folded))
        known = frozenset(as_compared(name) for name in self.names)
        marks = {at: _letters_for(word[0], known) for at, word in enumerate(words)}
        for at, word in enumerate(words):
            letters = marks[at]
            if not letters or not (
                self._is_sure(word[0], known)
                or _is_beside(words, marks, at, plain)
                or _is_written_as_a_name(word, plain)
            ):
                continue
            end = word.end()
            dotted = letters.endswith(".") and plain.folded[end : end + 1] == "."
            yield word.start(), end + dotted, letters

    @staticmethod
    def _is_sure(word: str, known: frozenset[str]) -> bool:
        return not (_ambiguous(word) or (word.removesuffix("s") in known and _ambiguous(word.removesuffix("s"))))


@lru_cache(maxsize=500)
def _freed(veil: Veil, text: str) -> str:
    """What ``Veil.free`` says: each letter of a dispute asks again for what its record says."""
    kept = frozenset(word for name in veil.kept for word in _WORD.findall(as_compared(name)))
    text = without_names_by_shape(veil.words(text), veil.initials, veil.names, kept) if text else text
    return without_pointers_by_shape(without_pointers(text, veil.born), kept, veil.opened)


def _ambiguous(word: str) -> bool:
    return word in _ALSO_WORDS or word in _SMALL


@lru_cache(maxsize=20_000)
def _letters_for(word: str, known: frozenset[str]) -> str:
    """What stands in a veiled text for a word that names somebody, "R." or "R.W."; "" for one that does not."""
    if word in known:
        return f"{word[0].upper()}."
    if word.endswith("s") and word[:-1] in known:
        return f"{word[0].upper()}.'s"
    for at in range(2, len(word) - 1):
        if word[:at] in known and (word[at:] in known or (word[at:].endswith("s") and word[at:-1] in known)):
            return f"{word[0].upper()}.{word[at].upper()}."
    return ""


def _is_beside(words: list[re.Match[str]], marks: dict[int, str], at: int, plain: Plain) -> bool:
    """Is a word that may be no name joined to another word of the name, and written as that is: "May Brown", "an-do",
    "li, jo"? In "Brown may come" it is not."""
    for one, other in ((at - 1, at), (at, at + 1)):
        near = other if one == at else one
        named = 0 <= near < len(words) and marks.get(near) and words[one][0] != words[other][0]
        capitals = {plain.typed[plain.places[words[n].start()]].isupper() for n in (one, other)} if named else set()
        if len(capitals) == 1 and _BETWEEN.fullmatch(plain.folded[words[one].end() : words[other].start()]):
            return True
    return False


def _is_written_as_a_name(word: re.Match[str], plain: Plain) -> bool:
    """Is a word that may be no name written as one: with a capital within a sentence, and no number beside it?"""
    typed = plain.typed[plain.places[word.start()] : plain.places[word.end() - 1] + 1]
    before, after = plain.folded[: word.start()], plain.folded[word.end() :]
    if not typed[:1].isupper() or re.search(r"\d $", before[-2:]) or re.match(r" \d", after):
        return False
    within = re.search(r"(?:[a-z0-9,;(\u201c\"'] |[ .][a-z]\. |[(\u201c\"])$", before[-4:])
    joined = re.match(r" [A-Z](?:[\w'’-]+|\.)", plain.typed[plain.places[word.end() - 1] + 1 :][:20])
    return within is not None or (joined is not None and not _INITIALS.match(typed))


NO_VEIL = Veil()


def veil_over_all(veils: Iterable[Veil]) -> Veil:
    """One veil for a letter that tells of several disputes."""
    several = list(veils)
    names = dict.fromkeys(name for one in several for name in one.names)
    return Veil(
        tuple(sorted(names, key=len, reverse=True)),
        tuple(dict.fromkeys(letters for one in several for letters in one.initials)),
        tuple(dict.fromkeys(name for one in several for name in one.kept)),
    )


def veil_of(dispute: Dispute | None, more: Iterable[str] = ()) -> Veil:
    """The veil of ``dispute``: whom it must not name; ``more`` are words to hide besides."""
    if dispute is None:
        return Veil(names=naming_words(*more))
    return _veil_of(dispute, *more)


@worked_out_once(100)
def _veil_of(dispute: Dispute, *more: str) -> Veil:
    hidden = (dispute.child, dispute.fields.get("child_name", ""), *dispute.redacted, *more)
    kept = _professionals(dispute)
    initials = tuple(_only_letters(m[0]) for m in _INITIALS.finditer(dispute.child))
    said = tuple(dispute.fields.values())
    at_work = frozenset(word for name in kept for word in re.findall(r"[^\W\d_]+", name.casefold()))
    relations = (word for text in said for word in relations_named(text, at_work))
    names = naming_words(*hidden, *_written_out(initials, kept, said), *relations)
    return Veil(names, initials, kept, _born(dispute.fields.get("child_dob", "")), opened=dispute.raised.year)


def redaction_veil(dispute: Dispute) -> Veil:
    """The veil over what is stored of ``dispute``: the names alone that the office has had struck out of it."""
    return Veil(naming_words(*dispute.redacted), (), _professionals(dispute), numbers=False)


def _professionals(dispute: Dispute) -> tuple[str, ...]:
    """The names that no veil hides: the agencies', and those of who is recorded and can be written to."""
    kept = {p.person.name for p in dispute.parties if p.person.address} | {dispute.raising, *dispute.receiving_agencies}
    return tuple(sorted(kept - {""}, key=lambda name: (-len(name), name)))


def _written_out(initials: tuple[str, ...], kept: tuple[str, ...], said: tuple[str, ...]) -> Iterator[str]:
    """The full names behind initials that somebody has written into the record: for the veil, names like any other."""
    professional = {word for name in kept for word in as_compared(name).split()}
    for letters in initials:
        for met in (one for text in said for one in _behind(letters, _has_accents(text)).finditer(text)):
            words = [word for word in re.findall(r"[^\W\d_][\w'’-]+", met[0]) if len(word) > 1]
            if not {as_compared(word) for word in words} & (professional | NAMELESS | _ALSO_WORDS):
                yield " ".join(words)


def _born(written: str) -> tuple[int, int, int] | None:
    met = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", written.strip())
    return (int(met[1]), int(met[2]), int(met[3])) if met else None


def naming_words(*labels: str) -> tuple[str, ...]:
    """The words for a veil to hide: those that name somebody, longest first; initials are none. "D'Arcy" is written
    "Darcy" too."""
    written = (form for label in labels for form in dict.fromkeys((label, *_joined(label))))
    found = (word for form in written for word in _WORD.findall(as_compared(_INITIALS.sub(" ", form))))
    named = dict.fromkeys(word for word in found if len(word) > 1 and word not in NAMELESS)
    return tuple(sorted(named, key=len, reverse=True))


_APOSTROPHES, _MARKS = re.compile(r"(?<=\w)['’`](?=\w)"), re.compile(r"(?<=\w)['’`-](?=\w)")


def _joined(label: str) -> tuple[str, ...]:
    """A name as a veil looks for it besides: "Darcy", "SmithJones"."""
    return _APOSTROPHES.sub("", label), _MARKS.sub("", label)


def _only_letters(written: str) -> str:
    return "".join(c for c in written if c.isalpha())


@lru_cache(maxsize=500)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in words))


@lru_cache(maxsize=500)
def _alone(words: str) -> re.Pattern[str]:
    joined = r"[\s'_-]+".join(re.escape(word) for word in re.findall(r"[^\s]+", words))
    return re.compile(rf"(?<![^\W_]){joined}(?![^\W_])")


_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")


def _has_accents(text: str) -> bool:
    """Whether a text to be veiled has letters with accents."""
    return not text.isascii() and _ACCENTED.search(text) is not None


@lru_cache(maxsize=400)
def _behind(letters: str, accents: bool) -> re.Pattern[str]:
    """A veil's pattern for the full name behind initials: one that begins with these letters: "Ruby Whitcombe", "Ruby
    M. Whitcombe", "Whitcombe, Ruby". ``accents`` says that a text may have capitals with accents: each dispute has
    initials of its own, and a pattern that knows these takes ten times as long to make."""
    capital = _capital if accents else str.upper
    first, last = capital(letters[0]), capital(letters[-1])
    small = r"(?:[^\W\d_A-Z]|['’]\w)[\w'’-]*"
    straight = small + "".join(rf"[\s-]+(?:[A-Z]\.?\s+)?[{capital(letter)}]{small}" for letter in letters[1:])
    turned = rf"{small},\s+[{first}]{small}"
    # One of the capitals before all else, by which a long text is searched fast.
    begins = rf"[{first}{last}](?<![^\W_].)"
    return re.compile(rf"{begins}(?:(?<=[{first}]){straight}|(?<=[{last}]){turned})(?![^\W_])", re.DOTALL)


@lru_cache(maxsize=60)
def _capital(letter: str) -> str:
    """The capitals that a veil looks for behind an initial, with and without accents."""
    codes = (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    forms = (chr(code) for code in codes if chr(code).isupper() and as_compared(chr(code)) == letter.casefold())
    return f"{letter.upper()}{''.join(forms)}"


_OF_NAMES = frozenset({"ann", "art", "cal", "dan", "ed", "ted", "tim", "sue", "pat", "ray", "rod"})


# A subject line that is said back to whoever is thought to have written it.
_QUOTED_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def subject_of_whom_nothing_is_known(subject: str, kept: Iterable[str] = ()) -> str:
    """A subject as the veil leaves it where no dispute says whom it names: words that this mailbox knows, tags,
    references and ``kept`` names stand; of any other word its first letter."""
    known = _known_words() | {word for name in kept for word in as_compared(name).split()}

    def cut(met: re.Match[str]) -> str:
        word = as_compared(met[0])
        return met[0] if word in known or word.removesuffix("s") in known or len(word) == 1 else f"{met[0][0]}."

    pieces = re.split(r"(\[?\b[A-Z]{2,6}-\d{2}-\d{4}\b\]?)", without_pointers(subject))
    return "".join(piece if at % 2 else _QUOTED_WORD.sub(cut, piece) for at, piece in enumerate(pieces))


@lru_cache(maxsize=1)
def _known_words() -> frozenset[str]:
    """The words of the lexicon that are no names."""
    tables = (many for name, many in lexicon.loaded().lists.items() if name.startswith("words."))
    words = {word.lower() for many in tables for one in many for word in re.findall(r"[A-Za-z']+", one)}
    return frozenset(words) - _ALSO_WORDS - _OF_NAMES


# What points to a child as surely as a name does, in what people write: a date of birth, an NHS number, a postcode, an
# address; whatever it is called, spaced or capitalised.

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
           "december")  # fmt: skip
_MONTH = rf"(?:{'|'.join(f'{m[:3]}(?:{m[3:]})?' if len(m) > 3 else m for m in _MONTHS)}|sept)"
_DATED = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?[\s/.,-]*{_MONTH}[\s/.,'-]*(?:\d{{4}}|\d{{2}})\b"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?[\s,]+\d{{4}}\b|\d{{1,2}}\s?[/.-]\s?\d{{1,2}}\s?[/.-]\s?(?:\d{{4}}|\d{{2}})\b"
    r"|\d{4}[/.-]\d{1,2}[/.-]\d{1,2}\b|\b\d{8}\b)"
)
_BORN = re.compile(
    rf"{SAYS_BORN}(?:\W+|(?:\W+[a-z]+){{1,4}}\W+){_DATED}",
    re.IGNORECASE,
)
_BESIDE_INITIALS = re.compile(rf"((?:\b[A-Z]\.\s?){{1,3}}(?:'s)?\W{{0,3}}\(?){_DATED}\)?", re.IGNORECASE)
_ANY_DAY = re.compile(_DATED, re.IGNORECASE)
_APART = r"[ \t\u00a0\u2000-\u200a\u202f.\u2010-\u2015-]{0,2}"
_TEN = re.compile(rf"\d(?<![\d+/:.-]\d){_APART}(?:\d{_APART}){{8}}\d(?![\d:-])")
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
    if _MANY_DIGITS.search(text):
        text = _LABELLED_NUMBER.sub("(NHS number)", text)
        text = _TEN.sub(lambda m: "(NHS number)" if is_nhs_number(re.sub(r"\D", "", m[0])) else m[0], text)
    return _BORN.sub("(date of birth)", text) if _may_say_born(text) else text


_TEN_DIGITS, _BORN_IN_SHORT = re.compile(r"\d(?:\W{0,2}\d){9}"), re.compile(r"d\.?\s?o\.?\s?b")
_LIKE_I = re.compile("[\u0130\u0131]")  # which an expression without regard to capitals takes for an i


def _may_say_born(text: str) -> bool:
    """Whether a veiled day of birth that is called so may stand in ``text``: one of these stands in each of them."""
    low = text.casefold()
    said = "birth" in low or "born" in low or "b." in low or _BORN_IN_SHORT.search(low) is not None
    return said or (not text.isascii() and _LIKE_I.search(text) is not None)


def _may_point(text: str) -> bool:
    """Whether a number or a day that the veil takes off may stand in ``text``."""
    if _TEN_DIGITS.search(text) and (_TEN.search(text) or ("nhs" in text.casefold() and _LABELLED_NUMBER.search(text))):
        return True
    return _may_say_born(text) and _BORN.search(text) is not None


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
