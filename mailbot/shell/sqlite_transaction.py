"""A transaction of SQLite, asked in SQLAlchemy's language: each statement is made into SQL and its values once, and
from then on only given values.

SQLAlchemy's own connection takes ten times as long to ask as SQLite takes to answer, and longer still to begin and to
end: a turn in which nothing happens asks forty times. What it makes of a statement (its SQL, how a value is written and
read back, what a row is) is used as it is; PostgreSQL, where a round trip costs more than all of that, is asked through
SQLAlchemy itself.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Executable
from sqlalchemy.engine import Dialect, IteratorResult, Result
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.util import LRUCache

Values = Mapping[str, Any]
_Processor = Callable[[Any], Any]
_MUST_BE_GIVEN = object()


class _Place:
    """One value of a statement: under which names it is given, what it is where it is not, and how it is written."""

    __slots__ = ("as_written", "is_many", "key", "name", "otherwise")

    def __init__(self, key: str, name: str, otherwise: object, as_written: _Processor | None, is_many: bool) -> None:
        self.key, self.name, self.otherwise = key, name, otherwise
        self.as_written, self.is_many = as_written, is_many

    def value(self, given: Values) -> Any:
        found = given.get(self.key, _MUST_BE_GIVEN)
        if found is _MUST_BE_GIVEN:
            found = given.get(self.name, self.otherwise)
        if found is _MUST_BE_GIVEN:
            raise ValueError(f"the statement wants a value for {self.key}")
        return found


class PreparedStatement:
    """A statement of SQLite as it is asked: its SQL, the places of its values, and how its rows are read."""

    def __init__(self, compiled: SQLCompiler, written: Values, dialect: Dialect) -> None:
        self._compiled, self.sql = compiled, compiled.string
        self._places = [_place(compiled, name, written) for name in compiled.positiontup or ()]
        self._one_by_one = [(one, one.as_written) for one in self._places]
        self._is_spread = any(one.is_many for one in self._places)
        self._spread: dict[tuple[int, ...], str] = {}
        columns = compiled._result_columns
        self.rows = SimpleResultMetaData([one.keyname for one in columns], [tuple(one.objects) for one in columns])
        reads = ((at, one.type._cached_result_processor(dialect, None)) for at, one in enumerate(columns))
        self._read = [(at, read) for at, read in reads if read is not None]

    def values(self, given: Values) -> list[Any]:
        """The values of the statement, in its order, as SQLite keeps them. Raises ``ValueError`` for one that cannot
        be kept."""
        written: list[Any] = []
        for place, as_written in self._one_by_one:
            value = given.get(place.key, _MUST_BE_GIVEN)
            if value is _MUST_BE_GIVEN:
                value = place.value(given)
            if place.is_many:
                written += map(as_written, value) if as_written is not None else value
            else:
                written.append(as_written(value) if as_written is not None else value)
        return written

    def sql_for(self, given: Values) -> str:
        """The statement's SQL, with as many question marks as a list that it asks for has values."""
        if not self._is_spread:
            return self.sql
        counts = tuple(len(place.value(given)) for place in self._places if place.is_many)
        if (found := self._spread.get(counts)) is None:
            every = {place.name: place.value(given) for place in self._places}
            found = self._spread[counts] = self._compiled._process_parameters_for_postcompile(every).statement
        return found

    def as_read(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        if not self._read:
            yield from rows
            return
        for row in rows:
            values = list(row)
            for at, read in self._read:
                values[at] = read(values[at])
            yield tuple(values)


def _place(compiled: SQLCompiler, name: str, written: Values) -> _Place:
    bind = compiled.binds[name]
    otherwise = _MUST_BE_GIVEN if bind.required else written.get(name)
    is_many = bind in compiled.post_compile_params
    return _Place(bind.key, name, otherwise, cast(Any, compiled._bind_processors).get(name), is_many)


# Prepared statements by the statement they were made of, which is mostly one that is made once and kept: see
# ``statements``. One that is made anew each time is found by what it says.
_PREPARED: WeakKeyDictionary[Executable, dict[tuple[object, ...], PreparedStatement]] = WeakKeyDictionary()


def _prepared(
    statement: Executable, names: tuple[str, ...], many: bool, dialect: Dialect, compiled_before: LRUCache[Any, Any]
) -> PreparedStatement:
    known = _PREPARED.get(statement)
    if known is None:
        known = _PREPARED[statement] = {}
    key = (names, many, dialect)
    if (found := known.get(key)) is None:
        found = known[key] = _made(statement, names, many, dialect, compiled_before)
    return found


def _made(
    statement: Executable, names: tuple[str, ...], many: bool, dialect: Dialect, compiled_before: LRUCache[Any, Any]
) -> PreparedStatement:
    compiled, extracted, *_ = cast(Any, statement)._compile_w_cache(
        dialect=dialect, compiled_cache=compiled_before, column_keys=sorted(names), for_executemany=many
    )
    written = compiled.construct_params(extracted_parameters=extracted, escape_names=False, _check=False)
    for column in (*compiled.insert_prefetch, *compiled.update_prefetch):
        written[compiled._within_exec_param_key_getter(column)] = column.default.arg
    return PreparedStatement(compiled, written, dialect)


class Written:
    """What a statement that gives no rows has done."""

    __slots__ = ("rowcount",)

    def __init__(self, rowcount: int) -> None:
        self.rowcount = rowcount


class SqliteTransaction:
    """What is asked of SQLite in one transaction. Stands where SQLAlchemy's ``Connection`` does, with as much of it as
    the store uses. ``hears`` is told each statement's SQL before it is asked."""

    def __init__(
        self,
        driver: sqlite3.Connection,
        dialect: Dialect,
        compiled_before: LRUCache[Any, Any],
        hears: Callable[[str], None] | None,
    ) -> None:
        self._driver, self.dialect, self._compiled_before, self._hears = driver, dialect, compiled_before, hears

    def execute(self, statement: Executable, given: Values | Sequence[Values] | None = None) -> Any:
        """Asks one statement; with a list of values, once for each of them."""
        several = given if isinstance(given, list | tuple) else None
        if several is not None and len(several) != 1:
            return self._each(statement, several)
        one = cast(Values, several[0] if several else given) or {}
        prepared = _prepared(statement, tuple(one), False, self.dialect, self._compiled_before)
        sql = prepared.sql_for(one)
        cursor = self._asked(sql, prepared.values(one))
        if cursor.description is None:
            return Written(cursor.rowcount)
        some: int | None = statement.get_execution_options().get("yield_per")
        result: Result[Any] = IteratorResult(prepared.rows, prepared.as_read(cursor if some else cursor.fetchall()))
        return result.yield_per(some) if some else result

    def _each(self, statement: Executable, given: Sequence[Values]) -> Written:
        if not given:
            return Written(0)
        prepared = _prepared(statement, tuple(given[0]), True, self.dialect, self._compiled_before)
        if self._hears is not None:
            self._hears(prepared.sql)
        with _named(prepared.sql, self.dialect):
            return Written(self._driver.executemany(prepared.sql, [prepared.values(one) for one in given]).rowcount)

    def scalars(self, statement: Executable, given: Values | None = None) -> Any:
        return self.execute(statement, given).scalars()

    def scalar(self, statement: Executable, given: Values | None = None) -> Any:
        return self.execute(statement, given).scalar()

    def rollback(self) -> None:
        self._driver.rollback()

    def exec_driver_sql(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Asks in SQLite's own words."""
        cursor = self._asked(sql, values)
        names = [str(one[0]) for one in cursor.description or ()]
        return IteratorResult(SimpleResultMetaData(names), iter(cursor.fetchall()))

    def _asked(self, sql: str, values: Sequence[Any]) -> sqlite3.Cursor:
        if self._hears is not None:
            self._hears(sql)
        with _named(sql, self.dialect):
            return self._driver.execute(sql, values)


class _named:  # noqa: N801 (read as a word: a context manager that costs no generator)
    """SQLite's failures, by the names that SQLAlchemy has for them; no value is in their words."""

    __slots__ = ("_dialect", "_sql")

    def __init__(self, sql: str, dialect: Dialect) -> None:
        self._sql, self._dialect = sql, dialect

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, sqlite3.Error):
            made = DBAPIError.instance(
                self._sql, None, error, sqlite3.Error, hide_parameters=True, dialect=self._dialect
            )
            raise made from error


class SqliteConnections:
    """The connections to a database in an SQLite file: each transaction has one to itself, and leaves it for the
    next."""

    def __init__(self, engine: Engine, compiled_before: LRUCache[Any, Any]) -> None:
        self._engine, self._compiled_before = engine, compiled_before
        self._idle: list[sqlite3.Connection] = []
        self._lock, self._closed = threading.Lock(), False
        self.hears: Callable[[str], None] | None = None

    @contextmanager
    def transaction(self, begins: str) -> Iterator[Connection]:
        """One transaction: ``begins`` as SQLite has it, BEGIN to read and BEGIN IMMEDIATE to write. What is raised in
        it undoes all of it; leaving it writes it down."""
        made = self.lent()
        driver = made._driver
        try:
            made._asked(begins, ())
            yield cast(Connection, made)
            if driver.in_transaction:  # not where it was taken back
                made._asked("COMMIT", ())
        finally:
            if driver.in_transaction:
                driver.rollback()
            self._left(driver)

    def lent(self) -> SqliteTransaction:
        """For a single question, which sees one moment by itself; to be given back when it is answered."""
        return SqliteTransaction(self._taken(), self._engine.dialect, self._compiled_before, self.hears)

    def given_back(self, lent: SqliteTransaction) -> None:
        self._left(lent._driver)

    def _taken(self) -> sqlite3.Connection:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        fresh = self._engine.raw_connection()
        driver = fresh.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        fresh.detach()  # ours from now on
        return driver

    def _left(self, driver: sqlite3.Connection) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(driver)
                return
        driver.close()

    def close(self) -> None:
        with self._lock:
            idle, self._idle, self._closed = self._idle, [], True
        for driver in idle:
            driver.close()
