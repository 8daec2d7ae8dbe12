"""Plain English: what a letter says itself, measured. Flesch and Kincaid's grade 7 is a reading age of about twelve."""

import re
from datetime import datetime

import pytest

from mailbot.core.notices.notice import Notice
from mailbot.core.record.dispute import Dispute
from mailbot.mail.letters.render import Rendered
from tests.unit.mail.letters.letter_stories import letters, seen
from tests.unit.mail.letters.test_letters_never_say import TEMPLATES

HARDEST, LONGEST = 7.5, 15  # grade; words a sentence
CASES = letters()
_SECTION = re.compile(r"\n\n(?=[A-Z][A-Z ]{6,})")
_PROPER = re.compile(
    r"(?:Wilhelmina Fernsby|Barnaby Quill|Octavia Samplewood|Evadne Trustworth|Horatio Pellworthy)(?: \([^)]*\))?"
    r"|Harbourside Primary School|Children's Social Care|Delegated Safeguarding Partners"
)


def _syllables(word: str) -> int:
    return max(len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower()))), 1)


def _measured(made: Rendered) -> tuple[float, float]:
    """(grade, words a sentence) of the letter's own words: names count as one short word, the rest is not ours."""
    own = _PROPER.sub("Sam", _SECTION.split(made.text)[0])
    sentences = [one for one in re.split(r"[.!?:;]\s+|\n", own) if re.search(r"\w", one)]
    words = re.findall(r"[A-Za-z']+", own)
    long = len(words) / len(sentences)
    return 0.39 * long + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59, long


@pytest.mark.parametrize(("notice", "dispute", "now"), CASES, ids=[f"{n.letter}-{n.to.name}" for n, _, _ in CASES])
def test_a_letter_is_read_at_the_age_of_twelve(notice: Notice, dispute: Dispute, now: datetime) -> None:
    grade, long = _measured(TEMPLATES.render(notice.letter, seen(notice, dispute, now)))
    assert grade <= HARDEST
    assert long <= LONGEST
