"""A sieve of wordings: which of the lexicon's expressions can stand in a sentence at all, told by its words alone.

Most wordings need some letters in a row ("resolv", "withdr"), or a digit, without which they cannot match. The sieve
knows two such things of each wording, or of each of its alternatives, and what each word that it has met fulfils; only
what is left is searched for. It sifts out nothing that could match: what needs no letters is always left.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from re import _constants as says  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_EDGE = "\b"  # at an end of letters in a row: a word begins or ends there
_DIGIT = "\0"  # no letters, but any digit
_OFTEN = "etaoinshrdlu"
# Words that stand in every other sentence.
_EVERYWHERE = frozenset(
    re.findall(
        r"\w+",
        "a the and to that this his her him for not with have has had are was were been be they you your our would can"
        " could should from there their about what when all any one but out now i we it is of in on at as by or if so"
        " no do my me us he she an will up than then them",
    )
)
_MOST_WORDS = 20_000  # that are remembered
_ODD = re.compile("[\u0130\u0131\u0307\u0345]")  # signs that are one word's in small letters and two words' in capitals


class Sieve:
    """A sieve of ``wordings``, each by its place; what is left of them in a text is a number with a bit for each."""

    def __init__(self, wordings: Sequence[str]) -> None:
        self._wordings = len(wordings)
        self._every = (1 << self._wordings) - 1
        self._always = 0
        self._by_beginning: dict[str, dict[str, int]] = {}
        self._known: dict[str, int] = {}
        for place, wording in enumerate(wordings):
            needs = needed(wording)
            for which in (0, 1):  # a bit for what is needed first, and one for what is needed besides
                bit = 1 << (place + which * self._wordings)
                if which >= len(needs):
                    self._always |= bit
                    continue
                for letters in needs[which]:
                    begun = self._by_beginning.setdefault(letters.strip(_EDGE)[:2], {})
                    begun[letters] = begun.get(letters, 0) | bit

    def left(self, text: str) -> int:
        """What the sieve leaves of the wordings, as bits by their places."""
        low = text.casefold()
        if not text.isascii() and _ODD.search(low):
            return self._every
        known, found = self._known, self._always
        for word in low.split():
            bits = known.get(word)
            found |= self._learnt(word) if bits is None else bits
        return found & found >> self._wordings & self._every

    def _learnt(self, word: str) -> int:
        bits = 0
        for at in range(len(word)):
            for begins in {word[at], word[at : at + 2]}:
                for letters, those in self._by_beginning.get(begins, {}).items():
                    bits |= those if _stands(letters, word, at) else 0
        if any(sign.isdecimal() for sign in word):
            bits |= self._by_beginning.get(_DIGIT, {}).get(_DIGIT, 0)
        if len(self._known) >= _MOST_WORDS:
            self._known.clear()
        self._known[word] = bits
        return bits


def _stands(letters: str, word: str, at: int) -> bool:
    bare = letters.strip(_EDGE)
    end = at + len(bare)
    if not word.startswith(bare, at) or (letters[0] == _EDGE and at and _is_of_a_word(word[at - 1])):
        return False
    return letters[-1] != _EDGE or end == len(word) or not _is_of_a_word(word[end])


def _is_of_a_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


@dataclass(frozen=True, slots=True)
class Met:
    """Where a wording stands in a text, from ``start`` to ``end``, and the ``words`` that stand there."""

    start: int
    end: int
    words: str


class Wording:
    """One expression, in which capitals do not count. One without capitals of its own is looked for in small letters,
    which ``re`` finds five times as fast as letters of either kind."""

    __slots__ = ("_either", "_small", "_wording")

    def __init__(self, wording: str) -> None:
        self._wording = wording
        told = re.sub(r"\\.", "", wording)
        is_small = told == told.lower() and "(?-i" not in told and not set(told) & set("\u017f\u0131")
        self._small = re.compile(wording) if is_small else None
        self._either: re.Pattern[str] | None = None

    def search(self, text: str, low: str, at: int = 0) -> re.Match[str] | None:
        """Where it stands in ``text`` after ``at``, which is ``low`` in small letters; "" where that may be longer."""
        if low and self._small is not None:
            return self._small.search(low, at)
        if self._either is None:
            self._either = re.compile(self._wording, re.IGNORECASE)
        return self._either.search(text, at)


def small(text: str) -> str:
    """A text in small letters, each where it was; "" where that is not certain."""
    return text.lower() if text.isascii() else ""


class Wordings:
    """The wordings of several entries, by the entries' places: each entry is looked for as if its wordings were one
    expression of alternatives, and costs nothing where none of them can stand."""

    def __init__(self, entries: Sequence[Sequence[str]]) -> None:
        self._flat: list[str] = []
        self._bounds: list[int] = [0]
        for wordings in entries:
            can_be_empty = any(_parsed(one)[0] for one in wordings)
            self._flat += ["|".join(wordings) or "(?!)"] if can_be_empty or not wordings else wordings
            self._bounds.append(len(self._flat))
        self._sieve = Sieve(self._flat)

    def standing(self, text: str) -> list[tuple[int, list[Wording]]]:
        """The entries that can stand in ``text``, in their order, each with those of its wordings that can."""
        left, found, entry = self._sieve.left(text), [], 0
        while left:
            place = (left & -left).bit_length() - 1
            while self._bounds[entry + 1] <= place:
                entry += 1
            its_own = left & ((1 << self._bounds[entry + 1]) - 1)
            found.append((entry, [_wording(self._flat[at]) for at in _bits(its_own)]))
            left ^= its_own
        return found

    def stand_in(self, text: str) -> bool:
        """Whether any of the wordings stands in ``text``."""
        low = small(text)
        return any(one.search(text, low) for _, wordings in self.standing(text) for one in wordings)


def every(wordings: Sequence[Wording], text: str) -> Iterator[Met]:
    """All that any of the wordings matches, as one expression of all of them finds it: whichever begins first, and of
    those that begin together the first of them."""
    low = small(text)
    searched = [(wording, wording.search(text, low)) for wording in wordings]
    heads = [(wording, found) for wording, found in searched if found is not None]
    while heads:
        start, end = min(heads, key=_begins)[1].span()
        yield Met(start, end, text[start:end])
        again = [(w, met if met.start() >= end else w.search(text, low, end)) for w, met in heads]
        heads = [(wording, found) for wording, found in again if found is not None]


def _begins(head: tuple[Wording, re.Match[str]]) -> int:
    return head[1].start()


def _bits(number: int) -> Iterator[int]:
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


@lru_cache(maxsize=4000)  # most are the same under every procedure's names
def _wording(wording: str) -> Wording:
    return Wording(wording)


def needed(wording: str) -> list[frozenset[str]]:
    """For the sieve: at most two sets of letters in a row, of each of which one stands in every text in which the
    wording does, whatever the capitals; those that stand in the fewest texts."""
    return list(_parsed(wording)[1])


@lru_cache(maxsize=8000)
def _parsed(wording: str) -> tuple[bool, tuple[frozenset[str], ...]]:
    """For the sieve: whether the wording matches nothing at all as well, and what it needs. Most are the same under
    every procedure's names, and parsing one takes longer than all else that is done with it."""
    parsed = _parser.parse(wording, re.IGNORECASE)
    return parsed.getwidth()[0] == 0, tuple(sorted(_Needed().of(parsed, False, False), key=_share)[:2])


class _Needed:
    """Goes through a wording as ``re`` has parsed it."""

    def of(self, parsed: Iterable[tuple[Any, Any]], begins: bool, ends: bool) -> list[frozenset[str]]:
        """``begins`` and ``ends``: whether a word begins where these stand, and ends with them."""
        steps = [step for step in parsed if step[0] not in (says.ASSERT, says.ASSERT_NOT)]  # they take up no room
        found: set[frozenset[str]] = set()
        run = _EDGE if begins else ""
        for at, (kind, told) in enumerate(steps):
            if kind is says.LITERAL:
                run += chr(told).casefold()
            elif kind is says.AT:
                run += _EDGE if told in _ENDS_OF_WORDS else ""
            else:
                found.update(_pieces(run))
                edge = run[-1:] == _EDGE or run[-1:].isspace()
                after = steps[at + 1] if at + 1 < len(steps) else None
                ends_here = ends if after is None else _is_edge(after)
                found.update(self._inside(kind, told, edge, ends_here))
                if kind is says.BRANCH and run.strip(_EDGE) and not run[-1].isspace() and run[-1] != _EDGE:
                    found.add(_gone_on(run.rsplit(maxsplit=1)[-1], told[1], ends_here))
                run = ""
        found.update(_pieces(run + (_EDGE if ends else "")))
        return list(found)

    def _inside(self, kind: Any, told: Any, begins: bool, ends: bool) -> list[frozenset[str]]:
        if kind is says.BRANCH:
            each = [min(self.of(branch, begins, ends), key=_share, default=None) for branch in told[1]]
            known = [letters for letters in each if letters is not None]
            return [frozenset().union(*known)] if len(known) == len(each) else []
        if kind is says.SUBPATTERN:
            return self.of(told[-1], begins, ends)
        if kind in (says.MAX_REPEAT, says.MIN_REPEAT) and told[0] > 0:
            return self.of(told[2], begins, ends and told[1] == 1)
        if kind is says.IN and told == [(says.CATEGORY, says.CATEGORY_DIGIT)]:
            return [frozenset({_DIGIT})]
        if kind is says.IN and all(one is says.LITERAL and not _is_of_a_word(chr(sign)) for one, sign in told):
            return [frozenset(chr(sign) for _, sign in told)] if not any(chr(s).isspace() for _, s in told) else []
        return []


_ENDS_OF_WORDS = (says.AT_BOUNDARY, says.AT_BEGINNING, says.AT_BEGINNING_STRING, says.AT_END, says.AT_END_STRING)


def _is_edge(step: tuple[Any, Any]) -> bool:
    kind, told = step
    return (kind is says.AT and told in _ENDS_OF_WORDS) or (kind is says.LITERAL and chr(told).isspace())


def _gone_on(run: str, branches: Iterable[Iterable[tuple[Any, Any]]], ends: bool) -> frozenset[str]:
    """Letters in a row with the letters of each alternative that follow at once: "n(?:o|ever)" is "no" or "never"."""
    found: set[str] = set()
    for branch in branches:
        whole, steps = run, list(branch)
        for kind, told in [*steps, *([(says.AT, says.AT_BOUNDARY)] if ends else [])]:
            if kind is not says.LITERAL and not (kind is says.AT and told in _ENDS_OF_WORDS):
                break
            whole += chr(told) if kind is says.LITERAL else _EDGE
        found.update(_pieces(whole.casefold())[0])
    return frozenset(found)


def _pieces(run: str) -> list[frozenset[str]]:
    """Letters in a row that stand within one word, with the ends of the word where they are known."""
    found = []
    for within in re.finditer(r"\S+", run):
        pieces = within[0].split(_EDGE)
        for at, piece in enumerate(pieces):
            before, after = at or within.start(), at < len(pieces) - 1 or within.end() < len(run)
            begins = _EDGE if before and _is_of_a_word(piece[:1]) else ""
            ends = _EDGE if after and _is_of_a_word(piece[-1:]) else ""
            found += [frozenset({f"{begins}{piece}{ends}"})] if piece else []
    return found


def _share(letters: frozenset[str]) -> tuple[float, list[str]]:
    """In how many sentences about one of the set stands; and an order among those of the same."""
    return sum(map(_how_often, letters)), sorted(letters)


@lru_cache(maxsize=10_000)
def _how_often(piece: str) -> float:
    bare = piece.strip(_EDGE)
    if piece == _DIGIT or not _is_of_a_word(bare[0]):
        return 0.1
    whole = piece[0] == piece[-1] == _EDGE
    if bare in _EVERYWHERE if whole else any(bare in word for word in _EVERYWHERE):
        return 0.7
    often = sum(sign in _OFTEN for sign in bare)
    return 0.02 if whole else float(min(0.9, 40 * 0.1**often * 0.04 ** (len(bare) - often)) + 0.02)
