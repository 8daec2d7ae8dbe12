"""Letters about mail that waits, or that somebody moved: of whoever wrote it they show the name and the address, both
made safe, and nothing that a stranger typed to be pressed or read."""

import re
from pathlib import Path

import pytest

from mailbot.shell.servers.mailbox_interface import message_id_of
from mailbot.turns.moved_by_hand import NOT_A_DISPUTE
from tests.authority.telling import Told
from tests.story import Sent, Story

NAMES = ["Ruby Whitcombe (child) see http://evil.example/login", "evil.example/login", "URGENT: press here"]
SUBJECT = "[NS-26-0001] Ruby Whitcombe see https://evil.example/login or www.evil.example"
WORDS = "Please see http://evil.example/login about Ruby Whitcombe."
TYPED = re.compile(r"evil\.example|https?://evil|www\.evil|whitcombe|urgent: press", re.I)


def _from(name: str, address: str) -> str:
    return f'"{name}" <{address}>'


def _said(letters: list[Sent], kind: str) -> Sent:
    found = [letter for letter in letters if letter.letter == kind]
    assert found, f"no {kind} among {[(letter.letter, letter.to) for letter in letters]}"
    return found[-1]


def _shows(letter: Sent, address: str, name: str = "") -> None:
    text = " ".join(letter.text.split())
    assert address in text
    assert name in text
    for shown in (letter.subject, letter.text, letter.html):
        assert not TYPED.search(shown), f"{letter.letter}: {TYPED.search(shown)}"


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Told(tmp_path).at_stage_2()


@pytest.mark.parametrize("name", NAMES)
def test_a_strangers_mail_that_waits(story: Told, name: str) -> None:
    address = "rosalind.peake@seam0or.example"
    _shows(_said(story.comes(_from(name, address), WORDS, subject=SUBJECT), "held_told"), address)
    plain = _said(story.comes(_from("Rosalind Peake", address), WORDS, subject=SUBJECT), "held_told")
    _shows(plain, address, "the name “Rosalind Peake”")


def test_an_address_that_is_a_link_is_none(story: Told) -> None:
    for local in ("www.evil.example/login", "http.evil.example", "a.evil.example"):
        told = story.comes(_from("Rosalind", f"{local}@seam0or.example"), WORDS)
        _shows(_said(told, "held_told"), "@seam0or.example")


@pytest.mark.parametrize("name", NAMES)
def test_a_strangers_word_of_danger(story: Told, name: str) -> None:
    body = f"He said he would kill her tonight. {WORDS}"
    told = story.comes(_from(name, "dad.99@freemail.example"), body, subject=SUBJECT, verdict="")
    _shows(_said(told, "urgent_told"), "the address dad.99@freemail.example")
    told = story.comes(_from("Nan Ellis", "nan@freemail.example"), body, subject=SUBJECT, verdict="")
    _shows(_said(told, "urgent_told"), "the address nan@freemail.example and the name “Nan Ellis”")


def test_a_word_of_danger_in_a_managers_name_that_nothing_proves(story: Told) -> None:
    told = story.comes(_from(NAMES[0], story.address["oakes"]), f"He will kill her tonight. {WORDS}", verdict="")
    _shows(_said(told, "urgent_told"), "the address head@larkfield.sch.example")


@pytest.mark.parametrize("name", NAMES)
def test_a_question_whether_it_was_theirs_and_the_offices_transcript(story: Told, name: str) -> None:
    told = story.comes(_from(name, story.address["oakes"]), f"ESCALATE\n{WORDS}", subject=SUBJECT, verdict="")
    _shows(_said(told, "was_it_you"), "9:30am on Wednesday 9 September")
    _shows(_said(story.says("bm", "RELEASE 1"), "transcript"), "Message 1 is let in")


@pytest.mark.parametrize("name", NAMES)
def test_what_somebody_moved_by_hand(story: Told, name: str) -> None:
    story.comes(_from(name, "dad.99@freemail.example"), WORDS, subject=SUBJECT)
    lying = [one.raw for box in (story.mailbox.inbox, *story.mailbox.filed.values()) for one in box]
    (waiting,) = [raw for raw in lying if b"dad.99@freemail.example" in raw]
    story.mailbox.drag(message_id_of(waiting), NOT_A_DISPUTE)
    story.turn()
    _shows(_said(story.letters(), "hand_filed"), "By its From line it was written by dad.99@freemail.example.")


def test_the_digest_of_what_waits(story: Told) -> None:
    for n, name in enumerate((*NAMES, *NAMES)):
        story.comes(_from(name, f"dad.{n}@freemail.example"), WORDS, subject=SUBJECT)
    story.until("2026-09-14 12:00")
    _shows(_said(story.letters(), "digest"), "not recognised")
