"""A dispute is what somebody raised: what becomes of an email that raises one, and of one that only seems to.

Equal initials never join two children, and an opening never rewrites what is recorded. What somebody writes down with
its agencies and its issue is a dispute of its own, whatever else they are in; the office is told where another has the
same initials, and links them or not. Only the very same again, or talk without a reference about the one dispute its
writer is in, is filed there: it changes nothing, its writer is told so, and WRONG CASE opens it after all.
"""

import re
from dataclasses import replace

from mailbot.core.decisions import decide as decisions
from mailbot.core.decisions.opening import about_the_same_child, open_dispute, repeated
from mailbot.core.decisions.who_may.authority import judge_outside
from mailbot.core.notices.notice import Notice
from mailbot.core.partnership.directory import Directory
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.events import Event
from mailbot.core.record.events_of_mail import MessageFiled, QuestionAsked
from mailbot.core.record.intents import Act, Intent, Sure
from mailbot.door.gatekeeping import Disposition
from mailbot.door.mail_not_acted_on import plainly
from mailbot.door.message_as_read import Considered, Desk, DisputeStep, HeardMail, said_in
from mailbot.mail import lexicon
from mailbot.mail.body.own_words import own_words
from mailbot.mail.reading import Reading, read_at_the_door
from mailbot.mail.text.child_issue_and_impact import child_in, is_another_child
from mailbot.mail.text.labelled_lines import read_labels
from mailbot.mail.text.people_and_agencies import agencies_listed
from mailbot.mail.text.spelling_and_sentences import plain
from mailbot.mail.understanding.commands import read_command
from mailbot.mail.understanding.interpret import interpret
from mailbot.mail.understanding.opening import has_tag_in
from mailbot.mail.understanding.questions import OTHER_CHILD_OR_NOT

FILED_THERE = "filed there"  # the topic of what its writer is told when an email was filed in an open dispute
SAME_INITIALS = "same initials"


def raises_another(reading: Reading, dispute: Dispute, directory: Directory, protocol: Protocol) -> bool:
    """Does a reply raise a dispute of its own: with its child, its agencies and its issue in lines of their own, and
    another child or other agencies than those of the dispute it answers, or turned about: its sender is of an agency
    that was asked, names it first, and says what else is the matter? Of another child no agencies need be named: an
    issue of theirs, under a tag or with what it does to them, is raised with whom the email is to."""
    own, sender = reading.words.own, reading.sender
    found = {label.key: label.value for label in reversed(read_labels(own)) if label.is_answer}
    if read_command(_TAGGED.sub("", own, count=1)) is not None or not {"child", "issue"} <= found.keys():
        return False
    if is_another_child(dispute, found["child"]) and (_WHY & found.keys() or _is_tagged(reading, protocol)):
        return True
    listed = agencies_listed(found.get("agencies", ""), directory)[0]
    named = set(listed)
    other = directory.find_agency(found.get("receiving_agency", ""))
    named |= {other.name} if other else set()
    letters = child_in(found["child"], "", "")[0]
    another_child = bool(letters) and bool(dispute.child) and letters != dispute.child
    ours = {dispute.raising, *dispute.receiving_agencies}
    if _is_turned_about(listed, other.name if other else "", sender, dispute, directory):
        return not _same_words(found["issue"], dispute.fields.get("issue", ""))
    return bool(named) and (another_child or not named & set(dispute.receiving_agencies) or not named <= ours)


_WHY = frozenset({"impact", "outcome_sought"})
_TAGGED = re.compile(r"\A\s*(\[[^\]\n]{3,40}\])")
_REFERENCE = re.compile(r"\b[A-Z]{2,6}-\d{2}-\d{3,6}\b")


def _is_tagged(reading: Reading, protocol: Protocol) -> bool:
    """Does a reply begin as one that raises something: by a tag on its first line, or in a subject that is not that of
    a letter of ours?"""
    subject, first = reading.message.subject, _TAGGED.match(reading.words.own)
    by_subject = not _REFERENCE.search(subject) and has_tag_in(subject, protocol)
    return by_subject or (first is not None and has_tag_in(first[1], protocol))


def _is_turned_about(
    listed: tuple[str, ...], with_whom: str, sender: str, dispute: Dispute, directory: Directory
) -> bool:
    """Is a dispute raised the other way round, by somebody of an agency that was asked, with the one that asked it?"""
    party = dispute.party(sender)
    at = {party.person.agency} if party else {a.name for a in directory.agencies_at(sender)}
    mine = at & set(dispute.receiving_agencies) - {dispute.raising}
    first = listed[0] if listed else ""
    return bool(mine) and (with_whom == dispute.raising or (first in mine and dispute.raising in listed[1:]))


def _same_words(one: str, other: str) -> bool:
    return plain(one) == plain(other)


def is_a_neighbours(heard: HeardMail, intent: Intent) -> bool:
    """A dispute raised with another partnership of this deployment, whose mailbox it went to as well: the agency it
    is with is one of theirs, and none of ours."""
    beside = [who for box, who in heard.neighbours.items() if box in heard.addressed]
    directory, responder = heard.partnership.directory, intent.people.get("responder")
    named = intent.fields.get("receiving_agency", "") or (responder.agency if responder else "")
    if not beside or named in {agency.name for agency in directory.agencies}:
        return False
    written_to = [a for a in heard.addressed if a not in heard.neighbours and not heard.partnership.may_write_to(a)]
    return any((named and who.find_agency(named)) or any(map(who.is_approved, written_to)) for who in beside)


def why_not_raised(heard: HeardMail) -> str:
    """Why its writer may raise no dispute, "" where they may: a person may let in the mail of somebody whom nobody may
    write to, and that makes them no practitioner of an agency."""
    request = heard.request(Intent(Act.OPEN))
    judged = judge_outside(request, heard.partnership)
    return "" if judged.is_allowed else "it raises a disagreement, and its writer is of no agency of the directory"


def disputes_raised(heard: HeardMail, openings: list[Intent], desk: Desk) -> Considered:
    """Raising disputes: every one that the message raises, each with its own reference; or where it was filed
    instead."""
    known = tuple(desk.open_disputes(heard.said.sender.address))
    same = next((one for i in openings if (one := _already(known, heard, i)) is not None), None)
    if same is not None and len(openings) == 1:
        return filed_there(heard, same, openings[0])
    risks = [i for i in heard.intents if i.act is Act.IMMEDIATE_RISK]
    steps = [_opened(heard, intent, risks, desk) for intent in openings]
    return heard.result(Disposition.OPENED, plainly(heard.intents), steps=tuple(steps))


def _already(known: tuple[Dispute, ...], heard: HeardMail, intent: Intent) -> Dispute | None:
    """Raising a dispute twice: the open one that this email does not raise anew: it says the same again; or it was read
    from prose, and names nothing that its writer's one dispute about a child of these initials does not have."""
    same = repeated(known, heard.said.sender, intent)
    if same is not None or intent.sure is not Sure.PROBABLE or "answers our question" in intent.flags:
        return same
    beside = about_the_same_child(known, heard.said.sender, intent)
    others = {agency for d in beside for agency in (d.raising, *d.receiving_agencies)}
    own = {intent.fields.get("raising_agency", ""), intent.fields.get("receiving_agency", "")} - {""}
    return beside[0] if len(beside) == 1 and own <= others and not heard.is_tagged else None


def _opened(
    heard: HeardMail, intent: Intent, risks: list[Intent], desk: Desk, raised_at: HeardMail | None = None
) -> DisputeStep:
    local = heard.partnership.calendar.local(heard.received)
    reference = desk.new_reference(local.year)
    beside = about_the_same_child(tuple(desk.open_disputes(heard.said.sender.address)), heard.said.sender, intent)
    first = raised_at.received if raised_at else None
    events: list[Event] = open_dispute(reference, heard.request(intent), heard.partnership, first_written=first)
    opened = fold(events)
    events.append(decisions.filed(heard.request(intent), opened))
    if heard.outsiders:
        events.append(decisions.outsiders(heard.request(intent), heard.outsiders))
    for risk in risks:
        events += decisions.decide(heard.case(opened), heard.request(risk))
    events += (_may_belong_together(heard, reference, other) for other in beside)
    return DisputeStep(reference, None, tuple(events), heard.partnership)


def _may_belong_together(heard: HeardMail, reference: str, other: Dispute) -> Event:
    """Raising a second dispute: two of one person about a child of the same initials: the office alone knows whether it
    is one child."""
    question = (
        f"{reference} and {other.reference} are about a {heard.partnership.protocol.subject} of the same initials. "
        f"They are two disputes, and nothing joins them. If they belong together, write LINK {reference} "
        f"{other.reference}; if it is another {heard.partnership.protocol.subject}, KEEP APART {reference} "
        f"{other.reference}."
    )
    office = next(iter(heard.partnership.office()), heard.said.sender)
    return QuestionAsked(at=heard.received, of=office, question=question, topic=SAME_INITIALS)


def talk_about(heard: HeardMail, desk: Desk) -> Dispute | None:
    """Raising nothing: the one open dispute of its sender that mail without a reference is about, where it raises and
    asks nothing."""
    if any(i.act not in (Act.HOLD, Act.NOTE) for i in heard.intents):
        return None
    child, _ = child_in("", heard.said.subject, heard.said.own)
    about = Intent(Act.NOTE, fields={"child": child})
    beside = about_the_same_child(tuple(desk.open_disputes(heard.said.sender.address)), heard.said.sender, about)
    return beside[0] if len(beside) == 1 else None


def filed_there(heard: HeardMail, dispute: Dispute, intent: Intent) -> Considered:
    """An email that seems to be raising a dispute, kept in ``dispute`` as it came: no line of it is recorded and nobody
    else is told. Danger is still heard."""
    subject, asked = heard.partnership.protocol.subject, asked_in(heard, dispute)
    undone = f"{_not_done(asked)} " if asked else ""
    said = (
        f"Your email carried no reference, so it was filed in {dispute.reference}, which is open about a "
        f"{subject} of the same initials. Nothing that is recorded there was changed by it. {undone}If it is about "
        f"something else, or about another {subject}, reply WRONG CASE, and it is opened as a dispute of its own."
    )
    return _kept_there(heard, dispute, intent, said)


def _not_done(asked: tuple[Intent, ...]) -> str:
    return f"What it asks ({plainly(asked)}) was not done: to have it done there, reply with it here."


def _kept_there(heard: HeardMail, dispute: Dispute, intent: Intent, said: str) -> Considered:
    """Raising nothing: an email without a reference, kept in ``dispute``, and ``said`` to its writer alone."""
    request = heard.request(Intent(Act.NOTE, Sure.PROBABLE, words=intent.words))
    events: list[Event] = [decisions.filed(request, dispute)]
    for risk in (i for i in heard.intents if i.act is Act.IMMEDIATE_RISK):
        events += decisions.decide(heard.case(dispute), heard.request(risk))
    events.append(QuestionAsked(at=heard.received, of=heard.said.sender, question=said, topic=FILED_THERE))
    step = DisputeStep(dispute.reference, dispute, tuple(events), heard.partnership)
    return heard.result(Disposition.FILED, plainly(heard.intents), steps=(step,))


# What can only be asked of a dispute that is there: without a reference nobody knows of which.
_OF_A_DISPUTE = frozenset(Act) - {
    *(Act.OPEN, Act.HOLD, Act.NOTE, Act.QUESTION, Act.STATUS, Act.IMMEDIATE_RISK, Act.OUT_OF_SCOPE, Act.QUARANTINE),
    *(Act.CORRECT, Act.FORM, Act.FEEDBACK, Act.UNDO, Act.AUTO_REPLY, Act.BOUNCE),
}
_READ_AS_IN = 3  # of the disputes of its writer: what an email plainly asks, it asks in the first as in the last


def asked_in(heard: HeardMail, dispute: Dispute) -> tuple[Intent, ...]:
    """Raising nothing: what an email without a reference would plainly ask, were it written in ``dispute``."""
    here = heard.partnership
    said = said_in(heard.message, heard.words, heard.received, here, dispute)
    intents = interpret(said, dispute, here)
    return tuple(i for i in intents if i.act in _OF_A_DISPUTE and i.sure is not Sure.UNSURE)


def asked_of_which(heard: HeardMail, desk: Desk) -> Considered | None:
    """An email that raises nothing and plainly asks what only a dispute can answer, from somebody who is in one: it is
    put back to its writer with the disputes that they are in, and nothing is done in any. None for any other email."""
    theirs = tuple(desk.open_disputes(heard.said.sender.address))
    asked = next((found for one in theirs[:_READ_AS_IN] if (found := asked_in(heard, one))), ())
    if not asked:
        return None
    if len(theirs) == 1:
        (one,) = theirs
        said = (
            f"Your email carried no reference, so it was filed in {one.reference}, the one open dispute that you are "
            f"in here. {_not_done(asked)}"
        )
        return _kept_there(heard, one, asked[0], said)
    listed = ", ".join(one.reference for one in theirs)
    question = (
        f"For which dispute is this? Your email carried no reference, and you are in {listed}. What it asks "
        f"({plainly(asked)}) was not done. Please send it again for each that it is meant for, with that reference in "
        "the subject."
    )
    event = QuestionAsked(at=heard.received, of=heard.said.sender, question=question, topic="which dispute")
    plain_letter = Notice("question", heard.said.sender, event, acts=True)
    reason = f"{plainly(asked)}, and it does not say in which dispute"
    return heard.result(Disposition.HELD, reason, plain=(plain_letter,), held=True, asked=heard.said.sender.address)


def filed_meanwhile(
    doubt: Considered | None, heard: HeardMail, dispute: Dispute | None, let_in_by: str
) -> Considered | None:
    """A message that raises a doubt, and that a person has let in, waits for its writer's answer: it is filed and read
    by people in its dispute meanwhile, and nothing that it asks is done."""
    if doubt is None or dispute is None or let_in_by in ("", heard.reading.sender):
        return doubt
    if any(isinstance(p, MessageFiled) and p.digest == heard.message.digest for p in dispute.history):
        return doubt
    filed = decisions.filed(heard.request(heard.intents[0]), dispute)
    return replace(doubt, steps=(DisputeStep(dispute.reference, dispute, (filed,), heard.partnership),))


def opened_after_all(heard: HeardMail, dispute: Dispute, desk: Desk, current: Partnership) -> Considered | None:
    """Raising a dispute after all, by WRONG CASE: the email that was filed in ``dispute`` opens what it should have
    opened, counted from the day it came; None when its writer has none filed there, or the email is not kept any
    more."""
    filed = _last_filed(dispute, heard.said.sender.address)
    if filed is None or not (any(i.act is Act.UNDO for i in heard.intents) or _is_another(heard, dispute, filed)):
        return None
    message = desk.kept(filed.digest)
    if message is None:
        return None
    said = said_in(message, own_words(message), filed.at, current, None)
    intents = interpret(said, None, current)
    openings = [i for i in intents if i.act is Act.OPEN and i.sure is not Sure.UNSURE]
    if not openings or why_not_raised(heard):
        return None
    first = read_at_the_door(message, desk.is_ours, ())
    again = replace(heard, reading=first, said=said, intents=intents, partnership=current)
    written = replace(again, received=filed.at)
    risks = [i for i in heard.intents if i.act is Act.IMMEDIATE_RISK]
    steps = [_opened(again, intent, risks, desk, written) for intent in openings]
    put_back = DisputeStep(
        dispute.reference,
        dispute,
        (decisions.filed(heard.request(heard.intents[0]), dispute),),
        heard.partnership,
    )
    reason = f"it was not about {dispute.reference}: the earlier email is opened as a dispute of its own"
    return heard.result(Disposition.OPENED, reason, steps=(*steps, put_back))


def _last_filed(dispute: Dispute, address: str) -> MessageFiled | None:
    """The email, perhaps raising a dispute, of this writer that was filed here without a reference, when nothing of
    theirs has come since."""
    for place in range(len(dispute.history) - 1, -1, -1):
        past = dispute.history[place]
        if isinstance(past, QuestionAsked) and past.topic == FILED_THERE and past.of.address == address:
            here = (p for p in dispute.history[:place] if isinstance(p, MessageFiled) and p.at == past.at)
            return next((p for p in here if p.by.address == address), None)
        if isinstance(past, MessageFiled) and past.by.address == address:
            return past if _was_told(dispute, past) else None
    return None


def _was_told(dispute: Dispute, filed: MessageFiled) -> bool:
    return _was_asked(dispute, filed) or any(
        isinstance(p, QuestionAsked) and p.topic == FILED_THERE and p.at == filed.at for p in dispute.history
    )


def _was_asked(dispute: Dispute, filed: MessageFiled) -> bool:
    """Was the writer of an email that is filed here asked whether it is about another child?"""
    asked = (p for p in dispute.history if isinstance(p, QuestionAsked) and p.at == filed.at)
    return any(p.question == OTHER_CHILD_OR_NOT and p.of.address == filed.by.address for p in asked)


_ANOTHER = lexicon.pattern("openings.another_dispute")
_NOT_ANOTHER = re.compile(r"(?:\b(?:not|never|no|nor)\b|n't\b)[^.?!\n]{0,20}$", re.IGNORECASE)


def says_another(own: str) -> bool:
    """Do a writer's own words say that what they raise is another dispute, or about another child: "It is a new
    dispute. Please open it."?"""
    return any(_NOT_ANOTHER.search(own[: found.start()]) is None for found in _ANOTHER.finditer(own))


def _is_another(heard: HeardMail, dispute: Dispute, filed: MessageFiled) -> bool:
    """Is an email the answer to whether one that raises a dispute is about another child: OPEN, or so in words?"""
    own = heard.said.own
    return _was_asked(dispute, filed) and (_OPEN_IT.match(own) is not None or says_another(own))


_OPEN_IT = re.compile(r"\W*(?:please )?open\b(?! again)", re.IGNORECASE)
