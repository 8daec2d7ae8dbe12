"""In answer to what: an answer counts for the proposal, date, referral or decision that its writer was shown.

What was put has changed or gone: nothing is done, and the writer is shown both. An answer that answers no letter of
ours is for the one thing of its kind that was put to its writer; where there were two, they are asked which. Moving up
and referring are asked for in a stay: said in answer to a letter of an earlier one, they do nothing to the present.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from mailbot.core.clocks.case import Case
from mailbot.core.partnership.partnership import Request
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events_of_mail import MessageFiled, QuestionAsked
from mailbot.core.record.intents import Act, Action, Person
from mailbot.core.record.questions_put import Put, put_now, puts

_KIND: Mapping[Act, str] = {
    Act.CONFIRM_RESOLUTION: "proposal",
    Act.OBJECT_RESOLUTION: "proposal",
    Act.ACCEPT_DATE: "date",
    Act.REFUSE_DATE: "date",
    Act.ACTION_DONE: "agreed",
    Act.DECISION: "decision",
}
# A "no" that answers no letter is meant for what stands, and words of one's own say what they decide.
_ASSENTS = frozenset({Act.CONFIRM_RESOLUTION, Act.ACCEPT_DATE, Act.DECISION})
_OF_A_STAY: Mapping[Act, str] = {Act.MOVE_UP: "ESCALATE", Act.REFER: "REFER", Act.DECISION: "DECISION and the words"}
_MADE: Mapping[str, type[e.Event]] = {
    "proposal": e.ResolutionProposed,
    "date": e.DateProposed,
    "agreed": e.ResolutionProposed,
    "decision": e.DecisionPut,
}
_ASK_AGAIN: Mapping[str, str] = {
    "proposal": "If you agree with what is put to you now, reply CONFIRM to this letter; if you do not, DISAGREE.",
    "date": "If you agree with the date that is put to you now, reply AGREE to this letter; if you do not, NO.",
    "agreed": "If one of these is done, reply DONE to this letter, with its words.",
    "decision": "If those words are to stand, reply DECISION to this letter; if not, DECISION and the words that are.",
}


def meant_otherwise(case: Case, request: Request, act: Act | None = None) -> QuestionAsked | None:
    """In answer to what is not put now, the question to its writer: another proposal, date, decision or stay, or none
    any more; None where they answer what stands."""
    dispute = case.dispute
    act = act or request.intent.act
    if (earlier := _of_another_closing(dispute, request, act)) is not None:
        return earlier
    if (moved := _of_another_stay(case, request, act)) is not None:
        return moved
    kind = _KIND.get(act, "")
    if not kind or (act is Act.DECISION and request.intent.words):
        return None
    now = getattr(put_now(dispute), kind)
    shown = getattr(request.answers, kind) if request.answers is not None else None
    if now is None:
        if shown is None or kind == "agreed" or not dispute.is_open:
            return None
        return _gone(dispute, request, shown, kind)
    if request.answers is None and act in _ASSENTS and _was_written_before(dispute, request, now):
        return _put_since(dispute, request, now, kind)
    before = shown if shown is not None else _other(dispute, now, kind)
    if before in (None, now) or (shown is None and act not in _ASSENTS):
        return None
    question = (
        f"What you answered has changed, so nothing was done. Before: “{_said(dispute, before)}”. "
        f"Now: “{_said(dispute, now)}”. {_ASK_AGAIN[kind]}"
    )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic=f"which {kind}")


def _was_written_before(dispute: Dispute, request: Request, now: int) -> bool:
    """In answer to no letter, and by its own date written before what is put now was put?"""
    return request.written is not None and request.written < dispute.history[now].at


def _put_since(dispute: Dispute, request: Request, now: int, kind: str) -> QuestionAsked:
    """In answer to what stood when it was written, if anything did: both are shown."""
    written = request.written or request.at
    stood = puts([past for past in dispute.history if past.at <= written])[-1]
    before = getattr(stood, kind)
    then = f"Before: “{_said(dispute, before)}”. " if before not in (None, now) else ""
    question = (
        f"By its date your email was written before what is put to you now, so nothing was done. {then}"
        f"Now: “{_said(dispute, now)}”. {_ASK_AGAIN[kind]}"
    )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic=f"which {kind}")


WHO_IS_IT = "stranger"  # the topic of the question who somebody is that wrote and is in no dispute


def stranger_asked_about(dispute: Dispute, shown: Put | None) -> str:
    """In answer to the letter that asked who somebody is: the digest of their message; "" in answer to any other."""
    place = shown.about if shown is not None else None
    event = dispute.history[place] if place is not None else None
    if place is None or not isinstance(event, QuestionAsked) or event.topic != WHO_IS_IT:
        return ""
    return next(past.digest for past in reversed(dispute.history[:place]) if isinstance(past, MessageFiled))


def shown_by_quoting(dispute: Dispute, quoted: str) -> Put | None:
    """What an email is in answer to that names no letter of ours and quotes one: the proposal or date whose words stand
    in what it quotes, be it what is put now or what was put before; None where it quotes neither."""
    there, now = " ".join(re.sub(r"^[>|\s]+", "", quoted, flags=re.MULTILINE).split()), put_now(dispute)
    for kind in ("proposal", "date"):
        stands = getattr(now, kind)
        if stands is None:
            continue
        if _is_quoted(dispute, stands, there):
            return now
        past = (n for n in range(stands - 1, -1, -1) if isinstance(dispute.history[n], _MADE[kind]))
        older = next((n for n in past if _is_quoted(dispute, n, there)), None)
        if older is not None:
            return replace(now, proposal=older) if kind == "proposal" else replace(now, date=older)
    return None


def _is_quoted(dispute: Dispute, place: int, quoted: str) -> bool:
    words = " ".join(_said(dispute, place).split()).strip(" .")
    return len(words) > 8 and words.casefold() in quoted.casefold()


def _of_another_stay(case: Case, request: Request, act: Act) -> QuestionAsked | None:
    """In answer to a letter of an earlier stay: it has moved since, so what was asked for then is not done now."""
    dispute = case.dispute
    now = put_now(dispute).stay
    if act not in _OF_A_STAY or not dispute.is_open or now is None:
        return None
    shown = request.answers.stay if request.answers is not None else None
    if shown is None:
        return _written_before_it(case, request, act, now)
    if shown == now:
        return None
    protocol, calendar = case.protocol, case.calendar
    then, since = _stage_of(dispute, shown), calendar.local(dispute.history[now].at)
    there = f"{protocol.stage_name(dispute.stage)}{' again' if then == dispute.stage else ''}"
    question = (
        f"The letter you answered is of {protocol.stage_name(then)}; since {since:%A} {since.day} {since:%B} it has "
        f"been at {there}. So nothing was done. If you ask for that now, reply {_OF_A_STAY[act]} to this letter."
    )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic="which stay")


def _written_before_it(case: Case, request: Request, act: Act, now: int) -> QuestionAsked | None:
    """In answer to no letter, and written before the present stay began: read late, it asked for the stage before."""
    began = case.dispute.history[now].at
    if act not in (Act.MOVE_UP, Act.REFER) or min(request.at, request.written or request.at) >= began:
        return None
    since, stage = case.calendar.local(began), case.protocol.stage_name(case.dispute.stage)
    question = (
        f"By its date your email was written before {since:%A} {since.day} {since:%B}, {since:%H:%M}, and since then "
        f"it has been at {stage}. So nothing was done. If you ask for that now, reply {_OF_A_STAY[act]} to this letter."
    )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic="which stay")


_WHETHER = frozenset({Act.HAPPENED, Act.NOT_HAPPENED})


def _of_another_closing(dispute: Dispute, request: Request, act: Act) -> QuestionAsked | None:
    """In answer to a letter about an earlier closing: whether what was agreed then happened says nothing of what was
    agreed since."""
    about = request.answers.about if request.answers is not None else None
    ends = [
        n for n, past in enumerate(dispute.history) if isinstance(past, e.DisputeClosed) and n not in dispute.undone
    ]
    if act not in _WHETHER or about is None or dispute.is_open or not ends or about >= ends[-1]:
        return None
    if not any(n <= about for n in ends[:-1]):  # of when it was open: said of how it ended
        return None
    word = "HAPPENED" if act is Act.HAPPENED else "NOT HAPPENED"
    question = (
        f"The letter you answered asked about what was agreed before; since then {dispute.reference} was reopened, and "
        f"closed again. So nothing was done. If you mean what was agreed last, reply {word} to this letter."
    )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic="which closing")


def _stage_of(dispute: Dispute, place: int) -> str:
    begun = (past.stage for past in reversed(dispute.history[: place + 1]) if isinstance(past, e.StageEntered))
    return next(begun, dispute.stage)


def _gone(dispute: Dispute, request: Request, shown: int, kind: str) -> QuestionAsked:
    """In answer to what is not put to anybody any more."""
    question = (
        f"{_no_more(dispute, shown, kind)} So nothing was done. If you have something to say, please say it in "
        "words of your own; to see how things stand, reply STATUS."
    )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic=f"which {kind}")


def what_is_gone(dispute: Dispute, request: Request) -> str:
    """In answer to a letter that put something which is not put any more: a sentence that shows it and says why; "" for
    any other."""
    shown, now = request.answers, put_now(dispute)
    if shown is None or not dispute.is_open:
        return ""
    places = ((kind, getattr(shown, kind)) for kind in ("proposal", "date") if getattr(now, kind) is None)
    return next((_no_more(dispute, place, kind) for kind, place in places if place is not None), "")


def _no_more(dispute: Dispute, shown: int, kind: str) -> str:
    since = [past for n, past in enumerate(dispute.history) if n > shown]
    why = next((said for past in since if _fits(past, kind) and (said := _ended(past, shown))), "it has moved on since")
    return f"The letter you answered put this to you: “{_said(dispute, shown)}”. It is not put any more: {why}."


def _fits(past: e.Event, kind: str) -> bool:
    of_dates = isinstance(past, e.DateAgreed | e.DateRefused)
    return of_dates == (kind == "date") or isinstance(past, e.MisreadUndone | e.StageEntered)


def _ended(past: e.Event, shown: int) -> str:
    match past:
        case e.ResolutionObjected(by=by):
            return f"{by.shown} did not agree to it"
        case e.DateRefused(by=by):
            return f"{by.shown} did not agree to it"
        case e.DateAgreed():
            return "it was agreed"
        case e.MisreadUndone(places=places, by=by) if shown in places:
            return f"{by.shown} took it back"
        case e.StageEntered() | e.DisputeReopened():
            return "the dispute has moved since"
        case _:
            return ""


def _other(dispute: Dispute, now: int, kind: str) -> int | None:
    """In answer to no letter: another of its kind, put by the same side in the present stay and replaced since."""
    past, undone = dispute.history, dispute.undone
    begun = max((n for n, p in enumerate(past) if isinstance(p, e.BEGINS_A_STAY)), default=0)
    places = [n for n in range(begun, now) if isinstance(past[n], _MADE[kind]) and n not in undone]
    side = getattr(past[now], "side", None)
    theirs = [n for n in places if getattr(past[n], "side", None) is side]
    return theirs[-1] if theirs else None


def _said(dispute: Dispute, place: int) -> str:
    put = dispute.history[place]
    if isinstance(put, e.ResolutionProposed):
        return _with_dates(put.agreed, put.actions)
    if isinstance(put, e.DecisionMade | e.DecisionPut):
        return _with_dates(put.words, put.actions)
    assert isinstance(put, e.DateProposed)
    return f"{put.on:%A} {put.on.day} {put.on:%B %Y}"


def _with_dates(words: str, actions: tuple[Action, ...]) -> str:
    return " ".join(words.split()) or "; ".join(f"{a.what}{f' by {a.by:%d %B %Y}' if a.by else ''}" for a in actions)


def decision_answered(dispute: Dispute, request: Request) -> e.DecisionPut | None:
    """The decision of one of several that a bare DECISION is in answer to: the one its letter put, or, where it answers
    none of ours that put one, the one that stands."""
    now = put_now(dispute).decision
    if now is None or (request.answers is not None and request.answers.decision != now):
        return None
    put = dispute.history[now]
    return put if isinstance(put, e.DecisionPut) and put.by.address != request.by.address else None


def was_put(dispute: Dispute, topic: str, to: Person) -> bool:
    """In answer to a question: was it put to this person in this stay, so that they answer it by asking again? What
    somebody else was asked is not answered by them."""
    return any(isinstance(p, QuestionAsked) and p.topic == topic and p.of.address == to.address for p in dispute.lately)
