"""Who must be told of what the partnership's own office did, and of what it took back."""

from collections.abc import Mapping

from mailbot.core.clocks.going_on import held_back
from mailbot.core.happened import correspondence as c
from mailbot.core.happened import events as e
from mailbot.core.happened import office_acts as o
from mailbot.core.happened.dispute import Dispute
from mailbot.core.procedure.partnership import Partnership
from mailbot.core.telling.announcing import Announcement, Told, current, to
from mailbot.core.telling.demands import everyone, in_roles

# Of these nobody in the dispute has had a letter, so nobody has one when they are put back.
QUIET = (o.DisputeLinked, o.WordsRedacted, c.MessageFiled, c.OutsiderNoticed, c.QuestionAsked, c.StatusAsked)


def involved(letter: str, event: e.Event, dispute: Dispute, partnership: Partnership) -> Told:
    """Whoever the stage is with, and the practitioners: both sides alike."""
    told = to(letter, current(dispute, partnership), event, acts=True)
    return told + to(letter, in_roles(("raiser", "responder"), dispute, partnership), event)


def _held(event: o.AutomaticMoveHeld, dispute: Dispute, partnership: Partnership) -> Told:
    return involved("move_held", event, dispute, partnership)


def _resumed(event: o.AutomaticMoveResumed, dispute: Dispute, partnership: Partnership) -> Told:
    """Where its limit has passed meanwhile it moves at once, and the letters of the move say why."""
    if held_back(dispute, partnership, event.at) is not None:
        return []
    return involved("move_resumed", event, dispute, partnership)


def put_back(event: e.MisreadUndone, dispute: Dispute, partnership: Partnership) -> Told:
    """Those it concerns; and where the office put back its own doing, everybody who had had a letter about it."""
    undone = [dispute.history[place] for place in event.places]
    told = involved("undone", event, dispute, partnership)
    if event.by.address not in {person.address for person in partnership.office()}:
        return told
    if any(isinstance(past, e.DisputeClosed) for past in undone):
        told += to("undone", everyone(dispute, partnership), event)
    return told + to("undone", [p.person for p in undone if isinstance(p, e.PersonRecorded)], event)


def was_told_to_nobody(event: e.Event, dispute: Dispute) -> bool:
    return (
        isinstance(event, e.MisreadUndone)
        and bool(event.places)
        and all(isinstance(dispute.history[place], QUIET) for place in event.places)
    )


OF_OFFICE: Mapping[type[e.Event], Announcement] = {
    o.AutomaticMoveHeld: _held,
    o.AutomaticMoveResumed: _resumed,
    e.MisreadUndone: put_back,
}
