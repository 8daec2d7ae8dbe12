"""Told in a sentence: a brother or sister, a manager, a reviewing officer, the next tier of management, that something
agreed will not be done. Each is recorded, or asked about of somebody who can say; none is dropped, and none is guessed.
"""

from pathlib import Path

import pytest

from tests.scenarios.gloucestershire.telling import PEOPLE
from tests.scenarios.test_in_the_other_four import PLACES, UNRESOLVED, Place, begun
from tests.scenarios.test_who_is_not_there import NORTH_SOMERSET, five, flat, raise_it, say
from tests.story import Sent, Story

GLOUCESTERSHIRE = PLACES[1]
LOOKED_AFTER = GLOUCESTERSHIRE.raised.replace("Category", "Child status: looked after\nCategory")
OFFICER = f"Araminta Dell ({PEOPLE['dell']})"
NOT_MINE = ("My manager is not Desmond Oakes any more.", "My manager is Cassius Marlow or Desmond Oakes.")
WILL_NOT = (
    "I've been told that I can't do this visit after all.",
    "NOT HAPPENED\nI am off sick.",
    "The visit was cancelled.",
)
AGREED = "RESOLVED\nTobias sees K. at home by 18 September 2026.\nOutstanding issues: none."


def in_prose(place: Place, *sentences: str) -> str:
    greeting = place.raised.split("\n")[0]
    said = "I disagree with the decision to close K.W.'s plan. K.W. comes to school hungry."
    return "\n\n".join((greeting, " ".join((said, *sentences)), "Imogen Hartwell\n"))


def opened_saying(story: Story, place: Place, *sentences: str) -> list[Sent]:
    subject = f"{place.subject} - K.W."
    story.mail("hartwell", in_prose(place, *sentences), "2026-09-07 10:12", subject=subject, to=[place.to])
    return story.letters()


def people_of(story: Story, role: str) -> set[str]:
    return {party.person.name for party in story.dispute().parties if party.role == role}


# Another child


@five
@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("We are also worried about K.W.'s younger brother M.", "Your email also speaks of a brother, beside K.W."),
        ("The same applies to A.W., who is in Reception.", "Your email also speaks of A.W., beside K.W."),
        ("His sister M.W. in Year 1 is in the same position.", "Your email also speaks of M.W., beside K.W."),
    ],
)
def test_a_child_spoken_of_is_asked_about(tmp_path: Path, place: Place, said: str, shown: str) -> None:
    """NS PL GL SU WO: each is about "the child": who else it is about is for whoever raised it to say."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        (asked,) = [one for one in opened_saying(story, place, said) if one.letter == "question"]
        assert asked.to == "hartwell"
        assert "Is this about another child too?" in flat(asked)
        assert shown in flat(asked)
        assert story.dispute().child == "K.W."
        say(story, "hartwell", "CORRECT Child: K.W., M.W.", "2026-09-07 11:00")
        story.letters()
        assert story.dispute().child == "K.W., M.W."


def test_a_brother_who_is_only_mentioned_is_nobody_to_ask_about(tmp_path: Path) -> None:
    """NS-05: what is said of a family is not always a concern."""
    with begun(tmp_path, NORTH_SOMERSET, "2026-09-07 09:00") as story:
        sent = opened_saying(story, NORTH_SOMERSET, "K.W. was collected by her brother on Monday.")
        assert {(one.letter, one.to) for one in sent} == {("opened", "hartwell"), ("opened", "fenn")}


def test_a_child_spoken_of_later_is_asked_about_once(tmp_path: Path) -> None:
    """GL SU: what is told in the thread of the first child's dispute is not lost in it."""
    with begun(tmp_path, GLOUCESTERSHIRE, "2026-09-07 09:00") as story:
        raise_it(story, GLOUCESTERSHIRE)
        for when in ("2026-09-07 14:00", "2026-09-07 15:00"):
            said = "Tobias, we are also concerned about K.W.'s sister, who is left at home."
            story.mail("hartwell", said, when, subject=f"RE: [{story.first}] K.W.", to=["fenn"])
        asked = story.expect(("question", "hartwell"))[0]
        assert "Your email also speaks of a sister, beside K.W." in flat(asked)


# Another agency


@five
@pytest.mark.parametrize(
    "said",
    [
        "Westmere NHS Trust has discharged K.W. without telling us.",
        "The health visitor, Octavian Reed (Westmere NHS Trust), takes the same view and will not visit.",
    ],
)
def test_an_agency_whose_doing_is_told_is_asked_about(tmp_path: Path, place: Place, said: str) -> None:
    """PL "agency/agencies as appropriate", WO 3.2 "a range of professionals": who is part of it is the raiser's to say,
    and the answer brings them in."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        (asked,) = [one for one in opened_saying(story, place, said) if one.letter == "question"]
        assert "Is the disagreement with Westmere NHS Trust too?" in flat(asked)
        line = f"CORRECT Agencies: Larkfield Primary School / {place.theirs} / Westmere NHS Trust"
        assert line in flat(asked)
        say(story, "hartwell", line, "2026-09-07 11:00")
        story.letters()
        assert story.dispute().receiving == (place.theirs, "Westmere NHS Trust")


def test_an_agency_that_shares_the_concern_is_nobody_to_ask_about(tmp_path: Path) -> None:
    with begun(tmp_path, NORTH_SOMERSET, "2026-09-07 09:00") as story:
        sent = opened_saying(story, NORTH_SOMERSET, "Octavian Reed at Westmere NHS Trust shares my concern.")
        assert {(one.letter, one.to) for one in sent} == {("opened", "hartwell"), ("opened", "fenn")}


@pytest.mark.parametrize(("line", "named"), [("Stage: 7", "Stage 7"), ("Stage: final", "Stage final")])
def test_a_stage_that_there_is_not_is_asked_about(tmp_path: Path, line: str, named: str) -> None:
    with begun(tmp_path, NORTH_SOMERSET, "2026-09-07 09:00") as story:
        body = NORTH_SOMERSET.raised.replace("Agencies:", f"{line}\nAgencies:")
        story.mail("hartwell", body, "2026-09-07 10:12", subject="[ESCALATION] K.W.", to=["fenn"])
        (asked,) = [one for one in story.letters() if one.letter == "question"]
        assert f"Your email names “{named}”, which this procedure does not have" in flat(asked)


# A manager


@five
def test_managers_named_in_a_sentence_are_recorded(tmp_path: Path, place: Place) -> None:
    """NS-08: "exchange both line manager and senior manager details"; the same of the managers of the other four."""
    theirs = {"sunderland": "Hester Arden"}.get(place.file, "Rosalind Peake")
    said = f"My manager is Desmond Oakes (head@larkfield.sch.example); yours, I believe, is {theirs}."
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        opened_saying(story, place, said)
        assert people_of(story, "raising_manager") == {"Desmond Oakes"}
        assert people_of(story, "responding_manager") == {theirs}


@pytest.mark.parametrize(
    "said", ["My manager is not Desmond Oakes any more.", "My former manager Desmond Oakes knows."]
)
def test_who_is_said_not_to_be_a_manager_is_none(tmp_path: Path, said: str) -> None:
    """NS-08."""
    with begun(tmp_path, NORTH_SOMERSET, "2026-09-07 09:00") as story:
        opened_saying(story, NORTH_SOMERSET, said)
        assert people_of(story, "raising_manager") == set()


def test_a_title_that_is_no_role_of_the_procedure_is_asked_about(tmp_path: Path) -> None:
    """GL-08."""
    with begun(tmp_path, GLOUCESTERSHIRE, "2026-09-07 09:00") as story:
        sent = opened_saying(story, GLOUCESTERSHIRE, "Beatrix Lyle is my head of year.")
        (asked,) = [one for one in sent if one.letter == "question"]
        assert "whom your email names, Beatrix Lyle (“my head of year”)? The procedure has nobody called so." in flat(
            asked
        )


def test_a_title_of_the_file_itself_is_its_role(tmp_path: Path) -> None:
    """PL-09: "In schools this is likely to be the head teacher"."""
    with begun(tmp_path, PLACES[0], "2026-09-07 09:00") as story:
        opened_saying(story, PLACES[0], "Our head teacher is Desmond Oakes.")
        assert people_of(story, "raising_senior") == {"Desmond Oakes"}


# The reviewing officer, who must be notified


def at_stage_2(story: Story, body: str = LOOKED_AFTER) -> None:
    raise_it(story, GLOUCESTERSHIRE, body)
    say(story, "hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-08 10:00")
    story.letters()


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("fenn", f"The IRO is {OFFICER}."),
        ("peake", "Araminta Dell is K's Independent Reviewing Officer."),
        ("peake", f"Independent Reviewing Officer: Araminta Dell, {PEOPLE['dell']}"),
        ("fenn", f"ADD Araminta Dell, {PEOPLE['dell']} as Independent Reviewing Officer"),
    ],
)
def test_the_reviewing_officer_named_by_the_other_side_is_notified(tmp_path: Path, by: str, words: str) -> None:
    """GL-11 (2.2d): "must be notified": whoever knows who it is. Whoever was asked hears that it is known."""
    with begun(tmp_path, GLOUCESTERSHIRE, "2026-09-07 09:00") as story:
        at_stage_2(story)
        say(story, by, words, "2026-09-08 12:00")
        story.expect(("stage_told", "dell"), ("noted", "oakes"))


def test_another_officer_than_the_one_on_record_is_put_to_the_raising_side(tmp_path: Path) -> None:
    """GL-11."""
    with begun(tmp_path, GLOUCESTERSHIRE, "2026-09-07 09:00") as story:
        at_stage_2(story)
        say(story, "oakes", f"Independent Reviewing Officer: Araminta Dell, {PEOPLE['dell']}", "2026-09-08 11:00")
        story.letters()
        line = "Independent Reviewing Officer: Magnus Quayle, magnus.quayle@seamoor.example"
        say(story, "peake", line, "2026-09-08 12:00")
        story.expect(("question", "oakes"))
        assert people_of(story, "iro") == {"Araminta Dell"}


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("Child: K.W. (Year 3), who is a child looked after", "a child looked after"),
        ("Child: K.W. (CPP)", "CPP"),
        ("Child: K.W.\n\nK.W. is on a child protection plan.", "on a child protection plan"),
        ("Child: K.W., no longer looked after", ""),
        ("Child: K.W.\n\nK.W. has never been on a child protection plan.", ""),
        ("Child: K.W.\n\nHer cousin is looked after.", ""),
    ],
)
def test_a_status_beside_the_childs_name_is_the_childs_status(tmp_path: Path, line: str, status: str) -> None:
    """GL-10 (2.2d): and the reviewing officer is asked for at once."""
    with begun(tmp_path, GLOUCESTERSHIRE, "2026-09-07 09:00") as story:
        raise_it(story, GLOUCESTERSHIRE, GLOUCESTERSHIRE.raised.replace("Child: K.W. (Year 3)", line))
        assert story.dispute().fields.get("child_status", "") == status
        say(story, "hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-08 10:00")
        asked = {one.to for one in story.letters() if one.letter == "question"}
        assert asked == ({"oakes"} if status else set())


# What was agreed will not be done


def agreed(story: Story, place: Place) -> None:
    raise_it(story, place)
    say(story, "hartwell", AGREED, "2026-09-07 15:00")
    say(story, place.to, "CONFIRM", "2026-09-07 15:30")
    story.letters()
    assert story.dispute().state == "closed"


@five
@pytest.mark.parametrize(
    "words",
    [
        "I've been told that I can't do this visit after all.",
        "NOT HAPPENED\nI am off sick.",
        "The visit was cancelled.",
    ],
)
def test_whoever_was_to_do_it_says_that_it_will_not_be_done(tmp_path: Path, place: Place, words: str) -> None:
    """NS-30 PL-19 GL-23 SU-13 WO-09: "how any outstanding issues will be pursued": it reaches whoever raised it, whose
    word opens it again."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        agreed(story, place)
        say(story, place.to, words, "2026-09-09 09:00")
        asked, refused = story.expect(("question", "hartwell"), ("refused", place.to))
        assert "Will what was agreed be done?" in flat(asked)
        assert words.rpartition("\n")[2] in flat(asked)
        assert "Asked about it: Imogen Hartwell (Larkfield Primary School)." in flat(refused)
        assert story.dispute().state == "closed"
        say(story, "hartwell", "NOT HAPPENED\nK has not been seen.", "2026-09-09 10:00")
        story.letters()
        assert story.dispute().state == "open"


def test_reopen_by_whoever_may_not_is_put_to_whoever_may(tmp_path: Path) -> None:
    """GL-23."""
    with begun(tmp_path, GLOUCESTERSHIRE, "2026-09-07 09:00") as story:
        agreed(story, GLOUCESTERSHIRE)
        say(story, "fenn", "REOPEN\nMy manager does not allow it.", "2026-09-09 09:00")
        asked, _ = story.expect(("question", "hartwell"), ("refused", "fenn"))
        assert "Tobias Fenn writes: “My manager does not allow it.” If it will not, reply REOPEN" in flat(asked)


def test_something_else_that_will_not_be_is_none_of_it(tmp_path: Path) -> None:
    """NS-30."""
    with begun(tmp_path, NORTH_SOMERSET, "2026-09-07 09:00") as story:
        agreed(story, NORTH_SOMERSET)
        say(story, "fenn", "I can't come to the sports day.", "2026-09-09 09:00")
        story.expect(("question", "fenn"))  # sent to the mailbox alone: asked what is meant, and nothing recorded
        assert [type(past).__name__ for past in story.dispute().history[-2:]] == ["MessageFiled", "QuestionAsked"]


# Through all tiers of management, and on


def asked_whether_all_is_done(story: Story) -> None:
    at_stage_2(story, GLOUCESTERSHIRE.raised)
    say(story, "oakes", f"ESCALATE\n{UNRESOLVED}", "2026-09-09 10:00")
    say(story, "lyle", f"ESCALATE\n{UNRESOLVED}", "2026-09-10 10:00")
    story.letters()


@pytest.mark.parametrize(
    ("words", "stage"),
    [
        ("Yes, that is all done. Please refer it.", "4"),
        ("REFER\nAll tiers of management and our GSCP representative have been involved.", "4"),
        ("All tiers of management have now been involved. Please refer it to the GSCP.", "4"),
        ("Not all of it is done. Please refer it.", "3"),
        ("REFER\nNot all tiers have been involved.", "3"),
        ("Yes, that is all done. Please do not refer it yet.", "3"),
        ("Yes.", "3"),
    ],
)
def test_whether_all_is_done_may_be_answered_in_as_many_words(tmp_path: Path, words: str, stage: str) -> None:
    """GL-15 (2.3d, 2.4a): what the file demands before it goes to the partnership."""
    with begun(tmp_path, GLOUCESTERSHIRE, "2026-09-07 09:00") as story:
        asked_whether_all_is_done(story)
        say(story, "lyle", words, "2026-09-10 11:00")
        sent = story.letters()
        assert story.dispute().stage == stage
        assert stage == "4" or [(one.letter, one.to) for one in sent] == [("question", "lyle")]


@pytest.mark.parametrize(
    "words",
    [
        f"This has not been agreed. I'm taking it to our Chief Executive Cordelia Ives, {PEOPLE['ives']}, who'll ring.",
        f"Our chief executive Cordelia Ives ({PEOPLE['ives']}) will now take this up with your Director.",
        "I am passing this to my Chief Executive, Cordelia Ives.",
    ],
)
def test_the_next_tier_named_in_a_sentence_is_asked_about_by_name(tmp_path: Path, words: str) -> None:
    """GL-15 (2.3d): "escalated up to all tiers of management": the answer brings her in, and no clock starts again."""
    with begun(tmp_path, GLOUCESTERSHIRE, "2026-09-07 09:00") as story:
        at_stage_2(story, GLOUCESTERSHIRE.raised)
        say(story, "oakes", f"ESCALATE\n{UNRESOLVED}", "2026-09-09 10:00")
        story.letters()
        limit = story.limit()
        say(story, "lyle", words, "2026-09-10 10:00")
        asked = story.expect(("question", "lyle"))[0]
        answer = f"ADD Cordelia Ives, {PEOPLE['ives']} as senior manager"
        assert (
            f"Has Cordelia Ives this from now on, as the next tier of your management? If so, please reply {answer}."
            in flat(asked)
        )
        story.mail("lyle", answer, "2026-09-10 11:00", answers=asked)
        story.letters()
        assert (people_of(story, "raising_senior"), story.limit()) == ({"Cordelia Ives"}, limit)


def test_a_tier_that_is_not_climbed_yet_is_not_asked_about_by_name(tmp_path: Path) -> None:
    """GL-15: what may be is no taking it there."""
    with begun(tmp_path, GLOUCESTERSHIRE, "2026-09-07 09:00") as story:
        at_stage_2(story, GLOUCESTERSHIRE.raised)
        say(story, "oakes", f"ESCALATE\n{UNRESOLVED}", "2026-09-09 10:00")
        story.letters()
        say(
            story,
            "lyle",
            "If it is not settled I am taking it to our Chief Executive Cordelia Ives.",
            "2026-09-10 10:00",
        )
        assert not any("Has Cordelia Ives this from now on" in flat(one) for one in story.letters())
