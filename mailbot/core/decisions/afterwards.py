"""After the end: did what was agreed happen? Who may say so, what follows from it, and who is asked what.

A "no" opens the dispute again, unless a binding decision ended it: then nobody can reopen it, and those who decided
and the Business Manager are told instead. A "yes" covers what was to have happened by the day it was said.
"""

from mailbot.core.decisions.people import details
from mailbot.core.decisions.resolving import is_binding, may_reopen, reopen
from mailbot.core.happened import events as e
from mailbot.core.happened.afterwards import FeedbackAsked, OutcomeAsked, OutcomeReported
from mailbot.core.happened.correspondence import AbsenceNoticed, NoticeFailed, QuestionAsked, RequestRefused
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.intents import Action, Person
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.partnership import Partnership, Request
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.telling.demands import everyone, in_roles

AT_CLOSE = "ask at close"  # how a form's file says that a box is asked about when it is closed


def counted(dispute: Dispute) -> tuple[e.Event, ...]:
    """The history without what was misread and put back."""
    undone = {place for event in dispute.history if isinstance(event, e.MisreadUndone) for place in event.places}
    return tuple(event for place, event in enumerate(dispute.history) if place not in undone)


def since_closing(dispute: Dispute) -> tuple[e.Event, ...]:
    """What has happened since the closing that holds; () while it is open."""
    past = counted(dispute)
    ends = [n for n, event in enumerate(past) if isinstance(event, e.DisputeClosed)]
    return past[ends[-1] :] if ends and not dispute.is_open else ()


def answer(dispute: Dispute) -> OutcomeReported | None:
    """What was said last about this closing; None for silence, which is never taken as a yes."""
    return next((p for p in reversed(since_closing(dispute)) if isinstance(p, OutcomeReported)), None)


def was_asked(dispute: Dispute) -> OutcomeAsked | None:
    """The question put last about this closing."""
    return next((p for p in reversed(since_closing(dispute)) if isinstance(p, OutcomeAsked)), None)


def has_ended_in_substance(dispute: Dispute, protocol: Protocol) -> bool:
    """By agreement on something that is to happen, or by a decision: not withdrawn, opened in error, found not
    justified, or accepted with the reasons for it."""
    if any(isinstance(p, e.DecisionMade) and p.at == dispute.closed for p in dispute.history):
        return True
    proposal, outcome = dispute.proposal, protocol.outcomes.get(dispute.outcome)
    agreed = proposal is not None and proposal.outcome == dispute.outcome
    return agreed and (outcome is None or outcome.id == "resolved" or "agreed_outcome" in outcome.needs)


def has_something_to_happen(dispute: Dispute, protocol: Protocol) -> bool:
    return bool(dispute.actions) or has_ended_in_substance(dispute, protocol)


def asks_for_feedback(dispute: Dispute, protocol: Protocol) -> bool:
    """Does a form of this procedure want it, at the stage where this ended? "How helpful or unhelpful was this policy"
    is a box of the form that North Somerset begins at Stage 2; what settles before it is asked nothing more (NS-10)."""
    forms = (f for f in protocol.forms.values() if dispute.stage in f.stages)
    wanted = any(field.needed == AT_CLOSE for form in forms for field in form.fields)
    return wanted and has_ended_in_substance(dispute, protocol)


def may_be_asked(dispute: Dispute, partnership: Partnership) -> list[Person]:
    """Whoever raised it and the managers of the last stage, less those who were asked before or have said already."""
    past = counted(dispute)
    before = {p.address for event in past if isinstance(event, FeedbackAsked) for p in event.of}
    before |= {given.by.address for given in dispute.feedback}
    stage = partnership.stage_of(dispute)
    people = in_roles(("raiser", *stage.raising, *stage.receiving), dispute, partnership)
    return [p for p in people if p.address not in before and partnership.may_write_to(p.address)]


def last_with(dispute: Dispute, partnership: Partnership, side: Side) -> list[Person]:
    """Whoever the last stage was with on ``side``; where nobody is known there, the last who may know of it."""
    stage = partnership.stage_of(dispute)
    here = in_roles(stage.raising if side is Side.RAISING else stage.receiving, dispute, partnership, side)
    reachable = [p for p in here if partnership.may_write_to(p.address)]
    theirs = {p.person.address for p in dispute.parties if p.side is side}
    return reachable or [p for p in everyone(dispute, partnership) if p.address in theirs][-1:]


def asked_whether(dispute: Dispute, partnership: Partnership) -> list[Person]:
    """The raiser, or whoever has their place by handover; if they are gone, the raising manager."""
    raisers = in_roles(("raiser",), dispute, partnership)
    here = [p for p in raisers if partnership.may_write_to(p.address) and not _is_gone(p, dispute)]
    return here or last_with(dispute, partnership, Side.RAISING) or list(partnership.office())


def _is_gone(person: Person, dispute: Dispute) -> bool:
    """Their automatic reply said that they have left, or their address takes no more mail."""
    return any(
        (isinstance(p, AbsenceNoticed) and p.left and p.person.address == person.address)
        or (isinstance(p, NoticeFailed) and p.permanent and p.address == person.address)
        for p in dispute.history
    )


def happened(dispute: Dispute, request: Request, partnership: Partnership) -> list[e.Event]:
    if dispute.is_open:
        why = f"{dispute.reference} is open. If it is settled, reply RESOLVED with what was agreed and actual dates"
        return [RequestRefused(at=request.at, by=request.by, act=request.intent.act, why=why)]
    today = partnership.calendar.local(request.at).date()
    covered = tuple(x for x in dispute.actions if not x.done and (x.by is None or x.by <= today))
    words = request.intent.words
    yes = OutcomeReported(at=request.at, by=request.by, happened=True, words=words, actions=covered)
    return [yes, *details(dispute, request, partnership)]


def did_not_happen(dispute: Dispute, request: Request, partnership: Partnership) -> list[e.Event]:
    """The reason stands with it; where a binding decision ended it, that it did not happen is all that is recorded."""
    if dispute.is_open:
        why = "it is open already; what has not happened can be said there"
        return [RequestRefused(at=request.at, by=request.by, act=request.intent.act, why=why)]
    if not may_reopen(dispute, request, partnership):
        return reopen(dispute, request, partnership)  # which says why not
    no = OutcomeReported(at=request.at, by=request.by, happened=False, words=request.intent.words)
    if is_binding(dispute, partnership.protocol):
        return [no]
    return [no, *reopen(dispute, request, partnership)]


# Words that tell no action from another.
_SMALL = frozenset(
    {"the", "a", "an", "at", "to", "and", "of", "in", "on", "is", "was", "with", "has", "been", "for", "it", "be", "by",
     "we", "i", "he", "she", "they", "that", "this", "now", "did", "done", "will"}
)  # fmt: skip


def action_done(dispute: Dispute, request: Request, partnership: Partnership) -> list[e.Event]:
    """The agreed action that was meant is done. Which one, is asked when two are meant equally; what matches none is
    kept in its writer's words."""
    said = request.intent.fields.get("action_done", "") or request.intent.words
    actions = dispute.proposal.actions if dispute.proposal and dispute.is_open else dispute.actions
    pending = [x for x in actions if not x.done]
    meant = _meant(said, pending)
    if len({x.what for x in meant}) > 1:
        listed = "; ".join(f"{x.what}{f' ({x.who})' if x.who else ''}" for x in meant)
        question = f"Which of these is done: {listed}? Please reply DONE and its words."
        return [QuestionAsked(at=request.at, of=request.by, question=question, topic="which action")]
    done = min(meant, key=lambda x: (x.by is None, x.by), default=None)  # of two in the same words, the one due first
    what, agreed_for = (done.what, done.by) if done else (said, None)
    reported = e.ActionReported(at=request.at, what=what, done=True, by=request.by, agreed_for=agreed_for)
    return [reported, *_answered_by(reported, dispute, request)]


def _answered_by(reported: e.ActionReported, dispute: Dispute, request: Request) -> list[e.Event]:
    """ "Did it happen?" "Done.": when whoever raised it says so of the last thing, that is the answer."""
    is_raiser = any(p.person.address == request.by.address for p in dispute.filling("raiser"))
    if was_asked(dispute) is None or not is_raiser or not all(x.done for x in dispute.after(reported).actions):
        return []
    return [OutcomeReported(at=request.at, by=request.by, happened=True, words=request.intent.words)]


def _meant(said: str, pending: list[Action]) -> list[Action]:
    exactly = [x for x in pending if _telling(x.what) == _telling(said)]
    words = _telling(said)
    if exactly or not words:
        return exactly or pending
    scored = [(len(words & _telling(f"{x.what} {x.who}")), x) for x in pending]
    best = max((score for score, _ in scored), default=0)
    return [x for score, x in scored if score == best] if best else []


def _telling(text: str) -> frozenset[str]:
    plain = "".join(c if c.isalnum() else " " for c in text.casefold()).split()
    return frozenset(word for word in plain if word not in _SMALL)
