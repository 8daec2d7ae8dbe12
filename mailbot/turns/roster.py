"""Rosters: each agency's list of people is put to its contact once a quarter, and what they reply to the office.

Nothing that mail says changes the list. A contact's reply waits, the office lets it in (RELEASE) or not (DISMISS), and
what it let in is written into the directory's file, whole or not at all.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from mailbot.core.decisions.who_may.authority import judge_outside
from mailbot.core.decisions.who_may.table import CORRECT_LIST
from mailbot.core.notices.notice import Notice
from mailbot.core.partnership.directory import Agency
from mailbot.core.partnership.partnership import Request
from mailbot.core.partnership.roster import (
    SIGNS,
    RosterProposed,
    RosterSheet,
    RosterSign,
    in_words,
    posts_missing,
    roster_rows,
    roster_signs,
)
from mailbot.core.record.events import Event
from mailbot.core.record.events_of_mail import MessageFiled, QuestionAsked
from mailbot.core.record.intents import Act, Intent, Person
from mailbot.door.gatekeeping import Disposition, counts_as_answer, proof_of
from mailbot.door.mail_not_acted_on import alarmed
from mailbot.door.message_as_read import Considered
from mailbot.mail.incoming.message import Unreadable
from mailbot.mail.letters.render import Letters
from mailbot.mail.letters.whose_turn import office_title
from mailbot.mail.reading import Reading
from mailbot.mail.text.people_and_agencies import RosterAnswer, roster_answer
from mailbot.mail.understanding.danger import danger_in
from mailbot.shell.store.decisions import Work
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import StoredMessage
from mailbot.turns.desk import ROSTER, StoreDesk
from mailbot.turns.ledger_and_outbox import Sealed, put
from mailbot.turns.running_partnership import Site

_LETTER = "roster"
QUARTERS = (1, 4, 7, 10)
_FOLDERS = re.compile(r"(?<!\S)/\S*/")  # before a file's name
_UNREAD = "an answer about a list of people that could not be read"
_UNPROVEN = "an answer about a list of people, and nothing shows that it is from whom it says"


class Rosters:
    """The quarterly letters, and what becomes of their answers."""

    def __init__(self, site: Site, store: Store, letters: Letters) -> None:
        self._site, self._store, self._letters = site, store, letters
        self._looked: date | None = None  # once a morning: it reads what happened in every dispute

    def _signs(self) -> list[Event]:
        """What tells of somebody on a roster: few events, and the mail filed since the first of them."""
        signs = list(self._store.events(self._site.id, SIGNS))
        first = min((sign.at for sign in signs), default=None)
        return [*signs, *(self._store.events(self._site.id, (MessageFiled,), first) if first is not None else ())]

    def ask(self, began: datetime, now: datetime) -> None:
        """Puts each agency's roster to its contact on the first working day of a quarter, once; and whoever a sign is
        of, the morning after it. An agency without a contact is asked nothing."""
        partnership = self._site.current
        asked = [agency for agency in partnership.directory.agencies if agency.contact]
        moment = self._moment(now)
        today = partnership.calendar.local(now).date()
        if not asked or today == self._looked or now < self._morning(today):
            return
        self._looked = today
        signs = roster_signs(self._signs(), partnership.directory)
        with self._store.transaction() as work:
            if began < moment <= now and work.mark_digest(self._site.id, _LETTER, moment.isoformat()):
                for agency in asked:
                    self._put(work, self.sheet(agency, signs), agency, moment.date().isoformat(), now)
            for agency in asked:
                for row in roster_rows(agency.name, partnership.directory, signs):
                    sign = signs.get(row.address)
                    if sign is None or sign.at <= began:
                        continue
                    seen = f"{row.address} {moment.date().isoformat()}"  # once a quarter, however often it comes back
                    if work.mark_digest(self._site.id, f"{_LETTER} sign", seen):
                        doubted = replace(self.sheet(agency, signs), doubted=row.name, example=row.name)
                        self._put(work, doubted, agency, seen, now)

    def _put(self, work: Work, sheet: RosterSheet, agency: Agency, which: str, now: datetime) -> None:
        if self._site.current.may_write_to(agency.contact):
            reader = self._site.current.directory.person(agency.contact)
            rendered, key = self._letters.render(_LETTER, sheet), f"roster:{which}:{agency.name}"
            put(work, self._site, Sealed(_LETTER, reader, rendered, key, bound=f"{ROSTER}{agency.name}"), now)

    def _morning(self, today: date) -> datetime:
        return self._site.current.calendar.morning_of(today, self._site.current.protocol.digest.time)

    def _moment(self, now: datetime) -> datetime:
        calendar, at = self._site.current.calendar, self._site.current.protocol.digest.time
        today = calendar.local(now).date()
        first = date(today.year, max(month for month in QUARTERS if month <= today.month), 1)
        opens = first if calendar.is_working(first) else calendar.next_working(first)
        if calendar.morning_of(opens, at) <= now:
            return calendar.morning_of(opens, at)
        before = (first - timedelta(days=1)).replace(day=1)
        first = date(before.year, max(month for month in QUARTERS if month <= before.month), 1)
        opens = first if calendar.is_working(first) else calendar.next_working(first)
        return calendar.morning_of(opens, at)

    def sheet(self, agency: Agency, signs: Mapping[str, RosterSign]) -> RosterSheet:
        """One agency's roster as its letter shows it."""
        partnership = self._site.current
        protocol, directory = partnership.protocol, partnership.directory
        rows = roster_rows(agency.name, directory, signs)
        return RosterSheet(
            protocol.partnership,
            protocol.short,
            protocol.risk.line,
            agency.name,
            protocol.mailbox,
            office_title(protocol),
            rows,
            posts_missing(agency.name, directory, protocol),
            rows[0].name if rows else "name or email address",
        )

    def answered(
        self, reading: Reading | Unreadable, stored: StoredMessage, desk: StoreDesk, now: datetime
    ) -> Considered | None:
        """What a reply to a roster's letter comes to; None for what is none. Danger in it is everybody's first concern,
        and is heard as ever."""
        if isinstance(reading, Unreadable) or reading.kind.name != "human":
            return None
        name = desk.roster_asked(reading.message.references, reading.message.sender.address)
        agency = next((one for one in self._site.current.directory.agencies if one.name == name), None)
        if not name or agency is None:
            return None
        directory = self._site.current.directory
        by = directory.person(reading.sender, reading.message.sender.name)
        answer = roster_answer(reading.words.own, agency, directory)
        if not answer.changes and not answer.right and not answer.unclear:
            return None  # they write of something else: it is read as any mail
        if self._is_let_in(stored, by):
            return self._write(answer, by, now)
        here, proof = self._site.current, proof_of(reading, self._site.door)
        if answer.right:
            danger = danger_in(reading.for_danger, here.protocol.risk.line)
            right = Considered(Disposition.ANSWERED, "the list of people is right, its contact says", by)
            return None if danger else right
        found = self._put_to_the_office(answer, reading, by, agency, now)
        return alarmed(reading, found, here, stored.received, proof)

    def _is_let_in(self, stored: StoredMessage, by: Person) -> bool:
        """Has the office said yes? Its writer's own answer for it is none."""
        if not stored.released or stored.released == by.address:
            return False
        request = Request(Intent(Act.NOTE), Person(stored.released), stored.received, digest=stored.digest)
        return judge_outside(request, self._site.current, CORRECT_LIST).is_allowed

    def _put_to_the_office(
        self, answer: RosterAnswer, reading: Reading, by: Person, agency: Agency, now: datetime
    ) -> Considered:
        office = [one for one in self._site.current.office() if one.address != by.address]
        if not counts_as_answer(reading, self._site.door) or not answer.changes:
            reason = _UNREAD if answer.unclear and not answer.changes else _UNPROVEN
            event = QuestionAsked(at=now, of=by, question=reason, topic="roster")
            plain = [Notice("held_told", one, event, acts=True) for one in office]
            return Considered(Disposition.HELD, reason, by, plain=tuple(plain), held=True, kind=reading.kind)
        directory = self._site.current.directory
        words = tuple(in_words(change, directory) for change in answer.changes)
        proposed = RosterProposed(at=now, by=by, agency=agency.name, changes=words, unclear=answer.unclear)
        notices = [Notice("roster_proposed", one, proposed, acts=True) for one in office]
        reason = f"corrections to the list of people of {agency.name}: it changes when you let them in"
        return Considered(Disposition.HELD, reason, by, plain=tuple(notices), held=True, kind=reading.kind)

    def _write(self, answer: RosterAnswer, by: Person, now: datetime) -> Considered:
        why = self._site.change_list(answer.changes)
        if not why:
            count = len(answer.changes)
            said = f"the list of people was changed in {count} row{'s' if count != 1 else ''}, as the office allowed"
            return Considered(Disposition.ANSWERED, said, by)
        reason = f"the list of people was not changed: {_FOLDERS.sub('', why)}"
        event = QuestionAsked(at=now, of=by, question=reason, topic="roster")
        plain = tuple(Notice("held_told", one, event, acts=True) for one in self._site.current.office())
        return Considered(Disposition.HELD, reason, by, plain=plain, held=True)
