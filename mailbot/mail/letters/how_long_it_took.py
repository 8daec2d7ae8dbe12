"""How long it took, and what ended each stage: as what is filed says it."""

from datetime import datetime

from mailbot.core.decisions.after_closing import counted
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, Visit
from mailbot.core.record.events import Event
from mailbot.mail.letters.speaker import Speaker
from mailbot.mail.letters.wording import listed


def took(dispute: Dispute, protocol: Protocol, say: Speaker, calendar: Calendar) -> tuple[str, ...]:
    """Of what is recorded, tells how long it took: how long each stay in a stage took in working days, what ended
    it, and how long it has taken altogether. The day on which a stay begins counts as none, as in the procedures'
    own counting."""
    if not dispute.visits:
        return ()
    past = counted(dispute)
    entered = [p for p in past if isinstance(p, e.BEGINS_A_STAY)]
    closings = {p.at for p in past if isinstance(p, e.DisputeClosed)}
    lines = []
    for number, visit in enumerate(dispute.visits):
        if visit.left is None:
            continue
        following = entered[number + 1] if number + 1 < len(entered) else None
        ended = _closed_by(visit, past, say) if visit.left in closings else _ended(following, say)
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


def _closed_by(visit: Visit, past: tuple[Event, ...], say: Speaker) -> str:
    """Recorded so far: how a last stage ended, as what happened: whose decision closed it, or that it was agreed, and
    where, if it was told late."""
    there = [event for event in past if event.at == visit.left]
    decided = next((event for event in there if isinstance(event, e.DecisionMade)), None)
    if decided is not None:
        return f"it was decided by {say.person(decided.by)}"
    if not any(isinstance(event, e.ResolutionConfirmed) for event in there):
        return "it was closed"
    before = {event.stage for event in there if isinstance(event, e.DisputeClosed)} - {visit.stage}
    where = "".join(say.protocol.stage_name(stage) for stage in before)
    return f"it was confirmed that it had been agreed at {where}" if where else "it was agreed"


def _ended(following: e.StageEntered | e.DisputeReopened | None, say: Speaker) -> str:
    """Of what is recorded, tells how a stage ended, as what happened: moved by a person, who is named, or by the
    limit: nobody had answered, which is the figure a board looks for."""
    if isinstance(following, e.StageEntered) and following.how == "limit":
        return f"it moved on by itself at the limit{_by_then(following, say)}"
    if isinstance(following, e.StageEntered) and following.by:
        word = "referred" if following.how == "referred" else "moved up"
        return f"it was {word} by {say.person(following.by)}"
    return ""


def by_itself(dispute: Dispute, say: Speaker) -> str:
    """What is recorded of a stage before this that nobody moved: "Nothing was recorded at Stage 1 by its limit.", or
    that it moved on all the same; "" where a person moved it."""
    entered = [p for p in counted(dispute) if isinstance(p, e.BEGINS_A_STAY)]
    last = entered[-1] if entered else None
    if len(dispute.visits) < 2 or not isinstance(last, e.StageEntered) or last.how != "limit":
        return ""
    stage = say.protocol.stage_name(dispute.visits[-2].stage)
    heard = _on_record_by_then(last, say)
    return f"{stage} was not settled by its limit." if heard else f"Nothing was recorded at {stage} by its limit."


def _by_then(moved: e.StageEntered, say: Speaker) -> str:
    said = _on_record_by_then(moved, say)
    return (
        f"; by then there was on the record: {listed(said)}" if said else ", because nothing had been recorded by then"
    )


def _on_record_by_then(moved: e.StageEntered, say: Speaker) -> list[str]:
    """What had been recorded when the limit moved it on, counted in the record of that stay."""
    past = counted(say.dispute) if say.dispute else ()
    end = next((n for n, p in enumerate(past) if p is moved), len(past))
    begun = [n for n, p in enumerate(past[:end]) if isinstance(p, e.BEGINS_A_STAY)]
    stay = past[begun[-1] if begun else 0 : end]
    put = sum(isinstance(p, e.ResolutionProposed) for p in stay)
    refused = sum(isinstance(p, e.ResolutionObjected) for p in stay)
    views = sum(isinstance(p, e.FieldRecorded) and p.key.startswith("unresolved:") for p in stay)
    said = [
        f"{number} {words}{'' if number == 1 else 's'}"
        for number, words in ((put, "report that it was resolved"), (refused, "answer that it was not"))
        if number
    ]
    return [*said, "what remains unresolved"] if views else said


def _days(first: datetime, last: datetime, calendar: Calendar) -> str:
    number = calendar.working_days_between(calendar.local(first).date(), calendar.local(last).date())
    return f"{number} working day{'' if number == 1 else 's'}" if number > 0 else "less than a working day"
