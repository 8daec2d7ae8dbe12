"""The end of a dispute and what comes after it, in words: how long each stage took and what ended it, and which of the
things agreed have been reported done. What a court may read two years on is here: days, instants, names, no judgement.
"""

from dataclasses import replace
from datetime import datetime

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
    past = counted(dispute)
    entered = [p for p in past if isinstance(p, e.StageEntered | e.DisputeReopened)]
    closings = {p.at for p in past if isinstance(p, e.DisputeClosed)}
    lines = []
    for number, visit in enumerate(dispute.visits):
        if visit.left is None:
            continue
        following = entered[number + 1] if number + 1 < len(entered) else None
        ended = "it was closed" if visit.left in closings else _ended(following, say)
        stage = f"{protocol.stage_name(visit.stage)}{', opened again' if visit.how == 'reopened' else ''}"
        lines.append(
            f"{stage}: {_days(visit.entered, visit.left, calendar)}, from {say.instant(visit.entered)} to "
            f"{say.instant(visit.left)}{f'; {ended}' if ended else ''}."
        )
    if lines:
        until, first = dispute.closed or dispute.visits[-1].entered, calendar.local(dispute.raised).date()
        altogether = _days(dispute.raised, until, calendar)
        lines.append(f"Altogether: {altogether} from the day it was raised, {say.day(first)}.")
    return tuple(lines)


def _ended(following: e.StageEntered | e.DisputeReopened | None, say: Speaker) -> str:
    """Moved by a person, who is named, or by the limit: nobody had answered, which is the figure a board looks for."""
    if isinstance(following, e.StageEntered) and following.how == "limit":
        return "the limit moved it on, because nothing had been recorded by then"
    if isinstance(following, e.StageEntered) and following.by:
        word = "referred" if following.how == "referred" else "moved up"
        return f"it was {word} by {say.person(following.by)}"
    return ""


def _days(first: datetime, last: datetime, calendar: Calendar) -> str:
    number = calendar.working_days_between(calendar.local(first).date(), calendar.local(last).date())
    return f"{number} working day{'' if number == 1 else 's'}" if number > 0 else "less than a working day"
