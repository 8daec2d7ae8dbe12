"""The timeline of a dispute rehearsed from its first day to its last limit: every limit with its working, as rows, and
the lines ("stage 2 entered") in which somebody says what happened in it."""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum, auto

from mailbot.core.clocks.limits import (
    OPENING,
    Limit,
    cap_limit,
    cap_limits,
    limits,
    own_limit,
    route_limit,
    spoken,
)
from mailbot.core.decisions.people.roles import condition_holds
from mailbot.core.procedure.closed_lists import Happening, Side
from mailbot.core.procedure.protocol import NoticeRule, Protocol, Route
from mailbot.core.procedure.stage_ends import deciding_clock, nothing_limits, raising_clocks
from mailbot.core.procedure.working_days import Calendar, DayCounted, after
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, State, fold
from mailbot.core.record.intents import Person

# A dispute rehearsed from its first day to its last limit: every limit with its working, before anybody has written.
#
# The rehearsal makes real events and folds a real dispute, so what it shows is what the rules do. With nothing said
# to happen, every stage runs to its limit and the dispute moves on there, also where the protocol would ask a person.

SOMEBODY = Person()

# The rows of a timeline: one for each limit a dispute meets, in the words a Business Manager checks it by.


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """``due`` is the clock's own limit; ``effective`` what holds after agreed and protective dates and caps."""

    clock: str
    stage: str
    label: str
    start: datetime
    due: datetime
    effective: datetime
    because: str
    working: tuple[DayCounted, ...] = ()


def timeline(
    protocol: Protocol, calendar: Calendar, start: datetime, events: Sequence[tuple[datetime, str]]
) -> list[TimelineRow]:
    """The timeline's rows, every limit of a dispute that starts at ``start``: the decision disputed, where the
    protocol counts from one.

    Raises ValueError for an event it cannot read, OutOfRange when the calendar ends first.
    """
    story = _told(protocol, calendar, start, events)
    return [*story.rows, *cap_rows(story.dispute, protocol, calendar)]


def where_it_stays(
    protocol: Protocol, calendar: Calendar, start: datetime, events: Sequence[tuple[datetime, str]]
) -> tuple[str, str]:
    """The stage in which a timeline comes to rest, and why it goes no further there, in words: "nothing limits Stage 1
    until somebody writes that they met or spoke"; "" where it ended, or somebody must be asked."""
    dispute = _told(protocol, calendar, start, events).dispute
    limit = own_limit(dispute, protocol, calendar)
    stays = dispute.state is State.OPEN and limit is None
    return dispute.stage, nothing_limits(protocol, dispute.stage) if stays else ""


def _told(protocol: Protocol, calendar: Calendar, start: datetime, events: Sequence[tuple[datetime, str]]) -> "_Story":
    """The timeline's story, told to its end."""
    said = sorted((read_timeline_event(protocol, at, words) for at, words in events), key=lambda one: one.at)
    story = _Story(protocol, calendar, _opened(protocol, calendar, start, said), [])
    story.enter_rows()
    queue = [one for one in said if one.told not in (TimelineTold.RAISED, TimelineTold.OPENED)]
    while True:
        moves = story.next_move(queue)
        if queue and (moves is None or queue[0].at <= moves[0]):
            story.happens(queue.pop(0))
        elif moves is not None:
            story.moves_up(*moves)
        else:
            break
    story.leave_rows(None)
    return story


# What happened, said in a line ("stage 2 entered", "both sides agree 2026-09-16"), read into ``Said``.
#
# These are the words of ``mailbot timeline --event``: few, and each read whole. A line that is not one of them is
# refused with the nearest that is, for a rehearsal that quietly leaves something out is worse than none.


class TimelineTold(Enum):
    RAISED = auto()
    OPENED = auto()
    ENTERED = auto()
    PROTECTIVE = auto()
    PROPOSES = auto()
    AGREES = auto()
    BOTH_AGREE = auto()
    FIELD = auto()
    ACT = auto()
    CLOCK_DONE = auto()
    RESOLVED = auto()
    OBJECTED = auto()


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    at: datetime
    told: TimelineTold
    stage: str = ""
    on: date | None = None
    side: Side = Side.RAISING
    reply: bool = False
    text: str = ""
    key: str = ""


def _opened(protocol: Protocol, calendar: Calendar, start: datetime, said: list[TimelineEvent]) -> Dispute:
    first = next((one for one in said if one.told is TimelineTold.OPENED), None)
    raising = next(iter(raising_clocks(protocol, first.stage if first else protocol.usual_start())), None)
    raised = next((one.at for one in said if one.told is TimelineTold.RAISED), None)
    if raised is None and raising is not None:
        limit, _ = after(calendar, protocol.counting, start, raising.within)
        moved = [one.at for one in said if one.told is not TimelineTold.FIELD]
        raised = max(start, min([limit, *moved]))
    raised = raised or start
    stage, begins = (first.stage, max(raised, first.at)) if first else (protocol.usual_start(), raised)
    decision = calendar.local(start) if raising is not None else None
    opened = e.DisputeOpened(
        at=begins,
        reference="",
        partnership="",
        protocol=protocol.id,
        version=protocol.version,
        raised=raised,
        raiser=SOMEBODY,
        raising="",
        decision_on=decision.date() if decision else None,
    )
    exact = [e.FieldRecorded(at=begins, key="decision_at", value=decision.isoformat())] if decision else []
    return fold([opened, *exact, e.StageEntered(at=begins, stage=stage, how=OPENING)])


@dataclass(slots=True)
class _Story:
    """The dispute as far as it has been told, and the rows so far."""

    protocol: Protocol
    calendar: Calendar
    dispute: Dispute
    rows: list[TimelineRow]

    def next_move(self, queue: list[TimelineEvent]) -> tuple[datetime, str, Limit] | None:
        """When, and to which stage, the timeline's dispute moves on by itself; None where it stays or
        is said to go elsewhere."""
        limit = own_limit(self.dispute, self.protocol, self.calendar)
        caps = [cap for cap in cap_limits(self.dispute, self.protocol, self.calendar) if cap.holds > self._since()]
        limit = limit or min(caps, key=lambda cap: cap.holds, default=None)
        if limit is None or self.dispute.state is not State.OPEN:
            return None
        order = self.protocol.order()
        to = self.protocol.stages[self.dispute.stage].next
        cap = self.protocol.caps.get(limit.held_by)
        if cap is not None and cap.then and to and order.index(cap.then) > order.index(to):
            to = cap.then
        ahead = next((one.stage for one in queue if one.told is TimelineTold.ENTERED), None)
        if not to or (ahead is not None and order.index(to) >= order.index(ahead)):
            return None
        return limit.holds, to, limit

    def _since(self) -> datetime:
        return self.dispute.visit.entered

    def moves_up(self, at: datetime, to: str, limit: Limit) -> None:
        """The timeline's dispute moves on at the limit. Stages that a cap steps over are shown too, for a
        person may still use them."""
        here = self.protocol.order().index(self.dispute.stage)
        skipped = self.protocol.order()[here + 1 : self.protocol.order().index(to)]
        self.leave_rows(None)
        for stage in skipped:
            beside = replace(self, dispute=self.dispute.after(e.StageEntered(at=at, stage=stage, how="limit")), rows=[])
            beside.leave_rows(f"stepped over: {limit.held_by} points to {self.protocol.stage_name(to)}")
            self.rows += beside.rows
        self._enter(at, to, "limit")

    def _enter(self, at: datetime, stage: str, how: str) -> None:
        self.dispute = self.dispute.after(e.StageEntered(at=at, stage=stage, how=how))
        self.enter_rows()

    def happens(self, one: TimelineEvent) -> None:
        if one.told is TimelineTold.ENTERED:
            if one.stage != self.dispute.stage:
                limit = own_limit(self.dispute, self.protocol, self.calendar)
                early = limit is not None and one.at < limit.holds
                entered = f"{self.protocol.stage_name(one.stage)} was entered {spoken(self.calendar, one.at)}"
                self.leave_rows(f"not used: {entered}" if early else None)
                self._enter(one.at, one.stage, "asked")
            return
        for event in _events(self.dispute, self.protocol, one):
            self.dispute = self.dispute.after(event)
        if one.told is TimelineTold.FIELD and one.key == "child_status":
            self._notices(one.at, Happening.STATUS_KNOWN)

    def enter_rows(self) -> None:
        self._notices(self.dispute.visit.entered, Happening.STAGE_ENTERED)

    def _notices(self, at: datetime, when: Happening) -> None:
        for notice in self.protocol.notices.values():
            if falls_due(notice, when, self.dispute, self.protocol) and not self._was_told(notice):
                self.rows.append(notice_row(notice, self.protocol, self.dispute.stage, at, when))

    def _was_told(self, notice: NoticeRule) -> bool:
        """Did a notice go out earlier in the timeline? One that waits for a status goes once,
        whenever it becomes known."""
        waits = Happening.STATUS_KNOWN in (notice.when, notice.or_when)
        return waits and any(row.clock == f"notice {notice.id}" for row in self.rows)

    def leave_rows(self, unused: str | None) -> None:
        """The timeline's rows of the stage that ends here; ``unused`` says why its limits did not matter in the end."""
        dispute, protocol, calendar = self.dispute, self.protocol, self.calendar
        clocks = {clock.id for clock in protocol.clocks_of(dispute.stage)}
        found = [limit for limit in limits(dispute, protocol, calendar) if limit.clock in clocks and limit.stage]
        ends = own_limit(dispute, protocol, calendar)
        self.rows += [timeline_row(limit, unused if limit.done is None else None) for limit in found]
        if ends is None:
            return
        self.rows += if_resolved(dispute, protocol, calendar, ends, {limit.clock for limit in found})
        self.rows += [
            one for route in protocol.routes.values() for one in route_rows(route, dispute, protocol, calendar, ends)
        ]
        if unused is None:
            for notice in protocol.notices.values():
                if notice.when is Happening.LIMIT_PASSED and dispute.stage in (notice.stages or protocol.order()):
                    self.rows.append(notice_row(notice, protocol, dispute.stage, ends.holds, notice.when))


def _events(dispute: Dispute, protocol: Protocol, one: TimelineEvent) -> Iterator[e.Event]:
    at, stage = one.at, dispute.stage
    clock = _clock_meant(protocol, stage, one)
    if one.told is TimelineTold.PROTECTIVE and one.on:
        yield e.ProtectiveDateSet(at=at, on=one.on, side=one.side, by=SOMEBODY)
    elif one.told is TimelineTold.BOTH_AGREE and one.on:
        yield e.DateAgreed(at=at, stage=stage, clock=clock, on=one.on)
    elif one.told in (TimelineTold.PROPOSES, TimelineTold.AGREES) and one.on:
        put = dispute.open_date
        if one.told is TimelineTold.AGREES and put and put.on == one.on and put.side is not one.side:
            yield e.DateAgreed(at=at, stage=stage, clock=put.clock, on=one.on)
        else:  # agreeing to what nobody proposed is itself a proposal: one side alone moves nothing
            yield e.DateProposed(at=at, stage=stage, clock=clock, on=one.on, side=one.side, by=SOMEBODY)
    elif one.told is TimelineTold.FIELD:
        yield e.FieldRecorded(at=at, key=one.key, value=one.text)
    elif one.told is TimelineTold.CLOCK_DONE:
        yield e.ActDone(at=at, clock=one.text)
    elif one.told is TimelineTold.RESOLVED:
        yield e.ResolutionProposed(at=at, stage=stage, side=one.side, by=SOMEBODY, agreed="")
    elif one.told is TimelineTold.OBJECTED:
        yield e.ResolutionObjected(at=at, side=one.side, by=SOMEBODY)
    else:
        yield from _acts(dispute, protocol, one)


def _acts(dispute: Dispute, protocol: Protocol, one: TimelineEvent) -> Iterator[e.Event]:
    act = Happening(next(h.value for h in Happening if h.value.casefold() == one.text.casefold()))
    if act is Happening.CONFIRMED:
        yield from (e.ResolutionConfirmed(at=one.at, side=side, by=SOMEBODY) for side in (Side.RAISING, Side.RECEIVING))
    elif act is Happening.BROUGHT_TO_CHAIR:
        chair = (route for route in protocol.routes.values() if any(clock.start is act for clock in route.clocks))
        yield from (e.RouteTaken(at=one.at, route=route.id, by=SOMEBODY) for route in chair)
    elif act is Happening.MET:
        yield e.MeetingHeld(at=one.at, on=one.at.date(), by=SOMEBODY)
    yield from (
        e.ActDone(at=one.at, clock=clock.id) for clock in protocol.clocks_of(dispute.stage) if clock.done_when is act
    )


def _clock_meant(protocol: Protocol, stage: str, one: TimelineEvent) -> str:
    """The clock that a date in a timeline's line is for: "for the reply", the one that a reply ends; any other date,
    the one that ends the stage."""
    if one.reply:
        replies = (clock.id for clock in protocol.clocks_of(stage) if clock.done_when is Happening.REPLIED)
        return next(replies, "")
    clock = deciding_clock(protocol, stage)
    return clock.id if clock else ""


def timeline_row(limit: Limit, unused: str | None) -> TimelineRow:
    late = "; done late" if limit.done is not None and limit.done > limit.holds else ""
    because = f"{unused}; its own limit: {limit.because}" if unused else limit.because + late
    return TimelineRow(
        limit.clock, limit.stage, limit.label, limit.start, limit.own, limit.holds, because, limit.working
    )


def if_resolved(
    dispute: Dispute, protocol: Protocol, calendar: Calendar, ends: Limit, shown: set[str]
) -> Iterator[TimelineRow]:
    """The timeline's rows of clocks that only a resolution starts, as if it came at the stage's limit; of those that
    start where another one was kept by resolving it, as if it came at that one's."""
    running = {limit.clock: limit for limit in limits(dispute, protocol, calendar)}
    for clock in protocol.clocks_of(dispute.stage):
        first = protocol.clocks.get(clock.of)
        kept = clock.start is Happening.CLOCK_KEPT and first is not None and first.done_when is Happening.RESOLVED
        if kept and first is not None and first.id in running and clock.id not in shown:
            at = running[first.id].holds
            due, working = after(calendar, protocol.counting, at, clock.within, "the day it is resolved")
            because = f'{clock.within.text} after "{first.label}" is done in its time'
            label = f"If resolved at the limit of “{first.label}”: {clock.label}"
            yield TimelineRow(clock.id, dispute.stage, label, at, due, due, because, working)
        if clock.start is Happening.RESOLVED and clock.id not in shown:
            due, working = after(calendar, protocol.counting, ends.holds, clock.within, "the day it is resolved")
            label = f"If resolved at the limit of {protocol.stage_name(dispute.stage)}: {clock.label}"
            because = f"{clock.within.text} after that, outside the cumulative count"
            yield TimelineRow(clock.id, dispute.stage, label, ends.holds, due, due, because, working)


def route_rows(
    route: Route, dispute: Dispute, protocol: Protocol, calendar: Calendar, ends: Limit
) -> Iterator[TimelineRow]:
    """The timeline's rows of a route's clocks, one after the other, from the limit of the last
    stage it leads out of."""
    if dispute.stage != (route.stages or protocol.order())[-1]:
        return
    start = ends.holds
    taken = next((at for name, at in dispute.routes if name == route.id), None)
    for clock in route.clocks:
        if clock.start is Happening.BROUGHT_TO_CHAIR and taken is not None:
            start = taken
        if clock.start is Happening.DECISION_MADE:  # told with the steps of the route, and no step of the dispute
            continue
        limit = route_limit(protocol, calendar, route.id, clock, start)
        label = f"{route.name}: {limit.label}"
        yield TimelineRow(
            f"route {limit.clock}", "", label, limit.start, limit.own, limit.holds, limit.because, limit.working
        )
        start = limit.holds


def cap_rows(dispute: Dispute, protocol: Protocol, calendar: Calendar) -> Iterator[TimelineRow]:
    for cap in protocol.caps.values():
        limit = cap_limit(dispute, protocol, calendar, cap)
        yield TimelineRow(
            f"cap {cap.id}",
            "",
            f"Overall: {cap.label}",
            limit.start,
            limit.own,
            limit.holds,
            limit.because,
            limit.working,
        )
        if cap.then:
            label = f"Refer to {protocol.stage_name(cap.then)}"
            because = f'"{cap.label}" ends, and what is not resolved goes to {protocol.stage_name(cap.then)}'
            yield TimelineRow(f"cap {cap.id} refer", cap.then, label, limit.start, limit.own, limit.holds, because)


def falls_due(notice: NoticeRule, when: Happening, dispute: Dispute, protocol: Protocol) -> bool:
    """Does a notice come up in the timeline here? One that waits for a status goes at the first stage it names or any
    later one, as soon as both are so."""
    waits = Happening.STATUS_KNOWN in (notice.when, notice.or_when)
    if notice.when not in (Happening.STAGE_ENTERED, Happening.STATUS_KNOWN) or not (waits or notice.when is when):
        return False
    order = protocol.order()
    stages = notice.stages or order
    if waits:
        stages = order[min(order.index(stage) for stage in stages) :]
    return dispute.stage in stages and condition_holds(notice.condition, dispute)


def notice_row(notice: NoticeRule, protocol: Protocol, stage: str, at: datetime, when: Happening) -> TimelineRow:
    to = [protocol.roles[name].title if name in protocol.roles else name for name in notice.to]
    label = f"Notify {', '.join(dict.fromkeys(to))}: {protocol.stage_name(stage)} {_NOTED[when]}"
    because = {Happening.STATUS_KNOWN: "as soon as the child's status is known"}.get(when, f"{_NOTED[when]}")
    because = f"on entering {protocol.stage_name(stage)}" if when is Happening.STAGE_ENTERED else because
    return TimelineRow(f"notice {notice.id}", stage, label, at, at, at, because)


_NOTED = {
    Happening.STAGE_ENTERED: "reached",
    Happening.LIMIT_PASSED: "limit passed",
    Happening.STATUS_KNOWN: "and the child's status is known",
}
ACTS = (
    Happening.REFERRED,
    Happening.REPRESENTATIVE_TOLD,
    Happening.REPLIED,
    Happening.FORM_SENT,
    Happening.FORM_COMPLETE,
    Happening.CONFIRMED,
    Happening.BROUGHT_TO_CHAIR,
    Happening.MET,
)
_STAGE = r"(?:stage|step|level) (?P<stage>\S+)"
_DATE = r"(?P<on>\d{4}-\d{2}-\d{2})"
_SIDE = r"(?P<side>raising|receiving) side"
_REPLY = r"(?P<reply> for the reply)?"
_PHRASES: tuple[tuple[TimelineTold, re.Pattern[str], str], ...] = tuple(
    (told, re.compile(pattern, re.IGNORECASE), example)
    for told, pattern, example in (
        (TimelineTold.RAISED, r"(?:dispute )?raised", "raised"),
        (TimelineTold.OPENED, rf"opened at {_STAGE}", "opened at stage 1"),
        (TimelineTold.ENTERED, rf"{_STAGE} (?:is |was )?entered", "stage 2 entered"),
        (TimelineTold.ENTERED, rf"(?:referred|moved|moved up|escalated) to {_STAGE}", "referred to stage 4"),
        (
            TimelineTold.PROTECTIVE,
            rf"protective date(?: is)? {_DATE}(?: by the {_SIDE})?",
            "protective date 2026-09-10",
        ),
        (TimelineTold.PROPOSES, rf"{_SIDE} proposes {_DATE}{_REPLY}", "raising side proposes 2026-09-24"),
        (
            TimelineTold.AGREES,
            rf"{_SIDE} (?:agrees|accepts)(?: to)? {_DATE}{_REPLY}",
            "receiving side agrees 2026-09-24",
        ),
        (TimelineTold.BOTH_AGREE, rf"both sides agree(?: on)? {_DATE}{_REPLY}", "both sides agree 2026-09-16"),
        (
            TimelineTold.FIELD,
            r"(?P<key>child status|urgency) (?:is|becomes) (?P<text>.+)",
            "child status is looked after",
        ),
        (TimelineTold.ACT, rf"(?P<text>{'|'.join(act.value for act in ACTS)})", "referred in writing"),
        (TimelineTold.CLOCK_DONE, r"clock (?P<text>\S+) done", "clock s3-refer done"),
        (TimelineTold.RESOLVED, r"resolved", "resolved"),
        (TimelineTold.OBJECTED, rf"{_SIDE} objects", "raising side objects"),
    )
)
EXAMPLES = tuple(dict.fromkeys((*(example for _, _, example in _PHRASES), *(act.value for act in ACTS))))


def read_timeline_event(protocol: Protocol, at: datetime, words: str) -> TimelineEvent:
    """The event that a line of the timeline says. Raises ValueError, with the nearest phrase that is known, for words
    that are none of these."""
    plain = " ".join(words.split()).rstrip(".")
    for told, pattern, _ in _PHRASES:
        if found := pattern.fullmatch(plain):
            return _said(protocol, at, told, found.groupdict(default=""), words)
    near = difflib.get_close_matches(plain.casefold(), EXAMPLES, n=1, cutoff=0.3)
    hint = f'did you mean "{near[0]}"?' if near else f"known are: {'; '.join(EXAMPLES)}"
    raise ValueError(f'"{words}" is not something a timeline knows: {hint}')


def _said(protocol: Protocol, at: datetime, told: TimelineTold, found: dict[str, str], words: str) -> TimelineEvent:
    side = Side(found["side"].casefold()) if found.get("side") else Side.RAISING
    text = found.get("text", "")
    if told is TimelineTold.CLOCK_DONE and text not in protocol.clocks:
        raise ValueError(f'"{words}": there is no clock "{text}"; the clocks are {_listed(protocol.clocks)}')
    try:
        on = date.fromisoformat(found["on"]) if found.get("on") else None
    except ValueError:
        raise ValueError(f'"{words}": {found["on"]} is not a date') from None
    stage = _stage(protocol, found["stage"], words) if found.get("stage") else ""
    key = found.get("key", "").casefold().replace(" ", "_")
    return TimelineEvent(at, told, stage, on, side, bool(found.get("reply")), text, key)


def _stage(protocol: Protocol, named: str, words: str) -> str:
    """A stage by its id or by the number it shows."""
    for stage in protocol.stages.values():
        if named.casefold() in (stage.id.casefold(), stage.shown_as.casefold()):
            return stage.id
    word = protocol.stage_word.casefold()
    raise ValueError(f'"{words}": there is no {word} {named}; the {word}s are {_listed(protocol.stages)}')


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
