"""Statements that are asked again and again: each is made once, for a table and the columns it names, and then only
given values.

Making one in SQLAlchemy's language takes ten times as long as SQLite takes to answer it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Insert, Select, Table, Update, and_, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

Columns = tuple[str, ...]
_OF = "of_"  # apart from the columns' own names, which in an UPDATE are what is written


def of(**key: object) -> dict[str, object]:
    """The values of a key, as the statements below ask for them."""
    return {_OF + name: value for name, value in key.items()}


def is_of(table: Table, *names: str) -> ColumnElement[bool]:
    """A statement's condition: the rows of a key whose values come when the statement is asked."""
    return and_(*(table.c[name] == bindparam(_OF + name) for name in names))


def among(table: Table, name: str) -> ColumnElement[bool]:
    """A statement's condition: the rows whose ``name`` is one of a list that comes when the statement is asked."""
    return table.c[name].in_(bindparam(_OF + name, expanding=True))


@cache
def rows_of(table: Table, by: Columns, wanted: Columns = (), order: Columns = ()) -> Select[Any]:
    """A statement for rows: ``wanted`` (everything, where none is named) of the rows of a key, in ``order``."""
    columns = [table.c[name] for name in wanted or table.c.keys()]
    return select(*columns).where(is_of(table, *by)).order_by(*(table.c[name] for name in order))


@cache
def locked(table: Table, by: Columns, wanted: Columns = ()) -> Select[Any]:
    """A statement that locks: the same, and nobody else changes them until the transaction ends."""
    return rows_of(table, by, wanted).with_for_update()


@cache
def change_of(table: Table, by: Columns) -> Update:
    """Writes whatever columns it is given besides the key."""
    return update(table).where(is_of(table, *by))


@cache
def new_row(table: Table) -> Insert:
    return insert(table).inline()


def _upsert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


@cache
def _new_once(dialect: str, table: Table, key: Columns) -> Insert:
    made = _upsert(dialect, table)
    inserted = made.on_conflict_do_nothing(index_elements=list(key)).inline()
    return inserted.execution_options(preserve_rowcount=True)


def insert_once(connection: Connection, table: Table, key: Mapping[str, object], rest: Mapping[str, object]) -> bool:
    """A statement that inserts once: True if the row was written now; False if there was one with this ``key``, which
    then stays as it is.

    Raises ``IntegrityError`` for a row that breaks another rule than the uniqueness of ``key``.
    """
    statement = _new_once(connection.dialect.name, table, tuple(key))
    return connection.execute(statement, {**key, **rest}).rowcount == 1


class NotThere(Exception):
    """A row that was to be changed is not there any more as it was when that was decided."""


class WrittenLater:
    """Rows of a transaction that are written together before anybody reads: what twenty messages brought goes to the
    database in as many statements as what one did.

    A row is written once by its key, added, changed, or changed where it must be there to be changed.
    """

    def __init__(self) -> None:
        self._once: dict[tuple[Table, Columns], dict[tuple[object, ...], dict[str, object]]] = {}
        self._added: dict[Table, dict[tuple[object, ...], dict[str, object]]] = {}
        self._changed: dict[Table, dict[tuple[object, ...], tuple[dict[str, object], dict[str, object]]]] = {}
        self._must: dict[Update, dict[tuple[object, ...], dict[str, object]]] = {}
        self._first: dict[tuple[Update, str], tuple[dict[str, object], list[str]]] = {}
        self._counted: dict[tuple[Table, tuple[object, ...]], int] = {}

    def count_up(self, connection: Connection, table: Table, key: Mapping[str, object], name: str) -> int:
        """As the statement ``count_up``. Once this transaction has counted, the row is its own until it ends: what it
        counts further is written once."""
        place = (table, tuple(key.values()))
        if (last := self._counted.get(place)) is None:
            found = count_up(connection, table, key, name)
        else:
            found = last + 1
            self.change(table, key, {name: found + 1})
        self._counted[place] = found
        return found

    def put(self, table: Table, key: Mapping[str, object], rest: Mapping[str, object]) -> bool:
        """A statement for a row to be written once by its key, whether or not it was there before; False where one
        waits already."""
        rows = self._once.setdefault((table, tuple(key)), {})
        place = tuple(key.values())
        if place in rows:
            return False
        rows[place] = {**key, **rest}
        return True

    def waiting(self, table: Table, **named: object) -> list[dict[str, object]]:
        """What is still to be written once into ``table``, of the rows that have these values."""
        rows = (row for (of_table, _), found in self._once.items() if of_table is table for row in found.values())
        return [row for row in rows if all(row[name] == value for name, value in named.items())]

    def add(self, table: Table, key: Mapping[str, object], rest: Mapping[str, object]) -> None:
        """A row that is new."""
        self._added.setdefault(table, {})[tuple(key.values())] = {**key, **rest}

    def change(self, table: Table, key: Mapping[str, object], columns: Mapping[str, object]) -> None:
        """Columns of a row that is there, or is still to be added."""
        place = tuple(key.values())
        if (row := self._added.get(table, {}).get(place)) is not None:
            row.update(columns)
            return
        _, changed = self._changed.setdefault(table, {}).setdefault(place, (dict(key), {}))
        changed.update(columns)

    def must(self, changing: Update, key: Mapping[str, object], columns: Mapping[str, object]) -> None:
        """A statement's condition on a row: columns of it that must be there as ``changing`` asks: writing raises
        ``NotThere`` where it is not."""
        self._must.setdefault(changing, {})[tuple(key.values())] = of(**key) | dict(columns)

    def is_to_change(self, changing: Update, key: Mapping[str, object]) -> bool:
        """Is such a change still to be written?"""
        return tuple(key.values()) in self._must.get(changing, {})

    def first(self, changing: Update, named: Mapping[str, object], reference: str) -> None:
        """A change of what was written for a dispute before this, to be made before anything else is written;
        ``named`` are its values, besides the references of those it is made for."""
        key = (changing, repr(sorted(named.items(), key=lambda item: item[0])))
        self._first.setdefault(key, (dict(named), []))[1].append(reference)

    def write(self, connection: Connection) -> None:
        self._counted.clear()  # what is written beside this may count as well
        first, self._first = self._first, {}
        for (change, _), (values, references) in first.items():
            connection.execute(change, values | of(reference=references))
        once, self._once = self._once, {}
        added, self._added = self._added, {}
        changed, self._changed = self._changed, {}
        must, self._must = self._must, {}
        for table, rows in added.items():
            for alike in _alike(rows.values()):
                connection.execute(new_row(table), alike)
        for table, changes in changed.items():
            key = tuple(next(iter(changes.values()))[0])
            for alike in _alike(of(**named) | columns for named, columns in changes.values()):
                connection.execute(change_of(table, key), alike)
        for (table, key), found in once.items():
            connection.execute(_new_once(connection.dialect.name, table, key), list(found.values()))
        for changing, wanted in must.items():
            if connection.execute(changing, list(wanted.values())).rowcount != len(wanted):
                raise NotThere


def _alike(rows: Iterable[dict[str, object]]) -> list[list[dict[str, object]]]:
    """One statement for rows to be written later, those that name the same columns together."""
    found: dict[frozenset[str], list[dict[str, object]]] = {}
    for row in rows:
        found.setdefault(frozenset(row), []).append(row)
    return list(found.values())


class InTransaction:
    """What is done inside one transaction that writes, with what it is still to write."""

    def __init__(self, connection: Connection, later: WrittenLater) -> None:
        self._bare, self._later = connection, later

    @property
    def _connection(self) -> Connection:
        """For a statement that reads what this transaction may have written: all of that is written first."""
        self._later.write(self._bare)
        return self._bare


# Clocks of one deployment may differ by this much. An instant later than that was written by a clock that was ahead.
FUTURE = timedelta(minutes=10)


@cache
def _latest(dialect: str, table: Table, key: Columns, instant: str) -> Insert:
    made = _upsert(dialect, table)
    ahead = table.c[instant] > bindparam("never_after", type_=table.c[instant].type)
    later = table.c[instant].is_(None) | (table.c[instant] < made.excluded[instant]) | ahead
    return made.on_conflict_do_update(index_elements=list(key), set_={instant: made.excluded[instant]}, where=later)


def write_latest(connection: Connection, table: Table, key: Mapping[str, object], at: Mapping[str, datetime]) -> None:
    """A statement that writes the latest instant: the row of ``key`` has this instant, unless it has a later one; one
    that lies in the future of it was written by a wrong clock, and gives way."""
    write_latest_all(connection, table, [key], **at)


def write_latest_all(
    connection: Connection, table: Table, keys: Sequence[Mapping[str, object]], **at: datetime
) -> None:
    """The same of several rows, which have keys of the same columns."""
    ((instant, moment),) = at.items()
    if keys:
        values = [{**key, instant: moment, "never_after": moment + FUTURE} for key in keys]
        connection.execute(_latest(connection.dialect.name, table, tuple(keys[0]), instant), values)


@cache
def _highest(dialect: str, table: Table, key: Columns, name: str) -> Insert:
    made = _upsert(dialect, table)
    lower = table.c[name] < made.excluded[name]
    return made.on_conflict_do_update(index_elements=list(key), set_={name: made.excluded[name]}, where=lower)


def raise_to(connection: Connection, table: Table, key: Mapping[str, object], number: Mapping[str, int]) -> None:
    """A statement that raises a number: the row of ``key`` has this number, unless it has a higher one."""
    (name,) = number
    connection.execute(_highest(connection.dialect.name, table, tuple(key), name), {**key, **number})


@cache
def _next_number(dialect: str, table: Table, key: Columns, name: str) -> ReturningInsert[Any]:
    made = _upsert(dialect, table)
    more = {name: table.c[name] + 1}
    return made.on_conflict_do_update(index_elements=list(key), set_=more).returning(table.c[name])


def count_up(connection: Connection, table: Table, key: Mapping[str, object], name: str) -> int:
    """A statement that counts up: 1 the first time for this ``key``, then 2 and on; ``name`` is the column with the
    number that comes next."""
    statement = _next_number(connection.dialect.name, table, tuple(key), name)
    return int(connection.execute(statement, {**key, name: 2}).scalar_one()) - 1
