"""What a partnership no longer needs, let go of: bytes of emails and letters, and whole disputes, by the lengths that
it has chosen; never what is on hold. The record still verifies: of bytes their hash is kept, of a dispute its chain.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Table, delete, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.exc import DBAPIError

from mailbot.core.record.dispute import State
from mailbot.core.record.retention import Retention, is_on_hold, months_before
from mailbot.shell.forgetting.redacting import own_copies
from mailbot.shell.forgetting.replacements import (
    TIME_OVER,
    Replaced,
    Replacement,
    bytes_hash,
    entry_key,
    note_replaced,
    purged_seal,
    without_words,
)
from mailbot.shell.store import tables as t
from mailbot.shell.store.database import is_sqlite, where
from mailbot.shell.store.decisions import Work
from mailbot.shell.store.store import UNSENT, Store
from mailbot.shell.store.stored_values import Filing, FilingKind, HeldState, MessageState
from mailbot.shell.store.tables import entries

LEGAL_HOLD = "legal hold: "  # a note's beginning: on what, then by whom and why
_FINISHED = t.outbox.c.state.not_in(UNSENT)


class PurgeClass(StrEnum):
    EMAILS = "emails"
    LETTERS = "letters"
    DISPUTES = "disputes"
    OTHER_MAIL = "other mail"
    OTHER_LETTERS = "letters about other mail"


@dataclass(frozen=True, slots=True)
class ToPurge:
    """One thing whose time is over. ``key`` is a dispute's reference, a digest or a letter's id."""

    what: PurgeClass
    key: str
    reference: str
    since: datetime
    count: int = 1


@dataclass(frozen=True, slots=True)
class PurgePlan:
    """What would be purged, and what a hold keeps back. ``number`` stands for exactly this: whoever has looked names
    it."""

    items: tuple[ToPurge, ...]
    on_hold: tuple[ToPurge, ...]

    @property
    def number(self) -> str:
        said = "\n".join(f"{one.what} {one.key} {one.count}" for one in self.items)
        return hashlib.sha256(said.encode()).hexdigest()[:10]


def holds(store: Store, partnership: str) -> dict[str, str]:
    """What a legal hold keeps from being purged: a reference, or ``ALL`` -> by whom and why."""
    found = (what.removeprefix(LEGAL_HOLD) for what in store.noted(partnership, LEGAL_HOLD))
    return {what: why for what, _, why in (one.partition(" ") for one in found)}


def purge_plan(store: Store, partnership: str, retention: Retention, now: datetime) -> PurgePlan:
    """What there is to purge of a store by ``now``, each once: a dispute that goes takes its emails and letters with
    it."""
    with store._reads() as connection:
        found = [*_planned(connection, partnership, retention, now)]
    kept = holds(store, partnership)
    whole = {one.key for one in found if one.what is PurgeClass.DISPUTES and not is_on_hold(one.reference, kept)}
    items = [one for one in found if one.what is PurgeClass.DISPUTES or one.reference not in whole]
    on_hold = tuple(one for one in items if is_on_hold(one.reference, kept))
    return PurgePlan(tuple(one for one in items if one not in on_hold), on_hold)


def _planned(connection: Connection, partnership: str, retention: Retention, now: datetime) -> Iterator[ToPurge]:
    for months, what in ((retention.disputes, PurgeClass.DISPUTES), (retention.emails, PurgeClass.EMAILS)):
        if months is not None:
            for row in _closed(connection, partnership, months_before(now, months)):
                count = 1 if what is PurgeClass.DISPUTES else len(_emails(connection, partnership, row.reference))
                if count:
                    yield ToPurge(what, row.reference, row.reference, row.head_at, count)
    if retention.letters is not None:
        for row in _closed(connection, partnership, months_before(now, retention.letters)):
            written = _letters(connection, partnership, row.reference, row.head_at)
            filed = [one for one in own_copies(connection, partnership, row.reference) if one.raw]
            if written or filed:
                yield ToPurge(PurgeClass.LETTERS, row.reference, row.reference, row.head_at, len(written) + len(filed))
    if retention.other_mail is not None:
        before = months_before(now, retention.other_mail)
        for row in _other_mail(connection, partnership, before):
            yield ToPurge(PurgeClass.OTHER_MAIL, row.digest, "", row.received)
        for row in _letters(connection, partnership, "", before):
            yield ToPurge(PurgeClass.OTHER_LETTERS, str(row.id), "", row.created)


_AnyRow = Row[tuple[object, ...]]


def _closed(connection: Connection, partnership: str, before: datetime) -> list[_AnyRow]:
    """Purging a store: the closed disputes, in which nothing has happened since then."""
    closed = (t.dispute.c.partnership == partnership) & (t.dispute.c.state == State.CLOSED.value)
    chosen = select(t.dispute).where(closed, t.dispute.c.head_at <= before).order_by(t.dispute.c.reference)
    return list(connection.execute(chosen).all())


def _emails(connection: Connection, partnership: str, reference: str) -> list[str]:
    """For purging, the digests of the emails of a dispute that are still kept whole."""
    joined = (t.message_bytes.c.partnership == t.message.c.partnership) & (
        t.message_bytes.c.digest == t.message.c.digest
    )
    of_it = (t.message.c.partnership == partnership) & (t.message.c.reference == reference)
    chosen = select(t.message.c.digest).join(t.message_bytes, joined).where(of_it, t.message_bytes.c.raw != b"")
    return list(connection.scalars(chosen.order_by(t.message.c.digest)))


def _letters(connection: Connection, partnership: str, reference: str, before: datetime) -> list[_AnyRow]:
    """Letters to purge: those that wait for nothing any more, and are still kept whole."""
    of_it = (t.outbox.c.partnership == partnership) & (t.outbox.c.reference == reference)
    chosen = select(t.outbox).where(of_it, _FINISHED, t.outbox.c.raw != b"", t.outbox.c.created <= before)
    return list(connection.execute(chosen.order_by(t.outbox.c.id)).all())


def _other_mail(connection: Connection, partnership: str, before: datetime) -> list[_AnyRow]:
    joined = (t.message_bytes.c.partnership == t.message.c.partnership) & (
        t.message_bytes.c.digest == t.message.c.digest
    )
    waiting = select(t.held.c.digest).where(t.held.c.partnership == partnership, t.held.c.state == HeldState.WAITING)
    chosen = select(t.message).join(t.message_bytes, joined)
    chosen = chosen.where(t.message.c.partnership == partnership, t.message.c.reference == "")
    chosen = chosen.where(t.message.c.state == MessageState.DONE, t.message.c.received <= before)
    chosen = chosen.where(t.message_bytes.c.raw != b"", t.message.c.digest.not_in(waiting))
    return list(connection.execute(chosen.order_by(t.message.c.digest)).all())


# Carried out: a transaction for each dispute, and one for the rest. Whoever dies between them goes on with the next.


def purge_all(store: Store, partnership: str, plan: PurgePlan, by: str, now: datetime) -> None:
    """Purges what the plan says. What has been put on hold meanwhile is left."""
    for one in plan.items:
        with store.transaction() as work:
            if is_on_hold(one.reference, holds(store, partnership)):
                continue
            work.write_now()
            if one.what is PurgeClass.DISPUTES:
                _purge_dispute(work, partnership, one.key, by, now)
                continue
            made: list[Replacement] = []
            if one.what is PurgeClass.EMAILS:
                made += _empty_emails(work, partnership, _emails(work._connection, partnership, one.key))
            elif one.what is PurgeClass.OTHER_MAIL:
                made += _empty_emails(work, partnership, [one.key])
            elif one.what is PurgeClass.LETTERS:
                made += _empty_letters(work, _letters(work._connection, partnership, one.key, one.since))
                made += _take_out(work, partnership, one.key, now)
            else:
                row = (t.outbox.c.partnership == partnership) & (t.outbox.c.id == int(one.key))
                made += _empty_letters(work, work._connection.execute(select(t.outbox).where(row)).all())
            note_replaced(work._connection, work._seals, partnership, made, now)
    _overwrite(store)


def _empty_emails(work: Work, partnership: str, digests: Sequence[str]) -> Iterator[Replacement]:
    """Purges the bytes of emails, and what was said of them. Their digests stay, so that one that comes again (a server
    that was moved) acts on nothing."""
    for digest in digests:
        named = (t.message_bytes.c.partnership == partnership) & (t.message_bytes.c.digest == digest)
        work._connection.execute(update(t.message_bytes).where(named).values(raw=b""))
        row = (t.message.c.partnership == partnership) & (t.message.c.digest == digest)
        work._connection.execute(update(t.message).where(row).values(message_id="", reason="", released="", into=""))
        held = (t.held.c.partnership == partnership) & (t.held.c.digest == digest)
        work._connection.execute(update(t.held).where(held).values(reason="", asked="", by="", why=""))
        yield Replacement(Replaced.MESSAGE, digest, digest, b"", TIME_OVER)


def _empty_letters(work: Work, rows: Iterable[_AnyRow]) -> Iterator[Replacement]:
    for row in rows:
        named = dict(row._mapping)
        emptied = {"raw": b"", "words": "", "seal": work._seals.of_letter(named, b"")}
        work._connection.execute(update(t.outbox).where(t.outbox.c.id == row.id).values(**emptied))
        yield Replacement(Replaced.LETTER, str(row.id), bytes_hash(row.raw), b"", TIME_OVER)


def _take_out(work: Work, partnership: str, reference: str, now: datetime) -> Iterator[Replacement]:
    """Purging the store's own copies: the copies that mailbot itself put into the mailbox are taken out of it by the
    next turn, and emptied here."""
    for row in own_copies(work._connection, partnership, reference):
        if not row.raw:
            continue
        seal = work._seals.of_filing(row._asdict(), b"")
        work._connection.execute(update(t.filing).where(t.filing.c.id == row.id).values(raw=b"", seal=seal))
        work.put_filing(_taking_out(row, now))
        yield Replacement(Replaced.FILING, str(row.id), bytes_hash(row.raw), b"", TIME_OVER)


def _taking_out(row: _AnyRow, now: datetime) -> Filing:
    folder = t.folder_of(row.folder)
    return Filing(row.partnership, FilingKind.TAKE_OUT, folder, now, message_id=row.message_id)


def _purge_dispute(work: Work, partnership: str, reference: str, by: str, now: datetime) -> None:
    """Purging a dispute: it goes, and its chain stays without a word: that it was, when, and that nothing was cut
    out of it."""
    connection = work._connection
    history = entries(connection, partnership, reference)
    named = {"partnership": partnership, "reference": reference, "by": by, "why": TIME_OVER, "at": now}
    row: dict[str, object] = {
        **named,
        "entries": without_words(history),
        "head_sequence": history[-1].sequence,
        "head_hash": history[-1].hash,
    }
    row["seal"] = purged_seal(work._seals.key_of(partnership), row)
    emails = _empty_emails(work, partnership, _emails(connection, partnership, reference))
    note_replaced(connection, work._seals, partnership, emails, now)
    filings = own_copies(connection, partnership, reference)
    letters = [
        str(one) for one in connection.scalars(select(t.outbox.c.id).where(_of(t.outbox, partnership, reference)))
    ]
    for table in (t.dispute, t.ledger, t.involved_table, t.card_table, t.outbox, t.known_id):
        connection.execute(delete(table).where(_of(table, partnership, reference)))
    connection.execute(delete(t.filing).where(t.filing.c.id.in_([one.id for one in filings])))
    connection.execute(delete(t.filing).where(_of(t.filing, partnership, reference)))
    for one in filings:
        if one.kind != FilingKind.TAKE_OUT:
            work.put_filing(_taking_out(one, now))
    gone = {
        Replaced.ENTRY: [entry_key(reference, entry.sequence) for entry in history],
        Replaced.LETTER: letters,
        Replaced.FILING: [str(one.id) for one in filings],
    }
    for what, keys in gone.items():
        chosen = (t.replaced.c.partnership == partnership) & (t.replaced.c.what == what)
        connection.execute(delete(t.replaced).where(chosen, t.replaced.c.key.in_(keys)))
    connection.execute(insert(t.purged).values(**row))
    work._folds.forget(partnership, reference)


def _of(table: Table, partnership: str, reference: str) -> ColumnElement[bool]:
    return where(table, {"partnership": partnership, "reference": reference})


def _overwrite(store: Store) -> None:
    """Purging a store: what was purged is overwritten in the file (secure_delete), and the log that was written
    ahead is cut: SQLite's alone; where somebody is reading, the next checkpoint does it."""
    if not is_sqlite(store._engine):
        return
    with store._engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        try:
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except DBAPIError:
            return
