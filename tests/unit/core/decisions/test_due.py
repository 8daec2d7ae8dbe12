"""What time brings where nothing else is left to move: the last stage, and those who decide."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.due import due, next_asked
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.closed_lists import AtLimit, Side
from mailbot.core.record import events as e
from tests.people import ADDRESS, DIRECTORY
from tests.unit.core.decisions.test_decide import HERE, NINE, entered, raised

MONTH = timedelta(days=30)


def with_limit(then: AtLimit) -> Partnership:
    """North Somerset, whose clocks all end so."""
    clocks = {name: replace(clock, at_limit=then) for name, clock in HERE.protocol.clocks.items()}
    return replace(HERE, protocol=replace(HERE.protocol, clocks=clocks))


@pytest.mark.parametrize(
    ("here", "stage", "then"),
    [
        (with_limit(AtLimit.MOVE_UP), "2", AtLimit.MOVE_UP),
        (with_limit(AtLimit.MOVE_UP), "3", AtLimit.ASK),  # to the partnership nobody is moved by a clock
        (with_limit(AtLimit.MOVE_UP), "4", AtLimit.FLAG),  # there is nothing after it
    ],
)
def test_a_limit_moves_nobody_past_the_last_of_the_agencies_own_stages(
    here: Partnership, stage: str, then: AtLimit
) -> None:
    passed = [one for one in due(Case(raised(entered(stage)), here, NINE + MONTH)) if isinstance(one, e.LimitPassed)]
    assert passed[0].then is then


def test_where_somebody_decides_the_two_sides_are_not_asked_at_the_last_limit() -> None:
    panel = e.PersonRecorded(at=NINE, role="dsps", side=Side.PARTNERSHIP, person=DIRECTORY.person(ADDRESS["dsps"]))
    there, here = raised(panel, entered("4")), with_limit(AtLimit.ASK)
    passed = [one for one in due(Case(there, here, NINE + MONTH)) if isinstance(one, e.LimitPassed)]
    assert {one.then for one in passed} <= {AtLimit.FLAG, AtLimit.NOTHING}


def test_what_is_asked_next_is_ahead_and_not_now() -> None:
    asked = raised(entered("3"), *due(Case(raised(entered("3")), HERE, NINE + MONTH))[:1])
    first = next_asked(Case(asked, HERE, NINE + MONTH))
    assert first is not None
    after = next_asked(Case(asked, HERE, first[1]))
    assert after is None or after[1] > first[1]
