"""People whom the sentences of an opening name, and not its lines: its writer's managers; and for whom it is raised,
where somebody else writes it ("I am raising this on behalf of Imogen Hartwell", "Desmond Oakes, on behalf of Imogen").

Of them only who they are is read here; whether they may have the part, or must be asked about, is decided elsewhere.
"""

import re

from mailbot.core.record.intents import Person
from mailbot.mail import lexicon
from mailbot.mail.text.child_issue_and_impact import child_in
from mailbot.mail.text.people_and_agencies import ADDRESS, NAME, addresses_in, find_named, person_with_agency
from mailbot.mail.text.spelling_and_sentences import plain
from mailbot.mail.understanding.context import Scene

_WRITES_FOR = lexicon.pattern("openings.writes_for")
_ASKED_ME = lexicon.pattern("openings.asked_me_to")
_MANAGER = re.compile(
    rf"\b[Mm]y (?P<senior>senior )?(?:line |team )?(?:manager|supervisor|DSL)(?: is|,|:)? (?P<name>{NAME})"
)
_NAMED = re.compile(rf"\s*(?:(?!on behalf)[a-z'’-]+,? ){{0,6}}(?P<name>{NAME})")
_BEFORE = re.compile(rf"(?P<name>{NAME})(?:,? [^.,;\n]{{0,40}})?,?\s*$")
_POSTS, _HONORIFICS = lexicon.vocabulary("posts"), lexicon.vocabulary("honorifics")


def managers_in(scene: Scene, text: str, agency: str) -> dict[str, Person]:
    """The writer's own managers as an opening email names them, "My manager is Jasper (cc'd)", under
    the raising side's roles."""
    people: dict[str, Person] = {}
    for match in _MANAGER.finditer(text):
        near = match.end(), match.end() + 60
        address = next(iter(addresses_in(re.split(r"[.;\n](?:\s|$)", text[near[0] : near[1]])[0])), "")
        known = scene.directory.person(address, match["name"]) if address else None
        named = known or find_named(match["name"], scene.directory, agency, scene.people)
        if named is not None:
            people.setdefault(
                "raising_senior" if match["senior"] else "raising_manager", person_with_agency(named, agency)
            )
    return people


def raised_for(scene: Scene, text: str, agency: str, child: str) -> Person | None:
    """Whoever an opening email is written for, as far as its words tell: with their address where they or the directory
    give one, among ``agency``'s people first; None where it is written for nobody by name, or for the ``child``."""
    person = _named_in(scene, f"{text}\n{scene.said.signature}", agency)
    initials = "".join(word[0] for word in re.findall(r"\w+", person.name)).casefold() if person else ""
    of_child = plain(child_in(child, "", "")[0]).replace(" ", "")
    return None if person is not None and not person.address and initials == of_child else person


def _named_in(scene: Scene, said: str, agency: str) -> Person | None:
    for found in _WRITES_FOR.finditer(said):
        after = said[found.end() : found.end() + 200].split("\n")[0]
        if (named := _NAMED.match(after)) and (person := _who(scene, named["name"], after, agency)):
            return person
    for found in _ASKED_ME.finditer(said):
        before = said[max(0, found.start() - 120) : found.start()].split("\n")[-1]
        if (named := _BEFORE.search(before)) and (person := _who(scene, named["name"], before, agency)):
            return person
    return None


def _who(scene: Scene, name: str, near: str, agency: str) -> Person | None:
    words = name.split()
    while words and plain(words[0]) in _POSTS | _HONORIFICS:
        words = words[1:]
    name, sender = " ".join(words), scene.said.sender
    if not words or scene.directory.find_agency(name) or set(plain(name).split()) <= set(plain(sender.name).split()):
        return None
    address = next(iter(addresses_in(near)), "") if ADDRESS.search(near) else ""
    if address == sender.address:
        return None
    if address:
        return scene.directory.person(address, name)
    person = find_named(name, scene.directory, agency, (*scene.said.to, *scene.said.cc))
    if person is not None and not person.address:
        person = find_named(name, scene.directory) or person  # somebody of another agency is asked about
    return person if person is not None and (person.address or len(words) > 1) else None


_OUR_AGENCY = lexicon.pattern("asides.our_agency")


def agency_taken_off(scene: Scene, said: str) -> str:
    """The agency of the dispute that sentences say should be in it no longer: the one that they name, or the writer's
    own ("take us off", "we are no longer involved"); "" where they speak of a person, or of none of these."""
    dispute = scene.dispute
    if dispute is None:
        return ""
    there = [a for a in scene.directory.agencies if a.name in (dispute.raising, *dispute.receiving_agencies)]
    named = [a.name for a in there if re.search(rf"\b(?:{'|'.join(map(re.escape, (a.name, *a.also)))})\b", said, re.I)]
    party = dispute.party(scene.said.sender.address)
    own = dispute.agency_of(party) if party else scene.said.sender.agency
    if _OUR_AGENCY.search(said) and (not named or own in named):
        return own
    return named[0] if len(named) == 1 else ""
