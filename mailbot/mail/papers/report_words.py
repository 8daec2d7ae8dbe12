"""What stands in a report, in its order: headings, sentences, lists and tables, for a document to lay out."""

from collections.abc import Iterator

from mailbot.core.telling.report_values import Report, Table
from mailbot.mail.writing.wording import date_words

# ("title" | "heading" | "words" | "item", text), ("table", Table) or ("room", empty lines to write in)
Part = tuple[str, str | Table | int]
_OWN = "For the Business Manager alone: it holds references, single schools and small numbers. Do not pass it on."
_A_QUESTION = "A lack of reports may mean a lack of challenge, or of disagreement: it is a question."
_FOR_THE_MEETING = "It names no child, nobody who works with one, and no dispute. Please keep it so in the minutes."


def contents(report: Report) -> Iterator[Part]:
    yield "title", f"{report.procedure}: report"
    yield "words", f"{report.partnership}. {period(report)}, compared with {before(report)}."
    yield "words", report.risk
    yield "words", _OWN if report.full else _FOR_THE_MEETING
    yield from _titled(headline(report))
    yield from _titled(report.matrix)
    yield from _listed("Agencies of which nothing is heard", report.silent, _A_QUESTION)
    yield from _listed("Agencies that received and did not raise, in twelve months", report.only_receiving, "")
    for table in report.tables:
        yield from _titled(table)
    yield from _titled(measures(report))
    yield "heading", "Disputes at the partnership's own stage"
    for case in report.cases:
        yield "words", f"**{case.title}.** {case.words}"
    if not report.cases:
        yield "words", "None in this period."
    yield from _listed("Learning recorded", report.learning, "In the words of those who wrote it, without names.")
    yield from _listed("Ideas for the procedure", report.ideas, "In the words of those who wrote them, without names.")
    yield from _listed("References behind the figures", report.references, "")
    yield "heading", "What was changed because of it"
    yield "words", "For the meeting to fill in: you said, we did."
    yield "room", 4


def period(report: Report) -> str:
    return f"{date_words(report.first)} to {date_words(report.last)}"


def before(report: Report) -> str:
    return f"{date_words(report.before_first)} to {date_words(report.before_last)}"


_COLUMNS = ("Measure", "This period", "The period before")


def headline(report: Report) -> Table:
    rows = tuple((line.label, line.now, line.before) for line in report.headline)
    return Table("The figures", _COLUMNS, rows, "How each is counted stands under “All measures”.")


def measures(report: Report) -> Table:
    rows = tuple((line.label, line.now, line.before, line.definition) for line in report.lines)
    return Table("All measures", (*_COLUMNS, "How it is counted"), rows, "No averages, and no percentage under ten.")


def bold_of(words: str) -> tuple[str, str]:
    """ "**Case 1.** It went …" as what is bold and the rest."""
    if not words.startswith("**") or "**" not in words[2:]:
        return "", words
    bold, _, rest = words[2:].partition("**")
    return bold, rest


def _titled(table: Table) -> Iterator[Part]:
    yield "heading", table.title
    yield "table", table


def _listed(title: str, items: tuple[str, ...], note: str) -> Iterator[Part]:
    if items:
        yield "heading", title
        if note:
            yield "words", note
        for item in items:
            yield "item", item
