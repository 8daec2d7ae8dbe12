"""What is decided on one intent, asked of the rules alone: no store, no mail, a dispute that is a list of events."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.decide import AFTER_CLOSING, decide
from mailbot.core.partnership.partnership import Request
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.events_of_mail import QuestionAsked, RequestRefused
from mailbot.core.record.intents import Act, Action, Intent, Proof, Sure
from tests.people import ADDRESS, CSC, DIRECTORY, NHS, SCHOOL
from tests.sites import partnership_for

NINE = datetime(2026, 9, 9, 9, 0, tzinfo=UTC)
HERE = partnership_for("north-somerset", NINE.date())
PEOPLE = (
    ("raiser", Side.RAISING, "hartwell"), ("responder", Side.RECEIVING, "fenn"),
    ("raising_manager", Side.RAISING, "oakes"), ("responding_manager", Side.RECEIVING, "peake"),
    ("raising_senior", Side.RAISING, "lyle"), ("responding_senior", Side.RECEIVING, "stroud"),
)  # fmt: skip
AGREED = {"agreed_outcome": "They visit K by 30 September."}
VISIT = (Action("They visit K", "", date(2026, 9, 30)),)


def raised(*more: e.Event, also: tuple[str, ...] = ()) -> Dispute:
    opened = e.DisputeOpened(
        at=NINE, reference="NS-26-0001", partnership=HERE.id, protocol=HERE.protocol.id, version=HERE.protocol.version,
        raised=NINE, raiser=DIRECTORY.person(ADDRESS["hartwell"]), raising=SCHOOL, receiving=CSC, also_receiving=also,
        child="K.W.",
    )  # fmt: skip
    named = [e.PersonRecorded(at=NINE, role=r, side=s, person=DIRECTORY.person(ADDRESS[who])) for r, s, who in PEOPLE]
    return fold([opened, *named, entered("1", "opening"), *more])


def entered(stage: str, how: str = "asked", at: datetime = NINE) -> e.StageEntered:
    return e.StageEntered(at=at, stage=stage, how=how)


def closed(outcome: str, stage: str) -> e.DisputeClosed:
    return e.DisputeClosed(at=NINE, outcome=outcome, stage=stage, by=ADDRESS["oakes"], words="")


def asked(
    dispute: Dispute, who: str, act: Act, at: datetime = NINE, sure: Sure = Sure.SURE, **given: object
) -> list[e.Event]:
    """The events that this person's asking for this act comes to; ``given`` are the intent's own."""
    intent = Intent(act, sure, **given)  # type: ignore[arg-type]
    return list(
        decide(Case(dispute, HERE, at), Request(intent, DIRECTORY.person(ADDRESS[who]), at, proof=Proof.PROVEN))
    )


@pytest.mark.parametrize("act", sorted(set(Act)))
def test_an_unsure_reading_of_anything_changes_nothing_and_asks_its_writer(act: Act) -> None:
    made = asked(raised(entered("2")), "oakes", act, sure=Sure.UNSURE, question="Did you mean that?", words="Hm.")
    assert [(type(one), one.of.name) for one in made if isinstance(one, QuestionAsked)] == [
        (QuestionAsked, "Desmond Oakes")
    ]
    assert len(made) == 1


@pytest.mark.parametrize("act", sorted(set(Act) - AFTER_CLOSING))
def test_a_closed_dispute_takes_no_command_and_says_how_it_is_opened_again(act: Act) -> None:
    (made,) = asked(raised(entered("2"), closed("resolved", "2")), "oakes", act, words="At once.", fields=AGREED)
    assert isinstance(made, RequestRefused)
    assert made.why == "NS-26-0001 is closed. If it must be looked at again, reply REOPEN and say why"


FRIDAY, MONDAY = NINE + timedelta(days=2), NINE + timedelta(days=5)


@pytest.mark.parametrize(
    ("how", "moved", "said", "stage"),
    [
        ("limit", FRIDAY, date(2026, 9, 11), "2"),  # the very day on which it moved by itself
        ("limit", FRIDAY, date(2026, 9, 10), "2"),
        ("limit", FRIDAY, date(2026, 9, 12), "3"),
        ("limit", FRIDAY, None, "3"),
        ("asked", FRIDAY, date(2026, 9, 11), "3"),  # somebody asked for that, and they spoke there the same day
        ("asked", FRIDAY, date(2026, 9, 9), "2"),
        ("limit", FRIDAY, date(2026, 9, 1), "2"),  # before it was raised here at all
    ],
)
def test_what_was_resolved_before_it_moved_by_itself_is_resolved_at_the_stage_before(
    how: str, moved: datetime, said: date | None, stage: str
) -> None:
    """A6.11: a move by the limit is put right by saying when it was really settled."""
    there = raised(entered("2"), entered("3", how, moved))
    made = asked(there, "lyle", Act.PROPOSE_RESOLUTION, MONDAY, fields=AGREED, on=said, actions=VISIT)
    assert [one.stage for one in made if isinstance(one, e.ResolutionProposed)] == [stage]


def test_it_is_withdrawn_with_a_reason_or_not_at_all() -> None:
    (question,) = asked(raised(), "hartwell", Act.WITHDRAW)
    assert isinstance(question, QuestionAsked)
    assert question.topic == "reason"
    made = asked(raised(), "hartwell", Act.WITHDRAW, words="The assessment goes on.")
    assert [type(one) for one in made] == [e.StageEnded, e.DisputeClosed]


@pytest.mark.parametrize(
    ("outcome", "stage", "opens"),
    [("decided", "4", False), ("resolved", "4", True), ("withdrawn", "4", True), ("resolved", "2", True)],
)
def test_a_decision_that_is_final_for_everybody_is_not_opened_again(outcome: str, stage: str, opens: bool) -> None:
    """NS-24: "final and binding"; what the two sides agreed between them at the same stage is not."""
    made = asked(raised(entered(stage), closed(outcome, stage)), "hartwell", Act.REOPEN, words="No visit was made.")
    assert [type(one) for one in made] == [e.DisputeReopened if opens else RequestRefused]


def test_a_date_holds_when_every_agency_has_agreed_to_it_and_not_before() -> None:
    nurse, manager = (DIRECTORY.person(ADDRESS[who]) for who in ("reed", "vance"))
    both = raised(
        e.PersonRecorded(at=NINE, role="responder", side=Side.RECEIVING, person=nurse),
        e.PersonRecorded(at=NINE, role="responding_manager", side=Side.RECEIVING, person=manager),
        entered("2"),
        also=(NHS,),
    )
    (put,) = asked(both, "oakes", Act.PROPOSE_DATE, on=date(2026, 9, 10))
    assert isinstance(put, e.DateProposed)
    (first,) = asked(both.after(put), "peake", Act.ACCEPT_DATE)
    assert isinstance(first, e.DateAccepted)
    (second,) = asked(both.after(put).after(first), "vance", Act.ACCEPT_DATE)
    assert isinstance(second, e.DateAgreed)


def test_a_side_does_not_confirm_what_it_reported_itself_whoever_of_it_says_so() -> None:
    (reported,) = asked(raised(entered("2")), "peake", Act.PROPOSE_RESOLUTION, fields=AGREED, actions=VISIT)
    waiting = raised(entered("2"), reported)
    for who in ("peake", "fenn", "stroud"):
        (refused,) = asked(waiting, who, Act.CONFIRM_RESOLUTION)
        assert isinstance(refused, RequestRefused), who
    made = asked(waiting, "oakes", Act.CONFIRM_RESOLUTION)
    assert [type(one) for one in made] == [e.ResolutionConfirmed, e.StageEnded, e.DisputeClosed]
