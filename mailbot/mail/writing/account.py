"""What has just happened, as its letter tells it: each event in strings, attributed, with nobody judged.

A resolution is looked up in the dispute's history where the event itself does not carry the words: the letter that
says "closed" must say what was agreed, and by whom (A6.12, G6, G12).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from mailbot.core.happened import correspondence as c
from mailbot.core.happened import events as e
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.events import Event
from mailbot.core.procedure.closed_lists import Happening
from mailbot.mail.writing.speaking import Speaker, Told
from mailbot.mail.writing.turn import stage_full
from mailbot.mail.writing.wording import day_long, plain


def tell(event: Event, say: Speaker) -> Told:
    """``event`` in words; an event with nothing to tell gives when it happened and, if it has one, by whom."""
    teller = _TELL.get(type(event))
    if teller:
        return teller(event, say)
    by = getattr(event, "by", "")
    return Told(by=say.person(by), at=say.instant(event.at), words=say.said(getattr(event, "words", "")))


def _in_force(version: str) -> str:
    """ "the version in force from Thursday 1 October 2026": a version is named by its day (``Protocol.version``)."""
    try:
        return f"the version in force from {day_long(date.fromisoformat(version))}" if version else ""
    except ValueError:
        return "another version"


def last_proposal(dispute: Dispute) -> e.ResolutionProposed | None:
    """The resolution that closed it, or waits, or was put back last."""
    return next((p for p in reversed(dispute.history) if isinstance(p, e.ResolutionProposed)), None)


def _proposed(event: e.ResolutionProposed, say: Speaker) -> Told:
    return Told(
        by=say.person(event.by), at=say.instant(event.at), agreed=say.words(event.agreed),
        actions=say.actions(event.actions), on=say.day(event.on), understood=event.understood,
    )  # fmt: skip


def _with_resolution(event: Any, say: Speaker) -> Told:
    proposal = last_proposal(say.dispute) if say.dispute else None
    agreed = _proposed(proposal, say) if proposal else Told()
    return Told(
        by=say.person(getattr(event, "by", "")), at=say.instant(event.at),
        words=say.said(getattr(event, "words", "")), agreed=agreed.agreed, actions=agreed.actions, on=agreed.on,
    )  # fmt: skip


def _closed(event: e.DisputeClosed, say: Speaker) -> Told:
    """An agreement is shown as one; a decision or a withdrawal in its own words, whatever had been proposed before."""
    waiting = say.dispute.proposal if say.dispute else None
    if waiting is None or waiting.outcome != event.outcome:
        return Told(by=say.person(event.by), at=say.instant(event.at), words=say.words(event.words))
    told = _with_resolution(event, say)
    return replace(told, words="" if told.words == told.agreed else told.words, why=_approved(say))


def _approved(say: Speaker) -> str:
    """Who approved it and when, dated: "reported by … at …; confirmed by … at …" (WO-16)."""
    history = say.dispute.history if say.dispute else ()
    said = next((p for p in reversed(history) if isinstance(p, e.ResolutionProposed)), None)
    since = history[max((n for n, p in enumerate(history) if p is said), default=0) :]
    confirmed = [p for p in since if isinstance(p, e.ResolutionConfirmed)]
    parts = [f"reported by {say.person(said.by)}, {say.instant(said.at)}" if said else ""]
    parts += [f"confirmed by {say.person(one.by)}, {say.instant(one.at)}" for one in confirmed]
    return "; ".join(part for part in parts if part)


def _dated(event: Any, say: Speaker) -> Told:
    why = getattr(event, "reason", "") or getattr(event, "why", "")
    act = _is_act(getattr(event, "clock", ""), say)
    return Told(
        by=say.person(event.by), at=say.instant(event.at), on=say.day(event.on), why=say.words(why),
        what=say.clock(event.clock) if act else "",
    )  # fmt: skip


def _accepted(event: e.DateAccepted, say: Speaker) -> Told:
    return replace(_dated(event, say), what="you agree to the date")


def _is_act(clock: str, say: Speaker) -> bool:
    """Is the date for an act inside the stage, and not for its end? Then the letter must say for what."""
    found = say.protocol.clocks.get(clock)
    return found is not None and found.done_when is not None


def _limit_passed(event: e.LimitPassed, say: Speaker) -> Told:
    stages = say.protocol.stages
    ended = stages.get(event.stage)
    to = stages.get(event.points_to) or (stages.get(ended.next) if ended else None)
    clock = say.protocol.clocks.get(event.clock)
    return Told(
        late=clock is not None and clock.start is Happening.DECISION_MADE,
        at=say.instant(event.at), was=say.instant(event.limit), unread_since=say.instant(event.unread_since),
        then="held" if event.held else event.then.value, to=stage_full(to, say.protocol) if to else "",
        what=_passed_with(event, say), stage=say.protocol.stage_name(event.stage),
    )  # fmt: skip


def _passed_with(event: e.LimitPassed, say: Speaker) -> str:
    """What the limit was for, and whatever else had the same limit: one letter says both."""
    past = say.dispute.lately if say.dispute else ()
    same = [p.clock for p in past if isinstance(p, e.LimitPassed) and (p.at, p.limit) == (event.at, event.limit)]
    labels = dict.fromkeys(label for name in (event.clock, *same) if (label := say.clock(name)))
    return "; ".join(labels)


def _reminded(event: e.Reminded, say: Speaker) -> Told:
    """While a resolution waits to be confirmed, a reminder says again what was reported, and by whom."""
    waiting = last_proposal(say.dispute) if say.dispute and say.dispute.proposal else None
    stage, cap = say.protocol.stages.get(event.stage), say.protocol.caps.get(event.clock)
    to = say.protocol.stages.get((cap.then if cap else "") or (stage.next if stage else ""))
    return replace(
        _proposed(waiting, say) if waiting else Told(at=say.instant(event.at)),
        was=say.instant(event.limit), what=say.clock(event.clock), ahead=event.limit > event.at,
        to=stage_full(to, say.protocol) if to else "",
    )  # fmt: skip


def _stage_ended(event: e.StageEnded, say: Speaker) -> Told:
    told = _with_resolution(event, say)
    same = last_proposal(say.dispute) if say.dispute else None
    kept = told if same and same.stage == event.stage and event.how == "closed" else Told(at=told.at)
    title = say.protocol.stages[event.stage].name if event.stage in say.protocol.stages else ""
    return replace(kept, what=say.protocol.stage_name(event.stage), stage=title, then=event.how)


def _handed_over(event: e.PersonHandedOver, say: Speaker) -> Told:
    return Told(
        by=say.person(event.leaving), whom=say.person(event.taking), at=say.instant(event.at),
        until=say.day(event.until),
    )  # fmt: skip


def _absence(event: c.AbsenceNoticed, say: Speaker) -> Told:
    cover = say.person(event.cover) if event.cover else ""
    return Told(by=say.person(event.person), at=say.instant(event.at), whom=cover, until=say.day(event.until),
                done=event.left)  # fmt: skip


def _failed(event: c.NoticeFailed, say: Speaker) -> Told:
    known = say.person(event.address)
    return Told(whom=known, at=say.instant(event.at), addresses=(plain(event.address, 254),),
                why=plain(event.why, 300), done=event.permanent)  # fmt: skip


def _route_taken(event: e.RouteTaken, say: Speaker) -> Told:
    """With what the procedure asks of whoever takes it: whom to ring, what to send, what to expect back."""
    route = say.protocol.routes.get(event.route)
    told = Told(by=say.person(event.by), at=say.instant(event.at), words=say.words(event.words))
    if route is None:
        return told
    parts = [f"Please ring the {route.contact.name}: {route.contact.number}." if route.contact else ""]
    parts += [f"It needs: {'; '.join(route.needs)}." if route.needs else ""]
    parts += [f"It goes to one of: {', '.join(route.to_one_of)}." if route.to_one_of else ""]
    parts += [f"It may also be asked of {route.or_to}." if route.or_to else ""]
    parts += [f"Expect a {route.expects}." if route.expects else ""]
    parts += ["What learning came from it? Reply with a line “Learning:”."] if route.record_learning else []
    parts += [f"How it goes on: {'; '.join(route.steps)}." if route.steps else ""]
    return replace(told, what=route.name, why=" ".join(part for part in parts if part))


_TELL: Mapping[type[Event], Callable[[Any, Speaker], Told]] = {
    e.DisputeOpened: lambda ev, say: Told(by=say.person(ev.raiser), at=say.instant(ev.at), understood=ev.understood),
    e.ResolutionProposed: _proposed,
    e.ResolutionConfirmed: lambda ev, say: replace(_with_resolution(ev, say), what="confirmed"),
    c.WordsPassedOn: lambda ev, say: Told(
        by=say.person(ev.by), at=say.instant(ev.at), words=say.words(ev.words),
        what="for those who decide" if ev.to_deciders else "asked of everybody in it by those who decide",
    ),
    e.AgencyJoined: lambda ev, say: Told(
        what="another agency it is with", whom=plain(ev.agency, 120), at=say.instant(ev.at)
    ),
    e.DateAccepted: _accepted,
    e.ResolutionObjected: _with_resolution,
    e.DisputeClosed: _closed,
    e.DecisionMade: lambda ev, say: Told(by=say.person(ev.by), at=say.instant(ev.at), words=say.said(ev.words)),
    e.LimitPassed: _limit_passed,
    e.Reminded: _reminded,
    e.StageEnded: _stage_ended,
    e.DateProposed: _dated,
    e.DateAgreed: _dated,
    e.DateRefused: _dated,
    e.ProtectiveDateSet: _dated,
    e.MeetingHeld: lambda ev, say: Told(
        by=say.person(ev.by), at=say.instant(ev.at), on=say.day(ev.on), words=say.words(ev.words), what="a meeting"
    ),
    e.PersonHandedOver: _handed_over,
    e.PersonRecorded: lambda ev, say: Told(
        by=say.person(ev.by), at=say.instant(ev.at), whom=say.person(ev.person), what="a person's details"
    ),
    e.PersonRemoved: lambda ev, say: Told(
        by=say.person(ev.by), at=say.instant(ev.at), whom=say.person(ev.person), what="somebody taken off"
    ),
    e.FieldRecorded: lambda ev, say: Told(by=say.person(ev.by), at=say.instant(ev.at), what="a correction"),
    e.ActionReported: lambda ev, say: Told(
        by=say.person(ev.by), at=say.instant(ev.at), what=f"an action: {say.words(ev.what)}", done=ev.done
    ),
    e.ActDone: lambda ev, say: Told(
        by=say.person(ev.by), at=say.instant(ev.at), what=say.clock(ev.clock)
    ),
    e.FormCompleted: lambda ev, say: Told(
        at=say.instant(ev.at), what=getattr(say.protocol.forms.get(ev.form), "title", "")
    ),
    e.RouteTaken: _route_taken,
    e.CalendarMoved: lambda ev, say: Told(
        at=say.instant(ev.at), was=say.instant(ev.was), becomes=say.instant(ev.becomes), why=plain(ev.why, 200),
        what=_in_force(ev.version),
    ),
    e.VersionMoved: lambda ev, say: Told(at=say.instant(ev.at), what=_in_force(ev.version)),
    c.QuestionAsked: lambda ev, say: Told(by=say.person(ev.of), question=say.words(ev.question)),
    c.RequestRefused: lambda ev, say: Told(by=say.person(ev.by), at=say.instant(ev.at), why=say.words(ev.why),
                                           what=plain(ev.act.replace("_", " "), 60)),
    c.AbsenceNoticed: _absence,
    c.NoticeFailed: _failed,
    c.MovedByHand: lambda ev, say: Told(
        by=say.person(ev.writer or ""), what=ev.where, to=ev.reference, then=ev.outcome, why=say.words(ev.why)
    ),
    c.OutsiderNoticed: lambda ev, say: Told(
        by=say.person(ev.by), at=say.instant(ev.at), addresses=tuple(plain(a, 254) for a in ev.addresses)
    ),
}  # fmt: skip
