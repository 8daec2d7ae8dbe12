"""WRONG: what was misread is put back, so that being misread never costs anybody a stage or a day.

It takes back what was read from one message of its writer's, for five working days; what ended a dispute, for two.
After that, and where somebody else has acted on it since, it is REOPEN, or the word that does the opposite.
"""

from datetime import datetime

from mailbot.core.decisions.moving import close
from mailbot.core.happened import events as e
from mailbot.core.happened.afterwards import OutcomeReported
from mailbot.core.happened.correspondence import MessageFiled, RequestRefused
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.intents import Act, Person
from mailbot.core.happened.office_acts import (
    AutomaticMoveHeld,
    AutomaticMoveResumed,
    DisputeLinked,
    WordsRedacted,
)
from mailbot.core.procedure.partnership import Partnership, Request

WITHIN_DAYS, WITHIN_DAYS_OF_AN_END = 5, 2  # working days


def undo(dispute: Dispute, request: Request, partnership: Partnership) -> list[e.Event]:
    """WRONG takes back what was read from its writer's last message, and nothing that anybody else did."""
    group = _last_message(dispute, request.by.address)
    why = _why_not(dispute, group, request, partnership)
    if why:
        return [RequestRefused(at=request.at, by=request.by, act=Act.UNDO, why=why)]
    if group[0] == 0:
        return close(dispute, "opened in error", request.at, request.by.address, request.intent.words)
    return [e.MisreadUndone(at=request.at, places=group, by=request.by, words=request.intent.words)]


def _why_not(dispute: Dispute, group: tuple[int, ...], request: Request, partnership: Partnership) -> str:
    if not group or dispute.undone & set(group):
        return "nothing that you sent has changed anything that could be put back"
    done = [dispute.history[n] for n in group]
    ended = any(isinstance(past, e.DisputeClosed) for past in done)
    if not dispute.is_open and not ended:
        return f"{dispute.reference} is closed, and not by what you sent. If it must be looked at again, reply REOPEN"
    days = WITHIN_DAYS_OF_AN_END if ended else WITHIN_DAYS
    if request.at > _until(done[0].at, days, partnership):
        return (
            f"that is more than {days} working days ago, and others rely on it. Say what is to be put right instead: "
            "REOPEN and the reason where it is closed, CORRECT and the right value where something was recorded"
        )
    since = (past for n, past in enumerate(dispute.history) if n > group[-1] and n not in dispute.undone)
    if any(isinstance(past, _RESTS_ON) and _by(past) != request.by.address for past in since):
        return "others have acted on it since, so it is not taken back. Say what is to be put right instead"
    return ""


def _until(at: datetime, days: int, partnership: Partnership) -> datetime:
    calendar = partnership.calendar
    return calendar.close_of(calendar.nth_after(calendar.local(at).date(), days))


def _last_message(dispute: Dispute, address: str) -> tuple[int, ...]:
    """Places of what came of the last message of this address that changed anything."""
    changed = [n for n, past in enumerate(dispute.history) if _by(past) == address and isinstance(past, _CHANGING)]
    return _message_of(dispute, changed[-1]) if changed else ()


def _message_of(dispute: Dispute, place: int) -> tuple[int, ...]:
    """What one message brought: a reading is filed first and what follows from it stands behind it, until the next is
    filed, time brings something, or the office's line does. An opening is filed last."""
    history = dispute.history
    filed = [n for n, past in enumerate(history) if isinstance(past, MessageFiled)]
    if not filed or place <= filed[0]:
        return tuple(range(0, filed[0] if filed else place + 1))
    first = max(n for n in filed if n <= place)
    writer, at = _by(history[first]), history[first].at
    group: list[int] = []
    for n in range(first + 1, len(history)):
        past = history[n]
        if past.at != at or isinstance(past, _ANOTHER_CAUSE) or _by(past) not in (writer, "", "the directory"):
            break
        group.append(n)
    return tuple(group) if place in group else (place,)


_ANOTHER_CAUSE = (
    MessageFiled, e.Reminded, e.LimitPassed, e.CalendarMoved, e.VersionMoved, AutomaticMoveHeld, AutomaticMoveResumed,
    DisputeLinked, WordsRedacted,
)  # fmt: skip
_CHANGING = (
    e.StageEntered, e.ResolutionProposed, e.ResolutionConfirmed, e.ResolutionObjected, e.DateProposed, e.DateAgreed,
    e.ProtectiveDateSet, e.PersonHandedOver, e.PersonRecorded, e.PersonRemoved, e.FieldRecorded, e.DisputeClosed,
    e.DisputeReopened, e.RouteTaken, e.ActionReported, e.ActionsRecorded, e.MeetingHeld, OutcomeReported,
)  # fmt: skip
# Once somebody else has done one of these, what it rests on is not taken from under it.
_RESTS_ON = (
    e.StageEntered, e.ResolutionConfirmed, e.DateAgreed, e.DisputeClosed, e.DisputeReopened, e.DecisionMade,
)  # fmt: skip


def _by(event: e.Event) -> str:
    by = getattr(event, "by", getattr(event, "leaving", ""))
    return by.address if isinstance(by, Person) else by
