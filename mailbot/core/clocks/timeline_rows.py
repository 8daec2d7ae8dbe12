"""The rows of a timeline: one for each limit a dispute meets, in the words a Business Manager checks it by."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mailbot.core.clocks.calendar import Calendar, Step, after
from mailbot.core.clocks.limits import Limit, cap_limit, route_limit
from mailbot.core.happened.dispute import Dispute
from mailbot.core.procedure.closed_lists import Happening
from mailbot.core.procedure.protocol import NoticeRule, Protocol, Route
from mailbot.core.telling.demands import condition_holds


@dataclass(frozen=True, slots=True)
class Row:
    """``due`` is the clock's own limit; ``effective`` what holds after agreed and protective dates and caps."""

    clock: str
    stage: str
    label: str
    start: datetime
    due: datetime
    effective: datetime
    because: str
    working: tuple[Step, ...] = ()


def row(limit: Limit, unused: str | None) -> Row:
    late = "; done late" if limit.done is not None and limit.done > limit.holds else ""
    because = f"{unused}; its own limit: {limit.because}" if unused else limit.because + late
    return Row(limit.clock, limit.stage, limit.label, limit.start, limit.own, limit.holds, because, limit.working)


def if_resolved(
    dispute: Dispute, protocol: Protocol, calendar: Calendar, ends: Limit, shown: set[str]
) -> Iterator[Row]:
    """Clocks that only a resolution starts, as if it came at the stage's limit."""
    for clock in protocol.clocks_of(dispute.stage):
        if clock.start is Happening.RESOLVED and clock.id not in shown:
            due, working = after(calendar, protocol.counting, ends.holds, clock.within, "the day it is resolved")
            label = f"If resolved at the limit of {protocol.stage_name(dispute.stage)}: {clock.label}"
            because = f"{clock.within.text} after that, outside the cumulative count"
            yield Row(clock.id, dispute.stage, label, ends.holds, due, due, because, working)


def route_rows(route: Route, dispute: Dispute, protocol: Protocol, calendar: Calendar, ends: Limit) -> Iterator[Row]:
    """The clocks of a route, one after the other, from the limit of the last stage it leads out of."""
    if dispute.stage != (route.stages or protocol.order())[-1]:
        return
    start = ends.holds
    taken = next((at for name, at in dispute.routes if name == route.id), None)
    for clock in route.clocks:
        if clock.start is Happening.BROUGHT_TO_CHAIR and taken is not None:
            start = taken
        limit = route_limit(protocol, calendar, route.id, clock, start)
        label = f"{route.name}: {limit.label}"
        yield Row(f"route {limit.clock}", "", label, limit.start, limit.own, limit.holds, limit.because, limit.working)
        start = limit.holds


def cap_rows(dispute: Dispute, protocol: Protocol, calendar: Calendar) -> Iterator[Row]:
    for cap in protocol.caps.values():
        limit = cap_limit(dispute, protocol, calendar, cap)
        yield Row(
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
            yield Row(f"cap {cap.id} refer", cap.then, label, limit.start, limit.own, limit.holds, because)


def falls_due(notice: NoticeRule, when: Happening, dispute: Dispute, protocol: Protocol) -> bool:
    """A notice that waits for a status goes at the first stage it names or any later one, as soon as both are so."""
    waits = Happening.STATUS_KNOWN in (notice.when, notice.or_when)
    if notice.when not in (Happening.STAGE_ENTERED, Happening.STATUS_KNOWN) or not (waits or notice.when is when):
        return False
    order = protocol.order()
    stages = notice.stages or order
    if waits:
        stages = order[min(order.index(stage) for stage in stages) :]
    return dispute.stage in stages and condition_holds(notice.condition, dispute)


def notice_row(notice: NoticeRule, protocol: Protocol, stage: str, at: datetime, when: Happening) -> Row:
    to = [protocol.roles[name].title if name in protocol.roles else name for name in notice.to]
    label = f"Notify {', '.join(dict.fromkeys(to))}: {protocol.stage_name(stage)} {_NOTED[when]}"
    because = {Happening.STATUS_KNOWN: "as soon as the child's status is known"}.get(when, f"{_NOTED[when]}")
    because = f"on entering {protocol.stage_name(stage)}" if when is Happening.STAGE_ENTERED else because
    return Row(f"notice {notice.id}", stage, label, at, at, at, because)


_NOTED = {
    Happening.STAGE_ENTERED: "reached",
    Happening.LIMIT_PASSED: "limit passed",
    Happening.STATUS_KNOWN: "and the child's status is known",
}
