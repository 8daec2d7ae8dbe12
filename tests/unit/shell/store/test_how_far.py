"""How far a record has come, and what a person or a right clock sets going again, in SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import timedelta

from mailbot.core.record.witness import LastEntry
from mailbot.shell.servers.postman_interface import Outcome
from mailbot.shell.store.outbox import WAITS
from mailbot.shell.store.store import Store
from tests.unit.shell.store import stores
from tests.unit.shell.store.stores import MINUTE, NINE, letter, open_dispute

url, store = stores.url, stores.store
LEASE = timedelta(minutes=5)


def test_a_record_counts_its_decisions_and_knows_its_last_entry(store: Store) -> None:
    empty = store.record_witness("ns", NINE)
    assert (empty.era, empty.decisions, empty.newest, dict(empty.given)) == (0, 0, None, {})
    reference = open_dispute(store)
    here = store.record_witness("ns", NINE)
    assert (here.decisions, dict(here.given)) == (1, {"NS-26": 1})
    assert here.newest is not None
    assert (here.newest.reference, dict(here.heads)) == (reference, {reference: here.newest.sequence})
    assert store.has_entry("ns", here.newest)
    assert not store.has_entry("ns", LastEntry(reference, here.newest.sequence, "0" * 64))
    assert not store.has_entry("gl", here.newest)
    open_dispute(store, "gl")
    assert store.record_witness("ns", NINE).decisions == 1, "every partnership counts its own"


def test_what_is_undone_is_not_counted(store: Store) -> None:
    try:
        with store.transaction() as work:
            work.new_reference("ns", "NS", 2026)
            raise KeyError
    except KeyError:
        pass
    assert store.counted("ns") == {}


def test_a_record_that_is_let_go_on_gives_no_reference_a_second_time_and_is_whole(store: Store) -> None:
    open_dispute(store)
    store.let_go_on("ns", 3, {"NS-26": 4, "NS-27": 1}, "Philippa", NINE)
    here = store.record_witness("ns", NINE)
    assert (here.era, dict(here.given)) == (3, {"NS-26": 4, "NS-27": 1})
    assert store.verify("ns") == [], "what a newer record gave out is known to be missing"
    with store.transaction() as work:
        assert work.new_reference("ns", "NS", 2026) == "NS-26-0005"
    store.let_go_on("ns", 4, {"NS-26": 2}, "Philippa", NINE)
    assert dict(store.record_witness("ns", NINE).given)["NS-26"] == 5, "and never goes back"


def test_what_waits_for_the_channel_is_hastened_and_what_waits_for_its_reader_is_not(store: Store) -> None:
    with store.transaction() as work:
        for number in (1, 2):
            work.put_letter(letter(number))
    first, second = store.claim_letters("ns", NINE, LEASE, 10)
    store.letter_done(first.id, Outcome.DEFERRED, f"{WAITS}550", NINE, NINE + 9 * MINUTE)
    store.letter_done(second.id, Outcome.DEFERRED, "451 greylisted", NINE, NINE + 9 * MINUTE)
    assert store.hasten("ns", NINE + MINUTE) == 1
    assert [one.id for one in store.claim_letters("ns", NINE + MINUTE, LEASE, 10)] == [first.id]


def test_a_refused_letter_is_sent_again_once_and_is_listed_until_then(store: Store) -> None:
    with store.transaction() as work:
        work.put_letter(letter(1))
    (claimed,) = store.claim_letters("ns", NINE, LEASE, 10)
    store.letter_done(claimed.id, Outcome.REFUSED, "550 5.1.1", NINE)
    assert [(one.id, one.state.value) for one in store.open_letters("ns")] == [(claimed.id, "refused")]
    assert store.send_again("ns", claimed.id, NINE)
    assert not store.send_again("ns", claimed.id, NINE)
    assert not store.send_again("gl", claimed.id, NINE)
    assert [one.raw for one in store.claim_letters("ns", NINE, LEASE, 10)] == [claimed.raw]
    assert not store.sent_since("ns", NINE)
    store.letter_done(claimed.id, Outcome.ACCEPTED, "250", NINE + MINUTE)
    assert store.sent_since("ns", NINE)
    assert not store.sent_since("ns", NINE + 2 * MINUTE)
    assert store.open_letters("ns") == []


def test_only_danger_is_claimed_where_nothing_else_may_go(store: Store) -> None:
    with store.transaction() as work:
        for number, name in ((1, "reminder"), (2, "urgent"), (3, "trouble_told")):
            work.put_letter(letter(number, name=name))
    urgent = store.claim_letters("ns", NINE, LEASE, 10, only_urgent=True)
    assert [one.letter for one in urgent] == ["urgent", "trouble_told"]
    assert [one.letter for one in store.claim_letters("ns", NINE, LEASE, 10)] == ["reminder"]


def test_what_a_clock_that_was_ahead_wrote_is_tried_now_and_gives_way(store: Store) -> None:
    ahead = NINE + timedelta(days=3)
    with store.transaction() as work:
        work.put_letter(replace(letter(1), not_before=ahead))
        work.put_letter(replace(letter(2), not_before=NINE + timedelta(hours=1)))
    assert store.mend_future("ns", NINE) == 1
    assert [one.recipient[:7] for one in store.claim_letters("ns", NINE, LEASE, 10)] == ["person1"]
    store.drained("ns", "INBOX", ahead)
    store.drained("ns", "INBOX", NINE)
    assert store.last_drained("ns", "INBOX") == NINE
    store.drained("ns", "INBOX", NINE - MINUTE)
    assert store.last_drained("ns", "INBOX") == NINE


def test_claims_are_freed_for_whoever_comes_next(store: Store) -> None:
    with store.transaction() as work:
        work.put_letter(letter(1))
    (claimed,) = store.claim_letters("ns", NINE, timedelta(minutes=20), 10)
    assert store.claim_letters("ns", NINE + MINUTE, LEASE, 10) == []
    store.free_letters("ns", NINE + MINUTE)
    assert [one.raw for one in store.claim_letters("ns", NINE + MINUTE, LEASE, 10)] == [claimed.raw]
