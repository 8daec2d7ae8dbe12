"""The report for a meeting, of a period: its figures beside the period before, its themes and
learning, and the agencies."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from mailbot.core.partnership.directory import Directory
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.reports.agency_counts import LastHeard
from mailbot.core.reports.measures import (
    Feedback,
    Measured,
    Period,
    Share,
    same_child,
    sets_a_time_for_raising,
)
from mailbot.core.reports.report_counted import (
    CATEGORY,
    LEVEL,
    NOT_STATED,
    OTHERS,
    SCHOOLS,
    STATUS,
    UNKNOWN,
    YEAR,
    CountedCase,
    ReportAsked,
    ReportCounted,
    named_in_rows,
)
from mailbot.core.reports.small_numbers import FEWEST_SHOWN, Grid, open_grid, suppressed_grid, suppressed_row

# The report for a meeting as values: lines and tables in words, for an email, a document and a spreadsheet alike.

TOTAL = "Total"
_NOTHING = ("", "0")


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One measure of the period and of the period before, each shown as it may be, with how it is counted."""

    label: str
    now: str
    before: str
    definition: str

    @property
    def change(self) -> str:
        """The change that a line of the meeting report shows since the period before: "up from 4", "as before" of plain
        counts; of all else what it was."""
        if not (self.now.isdigit() and self.before.isdigit()):
            return f"before: {self.before}"
        now, past = int(self.now), int(self.before)
        return "as before" if now == past else f"{'up' if now > past else 'down'} from {past}"


@dataclass(frozen=True, slots=True)
class ReportTable:
    """``head`` names the columns; each of ``rows`` begins with its own name. ``note`` says how it is counted; with no
    rows there was nothing, or too little to be told, which ``note`` says too. ``bars`` is the column drawn as bars."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str
    bars: int = 0

    @property
    def spoken(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """A table of the meeting report said row by row, for a screen too narrow for it: ("Schools", ("Police 7",)).
        Totals, and where there is nothing, are left out."""
        rows = (row for row in self.rows if row[0] != TOTAL)
        told = ((row[0], zip(self.head[1:], row[1:], strict=True)) for row in rows)
        return tuple(
            (name, tuple(f"{c} {n}" for c, n in cells if n not in ("", "0") and c != TOTAL)) for name, cells in told
        )


@dataclass(frozen=True, slots=True)
class ReportedCase:
    """A dispute that the partnership itself had, told without anybody in it."""

    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Report:
    """``full``: the Business Manager's own copy, with references, single schools and small numbers."""

    partnership: str
    short: str
    procedure: str
    risk: str
    first: date
    last: date
    before_first: date
    before_last: date
    full: bool
    headline: tuple[ReportLine, ...]
    lines: tuple[ReportLine, ...]
    matrix: ReportTable
    tables: tuple[ReportTable, ...]
    silent: tuple[str, ...]
    only_receiving: tuple[str, ...]
    cases: tuple[ReportedCase, ...]
    ideas: tuple[str, ...]
    learning: tuple[str, ...]
    references: tuple[str, ...] = ()  # in the full copy alone: what the Business Manager may want to look up


# The report of a period put together: each measure beside the period before, and what may be told to whom.
#
# Made from the histories alone, each up to its period's end, so that a report made again in a year says the same. The
# subgroup's copy has no reference, no child and nobody who works for one (PL-13: "no identities"); counts of the
# whole partnership are told as they are, and anything by agency or by what a child is like is told from five upwards.

Measure = tuple[str, Callable[[Measured], str], str]  # label, how it is shown, how it is counted


def period_of(first: date, last: date, calendar: Calendar) -> Period:
    """The period of a meeting report, from midnight of ``first`` to the end of ``last``. Raises ValueError when they
    are the wrong way round."""
    if last < first:
        raise ValueError(f"{last} is before {first}")
    return calendar.at(first, time()), calendar.at(last + timedelta(days=1), time())


def period_before(first: date, last: date) -> tuple[date, date]:
    """The period that a meeting report is compared with, of the same length just before; whole months are compared
    with as many whole months."""
    following = last + timedelta(days=1)
    if first.day == 1 and following.day == 1:
        months = (following.year - first.year) * 12 + following.month - first.month
        number = first.year * 12 + first.month - 1 - months
        return date(number // 12, number % 12 + 1, 1), first - timedelta(days=1)
    return first - (following - first), first - timedelta(days=1)


def report(
    counted: ReportCounted, asked: ReportAsked, days: tuple[date, date], urgent_elsewhere: tuple[int, int] = (0, 0)
) -> Report:
    """The report for a meeting of the period ``days``, first and last both within it. ``urgent_elsewhere`` counts the
    urgent messages of no dispute in this period and in the one before."""
    partnership, full = asked.partnership, asked.full
    protocol, directory, calendar = partnership.protocol, partnership.directory, partnership.calendar
    (first, last), earlier = days, period_before(*days)
    lines = _lines(counted, protocol, urgent_elsewhere)
    return Report(
        partnership=protocol.partnership,
        short=protocol.short,
        procedure=protocol.name,
        risk=protocol.risk.line,
        first=first,
        last=last,
        before_first=earlier[0],
        before_last=earlier[1],
        full=full,
        headline=tuple(line for line in lines if line.label in _HEADLINE),
        lines=lines,
        matrix=matrix(counted.pairs, directory, full),
        tables=(*_stages(counted, protocol), *themes(counted, protocol, full), _marks(counted.feedback)),
        silent=_silent(counted.heard, directory, calendar, asked.now[1], full),
        only_receiving=only_receiving(counted, directory, full),
        cases=partnership_cases(counted, protocol, full),
        ideas=tuple(sorted(counted.ideas)),
        learning=tuple(sorted(dict.fromkeys(counted.learning))),
        references=_references(counted) if full else (),
    )


def _lines(counted: ReportCounted, protocol: Protocol, urgent_elsewhere: tuple[int, int]) -> tuple[ReportLine, ...]:
    """The meeting report's lines for this period, each beside the one before."""
    now, past = counted.now, counted.past
    lines = tuple(ReportLine(label, shown(now), shown(past), how) for label, shown, how in _measures(protocol))
    urgent_now, urgent_past = (str(m.urgent + more) for m, more in zip((now, past), urgent_elsewhere, strict=True))
    how = "messages answered with the telephone numbers, whatever they proved to be"
    return (*lines, ReportLine("Urgent messages", urgent_now, urgent_past, how))


_HEADLINE = frozenset(
    {"Raised", "Closed with an outcome", "Working days to resolution", "Within the limit", "Moved by the limit"}
)


def _measures(protocol: Protocol) -> tuple[Measure, ...]:
    late = sets_a_time_for_raising(protocol)
    return (*_endings(protocol), *_MOVES, *((_RAISED_LATE,) if late else ()), *_RECORDS)


def _endings(protocol: Protocol) -> tuple[Measure, ...]:
    """The meeting report's lines on how many disputes there were, and how they ended."""
    formal = protocol.stage_name(protocol.formal_from)
    return (
        ("Raised", lambda m: str(m.raised), "by the date raised, not when it was first seen"),
        (
            "Closed with an outcome",
            lambda m: str(m.closed.total()),
            "withdrawn and out of scope are counted apart",
        ),
        ("Withdrawn", lambda m: str(m.withdrawn), "by the agency that raised it"),
        ("Out of scope", lambda m: str(m.out_of_scope), "of this procedure"),
        (
            "Resolved by practitioners or first managers",
            lambda m: m.before_formal.shown,
            f"closed before {formal}, of those closed with an outcome",
        ),
        (
            "Working days to resolution",
            lambda m: m.resolution.shown,
            "from the day raised to the day closed; the same day is 0",
        ),
    )


# The meeting report's lines on limits kept and passed, and of first answers.
_MOVES: tuple[Measure, ...] = (
    (
        "Within the limit",
        lambda m: m.within_limit.shown,
        "stages that ended on or before their limit, of those that ended; one that the limit ended is not",
    ),
    (
        "Beyond the protocol by agreement",
        lambda m: str(len(m.beyond)),
        "stages that ended within a later date both sides agreed: counted as within the limit too",
    ),
    (
        "Moved by the limit",
        lambda m: m.moved_by_limit.shown,
        "moves because nobody had answered, of all moves",
    ),
    (
        "Known only by the limit",
        lambda m: str(len(m.known_only_by_limit)),
        "moved by the limit, and nobody has done anything in them since the opening email",
    ),
    (
        "Working days to the first answer",
        lambda m: f"{m.answers.days.shown}; {m.answers.waiting} not answered yet",
        "from the notice to the other side's first message, for those opened",
    ),
)
_RAISED_LATE: Measure = (
    "Raised late",
    lambda m: Share(len(m.late), m.dated).shown,
    "after the procedure's own time for raising, of those with a date of decision",
)
# The meeting report's lines on how complete the record is, and whether what was agreed was done.
_RECORDS: tuple[Measure, ...] = (
    (
        "Confirmed in writing",
        lambda m: m.confirmed.shown,
        "closed with both sides' word, of those closed as resolved",
    ),
    (
        "Complete record",
        lambda m: m.complete.shown,
        "every box due is filled and each action has an actual date, of those at a stage with a form",
    ),
    (
        "Actions kept",
        lambda m: m.kept.shown,
        "reported done by their date, of those with a date in this time",
    ),
    (
        "Put back",
        lambda m: m.put_back.shown,
        "DISAGREE or REOPEN after RESOLVED, of the resolutions put forward",
    ),
)


def _stages(counted: ReportCounted, protocol: Protocol) -> tuple[ReportTable, ...]:
    return (
        by_stage(
            counted.highest,
            protocol,
            "Stage reached",
            "The highest stage entered, of those closed with an outcome in the period.",
        ),
        by_stage(
            counted.now.closed,
            protocol,
            "Stage at which it was closed",
            "The stage at which the outcome was recorded, of the same.",
        ),
    )


def _marks(found: Feedback) -> ReportTable:
    note = f"Marks from 1 (not helpful) to 5 (helpful): {found.replies} replies."
    marks = zip("12345", map(str, found.marks), strict=True)
    rows = tuple(marks) if found.replies else ()
    return ReportTable("How helpful it was", ("Mark", "Replies") if rows else (), rows, note, bars=1)


def _references(counted: ReportCounted) -> tuple[str, ...]:
    """The references behind a meeting report's figures, for whoever may look each one up."""
    again = same_child(counted.numbered)
    rows: tuple[tuple[str, Sequence[str]], ...] = (
        ("Raised", counted.references),
        ("Moved by the limit", list(dict.fromkeys(counted.moved))),
        ("Known only by the limit", counted.now.known_only_by_limit),
        ("Beyond the protocol by agreement", list(dict.fromkeys(counted.now.beyond))),
        ("Raised late", counted.now.late),
        ("More than one about the same case number in twelve months", ["; ".join(", ".join(one) for one in again)]),
    )
    return tuple(f"{label}: {', '.join(found)}" for label, found in rows if any(found))


# What a period's disputes were about, and what was learned: categories, level of need, the child's status, learning,
# feedback, and the disputes the partnership itself had, each told without anybody in it.

TOO_FEW = "There are too few to show without pointing to a child."


def themes(counted: ReportCounted, protocol: Protocol, full: bool) -> tuple[ReportTable, ...]:
    """The themes of a meeting report, as tables: the protocol's own categories, the level of need, the child's status;
    "not stated" is a row of each."""
    ways: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        (CATEGORY, "What they were about", protocol.categories),
        (LEVEL, "Level of need", ()),
        (STATUS, f"The {protocol.subject}'s status", ()),
    )
    return tuple(_counted(title, _of_theme(counted, theme), listed, full) for theme, title, listed in ways)


def _of_theme(counted: ReportCounted, theme: str) -> "Counter[str]":
    """What was said of one theme of the meeting report, and how often."""
    return Counter({said: number for (of, said), number in counted.said.items() if of == theme})


def _counted(title: str, said: "Counter[str]", listed: tuple[str, ...], full: bool) -> ReportTable:
    order = [*listed, *sorted({one for one in said if one not in listed and one != NOT_STATED}), NOT_STATED]
    numbers = [said[one] for one in order]
    shown = tuple(map(str, numbers)) if full else suppressed_row(numbers)
    note = "By the date raised." + ("" if full else " Counts under 5, and none, are shown as “under 5”.")
    if not said:
        return ReportTable(title, (), (), f"{note} Nothing was raised in this period.")
    rows = tuple(zip(order, shown, strict=True)) if shown else ()
    return ReportTable(title, ("", "Disputes") if rows else (), rows, note if rows else f"{note} {TOO_FEW}", bars=1)


def by_stage(stages: Mapping[str, int], protocol: Protocol, title: str, note: str) -> ReportTable:
    """A table of the meeting report that counts disputes at each stage of the procedure: how far they went is no
    mark of any one child."""
    if not stages:
        return ReportTable(title, (protocol.stage_word, "Disputes"), (), "None in this period.")
    rows = tuple((protocol.stage_name(s), str(stages.get(s, 0))) for s in protocol.order())
    return ReportTable(title, (protocol.stage_word, "Disputes"), rows, note, bars=1)


def partnership_cases(counted: ReportCounted, protocol: Protocol, full: bool) -> tuple[ReportedCase, ...]:
    """The cases that a meeting report tells one by one: those that came to the partnership, or to the last managers of
    a procedure that goes no further. Which agencies, and a category that a table hides, would give away what the tables
    do not say: cases can be counted."""
    categories = _of_theme(counted, CATEGORY)
    tellable = [c for c in protocol.categories if full or categories[c] >= FEWEST_SHOWN]
    told = [(_told(case, tellable, full), case.reference) for case in counted.cases]
    order = sorted(range(len(told)), key=lambda n: told[n][0])
    return tuple(
        ReportedCase(f"Case {number}" + (f" ({told[n][1]})" if full else ""), told[n][0])
        for number, n in enumerate(order, start=1)
    )


def _told(case: CountedCase, tellable: Sequence[str], full: bool) -> str:
    """A case as the meeting report tells it: "About thresholds. It went from Stage 1 to Stage 4, once because …"."""
    about = f"About: {case.category[:1].lower() + case.category[1:]}." if case.category in tellable else ""
    return " ".join(filter(None, (case.who if full else "", about, case.rest)))


# The agencies of a report: who raised with whom, who is silent, who only receives; and how each may be called.


def matrix(pairs: "Counter[tuple[str, str]]", directory: Directory, full: bool) -> ReportTable:
    """The meeting report's table of agencies: rows raised, columns received, by the date raised. Only agencies with
    something in it have a row or a column."""
    order, _ = named_in_rows(directory, full)
    rows = [name for name in order if any(pair[0] == name for pair in pairs)]
    columns = [name for name in order if any(pair[1] == name for pair in pairs)]
    # A group may dispute within itself (two schools), a single agency never does.
    groups = {SCHOOLS, OTHERS, UNKNOWN}
    numbers = [[None if r == c and r not in groups else pairs[r, c] for c in columns] for r in rows]
    grid = open_grid(numbers) if full else suppressed_grid(numbers)
    note = "Rows raised the disagreement, columns received it; by the date it was raised."
    if not full:
        note += " Counts under 5 are not shown, nor totals from which they could be worked out."
    if not pairs:
        return ReportTable("Who raised with whom", (), (), f"{note} Nothing was raised in this period.")
    if not grid.cells:
        return ReportTable(
            "Who raised with whom", (), (), f"{note} There are too few to show without pointing to a child."
        )
    return ReportTable("Who raised with whom", *_laid_out(grid, rows, columns), note)


def _laid_out(
    grid: Grid, rows: Sequence[str], columns: Sequence[str]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    totals = bool(grid.row_totals)
    head = ("Raised by", *columns, *((TOTAL,) if totals else ()))
    body = [
        (name, *cells, *((grid.row_totals[n],) if totals else ()))
        for n, (name, cells) in enumerate(zip(rows, grid.cells, strict=True))
    ]
    if totals:
        body.append((TOTAL, *grid.column_totals, grid.total))
    return head, tuple(body)


HALF = timedelta(days=183)


def _silent(heard: LastHeard, directory: Directory, calendar: Calendar, now: datetime, full: bool) -> tuple[str, ...]:
    """The meeting report's question for each agency with nothing raised and nothing received in the twelve, or
    six, months before ``now``: "a lack of case resolutions" may be a lack of challenge, or of disagreement
    (PL-14). Never a verdict."""
    said = []
    for name, members in _members(directory, full).items():
        last = max((day for agency in members if (day := heard.days.get(agency))), default=None)
        if last is not None and last > now - HALF:
            continue
        if last is None:
            since = "nothing on record yet"
        else:
            span = "twelve months" if last <= now - YEAR else "six months"
            since = f"nothing in {span}, the last in {calendar.local(last):%B %Y}"
        said.append(f"{name}: {since}. No disagreements, or is the procedure not used?")
    return tuple(said)


def only_receiving(counted: ReportCounted, directory: Directory, full: bool) -> tuple[str, ...]:
    """The meeting report's list of agencies that received in the year before its end and raised nothing."""
    raising, receiving = set(counted.raising), set(counted.receiving)
    members = _members(directory, full).items()
    return tuple(name for name, these in members if these & receiving and not these & raising)


def _members(directory: Directory, full: bool) -> dict[str, set[str]]:
    """The agencies under each name of a report, in its order."""
    order, names = named_in_rows(directory, full)
    found = {name: {agency for agency, under in names.items() if under == name} for name in order}
    return {name: agencies for name, agencies in found.items() if agencies}
