"""Entering and leaving stages: the one way a dispute moves, whoever or whatever moves it; and routes beside them."""

from datetime import datetime

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.in_answer_to import was_put
from mailbot.core.decisions.people.names_and_facts import details
from mailbot.core.decisions.people.roles import find_people
from mailbot.core.decisions.people.who_is_there import deputies
from mailbot.core.decisions.who_may.authority import is_final, judge, substituted
from mailbot.core.decisions.who_may.by_the_file import by_post, posts_of_route
from mailbot.core.partnership.partnership import Partnership, Request
from mailbot.core.procedure.closed_lists import AtLimit, Effect, Happening
from mailbot.core.procedure.protocol import Protocol, Route, Stage
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events_of_mail import QuestionAsked, RequestRefused
from mailbot.core.record.intents import Act, Person


def is_partnership_stage(stage: Stage) -> bool:
    """Is a stage one where the partnership itself decides, so that getting there is a referral and
    needs a person (A6.11)?"""
    return bool(stage.decided_by or stage.sent_through)


def partnership_stage(protocol: Protocol) -> Stage | None:
    """Of the stages, the first at which the partnership decides; None in a protocol that has none (Plymouth)."""
    return next((s for s in protocol.stages.values() if is_partnership_stage(s)), None)


def stage_of_referral(dispute: Dispute, protocol: Protocol) -> Stage | None:
    """The stage to which a referral leads from the present one: the partnership's, where that is still ahead; else the
    next."""
    theirs, order = partnership_stage(protocol), protocol.order()
    is_ahead = theirs is not None and order.index(theirs.id) > order.index(dispute.stage)
    return theirs if is_ahead else stage_after(dispute, protocol)


def next_stage(case: Case) -> Stage | None:
    return stage_after(case.dispute, case.protocol)


def stage_after(dispute: Dispute, protocol: Protocol) -> Stage | None:
    """The stage after the present one, passing over those that may be skipped and have nobody in them."""
    stages = protocol.stages
    stage = stages.get(stages[dispute.stage].next)
    while stage is not None and stage.optional and not _has_anybody(dispute, stage):
        stage = stages.get(stage.next)
    return stage


def _has_anybody(dispute: Dispute, stage: Stage) -> bool:
    return any(p.role in (*stage.raising, *stage.receiving) and p.person.address for p in dispute.parties)


def enter(case: Case, stage: Stage, how: str, at: datetime, by: str = "") -> list[e.Event]:
    """The events that end the present stage and begin ``stage``: its people from the directory
    where nobody named them."""
    events: list[e.Event] = [e.StageEnded(at=at, stage=case.dispute.stage, how="moved up")]
    events += find_people(case, stage, at)
    there = case
    for event in events:
        there = there.after(event)
    events += deputies(there, at, stage)
    events += substituted(case, stage, at)
    events.append(e.StageEntered(at=at, stage=stage.id, how=how, by=by))
    return events


def close_dispute(
    dispute: Dispute, outcome: str, at: datetime, by: str, words: str = "", stage: str = ""
) -> list[e.Event]:
    return [
        e.StageEnded(at=at, stage=dispute.stage, how="closed"),
        e.DisputeClosed(at=at, outcome=outcome, stage=stage or dispute.stage, by=by, words=words),
    ]


# A dispute moved up because somebody asked: to the next stage, as far as they ask, or to the partnership.


def escalate(case: Case, request: Request) -> list[e.Event]:
    stage = case.stage
    following = next_stage(case)
    if following is None:
        return [RequestRefused(at=request.at, by=request.by, act=request.intent.act, why=_why_the_end(case, stage.id))]
    following, barred = _as_far_as_asked(case, request, following)
    if barred:
        return barred
    if is_partnership_stage(following) and (question := _before_leaving(case, request, following.id)):
        return question
    how = "referred" if is_partnership_stage(following) else "asked"
    return _moved(case, request, following.id, how)


def _as_far_as_asked(case: Case, request: Request, following: Stage) -> tuple[Stage, list[e.Event]]:
    """The stage that a move up is decided to lead to: a later one, where the file lets its writer pass over those
    between; a question where it does not."""
    protocol, asked = case.protocol, request.intent.fields.get("as_far_as", "")
    order = protocol.order()
    if asked not in order or order.index(asked) <= order.index(following.id):
        return following, []
    between = [protocol.stages[s] for s in order[order.index(following.id) : order.index(asked)]]
    mine = {p.role for p in case.dispute.parties if p.person.address == request.by.address}
    kept = next((stage for stage in between if not mine & set(stage.skipped_by)), None)
    if kept is None:
        return protocol.stages[asked], []
    who = " or ".join(protocol.roles[name].title for name in kept.skipped_by)
    may = f", and may be passed over by: {who}" if who else ""
    question = (
        f"{protocol.stage_name(kept.id)} comes before {protocol.stage_name(asked)}. It is: {kept.name}{may}. "
        f"Nothing was changed. Reply ESCALATE with what remains unresolved, and it goes to "
        f"{protocol.stage_name(following.id)}."
    )
    return following, [QuestionAsked(at=request.at, of=request.by, question=question, topic="answer:as far as")]


def refer(case: Case, request: Request) -> list[e.Event]:
    """A REFER decided: to the partnership, from any stage, once it is clear that it cannot be
    resolved below (NS-23). Where the file does not say that it may be early, whoever asks for it confirms that."""
    target = stage_of_referral(case.dispute, case.protocol)
    if target is None or next_stage(case) == target:
        return escalate(case, request)
    question = _before_leaving(case, request, target.id) or _passes_over(case, request, target)
    return question or _moved(case, request, target.id, "referred")


def _passes_over(case: Case, request: Request, target: Stage) -> list[e.Event]:
    """What is asked before a referral is decided that passes over stages, once, and confirmed by asking again: where
    neither the file, nor a cap that points there, nor a judgement left to its writer lets it be."""
    protocol, order = case.protocol, case.protocol.order()
    between = [protocol.stages[s] for s in order[order.index(case.dispute.stage) + 1 : order.index(target.id)]]
    mine = {p.role for p in case.dispute.parties if p.person.address == request.by.address}
    kept = [stage for stage in between if not mine & set(stage.skipped_by)]
    demanded = any(protocol.stages[s].before_leaving for s in (case.dispute.stage, *(one.id for one in between)))
    if not kept or target.referred_early or demanded or _points_to(case, target):
        return []
    if was_put(case.dispute, PASSES_OVER, request.by):
        return []
    names = " and ".join(f"{protocol.stage_name(stage.id)} ({stage.name})" for stage in kept)
    question = (
        f"Is it plain that it cannot be settled below {protocol.stage_name(target.id)}? {names} would be passed over. "
        f"Nothing was changed. Reply REFER again if it is, or ESCALATE with what remains unresolved, and it goes to "
        f"{protocol.stage_name(kept[0].id)}."
    )
    return [QuestionAsked(at=request.at, of=request.by, question=question, topic=PASSES_OVER)]


PASSES_OVER = "stages passed over"  # the topic of the question whether they may be
BEFORE_LEAVING = "before leaving"  # that of the question whether what the file demands is done


def confirms_going(dispute: Dispute, person: Person) -> bool:
    """Was somebody who asked to have it moved asked whether that may be, in this stay, so that a yes is theirs to
    that?"""
    return any(was_put(dispute, topic, person) for topic in (PASSES_OVER, BEFORE_LEAVING))


def _points_to(case: Case, target: Stage) -> bool:
    """Has a cap that points to a stage passed, or asked whether it is to be decided that it goes there?"""
    caps = {cap.id for cap in case.protocol.caps.values() if cap.then == target.id}
    return any(isinstance(past, e.LimitPassed | e.Reminded) and past.clock in caps for past in case.dispute.history)


def _before_leaving(case: Case, request: Request, target: str) -> list[e.Event]:
    """What must be so before a move to the partnership is decided: the file's demands at this stage or at one that
    would be passed over (GL-15). Asked once, and confirmed by asking again."""
    order = case.protocol.order()
    passed = order[order.index(case.dispute.stage) : order.index(target)]
    wanted = [said for s in passed if (said := case.protocol.stages[s].before_leaving)]
    if not wanted or was_put(case.dispute, BEFORE_LEAVING, request.by):
        return []
    word = "REFER" if request.intent.act is Act.REFER else "ESCALATE"
    question = f"Is all of this done? {' '.join(wanted)} If it is, reply {word} again, and it is referred."
    return [QuestionAsked(at=request.at, of=request.by, question=question, topic=BEFORE_LEAVING)]


def _moved(case: Case, request: Request, stage: str, how: str) -> list[e.Event]:
    events = details(case, request)
    for event in events:
        case = case.after(event)
    return events + enter(case, case.protocol.stages[stage], how, request.at, request.by.address)


def _why_the_end(case: Case, stage: str) -> str:
    name = case.protocol.stage_name(stage)
    if is_final(case.dispute, case.protocol):
        return f"{name} is the last: its decision is final and binding for everybody"
    after = what_follows_the_last(case.dispute, case.protocol)
    return f"{after[:1].lower()}{after[1:]}; it stays open there and the partnership is kept informed"


def what_follows_the_last(dispute: Dispute, protocol: Protocol) -> str:
    """What the procedure has after the last stage, for whoever asks to go on: the ways that lead out of it, by their
    names, and whose each is; that there are none, where there are none."""
    name = protocol.stage_name(dispute.stage)
    ways = [_way(one, protocol) for one in protocol.routes.values() if dispute.stage in one.stages and _goes_on(one)]
    if not ways:
        return f"The procedure has nothing after {name}"
    return f"The procedure has no stage after {name}, and beyond it: {'; '.join(ways)}"


def _goes_on(route: Route) -> bool:
    return not route.when_closed and route.effect is not Effect.OFFER


def _way(route: Route, protocol: Protocol) -> str:
    """A way out of the last stage: its name, to whom it leads, whose it is, and the word that takes it."""
    role = protocol.roles.get(route.who)
    whose = f"the {role.title}" if role else route.who or "either side"
    to = f" ({', '.join(route.to_one_of)})" if route.to_one_of else ""
    return f"“{route.name}”{to}, for {whose} to ask for by {route.id.replace('-', ' ').upper()} and the reasons"


# Routes beside the stages: who may take one, when it is open, and what follows. None of them stops a clock.


def take_route(case: Case, request: Request) -> list[e.Event]:
    """The events of taking the route that a message names, if it is open here and to its writer; else why not."""
    route = case.protocol.routes.get(request.intent.fields.get("route", ""))
    if route is None:  # an older version of the procedure had it
        why = "the procedure of this dispute has no such way"
        return [RequestRefused(at=request.at, by=request.by, act=request.intent.act, why=why)]
    why = why_not_open(route, case.dispute, case.protocol) or judge(request, case, Act.ROUTE).why
    if not why and route.effect is Effect.FINAL and _is_taken(case.dispute, route):
        why = "those who decide have it already. What they are to know besides, send with NOTE on the first line"
    if why:
        return [RequestRefused(at=request.at, by=request.by, act=request.intent.act, why=why)]
    taken = e.RouteTaken(
        at=request.at, route=route.id, by=request.by, words=request.intent.words, fields=dict(request.intent.fields)
    )
    events = [*_joined(case, route, request), taken, *details(case, request)]
    if route.effect is Effect.GO_TO_STAGE and route.go_to != case.dispute.stage:
        for event in events:
            case = case.after(event)
        stage = case.protocol.stages[route.go_to]
        events += enter(case, stage, "asked", request.at, request.by.address)
    if route.effect is Effect.SIDE and any("safeguarding partners" in need for need in route.needs):
        events.append(_needs(case, route, request))
    return events


def _needs(case: Case, route: Route, request: Request) -> QuestionAsked:
    """The question what a route requires, as a list to go through, with the agencies by name (GL-21)."""
    partners = [agency.name for agency in case.directory.agencies if agency.partner]
    concerned = [name for name in (case.dispute.raising, *case.dispute.receiving_agencies) if name]
    question = (
        f"Who takes part? For “{route.name}” the procedure needs {'; '.join(route.needs)}. "
        f"The safeguarding partners here: {', '.join(partners) or 'not in the directory'}. "
        f"The agencies concerned: {', '.join(concerned)}. Reply NOTE with who they are; it is kept on the record."
    )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic=f"answer:{route.id}")


def why_not_open(route: Route, dispute: Dispute, protocol: Protocol) -> str:
    """Why a route is not open; "" where it leads out of the present stage; one that a passed limit opens waits
    for its first stage's."""
    stage = protocol.stage_name(dispute.stage)
    if route.when_closed if not dispute.is_open else not route.stages or dispute.stage in route.stages:
        opens_late = any(clock.start is Happening.LIMIT_PASSED for clock in route.clocks)
        if opens_late and dispute.stage == route.stages[0] != route.stages[-1] and not _has_ended(dispute):
            return f"“{route.name}” opens when the time of {stage} has passed"
        return ""
    return f"“{route.name}” is not open at {stage}"


def _has_ended(dispute: Dispute) -> bool:
    return any(isinstance(past, e.LimitPassed) and past.then is AtLimit.ASK for past in dispute.lately)


def openers(dispute: Dispute, partnership: Partnership) -> frozenset[str]:
    """The addresses of those to whom a route out of here belongs by their post: they may name this dispute."""
    found: set[str] = set()
    for route in partnership.protocol.routes.values():
        role = partnership.protocol.roles.get(route.who)
        if role is not None and not why_not_open(route, dispute, partnership.protocol):
            found |= {one.address for one in by_post(role, dispute, partnership.directory)}
    return frozenset(found)


def takes_one(case: Case, request: Request) -> bool:
    """Is a message a route that its writer may take by their post, though nobody recorded them here ("a senior manager
    of any agency")? They are told nothing of the dispute by it."""
    route = case.protocol.routes.get(request.intent.fields.get("route", ""))
    if route is None or not posts_of_route(route, case.protocol):
        return False
    return judge(request, case, Act.ROUTE).is_allowed


def _joined(case: Case, route: Route, request: Request) -> list[e.Event]:
    """The events by which whoever takes a route by their post comes into the dispute, from now on."""
    role = case.protocol.roles.get(route.who)
    if role is None or case.dispute.party(request.by.address) is not None:
        return []
    by = request.by.address
    return [e.PersonRecorded(at=request.at, role=role.id, side=role.side, person=request.by, by=by)]


def offered(case: Case, at: datetime) -> list[e.Event]:
    """The events of a route that the passing of the last stage's time opens: it is offered to the
    one person whose it is."""
    dispute = case.dispute
    events: list[e.Event] = []
    for route in case.protocol.routes.values():
        role = case.protocol.roles.get(route.who)
        opens = any(clock.start is Happening.LIMIT_PASSED for clock in route.clocks)
        if role is None or not opens or dispute.stage not in route.stages[-1:] or _is_taken(dispute, route):
            continue
        known = tuple(p.person for p in dispute.filling(role.id)) or by_post(role, dispute, case.directory)
        if len(known) != 1:
            continue
        if dispute.party(known[0].address) is None:
            events.append(e.PersonRecorded(at=at, role=role.id, side=role.side, person=known[0], by="the directory"))
        events.append(QuestionAsked(at=at, of=known[0], question=_offer(route), topic=route.id))
    return events


def _is_taken(dispute: Dispute, route: Route) -> bool:
    return any(name == route.id for name, _ in dispute.routes)


def _offer(route: Route) -> str:
    first = next(clock for clock in route.clocks if clock.start is Happening.LIMIT_PASSED)
    word = route.id.replace("-", " ").upper()
    return (
        f"Is this to go on by “{route.name}”? The last stage's time has passed, and it is yours to open, within "
        f"{first.within.text}. Reply {word} followed by your written representations, and they go on today."
    )
