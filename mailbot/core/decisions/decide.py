"""What a message asks, decided: intent -> events. One table; each rule is a few lines and asks nobody anything.

An unsure reading changes nothing and asks one short question. A refusal says why, to its asker alone. Everything else
is recorded as what has happened; who must be told of it is ``announce``'s to say.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from mailbot.core.clocks.case import Case
from mailbot.core.decisions import after_closing as afterwards
from mailbot.core.decisions import agreed_dates as dates_asked
from mailbot.core.decisions import resolution as resolving
from mailbot.core.decisions.consequences import answered, consequences, without_note
from mailbot.core.decisions.deciding_together import nobody_from, outcome_of_decision, still_silent
from mailbot.core.decisions.in_answer_to import (
    decision_answered,
    meant_otherwise,
    what_is_gone,
)
from mailbot.core.decisions.opening import SPOKEN_OF, spoken_of
from mailbot.core.decisions.people import joining_and_leaving as joining
from mailbot.core.decisions.people.names_and_facts import details
from mailbot.core.decisions.people.roles import in_roles, is_one_sided
from mailbot.core.decisions.recording_form import by_lines, receive
from mailbot.core.decisions.stages import (
    close_dispute,
    escalate,
    is_partnership_stage,
    next_stage,
    openers,
    refer,
    take_route,
    takes_one,
)
from mailbot.core.decisions.taking_back import before_they_handed_over, undo
from mailbot.core.decisions.who_may.authority import (
    capacities,
    deciders,
    judge,
    partnership_roles,
)
from mailbot.core.decisions.who_may.replies_taken import without_the_refused
from mailbot.core.decisions.who_may.table import (
    AFTER_CLOSING,
    ANSWER_QUESTION,
    END_ALONE,
    PASS_ON,
    Capacity,
    On,
    Verdict,
)
from mailbot.core.partnership.partnership import Request, side_of
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events_of_mail import (
    FeedbackGiven,
    MessageFiled,
    OutsiderNoticed,
    QuestionAsked,
    RequestRefused,
    RiskReported,
    StatusAsked,
    WordsPassedOn,
)
from mailbot.core.record.intents import Act, Person, Proof, Sure

Decision = Callable[[Case, Request], list[e.Event]]
# Weighed where it is known whom or what each is about (``people``, ``joining``), by the same judge.
_ANSWERS_A_PROPOSAL = frozenset({Act.CONFIRM_RESOLUTION, Act.OBJECT_RESOLUTION})
ONE_BY_ONE = frozenset({Act.HANDOVER, Act.ADD_PERSON, Act.REMOVE_PERSON, Act.ROUTE})


def decide(case: Case, request: Request) -> tuple[e.Event, ...]:
    """The events decided on one intent of a message about a case. Never empty, never raises on a wish."""
    dispute = case.dispute
    intent = request.intent
    if intent.sure is Sure.UNSURE or intent.act is Act.HOLD:
        return _asked(case, request)
    if not dispute.is_open and intent.act not in AFTER_CLOSING:
        why = f"{dispute.reference} is closed. If it must be looked at again, reply REOPEN and say why"
        return (RequestRefused(at=request.at, by=request.by, act=intent.act, why=why),)
    by_route = intent.fields.get("route", "") in case.protocol.routes  # whose it is, the route itself says
    if intent.act is Act.CONFERENCE_REQUEST and not by_route:
        return (RequestRefused(at=request.at, by=request.by, act=intent.act, why=_NO_CONFERENCE_HERE),)
    act = Act.ROUTE if by_route else intent.act
    asked = meant_otherwise(case, request)
    if act not in ONE_BY_ONE:
        alone = act is Act.PROPOSE_RESOLUTION and resolving.is_given_alone(request, case.partnership)
        stood = before_they_handed_over(case, request) if act is Act.UNDO else case
        judged = judge(request, stood, END_ALONE if alone else act, On.IT if alone else None)
        if act in _ANSWERS_A_PROPOSAL and dispute.is_open and dispute.proposal is None and asked is not None:
            return (asked,)  # it is gone, and they are shown what it was
        if not judged.is_allowed:
            if (theirs := _perhaps_decided(case, request)) is not None:
                return (theirs,)
            refused = RequestRefused(at=request.at, by=request.by, act=intent.act, why=judged.why)
            if judged.verdict is not Verdict.VIEW:
                put = _put_to_raising(case, request) if judged.verdict is Verdict.PUT else []
                return (refused, *put)
            # The receiving side cannot move it up; what it says remains unresolved is its view, and on the record (D2).
            said = () if intent.fields.get("said") else (refused,)
            return (*details(case, request), *said, *_put_to_raising(case, request))
    if asked is not None:
        return (asked,)
    made = _DECISIONS.get(act, _note)(case, request)
    return (*made, *consequences(case, made))


_NO_CONFERENCE_HERE = (
    "this procedure has no way to a child protection conference, and this mailbox cannot call one. Please ask "
    "children's social care for it, by your local procedures. Your words are on the record"
)


def _perhaps_decided(case: Case, request: Request) -> QuestionAsked | None:
    """The question to those who decide here, where they write that it is resolved: whether they have decided it, which
    closes it, or tell what the agencies agreed, which these confirm."""
    words = " ".join((request.intent.fields.get("agreed_outcome", "") or request.intent.words).split())
    decides = Capacity.DECIDER in capacities(case, request.by.address)
    if request.intent.act not in (Act.PROPOSE_RESOLUTION, Act.CONFIRM_RESOLUTION) or not decides or not words:
        return None
    question = (
        f"Is this your decision? You wrote: “{words}” If it is, reply DECISION, then the words, who does what, and by "
        "which actual date. If it is what the agencies agreed between themselves, reply NOTE: they are told of it, and "
        "report it and confirm it themselves."
    )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic="decision")


def _put_to_raising(case: Case, request: Request) -> list[e.Event]:
    """Decided on NOT RESOLVED by the side asked, and on ESCALATE by whoever had it before: their view, in their own
    words, goes to the people who may move it up."""
    if not case.dispute.is_open:
        return afterwards.put_to_whoever_raised_it(case, request)
    stage, following = case.stage, next_stage(case)
    said = " ".join(next((v for k, v in request.intent.fields.items() if k.startswith("unresolved:")), "").split())
    words = f" What remains, in their words: “{said}”" if said else ""
    up = "REFER" if following is not None and is_partnership_stage(following) else "ESCALATE"
    goes = f" If it is to go to {case.protocol.stage_name(following.id)} now, reply {up}." if following else ""
    question = f"{request.by.shown} says that it is not resolved.{words}{goes} If it is settled, reply RESOLVED."
    people = in_roles(stage.raising, case, Side.RAISING)
    topic = "view" if side_of(case.dispute, request.by) is Side.RECEIVING else "colleague"
    return [QuestionAsked(at=request.at, of=person, question=question, topic=topic) for person in people]


def _asked(case: Case, request: Request) -> tuple[e.Event, ...]:
    """An unsure intent decided: its writer is asked; where two answers came in one, whoever has it on the other
    side is asked too (D3)."""
    intent = request.intent
    put = without_the_refused(intent.question, request.by, case)
    words = " ".join(one for one in (what_is_gone(case.dispute, request), put) if one)
    asked = QuestionAsked(at=request.at, of=request.by, question=words, topic=intent.act)
    side = side_of(case.dispute, request.by)
    if not intent.both or side not in (Side.RAISING, Side.RECEIVING):
        return (asked,)
    stage = case.stage
    other, names = (Side.RECEIVING, stage.receiving) if side is Side.RAISING else (Side.RAISING, stage.raising)
    told = f"A message from {request.by.shown} could be read as two answers at once."
    others = ((p, without_the_refused(intent.question, p, case)) for p in in_roles(names, case, other))
    return (
        asked,
        *(QuestionAsked(at=request.at, of=p, question=f"{told} {said}", topic=intent.act) for p, said in others),
    )


def filed(request: Request, dispute: Dispute) -> MessageFiled:
    """That the message itself is on the record, whatever it asked."""
    side = side_of(dispute, request.by)
    return MessageFiled(at=request.at, digest=request.digest, by=request.by, side=side, message=request.message)


def outsiders(request: Request, addresses: tuple[str, ...]) -> OutsiderNoticed:
    return OutsiderNoticed(at=request.at, by=request.by, addresses=addresses)


def _note(case: Case, request: Request) -> list[e.Event]:
    """An ordinary message decided: names, labelled lines and actions done are recorded from it; the
    rest is people talking."""
    done = afterwards.action_done(case, request) if request.intent.fields.get("action_done") else []
    made = [*done, *_more_than_talk(case, request), *details(case, request)]
    return [*made, *by_lines(case, request, made), *_spoken_of_later(case, request)]


def _spoken_of_later(case: Case, request: Request) -> list[e.Event]:
    """Decided on another child whom a message of the raising side speaks of: asked about once, as an opening's is."""
    before = any(isinstance(past, QuestionAsked) and past.topic == SPOKEN_OF for past in case.dispute.history)
    said = request.intent.fields.get("children_spoken_of", "")
    if before or not said or not case.dispute.is_open:
        return []
    return spoken_of({"children_spoken_of": said, "child": case.dispute.child}, request, case.protocol)


def _more_than_talk(case: Case, request: Request) -> list[e.Event]:
    """What a note's bare words bring, decided: they answer a question of the file's, or go to those who decide."""
    told = answered(case.dispute, request) if judge(request, case, ANSWER_QUESTION).is_allowed else []
    passed = _passed_on(case, request)
    return [*(passed if judge(request, case, PASS_ON).is_allowed else []), *told]


def is_more_than_talk(case: Case, request: Request) -> bool:
    """Would a note's bare words be decided on, once their writer were known: so that they are asked about first?"""
    known = replace(request, proof=Proof.PROVEN)
    return request.intent.act is Act.NOTE and bool(_more_than_talk(case, known))


def _passed_on(case: Case, request: Request) -> list[e.Event]:
    """Decided to be passed on: what those who decide ask of both agencies reaches them, and what they send for it
    reaches who decides (WO "written representation"; GL 2.4d "representations from those involved"). What was written
    to somebody else is talk: nobody's words go further than whom they wrote them to."""
    dispute = case.dispute
    words, who = request.intent.words, capacities(case, request.by.address)
    if not dispute.is_open or len(words.split()) < FEWEST_WORDS:
        return []
    if not (deciders(dispute, case.protocol) or case.stage.decided_by):  # a panel of which nobody is named yet is one
        return []
    if Capacity.DECIDER in who:
        meant = _is_for_the_sides(request, dispute)
        return [WordsPassedOn(at=request.at, by=request.by, words=words, to_deciders=False)] if meant else []
    asked = any(isinstance(p, WordsPassedOn) and not p.to_deciders for p in dispute.history)
    asked = asked or bool(request.intent.fields.get("representation"))  # the procedure asked for it (GL 2.4d)
    theirs = {person.address for person in in_roles(deciders(dispute, case.protocol), case)}
    meant = not request.readers or request.readers >= theirs
    if asked and meant and side_of(dispute, request.by) in (Side.RAISING, Side.RECEIVING):
        return [WordsPassedOn(at=request.at, by=request.by, words=without_note(words), to_deciders=True)]
    return []


def _is_for_the_sides(request: Request, dispute: Dispute) -> bool:
    """Decided on whom those who decide wrote to: the mailbox itself, or people of every agency in it."""
    reached = {
        dispute.voice(p.side, dispute.agency_of(p)) for p in dispute.parties if p.person.address in request.readers
    }
    return not request.readers or reached >= set(dispute.voices())


FEWEST_WORDS = 5  # "Thank you, received." asks nothing of anybody


def _correct(case: Case, request: Request) -> list[e.Event]:
    found = details(case, request, correction=True)
    if found:
        return found
    why = "no line to correct was recognised. Write CORRECT, then the label, a colon and the right value"
    return [RequestRefused(at=request.at, by=request.by, act=Act.CORRECT, why=why)]


def _decided(case: Case, request: Request) -> list[e.Event]:
    """Decided by those who decide. A bare DECISION is for the words of another of them, as its letter put them."""
    put = decision_answered(case.dispute, request) if not request.intent.words else None
    if put is not None:
        request = replace(request, intent=replace(request.intent, words=put.words, actions=put.actions))
    words = request.intent.words
    if not words:
        question = "What was decided, and by when must each part of it be done? Reply DECISION and the words."
        return [QuestionAsked(at=request.at, of=request.by, question=question, topic="decision")]
    lacking = nobody_from(case)
    if lacking:
        return _members_asked_for(case, request, lacking)
    together = _still_to_decide(case, request)
    if together:
        return together
    outcome = outcome_of_decision(case.dispute, case.protocol)
    return [
        e.DecisionMade(at=request.at, by=request.by, words=words, actions=request.intent.actions),
        *close_dispute(case.dispute, outcome, request.at, request.by.address, words),
    ]


def _members_asked_for(case: Case, request: Request, lacking: str) -> list[e.Event]:
    """Who is missing of those who decide, told to whoever decided and asked of the office, which alone names them."""
    office = in_roles(case.protocol.digest.to, case)
    named_by = f"{office[0].shown if office else 'The office'}, who names them, is asked."
    said = f"{lacking} {named_by} Once they are, reply DECISION again."
    wanted = (
        f"{lacking} So nothing is decided yet. Please name them: reply ADD, {case.dispute.reference}, their name and "
        "email, as panel member (nobody who stands on a side of it already)."
    )
    return [
        QuestionAsked(at=request.at, of=request.by, question=said, topic="members"),
        *(QuestionAsked(at=request.at, of=p, question=wanted, topic="members") for p in office),
    ]


def _still_to_decide(case: Case, request: Request) -> list[e.Event]:
    """Where those who decide do so together: each has to say the same, and the rest are asked; () when all of them
    have."""
    dispute = case.dispute
    if not case.stage.together:
        return []
    protocol, by = case.protocol, request.by
    mine = {p.role for p in dispute.parties if p.person.address == by.address}
    mine |= set(partnership_roles(protocol, by.address))
    roles = tuple(sorted(mine & set(deciders(dispute, protocol))))
    put = e.DecisionPut(at=request.at, by=by, roles=roles, words=request.intent.words, actions=request.intent.actions)
    lately = [p for p in (*dispute.lately, put) if isinstance(p, e.DecisionPut)]
    waiting = still_silent(lately, dispute, protocol)
    if not waiting:
        return []
    question = (
        f"Is this your decision too? {by.shown} wrote: “{put.words}” Those who decide do so together. If it is, reply "
        "DECISION to this letter; if not, DECISION and your own words, which are then put to the rest."
    )
    others = [p for role, seat in waiting for p in in_roles((role,), case) if seat in ("", p.address)]
    if any(p.words.split() == put.words.split() for p in lately[:-1]):
        return [put]  # the rest have been asked about these very words
    asked = (QuestionAsked(at=request.at, of=p, question=question, topic="decision") for p in others)
    return [put, *asked]


def _met(case: Case, request: Request) -> list[e.Event]:
    today = case.calendar.local(request.at).date()
    on, words = request.intent.on or today, request.intent.words
    if on > today:
        return [e.MeetingPlanned(at=request.at, on=on, by=request.by, words=words), *details(case, request)]
    held = e.MeetingHeld(at=request.at, on=on, by=request.by, words=words)
    return [held, *details(case, request)]


def _feedback(case: Case, request: Request) -> list[e.Event]:
    fields = request.intent.fields
    mark = fields.get("helpful", "")
    helpful = int(mark) if mark.isdigit() else None
    return [FeedbackGiven(at=request.at, by=request.by, helpful=helpful, idea=fields.get("idea", ""))]


def _risk(case: Case, request: Request) -> list[e.Event]:
    return [RiskReported(at=request.at, by=request.by, message=request.message)]


def _status(case: Case, request: Request) -> list[e.Event]:
    return [StatusAsked(at=request.at, by=request.by)]


def may_see(case: Case, person: Person) -> bool:
    """Decides who may be told of a dispute at all: is this a party, or the partnership's own? Nobody else is told
    anything about a dispute (G15)."""
    if is_one_sided(case) and side_of(case.dispute, person) is Side.RECEIVING:
        return False
    recorded = capacities(case, person.address) != {Capacity.NOBODY}
    return recorded or person.address in openers(case.dispute, case.partnership)


def may_ask(case: Case, requests: Iterable[Request]) -> bool:
    """Decides whether a message is heard though its writer is told nothing of the dispute: where all that it asks is a
    route that is theirs by their post, or to take back the handover by which they left it."""
    asked = list(requests)
    back = all(one.intent.act is Act.UNDO and before_they_handed_over(case, one) is not case for one in asked)
    return bool(asked) and (back or all(takes_one(case, one) for one in asked))


_DECISIONS: Mapping[Act, Decision] = {
    Act.NOTE: _note,
    Act.CHILD_STATUS: _note,
    Act.FORM: receive,
    Act.CORRECT: _correct,
    Act.PROPOSE_RESOLUTION: resolving.propose_resolution,
    Act.CONFIRM_RESOLUTION: resolving.confirm_resolution,
    Act.OBJECT_RESOLUTION: resolving.object_to_resolution,
    Act.WITHDRAW: resolving.withdraw,
    Act.CLOSE: resolving.close_by_office,
    Act.REOPEN: resolving.reopen,
    Act.MOVE_UP: escalate,
    Act.REFER: refer,
    Act.DECISION: _decided,
    Act.PROPOSE_DATE: dates_asked.propose_date,
    Act.ACCEPT_DATE: dates_asked.accept_date,
    Act.REFUSE_DATE: dates_asked.refuse_date,
    Act.PROTECTIVE_DATE: dates_asked.protect,
    Act.HANDOVER: joining.hand_over,
    Act.MET: _met,
    Act.ADD_PERSON: joining.add,
    Act.REMOVE_PERSON: joining.remove,
    Act.UNDO: undo,
    Act.ACTION_DONE: afterwards.action_done,
    Act.HAPPENED: afterwards.happened,
    Act.NOT_HAPPENED: afterwards.did_not_happen,
    Act.FEEDBACK: _feedback,
    Act.STATUS: _status,
    Act.QUESTION: _status,
    Act.ROUTE: take_route,
    Act.IMMEDIATE_RISK: _risk,
}
