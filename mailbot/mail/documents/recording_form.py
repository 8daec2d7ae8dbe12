"""The recording form as a Word document that goes with a letter: made from its boxes, or a partnership's own form
filled.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import lru_cache
from itertools import count, groupby

from lxml import etree

from mailbot.core.procedure.protocol import Form, Protocol
from mailbot.mail.documents import word_writing as parts
from mailbot.mail.documents.form_boxes import (
    ACTION_COLUMNS,
    DAY,
    WRITE_SHORT,
    FormBox,
    FormSheet,
    mark_of,
    shaped,
)
from mailbot.mail.documents.word_reading import (
    CONTENT_TYPES,
    MAIN,
    PROPERTIES,
    SDT,
    TR,
    NotOpened,
    every_part,
    open_parts,
    packed,
    parse_part,
    tag_of,
)
from mailbot.mail.documents.word_writing import (
    HEAD_SHADE,
    LABEL_SHADE,
    ContentControl,
    W,
    content_control,
    table_cell,
    table_row,
    text_run,
    word_paragraph,
    word_table,
    words,
)

# A form as a Word document: title, what it belongs to, then its boxes in the published order, each a content control
# tagged with its field's key. Tables of label and value, so that it can be read back even where a program dropped the
# controls.

_WIDTH = 9638  # between the margins of an A4 page, in twentieths of a point
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
WRITTEN = (
    "Write in the boxes, save the document, and attach it to a reply to any letter about {reference}. A box left as it "
    "is changes nothing."
)
CLOSED = "This is closed. The form is complete as the record has it: file it on the record of each agency."
REFERENCE_LABEL, REFERENCE_TAG, FORM_TAG = (
    "Reference",
    "mailbot:reference",
    "mailbot:form",
)  # and which form, by its id: its title is what is read


@lru_cache(maxsize=32)
def word_form(sheet: FormSheet) -> bytes:
    """The document, the same bytes for the same sheet."""
    marks = {box.key: mark_of(box) for box in sheet.boxes}
    return packed(
        (
            ("[Content_Types].xml", parts.WORD_TYPES.encode()),
            ("_rels/.rels", parts.ROOT_RELS.encode()),
            ("docProps/core.xml", parts.core(f"{sheet.title}, {sheet.reference}", sheet.partnership)),
            ("docProps/app.xml", parts.APP.encode()),
            ("docProps/custom.xml", parts.properties(sheet.reference, sheet.form, marks)),
            ("word/document.xml", parts.document("".join(_body(sheet)))),
            ("word/_rels/document.xml.rels", parts.WORD_RELS.encode()),
            ("word/styles.xml", parts.WORD_STYLES.encode()),
            ("word/settings.xml", (parts.READ_ONLY if sheet.closed else parts.SETTINGS).encode()),
            ("word/footer1.xml", parts.footer(_footer(sheet))),
        )
    )


def _body(sheet: FormSheet) -> Iterator[str]:
    numbers = count(1001)
    yield word_paragraph(text_run(sheet.partnership), "Partnership", keep=True)
    yield word_paragraph(text_run(sheet.title), "Heading1")
    if sheet.proposed:
        yield word_paragraph(text_run(PROPOSED), "Proposed")
    yield word_paragraph(text_run(sheet.risk), "Risk")
    yield _about(sheet, numbers)
    yield word_paragraph(text_run(CLOSED if sheet.closed else WRITTEN.format(reference=sheet.reference)), "Guide")
    if not sheet.closed and any(box.dated is not None for box in sheet.boxes):
        yield word_paragraph(text_run(GUIDE), "Guide")
    begun = False
    for section, boxes in groupby(sheet.boxes, key=lambda box: box.section):
        yield word_paragraph(text_run(section or ("To finish" if begun else "Details")), "Heading2")
        begun = True
        yield from _tables(tuple(boxes), section, numbers, sheet.closed)


def _about(sheet: FormSheet, numbers: Iterator[int]) -> str:
    told = (
        (
            REFERENCE_LABEL,
            content_control(next(numbers), ContentControl(REFERENCE_TAG, "Reference", sheet.reference, locked=True)),
        ),
        (
            "Form",
            content_control(
                next(numbers), ContentControl(f"{FORM_TAG}:{sheet.form}", "Form", sheet.title, locked=True)
            ),
        ),
        *(
            (label, word_paragraph(text_run(said), "Value"))
            for label, said in (
                ("Clause", sheet.clause),
                ("Procedure", sheet.source),
                ("Stage", sheet.stage),
                ("Filled in from the record on", sheet.made),
            )
            if said
        ),
    )
    rows = (_pair(label, value) for label, value in told)
    return word_table(rows, (LABEL_WIDTH, _WIDTH - LABEL_WIDTH), "What this form belongs to", head=False)


_FITS_A_PAGE = 1500  # characters of a box: it is kept whole, and a longer one runs over


def _pair(label: str, value: str, height: int = LOW, whole: bool = True) -> str:
    return table_row(
        (
            table_cell(word_paragraph(text_run(label), "Label"), LABEL_WIDTH, LABEL_SHADE),
            table_cell(value, _WIDTH - LABEL_WIDTH),
        ),
        height,
        whole=whole,
    )


def _tables(boxes: tuple[FormBox, ...], section: str, numbers: Iterator[int], closed: bool) -> Iterator[str]:
    """Tables of a recording form: boxes one under another share a table; a table of rows stands by itself, with a
    little space around it. Once it is ``closed`` nobody writes, and no box is taller than what stands in it."""
    for is_table, group in groupby(boxes, key=lambda box: bool(box.columns)):
        if is_table:
            for box in group:
                yield _rows(box, numbers)
                yield word_paragraph("", "Guide")
            continue
        rows = [
            _pair(
                box.label,
                _control(box, numbers),
                TALL if box.tall and not closed else LOW,
                len(box.text) < _FITS_A_PAGE,
            )
            for box in group
        ]
        yield word_table(rows, (LABEL_WIDTH, _WIDTH - LABEL_WIDTH), section or "Details", head=False)
        yield word_paragraph("", "Guide")


def _control(box: FormBox, numbers: Iterator[int]) -> str:
    control = ContentControl(box.key, box.label, box.text, box.prompt, box.kind, box.choices, box.by_bot)
    return content_control(next(numbers), control)


def _rows(box: FormBox, numbers: Iterator[int]) -> str:
    """A recording form's table of rows: the label across the table, the columns' names, then a row for each: spare ones
    where people write."""
    widths = COLUMNS.get(box.columns) or _shared(len(box.columns))
    lines = [*box.rows]
    if not box.by_bot:
        lines += [("",) * len(widths)] * max(SPARE_ROWS, FEWEST_ROWS - len(lines))
    made = [
        table_row(
            (table_cell(word_paragraph(text_run(box.label), "Label", keep=True), _WIDTH, LABEL_SHADE, len(widths)),),
            head=True,
        ),
        table_row(
            (
                table_cell(word_paragraph(text_run(name, bold=True), "Value", keep=True), width, HEAD_SHADE)
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
            kind = "date" if dated else "text"
            inside = content_control(next(numbers), ContentControl(tag, title, text, prompt, kind, locked=box.by_bot))
            cells.append(table_cell(inside, width))
        made.append(table_row(cells, whole=True))
    return word_table(made, widths, box.label, head=True)


def _shared(columns: int) -> tuple[int, ...]:
    width = _WIDTH // columns
    return (*((width,) * (columns - 1)), _WIDTH - width * (columns - 1))


def _footer(sheet: FormSheet) -> str:
    def numbered(what: str) -> str:
        return (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            f'<w:r><w:instrText xml:space="preserve"> {what} </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    asked = "for the record of each agency" if sheet.closed else "fill in, save, and attach to a reply; then file it"
    told = text_run(f"{sheet.reference}: {asked}.\tPage ")
    return word_paragraph(f"{told}{numbered('PAGE')}{text_run(' of ')}{numbered('NUMPAGES')}", "Footer")


# A partnership's own Word form, filled: its content controls are found by their tags, which are the fields' keys.
#
# Whatever else stands in the document is theirs and is left as it is. Rows are tagged "actions:2/1/1": key, row,
# column.

_ROOT_RELS = "_rels/.rels"
_CELL = re.compile(r"^(?P<key>.+)/(?P<row>\d{1,3})/(?P<column>\d{1,2})$")
_NS = f'xmlns:w="{W}"'


def faults_of_form(content: bytes, form: Form, protocol: Protocol) -> Iterator[str]:
    """Faults of a partnership's own recording form: what is wrong with a partnership's own document for ``form``, in
    words for whoever made it."""
    try:
        root = parse_part(open_parts(content)[MAIN])
    except NotOpened as refused:
        yield f"this form cannot be used: {refused}"
        return
    tags = [tag for control in root.iter(SDT) if (tag := tag_of(control))]
    boxes = {field.key: shaped(field, protocol) for field in form.fields}
    met = {_key(tag) for tag in tags}
    for tag in dict.fromkeys(tags):
        if tag not in (REFERENCE_TAG, FORM_TAG) and not _fits(tag, boxes):
            yield f"the content control tagged {tag!r} fits no field of the form: {', '.join(boxes)}"
    yield from (f"no content control is tagged {key!r} ({box.label})" for key, box in boxes.items() if key not in met)


def _key(tag: str) -> str:
    cell = _CELL.match(tag)
    return cell["key"] if cell else tag


def _fits(tag: str, boxes: dict[str, FormBox]) -> bool:
    box, cell = boxes.get(_key(tag)), _CELL.match(tag)
    if box is None or bool(cell) is not bool(box.columns):
        return False
    return cell is None or 1 <= int(cell["column"]) <= len(box.columns)


def filled_in(content: bytes, sheet: FormSheet) -> bytes:
    """A partnership's own recording form filled in: the partnership's document with the record in its controls. Raises
    NotOpened, which ``faults_of_form`` finds."""
    opened = open_parts(content)
    root = parse_part(opened[MAIN])
    values = dict(_values(sheet))
    _grown(root, sheet)
    for number, control in enumerate(list(root.iter(SDT)), 1):
        text = values.get(tag_of(control), "")
        if text:
            _put(control, text, number)
    made = {**every_part(content), MAIN: etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)}
    made[PROPERTIES] = parts.properties(sheet.reference, sheet.form, {b.key: mark_of(b) for b in sheet.boxes})
    made[_ROOT_RELS] = _named(
        made[_ROOT_RELS],
        "Relationship",
        "Target",
        PROPERTIES,
        {"Id": "rIdMailbot", "Type": parts.CUSTOM_RELATION, "Target": PROPERTIES},
    )
    made[CONTENT_TYPES] = _named(
        made[CONTENT_TYPES],
        "Override",
        "PartName",
        f"/{PROPERTIES}",
        {"PartName": f"/{PROPERTIES}", "ContentType": parts.CUSTOM_TYPE},
    )
    return packed(made.items())


def _values(sheet: FormSheet) -> Iterator[tuple[str, str]]:
    yield REFERENCE_TAG, sheet.reference
    yield FORM_TAG, sheet.form
    for box in sheet.boxes:
        if not box.columns:
            yield box.key, box.text
        for place, row in enumerate(box.rows, 1):
            yield from ((f"{box.key}/{place}/{column}", text) for column, text in enumerate(row, 1))


def _grown(root: etree._Element, sheet: FormSheet) -> None:
    """A recording form's table, grown: where the record has more rows than their table, its last row is said again,
    under the next numbers."""
    for box in sheet.boxes:
        tagged = {tag_of(control): control for control in root.iter(SDT) if _key(tag_of(control)) == box.key}
        numbers = [int(cell["row"]) for tag in tagged if (cell := _CELL.match(tag))]
        last = max(numbers, default=0)
        here = tagged.get(f"{box.key}/{last}/1")
        row = next(here.iterancestors(TR), None) if here is not None and box.columns else None
        for number in range(len(box.rows), last, -1) if row is not None else ():
            if row is not None:
                row.addnext(_numbered(deepcopy(row), last, number))


def _numbered(row: etree._Element, was: int, number: int) -> etree._Element:
    for control in row.iter(SDT):
        tag = control.find(f"{{{W}}}sdtPr/{{{W}}}tag")
        if tag is not None:
            tag.set(f"{{{W}}}val", tag_of(control).replace(f"/{was}/", f"/{number}/"))
    return row


def _put(control: etree._Element, text: str, number: int) -> None:
    """Puts text into a recording form's control: ``text`` in place of the prompt, in the letters that the prompt was
    not set in."""
    settings, inside = control.find(f"{{{W}}}sdtPr"), control.find(f"{{{W}}}sdtContent")
    if settings is None or inside is None:
        return
    for one in settings.findall(f"{{{W}}}showingPlcHdr"):
        settings.remove(one)
    for one in settings.findall(f"{{{W}}}id"):
        one.set(f"{{{W}}}val", str(20_000 + number))
    run = etree.fromstring(f"<w:r {_NS}>{words(text)}</w:r>")
    first = next(inside.iter(f"{{{W}}}r"), None)
    home = first.getparent() if first is not None else next(inside.iter(f"{{{W}}}p"), inside)
    if home is None:
        return
    if first is not None:
        kept = first.find(f"{{{W}}}rPr")
        if kept is not None and kept.find(f"{{{W}}}rStyle") is None:
            run.insert(0, deepcopy(kept))
        home.insert(home.index(first), run)
    else:
        home.append(run)
    for other in list(inside.iter(f"{{{W}}}r")):
        parent = other.getparent()
        if other is not run and parent is not None:
            parent.remove(other)


def _named(part: bytes, element: str, by: str, value: str, attributes: dict[str, str]) -> bytes:
    """A part of the recording form's package: the part with one more entry, unless it has that one already."""
    root = parse_part(part)
    known = {str(one.get(by, "")).lstrip("/") for one in root.iter(f"{{*}}{element}")}
    if value.lstrip("/") not in known:
        space = etree.QName(root).namespace
        etree.SubElement(root, f"{{{space}}}{element}", attributes)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
