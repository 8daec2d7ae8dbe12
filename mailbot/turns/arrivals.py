"""Arrivals: the inbox read to its end in portions, each durable before the next is fetched, and looked at for danger.

Nothing is decided here. A portion is bounded by bytes as well as by number, so that mail is decided and letters go out
while the rest is still being fetched; and where more waits than can be decided at once, whatever may speak of danger is
found first, the newest before the older.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from mailbot.mail.incoming.message import Message, parse
from mailbot.mail.incoming.own_words import own_words
from mailbot.mail.understanding.danger import risk_in
from mailbot.shell.servers.mailbox import Arrival, Mailbox
from mailbot.shell.store.store import Store
from mailbot.shell.store.values import Kept
from mailbot.turns.site import Site

PORTION = 50  # messages a transaction: one durable commit for fifty costs what it costs for one
PORTION_BYTES = 16_000_000
LOOKED_AT = 20  # messages for danger, between two portions


class Arrivals:
    """``passing`` is called with the name of each point at which we may be killed and must then go on."""

    def __init__(self, site: Site, store: Store, passing: Callable[[str], None]) -> None:
        self._site, self._store, self._passing = site, store, passing
        self._coming: Iterator[Arrival] | None = None
        self._began: datetime | None = None

    def keep_some(self, mailbox: Mailbox, now: datetime) -> bool:
        """The next portion; True while there may be more of it. Raises ``Unreachable``; what was fetched before that is
        kept."""
        if self._coming is None:
            self._began = now
            self._coming = mailbox.arrivals(self._store.watermark(self._site.id, self._site.inbox))
        coming, self._coming = self._coming, None  # of one that failed nothing more is to be had
        if self._portion(coming):
            self._coming = coming
            return True
        return False

    def _portion(self, coming: Iterator[Arrival]) -> bool:
        batch: list[Kept] = []
        held = 0
        try:
            for arrival in coming:
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

    def all_decided(self) -> None:
        """Everything that lay in the inbox when it was last begun has been kept, and decided: up to that instant no
        answer to any limit is unread."""
        if self._began is not None and self._coming is None:
            self._store.drained(self._site.id, self._site.inbox, self._began)

    def look_ahead(self, at_once: int) -> None:
        """Where more waits than ``at_once``: which of it may speak of danger, of the newest that nobody has looked at.
        What is said here only puts a message before others; it is read as carefully as any when its turn comes."""
        if self._store.waits_more_than(self._site.id, at_once):
            newest = self._store.not_looked_at(self._site.id, LOOKED_AT)
            self._store.looked_for_danger(self._site.id, {digest: self._alarms(raw) for digest, raw in newest.items()})

    def _alarms(self, raw: bytes) -> bool:
        try:
            message = parse(raw)
            if not isinstance(message, Message):
                return False
            words = own_words(message)
            said = "\n\n".join((message.subject, words.written or words.own))
            return bool(risk_in(said, self._site.current.protocol.risk.line))
        except Exception:
            return True  # reading it will fail as well, and put it before a person: the sooner the better
