"""Standing still: what a mailbot does whose database is older than its record. It keeps what arrives, answers danger,
tells the office what is missing, and nothing else, until a person has said that it goes on.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from mailbot.core.notices.announcements import announce
from mailbot.core.notices.notice import Notice
from mailbot.core.record.events_of_mail import RiskReported
from mailbot.core.record.intents import Person
from mailbot.door.consider import consider
from mailbot.door.message_as_read import Considered
from mailbot.mail.incoming.message import Message, parse
from mailbot.mail.reading import read_at_the_door
from mailbot.shell.store.decisions import OF_DANGER
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import StoredMessage
from mailbot.turns.desk import StoreDesk
from mailbot.turns.faults_of_ours import note_fault
from mailbot.turns.ledger_and_outbox import Scribe
from mailbot.turns.running_partnership import Site
from mailbot.turns.take_in import Arrivals
from mailbot.watching.alarms import OLDER_RECORD, OfficeWord

_ANSWERED = "danger answered standing still: "  # a note's beginning; a message's digest


class _UndoneAsMeant(Exception):
    """What was considered is not to be decided: leaving a transaction by this undoes whatever it took."""


class StandingStill:
    def __init__(self, site: Site, store: Store, scribe: Scribe, arrivals: Arrivals, office_word: OfficeWord) -> None:
        self._site, self._store, self._scribe, self._arrivals = site, store, scribe, arrivals
        self._office_word = office_word

    def answer_danger(self, now: datetime) -> None:
        """While all stands still, whatever may speak of danger in mail that nobody has decided is answered, each
        once: its writer gets the telephone numbers, the office is told. The mail itself waits."""
        while self._arrivals.look_ahead_at_all():
            pass
        for digest in self._store.alarming(self._site.id):
            if self._store.last(self._site.id, f"{_ANSWERED}{digest}") is None:
                self._answer(digest, now)

    def _answer(self, digest: str, now: datetime) -> None:
        stored = self._store.message(self._site.id, digest)
        if stored is None:
            return
        try:
            told = self._told(stored, now)
        except Exception as error:
            note_fault(self._store, self._site.id, f"answering danger in message {digest[:12]}", error, now)
            told = list(self._office(stored, now))
        with self._store.transaction() as work:
            self._scribe.write_plain(work, told, digest, now)
            work.note(self._site.id, f"{_ANSWERED}{digest}", now)

    def _told(self, stored: StoredMessage, now: datetime) -> list[Notice]:
        """The letters of danger that this message calls for, by the same reading as always; what else follows from it
        is left for later. They go to its writer and the office alone: who is in the dispute now, an older record does
        not know."""
        message = parse(stored.raw)
        if not isinstance(message, Message):
            return list(self._office(stored, now))
        entitled = {message.sender.address, *(person.address for person in self._site.current.office())}
        found: Considered | None = None
        try:
            with self._store.transaction() as work:
                desk, door = StoreDesk(self._site, self._store, work), self._site.door
                reading = read_at_the_door(message, desk.is_ours, door.trusted_ids)
                found = consider(reading, stored.received, self._site.current, desk, door)
                raise _UndoneAsMeant
        except _UndoneAsMeant:
            pass
        return [] if found is None else [n for n in _of_danger(found) if n.to.address in entitled]

    def _office(self, stored: StoredMessage, now: datetime) -> Iterator[Notice]:
        event = RiskReported(at=now, by=Person())
        return (Notice("urgent_told", person, event, acts=True) for person in self._site.current.office())

    def tell_office(self, behind: Sequence[str], now: datetime) -> None:
        """Standing still is told to the office: what is missing, once a day for as long as it is so."""
        today = self._site.current.calendar.local(now).date()
        self._office_word.tell(OLDER_RECORD, today.isoformat(), _counted(behind), now)


def _counted(behind: Sequence[str]) -> str:
    """While all stands still, how much is missing, without naming it: in a letter a reference would look like one
    that is known here."""
    if len(behind) == 1:
        return "one thing that the record had is missing from this copy."
    return f"{len(behind)} things that the record had are missing from this copy."


def _of_danger(found: Considered) -> Iterator[Notice]:
    yield from (notice for notice in found.plain if notice.letter in OF_DANGER)
    for step in found.steps:
        for event in step.events:
            if isinstance(event, RiskReported):
                told = announce(event, step.case(event.at))
                yield from (notice for notice in told if notice.letter in OF_DANGER)
