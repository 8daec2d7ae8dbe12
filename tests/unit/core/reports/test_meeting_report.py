"""The report for a meeting: of its period alone, counted as a clerk would, and with nobody in it to be found.

Six invented histories in an ordinary run, two hundred in a campaign.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

import pytest

from mailbot.core.clocks.limits import Limit, stage_limit
from mailbot.core.partnership.directory import Agency, Directory
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.events_of_mail import FeedbackGiven
from mailbot.core.record.intents import Person
from mailbot.core.reports.measures import days_open
from mailbot.core.reports.meeting_report import Report, _laid_out, period_before, period_of, report
from mailbot.core.reports.portions import added_up, finished
from mailbot.core.reports.report_counted import ReportAsked, report_counted
from mailbot.core.reports.small_numbers import Grid
from tests.people import CSC, NHS, SCHOOL
from tests.sites import partnership_for
from tests.thorough import many
from tests.unit.core.reports.histories import History, history

SEEDS = range(many(6, 200))
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))


def _asked(partnership: Partnership, days: tuple[date, date], full: bool = False) -> ReportAsked:
    def limit_of(dispute: Dispute) -> Limit | None:
        return stage_limit(dispute, partnership.protocol, partnership.calendar) if dispute.is_open else None

    now, past = (period_of(*of, partnership.calendar) for of in (days, period_before(*days)))
    return ReportAsked(partnership, limit_of, now, past, full)


def _of(disputes: Sequence[Dispute], partnership: Partnership, full: bool = False) -> Report:
    asked = _asked(partnership, OCTOBER, full)
    return report(report_counted(disputes, asked), asked, OCTOBER)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_report_says_what_a_clerk_counts_from_the_ledger(seed: int) -> None:
    """Raised and closed, who with whom, by hand from the entries: told by the events' own words, nothing folded."""
    told = history(seed)
    made = _of(told.disputes, told.partnership, full=True)
    raised, pairs, closed = 0, Counter[tuple[str, str]](), 0
    for entries in told.entries:
        opened = entries[0].event
        assert isinstance(opened, e.DisputeOpened)
        if opened.raised.astimezone(told.partnership.calendar.zone).strftime("%Y-%m") == "2026-10":
            raised += 1
            pairs[opened.raising, opened.receiving] += 1
        gone = {
            place
            for entry in entries
            for place in getattr(entry.event, "places", ())
            if _month(entry.event.at, told) <= "2026-10"
        }
        last = [
            entry.event
            for place, entry in enumerate(entries)
            if place not in gone
            and isinstance(entry.event, e.DisputeClosed | e.DisputeReopened)
            and _month(entry.event.at, told) <= "2026-10"
        ][-1:]
        closed += any(
            isinstance(one, e.DisputeClosed) and one.outcome != "withdrawn" and _month(one.at, told) == "2026-10"
            for one in last
        )
    shown = {line.label: line.now for line in made.lines}
    assert (shown["Raised"], shown["Closed with an outcome"]) == (str(raised), str(closed))
    cells = {(row[0], made.matrix.head[n]): row[n] for row in made.matrix.rows for n in range(1, len(row))}
    for (raising, receiving), number in pairs.items():
        assert cells[raising, receiving] == str(number)
    assert not made.matrix.rows or cells["Total", "Total"] == str(raised)


def _month(at: datetime, told: History) -> str:
    return at.astimezone(told.partnership.calendar.zone).strftime("%Y-%m")


def test_a_report_of_a_past_period_is_not_changed_by_what_came_after() -> None:
    told = history(3)
    cut = datetime(2026, 11, 1, tzinfo=UTC)
    then = tuple(
        fold(event for event in dispute.history if event.at < cut and not isinstance(event, e.MisreadUndone))
        for dispute in told.disputes
        if dispute.opened < cut and not any(isinstance(one, e.MisreadUndone) for one in dispute.history)
    )
    whole = tuple(d for d in told.disputes if any(d.reference == other.reference for other in then))
    assert _of(then, told.partnership) == _of(whole, told.partnership)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("full", [False, True])
def test_a_report_is_the_same_whether_its_disputes_are_counted_together_or_in_portions(seed: int, full: bool) -> None:
    told = history(seed)
    asked = _asked(told.partnership, OCTOBER, full)
    portions = [[dispute] for dispute in told.disputes]
    counted = finished(added_up(portions, lambda disputes: report_counted(disputes, asked)))
    assert report(counted, asked, OCTOBER) == _of(told.disputes, told.partnership, full)


def test_whole_months_are_compared_with_as_many_whole_months() -> None:
    assert period_before(date(2026, 7, 1), date(2026, 9, 30)) == (date(2026, 4, 1), date(2026, 6, 30))
    assert period_before(date(2026, 1, 1), date(2026, 1, 31)) == (date(2025, 12, 1), date(2025, 12, 31))
    assert period_before(date(2026, 9, 8), date(2026, 9, 14)) == (date(2026, 9, 1), date(2026, 9, 7))


AT = datetime(2026, 10, 5, 9, tzinfo=UTC)
RAISER = Person("z.canarya@larkfield.sch.example", "Zelda Canarya", SCHOOL)
OTHER = Person("q.canaryb@seamoor.example", "Quentin Canaryb", CSC)
SECRET = ("Canarya", "Canaryb", "Zelda", "Quentin", "Canaryc", "Wrenfield", "K.W.", "NS-26-", "canary-case", "@")


@cache
def _partnership() -> Partnership:
    return partnership_for("north-somerset", AT.date())


def _canaries(number: int) -> Dispute:
    """A dispute with somebody's name in every box that a report might show."""
    opened = e.DisputeOpened(
        at=AT,
        reference=f"NS-26-{number:04}",
        partnership="x",
        protocol="north-somerset",
        version=_partnership().protocol.version,
        raised=AT,
        raiser=RAISER,
        raising=SCHOOL,
        receiving=CSC,
        child="Canaryc Wrenfield",
    )
    said = {
        "issue": "canary-case: the bruise",
        "impact": "canary-case",
        "category": "canary-case of Zelda",
        "level_of_need": "canary-case of Canaryc, who is six and lives with her aunt",
        "child_ref": "NS-26-4471",
        "learning": "Zelda Canarya and q.canaryb@seamoor.example should ring K.W.'s aunt, Wrenfield said.",
    }
    fields = [e.FieldRecorded(at=AT, key=key, value=value, by=RAISER.address) for key, value in said.items()]
    return fold(
        [
            opened,
            e.PersonRecorded(at=AT, role="raiser", side=Side.RAISING, person=RAISER),
            e.PersonRecorded(at=AT, role="responder", side=Side.RECEIVING, person=OTHER),
            *fields,
            e.StageEntered(at=AT, stage="1", how="opening"),
            e.StageEnded(at=AT, stage="1", how="moved up"),
            e.StageEntered(at=AT, stage="4", how="referred"),
            e.StageEnded(at=AT, stage="4", how="closed"),
            e.DisputeClosed(at=AT, outcome="resolved", stage="4", by=RAISER.address, words="canary-case"),
            FeedbackGiven(at=AT, by=RAISER, helpful=4, idea="Quentin Canaryb must answer Zelda about K.W."),
        ]
    )


def test_the_copy_for_the_meeting_has_nobody_in_it() -> None:
    disputes = tuple(_canaries(number) for number in range(1, 7))
    made = _of(disputes, _partnership())
    words = repr(replace(made, risk=""))
    assert [secret for secret in SECRET if secret in words] == []
    assert SCHOOL not in words, "single schools are in the Business Manager's own copy alone"
    assert made.cases[0].words == (
        "It went from Stage 1 to Stage 4. Outcome, at Stage 4: resolved by agreement, after 0 working days. Learning: "
        "… and … should ring …'s aunt, … said."
    )
    assert len(made.cases) == 6


def test_the_full_copy_says_which() -> None:
    made = _of((_canaries(1),), _partnership(), full=True)
    assert made.references[0] == "Raised: NS-26-0001"
    assert made.matrix.rows == ((SCHOOL, "1", "1"), ("Total", "1", "1"))


def test_a_small_matrix_is_not_shown_and_says_why() -> None:
    directory = Directory((Agency(SCHOOL, sector="school"), Agency(CSC, partner="local authority"), Agency(NHS)))
    here = replace(_partnership(), directory=directory)
    one = _of((_canaries(1),), here).matrix
    assert one.rows == ()
    assert one.note.endswith("There are too few to show without pointing to a child.")
    six = _of(tuple(_canaries(n) for n in range(6)), here).matrix
    assert six.rows == (("Schools", "6", "6"), ("Total", "6", "6"))


def test_an_agency_of_which_nothing_is_heard_is_a_question() -> None:
    disputes = tuple(_canaries(number) for number in range(1, 7))
    made = _of(disputes, _partnership())
    assert f"{NHS}: nothing on record yet. No disagreements, or is the procedure not used?" in made.silent
    assert made.only_receiving == (CSC,)


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (date(2027, 5, 31), "nothing in six months, the last in October 2026"),
        (date(2027, 12, 31), "nothing in twelve months, the last in October 2026"),
    ],
)
def test_an_agency_of_which_nothing_is_heard_any_more_is_a_question_with_since_when(until: date, said: str) -> None:
    disputes = tuple(_canaries(number) for number in range(1, 7))
    days = (until.replace(day=1), until)
    asked = _asked(_partnership(), days)
    made = report(report_counted(disputes, asked), asked, days)
    assert f"{CSC}: {said}. No disagreements, or is the procedure not used?" in made.silent


def test_a_period_ends_after_it_begins_and_an_open_dispute_has_no_length() -> None:
    calendar = _partnership().calendar
    with pytest.raises(ValueError, match="2026-10-01 is before 2026-10-31"):
        period_of(date(2026, 10, 31), date(2026, 10, 1), calendar)
    first, *_ = _canaries(1).history
    with pytest.raises(ValueError, match="NS-26-0001 is open"):
        days_open(fold([first]), calendar)


def test_where_a_procedure_has_a_time_for_raising_it_is_said_how_many_came_after_it() -> None:
    """WO: within two working days of the decision."""
    here = partnership_for("wolverhampton", AT.date())
    late = [
        fold([replace(first, decision_on=date(2026, 9, 1)), *rest])
        for first, *rest in (_canaries(number).history for number in range(1, 7))
        if isinstance(first, e.DisputeOpened)
    ]
    made = _of(late, here)
    assert {line.label: line.now for line in made.lines}["Raised late"] == "6 of 6"


def test_a_grid_without_totals_is_laid_out_without_them() -> None:
    assert _laid_out(Grid((("–",),)), ("A",), ("B",)) == (("Raised by", "B"), (("A", "–"),))
