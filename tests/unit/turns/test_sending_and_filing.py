"""When what failed is tried again: letters and filings in growing steps, a filing that fails without holding up others
for ever, a message that cannot be read three times and then by a person; and a wake that is late is not dropped.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailbot.core.record.events import LimitPassed, Reminded
from mailbot.shell.errors import Unreachable
from mailbot.shell.schedule import Schedule
from mailbot.shell.servers.mailbox_interface import Folder, Place
from mailbot.shell.servers.postman_interface import Outcome
from mailbot.shell.store.queries import troubles
from mailbot.shell.store.store import Store
from mailbot.turns.sending_and_filing import next_try
from mailbot.watching.health import health
from tests.fakes import MailboxFake
from tests.scenarios.north_somerset.test_to_the_end import RAISED, at_stage_2, opened, raise_it
from tests.sites import bot_for
from tests.story import Story, at

NINE = datetime(2026, 9, 7, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 5), (2, 10), (3, 20), (4, 40), (5, 67), (6, 67), (9, 67), (400, 67)]
)
def test_the_wait_doubles_from_five_minutes_to_sixty_seven(attempts: int, minutes: int) -> None:
    assert next_try(attempts, NINE) == NINE + timedelta(minutes=minutes)


def test_a_letter_that_is_deferred_goes_at_the_next_of_these_instants_and_at_none_between(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.postman.script = {story.address["fenn"]: [Outcome.DEFERRED] * 3}
        raise_it(story, "2026-09-07 10:00")
        story.expect(("opened", "hartwell"))
        tried = []
        for minute in range(61):
            story.now = at("2026-09-07 10:00") + timedelta(minutes=minute)
            before = len(story.postman.tried)
            story.turn()
            tried += [minute] * (len(story.postman.tried) - before)
        assert tried == [5, 15, 35]
        story.expect(("opened", "fenn"))


class FailsAtTheSecond(MailboxFake):
    """Takes one message, and is then gone for the rest of that pass."""

    moves, failing = 0, True

    def move(self, place: Place, folder: Folder) -> bool:
        self.moves += 1
        if self.failing and self.moves == 2:
            raise Unreachable("mail.example:993", "connection reset")
        return super().move(place, folder)


def test_a_filing_that_fails_defers_the_rest_of_its_batch_and_they_are_done_next_time(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mailbox = FailsAtTheSecond()
        story.bot = bot_for(story.site, story.store, story.mailbox, story.postman)
        notes = ("Nobody was seen.", "Nobody was heard.", "Nobody was told.")
        opened(story)
        for text in notes:
            story.mailbox.deliver(note(story, text), story.now)
        story.mailbox.moves = 0
        story.turn()
        states = [state for _, state in filings(story)]
        assert states.count("deferred") == 2, "the one that failed, and the one behind it; none is left claimed"
        assert "filing" not in states
        story.mailbox.failing = False
        story.now += timedelta(minutes=6)
        story.turn()
        assert {state for _, state in filings(story)} == {"filed"}
        story.letters()


class RefusesTheFirst(MailboxFake):
    """The folder that the first message is to go to is one that the server cannot have."""

    moves = 0

    def move(self, place: Place, folder: Folder) -> bool:
        self.moves += 1
        if self.moves == 1:
            raise ValueError("no folder can have that name")
        return super().move(place, folder)


def test_a_filing_that_can_never_be_done_is_put_aside_and_the_rest_is_filed(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mailbox = RefusesTheFirst()
        story.bot = bot_for(story.site, story.store, story.mailbox, story.postman)
        for text in ("Nobody was seen.", "Nobody was heard."):
            story.mailbox.deliver(note(story, text), story.now)
        story.turn()
        assert sorted(state for _, state in filings(story)[-2:]) == ["failed", "filed"]
        story.letters()


def test_a_letter_that_waits_is_not_sent_to_somebody_who_was_taken_out_meanwhile(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.postman.script = {story.address["fenn"]: [Outcome.DEFERRED]}
        raise_it(story, "2026-09-07 10:00")
        story.mail("bm", "REMOVE NS-26-0001 tobias.fenn@seamoor.example", "2026-09-07 10:02", subject="Please")
        story.until("2026-09-07 12:00")
        assert ("opened", "fenn") not in {(letter.letter, letter.to) for letter in story.letters()}
        kept = story.store.letters(story.site.id, "NS-26-0001")
        said = [(one.state, one.words) for one in kept if one.recipient == story.address["fenn"]]
        assert said == [("refused", "they were taken out of the dispute")]


def test_a_waiting_letter_whose_reader_was_changed_in_the_database_goes_to_nobody(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.postman.script = {story.address["fenn"]: [Outcome.DEFERRED]}
        raise_it(story, "2026-09-07 10:00")
        story.expect(("opened", "hartwell"))
        readdress(story, "fenn", "garth")
        story.until("2026-09-07 12:00")
        assert {(letter.letter, letter.to) for letter in story.letters()} == {
            ("not_delivered", "hartwell"),
            ("not_delivered", "bm"),
        }
        readdress(story, "garth", "fenn")


def test_a_filing_that_was_changed_in_the_database_is_not_done_and_is_told(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        with closing(sqlite3.connect(story.file)) as connection, connection:
            (before,) = connection.execute("SELECT folder FROM filing WHERE id = 1").fetchone()
            again = "UPDATE filing SET state = 'new', next_try = created, folder = ? WHERE id = 1"
            connection.execute(again, ('["Everybody"]',))
        story.turn()
        assert ("Everybody",) not in story.mailbox.filed
        said = "filing 1: it was changed in the database after it was written, and was not done"
        assert troubles(story.store, story.site.id, story.now)[0].words == said
        assert story.store.verify(story.site.id) == ["filing 1: it is not what was written"]
        with closing(sqlite3.connect(story.file)) as connection, connection:
            connection.execute("UPDATE filing SET folder = ? WHERE id = 1", (before,))


def readdress(story: Story, before: str, after: str) -> None:
    """Somebody changes in the database to whom the letters for one person go."""
    with closing(sqlite3.connect(story.file)) as connection, connection:
        which = (story.address[after], story.address[before])
        connection.execute("UPDATE outbox SET recipient = ? WHERE recipient = ?", which)


def test_what_is_due_is_done_in_the_very_turn_that_has_read_the_mail_up_to_it(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.now = at("2026-09-08 17:01")
        story.turn()
        assert story.dispute().stage == "2"
        (passed,) = [past for past in story.dispute().history if isinstance(past, LimitPassed)]
        assert passed.unread_since is None
        story.letters()


def test_a_dispute_whose_record_is_damaged_stops_no_other(tmp_path: Path) -> None:
    """What is due in the other is done; this one is put aside, and said to be."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        other = RAISED.replace("K.W.", "T.B.").replace("assessment", "referral")
        story.mail("hartwell", other, "2026-09-07 10:30", subject="[ESCALATION] Stage 1 - T.B.", to=["fenn"])
        story.letters()
        whole = damage(story, "{")
        story.store.close()
        story.store = Store.open(f"sqlite:///{story.file}")
        story.bot = bot_for(story.site, story.store, story.mailbox, story.postman)
        story.now = at("2026-09-08 17:01")
        story.bot.take_in(story.now)
        story.bot.tick(story.now)
        assert story.dispute("NS-26-0002").stage == "2"
        noted = [one.words for one in troubles(story.store, story.site.id, story.now - timedelta(hours=1))]
        assert [words.rpartition(", while ")[2] for words in noted] == ["deciding what is due in NS-26-0001"]
        damage(story, whole)
        story.turn()
        assert story.dispute().stage == "1", "it is put aside for five minutes"
        story.until("2026-09-08 17:10")
        assert story.dispute().stage == "2"
        story.letters()


def test_danger_told_about_a_dispute_whose_record_is_damaged_is_answered_all_the_same(tmp_path: Path) -> None:
    """Nothing else of the message can be done: it is put before a person."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        whole = damage(story, "{")
        story.store.close()
        story.store = Store.open(f"sqlite:///{story.file}")
        story.bot = bot_for(story.site, story.store, story.mailbox, story.postman)
        words = "RESOLVED\nShe is at immediate risk of harm tonight."
        story.mail("hartwell", words, "2026-09-07 11:00", subject="[NS-26-0001]")
        damage(story, whole)  # the story itself looks into the record for what no letter may say
        story.expect(("urgent", "hartwell"), ("urgent_told", "bm"))
        (held,) = story.held()
        assert held == "reading it failed three times; a person must look; its words may mean immediate risk"
        said = "our own fault: JSONDecodeError"
        assert any(words.startswith(said) for words in health(story.site, story.store, story.now).wrong)
        story.now += timedelta(minutes=16)
        story.turn()
        assert health(story.site, story.store, story.now).wrong == ()


def damage(story: Story, text: str) -> str:
    """Puts other words into the first entry of the first dispute; what stood there."""
    with closing(sqlite3.connect(story.file)) as connection, connection:
        where = "WHERE reference = 'NS-26-0001' AND sequence = 1"
        (before,) = connection.execute(f"SELECT text FROM ledger {where}").fetchone()
        connection.execute(f"UPDATE ledger SET text = ? {where}", (text,))
    return str(before)


def note(story: Story, text: str) -> bytes:
    domain, number = "larkfield.sch.example", abs(hash(text)) % 1000
    head = (
        f"Authentication-Results: mx.nsscp.example; dmarc=pass header.from={domain}\r\n"
        f"From: {story.address['hartwell']}\r\nTo: escalation@nsscp.example\r\n"
        f"Message-ID: <note.{number}@{domain}>\r\nSubject: [NS-26-0001]\r\n\r\n"
    )
    return f"{head}{text}\r\n".encode()


def filings(story: Story) -> list[tuple[int, str]]:
    with story.store._reads() as connection:
        return [(int(r[0]), str(r[1])) for r in connection.exec_driver_sql("SELECT id, state FROM filing ORDER BY id")]


def test_a_message_that_fails_three_times_is_given_up_and_put_before_a_person(tmp_path: Path) -> None:
    """It would be read well the fourth time: by then it is not tried any more."""
    failures = [0]

    def passing(point: str) -> None:
        if point == "decided" and failures[0] < 3:
            failures[0] += 1
            raise RuntimeError("our own fault")

    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.bot = bot_for(story.site, story.store, story.mailbox, story.postman, passing)
        raise_it(story, "2026-09-07 10:00")
        story.turn()
        story.turn()
        story.turn()
        assert failures == [3]
        assert story.held() == ["reading it failed three times; a person must look"]
        assert story.store.dispute_rows(story.site.id) == []
        story.expect(("held_told", "bm"))


def test_a_wake_that_is_late_is_not_dropped() -> None:
    schedule = Schedule()
    jobs = schedule._scheduler._job_defaults
    assert (jobs["misfire_grace_time"], jobs["coalesce"], jobs["max_instances"]) == (None, True, 1)


def test_what_is_stale_when_its_stage_ends_is_withdrawn_and_never_goes(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.postman.script = {story.address["fenn"]: [Outcome.DEFERRED] * 200}
        story.until("2026-09-08 09:00")
        story.expect(("reminder", "hartwell"))
        story.mail("hartwell", "ESCALATE\nWe remain apart.", "2026-09-08 11:00", subject="[NS-26-0001]")
        story.letters()
        reminder = next(
            x
            for x in story.store.letters(story.site.id, "NS-26-0001")
            if x.key.endswith(story.address["fenn"]) and x.letter == "reminder"
        )
        assert reminder.state == "cancelled"
        story.postman.script = {}
        story.until("2026-09-08 14:00")
        assert "reminder" not in {letter.letter for letter in story.letters()}


def test_after_an_outage_no_stale_reminder_goes(tmp_path: Path) -> None:
    """At a stage whose limit asks and ends nothing: elsewhere its end withdraws the reminder anyway."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail("oakes", "ESCALATE\nWe remain apart.", "2026-09-09 10:00", subject="[NS-26-0001]")
        story.letters()
        assert story.dispute().stage == "3"
        story.now = at("2026-09-14 17:30")
        story.turn()
        assert "reminder" not in {letter.letter for letter in story.letters()}
        assert story.dispute().stage == "3"


def test_silence_after_resolved_is_told_at_the_close_of_the_second_working_day(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail("oakes", "RESOLVED\nThey visit K by 30 September 2026.", "2026-09-09 10:00", subject="[NS-26-0001]")
        story.letters()
        story.until("2026-09-11 16:59")
        assert "confirmation" not in reminded_of(story)
        story.until("2026-09-11 17:01")
        assert "confirmation" in reminded_of(story)
        story.letters()


def reminded_of(story: Story) -> set[str]:
    return {event.clock for event in story.dispute().history if isinstance(event, Reminded)}


NOBODY = """\
Child: K.W. (Year 3)
Agencies: Larkfield Primary School / Westmere NHS Trust
Issue: No visit.
Impact on child: K is tired and hungry in class.
"""


def test_that_nobody_on_the_other_side_is_known_is_told_after_four_hours(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:00") as story:
        story.mail("hartwell", NOBODY, "2026-09-07 09:30", subject="[ESCALATION] Stage 1 - K.W.")
        story.letters()
        story.until("2026-09-07 13:29")
        assert "receiving side not told" not in reminded_of(story)
        story.until("2026-09-07 13:31")
        assert "receiving side not told" in reminded_of(story)
        assert ("bm") in {letter.to for letter in story.letters()}


def test_a_cap_that_passes_is_recorded_and_told(tmp_path: Path) -> None:
    """North Somerset: Day 8, the last in the table, for a dispute that nobody answers."""
    with Story(tmp_path, "2026-09-07 09:00") as story:
        opened(story)
        story.until("2026-09-18 09:00")
        passed = {event.clock for event in story.dispute().history if isinstance(event, LimitPassed)}
        assert {"day-5", "day-8"} <= passed, passed
        story.letters()
