"""No limit passes over people who were not told: what was written is not what was received."""

from pathlib import Path

from mailbot.core.record.events import LimitPassed, LimitWaited, StageEntered
from tests.scenarios.north_somerset.test_to_the_end import at_stage_2, opened, raise_it
from tests.story import Story

DOWN = "421 4.3.2 closing down"
COUNCIL = "Somerbourne Council Children's Social Care"


def letters_of(story: Story) -> list[tuple[str, str]]:
    return sorted((letter.letter, letter.to) for letter in story.letters())


def happened(story: Story, *kinds: type) -> list[str]:
    return [type(event).__name__ for event in story.dispute().history if isinstance(event, kinds)]


def test_a_limit_waits_a_working_day_for_letters_that_cannot_leave_and_then_says_so(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.postman.refuses_us = DOWN
        raise_it(story)
        story.until("2026-09-08 17:05")
        assert story.dispute().stage == "1"
        (waited,) = [event for event in story.dispute().history if isinstance(event, LimitWaited)]
        assert len(waited.untold) == 2
        story.until("2026-09-09 16:55")
        assert story.dispute().stage == "1"
        story.until("2026-09-09 17:05")
        assert story.dispute().stage == "2"
        (passed,) = [event for event in story.dispute().history if isinstance(event, LimitPassed)]
        assert passed.untold == waited.untold
        story.expect()
        story.postman.refuses_us = ""
        story.until("2026-09-09 17:30")
        sent = story.letters()
        to_managers = [letter for letter in sent if letter.letter == "stage_entered"]
        assert {letter.to for letter in to_managers} == {"oakes", "peake"}
        assert all("could not be delivered to" in letter.text for letter in to_managers)
        told = [letter.text for letter in sent if letter.letter == "trouble_told"]
        assert any("moved on though nobody of" in " ".join(text.split()) for text in told)


def test_a_limit_that_passes_after_letters_were_delivered_waits_for_nobody(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        assert happened(story, LimitWaited) == []


def test_where_the_letters_are_delivered_while_the_limit_waits_it_moves_without_reproach(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.postman.refuses_us = DOWN
        raise_it(story)
        story.until("2026-09-08 17:05")
        story.postman.refuses_us = ""
        story.until("2026-09-08 18:00")
        assert ("opened", "fenn") in letters_of(story)
        story.until("2026-09-09 16:55")
        assert story.dispute().stage == "1"
        story.until("2026-09-09 17:05")
        assert story.dispute().stage == "2"
        (passed,) = [event for event in story.dispute().history if isinstance(event, LimitPassed)]
        assert passed.untold == ()
        assert not any("could not be delivered" in letter.text for letter in story.letters())


def test_one_side_that_could_not_be_told_is_enough_to_wait(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.postman.says = {story.address["fenn"]: "550 5.1.1 user unknown"}
        raise_it(story)
        story.until("2026-09-08 17:05")
        assert story.dispute().stage == "1"
        told = [letter for letter in story.letters() if letter.letter == "trouble_told"]
        assert [letter.to for letter in told] == ["bm"]
        assert "Nobody of" in told[0].text
        assert "5pm on Wednesday 9 September" in told[0].text
        assert "In the procedure" not in told[0].text
        story.until("2026-09-09 17:05")
        assert story.dispute().stage == "2"
        story.letters()


def test_what_was_overtaken_is_withdrawn_and_the_rest_goes_in_the_order_written(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.postman.refuses_us = DOWN
        story.until("2026-09-14 17:05")
        entered = [e.stage for e in story.dispute().history if isinstance(e, StageEntered)]
        assert entered[:2] == ["1", "2"]
        story.postman.refuses_us = ""
        story.until("2026-09-14 18:30")
        sent = story.letters()
        stages = [letter.subject for letter in sent if letter.letter == "stage_entered"]
        assert len(set(stages)) <= 1, "only of the stage it is in"


def test_after_twelve_days_nobody_is_asked_about_a_limit_by_the_letter_after_the_first_that_told_of_it(
    tmp_path: Path,
) -> None:
    with Story(tmp_path, "2026-11-09 09:30") as story:
        raise_it(story, "2026-11-09 10:12")
        story.letters()
        story.now = story.now.replace(day=25, hour=11)
        story.turn()
        first = {letter.letter for letter in story.letters()}
        assert "stage_entered" in first
        story.until("2026-11-25 12:00")
        story.expect()
