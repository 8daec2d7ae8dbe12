"""What time brings once a dispute is closed: actions come to their dates, the raiser is asked whether it happened, and
those who used the procedure are asked, once, how helpful it was.

As in ``due``, there is one list of moments, and each has a key that happens once. The keys carry the instant of the
closing: what was asked about one closing is not asked again when WRONG puts that closing back, and a dispute closed
again is followed up from its new closing.

Everything that has come by a tick makes one event of each kind, and people get one letter for all of them (G20). The
questions come after 10 and 20 working days (A6.13). The procedures give no figure: they ask how "outstanding issues are
followed up" (NSSCP, Recording), and two weeks and four are when an action agreed for the same week or the next has
either happened or been forgotten.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from mailbot.core.clocks.calendar import Calendar
from mailbot.core.decisions.afterwards import answer, asks_for_feedback, has_something_to_happen, may_be_asked
from mailbot.core.happened import afterwards as a
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.events import Event
from mailbot.core.happened.intents import Action
from mailbot.core.procedure.partnership import Partnership

FIRST, SECOND = 10, 20  # working days from the closing to each question whether it happened
# Not with the closing letter, which has enough to say, and while it is fresh.
FEEDBACK_AFTER = 2


class What(IntEnum):
    DATE_COMES = 1
    DATE_PASSED = 2
    ASK = 3
    ASK_AGAIN = 4
    FEEDBACK = 5


@dataclass(frozen=True, slots=True)
class Moment:
    """``on`` is the date that was agreed, where it is about one."""

    key: str
    at: datetime
    what: What
    on: date | None = None


def due(dispute: Dispute, partnership: Partnership, now: datetime) -> tuple[Event, ...]:
    """The events of every moment after the closing that has come by ``now`` and was not acted on."""
    come = [m for m in moments(dispute, partnership, now) if m.at <= now]

    def keys(*kinds: What) -> tuple[str, ...]:
        return tuple(m.key for m in come if m.what in kinds)

    def dates(kind: What) -> tuple[date, ...]:
        return tuple(m.on for m in come if m.what is kind and m.on)

    events: list[Event] = []
    if keys(What.DATE_COMES):
        events.append(a.ActionsReminded(at=now, keys=keys(What.DATE_COMES), on=dates(What.DATE_COMES)))
    if keys(What.DATE_PASSED):
        events.append(a.ActionsUnreported(at=now, keys=keys(What.DATE_PASSED), on=dates(What.DATE_PASSED)))
    if asked := keys(What.ASK, What.ASK_AGAIN):
        events.append(a.OutcomeAsked(at=now, keys=asked, last=bool(keys(What.ASK_AGAIN))))
    if not events and (feedback := keys(What.FEEDBACK)):
        events.append(a.FeedbackAsked(at=now, keys=feedback, of=tuple(may_be_asked(dispute, partnership))))
    return tuple(events)


def next_due(dispute: Dispute, partnership: Partnership, now: datetime) -> datetime | None:
    """When to look again; None once there is nothing left to follow up."""
    return min((m.at for m in moments(dispute, partnership, now)), default=None)


def moments(dispute: Dispute, partnership: Partnership, now: datetime) -> Iterator[Moment]:
    """Every moment after the closing that was not acted on yet, except reminders of a date that has passed already."""
    if dispute.closed is None:
        return
    for moment in (*_of_actions(dispute, partnership.calendar, now), *_questions(dispute, partnership),
                   *_feedback(dispute, partnership)):  # fmt: skip
        if moment.key not in dispute.settled:
            yield moment


def _key(dispute: Dispute, name: str) -> str:
    return f"after {dispute.closed.isoformat() if dispute.closed else ''}:{name}"


def _of_actions(dispute: Dispute, calendar: Calendar, now: datetime) -> Iterator[Moment]:
    """The morning of each date, and the working morning after it. A date on a closed day is reminded of on the working
    day before, when whoever is to do it is still at work; one that had come when it closed stood in that letter."""
    assert dispute.closed is not None
    ended = calendar.local(dispute.closed).date()
    for on in sorted({x.by for x in dispute.actions if x.by and not x.done}):
        day = on if calendar.is_working(on) else calendar.previous_working(on)
        morning = calendar.morning_of(day)
        if morning > dispute.closed and calendar.local(now).date() <= on:
            yield Moment(_key(dispute, f"date {on.isoformat()}"), morning, What.DATE_COMES, on)
        after = calendar.morning_of(calendar.next_working(max(on, ended)))
        yield Moment(_key(dispute, f"passed {on.isoformat()}"), after, What.DATE_PASSED, on)


def _questions(dispute: Dispute, partnership: Partnership) -> Iterator[Moment]:
    """No question before anything that was agreed can have happened: a truthful "not yet" would read as a no. After a
    yes only what was still to come then is asked about; a no is asked about again, for it may have happened since."""
    assert dispute.closed is not None
    if not has_something_to_happen(dispute, partnership.protocol):
        return
    said = answer(dispute)
    if said is not None and said.happened and all(x.done for x in dispute.actions):
        return
    calendar = partnership.calendar
    earliest = _earliest(dispute.actions)
    for what, number in ((What.ASK, FIRST), (What.ASK_AGAIN, SECOND)):
        day = calendar.nth_after(calendar.local(dispute.closed).date(), number)
        if earliest is not None and earliest >= day:
            day = calendar.next_working(earliest)
        yield Moment(_key(dispute, f"asked {number}"), calendar.morning_of(day), what)


def _earliest(actions: tuple[Action, ...]) -> date | None:
    """The first date on which something agreed is to have happened; None where anything has no date at all."""
    dates = [x.by for x in actions if x.by is not None]
    return min(dates) if dates and len(dates) == len(actions) else None


def _feedback(dispute: Dispute, partnership: Partnership) -> Iterator[Moment]:
    """Two working days after the closing, or after whatever else was written since: never with another letter."""
    assert dispute.closed is not None
    if not asks_for_feedback(dispute, partnership.protocol) or not may_be_asked(dispute, partnership):
        return
    ours = (a.ActionsReminded, a.ActionsUnreported, a.OutcomeAsked)
    last = max((p.at for p in dispute.history if isinstance(p, ours)), default=dispute.closed)
    calendar = partnership.calendar
    day = calendar.nth_after(calendar.local(max(last, dispute.closed)).date(), FEEDBACK_AFTER)
    yield Moment(_key(dispute, "feedback"), calendar.morning_of(day), What.FEEDBACK)
