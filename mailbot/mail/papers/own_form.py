"""A partnership's own Word form, filled: its content controls are found by their tags, which are the fields' keys.

Whatever else stands in the document is theirs and is left as it is. Rows are tagged "actions:2/1/1": key, row, column.
"""

import re
from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from mailbot.core.procedure.protocol import Form, Protocol
from mailbot.mail.papers import word_parts as parts
from mailbot.mail.papers.controls import SDT, TR, tag_of
from mailbot.mail.papers.package import MAIN, PROPERTIES, TYPES, NotOpened, every_part, open_parts, packed, parse
from mailbot.mail.papers.sheet import Box, Sheet, mark_of, shaped
from mailbot.mail.papers.word_form import FORM_TAG, REFERENCE_TAG
from mailbot.mail.papers.word_parts import W
from mailbot.mail.papers.word_xml import words

_ROOT_RELS = "_rels/.rels"
_CELL = re.compile(r"^(?P<key>.+)/(?P<row>\d{1,3})/(?P<column>\d{1,2})$")
_NS = f'xmlns:w="{W}"'


def faults_of_form(content: bytes, form: Form, protocol: Protocol) -> Iterator[str]:
    """What is wrong with a partnership's own document for ``form``, in words for whoever made it."""
    try:
        root = parse(open_parts(content)[MAIN])
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


def _fits(tag: str, boxes: dict[str, Box]) -> bool:
    box, cell = boxes.get(_key(tag)), _CELL.match(tag)
    if box is None or bool(cell) is not bool(box.columns):
        return False
    return cell is None or 1 <= int(cell["column"]) <= len(box.columns)


def filled_in(content: bytes, sheet: Sheet) -> bytes:
    """The partnership's document with the record in its controls. Raises NotOpened, which ``faults_of_form`` finds."""
    opened = open_parts(content)
    root = parse(opened[MAIN])
    values = dict(_values(sheet))
    _grown(root, sheet)
    for number, control in enumerate(list(root.iter(SDT)), 1):
        text = values.get(tag_of(control), "")
        if text:
            _put(control, text, number)
    made = {**every_part(content), MAIN: etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)}
    made[PROPERTIES] = parts.properties(sheet.reference, sheet.form, {b.key: mark_of(b) for b in sheet.boxes})
    made[_ROOT_RELS] = _named(made[_ROOT_RELS], "Relationship", "Target", PROPERTIES, {
        "Id": "rIdMailbot", "Type": parts.CUSTOM_RELATION, "Target": PROPERTIES})  # fmt: skip
    made[TYPES] = _named(made[TYPES], "Override", "PartName", f"/{PROPERTIES}", {
        "PartName": f"/{PROPERTIES}", "ContentType": parts.CUSTOM_TYPE})  # fmt: skip
    return packed(made.items())


def _values(sheet: Sheet) -> Iterator[tuple[str, str]]:
    yield REFERENCE_TAG, sheet.reference
    yield FORM_TAG, sheet.form
    for box in sheet.boxes:
        if not box.columns:
            yield box.key, box.text
        for place, row in enumerate(box.rows, 1):
            yield from ((f"{box.key}/{place}/{column}", text) for column, text in enumerate(row, 1))


def _grown(root: etree._Element, sheet: Sheet) -> None:
    """Where the record has more rows than their table, its last row is said again, under the next numbers."""
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
    """``text`` in place of the prompt, in the letters that the prompt was not set in."""
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
    """The part with one more entry, unless it has that one already."""
    root = parse(part)
    known = {str(one.get(by, "")).lstrip("/") for one in root.iter(f"{{*}}{element}")}
    if value.lstrip("/") not in known:
        space = etree.QName(root).namespace
        etree.SubElement(root, f"{{{space}}}{element}", attributes)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
