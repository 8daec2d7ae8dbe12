"""What the witness of a record says, whose it is, and what a record lacks of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mailbot.core.record.events_as_json import canonical
from mailbot.core.record.seals import witness_seal
from mailbot.core.record.witness import (
    LastEntry,
    RecordWitness,
    difference,
    is_behind,
    newest_witness,
    raised_by_folders,
    read_witness,
    witness_text,
)

KEY = b"k" * 32
SEEN = RecordWitness(
    "north-somerset",
    era=1,
    decisions=57,
    newest=LastEntry("NS-26-0003", 12, "ab" * 32),
    at=datetime(2026, 9, 7, 9, 30, tzinfo=UTC),
    given={"NS-26": 3},
    heads={"NS-26-0003": 12, "NS-26-0001": 40},
)


def test_a_witness_is_read_back_as_it_was_written() -> None:
    assert read_witness(witness_text(SEEN, KEY), KEY, "north-somerset") == SEEN
    empty = replace(SEEN, newest=None, given={}, heads={})
    assert read_witness("words before\n" + witness_text(empty, KEY) + "and after", KEY, "north-somerset") == empty


@pytest.mark.parametrize(
    "text",
    [
        "",
        "words",
        witness_text(SEEN, b"another key"),
        witness_text(replace(SEEN, partnership="plymouth"), KEY),
        witness_text(SEEN, KEY).replace("Seal: ", "Seal: 0"),
        witness_text(SEEN, KEY).replace(witness_text(SEEN, KEY)[30:34], "3030"),
        witness_text(SEEN, KEY).replace("-----END", "zz\n-----END"),
    ],
)
def test_what_was_not_sealed_with_this_key_for_this_partnership_is_anybodys_words(text: str) -> None:
    assert read_witness(text, KEY, "north-somerset") is None


@pytest.mark.parametrize(
    ("era", "decisions", "has_newest", "behind"),
    [
        (1, 57, True, False),
        (1, 58, True, False),
        (1, 56, True, True),
        (1, 56, False, True),
        (1, 90, False, True),  # another copy has gone its own way
        (0, 90, True, True),  # from before a person let an older one go on
        (2, 5, False, False),  # let go on since
    ],
)
def test_a_record_is_behind_where_its_witness_saw_more(
    era: int, decisions: int, has_newest: bool, behind: bool
) -> None:
    assert is_behind(replace(SEEN, era=era, decisions=decisions), SEEN, has_newest) is behind


def test_what_is_missing_is_said_reference_by_reference() -> None:
    here = replace(SEEN, decisions=40, given={"NS-26": 1}, heads={"NS-26-0001": 38})
    assert difference(here, SEEN) == (
        "NS-26-0002 was given to a dispute, and this record has none of that reference.",
        "NS-26-0003 was given to a dispute, and this record has none of that reference.",
        "NS-26-0001 had 40 entries, and has 38 here: 2 are missing.",
    )
    other = replace(SEEN, newest=LastEntry("NS-26-0003", 12, "cd" * 32))
    assert difference(other, SEEN) == ("Entry 12 of NS-26-0003, decided last, is not the one that stands here.",)
    many = difference(replace(SEEN, given={}), replace(SEEN, given={"NS-26": 50}))
    assert (len(many), many[-1]) == (21, "And 30 more.")


def test_the_newest_is_of_the_latest_era_then_of_the_most_decisions() -> None:
    before, after = replace(SEEN, decisions=56), replace(SEEN, era=2, decisions=3)
    assert newest_witness([SEEN, after, before]) == after
    assert newest_witness([before, SEEN]) == SEEN
    assert newest_witness([]) is None


def test_only_a_folder_named_as_a_later_reference_is_one() -> None:
    folders = ("NS-26-0004", "NS-26-0003", "NS-27-0001", "Old papers", "NS-26-x", "ns-26-0009")
    assert raised_by_folders({"NS-26": 3}, folders) == ("NS-26-0004", "NS-27-0001")


def test_what_is_sealed_and_says_something_else_is_no_witness() -> None:
    """Of a version to come, say: sealed with the key, and without what this one reads."""
    text = canonical({"partnership": "north-somerset"})
    whole = witness_text(SEEN, KEY).splitlines()
    strange = "\n".join((whole[0], text.encode().hex(), whole[-2], f"Seal: {witness_seal(KEY, text)}", ""))
    assert read_witness(strange, KEY, "north-somerset") is None
