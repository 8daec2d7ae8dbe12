"""The sieve of wordings leaves everything that can match, and little else."""

import json
import re
from pathlib import Path

import pytest

from mailbot.mail import lexicon
from mailbot.mail.text.sieve import Sieve, Wordings, every, needed
from tests.thorough import many, turn

TRAINING = Path(__file__).parents[4] / "training" / "replies.jsonl"
EVERY = many(46, 23)
SAID = [json.loads(line)["text"] for line in TRAINING.read_text(encoding="utf-8").splitlines()[turn() % EVERY :: EVERY]]
ODD = [
    "It is RE\u017fOLVED",
    "\u212aindly escalate this",
    "D\u0130SREGARD that",
    "\u2018no\u2019, NOT yet",
    "a\u0307if so",
]


@pytest.mark.parametrize(
    ("wording", "wanted"),
    [
        (r"\bplease close\b", [{"\bclose\b"}, {"\bplease\b"}]),
        (r"\b(?:withdraw|retract)(?:ing)?\b", [{"\bwithdraw", "\bretract"}]),
        (r"\bn(?:o|ever)\b", [{"\bnever\b", "\bno\b"}, {"\bn"}]),
        (r"\bif\b", [{"\bif\b"}]),
        (r"\?\s*$", [{"?"}]),
        (r"(?:very )*happy", [{"happy"}]),
        (r"(?:very|no) problem", [{"\bproblem"}, {"very\b", "no\b"}]),
        (r"on \d\d", [{"\0"}, {"on\b"}]),
        (r"\b's all", [{"\ball"}, {"'s\b"}]),
        (r"\w+", []),
    ],
)
def test_a_wording_needs_letters_without_which_it_cannot_stand(wording: str, wanted: list[set[str]]) -> None:
    assert sorted(map(sorted, needed(wording))) == sorted(map(sorted, wanted))


@pytest.mark.parametrize("kind", ["phrase", "trap", "clause"])
def test_nothing_that_matches_is_sifted_out(kind: str) -> None:
    wordings = [lexicon.loaded().filled(one) for row in lexicon.rows(kind) for one in row.wordings]
    compiled = [re.compile(wording, re.IGNORECASE) for wording in wordings]
    sieve, kept = Sieve(wordings), 0
    for text in [*SAID, *ODD]:
        left = sieve.left(text)
        kept += left.bit_count()
        assert [p for p, wording in enumerate(compiled) if not left >> p & 1 and wording.search(text)] == []
    assert kept < len(SAID) * len(wordings) * 0.1


def test_a_word_is_known_by_where_it_begins_and_ends() -> None:
    sieve = Sieve([r"\bif\b", r"\bhap", r"ever\b", r"\d"])
    assert [sieve.left(text) for text in ("gift", "if", "(if)", "perhaps", "happy", "never", "everly", "u16")] == [
        *(0, 1, 1, 0, 2, 4, 0, 8)
    ]


def test_entries_are_heard_as_one_expression_of_all_their_wordings_is() -> None:
    entries = [row.wordings for kind in ("phrase", "clause", "trap") for row in lexicon.rows(kind)]
    filled = [[lexicon.loaded().filled(one) for one in wordings] for wordings in entries]
    joined = [re.compile("|".join(wordings), re.IGNORECASE) for wordings in filled]
    together = Wordings(filled)
    for text in [*SAID[::4], *(text.upper() for text in SAID[::40]), *ODD]:
        found = {entry: [(met.start, met.end) for met in every(some, text)] for entry, some in together.standing(text)}
        wanted = {entry: [met.span() for met in one.finditer(text)] for entry, one in enumerate(joined)}
        assert {entry: spans for entry, spans in found.items() if spans} == {e: s for e, s in wanted.items() if s}
