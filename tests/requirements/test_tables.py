"""The tables of broken requirements are whole, every key of a protocol file is obeyed, and a sample of both is run.

``python -m tests.requirements`` breaks everything; CAMPAIGN=whole has every key played.
"""

from pathlib import Path

import pytest

from mailbot.shell.protocol_files.protocol_reader import load_protocol
from tests.breaking import in_a_copy
from tests.requirements.claimed import KNOWN
from tests.requirements.keys import changed_by, every_key, named
from tests.requirements.observed import OBSERVED, Observed, limits, refused, shown
from tests.requirements.rows import broken
from tests.requirements.tables import ELSEWHERE, READ, ROWS
from tests.sites import ROOT
from tests.thorough import WHOLE, by_turns

SAMPLE = ("NS-05: [clock.s1] within", "GL-11: [notice.iro] taken out", "WO-14: [route.conference] expects")
QUICK = [one for one in OBSERVED if one.seen in (shown, limits, refused)]
PLAYED = [one for one in OBSERVED if one not in QUICK]


def test_every_requirement_is_broken_by_a_row_or_is_told_to_be_read_only() -> None:
    rows = {row.requirement for row in ROWS}
    assert rows & set(READ) == set()
    assert sorted(set(KNOWN) - rows - set(READ)) == []
    assert len(ROWS) >= 130


def test_every_row_finds_its_place_and_has_a_story_to_ask() -> None:
    for row in ROWS:
        made = broken(row)
        assert made.asked, f"no story: {made.what}"
        for file, edit in made.edits:
            text = (ROOT / file).read_text("utf-8")
            assert edit(text) != text, made.what


def test_no_key_of_a_protocol_file_is_accepted_that_nothing_is_seen_to_obey() -> None:
    seen = {key for row in ROWS for key in changed_by(row)} | {one.key for one in OBSERVED} | set(ELSEWHERE)
    assert sorted(every_key() - named(seen)) == [], "a key needs a row: in observed.py, or of a requirement it serves"
    for asked in ELSEWHERE.values():
        file, _, name = asked.partition("::")
        assert f"def {name}(" in (ROOT / file).read_text("utf-8"), asked


def test_every_key_that_waits_for_its_turn_finds_its_place_in_a_file_that_holds(tmp_path: Path) -> None:
    """Two of them are played a day: that a row has lost its place is not for the whole campaign to find."""
    for number, one in enumerate(PLAYED):
        before, after = one.texts()
        assert after != before, one.key
        file = tmp_path / f"{number}.toml"
        file.write_text(after, "utf-8")
        load_protocol(file)


def _differs(one: Observed, folder: Path) -> None:
    before, after = one.texts()
    if (one.seen, before) not in _AS_SHIPPED:
        (folder / "before").mkdir()
        _AS_SHIPPED[one.seen, before] = one.seen(before, folder / "before")
    (folder / "after").mkdir()
    after_all = one.seen(after, folder / "after")
    assert after_all != _AS_SHIPPED[one.seen, before], f"{one.key} was changed, and nothing was different"


_AS_SHIPPED: dict[tuple[object, str], object] = {}  # what a file shows before a key is changed: for many keys the same


@pytest.mark.parametrize("one", QUICK, ids=[one.key for one in QUICK])
def test_a_key_changes_what_is_told_of_the_file_its_limits_or_what_is_refused(one: Observed, tmp_path: Path) -> None:
    _differs(one, tmp_path)


@pytest.mark.parametrize("one", by_turns(PLAYED, 2), ids=lambda one: one.key)
def test_a_key_changes_what_people_receive(one: Observed, tmp_path: Path) -> None:
    _differs(one, tmp_path)


def test_a_sample_of_broken_requirements_is_noticed() -> None:
    sample = SAMPLE if WHOLE else SAMPLE[:1]
    ran = in_a_copy("tests.requirements", sample, quiet=True)
    assert ran.stdout.splitlines()[-1:] == [f"{len(sample)} of {len(sample)} caught"], ran.stdout + ran.stderr
