"""The outbox and the filings: claimed by one at a time, tried again with the same bytes, and never after withdrawal."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from mailbot.shell.servers.mailbox_interface import Place
from mailbot.shell.servers.postman_interface import Outcome
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import Filing, FilingKind, Letter
from tests.unit.shell.store import stores
from tests.unit.shell.store.stores import MINUTE, NINE, kept, letter

url, store = stores.url, stores.store
LEASE = timedelta(minutes=5)


def put(store: Store, *letters: Letter) -> None:
    with store.transaction() as work:
        for each in letters:
            work.put_letter(each)


def test_a_claimed_letter_has_its_final_bytes_and_counts_the_attempt(store: Store) -> None:
    put(store, letter(1))
    (claimed,) = store.claim_letters("ns", NINE, LEASE, 10)
    assert (claimed.recipient, claimed.raw, claimed.attempts) == ("person1@council.example", b"letter 1", 1)
    assert store.claim_letters("ns", NINE, LEASE, 10) == []
    assert store.claim_letters("gl", NINE, LEASE, 10) == []


def test_letters_are_claimed_oldest_first_up_to_the_limit_and_not_before_their_time(store: Store) -> None:
    put(store, letter(1, created=NINE + MINUTE), letter(2), letter(3, created=NINE + 9 * MINUTE), letter(4))
    claimed = store.claim_letters("ns", NINE + MINUTE, LEASE, 3)
    assert [each.recipient[:7] for each in claimed] == ["person2", "person4", "person1"]


def test_four_threads_claim_sixty_letters_exactly_once_each(store: Store) -> None:
    put(store, *(letter(number) for number in range(60)))

    def claim_all(_: int) -> list[int]:
        mine: list[int] = []
        while some := store.claim_letters("ns", NINE, LEASE, 3):
            mine += [each.id for each in some]
        return mine

    with ThreadPoolExecutor(4) as threads:
        claims = [each for mine in threads.map(claim_all, range(4)) for each in mine]
    assert len(claims) == 60
    assert len(set(claims)) == 60


def test_a_claim_that_ran_out_is_taken_again_with_the_same_bytes(store: Store) -> None:
    put(store, letter(1))
    (first,) = store.claim_letters("ns", NINE, LEASE, 10)
    assert store.claim_letters("ns", NINE + LEASE - MINUTE, LEASE, 10) == []
    (second,) = store.claim_letters("ns", NINE + LEASE, LEASE, 10)
    assert second == replace(first, attempts=2)


@pytest.mark.parametrize(
    ("outcome", "next_try", "becomes", "tried_again"),
    [
        (Outcome.ACCEPTED, None, "sent", False),
        (Outcome.REFUSED, None, "refused", False),
        (Outcome.DEFERRED, NINE + 9 * MINUTE, "deferred", True),
        (Outcome.UNCERTAIN, NINE + 9 * MINUTE, "uncertain", True),
        (Outcome.DEFERRED, None, "refused", False),
        (Outcome.UNCERTAIN, None, "refused", False),
    ],
)
def test_a_letter_ends_as_the_server_said(
    store: Store, outcome: Outcome, next_try: object, becomes: str, tried_again: bool
) -> None:
    put(store, letter(1))
    (claimed,) = store.claim_letters("ns", NINE, LEASE, 10)
    again = NINE + 9 * MINUTE if next_try else None
    assert store.letter_done(claimed.id, outcome, "250 as the server said \x00", NINE + MINUTE, again) == becomes
    (record,) = store.letters("ns", "NS-26-0001")
    assert (record.state, record.words) == (becomes, "250 as the server said \ufffd")
    assert record.finished == (None if tried_again else NINE + MINUTE)
    assert store.letters_by_state("ns") == {becomes: 1}
    assert store.waiting("ns").letters == int(tried_again)
    assert store.claim_letters("ns", NINE + 8 * MINUTE, LEASE, 10) == []
    assert bool(store.claim_letters("ns", NINE + 9 * MINUTE, LEASE, 10)) is tried_again


def test_a_letter_that_was_sent_stays_sent_whatever_a_late_worker_says(store: Store) -> None:
    put(store, letter(1))
    (claimed,) = store.claim_letters("ns", NINE, LEASE, 10)
    store.letter_done(claimed.id, Outcome.ACCEPTED, "250 ok", NINE)
    assert store.letter_done(claimed.id, Outcome.DEFERRED, "451 later", NINE, NINE) == "sent"
    assert store.claim_letters("ns", NINE + MINUTE, LEASE, 10) == []


def test_reminders_of_an_ended_stage_are_not_sent(store: Store) -> None:
    put(store, letter(1), letter(2, name="closed"), letter(3, reference="NS-26-0002"))
    with store.transaction() as work:
        work.cancel_letters("ns", "NS-26-0001", {"reminder", "limit passed"}, "Step 1 has ended")
    assert [each.letter for each in store.claim_letters("ns", NINE, LEASE, 10)] == ["closed", "reminder"]
    assert store.letters_by_state("ns") == {"cancelled": 1, "sending": 2}


def test_a_reminder_withdrawn_while_it_is_being_sent_is_not_tried_again(store: Store) -> None:
    put(store, letter(1), letter(2), letter(3))
    deferred, stalled, sent = store.claim_letters("ns", NINE, LEASE, 10)
    with store.transaction() as work:
        work.cancel_letters("ns", "NS-26-0001", ["reminder"], "Step 1 has ended")
    assert store.letter_done(deferred.id, Outcome.DEFERRED, "451 later", NINE, NINE + MINUTE) == "cancelled"
    assert store.letter_done(sent.id, Outcome.ACCEPTED, "250 ok", NINE) == "sent"
    assert store.claim_letters("ns", NINE + LEASE, LEASE, 10) == []
    assert [(record.id, record.state) for record in store.letters("ns", "NS-26-0001")] == [
        (deferred.id, "cancelled"),
        (stalled.id, "cancelled"),
        (sent.id, "sent"),
    ]


def test_a_move_knows_where_its_message_was_last_seen(store: Store) -> None:
    store.keep("ns", "disputes", [kept(7)])
    with store.transaction() as work:
        work.put_filing(Filing("ns", FilingKind.MOVE, ("Disputes", "NS-26-0001"), NINE, digest=kept(7).digest))
        work.put_filing(
            Filing("ns", FilingKind.APPEND, ("Summaries",), NINE, raw=b"summary", message_id="<s@x.example>", seen=True)
        )
    store.keep("ns", "disputes", [kept(3, b"message 7", uidvalidity=2)])
    move, append = store.claim_filings("ns", NINE, LEASE, 10)
    assert (move.kind, move.folder, move.place) == ("move", ("Disputes", "NS-26-0001"), Place("INBOX", 2, 3))
    assert (append.raw, append.message_id, append.seen, append.place) == (b"summary", "<s@x.example>", True, None)
    assert append.dated == NINE
    assert store.claim_filings("ns", NINE, LEASE, 10) == []


def test_a_filing_is_done_or_tried_again_or_has_failed(store: Store) -> None:
    with store.transaction() as work:
        for number in range(3):
            work.put_filing(Filing("ns", FilingKind.MOVE, ("A",), NINE, digest=f"digest {number}"))
    done, later, failed = store.claim_filings("ns", NINE, LEASE, 10)
    assert store.filing_done(done.id, True, "", NINE) == "filed"
    assert store.filing_done(later.id, False, "no answer", NINE, NINE + MINUTE) == "deferred"
    assert store.filing_done(failed.id, False, "no such folder", NINE) == "failed"
    assert store.filing_done(done.id, False, "a late worker", NINE) == "filed"
    assert store.waiting("ns").filings == 1
    assert [each.digest for each in store.claim_filings("ns", NINE + MINUTE, LEASE, 10)] == ["digest 1"]


def test_what_waits_is_counted_with_the_oldest_of_it(store: Store) -> None:
    store.keep("ns", "disputes", [kept(2), kept(5)])
    put(store, letter(1, created=NINE + 3 * MINUTE), letter(2, created=NINE + MINUTE))
    waiting = store.waiting("ns")
    assert (waiting.unread, waiting.letters) == (2, 2)
    assert (waiting.oldest_unread, waiting.oldest_letter) == (NINE + 2 * MINUTE, NINE + MINUTE)
    assert store.waiting("gl").oldest_letter is None
