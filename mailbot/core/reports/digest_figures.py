"""The figures of the digest, each measure with its definition; and the feedback, in its writers' words without
names.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record.dispute import Dispute
from mailbot.core.reports import measures as parts
from mailbot.core.reports import measures as whole
from mailbot.core.reports.digest_rows import Due
from mailbot.core.reports.measures import Period, Share, feedback, within_period

# The figures of the digest: what is looked at (bars, the days ahead, the last weeks) and what is read, each measure
# with its definition, because a number without one is argued over instead of acted on.

WEEKS = 8


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class DayAhead:
    """One of the seven days ahead. ``closed`` says why it is no working day, "" when it is one."""

    day: date
    due: int
    closed: str = ""


@dataclass(frozen=True, slots=True)
class WeekCount:
    """``start`` is the week's first day."""

    start: date
    raised: int
    closed: int
    by_limit: int


@dataclass(frozen=True, slots=True)
class Figure:
    label: str
    shown: str
    definition: str


@dataclass(frozen=True, slots=True)
class Figures:
    """``since``: from when the last weeks, and all in ``rows``, count."""

    stages: tuple[Bar, ...]
    days: tuple[DayAhead, ...]
    weeks: tuple[WeekCount, ...]
    moves: tuple[Bar, ...]
    drift: Share
    since: date
    rows: tuple[Figure, ...]

    @property
    def is_empty(self) -> bool:
        return not (
            any(bar.number for bar in self.stages) or any(w.raised or w.closed or w.by_limit for w in self.weeks)
        )


def figures(
    disputes: Sequence[Dispute],
    due: Sequence[Due],
    by: parts.CountedBy,
    week: Period,
    urgent_elsewhere: Sequence[datetime] = (),
) -> Figures:
    """The digest's figures: ``disputes`` as they stood at the end of ``week``; ``urgent_elsewhere``: when what
    was urgent in none came."""
    protocol, calendar = by.protocol, by.calendar
    weeks = last_weeks(calendar, week)
    since = weeks[0][0], week[1]
    made = parts.moves(disputes, since)
    by_limit = parts.moved_by_limit(disputes, since)
    return Figures(
        stages=open_by_stage(disputes, protocol),
        days=days_ahead(due, calendar, week[1]),
        weeks=tuple(
            WeekCount(
                calendar.local(one[0]).date(),
                len(whole.raised(disputes, one)),
                len(whole.closed_with_outcome(disputes, one)),
                parts.moved_by_limit(disputes, one).part,
            )
            for one in weeks
        ),
        moves=(
            Bar("By the limit: nobody had answered", by_limit.part),
            Bar("By a person", sum(move.how == "asked" for move in made)),
            Bar("Referred by a person", sum(move.how == "referred" for move in made)),
        ),
        drift=by_limit,
        since=calendar.local(since[0]).date(),
        rows=measured(disputes, protocol, calendar, by.limit_of, since, urgent_elsewhere),
    )


def last_weeks(calendar: Calendar, week: Period, count: int = WEEKS) -> tuple[Period, ...]:
    """The weeks that the digest's figures compare: ``week`` and those before it, the oldest first, each from the same
    hour of the clock on the wall."""
    local = calendar.local(week[0])
    starts = [calendar.at(local.date() - timedelta(days=7 * n), local.time()) for n in range(count - 1, 0, -1)]
    edges = [*starts, week[0], week[1]]
    return tuple((edges[n], edges[n + 1]) for n in range(count))


def open_by_stage(disputes: Sequence[Dispute], protocol: Protocol) -> tuple[Bar, ...]:
    here = [d.stage for d in disputes if d.is_open]
    return tuple(Bar(protocol.stage_name(stage), here.count(stage)) for stage in protocol.order())


def days_ahead(due: Sequence[Due], calendar: Calendar, now: datetime) -> tuple[DayAhead, ...]:
    """The digest's figure for each of the seven days from ``now``: how much falls due."""
    numbers = {one.day: len(one.rows) for one in due}
    days = (calendar.local(now).date() + timedelta(days=n) for n in range(7))
    return tuple(DayAhead(day, numbers.get(day, 0), calendar.why_closed(day)) for day in days)


def measured(
    disputes: Sequence[Dispute],
    protocol: Protocol,
    calendar: Calendar,
    limit_of: parts.LimitOf,
    period: Period,
    urgent_elsewhere: Sequence[datetime],
) -> tuple[Figure, ...]:
    """The digest's figures for a period: every measure, with how it is counted, and of what."""
    urgent = whole.urgent_messages(disputes, period) + sum(within_period(at, period) for at in urgent_elsewhere)
    return (
        *_how_it_ended(disputes, protocol, calendar, period),
        *_on_the_way(disputes, protocol, calendar, limit_of, period),
        *_records(disputes, protocol, calendar, period),
        Figure(
            "Urgent messages", str(urgent), "messages answered with the telephone numbers, whatever they proved to be"
        ),
        *_repeats(disputes, (period[1] - timedelta(days=365), period[1])),
    )


def _how_it_ended(
    disputes: Sequence[Dispute], protocol: Protocol, calendar: Calendar, period: Period
) -> tuple[Figure, ...]:
    closed = len(whole.closed_with_outcome(disputes, period))
    withdrawn = whole.closed_apart(disputes, period, whole.WITHDRAWN)
    outside = whole.closed_apart(disputes, period, whole.OUT_OF_SCOPE)
    stages = [whole.closing_stage(d) for d in whole.closed_with_outcome(disputes, period)]
    at = ", ".join(f"{stages.count(s)} at {protocol.stage_name(s)}" for s in protocol.order() if s in stages)
    formal = protocol.stage_name(protocol.formal_from)
    return (
        Figure("Raised", str(len(whole.raised(disputes, period))), "by the date raised, not when it was first seen"),
        Figure(
            "Closed with an outcome",
            f"{closed}: {at}" if at else "0",
            f"by the stage at which the outcome was recorded. Apart from these: {withdrawn} withdrawn, "
            f"{outside} out of scope",
        ),
        Figure(
            "Resolved by practitioners or first managers",
            whole.resolved_before_formal(disputes, period, protocol).shown,
            f"closed before {formal}, of those closed with an outcome",
        ),
        Figure(
            "Working days to resolution",
            whole.time_to_resolution(disputes, period, calendar).shown,
            "from the day raised to the day closed; the same day is 0",
        ),
    )


def _on_the_way(
    disputes: Sequence[Dispute], protocol: Protocol, calendar: Calendar, limit_of: parts.LimitOf, period: Period
) -> tuple[Figure, ...]:
    ended = parts.visits_ended(disputes, period, limit_of)
    beyond = tuple(dict.fromkeys(visit.reference for visit in ended if visit.beyond))
    later = f". Within a later date both sides agreed: {', '.join(beyond)}" if beyond else ""
    answers = whole.first_answers(disputes, period, protocol, calendar)
    late = whole.raised_after_its_time(disputes, period, protocol, calendar)
    shown = Share(len(late[0]), late[1]).shown if late else ""
    which = f": {', '.join(late[0])}" if late and late[0] else ""
    return (
        Figure(
            "Within the limit",
            Share(sum(v.is_within for v in ended), len(ended)).shown,
            f"stages that ended on or before their limit, of those that ended; one the limit ended is not{later}",
        ),
        Figure(
            "Moved by the limit",
            parts.moved_by_limit(disputes, period).shown,
            "moves because nobody had answered, of all moves",
        ),
        Figure(
            "Working days to the first answer",
            f"{answers.days.shown}; {answers.waiting} not answered yet",
            "from the notice to the other side's first message, for those opened",
        ),
        *(
            (
                Figure(
                    "Raised late",
                    f"{shown}{which}",
                    "after the procedure's own time for raising, of those with a date of decision",
                ),
            )
            if late
            else ()
        ),
    )


def _records(disputes: Sequence[Dispute], protocol: Protocol, calendar: Calendar, period: Period) -> tuple[Figure, ...]:
    return (
        Figure(
            "Confirmed in writing",
            whole.confirmed_in_writing(disputes, period).shown,
            "closed with both sides' word, of those closed as resolved",
        ),
        Figure(
            "Complete record",
            whole.complete_record(disputes, period, protocol).shown,
            "every box due is filled and each action has an actual date, of those at a stage with a form",
        ),
        Figure(
            "Actions kept",
            whole.actions_kept(disputes, period, calendar).shown,
            "reported done by their date, of those with a date in this time",
        ),
        Figure(
            "Put back",
            whole.reopened(disputes, period).shown,
            "DISAGREE or REOPEN after RESOLVED, of the resolutions put forward",
        ),
    )


def _repeats(disputes: Sequence[Dispute], year: Period) -> tuple[Figure, ...]:
    found = whole.same_child(disputes, year)
    said = "; ".join(", ".join(references) for references in found)
    definition = "one case number, more than one dispute in twelve months: for the Business Manager alone"
    return (Figure("Repeated", said, definition),) if found else ()


# Feedback as the digest shows it: the spread of marks, and the ideas in their writers' words, without names.

LONGEST_IDEA = 500  # characters
# What a child may be called that names nobody.
_NAMELESS = frozenset(
    {"and", "of", "the", "baby", "unborn", "child", "children", "young", "person", "sibling", "siblings", "twins"}
)


@dataclass(frozen=True, slots=True)
class FeedbackTold:
    """``marks``: how many gave 1 to 5. ``ideas`` carry no reference: one would name their writers to each other."""

    marks: tuple[int, ...]
    ideas: tuple[str, ...]

    @property
    def given(self) -> int:
        return sum(self.marks)


def feedback_told(disputes: Sequence[Dispute], week: Period) -> FeedbackTold | None:
    """The week's feedback as the digest tells it beside its figures; None in a week without any. Ideas are sorted by
    their words, so that their order tells nothing either."""
    found = feedback(disputes, week)
    by_reference = {dispute.reference: dispute for dispute in disputes}
    ideas = sorted(nameless(idea, person_names_in(by_reference[reference])) for reference, idea in found.ideas)
    return FeedbackTold(found.marks, tuple(ideas)) if found.replies else None


def person_names_in(dispute: Dispute) -> frozenset[str]:
    """Beside the digest's figures, every word of a name in the dispute, its people's and the child's, to be kept out of
    feedback told in the digest."""
    named = [party.person.name for party in dispute.parties if party.side is not Side.PARTNERSHIP]
    words = {word for name in (*named, dispute.child) for word in re.findall(r"[^\W\d_]{2,}", name)}
    return frozenset(word for word in words if word.casefold() not in _NAMELESS)


_ADDRESS = re.compile(r"\S+@\S+")
_INITIALS = re.compile(r"\b(?:[A-Z]\.){1,4}[A-Z]?\b\.?")


def nameless(words: str, names: Iterable[str]) -> str:
    """Beside the digest's figures, feedback's ``words`` without names, on one line with every name, address and set of
    initials shown as "…"."""
    said = _INITIALS.sub("…", _ADDRESS.sub("…", " ".join(words.split())[:LONGEST_IDEA]))
    for name in sorted(names, key=len, reverse=True):
        said = re.sub(rf"\b{re.escape(name)}\b", "…", said, flags=re.IGNORECASE)
    return re.sub(r"…(?:[\s']*…)+", "…", said)
