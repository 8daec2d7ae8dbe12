"""What is not kept as it was written: each replacement noted with the hash of what stood there and sealed, so that
``verify`` knows a name that was cut, and bytes whose time was over, from a record that was changed.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from mailbot.core.record.events_as_json import canonical, instant_text
from mailbot.core.record.ledger import BEGINNING, OLD_WORDS, Cause, Entry, Head, chain, replaced_words
from mailbot.core.record.seals import fits, replacement_seal
from mailbot.shell.store import tables as t
from mailbot.shell.store.sealing import Seals
from mailbot.shell.store.tables import AnyRow

REDACTED, TIME_OVER = "a name was cut out", "its time was over"


class Replaced(StrEnum):
    """Of what a replacement is: the key is reference and sequence, a digest, or a row's id."""

    ENTRY = "ledger"
    MESSAGE = "message"
    LETTER = "letter"
    FILING = "filing"


@dataclass(frozen=True, slots=True)
class Replacement:
    """``was`` is the hash of what stood there; ``now`` what stands there, empty where nothing does."""

    what: Replaced
    key: str
    was: str
    now: bytes
    why: str


def entry_key(reference: str, sequence: int) -> str:
    """The key of a ledger entry whose words were replaced."""
    return f"{reference} #{sequence}"


def bytes_hash(content: bytes) -> str:
    """The hash of what was replaced, or of what replaces it: of nothing it is ""."""
    return hashlib.sha256(content).hexdigest() if content else ""


def note_replaced(
    connection: Connection, seals: Seals, partnership: str, made: Iterable[Replacement], at: datetime
) -> None:
    """Notes replacements; of what is replaced again, what stood there first stays the hash that is known."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    for one in made:
        known = connection.scalar(
            select(t.replaced.c.was).where(
                t.replaced.c.partnership == partnership, t.replaced.c.what == one.what, t.replaced.c.key == one.key
            )
        )
        row = {
            "partnership": partnership,
            "what": one.what.value,
            "key": one.key,
            "was": known or one.was,
            "becomes": bytes_hash(one.now),
            "why": one.why,
            "at": at,
        }
        row["seal"] = _seal(seals.key_of(partnership), row)
        made_row = insert(t.replaced).values(**row)
        changed = {name: made_row.excluded[name] for name in ("becomes", "why", "at", "seal")}
        connection.execute(made_row.on_conflict_do_update(index_elements=["partnership", "what", "key"], set_=changed))


def _seal(key: bytes, row: dict[str, object]) -> str:
    at = row["at"]
    assert isinstance(at, datetime)
    names = ("partnership", "what", "key", "was", "becomes", "why")
    return replacement_seal(key, [*(row[name] for name in names), instant_text(at)]) if key else ""


def replacements(connection: Connection, partnership: str, what: Replaced) -> dict[str, AnyRow]:
    """All replacements of one kind, by key."""
    chosen = (t.replaced.c.partnership == partnership) & (t.replaced.c.what == what)
    return {row.key: row for row in connection.execute(select(t.replaced).where(chosen))}


def broken_replacements(connection: Connection, seals: Seals, partnership: str) -> Iterator[str]:
    """Every replacement, and every purged dispute, that is not what was sealed, in words."""
    key = seals.key_of(partnership)
    ordered = select(t.replaced).where(t.replaced.c.partnership == partnership)
    for row in connection.execute(ordered.order_by(t.replaced.c.what, t.replaced.c.key)):
        if key and not fits(row.seal, _seal(key, dict(row._mapping))):
            yield f"{row.what} {row.key}: what was replaced there is not what was sealed with the key"
    purged = select(t.purged).where(t.purged.c.partnership == partnership).order_by(t.purged.c.reference)
    for row in connection.execute(purged):
        if key and not fits(row.seal, purged_seal(key, dict(row._mapping))):
            yield f"{row.reference}: it was purged, and what is left is not what was sealed with the key"
        yield from _broken_chain(row)


# A dispute whose time is over: its chain goes on without its words.


def without_words(entries: Iterable[Entry]) -> str:
    """The replacement kept of a dispute's entries when it is purged, as JSON: what its chain is made of, and nothing
    that says anything about anybody: of a person who caused an entry, that it was one."""
    return canonical(
        [
            [e.sequence, instant_text(e.at), e.cause.kind, _cause(e), e.kind, replaced_words(e), e.previous, e.hash]
            for e in entries
        ]
    )


def _cause(entry: Entry) -> str:
    """Replaced, the cause of an entry: a message's digest or a limit's key. A person's name is no longer anybody's;
    then the links alone vouch."""
    return "" if entry.cause.kind == "person" else entry.cause.what


def purged_seal(key: bytes, row: dict[str, object]) -> str:
    """The seal of what is left of a purged dispute; what it replaced cannot be made up without the key."""
    at = row["at"]
    assert isinstance(at, datetime)
    names = ("partnership", "reference", "entries", "head_sequence", "head_hash", "by", "why")
    return replacement_seal(key, ["purged", *(row[name] for name in names), instant_text(at)]) if key else ""


def entries_left(row: AnyRow) -> list[Entry]:
    """The entries of a purged dispute, without their words, to be replaced by nothing."""
    found = []
    for sequence, at, cause, what, kind, was, previous, own in json.loads(row.entries):
        made = Cause(cause, what)
        found.append(Entry(row.partnership, row.reference, sequence, _instant(at), made, kind, "", previous, own, was))
    return found


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def head_left(row: AnyRow) -> Head:
    """Where a purged dispute ended, replaced or not."""
    return Head(row.head_sequence, row.head_hash, entries_left(row)[-1].at)


def _broken_chain(row: AnyRow) -> Iterator[str]:
    try:
        left = entries_left(row)
    except (ValueError, TypeError) as error:
        yield f"{row.reference}: it was purged, and its chain cannot be read: {error}"
        return
    previous = BEGINNING
    for number, entry in enumerate(left, 1):
        followed = entry.sequence == number and entry.previous == previous
        # Of an entry of the old form, and of one that a person caused, the words that were hashed are not here.
        whole = entry.was.startswith(OLD_WORDS) or entry.cause.kind == "person" or chain(entry) == entry.hash
        if not (followed and whole):
            yield f"{row.reference} entry {number}: it was purged, and its chain does not go on here"
        previous = entry.hash
    if (row.head_sequence, row.head_hash) != (len(left), previous):
        yield f"{row.reference}: it was purged, and its chain does not end where it did"
