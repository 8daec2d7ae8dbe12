"""The end of a dispute and what comes after it, in words: how long each stage took and what ended it, and which of the
things agreed have been reported done. What a court may read two years on is here: days, instants, names, no judgement.
"""

from dataclasses import replace

from mailbot.core.clocks.calendar import Calendar
from mailbot.core.decisions.afterwards import counted
from mailbot.core.happened import afterwards as a
from mailbot.core.happened import events as e
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.events import Event
from mailbot.core.happened.intents import Action
from mailbot.core.procedure.protocol import Protocol
from mailbot.mail.writing import account
from mailbot.mail.writing.account import last_proposal
from mailbot.mail.writing.speaking import Speaker, Told


def tell(event: Event, say: Speaker) -> Told:
    """``event`` in words, also one that comes after the end."""
    dispute = say.dispute
    if dispute is None:
        return account.tell(event, say)
    match event:
        case a.ActionsReminded():
            return _of(dispute, say, event, tuple(x for x in dispute.actions if x.by in event.on and not x.done))
        case a.ActionsUnreported():
            latest = max(event.on)
            late = tuple(x for x in dispute.actions if x.by and x.by <= latest and not x.done)
            return _of(dispute, say, event, late)
        case a.OutcomeAsked():
            return replace(_of(dispute, say, event, dispute.actions), agreed=_agreed(dispute, say), late=event.last)
        case a.OutcomeReported():
            return Told(
                by=say.person(event.by), at=say.instant(event.at), words=say.words(event.words),
                what="what was agreed has happened" if event.happened else "what was agreed has not happened",
                actions=say.actions(dispute.actions), agreed=_agreed(dispute, say),
            )  # fmt: skip
        case e.DisputeClosed():
            return _closed(event, dispute, say)
        case _:
            return account.tell(event, say)


def _of(dispute: Dispute, say: Speaker, event: Event, actions: tuple[Action, ...]) -> Told:
    dates = sorted({x.by for x in actions if x.by})
    return Told(
        at=say.instant(event.at), actions=say.actions(actions), on=" and ".join(say.day(on) for on in dates),
        whom=" and ".join(dict.fromkeys(x.who for x in actions if x.who)), was=say.instant(dispute.closed),
    )  # fmt: skip


def _agreed(dispute: Dispute, say: Speaker) -> str:
    """What was agreed or decided, in its own words."""
    decided = next((p for p in dispute.history if isinstance(p, e.DecisionMade) and p.at == dispute.closed), None)
    proposal = last_proposal(dispute)
    words = decided.words if decided else proposal.agreed if proposal else ""
    return say.words(words)


def _closed(event: e.DisputeClosed, dispute: Dispute, say: Speaker) -> Told:
    """A decision brings its actions with their dates, as an agreement does."""
    told = account.tell(event, say)
    decided = any(isinstance(p, e.DecisionMade) and p.at == event.at for p in dispute.history)
    return replace(told, actions=say.actions(dispute.actions)) if decided and not told.actions else told


def took(dispute: Dispute, protocol: Protocol, say: Speaker, calendar: Calendar) -> tuple[str, ...]:
    """How long each stay in a stage took in working days, what ended it, and how long it has taken altogether. The day
    on which a stay begins counts as none, as in the procedures' own counting."""
    if not dispute.visits:
        return ()
    entered = [p for p in counted(dispute) if isinstance(p, e.StageEntered | e.DisputeReopened)]
    lines = []
    for number, visit in enumerate(dispute.visits):
        following = entered[number + 1] if number + 1 < len(entered) else None
        left = visit.left or (following.at if following else None)
        if left is None:
            continue
        begun = calendar.local(visit.entered)
        days = _days(calendar.working_days_between(begun.date(), calendar.local(left).date()))
        ended = _ended(following, say) if visit.left is None or number < len(dispute.visits) - 1 else ""
        last = dispute.visits[-1] is visit and not dispute.is_open
        ended = "it was closed" if last or _was_closed(dispute, visit.left) else ended
        lines.append(
            f"{protocol.stage_name(visit.stage)}: {days}, from {say.instant(visit.entered)} to {say.instant(left)}"
            f"{f'; {ended}' if ended else ''}."
        )
    ends = dispute.closed or dispute.visits[-1].entered
    if lines and ends >= dispute.raised:
        first, last_day = calendar.local(dispute.raised).date(), calendar.local(ends).date()
        days = _days(calendar.working_days_between(first, last_day))
        lines.append(f"Altogether: {days} from the day it was raised, {say.day(first)}.")
    return tuple(lines)


def _was_closed(dispute: Dispute, left: object) -> bool:
    return any(isinstance(p, e.DisputeClosed) and p.at == left for p in counted(dispute))


def _ended(following: e.StageEntered | e.DisputeReopened | None, say: Speaker) -> str:
    """Moved by a person, who is named, or by the limit: nobody had answered, which is the figure a board looks for."""
    if isinstance(following, e.StageEntered) and following.how == "limit":
        return "the limit moved it on, because nothing had been recorded by then"
    if isinstance(following, e.StageEntered) and following.by:
        word = "referred" if following.how == "referred" else "moved up"
        return f"it was {word} by {say.person(following.by)}"
    return ""


def _days(number: int) -> str:
    return f"{number} working day{'' if number == 1 else 's'}" if number else "less than a working day"
