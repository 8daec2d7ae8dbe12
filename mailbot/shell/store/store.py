"""The store: one database that is opened, brought up to date and asked. Nothing that reads waits for a writer."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache, partial
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, case, exists, func, make_url, select
from sqlalchemy.exc import DatabaseError, OperationalError

from mailbot.core.record.dispute import Dispute, State
from mailbot.core.record.events import Event
from mailbot.core.record.events_of_mail import RiskReported
from mailbot.core.record.ledger import Entry, Head
from mailbot.shell.errors import StoreRefused, Unreachable
from mailbot.shell.private_files import make_private_file
from mailbot.shell.store import tables as t
from mailbot.shell.store.cards_and_moved_mail import CardReading, HandReading
from mailbot.shell.store.database import (
    Database,
    check_sound,
    connect_database,
    file_of,
    is_sqlite,
    must_be_readable,
    where,
)
from mailbot.shell.store.decisions import WRITTEN_SINCE, Work
from mailbot.shell.store.incoming_mail import IncomingMail
from mailbot.shell.store.maintenance import Care
from mailbot.shell.store.outbox import Post, letter_record
from mailbot.shell.store.schema import bring_up_to_date
from mailbot.shell.store.statements import NotThere, WrittenLater, among, is_of, of, rows_of
from mailbot.shell.store.stored_values import (
    AlreadyDecided,
    DisputeRow,
    FilingState,
    Held,
    HeldState,
    KnownId,
    LetterRecord,
    LetterState,
    MessageState,
    Settled,
    StoredMessage,
    Waiting,
)
from mailbot.shell.store.tables import (
    MESSAGES,
    dispute_row_of,
    entries,
    entry_of,
    folded,
    head_of_row,
    held_of,
    id_key,
    known_of,
    message_of,
)

# What can be asked of the store. Nothing here writes, and nothing here waits for a writer.

UNSENT = (LetterState.NEW, LetterState.SENDING, LetterState.DEFERRED, LetterState.UNCERTAIN)
UNFILED = (FilingState.NEW, FilingState.FILING, FilingState.DEFERRED)
_MESSAGE = ("partnership", "digest")
_HEAD = rows_of(t.dispute, ("partnership", "reference"), ("head_sequence", "head_hash", "head_at"))
_HEADS = rows_of(t.dispute, ("partnership",), ("reference", "head_sequence", "head_hash", "head_at")).where(
    among(t.dispute, "reference")
)
_KNOWN = select(t.dispute.c.reference).where(is_of(t.dispute, "partnership"), among(t.dispute, "reference"))
_LATE = is_of(t.dispute, "partnership") & (t.dispute.c.next_due <= bindparam("now", type_=t.InstantColumn()))
_IN_DANGER = exists().where(
    t.ledger.c.partnership == t.dispute.c.partnership,
    t.ledger.c.reference == t.dispute.c.reference,
    t.ledger.c.kind == RiskReported.__name__,
)


@cache
def _due(stages: tuple[str, ...]) -> Select[Any]:
    place = {stage: number for number, stage in enumerate(stages, 1)}
    later = (case(place, value=t.dispute.c.stage, else_=0).desc(),) if place else ()
    ordered = select(t.dispute.c.reference).where(_LATE).order_by(_IN_DANGER.desc(), *later, t.dispute.c.next_due)
    return ordered.order_by(t.dispute.c.reference).limit(bindparam("limit"))


_ROWS_AT_ONCE = 500  # of those that are read one after the other
_PORTION = 100  # disputes: some tenths of a second, whatever is asked of them
_MARKED = rows_of(t.digest_run, ("partnership", "kind", "period"))
_LEDGER_OF = rows_of(t.ledger, ("partnership",), order=("reference", "sequence")).where(among(t.ledger, "reference"))
_NEXT_DUE = select(func.min(t.dispute.c.next_due)).where(is_of(t.dispute, "partnership"))
_KNOWN_IDS = select(t.known_id).where(is_of(t.known_id, "partnership"), among(t.known_id, "message_id"))
_ONE_MESSAGE = MESSAGES.where(is_of(t.message, *_MESSAGE))
# What became of a letter, without its bytes.
_RECORD = tuple(name for name in t.outbox.c.keys() if name != "raw")  # noqa: SIM118 (columns are not a dict)
_LETTERS_OF = (
    select(*(t.outbox.c[name] for name in _RECORD))
    .where(is_of(t.outbox, "partnership"), among(t.outbox, "reference"))
    .order_by(t.outbox.c.id)
)
_CREATED_SINCE = (
    select(func.count())
    .select_from(t.outbox)
    .where(is_of(t.outbox, "partnership"), t.outbox.c.created >= bindparam("since", type_=t.InstantColumn()))
)
_KEY_BEGINS = t.outbox.c.key.startswith(bindparam("begins", type_=t.WordsColumn()), autoescape=False)
# SQLite compares text byte by byte: what begins alike is a range of the index. PostgreSQL goes by a language's rules.
_KEY_RANGE = (t.outbox.c.key >= bindparam("from")) & (t.outbox.c.key < bindparam("to"))
_UNREAD = select(func.count(), func.min(t.message.c.received)).where(is_of(t.message, "partnership", "state"))
_UNSENT = select(func.count(), func.min(t.outbox.c.created)).where(
    is_of(t.outbox, "partnership"), among(t.outbox, "state")
)
_HELD_COUNT = select(func.count()).select_from(t.held).where(is_of(t.held, "partnership", "state"))
_UNFILED = select(func.count(), func.min(t.filing.c.created)).where(
    is_of(t.filing, "partnership"), among(t.filing, "state")
)


class StoreReading(Database):
    # Disputes

    def dispute(self, partnership: str, reference: str) -> Dispute | None:
        with self._reads() as connection:
            row = connection.execute(_HEAD, of(partnership=partnership, reference=reference)).first()
            if row is None:
                return None
            return self._folds.dispute(
                partnership,
                reference,
                head_of_row(row),
                partial(entries, connection, partnership, reference),
            )

    def disputes_named(self, partnership: str, references: Collection[str]) -> dict[str, Dispute]:
        """The store's disputes of these references, those that there are."""
        if not references:
            return {}
        with self._reads() as connection:
            rows = connection.execute(_HEADS, of(partnership=partnership, reference=sorted(references))).all()
            return {
                row.reference: self._folds.dispute(
                    partnership,
                    row.reference,
                    head_of_row(row),
                    partial(entries, connection, partnership, row.reference),
                )
                for row in rows
            }

    def disputes(self, partnership: str, state: str | None = None) -> list[Dispute]:
        """Asked of the store, every dispute, or those in ``state`` ("open", "proposed", "closed"), by reference: of
        those that are remembered only what has happened since is read."""
        named = {"partnership": partnership} | ({"state": state} if state else {})
        return list(self._each(partnership, where(t.dispute, named)))

    def portions(self, partnership: str, since: datetime | None = None) -> Iterator[list[Dispute]]:
        """Asked of the store, every dispute, or with ``since`` those that are open or were changed from then on, by
        reference, a hundred at a time: only those that are remembered anyhow are held in memory. Each portion is
        read by itself, as it is by then; between two, others may write."""
        last = ""
        while portion := self._portion(partnership, since, last):
            last = portion[-1].reference
            yield portion

    def _portion(self, partnership: str, since: datetime | None, last: str) -> list[Dispute]:
        names = (t.dispute.c[name] for name in ("reference", "head_sequence", "head_hash", "head_at"))
        chosen = (t.dispute.c.partnership == partnership) & (t.dispute.c.reference > last)
        if since is not None:
            chosen &= (t.dispute.c.state != State.CLOSED) | (t.dispute.c.head_at >= since)
        with self._reads() as connection:
            rows = connection.execute(select(*names).where(chosen).order_by(t.dispute.c.reference).limit(_PORTION))
            heads = {row.reference: head_of_row(row) for row in rows}
            return list(self._folded(connection, partnership, heads, keep=False))

    def _each(self, partnership: str, chosen: ColumnElement[bool]) -> Iterator[Dispute]:
        names = (t.dispute.c[name] for name in ("reference", "head_sequence", "head_hash", "head_at"))
        with self._reads() as connection:
            rows = connection.execute(select(*names).where(chosen).order_by(t.dispute.c.reference)).all()
            for at in range(0, len(rows), _ROWS_AT_ONCE):
                some = {row.reference: head_of_row(row) for row in rows[at : at + _ROWS_AT_ONCE]}
                yield from self._folded(connection, partnership, some, keep=len(rows) <= self._folds.most)

    def _folded(
        self, connection: Connection, partnership: str, heads: Mapping[str, Head], keep: bool
    ) -> Iterator[Dispute]:
        new = [reference for reference in heads if not self._folds.knows(partnership, reference)]
        asked = of(partnership=partnership, reference=new)
        rows = connection.execute(_LEDGER_OF, asked) if new else ()
        found = {name: folded(map(entry_of, entries)) for name, entries in groupby(rows, key=attrgetter("reference"))}
        for reference, head in heads.items():
            if reference not in found:
                read = partial(entries, connection, partnership, reference)
                yield self._folds.dispute(partnership, reference, head, read)
                continue
            if keep:
                self._folds.keep(partnership, reference, head, found[reference])
            yield found[reference]

    def events(
        self, partnership: str, kinds: Collection[type[Event]], since: datetime | None = None
    ) -> Iterator[Event]:
        """Asked of the store, what happened of these kinds in any dispute, or what was decided of them ``since``, one
        event at a time."""
        names = [kind.__name__ for kind in kinds]
        asked = (t.ledger.c.partnership == partnership) & t.ledger.c.kind.in_(names)
        asked = asked & (t.ledger.c.at >= since) if since is not None else asked
        with self._reads() as connection:
            for row in connection.execute(select(t.ledger).where(asked).execution_options(yield_per=_ROWS_AT_ONCE)):
                yield entry_of(row).event

    def is_marked(self, partnership: str, kind: str, period: str) -> bool:
        """Asked of the store, whether a digest of this ``kind`` and ``period`` was decided: see
        ``Work.mark_digest``."""
        named = of(partnership=partnership, kind=kind, period=period)
        with self._asks() as connection:
            return connection.execute(_MARKED, named).first() is not None

    def dispute_rows(self, partnership: str) -> list[DisputeRow]:
        """The store's rows of disputes: every dispute by reference, with its limit and what is next due, without its
        history."""
        ordered = rows_of(t.dispute, ("partnership",), order=("reference",))
        with self._asks() as connection:
            return [dispute_row_of(row) for row in connection.execute(ordered, of(partnership=partnership))]

    def limits_ahead(self, partnership: str, now: datetime) -> list[tuple[str, datetime]]:
        """The store's limits ahead: (reference, limit) of every dispute whose limit has not passed by ``now``."""
        ahead = (t.dispute.c.partnership == partnership) & (t.dispute.c.limit > now)
        chosen = select(t.dispute.c.reference, t.dispute.c.limit).where(ahead).order_by(t.dispute.c.reference)
        with self._asks() as connection:
            return [(row.reference, row.limit) for row in connection.execute(chosen)]

    def versions_kept(self, partnership: str) -> set[tuple[str, str]]:
        """(protocol, version) of every dispute there is."""
        chosen = select(t.dispute.c.protocol, t.dispute.c.version).where(t.dispute.c.partnership == partnership)
        with self._asks() as connection:
            return {(row.protocol, row.version) for row in connection.execute(chosen.distinct())}

    def disputes_by_state(self, partnership: str) -> dict[str, int]:
        counted = select(t.dispute.c.state, func.count()).where(t.dispute.c.partnership == partnership)
        with self._asks() as connection:
            rows = connection.execute(counted.group_by(t.dispute.c.state)).all()
        return {row[0]: row[1] for row in rows}

    def chronology(self, partnership: str, reference: str) -> list[Entry]:
        """The store's ledger of a dispute from its beginning; empty if there is no such dispute."""
        with self._reads() as connection:
            return entries(connection, partnership, reference)

    def known(self, partnership: str, references: Iterable[str]) -> frozenset[str]:
        """Those of ``references`` that are disputes here."""
        with self._asks() as connection:
            return frozenset(connection.scalars(_KNOWN, of(partnership=partnership, reference=list(references))))

    def due(self, partnership: str, now: datetime, limit: int = 1_000_000, stages: tuple[str, ...] = ()) -> list[str]:
        """The store's disputes that are due: references of those to be looked at by ``now``: where danger was reported
        before all others, the later of ``stages`` before the earlier, then the longest overdue."""
        with self._asks() as connection:
            asked = of(partnership=partnership) | {"now": now, "limit": limit}
            return list(connection.scalars(_due(stages), asked))

    def next_due(self, partnership: str) -> datetime | None:
        with self._asks() as connection:
            found: datetime | None = connection.scalar(_NEXT_DUE, of(partnership=partnership))
            return found

    # Messages

    def by_message_id(self, partnership: str, message_ids: Iterable[str]) -> dict[str, KnownId]:
        """The store finds disputes by Message-ID: for each of ``message_ids`` that belongs to a dispute, which, under
        the Message-ID as it was asked for."""
        asked = {id_key(message_id): message_id for message_id in message_ids}
        if not asked:
            return {}
        with self._asks() as connection:
            rows = connection.execute(_KNOWN_IDS, of(partnership=partnership, message_id=list(asked))).all()
        return {asked[row.message_id]: known_of(row) for row in rows}

    def message(self, partnership: str, digest: str) -> StoredMessage | None:
        with self._asks() as connection:
            row = connection.execute(_ONE_MESSAGE, of(partnership=partnership, digest=digest)).first()
        return message_of(row) if row else None

    def raw(self, partnership: str, digest: str) -> bytes | None:
        kept = rows_of(t.message_bytes, _MESSAGE, ("raw",))
        with self._asks() as connection:
            found: bytes | None = connection.scalar(kept, of(partnership=partnership, digest=digest))
            return found

    def messages_between(self, partnership: str, since: datetime, until: datetime) -> dict[str, int]:
        """Asked of the store, how many messages arrived from ``since`` to before ``until``, by disposition ("" for not
        read yet)."""
        when = (t.message.c.received >= since) & (t.message.c.received < until)
        counted = select(t.message.c.disposition, func.count()).where(t.message.c.partnership == partnership, when)
        with self._asks() as connection:
            rows = connection.execute(counted.group_by(t.message.c.disposition)).all()
        return {row[0]: row[1] for row in rows}

    def held(self, partnership: str) -> list[Held]:
        """Mail that waits for a person, by number."""
        waiting = rows_of(t.held, ("partnership", "state"), order=("number",))
        with self._asks() as connection:
            rows = connection.execute(waiting, of(partnership=partnership, state=HeldState.WAITING))
            return [held_of(row) for row in rows]

    # Letters, and what is left to do

    def letters(self, partnership: str, reference: str) -> list[LetterRecord]:
        """Asked of the store, every letter written for a dispute, in the order written, with what became of it."""
        written = rows_of(t.outbox, ("partnership", "reference"), _RECORD, ("id",))
        with self._asks() as connection:
            rows = connection.execute(written, of(partnership=partnership, reference=reference))
            return [letter_record(row) for row in rows]

    def letters_named(self, partnership: str, references: Collection[str]) -> dict[str, list[LetterRecord]]:
        """Asked of the store, the letters of several disputes, as ``letters``, by reference."""
        found: dict[str, list[LetterRecord]] = {reference: [] for reference in references}
        with self._asks() as connection:
            for row in connection.execute(_LETTERS_OF, of(partnership=partnership, reference=sorted(references))):
                found[row.reference].append(letter_record(row))
        return found

    def letters_since(self, partnership: str, recipient: str, names: Collection[str], since: datetime) -> int:
        """Asked of the store, how many letters of these names were written to ``recipient`` from ``since`` on."""
        asked = of(partnership=partnership, recipient=recipient, letter=list(names)) | {"since": since}
        with self._asks() as connection:
            return int(connection.execute(WRITTEN_SINCE, asked).scalar_one())

    def letters_caused(self, partnership: str, cause: str, since: datetime) -> int:
        """Asked of the store, how many letters were written from ``since`` on whose key names this cause."""
        begins = {"since": since, "from": f"{cause}|", "to": f"{cause}}}", "begins": f"{cause}|"}
        counted = _CREATED_SINCE.where(_KEY_RANGE if is_sqlite(self._engine) else _KEY_BEGINS)
        with self._asks() as connection:
            return int(connection.execute(counted, of(partnership=partnership) | begins).scalar_one())

    def is_in_a_dispute(self, partnership: str, address: str) -> bool:
        """Whether this address is somebody's in any dispute of the store, open or closed."""
        named = rows_of(t.involved_table, ("partnership", "address"), ("reference",))
        with self._asks() as connection:
            references = list(connection.scalars(named, of(partnership=partnership, address=address)))
        found = (self.dispute(partnership, reference) for reference in references)
        return any(dispute is not None and dispute.party(address) is not None for dispute in found)

    def letters_by_state(self, partnership: str) -> dict[str, int]:
        counted = select(t.outbox.c.state, func.count()).where(t.outbox.c.partnership == partnership)
        with self._asks() as connection:
            rows = connection.execute(counted.group_by(t.outbox.c.state)).all()
        return {row[0]: row[1] for row in rows}

    def waiting(self, partnership: str) -> Waiting:
        """All that is not done yet, seen in one moment."""
        named = of(partnership=partnership)
        with self._reads() as connection:
            unread = connection.execute(_UNREAD, named | of(state=MessageState.NEW)).one()
            unsent = connection.execute(_UNSENT, named | of(state=UNSENT)).one()
            held_count = connection.execute(_HELD_COUNT, named | of(state=HeldState.WAITING)).scalar_one()
            unfiled = connection.execute(_UNFILED, named | of(state=UNFILED)).one()
        return Waiting(unread[0], held_count, unsent[0], unfiled[0], unread[1], unsent[1], unfiled[1])


# The store: everything the bot knows, in one database, and the one transaction in which it decides.
#
# SQLite in a file by default; PostgreSQL by URL, for several processes at once. What a turn needs is spread over
# rooms by reason: taking in, deciding (``Work``), reading, the post, and care.


class Store(IncomingMail, StoreReading, Post, CardReading, HandReading, Care):
    """Safe for several threads, and on PostgreSQL for several processes. The world's failures are ``Unreachable``."""

    @staticmethod
    def open(url: str, create: bool = False, key: bytes = b"") -> "Store":
        """Opens the store at ``sqlite:///path`` or ``postgresql://…``, its tables brought up to date. With a ``key``,
        what people wrote is encrypted in it from now on.

        Raises ``StoreRefused`` if it is damaged, was written by a newer mailbot, is encrypted and there is no key, or
        is missing and ``create`` is false: starting on an empty store would take every message in the mailbox for a
        new one.
        """
        file = file_of(make_url(url))
        if file is not None and not create and (not file.is_file() or file.stat().st_size == 0):
            raise StoreRefused(f"there is no store at {file}; if this is a first start, create one")
        if file is not None and create and str(file) not in {"", ":memory:"}:
            make_private_file(file)
        engine = connect_database(url, key)
        try:
            check_sound(engine)
            bring_up_to_date(engine, create)
            must_be_readable(engine, bool(key))
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
        """One transaction of the store that writes. What is raised inside undoes all of it; leaving it means that all
        of it is durable.

        Inside, the store's own reading and writing methods belong to this transaction, in this thread: they see what
        has been written, and what they write is undone with the rest.
        """
        with self._writes() as connection:
            later = self._writing.later = WrittenLater()
            try:
                work = Work(connection, self._folds, self._seals, later)
                yield work
                later.write(connection)
                work.count_decisions()
            except NotThere:
                raise AlreadyDecided("a message has been decided already, or was never kept") from None
            finally:
                self._writing.later = None

    def release(self, partnership: str, number: int, by: str, why: str, now: datetime, into: str = "") -> Held:
        """A person lets mail in that the store holds: it is read again, in the dispute ``into`` if they name it. Raises
        ``NotHeld``."""
        with self.transaction() as work:
            return work.settle_held(partnership, number, Settled(HeldState.RELEASED, by, why, into), now)

    def dismiss(self, partnership: str, number: int, by: str, why: str, now: datetime) -> Held:
        """A person has dealt with mail that the store holds: it is kept and not read. Raises ``NotHeld``."""
        with self.transaction() as work:
            return work.settle_held(partnership, number, Settled(HeldState.DISMISSED, by, why), now)
