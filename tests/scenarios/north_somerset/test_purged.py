"""What is kept longer than it must be is let go of, by the partnership's own lengths: the record still verifies, a hold
keeps what it names, and nothing that has gone can be read anywhere.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailbot.core.record.retention import Retention, months_before
from mailbot.shell.forgetting.purging import LEGAL_HOLD, PurgePlan, purge_all, purge_plan
from mailbot.shell.store.queries import record_at
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import HeldState, Settled
from mailbot.watching.witness_in_mailbox import behind, seen_in
from tests.prepared import prepared
from tests.scenarios.north_somerset.test_names_struck_out import rows
from tests.scenarios.north_somerset.test_rebuilt_from_the_mailbox import resolved
from tests.story import Story, at

EVERYTHING_SHORT = Retention(emails=12, letters=12, disputes=36, other_mail=6)
WORDS = (b"tired and hungry", b"K.W.", b"visit K by 11")


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """One dispute closed in September, one open, and a newsletter that belongs to neither."""
    made = Story(tmp_path, "2026-09-07 09:30")
    with_a_newsletter(made)
    return made


@prepared
def with_a_newsletter(made: Story) -> None:
    resolved(made)
    body = "Child: P.R.\nAgencies: Larkfield Primary School / Children's Social Care\nIssue: No visit.\nImpact: Sad."
    made.mail("hartwell", body, "2026-09-09 12:30", subject="[ESCALATION] Stage 1 - P.R.", to=["fenn"])
    made.mail("news@elsewhere.example", "Spring sale", "2026-09-09 13:00", headers=[("List-Id", "<sale.elsewhere>")])
    made.letters()


def plan(story: Story, when: str, retention: Retention = EVERYTHING_SHORT) -> PurgePlan:
    return purge_plan(story.store, story.site.id, retention, at(when).astimezone(UTC))


def shown(found: PurgePlan) -> set[tuple[str, str]]:
    return {(item.what.value, item.reference) for item in found.items}


def carry_out(story: Story, when: str, retention: Retention = EVERYTHING_SHORT) -> PurgePlan:
    found = plan(story, when, retention)
    purge_all(story.store, story.site.id, found, "Philippa", at(when).astimezone(UTC))
    return found


def on_the_disk(story: Story) -> bytes:
    """The database and what SQLite keeps beside it, whatever its tables say."""
    return b"".join(path.read_bytes() for path in sorted(story.file.parent.glob("story.db*")))


def test_the_dry_run_shows_each_class_when_its_time_has_come_and_not_before(story: Story) -> None:
    assert shown(plan(story, "2026-12-01 09:00")) == set()
    assert shown(plan(story, "2027-04-01 09:00")) == {("other mail", "")}
    assert shown(plan(story, "2027-10-01 09:00")) == {
        ("other mail", ""),
        ("emails", "NS-26-0001"),
        ("letters", "NS-26-0001"),
    }
    assert shown(plan(story, "2029-10-01 09:00")) == {("other mail", ""), ("disputes", "NS-26-0001")}
    assert shown(plan(story, "2099-10-01 09:00", Retention())) == set()
    story.store.close()


def test_mail_that_waits_for_a_person_is_kept_until_somebody_has_looked(story: Story) -> None:
    story.mail("mother@freemail.example", "Please ring me about K.", "2026-09-09 14:00")
    (waiting,) = story.store.held(story.site.id)
    assert waiting.digest not in {one.key for one in plan(story, "2027-04-01 09:00").items}
    with story.store.transaction() as work:
        work.settle_held(story.site.id, waiting.number, Settled(HeldState.DISMISSED, "Philippa", "rung"), story.now)
    assert waiting.digest in {one.key for one in plan(story, "2027-04-01 09:00").items}
    story.store.close()


def test_emails_and_letters_go_and_the_record_is_whole(story: Story) -> None:
    before = story.dispute()
    raw = [row[0] for row in rows(story, "SELECT digest FROM message WHERE reference = 'NS-26-0001'")]
    carry_out(story, "2027-10-01 09:00")
    assert story.store.verify(story.site.id) == []
    assert story.dispute() == before
    assert all(story.store.raw(story.site.id, str(digest)) == b"" for digest in raw)
    assert rows(story, "SELECT count(*) FROM outbox WHERE reference = 'NS-26-0001' AND raw != x''") == [(0,)]
    assert rows(story, "SELECT count(*) FROM outbox WHERE reference = 'NS-26-0002' AND raw != x''") != [(0,)]
    assert shown(plan(story, "2027-10-01 09:00")) == set(), "once"
    story.now = at("2027-10-01 09:05")
    story.turn()
    filed = [held.raw for held in story.mailbox.filed[("Disputes", "NS-26-0001")]]
    assert filed
    assert not any(b"From: NSSCP" in raw or b"escalation@nsscp.example>\r\nTo: " in raw for raw in filed), "our own"
    story.store.close()


def test_an_email_that_was_purged_and_comes_again_acts_on_nothing(story: Story) -> None:
    kept = next(held.raw for held in story.mailbox.filed[("Disputes", "NS-26-0001")] if b"CONFIRM" in held.raw)
    carry_out(story, "2027-10-01 09:00")
    before = story.dispute()
    story.deliver(kept)
    assert story.dispute() == before
    story.expect()
    story.store.close()


def test_a_dispute_goes_and_its_chain_stays_without_a_word(story: Story) -> None:
    before = record_at(story.store, story.site.id, datetime(2026, 9, 10, tzinfo=UTC))
    carry_out(story, "2029-10-01 09:00")
    assert story.store.verify(story.site.id) == []
    assert story.store.dispute(story.site.id, "NS-26-0001") is None
    assert record_at(story.store, story.site.id, datetime(2026, 9, 10, tzinfo=UTC)) == before, "the digest's own seal"
    (entries,) = rows(story, "SELECT entries FROM purged")[0]
    assert not any(word.decode() in str(entries) for word in WORDS)
    assert "peake" not in str(entries)
    with story.store.transaction() as work:
        assert work.new_reference(story.site.id, "NS", 2026) == "NS-26-0003"
        work._connection.rollback()
    story.store.close()
    assert not [word for word in WORDS if word in on_the_disk(story)]


def test_the_witness_still_knows_the_record(story: Story) -> None:
    carry_out(story, "2029-10-01 09:00")
    now = at("2029-10-01 09:05").astimezone(UTC)
    assert behind(seen_in(story.mailbox, story.store, story.site), story.store, story.site, now) == ()
    story.store.close()


@pytest.mark.parametrize("hold", ["NS-26-0001", "ALL"])
def test_what_is_on_hold_stays(story: Story, hold: str) -> None:
    story.store.note(story.site.id, f"{LEGAL_HOLD}{hold} by Philippa: an inquiry", story.now)
    found = carry_out(story, "2029-10-01 09:00")
    assert ("disputes", "NS-26-0001") not in shown(found)
    assert ("disputes", "NS-26-0001") in {(item.what.value, item.reference) for item in found.on_hold}
    assert story.dispute("NS-26-0001").state == "closed"
    assert (hold == "ALL") == (("other mail", "") not in shown(found))
    story.store.close()


def test_what_is_left_of_a_purged_dispute_cannot_be_changed_unseen(story: Story) -> None:
    carry_out(story, "2029-10-01 09:00")
    with closing(sqlite3.connect(story.file)) as connection, connection:
        connection.execute("UPDATE purged SET entries = replace(entries, 'DisputeClosed', 'DisputeOpened')")
    assert any("is not what was sealed with the key" in fault for fault in story.store.verify(story.site.id))
    keyless = Store.open(f"sqlite:///{story.file}")
    assert any("its chain does not go on here" in fault for fault in keyless.verify(story.site.id))
    keyless.close()
    with closing(sqlite3.connect(story.file)) as connection, connection:
        connection.execute("DELETE FROM purged")
    assert "NS-26-0001: the reference was given out, and there is no such dispute" in story.store.verify(story.site.id)
    story.store.close()


@pytest.mark.parametrize(
    ("now", "months", "then"),
    [("2026-03-31", 1, "2026-02-28"), ("2028-03-31", 1, "2028-02-29"), ("2026-01-15", 13, "2024-12-15")],
)
def test_months_are_counted_back_by_the_calendar(now: str, months: int, then: str) -> None:
    assert months_before(datetime.fromisoformat(now), months) == datetime.fromisoformat(then)
