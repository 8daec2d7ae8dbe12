"""``mailbot explain`` on a mail with a form shows what was read of it, and changes nothing."""

import json
from email.message import EmailMessage
from pathlib import Path

import pytest

from mailbot.cli import main
from mailbot.mail.documents.recording_form import word_form
from tests.people import ADDRESS, CSC, SCHOOL
from tests.unit.mail.documents.awkward import made
from tests.unit.mail.documents.word import fill_in

GIVEN = {
    "disputes": [
        {
            "ref": "NS-26-0012",
            "stage": "2",
            "entered": "2026-09-08T17:00:00+01:00",
            "child": "K.W.",
            "raised": "2026-09-07T10:12:00+01:00",
            "raising": SCHOOL,
            "receiving": CSC,
            "people": [ADDRESS["hartwell"], ADDRESS["oakes"], ADDRESS["fenn"], ADDRESS["peake"]],
        }
    ]
}
DIRECTORY = {
    "approved_domains": ["larkfield.sch.example", "seamoor.example"],
    "agencies": [
        {"name": SCHOOL, "domains": ["larkfield.sch.example"]},
        {"name": CSC, "domains": ["seamoor.example"]},
    ],
    "people": {},
}


def explained(folder: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, *more: str) -> str:
    message = EmailMessage()
    message["From"], message["To"] = f"Desmond Oakes <{ADDRESS['oakes']}>", ADDRESS["mailbox"]
    message["Subject"], message["Message-ID"] = "RE: [NS-26-0012] Stage 2", "<f@larkfield.sch.example>"
    message["Date"] = "Wed, 09 Sep 2026 10:00:00 +0100"
    message.set_content("Please find the form attached.")
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    (folder / "one.eml").write_bytes(bytes(message))
    (folder / "given.json").write_text(json.dumps(GIVEN))
    (folder / "directory.json").write_text(json.dumps(DIRECTORY))
    words = ["explain", str(folder / "one.eml"), "--given", str(folder / "given.json")]
    assert main([*words, "--directory", str(folder / "directory.json"), "--protocol", "north-somerset", *more]) == 0
    return capsys.readouterr().out


def form(values: dict[str, str]) -> bytes:
    return fill_in(word_form(made(0).sheet), values)


def test_the_fields_of_a_form_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = form({"summary:3": "The seniors spoke.", "actions:2/1/1": "Visit", "actions:2/1/3": "11/09/2026"})
    told = json.loads(explained(tmp_path, capsys, "NS-26-0012-recording-form.docx", content, "--json"))
    assert (told["act"], told["how_sure"], told["dispute"]) == (["form"], "sure", "NS-26-0012")
    assert told["fields"]["summary:3"] == "The seniors spoke."
    assert {"what": "Visit", "who": "A. Quill", "by": "2026-09-11"} in told["fields"]["actions"]
    assert told["missing"] == ["summary:2"]
    assert [(reply["to"], reply["letter"]) for reply in told["replies"]] == [([ADDRESS["oakes"]], "form_read")]
    shown = explained(tmp_path, capsys, "NS-26-0012-recording-form.docx", content)
    assert "summary:3" in shown
    assert "The seniors spoke." in shown


def test_one_that_was_not_opened_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(explained(tmp_path, capsys, "Recording Form.docm", b"PK\x03\x04", "--json"))
    assert (told["act"], told["how_sure"]) == (["form"], "sure")
    assert told["flags"] == ["attachment not opened: Recording Form.docm"]
    assert "was not read: it is a Word file of the kind that holds macros" in told["replies"][0]["text"]
