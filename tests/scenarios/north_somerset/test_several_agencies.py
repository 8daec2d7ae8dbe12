"""One raising side, and several agencies that it is with: each has its people, is asked, and must agree."""

from pathlib import Path

from tests.people import CSC, NHS, SCHOOL
from tests.prepared import prepared
from tests.scenarios.north_somerset.test_to_the_end import RAISED
from tests.story import Story

THREE = RAISED.replace(
    "Agencies: Larkfield Primary School / Children's Social Care",
    "Agencies: Larkfield Primary School / Children's Social Care / Westmere NHS Trust",
).replace("Issue:", "Your line manager: Sidonie Vance, sidonie.vance@westmere-nhs.example\nIssue:", 1)
REF = "[NS-26-0001] K.W."
AGREED = "RESOLVED\nTobias and Octavian visit K by 11 September 2026."


@prepared
def raise_with_both(story: Story) -> None:
    story.mail("hartwell", THREE, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn", "reed"])


def test_each_agency_is_written_to_and_named(tmp_path: Path) -> None:
    """NS-01 NS-04: "other practitioner(s) involved", each with the limit and with who else is in it."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_with_both(story)
        opened = story.expect(("opened", "hartwell"), ("opened", "fenn"), ("opened", "reed"))
        assert (story.dispute().raising, story.dispute().receiving) == (SCHOOL, (CSC, NHS))
        between = f"raised it with {CSC} and {NHS}, at Stage 1"
        assert all(between in " ".join(letter.text.split()) for letter in opened)


def test_it_closes_when_every_agency_has_agreed_and_not_before(tmp_path: Path) -> None:
    """NS-07 NS-27: "agreed by all parties involved": who has still to say so is named to those who have."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_with_both(story)
        story.letters()
        story.mail("hartwell", AGREED, "2026-09-07 14:00", subject=REF)
        story.expect(("proposed", "fenn"), ("proposed", "reed"))
        story.mail("fenn", "CONFIRM", "2026-09-07 14:30", subject=REF)
        told, *_ = story.expect(("proposed_told", "fenn"), ("proposed_told", "hartwell"))
        assert f"Still to confirm: {NHS}." in " ".join(told.text.split())
        assert story.dispute().state == "proposed"
        story.mail("reed", "CONFIRM", "2026-09-07 15:00", subject=REF)
        assert (story.dispute().state, story.dispute().outcome) == ("closed", "resolved")
        assert {"hartwell", "fenn", "reed"} <= {letter.to for letter in story.letters()}


def test_one_silent_agency_is_chased_by_itself(tmp_path: Path) -> None:
    """NS-27: who has confirmed is not asked again for the other's silence."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_with_both(story)
        story.mail("hartwell", AGREED, "2026-09-07 14:00", subject=REF)
        story.mail("fenn", "CONFIRM", "2026-09-07 14:30", subject=REF)
        story.letters()
        story.until("2026-09-09 17:30")
        assert {letter.to for letter in story.letters() if letter.letter == "proposed"} <= {"reed", "vance"}


def test_any_agency_may_put_it_back(tmp_path: Path) -> None:
    """NS-07: one that does not agree is enough."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_with_both(story)
        story.mail("hartwell", AGREED, "2026-09-07 14:00", subject=REF)
        story.mail("fenn", "CONFIRM", "2026-09-07 14:30", subject=REF)
        story.mail("reed", "DISAGREE\nI have no visit that week.", "2026-09-07 15:00", subject=REF)
        story.letters()
        assert story.dispute().state == "open"


def test_each_agencys_manager_has_it_at_stage_2_and_reaches_the_others(tmp_path: Path) -> None:
    """NS-08 NS-12: line managers "within and between each agency", with each other's names and addresses."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_with_both(story)
        story.mail("hartwell", "ESCALATE\nWhat remains unresolved: whether K is seen.", "2026-09-07 15:00", subject=REF)
        begun = {letter.to: letter for letter in story.letters() if letter.letter == "stage_entered"}
        assert set(begun) == {"oakes", "peake", "vance"}
        assert "rosalind.peake@seamoor.example" in begun["oakes"].text
        assert "sidonie.vance@westmere-nhs.example" in begun["oakes"].text


def test_an_agency_with_nobody_named_is_asked_for_by_name(tmp_path: Path) -> None:
    """NS-08: the raiser is told which agency nobody can be written to at."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mail("hartwell", THREE, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"])
        mine = next(letter for letter in story.letters() if letter.to == "hartwell")
        assert f"we still need the name and email of somebody at {NHS}." in " ".join(mine.text.split())


def test_who_comes_in_while_a_resolution_waits_is_shown_what_it_says(tmp_path: Path) -> None:
    """NS-07 NS-27: an agency that joins, and whoever takes over, are asked to confirm words that they have read."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mail("hartwell", RAISED, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"])
        story.mail("fenn", "RESOLVED\nTobias Fenn visits K by 15 September 2026.", "2026-09-07 11:00", subject=REF)
        listed = f"CORRECT Agencies: {SCHOOL} / {CSC} / {NHS}"
        story.mail("hartwell", listed, "2026-09-07 11:30", subject=REF)
        story.letters()
        line = "ADD NS-26-0001 Octavian Reed, octavian.reed@westmere-nhs.example, other practitioner"
        story.mail("bm", line, "2026-09-07 11:40", subject="One more")
        told = next(one for one in story.letters() if one.to == "reed")
        assert "Tobias Fenn visits K by 15 September 2026" in " ".join(told.text.split())
        story.mail(
            "hartwell", "HANDOVER TO Cassius Marlow, c.marlow@tarn-trust.example", "2026-09-07 12:00", subject=REF
        )
        taken = next(one for one in story.letters() if one.to == "marlow")
        text = " ".join(taken.text.split())
        assert "You have taken over from Imogen Hartwell" in text
        assert "Tobias Fenn visits K by 15 September 2026" in text


def test_of_an_agency_that_has_nobody_left_its_own_people_are_asked_who_acts(tmp_path: Path) -> None:
    """NS-04 NS-07: that another agency has somebody fills no place of theirs."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_with_both(story)
        story.letters()
        story.mail("bm", "REMOVE NS-26-0001 tobias.fenn@seamoor.example", "2026-09-07 11:20", subject="Out")
        asked = {one.to: one for one in story.letters() if one.letter == "question"}
        assert "peake" in asked
        assert not {"reed", "vance"} & set(asked)
        assert "Tobias Fenn was taken out of this dispute" in " ".join(asked["peake"].text.split())
