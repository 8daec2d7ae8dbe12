"""Where nobody answers: a silent person never locks anybody out, and what was settled already is the record."""

from pathlib import Path

from tests.scenarios.north_somerset.test_to_the_end import RAISED
from tests.story import Story

REF = "[NS-26-0001] K.W."


def at_stage_3(story: Story) -> None:
    story.mail("hartwell", RAISED, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"])
    story.mail("hartwell", "ESCALATE\nWhat remains unresolved: visits.", "2026-09-07 15:00", subject=REF)
    story.mail("oakes", "ESCALATE\nWhat remains unresolved: visits.", "2026-09-08 10:00", subject=REF)
    assert story.dispute().stage == "3"
    story.letters()


def test_before_the_limit_it_is_for_the_senior_manager_alone(tmp_path: Path) -> None:
    """NS-23: while the time runs, nobody takes it out of the hands of whom the stage is with."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_3(story)
        story.mail("hartwell", "REFER", "2026-09-08 11:00", subject=REF)
        story.expect(("refused", "hartwell"), ("question", "lyle"))
        assert story.dispute().stage == "3"


def test_on_day_5_the_business_manager_refers_for_a_silent_senior_manager(tmp_path: Path) -> None:
    """NS-23: "On Day 5 ... via the Business Manager", by the line that the letter to the office offers."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_3(story)
        story.until("2026-09-10 17:30")
        told = next(letter for letter in story.letters() if letter.to == "bm")
        assert "REFER, then what remains unresolved" in " ".join(told.text.split())
        story.mail(
            "bm", "REFER NS-26-0001 because the senior manager is silent", "2026-09-11 09:30", subject="RE: limit"
        )
        assert story.dispute().stage == "4"
        assert "dsps" in {letter.to for letter in story.letters()}


def test_the_raiser_may_refer_once_the_time_has_passed(tmp_path: Path) -> None:
    """NS-23: so may anybody recorded on the side that raised it; the other side may not."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_3(story)
        story.until("2026-09-10 17:30")
        story.letters()
        story.mail("stroud", "REFER", "2026-09-11 09:00", subject=REF)
        assert story.dispute().stage == "3"
        story.mail("hartwell", "REFER\nWhat remains unresolved: visits.", "2026-09-11 09:30", subject=REF)
        assert story.dispute().stage == "4"
        story.letters()


def test_a_file_may_leave_it_to_the_office_alone(tmp_path: Path) -> None:
    """[silence] may_move_on = ["office"]: then the raiser may not."""
    text = (Path("config") / "protocols" / "north-somerset.toml").read_text("utf-8")
    path = tmp_path / "ours.toml"
    path.write_text(text.replace('may_move_on = ["raising side", "office"]', 'may_move_on = ["office"]'), "utf-8")
    with Story(tmp_path, "2026-09-07 09:30", protocol=str(path.with_suffix(""))) as story:
        at_stage_3(story)
        story.until("2026-09-10 17:30")
        story.letters()
        story.mail("hartwell", "REFER", "2026-09-11 09:30", subject=REF)
        assert [letter.letter for letter in story.letters() if letter.to == "hartwell"] == ["refused"]
        assert story.dispute().stage == "3"


def test_the_record_of_stage_1_in_one_email_waits_for_the_other_sides_word(tmp_path: Path) -> None:
    """NS-06 NS-07 NS-10: the difference, the reasons and the resolution; no manager is drawn in."""
    record = RAISED.replace(
        "\nImogen Hartwell\n", "Resolution: Tobias visits K at home by 11 September 2026.\n\nImogen Hartwell\n"
    )
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mail("hartwell", record, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"])
        (asked,) = story.expect(("proposed", "fenn"))
        assert "visits K at home" in asked.text
        story.mail("fenn", "CONFIRM", "2026-09-07 11:00", answers=asked)
        assert (story.dispute().state, story.dispute().stage) == ("closed", "1")
        closed = story.letters()
        assert "oakes" in {letter.to for letter in closed}, "the raiser's line manager has the record"
        assert not {"peake", "stroud", "lyle"} & {letter.to for letter in closed}


def test_an_agreement_that_was_not_kept_is_no_resolution(tmp_path: Path) -> None:
    """WO-3.2's "an agreed action not completed" raised in ordinary words opens as a disagreement."""
    kept = RAISED.replace(
        "As we did not agree on the telephone I am putting this in writing and copying the escalation mailbox.",
        "We agreed on 1 September that K would be visited, but nobody has come.",
    )
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mail("hartwell", kept, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"])
        story.expect(("opened", "hartwell"), ("opened", "fenn"))
        assert story.dispute().proposal is None
