"""Rows into values, and the statements that more than one room of the store asks."""

import json
from collections.abc import Iterable

from sqlalchemy import Connection, Row, and_, select

from mailbot.core.happened.dispute import Dispute, fold
from mailbot.core.happened.ledger import Cause, Entry, Head
from mailbot.shell import tables as t
from mailbot.shell.mailbox import Folder, Place
from mailbot.shell.store_values import DisputeRow, Held, HeldState, StoredMessage

# What a driver hands over for one row: its columns in the order of the statement, each of its column's type.
AnyRow = Row[tuple[object, ...]]


MESSAGES = select(t.message, t.message_bytes.c.raw).join_from(
    t.message,
    t.message_bytes,
    and_(t.message_bytes.c.partnership == t.message.c.partnership, t.message_bytes.c.digest == t.message.c.digest),
)


def message_of(row: AnyRow) -> StoredMessage:
    return StoredMessage(
        partnership=row.partnership, digest=row.digest, raw=row.raw, received=row.received, message_id=row.message_id,
        place=Place(row.folder, row.uidvalidity, row.uid), attempts=row.attempts, released=row.released,
        disposition=row.disposition, reason=row.reason, reference=row.reference, into=row.into,
    )  # fmt: skip


def entry_of(row: AnyRow) -> Entry:
    return Entry(
        partnership=row.partnership, reference=row.reference, sequence=row.sequence, at=row.at,
        cause=Cause(row.cause_kind, row.cause_what), kind=row.kind, text=row.text, previous=row.previous,
        hash=row.hash,
    )  # fmt: skip


def entry_columns(entry: Entry) -> dict[str, object]:
    return {
        "partnership": entry.partnership, "reference": entry.reference, "sequence": entry.sequence, "at": entry.at,
        "cause_kind": entry.cause.kind, "cause_what": entry.cause.what, "kind": entry.kind, "text": entry.text,
        "previous": entry.previous, "hash": entry.hash,
    }  # fmt: skip


def head_of_row(row: AnyRow) -> Head:
    return Head(row.head_sequence, row.head_hash, row.head_at)


def dispute_row_of(row: AnyRow) -> DisputeRow:
    return DisputeRow(
        partnership=row.partnership, reference=row.reference, protocol=row.protocol, version=row.version,
        state=row.state, stage=row.stage, limit=row.limit, next_due=row.next_due, opened=row.opened,
    )  # fmt: skip


def dispute_columns(dispute: Dispute) -> dict[str, object]:
    """What the dispute's row must say; ``verify`` compares it with what it does say."""
    return {
        "protocol": dispute.protocol,
        "version": dispute.version,
        "state": dispute.state.value,
        "stage": dispute.stage if dispute.visits else "",
        "opened": dispute.opened,
    }


def held_of(row: AnyRow) -> Held:
    return Held(
        partnership=row.partnership, number=row.number, digest=row.digest, reason=row.reason, asked=row.asked,
        since=row.since, state=HeldState(row.state), by=row.by, why=row.why, settled=row.settled,
    )  # fmt: skip


def folder_text(folder: Folder) -> str:
    return json.dumps(folder)


def folder_of(text: str) -> Folder:
    return tuple(json.loads(text))


def entries(connection: Connection, partnership: str, reference: str) -> list[Entry]:
    rows = connection.execute(
        select(t.ledger)
        .where(t.ledger.c.partnership == partnership, t.ledger.c.reference == reference)
        .order_by(t.ledger.c.sequence)
    )
    return [entry_of(row) for row in rows]


def folded(history: Iterable[Entry]) -> Dispute:
    return fold(entry.event for entry in history)
