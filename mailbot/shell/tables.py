"""The tables. Every row belongs to a partnership, and no two partnerships share one.

Uniqueness is what makes a turn repeatable: a message by its digest, an entry by its place in the ledger, a letter and
a filing by the key of what called for it. A change here needs a migration beside it; a test compares the two.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, Table

from mailbot.shell.column_types import Instant, Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _key(name: str) -> Column[str]:
    return Column(name, Words, primary_key=True, nullable=False)


def _words(name: str, default: str | None = "") -> Column[str]:
    return Column(name, Words, nullable=False, default=default)


def _number(name: str, default: int | None = None) -> Column[int]:
    return Column(name, Integer, nullable=False, default=default)


def _instant(name: str) -> Column[object]:
    return Column(name, Instant, nullable=False)


def _maybe(name: str) -> Column[object]:
    return Column(name, Instant, nullable=True)


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
    _words("reason"),
    _words("reference"),
    _words("released"),  # who let it out of being held, "" if nobody had to
    _words("into"),  # the dispute that person said it belongs to, "" if they did not
    Index(None, "partnership", "state", "received"),
    Index(None, "partnership", "message_id"),
)

# Apart from their row, because a row is written again whenever its state changes, and these may be 25 MB.
message_bytes = Table(
    "message_bytes",
    metadata,
    _key("partnership"),
    _key("digest"),
    Column("raw", LargeBinary, nullable=False),
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
    Index(None, "partnership", "next_due"),
)

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
    _words("text", None),
    _words("previous", None),
    _words("hash", None),
)


def _work_left() -> list[Column[object]]:
    """What every row of work outside the database has: how far it is, and who has it until when."""
    columns: list[Column[object]] = [
        Column("state", Words, nullable=False),
        Column("attempts", Integer, nullable=False, default=0),
        Column("next_try", Instant, nullable=True),
        Column("claimed_until", Instant, nullable=True),
        Column("words", Words, nullable=False, default=""),
        Column("created", Instant, nullable=False),
        Column("finished", Instant, nullable=True),
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
    _words("subject", None),
    _words("message_id", None),
    Column("raw", LargeBinary, nullable=False),
    _words("withdrawn"),  # why it must not go any more; a copy already on its way cannot be called back
    *_work_left(),
    Index(None, "partnership", "key", unique=True),
    Index(None, "partnership", "message_id", unique=True),
    Index(None, "partnership", "state", "next_try"),
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
    Column("raw", LargeBinary, nullable=False),
    _instant("dated"),
    Column("seen", Boolean, nullable=False, default=False),
    Column("flagged", Boolean, nullable=False, default=False),
    _words("reference"),  # the dispute whose card it is
    *_work_left(),
    Index(None, "partnership", "key", unique=True),
    Index(None, "partnership", "state", "next_try"),
)

# Every card that may still lie in the overview, and of each dispute at least the newest.
card = Table(
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
    _words("reason", None),
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
