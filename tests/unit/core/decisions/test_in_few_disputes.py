"""What is decided in few disputes, asked of the rules alone: nobody's story comes by here."""

from datetime import date, timedelta
from typing import Any

import pytest

from mailbot.core.clocks.case import Case
from mailbot.core.clocks.silence import MORNING_CHASE
from mailbot.core.decisions.due import due, moments
from mailbot.core.decisions.people.further_agencies import leave
from mailbot.core.decisions.people.joining_and_leaving import add
from mailbot.core.decisions.people.roles import stays_beside
from mailbot.core.decisions.people.who_is_there import deputies
from mailbot.core.partnership.partnership import Request
from mailbot.core.procedure.closed_lists import AtLimit, Side
from mailbot.core.record import events as e
from mailbot.core.record.events_of_mail import AbsenceNoticed, QuestionAsked
from mailbot.core.record.intents import Act, Intent, Person, Proof, Sure
from tests.people import ADDRESS, CSC, DIRECTORY, NHS
from tests.unit.core.decisions.test_decide import HERE, NINE, asked, closed, entered, raised
from tests.unit.core.decisions.test_due import with_limit
from tests.unit.core.decisions.test_who_is_left import in_it

DAY = timedelta(days=1)


def known(who: str) -> Person:
    return DIRECTORY.person(ADDRESS[who])


def requested(who: str, act: Act, sure: Sure = Sure.SURE, **given: Any) -> Request:
    return Request(Intent(act, sure, **given), known(who), NINE, proof=Proof.PROVEN)


def told(made: list[e.Event]) -> list[tuple[str, str]]:
    """Of each event its name, and whom it refuses or asks."""
    people = (getattr(one, "by", None) or getattr(one, "of", None) for one in made)
    return [(type(one).__name__, getattr(who, "name", "")) for one, who in zip(made, people, strict=True)]


def test_a_final_decision_is_not_asked_about_where_the_side_it_went_against_would_open_it_again() -> None:
    decided = raised(entered("4"), closed("decided", "4"))
    made = asked(decided, "fenn", Act.REOPEN, words="REOPEN it was never done")
    assert told(made) == [("RequestRefused", "Tobias Fenn")]
    made = asked(decided, "fenn", Act.NOT_HAPPENED, words="NOT HAPPENED it was never done")
    assert told(made) == [("RequestRefused", "Tobias Fenn"), ("QuestionAsked", "Imogen Hartwell")]


def test_no_date_is_agreed_for_a_day_whose_working_hours_are_over() -> None:
    (refused,) = asked(raised(entered("2")), "oakes", Act.PROPOSE_DATE, at=NINE + timedelta(hours=9), on=NINE.date())
    assert isinstance(refused, e.DateRefused)
    assert refused.why == "the working hours of Wednesday 9 September 2026 are over"


def test_reminding_that_would_come_while_a_claim_holds_the_move_comes_the_morning_after_it() -> None:
    here = with_limit(AtLimit.ASK)
    silent = raised(entered("2"))
    (passed,) = [
        one for one in due(Case(silent, here, NINE + 3 * DAY)) if isinstance(one, e.LimitPassed) and one.clock == "s2"
    ]
    assert passed.then is AtLimit.ASK
    claimed = e.ResolutionProposed(
        at=NINE + 3 * DAY, stage="2", side=Side.RAISING, by=known("oakes"), agreed="They visit K."
    )
    waiting = Case(raised(entered("2"), passed, claimed), here, NINE + 3 * DAY)
    reminded = [one.at for one in moments(waiting) if MORNING_CHASE in one.key]
    assert [f"{here.calendar.local(at):%a %d %b %H:%M}" for at in reminded] == ["Wed 16 Sep 09:00"]


@pytest.mark.parametrize(
    ("who", "sure", "comes_of_it"),
    [
        ("hartwell", Sure.SURE, [("AgencyLeft", "")]),
        ("hartwell", Sure.PROBABLE, [("QuestionAsked", "Imogen Hartwell")]),
        ("fenn", Sure.SURE, [("RequestRefused", "Tobias Fenn"), ("QuestionAsked", "Desmond Oakes")]),
        ("reed", Sure.SURE, [("RequestRefused", "Octavian Reed")]),
    ],
)
def test_with_which_agencies_it_is_is_its_raisers_to_say(
    who: str, sure: Sure, comes_of_it: list[tuple[str, str]]
) -> None:
    both = Case(raised(entered("2"), also=(NHS,)), HERE, NINE)
    assert told(leave(both, requested(who, Act.CORRECT, sure, words="It is not theirs."), [NHS])) == comes_of_it


def test_the_last_agency_is_not_taken_out_of_it_by_anybody() -> None:
    alone = Case(raised(entered("2")), HERE, NINE)
    (question,) = leave(alone, requested("hartwell", Act.CORRECT, words="It is not theirs."), [CSC])
    assert isinstance(question, QuestionAsked)
    assert "It is with nobody else, so nothing was changed" in question.question


def test_a_deputy_who_is_away_as_well_or_in_it_already_is_not_brought_in() -> None:
    def away(*names: str) -> list[e.Event]:
        return [AbsenceNoticed(at=NINE, person=known(name), until=date(2026, 9, 30)) for name in names]

    def brought_in(*more: e.Event) -> list[str]:
        return [one.person.name for one in deputies(Case(raised(entered("2"), *more), HERE, NINE), NINE)]

    there = e.PersonRecorded(at=NINE, role="responding_manager", side=Side.RECEIVING, person=known("garth"))
    assert brought_in(*away("peake")) == ["Edmund Garth"]
    assert brought_in(*away("peake", "garth")) == []
    assert brought_in(there, *away("peake")) == []


def test_whoever_says_who_raises_it_and_never_had_it_in_their_own_name_stays_what_they_were() -> None:
    here = Case(raised(entered("2")), HERE, NINE)
    assert stays_beside(here, known("oakes"), NINE) == []
    (stays,) = stays_beside(here, known("hartwell"), NINE)
    assert (stays.role, stays.person.name) == ("supporter", "Imogen Hartwell")


def test_a_reviewing_officer_beside_the_one_there_is_is_the_raising_sides_to_add() -> None:
    people = (("raiser", Side.RAISING, "hartwell"), ("responder", Side.RECEIVING, "fenn"), ("iro", Side.OTHER, "vance"))
    there = (e.PersonRecorded(at=NINE, role=role, side=side, person=known(who)) for role, side, who in people)
    here = in_it("gloucestershire", *there, stage="1")

    def added(who: str) -> list[e.Event]:
        return add(here, requested(who, Act.ADD_PERSON, person=known("reed"), fields={"role": "iro"}))

    assert told(added("fenn")) == [("RequestRefused", "Tobias Fenn")]
    (recorded,) = added("hartwell")
    assert isinstance(recorded, e.PersonRecorded)
    assert (recorded.role, recorded.side, recorded.person) == ("iro", Side.OTHER, known("reed"))
