"""A store moved to another database, from SQLite to PostgreSQL as a rule: every row, and nothing else."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Table, func, select, text

from mailbot.shell.errors import StoreRefused
from mailbot.shell.store.database import is_sqlite, reading
from mailbot.shell.store.statements import new_row
from mailbot.shell.store.store import Store
from mailbot.shell.store.tables import metadata

_ROWS_AT_ONCE = 200


def move_store(source: Store, target: Store, told: Callable[[str, int], None]) -> None:
    """Moves house: copies a store into one that is empty, in one transaction, as it is at one moment; ``told`` hears of
    each table and how many rows it has. The source stays as it is. Raises ``StoreRefused`` where the target holds
    anything."""
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
    """After moving house, rows that are numbered by the database go on after the highest number that came along."""
    numbered: Sequence[Table] = [table for table in metadata.sorted_tables if table.autoincrement_column is not None]
    for table in numbered:
        column = table.autoincrement_column
        assert column is not None
        highest = connection.execute(select(func.max(column))).scalar()
        if highest is not None:
            named = {"table": table.name, "column": column.name, "highest": highest}
            connection.execute(text("SELECT setval(pg_get_serial_sequence(:table, :column), :highest)"), named)
