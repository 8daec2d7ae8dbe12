"""Who may by the procedure's file alone: whose a route is, and who says an outcome by themselves."""

from collections.abc import Collection

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.who_may.table import DECIDES, EITHER_SIDE, MANAGERS, OFFICE, Capacity
from mailbot.core.partnership.directory import Directory
from mailbot.core.procedure.closed_lists import Side, Source
from mailbot.core.procedure.protocol import OutcomeRule, Protocol, Role, Route
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.intents import Person


def takes_route(route: Route, held: Collection[Capacity], person: Person, case: Case) -> bool:
    """By the file, is a route this person's? Whoever its ``who`` names: a role of the file; a post written out ("a
    senior manager of any agency"); else those whom ``owners`` gives."""
    role = case.protocol.roles.get(route.who)
    if role is not None:
        known = [
            *(p.person for p in case.dispute.filling(role.id)),
            *by_post(role, case.dispute, case.directory),
        ]
        return person.address in {one.address for one in known}
    posts = posts_of_route(route, case.protocol)
    if posts:
        return bool(posts & _posts_of(case, person))
    return bool(owners(route, case.protocol) & set(held))


def owners(route: Route, protocol: Protocol) -> frozenset[Capacity]:
    """By the file, in which capacity a route is taken, where its ``who`` names no role and no post: managers, where it
    says so; the partnership itself, where it names that; else either side. The office may ask for any of them."""
    said = route.who.casefold()
    if protocol.short.casefold() in said:
        return OFFICE | DECIDES
    return (MANAGERS if "manager" in said else EITHER_SIDE) | OFFICE


def posts_of_route(route: Route, protocol: Protocol) -> frozenset[str]:
    """The posts of the file that a route's ``who`` writes out, where it names no role."""
    if route.who in protocol.roles:
        return frozenset()
    known = {r.post.casefold() for r in protocol.roles.values() if r.post}
    return frozenset(post for post in known if post in route.who.casefold())


def _posts_of(case: Case, person: Person) -> set[str]:
    """The posts by which somebody may take a route: as the directory has them, or by the part
    they were named for here."""
    officer = case.directory.find_officer(person.address)
    roles = (case.protocol.roles.get(p.role) for p in case.dispute.parties if p.person.address == person.address)
    listed = officer.posts if officer is not None and officer.active else ()
    return {post.casefold() for post in listed} | {role.post.casefold() for role in roles if role is not None}


def by_post(role: Role, dispute: Dispute, directory: Directory) -> tuple[Person, ...]:
    """By the file and the directory, who fills a role of one of the agencies, though nobody named them here."""
    if role.source is not Source.DIRECTORY or role.side not in (Side.RAISING, Side.RECEIVING):
        return ()
    return tuple(p for agency in dispute.agencies(role.side) for p in directory.holders(agency, role.post))


def says_alone(outcome: OutcomeRule | None, address: str, dispute: Dispute) -> bool:
    """By the file, is this outcome this person's to give, at this stage (SU-05)?"""
    if outcome is None or not outcome.given_by or (outcome.stages and dispute.stage not in outcome.stages):
        return False
    return bool({p.role for p in dispute.parties if p.person.address == address} & set(outcome.given_by))


def was_told(role: str, dispute: Dispute, protocol: Protocol) -> bool:
    """By the file, has this role of the partnership been told of the dispute by now, or been given it to decide?"""
    reached = {visit.stage for visit in dispute.visits}
    stages = [protocol.stages[name] for name in reached]
    if any(
        role in (*stage.decided_by, stage.sent_through, *stage.also_consult, *stage.may_support) for stage in stages
    ):
        return True
    taken = [protocol.routes[name] for name, _ in dispute.routes if name in protocol.routes]
    if any(role in (*route.to, route.sent_through) for route in taken):
        return True
    return any(role in n.to and (not n.stages or reached & set(n.stages)) for n in protocol.notices.values())
