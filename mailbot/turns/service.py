"""The service: one loop a partnership. A turn at once, then waiting in IDLE, with a clock behind it that wakes us.

A mailbox has one reader at a time, by a lease in the store; whoever does not get it waits, and says so. What cannot be
reached is tried again, ever less often up to five minutes. The log has references, digests and counts: never a name,
an address, a subject, or a word anybody wrote.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from mailbot.shell.clock import elapsed, utc_now
from mailbot.shell.errors import Fault, Unreachable
from mailbot.shell.schedule import Schedule
from mailbot.shell.store.queries import decided_since, troubles
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import Leases
from mailbot.turns.bot import Bot
from mailbot.turns.faults_of_ours import note_fault
from mailbot.watching.health import Heart, health
from mailbot.watching.witness_in_mailbox import begin_anew

_log = logging.getLogger("mailbot")
LEASE, RENEW = timedelta(seconds=9), timedelta(seconds=2)
HEART_BEATS_EVERY = timedelta(minutes=1)
STANDING_BY = 1.0  # seconds between looks whether the mailbox has become free
LAST_WAIT = 10.0  # seconds, when we are told to stop, for a mail server that is still to answer
LEFT_FOR = timedelta(seconds=4)  # a free mailbox, to a process that has fewer
IDLE_FOR = 600.0  # seconds; the mailbox and the clock wake us long before
FIRST_WAIT, LONGEST_WAIT = 5.0, 300.0  # seconds between tries when something is out of reach
LONGEST_REST = 30.0  # seconds; what waits for its next try is looked at this often though nobody wakes us


class Points(threading.local):
    """Counts the points a bot passes, for one line a turn. Each thread counts its own: one that reads while another
    sends would otherwise lose what the other adds, or tell it as its own."""

    def __init__(self) -> None:
        self._passed: Counter[str] = Counter()

    def __call__(self, point: str) -> None:
        self._passed[point] += 1

    def taken(self) -> str:
        """ "2 stored, 2 committed, 3 sent", and starts again."""
        told = ", ".join(f"{count} {point}" for point, count in self._passed.items() if point != "claimed")
        self._passed.clear()
        return told


class Service:
    """One partnership, run until ``stop`` is set. ``holder`` names this process to others that want the mailbox;
    ``anew`` lets it begin on a mailbox whose disputes the store does not know."""

    def __init__(
        self,
        make: Callable[[datetime], Bot],
        points: Points,
        stop: threading.Event,
        holder: str,
        poll: timedelta,
        anew: bool = False,
    ) -> None:
        self._renewed: Callable[[datetime], Bot] | None = None
        self._of_files: list[tuple[str, Sequence[Fault]]] = []
        self.heart = Heart()  # beats nowhere until it is given a file or a page
        self._make, self._points, self._stop, self._holder, self._poll = make, points, stop, holder, poll
        self._bot = make(utc_now())
        self._day = self._today(utc_now())
        self._woken = threading.Event()
        self._schedule = Schedule()
        self._failed = 0
        self._waiting = False
        self._anew_allowed = anew
        self._begun = False
        self._troubled: frozenset[str] = frozenset()
        self.sharing: Sharing | None = None
        self._sending = Beside("sending", self._beside(_send), stop)
        self._filing = Beside("filing", self._beside(_file), stop)
        self._danger = Beside("danger", self._beside(self._send_danger), stop)

    def run(self) -> None:
        """The service's loop: returns when told to stop, with the lease given up and the connection closed."""
        self._schedule.every(self._poll, "poll", self._woken.set)
        self._schedule.every(RENEW, "lease", self._renew)
        self._schedule.every(HEART_BEATS_EVERY, "heartbeat", self._beat)
        self._schedule.start()
        for beside in (self._sending, self._filing, self._danger):
            beside.start()
        try:
            while not self._stop.is_set():
                self._woken.clear()
                if all(self._safely(work) for work in (self._lead, self._anew, self._turn, self._rest)):
                    self._failed = 0
                elif not self._stop.is_set():
                    self._back_off()
        finally:
            self._schedule.stop()
            for beside in (self._sending, self._filing, self._danger):
                beside.end(LAST_WAIT)
            self._bot.close()
            self._quietly(lambda: self.store.give_up_lease(self._id, self._inbox, self._holder, utc_now()))

    @property
    def _id(self) -> str:
        return self._bot.site.id

    @property
    def _inbox(self) -> str:
        return self._bot.site.inbox

    @property
    def store(self) -> Store:
        return self._bot.store

    def _safely(self, work: Callable[[], bool]) -> bool:
        """Whatever the service does, safely: False where it failed. Our own fault stops neither the other partnerships
        nor the next try; status tells."""
        try:
            return work()
        except Exception as error:
            note_fault(self.store, self._id, "taking a turn", error, utc_now())
        return False

    def _beside(self, work: Callable[[Bot, datetime], None]) -> Callable[[], bool]:
        """What the service's thread of its own does whenever it is woken, while the mailbox is ours."""

        def now() -> bool:
            began = elapsed()
            work(self._bot, utc_now())
            self._count(elapsed() - began)
            return True

        return lambda: self._waiting or self._safely(now)

    def _send_danger(self, bot: Bot, now: datetime) -> None:
        """In the service, what speaks of danger goes by its own connection while a letter is on its way by the other;
        else by that, which is woken as well and takes it first."""
        with self._sending.still() as is_free:
            pass
        if not is_free:
            bot.send_danger(now)

    def _lead(self) -> bool:
        """Whether the mailbox is this service's to read. The loser stands by, and takes over when the lease runs
        out."""
        now = utc_now()
        epoch = self._epoch(now)
        if epoch is None and not self._waiting:
            _log.info("%s another mailbot reads this mailbox; standing by", self._id)
        if epoch is not None and self._waiting:
            _log.info("%s the mailbox is ours now (epoch %s)", self._id, epoch)
        if epoch is not None and epoch != self._bot.epoch:
            self.store.free_claims(self._id, now)  # whoever had it before us is dead, or has lost it
            self._bot.witness.ask_anew()  # and may have been another database
        self._waiting = epoch is None
        self._bot.epoch = epoch
        return epoch is not None

    def _epoch(self, now: datetime) -> int | None:
        """Under which epoch the mailbox is this service's; None where it is another's, or was handed over to it."""
        may_have = self.sharing is None or self.sharing.is_ours(self._id, self._inbox, now, self._is_held)
        if may_have or (self._is_held and not self._is_handed_over(now)):
            return self.store.try_lease(self._id, self._inbox, self._holder, now, now + LEASE)
        return None

    @property
    def _is_held(self) -> bool:
        return not self._waiting and self._bot.epoch is not None

    def _is_handed_over(self, now: datetime) -> bool:
        """Whether the service has given its mailbox to another process that has fewer: not while a letter is on its way
        or a message is being filed, which would be done once more by the other."""
        with self._sending.still() as no_letter, self._danger.still() as no_danger, self._filing.still() as no_filing:
            if not (no_letter and no_danger and no_filing):
                return False
            self._waiting, self._bot.epoch = True, None
            self.store.give_up_lease(self._id, self._inbox, self._holder, now)
        self._bot.close()
        _log.info("%s handed over to another mailbot", self._id)
        return True

    def wake(self) -> None:
        """The service is told that another process has written for it, or has let its mailbox go; from another
        thread."""
        self._woken.set()
        self._wake_beside()

    def _wake_beside(self) -> None:
        for beside in (self._sending, self._filing, self._danger):
            beside.wake()

    def _renew(self) -> None:
        """The service renews its lease: a turn may last longer than the lease (a mail server may take ten minutes to
        answer)."""
        if not self._waiting and not self._stop.is_set():
            now = utc_now()
            self._quietly(lambda: self.store.try_lease(self._id, self._inbox, self._holder, now, now + LEASE))
            self._quietly(lambda: self._look_at_shares(now))

    def _look_at_shares(self, now: datetime) -> None:
        if self.sharing is not None and self._is_held and not self.sharing.is_ours(self._id, self._inbox, now, True):
            self._woken.set()

    def renew(self, make: Callable[[datetime], Bot]) -> None:
        """The service makes its bot anew before the next turn, from files that have changed; from another thread."""
        self._renewed = make
        self._woken.set()

    def of_files(self, beginning: str, faults: Sequence[Fault]) -> None:
        """The running service is told which of its files cannot be used; () where all can; from another thread."""
        self._of_files.append((beginning, faults))
        self._woken.set()

    def _beat(self) -> None:
        """The service's heart beats while it is well. Whoever stands by has no heart of its own to show."""
        now = utc_now()
        if not self._waiting and health(self._bot.site, self.store, now).is_well:
            self.heart.beat(now)

    def _anew(self) -> bool:
        """The service makes its bot anew: on another day another version may be in force, and the calendar reaches one
        day further."""
        now = utc_now()
        while self._of_files:
            self._bot.tell_of_files(*self._of_files.pop(0), now)
        renewed, self._renewed = self._renewed, None
        if renewed is not None:
            self._make = renewed
            _log.info("%s what has changed in its files holds from now on", self._id)
        if renewed is not None or self._today(now) != self._day:
            epoch = self._bot.epoch
            self._bot, self._day = self._make(now), self._today(now)
            self._bot.epoch = epoch
            self._begun = self._bot.begin(now)
        return True

    def _today(self, now: datetime) -> date:
        return self._bot.site.current.calendar.local(now).date()

    def _turn(self) -> bool:
        now, began = utc_now(), elapsed()
        if self._anew_allowed:
            begin_anew(self._bot.mailbox, self.store, self._bot.site, now)
            self._anew_allowed = False
        if not self._begun:
            self._begun = self._bot.begin(now)
        while self._bot.turn_some(now) and not self._stop.is_set():
            self._wake_beside()
            self._tell(now, elapsed() - began)
            now, began = utc_now(), elapsed()
        self._wake_beside()
        if not self._bot.files_beside:
            _tried(self._bot, "file", self._bot.file, now)
        self._tell(now, elapsed() - began)
        return True

    def _tell(self, now: datetime, seconds: float) -> None:
        for entry in decided_since(self.store, self._id, now):
            why = f"message {entry.cause.what[:12]}" if entry.cause.kind == "message" else entry.cause.kind
            _log.info("%s %s #%d %s (%s)", self._id, entry.reference, entry.sequence, entry.kind, why)
        troubled = frozenset(trouble.words for trouble in troubles(self.store, self._id, now))
        for words in sorted(troubled):
            _log.warning("%s %s", self._id, words)
        for words in sorted(self._troubled - troubled):
            _log.info("%s well again: %s", self._id, words)
        self._troubled = troubled
        self._count(seconds)

    def _count(self, seconds: float) -> None:
        """One line of what this thread has done."""
        told = self._points.taken()
        if told:
            _log.info("%s turn: %s in %.1f s", self._id, told, seconds)

    def _rest(self) -> bool:
        """The service rests until mail comes, the clock wakes us, or the next limit is due."""
        soonest = self.store.next_due(self._id)
        if soonest is not None and soonest > utc_now():
            self._schedule.at(soonest, "due", self._woken.set)
        self._bot.mailbox.wait(IDLE_FOR, lambda: self._stop.is_set() or self._woken.is_set())
        return True

    def _back_off(self) -> None:
        wait = STANDING_BY if self._waiting else min(FIRST_WAIT * 2.0**self._failed, LONGEST_WAIT)
        self._failed = 0 if self._waiting else min(self._failed + 1, 10)
        (self._woken if self._waiting else self._stop).wait(wait)

    def _quietly(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Unreachable as error:
            _log.warning("%s %s", self._id, error)


def _send(bot: Bot, now: datetime) -> None:
    _tried(bot, "send", bot.send, now)


def _file(bot: Bot, now: datetime) -> None:
    if bot.files_beside:
        _tried(bot, "file", bot.file, now)


def _tried(bot: Bot, name: str, work: Callable[[datetime], bool], now: datetime) -> None:
    """The service notes what succeeded, and never what was only tried."""
    try:
        done = work(now)
    except Exception:
        bot.failed(name)
        raise
    if done:
        bot.well(name, now)
    else:
        bot.failed(name)


# Mailboxes shared out between the processes that run on one database (PostgreSQL), so that all of them have work.
#
# Who stands by for a mailbox says so beside its lease. Whoever has two more than such a one hands one over, the last in
# order, so that they never hand over two for one; a free mailbox is left for a moment to whoever has the fewest.


class Sharing:
    """This process's share of the mailboxes. Safe for the threads of all its services."""

    def __init__(self, store: Store, holder: str) -> None:
        self._store, self._holder = store, holder
        self._lock = threading.Lock()
        self._left_since: dict[tuple[str, str], datetime] = {}

    def is_ours(self, partnership: str, mailbox: str, now: datetime, is_held: bool) -> bool:
        """Whether this process may have the mailbox, as far as the others' shares go; where it stands by, it says
        so."""
        with self._lock:
            if not is_held:
                self._store.ready_for(partnership, mailbox, self._holder, now, now + LEASE)
            leases = self._store.leases(now)
            if is_held:
                return (partnership, mailbox) != self._to_hand_over(leases)
            return leases.held.get((partnership, mailbox)) == self._holder or self._may_take(
                leases, partnership, mailbox, now
            )

    def _to_hand_over(self, leases: Leases) -> tuple[str, str] | None:
        mine = sorted(place for place, holder in leases.held.items() if holder == self._holder)
        for place in reversed(mine):
            others = leases.others_ready(*place, self._holder)
            if others and leases.count(others[0]) + 1 < len(mine):
                return place
        return None

    def _may_take(self, leases: Leases, partnership: str, mailbox: str, now: datetime) -> bool:
        place = (partnership, mailbox)
        if place in leases.held:
            self._left_since.pop(place, None)
            return False
        others = leases.others_ready(partnership, mailbox, self._holder)
        if not others or leases.count(self._holder) <= leases.count(others[0]):
            return True
        return now - self._left_since.setdefault(place, now) > LEFT_FOR


# Work that goes on beside the reading of mail, each kind in a thread of its own: letters out, messages filed.
#
# A mail server may take eleven minutes to answer after the last dot of a letter; all that while mail is read, danger is
# answered and limits are looked at. What fails is tried again, ever less often, and by nobody else is waited for.


class Beside:
    """``work`` is done whenever it is woken, and gives False where it failed."""

    def __init__(self, name: str, work: Callable[[], bool], stop: threading.Event) -> None:
        self._work, self._stop = work, stop
        self._woken = threading.Event()
        self._busy = threading.Lock()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._woken.set()

    @contextmanager
    def still(self) -> Iterator[bool]:
        """Whether, in the service, nothing of it is being done, nor will be while this lasts."""
        taken = self._busy.acquire(blocking=False)
        try:
            yield taken
        finally:
            if taken:
                self._busy.release()

    def end(self, seconds: float) -> None:
        """The service ends: waits for what is being done, but not for ever: what a server that hangs has been given is
        claimed, and goes again."""
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self) -> None:
        failed = 0
        while not self._stop.is_set():
            self._woken.wait(LONGEST_REST)
            self._woken.clear()
            with self._busy:
                worked = self._work()
            failed = 0 if worked else min(failed + 1, 10)  # told to stop, once more: what is decided goes out
            if failed:
                self._stop.wait(min(FIRST_WAIT * 2.0 ** (failed - 1), LONGEST_WAIT))
