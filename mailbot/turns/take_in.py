"""Take in: every message that was kept is read, decided and written down.

A message that fails us three times goes to a person with its bytes, and the rest flows.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.in_answer_to import stranger_asked_about
from mailbot.core.notices.notice import Notice
from mailbot.core.record.events_of_mail import QuestionAsked
from mailbot.core.record.intents import Person, Proof
from mailbot.core.record.ledger import Cause
from mailbot.door.consider import LetIn, consider
from mailbot.door.counted_once import may_be_it
from mailbot.door.gatekeeping import Disposition, Stopped, counts_as_answer
from mailbot.door.mail_not_acted_on import alarmed, placed, stopped, unproven_answer
from mailbot.door.message_as_read import Considered
from mailbot.mail.body.own_words import own_words
from mailbot.mail.body.whose_signature import Writer
from mailbot.mail.incoming.message import NOT_GIVEN, Message, Unreadable, parse
from mailbot.mail.incoming.sender_and_authentication import Trust
from mailbot.mail.reading import Reading, read_at_the_door
from mailbot.mail.text.spelling_and_sentences import plain
from mailbot.mail.understanding.danger import danger_in, risk_in
from mailbot.mail.whether_meant.under_pressure import is_pressed
from mailbot.mail.whether_meant.was_it_theirs import DISMISS_WORDS, RELEASE_WORDS, answer_in
from mailbot.shell.errors import Unreachable
from mailbot.shell.servers.mailbox_interface import DISPUTES, Arrival, Folder, Mailbox, Place, Watermark, Withheld
from mailbot.shell.store.decisions import Work
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import (
    AlreadyDecided,
    Held,
    HeldState,
    Kept,
    LeaseLost,
    NotHeld,
    Settled,
    StoredMessage,
)
from mailbot.turns.desk import HELD, StoreDesk, is_dispute
from mailbot.turns.faults_of_ours import note_fault
from mailbot.turns.ledger_and_outbox import Scribe
from mailbot.turns.moved_by_hand import HAND, TRY_AGAIN, moved_of, tell_of_move
from mailbot.turns.office_email import OfficeRoom
from mailbot.turns.roster import Rosters
from mailbot.turns.running_partnership import Site

AT_ONCE = 20  # messages decided in one transaction: a durable commit for twenty costs what it costs for one
STRIKES = 3  # Mailman's MAX_BAK_COUNT
# Where mail that belongs to no dispute goes. What is held stays in the inbox, where people see it.
FOLDERS: dict[Disposition, Folder] = {
    Disposition.AUTOMATIC: ("Bot", "Automatic"),
    Disposition.BOUNCED: ("Bot", "Automatic"),
    Disposition.OWN: ("Bot", "Automatic"),
    Disposition.ANSWERED: ("Bot", "Answered"),
    Disposition.OUT_OF_SCOPE: ("Bot", "Answered"),
    Disposition.QUARANTINED: ("Bot", "Quarantine"),
}
YES_OR_NO = (
    "I could not tell whether that message was yours. Please answer the letter that asked you once more, with YES or "
    "NO and nothing else."
)
MADE_TO_ANSWER = (
    "the question whether a waiting message was its writer's was answered as if somebody made them answer. Please ring "
    "them on a number you know before you let anything in"
)
# What a mail came to that counts: the same one does not come to it twice.
_COUNTED = frozenset(
    {Disposition.OPENED.value, Disposition.ACTED.value, Disposition.FILED.value, Disposition.ANSWERED.value}
)
_ASKED_AHEAD = 100  # small messages that came before, of a batch's disputes
_SMALL = 64_000  # bytes of a message that is remembered as it was parsed
_REMEMBERED = 4_000_000  # bytes of all of them; as they are parsed they take two to three times as much


class _Parsed:
    """Messages as they were parsed, the newest ones: each is looked at for danger before its turn to be decided comes,
    and there may be as many between the two as are looked at in a round. Safe for several threads."""

    def __init__(self) -> None:
        self._found: OrderedDict[bytes, Message | Unreadable] = OrderedDict()
        self._bytes, self._lock = 0, threading.Lock()

    def __call__(self, raw: bytes) -> Message | Unreadable:
        """A message taken in is parsed once."""
        if len(raw) > _SMALL:
            return parse(raw)
        with self._lock:
            known = self._found.get(raw)
        found = known or parse(raw)
        if known is None:
            self._remember(raw, found)
        return found

    def _remember(self, raw: bytes, found: Message | Unreadable) -> None:
        with self._lock:
            if raw not in self._found:
                self._bytes += len(raw)
            self._found[raw] = found
            while self._bytes > _REMEMBERED:
                oldest, _ = self._found.popitem(last=False)
                self._bytes -= len(oldest)


_parsed = _Parsed()


class Intake:
    """``passing`` is called with the name of each point at which we may be killed and must then go on."""

    def __init__(
        self,
        site: Site,
        store: Store,
        scribe: Scribe,
        deciding: Callable[[], AbstractContextManager[Work]],
        passing: Callable[[str], None],
    ) -> None:
        self._site, self._store, self._scribe = site, store, scribe
        self._deciding, self._passing = deciding, passing
        self._office = OfficeRoom(site, store, scribe)
        self._rosters = Rosters(site, store, scribe.letters)
        self._outlived: set[str] = set()  # messages that failed without ending the process: they can be looked at
        self._met_once: frozenset[str] = frozenset()  # Message-IDs, of those that are read, of which no other mail is

    def read_all(self, now: datetime) -> None:
        """Taking in, every kept message is read that has no disposition yet: what may speak of danger first, then the
        oldest."""
        while self.read_some(now, AT_ONCE):
            pass

    def read_some(self, now: datetime, at_once: int) -> bool:
        """Take in the next kept messages; False where there was none. Those tried for the first time are decided
        together; whoever brings a transaction or the whole process down is found by trying each alone, and is then
        held."""
        waiting = self._store.unread(self._site.id, at_once)
        if not waiting:
            return False
        first = [stored for stored in waiting if not stored.attempts]
        alone = [stored for stored in waiting if stored.attempts]
        self._met_once = self._store.met_once(self._site.id, [stored.message_id for stored in waiting])
        if first:
            self._store.take_up(self._site.id, *(stored.digest for stored in first))
            alone += self._read_together(first, now)
        for stored in alone:
            strikes = self._store.take_up(self._site.id, stored.digest) if stored.attempts else 1
            self._read(stored, strikes, now)
        return True

    def _read_together(self, waiting: list[StoredMessage], now: datetime) -> list[StoredMessage]:
        """Messages taken in together, in one transaction; gives those that must be tried one by one, because of one of
        them nothing was decided."""
        if len(waiting) == 1:
            return waiting
        try:
            with self._deciding() as work:
                self._ask_ahead(work, waiting)
                for stored in waiting:
                    self._decide(work, stored, now, give_up=False)
        except (Unreachable, LeaseLost):
            raise
        except Exception:
            return waiting
        for _ in waiting:
            self._passing("committed")
        return []

    def _ask_ahead(self, work: Work, waiting: list[StoredMessage]) -> None:
        """Of messages taken in together, asks by one question which of the Message-IDs they name are known, by
        another for their disputes, and by two for what was written in these, by us and by their writers."""
        messages = [
            message
            for stored in waiting
            if len(stored.raw) <= _SMALL and isinstance(message := _parsed(stored.raw), Message)
        ]
        named = {one for m in messages for one in (m.message_id, *m.references) if one}
        known = work.by_message_id(self._site.id, sorted(named))
        theirs = sorted({one.reference for one in known.values() if is_dispute(one.reference)})
        work.take_disputes(self._site.id, theirs)
        work.take_letters(self._site.id, theirs)
        lies_there = [one for reference in theirs if (one := work.dispute(self._site.id, reference)) is not None]
        before = {digest for one in lies_there for message in messages for digest in may_be_it(one, message)}
        work.take_bytes(self._site.id, sorted(before)[:_ASKED_AHEAD], _SMALL)

    def _decide(self, work: Work, stored: StoredMessage, now: datetime, give_up: bool) -> None:
        message = _set_aside(stored) if give_up else _parsed(stored.raw)
        found = self._considered(work, stored, message, now, give_up)
        self._passing("decided")
        self._write_down(work, found, stored, message, now)

    def _read(self, stored: StoredMessage, strikes: int, now: datetime) -> None:
        try:
            with self._deciding() as work:
                self._decide(work, stored, now, strikes > STRIKES)
            self._passing("committed")
        except AlreadyDecided:
            return  # another process was quicker: its decision stands
        except (Unreachable, LeaseLost):
            raise
        except Exception as error:
            self._outlived.add(stored.digest)
            note_fault(self._store, self._site.id, f"reading message {stored.digest[:12]}", error, now)
            if strikes > STRIKES:
                raise  # not even holding it works: then we are broken, and stopping is better than going on

    def _considered(
        self, work: Work, stored: StoredMessage, message: Message | Unreadable, now: datetime, give_up: bool
    ) -> Considered:
        named = (message.message_id, *message.references) if isinstance(message, Message) else ()
        desk, door = StoreDesk(self._site, self._store, work, named), self._site.door
        if give_up:
            return self._given_up(stored, message, desk)
        reading = read_at_the_door(message, desk.is_ours, door.trusted_ids) if isinstance(message, Message) else message
        if _is_placed(stored) and (dispute := desk.dispute(stored.into)) is not None:
            noted = moved_of(self._site, (DISPUTES, stored.into), stored, now).event("noted")
            return placed(reading, noted, Case(dispute, desk.version(dispute), now))
        found = self._again(stored, reading) or self._answer_about_held(work, reading, desk, now)
        found = found or self._office.answer(work, stored, reading, desk, now)
        found = found or self._rosters.answered(reading, stored, desk, now)
        here = self._site.current
        return found or consider(reading, stored.received, here, desk, door, LetIn(stored.released, stored.into))

    def _given_up(self, stored: StoredMessage, message: Message | Unreadable, desk: StoreDesk) -> Considered:
        """Taking it in failed three times, mostly because of what it is about: it is put before a person, and may speak
        of danger all the same, which is answered. Not looked at again where that may have ended the process."""
        halt = Stopped(Disposition.HELD, "reading it failed three times; a person must look", tell=True)
        here = self._site.current
        found = stopped(message, halt, here, stored.received)
        if stored.digest not in self._outlived:
            return found
        try:
            parsed = _parsed(stored.raw)
            if not isinstance(parsed, Message):
                return found
            reading = read_at_the_door(parsed, desk.is_ours, self._site.door.trusted_ids)
            if reading.kind.name != "human":
                return found
            looked_at = stopped(reading, halt, here, stored.received)
            return alarmed(reading, looked_at, here, stored.received, Proof.UNPROVEN)
        except Exception:  # reading is what failed, and fails again
            return found

    def _again(self, stored: StoredMessage, reading: Reading | Unreadable) -> Considered | None:
        """The turn that takes in finds one again: a mail acted on already, delivered once more over another road:
        same writer, number, date and words, whatever headers it gained on the way. It counts once."""
        if isinstance(reading, Unreadable) or stored.released or not reading.message.message_id:
            return None
        if reading.message.message_id == stored.message_id and stored.message_id in self._met_once:
            return None
        for one in self._store.seen(self._site.id, message_id=reading.message.message_id):
            if one.digest == stored.digest or one.disposition not in _COUNTED:
                continue
            before = parse(self._store.raw(self._site.id, one.digest) or b"")
            if isinstance(before, Message) and same_mail(before, reading.message):
                person = self._site.current.directory.person(reading.sender, reading.message.sender.name)
                return Considered(Disposition.ANSWERED, "the same email came again: it counts once", person)
        return None

    def _answer_about_held(
        self, work: Work, reading: Reading | Unreadable, desk: StoreDesk, now: datetime
    ) -> Considered | None:
        """Take in a reply to a letter about a waiting message: it lets that message in, or dismisses it. Proven to be
        from whoever the letter went to; where the server writes no results, bearing the number that only that letter
        has."""
        if isinstance(reading, Unreadable) or reading.kind.name != "human" or reading.trust is Trust.FAILED:
            return None
        message = reading.message
        digest = desk.held_answer(message.references, message.sender.address)
        word = answer_in(reading.words, self._writer(message)) if reading.is_certain else ""
        if not word and not digest:
            return None
        # Whatever else it says: it is read as any mail, danger is heard, and its words wait for a person.
        if danger_in(reading.for_danger, self._site.current.protocol.risk.line):
            return None
        if not word:
            return self._unclear(digest, reading, now)
        held = self._store.held(self._site.id)
        about = {digest} if digest else self._unknown_writers(message, desk, held) if word == "ignore" else set()
        waiting = [h for h in held if h.digest in about]
        if not digest and not waiting:
            return None
        if waiting and not self._counts(reading, waiting[0]):
            return unproven_answer(reading, waiting[0].number, waiting[0].digest, self._site.current, now)
        becomes = HeldState.RELEASED if word in RELEASE_WORDS else HeldState.DISMISSED
        person = Person(message.sender.address, message.sender.name)
        try:
            for one in waiting:
                settled = Settled(becomes, person.address, f"replied {word.upper()}", self._put_into(one))
                work.settle_held(self._site.id, one.number, settled, now)
        except NotHeld:
            return None
        return Considered(Disposition.ANSWERED, f"answers for a message that was waiting: {becomes}", person)

    def _writer(self, message: Message) -> Writer:
        """Who writes what is taken in, and whose other names may stand below it."""
        here = self._site.current
        person = here.directory.person(message.sender.address, message.sender.name)
        names = (one.person.name for one in here.directory.officers if one.person.address != person.address)
        others = frozenset(word for name in names for word in plain(name).split()) - set(plain(person.name).split())
        return Writer(person, others, is_office=person.address in {one.address for one in here.alarmed()})

    def _counts(self, reading: Reading, held: Held) -> bool:
        """Take in the answer for a waiting message? A person who let that in before has looked at it."""
        kept = self._store.message(self._site.id, held.digest)
        let_in = kept is not None and bool(kept.released) and kept.released != reading.sender
        return counts_as_answer(reading, self._site.door, let_in)

    def _put_into(self, held: Held) -> str:
        """Into which dispute a person has put what is to be taken in: an answer for it leaves it there."""
        kept = self._store.message(self._site.id, held.digest)
        return kept.into if kept is not None and kept.released else ""

    def _unclear(self, digest: str, reading: Reading, now: datetime) -> Considered | None:
        """Take in an answer that is neither yes nor no, to a question that only those words answer: a mail system that
        acknowledges, a person who does not remember. Nothing is let in; a person may be asked once more. Of somebody
        who says that they are made to answer, the office is told."""
        if (reading.words.own.split() or [""])[0].strip(".,!?:;-").casefold() not in RELEASE_WORDS | DISMISS_WORDS:
            return None
        person = self._site.current.directory.person(reading.sender, reading.message.sender.name)
        asked = QuestionAsked(at=now, of=person, question=YES_OR_NO, topic="was it you")
        letters = [Notice("question", person, asked, acts=True)]
        if is_pressed(reading.words.written):
            told = QuestionAsked(at=now, of=person, question=MADE_TO_ANSWER, topic="unproven answer")
            letters += (Notice("held_told", one, told, acts=True) for one in self._site.current.office())
        why = "neither yes nor no to the question whose message it was"
        return Considered(Disposition.ANSWERED, why, person, plain=tuple(letters))

    def _unknown_writers(self, message: Message, desk: StoreDesk, held: list[Held]) -> set[str]:
        """To take in: the waiting message of somebody in no dispute, when this answers the letter that asked who they
        are; in answer to another letter of that dispute, the only one that waits there."""
        letter = next((found for i in message.references if (found := desk.letter(i)) is not None), None)
        dispute = desk.dispute(letter[0]) if letter is not None else None
        if letter is None or dispute is None or letter[2] != message.sender.address:
            return set()
        mine = [h for h in held if h.asked == message.sender.address]
        waiting = {h.digest: self._store.message(self._site.id, h.digest) for h in mine}
        theirs = {
            digest for digest, kept in waiting.items() if kept is not None and kept.reference == dispute.reference
        }
        shown = desk.shown(message.references, message.sender.address, dispute)
        asked = stranger_asked_about(dispute, shown)
        return theirs & {asked} if asked else theirs if len(theirs) == 1 else set()

    def _write_down(
        self, work: Work, found: Considered, stored: StoredMessage, message: Message | Unreadable, now: datetime
    ) -> None:
        placed_here = _is_placed(stored)
        answering = message if isinstance(message, Message) and not placed_here else None
        cause = Cause("person", HAND) if placed_here else Cause("message", stored.digest)
        if not placed_here:  # before any summary that names it: the folder is one thread
            self._file(work, found, stored, now)
        for step in found.steps:
            self._scribe.write(work, step, cause, now, answering)
        plain = found.plain
        if found.held:
            number = work.hold(self._site.id, stored.digest, found.reason, found.asked, now)
            plain = tuple(replace(notice, waiting=number) for notice in plain)
        about = stored.digest if found.held else found.about_held
        bound = f"{HELD}{about}" if about else ""
        asked = [one for one in plain if one.letter == "was_it_you" and stored.released]
        self._scribe.write_plain(work, asked, f"again {stored.digest}", now, answering, bound)
        rest = [one for one in plain if one not in asked]
        self._scribe.write_plain(work, rest, stored.digest, now, answering, bound)
        if placed_here or stored.released == HAND:
            self._tell_of_the_move(work, found, stored, now)
        reference = found.steps[0].reference if found.steps else ""
        work.dispose(self._site.id, stored.digest, found.disposition.value, found.reason, reference)

    def _tell_of_the_move(self, work: Work, found: Considered, stored: StoredMessage, now: datetime) -> None:
        moved = moved_of(self._site, (DISPUTES, stored.into) if stored.into else TRY_AGAIN, stored, now)
        outcome = "noted" if _is_placed(stored) else "read there" if stored.into else "read again"
        why = f"{found.reason}; it waits again" if found.held else found.reason
        tell_of_move(self._store, self._scribe, work, self._site, moved.event(outcome, why), moved.key)

    def _file(self, work: Work, found: Considered, stored: StoredMessage, now: datetime) -> None:
        folders = [(DISPUTES, step.reference) for step in found.steps]
        if folders:
            self._scribe.file_message(work, stored.digest, folders[0], now)
            for folder in folders[1:]:
                self._scribe.file_copy(work, stored.raw, stored.message_id, folder, now)
        elif found.disposition in FOLDERS:
            self._scribe.file_message(work, stored.digest, FOLDERS[found.disposition], now)


def _set_aside(stored: StoredMessage) -> Unreadable:
    """A message taken in unread and set aside, begun three times and never finished: parsing it
    may be what ends the process."""
    return Unreadable(stored.digest, len(stored.raw), "reading it failed three times", "", "")


def _is_placed(stored: StoredMessage) -> bool:
    """A mail taken in that was placed: put into a dispute's folder from somewhere else: nobody let it in, and
    nothing shows who wrote it."""
    return bool(stored.into) and not stored.released


def same_mail(one: Message, other: Message) -> bool:
    """Is a mail taken in the same: written by the same, at the same time, in the same words: what a relay adds on the
    way does not count."""
    return (one.sender.address, one.date, one.text, one.html, [a.content for a in one.attachments]) == (
        other.sender.address,
        other.date,
        other.text,
        other.html,
        [a.content for a in other.attachments],
    )


# Arrivals: the inbox read to its end in portions, each durable before the next is fetched, and looked at for danger.
#
# Nothing is decided here. A portion is bounded by bytes as well as by number, so that mail is decided and letters go
# out while the rest is still being fetched; and where more waits than can be decided at once, whatever may speak of
# danger is found first, the newest before the older.

PORTION = 50  # messages a transaction: one durable commit for fifty costs what it costs for one
PORTION_BYTES = 16_000_000
LOOKED_AT = 150  # messages for danger, between two portions
WITHHELD, WITHHELD_TOLD = "withheld", "withheld-told"
WITHHELD_FOR = timedelta(minutes=15)  # most servers give it after a reindexing, or when the store is mounted again


def _not_given(place: Place) -> bytes:
    """A message taken in without its bytes: what is put before a person in place of a message that nobody can read
    here. It is held, and so stays where the message itself lies."""
    return b"%s\n\nIts number in the inbox is %d (%d).\n" % (NOT_GIVEN, place.uid, place.uidvalidity)


class Arrivals:
    """``passing`` is called with the name of each point at which we may be killed and must then go on."""

    def __init__(self, site: Site, store: Store, passing: Callable[[str], None]) -> None:
        self._site, self._store, self._passing = site, store, passing
        self._coming: Iterator[Arrival | Withheld] | None = None
        self._began: datetime | None = None
        self._newest: Watermark | None = None  # how far the newest were taken in before what is older
        self._is_owed = False  # something may still come that nobody knows of

    def keep_some(self, mailbox: Mailbox, now: datetime) -> bool:
        """Take in and keep the next portion; True while there may be more of it. Raises ``Unreachable``; what was
        fetched before that is kept."""
        if self._coming is None:
            self._began = now
            self._coming = mailbox.arrivals(self._store.watermark(self._site.id, self._site.inbox))
        coming, self._coming = self._coming, None  # of one that failed nothing more is to be had
        if self._portion(coming, now):
            self._coming = coming
            return True
        self._is_owed = self._ask_again(mailbox, now)
        return False

    def keep_newest(self, mailbox: Mailbox) -> None:
        """Take in the newest of a mailbox of which much is still to come, the first time and whatever arrives while it
        does: somebody in danger who writes now must not wait for ten thousand others. Nothing else of it is decided
        before what came earlier."""
        if self._coming is None:
            self._newest = None
            return
        reached = self._store.watermark(self._site.id, self._site.inbox)
        after = (
            self._newest if self._newest and reached and self._newest.uidvalidity == reached.uidvalidity else reached
        )
        came = [one for one in mailbox.newest(after, PORTION) if isinstance(one, Arrival)]
        if came:
            self._newest = Watermark(came[0].place.uidvalidity, max(one.place.uid for one in came))
            self._store.keep(self._site.id, self._site.inbox, [Kept.of(one) for one in came], ahead=True)
            self._passing("stored")

    def _portion(self, coming: Iterator[Arrival | Withheld], now: datetime) -> bool:
        batch: list[Kept] = []
        held = 0
        try:
            for arrival in coming:
                if isinstance(arrival, Withheld):
                    self._note_withheld(arrival.place, now)
                    continue
                batch.append(Kept.of(arrival))
                held += len(arrival.raw)
                self._passing("fetched")
                if len(batch) >= PORTION or held >= PORTION_BYTES:
                    return True
            return False
        finally:
            self._keep(batch)

    def _keep(self, batch: list[Kept]) -> None:
        if batch:
            self._store.keep(self._site.id, self._site.inbox, batch)
            self._passing("stored")

    def _note_withheld(self, place: Place, now: datetime) -> None:
        """Take in notes a message that is withheld, one that the server lists and does not give: the mark passes it
        by, and it is asked for every time."""
        name = f"{self._site.inbox} {place.uidvalidity} {place.uid}"
        if not any(self._store.last(self._site.id, f"{kind} {name}") for kind in (WITHHELD, WITHHELD_TOLD)):
            self._store.note(self._site.id, f"{WITHHELD} {name}", now)

    def _ask_again(self, mailbox: Mailbox, now: datetime) -> bool:
        """Take in what was withheld, asked for once more: kept if it is given, put before a person once it has been
        withheld for long. True while something may still come that nobody knows of."""
        waits = False
        for what, since in self._store.noted(self._site.id, WITHHELD).items():
            *_, uidvalidity, uid = what.split()
            found = next(iter(mailbox.again(int(uidvalidity), [int(uid)])), None)
            if isinstance(found, Withheld) and what.startswith(WITHHELD_TOLD):
                continue
            if isinstance(found, Withheld) and now - since < WITHHELD_FOR:
                waits = True
                continue
            if isinstance(found, Withheld):
                self._store.note(self._site.id, what.replace(WITHHELD, WITHHELD_TOLD, 1), now)
                found = Arrival(found.place, _not_given(found.place), now)
            if found is not None:
                self._keep([Kept.of(found)])
            self._store.forget(self._site.id, what)
        return waits

    def all_decided(self) -> None:
        """All taken in: everything that lay in the inbox when it was last begun has been kept, and decided: up to that
        instant no answer to any limit is unread."""
        if self._began is not None and self._coming is None and not self._is_owed:
            self._store.drained(self._site.id, self._site.inbox, self._began)

    def look_ahead(self, at_once: int) -> bool:
        """Take in, looking ahead where more waits than ``at_once``: which of it may speak of danger, of the newest that
        nobody has looked at. What is said here only puts a message before others; it is read as carefully as any when
        its turn comes. True while there may be more to look at."""
        return self._store.waits_more_than(self._site.id, at_once) and self._look_at_some() == LOOKED_AT

    def look_ahead_at_all(self) -> bool:
        """Take in, looking for danger in what waits however little it is; False where everything has been looked at."""
        return self._look_at_some() > 0

    def _look_at_some(self) -> int:
        newest = self._store.not_looked_at(self._site.id, LOOKED_AT)
        self._store.looked_for_danger(self._site.id, {digest: self._alarms(raw) for digest, raw in newest.items()})
        return len(newest)

    def _alarms(self, raw: bytes) -> bool:
        try:
            message = _parsed(raw)
            if not isinstance(message, Message):
                return False
            words = own_words(message)
            said = "\n\n".join((message.subject, words.written or words.own))
            return bool(risk_in(said, self._site.current.protocol.risk.line))
        except Exception:
            return True  # reading it will fail as well, and put it before a person: the sooner the better
