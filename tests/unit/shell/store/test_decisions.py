"""One transaction decides: all of it or nothing, each message once, each dispute by one hand at a time."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record.dispute import State, fold
from mailbot.core.record.events import (
    DisputeClosed,
    DisputeReopened,
    FieldRecorded,
    PersonRecorded,
    ResolutionProposed,
    RouteTaken,
    StageEntered,
)
from mailbot.core.record.events_of_mail import RiskReported, StatusAsked
from mailbot.core.record.intents import Action
from mailbot.core.record.ledger import Cause
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import AlreadyDecided, Filing, FilingKind, HeldState, LeaseLost, NotHeld
from tests.unit.shell.store import stores
from tests.unit.shell.store.stores import ANNA, FROM_MAIL, MINUTE, NINE, kept, letter, open_dispute, opening

url, store = stores.url, stores.store


def test_a_dispute_is_what_its_ledger_folds_to(store: Store) -> None:
    reference = open_dispute(store)
    more = (
        FieldRecorded(at=NINE, key="issue", value="Threshold – “section 47”?"),
        RouteTaken(at=NINE, route="conference", by=ANNA, fields={"when": "soon"}),
        ResolutionProposed(
            at=NINE,
            stage="Step 1",
            side=Side.RAISING,
            by=ANNA,
            agreed="a joint visit",
            actions=(Action("visit", "Anna Ash", date(2026, 3, 9)),),
        ),
    )
    with store.transaction() as work:
        entries = work.append("ns", reference, more, Cause("message", "cd34"), NINE + MINUTE)
        inside = work.dispute("ns", reference)
    assert [entry.sequence for entry in entries] == [3, 4, 5]
    assert inside == store.dispute("ns", reference) == fold((*opening(reference), *more))
    assert [entry.event for entry in store.chronology("ns", reference)] == [*opening(reference), *more]
    assert store.chronology("ns", reference)[4].cause == Cause("message", "cd34")
    assert [row.state for row in store.dispute_rows("ns")] == ["proposed"]
    assert store.verify("ns") == []


def test_references_run_from_one_for_each_year_and_partnership(store: Store) -> None:
    with store.transaction() as work:
        assert [work.new_reference("ns", "NS", 2026) for _ in range(2)] == ["NS-26-0001", "NS-26-0002"]
        assert work.new_reference("ns", "NS", 2027) == "NS-27-0001"
        assert work.new_reference("gl", "NS", 2026) == "NS-26-0001"


def test_nothing_remains_of_a_transaction_that_fails(store: Store) -> None:
    store.keep("ns", "disputes", [kept(1)])
    with pytest.raises(ZeroDivisionError), store.transaction() as work:  # noqa: PT012 - all of it is to be undone
        reference = work.new_reference("ns", "NS", 2026)
        work.append("ns", reference, opening(reference), FROM_MAIL, NINE)
        work.put_letter(letter(1))
        work.put_filing(Filing("ns", FilingKind.MOVE, ("Disputes", reference), NINE, kept(1).digest))
        work.dispose("ns", kept(1).digest, "acted", reference=reference)
        work.hold("ns", kept(1).digest, "for the test", "", NINE)
        work.know_id("ns", "<1@x.example>", reference, ours=False)
        work.mark_digest("ns", "weekly", "2026-W10")
        _ = 1 / 0
    waiting = store.waiting("ns")
    assert (waiting.unread, waiting.held, waiting.letters, waiting.filings) == (1, 0, 0, 0)
    assert store.dispute("ns", "NS-26-0001") is None
    assert store.by_message_id("ns", ["<1@x.example>"]) == {}
    assert open_dispute(store) == "NS-26-0001"
    with store.transaction() as work:
        assert work.mark_digest("ns", "weekly", "2026-W10")


def test_a_process_killed_inside_a_transaction_leaves_nothing_of_it(url: str) -> None:
    store = Store.open(url, create=True)
    open_dispute(store)
    killed = subprocess.run([sys.executable, "-c", _KILLED, url], env=os.environ | {"PYTHONPATH": os.getcwd()})
    assert killed.returncode == -signal.SIGKILL
    assert len(store.chronology("ns", "NS-26-0001")) == 2
    assert store.waiting("ns").letters == 0
    assert store.verify("ns") == []
    assert open_dispute(store) == "NS-26-0002"
    store.close()


_KILLED = """
import os, signal, sys
from tests.unit.shell.store.stores import FROM_MAIL, NINE, letter, opening
from mailbot.shell.store import Store
with Store.open(sys.argv[1]).transaction() as work:
    work.append("ns", "NS-26-0001", opening("NS-26-0001")[1:], FROM_MAIL, NINE)
    work.put_letter(letter(1))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_dispute_begins_with_its_own_opening_and_only_once(store: Store) -> None:
    reference = open_dispute(store)
    for events in (opening(reference), opening("NS-26-0009"), opening("NS-26-0002", partnership="gl")):
        with pytest.raises(ValueError, match="cannot be opened"), store.transaction() as work:
            work.append(
                "ns", "NS-26-0002" if events[0] != opening(reference)[0] else reference, events, FROM_MAIL, NINE
            )
    with pytest.raises(ValueError, match="begins with DisputeOpened"), store.transaction() as work:
        work.append("ns", "NS-26-0002", [StatusAsked(at=NINE, by=ANNA)], FROM_MAIL, NINE)
    assert [row.reference for row in store.dispute_rows("ns")] == [reference]


def test_text_that_cannot_be_stored_is_refused_with_its_place_and_changes_nothing(store: Store) -> None:
    reference = open_dispute(store)
    bad = FieldRecorded(at=NINE, key="issue", value="abc\x00")
    with pytest.raises(ValueError, match=r"FieldRecorded.value: .* U\+0000 at place 3"), store.transaction() as work:
        work.append("ns", reference, [bad], FROM_MAIL, NINE)
    with pytest.raises(ValueError, match=r"the text holds U\+DC80 at place 0"), store.transaction() as work:
        work.put_letter(replace(letter(1), subject="\udc80"))
    assert len(store.chronology("ns", reference)) == 2


def test_a_message_is_decided_once_and_the_second_decision_is_undone_whole(store: Store) -> None:
    reference = open_dispute(store)
    store.keep("ns", "disputes", [kept(1)])
    for attempt in range(2):
        try:
            with store.transaction() as work:
                work.append("ns", reference, [StatusAsked(at=NINE, by=ANNA)], FROM_MAIL, NINE)
                work.dispose("ns", kept(1).digest, "acted", reference=reference)
        except AlreadyDecided:
            assert attempt == 1
    assert len(store.chronology("ns", reference)) == 3
    assert store.unread("ns", 9) == []
    with pytest.raises(AlreadyDecided), store.transaction() as work:
        work.dispose("ns", "never kept", "acted")


def test_a_closed_dispute_is_not_among_the_open_ones(store: Store) -> None:
    first, second = open_dispute(store), open_dispute(store)
    with store.transaction() as work:
        work.append("ns", first, [DisputeClosed(at=NINE, outcome="resolved", stage="Step 1")], FROM_MAIL, NINE)
        assert [dispute.reference for dispute in work.open_disputes("ns")] == [second]
    assert [dispute.reference for dispute in store.disputes("ns", State.CLOSED)] == [first]
    assert [dispute.reference for dispute in store.disputes("ns")] == [first, second]
    assert store.known("ns", [first, "NS-26-0077"]) == {first}
    assert store.known("gl", [first]) == frozenset()


def test_what_one_transaction_changes_about_open_disputes_it_is_told_of_and_asks_no_twice(store: Store) -> None:
    earlier, asked = open_dispute(store), list[str]()
    recorded = PersonRecorded(at=NINE, role="raising_practitioner", side=Side.RAISING, person=ANNA)
    with store.transaction() as work:
        work.append("ns", earlier, [recorded], FROM_MAIL, NINE)
    store.hear_statements(asked.append)
    with store.transaction() as work:
        assert [one.reference for one in work.open_disputes("ns", ANNA.address)] == [earlier]
        asked.clear()
        assert [one.reference for one in work.open_disputes("ns", ANNA.address)] == [earlier]
        reference = work.new_reference("ns", "NS", 2026)
        assert work.dispute("ns", reference) is None
        assert len(asked) == 1, "what it has asked already, and of a dispute that nobody can have, is not asked"
        assert work.open_disputes("ns") == work.open_disputes("ns", ANNA.address)
        work.append("ns", reference, [*opening(reference), recorded], FROM_MAIL, NINE)
        work.write_now()
        for address in (ANNA.address, ""):
            assert [one.reference for one in work.open_disputes("ns", address)] == [earlier, reference]
        third = work.new_reference("ns", "NS", 2026)
        work.append("ns", third, [*opening(third), recorded], FROM_MAIL, NINE)
        for _ in ("waits to be written", "written"):
            for address in (ANNA.address, ""):
                assert [one.reference for one in work.open_disputes("ns", address)] == [earlier, reference, third]
            work.write_now()
        closed = DisputeClosed(at=NINE, outcome="resolved", stage="Step 1")
        for one in (earlier, reference, third):
            work.append("ns", one, [closed], FROM_MAIL, NINE)
        assert [work.open_disputes("ns", address) for address in (ANNA.address, "")] == [[], []]
    with store.transaction() as work:
        assert [work.open_disputes("ns", address) for address in (ANNA.address, "")] == [[], []]
        work.append("ns", earlier, [DisputeReopened(at=NINE, by=ANNA)], FROM_MAIL, NINE)
        for address in (ANNA.address, ""):
            assert [one.reference for one in work.open_disputes("ns", address)] == [earlier]


def test_what_is_due_comes_with_danger_first_then_the_later_stage_then_the_longest_overdue(store: Store) -> None:
    older, newer, later, danger = (open_dispute(store) for _ in range(4))
    with store.transaction() as work:
        work.append("ns", later, [StageEntered(at=NINE, stage="Step 2", how="asked")], FROM_MAIL, NINE)
        work.append("ns", danger, [RiskReported(at=NINE, by=ANNA)], FROM_MAIL, NINE)
        for number, reference in enumerate((older, newer, later, danger)):
            work.set_due("ns", reference, NINE + number * MINUTE, None)
    everything = store.due("ns", NINE + 9 * MINUTE, 9, ("Step 1", "Step 2"))
    assert everything == [danger, later, older, newer]
    assert store.due("ns", NINE + 9 * MINUTE, 2, ("Step 1", "Step 2")) == [danger, later]
    assert store.due("ns", NINE + 9 * MINUTE) == [danger, older, newer, later]


def test_letters_withdrawn_and_written_in_one_transaction_are_told_apart(store: Store) -> None:
    """A stage's end withdraws what waits of it; the letter of the next stage, of the same name, goes."""
    references = [open_dispute(store) for _ in range(3)]
    with store.transaction() as work:
        for number, reference in enumerate(references):
            work.put_letter(letter(number, reference=reference))
    with store.transaction() as work:
        work.take_letters("ns", references[:2])
        for number, reference in enumerate(references):
            work.cancel_letters("ns", reference, ["reminder"], "Step 1 has ended")
            work.put_letter_later(letter(10 + number, reference=reference))
            assert [one.message_id for one in work.letters_before("ns", reference)] == [f"<{10 + number}@bot.example>"]
        work.cancel_letters("ns", references[0], ["reminder"], "and closed")
        work.put_letter_later(letter(20, reference=references[0]))
    left = {one.message_id for one in store.claim_letters("ns", NINE, MINUTE, 9)}
    assert left == {"<11@bot.example>", "<12@bot.example>", "<20@bot.example>"}


def test_what_is_due_comes_longest_overdue_first(store: Store) -> None:
    first, second, third = (open_dispute(store) for _ in range(3))
    with store.transaction() as work:
        work.set_due("ns", first, NINE + 2 * MINUTE, NINE + 9 * MINUTE)
        work.set_due("ns", second, NINE + MINUTE, None)
    assert store.due("ns", NINE) == []
    assert store.due("ns", NINE + 2 * MINUTE) == [second, first]
    assert store.next_due("ns") == NINE + MINUTE
    assert [(row.reference, row.limit) for row in store.dispute_rows("ns")] == [
        (first, NINE + 9 * MINUTE),
        (second, None),
        (third, None),
    ]
    assert store.next_due("gl") is None


def test_two_writers_on_one_dispute_come_one_after_the_other(store: Store) -> None:
    reference = open_dispute(store)

    def write(name: str) -> None:
        for number in range(15):
            with store.transaction() as work:
                before = work.dispute("ns", reference)
                assert before is not None
                event = FieldRecorded(at=NINE, key=name, value=f"{number} after {len(before.history)}")
                work.append("ns", reference, [event], Cause("person", name), NINE)

    with ThreadPoolExecutor(2) as both:
        list(both.map(write, ("anna", "bo")))
    entries = store.chronology("ns", reference)
    assert [entry.sequence for entry in entries] == list(range(1, 33))
    assert [entry.event.value.split()[-1] for entry in entries[2:]] == [str(n) for n in range(2, 32)]  # type: ignore[attr-defined]
    assert store.verify("ns") == []


def test_four_threads_open_forty_disputes_under_forty_references(store: Store) -> None:
    with ThreadPoolExecutor(4) as threads:
        references = list(threads.map(lambda _: open_dispute(store), range(40)))
    assert sorted(references) == [f"NS-26-{number:04d}" for number in range(1, 41)]
    assert store.verify("ns") == []


def test_time_in_the_ledger_does_not_go_back_with_the_clock(store: Store) -> None:
    reference = open_dispute(store)
    with store.transaction() as work:
        event = StageEntered(at=NINE, stage="Step 2", how="asked")
        (entry,) = work.append("ns", reference, [event], FROM_MAIL, NINE - timedelta(hours=2))
    assert entry.at == NINE
    assert store.verify("ns") == []


def test_a_letter_is_written_once_by_its_key_and_never_under_anothers_message_id(store: Store) -> None:
    with store.transaction() as work:
        assert work.put_letter(letter(1))
        assert not work.put_letter(replace(letter(1), raw=b"other", message_id="<other@bot.example>"))
    assert [record.message_id for record in store.letters("ns", "NS-26-0001")] == ["<1@bot.example>"]
    with pytest.raises(IntegrityError), store.transaction() as work:
        work.put_letter(replace(letter(1), key="another"))


def test_a_filing_is_asked_for_once_for_each_folder(store: Store) -> None:
    move = Filing("ns", FilingKind.MOVE, ("Disputes", "NS-26-0001"), NINE, digest="ab12")
    summary = Filing("ns", FilingKind.APPEND, ("Summaries",), NINE, raw=b"x", message_id="<s@bot.example>")
    with store.transaction() as work:
        assert [work.put_filing(each) for each in (move, summary, move, summary)] == [True, True, False, False]
        assert work.put_filing(replace(move, folder=("Held",)))
    assert store.waiting("ns").filings == 3


def test_held_mail_waits_under_small_numbers_until_a_person_lets_it_in(store: Store) -> None:
    store.keep("ns", "disputes", [kept(1), kept(2)])
    with store.transaction() as work:
        assert work.hold("ns", kept(1).digest, "two disputes fit \udc80", "anna@council.example", NINE) == 1
        assert work.hold("ns", kept(1).digest, "two disputes fit", "anna@council.example", NINE) == 1
        assert work.hold("ns", kept(2).digest, "a stranger", "", NINE) == 2
    first, second = store.held("ns")
    assert (first.number, first.reason, first.state) == (1, "two disputes fit \ufffd", HeldState.WAITING)
    assert store.unread("ns", 9) == []
    assert store.messages_between("ns", NINE, NINE + 9 * MINUTE) == {"held": 2}

    store.take_up("ns", first.digest)
    released = store.release("ns", 1, "bm@partnership.example", "it is ours", NINE + MINUTE)
    assert (released.state, released.by, released.settled) == ("released", "bm@partnership.example", NINE + MINUTE)
    (again,) = store.unread("ns", 9)
    assert (again.digest, again.released, again.attempts) == (first.digest, "bm@partnership.example", 0)
    store.dismiss("ns", second.number, "bm@partnership.example", "an advertisement", NINE)
    assert store.held("ns") == []
    for number in (1, 2, 3):
        with pytest.raises(NotHeld, match=f"nothing is waiting under number {number}"):
            store.release("ns", number, "bm@partnership.example", "", NINE)
    with store.transaction() as work:
        assert work.hold("ns", first.digest, "still two", "", NINE) == 3


def test_mail_is_counted_by_what_became_of_it_in_the_time_it_arrived(store: Store) -> None:
    store.keep("ns", "disputes", [kept(number) for number in range(5)])
    with store.transaction() as work:
        work.dispose("ns", kept(1).digest, "acted")
        work.dispose("ns", kept(2).digest, "automatic", "out of office")
    assert store.messages_between("ns", NINE + MINUTE, NINE + 4 * MINUTE) == {"acted": 1, "automatic": 1, "": 1}


def test_a_digest_is_marked_once_for_its_period(store: Store) -> None:
    with store.transaction() as work:
        marks = [("weekly", "2026-W10"), ("weekly", "2026-W10"), ("weekly", "2026-W11"), ("meeting", "2026-W10")]
        assert [work.mark_digest("ns", *mark) for mark in marks] == [True, False, True, True]


def test_a_message_id_stays_with_the_dispute_it_was_first_bound_to(store: Store) -> None:
    endless = "<" + "a" * 5000 + "@x.example>"
    with store.transaction() as work:
        assert work.know_id("ns", "<1@bot.example>", "NS-26-0001", ours=True, recipient="anna@council.example")
        assert not work.know_id("ns", "<1@bot.example>", "NS-26-0002", ours=False)
        assert work.know_id("ns", endless, "NS-26-0003", ours=False)
    found = store.by_message_id("ns", ["<1@bot.example>", endless, "<2@x.example>"])
    assert {key: known.reference for key, known in found.items()} == {
        "<1@bot.example>": "NS-26-0001",
        endless: "NS-26-0003",
    }
    assert found["<1@bot.example>"].recipient == "anna@council.example"
    assert store.by_message_id("gl", ["<1@bot.example>"]) == {}


def test_nobody_commits_under_a_lease_that_has_passed_on(store: Store) -> None:
    epoch = store.try_lease("ns", "inbox", "one", NINE, NINE + MINUTE)
    assert epoch == 1
    with store.transaction() as work:
        work.must_hold_lease("ns", "inbox", epoch)
    store.try_lease("ns", "inbox", "two", NINE + MINUTE, NINE + 2 * MINUTE)
    with pytest.raises(LeaseLost), store.transaction() as work:
        work.must_hold_lease("ns", "inbox", epoch)


def test_inside_a_transaction_the_store_itself_reads_and_writes_in_it(store: Store) -> None:
    """A note made while something is decided waits for nobody, and is undone with what was decided."""

    def decided_and_undone() -> None:
        with store.transaction() as work:
            reference = work.new_reference("ns", "NS", 2026)
            work.append("ns", reference, opening(reference), FROM_MAIL, NINE)
            store.note("ns", "told", NINE)
            assert store.last("ns", "told") == NINE
            assert [row.reference for row in store.dispute_rows("ns")] == [reference]
            raise RuntimeError("undo all of it")

    with pytest.raises(RuntimeError, match="all of it"):
        decided_and_undone()
    assert store.last("ns", "told") is None
    assert store.dispute_rows("ns") == []


def test_what_was_folded_in_a_transaction_that_was_undone_is_not_taken_for_what_happened(store: Store) -> None:
    reference = open_dispute(store)

    def decided_and_undone() -> None:
        with store.transaction() as work:
            work.append("ns", reference, (StageEntered(at=NINE, stage="Step 2", how="escalated"),), FROM_MAIL, NINE)
            raise RuntimeError("it never happened")

    with pytest.raises(RuntimeError, match="never"):
        decided_and_undone()
    with store.transaction() as work:
        work.append("ns", reference, (StageEntered(at=NINE, stage="Step 3", how="escalated"),), FROM_MAIL, NINE)
    found = store.dispute("ns", reference)
    assert found is not None
    assert [visit.stage for visit in found.visits] == ["Step 1", "Step 3"]


def test_letters_are_counted_by_what_caused_them(store: Store) -> None:
    with store.transaction() as work:
        for number, key in enumerate(("unknown|1", "unknown|2", "unknowns|3", "NS-26-0001:4")):
            work.put_letter(replace(letter(number), key=key))
    assert store.letters_caused("ns", "unknown", NINE) == 2
    assert store.letters_caused("ns", "unknown", NINE + MINUTE) == 0
