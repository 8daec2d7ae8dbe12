"""What is asked of SQLite without SQLAlchemy's own connection is answered as that would answer it.

``mailbot/shell/sqlite_transaction.py`` takes from a compiled statement what SQLAlchemy documents for nobody. Where a
new release has changed that, one of these says which: what a value becomes on its way in or out, how a list is spread
into question marks, a column's own default, many rows at once, and rows that are read some at a time.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Engine, Integer, LargeBinary, MetaData, Table, bindparam, create_engine, insert, select
from sqlalchemy.util import LRUCache

from mailbot.shell.sqlite_transaction import SqliteConnections
from mailbot.shell.store.tables import InstantColumn, WordsColumn

KEPT = Table(
    "kept",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("what", WordsColumn(), nullable=False),
    Column("at", InstantColumn()),
    Column("raw", LargeBinary),
    Column("tried", Integer, nullable=False, default=7),
)
NOON = datetime(2026, 9, 7, 12, 0, 0, 250_000, tzinfo=UTC)
ROWS = [{"what": what, "at": NOON, "raw": what.encode()} for what in ("Rhiannon", "Siân", "Tobias")]
AMONG = select(KEPT).where(KEPT.c.what.in_(bindparam("names", expanding=True))).order_by(KEPT.c.id)
Asked = Callable[[Any], list[tuple[Any, ...]]]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path / 'kept.db'}")
    KEPT.metadata.create_all(made)
    yield made
    made.dispose()


def by_both(engine: Engine, ask: Asked) -> list[tuple[Any, ...]]:
    """What both answer, which is the same."""
    ours = SqliteConnections(engine, LRUCache(50))
    with ours.transaction("BEGIN") as connection:
        found = ask(connection)
    ours.close()
    with engine.connect() as connection:
        assert found == ask(connection)
    return found


def written(engine: Engine, statement: Any, given: Any) -> None:
    ours = SqliteConnections(engine, LRUCache(50))
    with ours.transaction("BEGIN IMMEDIATE") as connection:
        connection.execute(statement, given)
    ours.close()


def test_values_go_in_and_come_out_as_they_were_with_a_column_s_own_default(engine: Engine) -> None:
    written(engine, insert(KEPT), ROWS[0])
    assert by_both(engine, lambda c: [tuple(row) for row in c.execute(select(KEPT))]) == [
        (1, "Rhiannon", NOON, b"Rhiannon", 7)
    ]


def test_many_rows_go_in_by_one_statement(engine: Engine) -> None:
    written(engine, insert(KEPT), ROWS)
    assert by_both(engine, lambda c: list(c.execute(select(KEPT.c.what, KEPT.c.tried).order_by(KEPT.c.id)))) == [
        ("Rhiannon", 7),
        ("Siân", 7),
        ("Tobias", 7),
    ]


@pytest.mark.parametrize("names", [[], ["Siân"], ["Tobias", "Rhiannon"]])
def test_a_list_is_spread_into_as_many_question_marks(engine: Engine, names: list[str]) -> None:
    written(engine, insert(KEPT), ROWS)
    found = by_both(engine, lambda c: [tuple(row)[1:3] for row in c.execute(AMONG, {"names": names})])
    assert found == [(name, NOON) for name in ("Rhiannon", "Siân", "Tobias") if name in names]


def test_rows_are_read_some_at_a_time_and_by_their_names(engine: Engine) -> None:
    written(engine, insert(KEPT), ROWS)
    asked = select(KEPT).order_by(KEPT.c.id).execution_options(yield_per=2)
    assert by_both(engine, lambda c: [(row.what, row.raw) for row in c.execute(asked)]) == [
        ("Rhiannon", b"Rhiannon"),
        ("Siân", "Siân".encode()),
        ("Tobias", b"Tobias"),
    ]
