"""The agencies and the people of an opening: who raises it, with whom, and which role each fills, from its labels, its
addresses and its words."""

import re

from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record.intents import Person
from mailbot.mail.text.people_and_agencies import (
    NAME,
    agencies_listed,
    agencies_that_disagree,
    agency_named,
    agency_of,
    find_named,
    person_with_agency,
)
from mailbot.mail.understanding.context import Brought, Scene, raised_for
from mailbot.mail.understanding.managers_and_officers import managers_named

_PAIR = re.compile(r"\s*(?:/|\bv\.?s?\.?\b|\bversus\b|\band\b|&|,|\bwith\b|<>|\bto\b|->|-)\s*", re.I)


def agencies_of_opening(scene: Scene, found: Brought, subject: str, text: str) -> tuple[str, ...]:
    """The agencies of an opening (raising, receiving, any further it is with): from labels, else the addresses, else
    what the text names. The writer's own comes first."""
    named = _pair(scene, found, subject, text)
    at = {a.name for a in scene.directory.agencies_at(scene.said.sender.address)}
    first = named[0] if named and not scene.said.sender.agency and named[0] in at else ""
    mine = first or agency_of(scene.said.sender, f"{scene.said.signature}\n{text}", scene.directory)
    raising = agency_named(found.fields.get("raising_agency", ""), scene.directory) or mine
    receiving = agency_named(found.fields.get("receiving_agency", ""), scene.directory)
    if named:
        raising = raising or named[0]
        receiving = receiving or next((n for n in named if n != raising), "" if len(named) < 2 else raising)
    said = _BOUND_FOR.sub(" ", f"{subject}\n{text}")
    written = [agency_of(p, said, scene.directory) or _lead_agency(p, scene) for p in scene.said.to]
    others = [a for a in written if a and a != raising]
    receiving = receiving or next(iter(others), "") or _mentioned(scene, subject, text, raising)
    if not receiving and written and all(a == raising for a in written if a) and any(written):
        receiving = raising
    also = named if len(named) > 2 else ()
    also += agencies_listed(found.fields.get("also_with", ""), scene.directory)[0]
    also += agencies_that_disagree(text, scene.directory) if receiving and receiving != raising else ()
    return raising, receiving, *(name for name in dict.fromkeys(also) if name not in (raising, receiving))


_MANAGES = re.compile(r"\b(?:manager|head|director|chief|principal|superintendent|inspector)\b", re.I)


def others_of_opening(
    scene: Scene, found: Brought, people: dict[str, Person], agencies: tuple[str, ...]
) -> tuple[tuple[str, Person], ...]:
    """The other people of an opening, by role, beside those who fill one alone: more workers of the agency that it is
    with, and everybody of the further ones. ``agencies`` are all of it, the raising one first."""
    raising, receiving, *more = agencies
    beside = _workers_beside(scene, people, raising, receiving)
    return (*beside, *_people_of_further_agencies(scene, found, people, more))


def _workers_beside(
    scene: Scene, people: dict[str, Person], raising: str, receiving: str
) -> tuple[tuple[str, Person], ...]:
    """The other workers of the agency an opening is with whom it is to as well ("the other practitioner(s) involved").
    Whoever manages, or has a post in the directory, may be theirs for a later stage, and is left to be named."""
    taken = {p.address for p in people.values() if p.address}
    across = [p for p in scene.said.to if _is_of(p, receiving, raising, scene) and p.address not in taken]
    officers = {p.address: scene.directory.find_officer(p.address) for p in across}
    return tuple(
        ("responder", person_with_agency(p, receiving))
        for p in dict.fromkeys(across)
        if "responder" in people
        and not ((found := officers[p.address]) and (found.posts or _MANAGES.search(found.person.designation)))
    )


def _people_of_further_agencies(
    scene: Scene, found: Brought, people: dict[str, Person], more: list[str]
) -> tuple[tuple[str, Person], ...]:
    """The people of an opening's further agencies: whoever the email is to or copied to there, and whom its lines
    name."""
    first = people.get("responder")
    taken = {p.address for p in people.values() if p.address}
    others = [
        ("responder", person_with_agency(person, name))
        for name in more
        for person in (*scene.said.to, *scene.said.cc)
        if _is_of(person, name, "", scene) and person.address not in taken and person != first
    ]
    return (*others, *((role, person) for role, person in found.others if person.address not in taken))


# "Stepping down to early help" is where the child goes, not who the disagreement is with.
_BOUND_FOR = re.compile(
    r"\b(?:stepp?(?:ed|ing)?|mov(?:e|ed|ing)|going|pass(?:ed|ing)?) (?:\w+ ){0,3}?(?:down )?"
    r"(?:on )?to early help\b",
    re.I,
)


def _lead_agency(person: Person, scene: Scene) -> str:
    """The agency of somebody in an opening where one domain has several and nothing says which: the statutory partner
    among them, shown back."""
    at = scene.directory.agencies_at(person.address) if person.address else ()
    partners = [a.name for a in at if a.partner]
    return partners[0] if len(partners) == 1 else ""


def _pair(scene: Scene, found: Brought, subject: str, text: str) -> tuple[str, ...]:
    """The pair of agencies that an opening email names on one line: labelled, "Police / CSC" by
    itself, or in the subject."""
    child = next((label.value for label in found.labels if label.key == "child"), "")
    lines = [label.value for label in found.labels if label.key == "agencies"]
    lines += [child.split("/", 1)[1]] if "/" in child else []
    lines += [line for line in text.split("\n") if len(line) < 90 and ("/" in line or re.search(r"\bvs?\b", line))]
    lines += [part for part in subject.split(" - ") if "/" in part]
    for line in lines:
        named = [agency_named(piece, scene.directory) for piece in _PAIR.split(line) if piece.strip()]
        distinct = tuple(dict.fromkeys(n for n in named if n))
        if len(distinct) >= 2 or (
            distinct and line in lines[:1] and found.labels and lines[0] is line and len(named) > 1
        ):
            return distinct if len(distinct) >= 2 else (distinct[0],)
    return ()


def _mentioned(scene: Scene, subject: str, text: str, raising: str) -> str:
    """The other agency that an opening email's words name; of several, the one named first."""
    others = tuple(a.name for a in scene.directory.agencies if a.name != raising)
    spots = []
    for name in others:
        agency = next(a for a in scene.directory.agencies if a.name == name)
        for called in (agency.name, *agency.also):
            spot = re.search(rf"\b{re.escape(called)}\b", f"{text}\n{subject}", re.I)
            if spot:
                spots.append((spot.start(), -len(called), name))
    return min(spots)[2] if spots else ""


_WITH = re.compile(
    rf"\b(?:social worker|health visitor|practitioner|the worker|officer|worker)(?: is|,|:)? (?P<name>{NAME})"
)


def people_of_opening(
    scene: Scene, found: Brought, text: str, raising: str, receiving: str, stage: str
) -> dict[str, Person]:
    """The people of an opening and which role each fills at ``stage``: the sender and the first addressee of the other
    agency, then those named."""
    people = dict(found.people)
    if "raiser" not in people and (other := raised_for(scene, text, raising, found.fields.get("child", ""))):
        people["raiser"] = other
    here = scene.protocol.stages[stage]
    sender = person_with_agency(scene.said.sender, raising)
    top = here.raising[0] if here.raising else "raiser"
    people.setdefault(top, sender)
    across = [person_with_agency(p, receiving) for p in scene.said.to if _is_of(p, receiving, raising, scene)]
    facing = here.receiving[0] if here.receiving else "responder"
    placed = {p.address for p in people.values()}
    across = [p for p in across if p.address not in placed]  # a line of the email says as what they are in it
    if across and facing != top:
        people.setdefault(facing, across[0])
    if across and people.get(facing) != across[0]:  # the email is to them, beside whom it names for this stage
        people.setdefault("responder", across[0])
    sides = {Side.RAISING: raising, Side.RECEIVING: receiving}
    for role, manager in managers_named(scene, text, sides).people.items():
        if manager.address not in {p.address for p in people.values() if p.address}:
            people.setdefault(role, manager)
    named = _WITH.search(text)
    if named and "responder" not in people and receiving:
        person = find_named(named["name"], scene.directory, receiving, scene.people)
        if person is not None and (person.address or " " in person.name):
            people["responder"] = person
    if top != "raiser":
        _below(people, scene, raising, receiving)
    return {role: p for role, p in people.items() if not (role == "responder" and p.address == sender.address)}


def _below(people: dict[str, Person], scene: Scene, raising: str, receiving: str) -> None:
    """Fills in the practitioners of an opening by a manager: they are those copied in, one of each side."""
    taken = {p.address for p in people.values()}
    for person in scene.said.cc:
        if person.address in taken:
            continue
        if _is_of(person, raising, receiving, scene):
            people.setdefault("raiser", person_with_agency(person, raising))
        elif _is_of(person, receiving, raising, scene):
            people.setdefault("responder", person_with_agency(person, receiving))


def _is_of(person: Person, agency: str, other: str, scene: Scene) -> bool:
    if not person.address or (agency == other and agency):
        return False
    if not agency:  # known to be across, though not of which agency there
        at = {a.name for a in scene.directory.agencies_at(person.address)}
        return bool(at) and other not in at and bool(other)
    if person.agency:
        return person.agency == agency
    at = {a.name for a in scene.directory.agencies_at(person.address)}
    return agency in at and (other not in at or agency == other)
