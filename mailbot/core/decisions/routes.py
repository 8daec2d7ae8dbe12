"""Routes beside the stages: who may take one, when it is open, and what follows. None of them stops a clock."""

from datetime import datetime

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.authority import judge
from mailbot.core.decisions.people import details
from mailbot.core.decisions.stages import enter
from mailbot.core.decisions.who_may.by_the_file import by_post, posts_of_route
from mailbot.core.partnership.partnership import Partnership, Request
from mailbot.core.procedure.closed_lists import AtLimit, Effect, Happening
from mailbot.core.procedure.protocol import Protocol, Route
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import QuestionAsked, RequestRefused
from mailbot.core.record.intents import Act


def take_route(case: Case, request: Request) -> list[e.Event]:
    """The events of taking the route that a message names, if it is open here and to its writer; else why not."""
    route = case.protocol.routes.get(request.intent.fields.get("route", ""))
    if route is None:
        return details(case, request)
    why = why_not_open(route, case.dispute, case.protocol) or judge(request, case, Act.ROUTE).why
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
