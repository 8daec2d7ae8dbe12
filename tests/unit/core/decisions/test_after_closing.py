"""After the end, rule by rule: who is reminded of what, on which morning, and what is asked when."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.after_closing import (
    AfterClosing,
    asked_whether,
    doing,
    due_after_closing,
    moments_after_closing,
    next_due_after_closing,
)
from mailbot.core.decisions.decide import decide
from mailbot.core.partnership.partnership import Request
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.events_of_mail import NoticeFailed, QuestionAsked
from mailbot.core.record.intents import Act, Action, Intent, Person
from mailbot.core.reports.digest_needs import unanswered_ends
from tests.people import ADDRESS, CSC, DIRECTORY, SCHOOL
from tests.sites import partnership_for

HERE = partnership_for("north-somerset", date(2026, 9, 7))
MONDAY = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
CLOSED = datetime(2026, 9, 9, 10, 0, tzinfo=UTC)  # Wednesday, 11:00
LATER = CLOSED + timedelta(days=2)
PEOPLE = {name: DIRECTORY.person(address) for name, address in ADDRESS.items()}


def _recorded(role: str, side: Side, who: str) -> e.PersonRecorded:
    return e.PersonRecorded(at=MONDAY, role=role, side=side, person=PEOPLE[who])


def closed_with(*actions: Action, outcome: str = "resolved", at: datetime = CLOSED) -> Dispute:
    """Agreed between line managers; the senior managers are only named for a stage that never came."""
    raising, receiving = Side.RAISING, Side.RECEIVING
    return fold(
        [
            e.DisputeOpened(
                at=MONDAY,
                reference="NS-26-0001",
                partnership="north-somerset",
                protocol="north-somerset",
                version="1",
                raised=MONDAY,
                raiser=PEOPLE["hartwell"],
                raising=SCHOOL,
                receiving=CSC,
                child="K.W.",
            ),
            _recorded("raiser", raising, "hartwell"),
            _recorded("responder", receiving, "fenn"),
            _recorded("raising_manager", raising, "oakes"),
            _recorded("responding_manager", receiving, "peake"),
            _recorded("raising_senior", raising, "lyle"),
            _recorded("responding_senior", receiving, "stroud"),
            e.StageEntered(at=MONDAY, stage="2", how="opening"),
            e.ResolutionProposed(
                at=at, stage="2", side=raising, by=PEOPLE["oakes"], agreed="as agreed", actions=actions
            ),
            e.ResolutionConfirmed(at=at, side=receiving, by=PEOPLE["peake"]),
            e.DisputeClosed(at=at, outcome=outcome, stage="2", by=PEOPLE["peake"].address),
        ]
    )


def on(day: int, month: int = 9) -> date:
    return date(2026, month, day)


def when(dispute: Dispute, what: AfterClosing) -> list[str]:
    found = [m.at for m in moments_after_closing(Case(dispute, HERE, CLOSED)) if m.what is what]
    return [f"{HERE.calendar.local(at):%a %d %b %H:%M}" for at in found]


@pytest.mark.parametrize(
    ("who", "reminded"),
    [
        ("Tobias", ["fenn"]),
        ("Tobias Fenn", ["fenn"]),
        ("Imogen", ["hartwell"]),
        ("Rosalind's", ["peake"]),
        ("CSC", ["peake"]),
        ("Social care", ["peake"]),
        ("School", ["oakes"]),
        (SCHOOL, ["oakes"]),
        ("Edmund Garth", ["peake"]),
        ("Winifred Stroud", ["peake"]),
        ("Beatrix", ["oakes"]),
        ("Sidonie Vance", ["peake"]),
        ("", ["peake"]),
        ("somebody", ["peake"]),
    ],
)
def test_whoever_is_to_do_it_is_reminded_and_nobody_who_is_not_in_it(who: str, reminded: list[str]) -> None:
    """A colleague who is only in the directory, or only named for a later stage, has their own side's manager asked."""
    action = Action("visits K", who, on(11))
    names = {person.address: name for name, person in PEOPLE.items()}
    assert [names[p.address] for p in doing(action, Case(closed_with(action), HERE, CLOSED))] == reminded


def test_a_date_is_remembered_that_morning_and_reported_on_the_next_working_one() -> None:
    dispute = closed_with(Action("visits K", "Tobias", on(11)))
    assert when(dispute, AfterClosing.DATE_COMES) == ["Fri 11 Sep 09:00"]
    assert when(dispute, AfterClosing.DATE_PASSED) == ["Mon 14 Sep 09:00"]


def test_a_date_on_a_saturday_is_remembered_while_somebody_is_at_work() -> None:
    dispute = closed_with(Action("visits K", "Tobias", on(12)))
    assert when(dispute, AfterClosing.DATE_COMES) == ["Fri 11 Sep 09:00"]
    assert when(dispute, AfterClosing.DATE_PASSED) == ["Mon 14 Sep 09:00"]


def test_what_was_due_before_it_closed_is_asked_after_the_morning_after() -> None:
    dispute = closed_with(Action("visits K", "Tobias", on(8)))
    assert when(dispute, AfterClosing.DATE_COMES) == []
    assert when(dispute, AfterClosing.DATE_PASSED) == ["Thu 10 Sep 09:00"]


def test_two_actions_of_one_date_are_one_moment_and_one_without_a_date_is_none() -> None:
    dispute = closed_with(Action("visits K", "Tobias", on(11)), Action("rings mum", "", on(11)), Action("reports back"))
    assert when(dispute, AfterClosing.DATE_COMES) == ["Fri 11 Sep 09:00"]


def test_nothing_is_asked_before_any_of_it_can_have_happened() -> None:
    """A truthful "not yet" would read as a no."""
    later = closed_with(Action("visits K", "Tobias", on(2, 10)))
    assert (when(later, AfterClosing.ASK), when(later, AfterClosing.ASK_AGAIN)) == (
        ["Mon 05 Oct 09:00"],
        ["Mon 19 Oct 09:00"],
    )
    far = closed_with(Action("reviews the plan", "Tobias", on(4, 12)))
    assert (when(far, AfterClosing.ASK), when(far, AfterClosing.ASK_AGAIN)) == (
        ["Mon 07 Dec 09:00"],
        ["Mon 21 Dec 09:00"],
    )
    some = closed_with(Action("visits K", "Tobias", on(2, 10)), Action("reports back"))
    assert when(some, AfterClosing.ASK) == ["Wed 23 Sep 09:00"]


def test_reasons_that_were_accepted_leave_nothing_to_happen() -> None:
    here = partnership_for("gloucestershire", date(2026, 9, 7))
    dispute = closed_with(outcome="understood")
    assert dispute.proposal is not None
    understood = replace(dispute, proposal=replace(dispute.proposal, outcome="understood"))
    assert next_due_after_closing(Case(understood, here, CLOSED)) is None


def test_each_moment_happens_once_however_often_it_is_looked_at() -> None:
    dispute = closed_with(Action("visits K", "Tobias", on(11)))
    now, seen = CLOSED, []
    while (soonest := next_due_after_closing(Case(dispute, HERE, now))) is not None:
        now = max(now, soonest)
        made = due_after_closing(Case(dispute, HERE, now))
        assert made, "what wakes us is acted on"
        for event in made:
            dispute = dispute.after(event)
        seen += [f"{HERE.calendar.local(now):%d %b} {type(event).__name__}" for event in made]
        assert due_after_closing(Case(dispute, HERE, now)) == ()
    assert seen == [
        "11 Sep ActionsReminded",
        "14 Sep ActionsUnreported",
        "23 Sep OutcomeAsked",
        "07 Oct OutcomeAsked",
    ]


def test_of_two_in_the_same_words_the_one_due_first_is_done() -> None:
    dispute = closed_with(Action("visits K", "Tobias", on(18)), Action("visits K", "Tobias", on(11)))
    said = Intent(Act.ACTION_DONE, fields={"action_done": "visits K"}, words="The visit took place.")
    (done,) = decide(Case(dispute, HERE, LATER), Request(said, PEOPLE["fenn"], LATER))
    assert [(x.by, x.done) for x in dispute.after(done).actions] == [(on(18), False), (on(11), True)]


def test_which_one_is_asked_when_two_are_meant_equally() -> None:
    dispute = closed_with(Action("visits K at home", "Tobias", on(11)), Action("visits K at school", "Tobias", on(18)))
    said = Intent(Act.ACTION_DONE, words="DONE the visits")
    (asked,) = decide(Case(dispute, HERE, LATER), Request(said, PEOPLE["fenn"], LATER))
    assert isinstance(asked, QuestionAsked)
    assert "visits K at home (Tobias); visits K at school (Tobias)" in asked.question


def test_the_raising_manager_answers_for_a_raiser_whose_letters_come_back() -> None:
    dispute = closed_with(Action("visits K", "Tobias", on(11)))
    assert asked_whether(Case(dispute, HERE, CLOSED)) == [PEOPLE["hartwell"]]
    gone = dispute.after(NoticeFailed(at=CLOSED, address=PEOPLE["hartwell"].address, letter="closed"))
    assert asked_whether(Case(gone, HERE, CLOSED)) == [PEOPLE["oakes"]]


@pytest.mark.parametrize(("who", "answers"), [("hartwell", True), ("oakes", False), ("peake", False)])
def test_done_is_the_answer_when_whoever_raised_it_says_so_of_the_last_thing(who: str, answers: bool) -> None:
    dispute = closed_with(Action("visits K", "Tobias", on(11))).after(e.OutcomeAsked(at=CLOSED, keys=("10",)))
    said = Request(Intent(Act.ACTION_DONE, words="Done."), PEOPLE[who], CLOSED + timedelta(days=15))
    made = decide(Case(dispute, HERE, said.at), said)
    assert [type(event).__name__ for event in made] == ["ActionReported", *(["OutcomeReported"] if answers else [])]


def test_silence_is_a_line_in_the_digest_until_somebody_answers() -> None:
    dispute = closed_with(Action("visits K", "Tobias", on(11)))
    asked = dispute.after(e.OutcomeAsked(at=datetime(2026, 10, 7, 8, tzinfo=UTC), keys=("20",), last=True))
    monday = datetime(2026, 10, 12, 7, tzinfo=UTC)
    assert unanswered_ends([asked], HERE.calendar, monday - timedelta(days=4)) == (), "they have a few days"
    assert [row.reference for row in unanswered_ends([asked], HERE.calendar, monday)] == ["NS-26-0001"]
    office = Person("business.manager@nsscp.example")
    yes = Request(Intent(Act.HAPPENED, words="I rang: it happened."), office, monday)
    for event in decide(Case(asked, HERE, yes.at), yes):
        asked = asked.after(event)
    assert unanswered_ends([asked], HERE.calendar, monday) == ()


def test_what_was_done_before_it_was_confirmed_is_not_chased_after_it() -> None:
    dispute = closed_with(Action("visits K", "Tobias", on(11)))
    before, ends = fold(dispute.history[:-2]), dispute.history[-2:]
    assert before.proposal is not None
    said = Request(Intent(Act.ACTION_DONE, words="Done."), PEOPLE["fenn"], CLOSED)
    for event in (*decide(Case(before, HERE, said.at), said), *ends):
        before = before.after(event)
    assert before.actions == (Action("visits K", "Tobias", on(11), done=True),)
    assert (when(before, AfterClosing.DATE_COMES), when(before, AfterClosing.ASK)) == ([], ["Wed 23 Sep 09:00"])


def test_what_was_agreed_before_it_was_opened_again_is_not_chased_once_it_is_withdrawn() -> None:
    dispute = closed_with(Action("visits K", "Tobias", on(18)))
    later = CLOSED + timedelta(days=1)
    for event in (
        e.DisputeReopened(at=later, by=PEOPLE["hartwell"]),
        e.DisputeClosed(at=later + timedelta(hours=1), outcome="withdrawn", stage="2"),
    ):
        dispute = dispute.after(event)
    assert next_due_after_closing(Case(dispute, HERE, later)) is None


def test_a_proposal_nobody_confirmed_leaves_no_actions_when_it_is_withdrawn() -> None:
    dispute = closed_with(Action("visits K", "Tobias", on(11)), outcome="withdrawn")
    assert dispute.actions == ()
    assert next_due_after_closing(Case(dispute, HERE, CLOSED)) is None


def test_where_the_question_whether_it_happened_will_not_come_feedback_is_asked_by_a_letter_of_its_own() -> None:
    """NS-10: two working days after whatever was written last. It is asked once, and of whoever raised it."""
    settled = closed_with().after(e.OutcomeReported(at=LATER, by=PEOPLE["hartwell"], happened=True, words="Yes."))
    assert when(settled, AfterClosing.ASK) == []
    asked_on = when(settled, AfterClosing.FEEDBACK)
    assert asked_on == ["Fri 11 Sep 09:00"]
    made = due_after_closing(Case(settled, HERE, LATER + timedelta(days=30)))
    (feedback,) = [one for one in made if isinstance(one, e.FeedbackAsked)]
    assert [one.name for one in feedback.of] == ["Imogen Hartwell"]
    assert when(settled.after(feedback), AfterClosing.FEEDBACK) == []
