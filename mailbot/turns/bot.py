"""The four turns: take in, tick, post, report. Each is short, may be cut off anywhere, and is safely done again.

Order matters once: mail is taken in before time is looked at, so that no limit is declared passed while the answer to
it lies unread in the mailbox (drain before deadline).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from mailbot.core.clocks.limits import stage_limit
from mailbot.core.decisions.due import due
from mailbot.core.procedure.working_days import closed_days
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import CalendarMoved, NoticeFailed
from mailbot.core.record.ledger import Cause
from mailbot.door.reading import DisputeStep
from mailbot.shell.errors import Unreachable
from mailbot.shell.servers.mailbox import Mailbox
from mailbot.shell.servers.postman import Postman
from mailbot.shell.store.decisions import Work
from mailbot.shell.store.store import Store
from mailbot.shell.store.values import OutgoingLetter
from mailbot.turns.digest_and_reports import Reporter
from mailbot.turns.ledger_and_outbox import Scribe
from mailbot.turns.moved_by_hand import Hands
from mailbot.turns.overview_cards import Cards
from mailbot.turns.sending_and_filing import Postroom
from mailbot.turns.site import Site
from mailbot.turns.take_in import Intake


def _in_silence(_: str) -> None:
    """Nobody is listening for the points we pass."""


class Bot:
    """One partnership's mailbox, run. ``passing`` is called with the name of each point at which we may be killed."""

    def __init__(
        self,
        site: Site,
        store: Store,
        mailbox: Mailbox,
        postman: Postman,
        scribe: Scribe,
        reporter: Reporter,
        passing: Callable[[str], None] = _in_silence,
    ) -> None:
        self.site, self.store, self.mailbox = site, store, mailbox
        self.epoch: int | None = None  # of the lease we hold on the mailbox; None where nobody else could read it
        self._scribe, self._reporter, self._passing = scribe, reporter, passing
        self._intake = Intake(site, store, scribe, self.deciding, passing)
        self._postroom = Postroom(site, store, mailbox, postman, self._came_back, passing)
        self._hands = Hands(site, store, mailbox, scribe, self.deciding, passing)
        self._cards = Cards(site, store, mailbox, scribe.letters, self.deciding)

    @contextmanager
    def deciding(self) -> Iterator[Work]:
        """One transaction that decides. Raises LeaseLost, and nothing is decided, when another process has the mailbox:
        one that was paused past its lease must not commit what it read before (F24)."""
        with self.store.transaction() as work:
            if self.epoch is not None:
                work.must_hold_lease(self.site.id, self.site.inbox, self.epoch)
            yield work

    def begin(self, now: datetime) -> None:
        """On starting: a calendar that has changed since moves the limits that have not passed, and says so (A6.8)."""
        for row in self.store.dispute_rows(self.site.id):
            if row.limit is None or row.limit <= now:
                continue
            with self.deciding() as work:
                dispute = work.dispute(self.site.id, row.reference)
                if dispute is not None and dispute.is_open:
                    self._calendar_moved(work, dispute, row.limit, now)

    def _calendar_moved(self, work: Work, dispute: Dispute, was: datetime, now: datetime) -> None:
        partnership = self.site.version(dispute)
        limit = stage_limit(dispute, partnership.protocol, partnership.calendar)
        if limit is None or limit.holds == was:
            return
        closed = closed_days(partnership.calendar, limit.working)
        event = CalendarMoved(at=now, stage=dispute.stage, was=was, becomes=limit.holds, why=closed)
        step = DisputeStep(dispute.reference, dispute, (event,), partnership)
        self._scribe.write(work, step, Cause("start", "the calendar has changed"), now)

    def turn(self, now: datetime) -> None:
        """One pass of all four. What cannot be reached leaves its own turn undone, not the others, and is noted."""
        turns = (("take in", self.take_in), ("tick", self.tick), ("report", self.report), ("post", self.post))
        notes = [self._noted(name, work, now) for name, work in turns]
        self.store.note_all(self.site.id, notes, now)

    def _noted(self, name: str, work: Callable[[datetime], None], now: datetime) -> str:
        try:
            work(now)
        except Unreachable as error:
            return f"trouble: {error}"[:200]
        return name

    def take_in(self, now: datetime) -> None:
        """Everything new, kept and read. What was kept before is read even when the mailbox is out of reach. Then what
        people have moved by hand: read as well, before any limit is looked at."""
        try:
            self._intake.keep_arrivals(self.mailbox, now)
        finally:
            self._intake.read_all(now)
        if self._hands.look(now):
            self._intake.read_all(now)

    def tick(self, now: datetime) -> None:
        """What time brings. It stands still where the mailbox was last read to its end, until patience runs out."""
        drained = self.store.last_drained(self.site.id, self.site.inbox) or now
        overdue = now - drained > self.site.patience
        as_of = now if overdue else min(now, drained)
        for reference in self.store.due(self.site.id, as_of):
            self._tick_one(reference, as_of, drained if overdue else None, now)

    def _tick_one(self, reference: str, as_of: datetime, unread_since: datetime | None, now: datetime) -> None:
        with self.deciding() as work:
            dispute = work.dispute(self.site.id, reference)
            if dispute is None:
                return
            partnership = self.site.version(dispute)
            events = due(dispute, partnership, as_of, unread_since)
            step = DisputeStep(reference, dispute, events, partnership)
            self._scribe.write(work, step, Cause("limit", _keys(events) or "nothing due"), now)
            self._passing("ticked")

    def post(self, now: datetime) -> None:
        """Letters out, then filings; a server that is down keeps neither from the other."""
        self._postroom.send(now)
        self._postroom.file(now)

    def report(self, now: datetime) -> None:
        self._reporter.report(now)
        self._cards.refresh(now)

    def _came_back(self, letter: OutgoingLetter, words: str, now: datetime) -> None:
        """The server refused a letter for good: the same as a bounce, and told at once."""
        with self.deciding() as work:
            dispute = work.dispute(self.site.id, letter.reference) if letter.reference else None
            if dispute is None or letter.letter == "not_delivered":
                return
            event = NoticeFailed(at=now, address=letter.recipient, letter=letter.letter, why=words)
            step = DisputeStep(dispute.reference, dispute, (event,), self.site.version(dispute))
            self._scribe.write(work, step, Cause("limit", f"refused {letter.key}"), now)


def _keys(events: tuple[object, ...]) -> str:
    return ", ".join(key for event in events if (key := getattr(event, "key", "")))
