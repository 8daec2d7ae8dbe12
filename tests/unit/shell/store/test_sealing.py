"""What somebody who can write into the database, and has not the key, cannot do unseen."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, create_engine, delete, select, update

from mailbot.core.record.events import FieldRecorded
from mailbot.core.record.ledger import chain
from mailbot.shell.servers.postman_interface import Outcome
from mailbot.shell.store import tables as t
from mailbot.shell.store.queries import troubles
from mailbot.shell.store.sealing import FILINGS_SEALED
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import Filing, FilingKind, LetterState
from mailbot.shell.store.tables import entry_columns, entry_of
from tests.unit.shell.store import stores
from tests.unit.shell.store.stores import FROM_MAIL, MINUTE, NINE, letter, open_dispute

url, store = stores.url, stores.store
SECRET = b"a secret for the tests"
CHANGED = "its end is not what was sealed with the key: the record was changed"


def write(store: Store, reference: str, *wordings: str) -> None:
    for place, wording in enumerate(wordings):
        at = NINE + (place + 1) * MINUTE
        with store.transaction() as work:
            work.append("ns", reference, [FieldRecorded(at=at, key="issue", value=wording)], FROM_MAIL, at)


def cut_out_and_chain_again(url: str, sequence: int) -> None:
    """An insider takes one event out, and makes chain and head look as though it had never been."""
    engine = create_engine(url)
    with engine.begin() as connection:
        kept = [entry_of(row) for row in connection.execute(select(t.ledger).order_by(t.ledger.c.sequence))]
        connection.execute(delete(t.ledger))
        previous, last = "", None
        for place, entry in enumerate((one for one in kept if one.sequence != sequence), 1):
            last = replace(entry, sequence=place, previous=previous, hash="")
            previous = chain(last)
            last = replace(last, hash=previous)
            connection.execute(t.ledger.insert(), entry_columns(last))
        assert last is not None
        connection.execute(update(t.dispute).values(head_sequence=last.sequence, head_hash=last.hash, head_at=last.at))
    engine.dispose()


def change(url: str, work: object) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        assert isinstance(connection, Connection)
        connection.execute(work)  # type: ignore[call-overload]
    engine.dispose()


def test_an_event_cut_out_of_a_ledger_that_is_chained_again_shows(store: Store, url: str) -> None:
    store.learn_key("ns", SECRET)
    reference = open_dispute(store)
    write(store, reference, "one", "two", "three")
    assert store.verify("ns") == []
    cut_out_and_chain_again(url, 4)
    assert store.verify("ns") == [f"{reference}: {CHANGED}"]


def test_what_is_written_after_it_does_not_seal_the_forgery(store: Store, url: str) -> None:
    store.learn_key("ns", SECRET)
    reference = open_dispute(store)
    write(store, reference, "one", "two", "three")
    cut_out_and_chain_again(url, 4)
    write(store, reference, "four")
    assert store.verify("ns") == [f"{reference}: {CHANGED}"]


def test_a_seal_that_was_taken_away_shows(store: Store, url: str) -> None:
    store.learn_key("ns", SECRET)
    reference = open_dispute(store)
    write(store, reference, "one", "two", "three")
    cut_out_and_chain_again(url, 4)
    change(url, update(t.dispute).values(seal=""))
    assert store.verify("ns") == [f"{reference}: it has entries without a seal that are newer than the key"]


def test_what_was_written_before_there_was_a_key_is_said_to_be_unkeyed_and_sealed_with_what_follows(
    store: Store, url: str
) -> None:
    reference = open_dispute(store)
    write(store, reference, "one")
    store.learn_key("ns", SECRET)
    said = f"{reference}: entries 1 to 3 were written before there was a key; their chain alone vouches for them"
    assert (store.verify("ns"), store.unkeyed("ns")) == ([], [said])
    write(store, reference, "two", "three")
    assert (store.verify("ns"), store.unkeyed("ns")) == ([], [said])
    cut_out_and_chain_again(url, 3)
    assert store.verify("ns") == [f"{reference}: {CHANGED}"]


def test_another_key_fits_nothing(store: Store) -> None:
    store.learn_key("ns", SECRET)
    reference = open_dispute(store)
    store.learn_key("ns", b"another secret")
    assert store.verify("ns") == [f"{reference}: {CHANGED}"]


def test_a_waiting_letter_sent_to_somebody_else_is_found_and_the_others_are_whole(store: Store, url: str) -> None:
    store.learn_key("ns", SECRET)
    for number in (1, 2, 3):
        with store.transaction() as work:
            work.put_letter(written := letter(number))
            work.know_later("ns", written.message_id, written.reference, ours=True, recipient=written.recipient)
    assert store.verify("ns") == []
    change(url, update(t.outbox).where(t.outbox.c.id == 2).values(recipient="dad@freemail.example"))
    change(url, update(t.outbox).where(t.outbox.c.id == 3).values(raw=b"other words"))
    found = store.verify("ns")
    assert [fault.partition(": ")[2] for fault in found] == [
        f"the waiting letter {letter(2).letter!r} is not what was written",
        f"the waiting letter {letter(3).letter!r} is not what was written",
        "letter 2 is not known by its number",
    ]
    claimed = store.claim_letters("ns", NINE + timedelta(days=1), MINUTE, 10)
    assert [(one.id, one.is_whole) for one in claimed] == [(1, True), (2, False), (3, False)]


def test_a_letter_that_waited_when_the_key_came_still_goes_and_one_stripped_of_its_seal_does_not(
    store: Store, url: str
) -> None:
    with store.transaction() as work:
        work.put_letter(replace(letter(1), created=NINE - MINUTE))
    store.learn_key("ns", SECRET)
    open_dispute(store)
    with store.transaction() as work:
        work.put_letter(letter(2))
    change(url, update(t.outbox).where(t.outbox.c.id == 2).values(recipient="dad@freemail.example", seal=""))
    claimed = store.claim_letters("ns", NINE + timedelta(days=1), MINUTE, 10)
    assert [(one.id, one.is_whole) for one in claimed] == [(1, True), (2, False)]
    assert store.letter_done(1, Outcome.ACCEPTED, "250", NINE) is LetterState.SENT


def filing(number: int, kind: FilingKind = FilingKind.APPEND) -> Filing:
    raw, own = b"summary %d" % number, f"<summary{number}@bot.example>"
    return Filing("ns", kind, ("Disputes", "NS-26-0001"), NINE, raw=raw, message_id=own, seen=True)


def test_a_waiting_filing_that_was_changed_is_found_and_not_done_and_the_others_are_whole(
    store: Store, url: str
) -> None:
    store.learn_key("ns", SECRET)
    open_dispute(store)
    with store.transaction() as work:
        for number in range(1, 9):
            work.put_filing(replace(filing(number), created=NINE + MINUTE))
    assert store.verify("ns") == []
    changes: list[dict[str, object]] = [
        {"folder": '["Everybody"]'},
        {"raw": b"other words"},
        {"kind": FilingKind.TAKE_OUT},
        {"dated": NINE - timedelta(days=300)},
        {"seen": False},
        {"folder": "no list of names", "kind": "mowe"},
        {"seal": ""},
    ]
    for number, changed in enumerate(changes, 2):
        change(url, update(t.filing).where(t.filing.c.id == number).values(changed))
    assert store.verify("ns") == [
        *(f"filing {number}: it is not what was written" for number in range(2, 9)),
        "filing: 'mowe' is no kind that there is",
    ]
    claimed = store.claim_filings("ns", NINE + timedelta(days=1), MINUTE, 10)
    assert [one.id for one in claimed] == [1]
    said = "it was changed in the database after it was written, and was not done"
    assert {one.words for one in troubles(store, "ns", NINE)} == {f"filing {number}: {said}" for number in range(2, 9)}
    assert [one.id for one in store.claim_filings("ns", NINE + timedelta(days=9), MINUTE, 10)] == [1]


def test_a_filing_that_an_older_mailbot_left_without_a_seal_is_done_and_a_newer_one_stripped_of_it_is_not(
    store: Store, url: str
) -> None:
    store.learn_key("ns", SECRET)
    with store.transaction() as work:
        work.put_filing(replace(filing(1), created=NINE))
        work.put_filing(replace(filing(2), created=NINE + MINUTE))
    change(url, update(t.filing).values(seal=""))
    change(url, t.note.insert().values(partnership="ns", what=FILINGS_SEALED, at=NINE))
    claimed = store.claim_filings("ns", NINE + timedelta(days=1), MINUTE, 10)
    assert [one.id for one in claimed] == [1]
    assert store.verify("ns") == ["filing 2: it is not what was written"]


def test_what_was_filed_before_there_was_a_key_is_done_when_the_key_has_come(store: Store) -> None:
    with store.transaction() as work:
        work.put_filing(filing(1))
    store.learn_key("ns", SECRET)
    assert [one.id for one in store.claim_filings("ns", NINE + MINUTE, MINUTE, 10)] == [1]
    assert store.verify("ns") == []
