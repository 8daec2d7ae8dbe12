"""What an opening email says: the child, the two agencies, the people, the issue, what it does to the child."""

import re
from dataclasses import dataclass

from mailbot.core.happened.intents import Act, Intent, Person, Sure
from mailbot.mail.understanding.actions import read_agreed
from mailbot.mail.understanding.agreed_already import AgreedAlready, agreed_already
from mailbot.mail.understanding.chains import Chain, read_chain
from mailbot.mail.understanding.dates import first_date
from mailbot.mail.understanding.hearing import hear
from mailbot.mail.understanding.people import (
    NAME,
    addresses_in,
    agency_named,
    agency_of,
    find_named,
    read_person,
    with_agency,
)
from mailbot.mail.understanding.phrases import Sense
from mailbot.mail.understanding.prose import child_in, impact_in, issue_in, outcome_in
from mailbot.mail.understanding.scene import Brought, Scene, brought
from mailbot.mail.understanding.spelling import tidy

_STAGE = re.compile(r"\b(?:stage|step|level)\s*(\d[a-z]?|one|two|three|four|five)\b", re.I)
_NUMBER = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}
_PAIR = re.compile(r"\s*(?:/|\bv\.?s?\.?\b|\bversus\b|\band\b|&|,|\bwith\b|<>|\bto\b|->|-)\s*", re.I)
_NOT_PEOPLE = frozenset({"child", "child_ref", "stage", "agencies", "raising_agency", "receiving_agency"})
_DECIDED = re.compile(
    r"\b(?:decision|referral|request|declined|refused|closed|decided|nfa'?d)\b[^.\n]{0,24}?\b(?:of|on|dated"
    r"|made|from)\b(.{3,30})",
    re.I,
)


def opened(scene: Scene, text: str, several: bool) -> Intent:
    """One OPEN. ``several``: the email holds others too, so only ``text`` speaks for this one."""
    near = (*scene.said.to, *scene.said.cc)
    found = brought(scene, text, near)
    chain = read_chain(tidy(scene.said.quoted), scene.today) if scene.said.forwarded else None
    signed = brought(scene, scene.said.signature, near) if scene.said.signature else None
    fields = {k: v for k, v in found.fields.items() if k not in _NOT_PEOPLE}
    flags = list(found.flags)
    subject = "" if several else scene.said.subject
    fields["stage"] = _stage(f"{found.fields.get('stage', '')}\n{subject}", scene, flags)
    _child(fields, found, subject, text)
    raising, receiving, *more = _agencies(scene, found, subject, text)
    written = _written(scene, chain, raising) if chain else None
    if earlier := _earlier_stage(scene, text):
        fields.setdefault("stage_1_date", earlier)
    if written is not None:
        receiving = receiving or written.person.agency
        fields.setdefault("stage_1_date", written.on)
    fields |= {k: _fragment(fields[k]) for k in _PROSE if k in fields}
    fields |= {"raising_agency": raising, "receiving_agency": receiving, "also_receiving": "; ".join(more)}
    prose = _from_prose(scene, fields, text, flags)
    settled = AgreedAlready() if several else agreed_already(text, found.labels)
    if settled.text:
        fields["agreed_before" if settled.doubtful else "agreed_outcome"] = settled.text.strip(" .")
        fields.pop("actions", None)
    named = _people(scene, found, text, raising, receiving, fields["stage"])
    if written is not None:
        named.setdefault("responder", with_agency(written.person, receiving))
    people = {**(_managers(signed) if signed else {}), **named}
    labelled = sum(1 for label in found.labels if label.key in _SUBSTANCE)
    sure = Sure.SURE if labelled >= 2 and not several else Sure.PROBABLE
    if prose and sure is Sure.PROBABLE and not several:
        flags.append("prose fields shown back for checking")
    return Intent(
        Act.OPEN,
        sure,
        {k: v for k, v in fields.items() if v},
        people,
        read_agreed(settled.text, scene.today).actions if settled.text else (),
        words=scene.own,
        flags=tuple(dict.fromkeys(flags)),
        others=_of_others(scene, found, people, more),
    )


_SUBSTANCE = frozenset({"child", "issue", "impact", "outcome_sought", "agencies", "raising_agency", "receiving_agency",
                        "raising_manager", "responding_manager", "evidence", "decision_on", "child_ref",
                        "stage_1_date", "resolution"})  # fmt: skip


_PROSE = ("issue", "impact", "outcome_sought")


def _fragment(value: str) -> str:
    """A fragment ("strategy discussion convened.") without its full stop; whole sentences keep theirs."""
    whole = not value[:1].islower() or re.search(r"[.!?]\s|[A-Z]\.$", value)
    return value if whole else value.removesuffix(".")


_TOOK_PLACE = re.compile(
    r"\b(?:stage|step) (?:\d|one|two|three) (?:discussion |meeting |call |conversation )?(?:took place|was (?:held )?|"
    r"happened|held|began|started)[^.\n]{0,20}?\bon (?P<when>[^.\n]{3,30})", re.I,
)  # fmt: skip


def _earlier_stage(scene: Scene, text: str) -> str:
    """ "Stage 1 took place on 8 September": the stated earlier date counts (A6.9); never one after the email."""
    said = _TOOK_PLACE.search(text)
    found = first_date(said["when"], scene.today, ahead=False) if said else None
    return found.on.isoformat() if found and found.on and found.on <= scene.today else ""


@dataclass(frozen=True, slots=True)
class _Written:
    """The letter in a forwarded chain by which one side first wrote to the other."""

    person: Person
    on: str


def _written(scene: Scene, chain: Chain, raising: str) -> _Written | None:
    """The oldest letter of the chain that went to another agency: A6.9 counts from it."""
    for letter in reversed(chain.letters):
        person = read_person(letter.to.split(";")[0], scene.directory) if letter.to else None
        at = {a.name for a in scene.directory.agencies_at(person.address)} if person and person.address else set()
        if person is not None and letter.on and letter.on <= scene.today and at and raising not in at:
            return _Written(person, letter.on.isoformat())
    return None


def _managers(signed: Brought) -> dict[str, Person]:
    """Of a signature only who the manager is ("Supervisor: DI ..."): the rest of it is about the writer."""
    return {k: p for k, p in signed.people.items() if k in ("raising_manager", "raising_senior") and p.address}


def _stage(text: str, scene: Scene, flags: list[str]) -> str:
    for match in _STAGE.finditer(f"{text}\n"):
        number = _NUMBER.get(match[1].lower(), match[1].lower())
        if number in scene.protocol.stages:
            return number
        flags.append(f"no such stage: {match[0]}")
    bare = text.split("\n")[0].strip()
    return bare if bare in scene.protocol.stages else scene.protocol.usual_start()


def _child(fields: dict[str, str], found: Brought, subject: str, text: str) -> None:
    value = found.fields.get("child", "")
    child, reference = child_in(value, subject, text)
    fields["child"] = child
    fields["child_ref"] = found.fields.get("child_ref", "") or reference


def _agencies(scene: Scene, found: Brought, subject: str, text: str) -> tuple[str, ...]:
    """(raising, receiving, any further it is with): from labels, else the addresses, else what the text names. The
    writer's own comes first."""
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
    also += _said_against(scene, text) if receiving and receiving != raising else ()
    return raising, receiving, *(name for name in dict.fromkeys(also) if name not in (raising, receiving))


_DISAGREES = (
    r"\W{1,3}(?:also |both |too |all )?(?:disagrees?|(?:do|does) not agree|(?:has|have) (?:also )?(?:refused|declined|"
    r"closed)|(?:is|are) (?:also )?(?:involved|part of this|closing|refusing))\b"
)


def _said_against(scene: Scene, text: str) -> tuple[str, ...]:
    """Agencies of which a sentence says that they disagree too ("Health disagree with us as well")."""
    found = []
    for agency in scene.directory.agencies:
        names = "|".join(re.escape(name) for name in (agency.name, *agency.also))
        if re.search(rf"\b(?:{names}){_DISAGREES}", text, re.I):
            found.append(agency.name)
    return tuple(found)


def _of_others(
    scene: Scene, found: Brought, people: dict[str, Person], more: list[str]
) -> tuple[tuple[str, Person], ...]:
    """The people of the further agencies: whoever the email is to or copied to there, and whom its lines name."""
    first = people.get("responder")
    taken = {p.address for p in people.values() if p.address}
    others = [
        ("responder", with_agency(person, name))
        for name in more
        for person in (*scene.said.to, *scene.said.cc)
        if _is_of(person, name, "", scene) and person.address not in taken and person != first
    ]
    return (*others, *((role, person) for role, person in found.others if person.address not in taken))


# "Stepping down to early help" is where the child goes, not who the disagreement is with.
_BOUND_FOR = re.compile(r"\b(?:stepp?(?:ed|ing)?|mov(?:e|ed|ing)|going|pass(?:ed|ing)?) (?:\w+ ){0,3}?(?:down )?"
                        r"(?:on )?to early help\b", re.I)  # fmt: skip


def _lead_agency(person: Person, scene: Scene) -> str:
    """Where one domain has several agencies and nothing says which: the statutory partner among them, shown back."""
    at = scene.directory.agencies_at(person.address) if person.address else ()
    partners = [a.name for a in at if a.partner]
    return partners[0] if len(partners) == 1 else ""


def _pair(scene: Scene, found: Brought, subject: str, text: str) -> tuple[str, ...]:
    """Two agencies on one line: labelled, "Police / CSC" by itself, or in the subject."""
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
    """The other agency the words name; of several, the one named first."""
    others = tuple(a.name for a in scene.directory.agencies if a.name != raising)
    spots = []
    for name in others:
        agency = next(a for a in scene.directory.agencies if a.name == name)
        for called in (agency.name, *agency.also):
            spot = re.search(rf"\b{re.escape(called)}\b", f"{text}\n{subject}", re.I)
            if spot:
                spots.append((spot.start(), -len(called), name))
    return min(spots)[2] if spots else ""


def _from_prose(scene: Scene, fields: dict[str, str], text: str, flags: list[str]) -> bool:
    """Fill what no label gave; True when what is said of the child came from prose and is to be shown back."""
    before = dict(fields)
    outcome = fields.get("outcome_sought") or outcome_in(text)
    issue = fields.get("issue") or issue_in(text, fields.get("child", ""))
    fields |= {"outcome_sought": outcome, "issue": issue}
    fields["impact"] = fields.get("impact") or impact_in(text, issue)
    if "decision_on" not in fields:
        said = _DECIDED.search(text)
        on = first_date(said[1], scene.today, ahead=False) if said else None
        fields["decision_on"] = on.on.isoformat() if on and on.on else ""
    for heard in hear(text):
        found = first_date(heard.sentence, scene.today)
        if found is None or found.on is None or not heard.is_clear:
            continue
        if heard.sense is Sense.DEADLINE_AGREED:
            fields.setdefault("agreed_date", found.on.isoformat())
        because = re.search(r"\b(?:as|because|since|before)\b", heard.sentence)
        if heard.sense is Sense.CHILD_DATE and because and "child_date" not in fields:
            fields["child_date"] = found.on.isoformat()
            flags.append("protective date taken from the text: ask to confirm")
    return bool(fields.get("impact")) and not before.get("impact")


_MANAGER = re.compile(
    rf"\b[Mm]y (?P<senior>senior )?(?:line |team )?(?:manager|supervisor|DSL)(?: is|,|:)? (?P<name>{NAME})"
)
_WITH = re.compile(
    rf"\b(?:social worker|health visitor|practitioner|the worker|officer|worker)(?: is|,|:)? (?P<name>{NAME})"
)


def _people(scene: Scene, found: Brought, text: str, raising: str, receiving: str, stage: str) -> dict[str, Person]:
    """Who fills which role at ``stage``: the sender and the first addressee of the other agency, then those named."""
    people = dict(found.people)
    here = scene.protocol.stages[stage]
    sender = with_agency(scene.said.sender, raising)
    top = here.raising[0] if here.raising else "raiser"
    people.setdefault(top, sender)
    across = [with_agency(p, receiving) for p in scene.said.to if _is_of(p, receiving, raising, scene)]
    facing = here.receiving[0] if here.receiving else "responder"
    if across and facing != top:
        people.setdefault(facing, across[0])
    for role, manager in managers_in(scene, text, raising).items():
        people.setdefault(role, manager)
    named = _WITH.search(text)
    if named and "responder" not in people and receiving:
        person = find_named(named["name"], scene.directory, receiving, scene.people)
        if person is not None and (person.address or " " in person.name):
            people["responder"] = person
    if top != "raiser":
        _below(people, scene, raising, receiving)
    return {role: p for role, p in people.items() if not (role == "responder" and p.address == sender.address)}


def managers_in(scene: Scene, text: str, agency: str) -> dict[str, Person]:
    """ "My manager is Jasper (cc'd)": the writer's own managers, under the raising side's roles."""
    people: dict[str, Person] = {}
    for match in _MANAGER.finditer(text):
        near = match.end(), match.end() + 60
        address = next(iter(addresses_in(re.split(r"[.;\n](?:\s|$)", text[near[0] : near[1]])[0])), "")
        known = scene.directory.person(address, match["name"]) if address else None
        named = known or find_named(match["name"], scene.directory, agency, scene.people)
        if named is not None:
            people.setdefault("raising_senior" if match["senior"] else "raising_manager", with_agency(named, agency))
    return people


def _below(people: dict[str, Person], scene: Scene, raising: str, receiving: str) -> None:
    """Opened by a manager: the practitioners are those copied in, one of each side."""
    taken = {p.address for p in people.values()}
    for person in scene.said.cc:
        if person.address in taken:
            continue
        if _is_of(person, raising, receiving, scene):
            people.setdefault("raiser", with_agency(person, raising))
        elif _is_of(person, receiving, raising, scene):
            people.setdefault("responder", with_agency(person, receiving))


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
