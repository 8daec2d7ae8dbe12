"""A letter's button in other hands: a deputy's, a colleague's, the other side's, of somebody who was taken out or has
left. It is made out to one person, and moves nothing for anybody else."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.authority.telling import AGREED, Told, to, told
from tests.authority.test_stories import _moves_on, _pressed
from tests.authority.test_unscripted import _now
from tests.people import ADDRESS, DIRECTORY

PRESSED = ("CONFIRM", "DISAGREE")


@pytest.mark.parametrize("word", PRESSED)
def test_a_deputy_presses_nothing_and_is_told_how_to_act(tmp_path: Path, word: str) -> None:
    """Edmund Garth stands in for Rosalind Peake in the directory, and is not in this dispute."""
    with Told(tmp_path).at_stage_2() as story:
        subject, body = _pressed(to(story.says("oakes", AGREED.replace("Tobias", "Imogen")), "peake"), word)
        before = _now(story)
        sent = story.comes("garth", body, subject=subject)
        assert (_now(story), told(sent)) == (before, {"garth"})
        assert "You are their deputy in the directory." in to(sent, "garth").text
        assert "HANDOVER TO" in to(sent, "garth").text
        story.says("peake", "HANDOVER TO Edmund Garth, edmund.garth@seamoor.example")
        story.comes("garth", f"{body}\n", subject=subject)
        assert _now(story)[9] == before[9], "and after the handover the old button is still another's"
        story.says("garth", "CONFIRM")
        assert story.is_closed


@pytest.mark.parametrize("who", ["lyle", "marlow", "hartwell"])
def test_a_colleague_in_the_dispute_answers_in_their_own_name(tmp_path: Path, who: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.says("oakes", "ADD c.marlow@tarn-trust.example")
        subject, body = _pressed(to(story.says("peake", AGREED), "oakes"), "CONFIRM")
        before = _now(story)
        sent = story.comes(who, body, subject=subject)
        assert (_now(story), told(sent)) == (before, {who})
        assert "made out to the person the letter went to" in to(sent, who).text


@pytest.mark.parametrize("who", ["fenn", "stroud", "peake"])
def test_the_other_side_confirms_nothing_with_the_button_it_was_sent(tmp_path: Path, who: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        subject, body = _pressed(to(story.says("peake", AGREED), "oakes"), "CONFIRM")
        before = _now(story)
        story.comes(who, body, subject=subject)
        story.comes(who, f"Desmond pressed this:\n\n{body}", subject=f"FW: {subject}")
        assert _now(story) == before


def test_whoever_was_taken_out_presses_nothing_and_learns_nothing(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        asked = to(story.says("peake", AGREED), "oakes")
        subject, body = _pressed(asked, "CONFIRM")
        story.says("lyle", "REMOVE head@larkfield.sch.example")
        before = _now(story)
        sent = story.comes("oakes", body, subject=subject, answers=asked)
        assert _now(story) == before
        assert told(sent) <= {"oakes", "lyle"}
        assert not any(name in letter.text for letter in sent if letter.to == "oakes" for name in ("Peake", "Tobias"))


def test_whose_row_was_struck_out_after_the_letter_presses_nothing(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        subject, body = _pressed(to(story.says("peake", AGREED), "oakes"), "CONFIRM")
        before = _now(story)
        left = tuple(one for one in DIRECTORY.officers if one.person.address != ADDRESS["oakes"])
        _moves_on(story, replace(DIRECTORY, officers=left, struck_out=frozenset({ADDRESS["oakes"]})))
        sent = story.comes("oakes", body, subject=subject)
        assert (_now(story), "oakes" in told(sent)) == (before, False)


def test_a_button_forwarded_into_another_dispute_moves_neither(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        subject, body = _pressed(to(story.says("peake", AGREED), "oakes"), "CONFIRM")
        story.mail("hartwell", "Child: T.B.\nIssue: No visit.\nImpact: T is hungry.", "2026-09-09 10:40",
                   subject="[ESCALATION] Stage 1 - T.B.", to=["fenn"])  # fmt: skip
        other = to(story.letters(), "hartwell")
        before = _now(story)
        story.comes("hartwell", body, subject=f"{subject} [NS-26-0002]", answers=other)
        story.comes("oakes", body, subject=subject.replace("NS-26-0001", "NS-26-0002"), answers=other)
        assert _now(story) == before
        assert story.dispute("NS-26-0002").is_open


def test_a_button_pressed_without_proof_is_asked_of_the_address_on_record(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        subject, body = _pressed(to(story.says("peake", AGREED), "oakes"), "CONFIRM")
        for verdict in ("", "fail", "none"):
            story.comes("oakes", body, subject=subject, verdict=verdict)
            assert not story.is_closed
        story.comes("oakes", body, subject=subject)
        assert story.is_closed
