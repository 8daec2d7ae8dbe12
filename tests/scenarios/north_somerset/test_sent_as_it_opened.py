"""A button pressed and sent as it opened: its words are ours, so its sender is asked and nobody else told."""

from pathlib import Path

import pytest

from tests.prepared import prepared
from tests.pressing import press
from tests.scenarios.north_somerset.test_to_the_end import at_stage_2
from tests.story import Sent, Story


@prepared
def _managers(story: Story) -> dict[str, Sent]:
    at_stage_2(story)
    sent = [one for one in _sent(story) if one.letter == "stage_entered"]
    return {one.to: one for one in sent}


def _sent(story: Story) -> list[Sent]:
    story._seen = 0
    return story.letters()


SIGNED: tuple[str, ...] = (
    "",
    "\n\nSent from my iPhone",
    "\n\nGet Outlook for Android",
    "\n\nRosalind Peake\nTeam Manager\n",
)


@pytest.mark.parametrize("signed", SIGNED)
def test_we_have_agreed_with_nothing_written_is_asked_about_and_told_to_nobody(tmp_path: Path, signed: str) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = _managers(story)
        press(story, letters["peake"], "RESOLVED", signed, "2026-09-09 10:00")
        (asked,) = story.expect(("question", "peake"))
        assert "What was agreed, who will do it, and by which date?" in asked.text
        assert (story.dispute().state, story.dispute().proposal) == ("open", None)
        press(story, asked, "RESOLVED", "Barnaby visits by 11 September 2026.", "2026-09-09 10:05")
        proposal = story.dispute().proposal
        assert proposal is not None
        assert proposal.agreed == "Barnaby visits by 11 September 2026"
        story.letters()


def test_it_does_not_go_further_with_nothing_said_of_why(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = _managers(story)
        press(story, letters["oakes"], "ESCALATE", when="2026-09-09 10:00")
        (asked,) = story.expect(("question", "oakes"))
        assert "What remains unresolved?" in asked.text
        assert story.dispute().stage == "2"
        press(story, asked, "ESCALATE", "whether K is seen at home.", "2026-09-09 10:05")
        assert (story.dispute().stage, story.dispute().fields["unresolved:2"]) == ("3", "whether K is seen at home.")
        story.letters()


def test_not_agreed_with_nothing_written_is_asked_about_and_the_proposal_still_waits(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = _managers(story)
        press(story, letters["oakes"], "RESOLVED", "Barnaby visits by 11 September 2026.", "2026-09-09 10:00")
        put = next(one for one in story.letters() if one.letter == "proposed")
        press(story, put, "DISAGREE", when="2026-09-09 11:00")
        (asked,) = story.expect(("question", "peake"))
        assert "What is not agreed?" in asked.text
        assert story.dispute().proposal is not None
        press(story, asked, "DISAGREE", "We agreed to meet, and not to visit.", "2026-09-09 11:05")
        told = next(one for one in story.letters() if (one.letter, one.to) == ("objected", "oakes"))
        assert "We agreed to meet, and not to visit." in told.text
        assert "What is not agreed:" not in told.text.split("WHAT YOU CAN REPLY")[0]


def test_a_bare_word_that_somebody_typed_is_still_what_they_say(tmp_path: Path) -> None:
    """The raiser may always disagree, in one word."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = _managers(story)
        press(story, letters["oakes"], "RESOLVED", "Barnaby visits by 11 September 2026.", "2026-09-09 10:00")
        story.letters()
        story.mail("peake", "DISAGREE", "2026-09-09 11:00", subject="[NS-26-0001]")
        assert story.dispute().proposal is None
        story.letters()


def test_danger_is_heard_whatever_was_left_empty(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = _managers(story)
        danger = "K says she is afraid to go home tonight; she is at immediate risk of harm."
        told = f"{danger}\n\nESCALATE\nWhat remains unresolved: "
        story.mail("oakes", told, "2026-09-09 10:00", subject="[NS-26-0001]")
        assert letters
        assert {("urgent", "oakes"), ("urgent_told", "bm")} <= {(one.letter, one.to) for one in story.letters()}
