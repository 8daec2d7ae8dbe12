"""Who joins a dispute, takes over from somebody in it, or is taken out of it."""

from dataclasses import replace

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.people import further_agencies
from mailbot.core.decisions.people.asked_of_others import (
    ask_for_a_colleague,
    ask_where_to_write,
    in_it_already,
    which_agency,
)
from mailbot.core.decisions.people.names_and_facts import (
    BOTH_SIDES,
    ask_for_another,
    clashing_role,
    is_told_of_the_child,
    record_person,
    role_called,
)
from mailbot.core.decisions.people.roles import SUPPORTER, is_shared, keepers, sides_of
from mailbot.core.decisions.people.who_is_there import whose_place
from mailbot.core.decisions.who_may.authority import (
    decides_anywhere,
    judge,
    on_person,
    roles_above,
    side_acted_for,
    sides_at,
    standing_for,
    voice_of,
)
from mailbot.core.decisions.who_may.table import On, Verdict
from mailbot.core.partnership.partnership import Request, side_of
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events_of_mail import QuestionAsked, RequestRefused
from mailbot.core.record.intents import Act, Person
from mailbot.core.record.parties import Party, Voice


def hand_over(case: Case, request: Request) -> list[e.Event]:
    partnership, taking, leaving = case.partnership, request.intent.person, whose_place(case, request)
    if taking is None or not taking.address:
        return [ask_where_to_write(request, taking, "HANDOVER TO")]
    entries = [p for p in standing_for(leaving.address, case) if p.side in BOTH_SIDES]
    if taking.address == request.by.address == leaving.address:
        return in_it_already(case, request)
    side = entries[-1].side if entries else Side.RAISING
    theirs = partnership.directory.person(taking.address, taking.name)
    on = on_person(theirs, voice_of(leaving.address, case), case, side)
    at_the_address = {a.name for a in partnership.directory.agencies_at(taking.address)}
    may = judge(request, case, Act.HANDOVER, On.OURS).is_allowed
    if on is On.THIRD and may and leaving.agency in at_the_address:
        return [ask_for_a_colleague(request, theirs)]
    clashes = ((p.role, clashing_role(case, p.role, side, theirs)) for p in entries)
    two = next((both for both in clashes if both[1]), None) if on is On.OURS and may else None
    judged = judge(request, case, Act.HANDOVER, On.TWICE if two else on)
    if judged.verdict is Verdict.PUT and partnership.directory.is_approved(taking.address):
        return which_agency(case, request, theirs, Act.HANDOVER)
    colleagues = leaving.agency in at_the_address | {theirs.agency}
    approved = partnership.directory.is_approved(taking.address)
    if two and approved and colleagues:
        return [ask_for_another(request, theirs, two, partnership)]
    if not approved or not judged.is_allowed or not colleagues:
        same = "a handover is to a colleague in the same agency, at an address the partnership knows"
        why = judged.why if on in (On.BOTH, On.JUDGES) or not may else same
        return [RequestRefused(at=request.at, by=request.by, act=Act.HANDOVER, why=why)]
    return [
        e.PersonHandedOver(
            at=request.at,
            role=party.role,
            side=party.side,
            leaving=party.person,
            taking=Person(theirs.address, theirs.name, leaving.agency, theirs.designation),
            until=request.intent.on,
            by="" if request.by.address == leaving.address else request.by.address,
        )
        for party in entries
        if party.side is side
    ]


def add(case: Case, request: Request) -> list[e.Event]:
    partnership = case.partnership
    person, side = request.intent.person, side_of(case.dispute, request.by)
    if person is not None and person.name and not person.address and _may_add_somebody(case, request):
        return [ask_where_to_write(request, person, "ADD")]
    if person is None or not person.address or not partnership.directory.is_approved(person.address):
        why = "somebody is added with an email address at an agency the partnership knows"
        return [RequestRefused(at=request.at, by=request.by, act=Act.ADD_PERSON, why=why)]
    known = partnership.directory.person(person.address, person.name)
    role = _role_meant(case, request, known, side)
    if role and is_told_of_the_child(role, case) and not case.dispute.filling(role):
        return record_person(case, request, (role, known), opening=False)
    if not role:
        return [RequestRefused(at=request.at, by=request.by, act=Act.ADD_PERSON, why=_ON_WHICH_SIDE)]
    its_side = _place(case, role, known, side)
    clash = clashing_role(case, role, its_side, known)
    on = _for_a_place(case, request, (role, its_side, known))
    judged = judge(request, case, Act.ADD_PERSON, On.TWICE if clash and on is On.OURS else on)
    if judged.verdict is Verdict.PUT and on is On.SHARED:
        return which_agency(case, request, known, Act.ADD_PERSON)
    if judged.verdict is Verdict.PUT:
        return _put(case, request, known, its_side)
    if clash and judge(request, case, Act.ADD_PERSON, on).is_allowed:
        return [ask_for_another(request, known, (role, clash), partnership)]
    if not judged.is_allowed:
        return [RequestRefused(at=request.at, by=request.by, act=Act.ADD_PERSON, why=judged.why)]
    above = _tier(case, role, its_side)
    if above:
        return _next_tier(case.dispute, request, above, its_side, known)
    by, beside = request.by.address, is_shared(role, partnership)
    recorded = e.PersonRecorded(at=request.at, role=role, side=its_side, person=known, by=by, beside=beside)
    if on is On.JOINS:
        return [*further_agencies.come_with(known, case, request), recorded]
    return [recorded, *(further_agencies.asked_of_supporter(case, request, known) if on is On.THIRD else [])]


_ON_WHICH_SIDE = (
    "it is not certain on which side they are: say “as raising” or “as receiving” and the role, or give them a row in "
    "the directory"
)


def _role_meant(case: Case, request: Request, person: Person, mine: Side | None) -> str:
    """For which role somebody is brought into a dispute's people. Where the words are of one place on either side, the
    agency they are of tells which, else the side of whoever brings them in; "" where neither does."""
    fields = request.intent.fields
    role, other = fields.get("role", "") or SUPPORTER, fields.get("or_role", "")
    sides = sides_at(person, case)
    side = next(iter(sides)) if len(sides) == 1 else mine
    if side is Side.OTHER:  # of a further agency: whoever acts for one acts on the side that was asked
        side = Side.RECEIVING if other else side
    if not other:
        return role
    return next((name for name in (role, other) if case.protocol.roles[name].side is side), "")


def _for_a_place(case: Case, request: Request, added: tuple[str, Side, Person]) -> On:
    """Whose somebody is who is brought into a dispute's people, for a place that ``role`` and ``side`` name."""
    role, side, person = added
    protocol = case.protocol
    if side is Side.PARTNERSHIP or decides_anywhere(role, protocol):
        of_a_side = any(p.person.address == person.address and p.side in BOTH_SIDES for p in case.dispute.parties)
        return On.JUDGES if of_a_side else On.PANEL
    if side not in BOTH_SIDES:
        return On.NEITHER
    on = on_person(person, voice_of(request.by.address, case), case, side)
    if role == SUPPORTER:
        return On.SUPPORT if on is On.OURS else on
    if on is On.THIRD:
        return On.JOINS if side is Side.RECEIVING and further_agencies.agency_beside(person, case) else On.THIRD_ACTING
    return on


def _place(case: Case, role: str, person: Person, mine: Side | None) -> Side:
    """Of the people who come into a dispute, on which side one stands: a role's own, else their agency's, else that of
    whoever brings them in."""
    known = case.protocol.roles.get(role)
    if known is not None and (known.side is Side.PARTNERSHIP or decides_anywhere(role, case.protocol)):
        return Side.PARTNERSHIP
    if known is not None and len(sides_of(known)) < 2:
        return known.side
    theirs = sides_at(person, case) - {Side.OTHER}
    return next(iter(theirs)) if len(theirs) == 1 else mine or Side.RAISING


def _put(case: Case, request: Request, person: Person, side: Side) -> list[e.Event]:
    """People added: somebody of the other side's, or of a third agency, is for those to bring in whom it concerns."""
    other = side if side is not side_acted_for(case, request.by.address) else Side.RAISING
    question = (
        f"{request.by.shown} asks to bring {person.shown}{f' ({person.agency})' if person.agency else ''}, "
        f"{person.address}, into this dispute. Nothing was done. If they are to be in it, reply ADD and their email "
        "address; otherwise nothing need be done."
    )
    why = "that is for the other side or the Business Manager to do"
    asked = [p for p in keepers(case, other) if p.address != request.by.address]
    return [
        RequestRefused(at=request.at, by=request.by, act=Act.ADD_PERSON, why=why),
        *(QuestionAsked(at=request.at, of=p, question=question, topic="bring in") for p in asked),
    ]


def _tier(case: Case, role: str, side: Side) -> str:
    """The role through which a side's people climb tier by tier at the present stage, when that is the
    role asked for; else ""."""
    roles, stage = case.protocol.roles, case.stage
    if role not in roles or not roles[role].tiers:
        return ""
    mine = stage.raising if side is Side.RAISING else stage.receiving
    return next((name for name in mine if roles[name].tiers), "")


def _next_tier(dispute: Dispute, request: Request, role: str, side: Side, above: Person) -> list[e.Event]:
    """The events of one more manager among a side's people, the next tier within a stage (GL-15): whoever was before
    stays and is copied, and no clock starts again (GL-30)."""
    held = [p.person for p in dispute.filling(role) if p.side is side and p.person.address]
    stays = [
        e.PersonRecorded(at=request.at, role="supporter", side=side, person=person, by=request.by.address)
        for person in held
    ]
    if not held:
        return [e.PersonRecorded(at=request.at, role=role, side=side, person=above, by=request.by.address)]
    return [*stays, e.PersonHandedOver(at=request.at, role=role, side=side, leaving=held[-1], taking=above)]


def _may_add_somebody(case: Case, request: Request) -> bool:
    """Is there anybody whom the people asking may add at all, so that it is worth asking where to write to them?"""
    return any(judge(request, case, Act.ADD_PERSON, on).is_allowed for on in (On.OURS, On.SUPPORT, On.THIRD, On.JOINS))


def remove(case: Case, request: Request) -> list[e.Event]:
    """People taken out of the dispute: one's own side's, and whoever was brought in. The last one of a role leaves a
    question, not a hole."""
    gone = request.intent.person
    if agency := request.intent.fields.get("agency", ""):
        return further_agencies.leave(case, request, [agency])
    found = [p for p in case.dispute.parties if gone and _is_the_same(p.person, gone)]
    if not found:
        name = gone.name if gone is not None and not gone.address else ""
        why = f"{name} is not recorded in this dispute" if name else "nobody recorded in this dispute has that address"
        return [RequestRefused(at=request.at, by=request.by, act=Act.REMOVE_PERSON, why=why)]
    mine = voice_of(request.by.address, case)
    objects = [_seen(p, mine, case) for p in found]
    judged = [judge(request, case, Act.REMOVE_PERSON, on) for on in objects]
    if refused := next((one for one in judged if not one.is_allowed), None):
        return [RequestRefused(at=request.at, by=request.by, act=Act.REMOVE_PERSON, why=refused.why)]
    removed = [e.PersonRemoved(at=request.at, role=p.role, person=p.person, by=request.by.address) for p in found]
    return [*removed, *_holes(case, request, found)]


def _is_the_same(person: Person, gone: Person) -> bool:
    """Is one of the people of a dispute the one who is to go: by address; by name where neither has one?"""
    if person.address or gone.address:
        return person.address == gone.address
    return bool(gone.name) and person.name.casefold() == gone.name.casefold()


def _seen(party: Party, mine: Voice | None, case: Case) -> On:
    """Whose one of the people is, seen from whoever speaks for ``mine``: who was brought in from a third agency is of
    the side that brought them in."""
    if party.side is Side.PARTNERSHIP or decides_anywhere(party.role, case.protocol):
        return On.PANEL
    if party.side not in BOTH_SIDES:
        return On.NEITHER
    if mine is None or party.side is not mine.side:
        return On.THEIRS
    of_another = mine.agency and case.dispute.agency_of(party) in set(case.dispute.agencies(party.side)) - {mine.agency}
    return On.THEIRS if of_another else On.OURS


def _holes(case: Case, request: Request, gone: list[Party]) -> list[e.Event]:
    """People wanting: no person is left in a role of this stage or a later one: that side is asked who acts instead.
    After the end nobody acts any more, and ``after_closing`` finds who is asked."""
    if not case.dispute.is_open:
        return []
    above = roles_above(case.dispute, case.protocol)
    asked: list[e.Event] = []
    for party in gone:
        agency, dispute = case.dispute.agency_of(party), case.dispute
        held = (p for p in dispute.filling(party.role) if p.side is party.side and p not in gone and p.person.address)
        voice = dispute.voice(party.side, agency)
        left = [p for p in held if dispute.voice(p.side, dispute.agency_of(p)) == voice]
        if left or (party.role not in above and party.role != "raiser"):
            continue
        title = role_called(party.role, case.partnership)
        question = (
            f"{party.person.shown} was taken out of this dispute, and your side now has no {title} in it. Who acts "
            f"instead? Please reply with a line “My {title}:” and their name and email."
        )
        after = case.dispute
        for one in gone:
            after = after.after(e.PersonRemoved(at=request.at, role=one.role, person=one.person, by=request.by.address))
        here = keepers(replace(case, dispute=after), party.side, agency)
        people = [p for p in here if p.address not in (party.person.address, request.by.address)]
        asked += [QuestionAsked(at=request.at, of=p, question=question, topic=f"hole: {party.role}") for p in people]
    return asked
