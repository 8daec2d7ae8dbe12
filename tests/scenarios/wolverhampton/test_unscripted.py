"""Wolverhampton in situations that its text does not tell, each from one sentence of it."""

from pathlib import Path

from tests.scenarios.wolverhampton.people import RAISED, raise_it
from tests.scenarios.wolverhampton.test_stages import at_stage_3, at_stage_4, wolverhampton
from tests.story import Story


def say(story: Story, who: str, words: str, when: str) -> set[tuple[str, str]]:
    story.mail(who, words, when, subject=f"[{story.first}] K.W.")
    return {(one.letter, one.to) for one in story.letters()}


def test_the_business_manager_knows_of_what_went_to_the_chair_and_how_it_ended(tmp_path: Path) -> None:
    """WO-13: "to the WSCB Chair, via the WSCB Business Manager"."""
    with wolverhampton(tmp_path) as story:
        at_stage_4(story)
        say(story, "ashdown", "EXCEPTIONAL\nK is not seen by anybody.", "2026-09-10 12:00")
        sent = say(story, "chair", "DECISION\nThe assessment goes on until 30 October 2026.", "2026-09-11 10:00")
        assert ("closed", "bm") in sent


def test_a_conference_may_be_asked_for_by_the_side_that_was_challenged(tmp_path: Path) -> None:
    """WO-14: "A senior manager from any agency can request that a Child Protection Conference be convened"."""
    with wolverhampton(tmp_path) as story:
        at_stage_3(story)
        words = "I request a child protection conference. The evidence is in our chronology."
        sent = say(story, "stroud", words, "2026-09-09 12:00")
        assert ("noted", "stroud") in sent
        assert [route for route, _ in story.dispute().routes] == ["conference"]


def test_raised_on_the_day_of_the_decision_the_ten_days_count_from_it(tmp_path: Path) -> None:
    """WO-02: "within 2 working days of the disagreement or receipt of a decision": the same day is early enough."""
    with wolverhampton(tmp_path, "2026-09-04 09:00") as story:
        raise_it(story, "2026-09-04 15:00", RAISED)
        letter = story.expect(("opened", "hartwell"), ("opened", "fenn"))[0]
        story.mail("hartwell", "STATUS", "2026-09-04 15:30", answers=letter)
        status = story.expect(("status", "hartwell"))[0]
        assert "Practitioner to senior manager: Fri 18 Sep 5pm at the latest." in status.text
        assert story.limit() == "Wed 09 Sep 17:00"


def test_what_the_agencies_of_a_gap_report_is_told_while_the_dispute_goes_on(tmp_path: Path) -> None:
    """WO-15: "If the process highlights gaps in policies": it ends nothing, and the Chair has it."""
    with wolverhampton(tmp_path) as story:
        at_stage_3(story)
        sent = say(story, "stroud", "POLICY GAP: nothing says who chairs", "2026-09-09 12:00")
        assert {"chair", "bm"} <= {to for _, to in sent}
        assert (story.dispute().stage, story.dispute().state) == ("3", "open")


def test_whoever_speaks_is_told_to_record_it_to_approve_and_to_date_it(tmp_path: Path) -> None:
    """WO-16: "accurately and contemporaneously record each intra- and inter-agency discussion", approved and dated."""
    with wolverhampton(tmp_path) as story:
        raise_it(story, "2026-09-07 10:00")
        for letter in story.expect(("opened", "hartwell"), ("opened", "fenn")):
            assert "accurately and at the time; approve and date the record" in " ".join(letter.text.split())


def test_the_safeguarding_lead_is_for_the_disputing_practitioner_to_speak_to_at_the_earliest(tmp_path: Path) -> None:
    """WO-05: "Liaise with the safeguarding lead ... at the earliest opportunity": hers, and nobody else's."""
    with wolverhampton(tmp_path) as story:
        raise_it(story, "2026-09-07 10:00")
        mine, theirs = story.expect(("opened", "hartwell"), ("opened", "fenn"))
        said = "Liaise with your safeguarding lead or designated child protection lead at the earliest opportunity."
        assert said in " ".join(mine.text.split())
        assert said not in " ".join(theirs.text.split())


def test_the_one_who_was_challenged_is_told_to_read_the_case_file(tmp_path: Path) -> None:
    """WO-07: "must read and review the particular case file": the receiving practitioner's letter says it, first."""
    with wolverhampton(tmp_path) as story:
        raise_it(story, "2026-09-07 10:00")
        mine, theirs = story.expect(("opened", "hartwell"), ("opened", "fenn"))
        assert "You must read and review the particular case file" in " ".join(theirs.text.split())
        assert "You must read and review" not in " ".join(mine.text.split())
