"""What once broke the reader must never break it again; and a small campaign in every run of the tests."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.__main__ import CRASHES, SEEDS, mutated
from tests.fuzz.target import read_whole
from tests.thorough import many

CASES = sorted(CRASHES.glob("*.eml"))
LETTERS = [seed.read_bytes() for seed in SEEDS]
WORDS = (
    "RESOLVED",
    "ESCALATE",
    "not",
    "if",
    "agreed",
    "by",
    "the 24th",
    "10/09",
    "asap",
    "\n",
    "\n\n",
    ":",
    "- ",
    "Child",
    "Impact",
    "My manager",
    "<",
    "@",
    "head@larkfield.sch.example",
    "tonight",
    "no immediate risk",
    "?",
    "\u202e",
    "HANDOVER TO",
    "Done",
    "FW:",
    "\x00",
    "> ",
    "-- \n",
    "On Mon wrote:\n",
    "From: x\nSent: y\nTo: z\nSubject: q\n",
)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_what_once_broke_the_reader_is_read(path: Path) -> None:
    read_whole(path.read_bytes())


@pytest.mark.parametrize("letter", LETTERS, ids=[seed.name for seed in SEEDS])
def test_every_letter_of_the_fixtures_is_read_to_the_end(letter: bytes) -> None:
    read_whole(letter)


@settings(max_examples=many(15, 1000), deadline=None)
@given(st.integers(0, 1_000_000))
def test_letters_cut_and_joined_are_read_to_the_end(seed: int) -> None:
    read_whole(mutated(random.Random(seed), LETTERS))


@settings(max_examples=many(30, 1000), deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=30))
def test_no_order_of_the_words_that_matter_breaks_the_reader(words: list[str]) -> None:
    read_whole(" ".join(words).encode())
