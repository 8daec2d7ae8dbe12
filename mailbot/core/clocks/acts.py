"""Acts that a clock inside a stage waits for: "refer in writing", "the other manager replies". When were they done?"""

from datetime import datetime

from mailbot.core.happened import events as e
from mailbot.core.happened.correspondence import MessageFiled
from mailbot.core.happened.dispute import Dispute
from mailbot.core.procedure.closed_lists import Happening, Side
from mailbot.core.procedure.protocol import Clock, Protocol


def is_done(dispute: Dispute, clock: Clock, protocol: Protocol) -> bool:
    """Was this clock's act done in the present stay? A clock without an act of its own is done with its stage."""
    return clock.done_when is not None and done_at(dispute, clock, protocol) is not None


def done_at(dispute: Dispute, clock: Clock, protocol: Protocol) -> datetime | None:
    """The instant at which this clock's act was done in the present stay: as somebody said, else as mail shows it."""
    said = dispute.done.get(clock.id)
    if said is not None and said >= dispute.visit.entered:
        return said
    if clock.done_when is Happening.REPRESENTATIVE_TOLD:
        return _told(dispute, clock, protocol)
    return next((past.at for past in dispute.lately if _does(past, clock, dispute)), None)


def _does(event: e.Event, clock: Clock, dispute: Dispute) -> bool:
    match clock.done_when:
        case Happening.REPLIED:
            return _is_reply(event, clock, dispute)
        case Happening.MET:
            return isinstance(event, e.MeetingHeld)
        case Happening.CONFIRMED:
            return isinstance(event, e.ResolutionConfirmed)
        case Happening.RESOLVED:
            return isinstance(event, e.ResolutionProposed)
        case Happening.REFERRED:
            return _asked_for(event) or (isinstance(event, MessageFiled) and _by_whom(event, clock, dispute, True))
        case _:
            return False


def _is_reply(event: e.Event, clock: Clock, dispute: Dispute) -> bool:
    """An answer from those whose act it is; saying yes or no to a date is not yet one."""
    if not isinstance(event, MessageFiled) or event.side is not Side.RECEIVING:
        return False
    dated = (e.DateAgreed, e.DateProposed, e.DateRefused)
    only_a_date = any(isinstance(past, dated) and past.at == event.at for past in dispute.lately)
    return not only_a_date and _by_whom(event, clock, dispute)


def _asked_for(event: e.Event) -> bool:
    """Somebody wrote to have it here: that email is the referral in writing."""
    return isinstance(event, e.StageEntered) and event.how in ("asked", "referred") and bool(event.by)


def _by_whom(event: MessageFiled, clock: Clock, dispute: Dispute, named_only: bool = False) -> bool:
    """By one of those whose act it is; while nobody of theirs is known, by anybody on that side."""
    theirs = {p.person.address for p in dispute.parties if p.role in clock.who and p.person.address}
    return event.by.address in theirs if theirs or named_only else True


def _told(dispute: Dispute, clock: Clock, protocol: Protocol) -> datetime | None:
    """Told once somebody had it brought here and the representative is known, so that a letter could reach them."""
    roles = protocol.stages[dispute.stage].raising
    reached = [p for p in dispute.history if isinstance(p, e.PersonRecorded) and p.role in roles and p.person.address]
    brought = [
        past.at for past in dispute.lately
        if _asked_for(past) or (isinstance(past, MessageFiled) and _by_whom(past, clock, dispute, True))
    ]  # fmt: skip
    return max(brought[0], reached[0].at) if brought and reached else None
