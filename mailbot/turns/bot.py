"""The four turns: take in, tick, post, report. Each is short, may be cut off anywhere, and is safely done again.

Order matters once: mail is taken in before time is looked at, so that no limit is declared passed while the answer to
it lies unread in the mailbox (drain before deadline).
"""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import TypeVar

from mailbot.core.clocks.case import Case
from mailbot.core.clocks.limits import stage_limit
from mailbot.core.decisions.due import due
from mailbot.core.procedure.working_days import closed_days
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import CalendarMoved
from mailbot.core.record.events_of_mail import NoticeFailed
from mailbot.core.record.ledger import Cause
from mailbot.door.message_as_read import DisputeStep
from mailbot.mail.letters.render import Letters
from mailbot.mail.letters.wording import listed
from mailbot.shell.errors import Fault, Unreachable
from mailbot.shell.store.decisions import Work
from mailbot.shell.store.queries import ever_listed, note_listed, note_trouble
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import LeaseLost, OutgoingLetter
from mailbot.turns.digest_and_reports import Reporter
from mailbot.turns.faults_of_ours import note_fault
from mailbot.turns.ledger_and_outbox import Scribe
from mailbot.turns.moved_by_hand import Hands
from mailbot.turns.overview_card import Cards
from mailbot.turns.running_partnership import Site, rules_digest
from mailbot.turns.sending_and_filing import Deciding, MailServers, Postroom
from mailbot.turns.take_in import AT_ONCE, Arrivals, Intake
from mailbot.watching.alarms import CHANGED_FILE, Alarms, OfficeWord
from mailbot.watching.clock_watch import ClockWatch, is_future
from mailbot.watching.deliveries import agencies_untold
from mailbot.watching.file_watch import note_unsound
from mailbot.watching.sending_channel import TELL_AFTER, Channel
from mailbot.watching.standing_still import StandingStill
from mailbot.watching.struck_out_names import StruckOutNames
from mailbot.watching.witness_in_mailbox import STANDS_STILL, WHAT_TO_DO, WitnessDesk

_log = logging.getLogger("mailbot")
READING = "take in"
PORTIONS = 4  # of the inbox, fetched before a little is decided
DECIDED_BETWEEN = 4  # messages
SET_ASIDE = timedelta(minutes=5)
LIMITS_BY = "limits by "  # the note of the rules under which limits were last looked at
NOTED_EVERY = timedelta(seconds=30)
Answer = TypeVar("Answer")


def _in_silence(_: str) -> None:
    """Nobody is listening for the points we pass."""


class Bot:
    """One partnership's mailbox, run. ``passing`` is called with the name of each point at which we may be killed."""

    def __init__(
        self,
        site: Site,
        store: Store,
        servers: MailServers,
        letters: Letters,
        passing: Callable[[str], None] = _in_silence,
    ) -> None:
        scribe, mailbox = Scribe(site, store, letters), servers.mailbox
        site = site.knowing(ever_listed(store, site.id))  # whose row is gone counts as struck out
        self.site, self.store, self.mailbox = site, store, mailbox
        store.learn_key(site.id, site.secret)
        self._is_listed = self._by_wrong_clock = False
        self.epoch: int | None = None  # of the lease we hold on the mailbox; None where nobody else could read it
        self._scribe, self._reporter, self._passing = scribe, Reporter(site, store, letters, scribe), passing
        self._arrivals = Arrivals(site, store, passing)
        self._intake = Intake(site, store, scribe, self.deciding, passing)
        self.alarms = Alarms(site, store)
        self._word = OfficeWord(site, store, scribe)
        channel = Channel(site, store, self.alarms, self._word)
        deciding = Deciding(self.deciding, passing)
        self._postroom = Postroom(site, store, servers, self._came_back, deciding, channel)
        self._noted_at: dict[str, datetime] = {}
        self._failing: set[str] = set()
        self._future_found: datetime | None = None
        self._filing = servers.filing
        self._set_aside: dict[str, datetime] = {}  # disputes that could not be ticked, until when
        self._hands = Hands(site, store, mailbox, scribe, self.deciding, passing)
        self._cards = Cards(site, store, mailbox, scribe.letters, self.deciding)
        self.witness = WitnessDesk(site, store, mailbox)
        self.clock = ClockWatch(site, store, mailbox, self.alarms, self._word)
        self._names = StruckOutNames(site, store, self._word, self.deciding)
        self._still = StandingStill(site, store, scribe, self._arrivals, self._word)

    @contextmanager
    def deciding(self) -> Iterator[Work]:
        """One transaction of the bot's that decides. Raises LeaseLost, and nothing is decided, when another process has
        the mailbox: one that was paused past its lease must not commit what it read before (F24)."""
        with self.store.transaction() as work:
            if self.epoch is not None:
                work.must_hold_lease(self.site.id, self.site.inbox, self.epoch)
            yield work

    def stands_still(self, now: datetime) -> bool:
        """Whether the bot may decide and send nothing but danger, because the clock is wrong, or its database is older
        than its record, or nobody has been able to ask yet; asked again each time as long as it is so."""
        self._by_wrong_clock = not self.clock.look(now)
        if self._by_wrong_clock:
            return True
        if self.witness.stands_still:
            try:
                self.witness.ask(now)
            except Unreachable as error:
                note_trouble(self.store, self.site.id, str(error), now)
        return self.witness.stands_still

    def begin(self, now: datetime) -> bool:
        """On starting the bot: a calendar that has changed since moves the limits that have not passed, and says so
        (A6.8). False where the bot stands still, and has not begun."""
        if self.stands_still(now):
            return False
        self._follow_the_calendar(now)
        return True

    def _follow_the_calendar(self, now: datetime) -> None:
        rules = f"{LIMITS_BY}{rules_digest(self.site.versions.values())}"
        if self.store.newest_note(self.site.id, LIMITS_BY) == rules:
            return
        for reference, limit in self.store.limits_ahead(self.site.id, now):
            dispute = self.store.dispute(self.site.id, reference)
            if dispute is not None and dispute.is_open and self._limit_now(dispute) != limit:
                with self.deciding() as work:
                    again = work.dispute(self.site.id, reference)
                    if again is not None and again.is_open:
                        self._calendar_moved(work, again, limit, now)
        self.store.note(self.site.id, rules, now)

    def _limit_now(self, dispute: Dispute) -> datetime | None:
        partnership = self.site.version(dispute)
        limit = stage_limit(dispute, partnership.protocol, partnership.calendar)
        return limit.holds if limit is not None else None

    def _calendar_moved(self, work: Work, dispute: Dispute, was: datetime, now: datetime) -> None:
        partnership = self.site.version(dispute)
        limit = stage_limit(dispute, partnership.protocol, partnership.calendar)
        if limit is None or limit.holds == was:
            return
        closed = closed_days(partnership.calendar, limit.working)
        # Nobody's time gets shorter: a closed day that was taken back is recorded, and moves nothing.
        event = CalendarMoved(at=now, stage=dispute.stage, was=was, becomes=max(limit.holds, was), why=closed)
        step = DisputeStep(dispute.reference, dispute, (event,), partnership)
        self._scribe.write(work, step, Cause("start", "the calendar has changed"), now)

    def turn(self, now: datetime) -> None:
        """One pass of all the bot's four turns. What cannot be reached leaves its own turn undone, not the others, and
        is noted."""
        post = [("send", self.send), ("file", self.file)]
        turns: list[tuple[str, Callable[[datetime], object]]] = [("take in", self._take_in_still), *post]
        if not self.stands_still(now):
            self._list(now)
            turns = [("take in", self.take_in), ("tick", self.tick), ("report", self.report), *post]
        notes = [self._noted(name, work, now) for name, work in turns]
        self.store.note_all(self.site.id, [note for note in notes if note], now)

    def _take_in_still(self, now: datetime) -> None:
        """Of the bot's turns what is left while it stands still: what arrives is kept, danger in it is answered, and
        the office is told what is missing."""
        try:
            while self._arrivals.keep_some(self.mailbox, now):
                pass
        finally:
            self._still.answer_danger(now)
            if self.witness.behind:
                self._still.tell_office(self.witness.behind, now)
                self.alarms.tell("older", f"{STANDS_STILL}; {WHAT_TO_DO}", now)

    def _list(self, now: datetime) -> None:
        """The bot's list, once for each bot: who has a row in the directory, so that somebody struck out later is known
        to be."""
        if not self._is_listed:
            officers = (officer.person.address for officer in self.site.current.directory.officers)
            note_listed(self.store, self.site.id, officers, now)
            self._is_listed = True

    def _noted(self, name: str, work: Callable[[datetime], object], now: datetime) -> str:
        """What the bot notes of a turn: its name where it succeeded, its trouble, or nothing where it says itself that
        it did not."""
        try:
            done = work(now)
        except Unreachable as error:
            self._alarm_of(name, str(error), now)
            return f"trouble: {error}"[:200]
        self._over(name, now)
        return "" if done is False else name

    def take_in(self, now: datetime) -> None:
        """The bot's turn of taking in: everything new, kept and read. What was kept before is read even when the
        mailbox is out of reach. Then what people have moved by hand: read as well, before any limit is looked at."""
        while self.take_in_some(now):
            pass

    def take_in_some(self, now: datetime) -> bool:
        """A part of the bot's taking in, in less than a second: True while there is more. What is still to be fetched
        comes first, and a little is decided all the while, so that the first answer does not wait for the last
        message."""
        coming = True
        try:
            for _ in range(PORTIONS):
                if not (coming := self._arrivals.keep_some(self.mailbox, now)):
                    break
            self._arrivals.keep_newest(self.mailbox)
        except Unreachable:
            self._intake.read_all(now)
            raise
        with self.store.looking():
            ahead = self._arrivals.look_ahead(DECIDED_BETWEEN if coming else AT_ONCE)
            at_once = DECIDED_BETWEEN if coming or ahead else AT_ONCE
            if self._intake.read_some(now, at_once) or coming:
                return True
        if self._hands.look(now):
            return True
        self._arrivals.all_decided()
        return False

    def tick(self, now: datetime) -> None:
        """The bot's tick: what time brings. It stands still where the mailbox was last read to its end, until patience
        runs out."""
        done: set[str] = set()
        while looked_at := self.tick_some(now, done):
            done.update(looked_at)

    def tick_some(self, now: datetime, done: Collection[str] = ()) -> list[str]:
        """The bot's tick for the next twenty disputes in which something is due, ``done`` left out, together: those in
        danger first, then the later stage, then the longest overdue; which they were."""
        aside = {reference for reference, until in self._set_aside.items() if until > now} | set(done)
        stages = tuple(self.site.current.protocol.stages)
        with self.store.looking():
            drained = self._last_drained(now)
            overdue = now - drained > self.site.patience
            as_of = now if overdue else min(now, drained)
            waiting = self.store.due(self.site.id, as_of, AT_ONCE + len(aside), stages)
        references = [reference for reference in waiting if reference not in aside][:AT_ONCE]
        since = drained if overdue else None
        try:
            self._tick_together(references, as_of, since, now)
        except (Unreachable, LeaseLost):
            raise
        except Exception:
            for reference in references:
                self._tick_alone(reference, as_of, since, now)
        return references

    def _last_drained(self, now: datetime) -> datetime:
        """The bot's turns ask until when their mailbox was read to its end. One that lies in the future was noted by
        a wrong clock: it proves nothing, and patience begins with when it was found."""
        drained = self.store.last_drained(self.site.id, self.site.inbox)
        if drained is None:
            return now
        if not is_future(drained, now):
            return drained
        self._future_found = min(self._future_found or now, now)
        note_trouble(
            self.store, self.site.id, "when the mailbox was last read lies in the future: the clock was wrong", now
        )
        return self._future_found

    def _tick_alone(self, reference: str, as_of: datetime, unread_since: datetime | None, now: datetime) -> None:
        """The bot's tick for a dispute by itself: one that fails is put aside for a while, and a person told; the
        others go on."""
        try:
            self._tick_together([reference], as_of, unread_since, now)
        except (Unreachable, LeaseLost):
            raise
        except Exception as error:
            self._set_aside[reference] = now + SET_ASIDE
            note_fault(self.store, self.site.id, f"deciding what is due in {reference}", error, now)

    def _tick_together(
        self, references: Sequence[str], as_of: datetime, unread_since: datetime | None, now: datetime
    ) -> None:
        if not references:
            return
        with self.deciding() as work:
            work.take_disputes(self.site.id, references)
            work.take_letters(self.site.id, references)
            written = self.store.letters_named(self.site.id, references)
            for reference in references:
                dispute = work.dispute(self.site.id, reference)
                if dispute is None:
                    continue
                partnership = self.site.version(dispute)
                case = Case(dispute, partnership, as_of)
                untold = agencies_untold(case, written[reference])
                events = due(case, unread_since, untold)
                step = DisputeStep(reference, dispute, events, partnership)
                self._scribe.write(work, step, Cause("limit", _keys(events) or "nothing due"), now)
                self._passing("ticked")

    def post(self, now: datetime) -> None:
        """The bot's post: letters out, then filings; a server that is down keeps neither from the other."""
        self.send(now)
        self.file(now)

    def close(self) -> None:
        """The bot closes the connections to its mail servers; whoever asks again is connected again."""
        self.mailbox.close()
        self._postroom.close()

    def turn_some(self, now: datetime) -> bool:
        """The bot's part of a turn, which the service does while letters and filings go their own way: a part of a
        turn, in less than a second; True while there is more to do at once. What time brings waits for no mail that is
        still to be decided."""
        if self.stands_still(now):
            self._done("take in", self._take_in_still, now)
            return False
        self._list(now)
        more = self._done("take in", self.take_in_some, now)
        more = bool(self._done("tick", self.tick_some, now)) or bool(more)
        if not more:
            more = bool(self._done("report", self.report_some, now))
        return more

    def _done(self, name: str, work: Callable[[datetime], Answer], now: datetime) -> Answer | None:
        """What a turn of the bot has done, noted for ``status`` at most every half minute, and every failure."""
        try:
            found = work(now)
        except Unreachable as error:
            note_trouble(self.store, self.site.id, str(error), now)
            self._alarm_of(name, str(error), now)
            self.failed(name)
            return None
        self._over(name, now)
        self.well(name, now)
        return found

    def _alarm_of(self, name: str, words: str, now: datetime) -> None:
        """Somebody is told by another way of a mailbox that the bot could not read for half an hour."""
        last = self.store.last(self.site.id, name)
        if name == READING and last is not None and now - last >= TELL_AFTER:
            self.alarms.tell("mailbox", f"the mailbox cannot be read: {words}", now)

    def _over(self, name: str, now: datetime) -> None:
        if name == READING:
            self.alarms.over("mailbox", "the mailbox can be read again", now)

    def failed(self, name: str) -> None:
        """What the bot tried has failed: it is logged once, and once more when it works again."""
        self._noted_at.pop(name, None)
        if name not in self._failing:
            self._failing.add(name)
            _log.error("%s %s fails", self.site.id, name)

    def well(self, name: str, now: datetime) -> None:
        """What the bot tried has succeeded."""
        if name in self._failing:
            self._failing.discard(name)
            _log.warning("%s %s works again", self.site.id, name)
        if now - self._noted_at.get(name, now - NOTED_EVERY) >= NOTED_EVERY:
            self.store.note(self.site.id, name, now)
            self._noted_at[name] = now

    @property
    def files_beside(self) -> bool:
        """Whether the bot's filing has a connection of its own, and need not wait until nobody reads."""
        return self._filing is not None

    def send(self, now: datetime) -> bool:
        """The bot's turn of sending letters, by itself: in a thread of its own where the service runs, so that no mail
        server that hangs keeps anybody's mail from being read. False where they do not leave."""
        return self._postroom.send(now, only_urgent=self.witness.stands_still or self._by_wrong_clock)

    def send_danger(self, now: datetime) -> bool:
        """The bot's turn of sending what speaks of danger, while its turn of sending waits for a server that hangs."""
        return self._postroom.send_danger(now)

    def file(self, now: datetime) -> bool:
        """The bot's turn of filing messages, by itself. False where it stands still."""
        if self.witness.stands_still or self._by_wrong_clock:
            return False
        self._postroom.file(now)
        return True

    def tell_of_files(self, beginning: str, faults: Sequence[Fault], now: datetime) -> None:
        """The bot is told which files cannot be used as they are: for ``status``, and once for the office."""
        new = note_unsound(self.store, self.site.id, beginning, faults, now)
        for where in new:
            _log.error("%s %s%s", self.site.id, beginning, where)
        if new:
            self._word.tell(CHANGED_FILE, f"{now.isoformat()}", f"{beginning}{listed(new)}.", now)

    def watch_the_world(self) -> None:
        """The bot is at work on real servers: their time is asked, and whether they would take a letter."""
        self.clock.watches = self._postroom.tries_when_idle = True

    def report(self, now: datetime) -> None:
        """The bot's report, whole. Mail does not wait for it: what comes meanwhile is taken in and answered between two
        of its steps."""
        while self.report_some(now):
            with suppress(Unreachable):
                self.take_in(now)
            self.send(now)

    def report_some(self, now: datetime) -> bool:
        """The bot's report for some tenths of a second; True while there is more. What needs the mailbox comes last:
        one that is out of reach keeps no report from being made."""
        with self.store.looking():
            if self._reporter.report_some(now):
                return True
            self._names.cut(now, self._last_drained(now))
        self.witness.keep(now)
        self._cards.refresh(now)
        return False

    def _came_back(self, work: Work, letter: OutgoingLetter, words: str, now: datetime) -> None:
        """The bot is told that the server refused a letter for good: the same as a bounce, and told at once."""
        dispute = work.dispute(self.site.id, letter.reference) if letter.reference else None
        if dispute is None or letter.letter == "not_delivered":
            return
        event = NoticeFailed(at=now, address=letter.recipient, letter=letter.letter, why=words)
        step = DisputeStep(dispute.reference, dispute, (event,), self.site.version(dispute))
        self._scribe.write(work, step, Cause("limit", f"refused {letter.key}"), now)


def _keys(events: tuple[object, ...]) -> str:
    return ", ".join(key for event in events if (key := getattr(event, "key", "")))
