"""The report for a meeting, of a period: its figures beside the period before, its themes and
learning, and the agencies."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from mailbot.core.decisions.stages import is_partnership_stage
from mailbot.core.partnership.directory import Directory
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.closed_lists import Happening
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record.dispute import Dispute
from mailbot.core.reports import measures as parts
from mailbot.core.reports import measures as whole
from mailbot.core.reports.digest_figures import nameless, person_names_in
from mailbot.core.reports.digest_rows import all_as_of
from mailbot.core.reports.measures import Period, Share, closing_stage, days_open, raised, within_period
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

Measure = tuple[str, Callable[[Sequence[Dispute], Period], str], str]  # label, how it is shown, how it is counted


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
    disputes: Sequence[Dispute],
    partnership: Partnership,
    limit_of: parts.LimitOf,
    days: tuple[date, date],
    full: bool = False,
    urgent_elsewhere: tuple[int, int] = (0, 0),
) -> Report:
    """The report for a meeting of the period ``days``, first and last both within it. ``urgent_elsewhere`` counts the
    urgent messages of no dispute in this period and in the one before."""
    protocol, calendar = partnership.protocol, partnership.calendar
    (first, last), earlier = days, period_before(*days)
    now, past = period_of(first, last, calendar), period_of(*earlier, calendar)
    then, at_first = all_as_of(disputes, now[1]), all_as_of(disputes, past[1])
    by = parts.CountedBy(protocol, calendar, limit_of)
    lines = _lines(by, (then, at_first), (now, past), urgent_elsewhere)
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
        matrix=matrix(then, now, partnership.directory, full),
        tables=(*_stages(then, now, protocol), *themes(then, now, protocol, full), _marks(then, now, full)),
        silent=_silent(then, partnership.directory, calendar, now[1], full),
        only_receiving=only_receiving(then, partnership.directory, now[1], full),
        cases=partnership_cases(then, now, protocol, partnership.directory, calendar, full),
        ideas=_ideas(then, now),
        learning=_learning(then, now),
        references=_references(then, now, limit_of, protocol, calendar) if full else (),
    )


def _lines(
    by: parts.CountedBy,
    disputes: tuple[Sequence[Dispute], Sequence[Dispute]],
    periods: tuple[parts.Period, parts.Period],
    urgent_elsewhere: tuple[int, int],
) -> tuple[ReportLine, ...]:
    """The meeting report's lines for this period, each beside the one before; ``disputes`` as at each end."""
    (then, at_first), (now, past) = disputes, periods
    lines = tuple(
        ReportLine(label, shown(then, now), shown(at_first, past), counted)
        for label, shown, counted in _measures(by.protocol, by.calendar, by.limit_of)
    )
    urgent_now, urgent_before = (
        str(whole.urgent_messages(d, p) + more) for d, p, more in zip(disputes, periods, urgent_elsewhere, strict=True)
    )
    how = "messages answered with the telephone numbers, whatever they proved to be"
    return (*lines, ReportLine("Urgent messages", urgent_now, urgent_before, how))


_HEADLINE = frozenset(
    {"Raised", "Closed with an outcome", "Working days to resolution", "Within the limit", "Moved by the limit"}
)


def _measures(protocol: Protocol, calendar: Calendar, limit_of: parts.LimitOf) -> tuple[Measure, ...]:
    late = any(clock.start is Happening.DECISION_MADE for clock in protocol.clocks.values())
    return (
        *_endings(protocol, calendar),
        *_moves(protocol, calendar, limit_of),
        *((_raised_late(protocol, calendar),) if late else ()),
        *_records(protocol, calendar),
    )


def _endings(protocol: Protocol, calendar: Calendar) -> tuple[Measure, ...]:
    """The meeting report's lines on how many disputes there were, and how they ended."""
    formal = protocol.stage_name(protocol.formal_from)
    return (
        ("Raised", lambda d, p: str(len(whole.raised(d, p))), "by the date raised, not when it was first seen"),
        (
            "Closed with an outcome",
            lambda d, p: str(len(whole.closed_with_outcome(d, p))),
            "withdrawn and out of scope are counted apart",
        ),
        ("Withdrawn", lambda d, p: str(whole.closed_apart(d, p, whole.WITHDRAWN)), "by the agency that raised it"),
        ("Out of scope", lambda d, p: str(whole.closed_apart(d, p, whole.OUT_OF_SCOPE)), "of this procedure"),
        (
            "Resolved by practitioners or first managers",
            lambda d, p: whole.resolved_before_formal(d, p, protocol).shown,
            f"closed before {formal}, of those closed with an outcome",
        ),
        (
            "Working days to resolution",
            lambda d, p: whole.time_to_resolution(d, p, calendar).shown,
            "from the day raised to the day closed; the same day is 0",
        ),
    )


def _moves(protocol: Protocol, calendar: Calendar, limit_of: parts.LimitOf) -> tuple[Measure, ...]:
    """The meeting report's lines on limits kept and passed, and of first answers."""
    return (
        (
            "Within the limit",
            lambda d, p: parts.within_limit(d, p, limit_of).shown,
            "stages that ended on or before their limit, of those that ended; one that the limit ended is not",
        ),
        (
            "Beyond the protocol by agreement",
            lambda d, p: str(_beyond(d, p, limit_of)),
            "stages that ended within a later date both sides agreed: counted as within the limit too",
        ),
        (
            "Moved by the limit",
            lambda d, p: parts.moved_by_limit(d, p).shown,
            "moves because nobody had answered, of all moves",
        ),
        (
            "Known only by the limit",
            lambda d, p: str(len(parts.known_only_by_limit(d, p))),
            "moved by the limit, and nobody has done anything in them since the opening email",
        ),
        (
            "Working days to the first answer",
            lambda d, p: _answers(d, p, protocol, calendar),
            "from the notice to the other side's first message, for those opened",
        ),
    )


def _raised_late(protocol: Protocol, calendar: Calendar) -> Measure:
    said = "after the procedure's own time for raising, of those with a date of decision"
    return "Raised late", lambda d, p: _late(d, p, protocol, calendar), said


def _records(protocol: Protocol, calendar: Calendar) -> tuple[Measure, ...]:
    """The meeting report's lines on how complete the record is, and whether what was agreed was done."""
    return (
        (
            "Confirmed in writing",
            lambda d, p: whole.confirmed_in_writing(d, p).shown,
            "closed with both sides' word, of those closed as resolved",
        ),
        (
            "Complete record",
            lambda d, p: whole.complete_record(d, p, protocol).shown,
            "every box due is filled and each action has an actual date, of those at a stage with a form",
        ),
        (
            "Actions kept",
            lambda d, p: whole.actions_kept(d, p, calendar).shown,
            "reported done by their date, of those with a date in this time",
        ),
        (
            "Put back",
            lambda d, p: whole.reopened(d, p).shown,
            "DISAGREE or REOPEN after RESOLVED, of the resolutions put forward",
        ),
    )


def _beyond(disputes: Sequence[Dispute], period: Period, limit_of: parts.LimitOf) -> int:
    return sum(visit.beyond for visit in parts.visits_ended(disputes, period, limit_of))


def _answers(disputes: Sequence[Dispute], period: Period, protocol: Protocol, calendar: Calendar) -> str:
    found = whole.first_answers(disputes, period, protocol, calendar)
    return f"{found.days.shown}; {found.waiting} not answered yet"


def _late(disputes: Sequence[Dispute], period: Period, protocol: Protocol, calendar: Calendar) -> str:
    found = whole.raised_after_its_time(disputes, period, protocol, calendar)
    return Share(len(found[0]), found[1]).shown if found else ""


def _stages(disputes: Sequence[Dispute], period: Period, protocol: Protocol) -> tuple[ReportTable, ...]:
    closed = whole.closed_with_outcome(disputes, period)
    return (
        by_stage(
            closed,
            protocol,
            "Stage reached",
            lambda d: highest_stage(d, protocol),
            "The highest stage entered, of those closed with an outcome in the period.",
        ),
        by_stage(
            closed,
            protocol,
            "Stage at which it was closed",
            whole.closing_stage,
            "The stage at which the outcome was recorded, of the same.",
        ),
    )


def _marks(disputes: Sequence[Dispute], period: Period, full: bool) -> ReportTable:
    found = whole.feedback(disputes, period)
    note = f"Marks from 1 (not helpful) to 5 (helpful): {found.replies} replies."
    marks = zip("12345", map(str, found.marks), strict=True)
    rows = tuple(marks) if found.replies else ()
    return ReportTable("How helpful it was", ("Mark", "Replies") if rows else (), rows, note, bars=1)


def _ideas(disputes: Sequence[Dispute], period: Period) -> tuple[str, ...]:
    """The ideas that a meeting report passes on from feedback, in the writers' words without names, sorted so that
    the order tells nothing."""
    by_reference = {dispute.reference: dispute for dispute in disputes}
    ideas = whole.feedback(disputes, period).ideas
    return tuple(sorted(nameless(idea, person_names_in(by_reference[reference])) for reference, idea in ideas))


def _references(
    disputes: Sequence[Dispute], period: Period, limit_of: parts.LimitOf, protocol: Protocol, calendar: Calendar
) -> tuple[str, ...]:
    """The references behind a meeting report's figures, for whoever may look each one up."""
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
    )
    return tuple(f"{label}: {', '.join(found)}" for label, found in rows if any(found))


# What a period's disputes were about, and what was learned: categories, level of need, the child's status, learning,
# feedback, and the disputes the partnership itself had, each told without anybody in it.

NOT_STATED = "Not stated"
TOO_FEW = "There are too few to show without pointing to a child."


def themes(disputes: Sequence[Dispute], period: Period, protocol: Protocol, full: bool) -> tuple[ReportTable, ...]:
    """The themes of a meeting report, as tables: the protocol's own categories, the level of need, the child's status;
    "not stated" is a row of each."""
    found = raised(disputes, period)
    ways: tuple[tuple[str, Callable[[Dispute], str], tuple[str, ...]], ...] = (
        (
            "What they were about",
            lambda d: _among(d.fields.get("category", ""), protocol.categories),
            protocol.categories,
        ),
        ("Level of need", lambda d: _said(d.fields.get("level_of_need", "")), ()),
        (f"The {protocol.subject}'s status", lambda d: _said(d.fields.get("child_status", "")), ()),
    )
    return tuple(_counted(title, [way(d) for d in found], listed, full) for title, way, listed in ways)


def _among(said: str, listed: tuple[str, ...]) -> str:
    """The category under which a meeting report's table counts what was said: the partnership's own; anything else that
    somebody wrote is theirs, and not for a table."""
    wanted = " ".join(said.casefold().split())
    return next((one for one in listed if one.casefold() == wanted), "Something else" if wanted else NOT_STATED)


_LONGEST = 40  # characters of a status or level; what is longer is an account, and not for a table


def _said(text: str) -> str:
    flat = " ".join(text.split())
    return (flat[:1].upper() + flat[1:] if len(flat) <= _LONGEST else "Something else") if flat else NOT_STATED


def _counted(title: str, said: list[str], listed: tuple[str, ...], full: bool) -> ReportTable:
    order = [*listed, *sorted({one for one in said if one not in listed and one != NOT_STATED}), NOT_STATED]
    numbers = [said.count(one) for one in order]
    shown = tuple(map(str, numbers)) if full else suppressed_row(numbers)
    note = "By the date raised." + ("" if full else " Counts under 5, and none, are shown as “under 5”.")
    if not said:
        return ReportTable(title, (), (), f"{note} Nothing was raised in this period.")
    rows = tuple(zip(order, shown, strict=True)) if shown else ()
    return ReportTable(title, ("", "Disputes") if rows else (), rows, note if rows else f"{note} {TOO_FEW}", bars=1)


def by_stage(
    disputes: Sequence[Dispute], protocol: Protocol, title: str, stage_of: Callable[[Dispute], str], note: str
) -> ReportTable:
    """A table of the meeting report that counts disputes at each stage of the procedure: how far they went is no
    mark of any one child."""
    if not disputes:
        return ReportTable(title, (protocol.stage_word, "Disputes"), (), "None in this period.")
    stages = [stage_of(d) for d in disputes]
    rows = tuple((protocol.stage_name(s), str(stages.count(s))) for s in protocol.order())
    return ReportTable(title, (protocol.stage_word, "Disputes"), rows, note, bars=1)


def highest_stage(dispute: Dispute, protocol: Protocol) -> str:
    return max((visit.stage for visit in dispute.visits), key=protocol.order().index)


def _learning(disputes: Sequence[Dispute], period: Period) -> tuple[str, ...]:
    """The learning that a meeting report passes on, in its writers' words without names, of disputes closed in the
    period. Sorted, so that the order tells nothing."""
    closed = [d for d in disputes if within_period(d.closed, period)]
    return tuple(sorted(dict.fromkeys(one for d in closed for one in _learned(d))))


def _learned(dispute: Dispute) -> list[str]:
    texts = [text for key, text in dispute.fields.items() if key.partition(":")[0] == "learning" and text.strip()]
    return [nameless(text, person_names_in(dispute)) for text in texts]


def partnership_cases(
    disputes: Sequence[Dispute],
    period: Period,
    protocol: Protocol,
    directory: Directory,
    calendar: Calendar,
    full: bool,
) -> tuple[ReportedCase, ...]:
    """The cases that a meeting report tells one by one: those that came to the partnership, or to the last managers of
    a procedure that goes no further."""
    last = [s.id for s in protocol.stages.values() if is_partnership_stage(s)] or list(protocol.order()[-2:])
    found = [d for d in disputes if any(v.stage in last and within_period(v.entered, period) for v in d.visits)]
    categories = [_among(d.fields.get("category", ""), protocol.categories) for d in raised(disputes, period)]
    tellable = [c for c in protocol.categories if full or categories.count(c) >= FEWEST_SHOWN]
    told = [_told(d, protocol, calendar, tellable, directory if full else None) for d in found]
    order = sorted(range(len(told)), key=lambda n: told[n])
    return tuple(
        ReportedCase(f"Case {number}" + (f" ({found[n].reference})" if full else ""), told[n])
        for number, n in enumerate(order, start=1)
    )


def _kinds(dispute: Dispute, directory: Directory) -> str:
    """A meeting report's words for everybody it is with, said by sector alone."""
    kinds = dict.fromkeys(kind_of_agency(agency, directory) for agency in dispute.receiving_agencies or ("",))
    return " and ".join(kinds)


def _told(
    dispute: Dispute, protocol: Protocol, calendar: Calendar, tellable: Sequence[str], directory: Directory | None
) -> str:
    """A case as the meeting report tells it: "About thresholds. It went from Stage 1 to Stage 4, once because …". Which
    agencies, and a category that a table hides, would give away what the tables do not say: cases can be counted."""
    stages = list(dict.fromkeys(visit.stage for visit in dispute.visits))
    drift = sum(visit.how == "limit" for visit in dispute.visits)
    about = _among(dispute.fields.get("category", ""), protocol.categories)
    parts = []
    if directory is not None:
        parts.append(f"Raised by {kind_of_agency(dispute.raising, directory)} with {_kinds(dispute, directory)}.")
    parts += [f"About: {about[:1].lower() + about[1:]}."] if about in tellable else []
    path = f"It went from {protocol.stage_name(stages[0])} to {protocol.stage_name(stages[-1])}"
    parts.append(f"{path}, {_times(drift)} because nobody had answered by the limit." if drift else f"{path}.")
    if dispute.closed is None:
        parts.append("It is still open.")
    else:
        outcome = protocol.outcomes.get(dispute.outcome)
        label = outcome.label if outcome else dispute.outcome
        days = days_open(dispute, calendar)
        at = protocol.stage_name(closing_stage(dispute))
        parts.append(f"Outcome, at {at}: {label[:1].lower() + label[1:]}, after {days} working day{'s' * (days != 1)}.")
    parts += [f"Learning: {one}" for one in _learned(dispute)]
    return " ".join(parts)


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


# The agencies of a report: who raised with whom, who is silent, who only receives; and how each may be called.

SCHOOLS, OTHERS, UNKNOWN = "Schools", "Other agencies", "Not yet known"
_SCHOOL = "school"
HALF, _YEAR = timedelta(days=183), timedelta(days=365)


def _called(directory: Directory, full: bool) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """The names of a meeting report's rows of agencies in order, and under which of them each agency goes: statutory
    partners first, then schools (as one group, but in the full copy), then the rest."""
    rank = {True: 0, False: 2}
    listed = sorted(directory.agencies, key=lambda a: 1 if a.sector == _SCHOOL else rank[bool(a.partner)])
    names = {a.name: SCHOOLS if a.sector == _SCHOOL and not full else a.name for a in listed}
    return tuple(dict.fromkeys((*names.values(), OTHERS, UNKNOWN))), names


def kind_of_agency(agency: str, directory: Directory) -> str:
    """An agency as a meeting report tells it where its name would say too much, by its sector alone: "a school", "a
    local authority service"."""
    sector = next((a.sector for a in directory.agencies if a.name == agency), "")
    known = {
        "school": "a school",
        "local authority": "a local authority service",
        "health": "a health service",
        "police": "the police",
    }
    return known.get(sector, "another agency")


def matrix(disputes: Sequence[Dispute], period: Period, directory: Directory, full: bool) -> ReportTable:
    """The meeting report's table of agencies: rows raised, columns received, by the date raised. Only agencies with
    something in it have a row or a column."""
    order, names = _called(directory, full)
    pairs = [(names.get(d.raising, OTHERS), r) for d in raised(disputes, period) for r in _receiving(d, names)]
    rows = [name for name in order if any(pair[0] == name for pair in pairs)]
    columns = [name for name in order if any(pair[1] == name for pair in pairs)]
    # A group may dispute within itself (two schools), a single agency never does.
    groups = {SCHOOLS, OTHERS, UNKNOWN}
    numbers = [[None if r == c and r not in groups else pairs.count((r, c)) for c in columns] for r in rows]
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


def _receiving(dispute: Dispute, names: Mapping[str, str]) -> tuple[str, ...]:
    """In a meeting report, each agency that one dispute is with counts by itself, under the name of its group once."""
    found = (names.get(agency, OTHERS) for agency in dispute.receiving_agencies)
    return tuple(dict.fromkeys(found)) or (UNKNOWN,)


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


def _silent(
    disputes: Sequence[Dispute], directory: Directory, calendar: Calendar, now: datetime, full: bool
) -> tuple[str, ...]:
    """The meeting report's question for each agency with nothing raised and nothing received in the twelve, or
    six, months before ``now``: "a lack of case resolutions" may be a lack of challenge, or of disagreement
    (PL-14). Never a verdict."""
    said = []
    for name, members in _members(directory, full).items():
        days = [d.raised for d in disputes if {d.raising, *d.receiving_agencies} & members]
        last = max(days, default=None)
        if last is not None and last > now - HALF:
            continue
        if last is None:
            since = "nothing on record yet"
        else:
            span = "twelve months" if last <= now - _YEAR else "six months"
            since = f"nothing in {span}, the last in {calendar.local(last):%B %Y}"
        said.append(f"{name}: {since}. No disagreements, or is the procedure not used?")
    return tuple(said)


def only_receiving(disputes: Sequence[Dispute], directory: Directory, now: datetime, full: bool) -> tuple[str, ...]:
    """The meeting report's list of agencies that received in the year before ``now`` and raised nothing."""
    lately = [d for d in disputes if now - _YEAR < d.raised < now]
    raising, receiving = {d.raising for d in lately}, {r for d in lately for r in d.receiving_agencies}
    members = _members(directory, full).items()
    return tuple(name for name, these in members if these & receiving and not these & raising)


def _members(directory: Directory, full: bool) -> dict[str, set[str]]:
    """The agencies under each name of a report, in its order."""
    order, names = _called(directory, full)
    found = {name: {agency for agency, under in names.items() if under == name} for name in order}
    return {name: agencies for name, agencies in found.items() if agencies}
