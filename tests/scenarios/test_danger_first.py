"""A child's safety is never behind a clock, nor behind other people's mail, nor behind a mail server that hangs."""

import re
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from mailbot.shell.clock import utc_now
from mailbot.shell.servers.postman_interface import Delivery, Envelope
from mailbot.shell.store.store import Store
from mailbot.turns.service import Points, Service
from tests.acceptance.test_service import made
from tests.deployment import TABITHA, opening
from tests.fakes import MailboxFake, PostmanFake
from tests.scenarios.north_somerset.test_to_the_end import RAISED, opened
from tests.story import Story, at
from tests.unit.shell.store.stores import NINE, letter

DAY = timedelta(days=1)
BOTH = {"opened a dispute": 1, "filed in a dispute": 1}
DANGER = """\
From: Imogen Hartwell <{sender}>
To: escalation@nsscp.example
Subject: K.W.
Message-ID: <danger@larkfield.sch.example>
Authentication-Results: mx.nsscp.example; dmarc=pass header.from=larkfield.sch.example

K is at immediate risk of harm tonight, he has a fresh bruise and is afraid to go home.
"""
TALK = """\
From: Imogen Hartwell <{sender}>
To: escalation@nsscp.example
Subject: Room for the training day
Message-ID: <talk.{number}@larkfield.sch.example>
Authentication-Results: mx.nsscp.example; dmarc=pass header.from=larkfield.sch.example

Thank you, the room is booked. The coffee is in the hall.
"""


def written(text: str, story: Story, number: int = 0) -> bytes:
    return text.format(sender=story.address["hartwell"], number=number).replace("\n", "\r\n").encode()


def test_of_two_hundred_that_wait_the_newest_that_speaks_of_danger_is_among_the_first(
    tmp_path: Path,
) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        for number in range(220):
            story.mailbox.deliver(written(TALK, story, number), at("2026-09-07 09:31"))
        story.mailbox.deliver(written(DANGER, story), at("2026-09-07 09:32"))
        now = at("2026-09-07 09:40").astimezone(UTC)
        assert story.bot.turn_some(now)
        assert story.bot.turn_some(now)
        story.bot.send(now)
        assert story.store.waiting(story.site.id).unread > 170
        told = {sent.letter for sent in story.letters()}
        assert "urgent_told" in told
        story.bot.turn(now)
        story.letters()
        assert story.store.waiting(story.site.id).unread == 0


def test_danger_that_arrives_behind_two_thousand_is_answered_in_the_next_round(tmp_path: Path) -> None:
    """Two hundred are fetched in a round; the one that came last is not the last to be fetched."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        for number in range(2000):
            story.mailbox.deliver(written(TALK, story, number), at("2026-09-07 09:31"))
        now = at("2026-09-07 09:40").astimezone(UTC)
        assert story.bot.turn_some(now)
        story.bot.send(now)
        assert "urgent_told" not in {sent.letter for sent in story.letters()}
        story.mailbox.deliver(written(DANGER, story), at("2026-09-07 09:40"))
        assert story.bot.turn_some(now)
        story.bot.send(now)
        assert "urgent_told" in {sent.letter for sent in story.letters()}
        reached = story.store.watermark(story.site.id, "INBOX")
        assert reached is not None
        assert reached.uid < 500
        before = story.store.messages_between(story.site.id, now - DAY, now + DAY)
        assert before[""] > 400  # kept, and nobody has decided them out of their turn


def test_danger_among_a_backlog_is_found_in_a_tenth_of_the_rounds_that_deciding_it_takes(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        for number in range(900):
            raw = written(DANGER, story) if number == 300 else written(TALK, story, number)
            story.mailbox.deliver(raw, at("2026-09-07 09:31"))
        now = at("2026-09-07 09:40").astimezone(UTC)
        rounds = 0
        while "urgent_told" not in {sent.letter for sent in story.letters()}:
            assert story.bot.turn_some(now)
            story.bot.send(now)
            rounds += 1
        assert rounds <= 6
        decided = story.store.messages_between(story.site.id, now - DAY, now + DAY)
        assert sum(count for what, count in decided.items() if what) <= 4 * rounds


def test_danger_amid_limits_that_are_due_waits_for_one_batch_of_them(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        for number in range(25):
            raw = opening(number, story.address["hartwell"], sealed=False).replace(b"Q.Z.", b"%c.W." % (65 + number))
            vouched = b"Authentication-Results: mx.nsscp.example; dmarc=pass header.from=larkfield.sch.example\r\n"
            story.mailbox.deliver(vouched + raw, at("2026-09-07 09:31"))
        story.turn()
        story.letters()
        story.now = at("2026-09-21 09:00")
        due = story.now.astimezone(UTC)
        many = len(story.store.due(story.site.id, due))
        assert many == 25
        asked: list[str] = []
        story.store.hear_statements(asked.append)
        assert len(story.bot.tick_some(due)) == 20
        of_twenty = len(asked)
        waiting = story.store.letters_by_state(story.site.id)["new"]
        assert len(story.store.due(story.site.id, due)) == 5
        story.mailbox.deliver(written(DANGER, story), at("2026-09-21 09:00"))
        story.bot.take_in_some(due)
        asked.clear()
        assert len(story.bot.tick_some(due)) == 5
        assert len(asked) == of_twenty, "a batch takes as many statements however many are in it"
        first = story.store.claim_letters(story.site.id, due, timedelta(minutes=5), 1)
        assert waiting > 20
        assert [one.letter for one in first] == ["urgent"]


def test_while_the_rest_is_being_fetched_letters_are_written_already(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        for number in range(220):
            raw = opening(number, story.address["hartwell"], sealed=False, subject="[ESCALATION] K.W.")
            story.mailbox.deliver(raw, at("2026-09-07 09:31"))
        now = at("2026-09-07 09:40").astimezone(UTC)
        assert story.bot.turn_some(now)
        assert story.store.watermark(story.site.id, "INBOX").uid < 220  # type: ignore[union-attr]
        assert story.store.letters_by_state(story.site.id)["new"] > 0
        assert story.store.last_drained(story.site.id, "INBOX") < now  # type: ignore[operator]
        story.bot.turn(now)
        assert story.store.last_drained(story.site.id, "INBOX") == now
        story.letters()


def test_a_letter_of_danger_is_claimed_before_every_other_however_old(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'mailbot.db'}", create=True)
    with store.transaction() as work:
        for number in range(40):
            work.put_letter(letter(number))
        work.put_letter(letter(40, name="urgent", created=NINE + timedelta(hours=1)))
    first = store.claim_letters("ns", NINE + timedelta(hours=2), timedelta(minutes=5), 3)
    assert [one.letter for one in first] == ["urgent", "reminder", "reminder"]
    store.close()


@pytest.mark.parametrize("many", [3, 12])
def test_messages_taken_in_together_ask_once_what_they_name(tmp_path: Path, many: int) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        for number in range(many):
            raw = opening(number, story.address["hartwell"], sealed=False).replace(b"Q.Z.", b"%c.W." % (65 + number))
            raw = re.sub(rb"Date: [^\r]*", b"Date: Mon, 07 Sep 2026 09:30:00 +0100", raw)
            vouched = b"Authentication-Results: mx.nsscp.example; dmarc=pass header.from=larkfield.sch.example\r\n"
            story.mailbox.deliver(vouched + raw, at("2026-09-07 09:31"))
        asked: list[str] = []
        story.store.hear_statements(asked.append)
        story.turn()
        of_ids = [sql for sql in asked if sql.startswith("SELECT") and "FROM known_id" in sql.replace("\n", "")]
        story.letters()
        assert len(of_ids) <= 2, "as few for twelve as for three"
        written = [sql for sql in asked if sql.startswith("INSERT INTO ledger")]
        assert 1 <= len(written) <= many * 2 // 3, "what the writer sent before is asked for without writing first"


class Hanging(PostmanFake):
    """A mail server that does not answer the first letter until everything in the mailbox has been read."""

    def __init__(self, read: threading.Event) -> None:
        super().__init__()
        self._read, self.hangs = read, threading.Event()

    def send(self, envelopes: Sequence[Envelope]) -> Iterator[Delivery]:
        self.hangs.set()
        assert self._read.wait(30), "nothing was read while the mail server hung"
        yield from super().send(envelopes)


class Watched(MailboxFake):
    """Once the mail server ``hangs`` with the letters of the first message another comes; that it was fetched and
    nothing is left to do says ``read``."""

    def __init__(self, hangs: threading.Event, read: threading.Event, stop: threading.Event) -> None:
        super().__init__()
        self._hangs, self._said, self._stop = hangs, read, stop
        self._waited = 0

    def wait(self, seconds: float, stop: object) -> bool:
        self._waited += 1
        if self._waited == 1:
            assert self._hangs.wait(30), "no letter was given to the mail server"
            self.deliver(opening(2), utc_now())
            return True
        self._said.set()
        self._stop.set()
        return False


def test_a_mail_server_that_hangs_keeps_no_mail_from_being_read(tmp_path: Path) -> None:
    stop, read = threading.Event(), threading.Event()
    store = Store.open(f"sqlite:///{tmp_path / 'mailbot.db'}", create=True)
    postman = Hanging(read)
    mailbox = Watched(postman.hangs, read, stop)
    mailbox.deliver(opening(1), utc_now())
    Service(made(store, mailbox, postman), Points(), stop, "here:1", timedelta(hours=1)).run()
    assert store.messages_between("north-somerset", utc_now() - DAY, utc_now() + DAY) == BOTH
    assert [sent.recipient for sent in postman.sent] == [TABITHA, "ottilie.farrow@somerbourne-council.example"]
    store.close()


class InDanger(Watched):
    """What comes while the mail server hangs speaks of danger, and nobody reads on before that is ``answered``."""

    def __init__(self, hangs: threading.Event, answered: threading.Event, stop: threading.Event) -> None:
        super().__init__(hangs, answered, stop)
        self.answered = answered

    def wait(self, seconds: float, stop: object) -> bool:
        self._waited += 1
        if self._waited == 1:
            assert self._hangs.wait(30), "no letter was given to the mail server"
            self.deliver(DANGER.format(sender=TABITHA).replace("mx.", "mail.").encode(), utc_now())
            return True
        assert self.answered.wait(30), "danger waited for a mail server that hung over another letter"
        self._stop.set()
        return False


class Another(PostmanFake):
    """Another connection to the mail server, which tells that letters have left by it."""

    def __init__(self) -> None:
        super().__init__()
        self.left = threading.Event()

    def send(self, envelopes: Sequence[Envelope]) -> Iterator[Delivery]:
        yield from super().send(envelopes)
        self.left.set()


def test_danger_is_answered_while_the_mail_server_hangs_over_another_letter(tmp_path: Path) -> None:
    stop, another = threading.Event(), Another()
    store = Store.open(f"sqlite:///{tmp_path / 'mailbot.db'}", create=True)
    postman = Hanging(another.left)
    mailbox = InDanger(postman.hangs, another.left, stop)
    mailbox.deliver(opening(1), utc_now())
    Service(made(store, mailbox, postman, another), Points(), stop, "here:1", timedelta(hours=1)).run()
    assert TABITHA in {sent.recipient for sent in another.sent}
    assert all(b"999" in sent.raw for sent in another.sent)
    assert not {sent.raw for sent in another.sent} & {sent.raw for sent in postman.sent}, "nothing goes twice"
    store.close()


@pytest.mark.parametrize("address", ["anna.ash@council.example", "somebody.else@council.example"])
def test_only_the_disputes_of_the_writer_are_looked_at(tmp_path: Path, address: str) -> None:
    """The story's own opening is asked for by everybody's address; only those who are in it have it found."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mailbox.deliver(opening(1, story.address["hartwell"], sealed=False), at("2026-09-07 09:31"))
        story.turn()
        with story.store.transaction() as work:
            assert [one.reference for one in work.open_disputes(story.site.id)] == [
                one.reference for one in work.open_disputes(story.site.id, story.address["hartwell"])
            ]
            assert work.open_disputes(story.site.id, address) == []
        story.letters()


HIT = "K told me that dad hit him with a belt last night, and he is frightened to go home."


def _told(story: Story) -> list[tuple[str, str]]:
    return [(letter.letter, letter.to) for letter in story.letters()]


@pytest.mark.parametrize(
    "answer", [f"No, that was not me.\n{HIT}", f"Yes, that was me, and it is urgent: {HIT}", f"IGNORE\n{HIT}"]
)
def test_danger_is_heard_in_an_answer_about_a_waiting_message(tmp_path: Path, answer: str) -> None:
    """G2: it answers nothing then, and both messages wait for a person."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mail(
            "hartwell",
            "ESCALATE\nWhat remains unresolved: all.",
            "2026-09-07 11:10",
            subject="[NS-26-0001] K.W.",
            authenticated=False,
        )
        (asked,) = story.expect(("was_it_you", "hartwell"))
        story.mail("hartwell", answer, "2026-09-07 11:30", answers=asked)
        assert _told(story) == [("urgent", "hartwell"), ("urgent_told", "bm")]
        assert len(story.held()) == 2
        assert story.dispute().stage == "1"


def test_danger_is_heard_where_an_email_belongs_to_another_dispute_after_all(tmp_path: Path) -> None:
    """G2: WRONG CASE opens what should have been opened, and the danger beside it is answered there."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mail("hartwell", RAISED, "2026-09-07 11:00", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"])
        (filed,) = story.expect(("question", "hartwell"))
        story.mail("hartwell", f"WRONG CASE\nIt is about another child. {HIT}", "2026-09-07 12:00", answers=filed)
        told = _told(story)
        assert ("urgent", "hartwell") in told
        assert ("urgent_told", "bm") in told
        assert story.dispute("NS-26-0002").state.value == "open"


def test_danger_is_heard_in_an_email_that_does_not_say_for_which_dispute_it_is(tmp_path: Path) -> None:
    """G2: its writer is in two; which is meant is asked, and that waits for no answer."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        other = RAISED.replace("K.W.", "Q.Z.")
        story.mail("hartwell", other, "2026-09-07 10:30", subject="[ESCALATION] Stage 1 - Q.Z.", to=["fenn"])
        story.expect(("opened", "hartwell"), ("opened", "fenn"))
        said = f"ESCALATE\nWhat remains unresolved: all. {HIT}"
        story.mail("hartwell", said, "2026-09-07 11:00", subject="K.W. and Q.Z.")
        assert sorted(_told(story)) == [("question", "hartwell"), ("urgent", "hartwell"), ("urgent_told", "bm")]
