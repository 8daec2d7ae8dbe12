"""A dispute rehearsed from its first day to its last limit: every limit with its working, before anybody has written.

The rehearsal makes real events and folds a real dispute, so what it shows is what the rules do. With nothing said to
happen, every stage runs to its limit and the dispute moves on there, also where the protocol would ask a person.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mailbot.core.clocks.calendar import Calendar, after
from mailbot.core.clocks.limits import Limit, cap_limits, deciding_clock, limits, own_limit, spoken
from mailbot.core.clocks.timeline_rows import Row, cap_rows, falls_due, if_resolved, notice_row, route_rows, row
from mailbot.core.clocks.timeline_words import Said, Told, read
from mailbot.core.clocks.working import OPENING
from mailbot.core.happened import events as e
from mailbot.core.happened.dispute import Dispute, fold
from mailbot.core.happened.intents import Person
from mailbot.core.happened.parts import State
from mailbot.core.procedure.closed_lists import Happening, Side
from mailbot.core.procedure.protocol import NoticeRule, Protocol

SOMEBODY = Person()


def timeline(
    protocol: Protocol, calendar: Calendar, start: datetime, events: Sequence[tuple[datetime, str]]
) -> list[Row]:
    """Every limit of a dispute that starts at ``start``: the decision disputed, where the protocol counts from one.

    Raises ValueError for an event it cannot read, OutOfRange when the calendar ends first.
    """
    said = sorted((read(protocol, at, words) for at, words in events), key=lambda one: one.at)
    story = _Story(protocol, calendar, _opened(protocol, calendar, start, said), [])
    story.enter_rows()
    queue = [one for one in said if one.told not in (Told.RAISED, Told.OPENED)]
    while True:
        moves = story.next_move(queue)
        if queue and (moves is None or queue[0].at <= moves[0]):
            story.happens(queue.pop(0))
        elif moves is not None:
            story.moves_up(*moves)
        else:
            break
    story.leave_rows(None)
    return [*story.rows, *cap_rows(story.dispute, protocol, calendar)]


def _opened(protocol: Protocol, calendar: Calendar, start: datetime, said: list[Said]) -> Dispute:
    raising = next((clock for clock in protocol.clocks.values() if clock.start is Happening.DECISION_MADE), None)
    raised = next((one.at for one in said if one.told is Told.RAISED), None)
    if raised is None and raising is not None:
        limit, _ = after(calendar, protocol.counting, start, raising.within)
        moved = [one.at for one in said if one.told is not Told.FIELD]
        raised = max(start, min([limit, *moved]))
    raised = raised or start
    first = next((one for one in said if one.told is Told.OPENED), None)
    stage, begins = (first.stage, max(raised, first.at)) if first else (protocol.usual_start(), raised)
    decision = calendar.local(start) if raising is not None else None
    opened = e.DisputeOpened(
        at=begins, reference="", partnership="", protocol=protocol.id, version=protocol.version, raised=raised,
        raiser=SOMEBODY, raising="", decision_on=decision.date() if decision else None,
    )  # fmt: skip
    exact = [e.FieldRecorded(at=begins, key="decision_at", value=decision.isoformat())] if decision else []
    return fold([opened, *exact, e.StageEntered(at=begins, stage=stage, how=OPENING)])


@dataclass(slots=True)
class _Story:
    """The dispute as far as it has been told, and the rows so far."""

    protocol: Protocol
    calendar: Calendar
    dispute: Dispute
    rows: list[Row]

    def next_move(self, queue: list[Said]) -> tuple[datetime, str, Limit] | None:
        """When, and to which stage, the dispute moves on by itself; None where it stays or is said to go elsewhere."""
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
        ahead = next((one.stage for one in queue if one.told is Told.ENTERED), None)
        if not to or (ahead is not None and order.index(to) >= order.index(ahead)):
            return None
        return limit.holds, to, limit

    def _since(self) -> datetime:
        return self.dispute.visit.entered

    def moves_up(self, at: datetime, to: str, limit: Limit) -> None:
        """On at the limit. Stages that a cap steps over are shown too, for a person may still use them."""
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

    def happens(self, one: Said) -> None:
        if one.told is Told.ENTERED:
            if one.stage != self.dispute.stage:
                limit = own_limit(self.dispute, self.protocol, self.calendar)
                early = limit is not None and one.at < limit.holds
                entered = f"{self.protocol.stage_name(one.stage)} was entered {spoken(self.calendar, one.at)}"
                self.leave_rows(f"not used: {entered}" if early else None)
                self._enter(one.at, one.stage, "asked")
            return
        for event in _events(self.dispute, self.protocol, one):
            self.dispute = self.dispute.after(event)
        if one.told is Told.FIELD and one.key == "child_status":
            self._notices(one.at, Happening.STATUS_KNOWN)

    def enter_rows(self) -> None:
        self._notices(self.dispute.visit.entered, Happening.STAGE_ENTERED)

    def _notices(self, at: datetime, when: Happening) -> None:
        for notice in self.protocol.notices.values():
            if falls_due(notice, when, self.dispute, self.protocol) and not self._was_told(notice):
                self.rows.append(notice_row(notice, self.protocol, self.dispute.stage, at, when))

    def _was_told(self, notice: NoticeRule) -> bool:
        """A notice that waits for a status goes once, whenever it becomes known."""
        waits = Happening.STATUS_KNOWN in (notice.when, notice.or_when)
        return waits and any(row.clock == f"notice {notice.id}" for row in self.rows)

    def leave_rows(self, unused: str | None) -> None:
        """The rows of the stage that ends here; ``unused`` says why its limits did not matter in the end."""
        dispute, protocol, calendar = self.dispute, self.protocol, self.calendar
        clocks = {clock.id for clock in protocol.clocks_of(dispute.stage)}
        found = [limit for limit in limits(dispute, protocol, calendar) if limit.clock in clocks and limit.stage]
        ends = own_limit(dispute, protocol, calendar)
        self.rows += [row(limit, unused if limit.done is None else None) for limit in found]
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


def _events(dispute: Dispute, protocol: Protocol, one: Said) -> Iterator[e.Event]:
    at, stage = one.at, dispute.stage
    clock = _clock_meant(protocol, stage, one)
    if one.told is Told.PROTECTIVE and one.on:
        yield e.ProtectiveDateSet(at=at, on=one.on, side=one.side, by=SOMEBODY)
    elif one.told is Told.BOTH_AGREE and one.on:
        yield e.DateAgreed(at=at, stage=stage, clock=clock, on=one.on)
    elif one.told in (Told.PROPOSES, Told.AGREES) and one.on:
        put = dispute.open_date
        if one.told is Told.AGREES and put and put.on == one.on and put.side is not one.side:
            yield e.DateAgreed(at=at, stage=stage, clock=put.clock, on=one.on)
        else:  # agreeing to what nobody proposed is itself a proposal: one side alone moves nothing
            yield e.DateProposed(at=at, stage=stage, clock=clock, on=one.on, side=one.side, by=SOMEBODY)
    elif one.told is Told.FIELD:
        yield e.FieldRecorded(at=at, key=one.key, value=one.text)
    elif one.told is Told.CLOCK_DONE:
        yield e.ActDone(at=at, clock=one.text)
    elif one.told is Told.RESOLVED:
        yield e.ResolutionProposed(at=at, stage=stage, side=one.side, by=SOMEBODY, agreed="")
    elif one.told is Told.OBJECTED:
        yield e.ResolutionObjected(at=at, side=one.side, by=SOMEBODY)
    elif one.told is Told.ACT:
        yield from _acts(dispute, protocol, one)


def _acts(dispute: Dispute, protocol: Protocol, one: Said) -> Iterator[e.Event]:
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


def _clock_meant(protocol: Protocol, stage: str, one: Said) -> str:
    """A date "for the reply" is for the clock that a reply ends; any other for the clock that ends the stage."""
    if one.reply:
        replies = (clock.id for clock in protocol.clocks_of(stage) if clock.done_when is Happening.REPLIED)
        return next(replies, "")
    clock = deciding_clock(protocol, stage)
    return clock.id if clock else ""
