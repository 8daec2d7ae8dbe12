"""The figures of the digest, each measure with its definition; and the feedback, in its writers' words without
names.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record.dispute import Dispute
from mailbot.core.reports.digest_rows import Due
from mailbot.core.reports.measures import (
    BY_LIMIT,
    CountedBy,
    Feedback,
    Measured,
    Numbered,
    Period,
    Share,
    by_child,
    closed_with_outcome,
    measured,
    moves,
    same_child,
    sets_a_time_for_raising,
    within_period,
)
from mailbot.core.reports.portions import AddedUp

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


@dataclass(frozen=True, slots=True)
class FiguresCounted(AddedUp):
    """What the digest's figures are made from. ``open_at``: by stage; ``raised``, ``closed`` and ``by_limit``: by the
    last weeks' places, 0 the oldest; ``moves``: of all those weeks by who made them."""

    open_at: "Counter[str]"
    raised: "Counter[int]"
    closed: "Counter[int]"
    by_limit: "Counter[int]"
    moves: "Counter[str]"
    measured: Measured
    numbered: Numbered


def figures_counted(disputes: Sequence[Dispute], by: CountedBy, week: Period) -> FiguresCounted:
    """For the digest's figures, ``disputes`` counted as they stood at the end of ``week``."""
    weeks = last_weeks(by.calendar, week)
    since = weeks[0][0], week[1]
    made = moves(disputes, since)
    return FiguresCounted(
        open_at=Counter(d.stage for d in disputes if d.is_open),
        raised=_by_week((d.raised for d in disputes), weeks),
        closed=_by_week((d.closed for d in closed_with_outcome(disputes, since)), weeks),
        by_limit=_by_week((move.at for move in made if move.how == BY_LIMIT), weeks),
        moves=Counter(move.how for move in made),
        measured=measured(disputes, since, by),
        numbered=by_child(disputes, (week[1] - timedelta(days=365), week[1])),
    )


def _by_week(instants: Iterable[datetime | None], weeks: Sequence[Period]) -> "Counter[int]":
    found = (next((n for n, one in enumerate(weeks) if within_period(at, one)), None) for at in instants)
    return Counter(n for n in found if n is not None)


def figures(
    counted: FiguresCounted,
    due: Sequence[Due],
    by: CountedBy,
    week: Period,
    urgent_elsewhere: Sequence[datetime] = (),
) -> Figures:
    """The digest's figures at the end of ``week``; ``urgent_elsewhere``: when what was urgent in none came."""
    protocol, calendar = by.protocol, by.calendar
    weeks = last_weeks(calendar, week)
    since = weeks[0][0], week[1]
    urgent = counted.measured.urgent + sum(within_period(at, since) for at in urgent_elsewhere)
    return Figures(
        stages=tuple(Bar(protocol.stage_name(stage), counted.open_at[stage]) for stage in protocol.order()),
        days=days_ahead(due, calendar, week[1]),
        weeks=tuple(
            WeekCount(calendar.local(one[0]).date(), counted.raised[n], counted.closed[n], counted.by_limit[n])
            for n, one in enumerate(weeks)
        ),
        moves=(
            Bar("By the limit: nobody had answered", counted.moves[BY_LIMIT]),
            Bar("By a person", counted.moves["asked"]),
            Bar("Referred by a person", counted.moves["referred"]),
        ),
        drift=Share(counted.moves[BY_LIMIT], counted.moves.total()),
        since=calendar.local(since[0]).date(),
        rows=(*told_of(counted.measured, protocol, urgent), *_repeats(counted.numbered)),
    )


def last_weeks(calendar: Calendar, week: Period, count: int = WEEKS) -> tuple[Period, ...]:
    """The weeks that the digest's figures compare: ``week`` and those before it, the oldest first, each from the same
    hour of the clock on the wall."""
    local = calendar.local(week[0])
    starts = [calendar.at(local.date() - timedelta(days=7 * n), local.time()) for n in range(count - 1, 0, -1)]
    edges = [*starts, week[0], week[1]]
    return tuple((edges[n], edges[n + 1]) for n in range(count))


def days_ahead(due: Sequence[Due], calendar: Calendar, now: datetime) -> tuple[DayAhead, ...]:
    """The digest's figure for each of the seven days from ``now``: how much falls due."""
    numbers = {one.day: len(one.rows) for one in due}
    days = (calendar.local(now).date() + timedelta(days=n) for n in range(7))
    return tuple(DayAhead(day, numbers.get(day, 0), calendar.why_closed(day)) for day in days)


def told_of(found: Measured, protocol: Protocol, urgent: int) -> tuple[Figure, ...]:
    """The digest's figures for a period: every measure, with how it is counted, and of what."""
    return (
        *_how_it_ended(found, protocol),
        *_on_the_way(found, protocol),
        *_records(found),
        Figure(
            "Urgent messages", str(urgent), "messages answered with the telephone numbers, whatever they proved to be"
        ),
    )


def _how_it_ended(found: Measured, protocol: Protocol) -> tuple[Figure, ...]:
    at = ", ".join(f"{found.closed[s]} at {protocol.stage_name(s)}" for s in protocol.order() if s in found.closed)
    formal = protocol.stage_name(protocol.formal_from)
    return (
        Figure("Raised", str(found.raised), "by the date raised, not when it was first seen"),
        Figure(
            "Closed with an outcome",
            f"{found.closed.total()}: {at}" if at else "0",
            f"by the stage at which the outcome was recorded. Apart from these: {found.withdrawn} withdrawn, "
            f"{found.out_of_scope} out of scope",
        ),
        Figure(
            "Resolved by practitioners or first managers",
            found.before_formal.shown,
            f"closed before {formal}, of those closed with an outcome",
        ),
        Figure(
            "Working days to resolution",
            found.resolution.shown,
            "from the day raised to the day closed; the same day is 0",
        ),
    )


def _on_the_way(found: Measured, protocol: Protocol) -> tuple[Figure, ...]:
    beyond = tuple(dict.fromkeys(found.beyond))
    later = f". Within a later date both sides agreed: {', '.join(beyond)}" if beyond else ""
    which = f": {', '.join(found.late)}" if found.late else ""
    told = [
        Figure(
            "Within the limit",
            found.within_limit.shown,
            f"stages that ended on or before their limit, of those that ended; one the limit ended is not{later}",
        ),
        Figure("Moved by the limit", found.moved_by_limit.shown, "moves because nobody had answered, of all moves"),
        Figure(
            "Working days to the first answer",
            f"{found.answers.days.shown}; {found.answers.waiting} not answered yet",
            "from the notice to the other side's first message, for those opened",
        ),
    ]
    if sets_a_time_for_raising(protocol):
        told.append(
            Figure(
                "Raised late",
                f"{Share(len(found.late), found.dated).shown}{which}",
                "after the procedure's own time for raising, of those with a date of decision",
            )
        )
    return tuple(told)


def _records(found: Measured) -> tuple[Figure, ...]:
    return (
        Figure(
            "Confirmed in writing",
            found.confirmed.shown,
            "closed with both sides' word, of those closed as resolved",
        ),
        Figure(
            "Complete record",
            found.complete.shown,
            "every box due is filled and each action has an actual date, of those at a stage with a form",
        ),
        Figure(
            "Actions kept",
            found.kept.shown,
            "reported done by their date, of those with a date in this time",
        ),
        Figure(
            "Put back",
            found.put_back.shown,
            "DISAGREE or REOPEN after RESOLVED, of the resolutions put forward",
        ),
    )


def _repeats(numbered: Numbered) -> tuple[Figure, ...]:
    found = same_child(numbered)
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


def feedback_told(found: Feedback, ideas: Sequence[str]) -> FeedbackTold | None:
    """The week's feedback as the digest tells it beside its figures; None in a week without any. ``ideas`` are sorted
    by their words, so that their order tells nothing either."""
    return FeedbackTold(found.marks, tuple(sorted(ideas))) if found.replies else None


def ideas_told(disputes: Sequence[Dispute], found: Feedback) -> tuple[str, ...]:
    """The ideas in the feedback on ``disputes``, in their writers' words without names."""
    by_reference = {dispute.reference: dispute for dispute in disputes}
    return tuple(nameless(idea, person_names_in(by_reference[reference])) for reference, idea in found.ideas)


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
