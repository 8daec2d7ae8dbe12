"""A Word document written: paragraphs, cells and content controls as WordprocessingML, and the parts every document
has.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

# WordprocessingML, written as text: paragraphs, cells and content controls. The order of elements is the schema's,
# which Word insists on and LibreOffice does not.

LONGEST_TAG = 64  # Word refuses longer tags
LABEL_SHADE, HEAD_SHADE, PROMPT_INK = "E8EEF4", "D5DFE9", "5F6871"
_BREAKS = re.compile(r"(\n|\t)")


def words(text: str) -> str:
    """Words written into a Word document: the inside of a run: line breaks and tabs have elements of their own."""
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


def text_run(text: str, style: str = "", bold: bool = False) -> str:
    # LibreOffice drops the style of a prompt, not its colour.
    marked = f'<w:rStyle w:val="{style}"/><w:color w:val="{PROMPT_INK}"/>' if style else "<w:b/>" if bold else ""
    return f"<w:r>{f'<w:rPr>{marked}</w:rPr>' if marked else ''}{words(text)}</w:r>"


def word_paragraph(inside: str, style: str = "", keep: bool = False) -> str:
    """``keep``: on the same page as whatever comes next."""
    marked = (f'<w:pStyle w:val="{style}"/>' if style else "") + ("<w:keepNext/>" if keep else "")
    return f"<w:p>{f'<w:pPr>{marked}</w:pPr>' if marked else ''}{inside}</w:p>"


@dataclass(frozen=True, slots=True)
class ContentControl:
    """A Word content control: its tag and title, the text in it, or the prompt shown while there is none. ``kind`` is
    "text", "date" or "choice"; ``locked``: not to be written in."""

    tag: str
    title: str
    text: str
    prompt: str = ""
    kind: str = "text"
    choices: Iterable[str] = ()
    locked: bool = False


def content_control(number: int, control: ContentControl) -> str:
    """A Word paragraph of style "Value" with a content control in it; ``number`` is its id in the document.

    A blank follows the control, and prose is never a plain-text one: LibreOffice 7.4 repeats and reorders the words of
    a plain-text control, and of any that ends its paragraph.
    """
    title, tag, text, prompt = control.title, control.tag, control.text, control.prompt
    lock = "sdtContentLocked" if control.locked else "sdtLocked"
    empty = "" if text else "<w:showingPlcHdr/>"
    settings = (
        f"<w:sdtPr><w:alias w:val={quoteattr(title[:LONGEST_TAG])}/><w:tag w:val={quoteattr(tag)}/>"
        f'<w:id w:val="{number}"/><w:lock w:val="{lock}"/>{empty}{_kind(control.kind, control.choices, text)}</w:sdtPr>'
    )
    inside = text_run(text) if text else text_run(prompt, "PlaceholderText")
    return word_paragraph(f"<w:sdt>{settings}<w:sdtContent>{inside}</w:sdtContent></w:sdt>{text_run(' ')}", "Value")


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


def table_cell(inside: str, width: int, shade: str = "", span: int = 1) -> str:
    joined = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    filled = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{joined}{filled}</w:tcPr>{inside}</w:tc>'


def table_row(cells: Iterable[str], height: int = 0, head: bool = False, whole: bool = False) -> str:
    """Writes a row of a Word table. ``head``: said again on each page the table runs over; ``whole``: never cut by the
    end of a page."""
    marked = (
        ("<w:cantSplit/>" if whole or head else "")
        + (f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else "")
        + ("<w:tblHeader/>" if head else "")
    )
    return f"<w:tr>{f'<w:trPr>{marked}</w:trPr>' if marked else ''}{''.join(cells)}</w:tr>"


def word_table(rows: Iterable[str], widths: Sequence[int], title: str, head: bool) -> str:
    """Writes a Word table. ``title`` is read out by a screen reader. ``head``: the first row names the columns, else
    the first column the rows."""
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


# The parts of a Word document that are the same for every form: styles, settings, types. A4, Arial, English of the
# United Kingdom. Small on purpose: a document goes with many letters.

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_OWN = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # the set of properties that users name themselves
REFERENCE, FORM, WORD_MARKS = "mailbot reference", "mailbot form", "mailbot marks"
WORD_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/>'
    f'<Override PartName="/word/settings.xml" ContentType="{_WORD}.settings+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{_WORD}.footer+xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    '<Override PartName="/docProps/app.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/>'
    '<Override PartName="/docProps/custom.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.custom-properties+xml"/></Types>'
)
CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
CUSTOM_RELATION = f"{_OFFICE}/relationships/custom-properties"
ROOT_RELS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/relationships/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    f'<Relationship Id="rId3" Type="{_OFFICE}/relationships/extended-properties" Target="docProps/app.xml"/>'
    f'<Relationship Id="rId4" Type="{CUSTOM_RELATION}" Target="docProps/custom.xml"/></Relationships>'
)
WORD_RELS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/relationships/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/relationships/settings" Target="settings.xml"/>'
    f'<Relationship Id="rId3" Type="{_OFFICE}/relationships/footer" Target="footer1.xml"/></Relationships>'
)
APP = (
    f'{_HEAD}<Properties xmlns="{_OFFICE}/extended-properties"><Application>mailbot</Application>'
    "<AppVersion>1.0000</AppVersion></Properties>"
)
SETTINGS = (
    f'{_HEAD}<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="567"/>'
    '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    '</w:compat><w:themeFontLang w:val="en-GB"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
)
# Nothing can be changed but content controls that are not locked: a closed form, in which an agency still writes the
# child's name on its own copy.
READ_ONLY = SETTINGS.replace(
    "<w:defaultTabStop", '<w:documentProtection w:edit="forms" w:enforcement="1"/><w:defaultTabStop', 1
)


def _style(name: str, title: str, paragraph: str, letters: str, then: str = "", heading: bool = False) -> str:
    based = '<w:basedOn w:val="Normal"/>'
    following = f'<w:next w:val="{then}"/>' if then else ""
    kept = '<w:uiPriority w:val="9"/><w:qFormat/>' if heading else "<w:qFormat/>"
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{title}"/>{based}{following}{kept}'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
    )


_INK, _QUIET = '<w:color w:val="12324F"/>', '<w:color w:val="4A5560"/>'
WORD_STYLES = (
    f'{_HEAD}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>'
    '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/><w:sz w:val="21"/><w:szCs w:val="21"/>'
    '<w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:after="80" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
    "</w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
    '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    + _style(
        "Heading1",
        "heading 1",
        '<w:keepNext/><w:spacing w:before="0" w:after="120"/><w:outlineLvl w:val="0"/>',
        f'<w:b/>{_INK}<w:sz w:val="34"/>',
        "Normal",
        heading=True,
    )
    + _style(
        "Heading2",
        "heading 2",
        '<w:keepNext/><w:spacing w:before="300" w:after="100"/><w:outlineLvl w:val="1"/>',
        f'<w:b/>{_INK}<w:sz w:val="25"/>',
        "Normal",
        heading=True,
    )
    + _style(
        "Partnership", "Partnership", '<w:spacing w:before="0" w:after="40"/>', f'<w:b/>{_QUIET}<w:sz w:val="21"/>'
    )
    + _style(
        "Risk",
        "Risk line",
        '<w:pBdr><w:left w:val="single" w:sz="36" w:space="8" w:color="A11B1B"/></w:pBdr>'
        '<w:spacing w:before="60" w:after="140"/><w:ind w:left="200"/>',
        "<w:b/>",
    )
    + _style(
        "Proposed",
        "Proposed fields",
        '<w:pBdr><w:top w:val="single" w:sz="6" w:space="4" w:color="8A6A00"/>'
        '<w:left w:val="single" w:sz="6" w:space="6" w:color="8A6A00"/>'
        '<w:bottom w:val="single" w:sz="6" w:space="4" w:color="8A6A00"/>'
        '<w:right w:val="single" w:sz="6" w:space="6" w:color="8A6A00"/></w:pBdr>'
        '<w:shd w:val="clear" w:color="auto" w:fill="FFF6DA"/><w:spacing w:before="60" w:after="160"/>'
        '<w:ind w:left="140" w:right="140"/>',
        "<w:b/>",
    )
    + _style("Label", "Form label", '<w:spacing w:before="50" w:after="50"/>', "<w:b/>")
    + _style("Value", "Form value", '<w:spacing w:before="50" w:after="50"/>', "")
    + _style("Guide", "Guidance", '<w:spacing w:before="100" w:after="60"/>', f'{_QUIET}<w:sz w:val="19"/>')
    + _style(
        "Footer",
        "footer",
        '<w:tabs><w:tab w:val="right" w:pos="9638"/></w:tabs><w:spacing w:after="0"/>',
        f'{_QUIET}<w:sz w:val="17"/>',
    )
    + '<w:style w:type="character" w:styleId="PlaceholderText"><w:name w:val="Placeholder Text"/>'
    '<w:basedOn w:val="DefaultParagraphFont"/><w:uiPriority w:val="99"/>'
    '<w:rPr><w:color w:val="5F6871"/></w:rPr></w:style>'
    '<w:style w:type="table" w:styleId="FormTable"><w:name w:val="Form table"/><w:basedOn w:val="TableNormal"/>'
    "<w:tblPr><w:tblBorders>"
    + "".join(
        f'<w:{side} w:val="single" w:sz="6" w:space="0" w:color="7B8894"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + '</w:tblBorders><w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="115" w:type="dxa"/>'
    '<w:bottom w:w="40" w:type="dxa"/><w:right w:w="115" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style></w:styles>'
)


def document(body: str) -> bytes:
    """Writes a Word document: the main part: A4, margins of two centimetres, the footer on every page."""
    page = (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" '
        'w:gutter="0"/></w:sectPr>'
    )
    return f'{_HEAD}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}{page}</w:body></w:document>'.encode()


def footer(inside: str) -> bytes:
    return f'{_HEAD}<w:ftr xmlns:w="{W}">{inside}</w:ftr>'.encode()


def core(title: str, maker: str, made: datetime | None = None) -> bytes:
    when = f'<dcterms:created xsi:type="dcterms:W3CDTF">{made:%Y-%m-%dT%H:%M:%SZ}</dcterms:created>' if made else ""
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(maker)}</dc:creator>{when}"
        "<dc:language>en-GB</dc:language></cp:coreProperties>"
    ).encode()


def properties(reference: str, form: str, marks: Mapping[str, str]) -> bytes:
    """Writes a Word document's own properties: what a form says of itself beside its boxes: whose it is, and the mark
    of each box as it was sent."""
    values = {REFERENCE: reference, FORM: form, WORD_MARKS: json.dumps(marks, separators=(",", ":"))}
    rows = "".join(
        f'<property fmtid="{_OWN}" pid="{number}" name="{name}"><vt:lpwstr>{escape(value)}</vt:lpwstr></property>'
        for number, (name, value) in enumerate(values.items(), 2)
    )
    return (
        f'{_HEAD}<Properties xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes">{rows}'
        "</Properties>"
    ).encode()
