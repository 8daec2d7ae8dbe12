"""A Word document as a package of parts: opened within limits when it comes from anybody, written the same every time.

What is opened here was sent by anybody at all. Nothing is unpacked to a file, no part is read beyond its limit whatever
its header claims, nothing outside the package is ever looked at, and a package that holds programs, embedded objects
or pointers to elsewhere is not read at all.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping

from lxml import etree

LARGEST_FILE = 10 * 1024 * 1024
MOST_PARTS = 200
LARGEST_PART = 3 * 1024 * 1024  # a filled form is some hundred kilobytes of XML
LARGEST_WHOLE = 40 * 1024 * 1024  # as declared, pictures and all
MAIN, PROPERTIES, TYPES = "word/document.xml", "docProps/custom.xml", "[Content_Types].xml"
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
    """The parts of a Word document that a form needs. Raises NotOpened for everything else, and nothing but that."""
    _looked_at(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = _members(package)
            wanted = [name for name in members if name in (MAIN, PROPERTIES, TYPES) or name.endswith(".rels")]
            parts = {name: _read(content, members[name]) for name in wanted}
    except NotOpened:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, LookupError, OSError, RuntimeError,
            NotImplementedError, OverflowError, MemoryError) as broken:  # fmt: skip
        raise NotOpened(DAMAGED) from broken
    if MAIN not in parts or TYPES not in parts:
        raise NotOpened(NOT_WORD)
    if b"macroenabled" in parts[TYPES].lower():
        raise NotOpened(PROGRAMS)
    for name, part in parts.items():
        if name.endswith(".rels"):
            _points_nowhere(part)
    return parts


def every_part(content: bytes) -> dict[str, bytes]:
    """All parts of a document that ``open_parts`` has let through, for a partnership's own."""
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
    if content.count(_ENTRY) > MOST_PARTS:  # before the directory of the package is read: a long one takes seconds
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
    if len(found) > MOST_PARTS or whole > LARGEST_WHOLE:
        raise NotOpened(SWOLLEN)
    return found


def _read(content: bytes, member: zipfile.ZipInfo) -> bytes:
    """Within the limit by what it says of itself, and again by what comes out: nothing beyond it is ever unpacked."""
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
    """Every pointer stays inside. A link in the text is allowed: Word makes one of any address that somebody types,
    and nothing here follows it."""
    for one in parse(part).iter("{*}Relationship"):
        if one.get("TargetMode", "").lower() == "external" and not one.get("Type", "").endswith(_HYPERLINK):
            raise NotOpened(ELSEWHERE)


def parse(part: bytes) -> etree._Element:
    """One part as a tree: no entities, no network, nothing loaded. Raises NotOpened."""
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
    """The package of these parts, in this order. No clock goes into it: the same parts are the same bytes."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts:
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            package.writestr(member, part)
    return kept.getvalue()
