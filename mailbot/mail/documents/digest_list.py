"""The rows of a weekly digest too long for a letter, whole, as a list that a spreadsheet opens."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from mailbot.core.reports.digest import Digest
from mailbot.core.reports.digest_rows import OpenRow
from mailbot.mail.documents.meeting_report import guarded
from mailbot.mail.letters.wording import day_short, instant_short

CSV_TYPE = "text/csv; charset=utf-8"
_COLUMNS = ("Part", "Dispute", "What", "Agencies", "With", "Limit", "Working days over", "Last contact")


def digest_list(made: Digest) -> bytes:
    """The digest's rows as CSV in UTF-8 with a byte order mark, by which Excel knows it; in the letter's order."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(_COLUMNS)
    writer.writerows([guarded(str(cell)) for cell in row] for row in _rows(made))
    return written.getvalue().encode("utf-8-sig")


def _rows(made: Digest) -> Iterator[tuple[object, ...]]:
    for need in made.needs:
        yield need.kind, need.reference, need.what, "", "", _instant(need.since)
    for row in made.past_limit:
        yield _open("Past the limit now", row)
    for day in made.due:
        yield from (_open(f"Due on {day_short(day.day)}", row) for row in day.rows)
    for row in made.opened:
        yield "Opened", row.reference, row.note, row.agencies
    for moved in made.moved:
        yield "Moved", moved.reference, f"to {moved.stage}, {moved.how}"
    for one in made.resolved:
        yield "Closed", one.reference, f"at {one.stage}: {one.outcome}"
    for part, remarks in (
        ("Resolved, but", made.resolved_but),
        ("Names still missing", made.missing_names),
        ("Learning", made.learning),
    ):
        yield from ((part, remark.reference, remark.what) for remark in remarks)
    yield from (_open("Also open", row) for row in made.others)


def _open(part: str, row: OpenRow) -> tuple[object, ...]:
    over = row.days_over or ""
    last = _instant(row.last_contact)
    return part, row.reference, row.stage, row.agencies, row.with_whom, _instant(row.limit), over, last


def _instant(at: datetime | None) -> str:
    return instant_short(at) if at is not None else ""
