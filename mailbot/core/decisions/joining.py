"""Who comes into a dispute, who takes over from whom, and who is taken out of it."""

from mailbot.core.happened import events as e
from mailbot.core.happened.correspondence import QuestionAsked, RequestRefused
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.intents import Act, Person
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.partnership import Partnership, Request, side_of


def hand_over(dispute: Dispute, request: Request, partnership: Partnership) -> list[e.Event]:
    taking = request.intent.person
    leaving = request.by
    if taking is None or not taking.address:
        question = "Who takes over? Please reply HANDOVER TO with their name and email address."
        return [QuestionAsked(at=request.at, of=request.by, question=question, topic="handover")]
    side = side_of(dispute, leaving)
    theirs = partnership.directory.person(taking.address, taking.name)
    colleagues = leaving.agency in {a.name for a in partnership.directory.agencies_at(taking.address)} | {theirs.agency}
    if not partnership.directory.is_approved(taking.address) or not colleagues:
        why = "a handover is to a colleague in the same agency, at an address the partnership knows"
        return [RequestRefused(at=request.at, by=request.by, act=Act.HANDOVER, why=why)]
    events: list[e.Event] = []
    for party in dispute.parties:
        if party.person.address == leaving.address and party.side is side:
            events.append(
                e.PersonHandedOver(
                    at=request.at, role=party.role, side=party.side, leaving=party.person,
                    taking=Person(theirs.address, theirs.name, leaving.agency, theirs.designation),
                    until=request.intent.on,
                )
            )  # fmt: skip
    return events


def add(dispute: Dispute, request: Request, partnership: Partnership) -> list[e.Event]:
    person, side = request.intent.person, side_of(dispute, request.by)
    if person is None or not person.address or not partnership.directory.is_approved(person.address):
        why = "somebody is added with an email address at an agency the partnership knows"
        return [RequestRefused(at=request.at, by=request.by, act=Act.ADD_PERSON, why=why)]
    known = partnership.directory.person(person.address, person.name)
    its_side = side_of(dispute, known) or side or Side.RAISING
    role = request.intent.fields.get("role", "") or "supporter"
    named = partnership.protocol.roles.get(role)
    if named is not None and named.side is Side.PARTNERSHIP:
        its_side = Side.PARTNERSHIP  # a panel is the partnership's, whatever agency its members are of
    above = _tier(dispute, role, its_side, partnership)
    if above:
        return _next_tier(dispute, request, above, its_side, known)
    return [e.PersonRecorded(at=request.at, role=role, side=its_side, person=known, by=request.by.address)]


def _tier(dispute: Dispute, role: str, side: Side, partnership: Partnership) -> str:
    """The role of the present stage through which this side climbs tier by tier, when that is what was asked for."""
    roles, stage = partnership.protocol.roles, partnership.stage_of(dispute)
    if role not in roles or not roles[role].tiers:
        return ""
    mine = stage.raising if side is Side.RAISING else stage.receiving
    return next((name for name in mine if roles[name].tiers), "")


def _next_tier(dispute: Dispute, request: Request, role: str, side: Side, above: Person) -> list[e.Event]:
    """The next tier of management within a stage (GL-15): whoever was before stays and is copied, and no clock starts
    again (GL-30)."""
    held = [p.person for p in dispute.filling(role) if p.side is side and p.person.address]
    stays = [
        e.PersonRecorded(at=request.at, role="supporter", side=side, person=person, by=request.by.address)
        for person in held
    ]
    if not held:
        return [e.PersonRecorded(at=request.at, role=role, side=side, person=above, by=request.by.address)]
    return [*stays, e.PersonHandedOver(at=request.at, role=role, side=side, leaving=held[-1], taking=above)]


def remove(dispute: Dispute, request: Request, partnership: Partnership) -> list[e.Event]:
    gone = request.intent.person
    found = [p for p in dispute.parties if gone and p.person.address == gone.address]
    if not found:
        why = "nobody recorded in this dispute has that address"
        return [RequestRefused(at=request.at, by=request.by, act=Act.REMOVE_PERSON, why=why)]
    return [e.PersonRemoved(at=request.at, role=p.role, person=p.person, by=request.by.address) for p in found]
