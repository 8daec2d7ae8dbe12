"""The roles of a dispute and who acts in them: the people recorded in it, the partnership's own, an agency's officers
from the directory, and everybody who may know; and whether a protocol's condition holds for it."""

import re
from datetime import datetime

from mailbot.core.clocks.absences import left_for_good
from mailbot.core.clocks.case import Case
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.closed_lists import Side, Source
from mailbot.core.procedure.protocol import Protocol, Role, Stage
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import PersonRecorded
from mailbot.core.record.intents import Person
from mailbot.core.record.parties import Party

SUPPORTER = "supporter"  # a role of every dispute, and of no file: they speak, and decide nothing
STUCK = "stuck"  # the clock of a reminder that nothing follows the last stage, and nobody has closed it


def condition_holds(condition: str, dispute: Dispute) -> bool:
    """Does a condition that a protocol sets on a role hold for a dispute? "child_status is child protection plan or
    looked after": the field's value is one of those; "" always holds."""
    if not condition:
        return True
    key, _, values = condition.partition(" is ")
    known = dispute.fields.get(key.strip(), "")
    held = statuses(known) if key.strip() == "child_status" else {known.casefold()} - {""}
    return any(value.strip().casefold() in held for value in values.split(" or "))


def _by_post(name: str, case: Case) -> list[Person]:
    """Of roles: the officer in the directory who fills one on one side, before their stage is reached; nobody when
    it has several (WO-15)."""
    role = case.protocol.roles.get(name)
    if role is None or role.source is not Source.DIRECTORY or role.side not in (Side.RAISING, Side.RECEIVING):
        return []
    people: list[Person] = []
    for agency in case.dispute.agencies(role.side):
        holders = case.partnership.officers_in(role, agency)
        people += holders if len(holders) == 1 else ()
    return people


def in_roles(names: tuple[str, ...], case: Case, *sides: Side) -> list[Person]:
    """The people in some roles, on some sides: recorded in the dispute, the partnership's own, or (a role each agency
    has) each agency's own from the directory, never the other's (NS-21). Nobody who has left, by their own automatic
    reply."""
    people: list[Person] = []
    gone = left_for_good(case.dispute)
    for name in names:
        role = case.protocol.roles.get(name)
        if role is None:
            continue
        if role.source is Source.ADDRESS:
            people += case.partnership.holders_of_offices((name,))
            continue
        people += [
            p.person
            for p in case.dispute.parties
            if p.role == name and p.person.address and (not sides or p.side in sides)
        ]
        if role.source is Source.DIRECTORY and role.side is Side.EACH:
            for agency in (a for side in sides or (Side.RAISING, Side.RECEIVING) for a in case.dispute.agencies(side)):
                people += case.partnership.officers_in(role, agency)
    found = dict.fromkeys(case.partnership.in_place_of(person) for person in people)
    return [person for person in found if person.address not in gone]


def everyone(case: Case) -> list[Person]:
    """Everybody recorded in a role of a dispute who may know: at a one-sided stage, the raising side alone
    (PL-02). People named for a later stage hear of it when their turn comes; until then they are only
    names that were exchanged."""
    order = case.protocol.order()
    reached = max((order.index(v.stage) for v in case.dispute.visits), default=0)
    stages = [case.protocol.stages[s] for s in order]
    later = {r for s in stages[reached + 1 :] for r in (*s.raising, *s.receiving)}
    begun = {r for s in stages[: reached + 1] for r in (*s.raising, *s.receiving)}
    gone = left_for_good(case.dispute)
    return list(
        dict.fromkeys(
            p.person
            for p in case.dispute.parties
            if p.person.address
            and p.person.address not in gone
            and (p.role in begun or p.role not in later)
            and p.side is not Side.OTHER  # told by the protocol's own notices, and of nothing else
            and not (is_one_sided(case) and p.side is Side.RECEIVING)
        )
    )


def is_shared(name: str, partnership: Partnership) -> bool:
    """Of roles: is this one that each agency has, so that naming somebody for it replaces nobody?"""
    role = partnership.protocol.roles.get(name)
    return role is not None and role.side is Side.EACH


def is_for_later(party: Party, dispute: Dispute, protocol: Protocol) -> bool:
    """Is somebody recorded in a role of later stages alone, so that nothing has been written to them yet?"""
    order = protocol.order()
    acts = [
        place
        for place, name in enumerate(order)
        if party.role in (*protocol.stages[name].raising, *protocol.stages[name].receiving)
    ]
    reached = max((order.index(visit.stage) for visit in dispute.visits), default=0)
    return bool(acts) and min(acts) > reached


def keepers(case: Case, side: Side, agency: str = "") -> list[Person]:
    """The people who answer for a side now, or for one ``agency`` of several: those the stage is with, else its
    practitioners, else anybody recorded on it; the office where nobody is."""
    stage = case.stage
    roles = stage.raising if side is Side.RAISING else stage.receiving
    first = "raiser" if side is Side.RAISING else "responder"
    gone = left_for_good(case.dispute)
    everybody = [p.person for p in case.dispute.parties if p.side is side and p.person.address not in {"", *gone}]
    for there in (
        in_roles(tuple(roles), case, side),
        in_roles((first,), case, side),
        everybody,
    ):
        theirs = [p for p in there if not case.dispute.voice(side, agency).agency or p.agency == agency]
        if found := [p for p in theirs if case.partnership.may_write_to(p.address)]:
            return found
    return list(case.partnership.office())


def passed_through(case: Case) -> list[Person]:
    """The people in the roles through which it was passed on to those who decide, where it came so far: they hear how
    it ended, for they would look after it for ever otherwise. No text says so, and none needs to."""
    protocol = case.protocol
    stages = (protocol.stages[visit.stage].sent_through for visit in case.dispute.visits)
    routes = (protocol.routes[name].sent_through for name, _ in case.dispute.routes if name in protocol.routes)
    return in_roles(tuple(name for name in dict.fromkeys((*stages, *routes)) if name), case)


def is_one_sided(case: Case) -> bool:
    """Have only roles of one agency acted, at stages of its own, so that the other is told nothing at
    all (PL-02; hazard G5)?"""
    return all(not case.protocol.stages[visit.stage].receiving for visit in case.dispute.visits)


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
PROTECTING = frozenset({"child protection plan", "looked after"})
_DENIED = re.compile(r"\b(?:no|not|never|isn t|wasn t|no longer|came off|come off|off|ended|ceased|stepped down)\b")


def statuses(words: str) -> frozenset[str]:
    """Of roles: the child's statuses that one depends on: "CPP; not LAC" is {"child protection plan"}; what is in no
    table is kept as it was written."""
    found: set[str] = set()
    for part in re.split(r"[;,\n]|\.(?=\s|$)|\b(?:and|but)\b", words.casefold()):
        plain = " ".join(re.sub(r"[^a-z0-9]+", " ", part).split())
        if not plain or _DENIED.search(plain):
            continue
        known = {status for status, pattern in STATUSES if re.search(pattern, plain)}
        found |= known or {plain}
    return frozenset(found)


def holders_of(dispute: Dispute, role: str, side: Side, agency: str) -> tuple[Party, ...]:
    """Holders of a role: whoever acts in ``role`` for ``agency``, and can be written to; for its side, where that has
    one agency alone."""
    there = [p for p in dispute.filling(role) if p.side is side and p.person.address]
    several = len(dispute.agencies(side)) > 1
    return tuple(p for p in there if not several or dispute.agency_of(p) == agency)


def stand_ins(name: str, role: Role, partnership: Partnership) -> tuple[Person, ...]:
    """Stand-ins in a role: whoever acts in ``role`` for each agency of a sector that has no officer of its own (GPs,
    schools)."""
    agency = next((a for a in partnership.directory.agencies if a.name == name), None)
    if agency is None or not agency.sector:
        return ()
    named = [one for one in role.stand_in if one.sector.casefold() == agency.sector.casefold() and one.address]
    return tuple(Person(one.address.lower(), one.title, agency.name, one.title) for one in named)


def sides_of(role: Role) -> tuple[Side, ...]:
    """RAISING, RECEIVING, or both for a role that each agency has."""
    if role.side is Side.EACH:
        return (Side.RAISING, Side.RECEIVING)
    return (role.side,) if role.side in (Side.RAISING, Side.RECEIVING) else ()


def deputies_part(case: Case, sender: Person, pressed_by: str) -> tuple[PersonRecorded, ...]:
    """The roles that a button's reply, or an answer to a letter, brings its sender, where the directory names them as
    the deputy of somebody whom the stage is with: from now on they are in the dispute beside them, in the same role.
    ``pressed_by`` is to whom the button was made out; "" where none was pressed."""
    stage = case.stage
    theirs = [
        p
        for p in case.dispute.parties
        if p.role in (*stage.raising, *stage.receiving)
        and case.directory.stands_in(sender.address, p.person.address)
        and pressed_by in ("", p.person.address)
    ]
    roles = {p.role for p in case.dispute.parties if p.person.address == sender.address}
    return tuple(
        PersonRecorded(
            at=case.now,
            role=party.role,
            side=party.side,
            person=sender,
            by="the directory",
            beside=True,
            stands_in_for=party.person.address,
        )
        for party in theirs
        if party.role not in roles
    )


def stays_beside(case: Case, writer: Person, at: datetime) -> list[PersonRecorded]:
    """The role in which whoever had it raised in their own name, and says who raises it, stays in it beside them."""
    if all(party.person.address != writer.address for party in case.dispute.filling("raiser")):
        return []
    return [PersonRecorded(at=at, role=SUPPORTER, side=Side.RAISING, person=writer, by=writer.address)]


def find_people(case: Case, stage: Stage, at: datetime) -> list[PersonRecorded]:
    """On entering a stage, the events that fill its empty roles from the directory, when it has exactly one answer:
    never on a guess."""
    events: list[PersonRecorded] = []
    for name in dict.fromkeys((*stage.raising, *stage.receiving)):
        role = case.protocol.roles[name]
        for side, agency in ((one, agency) for one in sides_of(role) for agency in case.dispute.agencies(one)):
            if role.source is Source.ADDRESS or holders_of(case.dispute, name, side, agency):
                continue
            holders = case.partnership.officers_in(role, role.agency or agency)
            holders = tuple(h for h in holders if case.dispute.party(h.address) is None)
            holders = holders or stand_ins(agency, role, case.partnership)
            if len(holders) == 1:
                events.append(_by_directory(at, role, side, holders[0]))
    return events


def _by_directory(at: datetime, role: Role, side: Side, person: Person) -> PersonRecorded:
    beside = role.side is Side.EACH
    return PersonRecorded(at=at, role=role.id, side=side, person=person, by="the directory", beside=beside)
