"""The consequences of a step, without anybody asking for them: a form that has become complete, a question that the
protocol's own file puts, an answer to one.

A question of the file changes nothing and stops nothing. It is asked once in each stage until it is answered, by the
line that was asked for or by NOTE and the reason why there is nothing to give: it cannot be skipped in silence.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.deciding_together import asked_whether_decided
from mailbot.core.decisions.people.roles import condition_holds
from mailbot.core.decisions.stages import close_dispute
from mailbot.core.decisions.who_may.authority import side_acted_for
from mailbot.core.partnership.partnership import Request
from mailbot.core.procedure.closed_lists import Happening, Side
from mailbot.core.procedure.outcomes import FOLLOW_UP, FOLLOW_UP_KEY
from mailbot.core.procedure.protocol import Form, Protocol, Role
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events_of_mail import QuestionAsked
from mailbot.core.record.intents import Person

ANSWER = "answer:"  # how the topic of a question begins whose answer is kept under the key that follows
_FORM_HAPPENINGS = (Happening.FORM_COMPLETE, Happening.FORM_SENT)
_BY_NOTE = re.compile(r"^\W*note\b[\s:;,.-]*", re.IGNORECASE)


def consequences(case: Case, events: Iterable[e.Event]) -> list[e.Event]:
    """The consequences of ``events``, as further events; the case is as it was before them."""
    at: datetime | None = None
    made = list(events)
    for event in made:
        case, at = case.after(event), event.at
    if at is not None and (left := [one for one in made if isinstance(one, e.AgencyLeft)]):
        return _agreed_by_the_rest(case, left, at)
    if at is None or not case.dispute.is_open or not case.dispute.visits:
        return []
    if any(isinstance(one, e.PersonRemoved) for one in made) and (asked := asked_whether_decided(case, at)):
        return asked
    return [*_completed(case.dispute, case.protocol, at), *_questions(case, at)]


def _agreed_by_the_rest(case: Case, left: list[e.AgencyLeft], at: datetime) -> list[e.Event]:
    """The consequences of an agency's leaving where all the others have said that it is resolved: it closes; unless
    somebody of the one that left was to do something of it, which the others have to agree anew."""
    dispute, proposal, by = case.dispute, case.dispute.proposal, left[-1].by
    if proposal is None or not dispute.is_open or not dispute.is_confirmed:
        return []
    gone = {word for one in left for person in one.people for word in person.name.split()}
    if not any(set(f"{action.who} {action.what}".split()) & gone for action in proposal.actions):
        return close_dispute(dispute, proposal.outcome, at, by, proposal.agreed, proposal.stage)
    party = dispute.party(by)
    question = (
        f"Who does what was agreed now? “{proposal.agreed}” names somebody of an agency that is in this no longer, so "
        "it was not closed. Please reply RESOLVED with who does what, and by which actual date."
    )
    asked = party.person if party else case.directory.person(by)
    return [QuestionAsked(at=at, of=asked, question=question, topic="further agency out")]


def awaited_form(dispute: Dispute, protocol: Protocol) -> Form | None:
    """The form whose completion has consequences at the present stage: a clock waits for it or a notice sends it on."""
    form = protocol.forms.get(protocol.stages[dispute.stage].record)
    clocks = (c for c in protocol.clocks_of(dispute.stage) if c.done_when in _FORM_HAPPENINGS)
    here = (n for n in protocol.notices.values() if not n.stages or dispute.stage in n.stages)
    rules = (n for n in here if n.when in _FORM_HAPPENINGS or n.or_when in _FORM_HAPPENINGS)
    return form if form is not None and (any(clocks) or any(n.send == form.id for n in rules)) else None


def lacking(dispute: Dispute, form: Form) -> tuple[str, ...]:
    """The keys still lacking before a form's completion has its consequences: what people owe at this stage, that is
    what it begins with and the stage's own account."""
    wanted = (f for f in form.fields if f.needed in ("stage entered", "stage closed") and f.fill != "bot")
    here = (f.key for f in wanted if not f.stage or f.stage == dispute.stage)
    return tuple(key for key in here if not dispute.fields.get(key, "").strip())


def _completed(dispute: Dispute, protocol: Protocol, at: datetime) -> Iterator[e.Event]:
    form = awaited_form(dispute, protocol)
    if form is None or lacking(dispute, form) or any(isinstance(p, e.FormCompleted) for p in dispute.lately):
        return
    yield e.FormCompleted(at=at, form=form.id, stage=dispute.stage)
    for clock in protocol.clocks_of(dispute.stage):
        if clock.done_when in _FORM_HAPPENINGS:
            yield e.ActDone(at=at, clock=clock.id)


def unanswered(dispute: Dispute, protocol: Protocol) -> tuple[Role, ...]:
    """The roles to be asked about as a consequence of what is known of the child: they must be told of this dispute,
    and nobody has named them (GL-11). Only once a stage is reached at which they are to be told."""
    order = protocol.order()
    reached = max((order.index(visit.stage) for visit in dispute.visits), default=-1)
    found = []
    for role in protocol.roles.values():
        stages = [order.index(s) for n in protocol.notices.values() if role.id in n.to for s in n.stages]
        if not role.ask_if or not stages or min(stages) > reached or not condition_holds(role.ask_if, dispute):
            continue
        if not any(p.person.address for p in dispute.filling(role.id)) and not dispute.fields.get(f"no {role.id}"):
            found.append(role)
    return tuple(found)


def lacks_follow_up(dispute: Dispute, protocol: Protocol) -> bool:
    """Is how anything outstanding will be followed up still to be said, as a consequence of the resolution that waits:
    the file's outcome needs it, and nobody has (SU-13)?"""
    outcome = protocol.outcomes.get(dispute.proposal.outcome) if dispute.proposal else None
    return outcome is not None and FOLLOW_UP in outcome.needs and not dispute.fields.get(FOLLOW_UP_KEY)


def _questions(case: Case, at: datetime) -> Iterator[e.Event]:
    dispute = case.dispute
    protocol, whom = case.protocol, _whom(case)
    if whom is None:
        return
    stage = protocol.stages[dispute.stage]
    roles = unanswered(dispute, protocol)
    if not roles and (said := _said_by_the_other_side(case, at)) is not None:
        question = (
            f"{case.directory.person(said.by).shown} writes “Child status: {said.value}”. It protects more, so it is "
            "recorded at once. If it is not right, reply CORRECT Child status: and the right value; otherwise nothing "
            "need be done."
        )
        yield from _once(dispute, whom, question, f"view: child_status {said.value}", at)
    for role in roles:
        question = (
            f"{role.title}: who is it? They must be told, because of the {protocol.subject}'s status "
            f"({dispute.fields.get('child_status', '')}). Reply with a line “{role.title}: name, email”. If there is "
            "none, reply NOTE and why; the reason is kept on the record."
        )
        yield from _once(dispute, whom, question, f"{ANSWER}no {role.id}", at)
    if stage.start_asks and len(dispute.visits) == 1 and not dispute.fields.get(f"why {stage.id}"):
        yield from _once(dispute, whom, f"{stage.start_asks} Reply NOTE and the reason.", f"{ANSWER}why {stage.id}", at)


def _said_by_the_other_side(case: Case, at: datetime) -> e.FieldRecorded | None:
    """The child's status, recorded at this moment by the word of the side that was asked: a consequence is that the
    raising side, whose fact it is (H9), hears of it."""
    told = (past for past in case.dispute.lately if isinstance(past, e.FieldRecorded) and past.key == "child_status")
    last = next(reversed([*told]), None)
    theirs = last is not None and last.at == at and bool(last.by) and side_acted_for(case, last.by) is Side.RECEIVING
    return last if theirs else None


def _once(dispute: Dispute, whom: Person, question: str, topic: str, at: datetime) -> Iterator[e.Event]:
    if not any(isinstance(past, QuestionAsked) and past.topic == topic for past in dispute.lately):
        yield QuestionAsked(at=at, of=whom, question=question, topic=topic)


def _whom(case: Case) -> Person | None:
    """Whoever is put a question that is the consequence of a step: whom the stage is with on the raising side; while
    nobody is known there, the last one recorded on it."""
    roles = case.stage.raising
    mine = [p for p in case.dispute.parties if p.side is Side.RAISING and p.person.address]
    here = [p.person for p in mine if p.role in roles]
    return here[0] if here else mine[-1].person if mine else None


def without_note(words: str) -> str:
    """What somebody wrote by NOTE, as a consequence passes it on: without the word of ours that it begins with."""
    return _BY_NOTE.sub("", words) or words


def answered(dispute: Dispute, request: Request) -> list[e.Event]:
    """The consequence of NOTE and some words, from somebody whom a question of the protocol's file was put to: their
    answer, in their words, to the question of the letter that they answer. In answer to no question's letter it is for
    the one that is open; where several are, they are asked for which."""
    words = request.intent.words
    said = " ".join(_BY_NOTE.sub("", words).split())
    if not _BY_NOTE.match(words) or not said:
        return []
    put = _put_by_note(dispute, request.by.address)
    place = request.answers.about if request.answers is not None else None
    about = dispute.history[place] if place is not None else None
    if isinstance(about, QuestionAsked):
        put = {key: question for key, question in put.items() if about.topic == f"{ANSWER}{key}"}
    if len(put) > 1:
        listed = "; ".join(f"“{question.partition('?')[0]}?”" for question in put.values())
        question = (
            f"Which of these does your note answer: {listed}? It is kept as a note, and answers none of them yet. "
            "Please reply NOTE and the words to the letter that asks."
        )
        return [QuestionAsked(at=request.at, of=request.by, question=question, topic="which question")]
    return [e.FieldRecorded(at=request.at, key=key, value=said, by=request.by.address) for key in put]


def _put_by_note(dispute: Dispute, address: str) -> dict[str, str]:
    """The consequence still awaited of each question that was put to this address and is answered by NOTE, by the key
    under which its answer is kept."""
    put = {
        past.topic.removeprefix(ANSWER): past.question
        for place, past in enumerate(dispute.history)
        if isinstance(past, QuestionAsked) and past.topic.startswith(ANSWER) and past.of.address == address
        if "NOTE" in past.question and place not in dispute.undone
    }
    return {key: question for key, question in put.items() if not dispute.fields.get(key)}
