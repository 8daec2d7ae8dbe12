"""Taking mail in: kept once, kept first, and the watermark moves with what was kept."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mailbot.shell.servers.mailbox_interface import Arrival, Place, Watermark
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import Kept
from tests.unit.shell.store import stores
from tests.unit.shell.store.stores import MINUTE, NINE, kept

url, store = stores.url, stores.store


def test_an_arrival_is_kept_under_the_sha256_of_its_bytes() -> None:
    arrival = Arrival(Place("INBOX", 1, 2), b"Message-ID: <a@x.example>\r\n\r\nabc", NINE)
    assert Kept.of(arrival) == Kept(
        "8a70dcaef50dec0ecc064cd12d714b89fcf63428192f9d1f6840d90214effc32",
        arrival.raw,
        NINE,
        "<a@x.example>",
        Place("INBOX", 1, 2),
    )


def test_mail_is_kept_and_the_watermark_moves_in_one_transaction(store: Store) -> None:
    assert store.watermark("ns", "disputes") is None
    assert store.keep("ns", "disputes", [kept(1), kept(2), kept(3)]) == 3
    assert store.watermark("ns", "disputes") == Watermark(1, 3)
    assert store.raw("ns", kept(2).digest) == b"message 2"
    with pytest.raises(ValueError, match="without a time zone"):
        store.keep("ns", "disputes", [kept(4), replace(kept(5), received=datetime(2026, 3, 2, 9))])
    assert store.watermark("ns", "disputes") == Watermark(1, 3)
    assert len(store.unread("ns", 10)) == 3


def test_the_same_bytes_are_kept_once_and_their_newest_place_is_known(store: Store) -> None:
    store.keep("ns", "disputes", [kept(1), kept(2)])
    again = [kept(11, b"message 1", uidvalidity=5), kept(12, b"message 2", uidvalidity=5), kept(13, uidvalidity=5)]
    assert store.keep("ns", "disputes", again) == 1
    assert store.keep("ns", "disputes", [kept(14, b"twice", "", 5), kept(15, b"twice", "", 5)]) == 1
    assert store.watermark("ns", "disputes") == Watermark(5, 15)
    first = store.message("ns", kept(1).digest)
    assert first is not None
    assert first.place == Place("INBOX", 5, 11)


def test_the_same_message_id_over_other_bytes_is_another_message(store: Store) -> None:
    two = [kept(1, b"one", "<same@x.example>"), kept(2, b"two", "<same@x.example>")]
    assert store.keep("ns", "disputes", two) == 2


def test_a_watermark_goes_back_only_when_the_server_has_renumbered(store: Store) -> None:
    store.keep("ns", "disputes", [kept(9)])
    store.keep("ns", "disputes", [kept(4)])
    assert store.watermark("ns", "disputes") == Watermark(1, 9)
    store.keep("ns", "disputes", [kept(2, uidvalidity=4_294_967_295)])
    assert store.watermark("ns", "disputes") == Watermark(4_294_967_295, 2)


def test_mail_with_a_hostile_message_id_is_kept_like_any_other(store: Store) -> None:
    strange = ["<nul\x00@x.example>", "<half\udc80@x.example>", "<" + "é" * 50_000 + "@x.example>"]
    assert store.keep("ns", "disputes", [kept(uid, message_id=each) for uid, each in enumerate(strange, 1)]) == 3
    stored = [message.message_id for message in store.unread("ns", 10)]
    assert stored[:2] == ["<nul\ufffd@x.example>", "<half\ufffd@x.example>"]
    assert len(stored[2]) == 265


def test_bytes_of_every_kind_come_back_as_they_were(store: Store) -> None:
    raw = bytes(range(256)) * 4000
    store.keep("ns", "disputes", [kept(1, raw)])
    assert store.unread("ns", 1)[0].raw == raw


def test_unread_mail_comes_oldest_first_and_only_its_own_partnerships(store: Store) -> None:
    store.keep("ns", "disputes", [kept(3), kept(1), kept(2)])
    store.keep("gl", "disputes", [kept(1)])
    assert [message.place.uid for message in store.unread("ns", 2)] == [1, 2]
    assert [message.partnership for message in store.unread("gl", 9)] == ["gl"]


def test_attempts_at_a_message_are_counted_before_it_is_tried(store: Store) -> None:
    store.keep("ns", "disputes", [kept(1)])
    assert [store.take_up("ns", kept(1).digest) for _ in range(3)] == [1, 2, 3]
    assert store.unread("ns", 1)[0].attempts == 3


def test_draining_is_known_for_an_empty_mailbox_too_and_goes_only_forward(store: Store) -> None:
    assert store.last_drained("ns", "disputes") is None
    store.drained("ns", "disputes", NINE)
    assert store.watermark("ns", "disputes") is None
    store.keep("ns", "disputes", [kept(1)])
    store.drained("ns", "disputes", NINE + MINUTE)
    store.drained("ns", "disputes", NINE)
    assert store.last_drained("ns", "disputes") == NINE + MINUTE
    assert store.watermark("ns", "disputes") == Watermark(1, 1)


def test_instants_come_back_aware_in_utc_with_their_microseconds(store: Store) -> None:
    instant = NINE + timedelta(microseconds=123456)
    store.note("ns", "tick", instant)
    assert store.last("ns", "tick") == instant
    assert store.last("ns", "tick").utcoffset() == timedelta(0)  # type: ignore[union-attr]


def test_keeping_nothing_changes_nothing(store: Store) -> None:
    assert store.keep("ns", "disputes", []) == 0
    assert store.watermark("ns", "disputes") is None
