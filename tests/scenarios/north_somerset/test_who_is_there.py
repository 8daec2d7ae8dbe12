"""Who is really there: the office on a Friday at six, whoever stands in for it, shared desks, a school in half-term."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from mailbot.core.partnership.directory import Directory, Officer
from mailbot.core.record.events_of_mail import MessageFiled
from mailbot.core.record.intents import Person
from tests.people import CSC, DIRECTORY, SCHOOL
from tests.protocol_files import changed, kept, shipped
from tests.scenarios.north_somerset.test_to_the_end import opened
from tests.story import Story

DANGER = "K told me that dad hit him with a belt last night, and he is frightened to go home."
PEOPLE = {
    "finch": "o.finch@larkfield.sch.example",
    "duty": "duty@seamoor.example",
    "deputy": "deputy.manager@nsscp.example",
}
DEPUTY = """
[role.deputy_manager]
side = "partnership"
title = "Deputy Business Manager"
from = "address"
address = "deputy.manager@nsscp.example"
"""


def with_desks(finch: tuple[str, ...] = (), duty: tuple[str, ...] = ()) -> Directory:
    """The directory with the head teacher's assistant and a duty desk, and for whom each speaks."""
    desks = (
        Officer(Person(PEOPLE["finch"], "Orla Finch", SCHOOL, "Assistant to the head teacher"), speaks_for=finch),
        Officer(Person(PEOPLE["duty"], "Duty desk", CSC, "Assessment team"), speaks_for=duty),
    )
    return replace(DIRECTORY, officers=(*DIRECTORY.officers, *desks))


def at_stage_2(story: Story) -> None:
    opened(story)
    story.until("2026-09-08 17:00")
    story.letters()


def test_on_a_friday_at_six_the_letter_says_that_nobody_may_read_it(tmp_path: Path) -> None:
    """NS-09: danger told when the office is closed: the writer is not left to wait for it."""
    with Story(tmp_path, "2026-09-11 09:00") as story:
        opened(story, "2026-09-11 10:12")
        story.mail("hartwell", DANGER, "2026-09-11 18:00", subject=f"[{story.first}]")
        sent = story.expect(("urgent", "hartwell"), ("urgent_told", "oakes"), ("urgent_told", "peake"), *FENN, *BM)
        assert "nobody there may read your message before it opens again" in " ".join(sent[0].text.split())


FENN, BM = [("urgent_told", "fenn")], [("urgent_told", "bm")]


def test_while_the_office_is_open_nothing_is_said_of_its_being_closed(tmp_path: Path) -> None:
    """NS-09."""
    with Story(tmp_path, "2026-09-11 09:00") as story:
        opened(story, "2026-09-11 10:12")
        story.mail("hartwell", DANGER, "2026-09-11 15:00", subject=f"[{story.first}]")
        sent = story.expect(("urgent", "hartwell"), ("urgent_told", "oakes"), ("urgent_told", "peake"), *FENN, *BM)
        assert "is closed now" not in sent[0].text


def test_whoever_stands_in_for_the_office_is_told_of_danger_and_may_act(tmp_path: Path) -> None:
    """NS-09 NS-23: somebody reads it, whatever the Business Manager is doing; and may do what the office may."""
    text = changed(shipped("north-somerset"), "digest", "stand_in", '["deputy_manager"]') + DEPUTY
    with Story(tmp_path, "2026-09-07 09:00", kept(tmp_path, text), people=PEOPLE) as story:
        at_stage_2(story)
        story.mail("oakes", DANGER, "2026-09-09 10:00", subject=f"[{story.first}]")
        told = {one.to for one in story.letters() if one.letter == "urgent_told"}
        assert {"bm", "deputy"} <= told
        story.mail(
            "deputy",
            f"CLOSE {story.first} because the school has withdrawn it by telephone.",
            "2026-09-09 11:00",
            subject=f"[{story.first}]",
        )
        assert story.dispute().state == "closed"
        story.letters()


def test_that_the_office_is_away_is_told_to_whoever_stands_in(tmp_path: Path) -> None:
    """NS-03: an automatic reply from the office itself."""
    text = changed(shipped("north-somerset"), "digest", "stand_in", '["deputy_manager"]') + DEPUTY
    with Story(tmp_path, "2026-09-07 09:00", kept(tmp_path, text), people=PEOPLE) as story:
        opened(story)
        story.until("2026-09-08 17:00")
        to_bm = story.letters()
        story.mail("oakes", DANGER, "2026-09-09 10:00", subject=f"[{story.first}]")
        to_bm = next(one for one in story.letters() if one.to == "bm")
        away = [("Auto-Submitted", "auto-replied")]
        words = "I am on annual leave until Monday 21 September."
        story.mail("bm", words, "2026-09-09 10:02", subject="Automatic reply", answers=to_bm, headers=away)
        told = story.expect(("absence", "deputy"))[0]
        flat = " ".join(told.text.split())
        assert "The NSSCP Business Manager is away until" in flat or "the NSSCP Business Manager is away until" in flat
        assert "You stand in." in flat
        assert "Your turn" not in told.text, "there is nothing to answer"


def test_the_heads_assistant_writes_for_the_head_where_the_directory_says_so(tmp_path: Path) -> None:
    """NS-11: it is the head teacher's word, and the record says who wrote it."""
    with Story(
        tmp_path, "2026-09-07 09:00", directory=with_desks(finch=("head@larkfield.sch.example",)), people=PEOPLE
    ) as story:
        at_stage_2(story)
        story.mail(
            "finch", "ESCALATE\nWhat remains unresolved: the visit.", "2026-09-09 10:00", subject=f"[{story.first}]"
        )
        assert {("stage_entered", "lyle"), ("summary", "oakes")} <= {(one.letter, one.to) for one in story.letters()}
        assert story.dispute().stage == "3"
        filed = [past for past in story.dispute().history if isinstance(past, MessageFiled)][-1]
        assert (filed.by.name, filed.by.address) == ("Desmond Oakes (written by Orla Finch)", story.address["oakes"])


def test_an_assistant_whom_no_directory_knows_is_asked_about(tmp_path: Path) -> None:
    """NS-01 NS-11: nothing is done on their word; the head teacher, on whose behalf it says to be, is asked."""
    with Story(tmp_path, "2026-09-07 09:00", directory=with_desks(), people=PEOPLE) as story:
        opened(story)
        story.until("2026-09-08 17:00")
        theirs = next(one for one in story.letters() if (one.letter, one.to) == ("stage_entered", "oakes"))
        words = "ESCALATE\nWhat remains unresolved: the visit.\n\nOrla Finch\non behalf of Desmond Oakes\n"
        story.mail("finch", words, "2026-09-09 10:00", answers=theirs)
        asked = story.expect(("question", "oakes"))[0]
        assert "on your behalf. Nothing was done" in " ".join(asked.text.split())
        assert story.dispute().stage == "2"


def test_a_duty_desk_speaks_for_the_one_of_its_people_who_is_in_this_dispute(tmp_path: Path) -> None:
    """NS-07: the desk speaks for several; only the team manager is in it."""
    theirs = ("rosalind.peake@seamoor.example", "philippa.dunmore@seamoor.example")
    with Story(tmp_path, "2026-09-07 09:00", directory=with_desks(duty=theirs), people=PEOPLE) as story:
        at_stage_2(story)
        words = "RESOLVED\nA visit at home by 15 September 2026."
        story.mail("duty", words, "2026-09-09 10:00", subject=f"[{story.first}]")
        proposal = story.dispute().proposal
        assert proposal is not None
        assert proposal.by.name == "Rosalind Peake (written by Duty desk)"
        story.letters()


def test_a_school_in_half_term_stands_in_letters_and_in_the_digest_and_moves_no_limit(tmp_path: Path) -> None:
    """NS-02 (read): half-term days are working days; whoever waits for the school is told why it may not answer."""
    week = {date(2026, 10, day): "half-term" for day in (26, 27, 28, 29, 30)}
    agencies = tuple(replace(a, closed=week if a.name == SCHOOL else {}) for a in DIRECTORY.agencies)
    with Story(tmp_path, "2026-10-23 09:00", directory=replace(DIRECTORY, agencies=agencies)) as story:
        story.mail("hartwell", RAISED, "2026-10-23 10:12", subject="[ESCALATION] K.W.", to=["fenn"])
        sent = story.letters()
        assert any("closed from Mon 26 Oct to Fri 30 Oct (half-term)" in one.text for one in sent if one.to == "fenn")
        assert story.limit() == "Mon 26 Oct 17:00"
        story.until("2026-10-26 09:30")
        digest = next(one for one in story.letters() if one.letter == "digest")
        assert f"{SCHOOL} closed Mon 26 Oct to Fri 30 Oct (half-term)" in digest.text


RAISED = """\
Dear Tobias,

Child: K.W. (Year 3)
Agencies: Larkfield Primary School / Children's Social Care
Issue: The assessment is being closed with no further action.
Impact on child: K is tired and hungry in class.
Outcome sought: The case stays open.

Imogen Hartwell
"""
