"""``mailbot replay``: the folder is told in order, time passes between its messages, and nothing is left behind."""

import json
from pathlib import Path

import pytest

from mailbot.cli import main
from tests.scenarios.north_somerset.test_to_the_end import RAISED

DIRECTORY = {
    "approved_domains": ["larkfield.sch.example", "seamoor.example", "tarn-trust.example"],
    "agencies": [
        {"name": "Larkfield Primary School", "domains": ["larkfield.sch.example", "tarn-trust.example"]},
        {"name": "Seamoor Council Children's Social Care", "domains": ["seamoor.example"], "also": ["CSC"]},
    ],
    "people": {
        "a": "Imogen Hartwell <i.hartwell@larkfield.sch.example>",
        "b": "Tobias Fenn <tobias.fenn@seamoor.example>",
        "c": "Desmond Oakes <head@larkfield.sch.example>",
        "d": "Rosalind Peake <rosalind.peake@seamoor.example>",
    },
}


def _letter(folder: Path, name: str, sender: str, to: str, date: str, subject: str, body: str) -> None:
    head = f"From: {sender}\nTo: {to}\nCc: escalation@nsscp.example\nDate: {date}\nSubject: {subject}\n"
    (folder / name).write_text(f"{head}Message-ID: <{name}@{sender.rpartition('@')[2]}>\n\n{body}\n")


def test_a_folder_is_rehearsed_with_the_days_between(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "mail"
    folder.mkdir()
    school, council = "i.hartwell@larkfield.sch.example", "tobias.fenn@seamoor.example"
    _letter(folder, "2-thanks.eml", council, school, "Mon, 07 Sep 2026 11:00:00 +0100", "RE: [NS-26-0001]", "Noted.")
    _letter(folder, "1-raised.eml", school, council, "Mon, 07 Sep 2026 10:12:00 +0100", "[ESCALATION] K.W.", RAISED)
    _letter(
        folder,
        "3-settled.eml",
        "head@larkfield.sch.example",
        "rosalind.peake@seamoor.example",
        "Wed, 09 Sep 2026 10:00:00 +0100",
        "[NS-26-0001]",
        "RESOLVED\nThey visit K by 11 September 2026.",
    )
    (tmp_path / "directory").write_text(json.dumps(DIRECTORY))

    arguments = ["replay", str(folder), "--directory", str(tmp_path / "directory"), "--protocol", "north-somerset"]
    assert main([*arguments, "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["at"], row.get("file"), sorted({x["letter"] for x in row["letters"]})) for row in rows] == [
        ("2026-09-07T10:12+01:00", "1-raised.eml", ["opened"]),
        ("2026-09-07T11:00+01:00", "2-thanks.eml", []),
        ("2026-09-08T09:00+01:00", None, ["reminder"]),
        ("2026-09-08T17:00+01:00", None, ["stage_entered", "summary"]),
        ("2026-09-09T10:00+01:00", "3-settled.eml", ["proposed"]),
    ]
    assert rows[-1]["dispute"] == "NS-26-0001"
