"""A record as it stands at one moment, as values: everything that the invariants are asked of, and no letter's text."""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, Table, select

from mailbot.core.record.ledger import Entry, Head
from mailbot.mail.incoming.message import Message, parse
from mailbot.mail.incoming.own_words import own_words
from mailbot.shell.forgetting.replacements import Replaced, entry_key, replacements
from mailbot.shell.servers.mailbox_interface import Folder, message_id_of
from mailbot.shell.store import tables as t
from mailbot.shell.store.maintenance import with_words_cut
from mailbot.shell.store.store import Store
from mailbot.shell.store.tables import AnyRow, entry_of, folder_of, head_of_row
from mailbot.turns.running_partnership import Site
from mailbot.watching.health import health

_AT_ONCE = 100
_TO = re.compile(rb"^to:(.*(?:\r?\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(rb"[^\s<>,;:\"]+@[^\s<>,;:\"]+")
_DATE = re.compile(rb"^date:[ \t]*(.*?)\r?$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SeenDispute:
    """A dispute's row, its ledger, and its end as remembered beside it."""

    reference: str
    columns: Mapping[str, object]
    limit: datetime | None
    next_due: datetime | None
    head: Head
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class SeenMessage:
    """``is_whole``: its bytes are those of its digest, or what they were replaced by. ``has_words``: it says something
    of its own, carries a button's token or a document; None where nobody looked."""

    digest: str
    message_id: str
    received: datetime
    state: str
    disposition: str
    reference: str
    released: str
    is_whole: bool
    has_words: bool | None = None


@dataclass(frozen=True, slots=True)
class SeenLetter:
    """``own_id``, ``to`` and ``date`` stand in its bytes, and are "" where those are gone."""

    id: int
    key: str
    reference: str
    letter: str
    recipient: str
    subject: str
    message_id: str
    state: str
    withdrawn: str
    created: datetime
    finished: datetime | None
    next_try: datetime | None
    attempts: int
    bytes_hash: str
    own_id: str
    to: tuple[str, ...]
    date: str


@dataclass(frozen=True, slots=True)
class SeenFiling:
    id: int
    kind: str
    folder: Folder
    digest: str
    message_id: str
    state: str
    created: datetime
    bytes_hash: str


@dataclass(frozen=True, slots=True)
class SeenOutside:
    """What servers and people saw, where a campaign knows it: ``arrived`` digests and ``lies`` what lies where now;
    ``accepted`` (recipient, Message-ID, hash of bytes) in order; ``outsiders`` who must never hear anything."""

    arrived: frozenset[str] = frozenset()
    lies: Mapping[Folder, tuple[str, ...]] = field(default_factory=dict)
    lying: frozenset[str] = frozenset()
    accepted: tuple[tuple[str, str, str], ...] = ()
    outsiders: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything at one moment. ``in_clear`` are servers reached without TLS; ``says_well`` what ``mailbot status``
    would say."""

    site: Site
    now: datetime
    disputes: Mapping[str, SeenDispute]
    messages: Mapping[str, SeenMessage]
    letters: tuple[SeenLetter, ...]
    filings: tuple[SeenFiling, ...]
    held: Mapping[str, tuple[str, ...]]  # digest -> states
    notes: Mapping[str, datetime]
    counters: Mapping[str, int]
    purged: frozenset[str]
    gone: frozenset[tuple[str, str]]  # (what, key) of what was replaced by nothing
    drained: datetime | None
    lease: tuple[int, datetime] | None
    says_well: bool
    in_clear: tuple[str, ...] = ()
    outside: SeenOutside | None = None
    only: frozenset[str] | None = None  # the disputes that were looked at, where not all were

    @property
    def all_there(self) -> bool:
        return self.only is None


def snapshot_of(
    store: Store,
    site: Site,
    now: datetime,
    outside: SeenOutside | None = None,
    in_clear: tuple[str, ...] = (),
    only: Collection[str] | None = None,
) -> Snapshot:
    """Reads a snapshot of a partnership's record. ``only`` these disputes, with their letters, where a campaign looks
    after each step; the rest is as if it were not there."""
    chosen = None if only is None else frozenset(only)
    with store._reads() as connection:
        disputes = _disputes(connection, site.id, chosen)
        cut = [(what, key, row) for what in Replaced for key, row in replacements(connection, site.id, what).items()]
        notes = {row.what: row.at for row in _rows(connection, t.note, site.id)}
        lease = [(int(row.epoch), row.until) for row in _rows(connection, t.lease, site.id) if row.name == site.inbox]
        counters = {row.name: row.next - 1 for row in _rows(connection, t.counter, site.id)}
        read = [row.drained for row in _rows(connection, t.mailbox, site.id) if row.mailbox == site.inbox]
        purged = frozenset(row.reference for row in _rows(connection, t.purged, site.id))
        return Snapshot(
            site,
            now,
            disputes,
            _messages(connection, site.id, _causes(disputes.values()), chosen),
            tuple(_letters(connection, site.id, chosen)),
            tuple(_filings(connection, site.id, chosen)),
            _held(connection, site.id),
            notes,
            counters,
            purged,
            frozenset((str(what), key) for what, key, row in cut if not row.becomes),
            read[0] if read else None,
            lease[0] if lease else None,
            chosen is None and health(site, store, now).is_well,
            in_clear,
            outside,
            chosen,
        )


def _causes(disputes: Iterable[SeenDispute]) -> set[str]:
    """The messages that something in a snapshot was decided by."""
    found = (entry.cause for one in disputes for entry in one.entries)
    return {cause.what.split(" ")[0] for cause in found if cause.kind == "message"}


def _held(connection: Connection, partnership: str) -> dict[str, tuple[str, ...]]:
    held: dict[str, tuple[str, ...]] = {}
    for row in _rows(connection, t.held, partnership):
        held[row.digest] = (*held.get(row.digest, ()), row.state)
    return held


def _rows(connection: Connection, table: Table, partnership: str) -> Iterator[AnyRow]:
    chosen = select(table).where(table.c.partnership == partnership).execution_options(yield_per=_AT_ONCE)
    yield from connection.execute(chosen)


def _disputes(connection: Connection, partnership: str, only: frozenset[str] | None) -> dict[str, SeenDispute]:
    history: dict[str, list[Entry]] = {}
    ordered = select(t.ledger).where(t.ledger.c.partnership == partnership)
    if only is not None:
        ordered = ordered.where(t.ledger.c.reference.in_(only))
    for row in connection.execute(ordered.order_by(t.ledger.c.reference, t.ledger.c.sequence)):
        history.setdefault(row.reference, []).append(entry_of(row))
    words = replacements(connection, partnership, Replaced.ENTRY)
    found = {}
    for row in _rows(connection, t.dispute, partnership):
        if only is None or row.reference in only:
            entries = [
                with_words_cut(e, words.get(entry_key(e.reference, e.sequence))) for e in history.pop(row.reference, [])
            ]
            found[row.reference] = SeenDispute(
                row.reference, dict(row._mapping), row.limit, row.next_due, head_of_row(row), tuple(entries)
            )
    return found


def _messages(
    connection: Connection, partnership: str, causes: set[str], only: frozenset[str] | None
) -> dict[str, SeenMessage]:
    chosen = t.MESSAGES.where(t.message.c.partnership == partnership)
    if only is not None:
        chosen = chosen.where(t.message.c.digest.in_(causes))
    cut = replacements(connection, partnership, Replaced.MESSAGE)
    found = {}
    for row in connection.execute(chosen.execution_options(yield_per=_AT_ONCE)):
        own = hashlib.sha256(row.raw).hexdigest()
        must = cut[row.digest].becomes if row.digest in cut else row.digest
        found[row.digest] = SeenMessage(
            row.digest,
            row.message_id,
            row.received,
            row.state,
            row.disposition,
            row.reference,
            row.released,
            own == must or (not row.raw and row.digest in cut and not must),
            _has_words(row.raw) if row.digest in causes and row.digest not in cut else None,
        )
    return found


@lru_cache(maxsize=500)
def _has_words(raw: bytes) -> bool:
    message = parse(raw)
    if not isinstance(message, Message):
        return False
    return bool(own_words(message).own.strip() or message.token or message.attachments or message.subject.strip())


def _letters(connection: Connection, partnership: str, only: frozenset[str] | None) -> Iterator[SeenLetter]:
    chosen = select(t.outbox).where(t.outbox.c.partnership == partnership).order_by(t.outbox.c.id)
    if only is not None:
        chosen = chosen.where(t.outbox.c.reference.in_(only))
    names = [name for name in SeenLetter.__slots__ if name in t.outbox.c]
    for row in connection.execute(chosen.execution_options(yield_per=_AT_ONCE)):
        head = row.raw[:20_000].split(b"\r\n\r\n", 1)[0]
        to, date = _TO.search(head), _DATE.search(head)
        addresses = tuple(one.decode("ascii", "replace").lower() for one in _ADDRESS.findall(to[1])) if to else ()
        yield SeenLetter(
            **{name: getattr(row, name) for name in names},
            bytes_hash=hashlib.sha256(row.raw).hexdigest() if row.raw else "",
            own_id=message_id_of(row.raw) if row.raw else "",
            to=addresses,
            date=date[1].decode("ascii", "replace") if date else "",
        )


def _filings(connection: Connection, partnership: str, only: frozenset[str] | None) -> Iterator[SeenFiling]:
    chosen = select(t.filing).where(t.filing.c.partnership == partnership).order_by(t.filing.c.id)
    if only is not None:
        chosen = chosen.where(t.filing.c.folder.in_([t.folder_text(("Disputes", one)) for one in only]))
    for row in connection.execute(chosen.execution_options(yield_per=_AT_ONCE)):
        own = hashlib.sha256(row.raw).hexdigest() if row.raw else ""
        folder = folder_of(row.folder)
        yield SeenFiling(row.id, row.kind, folder, row.digest, row.message_id, row.state, row.created, own)
