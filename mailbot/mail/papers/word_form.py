"""A form as a Word document: title, what it belongs to, then its boxes in the published order, each a content control
tagged with its field's key. Tables of label and value, so that it can be read back even where a program dropped the
controls."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import count, groupby

from mailbot.mail.papers import word_parts as parts
from mailbot.mail.papers.package import packed
from mailbot.mail.papers.sheet import ACTION_COLUMNS, DAY, WRITE_SHORT, Box, Sheet, mark_of
from mailbot.mail.papers.word_xml import HEAD_SHADE, LABEL_SHADE, cell, control, paragraph, row, run, table

WIDTH = 9638  # between the margins of an A4 page, in twentieths of a point
LABEL_WIDTH = 3100
COLUMNS: Mapping[tuple[str, ...], tuple[int, ...]] = {ACTION_COLUMNS: (4838, 2600, 2200)}
SPARE_ROWS, FEWEST_ROWS = 2, 4  # of dated actions
TALL, LOW = 1500, 0  # a box for prose leaves room for a hand on the printed page
PROPOSED = (
    "Fields proposed by this mailbox; the published form was not available. "
    "Where they differ, the published form holds."
)
GUIDE = (
    "Give an actual date for each action (for example 14 September 2026). “ASAP”, “ongoing” and “to be confirmed” are "
    "not dates, and will be asked about."
)
REFERENCE_LABEL, REFERENCE_TAG, FORM_TAG = "Reference", "mailbot:reference", "mailbot:form"


@lru_cache(maxsize=32)
def word_form(sheet: Sheet) -> bytes:
    """The document, the same bytes for the same sheet."""
    marks = {box.key: mark_of(box) for box in sheet.boxes}
    return packed((
        ("[Content_Types].xml", parts.TYPES.encode()),
        ("_rels/.rels", parts.ROOT_RELS.encode()),
        ("docProps/core.xml", parts.core(f"{sheet.title}, {sheet.reference}", sheet.partnership)),
        ("docProps/app.xml", parts.APP.encode()),
        ("docProps/custom.xml", parts.properties(sheet.reference, sheet.form, marks)),
        ("word/document.xml", parts.document("".join(_body(sheet)))),
        ("word/_rels/document.xml.rels", parts.WORD_RELS.encode()),
        ("word/styles.xml", parts.STYLES.encode()),
        ("word/settings.xml", parts.SETTINGS.encode()),
        ("word/footer1.xml", parts.footer(_footer(sheet))),
    ))  # fmt: skip


def _body(sheet: Sheet) -> Iterator[str]:
    numbers = count(1001)
    yield paragraph(run(sheet.partnership), "Partnership", keep=True)
    yield paragraph(run(sheet.title), "Heading1")
    if sheet.proposed:
        yield paragraph(run(PROPOSED), "Proposed")
    yield paragraph(run(sheet.risk), "Risk")
    yield _about(sheet, numbers)
    yield paragraph(
        run(
            "Write in the boxes, save the document, and attach it to a reply to any letter about "
            f"{sheet.reference}. A box left as it is changes nothing."
        ),
        "Guide",
    )
    if any(box.dated is not None for box in sheet.boxes):
        yield paragraph(run(GUIDE), "Guide")
    begun = False
    for section, boxes in groupby(sheet.boxes, key=lambda box: box.section):
        yield paragraph(run(section or ("To finish" if begun else "Details")), "Heading2")
        begun = True
        yield from _tables(tuple(boxes), section, numbers)


def _about(sheet: Sheet, numbers: Iterator[int]) -> str:
    told = (
        (REFERENCE_LABEL, control(next(numbers), REFERENCE_TAG, "Reference", sheet.reference, "", locked=True)),
        ("Form", control(next(numbers), FORM_TAG, "Form", sheet.form, "", locked=True)),
        *(
            (label, paragraph(run(said), "Value"))
            for label, said in (
                ("Clause", sheet.clause), ("Procedure", sheet.source), ("Stage", sheet.stage),
                ("Filled in from the record on", sheet.made),
            )
            if said
        ),
    )  # fmt: skip
    rows = (_pair(label, value) for label, value in told)
    return table(rows, (LABEL_WIDTH, WIDTH - LABEL_WIDTH), "What this form belongs to", head=False)


def _pair(label: str, value: str, height: int = LOW) -> str:
    return row(
        (
            cell(paragraph(run(label), "Label"), LABEL_WIDTH, LABEL_SHADE),
            cell(value, WIDTH - LABEL_WIDTH),
        ),
        height,
        whole=not height,
    )


def _tables(boxes: tuple[Box, ...], section: str, numbers: Iterator[int]) -> Iterator[str]:
    """Boxes one under another share a table; a table of rows stands by itself, with a little space around it."""
    for is_table, group in groupby(boxes, key=lambda box: bool(box.columns)):
        if is_table:
            for box in group:
                yield _rows(box, numbers)
                yield paragraph("", "Guide")
            continue
        rows = [_pair(box.label, _control(box, numbers), TALL if box.tall else LOW) for box in group]
        yield table(rows, (LABEL_WIDTH, WIDTH - LABEL_WIDTH), section or "Details", head=False)
        yield paragraph("", "Guide")


def _control(box: Box, numbers: Iterator[int]) -> str:
    return control(
        next(numbers), box.key, box.label, box.text, box.prompt, box.kind, box.choices, locked=box.by_bot
    )  # fmt: skip


def _rows(box: Box, numbers: Iterator[int]) -> str:
    """The label across the table, the columns' names, then a row for each: spare ones where people write."""
    widths = COLUMNS.get(box.columns) or _shared(len(box.columns))
    lines = [*box.rows]
    if not box.by_bot:
        lines += [("",) * len(widths)] * max(SPARE_ROWS, FEWEST_ROWS - len(lines))
    made = [
        row((cell(paragraph(run(box.label), "Label", keep=True), WIDTH, LABEL_SHADE, len(widths)),), head=True),
        row(
            (
                cell(paragraph(run(name, bold=True), "Value", keep=True), width, HEAD_SHADE)
                for name, width in zip(box.columns, widths, strict=True)
            ),
            head=True,
        ),
    ]
    for place, line in enumerate(lines or [("",) * len(widths)], 1):
        cells = []
        for column, (text, width) in enumerate(zip(line, widths, strict=True)):
            dated = column == box.dated
            prompt = box.prompt if box.by_bot else DAY if dated else WRITE_SHORT
            tag, title = f"{box.key}/{place}/{column + 1}", f"{box.columns[column]}, row {place}"
            inside = control(next(numbers), tag, title, text, prompt, "date" if dated else "text", locked=box.by_bot)
            cells.append(cell(inside, width))
        made.append(row(cells, whole=True))
    return table(made, widths, box.label, head=True)


def _shared(columns: int) -> tuple[int, ...]:
    width = WIDTH // columns
    return (*((width,) * (columns - 1)), WIDTH - width * (columns - 1))


def _footer(sheet: Sheet) -> str:
    def numbered(what: str) -> str:
        return (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            f'<w:r><w:instrText xml:space="preserve"> {what} </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    told = run(f"{sheet.reference}: fill in, save, and attach to a reply; then file it on the record.\tPage ")
    return paragraph(f"{told}{numbered('PAGE')}{run(' of ')}{numbered('NUMPAGES')}", "Footer")
