"""What is asked where it cannot be done: of what is over, of nobody, without a date or a reason, by whoever may not.

Each is answered, with a question or the reason why not, and changes nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from mailbot.core.clocks.case import Case
from mailbot.core.decisions import after_closing, agreed_dates, resolution
from mailbot.core.decisions.decide import decide
from mailbot.core.decisions.who_may.replies_taken import without_the_refused
from mailbot.core.partnership.partnership import Request
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events_of_mail import QuestionAsked, RequestRefused
from mailbot.core.record.intents import Act, Intent, Person
from mailbot.core.record.questions_put import Put
from tests.people import ADDRESS, DIRECTORY
from tests.unit.core.decisions.test_decide import HERE, NINE, VISIT, asked, closed, entered, raised

OPEN, OVER = raised(entered("2")), raised(entered("2"), closed("resolved", "2"))
BY_PEAKE = e.ResolutionProposed(
    at=NINE, stage="2", side=Side.RECEIVING, by=DIRECTORY.person(ADDRESS["peake"]), agreed="as agreed", actions=VISIT
)
DATE_PUT = e.DateProposed(
    at=NINE, stage="2", clock="s2", on=date(2026, 9, 10), side=Side.RAISING, by=DIRECTORY.person(ADDRESS["oakes"])
)
Decision = Callable[[Case, Request], list[e.Event]]
STRANGER = Person("n.pell@larkfield.sch.example", "Nia Pell")
SUNDAY, PAST, FAR = date(2026, 9, 13), date(2026, 9, 1), date(2026, 12, 1)


@pytest.mark.parametrize(
    ("there", "who", "act", "given", "answered"),
    [
        # What is over, or not over yet
        (OPEN, "hartwell", Act.HAPPENED, {}, "NS-26-0001 is open. If it is settled, reply RESOLVED"),
        (OPEN, "hartwell", Act.NOT_HAPPENED, {}, "it is open already; what has not happened can be said there"),
        (OVER, "dunmore", Act.REOPEN, {"words": "No visit."}, "you are not recorded as a party to this dispute"),
        (
            OVER,
            "fenn",
            Act.NOT_HAPPENED,
            {"words": "No visit."},
            "is for the agency that raised it",
        ),
        # Of nobody
        (OPEN, "oakes", Act.HANDOVER, {}, "Who takes over?"),
        (
            OPEN,
            "oakes",
            Act.HANDOVER,
            {"person": Person("", "Nia Pell")},
            "What is the work email address of Nia Pell, who takes over from you?",
        ),
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
        one.why if isinstance(one, RequestRefused | e.DateRefused) else getattr(one, "question", "") for one in made
    ]
    assert {type(one) for one in made} <= {RequestRefused, QuestionAsked, e.DateRefused}
    assert answered in said[0]


def test_resolved_said_by_both_without_words_confirms_what_the_other_has_reported() -> None:
    waiting = raised(entered("2"), BY_PEAKE)
    made = asked(waiting, "oakes", Act.PROPOSE_RESOLUTION)
    assert [type(one) for one in made] == [e.ResolutionConfirmed, e.StageEnded, e.DisputeClosed]
    (again,) = asked(waiting, "fenn", Act.PROPOSE_RESOLUTION)
    assert isinstance(again, QuestionAsked)
    assert again.topic == "what was agreed"


def test_no_to_a_date_is_recorded_as_a_no() -> None:
    (no,) = asked(OPEN.after(DATE_PUT), "peake", Act.REFUSE_DATE)
    assert isinstance(no, e.DateRefused)
    assert (no.on, no.clock, no.why) == (date(2026, 9, 10), "s2", "no")


def test_the_same_date_from_the_other_side_is_a_yes() -> None:
    (agreed,) = asked(OPEN.after(DATE_PUT), "peake", Act.PROPOSE_DATE, on=date(2026, 9, 10))
    assert isinstance(agreed, e.DateAgreed)
    assert (agreed.on, agreed.by) == (date(2026, 9, 10), ADDRESS["peake"])


# What decides is asked without the judge before it as well: each looks for itself.


def directly(decides: Decision, who: str, act: Act, there: Dispute = OPEN, **given: object) -> list[e.Event]:
    request = Request(Intent(act, **given), DIRECTORY.person(ADDRESS[who]), NINE)  # type: ignore[arg-type]
    return list(decides(Case(there, HERE, NINE), request))


@pytest.mark.parametrize(
    ("decides", "who", "act", "there", "why"),
    [
        (agreed_dates.accept_date, "peake", Act.ACCEPT_DATE, OPEN, "no date from the other side is waiting"),
        (agreed_dates.accept_date, "oakes", Act.ACCEPT_DATE, OPEN.after(DATE_PUT), "no date from the other side"),
        (agreed_dates.accept_date, "dunmore", Act.ACCEPT_DATE, OPEN.after(DATE_PUT), "no date from the other side"),
        (agreed_dates.refuse_date, "peake", Act.REFUSE_DATE, OPEN, "no date is waiting for an answer"),
        (resolution.confirm_resolution, "peake", Act.CONFIRM_RESOLUTION, OPEN, "the other side confirms what one side"),
        (
            resolution.confirm_resolution,
            "fenn",
            Act.CONFIRM_RESOLUTION,
            OPEN.after(BY_PEAKE),
            "the other side confirms",
        ),
        (resolution.confirm_resolution, "dunmore", Act.CONFIRM_RESOLUTION, OPEN.after(BY_PEAKE), "the other side"),
        (resolution.reopen, "dunmore", Act.REOPEN, OVER, "you are not recorded as a party to this dispute"),
        (resolution.reopen, "oakes", Act.REOPEN, OPEN, "it is open already"),
        (after_closing.did_not_happen, "dunmore", Act.NOT_HAPPENED, OVER, "you are not recorded as a party"),
    ],
)
def test_each_decision_looks_for_itself_whether_it_can_be_made(
    decides: Decision, who: str, act: Act, there: Dispute, why: str
) -> None:
    (refused,) = directly(decides, who, act, there)
    assert isinstance(refused, RequestRefused)
    assert why in refused.why


def test_resolved_without_words_is_no_answer_to_what_has_been_put_anew_since() -> None:
    anew = replace(BY_PEAKE, agreed="on other terms")
    there = OPEN.after(BY_PEAKE).after(anew)
    first = there.history.index(BY_PEAKE)
    request = Request(Intent(Act.PROPOSE_RESOLUTION), DIRECTORY.person(ADDRESS["oakes"]), NINE, answers=Put(first))
    (asks,) = decide(Case(there, HERE, NINE), request)
    assert isinstance(asks, QuestionAsked)
    assert "What you answered has changed, so nothing was done." in asks.question


def test_the_raiser_does_not_confirm_for_their_manager() -> None:
    (refused,) = asked(OPEN.after(BY_PEAKE), "hartwell", Act.PROPOSE_RESOLUTION)
    assert isinstance(refused, RequestRefused)


def test_where_no_time_runs_no_date_is_put() -> None:
    no_clock = replace(HERE, protocol=replace(HERE.protocol, clocks={}))
    request = Request(Intent(Act.PROPOSE_DATE, on=date(2026, 9, 10)), DIRECTORY.person(ADDRESS["oakes"]), NINE)
    (refused,) = agreed_dates.propose_date(Case(OPEN, no_clock, NINE), request)
    assert isinstance(refused, RequestRefused)
    assert refused.why == "no time runs at this stage that a date could change"


def test_a_date_for_a_reply_that_nobody_owes_is_put_for_the_stage() -> None:
    (put,) = asked(OPEN, "oakes", Act.PROPOSE_DATE, on=date(2026, 9, 10), fields={"reason": "for the reply"})
    assert isinstance(put, e.DateProposed)
    assert put.clock == "s2"


def test_wrong_is_not_said_of_what_the_directory_recorded() -> None:
    listed = e.PersonRecorded(at=NINE, role="raising_senior", side=Side.RAISING, person=STRANGER, by="the directory")
    there = OPEN.after(listed)
    about = there.history.index(listed)
    request = Request(Intent(Act.UNDO), DIRECTORY.person(ADDRESS["fenn"]), NINE, answers=Put(about=about))
    (refused, *_) = decide(Case(there, HERE, NINE), request)
    assert isinstance(refused, RequestRefused)
    assert refused.why == "nothing that you sent has changed anything that could be put back"


@pytest.mark.parametrize(
    ("stage", "said"),
    [("2", "Reply RESOLVED, or ESCALATE."), ("4", "Reply RESOLVED. The procedure has nothing after Stage 4.")],
)
def test_nobody_is_offered_the_next_stage_after_the_last(stage: str, said: str) -> None:
    case = Case(raised(entered(stage)), HERE, NINE)
    assert without_the_refused("Reply RESOLVED, or ESCALATE.", DIRECTORY.person(ADDRESS["lyle"]), case) == said


def test_an_outcome_that_needs_a_date_is_asked_for_one_and_another_is_not() -> None:
    """NS-28, of the outcome that is said: "Actual date not ASAP"."""
    words = {"agreed_outcome": "They will visit."}
    (asks,) = asked(OPEN, "oakes", Act.PROPOSE_RESOLUTION, fields=words)
    assert isinstance(asks, QuestionAsked)
    assert asks.question.startswith("What will be done, by whom, and by which actual date?")
    other = asked(OPEN, "oakes", Act.PROPOSE_RESOLUTION, fields={**words, "outcome": "accepted"})
    assert any(isinstance(one, e.ResolutionProposed) for one in other)
