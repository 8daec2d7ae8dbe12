"""What else stands in an email below a word of command: facts are recorded, and a second command is never lost."""

from pathlib import Path

import pytest

from tests.scenarios.north_somerset.test_to_the_end import opened
from tests.story import Story

ON_A_PLAN = "Child status: child protection plan"
REF = "[NS-26-0001] K.W."


def proposed(story: Story) -> None:
    opened(story)
    words = "RESOLVED\nTobias visits K by 15 September 2026."
    story.mail("fenn", words, "2026-09-07 12:00", subject=REF)
    story.letters()


def say(story: Story, words: str, who: str = "hartwell", when: str = "2026-09-07 13:00") -> None:
    story.mail(who, words, when, subject=REF)


@pytest.mark.parametrize(
    "command",
    [
        "CONFIRM",
        "DISAGREE\nThe date is too late.",
        "WITHDRAW because we settled it",
        "HANDOVER TO Cassius Marlow, c.marlow@tarn-trust.example",
        "ADD Cassius Marlow, c.marlow@tarn-trust.example",
        "AGREE BY 8 September 2026",
        "MET on 7 September 2026",
        "STATUS",
    ],
)
def test_a_childs_status_below_a_command_is_recorded_whatever_the_command(tmp_path: Path, command: str) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        proposed(story)
        say(story, f"{command}\n{ON_A_PLAN}")
        assert story.dispute().fields["child_status"] == "child protection plan"
        assert all("One question" not in one.subject for one in story.letters() if one.to == "hartwell")


@pytest.mark.parametrize(
    "command", ["ESCALATE\nWhat remains unresolved: all of it.", "STATUS", "MET on 7 September 2026"]
)
def test_the_day_by_which_the_child_needs_it_is_kept_below_another_command(tmp_path: Path, command: str) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        say(story, f"{command}\nNEEDED BY 10 September 2026")
        story.letters()
        assert [f"{date.on:%d %B}" for date in story.dispute().protective] == ["10 September"]


def test_of_two_other_commands_the_second_is_told_not_to_be_done(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        say(story, "MET on 7 September 2026\nESCALATE\nWhat remains unresolved: all of it.")
        asked = [" ".join(one.text.split()) for one in story.letters() if one.to == "hartwell"]
        assert "ESCALATE was not done" in " ".join(asked)
        assert story.dispute().stage == "1"
        assert [type(past).__name__ for past in story.dispute().history].count("MeetingHeld") == 1


def test_whoever_was_asked_cannot_take_back_that_it_was_raised(tmp_path: Path) -> None:
    """It was opened by the other side, which alone may say that it was opened in error."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        say(story, "WRONG", "fenn")
        story.expect(("refused", "fenn"))
        say(story, "WRONG\nMy line manager: Edmund Garth, edmund.garth@seamoor.example", "fenn", "2026-09-07 13:30")
        story.letters()
        assert story.dispute().is_open


@pytest.mark.parametrize(
    "beside", ["CORRECT Issue: The visit is late.", "NEEDED BY 10 September 2026", "the manager is Cassius Marlow"]
)
def test_wrong_with_what_is_right_does_not_close_all_of_it(tmp_path: Path, beside: str) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        say(story, f"WRONG\n{beside}")
        told = " ".join(" ".join(one.text.split()) for one in story.letters() if one.to == "hartwell")
        assert "Is the whole dispute wrong, or one thing in it?" in told
        assert story.dispute().is_open


def test_wrong_alone_by_whoever_opened_it_closes_it(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        say(story, "WRONG - sorry, this was opened by mistake, please close it")
        story.letters()
        assert story.dispute().outcome == "opened in error"
