"""One database, SQLite or PostgreSQL: connected, begun, checked and copied; transactions that read and that write."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Engine, Table, and_, create_engine, event, make_url, text
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError, DBAPIError, DisconnectionError, OperationalError, StatementError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.util import LRUCache

from mailbot.shell.clock import elapsed
from mailbot.shell.encryption import LOCKED_WORDS, NO_KEY, encrypt_with
from mailbot.shell.errors import StoreRefused, Unreachable
from mailbot.shell.private_files import make_private_file
from mailbot.shell.sqlite_transaction import SqliteConnections
from mailbot.shell.store.sealing import Seals
from mailbot.shell.store.statements import WrittenLater
from mailbot.shell.store.tables import Folds

# Everything that differs between SQLite and PostgreSQL: how a connection is set up, begun, checked and copied.
#
# Elsewhere there is only SQLAlchemy's own language. ``FOR UPDATE SKIP LOCKED`` needs no line here: SQLAlchemy leaves
# it out for SQLite, where ``BEGIN IMMEDIATE`` has one writer at a time anyway.

_READS = "mailbot_reads"
_PATIENCE_MS = 30_000
_MIGRATION_LOCK = 0x6D61696C  # any number, the same in every process
# Full: a power cut loses nothing that was committed. Secure delete: what is removed is overwritten, in free pages too.
_PRAGMAS: tuple[tuple[str, str, object], ...] = (
    ("busy_timeout", str(_PATIENCE_MS), _PATIENCE_MS),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("foreign_keys", "ON", 1),
    ("secure_delete", "ON", 1),
)


def is_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


def connect_database(url: str, key: bytes = b"") -> Engine:
    """Connects to the database: an engine for ``sqlite:///path`` or ``postgresql://…``, which encrypts with ``key``
    where there is one. Values stay out of its error messages (no names in logs).

    Raises ``StoreRefused`` for any other kind of database.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
        raise StoreRefused(f"the store can be kept in SQLite or PostgreSQL, not in {parsed.get_backend_name()}")
    engine = create_engine(parsed, hide_parameters=True)
    if key:
        encrypt_with(engine.dialect, key)
    if is_sqlite(engine):
        engine.dialect = engine.dialect if key else _sqlite()
        engine.update_execution_options(compiled_cache=_COMPILED)
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)
    else:
        event.listen(engine, "connect", _set_durable)
        event.listen(engine, "do_execute", _begun_with)
        event.listen(engine, "do_executemany", _begun_with_many)
        event.listen(engine, "checkin", _note_rest)
        event.listen(engine, "checkout", _must_answer)
    return engine


# Statements that SQLAlchemy has compiled, kept for every SQLite store of this process: a rehearsal opens a hundred, and
# each would compile eighty of them anew (2 ms each, measured). The dialect is part of their key.
_COMPILED: LRUCache[object, object] = LRUCache(500)


@cache
def _sqlite() -> Dialect:
    """What SQLAlchemy knows of SQLite, found out once for every database of this process."""
    engine = create_engine("sqlite://")
    engine.connect().close()
    return engine.dialect


def reading(engine: Engine) -> Engine:
    """The database for reading: the same engine, for transactions that only read and see one moment of the database
    throughout."""
    if is_sqlite(engine):
        return engine.execution_options(**{_READS: True})
    return _begun_by_its_first(engine, _TO_READ)


def writing(engine: Engine) -> Engine:
    """The database for writing: the same engine, for transactions that write."""
    return engine if is_sqlite(engine) else _begun_by_its_first(engine, "BEGIN")


def asking(engine: Engine) -> Engine:
    """The database for a single question, which sees one moment of it by itself."""
    return reading(engine) if is_sqlite(engine) else engine.execution_options(isolation_level="AUTOCOMMIT")


def _set_pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # sqlite3 would otherwise begin transactions itself, late and deferred: a SELECT would run before any BEGIN.
    connection.isolation_level = None
    cursor = connection.cursor()
    for name, value, expected in _PRAGMAS:
        cursor.execute(f"PRAGMA {name} = {value}")
        found = cursor.execute(f"PRAGMA {name}").fetchone()
        if found is None or found[0] != expected:
            raise StoreRefused(f"SQLite would not set {name} to {value} (is the file on a network share?): {found}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails at once, and the busy timeout is ignored (measured).
    statement = "BEGIN" if connection.get_execution_options().get(_READS) else "BEGIN IMMEDIATE"
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    try:  # not through SQLAlchemy, for which this is a statement like any other: a tenth of a turn that finds nothing
        driver.execute(statement)
    except sqlite3.OperationalError as error:
        raise OperationalError(statement, None, error) from error


def _set_durable(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("SET synchronous_commit = on")
    cursor.execute(f"SET lock_timeout = {_PATIENCE_MS}")
    cursor.close()
    connection.commit()


# What is awaited from a PostgreSQL server is what its distance costs, a fifth of a millisecond in the same house and
# twenty in another: whether a connection is still one is not asked before each transaction.

_RESTED, _LONG_REST = "mailbot_rested", 5.0  # seconds after which a connection may have been cut meanwhile


def _note_rest(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    entry.info[_RESTED] = elapsed()


def _must_answer(connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: object) -> None:
    """A connection that has rested for long is asked whether it is still one. Any other fails with its own words, the
    turn it was for is taken again, and all that were open are made anew."""
    if elapsed() - entry.info.get(_RESTED, elapsed()) < _LONG_REST:
        return
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT 1")
        connection.rollback()
    except Exception as error:
        raise DisconnectionError("it was cut while it rested") from error


# The driver would await the answer to BEGIN by itself, before the first statement of a transaction is sent. Here both
# go together, and so do their answers: the driver is told to begin nothing, and BEGIN is ours.

_AT_REST = 0  # libpq's PQTRANS_IDLE: no transaction is begun
_BEGINS, _TO_READ = "mailbot_begins", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


def _begun_by_its_first(engine: Engine, begins: str) -> Engine:
    return engine.execution_options(isolation_level="AUTOCOMMIT", **{_BEGINS: begins})


def _begun_with(cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
    return _with_beginning(cursor, context, lambda: cursor.execute(statement, parameters))


def _begun_with_many(cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
    return _with_beginning(cursor, context, lambda: cursor.executemany(statement, parameters))


def _with_beginning(cursor: Any, context: Any, work: Callable[[], object]) -> bool:
    """Whether the statement was sent, with BEGIN before it: False where SQLAlchemy is to send it as it would."""
    begins, driver = context.root_connection.get_execution_options().get(_BEGINS, ""), cursor.connection
    if not begins or driver.info.transaction_status != _AT_REST:
        return False
    if hasattr(cursor, "name"):  # one that is read portion by portion goes by itself
        driver.execute(begins)
        return False
    with driver.pipeline():
        driver.execute(begins)
        work()
    return True


def file_of(url: URL) -> Path | None:
    """The file of an SQLite database; None for PostgreSQL."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def _is_in_a_file(engine: Engine) -> bool:
    return is_sqlite(engine) and (engine.url.database or ":memory:") != ":memory:"


def lock_for_migration(connection: Connection) -> None:
    """Locks the database for a migration: one process migrates, the others wait and find it done. SQLite has it from
    ``BEGIN IMMEDIATE``."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")


_CHECKED_BYTES = 64_000_000


def check_sound(engine: Engine) -> None:
    """Is the database sound? Raises ``StoreRefused`` where SQLite finds its own file damaged. PostgreSQL looks after
    itself."""
    if not is_sqlite(engine):
        return
    # Reading every page of a large store takes ten seconds, and a start is not the time for it: ``verify`` and
    # ``backup`` read them all, and SQLite itself refuses a page that it finds damaged.
    file = file_of(engine.url)
    whole = file is None or not file.exists() or file.stat().st_size <= _CHECKED_BYTES
    try:
        with reading(engine).connect() as connection:
            question = "PRAGMA quick_check" if whole else "PRAGMA quick_check(dispute)"
            found = [str(row[0]) for row in connection.exec_driver_sql(question)]
    except DatabaseError as error:
        raise StoreRefused(f"{engine.url.database} cannot be read: {error.orig}") from error
    if found != ["ok"]:
        raise StoreRefused(f"{engine.url.database} is damaged; restore it from a backup: {'; '.join(found[:3])}")


_WORDS_IN_CLEAR = "SELECT count(*) FROM ledger WHERE substr(text, 1, {length}) <> '{mark}'"


def entries_in_clear(engine: Engine) -> tuple[int, int]:
    """How many entries of the ledger there are in a database, and how many of them are not encrypted."""
    asked = _WORDS_IN_CLEAR.format(length=len(LOCKED_WORDS), mark=LOCKED_WORDS)
    with reading(engine).connect() as connection:
        whole = int(connection.exec_driver_sql("SELECT count(*) FROM ledger").scalar_one())
        return whole, int(connection.exec_driver_sql(asked).scalar_one())


def must_be_readable(engine: Engine, has_key: bool) -> None:
    """Raises ``StoreRefused`` for an encrypted database without a key: its newest entry is looked at."""
    one = "SELECT partnership FROM ledger LIMIT 1"  # the index has its entries by time
    newest = f"SELECT text FROM ledger WHERE partnership = ({one}) ORDER BY at DESC LIMIT 1"  # noqa: S608
    if has_key:
        return
    with reading(engine).connect() as connection:
        if str(connection.exec_driver_sql(newest).scalar() or "").startswith(LOCKED_WORDS):
            raise StoreRefused(NO_KEY)


def copy_to(engine: Engine, target: Path) -> None:
    """A copy of the SQLite database, whole and checked, at ``target``, taken while others write; ``target`` appears
    complete or not at all.

    Raises ``StoreRefused`` for PostgreSQL, which has ``pg_dump`` for this.
    """
    if not is_sqlite(engine):
        raise StoreRefused("a PostgreSQL store is backed up with pg_dump")
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    make_private_file(part)
    with engine.connect() as connection, closing(sqlite3.connect(part)) as copy:
        source = connection.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        found = [row[0] for row in copy.execute("PRAGMA quick_check")]
    if found != ["ok"]:
        part.unlink()
        raise StoreRefused(f"the backup at {target} came out damaged: {'; '.join(found[:3])}")
    with part.open("rb+") as written:
        os.fsync(written.fileno())
    part.replace(target)


# One database, as all rooms of the store share it: a transaction that reads, a transaction that writes.
#
# No transaction is ever kept open while a mail server is spoken to.


class _Writing(threading.local):
    """The transaction that this thread is writing in, if it is in one."""

    _connection: Connection | None = None
    later: WrittenLater | None = None

    def get(self) -> Connection | None:
        return self._connection

    def put(self, connection: Connection | None) -> None:
        self._connection = connection

    def write_now(self, connection: Connection) -> None:
        """The database's transaction writes what it has still to write, before anything is read or written beside
        it."""
        if self.later is not None:
            self.later.write(connection)


class _Look:
    """One transaction that reads, begun with the first question."""

    def __init__(self, begin: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._begin = begin
        self._made: AbstractContextManager[Connection] | None = None
        self._connection: Connection | None = None

    def connection(self) -> Connection:
        if self._connection is None:
            self._made = self._begin()
            self._connection = self._made.__enter__()
        return self._connection

    def end(self) -> None:
        made, self._made, self._connection = self._made, None, None
        if made is not None:
            made.__exit__(None, None, None)


class _Looking(threading.local):
    """The look that this thread is having at the database, if it is."""

    _look: _Look | None = None

    def get(self) -> _Look | None:
        return self._look

    def put(self, look: _Look | None) -> None:
        self._look = look


class Database:
    """Every failure of the world (locked for too long, disk full, connection lost) leaves as ``Unreachable``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading, self._asking, self._into = reading(engine), asking(engine), writing(engine)
        self._sqlite = SqliteConnections(engine, _COMPILED) if _is_in_a_file(engine) else None
        self._writing, self._looking = _Writing(), _Looking()
        self._folds = Folds()
        self._seals = Seals()

    @contextmanager
    def looking(self) -> Iterator[None]:
        """A look at the database, for many questions: asked by this thread in one transaction that reads, until it
        writes; then a new one begins with the next question. Not to be kept open while a mail server is spoken to."""
        if self._looking.get() is not None or self._writing.get() is not None:
            yield
            return
        look = _Look(lambda: self._beginning("BEGIN", self._reading.connect))
        self._looking.put(look)
        try:
            yield
        finally:
            self._looking.put(None)
            with _in_words():
                look.end()

    def _asks(self) -> AbstractContextManager[Connection]:
        """As ``_reads``, for a single question: it needs no transaction around it, which on PostgreSQL would be two
        more answers to await, and on SQLite costs more than most answers."""
        if self._sqlite is None or self._writing.get() is not None or self._looking.get() is not None:
            return self._reads(self._asking)
        return _Question(self._sqlite)

    @contextmanager
    def _reads(self, at: Engine | None = None) -> Iterator[Connection]:
        """A transaction of the database that reads: inside this thread's own transaction that writes, what it has
        written is seen as well."""
        if (writing := self._writing.get()) is not None:
            with _in_words():
                self._writing.write_now(writing)
                yield writing
            return
        if (looking := self._looking.get()) is not None:
            with _in_words():
                yield looking.connection()
            return
        with _in_words(), self._beginning("BEGIN", (at or self._reading).connect) as connection:
            yield connection

    @contextmanager
    def _writes(self) -> Iterator[Connection]:
        """A transaction of the database that writes. Inside this thread's own it is that one: SQLite lets one writer
        in, and whoever wrote beside their own transaction would wait for themselves."""
        if (writing := self._writing.get()) is not None:
            with _in_words():
                self._writing.write_now(writing)
                yield writing
            return
        if (looking := self._looking.get()) is not None:
            looking.end()  # what is asked from now on sees what is written now
        with _in_words(), self._beginning("BEGIN IMMEDIATE", self._into.begin) as connection:
            self._writing.put(connection)
            try:
                yield connection
            finally:
                self._writing.put(None)

    @contextmanager
    def _writes_at_once(self) -> Iterator[Connection]:
        """As ``_writes``, for a single statement, however many rows it is for: on PostgreSQL it begins and ends by
        itself, and its answer alone is awaited."""
        if is_sqlite(self._engine) or self._writing.get() is not None:
            with self._writes() as connection:
                yield connection
            return
        if (looking := self._looking.get()) is not None:
            looking.end()
        with _in_words(), self._asking.connect() as connection:
            yield connection

    def _beginning(
        self, begins: str, otherwise: Callable[[], AbstractContextManager[Connection]]
    ) -> AbstractContextManager[Connection]:
        return self._sqlite.transaction(begins) if self._sqlite is not None else otherwise()

    def hear_statements(self, hears: Callable[[str], None]) -> None:
        """Everything that is asked of the database from now on is told to ``hears`` before it is asked: its SQL,
        BEGIN and COMMIT among it."""
        if self._sqlite is not None:
            self._sqlite.hears = hears
            return
        event.listen(self._engine, "before_cursor_execute", lambda *told: hears(told[2]))
        event.listen(self._engine, "commit", lambda _: hears("COMMIT"))

    def listen(self, heard: Callable[[str], None], stop: Callable[[], bool]) -> None:
        """Listens for what other processes on this database have done; see ``hear_others``."""
        with _in_words():
            hear_others(self._engine, heard, stop)

    def close(self) -> None:
        if self._sqlite is not None:
            self._sqlite.close()
        self._engine.dispose()


# PostgreSQL wakes whoever waits in another process: a mailbox is free, or something was decided there. SQLite has one
# process that runs, and nobody to wake.

_CHANNEL = "mailbot"
_HEARD_EVERY = 2.0  # seconds between looks whether to stop
_OURSELVES = f"{os.getpid()} {os.urandom(4).hex()}"


def tell_others(connection: Connection, partnership: str) -> None:
    """Wakes those who wait on the same database in another process, once this transaction is durable."""
    if connection.dialect.name != "sqlite":
        said = {"channel": _CHANNEL, "said": f"{_OURSELVES} {partnership}"}
        connection.execute(text("SELECT pg_notify(:channel, :said)"), said)


def hear_others(engine: Engine, heard: Callable[[str], None], stop: Callable[[], bool]) -> None:
    """Listens on the database until ``stop`` says: ``heard`` is called with each partnership that another process told
    of. Raises ``Unreachable`` where the connection is lost; returns at once for SQLite."""
    if is_sqlite(engine):
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        connection.detach()  # nobody else is to have a connection that listens
        try:
            driver.execute(f"LISTEN {_CHANNEL}")
            while not stop():
                for notice in driver.notifies(timeout=_HEARD_EVERY, stop_after=1):
                    pid, mark, partnership = notice.payload.split(" ", 2)
                    if f"{pid} {mark}" != _OURSELVES:
                        heard(partnership)
        except Exception as error:  # whatever the driver makes of a lost connection
            raise Unreachable("the database", str(error)) from error


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except StatementError as error:
        _raise_in_words(error)
        raise


def _raise_in_words(error: StatementError) -> None:
    """Raises a failure of the database as whoever must act is told of it; one that is a fault of ours is left as it
    is."""
    if isinstance(error, DBAPIError):
        if isinstance(error, OperationalError) or error.connection_invalidated:
            raise Unreachable("the database", str(error.orig)) from error
    elif isinstance(error.orig, ValueError):
        # A column refused its value before the database saw it; SQLAlchemy has wrapped the words that say why.
        raise ValueError(str(error.orig)) from error


class _Question(AbstractContextManager[Connection]):
    """A single question to a database in an SQLite file."""

    __slots__ = ("_asked", "_connections")

    def __init__(self, connections: SqliteConnections) -> None:
        self._connections = connections

    def __enter__(self) -> Connection:
        try:
            self._asked = self._connections.lent()
        except StatementError as error:
            _raise_in_words(error)
            raise
        return cast(Connection, self._asked)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        self._connections.given_back(self._asked)
        if isinstance(error, StatementError):
            _raise_in_words(error)


def where(table: Table, key: Mapping[str, object]) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in key.items()))
