"""An email of the partnership's own office whose lines name what they are about: is it one, and what follows from each
line about a dispute. From anybody else the same lines do nothing, and the office is told."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from mailbot.core.clocks.case import Case
from mailbot.core.decisions import office_acts as office
from mailbot.core.decisions.office_acts import OfficeAct, OfficeLine, OfficeOutcome, not_done
from mailbot.core.decisions.who_may.authority import Judgement, judge, judge_outside
from mailbot.core.decisions.who_may.table import OFFICE_ACTS, PUT_BACK
from mailbot.core.notices.notice import Notice
from mailbot.core.partnership.partnership import Partnership, Request
from mailbot.core.record.events_of_mail import QuestionAsked, RiskReported
from mailbot.core.record.intents import Act, Intent, Person, Proof
from mailbot.door.gatekeeping import Disposition, proof_of, stop
from mailbot.door.message_as_read import Considered, Desk
from mailbot.door.whom_it_lets_in import Door
from mailbot.mail.body.whose_signature import Writer, others_name
from mailbot.mail.incoming.message import Message, Unreadable
from mailbot.mail.incoming.threading import Match, which
from mailbot.mail.reading import Reading
from mailbot.mail.text.people_and_agencies import ADDRESS, names_several, read_person
from mailbot.mail.text.spelling_and_sentences import plain
from mailbot.mail.understanding.context import in_either_place, roles_meant
from mailbot.mail.understanding.danger import danger_in, threat_in
from mailbot.mail.understanding.office_lines import (
    FOR_THE_OFFICE_ALONE,
    LINE_BESIDE_DANGER,
    LINE_SIGNED_BY_ANOTHER,
    LINE_UNDER_PRESSURE,
    WHOSE_ADDRESS,
    WITHOUT_OBJECT,
    office_lines,
    refusing,
)
from mailbot.mail.veil.by_shape import without_pointers_by_shape
from mailbot.mail.veil.known_names import subject_of_whom_nothing_is_known, veil_of
from mailbot.mail.whether_meant.under_pressure import is_pressed

NOT_THEIRS = "it asks for what only the partnership's own office may do"


@dataclass(frozen=True, slots=True)
class OfficeEmail:
    """``by`` is the office; ``alarming``: its words may mean danger, whatever else it asks; ``pressed``: they say that
    somebody makes its writer send it."""

    by: Person
    lines: tuple[OfficeLine, ...]
    alarming: bool = False
    pressed: bool = False


@dataclass(frozen=True, slots=True)
class Answering:
    """What the email answers: the digest of the email whose ``transcript`` it was, or any letter of ours that belongs
    to no dispute (``anything``)."""

    transcript: str = ""
    anything: bool = False


NOTHING_OF_OURS = Answering()


def office_email(
    reading: Reading | Unreadable,
    partnership: Partnership,
    desk: Desk,
    door: Door,
    release: str = "",
    answering: Answering = NOTHING_OF_OURS,
) -> OfficeEmail | None:
    """The office's email: its lines, when it is their own and begins with such; None for anything else, which is read
    as ever: also where nothing proves that it is the office's, so that its address on record is asked
    (``consider``)."""
    if isinstance(reading, Unreadable):
        return None
    lines = lines_of_the_office(reading, partnership, desk, bool(answering.transcript))
    halt = stop(reading, partnership, desk.is_ours) if lines else None
    let_in = bool(release) and halt is not None and halt.disposition in (Disposition.HELD, Disposition.QUARANTINED)
    if not lines or (halt is not None and not let_in) or not reading.is_certain:
        return None
    by = Person(reading.sender)  # without a name, an office is shown by its title
    if not may_order(by, reading, partnership, proof_of(reading, door, release, partnership.directory)).is_allowed:
        return None
    alarming = bool(danger_in(reading.for_danger, partnership.protocol.risk.line))
    closes = any(line.act is OfficeAct.CLOSE for line in lines)
    if alarming or (closes and threat_in(reading.for_danger)):
        return OfficeEmail(by, refusing(lines, LINE_BESIDE_DANGER, frozenset({OfficeAct.CLOSE})), True)
    if is_pressed(f"{reading.words.own}\n{reading.words.signature}"):
        return OfficeEmail(
            by, refusing(lines, LINE_UNDER_PRESSURE, frozenset(OfficeAct) - WITHOUT_OBJECT), pressed=True
        )
    if _is_signed_by_another(reading, partnership):
        return OfficeEmail(by, refusing(lines, LINE_SIGNED_BY_ANOTHER, frozenset(OfficeAct) - WITHOUT_OBJECT))
    return OfficeEmail(by, lines)


def _is_signed_by_another(reading: Reading, partnership: Partnership) -> bool:
    """Does a name close the office's email that is that of somebody else?"""
    names = (officer.person.name for officer in partnership.directory.officers)
    others = frozenset(word for name in names for word in plain(name).split())
    person = partnership.directory.person(reading.sender, reading.message.sender.name)
    return bool(others_name(reading.words.own, reading.words.signature, Writer(person, others, is_office=True)))


def lines_of_the_office(
    reading: Reading, partnership: Partnership, desk: Desk, answers_transcript: bool = False
) -> tuple[OfficeLine, ...]:
    """The lines of the office's email, by its From; () where it has none, and for anybody else's."""
    if reading.sender not in {person.address for person in partnership.alarmed()} or reading.words.forwarded:
        return ()
    lines = office_lines(reading.words.own, desk.prefixes)
    bare = not answers_transcript and all(line.act in WITHOUT_OBJECT for line in lines)
    if bare and isinstance(which(reading.message, desk), Match):
        return ()  # HELP or UNDO in answer to a dispute's letter is everybody's word
    return lines


def may_order(by: Person, reading: Reading, partnership: Partnership, proof: Proof) -> Judgement:
    """The judge's word on lines of the office's email, before any dispute is looked at: HELP and UNDO among them."""
    message = reading.message
    asked = Request(Intent(Act.NOTE), by, _EPOCH, message.message_id, message.digest, proof)
    return judge_outside(asked, partnership, PUT_BACK)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # when it came is nothing to the judge


def not_theirs(
    reading: Reading, received: datetime, partnership: Partnership, desk: Desk, in_dispute: bool
) -> Considered | None:
    """Not the office's email, though it begins with a line of theirs: held and told, and nothing of it is done. In a
    dispute, only those lines that nobody else could mean ("WITHDRAW NS-26-0007 because …" is also the raiser's)."""
    office_people, message, own = partnership.office(), reading.message, reading.words.own
    if message.sender.address in {person.address for person in office_people}:
        return None
    acts = {line.act for line in office_lines(own, desk.prefixes)} - WITHOUT_OBJECT
    if not acts or (in_dispute and not acts & FOR_THE_OFFICE_ALONE):
        return None
    person = partnership.directory.person(message.sender.address, message.sender.name)
    told = QuestionAsked(at=received, of=person, question=NOT_THEIRS, topic="not the office")
    plain_letters = tuple(Notice("held_told", reader, told, acts=True) for reader in office_people)
    return Considered(
        Disposition.HELD,
        NOT_THEIRS,
        person,
        plain=plain_letters,
        held=True,
        message=message,
        flags=("asks for what the office does",),
    )


def urgent_line(by: Person, at: datetime) -> Notice:
    """Lines of the office's email with words of danger are carried out, and their writer has the numbers to ring at
    once."""
    return Notice("urgent", by, RiskReported(at=at, by=by), acts=True)


MADE_TO_SEND = (
    "lines in the office's name read as if somebody made its writer send them, and none was carried out. Please ring "
    "whoever wrote them on a number you know"
)


def told_of_pressure(by: Person, at: datetime, partnership: Partnership) -> tuple[Notice, ...]:
    """Lines of the office's email that its writer was made to send: whoever stands in for it hears of them, and its own
    address where nobody does."""
    told = QuestionAsked(at=at, of=by, question=MADE_TO_SEND, topic="unproven answer")
    readers = [one for one in partnership.alarmed() if one.address != by.address] or list(partnership.office())
    return tuple(Notice("held_told", one, told, acts=True) for one in readers)


def at_once(line: OfficeLine) -> OfficeOutcome | None:
    """The answer to a line of the office's email that asks nothing of any record, or was not understood; None for the
    others."""
    if line.act is OfficeAct.UNKNOWN or line.fault:
        return not_done(line.fault or "this was not understood, so nothing was done for it")
    return OfficeOutcome(True, "The words you can write are below.") if line.act is OfficeAct.HELP else None


def about_dispute(
    line: OfficeLine, by: Person, message: Message, at: datetime, desk: Desk, closures: int
) -> OfficeOutcome:
    """What follows from a line of the office's email that names a dispute; ``closures`` as in
    ``core.decisions.resolution.close_by_office``."""
    dispute = desk.dispute(line.reference)
    if dispute is None:
        return not_done(f"there is no dispute {line.reference} in this mailbox")
    version = desk.version(dispute)
    if line.act in (OfficeAct.LINK, OfficeAct.KEEP_APART):
        other = desk.dispute(line.other)
        if other is None:
            return not_done(f"there is no dispute {line.other} in this mailbox")
        request = _request(Intent(Act.NOTE, words=line.words), by, at, message)
        return office.link(dispute, other, request, line.act is OfficeAct.KEEP_APART)
    case = Case(dispute, version, at)
    intent = _intent(line, case)
    if isinstance(intent, str):
        return not_done(intent)
    request = _request(intent, by, at, message)
    if line.act.value in OFFICE_ACTS:
        judged = judge(request, case, line.act)
        if not judged.is_allowed:
            return not_done(judged.why)
    return _BY_LINE[line.act](case, request, closures)


def _request(intent: Intent, by: Person, at: datetime, message: Message) -> Request:
    return Request(intent, by, at, message.message_id, message.digest)


def _intent(line: OfficeLine, case: Case) -> Intent | str:
    """What the line of the office's email asks as anybody's email would; or why it cannot be told."""
    if line.act is OfficeAct.ADD:
        return _added(line, case.partnership)
    if line.act is OfficeAct.REMOVE:
        return _taken_out(line, case)
    act = _ACTS.get(line.act)
    fields = {"reason": line.words} if line.act is OfficeAct.CLOSE else {}
    if line.act is OfficeAct.MOVE and line.typed.lstrip(" *_-").casefold().startswith("refer"):
        act = Act.REFER
    return Intent(act or Act.NOTE, fields=fields, words=line.words)


_ACTS: Mapping[OfficeAct, Act] = {
    OfficeAct.MOVE: Act.MOVE_UP,
    OfficeAct.REOPEN: Act.REOPEN,
    OfficeAct.CLOSE: Act.CLOSE,
    OfficeAct.STATUS: Act.STATUS,
}


def _taken_out(line: OfficeLine, case: Case) -> Intent | str:
    """Somebody taken out by the office's email: by their address, by the name by which one of the dispute alone is
    called, or a whole agency by its own."""
    address = ADDRESS.search(line.words)
    directory = case.directory
    agency = directory.find_agency(line.words.strip(" .;")) if address is None else None
    if agency is not None:
        return Intent(Act.REMOVE_PERSON, fields={"agency": agency.name}, words=line.words)
    there = tuple(party.person for party in case.dispute.parties)
    if address is not None:
        person: Person | None = directory.person(address[0].lower())
    elif names_several(line.words, directory, there):
        return WHOSE_ADDRESS
    else:
        person = read_person(line.words, directory, near=there)
    known = person is not None and person.address and (address is not None or person in there)
    return Intent(Act.REMOVE_PERSON, person=person, words=line.words) if known else WHOSE_ADDRESS


def _added(line: OfficeLine, version: Partnership) -> Intent | str:
    """Somebody added by the office's email, "name, email, role": the role by its title or as people call it; without
    one, somebody who supports."""
    person = read_person(line.words, version.directory)
    address = ADDRESS.search(line.words)
    after = line.words[address.end() :] if address else ""
    said = plain(after)
    roles = roles_meant(said, version.protocol)
    if person is None or (said and not roles):
        known = ", ".join(dict.fromkeys(r.title.split(",")[0].lower() for r in version.protocol.roles.values()))
        return f"“{after.strip(' ,')}” is no role of this procedure; its roles are: {known}"
    return Intent(Act.ADD_PERSON, fields=in_either_place(roles), person=person, words=line.words)


def _as_anybody(said: str) -> "_Decided":
    return lambda case, request, _: office.asked_as_anybody(
        case, request, said.format(ref=case.dispute.reference, who=_who(request))
    )


def _who(request: Request) -> str:
    return request.intent.person.shown if request.intent.person else ""


_Decided = Callable[[Case, Request, int], OfficeOutcome]
_BY_LINE: Mapping[OfficeAct, _Decided] = {
    OfficeAct.REOPEN: _as_anybody("{ref} is open again."),
    OfficeAct.CLOSE: office.close_for_office,
    OfficeAct.HOLD: lambda case, request, _: office.hold(case, request),
    OfficeAct.MOVE: lambda case, request, _: office.move(case, request),
    OfficeAct.GO_ON: lambda case, request, _: office.go_on(case, request),
    OfficeAct.REDACT: lambda case, request, _: office.redact(case.dispute, request),
    OfficeAct.ADD: _as_anybody("{who} is recorded in {ref}."),
    OfficeAct.REMOVE: _as_anybody("{who} is taken off {ref} and gets no more of its letters."),
    OfficeAct.STATUS: _as_anybody("A letter that says where {ref} stands is on its way to you."),
}


def quoted(line: OfficeLine, desk: Desk, known: Iterable[str] = ()) -> str:
    """The line of the office's email as the transcript shows it: nothing that points to a child, also where the office
    typed it. Of a line that names no dispute nobody can tell whom it names: of a word that is neither this mailbox's
    nor of the ``known`` names its first letter stands. Of one that does, that is so of words with a capital."""
    dispute = desk.dispute(line.reference) if line.reference else None
    if dispute is None:
        text, cut = without_pointers_by_shape(line.typed), re.compile(r"[^@]+")
    else:
        known = (*known, *(party.person.name for party in dispute.parties if party.person.address))
        hidden = (line.words,) if line.act is OfficeAct.REDACT else ()
        text, cut = veil_of(dispute, hidden).free(line.typed), re.compile(r"(?<=[a-z,;:] )[A-Z][\w'’-]+(?![\w.@-])")
    known = (*known, *_WORDS_OF_LINES)
    pieces = re.split(f"({ADDRESS.pattern})", text)
    return "".join(
        one if at % 2 else cut.sub(lambda met: subject_of_whom_nothing_is_known(met[0], known), one)
        for at, one in enumerate(pieces)
    )


_WORDS_OF_LINES = (
    "file put move release let dismiss reopen withdraw close hold go on link keep apart redact add remove status help",
    "undo refer escalate message number line lines one two three four five six seven eight nine ten because please",
)
