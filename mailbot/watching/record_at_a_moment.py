"""A record as it stands at one moment, as values: everything that the invariants are asked of, and no letter's text.

A large record is read in portions, so that what is held of it at one time does not grow with it.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, Connection, Table, and_, exists, func, literal, or_, select, true

from mailbot.core.partnership.partnership import Partnership
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.ledger import Entry, Head
from mailbot.mail.body.own_words import own_words
from mailbot.mail.incoming.message import Message, parse
from mailbot.shell.forgetting.replacements import Replaced, entry_key, replacements
from mailbot.shell.servers.mailbox_interface import Folder, message_id_of
from mailbot.shell.store import tables as t
from mailbot.shell.store.maintenance import with_words_cut
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import FilingKind
from mailbot.shell.store.tables import AnyRow, entry_of, folder_of, head_of_row
from mailbot.turns.running_partnership import Site
from mailbot.watching.health import health

_AT_ONCE = 100
PORTION_OF_DISPUTES = 500  # disputes of a portion, with all that belongs to them
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
        made = replace(_beside(connection, store, site, now), in_clear=in_clear, outside=outside, only=chosen)
        disputes = _disputes(connection, site.id, chosen)
        causes = _causes(disputes.values())
        return replace(
            made,
            disputes=disputes,
            messages=_messages(connection, site.id, causes, None if chosen is None else causes),
            letters=tuple(_letters(connection, site.id, _those_of(t.outbox, chosen))),
            filings=tuple(_filings(connection, site.id, _those_of(t.filing, chosen))),
            says_well=chosen is None and made.says_well,
        )


def portions_of(
    store: Store, site: Site, now: datetime, in_clear: tuple[str, ...] = (), at_once: int = PORTION_OF_DISPUTES
) -> Iterator[Snapshot]:
    """The whole record, as ``snapshot_of`` reads it, in portions to be looked at one after the other: first disputes,
    ``at_once`` of them with all that belongs to them; then the mail, what has one Message-ID together; last what
    belongs to no dispute, with whatever shares a Message-ID with something else. What one invariant must see together
    is in one of them."""
    with store._reads() as connection:
        base = replace(_beside(connection, store, site, now), in_clear=in_clear)
        of_disputes = select(t.dispute.c.reference).where(t.dispute.c.partnership == site.id)
        references = list(connection.scalars(of_disputes.order_by(t.dispute.c.reference)))
        for some in _in_batches(references, at_once):
            yield _with_disputes(connection, base, frozenset(some))
        for messages in _mail(connection, site.id, at_once):
            yield replace(base, messages=messages)
        yield _with_the_rest(connection, base)


def _with_disputes(connection: Connection, base: Snapshot, chosen: frozenset[str]) -> Snapshot:
    """A portion of a snapshot: these disputes."""
    name = base.site.id
    disputes = _disputes(connection, name, chosen)
    letters = tuple(_letters(connection, name, _those_of(t.outbox, chosen)))
    filings = tuple(_filings(connection, name, _those_of(t.filing, chosen)))
    causes = _causes(disputes.values())
    wanted = causes | {filing.digest for filing in filings if filing.digest}
    messages = _messages(connection, name, causes, wanted)
    return replace(base, disputes=disputes, messages=messages, letters=letters, filings=filings)


def _mail(connection: Connection, partnership: str, at_once: int) -> Iterator[dict[str, SeenMessage]]:
    """Portions of a snapshot's mail, by Message-ID."""
    ordered = t.MESSAGES.where(t.message.c.partnership == partnership).order_by(t.message.c.message_id)
    cut, last = replacements(connection, partnership, Replaced.MESSAGE), ""
    found: dict[str, SeenMessage] = {}
    for row in connection.execute(ordered.execution_options(yield_per=_AT_ONCE)):
        if len(found) >= at_once and (not last or row.message_id != last):
            yield found
            found = {}
        found[row.digest], last = _seen(row, cut), row.message_id
    yield found


def _with_the_rest(connection: Connection, base: Snapshot) -> Snapshot:
    """The last portion of a snapshot: what belongs to no dispute, and what shares its Message-ID."""
    name = base.site.id
    there = select(t.dispute.c.reference).where(t.dispute.c.partnership == name)
    folders = select(literal('["Disputes", "') + t.dispute.c.reference + literal('"]')).where(
        t.dispute.c.partnership == name
    )
    shared = list(_shared_ids(connection, name))
    letters = tuple(_letters(connection, name, or_(t.outbox.c.reference.not_in(there), _named(t.outbox, shared))))
    filings = tuple(_filings(connection, name, or_(t.filing.c.folder.not_in(folders), _named(t.filing, shared))))
    about = {one.key.partition(":")[0].rpartition("|")[2] for one in letters}
    digests = connection.scalars(select(t.message.c.digest).where(t.message.c.partnership == name))
    wanted = {digest for digest in digests if digest[:32] in about} | {one.digest for one in filings if one.digest}
    return replace(base, messages=_messages(connection, name, set(), wanted), letters=letters, filings=filings)


def _named(table: Table, message_ids: list[str]) -> ColumnElement[bool]:
    return table.c.message_id.in_(message_ids)


def _shared_ids(connection: Connection, partnership: str) -> Iterator[str]:
    """Message-IDs that a snapshot has of more than one thing that we made."""
    made = and_(t.filing.c.partnership == partnership, t.filing.c.kind.in_((FilingKind.APPEND, FilingKind.CARD)))
    number = func.count()
    yield from connection.scalars(
        select(t.filing.c.message_id).where(made).group_by(t.filing.c.message_id).having(number > 1)
    )
    beside = exists().where(t.outbox.c.partnership == partnership, t.outbox.c.message_id == t.filing.c.message_id)
    yield from connection.scalars(select(t.filing.c.message_id).where(made, beside))


def _beside(connection: Connection, store: Store, site: Site, now: datetime) -> Snapshot:
    """A snapshot of what stands beside disputes, mail, letters and filings, without any of those."""
    cut = [(what, key, row) for what in Replaced for key, row in replacements(connection, site.id, what).items()]
    lease = [(int(row.epoch), row.until) for row in _rows(connection, t.lease, site.id) if row.name == site.inbox]
    read = [row.drained for row in _rows(connection, t.mailbox, site.id) if row.mailbox == site.inbox]
    return Snapshot(
        site,
        now,
        {},
        {},
        (),
        (),
        _held(connection, site.id),
        {row.what: row.at for row in _rows(connection, t.note, site.id)},
        {row.name: row.next - 1 for row in _rows(connection, t.counter, site.id)},
        frozenset(row.reference for row in _rows(connection, t.purged, site.id)),
        frozenset((str(what), key) for what, key, row in cut if not row.becomes),
        read[0] if read else None,
        lease[0] if lease else None,
        health(site, store, now).is_well,
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
    connection: Connection, partnership: str, causes: set[str], wanted: set[str] | None
) -> dict[str, SeenMessage]:
    """A snapshot's mail: all of it, or these digests; ``causes`` are looked at for words of their own."""
    chosen = t.MESSAGES.where(t.message.c.partnership == partnership)
    cut = replacements(connection, partnership, Replaced.MESSAGE)
    asked = [chosen]
    if wanted is not None:
        asked = [
            chosen.where(t.message.c.digest.in_(some)) for some in _in_batches(sorted(wanted), PORTION_OF_DISPUTES)
        ]
    rows = (row for one in asked for row in connection.execute(one.execution_options(yield_per=_AT_ONCE)))
    return {row.digest: _seen(row, cut, causes) for row in rows}


def _seen(row: AnyRow, cut: Mapping[str, AnyRow], causes: Collection[str] = ()) -> SeenMessage:
    own = hashlib.sha256(row.raw).hexdigest()
    must = cut[row.digest].becomes if row.digest in cut else row.digest
    return SeenMessage(
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


def _in_batches(names: Sequence[str], at_once: int) -> Iterator[Sequence[str]]:
    return (names[at : at + at_once] for at in range(0, len(names), at_once))


def _those_of(table: Table, only: frozenset[str] | None) -> ColumnElement[bool]:
    """Of the record at a moment, the rows of letters or filings that its snapshot has of these disputes; all of them
    where none are named."""
    if only is None:
        return true()
    if table is t.outbox:
        return table.c.reference.in_(only)
    return table.c.folder.in_([t.folder_text(("Disputes", one)) for one in only])


@lru_cache(maxsize=500)
def _has_words(raw: bytes) -> bool:
    message = parse(raw)
    if not isinstance(message, Message):
        return False
    return bool(own_words(message).own.strip() or message.token or message.attachments or message.subject.strip())


def _letters(connection: Connection, partnership: str, those: ColumnElement[bool]) -> Iterator[SeenLetter]:
    chosen = select(t.outbox).where(t.outbox.c.partnership == partnership, those).order_by(t.outbox.c.id)
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


def _filings(connection: Connection, partnership: str, those: ColumnElement[bool]) -> Iterator[SeenFiling]:
    chosen = select(t.filing).where(t.filing.c.partnership == partnership, those).order_by(t.filing.c.id)
    for row in connection.execute(chosen.execution_options(yield_per=_AT_ONCE)):
        own = hashlib.sha256(row.raw).hexdigest() if row.raw else ""
        folder = folder_of(row.folder)
        yield SeenFiling(row.id, row.kind, folder, row.digest, row.message_id, row.state, row.created, own)


_MOVES = (e.StageEntered, e.StageEnded, e.DisputeClosed, e.DisputeReopened, e.DisputeOpened)


class _Looked:
    """A dispute of a snapshot, folded once for all that is asked of it."""

    def __init__(self, seen: SeenDispute, snap: Snapshot) -> None:
        self.seen, self.reference = seen, seen.reference
        self.dispute: Dispute | None = None
        self.fault = ""
        self.happened: tuple[tuple[Entry, e.Event], ...] = ()  # each entry with its event, where all can be read
        try:
            happened = tuple((entry, entry.event) for entry in seen.entries)
            self.dispute, self.happened = fold(event for _, event in happened), happened
        except (ValueError, KeyError, IndexError) as error:
            self.fault = f"{self.reference}: cannot be replayed: {error}"
        version = (self.dispute.protocol, self.dispute.version) if self.dispute else ("", "")
        self.partnership: Partnership | None = snap.site.versions.get(version)

    def moves(self) -> Iterator[Entry]:
        return (entry for entry in self.seen.entries if entry.kind in {kind.__name__ for kind in _MOVES})


class Looking:
    """A snapshot being looked at for breaches of the invariants."""

    def __init__(self, snap: Snapshot) -> None:
        self.snap = snap
        self.all = {reference: _Looked(seen, snap) for reference, seen in snap.disputes.items()}
        self.letters: dict[str, list[SeenLetter]] = defaultdict(list)
        for letter in snap.letters:
            self.letters[letter.reference].append(letter)

    @property
    def open(self) -> Iterator[tuple[str, Dispute, Partnership, SeenDispute]]:
        for reference, dispute, partnership, seen in self.known:
            if dispute.is_open:
                yield reference, dispute, partnership, seen

    @property
    def known(self) -> Iterator[tuple[str, Dispute, Partnership, SeenDispute]]:
        for reference, looked in self.all.items():
            if looked.dispute is not None and looked.partnership is not None:
                yield reference, looked.dispute, looked.partnership, looked.seen
