"""What the store knows of cards, and of messages people have moved: asked of both databases."""

from dataclasses import replace
from datetime import timedelta

from mailbot.core.record.events import DisputeClosed, DisputeReopened, FieldRecorded
from mailbot.shell.servers.mailbox_interface import Place, Watermark
from mailbot.shell.store.cards_and_moved_mail import CardRow
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import Filing, FilingKind, HeldState, Settled
from tests.unit.shell.store import stores
from tests.unit.shell.store.stores import ANNA, FROM_MAIL, MINUTE, NINE, kept, open_dispute

url, store = stores.url, stores.store
OVERVIEW, MIDNIGHT = ("Disputes",), NINE + timedelta(hours=15)


def put(store: Store, number: int, sequence: int, digest: str = "shown") -> CardRow:
    row = CardRow("ns", "NS-26-0001", number, f"<card.{number}@bot.example>", digest, sequence, MIDNIGHT)
    with store.transaction() as work:
        work.take_disputes("ns", ["NS-26-0001"])
        assert work.sequence_of("ns", "NS-26-0001") == sequence
        work.put_card(row)
        raw = b"card %d" % number if digest else b""
        work.put_filing(
            Filing(
                "ns",
                FilingKind.CARD,
                OVERVIEW,
                NINE,
                raw=raw,
                message_id=row.message_id,
                seen=True,
                flagged=True,
                reference="NS-26-0001",
            )
        )
    return row


def test_a_card_is_wanted_where_there_is_none_and_when_what_it_tells_of_is_not_the_last_or_its_time_is_over(
    store: Store,
) -> None:
    assert store.cards_wanting("ns", NINE) == []
    open_dispute(store)
    open_dispute(store, "gl")
    assert store.cards_wanting("ns", NINE) == ["NS-26-0001"]
    put(store, 1, 2)
    assert store.cards_wanting("ns", MIDNIGHT - MINUTE) == []
    assert store.cards_wanting("ns", MIDNIGHT) == ["NS-26-0001"]
    with store.transaction() as work:
        newest = work.newest_cards("ns", ["NS-26-0001"]).get("NS-26-0001")
        assert newest is not None
        work.card_holds(newest, 2, MIDNIGHT + timedelta(days=1))
    assert store.cards_wanting("ns", MIDNIGHT) == []
    with store.transaction() as work:
        work.append("ns", "NS-26-0001", [FieldRecorded(at=NINE, key="impact", value="…")], FROM_MAIL, NINE)
    assert store.cards_wanting("ns", NINE) == ["NS-26-0001"]


def test_a_closed_dispute_wants_its_card_gone_once_and_an_open_one_wants_it_back(store: Store) -> None:
    open_dispute(store)
    put(store, 1, 2)
    with store.transaction() as work:
        closed = DisputeClosed(at=NINE, outcome="resolved", stage="Step 1")
        work.append("ns", "NS-26-0001", [closed], FROM_MAIL, NINE)
    assert store.cards_wanting("ns", NINE) == ["NS-26-0001"]
    put(store, 2, 3, digest="")
    assert store.cards_wanting("ns", MIDNIGHT) == []
    with store.transaction() as work:
        work.append("ns", "NS-26-0001", [DisputeReopened(at=NINE, by=ANNA)], FROM_MAIL, NINE)
    assert store.cards_wanting("ns", NINE) == ["NS-26-0001"]


def test_the_cards_of_a_dispute_are_told_the_newest_last_until_an_older_one_is_gone(store: Store) -> None:
    open_dispute(store)
    first, second = put(store, 1, 2), put(store, 2, 2, "shown now")
    claimed = store.claim_filings("ns", NINE, MINUTE, 1)
    assert [(f.kind, f.raw, f.seen, f.flagged, f.reference) for f in claimed] == [
        (FilingKind.CARD, b"card 1", True, True, "NS-26-0001")
    ]
    store.filing_done(claimed[0].id, True, "", NINE)
    assert store.cards("ns") == {"NS-26-0001": [replace(first, filed=True), second]}
    store.card_gone(first)
    assert store.cards("ns", ["NS-26-0001"]) == {"NS-26-0001": [second]}
    assert store.cards("gl") == {}


def test_a_folder_is_looked_at_up_to_a_number_and_begins_anew_under_another_uidvalidity(store: Store) -> None:
    assert store.watermark("ns", "Disputes/NS-26-0001") is None
    store.looked_at("ns", "Disputes/NS-26-0001", 7, 40)
    store.looked_at("ns", "Disputes/NS-26-0001", 8, 2)
    assert store.watermark("ns", "Disputes/NS-26-0001") == Watermark(8, 2)
    assert store.watermark("ns", "INBOX") is None


def test_the_disputes_at_hand_are_those_open_and_those_closed_lately(store: Store) -> None:
    open_dispute(store)
    open_dispute(store)
    with store.transaction() as work:
        closed = DisputeClosed(at=NINE, outcome="resolved", stage="Step 1")
        work.append("ns", "NS-26-0001", [closed], FROM_MAIL, NINE)
    assert store.disputes_at_hand("ns", NINE) == (["NS-26-0001", "NS-26-0002"], "")
    assert store.disputes_at_hand("ns", NINE + MINUTE) == (["NS-26-0002"], "")
    assert store.disputes_at_hand("ns", NINE, limit=1) == (["NS-26-0001"], "NS-26-0001")
    assert store.disputes_at_hand("ns", NINE, "NS-26-0001", 1) == (["NS-26-0002"], "")


def test_what_waits_is_told_with_its_number_and_once_let_in_is_unread_in_its_dispute(store: Store) -> None:
    one, other = kept(1, b"one", "<same@x.example>"), kept(2, b"other", "<same@x.example>")
    store.keep("ns", "INBOX", [one, other])
    with store.transaction() as work:
        number = work.hold("ns", one.digest, "two references", "", NINE)
        work.dispose("ns", other.digest, "filed in a dispute", "", "NS-26-0001")
    alike = {seen.digest: seen for seen in store.seen("ns", message_id="<same@x.example>")}
    assert {digest: (seen.waiting, seen.reference) for digest, seen in alike.items()} == {
        one.digest: ((number,), ""),
        other.digest: ((), "NS-26-0001"),
    }
    with store.transaction() as work:
        work.settle_held("ns", number, Settled(HeldState.DISMISSED, "somebody", "moved"), NINE)
        work.read_again("ns", one.digest, "somebody", "NS-26-0002")
        work.lies_at("ns", one.digest, Place("Disputes/NS-26-0002", 9, 3))
    (seen,) = store.seen("ns", digest=one.digest)
    assert (seen.state, seen.released, seen.into, seen.waiting) == ("new", "somebody", "NS-26-0002", ())
    (unread,) = store.unread("ns", 10)
    assert (unread.into, unread.place) == ("NS-26-0002", Place("Disputes/NS-26-0002", 9, 3))


def test_a_message_put_into_a_folder_is_kept_with_its_dispute_and_with_nobody_who_let_it_in(store: Store) -> None:
    assert store.keep("ns", "Disputes/NS-26-0001", [kept(5)], into="NS-26-0001") == 1
    (unread,) = store.unread("ns", 10)
    assert (unread.into, unread.released) == ("NS-26-0001", "")
    assert store.watermark("ns", "Disputes/NS-26-0001") == Watermark(1, 5)
    assert store.keep("ns", "INBOX", [kept(5)]) == 0, "and is no other message when it comes by another way"


def test_what_we_file_in_a_folder_is_known_there_by_bytes_or_by_id(store: Store) -> None:
    here = ("Disputes", "NS-26-0001")
    with store.transaction() as work:
        work.put_filing(Filing("ns", FilingKind.MOVE, here, NINE, digest="ab12"))
        work.put_filing(Filing("ns", FilingKind.APPEND, here, NINE, raw=b"x", message_id="<s@bot.example>"))
    assert store.filed_there("ns", here, "ab12", "")
    assert store.filed_there("ns", here, "other", "<s@bot.example>")
    assert not store.filed_there("ns", here, "other", "<other@x.example>")
    assert not store.filed_there("ns", ("Disputes", "NS-26-0002"), "ab12", "<s@bot.example>")
