"""Any number of processes on one database: the mailboxes are shared out, handed over, and taken over from the dead."""

import threading
from collections import Counter
from datetime import datetime, timedelta

from mailbot.shell.store.store import Store
from mailbot.turns.service import LEASE, Sharing
from tests.unit.shell.store import stores
from tests.unit.shell.store.stores import NINE, open_dispute

url, store = stores.url, stores.store
FOUR = ("gl", "ns", "py", "sl")
SECOND = timedelta(seconds=1)


class Process:
    """What ``mailbot run`` does about its mailboxes every two seconds, without the mail."""

    def __init__(self, store: Store, name: str, mailboxes: tuple[str, ...] = FOUR) -> None:
        self.name, self._store, self._mailboxes = name, store, mailboxes
        self._sharing = Sharing(store, name)

    def look(self, now: datetime) -> None:
        for one in self._mailboxes:
            is_held = self._store.leases(now).held.get((one, "INBOX")) == self.name
            if self._sharing.is_ours(one, "INBOX", now, is_held):
                self._store.try_lease(one, "INBOX", self.name, now, now + LEASE)
            elif is_held:
                self._store.give_up_lease(one, "INBOX", self.name, now)


def looked(store: Store, processes: list[Process], began: datetime, seconds: int) -> Counter[str]:
    """How many mailboxes each process has after so many seconds of looking."""
    for second in range(0, seconds, 2):
        for process in processes:
            process.look(began + second * SECOND)
    return Counter(store.leases(began + seconds * SECOND).held.values())


def test_one_process_has_all_and_the_second_gets_half_of_them_one_by_one(store: Store) -> None:
    first, second = Process(store, "first"), Process(store, "second")
    assert looked(store, [first], NINE, 2) == {"first": 4}
    assert looked(store, [first, second], NINE + 2 * SECOND, 2) == {"first": 4}
    assert looked(store, [first, second], NINE + 4 * SECOND, 2) == {"first": 3, "second": 1}
    assert looked(store, [first, second], NINE + 6 * SECOND, 4) == {"first": 2, "second": 2}
    assert looked(store, [first, second], NINE + 10 * SECOND, 60) == {"first": 2, "second": 2}


def test_what_a_dead_or_stopped_process_had_is_shared_out_when_its_leases_end(store: Store) -> None:
    first, second, third = (Process(store, name) for name in ("first", "second", "third"))
    assert looked(store, [first, second, third], NINE, 20) == {"first": 2, "second": 1, "third": 1}
    assert looked(store, [second, third], NINE + 20 * SECOND, 6) == {"first": 2, "second": 1, "third": 1}
    assert looked(store, [second, third], NINE + 26 * SECOND, 8) == {"second": 2, "third": 2}
    assert looked(store, [first, second, third], NINE + 34 * SECOND, 20).total() == 4


def test_a_mailbox_is_handed_to_nobody_who_does_not_serve_it(store: Store) -> None:
    wide, narrow = Process(store, "wide"), Process(store, "narrow", ("gl",))
    assert looked(store, [wide, narrow], NINE, 40) == {"wide": 3, "narrow": 1}
    assert store.leases(NINE + 40 * SECOND).held["gl", "INBOX"] == "narrow"


def test_another_process_hears_of_what_was_decided(store: Store, url: str) -> None:
    """PostgreSQL alone: where there is one process, nobody listens."""
    reference, heard, stop = open_dispute(store), threading.Event(), threading.Event()
    told: list[str] = []

    def hear(partnership: str) -> None:
        told.append(partnership)
        if partnership == "ns":  # other tests decide on the same database at the same time
            heard.set()

    listening = threading.Thread(target=store.listen, args=(hear, stop.is_set))
    listening.start()
    if url.startswith("sqlite"):
        listening.join(10)
        assert not listening.is_alive()
        return
    try:
        while not heard.is_set():  # until it listens, nobody hears
            stores.from_another_process(url, reference)
            heard.wait(1)
    finally:
        stop.set()
        listening.join(10)
    assert "ns" in told
    assert not listening.is_alive()
