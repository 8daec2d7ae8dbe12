"""An agency's own month for its own lead: its own disputes, and not one of the others'."""

from dataclasses import replace
from datetime import date, timedelta

from mailbot.core.record.dispute import Dispute, State
from mailbot.core.reports.agency_counts import Counts, StageCount, agency_counts, month_counted
from tests.unit.mail.letters import letter_stories as s

HOSPITAL = "Northshire Hospital"
SEPTEMBER = date(2026, 9, 1)
HERS = s.opened()
BETWEEN_OTHERS = replace(s.opened(receiving=HOSPITAL), reference="NC-26-0013", raising=s.CARE)


def over(dispute: Dispute, reference: str) -> Dispute:
    return replace(dispute, reference=reference, state=State.CLOSED, closed=s.MONDAY + timedelta(days=1))


def counted(agency: str, *disputes: Dispute) -> Counts:
    return agency_counts(month_counted(disputes, SEPTEMBER, s.PROTOCOL, s.CALENDAR), agency, SEPTEMBER, s.PROTOCOL)


def test_what_others_have_open_and_what_they_closed_is_in_no_number_of_an_agency() -> None:
    made = counted(s.SCHOOL, HERS, BETWEEN_OTHERS, over(HERS, "NC-26-0014"), over(BETWEEN_OTHERS, "NC-26-0015"))
    assert (made.raised, made.received, made.open_now, made.closed) == (2, 0, 1, 1)
    assert made.stages[0] == StageCount("Stage 1", 2, 0)
    assert counted(HOSPITAL, HERS, over(HERS, "NC-26-0014")).is_empty


def test_whoever_both_raises_and_receives_has_both_counted() -> None:
    made = counted(s.CARE, HERS, BETWEEN_OTHERS)
    assert (made.raised, made.received, made.open_now, made.closed) == (1, 1, 2, 0)


def test_what_was_raised_in_another_month_counts_as_open_and_as_nothing_begun() -> None:
    october = date(2026, 10, 1)
    made = agency_counts(month_counted([HERS], october, s.PROTOCOL, s.CALENDAR), s.SCHOOL, october, s.PROTOCOL)
    assert (made.raised, made.open_now, made.closed) == (0, 1, 0)
