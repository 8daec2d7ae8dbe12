"""The context of a message: who writes, on which side, in which dispute, on which day. What words mean depends on it:
"agreed" confirms a resolution that the other side proposed, accepts a date they put, or answers nothing at all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from mailbot.core.decisions.people.roles import SUPPORTER
from mailbot.core.decisions.stages import confirms_going, stage_after
from mailbot.core.decisions.who_may.authority import deciders, partnership_roles
from mailbot.core.partnership.directory import Directory
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.protocol import Protocol, Role, Stage
from mailbot.core.record.dispute import Dispute, State
from mailbot.core.record.events import DecisionPut
from mailbot.core.record.intents import Paper, Person
from mailbot.core.record.questions_put import put_now
from mailbot.mail import lexicon
from mailbot.mail.body.standing_sentences import without_apology_above
from mailbot.mail.body.whose_signature import Writer
from mailbot.mail.letters.whose_turn import short_title
from mailbot.mail.lexicon import NOBODY, Names, names_of
from mailbot.mail.text.child_issue_and_impact import child_in
from mailbot.mail.text.dates import first_date
from mailbot.mail.text.labelled_lines import Labelled, date_keys, field_for, form_titles, read_labels, shortened
from mailbot.mail.text.people_and_agencies import (
    ADDRESS,
    NAME,
    addresses_in,
    agencies_listed,
    find_named,
    read_person,
)
from mailbot.mail.text.spelling_and_sentences import plain, tidy
from mailbot.mail.understanding.commands import sent_as_it_opened, without_prompts


@dataclass(frozen=True, slots=True)
class Said:
    """A message as interpretation needs it. ``to`` and ``cc`` leave the mailbox itself out; ``quoted`` is what was
    forwarded beneath, read only when a forwarded email opens a dispute; ``others`` says that ``own`` is not their own
    words but what they passed on or signed with, and holds no instruction; ``to_mailbox``: it stands in To, not only
    in Cc; ``answers_another``: what it answers is a colleague's message, or a letter of ours that asks nothing;
    ``answers_no_letter``: it answers an email, and that is none of ours;
    ``papers`` are attached forms, read; ``passed_on`` is somebody else's, ``inside`` a quotation that may hold answers
    of the writer's."""

    own: str
    subject: str
    sender: Person
    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    received: datetime
    signature: str = ""
    attachments: tuple[str, ...] = ()
    forwarded: bool = False
    others: bool = False
    interleaved: bool = False
    mailbox_only: bool = False
    to_mailbox: bool = True
    answers_another: bool = False
    answers_no_letter: bool = False
    quoted: str = ""
    papers: tuple[Paper, ...] = ()
    passed_on: str = ""
    inside: str = ""
    encloses_emails: bool = False
    looked_at: bool = False  # a person at the partnership has looked at it, and let it in


@dataclass(frozen=True, slots=True)
class Scene:
    """``own`` is tidied; ``today`` the local day of arrival; ``side`` the writer's, None for a stranger; ``opened`` the
    word of a button that was sent as it opened, with nothing written, None where there is something; ``names`` what the
    partnership, its office, its agencies, routes and stages are called, to hear them by."""

    said: Said
    own: str
    today: date
    protocol: Protocol
    directory: Directory
    dispute: Dispute | None
    opened: str | None = None
    names: Names = NOBODY

    @property
    def side(self) -> Side | None:
        if self.dispute is None:
            return None
        party = self.dispute.party(self.said.sender.address)
        if party is not None:
            return party.side
        agency = self.said.sender.agency
        if agency and agency in (self.dispute.raising, *self.dispute.receiving_agencies):
            return Side.RAISING if agency == self.dispute.raising else Side.RECEIVING
        return None

    @property
    def is_partnership(self) -> bool:
        """Does one of the partnership's own addresses write?"""
        address = self.said.sender.address
        offices = {r.address.lower() for r in self.protocol.roles.values() if r.side is Side.PARTNERSHIP and r.address}
        return self.side is Side.PARTNERSHIP or (bool(address) and address in offices)

    @property
    def answers_proposal(self) -> bool:
        """Does the context make a message an answer to a proposal: has the other side said that it is resolved? The
        raiser may object to either side's proposal (D2)."""
        d = self.dispute
        if d is None or d.state is not State.PROPOSED or d.proposal is None:
            return False
        return self.side is None or d.voice(self.side, self.said.sender.agency) not in d.confirmed

    @property
    def is_raiser(self) -> bool:
        d = self.dispute
        address = self.said.sender.address
        return d is not None and any(p.person.address == address for p in d.filling("raiser"))

    @property
    def moves_it_up(self) -> bool:
        """Does the context give it to the writer to move it up: are they of the present stage or a later one, on the
        side that raised it?"""
        d = self.dispute
        if d is None or not d.visits or self.side is not Side.RAISING:
            return False
        order = self.protocol.order()
        roles = {role for name in order[order.index(d.stage) :] for role in self.protocol.stages[name].raising}
        return any(p.role in roles and p.person.address == self.said.sender.address for p in d.parties)

    @property
    def answers_date(self) -> bool:
        d = self.dispute
        if d is None or d.open_date is None:
            return False
        if d.open_date.within:
            return self.said.sender.address != d.open_date.by.address
        return self.side is None or d.voice(self.side, self.said.sender.agency) not in d.open_date.accepted

    @property
    def decides(self) -> bool:
        """Does somebody write who decides here: what they write reaches both agencies, in whatever words, and nobody
        asks them what they would like done about it?"""
        d, address = self.dispute, self.said.sender.address
        if d is None or not d.visits:
            return False
        theirs = {
            *partnership_roles(self.protocol, address),
            *(p.role for p in d.parties if p.person.address == address),
        }
        return bool(theirs & set(deciders(d, self.protocol)))

    @property
    def answers_decision(self) -> bool:
        """Is the context that of one of several who decide together, to whom another's decision is put?"""
        d = self.dispute
        place = put_now(d).decision if d is not None and d.is_open and self.decides else None
        put = d.history[place] if d is not None and place is not None else None
        return isinstance(put, DecisionPut) and put.by.address != self.said.sender.address

    @property
    def confirms_going(self) -> bool:
        """Is the context that of somebody who asked to have it moved, and was asked whether all before that is done?"""
        d = self.dispute
        return d is not None and d.state is State.OPEN and confirms_going(d, self.said.sender)

    @property
    def stage(self) -> Stage | None:
        return self.protocol.stages.get(self.dispute.stage) if self.dispute and self.dispute.visits else None

    @property
    def following(self) -> Stage | None:
        return stage_after(self.dispute, self.protocol) if self.dispute and self.stage else None

    @property
    def people(self) -> tuple[Person, ...]:
        """The people in a message's context, everybody on it or in the dispute, to match a bare first name against."""
        parties = tuple(p.person for p in self.dispute.parties) if self.dispute else ()
        return tuple(dict.fromkeys((*self.said.to, *self.said.cc, *parties)))

    @property
    def agency(self) -> str:
        if self.dispute is not None and self.side in (Side.RAISING, Side.RECEIVING):
            mine = self.dispute.agencies(self.side)
            return mine[0] if len(mine) == 1 else self.said.sender.agency
        return self.said.sender.agency


def writer_of(scene: Scene) -> Writer:
    """The context of a name below a message: who writes, and who else might be signed for them."""
    sender = scene.said.sender
    others = {word for one in scene.people if one.address != sender.address for word in plain(one.name).split()}
    return Writer(sender, frozenset(others - set(plain(sender.name).split())), scene.is_partnership)


def scene_of(said: Said, dispute: Dispute | None, partnership: Partnership) -> Scene:
    protocol, directory = partnership.protocol, partnership.directory
    today = said.received.astimezone(partnership.calendar.zone).date()
    own = _body(tidy(said.own), said.sender.name)
    own = without_apology_above(own) if dispute is not None else own
    opened = sent_as_it_opened(own) if dispute is not None else None
    names = names_of(protocol, directory)
    return Scene(said, without_prompts(own), today, protocol, directory, dispute, opened, names)


_FAREWELL = lexicon.pattern("courtesies.farewell_line")


def _body(own: str, name: str) -> str:
    """The words of a message read in context, without a farewell or the writer's name left at the end, which must
    never be read as an answer."""
    lines = own.split("\n")
    while len(lines) > 1 and (not lines[-1].strip() or _FAREWELL.match(lines[-1]) or _is_name(lines[-1], name)):
        lines.pop()
    return "\n".join(lines).strip("\n")


def _is_name(line: str, name: str) -> bool:
    words, own = plain(line).split(), set(plain(name).split())
    rest = [w for w in words if w not in own and len(w) > 2 and not w.isdigit()]
    return 0 < len(words) < 6 and bool(own & set(words)) and not rest


_DATES = {"stage_1_date": False, "decision_on": False, "child_dob": False, "child_date": True, "agreed_date": True}
PEOPLE = frozenset(
    {
        "raiser",
        "responder",
        "raising_manager",
        "raising_senior",
        "responding_manager",
        "responding_senior",
        "iro",
        "designated_lead",
    }
)
_MIRROR = {
    "raising_manager": "responding_manager",
    "responding_manager": "raising_manager",
    "raising_senior": "responding_senior",
    "responding_senior": "raising_senior",
}


@dataclass(frozen=True, slots=True)
class Brought:
    """What the labelled lines of a message bring: values and people by key, and what was wrong with any."""

    fields: Mapping[str, str]
    people: Mapping[str, Person]
    flags: tuple[str, ...]
    labels: tuple[Labelled, ...]
    others: tuple[tuple[str, Person], ...] = ()  # a role named again, for somebody of another agency


def brought(scene: Scene, text: str, near: tuple[Person, ...] = ()) -> Brought:
    """The labelled values a message brings, read in its context: dates as ISO, people looked up. "tbc" and "asap" are
    no values and are left out."""
    fields: dict[str, str] = {}
    people: dict[str, Person] = {}
    others: list[tuple[str, Person]] = []
    flags: list[str] = []
    titles, dates = _own_titles(scene), dict(_DATES)
    if scene.dispute is not None:
        text, titles = shortened(text, scene.protocol), {**form_titles(scene.protocol), **titles}
        dates |= dict.fromkeys(date_keys(scene.protocol), False)
    labels = read_labels(text, titles)
    for label in sorted(labels, key=lambda one: one.key == _LEAD):  # a line manager who is named goes before them
        key = _key(label.key, scene)
        if key == "resolution":
            continue  # what is agreed in a dispute is put to the other side, and what was before it opened likewise
        if not label.is_answer:
            if key in PEOPLE:
                continue  # "Senior manager: tbc" is a name still missing, and is asked for as one
            flags.append(f"not an answer: {label.label}: {label.value}".strip(": "))
        elif key in dates:
            found = first_date(label.value, scene.today, ahead=dates[key])
            if found and found.on:
                fields.setdefault(key, found.on.isoformat())
                flags += [f"{label.label} {found.words}: {found.doubt}"] if found.doubt else []
            else:
                flags.append(f"not a date: {label.label}: {label.value}")
        elif key in PEOPLE or key in scene.protocol.roles:
            person = _person_named(label, key, scene, near or scene.people, people)
            if person is not None and person.agency and people.get(key, person).agency not in ("", person.agency):
                others.append((key, person))
            elif person is not None:
                people.setdefault(key, person)
            if person is not None and key in (*told_of_the_child(scene.protocol), *_consulted(scene.protocol)):
                fields.setdefault(key, label.value)
        elif key in _OF_AGENCIES and scene.dispute is not None:
            fields |= _agencies(key, label.value, scene, fields)
        else:
            fields.setdefault(key, label.value)
    return Brought(fields, people, tuple(flags), labels, tuple(others))


_LEAD = "designated_lead"


def _person_named(
    label: Labelled, key: str, scene: Scene, near: tuple[Person, ...], people: Mapping[str, Person]
) -> Person | None:
    """Whom a line of a message's context names. A designated lead comes in for a line manager where none is named, and
    where they are not whoever wrote it, who has a part."""
    person = read_person(label.value, scene.directory, _agency(key, scene), near)
    if label.key != _LEAD or person is None or key not in _MANAGERS:
        return person
    return None if key in people or person.address == scene.said.sender.address else person


_MANAGERS = ("raising_manager", "responding_manager")


_OF_AGENCIES = ("agencies", "also_with", "receiving_agency", "raising_agency")


def _agencies(key: str, value: str, scene: Scene, before: Mapping[str, str]) -> dict[str, str]:
    """What a line in an open dispute brings about its agencies, by the directory's names: the one that a side's own
    line names; else which it is between (``agencies_named``), and the words of those that no directory has."""
    known, unknown = agencies_listed(value, scene.directory)
    if key.endswith("_agency") and len(known) + len(unknown) < 2:
        return {} if key in before else {key: "".join(known) or value}
    assert scene.dispute is not None
    if key in ("also_with", "receiving_agency"):
        beside = scene.dispute.receiving_agencies if key == "also_with" else ()
        known = tuple(dict.fromkeys((scene.dispute.raising, *beside, *known)))
    told = {"agencies": value, "agencies_named": "; ".join(known), "agencies_unknown": "; ".join(unknown)}
    return {k: v for k, v in told.items() if v and k not in before}


def _own_titles(scene: Scene) -> dict[str, str]:
    """The labels that the writer's side adds to a message's context, the protocol's own titles ("My head of service:
    ..."), as the letters print."""
    mine = scene.side or Side.RAISING
    titles: dict[str, str] = {}
    for stage in scene.protocol.stages.values():
        for role in stage.receiving if mine is Side.RECEIVING else stage.raising:
            known = scene.protocol.roles.get(role)
            if known is not None and role not in ("raiser", "responder"):
                key = _MIRROR.get(role, role) if mine is Side.RECEIVING else role  # turned back by _key
                titles.setdefault(plain(short_title(known)), key)
    return titles


def _key(key: str, scene: Scene) -> str:
    """The key of a label in its context: "My manager" is the receiving side's when they write it; form labels without a
    stage belong to this one."""
    if scene.dispute is not None and key in ("summary", "unresolved", "actions", "learning"):
        return f"{key}:{scene.dispute.stage}" if scene.dispute.visits else key
    if key.startswith("@"):
        return key[1:]
    if key in ("iro", _LEAD):
        found = next(iter(told_of_the_child(scene.protocol) if key == "iro" else _consulted(scene.protocol)), "")
        if found or key == "iro" or not _may_be_a_professional(scene.protocol):
            return found or key
        key = "raising_manager"  # "or with the designated or named professional for safeguarding" (NS stage 2)
    return _MIRROR.get(key, key) if scene.side is Side.RECEIVING else key


def _may_be_a_professional(protocol: Protocol) -> bool:
    """May the designated or named professional act in the place of a line manager: does a message's context have a
    role at their stage that is called so, or may be filled so?"""
    role = protocol.roles.get("raising_manager")
    return role is not None and _PROFESSIONAL.search(" ".join((role.title, *role.examples))) is not None


_PROFESSIONAL = re.compile(r"\b(?:named|designated)\b", re.IGNORECASE)


def told_of_the_child(protocol: Protocol) -> tuple[str, ...]:
    """The roles that the protocol has for the sake of a child's status, whatever it calls them: in a message's context,
    the Independent Reviewing Officer."""
    return tuple(role.id for role in protocol.roles.values() if role.ask_if)


def _consulted(protocol: Protocol) -> tuple[str, ...]:
    """For the context: the roles that each side has beside its own people at a stage: its designated lead."""
    named = (name for stage in protocol.stages.values() for name in stage.also_consult)
    return tuple(name for name in dict.fromkeys(named) if protocol.roles[name].side is Side.EACH)


def _agency(role: str, scene: Scene) -> str:
    d, known = scene.dispute, scene.protocol.roles.get(role)
    if known is not None and known.side is Side.RAISING:
        return d.raising if d else scene.said.sender.agency
    if d is None or known is None or known.side is not Side.RECEIVING:
        return ""
    mine = scene.said.sender.agency
    return mine if mine in d.receiving_agencies else "".join(d.receiving_agencies[:1])


# The role that people mean by words of an email, "as line manager": by its title in the file, or as people call it.

_WHOSE = re.compile(
    r"(?:(?:as|the|a|an) )*(?:(my|our|your|their|other sides?|raising|receiving|responding) )?(?:sides? )?(.*)"
)
_OPPOSITE = {Side.RAISING: Side.RECEIVING, Side.RECEIVING: Side.RAISING}
_SIDES = {"raising": Side.RAISING, "receiving": Side.RECEIVING, "responding": Side.RECEIVING}


def roles_meant(said: str, protocol: Protocol, mine: Side | None = None) -> tuple[str, ...]:
    """The ids of the roles that ``said`` may mean ("line manager", "their senior manager", "receiving line manager",
    "panel member"); none where it is no role of this procedure. Two are the same place on either side, where the words
    name neither: the agency of whoever it is said of then tells which. ``mine`` is the writer's side, None for the
    office's."""
    if plain(said).split()[-1:] == [SUPPORTER]:
        return (SUPPORTER,)
    match = _WHOSE.fullmatch(plain(said))
    whose, words = (match[1], match[2]) if match else (None, plain(said))
    found = _called(words, protocol)
    equivalents = (other for name in found for other in protocol.equivalents(name))
    either = tuple(dict.fromkeys((*found, *equivalents)))
    side = _side(whose, mine)
    named = tuple(name for name in either if side in (None, protocol.roles[name].side)) if side else either
    return named or either


def in_either_place(roles: tuple[str, ...]) -> dict[str, str]:
    """The fields of an ADD that say for which role: the one meant, and its equivalent where the words left it open."""
    return dict(zip(("role", "or_role"), roles, strict=False))


def _side(whose: str | None, mine: Side | None) -> Side | None:
    if whose in _SIDES:
        return _SIDES[whose]
    if whose is None or mine not in _OPPOSITE:
        return None
    return mine if whose in ("my", "our") else _OPPOSITE[mine]


def _called(words: str, protocol: Protocol) -> tuple[str, ...]:
    if not words:
        return ()
    roles = protocol.roles.values()
    titled = [role.id for role in roles if words in _titles(role)]
    titled = titled or ([] if field_for(words) else [role.id for role in roles if words in _examples(role)])
    if not titled and " " in words:  # "panel member", as the letters say it, of "Resolution Panel member"
        titled = [role.id for role in roles if plain(role.title).endswith(f" {words}")]
    if titled:
        return tuple(titled)
    by_name = (field_for(words), words.replace(" ", "_"))
    return next(((name,) for name in by_name if name in protocol.roles), ())


def _examples(role: Role) -> tuple[str, ...]:
    """In the context of a reply, what the procedure itself calls whoever fills a role ("such as team manager"; in a
    school, the head teacher)."""
    return tuple(plain(one.partition(":")[2] or one) for one in role.examples)


def _titles(role: Role) -> tuple[str, ...]:
    return plain(role.title), plain(role.title.split(",")[0]), plain(short_title(role))


# People whom the sentences of an email name, and not its lines: for whom it is raised, where
# somebody else writes it ("I am raising this on behalf of Imogen Hartwell"); which agency is to be in it no longer.
#
# Of them only who they are is read here; whether they may have the part, or must be asked about, is decided elsewhere.

_WRITES_FOR = lexicon.pattern("openings.writes_for")
_ASKED_ME = lexicon.pattern("openings.asked_me_to")


_NAMED = re.compile(rf"\s*(?:(?!on behalf)[a-z'’-]+,? ){{0,6}}(?P<name>{NAME})")
_BEFORE = re.compile(rf"(?P<name>{NAME})(?:,? [^.,;\n]{{0,40}})?,?\s*$")
_POSTS, _HONORIFICS = lexicon.vocabulary("posts"), lexicon.vocabulary("honorifics")


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
