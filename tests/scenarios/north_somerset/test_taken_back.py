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
        told = {one.to for one in story.letters() if one.letter == "undone"}
        assert told >= {"dsps", "bm", "lyle", "stroud", "hartwell", "fenn"}
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
