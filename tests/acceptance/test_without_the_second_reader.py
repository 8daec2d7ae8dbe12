"""The second reader's weights are missing or were changed: the program starts, says so, and asks instead of filing."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mailbot.cli import main

ROOT = Path(__file__).parents[2]
MAIL = b"""From: Desmond Oakes <head@larkfield.sch.example>
To: escalation@nsscp.example
Subject: RE: [NS-26-0012] Stage 2
Date: Wed, 9 Sep 2026 14:00:00 +0100
Message-ID: <voicemail@larkfield.sch.example>

Left a voicemail for Rosalind at 14:10.
"""
GIVEN = {
    "disputes": [
        {
            "ref": "NS-26-0012",
            "child": "J.T.",
            "stage": "2",
            "raising": "Larkfield Primary School",
            "receiving": "Seamoor Council",
            "people": ["head@larkfield.sch.example", "rosalind.peake@seamoor.example"],
        }
    ]
}
DIRECTORY = {
    "approved_domains": ["larkfield.sch.example", "seamoor.example"],
    "agencies": [
        {"name": "Larkfield Primary School", "domains": ["larkfield.sch.example"]},
        {"name": "Seamoor Council", "domains": ["seamoor.example"]},
    ],
}


def _asked(tmp_path: Path) -> list[str]:
    """What ``mailbot explain`` is asked about the note."""
    (tmp_path / "mail.eml").write_bytes(MAIL)
    (tmp_path / "given.json").write_text(json.dumps(GIVEN))
    (tmp_path / "directory.json").write_text(json.dumps(DIRECTORY))
    given, directory = str(tmp_path / "given.json"), str(tmp_path / "directory.json")
    return [
        *("explain", str(tmp_path / "mail.eml"), "--json", "--protocol", "north-somerset"),
        *("--now", "2026-09-09T14:00:00+01:00", "--given", given, "--directory", directory),
    ]


def _letters(told: str) -> list[str]:
    return [reply["letter"] for reply in json.loads(told)["replies"]]


def _copied(tmp_path: Path) -> Path:
    for folder in ("mailbot", "templates", "config"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def test_a_plain_note_for_the_record_is_filed_while_both_readers_hear(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(_asked(tmp_path)) == 0
    assert _letters(capsys.readouterr().out) == []


@pytest.mark.parametrize("missing", [True, False])
def test_without_its_weights_the_program_runs_and_asks_instead_of_filing(tmp_path: Path, missing: bool) -> None:
    program = _copied(tmp_path)
    weights = program / "mailbot" / "reader" / "weights.tsv"
    weights.unlink() if missing else weights.write_bytes(weights.read_bytes() + b"w safe\t900\n")
    asked = [sys.executable, "-m", "mailbot", *_asked(tmp_path)]
    run = subprocess.run(asked, capture_output=True, text=True, cwd=program, check=True)
    assert _letters(run.stdout) == ["question"]
