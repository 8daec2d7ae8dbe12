"""REDACT: a name is initials at once in what has not gone, and two hours later in all that is stored of its dispute;
the office is told what that could not reach, and the record is whole before and after.
"""

import email
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mailbot.mail.veil.redacted_copy import readable
from mailbot.shell.servers.postman_interface import Outcome
from mailbot.watching.struck_out_names import BACKED_UP
from tests.scenarios.north_somerset.test_office_by_mail import lines, said
from tests.scenarios.north_somerset.test_to_the_end import at_stage_2, opened
from tests.story import Story, at

NAME = "Thistlewood"


def rows(story: Story, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(story.file)) as connection:
        return connection.execute(sql).fetchall()


def names_in(story: Story) -> dict[str, int]:
    """Table -> how many of its rows still have the name, in anything that can be read of them."""
    found: dict[str, int] = {}
    for (table,) in rows(story, "SELECT name FROM sqlite_master WHERE type = 'table'"):
        for row in rows(story, f"SELECT * FROM {table}"):
            texts = [cell for cell in row if isinstance(cell, str)]
            texts += [text for cell in row if isinstance(cell, bytes) for text in readable(cell)]
            if any(NAME in text for text in texts):
                found[str(table)] = found.get(str(table), 0) + 1
    return found


def filed(story: Story, *folder: str) -> list[str]:
    return ["\n".join(readable(held.raw)) for held in story.mailbox.filed.get(folder, [])]


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path, "2026-09-07 09:30")


def moved_up_with_the_name_in_it(story: Story) -> None:
    at_stage_2(story)
    story.mail("hartwell", f"For the record: {NAME} was not seen at home.", "2026-09-08 18:00", subject="[NS-26-0001]")
    asked = f"ESCALATE\nWhat remains unresolved: whether {NAME} is seen at home."
    story.mail("oakes", asked, "2026-09-09 09:00", subject="[NS-26-0001]")
    story.letters()


def test_after_two_hours_the_name_is_in_nothing_that_is_stored_but_the_order_to_cut_it(story: Story) -> None:
    with story:
        moved_up_with_the_name_in_it(story)
        before = names_in(story)
        assert before["ledger"] >= 1
        assert before["message_bytes"] >= 2
        assert before["outbox"] >= 2
        assert before["filing"] >= 1
        assert any(NAME in text for text in filed(story, "Disputes", "NS-26-0001"))
        story.store.note(story.site.id, f"{BACKED_UP}/srv/backup/one", at("2026-09-08 12:00"))
        lines(story, f"REDACT NS-26-0001 {NAME}", "2026-09-09 10:00")
        assert names_in(story)["ledger"] == before["ledger"] + 1, "UNDO may still come"
        state = story.dispute()
        story.until("2026-09-09 12:01")
        (told,) = story.expect(("trouble_told", "bm"))
        assert names_in(story) == {"ledger": 1}
        assert story.store.verify(story.site.id) == []
        after = story.dispute()
        assert (after.stage, after.state, len(after.history)) == (state.stage, state.state, len(state.history))
        assert "whether T. is seen at home" in str(after.fields)
        assert told.subject == "A name was cut out: please look at the rest"
        assert "Copies of the database that still have it: /srv/backup/one (08 Sep 2026)." in said(told)
        assert "Not reached:" in said(told)
        assert NAME not in told.text


def test_our_own_copies_in_the_mailbox_are_replaced_and_nobody_elses_is_touched(story: Story) -> None:
    with story:
        moved_up_with_the_name_in_it(story)
        theirs = [text for text in filed(story, "Disputes", "NS-26-0001") if "For the record" in text]
        lines(story, f"REDACT NS-26-0001 {NAME}", "2026-09-09 10:00")
        story.until("2026-09-09 12:10")
        (told,) = story.expect(("trouble_told", "bm"))
        now = filed(story, "Disputes", "NS-26-0001")
        ours = [text for text in now if "escalation@nsscp.example" in text.split("\n")[0] or "Summary" in text]
        assert ours
        assert not any(NAME in text for text in ours)
        assert [text for text in now if "For the record" in text] == theirs
        assert "Not touched: the emails themselves (" in said(told)


def test_a_letter_that_waits_goes_out_with_initials(story: Story) -> None:
    with story:
        opened(story)
        refuse = [Outcome.DEFERRED]
        story.postman.script = {story.address["oakes"]: refuse}
        story.mail(
            "hartwell",
            f"ESCALATE\nWhat remains unresolved: whether {NAME} is seen at home.",
            "2026-09-07 10:30",
            subject="[NS-26-0001]",
        )
        story.expect(("stage_entered", "peake"), ("summary", "hartwell"), ("summary", "fenn"))
        lines(story, f"REDACT NS-26-0001 {NAME}", "2026-09-07 10:32")
        assert story.store.verify(story.site.id) == []
        story.until("2026-09-07 11:30")
        (late,) = story.expect(("stage_entered", "oakes"))
        assert "whether T. is seen at home" in said(late)
        assert NAME not in "".join(readable(late.raw))
        assert email.message_from_bytes(late.raw).defects == []


def test_an_undone_redact_cuts_nothing(story: Story) -> None:
    with story:
        moved_up_with_the_name_in_it(story)
        told = lines(story, f"REDACT NS-26-0001 {NAME}", "2026-09-09 10:00")
        lines(story, "UNDO", "2026-09-09 10:30", answers=told)
        before = names_in(story)
        story.until("2026-09-09 13:00")
        assert names_in(story) == before


def test_words_put_where_a_name_was_cut_are_found(story: Story) -> None:
    moved_up_with_the_name_in_it(story)
    lines(story, f"REDACT NS-26-0001 {NAME}", "2026-09-09 10:00")
    story.until("2026-09-09 12:01")
    story.expect(("trouble_told", "bm"))
    with closing(sqlite3.connect(story.file)) as connection, connection:
        connection.execute("UPDATE ledger SET text = replace(text, 'T.', 'nobody') WHERE sequence > 1")
        connection.execute("UPDATE replaced SET why = 'its time was over' WHERE what = 'message'")
    found = story.store.verify(story.site.id)
    assert any("is not what its words were replaced by" in fault for fault in found)
    assert any("what was replaced there is not what was sealed with the key" in fault for fault in found)
    story.store.close()
