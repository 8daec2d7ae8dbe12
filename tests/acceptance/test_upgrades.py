"""Every schema that mailbot ever had, with a dispute in it, is brought up to date by the first command that opens it:
the record is whole, nothing is lost, nothing is done twice, and the service goes on.
"""

import shutil
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Boolean, Column, DateTime, MetaData, create_engine, func, select, text
from sqlalchemy import table as sql_table

from mailbot.shell.store import schema
from mailbot.shell.store.schema import alembic_settings
from mailbot.shell.store.sealing import KEYED
from tests.deployment import Deployment, in_maildirs, opening
from tests.unit.shell.store import stores

url = stores.url

REVISIONS = [script.revision for script in ScriptDirectory.from_config(alembic_settings()).walk_revisions()]
NEWEST, OLDER = REVISIONS[0], REVISIONS[1:]
KEPT_BY_ALL = ("message", "message_bytes", "dispute", "ledger", "outbox", "filing", "known_id", "counter")


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deployment with one dispute, its letters, and a message that waits for a person."""
    folder = tmp_path_factory.mktemp("lived-in")
    made = in_maildirs(folder)
    made.deliver(opening())
    made.deliver(opening(2, sender="stranger@webmail.example", sealed=False), "2")
    assert made.command("once") == 0
    return folder


def test_the_change_that_a_store_is_expected_to_have_is_the_last_one_there_is() -> None:
    assert schema.NEWEST == NEWEST


def as_it_was(database: Path, revision: str, older: Path) -> None:
    """``older``: a database of that revision, with all that it could hold of ``database``."""
    engine = create_engine(f"sqlite:///{older}")
    with engine.begin() as connection:
        settings = alembic_settings()
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)
    engine.dispose()
    with sqlite3.connect(older) as then:
        then.execute("ATTACH DATABASE ? AS now", (str(database),))
        tables = [name for (name,) in then.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")]
        for table in tables:
            columns = [row[1] for row in then.execute(f"PRAGMA main.table_info({table})")]
            there = {row[1] for row in then.execute(f"PRAGMA now.table_info({table})")}
            if table != "alembic_version" and there:
                shared = ", ".join(f'"{column}"' for column in columns if column in there)
                then.execute(f"INSERT INTO main.{table} ({shared}) SELECT {shared} FROM now.{table}")
        if "seal" not in [row[1] for row in then.execute("PRAGMA main.table_info(outbox)")]:
            then.execute("DELETE FROM main.note WHERE what = ?", (KEYED,))  # nor was it noted that there are seals
    older.chmod(0o600)


def counted(database: Path) -> dict[str, int]:
    with sqlite3.connect(database) as connection:
        return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in KEPT_BY_ALL}


@pytest.mark.parametrize("revision", OLDER)
def test_an_older_database_is_brought_up_to_date_with_all_that_is_in_it(
    lived_in: Path, tmp_path: Path, revision: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "upgraded"
    shutil.copytree(lived_in, folder)
    config = folder / "config" / "mailbot.toml"
    config.write_text(config.read_text().replace(str(lived_in), str(folder)))
    database = folder / "var" / "mailbot.db"
    for side in (database, *database.parent.glob("mailbot.db-*")):
        side.unlink()
    as_it_was(lived_in / "var" / "mailbot.db", revision, database)
    before = counted(database)
    assert before["dispute"] == 1
    assert before["outbox"] > 0
    made = Deployment(folder)
    assert made.command("check", "--offline") == 0
    assert counted(database) == before
    assert made.command("verify") == 0
    letters = len(list((folder / "post").rglob("new/*")))
    assert made.command("once") == 0
    assert made.command("show", "NS-26-0001") == 0
    assert len(list((folder / "post").rglob("new/*"))) == letters
    assert counted(database)["dispute"] == 1
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (NEWEST,)


def as_it_was_on_a_server(database: Path, revision: str, older: str) -> dict[str, int]:
    """``older``: an empty database on a server, made one of that revision with all that it could hold of ``database``;
    how many rows of each table that has."""
    engine, source = create_engine(older), create_engine(f"sqlite:///{database}")
    then, now = MetaData(), MetaData()
    with engine.begin() as connection, source.connect() as kept:
        settings = alembic_settings()
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)
        then.reflect(connection)
        now.reflect(kept)
        for table in then.sorted_tables:
            if table.name == "alembic_version" or table.name not in now.tables:
                continue
            shared = [column for column in table.columns if column.name in now.tables[table.name].columns]
            rows = kept.execute(select(*(now.tables[table.name].columns[column.name] for column in shared))).mappings()
            for row in rows:
                connection.execute(table.insert().values(**{c.name: _as(c, row[c.name]) for c in shared}))
            for number in (c for c in table.primary_key.columns if str(c.server_default or "") or c.name == "id"):
                names = {"table": table.name, "column": number.name}
                connection.execute(_COUNT_ON.bindparams(**names, most=connection.scalar(select(func.max(number)))))
        if "seal" not in then.tables["outbox"].columns:
            note = then.tables["note"]
            connection.execute(note.delete().where(note.c.what == KEYED))
    engine.dispose()
    source.dispose()
    return on_a_server(older)


# A server counts on from its own sequence, which rows that bring their numbers with them do not move.
_COUNT_ON = text("SELECT setval(pg_get_serial_sequence(:table, :column), CAST(:most AS bigint))")


def _as(column: Column[Any], value: Any) -> Any:
    """SQLite keeps instants as texts and truths as numbers; a server has types for both. Any: a database's values."""
    if isinstance(column.type, DateTime) and isinstance(value, str):
        return datetime.fromisoformat(value.replace("Z", "+00:00"))
    return bool(value) if isinstance(column.type, Boolean) and value is not None else value


def on_a_server(url: str) -> dict[str, int]:
    engine = create_engine(url)
    with engine.connect() as connection:
        counts = {t: connection.scalar(select(func.count()).select_from(sql_table(t))) or 0 for t in KEPT_BY_ALL}
    engine.dispose()
    return counts


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("revision", [OLDER[-1], OLDER[0]])
def test_an_older_database_on_a_server_is_brought_up_to_date_with_all_that_is_in_it(
    lived_in: Path, tmp_path: Path, revision: str, url: str
) -> None:
    """The oldest schema there was, and the one before this, on PostgreSQL."""
    folder = tmp_path / "upgraded"
    shutil.copytree(lived_in, folder)
    config = folder / "config" / "mailbot.toml"
    here = config.read_text().replace(str(lived_in), str(folder))
    config.write_text(here.replace("sqlite:///../var/mailbot.db", url))
    before = as_it_was_on_a_server(lived_in / "var" / "mailbot.db", revision, url)
    assert before["dispute"] == 1
    made = Deployment(folder)
    assert made.command("check", "--offline") == 0
    assert on_a_server(url) == before
    assert made.command("verify") == 0
    letters = len(list((folder / "post").rglob("new/*")))
    assert made.command("once") == 0
    assert len(list((folder / "post").rglob("new/*"))) == letters


def test_a_newer_database_is_left_alone(lived_in: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "newer"
    shutil.copytree(lived_in, folder)
    with sqlite3.connect(folder / "var" / "mailbot.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    capsys.readouterr()
    assert Deployment(folder).command("check", "--offline") == 2
    assert "fault database the store was written by a newer mailbot (schema 9999)" in " ".join(
        capsys.readouterr().out.split()
    )
