"""The ledger: every event of a dispute in the order it was decided, each entry chained to the one before.

An entry's hash covers everything in it and the hash before it (SHA-256 over canonical JSON), so a changed, missing,
added or exchanged entry shows. The chain alone cannot show that its end was cut off: for that its head is kept
apart, beside the dispute, and ``verify`` is given both.

What an event says stands in the chain as its own hash, so that the words can be taken away, when their time is over or
a name must not be read any more, and the chain still be followed from end to end.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from mailbot.core.record.events import Event
from mailbot.core.record.events_as_json import canonical, event_kind, from_text, instant_text, text_fault, to_text

BEGINNING = ""  # what the first entry of a dispute has for a previous hash
CAUSES = ("message", "limit", "person", "start")


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something was decided. ``kind`` is one of ``CAUSES``; ``what`` a message's digest, a limit's key, or who.

    Raises ``ValueError`` for another kind or for text that cannot be kept.
    """

    kind: str
    what: str

    def __post_init__(self) -> None:
        if self.kind not in CAUSES:
            raise ValueError(f"a cause is one of {', '.join(CAUSES)}, not {self.kind!r}")
        if fault := text_fault(self.what):
            raise ValueError(fault)


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as recorded. ``at`` is when it was decided; the instant it counts from is ``event.at``."""

    partnership: str
    reference: str
    sequence: int  # from 1
    at: datetime
    cause: Cause
    kind: str
    text: str
    previous: str
    hash: str
    was: str = ""  # what ``words_hash`` gave of the text as first written, where it has been replaced since

    @property
    def event(self) -> Event:
        """The event of a ledger entry, read anew from ``text``, which is what the hash vouches for. Raises
        ``ValueError`` if it cannot be read."""
        return _read(self.kind, self.text)


@lru_cache(maxsize=256)  # a dispute's entries are read for their chain, and then once more to fold them
def _read(kind: str, text: str) -> Event:
    return from_text(kind, text)


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a dispute, as remembered outside the chain."""

    sequence: int
    hash: str
    at: datetime


def words_hash(text: str) -> str:
    """What stands in the ledger's chain for what an event says: 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def chain(entry: Entry) -> str:
    """The hash of a ledger entry with these contents (its own ``hash`` apart): 64 hexadecimal digits."""
    return _over(entry, [entry.kind, "sha256", entry.was or words_hash(entry.text)])


def _chain_of_words(entry: Entry) -> str:
    """The hash of an old ledger entry, which was written when the words themselves stood in the chain."""
    return _over(entry, [entry.kind, entry.text])


def _over(entry: Entry, said: list[str]) -> str:
    at, cause = instant_text(entry.at), entry.cause
    place = [entry.previous, entry.partnership, entry.reference, entry.sequence, at]
    return hashlib.sha256(canonical([*place, cause.kind, cause.what, *said]).encode()).hexdigest()


OLD_WORDS = "words "  # before ``was``: the entry is of the old form, and only its links can be followed without them


def replaced_words(entry: Entry) -> str:
    """What is remembered of an entry's words when they are replaced: enough for the chain, and nothing that can be
    read."""
    if entry.was:
        return entry.was
    old = entry.hash == _chain_of_words(entry)
    return f"{OLD_WORDS if old else ''}{words_hash(entry.text)}"


def next_entries(
    head: Head | None, partnership: str, reference: str, events: Iterable[Event], cause: Cause, now: datetime
) -> tuple[Entry, ...]:
    """The ledger entries of ``events`` that follow ``head`` (None: the dispute begins).
    ``ValueError`` as in ``to_text``.

    A clock that went back does not take the ledger with it: ``at`` is never before the entry above.
    """
    sequence, previous, at = (head.sequence, head.hash, max(now, head.at)) if head else (0, BEGINNING, now)
    entries = []
    for event in events:
        sequence, kind, text = sequence + 1, event_kind(event), to_text(event)
        entry = Entry(partnership, reference, sequence, at, cause, kind, text, previous, "")
        previous = chain(entry)
        entries.append(replace(entry, hash=previous))
    return tuple(entries)


def head_of(entries: Sequence[Entry]) -> Head | None:
    return Head(entries[-1].sequence, entries[-1].hash, entries[-1].at) if entries else None


def seal(heads: Iterable[tuple[str, int, str]]) -> str:
    """The seal of the ledger, one hash over the last entry of every dispute (reference, sequence, hash): whoever keeps
    it outside the database can show later that nothing before it was rewritten or cut off."""
    return hashlib.sha256(canonical([list(head) for head in sorted(heads)]).encode()).hexdigest()


def verify(entries: Sequence[Entry], head: Head | None = None) -> list[str]:
    """The breaks in the ledger of one dispute, in words, every one; empty if there is none.

    ``entries`` as they lie, ``head`` as remembered apart; without it an end cut off cannot be seen.
    """
    faults: list[str] = []
    before: Entry | None = None
    for entry in entries:
        faults += [f"{entry.reference} entry {entry.sequence}: {fault}" for fault in _faults(before, entry)]
        before = entry
    if head and head_of(entries) != head:
        faults.append(f"{_where(entries)}: the ledger should end at entry {head.sequence} ({head.hash[:12]})")
    return faults


def _where(entries: Sequence[Entry]) -> str:
    return f"{entries[-1].reference} ends at entry {entries[-1].sequence}" if entries else "no entries"


def _faults(before: Entry | None, entry: Entry) -> Iterable[str]:
    expected = before.sequence + 1 if before else 1
    if entry.sequence > expected:
        yield f"a gap: entry {expected} should stand here"
    elif entry.sequence < expected:
        yield f"out of order: entry {expected} should stand here"
    elif entry.previous != (before.hash if before else BEGINNING):
        yield "does not follow the entry before it"
    if before and (entry.partnership, entry.reference) != (before.partnership, before.reference):
        yield f"belongs to another dispute than the entry before it ({before.reference})"
    if before and entry.at < before.at:
        yield f"time goes back from {instant_text(before.at)} to {instant_text(entry.at)}"
    if not _vouches(entry):
        yield "has been changed: its hash does not match"
    yield from _unreadable(entry)


def _vouches(entry: Entry) -> bool:
    """Whether a ledger entry's hash vouches for its contents; of old words that are gone, that they were replaced is
    sealed apart, and the links alone speak here."""
    if entry.was.startswith(OLD_WORDS):
        return True
    return entry.hash == chain(entry) or (not entry.was and entry.hash == _chain_of_words(entry))


def _unreadable(entry: Entry) -> Iterable[str]:
    try:
        _ = entry.event
    except (ValueError, json.JSONDecodeError) as error:
        yield f"cannot be read: {error}"
