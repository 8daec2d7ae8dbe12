"""What an email says beside its lines, and what a letter says of what came of it: told as it is, or asked about."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.people import CSC, DIRECTORY, SCHOOL
from tests.scenarios.north_somerset.test_to_the_end import RAISED, opened
from tests.scenarios.sunderland import people as sunderland
from tests.scenarios.wolverhampton import test_stages as wo
from tests.story import Sent, Story

COUNTER = """\
Child: K.W. (Year 3)
Agencies: Children's Social Care / Larkfield Primary School
Issue: The school has not sent its report for the assessment.
Impact on child: nobody knows how K is in class.
Outcome sought: The report by 11 September 2026.
"""
UNNAMED = "\n".join(line for line in RAISED.split("\n") if not line.startswith("Your "))
SOUGHT = "Outcome sought: The case stays open and a meeting is held by Friday 18 September 2026."


def flat(letter: Sent) -> str:
    return " ".join(letter.text.split())


def to(letters: list[Sent], who: str, *names: str) -> str:
    return " ".join(flat(one) for one in letters if one.to == who and (not names or one.letter in names))


def raised(story: Story, body: str, subject: str = "[ESCALATION] K.W.", whom: str = "fenn") -> list[Sent]:
    story.mail("hartwell", body, "2026-09-07 10:12", subject=subject, to=[whom])
    return story.letters()


# A resolution that is only wished for


def test_a_resolution_that_is_asked_for_is_what_is_sought_and_waits_for_nobodys_confirm(tmp_path: Path) -> None:
    """NS-06 "including the rationale and resolution": what the raiser would like resolves nothing."""
    body = RAISED.replace(SOUGHT, "Resolution: I would like a strategy meeting by Friday 18 September 2026.")
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raised(story, body)
        assert (story.dispute().state, story.dispute().proposal) == ("open", None)
        sought = story.dispute().fields["outcome_sought"]
        assert sought == "I would like a strategy meeting by Friday 18 September 2026."
        story.mail("fenn", "CONFIRM", "2026-09-07 11:00", subject="[NS-26-0001] K.W.")
        assert story.dispute().state == "open"
        story.letters()


def test_what_may_be_agreed_or_asked_for_is_put_to_whoever_wrote_it(tmp_path: Path) -> None:
    body = RAISED.replace(SOUGHT, "Resolution: a joint visit to be held by 11 September 2026")
    with Story(tmp_path, "2026-09-07 09:30") as story:
        sent = raised(story, body)
        asked = to(sent, "hartwell", "question")
        assert "Is this resolved? Your email says: “a joint visit to be held by 11 September 2026”." in asked
        assert "What has been recorded stands." in asked
        assert story.dispute().state == "open"


# Where it begins


@pytest.mark.parametrize("told", ["I am raising this at Stage 3.", "Please open this at stage three.", "Stage: 3"])
def test_a_stage_that_is_no_start_is_asked_about_wherever_it_is_named(tmp_path: Path, told: str) -> None:
    """NS-04: "should initially attempt to resolve differences through discussion with the other practitioner"."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        sent = raised(story, RAISED.replace("Child:", f"{told}\n\nChild:", 1))
        assert story.dispute().stage == "1"
        assert "Your email names Stage 3." in to(sent, "hartwell", "question")


@pytest.mark.parametrize(
    "told",
    [
        "If nothing changes I will escalate this to stage 3.",
        "This was raised at stage 2 of her complaint last year.",
        "I am not taking this to Stage 3 yet.",
    ],
)
def test_a_stage_that_is_only_spoken_of_is_not_asked_about(tmp_path: Path, told: str) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        sent = raised(story, RAISED.replace("Child:", f"{told}\n\nChild:", 1))
        assert not to(sent, "hartwell", "question")
        assert story.dispute().stage == "1"


def test_a_stage_that_there_is_not_is_asked_about(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        sent = raised(story, RAISED, "Stage 7: K.W.")
        assert "Your email names “Stage 7”, which this procedure does not have" in to(sent, "hartwell", "question")


def test_whom_an_email_is_to_is_in_it_and_written_to_whatever_stage_its_subject_names(tmp_path: Path) -> None:
    """SU-02: begun at the first step: the manager it was sent to has its letter, and nobody is named as two."""
    body = "\n".join(line for line in sunderland.RAISED.split("\n") if not line.startswith("Your "))
    people = sunderland.PEOPLE
    with Story(tmp_path, "2026-09-07 09:30", "sunderland", sunderland.OURS, people=people) as story:
        story.mail("hartwell", body, "2026-09-07 10:12", subject="Step 3: K.W.", to=["quill"])
        sent = story.letters()
        assert "Your turn by Mon 14 Sep 5pm (Step 1)" in " ".join(one.subject for one in sent if one.to == "quill")
        assert "named both as" not in " ".join(flat(one) for one in sent)
        assert "Your email names Step 3." in to(sent, "hartwell", "question")


def test_whom_an_email_is_to_is_in_it_beside_the_manager_whom_it_names(tmp_path: Path) -> None:
    """NS-12: begun at the second stage: the social worker it is to is told of it."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        sent = raised(story, RAISED, "Stage 2: K.W.")
        assert story.dispute().stage == "2"
        assert {p.person.name for p in story.dispute().filling("responder")} == {"Tobias Fenn"}
        assert "For information: opened at Stage 2" in " ".join(one.subject for one in sent if one.to == "fenn")


# A disagreement of the other side's own


def test_the_agency_that_was_asked_raises_its_own_in_an_answer(tmp_path: Path) -> None:
    """NS-01: a dispute is what somebody raised: turned about, with another issue, it opens beside the first."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        first = next(one for one in raised(story, RAISED) if one.to == "fenn")
        story.mail("fenn", COUNTER, "2026-09-07 11:00", answers=first, to=["hartwell"])
        sent = story.letters()
        assert (story.dispute("NS-26-0002").raising, story.dispute("NS-26-0002").receiving) == (CSC, SCHOOL)
        assert "The assessment is being closed" in story.dispute().fields["issue"]
        asked = to(sent, "bm", "question")
        assert "NS-26-0002 and NS-26-0001 are about a child of the same initials." in asked
        assert "because of your message" not in asked


def test_the_form_sent_back_by_the_agency_that_was_asked_raises_nothing(tmp_path: Path) -> None:
    """The same child, agencies and issue, as they were raised, in an answer: what was raised is not raised again."""
    turned = "Agencies: Children's Social Care / Larkfield Primary School"
    same = RAISED.split("\n\n")[2].replace("Agencies: Larkfield Primary School / Children's Social Care", turned)
    with Story(tmp_path, "2026-09-07 09:30") as story:
        first = next(one for one in raised(story, RAISED) if one.to == "fenn")
        story.mail("fenn", same, "2026-09-07 11:00", answers=first)
        story.letters()
        assert story.store.dispute("ns", "NS-26-0002") is None


@pytest.mark.parametrize(
    "words",
    [
        "We want to raise a dispute of our own with the school about the missing report.",
        "Please log this as a separate escalation: the school has not sent its report.",
        "I am raising my own challenge, as the school has not answered us.",
    ],
)
def test_somebody_who_says_that_they_raise_their_own_is_told_how(tmp_path: Path, words: str) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        first = next(one for one in raised(story, RAISED) if one.to == "fenn")
        story.mail("fenn", words, "2026-09-07 11:00", answers=first)
        (asked,) = story.letters()
        assert asked.to == "fenn"
        assert "Is this a disagreement of your own?" in flat(asked)
        assert "send a new email to this mailbox, not a reply" in flat(asked)


# What a letter says of what came of it


def test_whoever_is_asked_about_somebody_elses_wish_did_not_bring_it_about(tmp_path: Path) -> None:
    """ "Because of your message" stands in no letter to somebody who wrote none."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        words = "ADD Octavian Reed, octavian.reed@westmere-nhs.example"
        story.mail("fenn", words, "2026-09-07 11:00", subject="[NS-26-0001] K.W.")
        asked = to(story.letters(), "hartwell", "question")
        assert "Nothing has changed, and nothing will until this is answered." in asked
        assert "because of your message" not in asked


def test_half_term_stands_in_the_letters_of_a_silence(tmp_path: Path) -> None:
    """NS-02: whoever is asked what follows reads why the school may not have answered; the limit is what it was."""
    week = {date(2026, 10, day): "half-term" for day in (26, 27, 28, 29, 30)}
    agencies = tuple(replace(a, closed=week if a.name == SCHOOL else {}) for a in DIRECTORY.agencies)
    with Story(tmp_path, "2026-10-23 09:00", directory=replace(DIRECTORY, agencies=agencies)) as story:
        story.mail("hartwell", RAISED, "2026-10-23 10:12", subject="[ESCALATION] K.W.", to=["fenn"])
        story.letters()
        story.until("2026-10-26 09:30")
        assert "is closed from Mon 26 Oct to Fri 30 Oct (half-term)" in to(story.letters(), "fenn", "reminder")
        story.until("2026-11-02 09:30")
        later = [one for one in story.letters() if one.letter in ("refer_question", "limit_passed")]
        assert later
        assert all("closed from Mon 26 Oct to Fri 30 Oct (half-term)" in flat(one) for one in later)
        assert any("says that it was closed from Mon 26 Oct" in flat(one) for one in later)


def test_whoever_must_refer_in_writing_can_say_that_they_have(tmp_path: Path) -> None:
    """WO-11 "within 24 hours": moved on by silence, the manager below is asked for their act and given a reply."""
    with wo.wolverhampton(tmp_path) as story:
        wo.opened(story)
        story.until("2026-09-16 12:00")
        asked = next(one for one in story.letters() if one.to == "oakes" and "refer in writing" in flat(one))
        assert "WHAT YOU CAN REPLY - NOTE" in flat(asked)
        assert "When it is done, reply NOTE with when and how" in flat(asked)
        story.mail("oakes", "NOTE I wrote to Beatrix Lyle this morning at ten.", "2026-09-16 13:00", answers=asked)
        story.until("2026-09-18 12:00")
        assert not any("refer in writing" in flat(one) for one in story.letters() if one.to == "oakes")


# Somebody named of whom no address is known


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("ADD Sian Probert", "What is the work email address of Sian Probert? Please reply ADD Sian Probert and"),
        (
            "HANDOVER TO Sian Probert",
            "What is the work email address of Sian Probert, who takes over from you? Please reply HANDOVER TO Sian",
        ),
        ("HANDOVER TO Sian", "Who takes over from you? Please reply HANDOVER TO with their name and email address."),
    ],
)
def test_whoever_is_named_without_an_address_is_asked_for_by_name(tmp_path: Path, words: str, asked: str) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raised(story, RAISED)
        before = story.dispute().parties
        story.mail("oakes", words, "2026-09-07 11:00", subject="[NS-26-0001] K.W.")
        (question,) = (one for one in story.letters() if one.to == "oakes")
        assert question.letter == "question"
        assert asked in flat(question)
        assert story.dispute().parties == before


def test_a_name_that_is_taken_off_takes_nobody_else_off_who_has_no_address_either(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raised(story, RAISED.replace("Beatrix Lyle, beatrix.lyle@tarn-trust.example", "Dorothea Penn"))
        before = story.dispute().parties
        assert "Dorothea Penn" in {party.person.name for party in before if not party.person.address}
        story.mail("oakes", "REMOVE Karen Ashby", "2026-09-07 11:00", subject="[NS-26-0001] K.W.")
        (refused,) = (one for one in story.letters() if one.to == "oakes")
        assert "Karen Ashby is not recorded in this dispute" in flat(refused)
        assert story.dispute().parties == before


def test_who_asks_for_a_conference_where_there_is_no_way_to_one_is_told_where_to_ask(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raised(story, RAISED)
        words = "I am formally asking for a child protection conference to be convened for K.W."
        story.mail("hartwell", words, "2026-09-07 11:00", subject="[NS-26-0001] K.W.")
        (refused,) = (one for one in story.letters() if one.to == "hartwell")
        assert refused.letter == "refused"
        assert "Please ask children's social care for it, by your local procedures." in flat(refused)
