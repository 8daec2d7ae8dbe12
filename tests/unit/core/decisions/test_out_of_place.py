"""What is asked where it cannot be done: of what is over, of nobody, without a date or a reason, by whoever may not.

Each is answered, with a question or the reason why not, and changes nothing.
"""

from datetime import date

import pytest

from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.intents import Act, Person
from tests.people import ADDRESS, DIRECTORY
from tests.unit.core.decisions.test_decide import NINE, VISIT, asked, closed, entered, raised

OPEN, OVER = raised(entered("2")), raised(entered("2"), closed("resolved", "2"))
BY_PEAKE = e.ResolutionProposed(
    at=NINE, stage="2", side=Side.RECEIVING, by=DIRECTORY.person(ADDRESS["peake"]), agreed="as agreed", actions=VISIT
)
DATE_PUT = e.DateProposed(
    at=NINE, stage="2", clock="s2", on=date(2026, 9, 10), side=Side.RAISING, by=DIRECTORY.person(ADDRESS["oakes"])
)
STRANGER = Person("n.pell@larkfield.sch.example", "Nia Pell")
SUNDAY, PAST, FAR = date(2026, 9, 13), date(2026, 9, 1), date(2026, 12, 1)


@pytest.mark.parametrize(
    ("there", "who", "act", "given", "answered"),
    [
        # What is over, or not over yet
        (OPEN, "hartwell", Act.HAPPENED, {}, "NS-26-0001 is open. If it is settled, reply RESOLVED"),
        (OPEN, "hartwell", Act.NOT_HAPPENED, {}, "it is open already; what has not happened can be said there"),
        (OVER, "dunmore", Act.REOPEN, {"words": "No visit."}, "you are not recorded as a party to this dispute"),
        (OVER, "fenn", Act.NOT_HAPPENED, {"words": "No visit."}, "that is for the agency that raised it"),
        # Of nobody
        (OPEN, "oakes", Act.HANDOVER, {}, "Who takes over?"),
        (OPEN, "oakes", Act.HANDOVER, {"person": Person("", "Nia Pell")}, "Who takes over?"),
        (OPEN, "bm", Act.REMOVE_PERSON, {"person": STRANGER}, "nobody recorded in this dispute has that address"),
        # Without what it stands on
        (OPEN, "oakes", Act.PROPOSE_RESOLUTION, {}, "What was agreed, who will do it, and by which date?"),
        (OPEN, "bm", Act.CLOSE, {}, "CLOSE NS-26-0001 because"),
        (OPEN, "oakes", Act.PROPOSE_DATE, {}, "Which date?"),
        (OPEN, "oakes", Act.PROTECTIVE_DATE, {}, "Which date?"),
        # A date that is none
        (OPEN, "oakes", Act.PROPOSE_DATE, {"on": PAST}, "Tuesday 1 September 2026 is in the past"),
        (OPEN, "oakes", Act.PROPOSE_DATE, {"on": SUNDAY}, "Sunday 13 September 2026 is not a working day"),
        (OPEN, "oakes", Act.PROTECTIVE_DATE, {"on": PAST}, "if a child needs something now, do not wait"),
        # Of what nobody has put
        (OPEN, "peake", Act.ACCEPT_DATE, {}, "date"),
        (OPEN, "peake", Act.REFUSE_DATE, {}, "date"),
        (OPEN, "peake", Act.CONFIRM_RESOLUTION, {}, ""),
        (OPEN.after(DATE_PUT), "oakes", Act.ACCEPT_DATE, {}, "date"),
    ],
)
def test_what_is_asked_out_of_place_is_answered_and_changes_nothing(
    there: Dispute, who: str, act: Act, given: dict[str, object], answered: str
) -> None:
    made = asked(there, who, act, **given)
    said = [
        one.why if isinstance(one, e.RequestRefused | e.DateRefused) else getattr(one, "question", "") for one in made
    ]
    assert {type(one) for one in made} <= {e.RequestRefused, e.QuestionAsked, e.DateRefused}
    assert answered in said[0]


def test_resolved_said_by_both_without_words_confirms_what_the_other_has_reported() -> None:
    waiting = raised(entered("2"), BY_PEAKE)
    made = asked(waiting, "oakes", Act.PROPOSE_RESOLUTION)
    assert [type(one) for one in made] == [e.ResolutionConfirmed, e.StageEnded, e.DisputeClosed]
    (again,) = asked(waiting, "fenn", Act.PROPOSE_RESOLUTION)
    assert isinstance(again, e.QuestionAsked)
    assert again.topic == "what was agreed"


def test_no_to_a_date_is_recorded_as_a_no() -> None:
    (no,) = asked(OPEN.after(DATE_PUT), "peake", Act.REFUSE_DATE)
    assert isinstance(no, e.DateRefused)
    assert (no.on, no.clock, no.why) == (date(2026, 9, 10), "s2", "no")


def test_the_same_date_from_the_other_side_is_a_yes() -> None:
    (agreed,) = asked(OPEN.after(DATE_PUT), "peake", Act.PROPOSE_DATE, on=date(2026, 9, 10))
    assert isinstance(agreed, e.DateAgreed)
    assert (agreed.on, agreed.by) == (date(2026, 9, 10), ADDRESS["peake"])
