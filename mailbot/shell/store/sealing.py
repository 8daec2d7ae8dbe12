"""Sealing: the store's keys, which lie outside the database, and what is wrong where a seal does not fit."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from mailbot.core.record.events_as_json import instant_text
from mailbot.core.record.ledger import Head
from mailbot.core.record.seals import BROKEN, filing_seal, fits, head_seal, letter_seal, record_key
from mailbot.shell.store import tables as t
from mailbot.shell.store.statements import WrittenLater, of, rows_of
from mailbot.shell.store.tables import AnyRow, head_of_row

KEYED = "the record is sealed"  # the note of when this partnership's record was first sealed
FILINGS_SEALED = "filings are sealed"  # the note of the last filing that an older mailbot wrote, without a seal
_KEYED_AT = rows_of(t.note, ("partnership", "what"), ("at",))
_NAMED = ("partnership", "key", "reference", "letter", "recipient", "message_id")
_FILED = ("partnership", "key", "kind", "folder", "digest", "message_id", "seen", "flagged", "reference")


class Seals:
    """The keys that a store has been told, one for each partnership. Without one nothing is sealed."""

    def __init__(self) -> None:
        self._keys: dict[str, bytes] = {}

    def learn(self, partnership: str, secret: bytes) -> None:
        if secret:
            self._keys[partnership] = record_key(secret, partnership)

    def knows(self, partnership: str) -> bool:
        return partnership in self._keys

    def key_of(self, partnership: str) -> bytes:
        """The store's key that seals a partnership's record; b"" where the store was told none."""
        return self._keys.get(partnership, b"")

    def of_head(
        self, later: WrittenLater, named: tuple[str, str], head: Head, before: AnyRow | None
    ) -> dict[str, object]:
        """The columns that seal a dispute's new ``head``. What did not fit ``before`` it stays broken, for ``verify``
        to find: a forged beginning must not be sealed by what is written after it."""
        partnership, reference = named
        key = self._keys.get(partnership)
        if key is None:
            return {}
        later.put(t.note, {"partnership": partnership, "what": KEYED}, {"at": head.at})
        if before is not None and before.seal and not self._holds(key, before):
            return {"seal": BROKEN}
        unkeyed = 0 if before is None else before.unkeyed if before.seal else before.head_sequence
        return {"seal": head_seal(key, partnership, reference, head, unkeyed), "unkeyed": unkeyed}

    def of_letter(self, columns: dict[str, object], raw: bytes) -> str:
        key = self._keys.get(str(columns["partnership"]))
        return letter_seal(key, tuple(str(columns[name]) for name in _NAMED), raw) if key else ""

    def broken_letters(self, connection: Connection, partnership: str, rows: list[AnyRow]) -> set[int]:
        """The store's seals that are broken: those of the letters that are not what was written. One that was
        written before there was a key has no seal, and goes as it is."""
        if not self.knows(partnership):
            return set()
        keyed = None if all(row.seal for row in rows) else _keyed_at(connection, partnership)
        return {row.id for row in rows if not self._letter_holds(row, keyed)}

    def _letter_holds(self, row: AnyRow, keyed: datetime | None) -> bool:
        if not row.seal:
            return keyed is None or row.created < keyed
        return fits(row.seal, self.of_letter({name: getattr(row, name) for name in _NAMED}, row.raw))

    def of_filing(self, columns: Mapping[str, object], raw: bytes) -> str:
        key, dated = self._keys.get(str(columns["partnership"])), columns["dated"]
        assert isinstance(dated, datetime)
        named = [columns[name] for name in _FILED]
        return filing_seal(key, [*named, instant_text(dated)], raw) if key else ""

    def broken_filings(self, connection: Connection, partnership: str, rows: list[AnyRow]) -> set[int]:
        """The store's seals that are broken: those of the filings that are not what was written. One that was
        written before there was a key, or by a mailbot that did not seal filings, has no seal, and is done as it is."""
        if not self.knows(partnership):
            return set()
        asked = () if all(row.seal for row in rows) else (KEYED, FILINGS_SEALED)
        noted = [_noted_at(connection, partnership, what) for what in asked]
        unsealed = max((at for at in noted if at is not None), default=None)
        return {row.id for row in rows if not self._filing_holds(row, unsealed)}

    def _filing_holds(self, row: AnyRow, unsealed: datetime | None) -> bool:
        if not row.seal:
            return unsealed is None or row.created <= unsealed
        return fits(row.seal, self.of_filing(row._asdict(), row.raw))

    def broken_filing_rows(self, connection: Connection, partnership: str) -> Iterator[str]:
        """The store's seals that are broken: every filing, waiting or done, that is not what was sealed, in words."""
        rows = select(t.filing).where(t.filing.c.partnership == partnership).order_by(t.filing.c.id)
        for some in connection.execute(rows.execution_options(yield_per=100)).partitions():
            changed = self.broken_filings(connection, partnership, list(some))
            yield from (f"filing {row.id}: it is not what was written" for row in some if row.id in changed)

    def broken_heads(self, connection: Connection, partnership: str) -> Iterator[str]:
        """Every dispute whose head is not what was sealed, in words."""
        key, keyed = self._keys.get(partnership), _keyed_at(connection, partnership)
        if key is None:
            return
        if keyed is None and any(row.seal for row in _rows(connection, partnership)):
            yield "the note of when the record was first sealed is gone"
        for row in _rows(connection, partnership):
            if row.seal and not self._holds(key, row):
                yield f"{row.reference}: its end is not what was sealed with the key: the record was changed"
            elif keyed is not None and _unkeyed_end(connection, row) > keyed:
                yield f"{row.reference}: it has entries without a seal that are newer than the key"

    def broken_letter_rows(self, connection: Connection, partnership: str) -> Iterator[str]:
        """The store's seals that are broken: every letter, waiting or gone, that is not what was sealed, in words."""
        rows = select(t.outbox).where(t.outbox.c.partnership == partnership).order_by(t.outbox.c.id)
        for some in connection.execute(rows.execution_options(yield_per=100)).partitions():
            changed = self.broken_letters(connection, partnership, list(some))
            for row in some:
                if row.id in changed:
                    which = "waiting letter" if row.next_try is not None else f"letter {row.id},"
                    yield f"{row.reference or 'no dispute'}: the {which} {row.letter!r} is not what was written"

    def said_of_unkeyed(self, connection: Connection, partnership: str) -> list[str]:
        """What no seal covers: what the key does not vouch for, because it was written before there was one."""
        counts = [
            (row.reference, row.unkeyed if row.seal else row.head_sequence) for row in _rows(connection, partnership)
        ]
        return [
            f"{reference}: entries 1 to {count} were written before there was a key; their chain alone vouches for them"
            for reference, count in counts
            if count
        ]

    def _holds(self, key: bytes, row: AnyRow) -> bool:
        return fits(row.seal, head_seal(key, row.partnership, row.reference, head_of_row(row), row.unkeyed))


def _rows(connection: Connection, partnership: str) -> Iterator[AnyRow]:
    ordered = select(t.dispute).where(t.dispute.c.partnership == partnership).order_by(t.dispute.c.reference)
    for some in connection.execute(ordered.execution_options(yield_per=100)).partitions():
        yield from list(some)


def _keyed_at(connection: Connection, partnership: str) -> datetime | None:
    return _noted_at(connection, partnership, KEYED)


def _noted_at(connection: Connection, partnership: str, what: str) -> datetime | None:
    found: datetime | None = connection.scalar(_KEYED_AT, of(partnership=partnership, what=what))
    return found


def _unkeyed_end(connection: Connection, row: AnyRow) -> datetime:
    """When the last entry that no seal covers by itself was decided; the beginning of time where there is none."""
    last = row.unkeyed if row.seal else row.head_sequence
    place = (t.ledger.c.partnership == row.partnership) & (t.ledger.c.reference == row.reference)
    found: datetime | None = connection.scalar(select(t.ledger.c.at).where(place, t.ledger.c.sequence == last))
    return found or datetime.min.replace(tzinfo=row.head_at.tzinfo)
