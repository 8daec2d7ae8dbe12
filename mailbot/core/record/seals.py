"""The seals of the record: what only the holder of a deployment's key can have written, which a chain alone cannot
show.

The ledger's chain is open to everybody's arithmetic: whoever can write into the database can cut an event out and chain
the rest again. The seals of a dispute's head, of a letter and of a filing are made with a key that lies outside the
database, so they cannot be made again there. A third party can still follow the chain without the key.
"""

import hashlib
import hmac
from collections.abc import Sequence

from mailbot.core.record.events_as_json import canonical, instant_text
from mailbot.core.record.ledger import Head

BROKEN = "broken"  # in a seal's place, for good: what stood there did not fit when it was next written


def record_key(secret: bytes, partnership: str) -> bytes:
    """The key for the seals of a partnership's record, which is of no use for anything else the deployment's secret is
    for."""
    return hmac.digest(secret, f"the record of {partnership}".encode(), hashlib.sha256)


def head_seal(key: bytes, partnership: str, reference: str, head: Head, unkeyed: int) -> str:
    """The seal of a dispute's head. ``unkeyed``: how many of its entries were there before it was first sealed."""
    return _sealed(key, ["head", partnership, reference, head.sequence, head.hash, instant_text(head.at), unkeyed])


def letter_seal(key: bytes, named: tuple[str, ...], raw: bytes) -> str:
    """The seal of a letter: whom it goes to, what it is about, and its final bytes."""
    return _sealed(key, ["letter", *named, hashlib.sha256(raw).hexdigest()])


def filing_seal(key: bytes, named: Sequence[object], raw: bytes) -> str:
    """The seal of a filing: what it does in the mailbox, where, and with which bytes."""
    return _sealed(key, ["filing", *named, hashlib.sha256(raw).hexdigest()])


def witness_seal(key: bytes, text: str) -> str:
    """The seal of a witness to the record, which lies in the mailbox, where anybody may put anything."""
    return _sealed(key, ["witness", text])


def replacement_seal(key: bytes, contents: Sequence[object]) -> str:
    """The seal of what is not kept as it was written: what stood there, what stands there now, and why."""
    return _sealed(key, ["replaced", *contents])


def fits(seal: str, expected: str) -> bool:
    return hmac.compare_digest(seal.encode(), expected.encode())


def _sealed(key: bytes, contents: list[object]) -> str:
    return hmac.new(key, canonical(contents).encode(), hashlib.sha256).hexdigest()
