"""What becomes of mail that no person's word is acted on: machines', strangers', questions, out of scope, placed by
hand.
"""

from dataclasses import replace
from datetime import datetime

from mailbot.core.clocks.absences import acts_later, is_past_limit
from mailbot.core.clocks.case import Case
from mailbot.core.decisions.decide import decide, filed
from mailbot.core.decisions.people.who_is_there import deputies
from mailbot.core.decisions.who_may.authority import judge, judge_of, partnership_roles
from mailbot.core.decisions.who_may.table import PLACE_BY_HAND, Capacity
from mailbot.core.notices.notice import Notice
from mailbot.core.partnership.directory import domain_of
from mailbot.core.partnership.partnership import Partnership, Request
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import Event, StageEntered
from mailbot.core.record.events_of_mail import (
    AbsenceNoticed,
    MovedByHand,
    NoticeFailed,
    QuestionAsked,
    RequestRefused,
    RiskReported,
    StatusAsked,
)
from mailbot.core.record.intents import Act, Intent, Person, Proof, Sure
from mailbot.door.gatekeeping import LET_IN, Disposition, Stopped
from mailbot.door.message_as_read import Considered, Desk, DisputeStep, HeardMail
from mailbot.mail.incoming.automatic_mail import Absence
from mailbot.mail.incoming.bounces import Bounce
from mailbot.mail.incoming.message import Message, Unreadable
from mailbot.mail.incoming.threading import references_in
from mailbot.mail.incoming.wording_of_machines import MAILER
from mailbot.mail.letters.whose_turn import office_title
from mailbot.mail.letters.wording import instant_near, safe_subject
from mailbot.mail.reading import Reading
from mailbot.mail.understanding.danger import danger_in
from mailbot.mail.understanding.interpret import asks_for_records
from mailbot.mail.veil.known_names import subject_of_whom_nothing_is_known

# What becomes of mail that no person's word is acted on: machines', strangers', questions, things out of scope.


_Told = tuple[Dispute, Event, Disposition, str]  # what one dispute must know of, and what becomes of the mail


def machine(
    reading: Reading, halt: Stopped, received: datetime, partnership: Partnership, desk: Desk, proof: Proof
) -> Considered | None:
    """Mail not acted on: an automatic message that a dispute must know of: a letter of ours that came back, or somebody
    away past the limit. None when it is only recorded. It changes no state and is never answered. An absence that
    nothing proves is recorded and told to nobody: anybody can send one in anybody's name."""
    message, kind = reading.message, halt.kind
    if kind is None:
        return None
    found: list[_Told] = []
    if kind.bounce is not None and proof in LET_IN:
        return None  # a person has looked: it is kept, and changes nothing
    if kind.bounce is not None and kind.bounce.permanent and (why := _not_of_it(reading, kind.bounce, desk, proof)):
        return stopped(reading, Stopped(Disposition.HELD, why, tell=True, kind=kind), partnership, received)
    if kind.bounce is not None and kind.bounce.permanent:
        found = [one for one in (_came_back(message, kind.bounce, received, desk),) if one is not None]
    elif kind.absence is not None and halt.disposition is Disposition.AUTOMATIC:
        found = _away(message, kind.absence, received, desk, proof)
    if not found:
        return None
    steps = tuple(_step(dispute, event, received, desk) for dispute, event, *_ in found)
    *_, disposition, reason = found[0]
    person = partnership.directory.person(message.sender.address, message.sender.name)
    flags = (halt.flag,) if halt.flag else ()
    return Considered(disposition, reason, person, steps=steps, kind=kind, message=message, flags=flags)


def _step(dispute: Dispute, event: Event, received: datetime, desk: Desk) -> DisputeStep:
    """What mail not acted on brings in one dispute: of somebody away, those who stand in for them as well."""
    case = Case(dispute, desk.version(dispute), received).after(event)
    standing_in = deputies(case, received) if isinstance(event, AbsenceNoticed) and dispute.is_open else []
    return DisputeStep(dispute.reference, dispute, (event, *standing_in), desk.version(dispute))


def _not_of_it(reading: Reading, bounce: Bounce, desk: Desk, proof: Proof) -> str:
    """Mail not acted on: why a bounce that names a letter of ours does not count, "" where it does: it must name whom
    that letter went to, and be, provably, of a server that had it: theirs, or ours. Anybody who was ever copied on an
    answer knows a letter's number, and can send such a report about anybody."""
    ids = tuple(dict.fromkeys(i for i in (bounce.original_id, *reading.message.references) if i))
    letter = next((one for one in map(desk.letter, ids) if one is not None), None)
    if letter is None or not letter[2]:
        return ""
    recipient, reported_by = letter[2], domain_of(reading.sender)
    if recipient not in bounce.recipients:
        return "a delivery report names a letter of ours, and not the address that it went to"
    if not judge_of(Act.BOUNCE, Capacity.SERVER, proof).is_allowed:
        return "a delivery report names a letter of ours, and nothing shows which server it comes from"
    had_it = (domain_of(recipient), *desk.servers)
    if MAILER.match(reading.sender.partition("@")[0]) and any(_is_of(reported_by, server) for server in had_it):
        return ""
    return "a delivery report names a letter of ours, and comes from a server that never had it"


# Two names of one house: what its servers are called, and what their reports come from.
_ALSO = {"gmail.com": "googlemail.com", "office365.com": "outlook.com"}


def _is_of(domain: str, server: str) -> bool:
    """To be acted on or not: does mail from ``domain`` come from the house of ``server``, a domain or the full name
    of a host in it?"""
    house = server.lower()
    names = {house, *(also for of, also in _ALSO.items() if house.endswith(of))}
    return any(one == domain or one.endswith(f".{domain}") or domain.endswith(f".{one}") for one in names if one)


def _came_back(message: Message, bounce: Bounce, received: datetime, desk: Desk) -> _Told | None:
    ids = tuple(dict.fromkeys(i for i in (bounce.original_id, *message.references) if i))
    for message_id in ids:
        letter = desk.letter(message_id)
        if letter is None:
            continue
        reference, name, recipient = letter
        dispute = desk.dispute(reference)
        if dispute is None:
            continue
        recipient = recipient or next(iter(bounce.recipients), "")
        event = NoticeFailed(at=received, address=recipient, letter=name, why="the receiving server refused it")
        return dispute, event, Disposition.BOUNCED, f"our letter to {recipient} could not be delivered"
    return None


def _away(message: Message, absence: Absence, received: datetime, desk: Desk, proof: Proof) -> list[_Told]:
    """Mail not acted on from somebody absent, in the dispute whose letter it answers, or whose reference stands in its
    subject, and in every other open one that they are in: a mail server may tell it once, and they are away from all
    of them."""
    writer = message.sender.address
    named = references_in(message.subject, desk.prefixes)  # "Automatic reply: [NS-26-0001] Has it been done?"
    known = [*desk.by_message_id(message.references).values(), *desk.by_reference(named)]
    answered = [d for d in map(desk.dispute, dict.fromkeys(known)) if d is not None]
    theirs = [d for d in desk.open_disputes(writer) if d.party(writer) is not None]
    disputes = {d.reference: d for d in (*answered, *theirs)}.values()
    of_office = [d for d in disputes if d.party(writer) is None]
    told = [d for d in disputes if d not in of_office or len(of_office) == 1]
    return [found for d in told if (found := _away_from(d, message, absence, received, desk, proof)) is not None]


def _away_from(
    dispute: Dispute, message: Message, absence: Absence, received: datetime, desk: Desk, proof: Proof
) -> _Told | None:
    """Mail not acted on from somebody absent, in one dispute: told only when they are away past the limit, or have
    left. A day off inside it is nobody's business, and is kept in mind of those alone whose turn may come meanwhile."""
    if not (dispute.is_open or absence.left):
        return None  # once it is closed, only somebody who has left is missed: the question goes to another
    by = Person(message.sender.address, message.sender.name)
    request = Request(Intent(Act.AUTO_REPLY), by, received, message.message_id, message.digest, proof)
    partnership = desk.version(dispute)
    if not judge(request, Case(dispute, partnership, request.at)).is_allowed:
        return None
    party = dispute.party(message.sender.address)
    if party is None and message.sender.address in {one.address for one in partnership.office()}:
        told = AbsenceNoticed(at=received, person=by, until=absence.until, left=absence.left)
        return dispute, told, Disposition.AUTOMATIC, "the partnership's office is away"
    if party is None:
        return None
    cover = Person(absence.cover_address, absence.cover_name) if absence.cover_address else None
    event = AbsenceNoticed(at=received, person=party.person, until=absence.until, cover=cover, left=absence.left)
    if is_past_limit(event, dispute, partnership.protocol, partnership.calendar):
        return dispute, event, Disposition.AUTOMATIC, f"{party.person.shown} is away past the limit"
    if acts_later(party.person.address, dispute, partnership.protocol):
        return dispute, event, Disposition.AUTOMATIC, f"{party.person.shown} is away, and it is not their turn yet"
    return None


def stopped(
    reading: Reading | Message | Unreadable, halt: Stopped, partnership: Partnership, received: datetime
) -> Considered:
    """Mail not acted on is recorded or held, answered by nobody; the Business Manager is told at once where that was
    found needful."""
    message = reading.message if isinstance(reading, Reading) else reading
    if isinstance(message, Unreadable):
        person = Person(name=message.sender)
    else:
        person = partnership.directory.person(message.sender.address, message.sender.name)
    plain: tuple[Notice, ...] = ()
    held = halt.disposition in (Disposition.HELD, Disposition.QUARANTINED)
    if halt.tell:
        event = QuestionAsked(at=received, of=person, question=halt.reason, topic=halt.disposition)
        plain = tuple(Notice("held_told", office, event, acts=True) for office in partnership.office())
    asked = person.address != partnership.protocol.mailbox.lower() and partnership.may_write_to(person.address)
    if halt.verify and asked:
        said = _was_it_you(message, halt, received, partnership)
        event = QuestionAsked(at=received, of=person, question=said, topic="was it you")
        plain = (Notice("was_it_you", person, event, acts=True),)
    return Considered(
        halt.disposition,
        halt.reason,
        person,
        plain=plain,
        held=held,
        kind=halt.kind,
        message=message,
        asked=person.address if halt.verify and plain else "",
        flags=_flags(reading, halt) if held else (),
    )


def _flags(reading: Reading | Message | Unreadable, halt: Stopped) -> tuple[str, ...]:
    told = (halt.flag or halt.reason,)
    wants = isinstance(reading, Reading) and asks_for_records(reading.words.own)
    return (*told, "asks for data") if wants else told


def _was_it_you(message: Message | Unreadable, halt: Stopped, received: datetime, partnership: Partnership) -> str:
    """Mail not acted on, as its sender is asked about it: when it came, its subject made safe, and what it would do:
    enough to know it by, and never its content."""
    agencies = (agency.name for agency in partnership.directory.agencies)
    subject = safe_subject(subject_of_whom_nothing_is_known(message.subject, agencies))
    at = instant_near(partnership.calendar.local(received))
    named = f", with the subject “{subject}”" if subject else ""
    would = f" What it asks for: {halt.would}." if halt.would else ""
    return f"It came at {at}{named}.{would}"


def unproven_answer(
    reading: Reading, number: int, digest: str, partnership: Partnership, received: datetime
) -> Considered:
    """Mail not acted on that answers for the waiting message ``number`` (``digest``), where the mail server checks who
    wrote and found nothing: the message waits on. The address on record is asked again, and told what to do if its
    server proves nothing ever; the office hears of it, and may let the message in once it has asked them."""
    person = partnership.directory.person(reading.sender, reading.message.sender.name)
    office = [one for one in partnership.office() if one.address != person.address]
    title = office_title(partnership.protocol)
    else_ask = (
        f"ring {title}, who can let message {number} in" if office else f"ring your IT team about message {number}"
    )
    question = (
        "Was that answer yours? It could not be checked that it came from you, so the message it is about still waits. "
        "If it was yours, please answer this letter from your usual work account, with YES or NO and nothing else. "
        f"If you have done that already, {else_ask}. If it was not yours, tell {title}."
    )
    asked = QuestionAsked(at=received, of=person, question=question, topic="was it you")
    why = (
        "it was answered for in its writer's name, and nothing shows that the answer is theirs. Please ring them on a "
        "number you know before you let it in"
    )
    told = QuestionAsked(at=received, of=person, question=why, topic="unproven answer")
    plain = (
        Notice("question", person, asked, acts=True),
        *(Notice("held_told", one, told, acts=True, waiting=number) for one in office),
    )
    reason = f"an answer for waiting message {number}, and nothing shows that it really came from that address"
    return Considered(Disposition.ANSWERED, reason, person, plain=plain, about_held=digest)


# Machines that carry what people wrote: lists send it on, an invitation or its refusal has room for words, a note of
# absence is somebody's own. Of these a list is not answered, for nobody knows who would read that, and no machine is.
_WRITTEN_BY_PEOPLE = frozenset({"list", "calendar", "auto_reply"})
_ANSWERED_BY_NOBODY = frozenset({"list", "auto_reply"})
MAY_BE_DANGER = "its words may mean immediate risk"


def alarmed(
    reading: Reading | Unreadable,
    found: Considered,
    partnership: Partnership,
    received: datetime,
    proof: Proof,
    asks: bool = True,
) -> Considered:
    """Mail not acted on, that goes no further, but may speak of danger: it still changes nothing, and still the
    Business Manager hears of it at once. Its writer gets the telephone numbers, when the address is one we may write
    to; and nothing else, unless it ``asks`` for something besides."""
    kind = found.kind.name if found.kind else "human"
    if isinstance(reading, Unreadable) or not (found.held if kind == "human" else kind in _WRITTEN_BY_PEOPLE):
        return found
    if not danger_in(f"{reading.for_danger}\n\n{reading.message.subject}", partnership.protocol.risk.line):
        return found
    return _told_of_danger(found, partnership, received, proof, asks)


def with_danger_told(found: Considered, heard: HeardMail) -> Considered:
    """Mail in which danger was heard, whatever else it was found to be: where nothing that follows from it tells of the
    danger, its writer gets the numbers and the Business Manager hears of it."""
    if all(intent.act is not Act.IMMEDIATE_RISK for intent in heard.intents):
        return found
    follows = (*(e for step in found.steps for e in step.events), *(notice.event for notice in found.plain))
    if any(isinstance(event, RiskReported) for event in follows):
        return found
    return _told_of_danger(found, heard.partnership, heard.received, heard.proof, asks=True)


def _told_of_danger(
    found: Considered, partnership: Partnership, received: datetime, proof: Proof, asks: bool
) -> Considered:
    kind = found.kind.name if found.kind else "human"
    event = RiskReported(at=received, by=found.sender)
    approved = partnership.directory.is_approved(found.sender.address)
    cause = "" if proof is Proof.PROVEN and approved else found.sender.address if approved else "strangers"
    told = [Notice("urgent_told", person, event, acts=True, cause=cause) for person in partnership.alarmed()]
    if kind not in _ANSWERED_BY_NOBODY and approved:
        told.append(Notice("urgent", found.sender, event, acts=True, cause=cause))
    plain = [n for n in found.plain if asks or n.to.address != found.sender.address]
    reason = f"{found.reason}; {MAY_BE_DANGER}" if found.held else found.reason
    return replace(found, reason=reason, plain=(*plain, *told), flags=(*found.flags, "possible immediate risk"))


def without_dispute(
    intents: tuple[Intent, ...], sender: Person, received: datetime, partnership: Partnership
) -> tuple[Disposition, str, tuple[Notice, ...], bool]:
    """Mail not acted on, that names no dispute and opens none: disposition, reason, letters, and whether it waits for a
    person."""
    acts = {intent.act for intent in intents}
    intent = intents[-1]
    reason = plainly(intents)
    if Act.IMMEDIATE_RISK in acts:
        event = RiskReported(at=received, by=sender)
        told = [Notice("urgent_told", person, event, acts=True) for person in partnership.alarmed()]
        if intent.act is Act.OPEN and intent.question:  # it would have opened, and its writer must be asked first
            asked = QuestionAsked(at=received, of=sender, question=intent.question, topic="answer: candidate")
            told.append(Notice("question", sender, asked, acts=True))
        return Disposition.HELD, reason, (Notice("urgent", sender, event, acts=True), *told), True
    if Act.OUT_OF_SCOPE in acts:
        refused = RequestRefused(at=received, by=sender, act=Act.OUT_OF_SCOPE, why=_where_to(intent, partnership))
        return Disposition.OUT_OF_SCOPE, reason, (Notice("out_of_scope", sender, refused),), False
    if Act.QUARANTINE in acts:
        asked = QuestionAsked(at=received, of=sender, question=reason, topic="quarantine")
        told = [Notice("held_told", person, asked, acts=True) for person in partnership.office()]
        return Disposition.QUARANTINED, reason, tuple(told), True
    if intent.act in (Act.QUESTION, Act.STATUS) and intent.sure is not Sure.UNSURE:
        return Disposition.ANSWERED, reason, (Notice("guide", sender, StatusAsked(at=received, by=sender)),), False
    question = intent.question or _CANDIDATE
    asked = QuestionAsked(at=received, of=sender, question=question, topic="candidate")
    return Disposition.HELD, reason, (Notice("question", sender, asked, acts=True),), True


_CANDIDATE = (
    "Did you mean to record a disagreement between agencies? Reply OPEN if you did, or IGNORE if you did not. "
    "Nothing has been recorded as a dispute yet."
)


def _where_to(intent: Intent, partnership: Partnership) -> str:
    what = intent.fields.get("what", "") or intent.words
    ways = [way.say for way in partnership.protocol.out_of_scope if way.what in what]
    return " ".join(ways or [way.say for way in partnership.protocol.out_of_scope])


_PLAIN = {
    Act.OPEN: "it raises a disagreement with another agency",
    Act.NOTE: "people talking to each other: filed, and nothing was asked",
    Act.PROPOSE_RESOLUTION: "it says that the disagreement is resolved",
    Act.CONFIRM_RESOLUTION: "it confirms the resolution",
    Act.OBJECT_RESOLUTION: "it does not agree that this is resolved",
    Act.MOVE_UP: "it asks to move to the next stage",
    Act.REFER: "it asks to refer the dispute",
    Act.DECISION: "it gives the decision",
    Act.PROPOSE_DATE: "it asks for a date",
    Act.ACCEPT_DATE: "it agrees to the date",
    Act.REFUSE_DATE: "it does not agree to the date",
    Act.PROTECTIVE_DATE: "it gives a date by which the child needs this",
    Act.HANDOVER: "it hands over to a colleague",
    Act.HOLD: "it can be read in more than one way, so its writer is asked",
    Act.IMMEDIATE_RISK: MAY_BE_DANGER,
    Act.OUT_OF_SCOPE: "it is about something this procedure does not cover",
    Act.QUARANTINE: "it gives instructions to the computer",
    Act.QUESTION: "it asks how the procedure works",
    Act.WITHDRAW: "it withdraws the dispute",
    Act.CLOSE: "it closes the dispute",
    Act.UNDO: "it says that something was misread",
    Act.ACTION_DONE: "it says that something agreed is done",
    Act.HAPPENED: "it says that what was agreed happened",
    Act.NOT_HAPPENED: "it says that what was agreed did not happen",
}


def plainly(intents: tuple[Intent, ...]) -> str:
    """Mail not acted on, in one sentence a Business Manager understands: what the message was taken to say."""
    return "; ".join(dict.fromkeys(_PLAIN.get(i.act, i.act.value.replace("_", " ")) for i in intents))


# A message that this mailbox had never had, put into a dispute's folder by hand: kept there as a note, never obeyed.
#
# Nobody knows how it came, and nothing shows who wrote it: the border's marks are whoever's mailbox it lay in. So it
# counts for no side and asks for nothing. What it says of danger is still heard, by the office alone.

REASON = "put into the folder by hand: kept as a note, and nothing it asks was done"


def placed(reading: Reading | Unreadable, event: MovedByHand, case: Case) -> Considered:
    """Mail not acted on, placed by hand: ``event`` says who wrote it, as far as can be told, and where it was put."""
    writer = event.writer
    assert writer is not None
    message = reading if isinstance(reading, Unreadable) else reading.message
    told = []
    if _speaks_of_danger(reading, case.partnership):
        danger = RiskReported(at=case.now, by=writer)
        told = [Notice("urgent_told", person, danger, acts=True) for person in case.partnership.alarmed()]
    assert judge_of(PLACE_BY_HAND, Capacity.HAND, Proof.UNPROVEN).is_allowed
    step = DisputeStep(case.dispute.reference, case.dispute, (event,), case.partnership)
    return Considered(Disposition.FILED, REASON, writer, steps=(step,), plain=tuple(told), message=message)


def _speaks_of_danger(reading: Reading | Unreadable, partnership: Partnership) -> bool:
    if isinstance(reading, Unreadable) or reading.kind.name != "human":
        return False
    return bool(danger_in(f"{reading.for_danger}\n\n{reading.message.subject}", partnership.protocol.risk.line))


def was_with_them(heard: HeardMail, dispute: Dispute) -> bool:
    """Is mail not acted on of one of the partnership's own addresses, to which the dispute was brought before?"""
    protocol = heard.partnership.protocol
    roles = set(partnership_roles(protocol, heard.said.sender.address))
    entered = (past.stage for past in dispute.history if isinstance(past, StageEntered))
    return any(roles & set(protocol.stages[name].decided_by) for name in entered)


def not_with_them(heard: HeardMail, dispute: Dispute) -> Considered:
    """Mail not acted on, of one of the partnership's own addresses, about a dispute that is not with it, or no more: it
    is filed, they are told, and nobody is asked who they are."""
    who = heard.said.sender
    events: list[Event] = [filed(heard.request(heard.intents[0]), dispute)]
    for risk in (i for i in heard.intents if i.act is Act.IMMEDIATE_RISK):
        events += decide(heard.case(dispute), heard.request(risk))
    question = (
        f"{dispute.reference} is not with you now, so nothing was done; what you wrote is filed. If it should be with "
        f"you, please ask {office_title(heard.partnership.protocol)}, who can say where it stands."
    )
    told = QuestionAsked(at=heard.received, of=who, question=question, topic="not with you")
    step = DisputeStep(dispute.reference, dispute, tuple(events), heard.partnership)
    reason = "an address of the partnership's own wrote, and the dispute is not with it"
    return heard.result(Disposition.FILED, reason, steps=(step,), plain=(Notice("question", who, told, acts=True),))
