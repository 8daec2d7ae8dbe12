"""Disputes as they were last folded, so that nothing is replayed that has been replayed before.

Each is kept with the last entry it tells of. Only what the ledger has beyond that is read; and because every entry
names the hash of the one before, what was kept is known at once for what it is: a state of this very ledger, or not.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable

from mailbot.core.record.dispute import Dispute
from mailbot.core.record.ledger import Entry, Head
from mailbot.shell.store.tables import folded

_MOST = 256  # some ten megabytes; the disputes of a busy week


class Folds:
    """Safe for several threads: values are never changed, and the newest of two is as good as the other."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[str, str], tuple[Head, Dispute]] = OrderedDict()
        self._lock = threading.Lock()

    def dispute(self, partnership: str, reference: str, head: Head, read: Callable[[int], list[Entry]]) -> Dispute:
        """The dispute as the store folded it, from the ledger that ends at ``head``; ``read`` gives its entries
        after that sequence."""
        key = (partnership, reference)
        with self._lock:
            known = self._kept.get(key)
        same = known is not None and known[0] == head
        found = known[1] if known is not None and same else _further(known, read) or folded(read(0))
        self.keep(partnership, reference, head, found)
        return found

    def knows(self, partnership: str, reference: str) -> bool:
        """Whether the store has folded this dispute before, as it was then."""
        with self._lock:
            return (partnership, reference) in self._kept

    def keep(self, partnership: str, reference: str, head: Head, dispute: Dispute) -> None:
        with self._lock:
            self._kept[partnership, reference] = (head, dispute)
            self._kept.move_to_end((partnership, reference))
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def forget(self, partnership: str, reference: str) -> None:
        """A fold to forget: what was folded is not what the ledger says any more: a name was cut out of it."""
        with self._lock:
            self._kept.pop((partnership, reference), None)


def _further(known: tuple[Head, Dispute] | None, read: Callable[[int], list[Entry]]) -> Dispute | None:
    """A fold kept by the store, of a ledger, with what has happened since; None where the ledger does not go on from
    there."""
    if known is None:
        return None
    head, dispute = known
    since = read(head.sequence)
    if not since or since[0].previous != head.hash:
        return None
    for entry in since:
        dispute = dispute.after(entry.event)
    return dispute
