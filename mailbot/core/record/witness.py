"""The witness of the record: how far the record had come, kept where the record is not, so that an older copy of it is
known for what it is.

A database cannot know that it is not the newest of itself. Put back from a backup, its copy goes on where it stood: it
decides again what was decided, and gives one child's reference to another. So what it has come to is filed in the
mailbox, sealed with the deployment's key, and compared whenever a mailbot begins (F22, I34).
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mailbot.core.record.events_as_json import canonical, instant_text
from mailbot.core.record.seals import fits, witness_seal

_BEGIN, _END = "-----BEGIN WITNESS-----", "-----END WITNESS-----"
_FOUND = re.compile(f"{_BEGIN}\\s([0-9a-f\\s]*){_END}\\s*Seal: ([0-9a-f]{{64}})")
_LINE = 64  # characters, so that no server breaks one
MOST_SHOWN = 20  # differences; the rest are counted


@dataclass(frozen=True, slots=True)
class LastEntry:
    """The entry of a ledger that was decided last: which dispute's, its place there, and its hash."""

    reference: str
    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class RecordWitness:
    """How far a partnership's record had come ``at`` an instant.

    ``era`` counts how often a person has let an older copy go on: what was witnessed before that is of no account.
    ``decisions`` counts the transactions that wrote into the ledger, and never goes back. ``given`` is the highest
    number of each prefix and year ("NS-26"). ``heads`` are the last sequence of those disputes that changed last.
    """

    partnership: str
    era: int
    decisions: int
    newest: LastEntry | None
    at: datetime
    given: Mapping[str, int] = field(default_factory=dict)
    heads: Mapping[str, int] = field(default_factory=dict)

    @property
    def rank(self) -> tuple[int, int]:
        """Of several witnesses, the one with the highest rank is the newest."""
        return self.era, self.decisions


def witness_text(witness: RecordWitness, key: bytes) -> str:
    """The witness in lines of ASCII, sealed with the record's key."""
    newest = witness.newest
    said = {
        "partnership": witness.partnership,
        "era": witness.era,
        "decisions": witness.decisions,
        "newest": [newest.reference, newest.sequence, newest.hash] if newest else [],
        "at": instant_text(witness.at),
        "given": dict(witness.given),
        "heads": dict(witness.heads),
    }
    text = canonical(said)
    packed = text.encode().hex()
    lines = [packed[start : start + _LINE] for start in range(0, len(packed), _LINE)]
    return "\n".join((_BEGIN, *lines, _END, f"Seal: {witness_seal(key, text)}", ""))


def read_witness(text: str, key: bytes, partnership: str) -> RecordWitness | None:
    """The witness that stands in ``text``; None where there is none, or none that was sealed with this key for this
    partnership: then it is anybody's words."""
    found = _FOUND.search(text)
    if found is None:
        return None
    try:
        text = bytes.fromhex(found[1]).decode()
        if not fits(found[2], witness_seal(key, text)):
            return None
        said = json.loads(text)
        newest = LastEntry(*said["newest"]) if said["newest"] else None
        at = datetime.fromisoformat(said["at"])
        witness = RecordWitness(
            said["partnership"], said["era"], said["decisions"], newest, at, said["given"], said["heads"]
        )
    except (ValueError, KeyError, TypeError):
        return None
    return witness if witness.partnership == partnership else None


def newest_witness(witnesses: Iterable[RecordWitness]) -> RecordWitness | None:
    return max(witnesses, key=lambda one: one.rank, default=None)


def is_behind(here: RecordWitness, witness: RecordWitness, has_newest: bool) -> bool:
    """Whether the record ``here`` is older than, or another than, what ``witness`` saw. ``has_newest``: whether the
    entry that was the newest then is here, unchanged."""
    if witness.era != here.era:
        return witness.era > here.era
    return witness.decisions > here.decisions or (witness.newest is not None and not has_newest)


def difference(here: RecordWitness, witness: RecordWitness) -> tuple[str, ...]:
    """What the record ``here`` lacks of what ``witness`` saw, one sentence each, the references that were given out
    first. It names no person."""
    found = [
        f"{name}-{number:04d} was given to a dispute, and this record has none of that reference."
        for name, last in sorted(witness.given.items())
        for number in range(here.given.get(name, 0) + 1, last + 1)
    ]
    for reference, last in sorted(witness.heads.items()):
        known = here.heads.get(reference, 0)
        if known and known < last:
            found.append(f"{reference} had {last} entries, and has {known} here: {last - known} are missing.")
    newest = witness.newest
    if not found and newest is not None:
        found = [f"Entry {newest.sequence} of {newest.reference}, decided last, is not the one that stands here."]
    more = len(found) - MOST_SHOWN
    return (*found[:MOST_SHOWN], *((f"And {more} more.",) if more > 0 else ()))


def raised_by_folders(given: Mapping[str, int], references: Sequence[str]) -> tuple[str, ...]:
    """For the witness: those of ``references`` (each has a folder of its own in the mailbox) that are above the
    highest number of their prefix and year that was ``given`` out here."""
    beyond = []
    for reference in references:
        name, _, number = reference.rpartition("-")
        if re.fullmatch(r"[A-Z]{1,8}-\d\d", name) and number.isdigit() and int(number) > given.get(name, 0):
            beyond.append(reference)
    return tuple(sorted(beyond))
