"""Filling in a form the way people's programs do: python-docx writes into its controls, or into bare cells."""

import io
from collections.abc import Mapping
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph


def tag_of(control: Any) -> str:
    tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
    return "" if tag is None else str(tag.get(qn("w:val")))


def fill_in(content: bytes, values: Mapping[str, str]) -> bytes:
    """The document with ``values`` in the controls of these tags. Every tag must be there."""
    document = Document(io.BytesIO(content))
    left = dict(values)
    for control in document.element.body.iter(qn("w:sdt")):
        if tag_of(control) in left:
            _write(control, left.pop(tag_of(control)))
    assert not left, f"no control is tagged {sorted(left)}"
    return saved(document)


def saved(document: Any) -> bytes:
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _write(control: Any, value: str) -> None:
    prompt = control.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}")
    if prompt is not None:
        prompt.getparent().remove(prompt)
    content = control.find(qn("w:sdtContent"))
    paragraphs = content.findall(qn("w:p"))
    for more in paragraphs[1:]:
        content.remove(more)
    if paragraphs:
        for run in list(paragraphs[0].iter(qn("w:r"))):
            run.getparent().remove(run)
        Paragraph(paragraphs[0], None).add_run(value)
        return
    for run in list(content):
        content.remove(run)
    beside = OxmlElement("w:p")
    Paragraph(beside, None).add_run(value)
    for run in list(beside.iter(qn("w:r"))):
        content.append(run)


def words_of(content: bytes) -> str:
    return "\n".join(node.text or "" for node in Document(io.BytesIO(content)).element.body.iter() if node.text)


def without_controls(content: bytes) -> bytes:
    """As Google Docs and LibreOffice leave it: the words of every control, and no control."""
    document = Document(io.BytesIO(content))
    while (control := document.element.body.find(f".//{qn('w:sdt')}")) is not None:
        inside = control.find(qn("w:sdtContent"))
        for child in list(inside):
            control.addprevious(child)
        control.getparent().remove(control)
    return saved(document)


def with_row_added(content: bytes, label: str, cells: tuple[str, ...]) -> bytes:
    """Somebody adds a row at the end of the table under ``label``: it has no controls."""
    document = Document(io.BytesIO(content))
    table = next(t for t in document.tables if t.rows[0].cells[0].text.strip() == label)
    for cell, value in zip(table.add_row().cells, cells, strict=True):
        cell.text = value
    return saved(document)
