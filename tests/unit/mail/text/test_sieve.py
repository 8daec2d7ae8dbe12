"""The sieve of wordings leaves everything that can match, and little else."""

import json
import re
from pathlib import Path

import pytest

from mailbot.mail import lexicon
from mailbot.mail.text.sieve import Sieve, letters_needed

TRAINING = Path(__file__).parents[4] / "training" / "replies.jsonl"


@pytest.mark.parametrize(
    ("wording", "letters"),
    [
        (r"\bplease close\b", 1),
        (r"\b(?:withdraw|retract)(?:ing)?\b", 2),
        (r"\bno\b", 0),
        (r"\?\s*$", 0),
        (r"(?:very )*happy", 1),
        (r"(?:very|no) problem", 1),
    ],
)
def test_a_wording_needs_letters_without_which_it_cannot_stand(wording: str, letters: int) -> None:
    found = letters_needed(wording)
    assert len(found or ()) == letters
    assert found is None or all(one in wording for one in found)


@pytest.mark.parametrize("kind", ["phrase", "trap"])
def test_nothing_that_matches_is_sifted_out(kind: str) -> None:
    every = [re.compile(lexicon.joined(row.wordings), re.IGNORECASE) for row in lexicon.rows(kind)]
    sieve = Sieve([wording.pattern for wording in every])
    said = [json.loads(line)["text"] for line in TRAINING.read_text(encoding="utf-8").splitlines()[::23]]
    kept = 0
    for text in [*said, "It is RE\u017fOLVED", "\u212aindly escalate this"]:
        left = sieve.left(text)
        kept += left.bit_count()
        assert [p for p, wording in enumerate(every) if wording.search(text) and not left >> p & 1] == []
    assert kept < len(said) * len(every) * 0.75
