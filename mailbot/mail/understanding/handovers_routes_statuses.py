"""Handovers, routes, a child's status and what else a message brings beside its main matter: an action done, a form
attached, a mark for the policy. None of it stops a clock."""

import re
from functools import cache

from mailbot.core.procedure.closed_lists import KnownWay, Side
from mailbot.core.record.intents import Act, Action, Intent, Paper, Person, Sure
from mailbot.mail import lexicon
from mailbot.mail.lexicon import Sense
from mailbot.mail.text.dates import FoundDate, find_dates
from mailbot.mail.text.people_and_agencies import (
    addresses_in,
    find_named,
    names_in,
    names_in_full,
    people_spoken_of,
)
from mailbot.mail.text.phrases import Heard
from mailbot.mail.text.spelling_and_sentences import plain, sentences
from mailbot.mail.understanding import questions as asking
from mailbot.mail.understanding.context import Scene, agency_taken_off, brought
from mailbot.mail.understanding.intents_of_commands import handover_intent, removal
from mailbot.mail.understanding.managers_and_officers import officers_named
from mailbot.mail.understanding.questions import ask

_AWAY = lexicon.pattern("asides.away")
_UNTIL = lexicon.pattern("asides.until")
_BACK = lexicon.pattern("asides.back")
_GONE = lexicon.pattern("asides.gone")  # of the writer, with nobody named to act instead
# What people say when they mean a side route, by what the protocol's file says that it is (``known_as``).
_ROUTES = {row.name: re.compile(lexicon.joined(row.wordings), re.IGNORECASE) for row in lexicon.rows("route")}
_HEARD_OTHERWISE = KnownWay.CONFERENCE  # as a phrase, with all that clouds one; and so is the final word
_ASKS = lexicon.pattern("asides.asks")
_STATUS_WORDS = lexicon.pattern("asides.status")
_MARK = re.compile(
    r"(?:^|\b(?:helpful|score|mark|rating|give it(?: a)?|rate it(?: a)?)\W{1,3}"
    r"|\ba )?(?<![\d/])([1-5])\s*(?:/\s*5\b|out of (?:5|five)\b|stars?\b)",
    re.I,
)
_BARE_MARK = re.compile(
    r"^\W*(?:helpful(?:ness)?|score|mark|rating)?\W{0,3}([1-5])(?=\s*(?:$|[.,:;!\n-]))(?![./]\d)", re.I
)
_WORD_MARK = re.compile(r"\b(one|two|three|four|five) out of (?:5|five)\b", re.I)
_NUMBERS = {word: str(n) for n, word in enumerate(lexicon.vocabulary_in_order("number")[:5], 1)}
_IDEA = lexicon.pattern("asides.idea")
_FORM_NAME = re.compile(r"(?:form|appendix|proforma|pro-forma|monitoring).*\.(?:docx?|pdf|odt|rtf)$", re.I)


def beside(scene: Scene, heard: tuple[Heard, ...]) -> tuple[Intent, ...]:
    """The handovers, routes, statuses and the like that a message brings beside its main matter, in a fixed order;
    () when there are none."""
    found = (
        *_handover(scene, heard),
        *_child_status(scene, heard),
        *_routes(scene, heard),
        *_people(scene, heard),
        *forms_with(scene),
    )
    return found or _done(scene, heard)


def meeting_ahead(scene: Scene) -> Intent | None:
    """The intent of a meeting that is told of, beside or alone, for a day to come, by one of the two sides: it is kept,
    and what came of it is asked afterwards. None where it is only wished for, or of the child and the family."""
    if scene.side not in (Side.RAISING, Side.RECEIVING):
        return None
    for said in sentences(scene.own):
        if not _MEETS_ON.search(said) or _NO_MEETING_YET.search(said) or _WITH_FAMILY.search(said):
            continue
        found = next((one for one in find_dates(said, scene.today) if one.on and one.on > scene.today), None)
        if found is not None and not found.doubt:
            return Intent(Act.MET, Sure.PROBABLE, on=found.on, words=scene.own, flags=(MEETING_AHEAD,))
    return None


MEETING_AHEAD = "a meeting to come"
_MEETS_ON, _NO_MEETING_YET = lexicon.pattern("asides.meets_on"), lexicon.pattern("asides.no_meeting_yet")
_WITH_FAMILY = lexicon.pattern("clauses.met_family")


def feedback_given(scene: Scene) -> Intent | None:
    """The feedback that comes with a message, beside its main matter as a handover does: a mark from 1 to 5 and the
    ideas in the writer's words (NSSCP Appendix 1, "how helpful or unhelpful")."""
    text = scene.own
    match = _MARK.search(text) or _BARE_MARK.search(text)
    word = _WORD_MARK.search(text)
    mark = match[1] if match else _NUMBERS[word[1].lower()] if word else ""
    if not mark:
        return None
    end = match.end() if match else word.end() if word else 0
    after = sentences(re.sub(r"^\s*idea:[ \t]*", "", text[end:].lstrip(" .,:;-\n"), flags=re.I))
    ideas = [" ".join(s.split()) for s in after if _IDEA.search(s)] or [" ".join(s.split()) for s in after]
    fields = {"helpful": mark, "idea": " ".join(ideas)}
    return Intent(Act.FEEDBACK, fields={k: v for k, v in fields.items() if v}, words=text)


_WRITTEN_OUT = re.compile(r"[1-5]\s*(?:/\s*5\b|out of (?:5|five)\b|stars?\b)|\bhelpful(?:ness)?\W{0,3}[1-5]\b", re.I)


def is_written_out(scene: Scene) -> bool:
    """Is a mark that stands beside a message's main matter written out, "4/5", "three out of five", "Helpful: 4", so
    that it can be nothing else?"""
    return bool(_WRITTEN_OUT.search(scene.own) or _WORD_MARK.search(scene.own))


def _handover(scene: Scene, heard: tuple[Heard, ...]) -> tuple[Intent, ...]:
    """The intent of a handover: somebody is away or gone, and says who acts instead. Without an address there is
    nobody to write to: asked."""
    clear = [h for h in heard if h.sense in (Sense.HANDOVER, Sense.LEFT) and h.is_clear]
    if not clear or not _AWAY.search(scene.own) or _BACK.search(scene.own):
        return ()
    person = _taker(scene, clear)
    if person is None:
        return (ask(asking.WHO_TAKES_OVER, scene.own),) if _GONE.search(scene.own) else ()
    other = _someone_else_away(scene, person)
    if other:
        return (ask(asking.THEIR_HANDOVER.format(name=other), scene.own, f"{other} may be away"),)
    if not person.address:
        return (ask(asking.WHO_TAKES_OVER, scene.own),)
    return (handover_intent(scene, person, _until(scene)),)


def handover_told(scene: Scene, said: str) -> Intent | None:
    """The intent of a handover told in sentences of their own: the one person, known by address, whom they name beside
    the writer; None where they name nobody or several, or where it is the writer who takes over."""
    if _BACK.search(scene.own):
        return None
    if _TAKES_OVER.search(said):
        return _taken_over(scene)
    pieces = [Heard(Sense.HANDOVER, "", piece, 0) for piece in said.split("\n")]
    person = _taker(scene, pieces)
    if person is None or not person.address:
        person = _colleague_spoken_of(scene, said) or unlisted(scene, said)
    if person is None or _someone_else_away(scene, person) or _names_others(scene, person, said):
        return None
    return handover_intent(scene, person, _until(scene), Sure.PROBABLE)


def _colleague_spoken_of(scene: Scene, said: str) -> Person | None:
    """To whom a handover is, where sentences name one colleague of the writer's whom the directory knows, in whatever
    letters: "speak to edmund about it"."""
    agency, mine = scene.said.sender.agency, scene.said.sender.address
    colleagues = (
        one.person for one in scene.directory.officers if one.active and agency and one.person.agency == agency
    )
    named = people_spoken_of(said, [person for person in colleagues if person.address != mine])
    return named[0] if len(named) == 1 else None


def unlisted(scene: Scene, said: str) -> Person | None:
    """The one person whom sentences name in full, of whom no address is known: whoever takes over, or is beside it
    added or taken off, is asked for by name. None where they name nobody so, several, or somebody who is known."""
    known = [*scene.people, *(one.person for one in scene.directory.officers), scene.said.sender]
    words = {word for person in known for word in plain(person.name).split()}
    agencies = {word for one in scene.directory.agencies for word in plain(one.name).split()}
    named = [name for name in names_in_full(said) if not set(plain(name).split()) & agencies]
    if len(named) != 1 or set(plain(named[0]).split()) & words:
        return None
    return Person("", named[0], scene.said.sender.agency)


def _taken_over(scene: Scene) -> Intent | None:
    """The intent of a handover told by whoever takes over: the deputy, by the directory, of the one person of the
    dispute whom they name."""
    sender = scene.said.sender
    owners = [p for p in scene.people if scene.directory.stands_in(sender.address, p.address)]
    named = [p for p in owners if set(plain(p.name).split()) & set(plain(scene.own).split())]
    return handover_intent(scene, sender, _until(scene), Sure.PROBABLE) if len(named) == 1 else None


def _names_others(scene: Scene, person: Person, said: str) -> bool:
    """Does a handover name somebody of the dispute who is neither its writer nor whoever takes over? Nobody of another
    agency takes over: "Edmund will pick this up with Mr Oakes"."""
    words = set(plain(said).split())
    agency = scene.said.sender.agency
    for other in scene.people:
        mine = other.address in (scene.said.sender.address, person.address)
        mine = mine or bool(agency and other.agency and other.agency != agency)
        if not mine and len(other.name.split()) > 1 and set(plain(other.name).split()) & words:
            return True
    return False


_TAKES_OVER = lexicon.pattern("asides.takes_over")
_MANAGER_AWAY = re.compile(
    r"\b(?:my|our|his|her) (?P<who>(?:\w+ ){0,2}?(?:manager|supervisor|lead|head(?: ?teacher)?|director|colleague))"
    r"(?: is|'s| has| will be)(?: now| currently)? (?:left|off|on (?:\w+ )?leave|away|sick|no longer|moved|retired)\b",
    re.I,
)
_OTHER_AWAY = re.compile(
    r"\b(?P<who>[A-Z][a-z'-]+(?: [A-Z][a-z'-]+)?)(?: is|'s| has| will be)(?: now| currently)? "
    r"(?:left|off|on (?:\w+ )?leave|away|sick|no longer|moved|retired)\b"
)


def _someone_else_away(scene: Scene, taking: Person) -> str:
    """The party whom a handover says is away, when that is not the writer: only they or their
    manager may hand over (D2)."""
    if manager := _MANAGER_AWAY.search(scene.own):
        return f"your {manager['who']}"
    for match in _OTHER_AWAY.finditer(scene.own):
        words = set(plain(match["who"]).split())
        for person in scene.people:
            mine = person.address in (scene.said.sender.address, taking.address)
            if not mine and person.name and words <= set(plain(person.name).split()):
                return person.name
    return ""


def _taker(scene: Scene, clear: list[Heard]) -> Person | None:
    for heard in clear:
        if heard.sense is Sense.LEFT:
            continue
        after, whole = heard.sentence[heard.start :], heard.sentence
        for part in (after, whole):
            address = next((a for a in addresses_in(part) if a != scene.said.sender.address), "")
            names = [
                n
                for n in names_in(part if not addresses_in(part) else whole)
                if not _is_own(n, scene) and n.split()[0] not in _NO_NAMES and not n.startswith("I'")
            ]
            if address:
                return scene.directory.person(address, _name_near(names, address))
            if names:
                address = _address_elsewhere(names[0], scene)
                if address:
                    return scene.directory.person(address, names[0])
                known = (find_named(name, scene.directory, scene.agency, scene.people) for name in names)
                return next((one for one in known if one and one.address), Person("", names[0], scene.agency))
    return None


_NO_NAMES = lexicon.vocabulary("not_people")


def _address_elsewhere(name: str, scene: Scene) -> str:
    """For a handover, the address that another sentence gives for a name: the only one there, with a word of the
    name in it."""
    others = [a for a in addresses_in(scene.own) if a != scene.said.sender.address]
    return others[0] if len(others) == 1 and _shares_a_word(name, others[0]) else ""


def _shares_a_word(name: str, address: str) -> bool:
    local = set(plain(address.split("@")[0].replace(".", " ").replace("_", " ")).split())
    return bool(set(plain(name).split()) & local)


def _name_near(names: list[str], address: str) -> str:
    local = set(plain(address.split("@")[0].replace(".", " ").replace("_", " ")).split())
    return next((n for n in names if set(plain(n).split()) & local), names[0] if names else "")


def _is_own(name: str, scene: Scene) -> bool:
    return bool(set(plain(name).split()) & set(plain(scene.said.sender.name).split()))


def _until(scene: Scene) -> FoundDate | None:
    match = _UNTIL.search(scene.own)
    if match is None:
        return None
    near = find_dates(scene.own[match.start() : match.end() + 40], scene.today)
    return near[0] if near else None


def _child_status(scene: Scene, heard: tuple[Heard, ...]) -> tuple[Intent, ...]:
    said = next((h for h in heard if h.sense is Sense.CHILD_STATUS and h.is_clear), None)
    found = brought(scene, scene.own)
    if said is None:
        return ()
    people = {**officers_named(scene, scene.own), **found.people}
    fields = {**found.fields, "child_status": _status_in(said.words)}
    return (Intent(Act.CHILD_STATUS, fields=fields, people=people, words=scene.own),)


def status_told(scene: Scene, said: str) -> Intent:
    """The intent of a child's status told in a sentence of its own, which is kept beside a message's main matter as it
    stands."""
    fields = {**brought(scene, scene.own).fields, "child_status": said.strip(" .")}
    return Intent(Act.CHILD_STATUS, Sure.PROBABLE, fields, officers_named(scene, scene.own), words=scene.own)


def _status_in(words: str) -> str:
    named = _STATUS_WORDS.search(words)
    ended = re.search(r"\boff\b|down from|no longer", words, re.I)
    return f"no longer {named[0]}" if ended and named else named[0] if named else words


def _routes(scene: Scene, heard: tuple[Heard, ...]) -> tuple[Intent, ...]:
    """The intents of the side routes that a message names and the protocol knows. One it does not know is filed as a
    note with a flag, never refused in silence."""
    found: list[Intent] = []
    if any(h.sense is Sense.CONFERENCE and h.is_clear for h in heard):
        found += conference_asked(scene)
    for route in scene.protocol.routes.values():
        if route.known_as is _HEARD_OTHERWISE or route == scene.protocol.final_word:
            continue
        kind = KnownWay.DEBRIEF if route == scene.protocol.look_back else route.known_as
        spoken = _ROUTES.get(kind.value if kind else "") or _by_name(route.name, route.id)
        said = next((s for s in sentences(scene.own) if spoken.search(s)), "")
        if said and _ASKS.search(said) and not re.search(r"\b(?:not|n't|no need)\b", said):
            found.append(Intent(Act.ROUTE, Sure.PROBABLE, {"route": route.id}, words=scene.own))
    return tuple(found)


ASKS_FOR_CONFERENCE = "asks for a child protection conference"


def conference_asked(scene: Scene) -> list[Intent]:
    """The intents of whoever asks for a child protection conference, which comes beside the message itself. Where the
    procedure has no way to one, who asks the mailbox is told where to ask; what is said to others is only noted."""
    ways = [route.id for route in scene.protocol.routes.values() if route.known_as is KnownWay.CONFERENCE]
    if ways:
        asked = Intent(Act.CONFERENCE_REQUEST, fields={"route": ways[0]}, words=scene.own)
        return [Intent(Act.NOTE, words=scene.own), asked]
    told = Act.CONFERENCE_REQUEST if scene.said.mailbox_only else Act.NOTE
    return [Intent(told, words=scene.own, flags=(ASKS_FOR_CONFERENCE,))]


@cache
def _by_name(name: str, route: str) -> re.Pattern[str]:
    """A side route named in a message: a way that only this procedure has is called by its own name."""
    called = "|".join(re.escape(words).replace(r"\ ", r"\s+") for words in (name, route.replace("-", " ")))
    return re.compile(rf"\b(?:{called})\b", re.IGNORECASE)


def _people(scene: Scene, heard: tuple[Heard, ...]) -> tuple[Intent, ...]:
    for h in heard:
        if h.sense is Sense.REMOVE and h.is_clear:
            after = re.sub(r"^.*?\b(?:remove|take)\b", "", h.sentence[h.start :], count=1, flags=re.I).strip()
            mine = re.search(r"\b(?:i am|i'm|i have|i've) no longer\b", h.sentence, re.I)
            return (removal(scene, "me" if mine else after or h.sentence, Sure.SURE),)
        if h.sense is Sense.ADD and h.is_clear:
            address = next(iter(addresses_in(h.sentence)), "")
            name = re.sub(r"^.*?\b(?:add|include|copy in)\s+", "", h.words, flags=re.I)
            person = (
                scene.directory.person(address, name) if address else find_named(name, scene.directory, scene.agency)
            )
            if person is not None and (person.address or len(name.split()) > 1):
                return (Intent(Act.ADD_PERSON, Sure.PROBABLE, person=person, words=scene.own),)
            return (ask(asking.WHO_ADD, scene.own),)
    return ()


def person_told(scene: Scene, said: str) -> Intent | None:
    """The intent of somebody to be added, beside a message's main matter or alone, told in sentences that give one
    address, or that name one person whom the directory knows."""
    found = [address for address in dict.fromkeys(addresses_in(said)) if address != scene.said.sender.address]
    if not found:
        named = _listed(scene, said) or unlisted(scene, said) or _added_colleague(scene, said)
        return Intent(Act.ADD_PERSON, Sure.PROBABLE, person=named, words=scene.own) if named else None
    if len(found) != 1:
        return None
    names = [name for name in names_in(said) if _shares_a_word(name, found[0])]
    person = scene.directory.person(found[0], names[0] if names else "")
    return Intent(Act.ADD_PERSON, Sure.PROBABLE, person=person, words=scene.own)


def _added_colleague(scene: Scene, said: str) -> Person | None:
    """The colleague to be added beside a message's main matter or alone, whom sentences name by a first name that one
    person of the writer's agency has, by the directory: "Keep Cassius in the loop". Of nobody who is there already."""
    person = _colleague_spoken_of(scene, said)
    there = person is None or (scene.dispute is not None and scene.dispute.party(person.address) is not None)
    return None if there else person


def _listed(scene: Scene, said: str) -> Person | None:
    """For a handover or an adding, the one person of the directory whom sentences name by their whole name, or by their
    surname with what they are ("Nurse Vance", "DS Brook"), and who is the only one of that surname there is."""
    found = []
    for name in names_in(said):
        listed = scene.directory.find_named(name.split()[-1])
        if len(listed) == 1 and not _is_own(name, scene):
            known = {*plain(listed[0].name).split(), *plain(listed[0].designation).split(), *_TITLED}
            if set(plain(name).split()[-2:]) <= known and len(name.split()) > 1:
                found.append(listed[0])
    others = set(found)
    return others.pop() if len(others) == 1 else None


_TITLED = lexicon.vocabulary("titles")


def somebody_taken_off(scene: Scene, said: str) -> Intent | None:
    """The intent of somebody to be taken off, beside a message's main matter or alone: the writer, or the one person of
    the dispute whom the message names, or of the directory ("Nurse Vance"), or an agency that is in it no longer; None
    where it names nobody, or several."""
    spoken_of = people_spoken_of(said, [p.person for p in scene.dispute.parties]) if scene.dispute else ()
    if not spoken_of and not addresses_in(said) and (agency := agency_taken_off(scene, said)):
        return Intent(Act.REMOVE_PERSON, Sure.PROBABLE, {"agency": agency}, words=scene.own)
    if _MYSELF.search(said):
        return Intent(Act.REMOVE_PERSON, Sure.PROBABLE, person=scene.said.sender, words=scene.own)
    parties = tuple(p.person for p in scene.dispute.parties) if scene.dispute else ()
    others = [p for p in dict.fromkeys(parties) if p.address and p.address != scene.said.sender.address]
    named = people_spoken_of(said, others) or people_spoken_of(scene.own, others)
    if not named and (listed := _listed(scene, said) or _listed(scene, scene.own) or unlisted(scene, said)):
        named = (listed,)
    if len({p.address or p.name for p in named}) != 1:
        return None
    return Intent(Act.REMOVE_PERSON, Sure.PROBABLE, person=named[0], words=scene.own)


_MYSELF = lexicon.pattern("asides.myself")


def forms_with(scene: Scene) -> tuple[Intent, ...]:
    if scene.said.papers:
        return tuple(_returned(paper, scene.own) for paper in scene.said.papers)
    forms = [name for name in scene.said.attachments if _FORM_NAME.search(name)]
    return (Intent(Act.FORM, fields={"form": forms[0]}, words=scene.own),) if forms else ()


def _returned(paper: Paper, words: str) -> Intent:
    """The intent of a returned form, which comes beside a message's main matter as a handover does, read or not opened:
    either way its sender means it, and is answered."""
    fields = {"form": paper.name, **{box.key: box.value for box in paper.boxes}}
    actions = tuple(action for box in paper.boxes for action in box.actions)
    flags = (f"attachment not opened: {paper.name}",) if paper.unread else ()
    return Intent(Act.FORM, fields=fields, actions=actions, words=words, flags=flags, paper=paper)


# Words for one deed in several forms: "saw J" reports "visit at home" done.
_SAME_DEED = tuple(
    lexicon.vocabulary(f"deed_{deed}")
    for deed in ("visiting", "meeting", "referring", "calling", "sending", "assessing")
)
_SMALL = lexicon.vocabulary("small")


def _done(scene: Scene, heard: tuple[Heard, ...]) -> tuple[Intent, ...]:
    """The intent of an action done, told beside the main matter: "Done - saw J today" is one agreed action, which
    is not "resolved" (D1)."""
    if not any(h.sense is Sense.DONE and h.is_clear for h in heard) or scene.dispute is None:
        return ()
    d = scene.dispute
    pending = [a for a in (*(d.proposal.actions if d.proposal else ()), *d.actions) if not a.done]
    said = next(h.sentence for h in heard if h.sense is Sense.DONE and h.is_clear)
    rated = sorted(((alike(a, said), -n, a) for n, a in enumerate(pending)), key=lambda r: r[:2], reverse=True)
    best = rated[0][2] if rated and (rated[0][0] > 0 or len(pending) == 1) else None
    if best is not None and len(rated) > 1 and rated[1][0] == rated[0][0] and rated[1][2].what != best.what:
        return (ask(asking.WHICH_DONE, scene.own),)
    if best is None:
        deed = _deed(said)
        return (Intent(Act.NOTE, Sure.PROBABLE, {"action_done": deed} if deed else {}, words=scene.own),)
    done = Action(best.what, best.who, best.by, True)
    return (Intent(Act.NOTE, Sure.PROBABLE, {"action_done": best.what}, actions=(done,), words=scene.own),)


def _deed(said: str) -> str:
    """The deed told as done beside the main matter: "Done - saw J today with mum." -> "saw J today with mum"; ""
    when only "done" was said."""
    return re.sub(r"^\W*(?:all |that'?s |this is )?(?:done|completed|actioned)\b\W*", "", said, flags=re.I).strip(" .")


def alike(action: Action, said: str) -> int:
    """Like a handover or a status beside the main matter, an action told as done: how like an agreed one it is: words
    of ``action`` that are in ``said``, and more for the same deed in another form."""
    mine, theirs = set(plain(action.what).split()) - _SMALL, set(plain(said).split()) - _SMALL
    return len(mine & theirs) + sum(2 for deed in _SAME_DEED if mine & deed and theirs & deed)
