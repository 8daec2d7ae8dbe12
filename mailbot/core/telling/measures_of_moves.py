"""Measures of stages and moves: who moved a dispute on, and whether a stage ended within its limit."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from mailbot.core.clocks.limits import BY_AGREED, Limit
from mailbot.core.happened import events as e
from mailbot.core.happened.correspondence import MessageFiled
from mailbot.core.happened.dispute import Dispute, fold
from mailbot.core.happened.parts import State
from mailbot.core.telling.measures import Period, Share, standing, within

LimitOf = Callable[[Dispute], Limit | None]
MOVES = ("limit", "asked", "referred")  # an opening and a reopening bring nobody further
BY_LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Move:
    reference: str
    stage: str
    how: str


def moves(disputes: Sequence[Dispute], period: Period) -> tuple[Move, ...]:
    """Every move to a further stage in the period."""
    return tuple(
        Move(dispute.reference, event.stage, event.how)
        for dispute in disputes for _, event in standing(dispute)
        if isinstance(event, e.StageEntered) and event.how in MOVES and within(event.at, period)
    )  # fmt: skip


def moved_by_limit(disputes: Sequence[Dispute], period: Period) -> Share:
    """The drift figure: moves made because nobody had answered, of all moves."""
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
    """Stays that ended in the period, and had a limit. One that the limit itself ended was not within it."""
    return tuple(ended for dispute in disputes for ended in _ended(dispute, period, limit_of))


def _ended(dispute: Dispute, period: Period, limit_of: LimitOf) -> Iterator[VisitEnded]:
    kept: list[e.Event] = []
    by_limit = _entered_by_limit(dispute)
    for place, event in standing(dispute):
        if isinstance(event, e.StageEnded) and within(event.at, period):
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
    for place, event in standing(dispute):
        if isinstance(event, e.StageEnded):
            last = place
        elif isinstance(event, e.StageEntered) and event.how == BY_LIMIT:
            found.add(last)
    return frozenset(found)


def within_limit(disputes: Sequence[Dispute], period: Period, limit_of: LimitOf) -> Share:
    ended = visits_ended(disputes, period, limit_of)
    return Share(sum(visit.is_within for visit in ended), len(ended))


# What people do in a dispute, besides opening it.
_BY_PEOPLE = (
    e.ResolutionProposed, e.ResolutionConfirmed, e.ResolutionObjected, e.DecisionMade, e.DateProposed, e.DateAgreed,
    e.DateRefused, e.ProtectiveDateSet, e.MeetingHeld, e.ActionReported, e.PersonHandedOver, e.RouteTaken,
)  # fmt: skip


def known_only_by_limit(disputes: Sequence[Dispute], period: Period) -> tuple[str, ...]:
    """References that the limit alone has kept in sight: it moved them in the period, and since the opening email no
    person has done anything."""
    moved = {move.reference for move in moves(disputes, period) if move.how == BY_LIMIT}
    return tuple(d.reference for d in disputes if d.reference in moved and not _touched(d))


def _touched(dispute: Dispute) -> bool:
    for _, event in standing(dispute):
        if isinstance(event, _BY_PEOPLE) or (isinstance(event, e.StageEntered) and event.how in ("asked", "referred")):
            return True
        if isinstance(event, MessageFiled) and event.message != dispute.thread:
            return True
    return False
