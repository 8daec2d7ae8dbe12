"""When a clock starts: each happening that can start one, and where a dispute holds the instant of it.

A happening that is not in ``STARTS`` cannot start a clock; the protocol reader refuses a file that asks for it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from mailbot.core.clocks.acts import done_at
from mailbot.core.clocks.calendar import Calendar, after
from mailbot.core.happened import events as e
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.parts import Visit
from mailbot.core.procedure.closed_lists import Happening, Length, Unit
from mailbot.core.procedure.protocol import Clock, Protocol

OPENING = "opening"


def decided(dispute: Dispute, calendar: Calendar) -> datetime:
    """When the decision that is disputed was made; the raising where nobody said (WO table row 1, "the disagreement or
    receipt of a decision"). A day without an hour counts from its morning."""
    if dispute.decision_on is None:
        return dispute.raised
    known = dispute.fields.get("decision_at", "")
    if known.startswith(dispute.decision_on.isoformat()):
        return datetime.fromisoformat(known)
    return calendar.morning_of(dispute.decision_on)


def entered(dispute: Dispute, visit: Visit) -> datetime:
    """The instant a stage's clocks count from. Whoever opened the dispute has made that the practitioner's email; one
    opened at a later stage counts that stage from its own email, and only the caps from the Stage 1 it states."""
    return visit.entered


def act_done(dispute: Dispute, clock: Clock, protocol: Protocol) -> datetime | None:
    """When this clock's act was done during the present stay; None while it is not."""
    if clock.start is Happening.DECISION_MADE and clock.done_when in (None, Happening.RAISED):
        return dispute.raised  # what this clock asks for is the raising itself
    if clock.done_when is Happening.CONFIRMED and dispute.is_confirmed:
        return _last(dispute, e.ResolutionConfirmed)
    return done_at(dispute, clock, protocol)


def _last(dispute: Dispute, kind: type[e.Event]) -> datetime | None:
    return next((event.at for event in reversed(dispute.history) if isinstance(event, kind)), None)


def _status_known(dispute: Dispute, clock: Clock, protocol: Protocol) -> datetime | None:
    told = (event for event in dispute.history if isinstance(event, e.FieldRecorded) and event.key == "child_status")
    return next((event.at for event in told), None)


def _by_act(happening: Happening) -> Callable[[Dispute, Clock, Protocol], datetime | None]:
    """The instant some clock's act, told by ``happening``, was done."""

    def found(dispute: Dispute, clock: Clock, protocol: Protocol) -> datetime | None:
        acts = (other.id for other in protocol.clocks.values() if other.done_when is happening)
        return next((dispute.done[act] for act in acts if act in dispute.done), None)

    return found


# DECISION_MADE, STAGE_ENTERED and CLOCK_DONE need the calendar or the visit, and are answered in ``limits``.
STARTS: Mapping[Happening, Callable[[Dispute, Clock, Protocol], datetime | None]] = MappingProxyType(
    {
        Happening.RAISED: lambda dispute, clock, protocol: dispute.raised,
        Happening.RESOLVED: lambda dispute, clock, protocol: dispute.proposal.at if dispute.proposal else None,
        Happening.MET: lambda dispute, clock, protocol: _last(dispute, e.MeetingHeld),
        Happening.STATUS_KNOWN: _status_known,
        Happening.REPLIED: _by_act(Happening.REPLIED),
        Happening.REFERRED: _by_act(Happening.REFERRED),
        Happening.REPRESENTATIVE_TOLD: _by_act(Happening.REPRESENTATIVE_TOLD),
        Happening.FORM_COMPLETE: _by_act(Happening.FORM_COMPLETE),
        Happening.FORM_SENT: _by_act(Happening.FORM_SENT),
    }
)
CAN_START_A_CLOCK = frozenset(STARTS) | {Happening.DECISION_MADE, Happening.STAGE_ENTERED, Happening.CLOCK_DONE}
CAN_START_A_CAP = frozenset({Happening.RAISED, Happening.DECISION_MADE})


def raised_late(dispute: Dispute, protocol: Protocol, calendar: Calendar, clock: Clock) -> bool:
    """The raising missed the time ``clock`` allows for it."""
    limit, _ = after(calendar, protocol.counting, decided(dispute, calendar), clock.within)
    return dispute.raised > limit


def overall_start(dispute: Dispute, protocol: Protocol, calendar: Calendar) -> datetime:
    """What cumulative figures count from: the decision where the protocol counts from one, else the raising.

    A dispute raised late counts from its raising, for otherwise every later step would be born overdue; that it was
    raised late is reported.
    """
    raising = [clock for clock in protocol.clocks.values() if clock.start is Happening.DECISION_MADE]
    if not raising or any(raised_late(dispute, protocol, calendar, clock) for clock in raising):
        return dispute.raised
    return decided(dispute, calendar)


def most(dispute: Dispute, protocol: Protocol, calendar: Calendar, clock: Clock) -> datetime | None:
    """The latest a cumulative figure lets this clock run; None without one. The clock for the raising keeps its own."""
    if clock.cumulative is None:
        return None
    late_is_its_own = clock.start is Happening.DECISION_MADE
    start = decided(dispute, calendar) if late_is_its_own else overall_start(dispute, protocol, calendar)
    days = Length(clock.cumulative, Unit.WORKING_DAYS, f"{clock.cumulative} working days")
    return after(calendar, protocol.counting, start, days)[0]
