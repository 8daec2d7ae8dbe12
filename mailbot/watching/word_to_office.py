"""Word to the office about mailbot itself: a letter that goes before every other, once for each trouble it is about."""

from datetime import datetime

from mailbot.core.notices.notice import Notice
from mailbot.core.record.events import QuestionAsked
from mailbot.core.record.intents import Person
from mailbot.shell.store.store import Store
from mailbot.turns.ledger_and_outbox import Scribe
from mailbot.turns.running_partnership import Site

LETTER = "trouble_told"
# What it may be about: the letter's templates know each, and say what happens meanwhile and what to do.
OLDER_RECORD, NOT_LEAVING, CLOCK = "an older record", "letters do not leave", "the clock"
CHANGED_FILE = "a changed file"
STRUCK_OUT = "a name struck out"


class OfficeWord:
    def __init__(self, site: Site, store: Store, scribe: Scribe) -> None:
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
