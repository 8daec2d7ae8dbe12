"""Acts that a clock inside a stage waits for: "refer in writing", "the other manager replies". When are they done?"""

from mailbot.core import events as e
from mailbot.core.closed_lists import Happening, Side
from mailbot.core.correspondence import MessageFiled
from mailbot.core.dispute import Dispute
from mailbot.core.protocol import Clock


def is_done(dispute: Dispute, clock: Clock) -> bool:
    """Was this clock's act done in the present stay? A clock without an act of its own is done with its stage."""
    if clock.done_when is None:
        return False
    return clock.id in dispute.done or any(_does(past, clock.done_when) for past in dispute.lately)


def _does(event: e.Event, act: Happening) -> bool:
    match act:
        case Happening.REPLIED:
            return isinstance(event, MessageFiled) and event.side is Side.RECEIVING
        case Happening.MET:
            return isinstance(event, e.MeetingHeld)
        case Happening.CONFIRMED:
            return isinstance(event, e.ResolutionConfirmed)
        case Happening.RESOLVED:
            return isinstance(event, e.ResolutionProposed)
        case Happening.REFERRED | Happening.REPRESENTATIVE_TOLD:
            return isinstance(event, e.StageEntered) and event.how in ("asked", "referred") and bool(event.by)
        case _:
            return False
