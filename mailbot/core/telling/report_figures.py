"""The report of a period put together: each measure beside the period before, and what may be told to whom.

Made from the histories alone, each up to its period's end, so that a report made again in a year says the same. The
subgroup's copy has no reference, no child and nobody who works for one (PL-13: "no identities"); counts of the whole
partnership are told as they are, and anything by agency or by what a child is like is told from five upwards.
"""

from collections.abc import Callable, Sequence
from datetime import date, time, timedelta

from mailbot.core.clocks.calendar import Calendar
from mailbot.core.happened.dispute import Dispute
from mailbot.core.procedure.closed_lists import Happening
from mailbot.core.procedure.partnership import Partnership
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.telling import measures_of_disputes as whole
from mailbot.core.telling import measures_of_moves as parts
from mailbot.core.telling import report_agencies as agencies
from mailbot.core.telling import report_themes as about
from mailbot.core.telling.digest_as_of import all_as_of
from mailbot.core.telling.digest_feedback import nameless, names_in
from mailbot.core.telling.measures import Period, Share
from mailbot.core.telling.report_values import Line, Report, Table

Measure = tuple[str, Callable[[Sequence[Dispute], Period], str], str]  # label, how it is shown, how it is counted


def period_of(first: date, last: date, calendar: Calendar) -> Period:
    """From midnight of ``first`` to the end of ``last``. Raises ValueError when they are the wrong way round."""
    if last < first:
        raise ValueError(f"{last} is before {first}")
    return calendar.at(first, time()), calendar.at(last + timedelta(days=1), time())


def before(first: date, last: date) -> tuple[date, date]:
    """The period of the same length just before; whole months are compared with as many whole months."""
    following = last + timedelta(days=1)
    if first.day == 1 and following.day == 1:
        months = (following.year - first.year) * 12 + following.month - first.month
        number = first.year * 12 + first.month - 1 - months
        return date(number // 12, number % 12 + 1, 1), first - timedelta(days=1)
    return first - (following - first), first - timedelta(days=1)


def report(
    disputes: Sequence[Dispute], partnership: Partnership, limit_of: parts.LimitOf, first: date, last: date,
    full: bool = False, urgent_elsewhere: tuple[int, int] = (0, 0),
) -> Report:  # fmt: skip
    """The report from ``first`` to ``last``, both within it. ``urgent_elsewhere`` counts the urgent messages of no
    dispute in this period and in the one before."""
    protocol, calendar = partnership.protocol, partnership.calendar
    earlier = before(first, last)
    now, past = period_of(first, last, calendar), period_of(*earlier, calendar)
    then, at_first = all_as_of(disputes, now[1]), all_as_of(disputes, past[1])
    lines = tuple(
        Line(label, shown(then, now), shown(at_first, past), counted)
        for label, shown, counted in _measures(protocol, calendar, limit_of)
    )
    urgent_now, urgent_before = (
        str(whole.urgent_messages(d, p) + more)
        for d, p, more in zip((then, at_first), (now, past), urgent_elsewhere, strict=True)
    )
    lines += (
        Line("Urgent messages", urgent_now, urgent_before,
             "messages answered with the telephone numbers, whatever they proved to be"),
    )  # fmt: skip
    return Report(
        partnership=protocol.partnership, short=protocol.short, procedure=protocol.name, risk=protocol.risk.line,
        first=first, last=last, before_first=earlier[0], before_last=earlier[1], full=full,
        headline=tuple(line for line in lines if line.label in _HEADLINE), lines=lines,
        matrix=agencies.matrix(then, now, partnership.directory, full),
        tables=(*_stages(then, now, protocol), *about.themes(then, now, protocol, full), _marks(then, now, full)),
        silent=agencies.silent(then, partnership.directory, calendar, now[1], full),
        only_receiving=agencies.only_receiving(then, partnership.directory, now[1], full),
        cases=about.partnership_cases(then, now, protocol, partnership.directory, calendar, full),
        ideas=_ideas(then, now), learning=about.learning(then, now),
        references=_references(then, now, limit_of, protocol, calendar) if full else (),
    )  # fmt: skip


_HEADLINE = frozenset(
    {"Raised", "Closed with an outcome", "Working days to resolution", "Within the limit", "Moved by the limit"}
)


def _measures(protocol: Protocol, calendar: Calendar, limit_of: parts.LimitOf) -> tuple[Measure, ...]:
    formal = protocol.stage_name(protocol.formal_from)
    late = any(clock.start is Happening.DECISION_MADE for clock in protocol.clocks.values())
    return (
        ("Raised", lambda d, p: str(len(whole.raised(d, p))), "by the date raised, not when it was first seen"),
        ("Closed with an outcome", lambda d, p: str(len(whole.closed_with_outcome(d, p))),
         "withdrawn and out of scope are counted apart"),
        ("Withdrawn", lambda d, p: str(whole.closed_apart(d, p, whole.WITHDRAWN)), "by the agency that raised it"),
        ("Out of scope", lambda d, p: str(whole.closed_apart(d, p, whole.OUT_OF_SCOPE)), "of this procedure"),
        ("Resolved by practitioners or first managers",
         lambda d, p: whole.resolved_before_formal(d, p, protocol).shown,
         f"closed before {formal}, of those closed with an outcome"),
        ("Working days to resolution", lambda d, p: whole.time_to_resolution(d, p, calendar).shown,
         "from the day raised to the day closed; the same day is 0"),
        ("Within the limit", lambda d, p: parts.within_limit(d, p, limit_of).shown,
         "stages that ended on or before their limit, of those that ended; one that the limit ended is not"),
        ("Beyond the protocol by agreement", lambda d, p: str(_beyond(d, p, limit_of)),
         "stages that ended within a later date both sides agreed: counted as within the limit too"),
        ("Moved by the limit", lambda d, p: parts.moved_by_limit(d, p).shown,
         "moves because nobody had answered, of all moves: the drift figure"),
        ("Known only by the limit", lambda d, p: str(len(parts.known_only_by_limit(d, p))),
         "moved by the limit, and nobody has done anything in them since the opening email"),
        ("Working days to the first answer", lambda d, p: _answers(d, p, protocol, calendar),
         "from the notice to the other side's first message, for those opened"),
        *((("Raised late", lambda d, p: _late(d, p, protocol, calendar),
            "after the procedure's own time for raising, of those with a date of decision"),) if late else ()),
        ("Confirmed in writing", lambda d, p: whole.confirmed_in_writing(d, p).shown,
         "closed with both sides' word, of those closed as resolved"),
        ("Complete record", lambda d, p: whole.complete_record(d, p, protocol).shown,
         "every box due is filled and each action has an actual date, of those at a stage with a form"),
        ("Actions kept", lambda d, p: whole.actions_kept(d, p, calendar).shown,
         "reported done by their date, of those with a date in this time"),
        ("Put back", lambda d, p: whole.reopened(d, p).shown,
         "DISAGREE or REOPEN after RESOLVED, of the resolutions put forward"),
    )  # fmt: skip


def _beyond(disputes: Sequence[Dispute], period: Period, limit_of: parts.LimitOf) -> int:
    return sum(visit.beyond for visit in parts.visits_ended(disputes, period, limit_of))


def _answers(disputes: Sequence[Dispute], period: Period, protocol: Protocol, calendar: Calendar) -> str:
    found = whole.first_answers(disputes, period, protocol, calendar)
    return f"{found.days.shown}; {found.waiting} not answered yet"


def _late(disputes: Sequence[Dispute], period: Period, protocol: Protocol, calendar: Calendar) -> str:
    found = whole.raised_after_its_time(disputes, period, protocol, calendar)
    return Share(len(found[0]), found[1]).shown if found else ""


def _stages(disputes: Sequence[Dispute], period: Period, protocol: Protocol) -> tuple[Table, ...]:
    closed = whole.closed_with_outcome(disputes, period)
    return (
        about.by_stage(closed, protocol, "Stage reached", lambda d: about.highest_stage(d, protocol),
                       "The highest stage entered, of those closed with an outcome in the period."),
        about.by_stage(closed, protocol, "Stage at which it was closed", whole.closing_stage,
                       "The stage at which the outcome was recorded, of the same."),
    )  # fmt: skip


def _marks(disputes: Sequence[Dispute], period: Period, full: bool) -> Table:
    found = whole.feedback(disputes, period)
    note = f"Marks from 1 (not helpful) to 5 (helpful): {found.replies} replies."
    marks = zip("12345", map(str, found.marks), strict=True)
    rows = tuple(marks) if found.replies else ()
    return Table("How helpful it was", ("Mark", "Replies") if rows else (), rows, note, bars=1)


def _ideas(disputes: Sequence[Dispute], period: Period) -> tuple[str, ...]:
    """In the writers' words without names, sorted so that the order tells nothing."""
    by_reference = {dispute.reference: dispute for dispute in disputes}
    ideas = whole.feedback(disputes, period).ideas
    return tuple(sorted(nameless(idea, names_in(by_reference[reference])) for reference, idea in ideas))


def _references(
    disputes: Sequence[Dispute], period: Period, limit_of: parts.LimitOf, protocol: Protocol, calendar: Calendar
) -> tuple[str, ...]:
    """What stands behind the figures, for whoever may look each one up."""
    late = whole.raised_after_its_time(disputes, period, protocol, calendar)
    beyond = dict.fromkeys(v.reference for v in parts.visits_ended(disputes, period, limit_of) if v.beyond)
    moved = dict.fromkeys(m.reference for m in parts.moves(disputes, period) if m.how == parts.BY_LIMIT)
    again = whole.same_child(disputes, (period[1] - timedelta(days=365), period[1]))
    rows: tuple[tuple[str, Sequence[str]], ...] = (
        ("Raised", [d.reference for d in whole.raised(disputes, period)]),
        ("Moved by the limit", list(moved)),
        ("Known only by the limit", parts.known_only_by_limit(disputes, period)),
        ("Beyond the protocol by agreement", list(beyond)),
        ("Raised late", late[0] if late else ()),
        ("More than one about the same case number in twelve months", ["; ".join(", ".join(one) for one in again)]),
    )  # fmt: skip
    return tuple(f"{label}: {', '.join(found)}" for label, found in rows if any(found))
