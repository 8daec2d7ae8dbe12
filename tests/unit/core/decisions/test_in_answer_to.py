"""An answer to what a letter put, when it is not put any more: shown again with why, and nothing done."""

from datetime import date, timedelta

import pytest

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.decide import decide
from mailbot.core.partnership.partnership import Request
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events_of_mail import QuestionAsked
from mailbot.core.record.intents import Act, Intent, Sure
from mailbot.core.record.questions_put import Put
from tests.people import ADDRESS, DIRECTORY
from tests.unit.core.decisions.test_decide import HERE, NINE, VISIT, closed, entered, raised

PEAKE, OAKES = (DIRECTORY.person(ADDRESS[who]) for who in ("peake", "oakes"))
TENTH = date(2026, 9, 10)
PUT_BY_OAKES = e.DateProposed(at=NINE, stage="2", clock="s2", on=TENTH, side=Side.RAISING, by=OAKES)
AGREED = e.DateAgreed(at=NINE, stage="2", clock="s2", on=TENTH, by=ADDRESS["peake"])
REFUSED = e.DateRefused(at=NINE, stage="2", clock="s2", on=TENTH, by=PEAKE, why="no")
RESOLVED = e.ResolutionProposed(at=NINE, stage="2", side=Side.RAISING, by=OAKES, agreed="as agreed", actions=VISIT)
OBJECTED = e.ResolutionObjected(at=NINE, side=Side.RECEIVING, by=PEAKE, words="No.")
HERE_2 = raised(entered("2"))
PLACE = len(HERE_2.history)  # of the first event after those


def asked(dispute: Dispute, act: Act, answers: Put, sure: Sure = Sure.SURE) -> QuestionAsked:
    intent = Intent(act, sure, question="Yes or no?" if sure is Sure.UNSURE else "")
    (made,) = decide(Case(dispute, HERE, NINE), Request(intent, PEAKE, NINE, answers=answers))
    assert isinstance(made, QuestionAsked)
    return made


@pytest.mark.parametrize(
    ("since", "why"),
    [
        ((REFUSED,), "Rosalind Peake did not agree to it."),
        ((AGREED,), "it was agreed."),
        ((e.MisreadUndone(at=NINE, places=(PLACE,), by=OAKES),), "Desmond Oakes took it back."),
        ((entered("3"),), "the dispute has moved since."),
    ],
)
def test_a_date_that_is_gone_is_shown_with_why(since: tuple[e.Event, ...], why: str) -> None:
    there = raised(entered("2"), PUT_BY_OAKES, *since)
    question = asked(there, Act.ACCEPT_DATE, Put(date=PLACE), Sure.UNSURE).question
    shown = "The letter you answered put this to you: “Thursday 10 September 2026”. It is not put any more: "
    assert question == f"{shown}{why} Yes or no?"


def test_a_yes_to_a_resolution_that_is_gone_closes_nothing() -> None:
    made = asked(raised(entered("2"), RESOLVED, OBJECTED), Act.CONFIRM_RESOLUTION, Put(proposal=PLACE))
    assert made.topic == "which proposal"
    assert "It is not put any more: Rosalind Peake did not agree to it. So nothing was done." in made.question


def test_what_a_letter_of_when_it_was_open_is_answered_with_is_said_of_how_it_ended() -> None:
    oakes = raised(entered("2"), RESOLVED, closed("resolved", "2"))
    intent = Intent(Act.HAPPENED)
    later = NINE + timedelta(days=10)
    (made, *_) = decide(Case(oakes, HERE, later), Request(intent, OAKES, later, answers=Put(about=PLACE)))
    assert isinstance(made, e.OutcomeReported)
    assert made.happened
