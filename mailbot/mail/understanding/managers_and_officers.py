"""Managers and officers spoken of in a sentence, by name and title: recorded where the words leave no doubt of whom and
as what, else to be asked about; never dropped."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record.intents import Person
from mailbot.mail import lexicon
from mailbot.mail.text.people_and_agencies import ADDRESS, NAME, addresses_in, find_named, person_with_agency
from mailbot.mail.text.spelling_and_sentences import sentences, unwrapped
from mailbot.mail.understanding.context import Scene, roles_meant, told_of_the_child

_POST = r"(?:[Mm]anager|[Ss]upervisor|[Hh]ead of [A-Za-z]+|[Hh]ead(?: ?[Tt]eacher)?|DSL|[Dd]irector|[Ll]ead(?:er)?)"
_TITLE = rf"(?P<whose>\b[Mm]y|\b[Oo]ur|\b[Yy]our)(?: own)? (?P<title>(?:[A-Za-z-]+ ){{0,3}}?{_POST})\b"
_THINKS = r"(?:,? (?:I|we) (?:believe|think|understand|gather|am told)(?: that)?,?)?"
_IS = rf"{_THINKS}(?:,| is| will be|:)?{_THINKS}(?: now| currently)?"
_NAMED = re.compile(rf"{_TITLE}{_IS} (?P<name>{NAME})")
_BEGINS = r"(?<![A-Za-z'-])"  # at the beginning of a word: what is long is looked at once
_NAMED_FIRST = re.compile(rf"{_BEGINS}(?P<name>{NAME})(?:,| is| \()(?: now)? ?{_TITLE}")
_YOURS = re.compile(rf"\b[Yy]ours{_IS} (?P<name>{NAME})")
_NEGATED = re.compile(r"\b(?:not|never|no longer|former|formerly|previous|old|was)\b", re.I)


@dataclass(frozen=True, slots=True)
class NamedInSentences:
    """``people`` by the role they are named for; ``unplaced``: the names and titles of those whose title is no role of
    this procedure, as they were said."""

    people: dict[str, Person]
    unplaced: tuple[str, ...] = ()


def managers_named(scene: Scene, text: str, agencies: dict[Side, str]) -> NamedInSentences:
    """The managers whom sentences name, "My manager is Jasper (cc'd); yours, I believe, is Rosalind Peake", as their
    writer stands: ``agencies`` are those of each side. The first of each role counts."""
    people: dict[str, Person] = {}
    unplaced: list[str] = []
    mine = scene.side if scene.side in agencies else Side.RAISING
    for whose, title, name, rest in _mentions(text):
        roles = [
            role
            for role in roles_meant(f"{whose} {title}", scene.protocol, mine)
            if scene.protocol.roles.get(role) is not None and scene.protocol.roles[role].side in agencies
        ]
        person = _person(scene, name, rest, agencies.get(_side(whose, mine), ""))
        if person is None:
            continue
        if len(roles) == 1:
            people.setdefault(roles[0], person)
        elif person.address and not roles:
            unplaced.append(f"{name}, {whose} {title}")
    taken = {person.name for person in people.values()}
    return NamedInSentences(people, tuple(dict.fromkeys(u for u in unplaced if u.partition(",")[0] not in taken)))


def _mentions(text: str) -> Iterator[tuple[str, str, str, str]]:
    """Whose, which title, who, and what follows to the end of the clause, of everybody named so."""
    last = ""
    for sentence in sentences(unwrapped(text)):
        found = sorted((*_NAMED.finditer(sentence), *_NAMED_FIRST.finditer(sentence)), key=lambda match: match.start())
        for match in found:
            one_of_two = re.match(r" or (?:else )?[A-Z]", sentence[match.end("name") :])
            before = sentence[: match.start()][-12:]
            if not one_of_two and not _NEGATED.search(match[0]) and not _NEGATED.search(before):
                last = match["title"]
                yield match["whose"].lower(), match["title"], match["name"], _clause(sentence, match.end("name"))
        for match in _YOURS.finditer(sentence) if last else ():
            if not _NEGATED.search(match[0]):
                yield "your", last, match["name"], _clause(sentence, match.end())


_WHOSE = r"\b(?:[Tt]he|[Hh]er|[Hh]is|[Tt]heir|[Oo]ur|[Mm]y|[Yy]our|[Cc]hild's|[A-Z]\.?'s) "
_OF_THE_CHILD = rf"(?:{_WHOSE})?(?:own )?(?P<title>{{titles}})"


_OF_EVERY_PROCEDURE = {"iro": "Independent Reviewing Officer"}  # heard, though this one may tell them nothing


def officers_named(scene: Scene, text: str) -> dict[str, Person]:
    """Whom sentences name for a role that the procedure has for the sake of the child, by its title or the initials of
    that: "The IRO is Araminta Dell (her address)", "Araminta Dell is K's Independent Reviewing Officer": whose notice
    must not be skipped (G22)."""
    people: dict[str, Person] = {}
    for role in told_of_the_child(scene.protocol) or _OF_EVERY_PROCEDURE:
        title = scene.protocol.roles[role].title if role in scene.protocol.roles else _OF_EVERY_PROCEDURE[role]
        short = "".join(word[0] for word in title.split() if word[0].isupper())
        titles = "|".join(re.escape(one) for one in (title, title.lower(), short) if len(one) > 2)
        whose = _OF_THE_CHILD.format(titles=titles)
        for pattern in (rf"{whose}\b{_IS} ?(?P<name>{NAME})", rf"{_BEGINS}(?P<name>{NAME})(?:,| is) {whose}\b"):
            for sentence in sentences(unwrapped(text)):
                said = re.search(pattern, sentence)
                if said is not None and not _NEGATED.search(said[0]) and role not in people:
                    person = _person(scene, said["name"], sentence[said.end("name") :], "")
                    people |= {role: person} if person is not None else {}
    return people


def _clause(sentence: str, start: int) -> str:
    return re.split(r"[.;\n](?:\s|$)", sentence[start : start + 60])[0]


def _side(whose: str, mine: Side) -> Side:
    other = Side.RECEIVING if mine is Side.RAISING else Side.RAISING
    return other if whose == "your" else mine


def _person(scene: Scene, name: str, rest: str, agency: str) -> Person | None:
    address = next(iter(addresses_in(rest)), "")
    known = scene.directory.person(address, name) if address else None
    named = known or find_named(name, scene.directory, agency, scene.people)
    return person_with_agency(named, agency) if named is not None else None


# The next tier of a writer's own management, where the file has them climbed within a stage (GL-15).

TO_THE_NEXT_TIER = "taken to the next tier of the writer's own management"
_TIER = lexicon.pattern("openings.next_tier")
_NOT_YET = re.compile(r"\b(?:if|unless|may|might|could|should|would|before|until|not|never|whether)\b|n['’]t\b", re.I)


def next_tier(scene: Scene, text: str) -> tuple[str, Person] | None:
    """Of managers spoken of, the next tier: the role on the writer's side and the colleague to whom a sentence takes
    it: "I'm taking it to our Chief Executive Cordelia Ives (her address)"; None where the file has no tiers here,
    where nobody is named for certain, or it is not so yet."""
    stage, dispute = scene.stage, scene.dispute
    if stage is None or dispute is None or scene.side not in (Side.RAISING, Side.RECEIVING):
        return None
    roles = stage.raising if scene.side is Side.RAISING else stage.receiving
    mine = {party.role for party in dispute.parties if party.person.address == scene.said.sender.address}
    if not mine & set(roles):
        return None
    role = next((name for name in roles if scene.protocol.roles[name].tiers), "")
    said = [one for one in sentences(unwrapped(text)) if role and _TIER.search(ADDRESS.sub(" ", one))]
    told = [one for one in said if not _NOT_YET.search(one)]
    officers = [o.person for o in scene.directory.officers if o.active and o.person.name]
    found = [p for one in told for p in officers if p.name in one or p.address in one.lower()]
    known = {party.person.address for party in dispute.parties}
    own = {p for p in found if p.agency == scene.agency and p.address not in known}
    return (role, own.pop()) if len(own) == 1 else None
