"""The second reader of what people write: a linear model over words and pieces of words that listens beside the rules.

It knows nothing of disputes, and decides nothing: ``both_readers.py`` is where its ear and the rules meet, and there it
can turn silence into a question, an act into a question, and raise the alarm. Its weights are a table that can be read
line by line (``mailbot/reader/weights.tsv``), made by ``make train`` from invented sentences alone, and never from
mail.

Every sentence is read by itself, with its neighbour, and as part of the whole; what counts is the loudest reading.
Sentence vectors of a language model were tried beside it: they blur yes and no, and cost a hundred times as much.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import pairwise
from math import exp, sqrt

from mailbot.mail.second_reader.acts_by_words import ActsByWords
from mailbot.mail.second_reader.trees import Trees
from mailbot.mail.text.spelling_and_sentences import sentences

DANGER, WISH = "danger", "wish"
LONGEST_WORD, MOST_KEPT, MOST_LATELY = 40, 20_000, 64
LEARNT = ("wanted",)  # weights beside those of words
ALIKE = 0.4  # less alike, and a sentence shown beside another explains nothing
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[?!]")
_NUMBER = re.compile(r"\d+")
_TURNED = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "`": "'", "\u00a0": " "})
_HUNDREDTHS = 100.0


@dataclass(frozen=True, slots=True)
class Listened:
    """How likely each meaning is, 0 to 1. ``deaf`` says why nothing could be heard; the rest is then empty. ``each`` is
    what the second reader hears in every sentence by itself."""

    likely: Mapping[str, float] = field(default_factory=dict)
    deaf: str = ""
    each: tuple["Listened", ...] = ()

    def of(self, label: str) -> float:
        return self.likely.get(label, 0.0)

    def strongest(self, among: Iterable[str]) -> tuple[str, float]:
        """The likeliest of the meanings the second reader heard, ("", 0.0) where nothing was heard."""
        return max(((label, self.of(label)) for label in among), key=lambda one: one[1], default=("", 0.0))


def weighed_words(sentence: str) -> list[str]:
    """The words as the second reader weighs them: small letters, any number as 0, and the marks that make a question or
    a shout."""
    flat = _NUMBER.sub("0", sentence.lower().translate(_TURNED))
    return [word[:LONGEST_WORD] for word in _WORD.findall(flat)]


def features_of_word(word: str) -> list[str]:
    """For the second reader, how a word begins, in three to six letters, and how it ends, in three or four."""
    begins = [f"c {word[:size]}-" for size in (3, 4, 5, 6) if len(word) > size]
    return begins + [f"c -{word[-size:]}" for size in (3, 4) if len(word) > size]


def features_of_sentence(words: Sequence[str]) -> list[str]:
    """What the second reader sees in a sentence: each word, and each with the next; ``<`` and ``>`` stand for the
    ends."""
    return [*(f"w {word}" for word in words), *(f"w {a} {b}" for a, b in pairwise(("<", *words, ">")))]


def _pieces_of(word: str) -> int:
    """How many features of letters a word has."""
    return sum(len(word) > size for size in (3, 4, 5, 6, 3, 4))


@dataclass(slots=True)
class _Piece:
    """Sums over the features of a sentence: of words, and of pieces of words, with how many there were."""

    words: list[float]
    letters: list[float]
    word_count: int
    letter_count: int

    def __add__(self, other: "_Piece") -> "_Piece":
        return _Piece(
            [a + b for a, b in zip(self.words, other.words, strict=True)],
            [a + b for a, b in zip(self.letters, other.letters, strict=True)],
            self.word_count + other.word_count,
            self.letter_count + other.letter_count,
        )


def _features(sentence: str) -> frozenset[str]:
    words = weighed_words(sentence)
    return frozenset([*features_of_sentence(words), *(one for word in words for one in features_of_word(word))])


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / sqrt(len(one) * len(other)) if one and other else 0.0


class SecondReader:
    """The weights, in hundredths by feature and label, and what is decided from them by threshold.

    The table's first line gives each label a capital ("danger=A"); every line after it is a feature, and the weights it
    has that are not nought ("w belt", then "A120 S-80")."""

    def __init__(
        self, weights: str, settings: Mapping[str, object], likes: str = "", trees: str = "", acts: str = ""
    ) -> None:
        """The second reader: ``likes`` are sentences that it learnt from, each after its label; ``trees`` tell by what
        it hears, and by the weights of words in ``acts``, which act is meant. Raises ValueError for a table that is
        none."""
        head, *rows = weights.split("\n")
        feature, _, named = head.partition("\t")
        labels = [label for label, sign, letter in (one.partition("=") for one in named.split()) if sign and letter]
        if feature != "feature" or not labels:
            raise ValueError("its first line does not name the labels")
        self.labels = tuple(labels)
        self._place = {one.partition("=")[2]: at for at, one in enumerate(named.split())}
        self._rows = dict(row.split("\t", 1) for row in rows if row)
        bias, limits = settings["bias"], settings["thresholds"]
        assert isinstance(bias, Mapping)
        assert isinstance(limits, Mapping)
        self._bias = tuple(float(bias[label]) for label in labels)
        self.thresholds: Mapping[str, float] = {name: float(at) for name, at in limits.items()}
        self.learnt: Mapping[str, Mapping[str, float]] = {
            what: dict(speaks) for what in LEARNT if isinstance(speaks := settings.get(what), Mapping)
        }
        meant = settings.get("meant", {})
        assert isinstance(meant, Mapping)
        self.meant: Mapping[str, float] = {act: float(at) for act, at in meant.items()}
        self._likes = tuple(line.split("\t", 1) for line in likes.split("\n") if line)
        self.trees = Trees(trees) if trees else None
        self.acts = ActsByWords(acts) if acts else None
        self._none = (0.0,) * len(labels)
        self._letters: dict[str, tuple[float, ...]] = {}  # by word: most words come again
        self._known: dict[str, tuple[float, ...]] = {}
        self._lately: dict[str, _Piece | None] = {}

    @property
    def size(self) -> int:
        return len(self._rows)

    def hear(self, text: str) -> Listened:
        pieces = [piece for sentence in sentences(text) if (piece := self._heard_once(sentence))]
        if not pieces:
            return Listened()
        whole = pieces[0]
        for piece in pieces[1:]:
            whole = whole + piece
        pairs = [a + b for a, b in pairwise(pieces)] if len(pieces) > 2 else []
        alone = [self._scores(piece) for piece in pieces]
        every = [*alone, *(self._scores(piece) for piece in (*pairs, whole))]
        heard = self._listened(max(column) for column in zip(*every, strict=True))
        return replace(heard, each=tuple(map(self._listened, alone)))

    def hear_each(self, text: str) -> tuple[tuple[str, Listened], ...]:
        """What the second reader hears in each sentence by itself, beside the sentence as it stands in one line."""
        found = []
        for sentence in sentences(text):
            piece = self._heard_once(sentence)
            if piece is not None:
                found.append((" ".join(sentence.split()), self._listened(self._scores(piece))))
        return tuple(found)

    def _listened(self, scores: Iterable[float]) -> Listened:
        return Listened(
            {label: 1 / (1 + exp(-min(max(s, -30), 30))) for label, s in zip(self.labels, scores, strict=True)}
        )

    def loudest(self, text: str, label: str) -> str:
        """The sentence in which ``label`` is heard most."""
        at = self.labels.index(label)
        said = [(s, words) for s in sentences(text) if (words := weighed_words(s))]
        return max(said, key=lambda one: self._scores(self._piece(one[1]))[at], default=("", []))[0]

    def like(self, sentence: str, label: str) -> str:
        """The sentence the second reader learnt under ``label`` that shares most with this one; "" where none is much
        like it."""
        mine = _features(sentence)
        alike = ((_shared(mine, _features(known)), known) for of, known in self._likes if of == label)
        nearest, known = max(alike, default=(0.0, ""))
        return known if nearest >= ALIKE else ""

    def because(self, text: str, label: str, most: int = 3) -> tuple[str, ...]:
        """The second reader's reasons: the words of ``text`` that speak most for ``label``, the loudest first."""
        at = self.labels.index(label)
        weighed: dict[str, float] = {}
        for sentence in sentences(text):
            words = weighed_words(sentence)
            pieces = 1 + sum(map(_pieces_of, words))
            for word in words:
                by_word = self._weight(f"w {word}")[at] / sqrt(2 * len(words) + 2)
                weighed[word] = max(weighed.get(word, 0.0), by_word + self._of_letters(word)[at] / sqrt(pieces))
        ranked = sorted((word for word in weighed if weighed[word] > 0), key=lambda word: (-weighed[word], word))
        return tuple(ranked[:most])

    def _heard_once(self, sentence: str) -> _Piece | None:
        """One sentence's sums. A message is heard whole, and what it tells clause by clause is heard again."""
        if sentence in self._lately:
            return self._lately[sentence]
        words = weighed_words(sentence)
        piece = self._piece(words) if words else None
        if len(self._lately) >= MOST_LATELY:
            self._lately.clear()
        self._lately[sentence] = piece
        return piece

    def _piece(self, words: list[str]) -> _Piece:
        letters = [self._of_letters(word) for word in words]
        known = [row for feature in features_of_sentence(words) if (row := self._weight(feature)) is not self._none]
        return _Piece(self._sum(known), self._sum(letters), 2 * len(words) + 1, sum(map(_pieces_of, words)))

    def _sum(self, rows: Sequence[tuple[float, ...]]) -> list[float]:
        return [sum(column, 0.0) for column in zip(*rows, strict=True)] if rows else list(self._none)

    def _scores(self, piece: _Piece) -> list[float]:
        by_words, by_letters = 1 / sqrt(piece.word_count + 1), 1 / sqrt(piece.letter_count + 1)
        return [
            b + w * by_words + c * by_letters for b, w, c in zip(self._bias, piece.words, piece.letters, strict=True)
        ]

    def _weight(self, feature: str) -> tuple[float, ...]:
        found = self._known.get(feature)
        if found is None:
            row = self._rows.get(feature)
            if row is None:
                return self._none
            weights = [0.0] * len(self.labels)
            for cell in row.split():
                weights[self._place[cell[0]]] = int(cell[1:]) / _HUNDREDTHS
            found = tuple(weights)
            self._known[feature] = found
        return found

    def _of_letters(self, word: str) -> tuple[float, ...]:
        found = self._letters.get(word)
        if found is None:
            rows = [row for one in features_of_word(word) if (row := self._weight(one)) is not self._none]
            found = tuple(self._sum(rows))
            if len(self._letters) < MOST_KEPT:
                self._letters[word] = found
        return found


FOLDER, SUMS, NAMES = "reader", "SHA256SUMS", ("weights.tsv", "reader.toml", "likes.tsv", "trees.tsv", "acts.tsv")


@cache
def second_reader() -> SecondReader | str:
    """The second reader that came with the program, read once; or why there is none. It never stops the program:
    without it nothing is filed unasked."""
    folder = files("mailbot") / FOLDER
    try:
        lines = (folder / SUMS).read_text("utf-8").splitlines()
        sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
        return opened({name: (folder / name).read_bytes() for name in NAMES}, sums)
    except (OSError, ValueError) as fault:
        return f"the second reader's files cannot be used: {fault}"


def is_deaf() -> bool:
    return isinstance(second_reader(), str)


def opened(contents: Mapping[str, bytes], sums: Mapping[str, str]) -> SecondReader:
    """A second reader from its files. Raises ValueError where one is not the one that was released."""
    for name, content in contents.items():
        if sums.get(name) != sha256(content).hexdigest():
            raise ValueError(f"{name} is not the file that was released with this program")
    weights, settings, likes, trees, acts = (contents[name].decode() for name in NAMES)
    return SecondReader(weights, tomllib.loads(settings), likes, trees, acts)


def listen(text: str) -> Listened:
    """What the second reader hears in the writer's own words."""
    reader = second_reader()
    return Listened(deaf=reader) if isinstance(reader, str) else reader.hear(text)


def listen_each(text: str) -> tuple[tuple[str, Listened], ...]:
    """What the second reader hears in each sentence of the writer's own words; () where there is no second reader."""
    reader = second_reader()
    return () if isinstance(reader, str) else reader.hear_each(text)


def threshold(name: str) -> float:
    """The second reader's threshold: the likelihood from which what it hears counts, as ``make
    train`` set it; over every likelihood where there is no second reader."""
    reader = second_reader()
    return 2.0 if isinstance(reader, str) else reader.thresholds[name]


def trees_of_acts() -> Trees | None:
    """The trees that tell, by what the second reader hears and the rules see, how likely an act is meant; None where
    there is no second reader."""
    reader = second_reader()
    return None if isinstance(reader, str) else reader.trees


def acts_by_words() -> ActsByWords | None:
    """The weights of words for each act, beside what the second reader hears; None where there is none."""
    reader = second_reader()
    return None if isinstance(reader, str) else reader.acts


def weights_of(what: str) -> Mapping[str, float]:
    """How much each thing that speaks for or against a wish ("wanted") counts beside the second reader's ear; {} where
    there is none."""
    reader = second_reader()
    return {} if isinstance(reader, str) else reader.learnt.get(what, {})


def meant_from(act: str) -> float:
    """The likelihood from which an act is taken to be meant, as ``make train`` set it beside the second reader; over
    every likelihood for others, and where there is no second reader."""
    reader = second_reader()
    return 2.0 if isinstance(reader, str) else reader.meant.get(act, 2.0)


LIKELY = 0.5  # likelier than not


_CALLED: Mapping[str, str] = {
    DANGER: "danger", "resolved": "settled", "confirms": "agreed", "disagrees": "not agreed", "take_up": "take it up",
    "date": "another date", "handover": "somebody takes over", "person": "somebody to add or take off",
    "did_not_happen": "not done", "withdraw": "withdraw it", "decision": "a decision", "child_status": "the status",
    "met": "they have met", "undo": "misread", "question": "a question", "data_rights": "records or a complaint",
}  # fmt: skip


def heard_because(own: str) -> str:
    """What the second reader heard most, by which words, and what it learnt that reads like it; "" for nothing much."""
    reader = second_reader()
    if isinstance(reader, str):
        return reader
    label, likely = reader.hear(own).strongest(_CALLED)
    if likely < LIKELY:
        return ""
    sentence = reader.loudest(own, label)
    words, known = ", ".join(f"“{word}”" for word in reader.because(sentence, label)), reader.like(sentence, label)
    return f"{_CALLED[label]} {likely:.2f}, because of {words}" + (f"; read like “{known}”" if known else "")
