"""Every kind of wrong protocol file, with the very words its author is told, and the line that is pointed at."""

import tomllib
from pathlib import Path

import pytest

from mailbot.shell.protocol_files.protocol_reader import check_protocol, find_protocol
from tests.sites import ROOT

KINDS = tomllib.loads((Path(__file__).parent / "wrong_files.toml").read_text(encoding="utf-8"))["kind"]


@pytest.mark.parametrize("kind", KINDS, ids=[kind["told"][0][:60] for kind in KINDS])
def test_a_wrong_file_is_told_what_is_wrong_in_words_at_its_line(tmp_path: Path, kind: dict[str, str]) -> None:
    text = find_protocol(kind["file"], ROOT / "tests" / "protocols").read_text(encoding="utf-8")
    assert kind["old"] in text
    path = tmp_path / "edited.toml"
    path.write_text(text.replace(kind["old"], kind["new"], 1), encoding="utf-8")
    checked = check_protocol(path)
    assert [fault.message for fault in checked.faults] == kind["told"]
    assert checked.protocol is None
    line = path.read_text(encoding="utf-8").splitlines()[checked.faults[0].line - 1]
    assert line.startswith(kind["line"])


def test_there_are_at_least_forty_kinds() -> None:
    assert len({tuple(kind["told"]) for kind in KINDS}) >= 40
