"""Every schema that mailbot ever had, with a dispute in it, is brought up to date by the first command that opens it:
the record is whole, nothing is lost, nothing is done twice, and the service goes on.
"""

import shutil
import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from mailbot.shell.store.schema import alembic_settings
from mailbot.shell.store.sealing import KEYED
from tests.deployment import Deployment, in_maildirs, opening

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
