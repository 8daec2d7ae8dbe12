"""The resolution of a dispute: one side says so, the other confirms; either may put it back;
nobody's silence counts."""

import re
from collections.abc import Iterable

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.in_answer_to import meant_otherwise, was_put
from mailbot.core.decisions.people.names_and_facts import details
from mailbot.core.decisions.stages import close_dispute
from mailbot.core.decisions.who_may.authority import deciders, is_final, judge
from mailbot.core.decisions.who_may.table import END_ALONE, On
from mailbot.core.partnership.partnership import Partnership, Request, side_of
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.outcomes import DATED
from mailbot.core.procedure.protocol import OutcomeRule, Protocol
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, State
from mailbot.core.record.events_of_mail import QuestionAsked, RequestRefused
from mailbot.core.record.intents import Act, Action, Sure

ACTUAL_DATE = "actual date"  # the topic of the question for one
BY_OFFICE = "closed by the partnership's office"  # an outcome of no file: neither side withdrew it


def propose_resolution(case: Case, request: Request) -> list[e.Event]:
    """The events of RESOLVED, with what was agreed and actual dates (NS-27, NS-28): a resolution proposed, until the
    other side confirms it."""
    dispute = case.dispute
    intent, side = request.intent, side_of(dispute, request.by) or Side.RAISING
    if is_given_alone(request, case.partnership):
        outcome = case.protocol.outcomes[intent.fields["outcome"]]
        return _given(case, request, outcome)
    agreed = intent.fields.get("agreed_outcome", "")
    waiting = dispute.proposal
    has_said = dispute.voice(side, request.by.agency) in dispute.confirmed
    if waiting is not None and not has_said and not agreed and not intent.actions:
        return _said_by_both(case, request)
    if not agreed and not intent.actions:
        question = "What was agreed, who will do it, and by which date? Reply RESOLVED and then the words."
        return [QuestionAsked(at=request.at, of=request.by, question=question, topic="what was agreed")]
    undated = _undated(case, request, agreed)
    if undated is not None:
        return [undated]
    events = details(case, request)
    proposal = e.ResolutionProposed(
        at=request.at,
        stage=_stage_on(case, request),
        side=side,
        by=request.by,
        agreed=agreed or "; ".join(a.what for a in intent.actions),
        actions=intent.actions,
        outcome=intent.fields.get("outcome", "") or "resolved",
        on=intent.on,
        understood=intent.sure is Sure.PROBABLE,
    )
    events.append(proposal)
    if not case.stage.receiving:
        events += close_dispute(dispute, proposal.outcome, request.at, request.by.address, agreed)
    return events


def is_given_alone(request: Request, partnership: Partnership) -> bool:
    """Is a resolution one that the file lets one role give by itself (SU-05)?"""
    outcome = partnership.protocol.outcomes.get(request.intent.fields.get("outcome", ""))
    return outcome is not None and bool(outcome.given_by)


_NOTHING_MORE = (
    "no further action",
    "nothing further",
    "nothing more",
    "no action",
    "no actions",
    "nothing is to be done",
    "nothing to be done",
    "nothing else to do",
    "nothing outstanding",
)


def _is_dated(actions: Iterable[Action], words: str) -> bool:
    """Has every action of a resolution an actual date, and is there one at all, or words that say that none is
    needed?"""
    found = tuple(actions)
    if found:
        return all(action.by is not None for action in found)
    said = words.casefold()
    return any(nothing in said for nothing in _NOTHING_MORE)


def _undated(case: Case, request: Request, agreed: str) -> QuestionAsked | None:
    """A resolution without a date, "Actual date not ASAP" (NS-28): asked before it is put to the other side, who then
    confirm it once. Whoever says the same again without naming a vague date has been asked, and is not asked twice."""
    actions = request.intent.actions
    name = request.intent.fields.get("outcome", "") or "resolved"
    outcome = case.protocol.outcomes.get(name)
    vague = any(action.by is None for action in actions)
    wanted = outcome is not None and DATED in outcome.needs
    was_asked = was_put(case.dispute, ACTUAL_DATE, request.by)
    if not case.stage.receiving or _is_dated(actions, agreed):
        return None
    if not vague and (not wanted or was_asked):
        return None
    question = (
        "Please give an actual date for each action: “as soon as possible” cannot be followed up. "
        if vague
        else "What will be done, by whom, and by which actual date? If nothing further is to be done, say so. "
    )
    end = "Reply RESOLVED with the actions and their dates; the other side is asked to confirm when they are there."
    return QuestionAsked(at=request.at, of=request.by, question=question + end, topic=ACTUAL_DATE)


def _said_by_both(case: Case, request: Request) -> list[e.Event]:
    """Both sides have said RESOLVED, the second without words of its own: it confirms the first one's, if it may."""
    changed = meant_otherwise(case, request, Act.CONFIRM_RESOLUTION)
    if changed is not None:
        return [changed]
    judged = judge(request, case, Act.CONFIRM_RESOLUTION)
    if judged.is_allowed:
        return confirm_resolution(case, request)
    return [RequestRefused(at=request.at, by=request.by, act=Act.CONFIRM_RESOLUTION, why=judged.why)]


def _given(case: Case, request: Request, outcome: OutcomeRule) -> list[e.Event]:
    """The events of a resolution that one role gives by itself (SU-05): with reasons, and with whoever
    must be told of it on record.

    The raiser hears of it and may put it back, as after any closing (G12).
    """
    judged = judge(request, case, END_ALONE, On.IT)  # an opening may say it, and asks no other judge
    if not judged.is_allowed:
        return [RequestRefused(at=request.at, by=request.by, act=request.intent.act, why=judged.why)]
    events = details(case, request)
    for event in events:
        case = case.after(event)
    reasons = request.intent.fields.get("reason", "")
    lacking = "" if reasons else "Please give the reasons: they are kept on the record, and the raiser is told them."
    lacking = lacking or _untold(case, request, outcome)
    if lacking:
        return [*events, QuestionAsked(at=request.at, of=request.by, question=lacking, topic=outcome.id)]
    return [*events, *close_dispute(case.dispute, outcome.id, request.at, request.by.address, reasons)]


def _untold(case: Case, request: Request, outcome: OutcomeRule) -> str:
    """Who must still be told before a resolution that one role gives can close: "designated lead told" of ``needs``
    means somebody in that role on the writer's side, whom closing tells."""
    side = side_of(case.dispute, request.by)
    for need in outcome.needs:
        role = case.protocol.roles.get(need.removesuffix(" told").replace(" ", "_"))
        if role is None or not need.endswith(" told"):
            continue
        if not any(p.side is side and p.person.address for p in case.dispute.filling(role.id)):
            word = outcome.id.replace("-", " ").upper()
            return (
                f"Your {role.title.lower()} must be told. Please reply {word} with the reasons again, and a line "
                f"“{role.title}:” with their name and email."
            )
    return ""


def _stage_on(case: Case, request: Request) -> str:
    """The stage the dispute was at on the day a resolution is said to have been reached: a move by the limit is put
    right this way (A6.11)."""
    dispute = case.dispute
    on = request.intent.on
    if on is None:
        return dispute.stage
    local = case.calendar.local
    then = [v.stage for v in dispute.visits if local(v.entered).date() <= on]
    moved_by_limit = dispute.visit.how == "limit" and len(dispute.visits) > 1
    if moved_by_limit and on <= local(dispute.visit.entered).date():
        return dispute.visits[-2].stage
    return then[-1] if then else dispute.stage


def confirm_resolution(case: Case, request: Request) -> list[e.Event]:
    dispute = case.dispute
    proposal = dispute.proposal
    side = side_of(dispute, request.by)
    if proposal is None or side is None or dispute.voice(side, request.by.agency) in dispute.confirmed:
        why = "the other side confirms what one side has reported"
        return [RequestRefused(at=request.at, by=request.by, act=Act.CONFIRM_RESOLUTION, why=why)]
    confirmed = e.ResolutionConfirmed(at=request.at, side=side, by=request.by)
    if not dispute.after(confirmed).is_confirmed:  # another agency has still to say so (NS-07: "all parties involved")
        return [confirmed]
    return [
        confirmed,
        *close_dispute(dispute, proposal.outcome, request.at, request.by.address, proposal.agreed, proposal.stage),
    ]


def object_to_resolution(case: Case, request: Request) -> list[e.Event]:
    """The events of DISAGREE, which puts a proposed resolution back with no time gained; after it closed, the raiser's
    DISAGREE opens it again (G12)."""
    side = side_of(case.dispute, request.by) or Side.RAISING
    if case.dispute.state is State.CLOSED:
        return reopen(case, request)
    understood = request.intent.sure is Sure.PROBABLE
    words = request.intent.words
    return [e.ResolutionObjected(at=request.at, side=side, by=request.by, words=words, understood=understood)]


def reopen(case: Case, request: Request) -> list[e.Event]:
    if case.dispute.is_open:
        why = "it is open already"
        return [RequestRefused(at=request.at, by=request.by, act=Act.REOPEN, why=why)]
    judged = judge(request, case, Act.REOPEN)
    if not judged.is_allowed:
        return [RequestRefused(at=request.at, by=request.by, act=Act.REOPEN, why=judged.why)]
    if is_binding(case.dispute, case.protocol):
        why = "the decision at this stage is final and binding for everybody"
        return [RequestRefused(at=request.at, by=request.by, act=Act.REOPEN, why=why)]
    return [e.DisputeReopened(at=request.at, by=request.by, words=request.intent.words)]


def may_reopen(case: Case, request: Request) -> bool:
    """May its writer have what a resolution closed opened again? (An answer of "no" to whether it happened brings that
    with it.)"""
    return judge(request, case, Act.REOPEN).is_allowed


def is_binding(dispute: Dispute, protocol: Protocol) -> bool:
    """Did a decision end it that is final for everybody?"""
    return is_final(dispute, protocol) and dispute.outcome not in ("resolved", "withdrawn", BY_OFFICE)


def withdraw(case: Case, request: Request) -> list[e.Event]:
    reason = _reason(request)
    if not reason:
        return [_why_is_it(request, "withdrawn", "WITHDRAW")]
    return close_dispute(case.dispute, "withdrawn", request.at, request.by.address, reason)


def close_by_office(case: Case, request: Request) -> list[e.Event]:
    """The events of CLOSE, by the partnership's own office: an end without a resolution, where the file knows one, and
    no withdrawal of either side's."""
    reason = _reason(request)
    if not reason:
        return [_why_is_it(request, "closed", f"CLOSE {case.dispute.reference} because")]
    if asked := _who_decided(case, reason):
        return [QuestionAsked(at=request.at, of=request.by, question=asked, topic="reason")]
    outcome = _end_without_agreement(case) or BY_OFFICE
    return close_dispute(case.dispute, outcome, request.at, request.by.address, reason)


_DECIDED = re.compile(r"\b(?:decid\w+|decisions?|settled|determined|ruled)\b", re.IGNORECASE)


def _who_decided(case: Case, reason: str) -> str:
    """The question to an office whose reason for closing is that it is decided, at a stage where others decide, and
    that names none of them; "" where it need not be asked."""
    dispute, roles = case.dispute, deciders(case.dispute, case.protocol) or case.stage.decided_by
    if not roles or not _DECIDED.search(reason):
        return ""
    titles = [case.protocol.roles[name].title for name in roles]
    people = [party.person.name for party in dispute.parties if party.role in roles and party.person.name]
    said = reason.casefold()
    if any(name.casefold() in said for name in (*titles, *people)):
        return ""
    return (
        f"Who decided it? At this stage that is for: {', '.join(titles)}. Please ask them to reply DECISION and its "
        f"words, or write CLOSE {dispute.reference} because, with who decided it and what."
    )


def _reason(request: Request) -> str:
    return request.intent.fields.get("reason", "") or request.intent.words


def _why_is_it(request: Request, ended: str, word: str) -> QuestionAsked:
    """The question for the reason of an end that is no resolution."""
    question = f"Why is it {ended}? Reply {word} and the reason; it is kept on the record."
    return QuestionAsked(at=request.at, of=request.by, question=question, topic="reason")


def _end_without_agreement(case: Case) -> str:
    """What the file calls an end without a resolution at a last stage that nobody decides (PL-19), "" where it has
    none: then it is the partnership's own office that closes it."""
    stage = case.stage
    if stage.next or stage.decided_by:
        return ""
    return next((o.id for o in case.protocol.outcomes.values() if stage.id in o.stages), "")
