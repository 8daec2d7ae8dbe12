"""Measures of whole disputes: how many were raised, how they ended, how long it took, how complete their record is.

Each takes the disputes as they stood at the end of the period. A dispute closed and opened again within it is open.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from mailbot.core.clocks.calendar import Calendar
from mailbot.core.clocks.working import raised_late
from mailbot.core.happened import events as e
from mailbot.core.happened.correspondence import FeedbackGiven, MessageFiled, RiskReported
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.intents import Action
from mailbot.core.procedure.closed_lists import Happening, Side
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.telling.measures import Period, Share, Spread, spread, standing, within

WITHDRAWN = "withdrawn"
OUT_OF_SCOPE = "out of scope"
APART = (WITHDRAWN, OUT_OF_SCOPE)
NO_DATE = "an actual date"


def raised(disputes: Sequence[Dispute], period: Period) -> tuple[Dispute, ...]:
    """By the date raised, not the date the mailbox first saw it."""
    return tuple(d for d in disputes if within(d.raised, period))


def closed_with_outcome(disputes: Sequence[Dispute], period: Period) -> tuple[Dispute, ...]:
    """Withdrawn and out of scope are no outcomes: they are counted by ``closed_apart``."""
    return tuple(d for d in disputes if within(d.closed, period) and d.outcome not in APART)


def closed_apart(disputes: Sequence[Dispute], period: Period, outcome: str) -> int:
    return sum(within(d.closed, period) and d.outcome == outcome for d in disputes)


def resolved_before_formal(disputes: Sequence[Dispute], period: Period, protocol: Protocol) -> Share:
    """Resolved by practitioners or first managers: before the stage from which it is formal."""
    closed = closed_with_outcome(disputes, period)
    order = protocol.order()
    formal = order.index(protocol.formal_from) if protocol.formal_from in order else len(order)
    return Share(sum(order.index(closing_stage(d)) < formal for d in closed), len(closed))


def closing_stage(dispute: Dispute) -> str:
    """The stage at which the outcome was recorded; one put right afterwards names an earlier one (A6.11)."""
    closings = [event.stage for _, event in standing(dispute) if isinstance(event, e.DisputeClosed)]
    return closings[-1] if closings else dispute.stage


def days_open(dispute: Dispute, calendar: Calendar) -> int:
    """Working days from the day it was raised to the day it closed; the same day is 0. ValueError while it is open."""
    if dispute.closed is None:
        raise ValueError(f"{dispute.reference} is open")
    local = calendar.local
    return calendar.working_days_between(local(dispute.raised).date(), local(dispute.closed).date())


def time_to_resolution(disputes: Sequence[Dispute], period: Period, calendar: Calendar) -> Spread:
    return spread(days_open(d, calendar) for d in closed_with_outcome(disputes, period))


@dataclass(frozen=True, slots=True)
class FirstAnswers:
    """``waiting``: disputes whose other side was told and has not answered; never left out."""

    days: Spread
    waiting: int


def first_answers(
    disputes: Sequence[Dispute], period: Period, protocol: Protocol, calendar: Calendar
) -> FirstAnswers:  # fmt: skip
    """Of the disputes opened in the period whose other side was told: working days until that side first wrote."""
    days, waiting = [], 0
    for dispute in (d for d in disputes if within(d.opened, period)):
        told = next((v.entered for v in dispute.visits if _is_with_both(v.stage, protocol)), None)
        if told is None:
            continue
        answers = (event.at for _, event in standing(dispute) if _by_receiving(event) and event.at >= told)
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
    MessageFiled, e.ResolutionProposed, e.ResolutionConfirmed, e.ResolutionObjected, e.DateProposed,
    e.ProtectiveDateSet,
)  # fmt: skip


def _by_receiving(event: e.Event) -> bool:
    return isinstance(event, _ANSWERS) and event.side is Side.RECEIVING


def raised_after_its_time(
    disputes: Sequence[Dispute], period: Period, protocol: Protocol, calendar: Calendar
) -> tuple[tuple[str, ...], int] | None:
    """References raised later than the procedure's own time for raising allows, and of how many with a decision date;
    None in a procedure that sets no such time."""
    clocks = [c for c in protocol.clocks.values() if c.start is Happening.DECISION_MADE]
    if not clocks:
        return None
    dated = [d for d in raised(disputes, period) if d.decision_on is not None]
    late = tuple(d.reference for d in dated if any(raised_late(d, protocol, calendar, clock) for clock in clocks))
    return late, len(dated)


def confirmed_in_writing(disputes: Sequence[Dispute], period: Period) -> Share:
    """Of those closed as resolved, that is on what one side had put forward: closed with everybody's word."""
    closed = [d for d in closed_with_outcome(disputes, period) if d.proposal is not None]
    return Share(sum(d.is_confirmed for d in closed), len(closed))


def complete_record(disputes: Sequence[Dispute], period: Period, protocol: Protocol) -> Share:
    """Of those at a stage with a form at the period's end, or closed in it after one: every box due is filled, and
    each action has an actual date."""
    at_form = [d for d in disputes if (d.is_open or within(d.closed, period)) and _forms(d, protocol)]
    return Share(sum(not lacks(d, protocol) for d in at_form), len(at_form))


def _forms(dispute: Dispute, protocol: Protocol) -> tuple[str, ...]:
    stages = [dispute.stage] if dispute.is_open else [visit.stage for visit in dispute.visits]
    return tuple(dict.fromkeys(r for s in stages if (r := protocol.stages[s].record) in protocol.forms))


def lacks(dispute: Dispute, protocol: Protocol) -> tuple[str, ...]:
    """The boxes of its form that are due and empty, by label, and "an actual date" for an action without one."""
    boxes = [
        field.label for name in _forms(dispute, protocol) for field in protocol.forms[name].fields
        if field.fill != "bot" and _is_due(dispute, field.stage, field.needed, field.kind)
        and not dispute.fields.get(field.key, "").strip() and not _is_agreed(dispute, field.kind)
    ]  # fmt: skip
    undated = any(action.by is None and not action.done for action in dispute.actions)
    return (*boxes, *((NO_DATE,) if undated else ()))


def _is_due(dispute: Dispute, stage: str, needed: str, kind: str) -> bool:
    """A stage left by moving up owes what remains unresolved; the one it closed at owes what was agreed, and when."""
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
    """Of the agreed actions whose date fell in the period: reported done by that date."""
    kept = [
        calendar.local(done).date() <= action.by if (done := _done(dispute, action.what)) else False
        for dispute in disputes for action in agreed_actions(dispute)
        if action.by is not None and within(calendar.close_of(action.by), period)
    ]  # fmt: skip
    return Share(sum(kept), len(kept))


def agreed_actions(dispute: Dispute) -> tuple[Action, ...]:
    """What was agreed before it was opened again, or withdrawn, is not agreed any more."""
    return () if dispute.is_open or dispute.outcome in APART else dispute.actions


def _done(dispute: Dispute, what: str) -> datetime | None:
    reports = [event for _, event in standing(dispute) if isinstance(event, e.ActionReported) and event.what == what]
    return reports[-1].at if reports and reports[-1].done else None


def reopened(disputes: Sequence[Dispute], period: Period) -> Share:
    """Of the resolutions put forward in the period: put back by DISAGREE or REOPEN before the period's end."""
    shares = [_put_back(dispute, period) for dispute in disputes]
    return Share(sum(share.part for share in shares), sum(share.whole for share in shares))


def _put_back(dispute: Dispute, period: Period) -> Share:
    part = whole = 0
    hopeful = False
    for _, event in standing(dispute):
        if isinstance(event, e.ResolutionProposed):
            hopeful = within(event.at, period)
            whole += hopeful
        elif isinstance(event, e.ResolutionObjected | e.DisputeReopened) and hopeful and event.at < period[1]:
            part, hopeful = part + 1, False
    return Share(part, whole)


def urgent_messages(disputes: Sequence[Dispute], period: Period) -> int:
    """Messages answered with the telephone numbers: possible danger, whatever it proved to be."""
    return sum(
        isinstance(event, RiskReported) and within(event.at, period)
        for dispute in disputes for event in dispute.history
    )  # fmt: skip


def same_child(disputes: Sequence[Dispute], period: Period) -> tuple[tuple[str, ...], ...]:
    """References raised in the period under one child's case number: for the Business Manager alone (G16)."""
    found: dict[str, list[str]] = {}
    for dispute in raised(disputes, period):
        number = " ".join(dispute.fields.get("child_ref", "").casefold().split())
        if number:
            found.setdefault(number, []).append(dispute.reference)
    return tuple(tuple(references) for references in found.values() if len(references) > 1)


@dataclass(frozen=True, slots=True)
class Feedback:
    """``marks``: how many gave each mark, 1 to 5. ``replies`` of ``asked`` closings."""

    marks: tuple[int, int, int, int, int]
    ideas: tuple[tuple[str, str], ...]  # reference, the writer's own words
    replies: int
    asked: int


def feedback(disputes: Sequence[Dispute], period: Period) -> Feedback:
    """Of one person on one dispute the last mark counts, for who writes again has thought again; every idea does."""
    given = [(d.reference, event) for d in disputes for event in _feedback(d, period)]
    marks = {(reference, event.by.address): event.helpful for reference, event in given if event.helpful is not None}
    one, two, three, four, five = (list(marks.values()).count(mark) for mark in range(1, 6))
    ideas = tuple((reference, event.idea) for reference, event in given if event.idea.strip())
    replies = len({(reference, event.by.address) for reference, event in given})
    return Feedback((one, two, three, four, five), ideas, replies, len(closed_with_outcome(disputes, period)))


def _feedback(dispute: Dispute, period: Period) -> Iterator[FeedbackGiven]:
    for _, event in standing(dispute):
        if isinstance(event, FeedbackGiven) and within(event.at, period):
            yield event
