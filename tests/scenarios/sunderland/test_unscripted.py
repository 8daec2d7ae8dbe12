"""Sunderland in situations that its text does not tell, each from one sentence of it."""

from pathlib import Path

from tests.scenarios.sunderland.people import OURS, PEOPLE, raise_it
from tests.story import Story

UNRESOLVED = "ESCALATE\nWhat remains unresolved: whether the plan stays."


def sunderland(tmp_path: Path) -> Story:
    return Story(tmp_path, "2026-09-07 09:00", "sunderland", OURS, people=PEOPLE)


def say(story: Story, who: str, words: str, when: str) -> set[tuple[str, str]]:
    story.mail(who, words, when, subject=f"[{story.first}] K.W.")
    return {(one.letter, one.to) for one in story.letters()}


def test_the_designated_lead_is_copied_when_step_3_begins_too(tmp_path: Path) -> None:
    """SU-03: "Discussion to take place with designated lead for safeguarding at each stage"."""
    with sunderland(tmp_path) as story:
        raise_it(story, "2026-09-07 10:00")
        story.letters()
        assert "slade" in {to for _, to in say(story, "hartwell", UNRESOLVED, "2026-09-08 10:00")}
        assert "slade" in {to for _, to in say(story, "oakes", UNRESOLVED, "2026-09-09 10:00")}


def test_withdrawn_after_the_partners_have_it_is_told_to_the_partners(tmp_path: Path) -> None:
    """SU-13: "written confirmation between the parties": nobody goes on facilitating what is over."""
    with sunderland(tmp_path) as story:
        raise_it(story, "2026-09-07 10:00")
        story.letters()
        say(story, "hartwell", UNRESOLVED, "2026-09-08 10:00")
        say(story, "oakes", UNRESOLVED, "2026-09-09 10:00")
        say(story, "lyle", "REFER\nWhat remains unresolved: the plan.", "2026-09-10 10:00")
        sent = say(story, "hartwell", "WITHDRAW\nK. has moved to another area.", "2026-09-11 10:00")
        assert {("closed", "partners"), ("closed", "bm"), ("closed", "thorne"), ("closed", "fenn")} - sent == {
            ("closed", "fenn")
        }
        assert story.dispute().outcome == "withdrawn"


def test_a_date_that_the_practitioner_agreed_is_no_business_of_the_other_agency(tmp_path: Path) -> None:
    """SU-06: "within an agreed timescale with the practitioner raising the concern"."""
    with sunderland(tmp_path) as story:
        raise_it(story, "2026-09-07 10:00")
        story.letters()
        say(story, "hartwell", UNRESOLVED, "2026-09-08 10:00")
        sent = say(story, "oakes", "AGREE BY 11 September 2026", "2026-09-08 11:00")
        assert {to for letter, to in sent if letter == "date_proposed"} == {"hartwell", "oakes"}
        say(story, "hartwell", "AGREE", "2026-09-08 12:00")
        assert story.limit() == "Fri 11 Sep 17:00"


def test_danger_told_by_the_side_asked_reaches_its_own_manager_as_well(tmp_path: Path) -> None:
    """SU-12: "communicated to their line manager and/or their organisation's designated lead": whoever feels it."""
    with sunderland(tmp_path) as story:
        raise_it(story, "2026-09-07 10:00")
        story.letters()
        words = "K's mum rang: dad is on his way to the house with a knife and K is alone with him there."
        sent = say(story, "dunmore", words, "2026-09-07 12:00")
        assert {("urgent", "dunmore"), ("urgent_told", "arden"), ("urgent_told", "bm")} <= sent


def test_whoever_reports_it_resolved_is_asked_how_it_is_followed_up(tmp_path: Path) -> None:
    """SU-13: "the proposed follow up of any outstanding issues": asked of whoever reports it; whoever confirmed it
    hears that nobody has said."""
    with sunderland(tmp_path) as story:
        raise_it(story, "2026-09-07 10:00")
        story.letters()
        story.mail(
            "hartwell", "RESOLVED\nThe plan stays until 2 October 2026.", "2026-09-08 10:00", subject=f"[{story.first}]"
        )
        story.letters()
        story.mail("dunmore", "CONFIRM", "2026-09-08 11:00", subject=f"[{story.first}]")
        sent = {one.to: " ".join(one.text.split()).casefold() for one in story.letters()}
        assert "is anything outstanding?" in sent["hartwell"]
        assert "is anything outstanding?" not in sent["dunmore"]
        assert "nobody has said yet whether anything is outstanding." in sent["dunmore"]
