"""What WRONG takes back is taken back for everybody: what waits is not sent, and whoever was told hears of it."""

from pathlib import Path

from tests.prepared import prepared
from tests.scenarios.north_somerset.test_to_the_end import opened
from tests.scenarios.north_somerset.test_whose_words import REFERENCE, with_the_partners
from tests.story import Story

SUBJECT = "[NS-26-0001] Taken back: please read again"


@prepared
def with_the_line_managers(story: Story) -> None:
    opened(story)
    story.mail("hartwell", "ESCALATE\nWe do not agree.", "2026-09-07 11:00", subject=REFERENCE)
    assert story.dispute().stage == "2"
    story.letters()


def test_whoever_was_told_that_it_is_their_turn_hears_that_it_is_not(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        with_the_line_managers(story)
        story.mail("hartwell", "WRONG\nI had not meant that.", "2026-09-07 12:00", subject=REFERENCE)
        told = story.expect(*[("undone", who) for who in ("oakes", "peake", "hartwell", "fenn")])
        assert {one.subject for one in told} == {SUBJECT}
        to_oakes = " ".join(told[0].text.split())
        assert "If an earlier letter told you of it, please read that letter as not sent." in to_oakes
        assert "For information, Desmond: nothing for you to do" in to_oakes
        assert story.dispute().stage == "1"


def test_a_referral_taken_back_is_told_to_those_who_decide_and_to_the_office(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        with_the_partners(story)
        story.mail("lyle", "WRONG", "2026-09-07 14:00", subject=REFERENCE)
        told = {one.to: " ".join(one.text.split()) for one in story.letters() if one.letter == "undone"}
        assert told.keys() >= {"dsps", "bm", "lyle", "stroud", "hartwell", "fenn"}
        assert all("Beatrix Lyle has taken back the move to Stage 4." in told[who] for who in ("dsps", "bm", "fenn"))
        assert "You have taken back the move to Stage 4." in told["lyle"]
        assert story.dispute().stage == "3"


def test_what_waits_of_it_is_not_sent_and_nobody_hears_that_it_is_undone_who_never_knew(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.postman.refuses_us = "421 try later"
        story.mail("hartwell", "ESCALATE\nWe do not agree.", "2026-09-07 11:00", subject=REFERENCE)
        story.mail("hartwell", "WRONG\nI had not meant that.", "2026-09-07 11:40", subject=REFERENCE)
        story.postman.refuses_us = ""
        story.until("2026-09-07 13:00")
        story.expect(("undone", "hartwell"), ("undone", "fenn"), ("trouble_told", "bm"))


def test_whoever_was_named_in_error_hears_so_once_and_nothing_of_the_child(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        with_the_line_managers(story)
        named = "My line manager: Ambrose Kettle, ambrose.kettle@seamoor.example"
        story.mail("fenn", named, "2026-09-07 11:30", subject=REFERENCE)
        assert "kettle" in {one.to for one in story.letters()}
        story.mail("fenn", "WRONG\nThat is another Ambrose.", "2026-09-07 11:40", subject=REFERENCE)
        (told,) = [one for one in story.letters() if one.to == "kettle"]
        assert (told.letter, told.subject) == ("undone", SUBJECT)
        assert "closed with no further action" not in told.text


def test_whoever_was_named_in_error_while_no_post_leaves_never_hears_of_it(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        with_the_line_managers(story)
        story.postman.refuses_us = "421 try later"
        named = "My line manager: Ambrose Kettle, ambrose.kettle@seamoor.example"
        story.mail("fenn", named, "2026-09-07 11:30", subject=REFERENCE)
        story.mail("fenn", "WRONG\nThat is another Ambrose.", "2026-09-07 11:40", subject=REFERENCE)
        story.postman.refuses_us = ""
        story.until("2026-09-07 16:00")
        assert "kettle" not in {one.to for one in story.letters()}


def test_a_handover_to_the_wrong_colleague_is_taken_back_by_whoever_made_it(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        with_the_line_managers(story)
        over = "HANDOVER TO Ambrose Kettle, ambrose.kettle@seamoor.example"
        story.mail("peake", over, "2026-09-07 11:30", subject=REFERENCE)
        mine = next(one for one in story.letters() if one.to == "peake")
        story.mail("peake", "WRONG\nThat was the wrong colleague.", "2026-09-07 11:40", answers=mine)
        told = {(one.letter, one.to): " ".join(one.text.split()) for one in story.letters()}
        assert told.keys() == {("undone", who) for who in ("peake", "kettle", "oakes", "hartwell", "fenn")}
        assert "Rosalind Peake has taken back the handover." in told["undone", "kettle"]
        assert [p.person.name for p in story.dispute().filling("responding_manager")] == ["Rosalind Peake"]


def test_whoever_handed_over_is_heard_in_nothing_else(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        with_the_line_managers(story)
        over = "HANDOVER TO Ambrose Kettle, ambrose.kettle@seamoor.example"
        story.mail("peake", over, "2026-09-07 11:30", subject=REFERENCE)
        mine = next(one for one in story.letters() if one.to == "peake")
        story.mail("peake", "STATUS", "2026-09-07 11:40", answers=mine)
        assert "status" not in {one.letter for one in story.letters()}


def test_no_stage_is_taken_from_under_what_somebody_else_put_there(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        with_the_line_managers(story)
        agreed = "RESOLVED\nWe agreed that the case stays open. Tobias will visit by 20 September 2026."
        story.mail("peake", agreed, "2026-09-07 12:00", subject=REFERENCE)
        story.letters()
        story.mail("hartwell", "WRONG\nI had not meant that.", "2026-09-07 13:00", subject=REFERENCE)
        (refused,) = story.expect(("refused", "hartwell"))
        assert "others have acted on it since, so it is not taken back" in " ".join(refused.text.split())
        assert (story.dispute().stage, story.dispute().state) == ("2", "proposed")


def test_a_colleagues_word_is_not_told_as_the_other_sides(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        with_the_line_managers(story)
        story.mail("hartwell", "ESCALATE\nNobody saw the file.", "2026-09-07 15:00", subject=REFERENCE)
        asked = next(one for one in story.letters() if (one.letter, one.to) == ("question", "oakes"))
        words = " ".join(asked.text.split())
        assert (
            "A colleague of yours wrote it, and by their word alone nothing moves. The limit is what it was." in words
        )
        assert "view of the other side" not in words


def test_a_deputy_is_given_no_turn_at_a_stage_that_is_others(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        with_the_line_managers(story)
        story.postman.says[story.address["peake"]] = "550 5.1.1 no such user"
        story.mail("oakes", "ESCALATE\nWe do not agree.", "2026-09-07 12:00", subject=REFERENCE)
        story.until("2026-09-07 12:30")
        sent = story.letters()
        assert ("not_delivered", "bm") in {(one.letter, one.to) for one in sent}
        assert "garth" not in {one.to for one in sent}
