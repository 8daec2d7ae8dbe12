"""In answer to what: CONFIRM, DISAGREE, AGREE, NO and DONE count for what their writer was shown.

What was put has changed or gone: nothing is done, and the writer is shown both. An answer that answers no letter of
ours is for the one thing of its kind that was put to its writer; where there were two, they are asked which.
"""

from collections.abc import Mapping

from mailbot.core.partnership.partnership import Request
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import QuestionAsked
from mailbot.core.record.intents import Act, Action
from mailbot.core.record.questions_put import put_now

_KIND: Mapping[Act, str] = {
    Act.CONFIRM_RESOLUTION: "proposal",
    Act.OBJECT_RESOLUTION: "proposal",
    Act.ACCEPT_DATE: "date",
    Act.REFUSE_DATE: "date",
    Act.ACTION_DONE: "agreed",
}
_ASK_AGAIN: Mapping[str, str] = {
    "proposal": "If you agree with what is put to you now, reply CONFIRM to this letter; if you do not, DISAGREE.",
    "date": "If you agree with the date that is put to you now, reply AGREE to this letter; if you do not, NO.",
    "agreed": "If one of these is done, reply DONE to this letter, with its words.",
}


def meant_otherwise(dispute: Dispute, request: Request, act: Act | None = None) -> QuestionAsked | None:
    """The question to its writer, where what they answer is not what stands now; None where it is."""
    kind = _KIND.get(act or request.intent.act, "")
    now = getattr(put_now(dispute), kind, None) if kind else None
    if now is None:
        return None
    shown = getattr(request.answers, kind, None) if request.answers is not None else None
    before = shown if shown is not None else _other(dispute, now, kind)
    if shown == now or before is None or before == now:
        return None
    if shown is None and (act or request.intent.act) not in (Act.CONFIRM_RESOLUTION, Act.ACCEPT_DATE):
        return None  # a "no" that answers no letter is meant for what stands
    question = (
        f"What you answered has changed, so nothing was done. Before: “{_said(dispute, before)}”. "
        f"Now: “{_said(dispute, now)}”. {_ASK_AGAIN[kind]}"
    )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic=f"which {kind}")


def _other(dispute: Dispute, now: int, kind: str) -> int | None:
    """Another one of this kind, put by the same side in the present stay and replaced since."""
    made = e.ResolutionProposed if kind == "proposal" else e.DateProposed
    begun = max(
        (n for n, p in enumerate(dispute.history) if isinstance(p, e.StageEntered | e.DisputeReopened)), default=0
    )
    past, undone = dispute.history, dispute.undone
    places = [n for n in range(begun, now) if isinstance(past[n], made) and n not in undone]
    side = getattr(past[now], "side", None)
    theirs = [n for n in places if getattr(past[n], "side", None) is side]
    return theirs[-1] if theirs else None


def _said(dispute: Dispute, place: int) -> str:
    match dispute.history[place]:
        case e.ResolutionProposed(agreed=agreed, actions=actions):
            return _with_dates(agreed, actions)
        case e.DecisionMade(words=words, actions=actions):
            return _with_dates(words, actions)
        case e.DateProposed(on=on):
            return f"{on:%A} {on.day} {on:%B %Y}"
        case _:
            return ""


def _with_dates(words: str, actions: tuple[Action, ...]) -> str:
    return " ".join(words.split()) or "; ".join(f"{a.what}{f' by {a.by:%d %B %Y}' if a.by else ''}" for a in actions)
