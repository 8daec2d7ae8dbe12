"""The ledger's chain: what follows what, and that no entry can be changed, lost, added or exchanged unseen."""

import random
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from mailbot.core.record.events import DisputeOpened, Event, FieldRecorded, StageEntered
from mailbot.core.record.events_as_json import to_text
from mailbot.core.record.intents import Person
from mailbot.core.record.ledger import (
    BEGINNING,
    OLD_WORDS,
    Cause,
    Entry,
    Head,
    _chain_of_words,
    chain,
    head_of,
    next_entries,
    replaced_words,
    verify,
    words_hash,
)
from tests.thorough import many

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
FROM_MAIL = Cause("message", "ab12")
ANNA = Person("anna.ash@council.example", "Anna Ash")
OPENED = DisputeOpened(
    at=NINE,
    reference="NS-26-0001",
    partnership="ns",
    protocol="ns",
    version="2024-11",
    raised=NINE,
    raiser=ANNA,
    raising="Children's Services",
)
EVENTS: tuple[Event, ...] = (OPENED, StageEntered(at=NINE, stage="Step 1", how="opening"))


def recorded(count: int) -> list[Entry]:
    entries = list(next_entries(None, "ns", "NS-26-0001", EVENTS, FROM_MAIL, NINE))
    while len(entries) < count:
        later = NINE + timedelta(minutes=len(entries))
        event = FieldRecorded(at=later, key="issue", value=f"wording {len(entries)}")
        entries += next_entries(head_of(entries), "ns", "NS-26-0001", [event], FROM_MAIL, later)
    return entries


def test_the_first_entry_follows_nothing_and_the_second_follows_the_first() -> None:
    first, second = recorded(2)
    assert (first.sequence, first.previous, second.sequence, second.previous) == (1, BEGINNING, 2, first.hash)
    assert first.event == OPENED
    assert (first.kind, second.kind) == ("DisputeOpened", "StageEntered")


def test_a_hash_is_the_sha256_of_the_canonical_contents() -> None:
    # h=$(printf "%s" "{}" | sha256sum | cut -d" " -f1)
    # a='["","ns","NS-26-0001",1,"2026-03-02T09:00:00.000000Z","person","anna","K","sha256","HASH"]'
    # printf %s "${a/HASH/$h}" | sha256sum
    assert chain(Entry("ns", "NS-26-0001", 1, NINE, Cause("person", "anna"), "K", "{}", "", "")) == (
        "17316f1650dcc87ad508fbcde169f247869be0e10ba019811801c755a8c942d1"
    )


def test_entries_that_nobody_touched_have_no_fault() -> None:
    entries = recorded(12)
    assert verify(entries, head_of(entries)) == []
    assert verify([]) == []


def test_the_clock_going_back_does_not_take_the_ledger_with_it() -> None:
    head = head_of(recorded(5))
    assert head is not None
    (entry,) = next_entries(head, "ns", "NS-26-0001", [EVENTS[1]], FROM_MAIL, NINE - timedelta(hours=1))
    assert entry.at == head.at == NINE + timedelta(minutes=4)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("partnership", "other"),
        ("reference", "NS-26-0002"),
        ("at", NINE + timedelta(seconds=121)),
        ("cause", Cause("message", "ab13")),
        ("cause", Cause("person", "ab12")),
        ("kind", "StageEnded"),
        ("text", '{"at":"2026-03-02T09:02:00.000000Z","key":"issue","value":"other"}'),
        ("hash", "0" * 64),
        ("previous", "0" * 64),
    ],
)
def test_a_change_to_any_part_of_an_entry_shows(part: str, value: object) -> None:
    entries = recorded(5)
    entries[2] = replace(entries[2], **{part: value})  # type: ignore[arg-type]
    assert any("entry 3: has been changed" in fault for fault in verify(entries))


def test_a_missing_entry_is_a_gap() -> None:
    entries = recorded(5)
    assert verify(entries[:2] + entries[3:]) == ["NS-26-0001 entry 4: a gap: entry 3 should stand here"]


def test_entries_exchanged_are_out_of_order() -> None:
    one, two, three = recorded(3)
    assert verify([one, three, two]) == [
        "NS-26-0001 entry 3: a gap: entry 2 should stand here",
        "NS-26-0001 entry 2: out of order: entry 4 should stand here",
        "NS-26-0001 entry 2: time goes back from 2026-03-02T09:02:00.000000Z to 2026-03-02T09:00:00.000000Z",
    ]


def test_an_end_cut_off_shows_against_the_head_kept_apart() -> None:
    entries = recorded(5)
    head = head_of(entries)
    assert verify(entries[:4]) == []
    assert len(verify(entries[:4], head)) == 1
    assert "NS-26-0001 ends at entry 4: the ledger should end at entry 5" in verify(entries[:4], head)[0]
    assert "no entries: the ledger should end at entry 5" in verify([], head)[0]


def test_a_dispute_rewritten_from_one_entry_on_shows_against_the_head() -> None:
    entries = recorded(5)
    forged = list(entries[:2])
    for old in entries[2:]:
        event = FieldRecorded(at=old.at, key="issue", value="nothing happened")
        forged += next_entries(head_of(forged), "ns", "NS-26-0001", [event], old.cause, old.at)
    assert verify(forged) == []
    assert len(verify(forged, head_of(entries))) == 1


def test_every_one_of_many_random_tamperings_shows() -> None:
    dice, entries = random.Random(7), recorded(9)
    head = head_of(entries)
    for _ in range(many(1_000, 10_000)):
        assert verify(tampered(dice, entries), head) != []


def tampered(dice: random.Random, entries: list[Entry]) -> list[Entry]:
    place = dice.randrange(len(entries))
    match dice.choice(["delete", "swap", "cut", "repeat", "flip"]):
        case "delete":
            return entries[:place] + entries[place + 1 :]
        case "swap":
            other = (place + dice.randrange(1, len(entries))) % len(entries)
            return [entries[{place: other, other: place}.get(i, i)] for i in range(len(entries))]
        case "cut":
            return entries[:place]
        case "repeat":
            return entries[: place + 1] + entries[place:]
        case _:
            name = dice.choice([f.name for f in fields(Entry) if f.type in {"str", str}])
            value = getattr(entries[place], name)
            where = dice.randrange(len(value) + 1)
            changed = replace(entries[place], **{name: value[:where] + "~" + value[where + 1 :]})
            return [*entries[:place], changed, *entries[place + 1 :]]


def test_a_cause_is_one_of_four_and_holds_text_that_can_be_kept() -> None:
    with pytest.raises(ValueError, match="one of message, limit, person, start, not 'whim'"):
        Cause("whim", "")
    with pytest.raises(ValueError, match=r"U\+0000"):
        Cause("person", "\x00")


def test_the_head_is_the_last_entry() -> None:
    entries = recorded(3)
    assert head_of(entries) == Head(3, entries[2].hash, NINE + timedelta(minutes=2))
    assert head_of([]) is None


def test_words_that_were_replaced_are_remembered_once_and_an_old_entry_is_followed_by_its_links() -> None:
    """An entry of the old form has the words themselves in its hash: without them only its links speak for it."""
    first, second, third = recorded(3)
    new = replaced_words(second)
    assert new == words_hash(second.text)
    assert replaced_words(replace(second, was=new)) == new
    old = replace(second, hash=_chain_of_words(second))
    other = to_text(StageEntered(at=NINE, stage="(taken out)", how="opening"))
    forgotten = replace(old, text=other, was=replaced_words(old))
    assert forgotten.was == f"{OLD_WORDS}{words_hash(second.text)}"
    follows = replace(third, previous=old.hash)
    follows = replace(follows, hash=chain(follows))
    assert verify([first, forgotten, follows]) == []
