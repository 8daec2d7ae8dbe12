"""WordprocessingML, written as text: paragraphs, cells and content controls. The order of elements is the schema's,
which Word insists on and LibreOffice does not."""

import re
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

LONGEST_TAG = 64  # Word refuses longer tags
LABEL_SHADE, HEAD_SHADE, PROMPT_INK = "E8EEF4", "D5DFE9", "5F6871"
_BREAKS = re.compile(r"(\n|\t)")


def words(text: str) -> str:
    """The inside of a run: line breaks and tabs have elements of their own."""
    pieces = (
        "<w:br/>"
        if piece == "\n"
        else "<w:tab/>"
        if piece == "\t"
        else f'<w:t xml:space="preserve">{escape(piece)}</w:t>'
        for piece in _BREAKS.split(text)
        if piece
    )
    return "".join(pieces)


def run(text: str, style: str = "", bold: bool = False) -> str:
    # LibreOffice drops the style of a prompt, not its colour.
    marked = f'<w:rStyle w:val="{style}"/><w:color w:val="{PROMPT_INK}"/>' if style else "<w:b/>" if bold else ""
    return f"<w:r>{f'<w:rPr>{marked}</w:rPr>' if marked else ''}{words(text)}</w:r>"


def paragraph(inside: str, style: str = "", keep: bool = False) -> str:
    """``keep``: on the same page as whatever comes next."""
    marked = (f'<w:pStyle w:val="{style}"/>' if style else "") + ("<w:keepNext/>" if keep else "")
    return f"<w:p>{f'<w:pPr>{marked}</w:pPr>' if marked else ''}{inside}</w:p>"


def control(
    number: int, tag: str, title: str, text: str, prompt: str, kind: str = "text", choices: Iterable[str] = (),
    locked: bool = False,
) -> str:  # fmt: skip
    """A paragraph of style "Value" with a content control that holds ``text``, or ``prompt`` while there is none.
    ``locked``: not to be written in.

    A blank follows the control, and prose is never a plain-text one: LibreOffice 7.4 repeats and reorders the words of
    a plain-text control, and of any that ends its paragraph.
    """
    lock = "sdtContentLocked" if locked else "sdtLocked"
    empty = "" if text else "<w:showingPlcHdr/>"
    settings = (
        f"<w:sdtPr><w:alias w:val={quoteattr(title[:LONGEST_TAG])}/><w:tag w:val={quoteattr(tag)}/>"
        f'<w:id w:val="{number}"/><w:lock w:val="{lock}"/>{empty}{_kind(kind, choices, text)}</w:sdtPr>'
    )
    inside = run(text) if text else run(prompt, "PlaceholderText")
    return paragraph(f"<w:sdt>{settings}<w:sdtContent>{inside}</w:sdtContent></w:sdt>{run(' ')}", "Value")


def _kind(kind: str, choices: Iterable[str], text: str) -> str:
    if kind == "date":
        return (
            '<w:date><w:dateFormat w:val="d MMMM yyyy"/><w:lid w:val="en-GB"/>'
            '<w:storeMappedDataAs w:val="dateTime"/><w:calendar w:val="gregorian"/></w:date>'
        )
    if kind == "choice":
        offered = dict.fromkeys((*choices, *((text,) if text else ())))
        items = "".join(f"<w:listItem w:displayText={quoteattr(c)} w:value={quoteattr(c)}/>" for c in offered)
        return f"<w:dropDownList>{items}</w:dropDownList>"
    return "<w:richText/>"


def cell(inside: str, width: int, shade: str = "", span: int = 1) -> str:
    joined = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    filled = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{joined}{filled}</w:tcPr>{inside}</w:tc>'


def row(cells: Iterable[str], height: int = 0, head: bool = False, whole: bool = False) -> str:
    """``head``: said again on each page the table runs over; ``whole``: never cut by the end of a page."""
    marked = (
        ("<w:cantSplit/>" if whole or head else "")
        + (f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else "")
        + ("<w:tblHeader/>" if head else "")
    )
    return f"<w:tr>{f'<w:trPr>{marked}</w:trPr>' if marked else ''}{''.join(cells)}</w:tr>"


def table(rows: Iterable[str], widths: Sequence[int], title: str, head: bool) -> str:
    """``title`` is read out by a screen reader. ``head``: the first row names the columns, else the first column the
    rows."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    look = (
        f'<w:tblLook w:val="{"0420" if head else "0480"}" w:firstRow="{int(head)}" w:lastRow="0" '
        f'w:firstColumn="{int(not head)}" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
    )
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="FormTable"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/>{look}<w:tblCaption w:val={quoteattr(title)}/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
