"""What the office asks for that is done already, or of the wrong dispute: one sentence back, and nothing recorded."""

from datetime import timedelta

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.office_acts import OfficeOutcome, go_on, hold, link, move, put_back_by_office, redact
from mailbot.core.partnership.partnership import Request
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.intents import Act, Intent
from tests.people import ADDRESS, DIRECTORY
from tests.unit.core.decisions.test_decide import HERE, NINE, closed, entered, raised

OFFICE = DIRECTORY.person(ADDRESS["bm"])


def line(act: Act = Act.NOTE, words: str = "") -> Request:
    return Request(Intent(act, words=words), OFFICE, NINE)


def case(dispute: Dispute) -> Case:
    return Case(dispute, HERE, NINE)


def events_of(outcome: OfficeOutcome) -> list[e.Event]:
    return [one for _, made in outcome.events for one in made]


def test_a_move_is_held_back_once_and_only_while_it_is_open() -> None:
    open_one = raised(entered("2"))
    assert hold(case(raised(entered("2"), closed("resolved", "2"))), line()).said == (
        "NS-26-0001 is closed, so there is no move to hold back."
    )
    first = hold(case(open_one), line(words="A meeting is on Friday."))
    (held,) = events_of(first)
    assert hold(case(open_one.after(held)), line()).said == (
        "NS-26-0001 does not move by itself already; its limit goes on as ever."
    )
    assert go_on(case(open_one), line()).said == "The automatic move of NS-26-0001 is not held back."
    assert go_on(case(open_one.after(held)), line()).said == "NS-26-0001 moves by itself at its limit again."


def test_a_move_up_is_told_with_the_stage_it_is_at_now() -> None:
    late = Case(raised(entered("2")), HERE, NINE + timedelta(days=30))
    moved = move(late, Request(Intent(Act.MOVE_UP), OFFICE, late.now))
    assert not moved.done, "somebody of the raising side may still move it"
    silent = raised(entered("1"))
    at_stage_2 = move(Case(silent, HERE, NINE), Request(Intent(Act.MOVE_UP), DIRECTORY.person(ADDRESS["oakes"]), NINE))
    assert (at_stage_2.done, at_stage_2.said) == (True, "NS-26-0001 is at Stage 2 now.")


def test_a_dispute_is_linked_with_another_and_once() -> None:
    one = raised()
    assert link(one, one, line(), apart=False).said == "A line names two different disputes."


def test_a_name_is_struck_out_once() -> None:
    (hidden,) = events_of(redact(raised(), line(words="Thornbury")))
    assert redact(raised(hidden), line(words="Thornbury")).said == "That is shown as initials already."


def test_what_opened_it_is_not_put_back() -> None:
    outcome = put_back_by_office(raised(), frozenset({0}), OFFICE, line())
    assert outcome.said.startswith("It opened NS-26-0001, and letters have gone out.")
    assert events_of(outcome) == []
