"""A letter's button in other hands: a deputy's, a colleague's, the other side's, of somebody who was taken out or has
left. It is made out to one person, and moves nothing for anybody else but the deputy whom the directory names for them.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.authority.telling import AGREED, Told, to, told
from tests.authority.test_stories import _moves_on, _pressed
from tests.authority.test_unscripted import _now
from tests.people import ADDRESS, DIRECTORY

PRESSED = ("CONFIRM", "DISAGREE")


@pytest.mark.parametrize("word", PRESSED)
def test_the_deputy_on_record_answers_as_the_person(tmp_path: Path, word: str) -> None:
    """Edmund Garth stands in for Rosalind Peake in the directory, and is not in this dispute until he answers for her:
    then he is, beside her, and she hears of it."""
    with Told(tmp_path).at_stage_2() as story:
        subject, body = _pressed(to(story.says("oakes", AGREED.replace("Tobias", "Imogen")), "peake"), word)
        sent = story.comes(
            "garth", f"{body}\nA visit alone is not enough." if word == "DISAGREE" else body, subject=subject
        )
        assert story.is_closed == (word == "CONFIRM")
        assert "oakes" in told(sent)
        if word == "DISAGREE":
            assert "Edmund Garth" in to(sent, "peake").text
            story.says("garth", AGREED)
            assert story.dispute().proposal is not None, "and in his own words from then on"
            assert story.says("peake", "STATUS"), "she is in it as before"


def test_a_deputy_sends_the_button_as_it_opens_and_is_asked(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        needed = story.says("oakes", "NEEDED BY 9 September 2026\nK goes hungry on Thursdays.")
        subject, body = _pressed(to(needed, "peake"), "RESOLVED")
        before = _now(story)
        sent = story.comes("garth", body, subject=subject)
        assert (_now(story), told(sent)) == (before, {"garth"})
        sent = story.comes("garth", "RESOLVED\nTobias visits K by 11 September 2026.", answers=to(sent, "garth"))
        assert "oakes" in told(sent), "what he answers then counts"
        assert "Recorded: Edmund Garth answers for you, as your deputy." in to(sent, "peake").text


def test_a_deputy_of_another_agency_answers_for_nobody(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        subject, body = _pressed(to(story.says("oakes", AGREED.replace("Tobias", "Imogen")), "peake"), "CONFIRM")
        theirs = tuple(
            replace(one, deputy=ADDRESS["marlow"]) if one.person.address == ADDRESS["peake"] else one
            for one in DIRECTORY.officers
        )
        _moves_on(story, replace(DIRECTORY, officers=theirs))
        before = _now(story)
        sent = story.comes("marlow", body, subject=subject)
        assert (_now(story), told(sent)) == (before, {"marlow"})
        assert "HANDOVER TO" in to(sent, "marlow").text
        story.comes("garth", body, subject=subject)
        assert _now(story) == before, "nor does he who is no deputy any more"


@pytest.mark.parametrize("who", ["lyle", "marlow", "hartwell"])
def test_a_colleague_in_the_dispute_answers_in_their_own_name(tmp_path: Path, who: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.says("oakes", "ADD c.marlow@tarn-trust.example")
        subject, body = _pressed(to(story.says("peake", AGREED), "oakes"), "CONFIRM")
        before = _now(story)
        sent = story.comes(who, body, subject=subject)
        assert (_now(story), told(sent)) == (before, {who})
        assert "for the person the letter went to" in to(sent, who).text


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
        story.mail(
            "hartwell",
            "Child: T.B.\nIssue: No visit.\nImpact: T is hungry.",
            "2026-09-09 10:40",
            subject="[ESCALATION] Stage 1 - T.B.",
            to=["fenn"],
        )
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
