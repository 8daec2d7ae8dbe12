"""One message considered: what it is, what it asks, what follows. Changes nothing; ``bot`` writes it down, ``explain``
prints it. Everything it needs from the store comes through ``Desk``, so both see exactly the same heard.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mailbot.core.clocks.case import Case
from mailbot.core.decisions import decide as decisions
from mailbot.core.decisions.in_answer_to import WHO_IS_IT, shown_by_quoting
from mailbot.core.decisions.people.roles import deputies_part
from mailbot.core.decisions.who_may.authority import lacks_proof
from mailbot.core.decisions.who_may.table import needs_proof
from mailbot.core.notices.notice import Notice
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import DisputeClosed, Event
from mailbot.core.record.events_of_mail import (
    MessageFiled,
    OutsiderNoticed,
    QuestionAsked,
    RequestRefused,
    RiskReported,
    StatusAsked,
)
from mailbot.core.record.intents import Act, Intent, Person, Proof, Sure
from mailbot.door.answers_to_letters import if_no_bare_assent, of_what_was_put
from mailbot.door.button_replies import weigh
from mailbot.door.counted_once import came_before
from mailbot.door.gatekeeping import (
    LET_IN,
    LET_IN_ONLY,
    UNPROVEN,
    Disposition,
    Stopped,
    believed,
    doubted,
    proof_of,
    stop,
)
from mailbot.door.mail_not_acted_on import (
    alarmed,
    machine,
    not_with_them,
    plainly,
    stopped,
    was_with_them,
    with_danger_told,
    without_dispute,
)
from mailbot.door.message_as_read import Considered, Desk, DisputeStep, HeardMail, said_in
from mailbot.door.office_email import lines_of_the_office, not_theirs
from mailbot.door.raising import (
    asked_of_which,
    disputes_raised,
    filed_meanwhile,
    filed_there,
    is_a_neighbours,
    opened_after_all,
    raises_another,
    talk_about,
    why_not_raised,
)
from mailbot.door.several_disputes import asked_in_each, of_several
from mailbot.door.whom_it_lets_in import Door
from mailbot.mail.incoming.button_tokens import Pressed
from mailbot.mail.incoming.message import Message, Unreadable
from mailbot.mail.incoming.threading import Conflict, Match, answers_another, references_in, which
from mailbot.mail.letters.whose_turn import office_title
from mailbot.mail.reading import Reading, read_at_the_door
from mailbot.mail.understanding.context import Said
from mailbot.mail.understanding.interpret import FOR_THE_OFFICE, hear_whole
from mailbot.mail.understanding.office_lines import order_within
from mailbot.mail.understanding.questions import (
    NOT_SURE_SEEN,
    ORDER_WITHIN,
    TWO_TEXTS,
    ask,
)


@dataclass(frozen=True, slots=True)
class LetIn:
    """How a message came out of being held: ``by`` whose word (its own sender, who answered for it, or somebody who
    vouches for where it belongs), and ``into`` which dispute that person said it belongs; "" where it never was."""

    by: str = ""
    into: str = ""


NOT_LET_IN = LetIn()


def consider(
    message: Message | Unreadable | Reading,
    received: datetime,
    partnership: Partnership,
    desk: Desk,
    door: Door,
    let_in: LetIn = NOT_LET_IN,
) -> Considered:
    """A message considered: what it is and what follows from it; ``let_in`` says by whom, where it was held before.
    What it asks is still decided by the rules. Raises only for faults of ours."""
    release, into = let_in.by, let_in.into
    reading = read_at_the_door(message, desk.is_ours, door.trusted_ids) if isinstance(message, Message) else message
    halt = stop(reading, partnership, desk.is_ours)
    proof = _proof(reading, door, let_in, partnership)
    if halt is not None and not (release and halt.disposition in (Disposition.HELD, Disposition.QUARANTINED)):
        return _halted(reading, halt, received, partnership, desk, proof)
    if isinstance(reading, Unreadable):
        return stopped(reading, halt or Stopped(Disposition.HELD, reading.reason), partnership, received)
    match, dispute = _belongs_to(reading, into, partnership, desk)
    if not (release or into) and (already := came_before(reading, desk, dispute)):
        again = Stopped(Disposition.AUTOMATIC, f"the same mail as in {already}, by another way")
        return stopped(reading, again, partnership, received)
    version = desk.version(dispute) if dispute else partnership
    brought, joined = _joined(match, dispute, reading, received, version)
    said = replace(_said(reading, received, version, joined, desk), looked_at=_is_let_in(release, reading))
    heard = _heard(reading, said, joined, version, proof)
    heard = replace(heard, neighbours=door.neighbours, brought=brought)
    if doubt := filed_meanwhile(_doubted(heard, dispute, desk, door), heard, dispute, let_in.by):
        return alarmed(reading, doubt, partnership, received, proof, _asks(heard))
    if unsure := _conflict(reading, match, received, partnership, desk) if isinstance(match, Conflict) else None:
        return alarmed(reading, unsure, partnership, received, proof, _asks(heard))
    if not release and (aside := not_theirs(reading, received, partnership, desk, dispute is not None)):
        return alarmed(reading, aside, partnership, received, proof)
    heard = replace(heard, intents=believed(_with_orders(heard, desk), proof), put_there=bool(into))
    heard = replace(heard, looked_at=_is_let_in(release, reading))
    if dispute is None:
        anew = replace(heard, intents=_let_in(heard.intents, heard.said)) if release else heard
        return with_danger_told(_without_dispute(anew, desk), heard)
    found = opened_after_all(heard, dispute, desk, partnership) or _in_each(heard, match, dispute, desk)
    return with_danger_told(found, heard)


def _in_each(heard: HeardMail, match: Match | Conflict | None, dispute: Dispute, desk: Desk) -> Considered:
    """A message considered in the thread of its dispute, and in every other one of its writer's that it speaks of; a
    button is for its own alone."""
    pressed = isinstance(match, Match) and match.pressed is not None
    several = None if pressed else of_several(heard, dispute, desk, lambda h, d: _in_its_thread(h, match, d, desk))
    if several is not None:
        return _too_many_ended(heard, several, desk) or several
    return _in_its_thread(heard, match, dispute, desk)


def _proof(reading: Reading | Unreadable, door: Door, let_in: LetIn, partnership: Partnership) -> Proof:
    """What shows who wrote the message considered. FILE says where it belongs, and is no RELEASE."""
    office = frozenset() if let_in.into else _office(partnership)
    return proof_of(reading, door, let_in.by, partnership.directory, office)


def _joined(
    match: Match | Conflict | None, dispute: Dispute | None, reading: Reading, received: datetime, version: Partnership
) -> tuple[tuple[Event, ...], Dispute | None]:
    """A message considered of a deputy who answers for the person whom they stand in for: what it brings with it, and
    the dispute with that."""
    if dispute is None or not isinstance(match, Match) or dispute.party(reading.sender) is not None:
        return (), dispute
    sender = version.directory.person(reading.sender, reading.message.sender.name)
    pressed_by = match.pressed.address if match.pressed else ""
    brought = deputies_part(Case(dispute, version, received), sender, pressed_by)
    return brought, _after(dispute, brought)


def _after(dispute: Dispute, events: tuple[Event, ...]) -> Dispute:
    for event in events:
        dispute = dispute.after(event)
    return dispute


def _in_its_thread(heard: HeardMail, match: Match | Conflict | None, dispute: Dispute, desk: Desk) -> Considered:
    """A message considered in the thread of its dispute: by the button it began with, or the letter it answers."""
    pressed = match.pressed if isinstance(match, Match) else None
    shown = pressed.put if pressed else desk.shown(heard.reading.message.references, heard.reading.sender, dispute)
    shown = shown or shown_by_quoting(dispute, heard.words.quoted)
    if shown is not None and not pressed:
        heard = replace(
            heard, intents=tuple(of_what_was_put(intent, shown, heard, dispute) for intent in heard.intents)
        )
    if shown is None and not pressed:
        heard = replace(heard, intents=tuple(if_no_bare_assent(intent, heard) for intent in heard.intents))
    return _of_a_dispute(replace(heard, answers=shown), dispute, pressed, desk)


def _belongs_to(
    reading: Reading, into: str, partnership: Partnership, desk: Desk
) -> tuple[Match | Conflict | None, Dispute | None]:
    """To which dispute a message considered belongs, and that dispute; none where it raises one of its own in an old
    thread. ``into`` is what a person at the partnership said."""
    match = Match(into, "a person at the partnership put it there") if into else which(reading.message, desk)
    match = _by_deputy(match, reading, partnership, desk) or match or _unknown(reading.message, desk)
    dispute = desk.dispute(match.reference) if isinstance(match, Match) else None
    here = partnership.directory, partnership.protocol
    if dispute is not None and not into and raises_another(reading, dispute, *here):
        return match, None
    return match, dispute


def _by_deputy(match: Match | Conflict | None, reading: Reading, partnership: Partnership, desk: Desk) -> Match | None:
    """A message considered that a deputy sends by a button of the present stage, made out to whom they stand in for."""
    pressed = _pressed(reading, desk) if isinstance(match, Conflict) else None
    if pressed is None or not isinstance(match, Conflict) or match.references != (pressed.reference,):
        return None
    deputy = pressed.present and partnership.directory.stands_in(reading.sender, pressed.address)
    return (
        Match(pressed.reference, "a button of a letter to whom its sender stands in for", pressed) if deputy else None
    )


def _heard(reading: Reading, said: Said, dispute: Dispute | None, version: Partnership, proof: Proof) -> HeardMail:
    """What a message considered asks. Two parts that say different things ask for nothing, nor does what its reader may
    not see."""
    intents = hear_whole(said, dispute, version)
    if reading.two_texts:
        danger = tuple(i for i in intents if i.act is Act.IMMEDIATE_RISK)
        intents = (*danger, ask(TWO_TEXTS, reading.words.own))
    elif not reading.is_certain and not _asks_nothing(intents):
        danger = tuple(i for i in intents if i.act is Act.IMMEDIATE_RISK)
        intents = (*danger, ask(NOT_SURE_SEEN, reading.words.own))
    return HeardMail(reading, said, intents, said.received, version, proof=proof)


def _with_orders(heard: HeardMail, desk: Desk) -> tuple[Intent, ...]:
    """What a message considered asks, where it would only be filed as talk and has an order of the office's among its
    words: whoever meant it must hear that nothing was done."""
    order = order_within(heard.words.own, desk.prefixes) if _asks_nothing(heard.intents) else ""
    return (ask(ORDER_WITHIN.format(order=order), heard.words.own),) if order else heard.intents


def _doubted(heard: HeardMail, dispute: Dispute | None, desk: Desk, door: Door) -> Considered | None:
    """Considering a message ends here where nothing proves who wrote it and it asks for a change: it waits for its
    sender's answer. That a person let it in says where it belongs; the office's own line lets it be moved up, and the
    office's own words wait all the same. Whom nobody may write to cannot be asked, and is obeyed in nothing."""
    reading, partnership, proof = heard.reading, heard.partnership, heard.proof
    vouched = proof in LET_IN
    if proof is Proof.PROVEN or (vouched and not partnership.may_write_to(reading.sender)):
        return None
    case = heard.case(_after(dispute, heard.brought)) if dispute is not None else None
    if vouched and case is not None and not decisions.may_see(case, heard.said.sender):
        return None  # it is filed there, and the raising side is asked who they are
    lines = lines_of_the_office(reading, partnership, desk)
    if vouched and reading.sender in _office(partnership):
        proof = Proof.UNPROVEN
    if lines:
        halt: Stopped | None = Stopped(Disposition.HELD, f"{UNPROVEN}, and its lines are the office's", verify=True)
        would = "; ".join(
            dict.fromkeys(f"{line.act.value.replace('_', ' ')} {line.reference}".strip() for line in lines)
        )
    else:
        intents = asked_in_each(heard, dispute, desk) if dispute is not None else heard.intents
        more = case is not None and any(decisions.is_more_than_talk(case, heard.request(i)) for i in intents)
        if proof in LET_IN:
            more = more or bool(heard.brought)  # a deputy comes into it by their own proven word
            lacking = more or any(lacks_proof(heard.request(i), case) for i in intents)
            halt = Stopped(Disposition.HELD, LET_IN_ONLY, verify=True) if lacking else None
        else:
            may_require = replace(door, require=door.require and not vouched)
            halt = doubted(reading, intents, may_require, proof, partnership.directory, more)
        would = f"{plainly(intents)}{f', in {dispute.reference}' if dispute else ''}"
    return stopped(reading, replace(halt, would=would), partnership, heard.received) if halt is not None else None


def _is_let_in(release: str, reading: Reading) -> bool:
    """Was a message considered let in by a person, and not by its writer's own answer?"""
    return bool(release) and release != reading.sender


def _office(partnership: Partnership) -> frozenset[str]:
    return frozenset(person.address for person in partnership.alarmed())


def _of_a_dispute(heard: HeardMail, dispute: Dispute, pressed: Pressed | None, desk: Desk) -> Considered:
    """A message considered in its dispute: decided; held where its writer brings too much about in an hour; only filed
    where an old button began it."""
    sender = heard.said.sender
    if held := _too_much(heard, dispute, desk):
        return held
    joined = heard.case(_after(dispute, heard.brought))
    filed = weigh(pressed, heard.intents, joined, sender) if pressed else None
    if filed is not None and decisions.may_see(joined, sender):
        return _in_dispute(replace(heard, intents=filed.intents), dispute, filed.events, filed.reason)
    found = _in_dispute(heard, dispute)
    return _too_many_ended(heard, found, desk) or found


def _too_much(heard: HeardMail, dispute: Dispute, desk: Desk) -> Considered | None:
    """Considering too much at once: whoever has got into one mailbox, or a program gone wild in it, must not be able to
    end every dispute within the hour, nor bury people in letters about one. What exceeds it waits for a person; danger
    is told all the same."""
    asks = [i for i in heard.intents if i.sure is not Sure.UNSURE and needs_proof(i.act)]
    if not asks or heard.looked_at or heard.said.sender.address in _office(heard.partnership):
        return None
    since, by = heard.received - LATELY, heard.said.sender.address
    lately = [p for p in dispute.history if isinstance(p, MessageFiled) and p.by.address == by and p.at > since]
    if len(lately) < MOST_CHANGES:
        return None
    return _for_a_person(heard, f"{MOST_CHANGES} messages of this address about one dispute within the hour")


def _too_many_ended(heard: HeardMail, found: Considered, desk: Desk) -> Considered | None:
    """Considering what would end one dispute too many, by whatever word: WITHDRAW, CONFIRM, DECISION, RESOLVED where
    one side is enough, WRONG said of an opening, by the office as by anybody. What a person has let in is past that."""
    ends = sum(isinstance(event, DisputeClosed) for step in found.steps for event in step.events)
    since = heard.received - LATELY
    if not ends or heard.looked_at or desk.ended_by(heard.said.sender.address, since) + ends <= MOST_ENDS:
        return None
    why = f"no more than {MOST_ENDS} disputes are ended from one address within the hour, and this would end more"
    return _for_a_person(heard, why)


def _for_a_person(heard: HeardMail, why: str) -> Considered:
    halt = Stopped(Disposition.HELD, why, tell=True)
    reading = heard.reading
    found = stopped(reading, halt, heard.partnership, heard.received)
    return alarmed(reading, found, heard.partnership, heard.received, heard.proof)


LATELY, MOST_ENDS, MOST_CHANGES = timedelta(hours=1), 3, 10


def _said(reading: Reading, received: datetime, version: Partnership, dispute: Dispute | None, desk: Desk) -> Said:
    said = said_in(reading.message, reading.words, received, version, dispute)
    return _with_what_it_answers(said, reading, dispute, desk)


def _with_what_it_answers(said: Said, reading: Reading, dispute: Dispute | None, desk: Desk) -> Said:
    """What the message considered says, with whom it answers: a colleague, or a letter of ours that asks nothing."""
    if dispute is None:
        return said
    known = {*said.to, *said.cc, *(party.person for party in dispute.parties)}
    names = [
        part for person in known for part in (person.address, person.name) if person.address != said.sender.address
    ]
    mailbox = desk.version(dispute).protocol.mailbox
    another = answers_another(
        reading.message, reading.words, mailbox, names, lambda i: (desk.letter(i) or ("", "", ""))[1]
    )
    return replace(said, answers_another=another, answers_no_letter=reading.answers_somebody_else)


def _unknown(message: Message, desk: Desk) -> Conflict | None:
    """A message considered with a reference in its subject that is no dispute here: mistyped, another partnership's, or
    older than this store. Whatever it is, it is not the raising of a new one."""
    named = references_in(message.subject, desk.prefixes)
    return Conflict(named, f"{' and '.join(named)} is not a dispute that this mailbox knows") if named else None


def _let_in(intents: tuple[Intent, ...], said: Said) -> tuple[Intent, ...]:
    """A message considered again: a person answered OPEN for one that was only a candidate: it opens, with whatever was
    understood of it."""
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
    reading: Reading | Unreadable, halt: Stopped, received: datetime, partnership: Partnership, desk: Desk, proof: Proof
) -> Considered:
    if isinstance(reading, Reading) and halt.kind is not None:
        found = machine(reading, halt, received, partnership, desk, proof)
        if found is not None:
            return alarmed(reading, found, partnership, received, proof)
    found = stopped(reading, halt, partnership, received)
    if isinstance(reading, Reading) and halt.disposition is Disposition.QUARANTINED:
        found = replace(found, plain=(*found.plain, *_asked_on_record(reading, received, partnership, desk)))
    return alarmed(reading, found, partnership, received, proof)


def _pressed(reading: Reading, desk: Desk) -> Pressed | None:
    """A message considered as begun by a button: whose it is, of the dispute that its subject names."""
    message = reading.message
    near = references_in(message.subject, desk.prefixes)
    return desk.by_token(message.token, near, message.sender.address) if message.token and near else None


def _asked_on_record(reading: Reading, received: datetime, partnership: Partnership, desk: Desk) -> tuple[Notice, ...]:
    """A message considered that comes from no address we know, and bears the button of a letter to somebody we do (a
    telephone whose account is private): they are asked at the address on record. Nothing of it is repeated."""
    pressed = _pressed(reading, desk)
    if pressed is None or not pressed.present or not partnership.may_write_to(pressed.address):
        return ()
    person = partnership.directory.person(pressed.address)
    question = (
        f"Did you press a button of our letter about {pressed.reference}? It came from an address that we do not know, "
        "so nothing was done. If it was you, please press it again from this address, or reply to that letter. If it "
        "was not you, please tell the partnership's office: somebody else has that letter."
    )
    asked = QuestionAsked(at=received, of=person, question=question, topic="private address")
    return (Notice("question", person, asked, cause="strangers"),)


def _conflict(
    reading: Reading, match: Conflict, received: datetime, partnership: Partnership, desk: Desk
) -> Considered:
    """A message considered that names two disputes, or a reference from somebody outside it: asked about, because a
    wrong join discloses."""
    message = reading.message
    person = partnership.directory.person(message.sender.address, message.sender.name)
    question = (
        f"I could not tell which dispute this belongs to ({match.because}). Nothing has been recorded yet. "
        "Please send it again as a reply to a letter about that dispute."
    )
    pressed = _pressed(reading, desk)
    if pressed is not None and pressed.address != person.address:  # they have had no letter of it themselves
        owner = partnership.directory.person(pressed.address)
        deputy = partnership.directory.deputy_of(pressed.address)
        stands_in = "You are their deputy in the directory. " if deputy and deputy.address == person.address else ""
        question = (
            f"That button was for {owner.shown}, and you are not recorded in {pressed.reference}, so nothing "
            f"was done. {stands_in}If you act for them, please ask them to reply HANDOVER TO with your name and email "
            f"address, or ask {office_title(partnership.protocol)} to add you; then send it again."
        )
    asked = Notice("question", person, QuestionAsked(at=received, of=person, question=question), acts=True)
    return Considered(
        Disposition.HELD,
        match.because,
        person,
        plain=(asked,),
        held=True,
        asked=person.address,
        words=reading.words,
        message=message,
    )


def _in_dispute(heard: HeardMail, dispute: Dispute, more: tuple[Event, ...] = (), only_filed: str = "") -> Considered:
    """A message considered in a dispute: filed first, then each thing it asks, one after another, each on the state the
    one before left.

    ``only_filed`` is why its own act was not decided, where it was not.
    """
    sender, case = heard.said.sender, heard.case(_after(dispute, heard.brought))
    asks = tuple(i for i in heard.intents if i.act is not Act.IMMEDIATE_RISK)  # danger is anybody's to tell
    theirs = decisions.may_see(case, sender) or _asks_nothing(asks)
    if not theirs and not decisions.may_ask(case, map(heard.request, asks)):
        return _not_a_party(heard, dispute)
    events: list[Event] = [decisions.filed(heard.request(heard.intents[0]), case.dispute)]
    if heard.outsiders:
        events.append(decisions.outsiders(heard.request(heard.intents[0]), heard.outsiders))
    for intent in heard.intents:
        made = decisions.decide(case, heard.request(intent))
        events += made
        for event in made:
            case = case.after(event)
    events += more
    quiet = _only_talks(heard.intents) and len(events) == 1
    takes_over = any(i.act is Act.HANDOVER and i.person and i.person.address == sender.address for i in heard.intents)
    refused = any(isinstance(event, RequestRefused) for event in events)  # what is not done makes nobody a party
    if takes_over or not (refused or all(isinstance(event, _OF_THE_MAIL_ALONE) for event in events)):
        events = [*heard.brought, *events]
    disposition = Disposition.FILED if quiet or only_filed else Disposition.ACTED
    step = DisputeStep(dispute.reference, dispute, tuple(events), heard.partnership)
    reason = only_filed or ("people talking to each other: filed" if quiet else plainly(heard.intents))
    office = _for_the_office(heard, dispute.reference)
    return heard.result(
        disposition,
        "; ".join((reason, *_marks(heard))),
        steps=(step,),
        plain=office,
        held=bool(office),
        asked=sender.address if office else "",
    )


_OF_THE_MAIL_ALONE = (MessageFiled, OutsiderNoticed, QuestionAsked, RequestRefused, RiskReported, StatusAsked)


def _for_the_office(heard: HeardMail, reference: str) -> tuple[Notice, ...]:
    """A message considered that a person at the partnership must look at themselves: they are told that it came, never
    what it says."""
    sender, at = heard.said.sender, heard.received
    told = (QuestionAsked(at=at, of=sender, question=f"{reference}: {flag}", topic=flag) for flag in _marks(heard))
    return tuple(
        Notice("held_told", person, event, acts=True) for event in told for person in heard.partnership.office()
    )


def _marks(heard: HeardMail) -> list[str]:
    return sorted(FOR_THE_OFFICE & {flag for intent in heard.intents for flag in intent.flags})


def _only_talks(intents: tuple[Intent, ...]) -> bool:
    return all(intent.act is Act.NOTE for intent in intents)


def _asks(heard: HeardMail) -> bool:
    """Does the message considered plainly ask for anything, besides telling of danger?"""
    others = tuple(i for i in heard.intents if i.act not in (Act.IMMEDIATE_RISK, Act.FORM, Act.HOLD))
    return not _only_talks(others) or any(i.fields or i.people for i in others)


def _asks_nothing(intents: tuple[Intent, ...]) -> bool:
    """Does the message considered ask nothing: nothing that would be recorded or answered: no labelled line, no name,
    no wish."""
    return _only_talks(intents) and not any(i.fields or i.people or i.flags for i in intents)


def _not_a_party(heard: HeardMail, dispute: Dispute) -> Considered:
    """A message considered with a command from somebody not in the dispute changes nothing; the raising side is asked
    who they are (D3)."""
    who = heard.said.sender
    question = (
        f"Should {who.shown} be part of this? They ({who.agency or 'agency not known'}) wrote about "
        f"{dispute.reference} and are not recorded in it. If they should be, reply ADD and their email address. "
        "Otherwise reply IGNORE; nothing has changed."
    )
    if was_with_them(heard, dispute):
        return not_with_them(heard, dispute)
    asked = _whom_about(heard, dispute)
    behalf = _on_behalf_of(heard, dispute)
    if behalf is not None:
        asked = [behalf]
        question = (
            f"{who.shown} ({who.address}) wrote about {dispute.reference} on your behalf. Nothing was done. If it is "
            "what you want, please send it from your own address; if they often write for you, ask the partnership's "
            "office to put that into its directory."
        )
    if heard.put_there:  # looked at already: it stays, and does not wait a second time
        asked = asked if heard.partnership.directory.is_approved(who.address) else []
    events: list[Event] = [decisions.filed(heard.request(heard.intents[0]), dispute)]
    for risk in (i for i in heard.intents if i.act is Act.IMMEDIATE_RISK):
        events += decisions.decide(heard.case(dispute), heard.request(risk))
    events += [QuestionAsked(at=heard.received, of=person, question=question, topic=WHO_IS_IT) for person in asked]
    reason = "a request from somebody who is not recorded in the dispute"
    step = DisputeStep(dispute.reference, dispute, tuple(events), heard.partnership)
    if heard.put_there:
        return heard.result(Disposition.FILED, f"filed there by a person; {reason}", steps=(step,))
    return heard.result(Disposition.HELD, reason, steps=(step,), held=True, asked=asked[0].address if asked else "")


def _whom_about(heard: HeardMail, dispute: Dispute) -> list[Person]:
    stage = heard.partnership.stage_of(dispute)
    return [p.person for p in dispute.parties if p.role in stage.raising and p.person.address][:1]


_BEHALF = re.compile(r"\bon behalf of ([A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,3})")


def _on_behalf_of(heard: HeardMail, dispute: Dispute) -> Person | None:
    """Whom a message considered is written for, by its own words: somebody of this dispute, and of its writer's agency;
    they are asked."""
    said = _BEHALF.search(f"{heard.said.own}\n{heard.said.signature}")
    if said is None:
        return None
    words = set(said[1].casefold().split())
    theirs = [
        p.person
        for p in dispute.parties
        if p.person.address
        and p.person.agency == heard.said.sender.agency
        and words <= set(p.person.name.casefold().split())
    ]
    return theirs[0] if len(theirs) == 1 else None


def _without_dispute(heard: HeardMail, desk: Desk) -> Considered:
    raised = [i for i in heard.intents if i.act is Act.OPEN and i.sure is not Sure.UNSURE]
    openings = [i for i in raised if not is_a_neighbours(heard, i)]
    if raised and not openings:
        return heard.result(
            Disposition.OUT_OF_SCOPE, "it is with an agency of the other partnership it went to as well"
        )
    if openings and (why := why_not_raised(heard)):
        return stopped(heard.reading, Stopped(Disposition.HELD, why, tell=True), heard.partnership, heard.received)
    if openings:
        return disputes_raised(heard, openings, desk)
    about = talk_about(heard, desk)
    if about is not None:
        return filed_there(heard, about, heard.intents[0])
    return asked_of_which(heard, desk) or _answered(heard)


def _answered(heard: HeardMail) -> Considered:
    """A message considered with no dispute, and none opened: answered, refused kindly, or held with one question to its
    writer."""
    disposition, reason, plain, held = without_dispute(
        heard.intents, heard.said.sender, heard.received, heard.partnership
    )
    return heard.result(
        disposition, reason, plain=plain, held=held, asked=heard.said.sender.address if held and plain else ""
    )
