"""A move that the office held back, and what becomes of it when they let it go on (hazard G11).

While it is held, the limit passes, is told, and asks the raising side, who may still move it up or refer it: a hold
delays nothing that a person asks for. Let go on, it moves at once if its limit has passed in the meantime.
"""

from datetime import datetime

from mailbot.core.clocks.limits import stage_limit
from mailbot.core.decisions.moving import enter, is_partnership_stage, next_stage
from mailbot.core.happened import events as e
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.office_acts import AutomaticMoveHeld, AutomaticMoveResumed
from mailbot.core.happened.parts import State
from mailbot.core.procedure.partnership import Partnership


def held_back(dispute: Dispute, partnership: Partnership, now: datetime) -> e.LimitPassed | None:
    """The limit at which it would have moved and was held, once nobody holds it any more; None when nothing is due."""
    if dispute.state is not State.OPEN or dispute.move_held is not None:
        return None
    passed = next((p for p in reversed(dispute.lately) if isinstance(p, e.LimitPassed) and p.held), None)
    following = next_stage(dispute, partnership)
    limit = stage_limit(dispute, partnership.protocol, partnership.calendar)
    moved_on = limit is not None and limit.holds > now  # a later date was agreed meanwhile: that one decides
    if passed is None or following is None or is_partnership_stage(following) or moved_on:
        return None
    return passed


def went_on(dispute: Dispute, partnership: Partnership, now: datetime) -> list[e.Event]:
    """The next stage, from now: the time of its people never runs before they can know of it."""
    following = next_stage(dispute, partnership)
    return enter(dispute, following, "limit", now, partnership, let_on_by(dispute)) if following else []


def let_on_by(dispute: Dispute) -> str:
    """The address of whoever took the hold off, or had it put back."""
    for past in reversed(dispute.history):
        if isinstance(past, AutomaticMoveResumed) or (
            isinstance(past, e.MisreadUndone)
            and any(isinstance(dispute.history[place], AutomaticMoveHeld) for place in past.places)
        ):
            return past.by.address
    return ""
