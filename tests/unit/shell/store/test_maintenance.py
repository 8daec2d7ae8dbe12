"""Looking after the store: when it refuses to start, that its record is whole, that every tampering shows."""

import random
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, Table, create_engine, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from mailbot.core.record.events import FieldRecorded, StageEntered
from mailbot.shell.errors import StoreRefused, Unreachable
from mailbot.shell.servers.mailbox_interface import Watermark
from mailbot.shell.store import tables as t
from mailbot.shell.store.database import connect_database
from mailbot.shell.store.schema import alembic_settings
from mailbot.shell.store.store import Store
from tests.thorough import many
from tests.unit.shell.store import stores
from tests.unit.shell.store.stores import FROM_MAIL, MINUTE, NINE, kept, letter, open_dispute

url, store = stores.url, stores.store


def at(path: Path) -> str:
    return f"sqlite:///{path}"


def test_a_missing_store_is_refused_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreRefused, match="there is no store at"):
        Store.open(at(tmp_path / "mailbot.db"))
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "mailbot.db").touch()
    with pytest.raises(StoreRefused, match="there is no store at"):
        Store.open(at(tmp_path / "mailbot.db"))


def test_an_empty_database_is_refused_unless_it_is_to_be_created(url: str) -> None:
    with pytest.raises(StoreRefused, match="if this is a first start, create one"):
        Store.open(url)
    Store.open(url, create=True).close()
    Store.open(url).close()


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(StoreRefused, match="in SQLite or PostgreSQL, not in mysql"):
        Store.open("mysql://host.example/db")


def test_a_store_written_by_a_newer_mailbot_is_refused(url: str) -> None:
    Store.open(url, create=True).close()
    change(url, lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(StoreRefused, match="written by a newer mailbot"):
        Store.open(url)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mailbot.db"
    store = Store.open(at(path), create=True)
    store.keep("ns", "disputes", [kept(number, b"%d" % number * 9000) for number in range(1, 30)])
    store.close()
    whole = path.read_bytes()
    path.write_bytes(b"this is not a database" + whole[22:])
    with pytest.raises(StoreRefused, match="cannot be read"):
        Store.open(at(path))
    torn = bytearray(whole)
    torn[4096 : len(torn) // 2] = bytes(len(torn) // 2 - 4096)
    path.write_bytes(torn)
    with pytest.raises(StoreRefused, match=r"damaged|cannot be"):
        Store.open(at(path))


def test_a_locked_database_is_the_worlds_failure_and_the_whole_turn_is_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "mailbot.db"
    store = Store.open(at(path), create=True)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with store._engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA busy_timeout = 50")
    with pytest.raises(Unreachable, match="the database: database is locked"):
        open_dispute(store)
    assert store.dispute_rows("ns") == []  # who only reads does not wait
    other.execute("COMMIT")
    assert open_dispute(store) == "NS-26-0001"
    other.close()
    store.close()


def test_a_full_disk_undoes_the_turn_and_keeps_what_was_kept(tmp_path: Path) -> None:
    store = Store.open(at(tmp_path / "mailbot.db"), create=True)
    store.keep("ns", "disputes", [kept(1)])
    with store._reads() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 80")
    with pytest.raises(Unreachable, match="full"):
        store.keep("ns", "disputes", [kept(2), kept(3, b"x" * 1_000_000)])
    assert [message.raw for message in store.unread("ns", 9)] == [b"message 1"]
    assert store.watermark("ns", "disputes") == Watermark(1, 1)
    with store._reads() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100000")
    assert store.keep("ns", "disputes", [kept(2), kept(3, b"x" * 1_000_000)]) == 2
    store.close()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_lost_connection_undoes_the_turn_and_the_next_one_connects_again(store: Store, url: str) -> None:
    reference = open_dispute(store)
    with pytest.raises(Unreachable, match="the database"), store.transaction() as work:  # noqa: PT012 - cut in the middle
        work.append("ns", reference, [StageEntered(at=NINE, stage="Step 2", how="asked")], FROM_MAIL, NINE)
        ours = work._connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        change(url, lambda connection: connection.execute(text(f"SELECT pg_terminate_backend({ours})")))
    assert len(store.chronology("ns", reference)) == 2
    assert open_dispute(store) == "NS-26-0002"


def test_sqlite_is_durable_and_overwrites_what_is_deleted(tmp_path: Path) -> None:
    Store.open(at(tmp_path / "mailbot.db"), create=True).close()
    engine = connect_database(at(tmp_path / "mailbot.db"))
    names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
    with engine.connect() as connection:
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]
    assert found == ["wal", 2, 1, 1, 30000]
    engine.dispose()


def test_the_migrations_make_exactly_the_tables_that_are_declared(url: str) -> None:
    Store.open(url, create=True).close()
    engine = connect_database(url)
    settings = alembic_settings()
    with engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.check(settings)
    engine.dispose()


def test_no_values_stand_in_the_words_of_a_database_error(store: Store) -> None:
    row = {
        "partnership": "ns",
        "key": letter(1).key,
        "letter": "secret",
        "recipient": "",
        "subject": "",
        "message_id": "",
        "raw": b"",
        "state": "new",
        "created": NINE,
    }
    with store.transaction() as work:
        work.put_letter(letter(1))
    with pytest.raises(IntegrityError) as caught, store.transaction() as work:
        work._connection.execute(insert(t.outbox), row)
    assert "secret" not in str(caught.value)


def test_no_values_stand_in_the_words_of_an_error_that_sqlalchemy_words(tmp_path: Path) -> None:
    """As it does for PostgreSQL, and for whatever is asked of SQLite through it."""
    asked = text("SELECT letter FROM nowhere WHERE letter = :letter")
    engine = connect_database(at(tmp_path / "mailbot.db"))
    with engine.connect() as connection, pytest.raises(OperationalError) as caught:
        connection.execute(asked, {"letter": "secret"})
    engine.dispose()
    assert "nowhere" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_lease_is_held_by_one_and_every_change_of_hands_is_a_new_epoch(store: Store) -> None:
    assert store.try_lease("ns", "inbox", "one", NINE, NINE + MINUTE) == 1
    assert store.try_lease("ns", "inbox", "two", NINE, NINE + MINUTE) is None
    assert store.try_lease("gl", "inbox", "two", NINE, NINE + MINUTE) == 1
    assert store.try_lease("ns", "inbox", "one", NINE + MINUTE, NINE + 2 * MINUTE) == 1
    assert store.try_lease("ns", "inbox", "two", NINE + 2 * MINUTE, NINE + 3 * MINUTE) == 2
    store.give_up_lease("ns", "inbox", "one", NINE)
    assert store.try_lease("ns", "inbox", "one", NINE + 2 * MINUTE, NINE + 3 * MINUTE) is None
    store.give_up_lease("ns", "inbox", "two", NINE + 2 * MINUTE)
    assert store.try_lease("ns", "inbox", "one", NINE + 2 * MINUTE, NINE + 3 * MINUTE) == 3


def test_a_success_is_noted_and_an_older_one_changes_nothing(store: Store) -> None:
    assert store.last("ns", "tick") is None
    for instant in (NINE + MINUTE, NINE):
        store.note("ns", "tick", instant)
    assert store.last("ns", "tick") == NINE + MINUTE


def test_a_backup_is_a_whole_store_taken_while_the_other_is_open(tmp_path: Path) -> None:
    store = Store.open(at(tmp_path / "mailbot.db"), create=True)
    reference = open_dispute(store)
    store.backup(tmp_path / "copy.db")
    open_dispute(store)
    copy = Store.open(at(tmp_path / "copy.db"))
    assert [row.reference for row in copy.dispute_rows("ns")] == [reference]
    assert copy.verify("ns") == []
    assert sorted(each.name for each in tmp_path.glob("copy.db.part*")) == []
    for each in (store, copy):
        each.close()


# Tampering: what somebody with the password to the database could do to the record.


def change(url: str, work: Callable[[Connection], object]) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        work(connection)
    engine.dispose()


def filled(store: Store) -> None:
    for number in range(3):
        reference = open_dispute(store)
        for place in range(4):
            later = NINE + (place + 1) * MINUTE
            event = FieldRecorded(at=later, key="issue", value=f"wording {number} {place}")
            with store.transaction() as work:
                work.append("ns", reference, [event], FROM_MAIL, later)
        with store.transaction() as work:
            work.append("ns", reference, [StageEntered(at=NINE, stage="Step 2", how="asked")], FROM_MAIL, NINE)
    store.keep("ns", "disputes", [kept(1), kept(2)])


def test_verify_names_what_was_done(store: Store, url: str) -> None:
    filled(store)
    assert store.verify("ns") == []
    first = t.ledger.c.reference == "NS-26-0001"
    change(url, lambda c: c.execute(delete(t.ledger).where(first, t.ledger.c.sequence == 3)))
    change(url, lambda c: c.execute(update(t.dispute).where(t.dispute.c.reference == "NS-26-0002").values(stage="X")))
    change(url, lambda c: c.execute(delete(t.dispute).where(t.dispute.c.reference == "NS-26-0003")))
    change(url, lambda c: c.execute(delete(t.ledger).where(t.ledger.c.reference == "NS-26-0003")))
    change(url, lambda c: c.execute(delete(t.message_bytes).where(t.message_bytes.c.digest == kept(1).digest)))
    change(url, lambda c: c.execute(update(t.message_bytes).values(raw=b"other")))
    assert store.verify("ns") == [
        "NS-26-0001 entry 4: a gap: entry 3 should stand here",
        "NS-26-0002: its stage is 'X', and its ledger says 'Step 2'",
        "NS-26-0003: the reference was given out, and there is no such dispute",
        f"message {kept(2).digest[:12]}: its bytes have been changed",
        f"message {kept(1).digest[:12]}: its bytes are missing",
    ]


def test_every_one_of_many_random_tamperings_with_a_database_shows(store: Store, url: str) -> None:
    store.learn_key("ns", b"a secret for the tests")
    filled(store)
    engine, dice = create_engine(url), random.Random(11)
    with engine.connect() as connection:
        whole = {table: [row._asdict() for row in connection.execute(select(table))] for table in (t.ledger, t.dispute)}
    unseen = []
    for _ in range(many(100, 1_000)):
        with engine.begin() as connection:
            done = tamper(connection, dice)
        if not store.verify("ns"):
            unseen.append(done)
        with engine.begin() as connection:
            for table, rows in whole.items():
                connection.execute(delete(table))
                connection.execute(insert(table), rows)
    engine.dispose()
    assert unseen == []
    assert store.verify("ns") == []


def tamper(connection: Connection, dice: random.Random) -> str:
    kind = dice.choice(["delete", "swap", "cut", "flip", "flip", "row", "forget"])
    rows = connection.execute(select(t.ledger)).all()
    row, other = dice.sample([each for each in rows if each.sequence > 2], 2)
    here = (t.ledger.c.reference == row.reference) & (t.ledger.c.sequence == row.sequence)
    there = (t.ledger.c.reference == other.reference) & (t.ledger.c.sequence == other.sequence)
    dispute = t.dispute.c.reference == row.reference
    match kind:
        case "delete":
            connection.execute(delete(t.ledger).where(here))
        case "swap":
            for place, new in ((here, other), (there, row)):
                connection.execute(update(t.ledger).where(place).values(text=new.text, hash=new.hash))
        case "cut":
            last = (t.ledger.c.reference == row.reference) & (t.ledger.c.sequence >= row.sequence)
            connection.execute(delete(t.ledger).where(last))
        case "flip":
            return kind + flip(connection, t.ledger, here, row, dice)
        case "row":
            found = connection.execute(select(t.dispute).where(dispute)).one()
            return kind + flip(connection, t.dispute, dispute, found, dice)
        case _:
            connection.execute(delete(t.dispute).where(dispute))
    return kind


def flip(connection: Connection, table: Table, place: object, row: object, dice: random.Random) -> str:
    """One column of one row, changed a little. A limit, what is next due and a card are not the ledger's to say."""
    column = dice.choice([each for each in table.c if each.name not in {"limit", "next_due", "card_due"}])
    old = getattr(row, column.name)
    if isinstance(old, datetime):
        new: object = old + timedelta(seconds=1)
    elif isinstance(old, int):
        new = old + 50
    else:
        where = dice.randrange(len(old) + 1)
        new = old[:where] + "~" + old[where + 1 :]
    connection.execute(update(table).where(place).values({column.name: new}))  # type: ignore[arg-type]
    return f" {table.name}.{column.name}"


def _note_and_fail(store: Store) -> None:
    with store.transaction():
        store.note("ns", "never", NINE)
        raise LookupError


def test_what_is_noted_inside_a_transaction_belongs_to_it_and_waits_for_nobody(url: str) -> None:
    store = Store.open(url, create=True)
    with store.transaction():
        store.note("ns", "letters withheld", NINE)
        assert store.last("ns", "letters withheld") == NINE
    with pytest.raises(LookupError):
        _note_and_fail(store)
    assert (store.last("ns", "letters withheld"), store.last("ns", "never")) == (NINE, None)
    store.close()
