"""Alarms: word of trouble with mailbot itself, to the office in a letter that goes before every other, and by a second
way for when the first is what fails.

A letter that says "letters do not leave" does not leave. Where ``[alarm]`` names a command or another mail server, what
must be known at once goes there as well: when it begins, again every four hours while it lasts, and when it is over.
"""

import logging
import typing
from collections.abc import Sequence
from datetime import datetime, timedelta

from mailbot.core.notices.notice import Notice
from mailbot.core.record.events_of_mail import QuestionAsked
from mailbot.core.record.intents import Person
from mailbot.shell.store.store import Store
from mailbot.turns.faults_of_ours import place_of
from mailbot.turns.running_partnership import Site

if typing.TYPE_CHECKING:  # whoever asks how it is writes no letters
    from mailbot.turns.ledger_and_outbox import Scribe

_log = logging.getLogger("mailbot")
TOLD = "alarm told: "  # a note's beginning; the kind of trouble; when it was last told
AGAIN = timedelta(hours=4)
_BY_HAND = (
    "Until this is mended nobody can rely on a letter or an answer of this mailbox. Please watch it by hand, above all "
    "for urgent messages, and ring whoever must know of a limit today. mailbot status says more."
)


class SecondRoute(typing.Protocol):
    """One other way to somebody who must know. Raises whatever it likes: the others are tried all the same."""

    def tell(self, subject: str, text: str, now: datetime) -> None: ...


class Alarms:
    def __init__(self, site: Site, store: Store, routes: Sequence[SecondRoute] = ()) -> None:
        self._site, self._store, self.routes = site, store, tuple(routes)

    def tell(self, kind: str, words: str, now: datetime) -> None:
        """Tells of trouble of this kind by every other way, at most every four hours."""
        last = self._store.last(self._site.id, f"{TOLD}{kind}")
        if last is not None and timedelta(0) <= now - last < AGAIN:
            return
        self._store.forget(self._site.id, f"{TOLD}{kind}")
        self._store.note(self._site.id, f"{TOLD}{kind}", now)
        self._by_all(f"mailbot needs somebody: {self._site.id}", f"{words}.\n\n{_BY_HAND}\n", now)

    def over(self, kind: str, words: str, now: datetime) -> None:
        """An alarm ends: tells that trouble of this kind is over, where anybody was told of it."""
        if self._store.last(self._site.id, f"{TOLD}{kind}") is not None:
            self._store.forget(self._site.id, f"{TOLD}{kind}")
            self._by_all(f"mailbot is well again: {self._site.id}", f"{words}.\n", now)

    def _by_all(self, subject: str, text: str, now: datetime) -> None:
        for route in self.routes:
            try:
                route.tell(subject, text, now)
            except Exception as error:
                _log.error("%s the alarm could not be given: %s", self._site.id, place_of(error))


# Word to the office about mailbot itself: a letter that goes before every other, once for each trouble it is about.

LETTER = "trouble_told"
# What it may be about: the letter's templates know each, and say what happens meanwhile and what to do.
OLDER_RECORD, NOT_LEAVING, CLOCK = "an older record", "letters do not leave", "the clock"
CHANGED_FILE, RECORD_AHEAD = "a changed file", "a record of the future"
STRUCK_OUT = "a name struck out"


class OfficeWord:
    def __init__(self, site: Site, store: Store, scribe: "Scribe") -> None:
        self._site, self._store, self._scribe = site, store, scribe

    def tell(self, topic: str, which: str, words: str, now: datetime) -> bool:
        """Word to the office of trouble: ``topic`` is one of those above, ``which`` of that kind it is, once for ever.
        False where it was told before."""
        with self._store.transaction() as work:
            if not work.mark_digest(self._site.id, topic, which):
                return False
            for reader in self._site.current.office():
                event = QuestionAsked(at=now, of=Person(), question=words, topic=topic)
                notice = Notice(LETTER, reader, event, why=topic, acts=True)
                self._scribe.write_plain(work, [notice], f"{topic} {which}", now)
        return True
