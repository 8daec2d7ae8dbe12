"""A store moved to another database, from SQLite to PostgreSQL as a rule: every row, and nothing else. And one that was
rebuilt, made fit to move in where its own was lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, delete, func, insert, select, text, update

from mailbot.shell.errors import StoreRefused
from mailbot.shell.servers.mailbox_interface import Place
from mailbot.shell.store import tables as t
from mailbot.shell.store.database import is_sqlite, reading
from mailbot.shell.store.sealing import KEYED
from mailbot.shell.store.statements import new_row
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import FilingState, LetterState
from mailbot.shell.store.tables import metadata

_ROWS_AT_ONCE = 200


def move_store(source: Store, target: Store, told: Callable[[str, int], None]) -> None:
    """Moves a store to another database: copies it into one that is empty, in one transaction, as it is at one moment;
    ``told`` hears of each table and how many rows it has. The source stays as it is. Raises ``StoreRefused`` where the
    target holds anything."""
    with reading(source._engine).connect() as old, target._engine.begin() as new:
        for table in metadata.sorted_tables:
            if new.execute(select(func.count()).select_from(table)).scalar_one():
                raise StoreRefused(f"the store to move into is not empty: it has rows in {table.name}")
        for table in metadata.sorted_tables:
            told(table.name, _copied(old, new, table))
        if not is_sqlite(target._engine):
            _number_on(new)


def _copied(old: Connection, new: Connection, table: Table) -> int:
    names = table.c.keys()
    found = old.execution_options(yield_per=_ROWS_AT_ONCE).execute(select(table))
    count = 0
    for some in found.partitions(_ROWS_AT_ONCE):
        new.execute(new_row(table), [dict(zip(names, row, strict=True)) for row in some])
        count += len(some)
    return count


def _number_on(connection: Connection) -> None:
    """After the move to another database, rows that are numbered by the database go on after the highest number that
    came along."""
    numbered: Sequence[Table] = [table for table in metadata.sorted_tables if table.autoincrement_column is not None]
    for table in numbered:
        column = table.autoincrement_column
        assert column is not None
        highest = connection.execute(select(func.max(column))).scalar()
        if highest is not None:
            named = {"table": table.name, "column": column.name, "highest": highest}
            connection.execute(text("SELECT setval(pg_get_serial_sequence(:table, :column), :highest)"), named)


# A store that was rebuilt from the mailbox, moved in where nothing is.

REBUILT = "rebuilt from the mailbox, and nobody has looked yet"  # the note that keeps it from acting
WRITTEN_AGAIN = "written again when the record was rebuilt; what was sent then is not known"


@dataclass(frozen=True, slots=True)
class LyingCard:
    """A card in the overview of the mailbox a store moves to, and what it says of its dispute."""

    reference: str
    message_id: str
    subject: str


def give_id_of_lost_letter(store: Store, partnership: str, reference: str, reader: str, ids: Sequence[str]) -> None:
    """On its way to another database, a rebuilt store's letter that is written again has another Message-ID than it
    had. ``ids`` are those that an answer of its ``reader`` names: the last is given to the last letter they had, and so
    on back."""
    known = store.by_message_id(partnership, ids)
    letters = [one for one in store.letters(partnership, reference) if one.recipient == reader]
    for own_id, letter in zip(reversed(ids), reversed(letters), strict=False):
        if own_id in known:
            continue
        with store.transaction() as work:
            if work.know_id(partnership, own_id, reference, ours=True, recipient=reader):
                row = (t.outbox.c.partnership == partnership) & (t.outbox.c.id == letter.id)
                work._connection.execute(update(t.outbox).where(row).values(message_id=own_id))


def settle_rebuilt(
    store: Store, partnership: str, places: Mapping[str, Place], cards: Sequence[LyingCard], now: datetime
) -> None:
    """A rebuilt store before it moves to another database: nothing in it waits for a server, its messages lie at
    ``places``, and ``cards`` are those that its own will be put up in place of."""
    with store._writes() as connection:
        of_it = t.outbox.c.partnership == partnership
        for row in connection.execute(select(t.outbox).where(of_it)).all():
            ended = {
                "state": LetterState.CANCELLED,
                "next_try": None,
                "claimed_until": None,
                "withdrawn": WRITTEN_AGAIN,
            }
            seal = store._seals.of_letter(dict(row._mapping), row.raw)
            connection.execute(
                update(t.outbox).where(t.outbox.c.id == row.id).values(**ended, words=WRITTEN_AGAIN, seal=seal)
            )
        done = {"state": FilingState.FILED, "next_try": None, "claimed_until": None, "finished": now}
        for row in connection.execute(select(t.filing).where(t.filing.c.partnership == partnership)).all():
            seal = store._seals.of_filing(row._asdict(), row.raw)
            connection.execute(update(t.filing).where(t.filing.c.id == row.id).values(**done, seal=seal))
        for digest, place in places.items():
            lies = {"folder": place.folder, "uidvalidity": place.uidvalidity, "uid": place.uid}
            named = (t.message.c.partnership == partnership) & (t.message.c.digest == digest)
            connection.execute(update(t.message).where(named).values(**lies))
        for table in (t.mailbox, t.card_table, t.lease):
            connection.execute(delete(table).where(table.c.partnership == partnership))
        kept = t.note.c.what.startswith("listed: ") | (t.note.c.what == KEYED)
        connection.execute(delete(t.note).where(t.note.c.partnership == partnership, ~kept))
        for card in cards:
            row_of_it = {"partnership": partnership, "reference": card.reference, "number": 1}
            said = {"message_id": card.message_id, "digest": "lost", "sequence": 0, "until": now}
            connection.execute(insert(t.card_table).values(**row_of_it, **said))
        connection.execute(update(t.dispute).where(t.dispute.c.partnership == partnership).values(card_due=now))
        connection.execute(insert(t.note).values(partnership=partnership, what=REBUILT, at=now))
