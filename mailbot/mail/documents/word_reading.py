"""A Word document read within limits, whoever wrote it: its package of parts, its content controls and table
cells.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from mailbot.mail.documents.form_boxes import PROMPTS, clean_box_text
from mailbot.mail.documents.word_writing import W

# A Word document as a package of parts: opened within limits when it comes from anybody, written the same every time.
#
# What is opened here was sent by anybody at all. Nothing is unpacked to a file, no part is read beyond its limit
# whatever its header claims, nothing outside the package is ever looked at, and a package that holds programs,
# embedded objects or pointers to elsewhere is not read at all.

LARGEST_FILE = 10 * 1024 * 1024
_MOST_PARTS = 200
LARGEST_PART = 3 * 1024 * 1024  # a filled form is some hundred kilobytes of XML
LARGEST_WHOLE = 40 * 1024 * 1024  # as declared, pictures and all
MAIN, PROPERTIES, CONTENT_TYPES = "word/document.xml", "docProps/custom.xml", "[Content_Types].xml"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OLE, PDF = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
_ENTRY = b"PK\x01\x02"
_PROGRAMS = re.compile(r"vbaproject|vbadata|activex/|/embeddings/|oleobject|macrosheets|\.(?:exe|dll|js|vbs|bat|ps1)$")
_DECLARES = tuple(
    mark.encode(code) for mark in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)
_HYPERLINK = "/hyperlink"
SEALED = "it is protected with a password, or it is an older kind of Word file"
TOO_LARGE = "it is larger than 10 MB"
NOT_WORD = "it is not a Word document"
DAMAGED = "it is damaged, or it is not a Word document"
SWOLLEN = "it holds far more than a form does once it is unpacked"
PROGRAMS = "it holds macros or embedded objects"
ELSEWHERE = "it points to a file somewhere else"
ENTITIES = "its XML declares things that no form needs"


class NotOpened(ValueError):
    """Why a document was not opened, in words that go on after "it was not opened, because"."""


def open_parts(content: bytes) -> Mapping[str, bytes]:
    """Opens a Word document for reading: the parts of a Word document that a form needs. Raises NotOpened for
    everything else, and nothing but that."""
    _looked_at(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = _members(package)
            wanted = [name for name in members if name in (MAIN, PROPERTIES, CONTENT_TYPES) or name.endswith(".rels")]
            parts = {name: _read(content, members[name]) for name in wanted}
    except NotOpened:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        struct.error,
        ValueError,
        LookupError,
        OSError,
        RuntimeError,
        NotImplementedError,
        OverflowError,
        MemoryError,
    ) as broken:
        raise NotOpened(DAMAGED) from broken
    if MAIN not in parts or CONTENT_TYPES not in parts:
        raise NotOpened(NOT_WORD)
    if b"macroenabled" in parts[CONTENT_TYPES].lower():
        raise NotOpened(PROGRAMS)
    for name, part in parts.items():
        if name.endswith(".rels"):
            _points_nowhere(part)
    return parts


def every_part(content: bytes) -> dict[str, bytes]:
    """Reads a Word document whole: all parts of a document that ``open_parts`` has let through, for a partnership's
    own."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist() if not name.endswith("/")}


def _looked_at(content: bytes) -> None:
    if len(content) > LARGEST_FILE:
        raise NotOpened(TOO_LARGE)
    if content.startswith(OLE):
        raise NotOpened(SEALED)
    if content.startswith(PDF):
        raise NotOpened("it is a PDF, and boxes cannot be read out of one for certain")
    if content.startswith(_PICTURES):
        raise NotOpened("it is a picture")
    if not content.startswith(b"PK"):
        raise NotOpened(NOT_WORD)
    if content.count(_ENTRY) > _MOST_PARTS:  # before the directory of the package is read: a long one takes seconds
        raise NotOpened(SWOLLEN)


def _members(package: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    found: dict[str, zipfile.ZipInfo] = {}
    whole = 0
    for member in package.infolist():
        if member.filename in found:
            raise NotOpened(DAMAGED)  # programs differ over which of two parts of one name is meant
        if member.flag_bits & 0x1:
            raise NotOpened(SEALED)
        if _PROGRAMS.search(member.filename.lower()):
            raise NotOpened(PROGRAMS)
        whole += member.file_size
        found[member.filename] = member
    if len(found) > _MOST_PARTS or whole > LARGEST_WHOLE:
        raise NotOpened(SWOLLEN)
    return found


def _read(content: bytes, member: zipfile.ZipInfo) -> bytes:
    """Reads one part of a Word document within the limit by what it says of itself, and again by what comes out:
    nothing beyond it is ever unpacked."""
    if member.file_size > LARGEST_PART:
        raise NotOpened(SWOLLEN)
    head = content[member.header_offset : member.header_offset + 30]
    mark, names, extra = struct.unpack("<4s22xHH", head)
    begin = member.header_offset + 30 + names + extra
    packed_part = content[begin : begin + member.compress_size]
    if mark != b"PK\x03\x04" or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotOpened(DAMAGED)
    stored = member.compress_type == zipfile.ZIP_STORED
    part = packed_part if stored else zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed_part, LARGEST_PART + 1)
    if len(part) > LARGEST_PART:
        raise NotOpened(SWOLLEN)
    if len(part) != member.file_size or zlib.crc32(part) != member.CRC:
        raise NotOpened(DAMAGED)
    return part


def _points_nowhere(part: bytes) -> None:
    """A Word document that is read points nowhere outside: every pointer stays inside. A link in the text is allowed:
    Word makes one of any address that somebody types, and nothing here follows it."""
    for one in parse_part(part).iter("{*}Relationship"):
        if one.get("TargetMode", "").lower() == "external" and not one.get("Type", "").endswith(_HYPERLINK):
            raise NotOpened(ELSEWHERE)


def parse_part(part: bytes) -> etree._Element:
    """Reads a Word document's part: one part as a tree: no entities, no network, nothing loaded. Raises NotOpened."""
    if any(mark in part for mark in _DECLARES):
        raise NotOpened(ENTITIES)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(part, parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise NotOpened(DAMAGED) from broken
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotOpened(ENTITIES)
    return root


def packed(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """Packs a Word document that was read and changed: the package of these parts, in this order. No clock goes into
    it: the same parts are the same bytes."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts:
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            package.writestr(member, part)
    return kept.getvalue()


# What stands in a Word document, wherever it was written: tagged content controls, and the cells of its tables.
#
# ``cell.text`` of python-docx does not see content controls, and a control that nobody has written in holds the words
# of its prompt: both are dealt with here. Tables are read as well as tags, because a row that somebody added has no
# control, and some programs drop controls and keep the table.

MOST_CONTROLS, _DEEPEST = 1500, 6
MOST_ROWS = 2000


def _w(name: str) -> str:
    return f"{{{W}}}{name}"


_T, TAB, BREAKS, P, SDT = _w("t"), _w("tab"), frozenset({_w("br"), _w("cr")}), _w("p"), _w("sdt")
TBL, TR, TC, VAL, HYPHEN = _w("tbl"), _w("tr"), _w("tc"), _w("val"), _w("noBreakHyphen")
# Properties hold no words ("tab" in them is a tab stop); what was deleted or moved away is not said any more; and what
# stands in a Fallback was said once already.
_SILENT = frozenset(
    {_w(n) for n in ("pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "trPr", "tcPr", "sectPr", "del", "moveFrom")}
    | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)
_AROUND = frozenset({_w("sdtContent"), _w("ins"), _w("moveTo"), _w("customXml"), _w("smartTag")})


@dataclass(frozen=True, slots=True)
class Cell:
    """``tags`` are those of the controls in or around it."""

    text: str
    tags: tuple[str, ...] = ()


TableRow = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class WrittenDocument:
    """``tagged`` has "" for a control in which nobody has written. Tables are in the order of the document."""

    properties: Mapping[str, str]
    tagged: Mapping[str, str]
    tables: tuple[tuple[TableRow, ...], ...]


def read_word(content: bytes) -> WrittenDocument:
    """Everything a form can be read from. Raises NotOpened."""
    parts = open_parts(content)
    root = parse_part(parts[MAIN])
    properties = dict(_properties(parse_part(parts[PROPERTIES]))) if PROPERTIES in parts else {}
    return WrittenDocument(properties, _tagged(root), tuple(_tables(root)))


def _properties(root: etree._Element) -> Iterator[tuple[str, str]]:
    for one in root:
        yield one.get("name", ""), "".join(text for text in one.itertext() if isinstance(text, str)).strip()


def _tagged(root: etree._Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, control in enumerate(root.iter(SDT), 1):
        if number > MOST_CONTROLS or sum(1 for _ in control.iterancestors(SDT)) > _DEEPEST:
            raise NotOpened(SWOLLEN)
        tag = tag_of(control)
        if not tag:
            continue
        said = control_text(control)
        before = found.get(tag, "")
        # One tag twice is a row that somebody copied: nothing of either is dropped.
        found[tag] = said if not before or before == said else "\n".join(part for part in (before, said) if part)
    return found


def tag_of(control: etree._Element) -> str:
    tag = control.find(f"{_w('sdtPr')}/{_w('tag')}")
    return (tag.get(VAL) or "") if tag is not None else ""


def is_prompting(control: etree._Element) -> bool:
    """Is a Word control, when read, still prompting? Still showing its prompt. Word takes the mark away when somebody
    writes; a program that only changes the text leaves it, so words that are not set as a prompt count."""
    shows = control.find(f"{_w('sdtPr')}/{_w('showingPlcHdr')}")
    if shows is None or shows.get(VAL) in ("0", "false", "off"):
        return False
    styles = {style.get(VAL) for style in control.iter(_w("rStyle"))}
    return "PlaceholderText" in styles or not _said(control).strip() or _said(control).strip() in PROMPTS


def control_text(element: etree._Element) -> str:
    """The words in ``element``; prompts are no words."""
    if element.tag == SDT and is_prompting(element):
        return ""
    return _without_prompt(clean_box_text(_said(element, skip_prompts=True)))


def _without_prompt(said: str) -> str:
    """A Word control's words, read without its prompt: a program without controls leaves the prompt standing, and
    people write before or behind it."""
    for prompt in PROMPTS:
        said = said.removeprefix(prompt).removesuffix(prompt)
    return said.strip()


def _said(element: etree._Element, skip_prompts: bool = False) -> str:
    pieces: list[str] = []
    waiting = [element]
    begun = False
    while waiting:
        node = waiting.pop()
        tag = node.tag
        if tag in _SILENT or (skip_prompts and tag == SDT and node is not element and is_prompting(node)):
            continue
        if tag == _T:
            pieces.append(node.text or "")
        elif tag in BREAKS:
            pieces.append("\n")
        elif tag == TAB:
            pieces.append("\t")
        elif tag == HYPHEN:
            pieces.append("\u2011")
        elif tag == P:
            pieces += ["\n"] if begun else []
            begun = True
        waiting.extend(reversed(node))
    return "".join(pieces)


def _tables(root: etree._Element) -> Iterator[tuple[TableRow, ...]]:
    if sum(1 for _ in islice(root.iter(TR), MOST_ROWS + 1)) > MOST_ROWS:
        raise NotOpened(SWOLLEN)
    for table in root.iter(TBL):
        yield tuple(tuple(_cells(row)) for row in _inside(table, TR) if not _is_deleted(row))


def _is_deleted(row: etree._Element) -> bool:
    return row.find(f"{_w('trPr')}/{_w('del')}") is not None


def _inside(parent: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Reads what is inside an element of a Word document: children of one kind, also where a control or a tracked
    change is put around them."""
    for child in parent:
        if child.tag == wanted:
            yield child
        elif child.tag == SDT or child.tag in _AROUND:
            yield from _inside(child, wanted)


def _cells(row: etree._Element) -> Iterator[Cell]:
    for cell in _inside(row, TC):
        around = [one for one in cell.iterancestors(SDT) if row in set(one.iterancestors(TR))]
        tags = tuple(tag for control in (*around, *cell.iter(SDT)) if (tag := tag_of(control)))
        said = "" if any(is_prompting(control) for control in around) else control_text(cell)
        yield Cell(said, tags)
