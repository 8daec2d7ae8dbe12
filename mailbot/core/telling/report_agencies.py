"""The agencies of a report: who raised with whom, who is silent, who only receives; and how each may be called."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from mailbot.core.clocks.calendar import Calendar
from mailbot.core.happened.dispute import Dispute
from mailbot.core.procedure.directory import Directory
from mailbot.core.telling.measures import Period
from mailbot.core.telling.measures_of_disputes import raised
from mailbot.core.telling.report_values import TOTAL, Table
from mailbot.core.telling.suppression import Grid, open_grid, suppressed_grid

SCHOOLS, OTHERS, UNKNOWN = "Schools", "Other agencies", "Not yet known"
_SCHOOL = "school"
HALF, YEAR = timedelta(days=183), timedelta(days=365)


def called(directory: Directory, full: bool) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """The names in a report's order, and under which of them each agency goes: statutory partners first, then schools
    (as one group, but in the full copy), then the rest."""
    rank = {True: 0, False: 2}
    listed = sorted(directory.agencies, key=lambda a: 1 if a.sector == _SCHOOL else rank[bool(a.partner)])
    names = {a.name: SCHOOLS if a.sector == _SCHOOL and not full else a.name for a in listed}
    return tuple(dict.fromkeys((*names.values(), OTHERS, UNKNOWN))), names


def kind_of(agency: str, directory: Directory) -> str:
    """ "a school", "a local authority service": an agency said by its sector alone."""
    sector = next((a.sector for a in directory.agencies if a.name == agency), "")
    known = {"school": "a school", "local authority": "a local authority service", "health": "a health service",
             "police": "the police"}  # fmt: skip
    return known.get(sector, "another agency")


def matrix(disputes: Sequence[Dispute], period: Period, directory: Directory, full: bool) -> Table:
    """Rows raised, columns received, by the date raised. Only agencies with something in it have a row or a column."""
    order, names = called(directory, full)
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
        return Table("Who raised with whom", (), (), f"{note} Nothing was raised in this period.")
    if not grid.cells:
        return Table("Who raised with whom", (), (), f"{note} There are too few to show without pointing to a child.")
    return Table("Who raised with whom", *_laid_out(grid, rows, columns), note)


def _receiving(dispute: Dispute, names: Mapping[str, str]) -> tuple[str, ...]:
    """Each agency that one dispute is with counts by itself, under the name of its group once."""
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
    ]  # fmt: skip
    if totals:
        body.append((TOTAL, *grid.column_totals, str(sum(int(n) for n in grid.row_totals))))
    return head, tuple(body)


def silent(
    disputes: Sequence[Dispute], directory: Directory, calendar: Calendar, now: datetime, full: bool
) -> tuple[str, ...]:
    """A question for each agency with nothing raised and nothing received in the twelve, or six, months before ``now``:
    "a lack of case resolutions" may be a lack of challenge, or of disagreement (PL-14). Never a verdict."""
    said = []
    for name, members in _members(directory, full).items():
        days = [d.raised for d in disputes if {d.raising, *d.receiving_agencies} & members]
        last = max(days, default=None)
        if last is not None and last > now - HALF:
            continue
        if last is None:
            since = "nothing on record yet"
        else:
            span = "twelve months" if last <= now - YEAR else "six months"
            since = f"nothing in {span}, the last in {calendar.local(last):%B %Y}"
        said.append(f"{name}: {since}. No disagreements, or is the procedure not used?")
    return tuple(said)


def only_receiving(disputes: Sequence[Dispute], directory: Directory, now: datetime, full: bool) -> tuple[str, ...]:
    """Agencies that received in the year before ``now`` and raised nothing."""
    lately = [d for d in disputes if now - YEAR < d.raised < now]
    raising, receiving = {d.raising for d in lately}, {r for d in lately for r in d.receiving_agencies}
    members = _members(directory, full).items()
    return tuple(name for name, these in members if these & receiving and not these & raising)


def _members(directory: Directory, full: bool) -> dict[str, set[str]]:
    """The agencies under each name of a report, in its order."""
    order, names = called(directory, full)
    found = {name: {agency for agency, under in names.items() if under == name} for name in order}
    return {name: agencies for name, agencies in found.items() if agencies}
