"""The store: one database that is opened, brought up to date and asked. Nothing that reads waits for a writer."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, func, make_url, select
from sqlalchemy.exc import DatabaseError, OperationalError

from mailbot.core.record.dispute import Dispute
from mailbot.core.record.ledger import Entry
from mailbot.shell.errors import StoreRefused, Unreachable
from mailbot.shell.store import tables as t
from mailbot.shell.store.cards_and_moved_mail import CardReading, HandReading
from mailbot.shell.store.database import Database, check_sound, connect_database, file_of, lock_for_migration, where
from mailbot.shell.store.decisions import Work
from mailbot.shell.store.incoming_mail import IncomingMail
from mailbot.shell.store.maintenance import Care
from mailbot.shell.store.outbox import Post
from mailbot.shell.store.tables import (
    MESSAGES,
    AnyRow,
    dispute_row_of,
    entries,
    entry_of,
    folded,
    held_of,
    id_key,
    message_of,
)
from mailbot.shell.store.values import (
    DisputeRow,
    FilingState,
    Held,
    HeldState,
    KnownId,
    LetterRecord,
    LetterState,
    MessageState,
    StoredMessage,
    Waiting,
)

# What can be asked of the store. Nothing here writes, and nothing here waits for a writer.

UNSENT = (LetterState.NEW, LetterState.SENDING, LetterState.DEFERRED, LetterState.UNCERTAIN)
UNFILED = (FilingState.NEW, FilingState.FILING, FilingState.DEFERRED)


class StoreReading(Database):
    # Disputes

    def dispute(self, partnership: str, reference: str) -> Dispute | None:
        history = self.chronology(partnership, reference)
        return folded(history) if history else None

    def disputes(self, partnership: str, state: str | None = None) -> list[Dispute]:
        """Every dispute, or those in ``state`` ("open", "proposed", "closed"), by reference."""
        chosen = t.ledger.c.partnership == partnership
        if state is not None:
            named = where(t.dispute, {"partnership": partnership, "state": state})
            chosen = chosen & t.ledger.c.reference.in_(select(t.dispute.c.reference).where(named))
        ordered = select(t.ledger).where(chosen).order_by(t.ledger.c.reference, t.ledger.c.sequence)
        histories: dict[str, list[Entry]] = {}
        with self._reads() as connection:
            for row in connection.execute(ordered):
                histories.setdefault(row.reference, []).append(entry_of(row))
        return [folded(history) for history in histories.values()]

    def dispute_rows(self, partnership: str) -> list[DisputeRow]:
        """Every dispute by reference, with its limit and what is next due, without its history."""
        ordered = select(t.dispute).where(t.dispute.c.partnership == partnership).order_by(t.dispute.c.reference)
        with self._reads() as connection:
            return [dispute_row_of(row) for row in connection.execute(ordered)]

    def chronology(self, partnership: str, reference: str) -> list[Entry]:
        """The dispute's ledger from its beginning; empty if there is no such dispute."""
        with self._reads() as connection:
            return entries(connection, partnership, reference)

    def known(self, partnership: str, references: Iterable[str]) -> frozenset[str]:
        """Those of ``references`` that are disputes here."""
        named = t.dispute.c.reference.in_(list(references))
        with self._reads() as connection:
            found = connection.scalars(
                select(t.dispute.c.reference).where(t.dispute.c.partnership == partnership, named)
            )
            return frozenset(found)

    def due(self, partnership: str, now: datetime) -> list[str]:
        """References of the disputes to be looked at by ``now``, the longest overdue first."""
        late = (t.dispute.c.partnership == partnership) & (t.dispute.c.next_due <= now)
        ordered = select(t.dispute.c.reference).where(late).order_by(t.dispute.c.next_due, t.dispute.c.reference)
        with self._reads() as connection:
            return list(connection.scalars(ordered))

    def next_due(self, partnership: str) -> datetime | None:
        with self._reads() as connection:
            soonest = select(func.min(t.dispute.c.next_due)).where(t.dispute.c.partnership == partnership)
            found: datetime | None = connection.scalar(soonest)
            return found

    # Messages

    def by_message_id(self, partnership: str, message_ids: Iterable[str]) -> dict[str, KnownId]:
        """For each of ``message_ids`` that belongs to a dispute, which, under the Message-ID as it was asked for."""
        asked = {id_key(message_id): message_id for message_id in message_ids}
        named = (t.known_id.c.partnership == partnership) & t.known_id.c.message_id.in_(list(asked))
        with self._reads() as connection:
            rows = connection.execute(select(t.known_id).where(named)).all()
        return {asked[r.message_id]: KnownId(r.message_id, r.reference, r.ours, r.recipient) for r in rows}

    def message(self, partnership: str, digest: str) -> StoredMessage | None:
        named = where(t.message, {"partnership": partnership, "digest": digest})
        with self._reads() as connection:
            row = connection.execute(MESSAGES.where(named)).first()
        return message_of(row) if row else None

    def raw(self, partnership: str, digest: str) -> bytes | None:
        named = where(t.message_bytes, {"partnership": partnership, "digest": digest})
        with self._reads() as connection:
            found: bytes | None = connection.scalar(select(t.message_bytes.c.raw).where(named))
            return found

    def messages_between(self, partnership: str, since: datetime, until: datetime) -> dict[str, int]:
        """How many messages arrived from ``since`` to before ``until``, by disposition ("" for not read yet)."""
        when = (t.message.c.received >= since) & (t.message.c.received < until)
        counted = select(t.message.c.disposition, func.count()).where(t.message.c.partnership == partnership, when)
        with self._reads() as connection:
            rows = connection.execute(counted.group_by(t.message.c.disposition)).all()
        return {row[0]: row[1] for row in rows}

    def held(self, partnership: str) -> list[Held]:
        """Mail that waits for a person, by number."""
        named = where(t.held, {"partnership": partnership, "state": HeldState.WAITING})
        with self._reads() as connection:
            return [held_of(row) for row in connection.execute(select(t.held).where(named).order_by(t.held.c.number))]

    # Letters, and what is left to do

    def letters(self, partnership: str, reference: str) -> list[LetterRecord]:
        """Every letter written for a dispute, in the order written, with what became of it."""
        named = where(t.outbox, {"partnership": partnership, "reference": reference})
        with self._reads() as connection:
            return [_record(row) for row in connection.execute(select(t.outbox).where(named).order_by(t.outbox.c.id))]

    def letters_since(self, partnership: str, recipient: str, names: Collection[str], since: datetime) -> int:
        """How many letters of these names were written to ``recipient`` from ``since`` on."""
        named = where(t.outbox, {"partnership": partnership, "recipient": recipient})
        counted = select(func.count()).select_from(t.outbox).where(named, t.outbox.c.letter.in_(names))
        with self._reads() as connection:
            return connection.execute(counted.where(t.outbox.c.created >= since)).scalar_one()

    def letters_by_state(self, partnership: str) -> dict[str, int]:
        counted = select(t.outbox.c.state, func.count()).where(t.outbox.c.partnership == partnership)
        with self._reads() as connection:
            rows = connection.execute(counted.group_by(t.outbox.c.state)).all()
        return {row[0]: row[1] for row in rows}

    def waiting(self, partnership: str) -> Waiting:
        """All that is not done yet, seen in one moment."""
        message = where(t.message, {"partnership": partnership, "state": MessageState.NEW})
        held = where(t.held, {"partnership": partnership, "state": HeldState.WAITING})
        letter = (t.outbox.c.partnership == partnership) & t.outbox.c.state.in_(UNSENT)
        filing = (t.filing.c.partnership == partnership) & t.filing.c.state.in_(UNFILED)
        with self._reads() as connection:
            unread = connection.execute(select(func.count(), func.min(t.message.c.received)).where(message)).one()
            unsent = connection.execute(select(func.count(), func.min(t.outbox.c.created)).where(letter)).one()
            held_count = connection.execute(select(func.count()).select_from(t.held).where(held)).scalar_one()
            filings = connection.execute(select(func.count()).select_from(t.filing).where(filing)).scalar_one()
        return Waiting(unread[0], held_count, unsent[0], filings, unread[1], unsent[1])


def _record(row: AnyRow) -> LetterRecord:
    return LetterRecord(
        id=row.id,
        reference=row.reference,
        key=row.key,
        letter=row.letter,
        recipient=row.recipient,
        subject=row.subject,
        message_id=row.message_id,
        state=LetterState(row.state),
        attempts=row.attempts,
        words=row.words,
        created=row.created,
        finished=row.finished,
    )


# The store: everything the bot knows, in one database, and the one transaction in which it decides.
#
# SQLite in a file by default; PostgreSQL by URL, for several processes at once. What a turn needs is spread over
# rooms by reason: taking in, deciding (``Work``), reading, the post, and care.

_MIGRATIONS = Path(__file__).parents[1] / "migrations"


class Store(IncomingMail, StoreReading, Post, CardReading, HandReading, Care):
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
        engine = connect_database(url)
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
