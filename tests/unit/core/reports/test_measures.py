"""The measures: small numbers said as such, and every figure the same as a clerk's who counts from the ledger by hand.

Six invented histories in an ordinary run, two hundred in a campaign.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from mailbot.core.clocks.limits import Limit, stage_limit
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events_of_mail import FeedbackGiven
from mailbot.core.reports import measures as parts
from mailbot.core.reports import measures as whole
from mailbot.core.reports.digest import DigestMaterial, digest, digest_counted
from mailbot.core.reports.digest_rows import all_as_of, as_of
from mailbot.core.reports.measures import CountedBy, Share, Spread
from mailbot.core.reports.portions import added_up, finished
from tests.thorough import many
from tests.unit.core.reports.counted_by_hand import Tally, tally, weeks_before
from tests.unit.core.reports.histories import BEGIN, END, History, history
from tests.unit.mail.letters import letter_stories as s

SEEDS = range(many(6, 200))


def test_a_share_of_few_is_never_a_percentage() -> None:
    assert Share(3, 7).shown == "3 of 7"
    assert Share(0, 0).shown == "none to count"
    assert Share(3, 9).shown == "3 of 9"
    assert Share(12, 40).shown == "12 of 40 (30%)"


def test_a_spread_is_a_median_and_a_range_and_says_of_how_many() -> None:
    assert Spread((0, 2, 9)).shown == "median 2, from 0 to 9 (3 counted)"
    assert Spread((1, 2, 3, 60)).shown == "median 2.5, from 1 to 60 (4 counted)"
    assert Spread((4,)).shown == "4 (1 counted)"
    assert Spread(()).shown == "none to count"


def _limit_of(told: History) -> parts.LimitOf:
    def limit_of(dispute: Dispute) -> Limit | None:
        if not dispute.is_open:
            return None
        return stage_limit(dispute, told.partnership.protocol, told.partnership.calendar)

    return limit_of


def _measured(told: History, start: datetime, end: datetime) -> Tally:
    """The same tally by the code that the digest uses."""
    protocol, calendar, period = told.partnership.protocol, told.partnership.calendar, (start, end)
    then = all_as_of(told.disputes, end)
    visits = parts.visits_ended(then, period, _limit_of(told))
    answers = whole.first_answers(then, period, protocol, calendar)
    confirmed, put_back = whole.confirmed_in_writing(then, period), whole.reopened(then, period)
    actions, marks = whole.actions_kept(then, period, calendar), whole.feedback(then, period).marks
    return Tally(
        raised=len(whole.raised(then, period)),
        closed=Counter(whole.closing_stage(d) for d in whole.closed_with_outcome(then, period)),
        withdrawn=whole.closed_apart(then, period, whole.WITHDRAWN),
        days=list(whole.time_to_resolution(then, period, calendar).numbers),
        moves=Counter(move.how for move in parts.moves(then, period)),
        visits=len(visits),
        visits_within=sum(visit.is_within for visit in visits),
        opened=len(answers.days.numbers) + answers.waiting,
        answers=list(answers.days.numbers),
        unanswered=answers.waiting,
        confirmed=confirmed.part,
        proposed_and_closed=confirmed.whole,
        proposals=put_back.whole,
        put_back=put_back.part,
        urgent=whole.urgent_messages(then, period),
        marks=Counter({mark: number for mark, number in enumerate(marks, 1) if number}),
        actions=actions.whole,
        actions_kept=actions.part,
        open_at=Counter(d.stage for d in then if d.is_open),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_is_what_a_clerk_counts_from_the_ledger(seed: int) -> None:
    told = history(seed)
    for start, end in ((BEGIN, END), (BEGIN + timedelta(days=11), BEGIN + timedelta(days=39))):
        by_hand = tally(told.entries, start, end)
        by_hand.days.sort()
        by_hand.answers.sort()
        assert _measured(told, start, end) == by_hand


@pytest.mark.parametrize("seed", SEEDS)
def test_the_digest_of_a_week_shows_those_figures_and_is_the_same_whatever_came_after(seed: int) -> None:
    told = history(seed)
    protocol, calendar = told.partnership.protocol, told.partnership.calendar
    end = datetime(2026, 10, 26, 8, tzinfo=UTC)
    week = (weeks_before(end, 1).astimezone(UTC), end)
    counts = Counter(told.messages)
    by = CountedBy(protocol, calendar, _limit_of(told))
    received = {**counts, "received": len(told.messages)}
    material = DigestMaterial(week, (), received)
    made = digest(digest_counted(told.disputes, material, by), material, by)
    eight = tally(told.entries, weeks_before(end, 8), end)
    assert {bar.label: bar.number for bar in made.figures.stages} == {
        protocol.stage_name(stage): eight.open_at[stage] for stage in protocol.order()
    }
    assert made.open_now == sum(eight.open_at.values())
    assert [(w.raised, w.closed, w.by_limit) for w in made.figures.weeks] == [
        (one.raised, sum(one.closed.values()), one.moves["limit"])
        for n in range(8, 0, -1)
        for one in [tally(told.entries, weeks_before(end, n), weeks_before(end, n - 1), end)]
    ]
    assert [bar.number for bar in made.figures.moves] == [eight.moves[how] for how in ("limit", "asked", "referred")]
    assert made.received.total == sum(number for _, number in made.received.parts) == len(told.messages)
    assert made.received.unaccounted == 0
    known_then = all_as_of(told.disputes, end)
    assert digest(digest_counted(known_then, material, by), material, by) == made
    portions = [[dispute] for dispute in told.disputes]
    in_portions = finished(added_up(portions, lambda disputes: digest_counted(disputes, material, by)))
    assert digest(in_portions, material, by) == made


def test_one_resolution_is_put_back_once_however_often_it_is_opened_again() -> None:
    objected = e.ResolutionObjected(at=s.THURSDAY, side=Side.RECEIVING, by=s.EVADNE)
    reopened = e.DisputeReopened(at=s.THURSDAY, by=s.OCTAVIA)
    told = s.later(s.opened(), s.PASSED_1, s.ENTERED_2, s.PROPOSED, objected, s.DECIDED, reopened)
    assert whole.reopened((told,), (s.MONDAY, END)) == Share(1, 1)


def test_what_was_taken_back_is_found_by_its_place_also_where_something_before_it_has_not_happened_yet() -> None:
    """A stage is entered at its limit and recorded when that was seen: a record may be out of the order of time."""
    opened = s.opened()
    later_on = FeedbackGiven(at=s.THURSDAY, by=s.WILHELMINA, helpful=4)
    sooner = e.ProtectiveDateSet(at=s.AT, on=s.AT.date(), side=Side.RAISING, by=s.OCTAVIA)
    undone = e.MisreadUndone(at=s.AT, places=(len(opened.history) + 1,), by=s.OCTAVIA)
    told = s.later(opened, later_on, sooner, undone)
    then = as_of(told, s.AT + timedelta(hours=1))
    assert then is not None
    assert (then.protective, then.feedback) == ((), ())
    assert as_of(told, s.MONDAY) is None
