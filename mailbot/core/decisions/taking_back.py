"""WRONG decided: what was misread is put back, so that being misread never costs anybody a stage or a day.

It takes back what was read from one message of its writer's, for five working days; what ended a dispute, for two.
After that, and where somebody else has acted on it since, it is REOPEN, or the word that does the opposite.
"""

from dataclasses import replace
from datetime import datetime

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.stages import close_dispute
from mailbot.core.partnership.partnership import Partnership, Request
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.events import (
    AutomaticMoveHeld,
    AutomaticMoveResumed,
    DisputeLinked,
    OutcomeReported,
    WordsRedacted,
)
from mailbot.core.record.events_of_mail import MessageFiled, QuestionAsked, RequestRefused
from mailbot.core.record.intents import SAYS_WHAT_IS_RIGHT, Act, Person


def before_they_handed_over(case: Case, request: Request) -> Case:
    """WRONG said of a handover is by authority of whoever made it, as they stood before it."""
    dispute, by = case.dispute, request.by.address
    mine = [
        place
        for place, past in enumerate(dispute.history)
        if isinstance(past, e.PersonHandedOver) and _by(past) == by and place not in dispute.undone
    ]
    if not mine or dispute.party(by) is not None:
        return case
    return replace(case, dispute=fold(dispute.history[: mine[-1]]))


def undo(case: Case, request: Request) -> list[e.Event]:
    """WRONG decided: it takes back what was read from its writer's last message, and nothing that anybody else did."""
    dispute = case.dispute
    group = _message_answered(dispute, request)
    if not group and (theirs := _of_somebody_else(dispute, request)) is not None:
        return [theirs]
    group = group or _last_message(dispute, request.by.address)
    why = _taken_back_already(dispute, request) or _why_not(case, group, request)
    if why:
        return [RequestRefused(at=request.at, by=request.by, act=Act.UNDO, why=why)]
    if group[0] == 0 and SAYS_WHAT_IS_RIGHT in request.intent.flags:
        return [QuestionAsked(at=request.at, of=request.by, question=WHOLE_OR_ONE_THING, topic="whole or one thing")]
    if group[0] == 0:
        return close_dispute(dispute, "opened in error", request.at, request.by.address, request.intent.words)
    return [e.MisreadUndone(at=request.at, places=group, by=request.by, words=request.intent.words)]


# The word is not said again: a button of its own would send it with more behind it, and so ask this once more.
WHOLE_OR_ONE_THING = (
    "Is the whole dispute wrong, or one thing in it? It stays open until you say. If one thing is to be put right, "
    "please reply CORRECT, what it is and what is right. If it should never have been opened, please send the word "
    "that you began with again and nothing else, and it is closed."
)
WITHIN_DAYS, WITHIN_DAYS_OF_AN_END = 5, 2  # working days


def _taken_back_already(dispute: Dispute, request: Request) -> str:
    """Decided already: a second WRONG to one letter is of the same act: it never reaches for another one."""
    if request.answers is None or request.answers.about not in dispute.undone:
        return ""
    return (
        "what that letter told of has been taken back already. To take back something else, reply WRONG to its letter"
    )


def _why_not(case: Case, group: tuple[int, ...], request: Request) -> str:
    dispute = case.dispute
    if not group or dispute.undone & set(group):
        return "nothing that you sent has changed anything that could be put back"
    done = [dispute.history[n] for n in group]
    ended = any(isinstance(past, e.DisputeClosed) for past in done)
    if not dispute.is_open and not ended and group[0] < _its_end(dispute):
        return f"{dispute.reference} is closed, and not by what you sent. If it must be looked at again, reply REOPEN"
    days = WITHIN_DAYS_OF_AN_END if ended else WITHIN_DAYS
    if request.at > _until(done[0].at, days, case.partnership):
        return (
            f"that is more than {days} working days ago, and others rely on it. Say what is to be put right instead: "
            "REOPEN and the reason where it is closed, CORRECT and the right value where something was recorded"
        )
    since = [past for n, past in enumerate(dispute.history) if n > group[-1] and n not in dispute.undone]
    rests = (*_RESTS_ON, *_RESTS_ON_A_STAY) if any(isinstance(past, e.BEGINS_A_STAY) for past in done) else _RESTS_ON
    if any(isinstance(past, rests) and _by(past) != request.by.address for past in since):
        return "others have acted on it since, so it is not taken back. Say what is to be put right instead"
    steps = (*_RESTS_ON, e.ResolutionProposed)  # each stands on the one before
    own = any(isinstance(past, steps) and _by(past) == request.by.address for past in since)
    if own and any(isinstance(past, steps) for past in done):
        return "you have done more since that rests on it. Take that back first: reply WRONG to the letter about it"
    return ""


def _its_end(dispute: Dispute) -> int:
    """The place of the closing that holds: what was told after it ("done", "it happened") is taken back as ever."""
    ends = (
        n for n, past in enumerate(dispute.history) if isinstance(past, e.DisputeClosed) and n not in dispute.undone
    )
    return max(ends, default=0)


def _until(at: datetime, days: int, partnership: Partnership) -> datetime:
    calendar = partnership.calendar
    return calendar.close_of(calendar.nth_after(calendar.local(at).date(), days))


def _message_answered(dispute: Dispute, request: Request) -> tuple[int, ...]:
    """Decided on the message of its writer's own that the letter answered told of; () where it told of something else,
    so that WRONG takes back the act it is said of, and not a later one. The letter about an opening stands at the head
    of the thread: in answer to it, WRONG is of the last."""
    about = request.answers.about if request.answers is not None else None
    if about is None or about in dispute.undone:
        return ()
    group = _message_of(dispute, about)
    if group[0] == 0:
        return ()
    own = [n for n in group if _by(dispute.history[n]) == request.by.address]
    return group if any(isinstance(dispute.history[n], _CHANGING) for n in own) else ()


def _of_somebody_else(dispute: Dispute, request: Request) -> QuestionAsked | None:
    """Decided on the question for whoever answers WRONG to a letter about what somebody else did: WRONG takes back
    their own act, and reaches for none that the letter does not tell of. None in answer to any other letter."""
    about = request.answers.about if request.answers is not None else None
    event = dispute.history[about] if about is not None and about not in dispute.undone else None
    if event is None or not isinstance(event, _CHANGING) or _by(event) in ("", request.by.address):
        return None
    if "@" not in _by(event) or (about is not None and _message_of(dispute, about)[:1] == (0,)):
        return None
    against = {e.ResolutionProposed: "DISAGREE and why", e.DateProposed: "NO"}.get(type(event))
    otherwise = f"If you do not agree with it, reply {against}. " if against else ""
    question = (
        "The letter you answered tells of what somebody else did, and WRONG takes back what you did yourself. Nothing "
        f"was done. {otherwise}To take back something of yours, reply WRONG to the letter about that."
    )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic="whose act")


def _last_message(dispute: Dispute, address: str) -> tuple[int, ...]:
    """What WRONG takes back: places of what was decided on the last message of this address that changed anything."""
    changed = [n for n, past in enumerate(dispute.history) if _by(past) == address and isinstance(past, _CHANGING)]
    return _message_of(dispute, changed[-1]) if changed else ()


def _message_of(dispute: Dispute, place: int) -> tuple[int, ...]:
    """What was decided on one message: a reading is filed first and what follows from it stands behind it, until the
    next is filed, time brings something, or the office's line does. An opening is filed last."""
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
    MessageFiled,
    e.Reminded,
    e.LimitPassed,
    e.LimitWaited,
    e.CalendarMoved,
    e.VersionMoved,
    AutomaticMoveHeld,
    AutomaticMoveResumed,
    DisputeLinked,
    WordsRedacted,
)
_CHANGING = (
    e.StageEntered,
    e.ResolutionProposed,
    e.ResolutionConfirmed,
    e.ResolutionObjected,
    e.DateProposed,
    e.DateAgreed,
    e.ProtectiveDateSet,
    e.PersonHandedOver,
    e.PersonRecorded,
    e.PersonRemoved,
    e.AgencyJoined,
    e.AgencyLeft,
    e.FieldRecorded,
    e.DecisionPut,
    e.DisputeClosed,
    e.DisputeReopened,
    e.RouteTaken,
    e.ActionReported,
    e.ActionsRecorded,
    e.MeetingHeld,
    e.MeetingPlanned,
    OutcomeReported,
)
# Once somebody else has done one of these, what it rests on is not taken from under it.
_RESTS_ON = (
    e.StageEntered,
    e.ResolutionConfirmed,
    e.DateAgreed,
    e.DisputeClosed,
    e.DisputeReopened,
    e.DecisionMade,
)
# Nor is the stay in a stage from under what somebody else has put there.
_RESTS_ON_A_STAY = (e.ResolutionProposed, e.DateProposed, e.DecisionPut, e.RouteTaken)


def _by(event: e.Event) -> str:
    by = getattr(event, "by", "") or getattr(event, "leaving", "")
    return by.address if isinstance(by, Person) else by
