"""The account of a message that is shown to people: seven keys, for anything at all."""

from pathlib import Path

import pytest

from mailbot.mail.reading import describe

LETTERS = Path(__file__).parents[2] / "corpus" / "letters" / "inbound"
KEYS = ["class", "reply_text", "message_id", "refs", "subject", "from", "attachments"]


def test_an_answer_is_described_in_plain_values() -> None:
    assert describe((LETTERS / "outlook-desktop.eml").read_bytes()) == {
        "class": "human",
        "reply_text": "RESOLVED on Monday. The joint visit is booked for 17 September.\n\n"
        "Kind regards\nRosalind Pike\nTeam Manager, Calder Council\n01632 960111",
        "message_id": "<outlook-desktop@calder-council.example>",
        "refs": ["<bot.ns-26-0012.4@fenland-scp.example>"],
        "subject": "RE: [NS-26-0012] Stage 2: line managers",
        "from": "rosalind.pike@calder-council.example",
        "attachments": [],
    }


def test_a_message_that_cannot_be_parsed_still_shows_its_head() -> None:
    head = (
        b"From: Wilf <wilf@mill-school.example>\nSubject: =?utf-8?q?Zo=C3=AB?=\nMessage-ID: <m@mill-school.example>\n"
    )
    raw = head + b"References: <a@b.example>\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 600
    assert describe(raw) == {
        "class": "malformed",
        "reply_text": "",
        "message_id": "<m@mill-school.example>",
        "refs": ["<a@b.example>"],
        "subject": "Zoë",
        "from": "Wilf <wilf@mill-school.example>",
        "attachments": [],
    }


@pytest.mark.parametrize("path", sorted(LETTERS.glob("*.eml")), ids=lambda path: path.stem)
def test_every_letter_yields_the_seven_keys_storable_also_when_cut_short(path: Path) -> None:
    raw = path.read_bytes()
    for piece in (raw, raw[: len(raw) // 2], raw[len(raw) // 3 :], raw.replace(b"\n", b"\r\n"), raw[::-1]):
        found = describe(piece)
        assert list(found) == KEYS
        assert "\x00" not in repr(found)
        assert repr(found).encode("utf-8")


@pytest.mark.parametrize(
    "body",
    [
        b"-- \n" * 60_000,
        b"From: x\nSent: y\n" * 20_000,
        b"On Mon, 3 Jan 2027 at 10:00 a@b.example wrote\n" * 20_000,
        b"> x\ny\n" * 50_000,
        b"this email " * 50_000,
        b"\n" * 200_000 + b"x",
        b">" * 200_000,
        b"Kind regards\n" * 30_000,
    ],
    ids=["dashes", "labels", "wrote", "quotes", "notice", "blank", "prefix", "closings"],
)
def test_mail_made_to_be_slow_is_read_all_the_same(body: bytes) -> None:
    assert describe(b"From: a@b.example\nSubject: x\n\n" + body)["class"] == "human"
