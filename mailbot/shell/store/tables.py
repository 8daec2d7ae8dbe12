"""The tables, what a column may hold, and rows into values. Every row belongs to a partnership; none share one."""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Index,
    Integer,
    MetaData,
    Row,
    Table,
    Text,
    and_,
    bindparam,
    select,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.events_as_json import storable, text_fault
from mailbot.core.record.ledger import Cause, Entry, Head
from mailbot.shell.encryption import LockedBytesColumn, LockedWordsColumn
from mailbot.shell.servers.mailbox_interface import Folder, Place
from mailbot.shell.store.stored_values import DisputeRow, Held, HeldState, KnownId, StoredMessage

# What a column may hold: instants that know their zone, and text that every database can keep.

# An index entry of PostgreSQL holds 2704 bytes, a character takes up to four, and a stranger writes the Message-ID.
_LONGEST_ID = 500


class InstantColumn(TypeDecorator[datetime]):
    """An aware instant, stored in UTC with microseconds. Raises ``ValueError`` for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant without a time zone cannot be stored: {value.isoformat()}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WordsColumn(TypeDecorator[str]):
    """Text without NUL and without half surrogate pairs. Raises ``ValueError`` that says where one stands."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is not None and (fault := text_fault(value)):
            raise ValueError(fault)
        return value


def id_key(message_id: str) -> str:
    """A Message-ID as the tables have it, stored and looked up: storable, and short enough to be indexed.

    A longer one (a stranger may write kilobytes) keeps its beginning, and a digest of all of it.
    """
    clean = storable(message_id)
    if len(clean) <= _LONGEST_ID:
        return clean
    return f"{clean[:200]}…{hashlib.sha256(clean.encode()).hexdigest()}"


# The tables. Every row belongs to a partnership, and no two partnerships share one.
#
# Uniqueness is what makes a turn repeatable: a message by its digest, an entry by its place in the ledger, a letter
# and a filing by the key of what called for it. A change here needs a migration beside it; a test compares the two.

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _key(name: str) -> Column[str]:
    return Column(name, WordsColumn, primary_key=True, nullable=False)


def _words(name: str, default: str | None = "") -> Column[str]:
    return Column(name, WordsColumn, nullable=False, default=default)


def _number(name: str, default: int | None = None) -> Column[int]:
    return Column(name, Integer, nullable=False, default=default)


def _instant(name: str) -> Column[object]:
    return Column(name, InstantColumn, nullable=False)


def _maybe(name: str) -> Column[object]:
    return Column(name, InstantColumn, nullable=True)


message = Table(
    "message",
    metadata,
    _key("partnership"),
    _key("digest"),  # SHA-256 of the bytes: the same Message-ID over other bytes is another message
    _words("message_id"),
    _instant("received"),
    _number("size"),
    _words("folder"),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
    _number("attempts", 0),
    _words("state", None),  # MessageState
    _words("disposition"),
    Column("reason", LockedWordsColumn, nullable=False, default=""),
    _words("reference"),
    _words("released"),  # who let it out of being held, "" if nobody had to
    _words("into"),  # the dispute that person said it belongs to, "" if they did not
    Column("danger", Boolean, nullable=True),  # whether its words may mean danger; None while nobody has looked
    Index(None, "partnership", "state", "received"),
    Index(None, "partnership", "state", "danger", "received"),
    Index(None, "partnership", "message_id"),
)
# Apart from their row, because a row is written again whenever its state changes, and these may be 25 MB.
message_bytes = Table(
    "message_bytes",
    metadata,
    _key("partnership"),
    _key("digest"),
    Column("raw", LockedBytesColumn, nullable=False),
)
dispute = Table(
    "dispute",
    metadata,
    _key("partnership"),
    _key("reference"),
    _words("protocol", None),
    _words("version", None),
    _words("state", None),
    _words("stage", None),
    _maybe("limit"),
    _maybe("next_due"),
    _instant("opened"),
    _number("head_sequence"),
    _words("head_hash", None),
    _instant("head_at"),
    _words("seal"),  # of the head, made with a key that is not in the database; "" where there was none
    _number("unkeyed", 0),  # entries that were there before the first seal
    _maybe("card_due"),  # when its card must be looked at: something has happened, or the day that it shows is over
    Index(None, "partnership", "next_due"),
    Index(None, "partnership", "card_due"),
    Index(None, "partnership", "state"),
)
# Who is or was anybody in a dispute: where to look when somebody writes without saying which.
involved_table = Table("involved", metadata, _key("partnership"), _key("address"), _key("reference"))
ledger = Table(
    "ledger",
    metadata,
    _key("partnership"),
    _key("reference"),
    Column("sequence", Integer, primary_key=True, nullable=False, autoincrement=False),
    _instant("at"),
    _words("cause_kind", None),
    _words("cause_what", None),
    _words("kind", None),
    Column("text", LockedWordsColumn, nullable=False),
    _words("previous", None),
    _words("hash", None),
    Index(None, "partnership", "at"),
)


def _work_left() -> list[Column[object]]:
    """Columns of a table that every row of work outside the database has: how far it is, and who has it until when.

    ``next_try`` is when somebody must look at it: to try it, or because whoever claimed it should have ended. Nobody
    ever need look at what has none, however much of that there is.
    """
    columns: list[Column[object]] = [
        Column("state", WordsColumn, nullable=False),
        Column("attempts", Integer, nullable=False, default=0),
        Column("next_try", InstantColumn, nullable=True),
        Column("claimed_until", InstantColumn, nullable=True),
        Column("words", WordsColumn, nullable=False, default=""),
        Column("created", InstantColumn, nullable=False),
        Column("finished", InstantColumn, nullable=True),
    ]
    return columns


outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    _words("partnership", None),
    _words("key", None),
    _words("reference"),
    _words("letter", None),
    _words("recipient", None),
    Column("subject", LockedWordsColumn, nullable=False),
    _words("message_id", None),
    Column("raw", LockedBytesColumn, nullable=False),
    Column("urgent", Boolean, nullable=False, default=False),  # of danger: it goes before every other
    _words("seal"),  # of reader and bytes, likewise
    _words("withdrawn"),  # why it must not go any more; a copy already on its way cannot be called back
    *_work_left(),
    Index(None, "partnership", "key", unique=True),
    Index(None, "partnership", "message_id", unique=True),
    Index(None, "partnership", "state", "next_try"),
    Index(None, "partnership", "urgent", "next_try"),
    Index(None, "partnership", "recipient", "created"),
    Index(None, "partnership", "reference"),
)
filing = Table(
    "filing",
    metadata,
    Column("id", Integer, primary_key=True),
    _words("partnership", None),
    _words("key", None),
    _words("kind", None),  # FilingKind
    _words("folder", None),  # a JSON list of names
    _words("digest"),
    _words("message_id"),
    Column("raw", LockedBytesColumn, nullable=False),
    _instant("dated"),
    Column("seen", Boolean, nullable=False, default=False),
    Column("flagged", Boolean, nullable=False, default=False),
    _words("reference"),  # the dispute whose card it is
    _words("seal"),  # of what it does and of its bytes, likewise
    *_work_left(),
    Index(None, "partnership", "key", unique=True),
    Index(None, "partnership", "state", "next_try"),
    Index(None, "partnership", "next_try"),
    Index(None, "partnership", "message_id"),
)
# Every card that may still lie in the overview, and of each dispute at least the newest.
card_table = Table(
    "card",
    metadata,
    _key("partnership"),
    _key("reference"),
    Column("number", Integer, primary_key=True, nullable=False, autoincrement=False),
    _words("message_id", None),
    _words("digest", None),  # SHA-256 of what it shows, "" where none is to lie there: the dispute is closed
    _number("sequence"),  # of the last ledger entry it tells of
    _instant("until"),  # when it says something untrue though nothing has happened: the day or the limit passes
)
held = Table(
    "held",
    metadata,
    _key("partnership"),
    Column("number", Integer, primary_key=True, nullable=False, autoincrement=False),
    _words("digest", None),
    Column("reason", LockedWordsColumn, nullable=False),
    _words("asked"),
    _instant("since"),
    _words("state", None),  # HeldState
    _words("by"),
    _words("why"),
    _maybe("settled"),
    Index(None, "partnership", "state"),
    Index(None, "partnership", "digest"),
)
known_id = Table(
    "known_id",
    metadata,
    _key("partnership"),
    _key("message_id"),
    _words("reference", None),
    Column("ours", Boolean, nullable=False),
    _words("recipient"),
    Index(None, "partnership", "reference"),
)
mailbox = Table(
    "mailbox",
    metadata,
    _key("partnership"),
    _key("mailbox"),
    Column("uidvalidity", BigInteger, nullable=True),
    Column("uid", BigInteger, nullable=True),
    _maybe("drained"),
)
# What is not kept as it was written: words in which a name has been cut, bytes whose time was over.
replaced = Table(
    "replaced",
    metadata,
    _key("partnership"),
    _key("what"),  # Kind of row: "ledger", "message", "letter" or "filing"
    _key("key"),  # which: reference and sequence, digest, or id
    _words("was", None),  # the hash of what stood there
    _words("becomes"),  # the hash of what stands there now, "" where nothing is left
    _words("why", None),
    _instant("at"),
    _words("seal"),
)
# Disputes whose time is over: their chain without a word of what was said in them.
purged = Table(
    "purged",
    metadata,
    _key("partnership"),
    _key("reference"),
    _words("entries", None),  # a JSON list, each what the chain needs of one entry
    _number("head_sequence"),
    _words("head_hash", None),
    _words("by", None),
    _words("why", None),
    _instant("at"),
    _words("seal"),
)
counter = Table("counter", metadata, _key("partnership"), _key("name"), _number("next"))
digest_run = Table("digest_run", metadata, _key("partnership"), _key("kind"), _key("period"))
note = Table("note", metadata, _key("partnership"), _key("what"), _instant("at"))
lease = Table(
    "lease",
    metadata,
    _key("partnership"),
    _key("name"),
    _words("holder", None),
    _number("epoch"),
    _instant("until"),
)

# Rows into values, and the statements that more than one room of the store asks.

# What a driver hands over for one row: its columns in the order of the statement, each of its column's type.
AnyRow = Row[tuple[object, ...]]
MESSAGES = select(message, message_bytes.c.raw).join_from(
    message,
    message_bytes,
    and_(message_bytes.c.partnership == message.c.partnership, message_bytes.c.digest == message.c.digest),
)


def message_of(row: AnyRow) -> StoredMessage:
    return StoredMessage(
        partnership=row.partnership,
        digest=row.digest,
        raw=row.raw,
        received=row.received,
        message_id=row.message_id,
        place=Place(row.folder, row.uidvalidity, row.uid),
        attempts=row.attempts,
        released=row.released,
        disposition=row.disposition,
        reason=row.reason,
        reference=row.reference,
        into=row.into,
    )


def entry_of(row: AnyRow) -> Entry:
    return Entry(
        partnership=row.partnership,
        reference=row.reference,
        sequence=row.sequence,
        at=row.at,
        cause=Cause(row.cause_kind, row.cause_what),
        kind=row.kind,
        text=row.text,
        previous=row.previous,
        hash=row.hash,
    )


def entry_columns(entry: Entry) -> dict[str, object]:
    return {
        "partnership": entry.partnership,
        "reference": entry.reference,
        "sequence": entry.sequence,
        "at": entry.at,
        "cause_kind": entry.cause.kind,
        "cause_what": entry.cause.what,
        "kind": entry.kind,
        "text": entry.text,
        "previous": entry.previous,
        "hash": entry.hash,
    }


def head_of_row(row: AnyRow) -> Head:
    return Head(row.head_sequence, row.head_hash, row.head_at)


def dispute_row_of(row: AnyRow) -> DisputeRow:
    return DisputeRow(
        partnership=row.partnership,
        reference=row.reference,
        protocol=row.protocol,
        version=row.version,
        state=row.state,
        stage=row.stage,
        limit=row.limit,
        next_due=row.next_due,
        opened=row.opened,
    )


def dispute_columns(dispute: Dispute) -> dict[str, object]:
    """Columns of a dispute's row as they must be; ``verify`` compares them with what the tables hold."""
    return {
        "protocol": dispute.protocol,
        "version": dispute.version,
        "state": dispute.state.value,
        "stage": dispute.stage if dispute.visits else "",
        "opened": dispute.opened,
    }


def held_of(row: AnyRow) -> Held:
    return Held(
        partnership=row.partnership,
        number=row.number,
        digest=row.digest,
        reason=row.reason,
        asked=row.asked,
        since=row.since,
        state=HeldState(row.state),
        by=row.by,
        why=row.why,
        settled=row.settled,
    )


def known_of(row: AnyRow) -> KnownId:
    return KnownId(row.message_id, row.reference, row.ours, row.recipient)


def folder_text(folder: Folder) -> str:
    return json.dumps(folder)


def folder_of(text: str) -> Folder:
    return tuple(json.loads(text))


_HISTORY = (
    select(ledger)
    .where(ledger.c.partnership == bindparam("partnership"), ledger.c.reference == bindparam("reference"))
    .where(ledger.c.sequence > bindparam("above"))
    .order_by(ledger.c.sequence)
)


def entries(connection: Connection, partnership: str, reference: str, above: int = 0) -> list[Entry]:
    """The dispute's ledger after that sequence."""
    rows = connection.execute(_HISTORY, {"partnership": partnership, "reference": reference, "above": above})
    return [entry_of(row) for row in rows]


def folded(history: Iterable[Entry]) -> Dispute:
    return fold(entry.event for entry in history)


# Disputes as they were last folded, so that nothing is replayed that has been replayed before.
#
# Each is kept with the last entry it tells of. Only what the ledger has beyond that is read; and because every
# entry names the hash of the one before, what was kept is known at once for what it is: a state of this very
# ledger, or not.

_MOST = 256  # some ten megabytes; the disputes of a busy week


class Folds:
    """Safe for several threads: values are never changed, and the newest of two is as good as the other."""

    def __init__(self, most: int = _MOST) -> None:
        self.most = most
        self._kept: OrderedDict[tuple[str, str], tuple[Head, Dispute]] = OrderedDict()
        self._lock = threading.Lock()

    def dispute(self, partnership: str, reference: str, head: Head, read: Callable[[int], list[Entry]]) -> Dispute:
        """The dispute as the store folded it, from the ledger that ends at ``head``; ``read`` gives its entries
        after that sequence."""
        key = (partnership, reference)
        with self._lock:
            known = self._kept.get(key)
        same = known is not None and known[0] == head
        found = known[1] if known is not None and same else _further(known, read) or folded(read(0))
        self.keep(partnership, reference, head, found)
        return found

    def knows(self, partnership: str, reference: str) -> bool:
        """Whether the store has folded this dispute before, as it was then."""
        with self._lock:
            return (partnership, reference) in self._kept

    def keep(self, partnership: str, reference: str, head: Head, dispute: Dispute) -> None:
        with self._lock:
            self._kept[partnership, reference] = (head, dispute)
            self._kept.move_to_end((partnership, reference))
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)

    def forget(self, partnership: str, reference: str) -> None:
        """A fold to forget: what was folded is not what the ledger says any more: a name was cut out of it."""
        with self._lock:
            self._kept.pop((partnership, reference), None)


def _further(known: tuple[Head, Dispute] | None, read: Callable[[int], list[Entry]]) -> Dispute | None:
    """A fold kept by the store, of a ledger, with what has happened since; None where the ledger does not go on from
    there."""
    if known is None:
        return None
    head, dispute = known
    since = read(head.sequence)
    if not since or since[0].previous != head.hash:
        return None
    for entry in since:
        dispute = dispute.after(entry.event)
    return dispute
