"""The people of a dispute: who comes into it, takes over or is taken out, what names and labelled values a message may
record, and a child's status in the words people use.
"""

import re

from mailbot.core.decisions.stages import holders_of, sides_of
from mailbot.core.partnership.partnership import Partnership, Request, side_of
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import QuestionAsked, RequestRefused
from mailbot.core.record.intents import Act, Person

# Who comes into a dispute, who takes over from whom, and who is taken out of it.


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
                    at=request.at,
                    role=party.role,
                    side=party.side,
                    leaving=party.person,
                    taking=Person(theirs.address, theirs.name, leaving.agency, theirs.designation),
                    until=request.intent.on,
                )
            )
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
    """The role through which a side's people climb tier by tier at the present stage, when that is the
    role asked for; else ""."""
    roles, stage = partnership.protocol.roles, partnership.stage_of(dispute)
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


def remove(dispute: Dispute, request: Request, partnership: Partnership) -> list[e.Event]:
    gone = request.intent.person
    found = [p for p in dispute.parties if gone and p.person.address == gone.address]
    if not found:
        why = "nobody recorded in this dispute has that address"
        return [RequestRefused(at=request.at, by=request.by, act=Act.REMOVE_PERSON, why=why)]
    return [e.PersonRemoved(at=request.at, role=p.role, person=p.person, by=request.by.address) for p in found]


# Names and labelled values that a message brings: who may record whom, and who may not be recorded twice.

# What the raising side wrote stands; what the other side adds is kept beside it, attributed.
_OWNED_BY_RAISER = frozenset({"issue", "impact", "outcome_sought", "evidence", "child", "child_ref", "decision_on"})
# "The person responsible for recording is the agency raising the issue" (NS-14): the form's own boxes are theirs.
_RECORDED_BY_RAISER = frozenset({"summary", "unresolved", "actions", "outcome"})


def details(dispute: Dispute, request: Request, partnership: Partnership, correction: bool = False) -> list[e.Event]:
    """The events of all the people named and labelled values in an intent that its writer may record."""
    events: list[e.Event] = []
    mine = side_of(dispute, request.by)
    for role, named in (*request.intent.people.items(), *request.intent.others):
        side = _side_for(dispute, role, named, request, partnership)
        person = partnership.in_place_of(_for_agency(named, side, dispute, request, partnership))
        if side is None or not _is_news(dispute, role, side, person):
            continue
        clash = clashing_role(dispute, role, side, person, partnership)
        if person.address and not partnership.may_write_to(person.address):
            events.append(_ask_for_an_address(request, person))
        elif clash:
            events.append(_ask_for_another(request, person, clash))
        else:
            events.append(e.PersonRecorded(at=request.at, role=role, side=side, person=person, by=request.by.address))
    for key, value in request.intent.fields.items():
        if key in _NOT_KEPT or not value or dispute.fields.get(key) == value:
            continue
        owned = mine is Side.RECEIVING and (
            (key in _OWNED_BY_RAISER and key in dispute.fields) or key.partition(":")[0] in _RECORDED_BY_RAISER
        )
        events.append(
            e.FieldRecorded(
                at=request.at,
                key=f"{key}:receiving" if owned else key,
                value=value,
                by=request.by.address,
                correction=correction,
            )
        )
    return events


# Fields that steer a decision and are recorded by its own event, not as a value of the dispute.
_NOT_KEPT = frozenset(
    {
        "stage",
        "raiser",
        "responder",
        "raising_agency",
        "also_receiving",
        "proposed_date",
        "reason",
        "to",
        "until",
        "role",
        "route",
        "agreed_before",
        "action_done",
        "helpful",
        "idea",
        "agreed_outcome",
        "agreed_date",
        "child_date",
        "failed",
        "written_on",
    }
)


def _for_agency(
    person: Person, side: Side | None, dispute: Dispute, request: Request, partnership: Partnership
) -> Person:
    """``person`` as somebody of one of the several agencies that it is with: by their address, else their namer's."""
    several = side is Side.RECEIVING and len(dispute.receiving_agencies) > 1
    if not several or person.agency in dispute.receiving_agencies:
        return person
    at = {a.name for a in partnership.directory.agencies_at(person.address)} & set(dispute.receiving_agencies)
    mine = request.by.agency if request.by.agency in dispute.receiving_agencies else ""
    agency = mine if mine in at or not at else at.pop() if len(at) == 1 else person.agency
    return Person(person.address, person.name, agency, person.designation)


def _side_for(dispute: Dispute, role: str, person: Person, request: Request, partnership: Partnership) -> Side | None:
    """Whose person this is; None where the writer may not say (the other side's own people, once they are named)."""
    mine = side_of(dispute, request.by)
    known = partnership.protocol.roles.get(role)
    if known is None:
        return None
    sides = sides_of(known)
    if not sides:
        return known.side
    if len(sides) == 2:
        return mine
    for_agency = _for_agency(person, sides[0], dispute, request, partnership).agency
    taken = holders_of(dispute, role, sides[0], for_agency)
    return sides[0] if sides[0] is mine or not taken else None


def _is_news(dispute: Dispute, role: str, side: Side, person: Person) -> bool:
    several = len(dispute.agencies(side)) > 1
    there = [p for p in dispute.filling(role) if p.side is side]
    held = [p.person for p in there if not several or dispute.agency_of(p) in ("", person.agency)]
    same = any(person.address == h.address and (not person.name or person.name == h.name) for h in held)
    only_a_name = not person.address and any(h.address for h in held)
    return not same and not only_a_name


def clashing_role(dispute: Dispute, role: str, side: Side, person: Person, partnership: Partnership) -> str:
    """The role at another stage that one of a side's people, about to be named for this one, already fills, or ""
    (engine rule B2.4; hazard G7)."""
    stages = list(partnership.protocol.stages.values())
    begun = [s.id for s in stages].index(dispute.visits[0].stage) if dispute.visits else 0
    places = {name: n for n, s in enumerate(stages) if n >= begun for name in (*s.raising, *s.receiving)}
    if role not in places or not person.address:
        return ""
    for party in dispute.parties:
        same_person = party.person.address == person.address and party.side is side
        if same_person and party.role in places and places[party.role] != places[role]:
            return party.role
    return ""


def _ask_for_an_address(request: Request, person: Person) -> QuestionAsked:
    question = (
        f"{person.name or 'Somebody'} was named with an address at no agency that this partnership knows, so nothing "
        "can be sent there. Please reply with their work address, or ask the Business Manager to add their agency."
    )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic="address")


def _ask_for_another(request: Request, person: Person, clash: str) -> QuestionAsked:
    question = (
        f"{person.shown} is already recorded at another stage on the same side. One person cannot act at two "
        "stages, so somebody else is needed: please reply with the name and email of the next one up."
    )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic=f"same person: {clash}")


# A child's status in the words people use, read as the words a protocol's conditions use.
#
# "CPP", "on a CP plan" and "child protection plan" are one thing: a notice that hangs on it (an Independent Reviewing
# Officer's) must not be missed for the sake of a spelling (hazard G22). What is denied or over is not the status.

STATUSES: tuple[tuple[str, str], ...] = (
    ("child protection plan", r"child protection|\bcpp?\b|\bcp plan\b"),
    ("looked after", r"looked after|\blac\b|\bcla\b|\bin care\b|\bs ?20\b|section 20|accommodated|care order"),
    ("child in need", r"child in need|\bcinp?\b"),
    ("early help", r"early help|\beha?p?\b"),
    ("unborn", r"\bunborn\b|\bubb\b"),
)
_DENIED = re.compile(r"\b(?:no|not|never|isn t|wasn t|no longer|came off|come off|off|ended|ceased|stepped down)\b")


def statuses(words: str) -> frozenset[str]:
    """A child's status in the words people use, as a set: "CPP; not LAC" is {"child protection plan"}; what is in no
    table is kept as it was written."""
    found: set[str] = set()
    for part in re.split(r"[;,\n]|\.(?=\s|$)|\b(?:and|but)\b", words.casefold()):
        plain = " ".join(re.sub(r"[^a-z0-9]+", " ", part).split())
        if not plain or _DENIED.search(plain):
            continue
        known = {status for status, pattern in STATUSES if re.search(pattern, plain)}
        found |= known or {plain}
    return frozenset(found)
