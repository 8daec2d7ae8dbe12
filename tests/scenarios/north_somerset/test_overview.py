"""The overview: one card for each open dispute in the folder "Disputes", true on the day it is looked at."""

from email.parser import BytesParser
from email.policy import default as readable
from pathlib import Path

from mailbot.mail.letters.compose import unflowed
from mailbot.shell.servers.mailbox_interface import message_id_of
from mailbot.turns.overview_card import OVERVIEW
from tests.fakes import Held
from tests.people import NAMES
from tests.scenarios.north_somerset.test_to_the_end import EVERYBODY, at_stage_2, opened
from tests.story import Story

AGENCIES = "Larkfield Primary School and Seamoor Council Children's..."
OTHER = """\
Child: T.B.
Agencies: Westmere NHS Trust / Seamoor Police
Issue: Nobody has been told of the arrest.
Other practitioner: Lucian Brook, lucian.brook.5512@seamoor-police.example
"""


def lying(story: Story) -> list[Held]:
    return story.mailbox.filed.get(OVERVIEW, [])


def cards(story: Story) -> list[tuple[str, str]]:
    """Each card's marks, "F" for flagged and "S" for seen, and its subject."""
    story.turn()
    marks = story.mailbox.marks(OVERVIEW)
    return sorted((marks[message_id_of(held.raw)], _read(held.raw)[0]) for held in lying(story))


def _read(raw: bytes) -> tuple[str, str]:
    message = BytesParser(policy=readable).parsebytes(raw)
    text = message.get_body(("plain",))
    assert text is not None
    return message["Subject"], unflowed(text.get_content())


def body(story: Story) -> str:
    (held,) = lying(story)
    return _read(held.raw)[1]


def test_a_dispute_has_one_card_that_changes_with_its_stage_is_flagged_on_its_day_and_goes_at_the_end(
    tmp_path: Path,
) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        assert cards(story) == []
        at_stage_2(story)
        assert cards(story) == [
            (
                "S",
                f"[NS-26-0001] Stage 2: waiting on line managers, by Thu 10 Sep 17:00 (in 2 working days): {AGENCIES}",
            )
        ]
        story.until("2026-09-09 00:00")
        assert cards(story) == [
            ("S", f"[NS-26-0001] Stage 2: waiting on line managers, by Thu 10 Sep 17:00 (day 1 of 2): {AGENCIES}")
        ]
        story.until("2026-09-10 00:00")
        assert cards(story) == [
            (
                "FS",
                "[NS-26-0001] Stage 2: waiting on line managers, by Thu 10 Sep 17:00 (due today, day 2 of 2): "
                "Larkfield Primary School and Seamoor Council...",
            )
        ]
        story.mail(
            "oakes",
            "RESOLVED\nTobias visits K at home by 11 September 2026.",
            "2026-09-10 10:00",
            subject="[NS-26-0001]",
        )
        story.letters()
        (card,) = cards(story)
        assert card[0] == "FS"
        assert card[1].startswith(
            "[NS-26-0001] Stage 2: waiting on Seamoor Council Children's Social Care to confirm what was agreed, by "
        )
        story.mail("peake", "CONFIRM", subject="[NS-26-0001]")
        story.expect(*(("closed", who) for who in (*EVERYBODY, "bm")))
        assert cards(story) == []


def test_a_card_says_by_agency_and_role_how_it_stands_and_names_no_person_and_no_child(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        assert cards(story)
        told = body(story)
        assert (
            "Waiting on the line managers at Larkfield Primary School and Seamoor Council Children's Social Care."
        ) in told
        assert (
            "By 5pm on Thursday 10 September 2026 at the latest (in 2 working days); sooner if the child needs it. "
            "If nothing is recorded by then, it goes to Stage 3."
        ) in told
        assert told.partition("What happened last:\n\n")[2].partition("\n\n")[0].splitlines() == [
            "- Tue 8 Sep 17:00: Stage 2 began at the limit",
            "- Tue 8 Sep 17:00: a limit passed",
            "- Tue 8 Sep 09:00: a reminder of the limit was written",
            "- Mon 7 Sep 10:12: raised by Larkfield Primary School",
        ]
        said = "".join(_read(held.raw)[0] + _read(held.raw)[1] for held in lying(story))
        names = {word for name in NAMES.values() for word in name.split()}
        assert [word for word in ("K.W.", "KW", "tired", *sorted(names)) if word in said] == []


def test_what_is_missing_is_said_until_it_is_there(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mail("reed", OTHER, "2026-09-07 10:12", subject="[ESCALATION] T.B.", to=["brook"])
        story.expect(("opened", "reed"), ("opened", "brook"))
        assert cards(story)
        assert body(story).partition("Still missing:\n\n")[2].partition("\n\n")[0].splitlines() == [
            "- Name and email of the line manager at Westmere NHS Trust",
            "- Name and email of the line manager at Seamoor Police",
            "- Name and email of the senior manager at Westmere NHS Trust",
            "- Name and email of the senior manager at Seamoor Police",
            "- What it means for the child",
            "- The evidence",
        ]
        story.mail("reed", "Impact on child: T. is afraid to go home.", "2026-09-07 11:00", subject="[NS-26-0001]")
        story.letters()
        assert cards(story)
        assert "What it means for the child" not in body(story)


def test_a_limit_that_has_passed_is_in_the_subject_with_how_long_ago(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.until("2026-09-16 12:00")
        story.letters()
        assert cards(story) == [
            (
                "FS",
                "[NS-26-0001] Stage 3: limit Mon 14 Sep 17:00 has passed (2 working days over), waiting on Larkfield "
                "Primary School to say what follows: Larkfield...",
            )
        ]


def test_a_card_is_made_anew_only_when_what_it_shows_has_changed(tmp_path: Path) -> None:
    """From Thursday evening to Monday the count of working days stands still, and so does the card."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.until("2026-09-11 00:00")
        story.letters()
        cards(story)
        (friday,) = lying(story)
        for day in ("2026-09-11 12:00", "2026-09-12 09:00", "2026-09-13 23:00"):
            story.until(day)
            cards(story)
            assert lying(story) == [friday]
        story.until("2026-09-14 00:00")
        story.letters()
        cards(story)
        (monday,) = lying(story)
        assert monday.raw != friday.raw


def test_two_disputes_have_a_card_each_and_a_reopened_one_has_its_card_back(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mail("reed", OTHER, "2026-09-07 11:12", subject="[ESCALATION] T.B.", to=["brook"])
        story.expect(("opened", "reed"), ("opened", "brook"))
        assert [subject[:12] for _, subject in cards(story)] == ["[NS-26-0001]", "[NS-26-0002]"]
        story.mail("hartwell", "WITHDRAW", "2026-09-07 12:00", subject="[NS-26-0001]")
        assert [subject[:12] for _, subject in cards(story)] == ["[NS-26-0002]"]
        story.mail("hartwell", "REOPEN\nThe visit did not happen.", "2026-09-07 13:00", subject="[NS-26-0001]")
        story.letters()
        assert [subject[:12] for _, subject in cards(story)] == ["[NS-26-0001]", "[NS-26-0002]"]


def test_a_card_that_somebody_deletes_or_moves_comes_back_and_nothing_else_happens(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        before = cards(story)
        (first,) = lying(story)
        lying(story).clear()
        assert cards(story) == before
        (second,) = lying(story)
        assert message_id_of(second.raw) != message_id_of(first.raw)
        for folder in (("Bot", "Try again"), ("Disputes", "NS-26-0001"), ("Bot", "Not a dispute")):
            (card,) = lying(story)
            story.mailbox.drag(message_id_of(card.raw), folder)
            assert cards(story) == before
            assert card.raw in [held.raw for held in story.mailbox.filed[folder]]
        (card,) = lying(story)
        story.mailbox.drag(message_id_of(card.raw))
        assert cards(story) == before
        assert card.raw in [held.raw for held in story.mailbox.filed[("Bot", "Automatic")]]
        assert story.dispute().stage == "1"


def test_a_mailbox_out_of_reach_ends_with_the_newest_card_alone(tmp_path: Path) -> None:
    """The cards of the days between were never put up, and never are."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        (first,) = lying(story)
        story.mailbox.down = "the line is cut"
        for day in ("2026-09-08 00:01", "2026-09-08 10:00", "2026-09-08 12:00"):
            story.until(day)
        assert lying(story) == [first]
        story.mailbox.down = ""
        story.until("2026-09-08 13:30")
        story.letters()
        assert [(marks, subject[:58]) for marks, subject in cards(story)] == [
            ("FS", "[NS-26-0001] Stage 1: waiting on practitioners, by Tue 8 S")
        ]
        assert story.store.waiting(story.site.id).filings == 0
        assert [row.filed for row in story.store.cards(story.site.id)["NS-26-0001"]] == [True]


def test_what_people_put_into_the_overview_is_left_alone(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mailbox.put(b"Message-ID: <note@nsscp.example>\r\nSubject: to do\r\n\r\nRing the school.\r\n", OVERVIEW)
        story.until("2026-09-08 00:00")
        assert sorted(subject[:12] for _, subject in cards(story)) == ["[NS-26-0001]", "to do"]
        story.mail("hartwell", "WITHDRAW", "2026-09-08 08:00", subject="[NS-26-0001]")
        story.letters()
        assert [message_id_of(held.raw) for held in lying(story)] == ["<note@nsscp.example>"]
