"""Who is really there, and a third agency, in the four procedures beside North Somerset's: the same for everybody.

Plymouth says "agency/agencies as appropriate", Gloucestershire "views of other agencies", Sunderland "the agencies
involved", Wolverhampton "a range of professionals"; and all four that a child's immediate safety comes first.
"""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from mailbot.core.partnership.directory import Directory, Officer
from mailbot.core.record.intents import Person
from tests.people import CSC, HELP, NHS, SCHOOL
from tests.prepared import prepared
from tests.scenarios.gloucestershire import telling as gloucestershire
from tests.scenarios.north_somerset.test_calendar_changes import proclaim
from tests.scenarios.plymouth import telling as plymouth
from tests.scenarios.sunderland import people as sunderland
from tests.scenarios.wolverhampton import people as wolverhampton
from tests.story import Sent, Story

DANGER = "K told me that dad hit him with a belt last night, and he is frightened to go home."
UNRESOLVED = "What remains unresolved: whether K is seen at home."


@dataclass(frozen=True)
class Place:
    """One procedure: its people, an opening, to whom it goes, the office, and who is at the desk that writes for
    others."""

    file: str
    directory: Directory
    people: dict[str, str]
    raised: str
    subject: str
    to: str
    office: str
    theirs: str  # the agency that the school faces


PLACES = (
    Place(
        "plymouth", plymouth.PLYMOUTH, plymouth.PEOPLE, plymouth.RAISED, "Professional difference", "fenn", "bu", CSC
    ),
    Place(
        "gloucestershire",
        gloucestershire.GLOUCESTERSHIRE,
        gloucestershire.PEOPLE,
        gloucestershire.RAISED.format(more=""),
        "Escalation",
        "fenn",
        "ssu",
        CSC,
    ),
    Place("sunderland", sunderland.OURS, sunderland.PEOPLE, sunderland.RAISED, "Dispute", "dunmore", "bm", HELP),
    Place(
        "wolverhampton", wolverhampton.OURS, wolverhampton.PEOPLE, wolverhampton.RAISED, "Escalation", "fenn", "bm", CSC
    ),
)
four = pytest.mark.parametrize("place", PLACES, ids=[place.file for place in PLACES])


def begun(folder: Path, place: Place, start: str, directory: Directory | None = None, **more: str) -> Story:
    return Story(folder, start, place.file, directory or place.directory, people={**place.people, **more})


@prepared
def raise_it(story: Story, place: Place, when: str, third: bool = False) -> list[Sent]:
    body, to = place.raised, [place.to]
    if third:
        agencies = next(line for line in body.split("\n") if line.startswith("Agencies:"))
        manager = "Your line manager: Sidonie Vance, sidonie.vance@westmere-nhs.example"
        body = body.replace(agencies, f"{agencies} / {NHS}").replace("Issue:", f"{manager}\nIssue:", 1)
        to.append("reed")
    story.mail("hartwell", body, when, subject=f"{place.subject} - K.W.", to=to)
    return story.letters()


def flat(letter: Sent) -> str:
    return " ".join(letter.text.split())


@four
def test_danger_told_on_a_friday_at_six_says_that_nobody_may_read_it_and_the_office_has_it(
    tmp_path: Path, place: Place
) -> None:
    """PL-22 GL-03 SU-12 WO-04: "do not wait": the numbers, that the office is shut, and a letter to it."""
    with begun(tmp_path, place, "2026-09-11 09:00") as story:
        raise_it(story, place, "2026-09-11 10:12")
        story.mail("hartwell", DANGER, "2026-09-11 18:00", subject=f"[{story.first}]")
        sent = {(one.letter, one.to): one for one in story.letters()}
        urgent = flat(sent["urgent", "hartwell"])
        assert "nobody there may read your message before it opens again" in urgent
        assert ("urgent_told", place.office) in sent
        assert "that an urgent message arrived" in urgent


@four
def test_a_duty_desk_speaks_for_the_worker_the_directory_names(tmp_path: Path, place: Place) -> None:
    """It is the worker's word, and the record says who wrote it."""
    duty = "duty@seamoor.example"
    desk = Officer(Person(duty, "Duty desk", place.theirs, "Duty"), speaks_for=(_address(place),))
    directory = replace(place.directory, officers=(*place.directory.officers, desk))
    with begun(tmp_path, place, "2026-09-07 09:00", directory, duty=duty) as story:
        raise_it(story, place, "2026-09-07 10:12")
        words = "RESOLVED\nA visit at home by 15 September 2026."
        story.mail("duty", words, "2026-09-07 12:00", subject=f"[{story.first}]")
        proposal = story.dispute().proposal
        assert proposal is not None
        assert proposal.by.name.endswith("(written by Duty desk)")
        assert ("proposed", "hartwell") in {(one.letter, one.to) for one in story.letters()}


def _address(place: Place) -> str:
    return {"fenn": "tobias.fenn@seamoor.example", "dunmore": "philippa.dunmore@seamoor.example"}[place.to]


@four
def test_a_school_in_half_term_is_told_to_whoever_waits_for_it_and_moves_no_limit(tmp_path: Path, place: Place) -> None:
    """Half-term days are working days."""
    week = {date(2026, 10, day): "half-term" for day in (26, 27, 28, 29, 30)}
    agencies = tuple(replace(a, closed=week if a.name == SCHOOL else {}) for a in place.directory.agencies)
    with begun(tmp_path, place, "2026-10-23 09:00", replace(place.directory, agencies=agencies)) as story:
        raised = raise_it(story, place, "2026-10-23 10:12")
        limit = story.limit()
        (told,) = [one for one in raised if one.to == place.to]
        assert "closed from Mon 26 Oct to Fri 30 Oct (half-term)" in told.text
    (tmp_path / "open").mkdir()
    with begun(tmp_path / "open", place, "2026-10-23 09:00") as story:
        raise_it(story, place, "2026-10-23 10:12")
        assert story.limit() == limit


@four
def test_a_bank_holiday_proclaimed_late_moves_the_limit_that_it_falls_before(tmp_path: Path, place: Place) -> None:
    """GL-29: everybody whose limit it is hears of it, by a letter of its own."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        raise_it(story, place, "2026-09-07 10:12")
        before = story.limit()
        proclaim(story, date(2026, 9, 8), "Day of national mourning")
        moved = [one for one in story.letters() if one.letter == "calendar_moved"]
        assert story.limit() != before
        assert {one.to for one in moved} == {"hartwell", place.to}
        assert all("Tuesday 8 September (Day of national mourning)" in one.text for one in moved)


@four
def test_a_third_agency_is_written_to_at_each_stage_and_must_agree(tmp_path: Path, place: Place) -> None:
    """PL-05 GL-09 SU-13 WO-09: each has its own people at the next stage, and one silent agency closes nothing."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        opened = raise_it(story, place, "2026-09-07 10:12", third=True)
        assert ("opened", "reed") in {(one.letter, one.to) for one in opened}
        assert story.dispute().receiving_agencies == (place.theirs, NHS)
        story.mail("hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-07 15:00", subject=f"[{story.first}]")
        begun_for = {one.to for one in story.letters() if one.letter == "stage_entered"}
        assert "vance" in begun_for, begun_for
        words = "RESOLVED\nTobias and Octavian visit K by 18 September 2026.\nOutstanding issues: none."
        story.mail("oakes", words, "2026-09-08 10:00", subject=f"[{story.first}]")
        asked = {one.to for one in story.letters() if one.letter == "proposed"}
        theirs = "arden" if place.file == "sunderland" else "peake"
        assert {theirs, "vance"} <= asked
        story.mail(theirs, "CONFIRM", "2026-09-08 11:00", subject=f"[{story.first}]")
        assert story.dispute().state == "proposed"
        assert any(f"Still to confirm: {NHS}." in flat(one) for one in story.letters())
        story.mail("vance", "CONFIRM", "2026-09-08 12:00", subject=f"[{story.first}]")
        assert (story.dispute().state, story.dispute().outcome) == ("closed", "resolved")
        assert {"hartwell", place.to, "reed", "vance"} <= {one.to for one in story.letters()}


@four
def test_a_third_agency_stands_in_the_digest_and_in_what_each_manager_reads(tmp_path: Path, place: Place) -> None:
    """Nobody is left out of what is said of it."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        raise_it(story, place, "2026-09-07 10:12", third=True)
        story.mail("hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-07 15:00", subject=f"[{story.first}]")
        managers = [one for one in story.letters() if one.letter == "stage_entered"]
        assert all(place.theirs in one.text and NHS in one.text and SCHOOL in one.text for one in managers)
        story.until("2026-09-14 12:00")
        digest = next(one for one in story.letters() if one.letter == "digest")
        assert NHS in flat(digest)
        assert place.theirs in flat(digest)
