"""The measures of disputes, stages and moves: how many, how they ended, how long it took, how complete their record is,
who moved them on; and how a small number is kept from passing for a large one."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from mailbot.core.clocks.limits import BY_AGREED, Limit, raised_late
from mailbot.core.procedure.closed_lists import Happening, Side
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.procedure.worked_out_once import worked_out_once
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, State, fold
from mailbot.core.record.events_of_mail import FeedbackGiven, MessageFiled, RiskReported
from mailbot.core.record.intents import Action
from mailbot.core.reports.portions import AddedUp

# What a measure is: a share or a spread, said so that a small number does not pass for a large one.
#
# No averages: one dispute of sixty days among six of two makes a mean that describes none of them. No percentage
# under ten cases. What could not be measured is told beside the measure and never left out of it in silence.

Period = tuple[datetime, datetime]  # aware; from the first up to, and not including, the second
FEWEST_FOR_PERCENT = 10


@dataclass(frozen=True, slots=True)
class Share(AddedUp):
    """``part`` of ``whole``: "3 of 7"; "12 of 40 (30%)"; "none to count" of nothing."""

    part: int
    whole: int

    @property
    def shown(self) -> str:
        if not self.whole:
            return "none to count"
        percent = f" ({round(100 * self.part / self.whole)}%)" if self.whole >= FEWEST_FOR_PERCENT else ""
        return f"{self.part} of {self.whole}{percent}"


@dataclass(frozen=True, slots=True)
class Spread:
    """Some numbers of working days, in order."""

    numbers: tuple[int, ...]

    def __add__(self, other: "Spread") -> "Spread":
        return Spread(tuple(sorted(self.numbers + other.numbers)))

    @property
    def median(self) -> float:
        """The median of a measure's numbers: the middle one, or halfway between the middle two. Raises
        IndexError of nothing."""
        lower, upper = self.numbers[(len(self.numbers) - 1) // 2], self.numbers[len(self.numbers) // 2]
        return (lower + upper) / 2

    @property
    def shown(self) -> str:
        """ "median 3, from 0 to 9 (7 counted)"; of one, that one."""
        if len(self.numbers) < 2:
            return f"{self.numbers[0]} (1 counted)" if self.numbers else "none to count"
        return f"median {self.median:g}, from {self.numbers[0]} to {self.numbers[-1]} ({len(self.numbers)} counted)"


def spread(numbers: Iterator[int]) -> Spread:
    return Spread(tuple(sorted(numbers)))


def within_period(at: datetime | None, period: Period) -> bool:
    return at is not None and period[0] <= at < period[1]


@worked_out_once(256)
def standing_of_measures(dispute: Dispute) -> tuple[tuple[int, e.Event], ...]:
    """The events that measures count, those that still stand, each with its place in the history: what WRONG put
    back has not happened."""
    undone = dispute.undone
    return tuple((place, event) for place, event in enumerate(dispute.history) if place not in undone)


# Measures of whole disputes: how many were raised, how they ended, how long it took, how complete their record is.
#
# Each takes the disputes as they stood at the end of the period. A dispute closed and opened again within it is open.

WITHDRAWN = "withdrawn"
OUT_OF_SCOPE = "out of scope"
CLOSED_APART = (WITHDRAWN, OUT_OF_SCOPE)
NO_DATE = "an actual date"


def raised(disputes: Sequence[Dispute], period: Period) -> tuple[Dispute, ...]:
    """The disputes raised in a measure's period, by the date raised, not the date the mailbox first saw it."""
    return tuple(d for d in disputes if within_period(d.raised, period))


def closed_with_outcome(disputes: Sequence[Dispute], period: Period) -> tuple[Dispute, ...]:
    """The disputes measured as closed with an outcome in the period. Withdrawn and out of scope are no outcomes: they
    are counted by ``closed_apart``."""
    return tuple(d for d in disputes if within_period(d.closed, period) and d.outcome not in CLOSED_APART)


def closed_apart(disputes: Sequence[Dispute], period: Period, outcome: str) -> int:
    return sum(within_period(d.closed, period) and d.outcome == outcome for d in disputes)


def resolved_before_formal(disputes: Sequence[Dispute], period: Period, protocol: Protocol) -> Share:
    """The measure of disputes resolved by practitioners or first managers: before the stage from which it is formal."""
    closed = closed_with_outcome(disputes, period)
    order = protocol.order()
    formal = order.index(protocol.formal_from) if protocol.formal_from in order else len(order)
    return Share(sum(order.index(closing_stage(d)) < formal for d in closed), len(closed))


def closing_stage(dispute: Dispute) -> str:
    """The stage at which a closed dispute is measured, where its outcome was recorded; one put right afterwards names
    an earlier one (A6.11)."""
    closings = [event.stage for _, event in standing_of_measures(dispute) if isinstance(event, e.DisputeClosed)]
    return closings[-1] if closings else dispute.stage


def days_open(dispute: Dispute, calendar: Calendar) -> int:
    """The measure of how long a dispute was open: working days from the day it was raised to the day it closed; the
    same day is 0. ValueError while it is open."""
    if dispute.closed is None:
        raise ValueError(f"{dispute.reference} is open")
    local = calendar.local
    return calendar.working_days_between(local(dispute.raised).date(), local(dispute.closed).date())


def time_to_resolution(disputes: Sequence[Dispute], period: Period, calendar: Calendar) -> Spread:
    return spread(days_open(d, calendar) for d in closed_with_outcome(disputes, period))


@dataclass(frozen=True, slots=True)
class FirstAnswers(AddedUp):
    """``waiting``: disputes whose other side was told and has not answered; never left out."""

    days: Spread
    waiting: int


def first_answers(disputes: Sequence[Dispute], period: Period, protocol: Protocol, calendar: Calendar) -> FirstAnswers:
    """The measure of first answers, of the disputes opened in the period whose other side was told: working days until
    that side first wrote."""
    days, waiting = [], 0
    for dispute in (d for d in disputes if within_period(d.opened, period)):
        told = next((v.entered for v in dispute.visits if _is_with_both(v.stage, protocol)), None)
        if told is None:
            continue
        answers = (event.at for _, event in standing_of_measures(dispute) if _by_receiving(event) and event.at >= told)
        first = min(answers, default=None)
        if first is None:
            waiting += 1
        else:
            days.append(calendar.working_days_between(calendar.local(told).date(), calendar.local(first).date()))
    return FirstAnswers(spread(iter(days)), waiting)


def _is_with_both(stage: str, protocol: Protocol) -> bool:
    found = protocol.stages[stage]
    return bool(found.receiving) and found.private_to is None


_ANSWERS = (
    MessageFiled,
    e.ResolutionProposed,
    e.ResolutionConfirmed,
    e.ResolutionObjected,
    e.DateProposed,
    e.ProtectiveDateSet,
)


def _by_receiving(event: e.Event) -> bool:
    return isinstance(event, _ANSWERS) and event.side is Side.RECEIVING


def raised_after_its_time(
    disputes: Sequence[Dispute], period: Period, protocol: Protocol, calendar: Calendar
) -> tuple[tuple[str, ...], int] | None:
    """The measure of late raising: references raised later than the procedure's own time for raising allows, and of how
    many with a decision date; None in a procedure that sets no such time."""
    clocks = [c for c in protocol.clocks.values() if c.start is Happening.DECISION_MADE]
    if not clocks:
        return None
    dated = [d for d in raised(disputes, period) if d.decision_on is not None]
    late = tuple(d.reference for d in dated if any(raised_late(d, protocol, calendar, clock) for clock in clocks))
    return late, len(dated)


def confirmed_in_writing(disputes: Sequence[Dispute], period: Period) -> Share:
    """The measure of resolutions confirmed in writing: of those closed as resolved, that is on what one side had put
    forward: closed with everybody's word."""
    closed = [d for d in closed_with_outcome(disputes, period) if d.proposal is not None]
    return Share(sum(d.is_confirmed for d in closed), len(closed))


def complete_record(disputes: Sequence[Dispute], period: Period, protocol: Protocol) -> Share:
    """The measure of complete records: of the disputes at a stage with a form at the period's end, or closed in it
    after one, the share where every box due is filled, and each action has an actual date."""
    at_form = [d for d in disputes if (d.is_open or within_period(d.closed, period)) and _forms(d, protocol)]
    return Share(sum(not lacks(d, protocol) for d in at_form), len(at_form))


def _forms(dispute: Dispute, protocol: Protocol) -> tuple[str, ...]:
    stages = [dispute.stage] if dispute.is_open else [visit.stage for visit in dispute.visits]
    return tuple(dict.fromkeys(r for s in stages if (r := protocol.stages[s].record) in protocol.forms))


def lacks(dispute: Dispute, protocol: Protocol) -> tuple[str, ...]:
    """What a dispute's record lacks in the measure of complete ones: the boxes of its form that are due and empty, by
    label, and "an actual date" for an action without one."""
    boxes = [
        field.label
        for name in _forms(dispute, protocol)
        for field in protocol.forms[name].fields
        if field.fill != "bot"
        and _is_due(dispute, field.stage, field.needed, field.kind)
        and not dispute.fields.get(field.key, "").strip()
        and not _is_agreed(dispute, field.kind)
    ]
    undated = any(action.by is None and not action.done for action in dispute.actions)
    return (*boxes, *((NO_DATE,) if undated else ()))


def _is_due(dispute: Dispute, stage: str, needed: str, kind: str) -> bool:
    """Does the measure of complete records ask for a box? A stage left by moving up owes what remains unresolved; the
    one it closed at owes what was agreed, and when."""
    here = [visit for visit in dispute.visits if stage in ("", visit.stage)]
    ended = [visit for visit in here if visit.left is not None]
    closed_here = not dispute.is_open and stage in ("", dispute.stage)
    match needed:
        case "stage entered":
            return bool(here)
        case "stage closed":
            return closed_here if kind == "dated actions" else bool(ended)
        case "moving up":
            return any(visit is not dispute.visits[-1] for visit in ended)
        case "closed":
            return closed_here
        case _:
            return False


def _is_agreed(dispute: Dispute, kind: str) -> bool:
    return kind == "dated actions" and bool(dispute.actions or dispute.proposal)


def actions_kept(disputes: Sequence[Dispute], period: Period, calendar: Calendar) -> Share:
    """The measure of actions kept: of the agreed actions whose date fell in the period, those
    reported done by that date."""
    kept = [
        calendar.local(done).date() <= action.by if (done := _done(dispute, action.what)) else False
        for dispute in disputes
        for action in agreed_actions(dispute)
        if action.by is not None and within_period(calendar.close_of(action.by), period)
    ]
    return Share(sum(kept), len(kept))


def agreed_actions(dispute: Dispute) -> tuple[Action, ...]:
    """The agreed actions that are measured: what was agreed before the dispute was opened again, or withdrawn,
    is not agreed any more."""
    return () if dispute.is_open or dispute.outcome in CLOSED_APART else dispute.actions


def _done(dispute: Dispute, what: str) -> datetime | None:
    reports = [
        event
        for _, event in standing_of_measures(dispute)
        if isinstance(event, e.ActionReported) and event.what == what
    ]
    return reports[-1].at if reports and reports[-1].done else None


def reopened(disputes: Sequence[Dispute], period: Period) -> Share:
    """The measure of resolutions reopened: of those put forward in the period, put back by DISAGREE or REOPEN
    before the period's end."""
    shares = [_put_back(dispute, period) for dispute in disputes]
    return Share(sum(share.part for share in shares), sum(share.whole for share in shares))


def _put_back(dispute: Dispute, period: Period) -> Share:
    part = whole = 0
    hopeful = False
    for _, event in standing_of_measures(dispute):
        if isinstance(event, e.ResolutionProposed):
            hopeful = within_period(event.at, period)
            whole += hopeful
        elif isinstance(event, e.ResolutionObjected | e.DisputeReopened) and hopeful and event.at < period[1]:
            part, hopeful = part + 1, False
    return Share(part, whole)


def urgent_messages(disputes: Sequence[Dispute], period: Period) -> int:
    """The measure of urgent messages, those answered with the telephone numbers: possible danger,
    whatever it proved to be."""
    return sum(
        isinstance(event, RiskReported) and within_period(event.at, period)
        for dispute in disputes
        for event in dispute.history
    )


Numbered = tuple[tuple[str, str], ...]


def by_child(disputes: Sequence[Dispute], period: Period) -> Numbered:
    """For the measure of repeats: (a child's case number, reference) of each dispute raised in the period with one."""
    numbers = ((" ".join(d.fields.get("child_ref", "").casefold().split()), d) for d in raised(disputes, period))
    return tuple((number, dispute.reference) for number, dispute in numbers if number)


def same_child(numbered: Numbered) -> tuple[tuple[str, ...], ...]:
    """The measure of repeats, the references raised under one child's case number: for the Business Manager alone
    (G16)."""
    found: dict[str, list[str]] = {}
    for number, reference in numbered:
        found.setdefault(number, []).append(reference)
    return tuple(tuple(references) for references in found.values() if len(references) > 1)


@dataclass(frozen=True, slots=True)
class Feedback:
    """``marks``: how many gave each mark, 1 to 5. ``replies`` of ``asked`` closings."""

    marks: tuple[int, int, int, int, int]
    ideas: tuple[tuple[str, str], ...]  # reference, the writer's own words
    replies: int
    asked: int

    def __add__(self, other: "Feedback") -> "Feedback":
        one, two, three, four, five = map(sum, zip(self.marks, other.marks, strict=True))
        replies, asked = self.replies + other.replies, self.asked + other.asked
        return Feedback((one, two, three, four, five), self.ideas + other.ideas, replies, asked)


def feedback(disputes: Sequence[Dispute], period: Period) -> Feedback:
    """The measure of feedback in a period. Of one person on one dispute the last mark counts, for who writes again has
    thought again; every idea does."""
    given = [(d.reference, event) for d in disputes for event in _feedback(d, period)]
    marks = {(reference, event.by.address): event.helpful for reference, event in given if event.helpful is not None}
    one, two, three, four, five = (list(marks.values()).count(mark) for mark in range(1, 6))
    ideas = tuple((reference, event.idea) for reference, event in given if event.idea.strip())
    replies = len({(reference, event.by.address) for reference, event in given})
    return Feedback((one, two, three, four, five), ideas, replies, len(closed_with_outcome(disputes, period)))


def _feedback(dispute: Dispute, period: Period) -> Iterator[FeedbackGiven]:
    for _, event in standing_of_measures(dispute):
        if isinstance(event, FeedbackGiven) and within_period(event.at, period):
            yield event


# Measures of stages and moves: who moved a dispute on, and whether a stage ended within its limit.

LimitOf = Callable[[Dispute], Limit | None]


@dataclass(frozen=True, slots=True)
class CountedBy:
    """By what disputes are counted in a digest or report: the procedure, its calendar, and each one's present limit."""

    protocol: Protocol
    calendar: Calendar
    limit_of: LimitOf


MOVES = ("limit", "asked", "referred")  # an opening and a reopening bring nobody further
BY_LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class StageMove:
    reference: str
    stage: str
    how: str
    at: datetime


def moves(disputes: Sequence[Dispute], period: Period) -> tuple[StageMove, ...]:
    """Every move to a further stage in the period."""
    return tuple(
        StageMove(dispute.reference, event.stage, event.how, event.at)
        for dispute in disputes
        for _, event in standing_of_measures(dispute)
        if isinstance(event, e.StageEntered) and event.how in MOVES and within_period(event.at, period)
    )


def moved_by_limit(disputes: Sequence[Dispute], period: Period) -> Share:
    """The measure of drift: moves made because nobody had answered, of all moves."""
    made = moves(disputes, period)
    return Share(sum(move.how == BY_LIMIT for move in made), len(made))


@dataclass(frozen=True, slots=True)
class VisitEnded:
    """One stay in a stage that ended. ``beyond``: within a later date both sides agreed, past the protocol's own."""

    reference: str
    stage: str
    is_within: bool
    beyond: bool = False


def visits_ended(disputes: Sequence[Dispute], period: Period, limit_of: LimitOf) -> tuple[VisitEnded, ...]:
    """The stays in a stage that are measured against their limit: those that ended in the period, and had one. One that
    the limit itself ended was not within it."""
    return tuple(ended for dispute in disputes for ended in _ended(dispute, period, limit_of))


def _ended(dispute: Dispute, period: Period, limit_of: LimitOf) -> Iterator[VisitEnded]:
    kept: list[e.Event] = []
    by_limit = _entered_by_limit(dispute)
    for place, event in standing_of_measures(dispute):
        if isinstance(event, e.StageEnded) and within_period(event.at, period):
            before = fold(kept)
            limit = limit_of(before)
            if limit is not None:
                proposed = before.state is State.PROPOSED and event.how == "closed" and before.proposal
                at = proposed.at if proposed else event.at
                kept_to = at <= limit.holds and place not in by_limit
                later = limit.held_by == BY_AGREED and limit.holds > limit.own
                yield VisitEnded(dispute.reference, before.stage, kept_to, kept_to and later and at > limit.own)
        if not isinstance(event, e.MisreadUndone):
            kept.append(event)


def _entered_by_limit(dispute: Dispute) -> frozenset[int]:
    """The places of the endings that a move by the limit follows."""
    last, found = -1, set()
    for place, event in standing_of_measures(dispute):
        if isinstance(event, e.StageEnded):
            last = place
        elif isinstance(event, e.StageEntered) and event.how == BY_LIMIT:
            found.add(last)
    return frozenset(found)


# What people do in a dispute, besides opening it, writing and asking.
DONE_BY_PEOPLE = (
    e.ResolutionProposed,
    e.ResolutionConfirmed,
    e.ResolutionObjected,
    e.DecisionMade,
    e.DateProposed,
    e.DateAgreed,
    e.DateRefused,
    e.ProtectiveDateSet,
    e.MeetingHeld,
    e.MeetingPlanned,
    e.ActionReported,
    e.PersonHandedOver,
    e.RouteTaken,
)


def known_only_by_limit(disputes: Sequence[Dispute], period: Period) -> tuple[str, ...]:
    """The measure of disputes that the limit alone has kept in sight, by reference: it moved them in the period, and
    since the opening email no person has done anything."""
    moved = {move.reference for move in moves(disputes, period) if move.how == BY_LIMIT}
    return tuple(d.reference for d in disputes if d.reference in moved and not _touched(d))


def _touched(dispute: Dispute) -> bool:
    for _, event in standing_of_measures(dispute):
        if isinstance(event, DONE_BY_PEOPLE) or (
            isinstance(event, e.StageEntered) and event.how in ("asked", "referred")
        ):
            return True
        if isinstance(event, MessageFiled) and event.message != dispute.thread:
            return True
    return False


# All measures of a period together: what the digest of a week and the report for a meeting both show.


@dataclass(frozen=True, slots=True)
class Measured(AddedUp):
    """Every measure of a period, of disputes as they stood at its end. ``closed``: with an outcome, by the stage at
    which it was recorded. ``beyond``: references, one for each stay that ended within a later date both sides agreed.
    ``late``: references raised after the procedure's own time for it, of ``dated`` with a date of decision."""

    raised: int
    closed: "Counter[str]"
    withdrawn: int
    out_of_scope: int
    before_formal: Share
    resolution: Spread
    within_limit: Share
    beyond: tuple[str, ...]
    moved_by_limit: Share
    known_only_by_limit: tuple[str, ...]
    answers: FirstAnswers
    late: tuple[str, ...]
    dated: int
    confirmed: Share
    complete: Share
    kept: Share
    put_back: Share
    urgent: int


def measured(disputes: Sequence[Dispute], period: Period, by: CountedBy) -> Measured:
    """Every measure of a period: of some disputes, or of a portion of them."""
    protocol, calendar = by.protocol, by.calendar
    ended = visits_ended(disputes, period, by.limit_of)
    late, dated = raised_after_its_time(disputes, period, protocol, calendar) or ((), 0)
    return Measured(
        raised=len(raised(disputes, period)),
        closed=Counter(closing_stage(d) for d in closed_with_outcome(disputes, period)),
        withdrawn=closed_apart(disputes, period, WITHDRAWN),
        out_of_scope=closed_apart(disputes, period, OUT_OF_SCOPE),
        before_formal=resolved_before_formal(disputes, period, protocol),
        resolution=time_to_resolution(disputes, period, calendar),
        within_limit=Share(sum(visit.is_within for visit in ended), len(ended)),
        beyond=tuple(visit.reference for visit in ended if visit.beyond),
        moved_by_limit=moved_by_limit(disputes, period),
        known_only_by_limit=known_only_by_limit(disputes, period),
        answers=first_answers(disputes, period, protocol, calendar),
        late=late,
        dated=dated,
        confirmed=confirmed_in_writing(disputes, period),
        complete=complete_record(disputes, period, protocol),
        kept=actions_kept(disputes, period, calendar),
        put_back=reopened(disputes, period),
        urgent=urgent_messages(disputes, period),
    )


def sets_a_time_for_raising(protocol: Protocol) -> bool:
    return any(clock.start is Happening.DECISION_MADE for clock in protocol.clocks.values())
