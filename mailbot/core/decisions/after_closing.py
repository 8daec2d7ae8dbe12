"""After the closing of a dispute: did what was agreed happen? Who may say so, who is asked, how helpful the procedure
was, and when each question is due."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.people.names_and_facts import details
from mailbot.core.decisions.people.roles import everyone, in_roles
from mailbot.core.decisions.resolution import is_binding, may_reopen, reopen
from mailbot.core.decisions.who_may.authority import in_the_raisers_place
from mailbot.core.partnership.partnership import Request
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import Event, FeedbackAsked, OutcomeAsked, OutcomeReported
from mailbot.core.record.events_of_mail import AbsenceNoticed, NoticeFailed, QuestionAsked, RequestRefused
from mailbot.core.record.intents import Act, Action, Person, Sure

# After the end: did what was agreed happen? Who may say so, what follows from it, and who is asked what.
#
# A "no" opens the dispute again, unless a binding decision ended it: then nobody can reopen it, and those who decided
# and the Business Manager are told instead. A "yes" covers what was to have happened by the day it was said.

AT_CLOSE = "ask at close"  # how a form's file says that a box is asked about when it is closed


def counted(dispute: Dispute) -> tuple[e.Event, ...]:
    """The history without what was misread and put back."""
    undone = dispute.undone
    return tuple(event for place, event in enumerate(dispute.history) if place not in undone)


def since_closing(dispute: Dispute) -> tuple[e.Event, ...]:
    """The events after the closing that holds; () while the dispute is open."""
    past = counted(dispute)
    ends = [n for n, event in enumerate(past) if isinstance(event, e.DisputeClosed)]
    return past[ends[-1] :] if ends and not dispute.is_open else ()


def answer(dispute: Dispute) -> OutcomeReported | None:
    """The answer given last, after closing, to whether what was agreed happened; None for
    silence, never taken as a yes."""
    return next((p for p in reversed(since_closing(dispute)) if isinstance(p, OutcomeReported)), None)


def was_asked(dispute: Dispute) -> OutcomeAsked | None:
    """The question put last about this closing."""
    return next((p for p in reversed(since_closing(dispute)) if isinstance(p, OutcomeAsked)), None)


def has_ended_in_substance(dispute: Dispute, protocol: Protocol) -> bool:
    """After closing, is there something to ask about: agreement on something that is to happen, or a decision? Not
    withdrawn, opened in error, found not justified, or accepted with the reasons for it."""
    if any(isinstance(p, e.DecisionMade) and p.at == dispute.closed for p in dispute.history):
        return True
    proposal, outcome = dispute.proposal, protocol.outcomes.get(dispute.outcome)
    agreed = proposal is not None and proposal.outcome == dispute.outcome
    return agreed and (outcome is None or outcome.id == "resolved" or "agreed_outcome" in outcome.needs)


def has_something_to_happen(dispute: Dispute, protocol: Protocol) -> bool:
    return bool(dispute.actions) or has_ended_in_substance(dispute, protocol)


def asks_for_feedback(dispute: Dispute, protocol: Protocol) -> bool:
    """Is feedback asked for after closing: does a form of this procedure want it, at the stage where this ended? "How
    helpful or unhelpful was this policy" is a box of the form that North Somerset begins at Stage 2; what settles
    before it is asked nothing more (NS-10)."""
    forms = (f for f in protocol.forms.values() if dispute.stage in f.stages)
    wanted = any(field.needed == AT_CLOSE for form in forms for field in form.fields)
    return wanted and has_ended_in_substance(dispute, protocol)


def may_be_asked(case: Case) -> list[Person]:
    """Those who may be asked for feedback after closing by a letter: whoever raised the dispute, unless they were asked
    before or have said already."""
    past = counted(case.dispute)
    before = {p.address for event in past if isinstance(event, FeedbackAsked) for p in event.of}
    before |= {given.by.address for given in case.dispute.feedback}
    people = in_roles(("raiser",), case)
    return [p for p in people if p.address not in before and case.partnership.may_write_to(p.address)]


def last_with(case: Case, side: Side) -> list[Person]:
    """After closing, the people whom the dispute was last with on ``side``; where nobody is known there, the last who
    may know of it."""
    stage = case.stage
    here = in_roles(stage.raising if side is Side.RAISING else stage.receiving, case, side)
    reachable = [p for p in here if case.partnership.may_write_to(p.address)]
    theirs = {p.person.address for p in case.dispute.parties if p.side is side}
    return reachable or [p for p in everyone(case) if p.address in theirs][-1:]


def asked_whether(case: Case) -> list[Person]:
    """Whoever is asked, after closing, whether what was agreed happened: the raiser, or whoever has their place by
    handover; if they are gone, the next above them who is there, who may then answer."""
    above = [party.person for party in in_the_raisers_place(case)]
    for people in (in_roles(("raiser",), case), above):
        here = [p for p in people if case.partnership.may_write_to(p.address) and not _is_gone(p, case.dispute)]
        if here:
            return here
    return last_with(case, Side.RAISING) or list(case.partnership.office())


def _is_gone(person: Person, dispute: Dispute) -> bool:
    """After closing, is somebody gone who would be asked: did their automatic reply say that they have left, or does
    their address take no more mail?"""
    return any(
        (isinstance(p, AbsenceNoticed) and p.left and p.person.address == person.address)
        or (isinstance(p, NoticeFailed) and p.permanent and p.address == person.address)
        for p in dispute.history
    )


def happened(case: Case, request: Request) -> list[e.Event]:
    if case.dispute.is_open:
        why = (
            f"{case.dispute.reference} is open. If it is settled, reply RESOLVED with what was agreed and actual dates"
        )
        return [RequestRefused(at=request.at, by=request.by, act=request.intent.act, why=why)]
    today = case.calendar.local(request.at).date()
    covered = tuple(x for x in case.dispute.actions if not x.done and (x.by is None or x.by <= today))
    words = request.intent.words
    yes = OutcomeReported(
        at=request.at, by=request.by, happened=True, words=words, actions=covered, understood=_understood(request)
    )
    return [yes, *details(case, request)]


def _understood(request: Request) -> bool:
    """Was what is told after closing read from a phrase, so that its writer must see what was understood?"""
    return request.intent.sure is Sure.PROBABLE


def did_not_happen(case: Case, request: Request) -> list[e.Event]:
    """The events of a no after closing: what was agreed did not happen. The reason stands with it; where a binding
    decision ended the dispute, that it did not happen is all that is recorded."""
    if case.dispute.is_open:
        why = "it is open already; what has not happened can be said there"
        return [RequestRefused(at=request.at, by=request.by, act=request.intent.act, why=why)]
    if not may_reopen(case, request):
        return reopen(case, request)  # which says why not
    words = request.intent.words
    no = OutcomeReported(at=request.at, by=request.by, happened=False, words=words, understood=_understood(request))
    if is_binding(case.dispute, case.protocol):
        return [no]
    return [no, *reopen(case, request)]


_ASKED_FOR = re.compile(r"^\W*(?:NOT HAPPENED|REOPEN)\b[\s:;,.-]*")


def put_to_whoever_raised_it(case: Case, request: Request) -> list[Event]:
    """After closing, what somebody of either side writes of its not happening, or of opening it again, is put to
    whoever may say so: nobody lets it rest in silence that what was agreed will not be done."""
    if is_binding(case.dispute, case.protocol) and request.intent.act is Act.REOPEN:
        return []
    words = " ".join(_ASKED_FOR.sub("", request.intent.words).split())
    said = f"{request.by.shown} writes: “{words}”" if words else f"{request.by.shown} has written about it."
    again = "NOT HAPPENED" if request.intent.act is Act.NOT_HAPPENED else "REOPEN"
    opens = "those who decided are told" if is_binding(case.dispute, case.protocol) else "it is opened again"
    question = (
        f"Will what was agreed be done? {said} If it will not, reply {again}, then what is not settled, and {opens}. "
        "Otherwise there is nothing to do."
    )
    asked = [person for person in asked_whether(case) if person.address != request.by.address]
    return [
        QuestionAsked(at=request.at, of=person, question=question, topic="answer:will not happen") for person in asked
    ]


# Words that tell no action from another.
_SMALL = frozenset(
    {
        "the",
        "a",
        "an",
        "at",
        "to",
        "and",
        "of",
        "in",
        "on",
        "is",
        "was",
        "with",
        "has",
        "been",
        "for",
        "it",
        "be",
        "by",
        "we",
        "i",
        "he",
        "she",
        "they",
        "that",
        "this",
        "now",
        "did",
        "done",
        "will",
    }
)


def action_done(case: Case, request: Request) -> list[e.Event]:
    """After closing or before it, the events of an agreed action told as done. Which one, is asked when two are meant
    equally; what matches none is kept in its writer's words."""
    dispute = case.dispute
    said = request.intent.fields.get("action_done", "") or request.intent.words
    actions = dispute.proposal.actions if dispute.proposal and dispute.is_open else dispute.actions
    pending = [x for x in actions if not x.done]
    meant = _meant(said, pending)
    if len({x.what for x in meant}) > 1:
        listed = "; ".join(f"{x.what}{f' ({x.who})' if x.who else ''}" for x in meant)
        question = f"Which of these is done: {listed}? Please reply DONE and its words."
        return [QuestionAsked(at=request.at, of=request.by, question=question, topic="which action")]
    done = min(meant, key=lambda x: (x.by is None, x.by), default=None)  # of two in the same words, the one due first
    what, agreed_for = (done.what, done.by) if done else (said, None)
    understood = _understood(request) or done is None
    reported = e.ActionReported(
        at=request.at, what=what, done=True, by=request.by, agreed_for=agreed_for, understood=understood
    )
    return [reported, *_answered_by(reported, dispute, request)]


def _answered_by(reported: e.ActionReported, dispute: Dispute, request: Request) -> list[e.Event]:
    """After closing, the answer that an action told as done also gives to whether what was agreed happened. "Did it
    happen?" "Done.": when whoever raised it says so of the last thing, that is the answer."""
    is_raiser = any(p.person.address == request.by.address for p in dispute.filling("raiser"))
    if was_asked(dispute) is None or not is_raiser or not all(x.done for x in dispute.after(reported).actions):
        return []
    return [OutcomeReported(at=request.at, by=request.by, happened=True, words=request.intent.words)]


def _meant(said: str, pending: list[Action]) -> list[Action]:
    exactly = [x for x in pending if _telling(x.what) == _telling(said)]
    words = _telling(said)
    if exactly or not words:
        return exactly or pending
    scored = [(len(words & _telling(f"{x.what} {x.who}")), x) for x in pending]
    best = max((score for score, _ in scored), default=0)
    return [x for score, x in scored if score == best] if best else []


def _telling(text: str) -> frozenset[str]:
    plain = "".join(c if c.isalnum() else " " for c in text.casefold()).split()
    return frozenset(word for word in plain if word not in _SMALL)


# What time brings once a dispute is closed: actions come to their dates, the raiser is asked whether it happened, and
# those who used the procedure are asked, once, how helpful it was.
#
# As in ``due``, there is one list of moments, and each has a key that happens once. The keys carry the instant of the
# closing: what was asked about one closing is not asked again when WRONG puts that closing back, and a dispute closed
# again is followed up from its new closing.
#
# Everything that has come by a tick makes one event of each kind, and people get one letter for all of them (G20).
# The questions come after 10 and 20 working days (A6.13). The procedures give no figure: they ask how "outstanding
# issues are followed up" (NSSCP, Recording), and two weeks and four are when an action agreed for the same week or
# the next has either happened or been forgotten.

_FIRST, _SECOND = 10, 20  # working days from the closing to each question whether it happened
# Not with the closing letter, which has enough to say, and while it is fresh.
FEEDBACK_AFTER = 2


class AfterClosing(IntEnum):
    DATE_COMES = 1
    DATE_PASSED = 2
    ASK = 3
    ASK_AGAIN = 4
    FEEDBACK = 5


@dataclass(frozen=True, slots=True)
class AfterClosingMoment:
    """``on`` is the date that was agreed, where it is about one."""

    key: str
    at: datetime
    what: AfterClosing
    on: date | None = None


def due_after_closing(case: Case) -> tuple[Event, ...]:
    """The events of every reminder and question after closing whose moment has come and was not acted on."""
    come = [m for m in moments_after_closing(case) if m.at <= case.now]

    def keys(*kinds: AfterClosing) -> tuple[str, ...]:
        return tuple(m.key for m in come if m.what in kinds)

    def dates(kind: AfterClosing) -> tuple[date, ...]:
        return tuple(m.on for m in come if m.what is kind and m.on)

    events: list[Event] = []
    if keys(AfterClosing.DATE_COMES):
        events.append(
            e.ActionsReminded(at=case.now, keys=keys(AfterClosing.DATE_COMES), on=dates(AfterClosing.DATE_COMES))
        )
    if keys(AfterClosing.DATE_PASSED):
        events.append(
            e.ActionsUnreported(at=case.now, keys=keys(AfterClosing.DATE_PASSED), on=dates(AfterClosing.DATE_PASSED))
        )
    if asked := keys(AfterClosing.ASK, AfterClosing.ASK_AGAIN):
        events.append(e.OutcomeAsked(at=case.now, keys=asked, last=bool(keys(AfterClosing.ASK_AGAIN))))
    if not events and (feedback := keys(AfterClosing.FEEDBACK)):
        events.append(e.FeedbackAsked(at=case.now, keys=feedback, of=tuple(may_be_asked(case))))
    return tuple(events)


def next_due_after_closing(case: Case) -> datetime | None:
    """After closing, when to look again at a dispute; None once there is nothing left to follow up."""
    return min((m.at for m in moments_after_closing(case)), default=None)


def moments_after_closing(case: Case) -> Iterator[AfterClosingMoment]:
    """The moments after closing at which somebody is reminded or asked, not acted on yet; none for a date
    that has passed already."""
    for moment in (
        *_of_actions(case.dispute, case.calendar, case.now),
        *_questions(case),
        *_feedback(case),
    ):
        if moment.key not in case.dispute.settled:
            yield moment


def _after_closing_key(dispute: Dispute, name: str) -> str:
    return f"after {dispute.closed.isoformat() if dispute.closed else ''}:{name}"


def _of_actions(dispute: Dispute, calendar: Calendar, now: datetime) -> Iterator[AfterClosingMoment]:
    """After closing, the moments that agreed actions bring: the morning of each date, and the working morning after it.
    A date on a closed day is reminded of on the working day before, when whoever is to do it is still at work; one that
    had come when the dispute closed stood in that letter."""
    assert dispute.closed is not None
    ended = calendar.local(dispute.closed).date()
    for on in sorted({x.by for x in dispute.actions if x.by and not x.done}):
        day = on if calendar.is_working(on) else calendar.previous_working(on)
        morning = calendar.morning_of(day)
        if morning > dispute.closed and calendar.local(now).date() <= on:
            yield AfterClosingMoment(
                _after_closing_key(dispute, f"date {on.isoformat()}"), morning, AfterClosing.DATE_COMES, on
            )
        after = calendar.morning_of(calendar.next_working(max(on, ended)))
        yield AfterClosingMoment(
            _after_closing_key(dispute, f"passed {on.isoformat()}"), after, AfterClosing.DATE_PASSED, on
        )


def _questions(case: Case) -> Iterator[AfterClosingMoment]:
    """The moments after closing at which it is asked whether what was agreed happened. No question comes before
    anything agreed can have happened: a truthful "not yet" would read as a no. After a yes only what was still to come
    then is asked about; a no is asked about again, for it may have happened since."""
    dispute = case.dispute
    assert dispute.closed is not None
    if not has_something_to_happen(dispute, case.protocol):
        return
    said = answer(dispute)
    if said is not None and said.happened and all(x.done for x in dispute.actions):
        return
    calendar = case.calendar
    earliest = _earliest(dispute.actions)
    first = calendar.nth_after(calendar.local(dispute.closed).date(), _FIRST)
    if earliest is not None and earliest >= first:
        first = calendar.next_working(earliest)
    again = calendar.nth_after(first, _SECOND - _FIRST)  # as long after the first, wherever that falls
    for what, number, day in ((AfterClosing.ASK, _FIRST, first), (AfterClosing.ASK_AGAIN, _SECOND, again)):
        yield AfterClosingMoment(_after_closing_key(dispute, f"asked {number}"), calendar.morning_of(day), what)


def _earliest(actions: tuple[Action, ...]) -> date | None:
    """After closing, the first date on which agreed actions are to have happened; None where any has no date at all."""
    dates = [x.by for x in actions if x.by is not None]
    return min(dates) if dates and len(dates) == len(actions) else None


def _feedback(case: Case) -> Iterator[AfterClosingMoment]:
    """The moments after closing at which feedback is asked for by a letter of its own: two working days after it, or
    after whatever else was written since. The closing letter has asked the managers, and the question whether it
    happened asks whoever raised it; so only where that question will not come."""
    dispute = case.dispute
    assert dispute.closed is not None
    if not asks_for_feedback(dispute, case.protocol) or not may_be_asked(case):
        return
    if was_asked(dispute) is not None or any(True for _ in _questions(case)):
        return
    ours = (e.ActionsReminded, e.ActionsUnreported, e.OutcomeAsked)
    last = max((p.at for p in dispute.history if isinstance(p, ours)), default=dispute.closed)
    calendar = case.calendar
    day = calendar.nth_after(calendar.local(max(last, dispute.closed)).date(), FEEDBACK_AFTER)
    yield AfterClosingMoment(_after_closing_key(dispute, "feedback"), calendar.morning_of(day), AfterClosing.FEEDBACK)


_BOTH = (Side.RAISING, Side.RECEIVING)


def doing(action: Action, case: Case) -> list[Person]:
    """After closing, those who are asked about an agreed action as theirs: whoever is named as doing it, when that
    is one person recorded here; else the people the last stage was with, on that person's or agency's own side. Where
    nobody is named, the agency that was asked for something is: whoever raised it is asked whether it happened, and
    their manager hears where nothing was reported. Somebody who is only in the directory is no party, and gets no
    letter (G5)."""
    known = [p for p in everyone(case) if _is_called(action.who, p)]
    doer = case.partnership.in_place_of(known[0]) if len(known) == 1 else None
    if doer is not None and case.partnership.may_write_to(doer.address):
        return [doer]
    there = [p for side in _sides_of_name(action.who, case) or [Side.RECEIVING] for p in last_with(case, side)]
    return there or last_with(case, Side.RAISING)  # whose it is to bring about what others were asked


def _is_called(name: str, person: Person) -> bool:
    said = set(_words(name))
    return bool(said) and said <= set(_words(person.name))


def _words(text: str) -> list[str]:
    """After closing, a name's words, to tell who is asked about an action: "Rosalind's" -> "rosalind", for whose team
    does it is who is asked about it."""
    plain = text.casefold().replace("’", "'").replace("'s ", " ").removesuffix("'s")
    return "".join(c if c.isalnum() else " " for c in plain).split()


def _sides_of_name(name: str, case: Case) -> list[Side]:
    """After closing, the sides that an action of ``name``'s is put to: an agency's or one of its officers'; [] when
    it is neither's."""
    if not name.strip():
        return []
    directory, found = case.directory, []
    called = directory.find_agency(name)
    for side in _BOTH:
        agencies = case.dispute.agencies(side)
        if any((called and called.name == one) or directory.find_named(name, one) for one in agencies):
            found.append(side)
    return found
