"""The card of a dispute, at every stage of every procedure: fit for a list of subjects, and as careful as a letter."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from mailbot.core.clocks.case import Case
from mailbot.core.clocks.limits import stage_limit
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import DateProposed, StageEntered
from mailbot.core.record.events_of_mail import RiskReported
from mailbot.mail.letters.overview_card import Card, card, true_until
from mailbot.mail.letters.render import template_faults
from mailbot.turns.overview_card import CARD
from tests.sites import LETTERS, ROOT, partnership_for
from tests.unit.mail.letters.letter_stories import (
    AT,
    BARNABY,
    CALENDAR,
    DIRECTORY,
    ENTERED_2,
    EVADNE,
    MONDAY,
    PASSED_1,
    PROPOSED,
    PROTOCOL,
    THURSDAY,
    later,
    opened,
)

HERE = Partnership("northshire", PROTOCOL, CALENDAR, DIRECTORY)
PROTOCOLS = [*(path.stem for path in sorted((ROOT / "config/protocols").glob("*.toml"))), "forth-adults"]


def made(dispute: Dispute, now: datetime, partnership: Partnership = HERE) -> Card:
    return card(Case(dispute, partnership, now))


def subject(dispute: Dispute, now: datetime) -> str:
    return LETTERS.render(CARD, made(dispute, now)).subject


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("later_by", [timedelta(0), timedelta(days=30)], ids=["at once", "long past"])
def test_at_every_stage_a_card_keeps_to_what_every_letter_keeps_to(protocol: str, later_by: timedelta) -> None:
    partnership = partnership_for(protocol, date(2026, 9, 7))
    for stage in partnership.protocol.order():
        began = opened(MONDAY)
        there = later(
            replace(began, visits=(), parties=(), fields={}), StageEntered(at=MONDAY, stage=stage, how="asked")
        )
        value = made(there, MONDAY + later_by, partnership)
        rendered = LETTERS.render(CARD, value)
        assert list(template_faults(CARD, rendered, value.risk)) == []
        assert rendered.subject.startswith(f"[NC-26-0012] {partnership.protocol.stage_name(stage)}: ")
        said = rendered.subject + rendered.text
        assert [word for word in ("Wilhelmina", "Barnaby", "Jamie", "Thornbury", "J.T.", "tired") if word in said] == []


def test_whose_turn_it_is_by_what_has_been_asked() -> None:
    two = later(opened(), PASSED_1, ENTERED_2)
    start = "[NC-26-0012] Stage 2: waiting on"
    assert subject(two, AT).startswith(f"{start} line managers, by Thu 10 Sep 17:00 (in 2 working days): ")
    said = subject(later(two, PROPOSED), THURSDAY)
    assert said.startswith(f"{start} Children's Social Care to confirm what was agreed, by Thu 10 Sep 17:00 (due today")
    asked = DateProposed(at=THURSDAY, stage="2", clock="s2", on=date(2026, 9, 18), side=Side.RECEIVING, by=EVADNE)
    said = subject(later(two, asked), THURSDAY)
    assert said.startswith(f"{start} Harbourside Primary School to answer about the date that was asked for, by")


def test_it_is_due_on_its_day_and_past_from_the_minute_of_its_limit() -> None:
    one = opened()
    told = {hour: made(one, hour) for hour in (MONDAY, AT - timedelta(minutes=1), AT, AT + timedelta(days=1))}
    assert [(t.due, t.past, t.days) for t in told.values()] == [
        (False, False, "the next working day"),
        (True, False, "due today, day 1 of 1"),
        (True, True, "earlier today"),
        (True, True, "1 working day over"),
    ]


def test_a_card_is_true_until_the_day_ends_or_its_limit_passes() -> None:
    held = stage_limit(opened(), PROTOCOL, CALENDAR)
    midnight = datetime(2026, 9, 7, 23, 0, tzinfo=UTC)  # in the United Kingdom, in summer
    assert true_until(held, CALENDAR, MONDAY) == midnight
    assert true_until(held, CALENDAR, midnight) == AT
    assert true_until(held, CALENDAR, AT) == midnight + timedelta(days=1)
    assert true_until(None, CALENDAR, MONDAY) == midnight


def test_danger_is_among_the_last_things_that_happened() -> None:
    told = made(later(opened(), RiskReported(at=AT, by=BARNABY)), AT)
    assert told.lately[0] == "Tue 8 Sep 17:00: a message from Children's Social Care may mean immediate danger"


def test_two_cards_of_one_day_are_the_same() -> None:
    assert made(opened(), MONDAY) == made(opened(), MONDAY + timedelta(hours=5))


def test_every_protocol_is_looked_at() -> None:
    assert {"north-somerset", "plymouth", "sunderland"} <= set(PROTOCOLS)
    assert Path(ROOT / "tests/protocols/forth-adults.toml").is_file()
