"""Routes beside the stages: who may take one, when it is open, and what follows. None of them stops a clock."""

from datetime import datetime

from mailbot.core.decisions.authority import EITHER_SIDE, Capacity, capacities
from mailbot.core.decisions.people import details
from mailbot.core.decisions.stages import enter
from mailbot.core.partnership.partnership import Partnership, Request
from mailbot.core.procedure.closed_lists import AtLimit, Effect, Happening, Side, Source
from mailbot.core.procedure.protocol import Role, Route
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import QuestionAsked, RequestRefused
from mailbot.core.record.intents import Person


def take_route(dispute: Dispute, request: Request, partnership: Partnership) -> list[e.Event]:
    """The events of taking the route that a message names, if it is open here and to its writer; else why not."""
    route = partnership.protocol.routes.get(request.intent.fields.get("route", ""))
    if route is None:
        return details(dispute, request, partnership)
    why = why_not_open(dispute, route, partnership) or why_not_theirs(dispute, route, partnership, request.by)
    if why:
        return [RequestRefused(at=request.at, by=request.by, act=request.intent.act, why=why)]
    taken = e.RouteTaken(
        at=request.at, route=route.id, by=request.by, words=request.intent.words, fields=dict(request.intent.fields)
    )
    events = [*_joined(dispute, route, request, partnership), taken, *details(dispute, request, partnership)]
    if route.effect is Effect.GO_TO_STAGE and route.go_to != dispute.stage:
        for event in events:
            dispute = dispute.after(event)
        stage = partnership.protocol.stages[route.go_to]
        events += enter(dispute, stage, "asked", request.at, partnership, request.by.address)
    if route.effect is Effect.SIDE and any("safeguarding partners" in need for need in route.needs):
        events.append(_needs(dispute, route, request, partnership))
    return events


def _needs(dispute: Dispute, route: Route, request: Request, partnership: Partnership) -> QuestionAsked:
    """The question what a route requires, as a list to go through, with the agencies by name (GL-21)."""
    partners = [agency.name for agency in partnership.directory.agencies if agency.partner]
    concerned = [name for name in (dispute.raising, *dispute.receiving_agencies) if name]
    question = (
        f"{route.name}: the procedure needs {'; '.join(route.needs)}. "
        f"The safeguarding partners here: {', '.join(partners) or 'not in the directory'}. "
        f"The agencies concerned: {', '.join(concerned)}. Reply NOTE with who they are; it is kept on the record."
    )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic=f"answer:{route.id}")


def why_not_open(dispute: Dispute, route: Route, partnership: Partnership) -> str:
    """Why a route is not open; "" where it leads out of the present stage; one that a passed limit opens waits
    for its first stage's."""
    stage = partnership.protocol.stage_name(dispute.stage)
    if route.when_closed if not dispute.is_open else not route.stages or dispute.stage in route.stages:
        opens_late = any(clock.start is Happening.LIMIT_PASSED for clock in route.clocks)
        if opens_late and dispute.stage == route.stages[0] != route.stages[-1] and not _has_ended(dispute):
            return f"“{route.name}” opens when the time of {stage} has passed"
        return ""
    return f"“{route.name}” is not open at {stage}"


def _has_ended(dispute: Dispute) -> bool:
    return any(isinstance(past, e.LimitPassed) and past.then is AtLimit.ASK for past in dispute.lately)


def why_not_theirs(dispute: Dispute, route: Route, partnership: Partnership, person: Person) -> str:
    """Why a route is not somebody's to take; "" for whoever its ``who`` names: a role of the file, or a post written
    out ("a senior manager of any agency"); else the two sides, or the partnership itself where ``who`` names it."""
    role = partnership.protocol.roles.get(route.who)
    if role is not None:
        known = [*(p.person for p in dispute.filling(role.id)), *_holders(dispute, role, partnership)]
        return "" if person.address in {one.address for one in known} else f"“{route.name}” is for: {role.title}"
    posts = {r.post.casefold() for r in partnership.protocol.roles.values() if r.post}
    asked = {post for post in posts if post in route.who.casefold()}
    if asked:
        is_theirs = bool(asked & _posts_of(dispute, partnership, person))
    else:
        owners = _OWN if partnership.protocol.short.casefold() in route.who.casefold() else EITHER_SIDE | _OWN
        is_theirs = bool(owners & capacities(dispute, partnership, person.address))
    return "" if is_theirs else f"“{route.name}” is for {route.who or 'the two sides'}"


_OWN = frozenset({Capacity.OFFICE, Capacity.PARTNERSHIP, Capacity.DECIDER})


def _posts_of(dispute: Dispute, partnership: Partnership, person: Person) -> set[str]:
    """The posts by which somebody may take a route: as the directory has them, or by the part
    they were named for here."""
    officer = partnership.directory.find_officer(person.address)
    roles = (partnership.protocol.roles.get(p.role) for p in dispute.parties if p.person.address == person.address)
    return {post.casefold() for post in (officer.posts if officer else ())} | {
        role.post.casefold() for role in roles if role is not None
    }


def _holders(dispute: Dispute, role: Role, partnership: Partnership) -> tuple[Person, ...]:
    if role.source is not Source.DIRECTORY or role.side not in (Side.RAISING, Side.RECEIVING):
        return ()
    holders = partnership.directory.holders
    return tuple(p for agency in dispute.agencies(role.side) for p in holders(agency, role.post))


def openers(dispute: Dispute, partnership: Partnership) -> frozenset[str]:
    """The addresses of those to whom a route out of here belongs by their post: they may name this dispute."""
    found: set[str] = set()
    for route in partnership.protocol.routes.values():
        role = partnership.protocol.roles.get(route.who)
        if role is not None and not why_not_open(dispute, route, partnership):
            found |= {one.address for one in _holders(dispute, role, partnership)}
    return frozenset(found)


def _joined(dispute: Dispute, route: Route, request: Request, partnership: Partnership) -> list[e.Event]:
    """The events by which whoever takes a route by their post comes into the dispute, from now on."""
    role = partnership.protocol.roles.get(route.who)
    if role is None or dispute.party(request.by.address) is not None:
        return []
    by = request.by.address
    return [e.PersonRecorded(at=request.at, role=role.id, side=role.side, person=request.by, by=by)]


def offered(dispute: Dispute, at: datetime, partnership: Partnership) -> list[e.Event]:
    """The events of a route that the passing of the last stage's time opens: it is offered to the
    one person whose it is."""
    events: list[e.Event] = []
    for route in partnership.protocol.routes.values():
        role = partnership.protocol.roles.get(route.who)
        opens = any(clock.start is Happening.LIMIT_PASSED for clock in route.clocks)
        if role is None or not opens or dispute.stage not in route.stages[-1:] or _is_taken(dispute, route):
            continue
        known = tuple(p.person for p in dispute.filling(role.id)) or _holders(dispute, role, partnership)
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
        f"The last stage's time has passed. {route.name}: this is for you to open, within {first.within.text}. "
        f"Reply {word} followed by your written representations, and they go on today."
    )
