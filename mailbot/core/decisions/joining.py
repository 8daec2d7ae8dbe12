"""Who comes into a dispute, who takes over from whom, and who is taken out of it."""

from mailbot.core.decisions.authority import On, Verdict, judge, on_person, roles_above, side_acted_for, whose
from mailbot.core.decisions.moving import sides_of
from mailbot.core.decisions.people import keepers
from mailbot.core.happened import events as e
from mailbot.core.happened.correspondence import QuestionAsked, RequestRefused
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.intents import Act, Person
from mailbot.core.happened.parts import Party
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.partnership import Partnership, Request, side_of


def hand_over(dispute: Dispute, request: Request, partnership: Partnership) -> list[e.Event]:
    taking = request.intent.person
    leaving = request.by
    if taking is None or not taking.address:
        question = "Who takes over? Please reply HANDOVER TO with their name and email address."
        return [QuestionAsked(at=request.at, of=request.by, question=question, topic="handover")]
    side = side_of(dispute, leaving) or Side.RAISING
    theirs = partnership.directory.person(taking.address, taking.name)
    judged = judge(request, dispute, partnership, Act.HANDOVER, on_person(theirs, side, dispute, partnership, side))
    colleagues = leaving.agency in {a.name for a in partnership.directory.agencies_at(taking.address)} | {theirs.agency}
    if not partnership.directory.is_approved(taking.address) or not judged.is_allowed or not colleagues:
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
    role = request.intent.fields.get("role", "") or "supporter"
    its_side = _place(dispute, role, known, side, partnership)
    mine = side_acted_for(dispute, partnership, request.by.address)
    judged = judge(
        request, dispute, partnership, Act.ADD_PERSON, on_person(known, mine, dispute, partnership, its_side)
    )
    if judged.verdict is Verdict.PUT:
        return _put(dispute, request, partnership, known, its_side)
    if not judged.is_allowed:
        return [RequestRefused(at=request.at, by=request.by, act=Act.ADD_PERSON, why=judged.why)]
    above = _tier(dispute, role, its_side, partnership)
    if above:
        return _next_tier(dispute, request, above, its_side, known)
    return [e.PersonRecorded(at=request.at, role=role, side=its_side, person=known, by=request.by.address)]


def _place(dispute: Dispute, role: str, person: Person, mine: Side | None, partnership: Partnership) -> Side:
    """The side on which somebody comes in: a role's own, else their agency's, else that of whoever brings them in."""
    known = partnership.protocol.roles.get(role)
    if known is not None and len(sides_of(known)) == 1:
        return sides_of(known)[0]
    theirs = whose(person, dispute, partnership)
    return theirs if theirs in (Side.RAISING, Side.RECEIVING) else mine or Side.RAISING


def _put(dispute: Dispute, request: Request, partnership: Partnership, person: Person, side: Side) -> list[e.Event]:
    """Somebody of the other side's, or of a third agency, is for those to bring in whom it concerns."""
    other = side if side is not side_acted_for(dispute, partnership, request.by.address) else Side.RAISING
    question = (
        f"{request.by.shown} asks to bring {person.shown}{f' ({person.agency})' if person.agency else ''}, "
        f"{person.address}, into this dispute. Nothing was done. If they are to be in it, reply ADD and their email "
        "address; otherwise nothing need be done."
    )
    why = "that is for the other side or the Business Manager to do. They have been asked"
    asked = [p for p in keepers(dispute, partnership, other) if p.address != request.by.address]
    return [
        RequestRefused(at=request.at, by=request.by, act=Act.ADD_PERSON, why=why),
        *(QuestionAsked(at=request.at, of=p, question=question, topic="bring in") for p in asked),
    ]


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
    """Out of the dispute: one's own side's people, and whoever was brought in. The last one of a role leaves a
    question, not a hole."""
    gone = request.intent.person
    found = [p for p in dispute.parties if gone and p.person.address == gone.address]
    if not found:
        why = "nobody recorded in this dispute has that address"
        return [RequestRefused(at=request.at, by=request.by, act=Act.REMOVE_PERSON, why=why)]
    mine = side_acted_for(dispute, partnership, request.by.address)
    judged = [judge(request, dispute, partnership, Act.REMOVE_PERSON, _seen(p, mine)) for p in found]
    if refused := next((one for one in judged if not one.is_allowed), None):
        return [RequestRefused(at=request.at, by=request.by, act=Act.REMOVE_PERSON, why=refused.why)]
    removed = [e.PersonRemoved(at=request.at, role=p.role, person=p.person, by=request.by.address) for p in found]
    return [*removed, *_holes(dispute, request, partnership, found)]


def _seen(party: Party, mine: Side | None) -> On:
    if party.side not in (Side.RAISING, Side.RECEIVING):
        return On.NEITHER
    return On.OURS if party.side is mine else On.THEIRS


def _holes(dispute: Dispute, request: Request, partnership: Partnership, gone: list[Party]) -> list[e.Event]:
    """Nobody is left in a role of this stage or a later one: that side is asked who acts instead."""
    above = roles_above(dispute, partnership.protocol)
    asked: list[e.Event] = []
    for party in gone:
        left = [p for p in dispute.filling(party.role) if p.side is party.side and p not in gone and p.person.address]
        if left or (party.role not in above and party.role != "raiser"):
            continue
        title = partnership.protocol.roles[party.role].title.split(",")[0]
        title = f"{title[:1].lower()}{title[1:]}"
        question = (
            f"{party.person.shown} was taken out of this dispute, and your side now has no {title} in it. Who acts "
            f"instead? Please reply with a line “My {title}:” and their name and email."
        )
        after = dispute
        for one in gone:
            after = after.after(e.PersonRemoved(at=request.at, role=one.role, person=one.person, by=request.by.address))
        people = [p for p in keepers(after, partnership, party.side) if p.address != party.person.address]
        asked += [QuestionAsked(at=request.at, of=p, question=question, topic=f"hole: {party.role}") for p in people]
    return asked
