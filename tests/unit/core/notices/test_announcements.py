"""Who must be told of what, asked of the rules alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailbot.core.clocks.case import Case
from mailbot.core.notices.announcements import announce
from mailbot.core.notices.clause_notices import speaks_for
from mailbot.core.notices.notice import Notice, settle
from mailbot.core.notices.version_change import move_to_version
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.events_of_mail import NoticeFailed
from mailbot.core.record.intents import Person
from mailbot.core.record.parties import Voice
from tests.people import ADDRESS, DIRECTORY
from tests.unit.core.decisions.test_decide import HERE, NINE, VISIT, closed, entered, raised

OPEN, OVER = raised(entered("2")), raised(entered("2"), closed("resolved", "2"))


def test_of_a_letter_that_came_back_after_the_end_the_office_alone_is_told() -> None:
    failed = NoticeFailed(at=NINE, address=ADDRESS["fenn"], letter="closed", why="550 5.1.1 unknown")
    assert [(n.letter, n.to) for n in announce(failed, Case(OVER, HERE, NINE))] == [
        ("not_delivered", office) for office in HERE.office()
    ]


def test_feedback_is_asked_of_those_it_names() -> None:
    hartwell = DIRECTORY.person(ADDRESS["hartwell"])
    asked = e.FeedbackAsked(at=NINE, keys=("k",), of=(hartwell,))
    assert [(n.letter, n.to) for n in announce(asked, Case(OVER, HERE, NINE))] == [("feedback_asked", hartwell)]


@pytest.mark.parametrize(("who", "side"), [("marlow", Side.RAISING), ("garth", Side.RECEIVING), ("brook", None)])
def test_somebody_who_is_not_recorded_speaks_for_the_side_of_their_agency(who: str, side: Side | None) -> None:
    person = DIRECTORY.person(ADDRESS[who])
    found = [one for one in (Side.RAISING, Side.RECEIVING) if speaks_for(person, Voice(one, ""), OPEN)]
    assert found == ([side] if side else [])


def test_a_letter_to_nobody_is_none() -> None:
    event = e.Reminded(at=NINE, key="k", clock="s2", stage="2", limit=NINE)
    assert settle([Notice("reminder", Person("", "Only A Name"), event)]) == ()


@pytest.mark.parametrize(
    ("gone", "why"),
    [
        ("role", "somebody is recorded as Senior manager, a role version 2027 does not have"),
        ("outcome", "waits to be confirmed, an outcome version 2027 does not have"),
    ],
)
def test_a_version_that_lacks_what_the_record_names_is_not_moved_to(gone: str, why: str) -> None:
    file = HERE.protocol
    outcome = next(iter(file.outcomes)) if file.outcomes else ""
    put = e.ResolutionProposed(
        at=NINE, stage="2", side=Side.RAISING, by=DIRECTORY.person(ADDRESS["oakes"]), agreed="as agreed",
        actions=VISIT, outcome=outcome,
    )  # fmt: skip
    roles = {name: one for name, one in file.roles.items() if gone != "role" or name != "raising_senior"}
    outcomes = {name: one for name, one in file.outcomes.items() if gone != "outcome" or name != outcome}
    new = replace(HERE, protocol=replace(file, version="2027", roles=roles, outcomes=outcomes))
    moved = move_to_version(Case(OPEN.after(put), HERE, NINE + timedelta(days=1)), new, "bm", "")
    assert why in moved.refused
