"""Who has the ball, what happens otherwise, and who everybody is here: a dispute's present, said in names.

Facts only, both sides alike (nobody is late, nobody is to blame): "It is now for", never "X has failed to".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mailbot.core.clocks.absences import absence_of, left_for_good
from mailbot.core.clocks.case import Case
from mailbot.core.clocks.limits import BY_PROTECTIVE, Limit, dates_beyond
from mailbot.core.clocks.silence import ASKED, BOTH, MANAGERS, asked_on, is_silent
from mailbot.core.decisions.due import next_asked
from mailbot.core.decisions.people.who_is_there import away_now, in_place
from mailbot.core.decisions.stages import is_partnership_stage, stage_after
from mailbot.core.decisions.who_may.authority import asked_to_decide, deciders
from mailbot.core.notices.notice import Notice
from mailbot.core.notices.offered import Reader
from mailbot.core.partnership.directory import Agency, Directory
from mailbot.core.partnership.partnership import side_of
from mailbot.core.procedure.closed_lists import AtLimit, Side
from mailbot.core.procedure.protocol import Protocol, Role, Stage
from mailbot.core.record.dispute import Dispute, State
from mailbot.core.record.events import (
    DateProposed,
    LimitPassed,
    PersonHandedOver,
    PersonRecorded,
    ProtectiveDateSet,
    Reminded,
)
from mailbot.core.record.events_of_mail import AbsenceNoticed
from mailbot.core.record.intents import Person
from mailbot.core.record.parties import Voice
from mailbot.mail.letters.wording import (
    day_short,
    inside,
    instant_near,
    listed,
    name_only,
    opening,
    person_shown,
    plain_words,
)


def other(side: Side) -> Side:
    return Side.RECEIVING if side is Side.RAISING else Side.RAISING


def roles_at(stage: Stage, side: Side) -> tuple[str, ...]:
    return stage.raising if side is Side.RAISING else stage.receiving


def agency_shown(dispute: Dispute, side: Side) -> str:
    """The agency's name; "the other agency" while it is not known."""
    return plain_words(dispute.agency(side), 120) or "the other agency"


def agency_names(dispute: Dispute) -> tuple[str, ...]:
    """Everybody whose turn it may be, by agency: the raising one, then those it is with; "the other agency" while it is
    not known."""
    named = [plain_words(name, 120) for name in dispute.receiving_agencies if name]
    return (agency_shown(dispute, Side.RAISING), *(named or ["the other agency"]))


def voice_shown(dispute: Dispute, voice: Voice) -> str:
    """One of those whose word it takes, by the agency's name."""
    return plain_words(voice.agency, 120) or agency_shown(dispute, voice.side)


def filling(role: Role, voice: Voice, dispute: Dispute, directory: Directory, you: str = "") -> tuple[str, ...]:
    """Whose turn it is, by name: whoever fills ``role`` for ``voice`` (a side, or one agency of it), as shown, unless
    they have left; the role and agency while nobody is named; "you" at ``you``."""
    if role.side is Side.PARTNERSHIP:
        return ("you",) if you and role.address.lower() == you else (f"the {short_title(role)}",)
    shown: list[str] = []
    gone = left_for_good(dispute)
    for agency in (voice.agency,) if voice.agency else dispute.agencies(voice.side) or ("",):
        held = [p for p in dispute.filling(role.id) if p.side in (voice.side, Side.EACH, Side.OTHER)]
        found = [p for p in held if p.person.address not in gone]
        if len(dispute.agencies(voice.side)) > 1:
            found = [p for p in found if dispute.agency_of(p) == agency]
        named = tuple(p.person for p in found)
        if not named and role.post and agency:
            rather = directory.holders(agency, role.rather) if role.rather else ()
            named = rather or directory.holders(agency, role.post)
        shown += ["you" if you and person.address == you else person_shown(person) for person in named]
        if not named:
            where = plain_words(agency, 120) or "the other agency"
            shown.append(f"the {short_title(role)} at {where} (name still needed)")
    return tuple(shown)


def short_title(role: Role) -> str:
    """A role's short title, for saying whose turn it is: "line manager" of "Line manager, or designated or named
    safeguarding professional"; "line or team manager"."""
    first = re.split(r",|:|\(", role.title)[0].strip()
    one = first.split(" or ")[0]
    return inside(one if " " in one else first)


def acting(case: Case, voices: tuple[Voice, ...], you: str = "", asked: bool = False) -> tuple[str, ...]:
    """Everybody whose turn it is, of ``voices`` the present stage is with; those who decide, where the partnership
    does. ``asked``: they are asked something, and so it is whoever is, where nobody is known for the stage."""
    dispute, protocol, directory = case.dispute, case.protocol, case.directory
    stage, roles = case.stage, protocol.roles
    decide = asked_to_decide(dispute, protocol)
    if decide and dispute.state is State.OPEN:
        panel = Voice(Side.PARTNERSHIP)
        return tuple(
            dict.fromkeys(name for one in decide for name in filling(roles[one], panel, dispute, directory, you))
        )
    found: list[str] = []
    before = [protocol.stages[name] for name in (dispute.settled_before,) if name]  # at which it was settled, told late
    for voice in voices:
        if asked and (instead := _instead(voice, case)):
            found += ["you" if you and one.address == you else person_shown(one) for one in instead]
            continue
        for role in (role for one in (*before, stage) for role in roles_at(one, voice.side)):
            found += filling(roles[role], voice, dispute, directory, you) if role in roles else ()
    return tuple(dict.fromkeys(sorted(found, key=lambda name: name != "you")))


def _instead(voice: Voice, case: Case) -> list[Person]:
    """Whose turn it is for one side, of its agencies each, where nobody is known for the stage."""
    every = [one for one in case.dispute.voices() if one.side is voice.side and voice.agency in ("", one.agency)]
    return [person for one in every for person in in_place(one, case)]


TWO_SIDES = (Side.RAISING, Side.RECEIVING)
BOTH_SIDES_NAMED = (Voice(Side.RAISING), Voice(Side.RECEIVING))


def ball(case: Case, you: str = "", asked: bool = False) -> str:
    """Whose turn it is, in a line: "It is now for …", "" once it is closed. ``asked``: a passed limit waits for the
    raising side to say what follows.

    ``you`` is the reader's address.
    """
    dispute, protocol = case.dispute, case.protocol
    if not dispute.is_open:
        return ""
    following = stage_after(dispute, protocol)
    asked = asked and following is not None
    voices, purpose = waiting_on(dispute, asked)
    names = acting(case, voices, you, purpose != "speak")
    if purpose == "speak":
        purpose = "to speak to each other" if len(names) > 1 and not deciders(dispute, protocol) else ""
    elif asked and purpose == "say" and following:
        purpose = f"to say whether it is to go to {protocol.stage_name(following.id)}"
    return f"It is now {'for' if purpose else 'with'} {listed(names)} {purpose}".rstrip() + "." if names else ""


def is_with(case: Case, address: str, asked: bool) -> bool:
    """Is it now the turn of whoever has this address? What ``ball`` says, for one reader."""
    dispute = case.dispute
    if not address or not dispute.is_open:
        return False
    asked = asked and stage_after(dispute, case.protocol) is not None
    voices, purpose = waiting_on(dispute, asked)
    return "you" in acting(case, voices, address, purpose != "speak")


def waiting_on(dispute: Dispute, asked: bool) -> tuple[tuple[Voice, ...], str]:
    """The sides, or agencies, whose turn it is, and for what: in words, or "speak" (to each other), or
    "say" (what follows)."""
    if dispute.state is State.PROPOSED:
        return dispute.unconfirmed(), "to confirm what was agreed"
    if asked:
        return (Voice(Side.RAISING),), "say"
    if dispute.open_date is not None and dispute.open_date.within:
        return (Voice(dispute.open_date.side),), "to answer about the date that was asked for"
    if dispute.open_date is not None:
        accepted = dispute.open_date.accepted
        return tuple(
            voice for voice in dispute.voices() if voice not in accepted
        ), "to answer about the date that was asked for"
    return BOTH_SIDES_NAMED, "speak"


def who_agrees(dispute: Dispute, protocol: Protocol) -> str:
    """Whose turn it is to agree the date that was asked for last: both sides, or all the agencies; by name the two of
    one side, where the file has its own time agreed within it."""
    put = next((past for past in reversed(dispute.history) if isinstance(past, DateProposed)), None)
    if put is None or not put.within:
        return "all the agencies" if len(dispute.receiving_agencies) > 1 else "both sides"
    roles = (put.within, *protocol.stages[put.stage].raising)
    people = [put.by, *(p.person for p in dispute.parties if p.side is put.side and p.role in roles)]
    return listed({one.address: person_shown(one) for one in people}.values())


def stage_full(stage: Stage, protocol: Protocol) -> str:
    """ "Stage 3 (Senior manager to senior manager)"."""
    return f"{protocol.stage_name(stage.id)} ({stage.name})"


def otherwise(
    dispute: Dispute, protocol: Protocol, at_limit: AtLimit, ahead: bool, reader: Reader | None = None
) -> str:
    """What happens otherwise, if nobody takes their turn and the limit goes by; "" where nothing does. ``ahead`` is
    False once it has gone by: what happened then has been told. ``reader`` is "you" where they would be told."""
    if at_limit is AtLimit.MOVE_UP and dispute.move_held is not None:
        at_limit = AtLimit.ASK  # the office turned the move off: the raising side is asked, as where the file says so
    follows = _follows(dispute, protocol, at_limit, reader) if ahead else ""
    if dispute.state is State.PROPOSED:
        return f"No answer is not a yes: {follows}." if follows else _SILENCE
    left = "it is not settled" if dispute.is_heard else "nothing is recorded"
    return f"If {left} by then, {follows}." if follows else ""


def _follows(dispute: Dispute, protocol: Protocol, at_limit: AtLimit, reader: Reader | None) -> str:
    """What follows if nobody takes their turn: what happens at the limit, as half a sentence; "" where nothing does."""
    following = stage_after(dispute, protocol)
    if at_limit is AtLimit.MOVE_UP and following:
        return f"it goes to {protocol.stage_name(following.id)}"
    if at_limit is AtLimit.ASK and following:
        stage = dispute.stage
        here = reader is not None and reader.party is not None and reader.party.role in protocol.stages[stage].raising
        asked = here or (reader is not None and reader.instead and reader.side is Side.RAISING)
        who = "you are" if asked else f"{agency_shown(dispute, Side.RAISING)} is"
        what = "refer" if is_partnership_stage(following) else "move"
        return f"{who} asked whether to {what} it to {protocol.stage_name(following.id)}"
    if at_limit in (AtLimit.FLAG, AtLimit.ASK):
        is_office = reader is not None and reader.office in protocol.digest.to
        return "you are told" if is_office else f"{office_title(protocol)} is told"
    return "a reminder goes out" if at_limit is AtLimit.REMIND else ""


def after_no_answer(case: Case, at: datetime, reader: Reader) -> str:
    """What happens otherwise, where a limit has passed and somebody's turn is to say what follows: on which days before
    ``at``, when the letter is written, they were asked, and what falls due next. No two letters of one silence say the
    same, and nothing is promised that is not due."""
    dispute, partnership = case.dispute, case.partnership
    protocol, calendar = partnership.protocol, partnership.calendar
    if dispute.state is State.PROPOSED:
        return _SILENCE
    days = [day for day in asked_on(dispute, protocol, calendar, calendar.local(at).date()) if _had(day, case, reader)]
    said = f"Asked on {listed(day_short(day) for day in days)}. " if days else ""
    coming = next_asked(case)
    if coming is None and not is_silent(dispute, protocol):
        return ""
    if coming is None:
        who = "you see" if _is_office(reader, protocol) else f"{office_title(protocol)} sees"
        return f"{said}No more reminders come: {who} each week that it is open."
    rung, due_at = coming
    following = stage_after(dispute, protocol)
    nobody_above = rung == MANAGERS and (following is None or is_partnership_stage(following))
    then = "everybody on the side that raised it is told so" if nobody_above else _NEXT.get(rung, "")
    office = "you are" if reader.office and _is_office(reader, protocol) else f"{office_title(protocol)} is"
    return f"{said}With no answer by {instant_near(due_at)}, {then or f'{office} told again'}."


def _is_office(reader: Reader, protocol: Protocol) -> bool:
    """Is this whoever reads the digest?"""
    return reader.office in protocol.digest.to


def _had(day: date, case: Case, reader: Reader) -> bool:
    """Could one whose turn it is have had a letter of that day: were they on the record by then? Of others' letters
    everybody may hear."""
    if not reader.acts:
        return True
    stage, dispute = case.stage, case.dispute
    here = reader.party is not None and reader.party.role in (*stage.raising, *stage.receiving)
    if not here and not reader.instead:
        return False  # asked about something of their own
    address, local = reader.person.address, case.calendar.local
    if reader.instead:
        left = [p for p in dispute.lately if isinstance(p, AbsenceNoticed) and p.left]
        return all(local(p.at).date() <= day for p in left if side_of(dispute, p.person) is reader.side)
    since = [
        local(past.at).date()
        for past in case.dispute.history
        if (isinstance(past, PersonRecorded) and past.person.address == address)
        or (isinstance(past, PersonHandedOver) and past.taking.address == address)
    ]
    return not since or min(since) <= day


_NEXT: Mapping[str, str] = {
    ASKED: "this is asked once more",
    BOTH: "both sides are told so",
    MANAGERS: "the next managers of both sides are told so",
}
_SILENCE = "No answer is not a yes: it stays open until it is confirmed."


def without_limit(dispute: Dispute, protocol: Protocol) -> str:
    """What happens otherwise in a turn without a limit: the same where the procedure sets no time: that is no leave to
    wait."""
    if dispute.state is State.PROPOSED:
        return _SILENCE
    if deciders(dispute, protocol):
        return ""
    return (
        f"The procedure sets no time for this {protocol.stage_word.lower()}, so it does not move on by itself. The "
        f"{protocol.subject} may need it sooner than anybody asks."
    )


def office_title(protocol: Protocol) -> str:
    """ "the NSSCP Business Manager": whoever reads the digest."""
    role = next((protocol.roles[r] for r in protocol.digest.to if r in protocol.roles), None)
    return f"the {role.title}" if role else "the partnership's office"


def after_silence() -> str:
    """The one sentence about duty that every letter carries (G21)."""
    return "Recording this is no referral; your duty stays with you."


def contacts(dispute: Dispute, protocol: Protocol, directory: Directory, reader: Reader) -> tuple[str, ...]:
    """Contacts of the others whose turn it is, whom the present stage is with: name, post, email address, and telephone
    where it is known; of several agencies asked, which one."""
    stage = protocol.stages[dispute.stage]
    roles = (*stage.raising, *stage.receiving)
    if reader.party is None or reader.party.role not in roles or not dispute.is_open:
        return ()
    lines, several = [], len(dispute.receiving_agencies) > 1
    for party in dispute.parties:
        address = party.person.address
        both = party.side in (Side.RAISING, Side.RECEIVING)
        if not both or party.role not in roles or not address or address == reader.person.address:
            continue
        officer = directory.find_officer(address)
        role = protocol.roles.get(party.role)
        what = party.person.designation or (short_title(role) if role else "")
        agency = party.person.agency or dispute.agency_of(party) if several or not what else ""
        told = (party.person.name, what, agency)
        reach = (address, officer.phone if officer else "")
        lines.append(
            f"{', '.join(plain_words(one, 120) for one in told if one)}: {', '.join(one for one in reach if one)}"
        )
    return tuple(dict.fromkeys(lines))


def closed_agencies(dispute: Dispute, directory: Directory, first: date, last: date, today: date) -> tuple[str, ...]:
    """Who is closed in the days of a turn, or was: "Larkfield Primary School says that it is closed from Mon 15 Feb to
    Fri 19 Feb (half-term)": what it says of the days from ``first`` to ``last``. Another agency's term dates must not
    lengthen a child's wait: no limit moves with it."""
    names = (dispute.raising, *dispute.receiving_agencies)
    found = [(a.name, _closure(a, first, last, today)) for a in directory.agencies if a.name in names]
    return tuple(f"{plain_words(name, 120)} says that it {closure}" for name, closure in found if closure)


def _closure(agency: Agency, first: date, last: date, today: date) -> str:
    """A closure that touches the days of a turn, in words."""
    found = agency.closure(first, last)
    if found is None:
        return ""
    begins, ends, named = found
    days = f"on {day_short(begins)}" if begins == ends else f"from {day_short(begins)} to {day_short(ends)}"
    state = "was closed" if ends < today else "is closed"
    return f"{state} {days} ({plain_words(named, 80)})" if named else f"{state} {days}"


def is_of_childs_day(notice: Notice, case: Case) -> bool:
    """Is the letter about a date for the child that does not move the stage's limit, and is one beside it?"""
    event = notice.event
    if isinstance(event, ProtectiveDateSet):
        beyond = dates_beyond(case.dispute, case.protocol, case.calendar)
        return any(case.calendar.local(end).date() == event.on for end in beyond)
    return isinstance(event, LimitPassed | Reminded) and event.clock == BY_PROTECTIVE


def asks_what_follows(notice: Notice, dispute: Dispute, held: Limit | None, now: datetime) -> bool:
    """Is it the raising side's turn to say what follows, because a limit has gone by that waits for it? So it is at a
    move by the limit that the office has held back."""
    if not dispute.is_open:
        return False
    asks = {AtLimit.ASK, AtLimit.MOVE_UP} if dispute.move_held is not None else {AtLimit.ASK}
    passed = held is not None and held.holds <= now and held.at_limit in asks
    return passed or notice.letter == "refer_question"


# Who is told besides the reader of a letter: its words that others have been told, asked or sent something.
#
# They rest on the letters of the same moment and on nothing else, and stand in no template: what is not written to
# somebody cannot be said to have been.


@dataclass(frozen=True, slots=True)
class ToldBesides:
    """Whole sentences, "" where no letter of the moment bears them out."""

    office: str = ""  # "The Business Manager has been told."
    raising: str = ""  # "Larkfield Primary School has been told."
    asked: str = ""  # "The other side has been asked to confirm."
    writer: str = ""  # of whoever wrote what it is about: "They have been sent the numbers to ring."
    deciding: bool = False  # those who decide have a letter of it
    files: str = ""  # of a letter to put on the record: who of the reader's own agency is asked to, "" for its reader


NOBODY_BESIDES = ToldBesides()
_ON_THE_RECORD = ("summary", "closed")
# Of a letter's name: by which letter whoever it speaks of has been asked, and the words for it.
_ASKED = {
    "proposed_told": ("proposed", "to confirm"),
    "date_proposed": ("date_proposed", "whether it agrees"),
}
_OF_ITS_WRITER = {
    "urgent_told": ("urgent", "They have been sent the numbers to ring."),
    "outsider_told": ("outsider", "They have been asked to check what was shared."),
}


def told_besides(notice: Notice, along: Sequence[Notice], dispute: Dispute | None, protocol: Protocol) -> ToldBesides:
    """What the letter of ``notice`` may say of the other letters of its moment, ``along``."""
    others = [other for other in along if other.to.address != notice.to.address]
    offices = _addresses(protocol, protocol.digest.to)
    sides = [(other, side_of(dispute, other.to)) for other in others] if dispute is not None else []
    return ToldBesides(
        office=_office(notice, protocol) if any(other.to.address in offices for other in others) else "",
        raising=f"{_raising(dispute)} has been told." if any(side is Side.RAISING for _, side in sides) else "",
        asked=_asked(notice, others, dispute),
        writer=_of_writer(notice, others),
        deciding=dispute is not None and _deciding(along, dispute, protocol),
        files=_files(notice, others, dispute, protocol) if dispute is not None else "",
    )


def _files(notice: Notice, others: Sequence[Notice], dispute: Dispute, protocol: Protocol) -> str:
    """Who puts a letter of ``_ON_THE_RECORD`` on the child's record, where several of one agency have it: whoever the
    stage was with that ended, as the duties of each stage have it; the rest of their agency only hear who."""
    party = dispute.party(notice.to.address)
    if notice.letter not in _ON_THE_RECORD or party is None:
        return ""
    order = protocol.order()
    stages = {role: order.index(s.id) for s in protocol.stages.values() for role in (*s.raising, *s.receiving)}

    def nearness(one: Notice) -> tuple[int, str]:
        its = dispute.party(one.to.address)
        return -stages.get(its.role, -1) if its else 1, one.to.address

    agency = _agency(notice.to, dispute)
    theirs = [one for one in others if one.letter == notice.letter and dispute.party(one.to.address)]
    first = min([notice, *(one for one in theirs if _agency(one.to, dispute) == agency)], key=nearness)
    return "" if first is notice else name_only(person_shown(first.to))


def _addresses(protocol: Protocol, roles: Iterable[str]) -> frozenset[str]:
    found = (protocol.roles[role] for role in roles if role in protocol.roles)
    return frozenset(role.address.lower() for role in found if role.address)


def _office(notice: Notice, protocol: Protocol) -> str:
    name = office_title(protocol)
    if notice.letter == "urgent":
        return f"I have told {name} that an urgent message arrived."
    return f"{opening(name)} has been told."


def _raising(dispute: Dispute | None) -> str:
    return agency_shown(dispute, Side.RAISING) if dispute is not None else ""


def _deciding(along: Sequence[Notice], dispute: Dispute, protocol: Protocol) -> bool:
    deciding = deciders(dispute, protocol)
    here = {party.person.address for role in deciding for party in dispute.filling(role)}
    here |= _addresses(protocol, deciding)
    return any(other.to.address in here for other in along)


def _asked(notice: Notice, others: Sequence[Notice], dispute: Dispute | None) -> str:
    """Of a letter that something was put to others: to whom, by their letters."""
    if notice.letter == "refused":
        asked = [person_shown(other.to) for other in others if other.letter == "question" and other.acts]
        return f"Asked about it: {listed(dict.fromkeys(asked))}." if asked else ""
    if notice.letter == "absence":
        asked = [person_shown(other.to) for other in others if other.letter == "absence" and other.acts]
        return f"Asked who has it now: {listed(dict.fromkeys(asked))}." if asked else ""
    letter, what = _ASKED.get(notice.letter, ("", ""))
    put_to = [other.to for other in others if other.letter == letter and other.acts]
    if dispute is None or not put_to:
        return ""
    if isinstance(notice.event, DateProposed) and notice.event.within:
        names = listed(dict.fromkeys(person_shown(one) for one in put_to))
        return f"Asked {what.replace('it agrees', 'they agree')}: {names}."
    if len(dispute.receiving_agencies) < 2:
        return f"The other side has been asked {what}."
    agencies = dict.fromkeys(_agency(person, dispute) for person in put_to)
    return f"Asked {what.replace('it agrees', 'they agree')}: {listed(filter(None, agencies))}."


def _agency(person: Person, dispute: Dispute) -> str:
    party = dispute.party(person.address)
    return plain_words(dispute.agency_of(party) if party else person.agency, 120)


def _of_writer(notice: Notice, others: Sequence[Notice]) -> str:
    letter, words = _OF_ITS_WRITER.get(notice.letter, ("", ""))
    by = getattr(notice.event, "by", None)
    writer = by.address if isinstance(by, Person) else ""
    return words if any(other.letter == letter and other.to.address == writer for other in others) else ""


def others_told(others: int | None) -> str:
    """Who is told besides the office of what its line did: how many ``others`` have a letter; "" for None."""
    if others is None:
        return ""
    many = f"{others} other {'person' if others == 1 else 'people'}"
    return f"A letter about it goes to {many}." if others else "Nobody else has a letter about it."


# Who is away of those whose turn it is, who stands in for them, and why somebody is asked in place of another: said by
# name, and of nobody whose turn it is not.


def people_away(case: Case, reader: Reader) -> tuple[str, ...]:
    """Who is away now of those whose turn it is, but for the reader: until when, and who stands in."""
    if case.dispute.stage not in case.protocol.stages or not case.dispute.is_open:
        return ()
    lines = []
    for person in away_now(case):
        if person.address not in {reader.person.address, *_stood_in_for(reader.person.address, case.dispute)}:
            said = f"{person_shown(person)} is away{_until(person, case)}, by an automatic reply."
            lines.append(" ".join((said, *_stand_in(person, case), "That moves no limit.")))
    return tuple(lines)


def standing_in_for(person: object, case: Case) -> tuple[str, ...]:
    """In the letter that tells of an absence: who stands in for whoever is away."""
    return _stand_in(person, case) if isinstance(person, Person) else ()


def is_in_place(person: Person, case: Case) -> bool:
    """Is somebody asked in place of one who is away for good, or not known?"""
    if not case.dispute.is_open:
        return False
    return any(person in in_place(voice, case, or_away=True) for voice in case.dispute.voices())


def why_asked(reader: Reader, case: Case) -> str:
    """Why a letter asks its reader in place of somebody whose turn it is; "" where it is the reader's own."""
    dispute = case.dispute
    for owner in _stood_in_for(reader.person.address, dispute):
        if absence_of(owner, dispute, case.calendar.local(case.now).date()) is not None:
            away = next(p.person for p in dispute.parties if p.person.address == owner)
            return f"You are asked because {person_shown(away)} is away{_until(away, case)}, and you stand in for them."
    voice = next((one for one in dispute.voices() if reader.person in in_place(one, case, or_away=True)), None)
    return _in_place_of(voice, case) if voice is not None else ""


def _in_place_of(voice: Voice, case: Case) -> str:
    dispute, stage, gone = case.dispute, case.stage, left_for_good(case.dispute)
    roles = stage.raising if voice.side is Side.RAISING else stage.receiving
    there = [p for p in dispute.parties if p.role in roles and p.side is voice.side]
    left = [p.person for p in there if p.person.address in gone]
    if left:
        have = "has" if len(left) == 1 else "have"
        return f"You are asked because {listed(map(person_shown, left))} {have} left, by an automatic reply."
    away = [person for person in away_now(case, voice.side) if any(p.person == person for p in there)]
    if away:
        return f"You are asked because {listed(f'{person_shown(p)} is away{_until(p, case)}' for p in away)}."
    title = short_title(case.protocol.roles[roles[0]])
    return f"You are asked because no {title} of {voice_shown(dispute, voice)} is known here."


def _until(person: Person, case: Case) -> str:
    absent = absence_of(person.address, case.dispute, case.calendar.local(case.now).date())
    return f" until {day_short(absent.until)}" if absent is not None and absent.until is not None else ""


def _stand_in(person: Person, case: Case) -> tuple[str, ...]:
    party = case.dispute.party(person.address)
    found = [p.person for p in case.dispute.parties if person.address in _stood_in_for(p.person.address, case.dispute)]
    if party is None or not found:
        return ()
    stand = "stands" if len(found) == 1 else "stand"
    return (f"{opening(listed(map(person_shown, found)))} {stand} in for them, by the directory.",)


def _stood_in_for(address: str, dispute: Dispute) -> tuple[str, ...]:
    """The addresses of whoever is away, or was, for whom the holder of ``address`` was brought in as deputy."""
    brought = (past for past in dispute.history if isinstance(past, PersonRecorded) and past.stands_in_for)
    return tuple(past.stands_in_for for past in brought if address and past.person.address == address)
