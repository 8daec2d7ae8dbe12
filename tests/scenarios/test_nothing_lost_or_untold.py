"""No part of a dispute is closed unsettled, no child is lost, and nobody goes on believing what is no longer so."""

from pathlib import Path

import pytest

from mailbot.mail.text.child_issue_and_impact import child_in
from tests.scenarios.north_somerset.test_to_the_end import opened, raise_it
from tests.scenarios.test_nobody_scripted import flat, say, whom
from tests.story import Story

# Part is settled


@pytest.mark.parametrize(
    "words",
    [
        "RESOLVED\nTobias visits by 11 September 2026. We've yet to agree the plan.",
        "RESOLVED\nTobias visits by 11 September 2026, and everything is agreed apart from the plan.",
        "RESOLVED: Tobias visits by 11 September 2026.\nWhat remains unresolved: who leads.",
        "We have settled some of it: Tobias visits on 11 September 2026. On the plan we cannot agree.",
    ],
)
def test_what_is_settled_in_part_closes_nothing(tmp_path: Path, words: str) -> None:
    """NS-13: "how any outstanding issues will be pursued": what closes, closes all of it."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        sent = say(story, "hartwell", words, "2026-09-07 15:00")
        assert whom(sent, "question") == {"hartwell"}
        assert whom(sent, "proposed") == set()
        say(story, "fenn", "CONFIRM", "2026-09-07 15:30")
        assert story.dispute().state == "open"


def test_a_smaller_point_with_its_follow_up_keeps_nothing_open(tmp_path: Path) -> None:
    """NS-13: the line "Outstanding issues:" says how the rest is pursued, so the agreement is put to the other side."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        settled = "RESOLVED\nTobias visits by 11 September 2026.\n"
        words = f"{settled}Outstanding issues: who leads is still to be agreed by us on 14 September 2026."
        assert whom(say(story, "hartwell", words, "2026-09-07 15:00"), "proposed") == {"fenn"}


def test_a_confirmation_of_a_part_is_none(tmp_path: Path) -> None:
    """NS-13: whoever confirms one point and not another is asked, and it stays open."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        say(story, "hartwell", "RESOLVED\nTobias visits by 11 September 2026.", "2026-09-07 15:00")
        sent = say(story, "fenn", "CONFIRM\nThe question of the plan remains open.", "2026-09-07 15:30")
        assert whom(sent, "question") == {"fenn"}
        assert story.dispute().state == "proposed"


# Another child in an old thread

ANOTHER = "Child: L.M. (Year 2)\nIssue: Nobody leads the plan.\nImpact on child: L is missing school."


def test_a_dispute_about_another_child_opens_in_an_old_thread(tmp_path: Path) -> None:
    """NS-08: "email all agencies involved": the thread it is written in makes it no part of the one before."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        first = next(one for one in story.letters() if one.to == "hartwell")
        other = ANOTHER.replace("L.M.", "P.R.")
        for subject, body in (("RE: [NS-26-0001] Your turn", f"[ESCALATION]\n{ANOTHER}"), ("[ESCALATION]", other)):
            story.mail("hartwell", body, "2026-09-08 10:00", subject=subject, to=["fenn"], answers=first)
            sent = story.letters()
            assert whom(sent, "opened") == {"hartwell", "fenn"}, subject
            assert all("K.W." not in one.text for one in sent if one.letter == "opened"), subject


@pytest.mark.parametrize("word", ["OPEN", "It is a new dispute. Please open it.", "NOTE, it is about another child."])
def test_what_was_kept_back_opens_on_its_writers_word(tmp_path: Path, word: str) -> None:
    """NS-08: whoever is asked whether it is about another child says so, and it opens as it was written."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        body = "Child: L.M. (Year 2)\nIssue: Nobody leads the plan, and we disagree with social care about it."
        story.mail("hartwell", body, "2026-09-07 14:00", subject="[NS-26-0001] K.W.", to=["fenn"])
        assert whom(story.letters(), "question") == {"hartwell"}
        say(story, "hartwell", word, "2026-09-07 15:00")
        assert [story.dispute(ref).child for ref in ("NS-26-0001", "NS-26-0002")] == ["K.W.", "L.M."]


def test_a_new_dispute_said_in_a_closed_thread_reopens_nothing(tmp_path: Path) -> None:
    """NS-08: "It is a new dispute" is no wish to open the one that is closed: its writer is told how to raise it."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        say(story, "hartwell", "RESOLVED\nTobias visits by 11 September 2026.", "2026-09-07 15:00")
        say(story, "fenn", "CONFIRM", "2026-09-07 15:30")
        sent = say(story, "hartwell", "It is a new dispute. Please open it.", "2026-09-08 10:00")
        assert whom(sent) == {"hartwell"}
        assert "send a new email to this mailbox" in flat(sent[0])
        assert story.dispute().state == "closed"


def test_what_the_office_lets_in_is_not_asked_about_again(tmp_path: Path) -> None:
    """RELEASE says that a person has looked: the question whose answer they are is not put once more."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        held = "Maisie Trent (Year 6) was in the same class, and has the same worker."
        assert whom(say(story, "hartwell", held, "2026-09-07 14:00"), "question") == {"hartwell"}
        story.mail("bm", "RELEASE 1", "2026-09-07 15:00", subject="RE: A message is waiting")
        assert whom(story.letters(), "question") == set()


# What is open again


@pytest.mark.parametrize(
    ("who", "word", "letter"), [("lyle", "REOPEN\nIt is not settled.", "reopened"), ("stroud", "WRONG", "undone")]
)
def test_who_was_told_that_it_closed_is_told_that_it_is_open(tmp_path: Path, who: str, word: str, letter: str) -> None:
    """NS-27: "submitted to the Business Manager upon resolution": and by then it is resolved no longer."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        say(story, "hartwell", "ESCALATE\nWhat remains unresolved: whether K is seen.", "2026-09-07 12:00")
        say(story, "oakes", "ESCALATE\nWhat remains unresolved: whether K is seen.", "2026-09-07 13:00")
        say(story, "lyle", "RESOLVED\nTobias visits K by 11 September 2026.", "2026-09-07 14:00")
        ended = whom(say(story, "stroud", "CONFIRM", "2026-09-07 15:00"), "closed")
        assert ended >= {"hartwell", "fenn", "oakes", "peake", "lyle", "stroud", "bm"}
        assert whom(say(story, who, word, "2026-09-07 16:00"), letter) >= ended


# A second child


@pytest.mark.parametrize(
    ("line", "child"),
    [
        ("R.S. (Year 3), T.S. (Reception)", "R.S., T.S."),
        ("R.S. (Year 3) and T.S. (Reception)", "R.S., T.S."),
        ("R.S. (Year 3), T.S. (Reception) and V.S. (aged 2)", "R.S., T.S., V.S."),
        ("R.S. (Year 3) and her brother R.S. (Reception)", "R.S., sibling"),
        ("R.S. (Year 3) and twin R.S.", "R.S., sibling"),
        ("R.S. (Year 3) and her brother T.S. (Reception)", "R.S., T.S."),
        ("R.S. (Year 3), Larkfield Primary School", "R.S."),
        ("R.S. (Year 4, your ref 0048812)", "R.S."),
    ],
)
def test_a_second_child_in_the_line_is_a_child_of_the_dispute(line: str, child: str) -> None:
    """NS-09: whom it is about: nobody in the line of the child is dropped, and a school is nobody."""
    assert child_in(line, "", "")[0] == child
