"""Two disputes of the same people are open, and one email speaks of both: each has what was said of it, and no more."""

from pathlib import Path

from tests.people import CSC, NHS
from tests.scenarios.north_somerset.test_to_the_end import RAISED
from tests.story import Story

OF_K, OF_A = "NS-26-0001", "NS-26-0002"


def two_open(folder: Path, other: str = RAISED, to: str = "fenn") -> Story:
    story = Story(folder, "2026-09-07 09:30")
    story.mail("hartwell", RAISED, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"])
    about_a = other.replace("K.W.", "A.J.").replace("K is", "A.J. is")
    story.mail("hartwell", about_a, "2026-09-07 10:30", subject="[ESCALATION] Stage 1 - A.J.", to=[to])
    story.letters()
    return story


def in_the_thread_of_k(story: Story, words: str) -> None:
    story.mail("hartwell", words, "2026-09-07 14:00", subject=f"[{OF_K}] K.W.")


def test_each_sentence_is_for_the_dispute_whose_child_it_names(tmp_path: Path) -> None:
    with two_open(tmp_path) as story:
        in_the_thread_of_k(
            story, "K.W. is not settled, please escalate that one. A.J. went onto a child protection plan today."
        )
        story.expect(
            ("summary", "hartwell"),
            ("summary", "fenn"),
            ("stage_entered", "oakes"),
            ("stage_entered", "peake"),
            ("noted", "hartwell"),
        )
        assert [story.dispute(OF_K).stage, story.dispute(OF_A).stage] == ["2", "1"]
        assert story.dispute(OF_K).fields.get("child_status", "") == ""
        assert "child protection plan" in story.dispute(OF_A).fields["child_status"]


def test_what_is_withdrawn_by_name_is_that_one_in_whichever_thread(tmp_path: Path) -> None:
    with two_open(tmp_path) as story:
        in_the_thread_of_k(
            story, "I'd like to withdraw the one about A.J. please, he has a social worker. K's carries on."
        )
        closed = story.expect(("closed", "hartwell"), ("closed", "fenn"), ("closed", "oakes"))
        assert all(f"[{OF_A}]" in letter.subject for letter in closed)
        assert story.dispute(OF_K).is_open
        assert not story.dispute(OF_A).is_open


def test_a_word_of_command_with_a_name_is_for_that_one(tmp_path: Path) -> None:
    with two_open(tmp_path) as story:
        in_the_thread_of_k(story, "WITHDRAW A.J.")
        story.expect(("closed", "hartwell"), ("closed", "fenn"), ("closed", "oakes"))
        assert story.dispute(OF_K).is_open


def test_danger_told_of_either_is_answered_once(tmp_path: Path) -> None:
    with two_open(tmp_path) as story:
        in_the_thread_of_k(
            story, "K.W. is not settled, please escalate that one. A.J. says his dad will kill him tonight."
        )
        sent = story.letters()
        assert [one.subject[:12] for one in sent if one.letter == "urgent"] == [f"[{OF_A}]"]
        assert [one.to for one in sent if one.letter == "stage_entered"] == ["oakes", "peake"]


def test_both_without_a_name_is_asked_about_and_nothing_moves(tmp_path: Path) -> None:
    with two_open(tmp_path) as story:
        in_the_thread_of_k(story, "Both resolved.")
        story.expect(("question", "hartwell"))
        assert [story.dispute(one).proposal for one in (OF_K, OF_A)] == [None, None]


def test_what_is_between_other_agencies_hears_nothing_of_it(tmp_path: Path) -> None:
    """What is said of one child never reaches the other agencies of another."""
    with two_open(tmp_path, RAISED.replace("Children's Social Care", "Westmere NHS Trust"), to="reed") as story:
        assert story.dispute(OF_A).receiving_agencies == (NHS,)
        assert story.dispute(OF_K).receiving_agencies == (CSC,)
        in_the_thread_of_k(story, "K.W. is not settled, please escalate that one. A.J. is on a child protection plan.")
        story.expect(
            ("question", "hartwell"), ("held_told", "bm")
        )  # it may hold another child's details: a person looks
        assert story.dispute(OF_A).fields.get("child_status", "") == ""
        assert story.dispute(OF_K).stage == "1"


def test_nothing_that_is_not_proven_is_done_in_either_and_its_writer_is_asked_once(
    tmp_path: Path,
) -> None:
    """Where the server writes no results. Of the dispute in whose thread it stands it asks nothing; what it asks of the
    other waits all the same."""
    with Story(tmp_path, "2026-09-07 09:30", trusted=()) as story:
        for minute, child in ((10, "K.W."), (30, "A.J.")):
            body, subject = RAISED.replace("K.W.", child), f"[ESCALATION] Stage 1 - {child}"
            when, later = f"2026-09-07 10:{minute}", f"2026-09-07 10:{minute + 5}"
            story.mail("hartwell", body, when, subject=subject, to=["fenn"], authenticated=False)
            (asked,) = story.expect(("was_it_you", "hartwell"))
            story.mail("hartwell", "YES", later, answers=asked, authenticated=False)
            story.letters()
        words = "A.J. is on a child protection plan now. No change for K.W."
        story.mail("hartwell", words, "2026-09-07 14:00", subject=f"[{OF_K}] K.W.", authenticated=False)
        (asked,) = story.expect(("was_it_you", "hartwell"))
        assert story.dispute(OF_A).fields.get("child_status", "") == ""
        story.mail("hartwell", "YES", "2026-09-07 14:10", answers=asked, authenticated=False)
        story.expect(("noted", "hartwell"))
        assert "child protection plan" in story.dispute(OF_A).fields["child_status"]


def test_one_email_ends_no_more_disputes_than_one_address_may_in_an_hour(tmp_path: Path) -> None:
    children = ("K.W.", "A.J.", "B.T.", "C.M.")
    with Story(tmp_path, "2026-09-07 09:30") as story:
        for minute, child in enumerate(children, start=10):
            body, subject = RAISED.replace("K.W.", child), f"[ESCALATION] Stage 1 - {child}"
            story.mail("hartwell", body, f"2026-09-07 10:{minute}", subject=subject, to=["fenn"])
        story.letters()
        in_the_thread_of_k(story, "\n\n".join(f"WITHDRAW {child}" for child in children))
        story.expect(("held_told", "bm"))
        assert [story.dispute(f"NS-26-000{number}").is_open for number in (1, 2, 3, 4)] == [True, True, True, True]
