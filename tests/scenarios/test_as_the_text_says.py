"""What a sentence of a published procedure lets people write, in situations that nobody scripted: heard as it says."""

from pathlib import Path

import pytest

from tests.scenarios.gloucestershire import telling as gloucestershire
from tests.scenarios.north_somerset.test_to_the_end import RAISED, opened
from tests.scenarios.sunderland import people as sunderland
from tests.scenarios.test_in_the_other_four import flat
from tests.story import Sent, Story

SCRUTINEER = {"scrutineer": "scrutineer@nsscp.example"}
UNRESOLVED = "What remains unresolved: whether K is seen at home."


def say(story: Story, who: str, words: str, when: str) -> list[Sent]:
    story.mail(who, words, when, subject=f"[{story.first}] K.W.")
    return story.letters()


def whom(letters: list[Sent]) -> set[tuple[str, str]]:
    return {(one.letter, one.to) for one in letters}


@pytest.mark.parametrize(
    "line", ["Status: looked after", "STATUS: child protection plan", "status: CP plan since July"]
)
def test_the_line_by_which_a_letter_asks_for_the_childs_status_is_no_question_where_it_stands(
    tmp_path: Path, line: str
) -> None:
    """GL 2.2d "the Independent Reviewing Officer must be notified": the answer to our own line brings it about."""
    with gloucestershire.gloucestershire(tmp_path) as story:
        gloucestershire.opened(story)
        say(story, "hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-08 10:00")
        sent = say(story, "oakes", line, "2026-09-09 10:00")
        asked = next(one for one in sent if one.letter == "question")
        assert "Independent Reviewing Officer: who is it? They must be told" in flat(asked)
        assert story.dispute().fields["child_status"] == line.partition(": ")[2]


@pytest.mark.parametrize("words", ["STATUS", "Status, please?"])
def test_who_asks_where_it_stands_is_answered(tmp_path: Path, words: str) -> None:
    with gloucestershire.gloucestershire(tmp_path) as story:
        gloucestershire.opened(story)
        assert {who for _, who in whom(say(story, "fenn", words, "2026-09-08 10:00"))} == {"fenn"}
        assert "child_status" not in story.dispute().fields


@pytest.mark.parametrize("title", ["Designated safeguarding lead", "Safeguarding lead"])
def test_the_designated_professional_acts_where_no_line_manager_is_named(tmp_path: Path, title: str) -> None:
    """NS stage 2 "at line management level, or with the designated or named professional for safeguarding"."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        body = RAISED.replace("Line manager: Desmond", f"{title}: Desmond")
        story.mail("hartwell", body, "2026-09-07 10:12", subject="[ESCALATION] K.W.", to=["fenn"])
        story.letters()
        sent = say(story, "hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-08 10:00")
        assert ("stage_entered", "oakes") in whom(sent)


def test_a_line_manager_who_is_named_goes_before_the_designated_professional(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        lead = "Designated safeguarding lead: Cassius Marlow, c.marlow@tarn-trust.example\nLine manager:"
        body = RAISED.replace("Line manager:", lead, 1)
        story.mail("hartwell", body, "2026-09-07 10:12", subject="[ESCALATION] K.W.", to=["fenn"])
        story.letters()
        acting = [p.person.name for p in story.dispute().parties if p.role == "raising_manager"]
        assert acting == ["Desmond Oakes"]


def test_whoever_may_support_those_who_decide_is_told_that_they_decide(tmp_path: Path) -> None:
    """NS stage 4 "The Independent Scrutineer may support their discussion": no stranger, and decides nothing."""
    with Story(tmp_path, "2026-09-07 09:30", people=SCRUTINEER) as story:
        opened(story)
        for who, word, when in (
            ("hartwell", "ESCALATE", "2026-09-07 11:00"),
            ("oakes", "ESCALATE", "2026-09-07 12:00"),
            ("lyle", "REFER", "2026-09-08 09:00"),
        ):
            say(story, who, f"{word}\n{UNRESOLVED}", when)
        sent = say(story, "scrutineer", "DECISION\nThe case stays open.", "2026-09-09 10:00")
        assert whom(sent) == {("refused", "scrutineer")}
        assert "only those who decide at this stage can do that" in flat(sent[0])
        assert "It is now with the Delegated Safeguarding Partners" in flat(sent[0])
        assert story.dispute().is_open


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("whether the plan is reviewed", True),
        ("the plan is reviewed on 30 September 2026", False),
        ("none", False),
        ("nothing further", False),
    ],
)
def test_by_which_date_what_is_outstanding_is_followed_up_is_asked(tmp_path: Path, said: str, asked: bool) -> None:
    """NS Recording "how any outstanding issues will be followed up, with agreed timescales"."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        words = f"RESOLVED\nTobias visits K on 9 September 2026.\nOutstanding issues: {said}."
        say(story, "hartwell", words, "2026-09-07 12:00")
        closed = {one.to: flat(one) for one in say(story, "fenn", "CONFIRM", "2026-09-07 13:00")}
        assert ("By which date is what is outstanding followed up" in closed["hartwell"]) is asked
        assert "By which date is what is outstanding" not in closed["fenn"]


def in_sunderland(tmp_path: Path) -> Story:
    return Story(tmp_path, "2026-09-07 09:00", "sunderland", sunderland.OURS, people=sunderland.PEOPLE)


@pytest.mark.parametrize(
    ("words", "reaches"),
    [
        ("The concern is justified. I have agreed with Imogen that I speak to Hester by 11 September 2026.", "oakes"),
        ("I have agreed with Hester that the plan stays open until 30 October 2026.", "arden"),
    ],
)
def test_what_a_manager_agrees_with_their_own_practitioner_is_put_to_nobody_as_the_end(
    tmp_path: Path, words: str, reaches: str
) -> None:
    """SU step 2 "within an agreed timescale with the practitioner raising the concern"."""
    with in_sunderland(tmp_path) as story:
        sunderland.raise_it(story, "2026-09-07 10:12")
        say(story, "hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-08 09:00")
        first = {one.to: one.letter for one in say(story, "oakes", words, "2026-09-08 10:00")}
        assert first[reaches] == ("question" if reaches == "oakes" else "proposed")
        assert ("arden" in first) is (reaches == "arden")


@pytest.mark.parametrize(
    ("issue", "opens"),
    [
        ("Early Help is closing the plan; this is not whistleblowing, it is about thresholds.", True),
        ("Early Help is closing the plan. It is no allegation against a worker.", True),
        ("This is whistleblowing about how the plan was closed.", False),
    ],
)
def test_what_an_email_says_that_it_is_not_it_is_not_sent_away_for(tmp_path: Path, issue: str, opens: bool) -> None:
    """SU Introduction: whistle-blowing has its own policy; a dispute between agencies that is none is opened."""
    with in_sunderland(tmp_path) as story:
        body = sunderland.RAISED.replace("Early Help is closing the plan.", issue)
        story.mail("hartwell", body, "2026-09-07 10:12", subject="Dispute - K.W.", to=["dunmore"])
        assert (("opened", "dunmore") in whom(story.letters())) is opens


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (
            "Rosalind and I met this morning. We agreed that K will be seen by 11 September. Nothing is outstanding.",
            "question",
        ),
        ("Rosalind and I met this morning, and it was useful.", "noted"),
    ],
)
def test_beside_that_they_met_what_they_agreed_is_not_lost(tmp_path: Path, words: str, first: str) -> None:
    """NS Recording "written confirmation between the parties about an agreed outcome from the conversations"."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        say(story, "hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-07 12:00")
        assert (first, "oakes") in whom(say(story, "oakes", words, "2026-09-08 11:00"))


@pytest.mark.parametrize(
    ("who", "words", "asked"),
    [
        ("oakes", "I have reviewed the concern with Imogen and I do not think it is justified.", True),
        ("oakes", "I have reviewed the concern. It is unfounded, as I have told her.", True),
        ("arden", "I have read this and I do not think it is justified.", False),
    ],
)
def test_a_manager_who_does_not_find_it_justified_is_asked_whether_that_ends_it(
    tmp_path: Path, who: str, words: str, asked: bool
) -> None:
    """SU Step 2 "The line manager should review the concern to ensure it is justified"."""
    with in_sunderland(tmp_path) as story:
        sunderland.raise_it(story, "2026-09-07 10:12")
        say(story, "hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-08 09:00")
        told = " ".join(flat(one) for one in say(story, who, words, "2026-09-08 10:00") if one.to == who)
        assert ("reply NOT JUSTIFIED with the reasons" in told) is asked
        assert story.dispute().is_open
