"""What has just happened, as a letter tells it: each event in words, earlier answers, the end, and the office's own
acts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from mailbot.core.decisions.office_acts import LineDone, LinesCarriedOut
from mailbot.core.decisions.stages import stage_after
from mailbot.core.decisions.who_may.authority import office_only_monitors
from mailbot.core.notices.notice import Notice
from mailbot.core.notices.offered import Reader
from mailbot.core.partnership.roster import RosterProposed
from mailbot.core.procedure.closed_lists import Effect, Happening
from mailbot.core.procedure.outcomes import FOLLOW_UP_KEY
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, Proposal
from mailbot.core.record.events import Event
from mailbot.core.record.events_of_mail import (
    MessageFiled,
    NoticeFailed,
    OutsiderNoticed,
    QuestionAsked,
    RequestRefused,
    RiskReported,
    StatusAsked,
    WordsPassedOn,
)
from mailbot.core.record.intents import Action
from mailbot.mail.letters.speaker import TOLD_OF_MAIL, EventTold, Speaker, by_its_from_line, tell_handover
from mailbot.mail.letters.whose_turn import others_told, stage_full
from mailbot.mail.letters.wording import day_long, listed, name_only, opening, plain_words

# What has just happened, as its letter tells it: each event in strings, attributed, with nobody judged.
#
# A resolution is looked up in the dispute's history where the event itself does not carry the words: the letter that
# says "closed" must say what was agreed, and by whom (A6.12, G6, G12).


def tell_event(event: Event, say: Speaker) -> EventTold:
    """What happened, told of one event: ``event`` in words; an event with nothing to tell gives when it happened and,
    if it has one, by whom."""
    teller = _TELL.get(type(event))
    if teller:
        return teller(event, say)
    by = getattr(event, "by", "")
    return EventTold(by=say.person(by), at=say.instant(event.at), words=say.said(getattr(event, "words", "")))


def _in_force(version: str) -> str:
    """What happened to the version: "the version in force from Thursday 1 October 2026": a version is named by its day
    (``Protocol.version``)."""
    try:
        return f"the version in force from {day_long(date.fromisoformat(version))}" if version else ""
    except ValueError:
        return "another version"


def last_proposal(dispute: Dispute) -> e.ResolutionProposed | None:
    """What happened to the last proposal: the resolution that closed it, or waits, or was put back last."""
    return next((p for p in reversed(dispute.history) if isinstance(p, e.ResolutionProposed)), None)


def tell_proposed(event: e.ResolutionProposed | Proposal, say: Speaker) -> EventTold:
    return EventTold(
        by=say.person(event.by),
        at=say.instant(event.at),
        agreed=say.words(event.agreed),
        actions=say.actions(event.actions),
        on=say.day(event.on),
        understood=event.understood,
    )


def _with_resolution(event: Any, say: Speaker) -> EventTold:
    proposal = last_proposal(say.dispute) if say.dispute else None
    agreed = tell_proposed(proposal, say) if proposal else EventTold()
    return EventTold(
        by=say.person(getattr(event, "by", "")),
        at=say.instant(event.at),
        words=say.said(getattr(event, "words", "")),
        agreed=agreed.agreed,
        actions=agreed.actions,
        on=agreed.on,
        understood=getattr(event, "understood", False),
    )


def _closed(event: e.DisputeClosed, say: Speaker) -> EventTold:
    """Tells of a closing, as what happened. An agreement is shown as one; a decision or a withdrawal in its own words,
    whatever had been proposed before."""
    waiting = say.dispute.proposal if say.dispute else None
    if waiting is None or waiting.outcome != event.outcome:
        return EventTold(by=say.person(event.by), at=say.instant(event.at), words=say.words(event.words))
    told = _with_resolution(event, say)
    return replace(told, words="" if told.words == told.agreed else told.words, why=_approved(say))


def _approved(say: Speaker) -> str:
    """Tells of an approved closing, as what happened: who approved it and when, dated: "reported by … at …; confirmed
    by … at …" (WO-16)."""
    history = say.dispute.history if say.dispute else ()
    said = next((p for p in reversed(history) if isinstance(p, e.ResolutionProposed)), None)
    since = history[max((n for n, p in enumerate(history) if p is said), default=0) :]
    confirmed = [p for p in since if isinstance(p, e.ResolutionConfirmed)]
    parts = [f"reported by {say.person(said.by)}, {say.instant(said.at)}" if said else ""]
    parts += [f"confirmed by {say.person(one.by)}, {say.instant(one.at)}" for one in confirmed]
    return "; ".join(part for part in parts if part)


def _dated(event: Any, say: Speaker) -> EventTold:
    why = getattr(event, "reason", "") or getattr(event, "why", "")
    act = _is_act(getattr(event, "clock", ""), say)
    return EventTold(
        by=say.person(event.by),
        at=say.instant(event.at),
        on=say.day(event.on),
        why=say.words(why),
        what=say.clock(event.clock) if act else "",
    )


def _accepted(event: e.DateAccepted, say: Speaker) -> EventTold:
    return replace(_dated(event, say), what="you agree to the date")


def _is_act(clock: str, say: Speaker) -> bool:
    """What happened to a date that was asked for: is the date for an act inside the stage, and not for its end? Then
    the letter must say for what."""
    found = say.protocol.clocks.get(clock)
    return found is not None and found.done_when is not None


def _recorded(event: e.FieldRecorded, say: Speaker) -> EventTold:
    """Tells of a value that was recorded, as what happened: what it was is in the record below, unless it came after
    the end."""
    told = EventTold(by=say.person(event.by), at=say.instant(event.at), what="a correction")
    if event.key != FOLLOW_UP_KEY or say.dispute is None or say.dispute.is_open:
        return told
    return replace(told, what="how anything outstanding is followed up", words=say.words(event.value))


def _limit_passed(event: e.LimitPassed, say: Speaker) -> EventTold:
    stages = say.protocol.stages
    ended = stages.get(event.stage)
    to = stages.get(event.points_to) or (stages.get(ended.next) if ended else None)
    clock = say.protocol.clocks.get(event.clock)
    return EventTold(
        late=clock is not None and clock.start is Happening.DECISION_MADE,
        at=say.instant(event.at),
        was=say.instant(event.limit),
        unread_since=say.instant(event.unread_since),
        then="held" if event.held else event.then.value,
        to=stage_full(to, say.protocol) if to else "",
        what=listed(event.untold) or _passed_with(event, say),
        stage=say.protocol.stage_name(event.stage),
    )


def _limit_waited(event: e.LimitWaited, say: Speaker) -> EventTold:
    return EventTold(
        was=say.instant(event.limit),
        until=say.instant(event.until),
        what=listed(event.untold),
        stage=say.protocol.stage_name(event.stage),
    )


def _passed_with(event: e.LimitPassed, say: Speaker) -> str:
    """Tells of limits that passed together: what the limit was for, and whatever else had the same limit: one letter
    says both."""
    past = say.dispute.lately if say.dispute else ()
    same = [p.clock for p in past if isinstance(p, e.LimitPassed) and (p.at, p.limit) == (event.at, event.limit)]
    labels = dict.fromkeys(label for name in (event.clock, *same) if (label := say.clock(name)))
    return "; ".join(labels)


def _reminded(event: e.Reminded, say: Speaker) -> EventTold:
    """Tells of a reminder, as what happened: while a resolution waits to be confirmed, a reminder says again what was
    reported, and by whom."""
    waiting = last_proposal(say.dispute) if say.dispute and say.dispute.proposal else None
    stage, cap = say.protocol.stages.get(event.stage), say.protocol.caps.get(event.clock)
    to = say.protocol.stages.get((cap.then if cap else "") or (stage.next if stage else ""))
    return replace(
        tell_proposed(waiting, say) if waiting else EventTold(at=say.instant(event.at)),
        was=say.instant(event.limit),
        what=say.clock(event.clock),
        ahead=event.limit > event.at,
        to=stage_full(to, say.protocol) if to else "",
    )


def _stage_ended(event: e.StageEnded, say: Speaker) -> EventTold:
    told = _with_resolution(event, say)
    same = last_proposal(say.dispute) if say.dispute else None
    kept = told if same and same.stage == event.stage and event.how == "closed" else EventTold(at=told.at)
    title = say.protocol.stages[event.stage].name if event.stage in say.protocol.stages else ""
    return replace(kept, what=say.protocol.stage_name(event.stage), stage=title, then=event.how)


def _failed(event: NoticeFailed, say: Speaker) -> EventTold:
    known = say.person(event.address)
    return EventTold(
        whom=known,
        at=say.instant(event.at),
        addresses=(plain_words(event.address, 254),),
        why=plain_words(event.why, 300),
        done=event.permanent,
    )


def _route_taken(event: e.RouteTaken, say: Speaker) -> EventTold:
    """Tells of a route that was taken, with what the procedure asks of whoever takes it: whom to ring, what to send,
    what to expect back."""
    route = say.protocol.routes.get(event.route)
    told = EventTold(by=say.person(event.by), at=say.instant(event.at), words=say.words(event.words))
    if route is None:
        return told
    parts = [f"Please ring the {route.contact.name}: {route.contact.number}." if route.contact else ""]
    parts += [f"It needs: {'; '.join(route.needs)}." if route.needs else ""]
    parts += [f"It goes to one of: {', '.join(route.to_one_of)}." if route.to_one_of else ""]
    parts += [f"It may also be asked of {route.or_to}." if route.or_to else ""]
    parts += [f"Expect a {route.expects}." if route.expects else ""]
    parts += ["What learning came from it? Reply with a line “Learning:”."] if route.record_learning else []
    parts += [f"How it goes on: {'; '.join(route.steps)}." if route.steps else ""]
    asked = "asked" if route.effect is Effect.SIDE and route.to else ""
    return replace(told, what=route.name, why=" ".join(part for part in parts if part), then=asked)


_OF_SEVERAL = "your decision; it counts once all of you have decided the same"
_LEFT = "What its people know that is needed, please still tell. In it again: CORRECT Agencies: and all of them."
TO_ANSWER = "to answer"  # what follows from a question that those who decide put to everybody in it
# What comes with a question and changes nothing by itself.
_OF_NO_CHANGE = (
    MessageFiled,
    QuestionAsked,
    RequestRefused,
    OutsiderNoticed,
    StatusAsked,
    RiskReported,
)


def _come_of_it(event: QuestionAsked, dispute: Dispute | None) -> str:
    """What has come so far of the message that a question is about: "" for nothing, where whoever is asked wrote it;
    "recorded" where something was; "put to another" where somebody else wrote it, or nobody did."""
    here = [past for past in dispute.history if past.at == event.at] if dispute is not None else []
    if any(not isinstance(past, _OF_NO_CHANGE) for past in here):
        return "recorded"
    filed = [past for past in here if isinstance(past, MessageFiled)]
    return "put to another" if filed and all(past.by.address != event.of.address for past in filed) else ""


_TELL: Mapping[type[Event], Callable[[Any, Speaker], EventTold]] = {
    e.DisputeOpened: lambda ev, say: EventTold(
        by=say.person(ev.raiser), at=say.instant(ev.at), understood=ev.understood
    ),
    e.ResolutionProposed: tell_proposed,
    e.ResolutionConfirmed: lambda ev, say: replace(_with_resolution(ev, say), what="confirmed"),
    WordsPassedOn: lambda ev, say: EventTold(
        by=say.person(ev.by),
        at=say.instant(ev.at),
        words=say.words(ev.words),
        what="words for those who decide" if ev.to_deciders else "your question to everybody in it",
        then="" if ev.to_deciders else TO_ANSWER,
    ),
    e.AgencyJoined: lambda ev, say: EventTold(
        what=f"it is with {plain_words(ev.agency, 120)} too, and they must agree", at=say.instant(ev.at)
    ),
    e.AgencyLeft: lambda ev, say: EventTold(
        what=f"{plain_words(ev.agency, 120)} is in it no longer, and need not agree", at=say.instant(ev.at), why=_LEFT
    ),
    e.DateAccepted: _accepted,
    e.ResolutionObjected: _with_resolution,
    e.DisputeClosed: _closed,
    e.DecisionMade: lambda ev, say: EventTold(by=say.person(ev.by), at=say.instant(ev.at), words=say.said(ev.words)),
    e.DecisionPut: lambda ev, say: replace(_TELL[e.DecisionMade](ev, say), what=_OF_SEVERAL),
    e.LimitPassed: _limit_passed,
    e.LimitWaited: _limit_waited,
    e.Reminded: _reminded,
    e.StageEnded: _stage_ended,
    e.DateProposed: _dated,
    e.DateAgreed: _dated,
    e.DateRefused: _dated,
    e.ProtectiveDateSet: _dated,
    **dict.fromkeys(
        (e.MeetingHeld, e.MeetingPlanned),
        lambda ev, say: EventTold(
            by=say.person(ev.by), at=say.instant(ev.at), on=say.day(ev.on), words=say.words(ev.words), what="a meeting"
        ),
    ),
    e.PersonHandedOver: tell_handover,
    e.PersonRecorded: lambda ev, say: EventTold(
        by=say.person(ev.by),
        at=say.instant(ev.at),
        what=f"{name_only(say.person(ev.person))} answers for you, as your deputy"
        if ev.stands_in_for
        else f"the details of {name_only(say.person(ev.person))}",
    ),
    e.PersonRemoved: lambda ev, say: EventTold(
        by=say.person(ev.by),
        at=say.instant(ev.at),
        what=f"{name_only(say.person(ev.person))} has no part in this any more",
    ),
    e.FieldRecorded: _recorded,
    e.ActionReported: lambda ev, say: EventTold(
        by=say.person(ev.by), at=say.instant(ev.at), what=say.words(ev.what), done=ev.done, understood=ev.understood
    ),
    e.ActDone: lambda ev, say: EventTold(by=say.person(ev.by), at=say.instant(ev.at), what=say.clock(ev.clock)),
    e.FormCompleted: lambda ev, say: EventTold(
        at=say.instant(ev.at), what=getattr(say.protocol.forms.get(ev.form), "title", "")
    ),
    e.RouteTaken: _route_taken,
    e.CalendarMoved: lambda ev, say: EventTold(
        at=say.instant(ev.at),
        was=say.instant(ev.was),
        becomes=say.instant(ev.becomes),
        why=plain_words(ev.why, 200),
        what=_in_force(ev.version),
    ),
    e.VersionMoved: lambda ev, say: EventTold(at=say.instant(ev.at), what=_in_force(ev.version)),
    RosterProposed: lambda ev, say: EventTold(
        by=say.person(ev.by),
        at=say.instant(ev.at),
        whom=plain_words(ev.agency, 120),
        words="\n".join(f"- {plain_words(one, 200)}" for one in ev.changes),
        question="; ".join(plain_words(one, 200) for one in ev.unclear),
    ),
    QuestionAsked: lambda ev, say: EventTold(
        by=say.person(ev.of),
        question=say.words(ev.question),
        why=ev.topic if ev.topic in ("view", "colleague") else "",
        what=_come_of_it(ev, say.dispute),
        **by_its_from_line(ev.of),
    ),
    RequestRefused: lambda ev, say: EventTold(
        by=say.person(ev.by),
        at=say.instant(ev.at),
        why=say.words(ev.why),
        what=plain_words(ev.act.replace("_", " "), 60),
    ),
    **TOLD_OF_MAIL,
    NoticeFailed: _failed,
    OutsiderNoticed: lambda ev, say: EventTold(
        by=say.person(ev.by), at=say.instant(ev.at), addresses=tuple(plain_words(a, 254) for a in ev.addresses)
    ),
}

# What was put forward as a resolution before, and what was answered: both sides' words, with whose and when.
#
# Whoever a dispute is referred to must see that it was once thought resolved, and why it was not (G6, NS-27). What
# waits for an answer now, or has closed it, is told by the letter itself and is left out here.

PUT, REFUSED = "Reported as resolved", "Not agreed to be resolved"


def answers(dispute: Dispute, say: Speaker) -> tuple[tuple[str, str, str], ...]:
    """What happened to earlier proposals: (what, the words, whose and when) of every proposal put back and every
    objection, in order."""
    undone = dispute.undone
    counted = [event for place, event in enumerate(dispute.history) if place not in undone]
    rows: list[tuple[str, str, str]] = []
    waiting: list[tuple[str, str, str]] = []
    for event in counted:
        if isinstance(event, e.ResolutionProposed):
            waiting.append((PUT, tell_event(event, say).agreed, say.signed(event.by, event.at)))
        elif isinstance(event, e.ResolutionObjected):
            rows += [*waiting, (REFUSED, tell_event(event, say).words, say.signed(event.by, event.at))]
            waiting = []
        elif isinstance(event, e.StageEntered):
            rows += waiting  # it moved up all the same
            waiting = []
        elif isinstance(event, e.DisputeClosed | e.DisputeReopened):
            waiting = []
    return tuple(rows)


# The end of a dispute and what comes after it, in words: how long each stage took and what ended it, and which of the
# things agreed have been reported done. What a court may read two years on is here: days, instants, names, no
# judgement.


def tell_ending(event: Event, say: Speaker) -> EventTold:
    """``event`` in words, also one that comes after the end."""
    dispute = say.dispute
    if dispute is None:
        return tell_event(event, say)
    match event:
        case e.ActionsReminded():
            due = tuple(x for x in dispute.actions if x.by in event.on and not x.done)
            ahead = event.at.astimezone(say.zone).date() not in event.on  # a Friday, of what is for a Sunday
            return replace(_events_of(dispute, say, event, due), early=ahead)
        case e.ActionsUnreported():
            latest = max(event.on)
            late = tuple(x for x in dispute.actions if x.by and x.by <= latest and not x.done)
            return _events_of(dispute, say, event, late)
        case e.OutcomeAsked():
            return replace(
                _events_of(dispute, say, event, dispute.actions), agreed=_agreed_actions(dispute, say), late=event.last
            )
        case e.OutcomeReported():
            return EventTold(
                by=say.person(event.by),
                at=say.instant(event.at),
                words=say.words(event.words),
                what="what was agreed has happened" if event.happened else "what was agreed has not happened",
                actions=say.actions(dispute.actions),
                agreed=_agreed_actions(dispute, say),
                understood=event.understood,
            )
        case e.DisputeClosed():
            return _closed_ending(event, dispute, say)
        case _:
            return tell_event(event, say)


def _events_of(dispute: Dispute, say: Speaker, event: Event, actions: tuple[Action, ...]) -> EventTold:
    dates = sorted({x.by for x in actions if x.by})
    return EventTold(
        at=say.instant(event.at),
        actions=say.actions(actions),
        on=" and ".join(say.day(on) for on in dates),
        whom=" and ".join(dict.fromkeys(x.who for x in actions if x.who)),
        was=say.instant(dispute.closed),
    )


def _agreed_actions(dispute: Dispute, say: Speaker) -> str:
    """What was agreed or decided, in its own words."""
    decided = next((p for p in dispute.history if isinstance(p, e.DecisionMade) and p.at == dispute.closed), None)
    proposal = last_proposal(dispute)
    words = decided.words if decided else proposal.agreed if proposal else ""
    return say.words(words)


def _closed_ending(event: e.DisputeClosed, dispute: Dispute, say: Speaker) -> EventTold:
    """Tells of the end, as what happened: a decision brings its actions with their dates, as an agreement does."""
    told = tell_event(event, say)
    decided = any(isinstance(p, e.DecisionMade) and p.at == event.at for p in dispute.history)
    return replace(told, actions=say.actions(dispute.actions)) if decided and not told.actions else told


@dataclass(frozen=True, slots=True)
class ByOffice:
    """``moving``: why it does, or does not, move by itself. ``linked`` is for the office's eyes alone. ``put_back``
    is what of its own doing the office took back. The rest is the transcript's; ``undo_by`` is "11:40", or "", and
    ``words`` are those the office may write, with what each does. ``waiting`` is the number of a message that waits,
    and ``example`` what a reference looks like here."""

    moving: str = ""
    linked: tuple[str, ...] = ()
    put_back: str = ""
    lines: tuple[LineDone, ...] = ()
    undo_by: str = ""
    words: tuple[tuple[str, str], ...] = ()
    waiting: int = 0
    example: str = ""

    @property
    def done(self) -> int:
        return sum(line.done for line in self.lines)


NOTHING_BY_OFFICE = ByOffice()


def by_office(event: e.Event, dispute: Dispute, protocol: Protocol, say: Speaker, reader: Reader) -> ByOffice:
    is_office = reader.office in protocol.digest.to
    undone = event if isinstance(event, e.MisreadUndone) else None
    return ByOffice(
        moving=_moving(event, dispute, protocol, say),
        linked=_linked(dispute) if is_office else (),
        put_back=_taken_back(undone, dispute, say) if undone is not None else "",
    )


_DEEDS: Mapping[type[e.Event], str] = {
    e.DisputeClosed: "the closing of this",
    e.DisputeReopened: "the reopening of this",
    e.AutomaticMoveHeld: "the hold on the automatic move",
    e.AutomaticMoveResumed: "the end of the hold on the automatic move",
    e.PersonRecorded: "the adding of a name",
    e.PersonRemoved: "the removal of a name",
    e.ResolutionProposed: "the report that this is resolved",
    e.ResolutionConfirmed: "a yes to what was agreed",
    e.ResolutionObjected: "a no to what was reported",
    e.DecisionMade: "the decision",
    e.DecisionPut: "the decision that was put to the rest of those who decide",
    e.PersonHandedOver: "the handover",
    e.DateProposed: "the asking for a date",
    e.DateAgreed: "the date agreed",
    e.ProtectiveDateSet: "the earlier date",
}


def _taken_back(event: e.MisreadUndone, dispute: Dispute, say: Speaker) -> str:
    """Tells what was taken back: the deeds themselves, and not what came of them."""
    past = [dispute.history[place] for place in event.places]
    moved = [one for one in past if isinstance(one, e.StageEntered) and one.how != "opening"]
    deeds = [f"the move to {say.protocol.stage_name(moved[-1].stage)}"] if moved else []
    deeds += [deed for one in past if (deed := _DEEDS.get(type(one), ""))]
    return listed(dict.fromkeys(deeds)) or "something that had been recorded here"


def outside(notice: Notice, protocol: Protocol, zone: ZoneInfo) -> ByOffice:
    """What happened outside any dispute, for a letter that belongs to no dispute: the transcript's lines, or the number
    of what waits."""
    event = notice.event
    if not isinstance(event, LinesCarriedOut):
        return ByOffice(waiting=notice.waiting, example=f"{protocol.prefix}-26-0012")
    words = _words_of_the_office(protocol) if event.lists_words else ()
    lines = tuple(replace(line, said=f"{line.said} {others_told(line.others)}".rstrip()) for line in event.lines)
    return ByOffice(lines=lines, words=words, undo_by=_clock(event.undo_by, zone) if event.undo_by else "")


# What the office may write, one a line: as ``understanding.office_words`` reads it.
_WORDS = (
    ("2 -> {ref}-26-0031", "files waiting message 2 in that dispute; it is read there by what its writer may do"),
    ("RELEASE 3", "lets waiting message 3 in; it is read as usual"),
    ("DISMISS 3 because (why)", "keeps message 3 and does not read it"),
    ("REOPEN {ref}-26-0007 because (why)", "opens it again; both sides are told"),
    ("CLOSE {ref}-26-0007 because (why)", "closes it; everybody in it is told"),
    ("HOLD {ref}-26-0007 because (why)", "no automatic move at its limit; both sides are told, with your reason"),
    ("GO ON {ref}-26-0007", "takes that off again"),
    ("REFER {ref}-26-0007 because (why)", "refers it, or moves it up (ESCALATE), where nobody has by its limit"),
    ("LINK {ref}-26-0007 {ref}-26-0015", "notes for the office alone that the two belong together"),
    ("KEEP APART {ref}-26-0007 {ref}-26-0015", "notes for the office alone that they do not"),
    ("REDACT {ref}-26-0007 (a name)", "our letters show that name as initials from then on"),
    ("ADD {ref}-26-0007 name, email, role", "somebody becomes part of it"),
    ("REMOVE {ref}-26-0007 email", "somebody is taken off it"),
    ("STATUS {ref}-26-0007", "one letter back that says where it stands"),
    ("UNDO, or UNDO 2", "in reply to a letter like this, within two hours: puts it back, or line 2 of it"),
)
_CLOSE_BY_A_MONITOR = "records that it is over, once each side has written so; everybody in it is told"


def _words_of_the_office(protocol: Protocol) -> tuple[tuple[str, str], ...]:
    monitors = office_only_monitors(protocol)
    return tuple(
        (word.format(ref=protocol.prefix), _CLOSE_BY_A_MONITOR if monitors and word.startswith("CLOSE") else does)
        for word, does in _WORDS
    )


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def _moving(event: e.Event, dispute: Dispute, protocol: Protocol, say: Speaker) -> str:
    held = dispute.move_held
    if held is not None and stage_after(dispute, protocol) and not isinstance(event, e.AutomaticMoveHeld):
        said = say.words(held.why).rstrip(".")
        why = f" (“{'because ' if said.startswith('of ') else ''}{said}”)" if said else ""
        return (
            f"It does not move by itself at its limit: {say.person(held.by)} turned that off at "
            f"{say.instant(held.at)}{why}. A person decides whether it moves; {dispute.raising or 'the raising side'} "
            "can ask for that at any time."
        )
    if (untold := _untold(dispute)) and untold is not event:  # its own letter says it already
        stage = say.protocol.stage_name(untold.stage)
        return (
            f"The letters about {stage} could not be delivered to {listed(untold.untold)}. Its limit waited a working "
            "day for that, and then it moved on all the same. Please make sure, by telephone, that they know."
        )
    if isinstance(event, e.StageEntered | e.StageEnded):
        entered = next((p for p in reversed(dispute.history) if isinstance(p, e.StageEntered)), None)
        if entered is not None and entered.how == "limit" and entered.by:
            return (
                "Its limit had passed while the automatic move was turned off. "
                f"{opening(say.person(entered.by))} has turned it on again, so it moves now."
            )
    return ""


def _untold(dispute: Dispute) -> e.LimitPassed | None:
    """What happened untold: the limit by which the present stay began, of which somebody could not be told."""
    back = reversed(dispute.history)
    entered = next((past for past in back if isinstance(past, e.BEGINS_A_STAY)), None)
    if not isinstance(entered, e.StageEntered) or entered.how != "limit":
        return None
    passed = next((past for past in back if isinstance(past, e.LimitPassed)), None)
    return passed if passed is not None and passed.untold else None


def _linked(dispute: Dispute) -> tuple[str, ...]:
    return tuple(
        f"{'Kept apart from' if link.apart else 'Linked with'} {link.other}. You recorded this; nobody in either "
        "dispute is told of it."
        for link in dispute.links
    )
