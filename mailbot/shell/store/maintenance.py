"""Looking after the store: who reads the mailbox, when each turn last succeeded, and whether the record is whole and
the newest of itself.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Column, Connection, Select, Table, and_, bindparam, delete, or_, select, update

from mailbot.core.record.dispute import Dispute
from mailbot.core.record.ledger import Entry, verify, words_hash
from mailbot.core.record.witness import LastEntry, RecordWitness
from mailbot.shell.forgetting.replacements import (
    Replaced,
    broken_replacements,
    bytes_hash,
    entries_left,
    entry_key,
    replacements,
)
from mailbot.shell.store import tables as t
from mailbot.shell.store.database import Database, copy_to, entries_in_clear, tell_others
from mailbot.shell.store.statements import (
    FUTURE,
    among,
    change_of,
    insert_once,
    is_of,
    locked,
    of,
    raise_to,
    rows_of,
    write_latest_all,
)
from mailbot.shell.store.stored_values import (
    FilingKind,
    FilingState,
    HeldState,
    Leases,
    LetterState,
    MessageState,
)
from mailbot.shell.store.tables import AnyRow, dispute_columns, entry_of, folded, head_of_row

_ROWS_AT_ONCE = 100
_READY = " ready "  # between a mailbox and who stands by for it
_NOTE, _LEASE = ("partnership", "what"), ("partnership", "name")
# Counters that are no reference's: how many transactions wrote into the ledger, and how often a person has let an older
# store go on.
LONGEST_WAIT = timedelta(hours=3)  # of a letter or a filing for its next try
DECISIONS, ERA = "decisions", "era"
LET_GO_ON = "let go on"  # a note's beginning: by whom an older store was let go on
_GAP = "never in this record: "  # a note's beginning: a reference that a newer record gave out, and this one lacks
_HEADS_WITNESSED = 200
_ENTRIES_WITNESSED = 2_000  # among the newest of these lie the heads: however many disputes there are
_NEWEST_ENTRIES = (
    select(t.ledger.c.reference)
    .where(is_of(t.ledger, "partnership"))
    .order_by(t.ledger.c.at.desc())
    .limit(_ENTRIES_WITNESSED)
    .subquery()
)
_LATELY_CHANGED = (
    select(t.dispute.c.reference, t.dispute.c.head_sequence)
    .where(is_of(t.dispute, "partnership"), t.dispute.c.reference.in_(select(_NEWEST_ENTRIES.c.reference)))
    .order_by(t.dispute.c.head_at.desc(), t.dispute.c.reference)
    .limit(_HEADS_WITNESSED)
)
_HEADS_OF = select(t.dispute.c.reference, t.dispute.c.head_sequence).where(
    is_of(t.dispute, "partnership"), among(t.dispute, "reference")
)
_ROWS_OF = select(t.dispute).where(is_of(t.dispute, "partnership"), among(t.dispute, "reference"))
_ENTRIES_OF = (
    select(t.ledger)
    .where(is_of(t.ledger, "partnership"), among(t.ledger, "reference"))
    .order_by(t.ledger.c.reference, t.ledger.c.sequence)
)
_PURGED = rows_of(t.purged, ("partnership", "reference"))
_KNOWN_REFERENCES = select(t.dispute.c.reference).where(is_of(t.dispute, "partnership"))
_NEWEST = (
    select(t.ledger.c.reference, t.ledger.c.sequence, t.ledger.c.hash)
    .where(is_of(t.ledger, "partnership"))
    .order_by(t.ledger.c.at.desc(), t.ledger.c.reference.desc(), t.ledger.c.sequence.desc())
    .limit(1)
)
_HAS_ENTRY = select(t.ledger.c.sequence).where(
    is_of(t.ledger, "partnership", "reference", "sequence"), t.ledger.c.hash == bindparam("hash", type_=t.WordsColumn())
)


# Notes by how they begin.
_BEGINS = t.note.c.what.startswith(bindparam("begins", type_=t.WordsColumn()), escape="/")
_NOTES = select(t.note.c.what, t.note.c.at).where(is_of(t.note, "partnership"), _BEGINS)
_NEWEST_NOTE = select(t.note.c.what).where(is_of(t.note, "partnership"), _BEGINS).order_by(t.note.c.at.desc()).limit(1)
_NOTE_GONE = delete(t.note).where(is_of(t.note, *_NOTE))


def _beginning_so(partnership: str, beginning: str) -> dict[str, object]:
    literal = beginning.replace("/", "//").replace("%", "/%").replace("_", "/_")
    return of(partnership=partnership) | {"begins": literal}


class Care(Database):
    def note(self, partnership: str, what: str, at: datetime) -> None:
        """Notes, for maintenance, that ``what`` (a turn, a check) last succeeded ``at``; an earlier instant changes
        nothing."""
        self.note_all(partnership, [what], at)

    def note_all(self, partnership: str, what: Iterable[str], at: datetime) -> None:
        """The same of several, in one transaction."""
        with self._writes() as connection:
            write_latest_all(connection, t.note, [{"partnership": partnership, "what": each} for each in what], at=at)

    def last(self, partnership: str, what: str) -> datetime | None:
        with self._asks() as connection:
            noted = rows_of(t.note, _NOTE, ("at",))
            found: datetime | None = connection.scalar(noted, of(partnership=partnership, what=what))
            return found

    def newest_note(self, partnership: str, beginning: str) -> str:
        """Of the store's notes that begin with these words, the one that was made last; "" where there is none."""
        with self._asks() as connection:
            found = connection.scalar(_NEWEST_NOTE, _beginning_so(partnership, beginning))
        return str(found or "")

    def noted(self, partnership: str, beginning: str) -> dict[str, datetime]:
        """All that is noted, for maintenance, under names with this beginning, and since when."""
        with self._asks() as connection:
            rows = connection.execute(_NOTES, _beginning_so(partnership, beginning))
            return {row.what: row.at for row in rows}

    def forget(self, partnership: str, what: str) -> None:
        """Strikes a note of maintenance out: what it was about is over."""
        with self._writes() as connection:
            connection.execute(_NOTE_GONE, of(partnership=partnership, what=what))

    def try_lease(self, partnership: str, name: str, holder: str, now: datetime, until: datetime) -> int | None:
        """Tries, in the store, for a lease of the mailbox: the epoch under which ``holder`` has the lease until
        ``until``; None while somebody else has it.

        Holding on keeps the epoch. Taking it over, once it has run out, makes the next: see ``Work.must_hold_lease``.
        """
        key = {"partnership": partnership, "name": name}
        with self._writes() as connection:
            if insert_once(connection, t.lease, key, {"holder": holder, "epoch": 1, "until": until}):
                return 1
            row = connection.execute(locked(t.lease, _LEASE), of(**key)).one()
            if row.holder != holder and now < row.until <= now + FUTURE:
                return None  # one that ends later than any lease can was taken by a clock that was ahead
            epoch = int(row.epoch) if row.holder == holder else int(row.epoch) + 1
            connection.execute(
                change_of(t.lease, _LEASE), {**of(**key), "holder": holder, "epoch": epoch, "until": until}
            )
            return epoch

    def ready_for(self, partnership: str, name: str, holder: str, now: datetime, until: datetime) -> None:
        """Says beside the leases that ``holder`` stands by until then, and would read this mailbox if it were free."""
        key = {"partnership": partnership, "name": f"{name}{_READY}{holder}"}
        with self._writes() as connection:
            if not insert_once(connection, t.lease, key, {"holder": holder, "epoch": 0, "until": until}):
                connection.execute(change_of(t.lease, _LEASE), {**of(**key), "until": until})
            gone = (t.lease.c.until < now - FUTURE) & t.lease.c.name.contains(_READY, autoescape=True)
            connection.execute(delete(t.lease).where(gone))

    def leases(self, now: datetime) -> Leases:
        """Who has which mailbox now, and who stands by for which."""
        with self._asks() as connection:
            lasting = (t.lease.c.until > now) & (t.lease.c.until <= now + FUTURE)  # see ``try_lease``
            rows = connection.execute(select(t.lease).where(lasting)).all()
        held = {(row.partnership, row.name): row.holder for row in rows if _READY not in row.name}
        ready = [(row.partnership, row.name.partition(_READY)[0], row.holder) for row in rows if _READY in row.name]
        return Leases(held, frozenset(ready))

    def mend_future(self, partnership: str, now: datetime) -> int:
        """Maintenance of what a clock that was ahead has written: letters and filings that wait for an hour later than
        any they can wait for are tried now; how many."""
        count = 0
        with self._writes() as connection:
            for table in (t.outbox, t.filing):
                late = (table.c.partnership == partnership) & (table.c.next_try > now + LONGEST_WAIT)
                count += connection.execute(update(table).where(late).values(next_try=now)).rowcount
        return count

    def give_up_lease(self, partnership: str, name: str, holder: str, now: datetime) -> None:
        """The next in line need not wait until it runs out."""
        named = of(partnership=partnership, name=name, holder=holder)
        with self._writes() as connection:
            connection.execute(change_of(t.lease, (*_LEASE, "holder")), {**named, "until": now})
            tell_others(connection, partnership)

    def backup(self, path: Path) -> None:
        """Maintenance: a backup. A whole, checked copy of an SQLite store. Raises ``StoreRefused`` for PostgreSQL, or
        if it is damaged."""
        copy_to(self._engine, path)

    def words_in_clear(self) -> tuple[int, int]:
        """For maintenance: how many entries of the ledger there are, and how many are not encrypted."""
        return entries_in_clear(self._engine)

    def learn_key(self, partnership: str, secret: bytes) -> None:
        """Maintenance is given the secret of the deployment: from now on the record is sealed, and ``verify`` looks
        at its seals."""
        self._seals.learn(partnership, secret)

    # How far the record has come

    def record_key(self, partnership: str) -> bytes:
        """The key that maintenance was told to seal this record with; b"" without one."""
        return self._seals.key_of(partnership)

    def counted(self, partnership: str) -> dict[str, int]:
        """For maintenance, how far each counter is: the highest number of each prefix and year, decisions, the era."""
        with self._asks() as connection:
            rows = connection.execute(rows_of(t.counter, ("partnership",)), of(partnership=partnership))
            return {row.name: row.next - 1 for row in rows}

    def record_witness(self, partnership: str, now: datetime, heads_of: Collection[str] = ()) -> RecordWitness:
        """For maintenance, how far the store's record has come, for whoever looks after it elsewhere; ``heads`` of the
        disputes that changed last, or of those that are asked about."""
        asked, counters = of(partnership=partnership), self.counted(partnership)
        with self._reads() as connection:
            newest = connection.execute(_NEWEST, asked).first()
            heads = connection.execute(
                *((_HEADS_OF, asked | of(reference=list(heads_of))) if heads_of else (_LATELY_CHANGED, asked))
            )
            return RecordWitness(
                partnership,
                counters.get(ERA, 0),
                counters.get(DECISIONS, 0),
                LastEntry(newest.reference, newest.sequence, newest.hash) if newest else None,
                now,
                {name: number for name, number in counters.items() if "-" in name},
                {row.reference: row.head_sequence for row in heads},
            )

    def has_entry(self, partnership: str, entry: LastEntry) -> bool:
        """Whether the ledger has this very entry: maintenance compares what was witnessed with what stands here."""
        place = of(partnership=partnership, reference=entry.reference, sequence=entry.sequence)
        with self._reads() as connection:
            if connection.execute(_HAS_ENTRY, place | {"hash": entry.hash}).first() is not None:
                return True
            row = connection.execute(_PURGED, of(partnership=partnership, reference=entry.reference)).first()
            return row is not None and any(one.hash == entry.hash for one in entries_left(row))

    def let_go_on(self, partnership: str, era: int, given: Mapping[str, int], by: str, now: datetime) -> None:
        """Maintenance lets an older store go on: a person has looked, and it is what holds from now on. It begins the
        ``era`` after every other, and gives out no reference that ``given`` says was given out before."""
        known = self.record_witness(partnership, now).given
        with self._writes() as connection:
            raise_to(connection, t.counter, {"partnership": partnership, "name": ERA}, {"next": era + 1})
            for name, last in given.items():
                key = {"partnership": partnership, "name": name}
                raise_to(connection, t.counter, key, {"next": last + 1})
                for number in range(known.get(name, 0) + 1, last + 1):
                    gap = {"partnership": partnership, "what": f"{_GAP}{name}-{number:04d}"}
                    insert_once(connection, t.note, gap, {"at": now})
            said = {"partnership": partnership, "what": f"{LET_GO_ON} as {era} by {by}"[:200]}
            insert_once(connection, t.note, said, {"at": now})

    def purged(self, partnership: str, reference: str) -> datetime | None:
        """When this dispute was purged by maintenance; None where it was not."""
        with self._asks() as connection:
            row = connection.execute(_PURGED, of(partnership=partnership, reference=reference)).first()
        return row.at if row is not None else None

    def give_out_from(self, partnership: str, reference: str) -> None:
        """Maintenance sees to it that ``reference`` is given out next, if its number is still to come."""
        name, _, number = reference.rpartition("-")
        if number.isdigit():
            with self._writes() as connection:
                key = {"partnership": partnership, "name": name}
                raise_to(connection, t.counter, key, {"next": int(number)})

    def give_out_after(self, partnership: str, given: Mapping[str, int], now: datetime) -> None:
        """Maintenance sees to it that none of these, and none before them, is given out again; those that are no
        dispute here are noted as lost."""
        with self._writes() as connection:
            there = set(connection.scalars(_KNOWN_REFERENCES, of(partnership=partnership)))
            for name, last in {**self._highest(connection, partnership), **given}.items():
                raise_to(connection, t.counter, {"partnership": partnership, "name": name}, {"next": last + 1})
                for number in range(1, last + 1):
                    if (reference := f"{name}-{number:04d}") not in there:
                        gap = {"partnership": partnership, "what": f"{_GAP}{reference}"}
                        insert_once(connection, t.note, gap, {"at": now})

    def _highest(self, connection: Connection, partnership: str) -> dict[str, int]:
        """Of maintenance's counters those of references: the highest number that each has given out."""
        rows = connection.execute(rows_of(t.counter, ("partnership",)), of(partnership=partnership))
        return {row.name: row.next - 1 for row in rows if "-" in row.name}

    def unkeyed(self, partnership: str) -> list[str]:
        """For maintenance, what of the record was written before there was a key, in words."""
        with self._reads() as connection:
            return self._seals.said_of_unkeyed(connection, partnership)

    def verify(self, partnership: str) -> list[str]:
        """Maintenance: the store is verified. Everything that is wrong with the record of this partnership, in words;
        empty if it is whole.

        Every chain is computed again and compared with its head, every dispute is replayed and compared with its row,
        every reference given out must have its dispute, and every message must still have the bytes of its digest.
        With the key (``learn_key``) the seals are looked at as well: of every dispute's head, every letter, every
        filing, and all that is not kept as it was written. What is made from all this, to find something by, is
        compared with it.
        Limits and due instants are not in the ledger (the calendar makes them), so they cannot be judged here.
        """
        with self._reads() as connection:
            return [
                *_broken_disputes(connection, partnership),
                *self._seals.broken_heads(connection, partnership),
                *self._seals.broken_letter_rows(connection, partnership),
                *self._seals.broken_filing_rows(connection, partnership),
                *broken_replacements(connection, self._seals, partnership),
                *_missing_references(connection, partnership),
                *_changed_messages(connection, partnership),
                *broken_derived_rows(connection, partnership),
            ]


def with_words_cut(entry: Entry, cut: AnyRow | None) -> Entry:
    """An entry as maintenance follows its chain: with the hash of the words that were first in it, where ``cut`` says
    that they were replaced."""
    return replace(entry, was=cut.was) if cut is not None else entry


def _broken_disputes(connection: Connection, partnership: str) -> Iterator[str]:
    words = replacements(connection, partnership, Replaced.ENTRY)
    references = list(
        connection.scalars(_KNOWN_REFERENCES.order_by(t.dispute.c.reference), of(partnership=partnership))
    )
    for at in range(0, len(references), _ROWS_AT_ONCE):
        some = references[at : at + _ROWS_AT_ONCE]
        named = of(partnership=partnership, reference=some)
        histories: dict[str, list[AnyRow]] = {reference: [] for reference in some}
        for entry in connection.execute(_ENTRIES_OF, named):
            histories[entry.reference].append(entry)
        for row in connection.execute(_ROWS_OF, named).all():
            yield from _broken(connection, row, histories[row.reference], words)
    there = select(t.dispute.c.reference).where(t.dispute.c.partnership == partnership)
    alone = select(t.ledger.c.reference).where(t.ledger.c.partnership == partnership)
    for reference in connection.scalars(alone.where(t.ledger.c.reference.not_in(there)).distinct()):
        yield f"{reference}: there is a ledger and no dispute"


def _of(table: Table, partnership: str) -> Select[tuple[object, ...]]:
    return select(table).where(table.c.partnership == partnership)


def _broken(connection: Connection, row: AnyRow, history: list[AnyRow], words: Mapping[str, AnyRow]) -> Iterator[str]:
    entries: list[Entry] = []
    for each in history:
        try:
            entry, cut = entry_of(each), words.get(entry_key(each.reference, each.sequence))
            entries.append(with_words_cut(entry, cut))
            if cut is not None and words_hash(entry.text) != cut.becomes:
                yield f"{row.reference} entry {each.sequence}: is not what its words were replaced by"
        except ValueError as error:
            yield f"{row.reference} entry {each.sequence}: cannot be read: {error}"
    faults = verify(entries, head_of_row(row))
    yield from faults
    if not faults and entries:
        try:
            dispute = folded(entries)
            must = dispute_columns(dispute)
        except ValueError as error:
            yield f"{row.reference}: cannot be replayed: {error}"
            return
        found = {name: getattr(row, name) for name in must}
        for name in must:
            if must[name] != found[name]:
                yield f"{row.reference}: its {name} is {found[name]!r}, and its ledger says {must[name]!r}"
        yield from not_found_by_address(connection, row.partnership, dispute)


def _missing_references(connection: Connection, partnership: str) -> Iterator[str]:
    there = set(connection.scalars(select(t.dispute.c.reference).where(t.dispute.c.partnership == partnership)))
    gaps = (t.note.c.partnership == partnership) & t.note.c.what.startswith(_GAP, autoescape=True)
    there |= {what.removeprefix(_GAP) for what in connection.scalars(select(t.note.c.what).where(gaps))}
    there |= set(connection.scalars(select(t.purged.c.reference).where(t.purged.c.partnership == partnership)))
    for row in connection.execute(_of(t.counter, partnership)):
        if "-" not in row.name:
            continue
        for number in range(1, row.next):
            if (reference := f"{row.name}-{number:04d}") not in there:
                yield f"{reference}: the reference was given out, and there is no such dispute"


def _is_of(row: AnyRow) -> bool:
    return hashlib.sha256(row.raw).hexdigest() == str(row.digest)


def _changed_messages(connection: Connection, partnership: str) -> Iterator[str]:
    digests = set(connection.scalars(select(t.message.c.digest).where(t.message.c.partnership == partnership)))
    bodies = _of(t.message_bytes, partnership).execution_options(yield_per=_ROWS_AT_ONCE)
    instead = replacements(connection, partnership, Replaced.MESSAGE)
    for row in connection.execute(bodies):
        digests.discard(row.digest)
        kept = bytes_hash(row.raw) == instead[row.digest].becomes if row.digest in instead else _is_of(row)
        if not kept:
            yield f"message {row.digest[:12]}: its bytes have been changed"
    for digest in sorted(digests):
        yield f"message {digest[:12]}: its bytes are missing"


# Rows that are made from others, so that something is found at once: no seal is theirs. A person who is not found by
# their address, or a letter that is not known by its number, is answered as a stranger would be.

_STATES: Mapping[Column[str], type[StrEnum]] = {
    t.outbox.c.state: LetterState,
    t.filing.c.state: FilingState,
    t.filing.c.kind: FilingKind,
    t.message.c.state: MessageState,
    t.held.c.state: HeldState,
}
_THEIRS = rows_of(t.involved_table, ("partnership", "reference"), ("address",))


def not_found_by_address(connection: Connection, partnership: str, dispute: Dispute) -> Iterator[str]:
    """The rows that tell in which disputes somebody is: of everybody in this one whom they lack, in words."""
    listed = set(connection.scalars(_THEIRS, of(partnership=partnership, reference=dispute.reference)))
    lacking = sorted({party.person.address for party in dispute.parties} - listed - {""})
    if lacking:
        yield f"{dispute.reference}: {len(lacking)} of its people are not found in it by their address"


def broken_derived_rows(connection: Connection, partnership: str) -> Iterator[str]:
    """Every row of these that is not what it was made from, in words."""
    yield from _not_known_by_number(connection, partnership)
    for column, states in _STATES.items():
        unknown = (column.table.c.partnership == partnership) & column.not_in([str(one) for one in states])
        for word in connection.scalars(select(column).where(unknown).distinct()):
            yield f"{column.table.name}: {word!r} is no {column.name} that there is"


def _not_known_by_number(connection: Connection, partnership: str) -> Iterator[str]:
    """Letters whose Message-ID is bound to nothing, or to somebody else than their reader."""
    known, letter = t.known_id, t.outbox
    bound = and_(known.c.partnership == letter.c.partnership, known.c.message_id == letter.c.message_id)
    astray = or_(known.c.message_id.is_(None), known.c.ours.is_(False), known.c.recipient != letter.c.recipient)
    letters = select(letter.c.id, letter.c.reference).join_from(letter, known, bound, isouter=True)
    for row in connection.execute(letters.where(letter.c.partnership == partnership, astray)):
        yield f"{row.reference or 'no dispute'}: letter {row.id} is not known by its number"
