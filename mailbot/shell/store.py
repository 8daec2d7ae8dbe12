"""The store: everything the bot knows, in one database, and the one transaction in which it decides.

SQLite in a file by default; PostgreSQL by URL, for several processes at once. What a turn needs is spread over rooms
by reason: taking in, deciding (``Work``), reading, the post, and care.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import DatabaseError, OperationalError

from mailbot.shell.dialect import StoreRefused, check_sound, connect, file_of, lock_for_migration
from mailbot.shell.errors import Unreachable
from mailbot.shell.store_cards import CardReading
from mailbot.shell.store_care import Care
from mailbot.shell.store_hands import HandReading
from mailbot.shell.store_intake import Intake
from mailbot.shell.store_post import Post
from mailbot.shell.store_reading import Reading
from mailbot.shell.store_values import Held, HeldState
from mailbot.shell.store_work import Work

_MIGRATIONS = Path(__file__).parent / "migrations"


class Store(Intake, Reading, Post, CardReading, HandReading, Care):
    """Safe for several threads, and on PostgreSQL for several processes. The world's failures are ``Unreachable``."""

    @staticmethod
    def open(url: str, create: bool = False) -> "Store":
        """The store at ``sqlite:///path`` or ``postgresql://…``, its tables brought up to date.

        Raises ``StoreRefused`` if it is damaged, was written by a newer mailbot, or is missing and ``create`` is
        false: starting on an empty store would take every message in the mailbox for a new one.
        """
        file = file_of(make_url(url))
        if file is not None and not create and (not file.is_file() or file.stat().st_size == 0):
            raise StoreRefused(f"there is no store at {file}; if this is a first start, create one")
        engine = connect(url)
        try:
            check_sound(engine)
            _bring_up_to_date(engine, create)
        except OperationalError as error:
            engine.dispose()
            raise Unreachable("the database", str(error.orig)) from error
        except DatabaseError as error:
            engine.dispose()
            raise StoreRefused(f"the store cannot be used: {error.orig}") from error
        except StoreRefused:
            engine.dispose()
            raise
        return Store(engine)

    @contextmanager
    def transaction(self) -> Iterator[Work]:
        """One write transaction. What is raised inside undoes all of it; leaving it means that all of it is durable.

        Inside, write through the ``Work`` alone: the store's own writing methods would wait for this transaction. Its
        reading methods do not wait, and see what was there before it began.
        """
        with self._writes() as connection:
            yield Work(connection)

    def release(self, partnership: str, number: int, by: str, why: str, now: datetime, into: str = "") -> Held:
        """A person lets held mail in: it is read again, in the dispute ``into`` if they name it. Raises ``NotHeld``."""
        with self.transaction() as work:
            return work.settle_held(partnership, number, HeldState.RELEASED, by, why, now, into)

    def dismiss(self, partnership: str, number: int, by: str, why: str, now: datetime) -> Held:
        """A person has dealt with held mail: it is kept and not read. Raises ``NotHeld``."""
        with self.transaction() as work:
            return work.settle_held(partnership, number, HeldState.DISMISSED, by, why, now)


def alembic_settings() -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return settings


def _bring_up_to_date(engine: Engine, create: bool) -> None:
    settings = alembic_settings()
    ours = {script.revision for script in ScriptDirectory.from_config(settings).walk_revisions()}
    with engine.begin() as connection:
        lock_for_migration(connection)
        found = set(MigrationContext.configure(connection).get_current_heads())
        if found - ours:
            raise StoreRefused(f"the store was written by a newer mailbot (schema {', '.join(sorted(found - ours))})")
        if not found and not create:
            raise StoreRefused("the store is empty; if this is a first start, create one")
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
