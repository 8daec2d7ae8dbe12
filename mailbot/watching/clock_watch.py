"""The clock watched: what this machine says the time is, held against the mail server's own and against what was
written down before.

A machine that wakes in the wrong hour declares limits passed that are days away. Nothing moves by a clock that the mail
server contradicts by an hour; danger is answered all the same. An instant that was written down by a clock that was
ahead is a fault: it is said, it is no proof that anything was done, and the right time writes over it.
"""

import hashlib
import typing
from datetime import datetime, timedelta

from mailbot.mail.letters.wording import instant_short
from mailbot.shell.clock import since_start, this_start
from mailbot.shell.errors import Unreachable
from mailbot.shell.servers.mailbox_interface import Folder, Mailbox
from mailbot.shell.store.queries import newest_entry, note_trouble
from mailbot.shell.store.statements import FUTURE
from mailbot.shell.store.store import Store
from mailbot.turns.running_partnership import Site
from mailbot.watching.alarms import CLOCK, RECORD_AHEAD, Alarms, OfficeWord
from mailbot.watching.witness_in_mailbox import WITNESS

MAY_DIFFER = timedelta(hours=1)
ASKED_EVERY = timedelta(hours=1)  # on the clock that never goes back; and after each jump of the other
BELIEVED_FOR = timedelta(minutes=30)  # so long a start need not ask again
JUMP = timedelta(minutes=5)
CLOCK_AGREED = "the clock agrees with the mail server's"
# Notes: since when nobody could be asked about a clock of which nothing is known, and when that was last so.
UNPROVEN, UNPROVEN_LAST = "the clock is not proven", "the clock was not proven lately"
STARTED = "this machine was started: "  # a note's beginning: which start it was, and when, by a clock that was believed
CLOCK_WRONG = "the clock is wrong: "  # a note's beginning, while it is so


@typing.runtime_checkable
class TellsTime(typing.Protocol):
    """A mailbox on a server that has a clock of its own."""

    def server_time(self, folder: Folder, raw: bytes) -> datetime | None:
        """For watching the clock, the server's own time, by a message that it dates and that is taken away again.
        Raises ``Unreachable``."""
        ...


class ClockWatch:
    """Watches nothing until it is told to: a demo and a rehearsal have clocks of their own."""

    def __init__(self, site: Site, store: Store, mailbox: Mailbox, alarms: Alarms, word: OfficeWord) -> None:
        self._site, self._store, self._mailbox, self._alarms, self._word = site, store, mailbox, alarms, word
        self.watches = False
        self.elapsed, self.start = since_start, this_start()
        self._asked: tuple[datetime, float] | None = None  # when, on both clocks
        self.wrong = ""

    def look(self, now: datetime) -> bool:
        """Watches the clock: may it be acted on? The server is asked at the start, when the clock has jumped, every
        hour, and each time while the two disagree. Where it cannot be asked, what was last known holds; where nothing
        is known, or the clock has jumped since, nothing is done by it until patience has run out on it; so too where
        there is no server with a clock, as at a Maildir, and this one has jumped by hours."""
        if not self.watches or not self._is_to_be_asked(now):
            return True
        try:
            theirs = self._ask(now)
        except Unreachable as error:
            note_trouble(self._store, self._site.id, f"the mail server's time: {error}", now)
            return not self.wrong and self._is_borne_out(now)
        if theirs is None and self._asked is None:
            self._asked = self._asked_before()
        if theirs is None and self._asked is not None and self._jump(now) > MAY_DIFFER and not self._is_borne_out(now):
            self._jumped(now)
            return False
        self._asked = (now, self.elapsed())
        if theirs is not None and abs(theirs - now) > MAY_DIFFER:
            self._differs(theirs, now)
            return False
        self._agrees(now)
        self._hold_against_record(now)
        return True

    def _is_borne_out(self, now: datetime) -> bool:
        """Whether a watched clock that no server can be asked about has gone on evenly: since it was last asked about,
        or for as long as patience lasts, through whatever starts there were."""
        if self._asked is not None and not self._has_jumped(now):
            return True
        site, last = self._site.id, self._store.last(self._site.id, UNPROVEN_LAST)
        evenly = last is not None and -JUMP <= now - last <= ASKED_EVERY
        if not evenly:
            self._store.forget(site, UNPROVEN)
        self._store.forget(site, UNPROVEN_LAST)
        self._store.note(site, UNPROVEN_LAST, now)
        since = self._store.last(site, UNPROVEN)
        if since is None:
            self._store.note(site, UNPROVEN, now)
        return since is not None and now - since >= self._site.patience

    def _asked_before(self) -> tuple[datetime, float] | None:
        """When this machine was started, on both clocks that are watched, as a process before this one has seen it:
        ``mailbot once`` is a new one each time. None after a new start, of which nobody has seen anything."""
        began = self._store.last(self._site.id, f"{STARTED}{self.start}") if self.start else None
        return (began, 0.0) if began is not None else None

    def _remember_start(self, now: datetime) -> None:
        """Watching the clock, writes down when this machine was started, by the clock that is believed now."""
        began, this = now - timedelta(seconds=self.elapsed()), f"{STARTED}{self.start}"
        known = self._store.noted(self._site.id, STARTED)
        if not self.start or (list(known) == [this] and abs(known[this] - began) <= JUMP):
            return
        for what in known:
            self._store.forget(self._site.id, what)
        self._store.note(self._site.id, this, began)

    def _has_jumped(self, now: datetime) -> bool:
        return self._jump(now) > JUMP

    def _jump(self, now: datetime) -> timedelta:
        """By how much more or less the watched clock has gone on, since it was last asked about, than the one that
        never goes back."""
        assert self._asked is not None
        at, then = self._asked
        return abs((now - at) - timedelta(seconds=self.elapsed() - then))

    def _is_to_be_asked(self, now: datetime) -> bool:
        if self.wrong:
            return True
        if self._asked is None:
            agreed = self._store.last(self._site.id, CLOCK_AGREED)
            if agreed is not None and timedelta(0) <= now - agreed < BELIEVED_FOR:
                self._asked = (now, self.elapsed())
                return False
            return True
        gone = timedelta(seconds=self.elapsed() - self._asked[1])
        return gone >= ASKED_EVERY or self._has_jumped(now)

    def _ask(self, now: datetime) -> datetime | None:
        if not isinstance(self._mailbox, TellsTime):
            return None
        told = hashlib.sha256(f"{self._site.id} {now.isoformat()}".encode()).hexdigest()[:20]
        domain = self._site.address.rpartition("@")[2]
        head = [
            f"From: mailbot <{self._site.address}>",
            "Subject: What time is it?",
            f"Message-ID: <time.{told}@{domain}>",
            "Auto-Submitted: auto-generated",
        ]
        raw = "\r\n".join((*head, "", "This message is taken away again at once.", ""))
        return self._mailbox.server_time(WITNESS, raw.encode("ascii"))

    def _differs(self, theirs: datetime, now: datetime) -> None:
        local = self._site.current.calendar.local
        words = f"this machine says {instant_short(local(now))}, the mail server says {instant_short(local(theirs))}"
        self._is_wrong(words, theirs, now)

    def _jumped(self, now: datetime) -> None:
        """A watched clock that has jumped by hours where no server has one of its own to bear it out: by which of the
        two it was wrong nobody here can tell, and nothing is done by it until patience has run out."""
        assert self._asked is not None
        at, then = self._asked
        should = at + timedelta(seconds=self.elapsed() - then)
        local = self._site.current.calendar.local
        words = f"this machine says {instant_short(local(now))}, by what it said before it is "
        self._is_wrong(f"{words}{instant_short(local(should))}", should, now)

    def _is_wrong(self, words: str, right: datetime, now: datetime) -> None:
        if not self.wrong:
            self._store.note(self._site.id, f"{CLOCK_WRONG}{words}"[:200], right)
            self._word.tell(CLOCK, right.date().isoformat(), f"{words[:1].upper()}{words[1:]}.", now)
        self.wrong = f"{CLOCK_WRONG}{words}"
        note_trouble(self._store, self._site.id, self.wrong, now)
        self._alarms.tell("clock", self.wrong, now)

    def _hold_against_record(self, now: datetime) -> None:
        """A record whose newest entry lies in the future was written by a clock that was ahead, or is read by one that
        is behind and whose server, if there is one, is wrong with it. Nobody here can tell which: a person is told."""
        newest = newest_entry(self._store, self._site.id)
        if newest is None or newest.at - now <= MAY_DIFFER:
            return
        local = self._site.current.calendar.local
        there = instant_short(local(newest.at))
        words = f"this machine says {instant_short(local(now))}, the record's newest entry {there}"
        self._word.tell(RECORD_AHEAD, newest.at.isoformat(), f"{words[:1].upper()}{words[1:]}.", now)
        note_trouble(self._store, self._site.id, words, now)
        self._alarms.tell("record ahead", words, now)

    def _agrees(self, now: datetime) -> None:
        for what in self._store.noted(self._site.id, CLOCK_WRONG):
            self._store.forget(self._site.id, what)
        if self.wrong:
            self._alarms.over("clock", "the clock is right again", now)
            self.wrong = ""
        self._store.note(self._site.id, CLOCK_AGREED, now)
        self._remember_start(now)
        self._store.forget(self._site.id, UNPROVEN)
        if mended := self._store.mend_future(self._site.id, now):
            said = f"{mended} instants were written down by a clock that was ahead; what waited for them goes now"
            note_trouble(self._store, self._site.id, said, now)


def is_future(instant: datetime | None, now: datetime) -> bool:
    """Watching the clock: does an instant that was written down lie in the future: by a clock that was ahead, and so no
    proof of anything."""
    return instant is not None and instant - now > FUTURE
