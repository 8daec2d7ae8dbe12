"""The tables of a store, brought up to date: made where there are none, changed step by step where they are old.

Alembic, which does that, is a quarter of a second to load: only where there is anything to do.
"""

import sqlite3
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, create_engine, inspect

from mailbot.shell.errors import StoreRefused
from mailbot.shell.store.database import is_sqlite, lock_for_migration

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).parents[1] / "migrations"
NEWEST = "0007"  # the last change of the schema that there is (``migrations/versions``)


def alembic_settings() -> "Config":
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return settings


def bring_up_to_date(engine: Engine, create: bool) -> None:
    """Brings the schema of a store up to date. Raises ``StoreRefused`` for a store that is newer than this program, or
    empty where none was to be made."""
    with engine.begin() as connection:
        lock_for_migration(connection)
        found = _version(connection)
        if found == NEWEST:
            return
        if found and found not in _versions():
            raise StoreRefused(f"the store was written by a newer mailbot (schema {found})")
        if not found and not create:
            raise StoreRefused("the store is empty; if this is a first start, create one")
        if is_sqlite(engine) and not inspect(connection).get_table_names():
            for statement in _new_sqlite_store():
                connection.exec_driver_sql(statement)
        else:
            _migrate(connection)


def _version(connection: Connection) -> str:
    """Which change of the schema was the last that was made here, "" for none."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.exec_driver_sql("SELECT max(version_num) FROM alembic_version").scalar() or "")


@cache
def _versions() -> tuple[str, ...]:
    """Every one there is, the newest first."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(alembic_settings()).walk_revisions()
    return tuple(script.revision for script in scripts)


def _migrate(connection: Connection) -> None:
    from alembic import command

    settings = alembic_settings()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")


@cache
def _new_sqlite_store() -> tuple[str, ...]:
    """The schema in a new SQLite store: what all the changes together make of an empty file. Worked out once: a
    rehearsal opens a hundred new stores."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        _migrate(connection)
    with engine.begin() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        made = tuple(line for line in driver.iterdump() if line not in {"BEGIN TRANSACTION;", "COMMIT;"})
    engine.dispose()
    return made
