"""One message considered: what it is, what it asks, what follows. Changes nothing; ``bot`` writes it down, ``explain``
prints it. Everything it needs from the store comes through ``Desk``, so both see exactly the same reading.
"""

from dataclasses import replace
from datetime import datetime

from mailbot.core.decisions import decide as decisions
from mailbot.core.decisions.opening import open_dispute, twin
from mailbot.core.notices.notices import Notice
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.events import Event, QuestionAsked
from mailbot.core.record.intents import Act, Intent, Sure
from mailbot.door.button_replies import weigh
from mailbot.door.gatekeeping import Disposition, Door, Stopped, believed, doubted, stop
from mailbot.door.mail_not_acted_on import alarmed, machine, plainly, stopped, without_dispute
from mailbot.door.office_email import not_theirs
from mailbot.door.reading import Considered, Desk, DisputeStep, Reading, said_in
from mailbot.mail.incoming.message import Message, Unreadable
from mailbot.mail.incoming.own_words import OwnWords, own_words
from mailbot.mail.incoming.threading import Conflict, Match, answers_another, references_in, which
from mailbot.mail.text.child_issue_and_impact import child_in
from mailbot.mail.understanding.context import Said
from mailbot.mail.understanding.interpret import FOR_THE_OFFICE
from mailbot.mail.understanding.other_voices import hear_whole


def consider(
    message: Message | Unreadable,
    received: datetime,
    partnership: Partnership,
    desk: Desk,
    door: Door,
    release: str = "",
    into: str = "",
) -> Considered:
    """What this message is and what follows from it. ``release``: a person let it out of being held, and vouches for
    its sender; what it asks is still decided by the rules. ``into`` is the dispute that person said it belongs to.
    Raises only for faults of ours."""
    halt = stop(message, partnership, door, desk.is_ours)
    if halt is not None and not (release and halt.disposition in (Disposition.HELD, Disposition.QUARANTINED)):
        return _halted(message, halt, received, partnership, desk)
    if isinstance(message, Unreadable):
        return stopped(message, halt or Stopped(Disposition.HELD, message.reason), partnership, received)
    words = own_words(message)
    match = Match(into, "a person at the partnership put it there") if into else which(message, desk)
    match = match or _unknown(message, desk)
    if isinstance(match, Conflict):
        asked = _conflict(message, match, received, partnership, words)
        return alarmed(message, asked, partnership, received)
    dispute = desk.dispute(match.reference) if isinstance(match, Match) else None
    aside = None if release else not_theirs(message, words.own, received, partnership, desk, dispute is not None)
    if aside is not None:
        return alarmed(message, aside, partnership, received)
    version = desk.version(dispute) if dispute else partnership
    said = said_in(message, words, received, version, dispute)
    said = replace(said, answers_another=_answers_another(message, words, said, dispute, desk))
    intents = hear_whole(said, dispute, version.protocol, version.directory, version.calendar.zone)
    if release and dispute is None:
        intents = _let_in(intents, said)
    if not release:
        halt = doubted(message, intents, door)
        if halt is not None:
            return alarmed(message, stopped(message, halt, version, received), version, received)
        intents = believed(message, intents, door)
    reading = Reading(message, words, said, intents, received, version, put_there=bool(into))
    if dispute is None:
        return _without_dispute(reading, desk)
    pressed = match.pressed if isinstance(match, Match) else None
    filed = weigh(pressed, intents, dispute, said.sender, received, version) if pressed else None
    if filed is not None and decisions.may_see(dispute, version, said.sender):
        return _in_dispute(replace(reading, intents=filed.intents), dispute, filed.events, filed.reason)
    return _in_dispute(reading, dispute)


def _answers_another(message: Message, words: OwnWords, said: Said, dispute: Dispute | None, desk: Desk) -> bool:
    """Is it a colleague whom this answers, or a letter of ours that asks nothing?"""
    if dispute is None:
        return False
    known = {*said.to, *said.cc, *(party.person for party in dispute.parties)}
    names = [
        part for person in known for part in (person.address, person.name) if person.address != said.sender.address
    ]
    return answers_another(
        message, words, desk.version(dispute).protocol.mailbox, names, lambda i: (desk.letter(i) or ("", "", ""))[1]
    )


def _unknown(message: Message, desk: Desk) -> Conflict | None:
    """A reference in the subject that is no dispute here: mistyped, another partnership's, or older than this store.
    Whatever it is, it is not the raising of a new one."""
    named = references_in(message.subject, desk.prefixes)
    return Conflict(named, f"{' and '.join(named)} is not a dispute that this mailbox knows") if named else None


def _let_in(intents: tuple[Intent, ...], said: Said) -> tuple[Intent, ...]:
    """A person answered OPEN for a message that was only a candidate: it opens, with whatever was understood of it."""
    if any(i.act is Act.OPEN and i.sure is not Sure.UNSURE for i in intents):
        return intents
    asked = next((i for i in intents if i.act in (Act.HOLD, Act.OPEN, Act.QUESTION)), None)
    if asked is None:
        return intents
    people = dict(asked.people)
    others = [p for p in said.to if p.agency and p.agency != said.sender.agency]
    if others:
        people.setdefault("responder", others[0])
    return (Intent(Act.OPEN, Sure.PROBABLE, asked.fields, people, words=asked.words, flags=asked.flags),)


def _halted(
    message: Message | Unreadable, halt: Stopped, received: datetime, partnership: Partnership, desk: Desk
) -> Considered:
    if isinstance(message, Message) and halt.kind is not None:
        found = machine(message, halt, received, partnership, desk)
        if found is not None:
            return alarmed(message, found, partnership, received)
    return alarmed(message, stopped(message, halt, partnership, received), partnership, received)


def _conflict(
    message: Message, match: Conflict, received: datetime, partnership: Partnership, words: OwnWords
) -> Considered:
    """Two disputes, or a reference from somebody outside it: asked about, because a wrong join discloses."""
    person = partnership.directory.person(message.sender.address, message.sender.name)
    question = (
        f"I could not tell which dispute this belongs to ({match.because}). Nothing has been recorded yet. "
        "Please send it again as a reply to a letter about that dispute."
    )
    asked = Notice("question", person, QuestionAsked(at=received, of=person, question=question), acts=True)
    return Considered(
        Disposition.HELD,
        match.because,
        person,
        plain=(asked,),
        held=True,
        asked=person.address,
        words=words,
        message=message,
    )


def _in_dispute(reading: Reading, dispute: Dispute, more: tuple[Event, ...] = (), only_filed: str = "") -> Considered:
    """Filed first, then each thing it asks, one after another, each on the state the one before left.

    ``only_filed`` is why its own act was not decided, where it was not.
    """
    sender, now = reading.said.sender, dispute
    asks = tuple(i for i in reading.intents if i.act is not Act.IMMEDIATE_RISK)  # danger is anybody's to tell
    if not decisions.may_see(dispute, reading.partnership, sender) and not _asks_nothing(asks):
        return _not_a_party(reading, dispute)
    events: list[Event] = [decisions.filed(reading.request(reading.intents[0]), dispute)]
    if reading.outsiders:
        events.append(decisions.outsiders(reading.request(reading.intents[0]), reading.outsiders))
    for intent in reading.intents:
        made = decisions.decide(now, reading.request(intent), reading.partnership)
        events += made
        for event in made:
            now = now.after(event)
    events += more
    quiet = _only_talks(reading.intents) and len(events) == 1
    disposition = Disposition.FILED if quiet or only_filed else Disposition.ACTED
    step = DisputeStep(dispute.reference, dispute, tuple(events), reading.partnership)
    reason = only_filed or ("people talking to each other: filed" if quiet else plainly(reading.intents))
    office = _for_the_office(reading, dispute.reference)
    return reading.result(
        disposition,
        "; ".join((reason, *_marks(reading))),
        steps=(step,),
        plain=office,
        held=bool(office),
        asked=sender.address if office else "",
    )


def _for_the_office(reading: Reading, reference: str) -> tuple[Notice, ...]:
    """What a person at the partnership must look at themselves: they are told that it came, never what it says."""
    sender, at = reading.said.sender, reading.received
    told = (QuestionAsked(at=at, of=sender, question=f"{reference}: {flag}", topic=flag) for flag in _marks(reading))
    return tuple(
        Notice("held_told", person, event, acts=True) for event in told for person in reading.partnership.office()
    )


def _marks(reading: Reading) -> list[str]:
    return sorted(FOR_THE_OFFICE & {flag for intent in reading.intents for flag in intent.flags})


def _same_child(reading: Reading, desk: Desk) -> Considered | None:
    """No reference and nothing opened, but about the child of the one open dispute its sender is in: filed there."""
    if any(i.act not in (Act.HOLD, Act.NOTE) for i in reading.intents):
        return None
    child, _ = child_in("", reading.said.subject, reading.said.own)
    same = twin(tuple(desk.open_disputes(reading.said.sender.address)), reading.said.sender, child)
    if same is None:
        return None
    return _in_dispute(_as_note(reading, reading.intents[0]), same, (_filed_there(reading, same),))


def _filed_there(reading: Reading, dispute: Dispute) -> Event:
    said = (
        f"Your email carried no reference, so it was filed in {dispute.reference}, which is open about the same "
        f"{reading.partnership.protocol.subject}. Nothing else was done. If it is about something else, reply WRONG "
        "CASE."
    )
    return QuestionAsked(at=reading.received, of=reading.said.sender, question=said, topic="filed there")


def _only_talks(intents: tuple[Intent, ...]) -> bool:
    return all(intent.act is Act.NOTE for intent in intents)


def _asks_nothing(intents: tuple[Intent, ...]) -> bool:
    """Nothing that would be recorded or answered: no labelled line, no name, no wish."""
    return _only_talks(intents) and not any(i.fields or i.people or i.flags for i in intents)


def _not_a_party(reading: Reading, dispute: Dispute) -> Considered:
    """A command from somebody not in the dispute changes nothing; the raising side is asked who they are (D3)."""
    who = reading.said.sender
    question = (
        f"{who.shown} ({who.agency or 'agency not known'}) wrote about {dispute.reference} and is not recorded in it. "
        f"If they should be, reply ADD and their email address. Otherwise reply IGNORE; nothing has changed."
    )
    stage = reading.partnership.stage_of(dispute)
    asked = [p.person for p in dispute.parties if p.role in stage.raising and p.person.address][:1]
    if reading.put_there:  # looked at already: it stays, and does not wait a second time
        asked = asked if reading.partnership.directory.is_approved(who.address) else []
    events: list[Event] = [decisions.filed(reading.request(reading.intents[0]), dispute)]
    for risk in (i for i in reading.intents if i.act is Act.IMMEDIATE_RISK):
        events += decisions.decide(dispute, reading.request(risk), reading.partnership)
    events += [QuestionAsked(at=reading.received, of=person, question=question, topic="stranger") for person in asked]
    reason = "a request from somebody who is not recorded in the dispute"
    step = DisputeStep(dispute.reference, dispute, tuple(events), reading.partnership)
    if reading.put_there:
        return reading.result(Disposition.FILED, f"filed there by a person; {reason}", steps=(step,))
    return reading.result(Disposition.HELD, reason, steps=(step,), held=True, asked=asked[0].address if asked else "")


def _without_dispute(reading: Reading, desk: Desk) -> Considered:
    openings = [i for i in reading.intents if i.act is Act.OPEN and i.sure is not Sure.UNSURE]
    if not openings:
        return _same_child(reading, desk) or _answered(reading)
    risks = [i for i in reading.intents if i.act is Act.IMMEDIATE_RISK]
    steps: list[DisputeStep] = []
    for intent in openings:
        theirs = tuple(desk.open_disputes(reading.said.sender.address))
        same = twin(theirs, reading.said.sender, intent.fields.get("child", ""))
        if same is not None:
            return _in_dispute(_as_note(reading, intent), same, (_filed_there(reading, same),))
        local = reading.partnership.calendar.local(reading.received)
        reference = desk.new_reference(local.year)
        events: list[Event] = open_dispute(reference, reading.request(intent), reading.partnership)
        opened = fold(events)
        events.append(decisions.filed(reading.request(intent), opened))
        if reading.outsiders:
            events.append(decisions.outsiders(reading.request(intent), reading.outsiders))
        for risk in risks:
            events += decisions.decide(opened, reading.request(risk), reading.partnership)
        steps.append(DisputeStep(reference, None, tuple(events), reading.partnership))
    return reading.result(Disposition.OPENED, plainly(reading.intents), steps=tuple(steps))


def _as_note(reading: Reading, intent: Intent) -> Reading:
    note = Intent(Act.NOTE, Sure.PROBABLE, intent.fields, intent.people, words=intent.words)
    return Reading(reading.message, reading.words, reading.said, (note,), reading.received, reading.partnership)


def _answered(reading: Reading) -> Considered:
    """No dispute, and none opened: answered, refused kindly, or held with one question to its writer."""
    disposition, reason, plain, held = without_dispute(
        reading.intents, reading.said.sender, reading.received, reading.partnership
    )
    return reading.result(
        disposition, reason, plain=plain, held=held, asked=reading.said.sender.address if held and plain else ""
    )
