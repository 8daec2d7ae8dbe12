"""One database, as all rooms of the store share it: a transaction that reads, a transaction that writes.

No transaction is ever kept open while a mail server is spoken to.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import ColumnElement, Connection, Engine, Table, and_, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError

from mailbot.shell.dialect import reading
from mailbot.shell.errors import Unreachable


class Database:
    """Every failure of the world (locked for too long, disk full, connection lost) leaves as ``Unreachable``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    @contextmanager
    def _reads(self) -> Iterator[Connection]:
        with _in_words(), self._reading.connect() as connection:
            yield connection

    @contextmanager
    def _writes(self) -> Iterator[Connection]:
        with _in_words(), self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        self._engine.dispose()


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise Unreachable("the database", str(error.orig)) from error
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        raise Unreachable("the database", str(error.orig)) from error
    except StatementError as error:
        # A column refused its value before the database saw it; SQLAlchemy has wrapped the words that say why.
        if not isinstance(error.orig, ValueError):
            raise
        raise ValueError(str(error.orig)) from error


def where(table: Table, key: Mapping[str, object]) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in key.items()))


def insert_once(connection: Connection, table: Table, key: Mapping[str, object], rest: Mapping[str, object]) -> bool:
    """True if the row was written now; False if there was one with this ``key``, which then stays as it is.

    Raises ``IntegrityError`` for a row that breaks another rule than the uniqueness of ``key``.
    """
    there = select(*(table.c[name] for name in key)).where(where(table, key))
    if connection.execute(there).first():
        return False
    try:
        with connection.begin_nested():
            connection.execute(insert(table).values(**key, **rest))
    except IntegrityError:
        # PostgreSQL has many writers: another may have been between the look and the leap.
        if connection.execute(there).first():
            return False
        raise
    return True
