"""The parts of a message: which are its text, in which order and versions, what is attached.

Every text part is the writer's, in the order they stand: Apple Mail goes on below a picture in a second part, Exchange
renames that part to ``ATT00001.htm`` and attaches it. Attached messages are attachments. Their text is never merged with the writer's: a forwarded or bounced copy of a
tagged message would look like a new instruction.
"""

import binascii
import re
from dataclasses import dataclass, field
from email.message import Message as Tree

from mailbot.mail.arriving.headers import headers_of
from mailbot.mail.arriving.html_text import LARGEST_HTML
from mailbot.mail.arriving.rich_text import rtf_to_text
from mailbot.mail.arriving.text import decode_header, decode_text, one_line

MOST_PARTS = 500
DEEPEST = 20
LARGEST_TEXT = 1024 * 1024
_DECLARED = re.compile(
    rb"boundary[ \t\n]*(?:\*0?\*?)?=[ \t\n]*(?:\"([^\"\n]{1,200})\"|([^\s\";]{1,200}))", re.IGNORECASE
)
_CHARSET = re.compile(r"charset\s*\*?=\s*\"?([^\s\";]+)", re.IGNORECASE)
_RTF = {"text/rtf", "application/rtf", "application/x-rtf", "text/richtext"}
# What gateways and clients call a part of the text that had no name: "ATT00001.htm", "Part 1.2", "noname.txt".
_NAMED_BY_A_PROGRAM = re.compile(r"(?:att|part|untitled|unnamed|noname)[ \W_]*[\d.]*\.(?:txt|html?|rtf)", re.IGNORECASE)
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
_BASE64_TEXT = re.compile(r"(?:^[A-Za-z0-9+/]{40,80}\n)*^[A-Za-z0-9+/]{22,80}={0,2}$", re.MULTILINE)
_ENRICHED_TAG = re.compile(r"<(?:param>[^<]{0,200}</param|/?[a-z]{1,20})>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message; ``name`` is decoded, without path, "" if it had none; ``size`` in bytes."""

    name: str
    content_type: str
    size: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text, in one version or in both: ``plain``, and ``html`` as a mail program shows it."""

    plain: str = ""
    html: tuple[str, ...] = ()


@dataclass(slots=True)
class Found:
    """What the walk has met so far, in order."""

    pieces: list[Piece] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    types: list[str] = field(default_factory=list)


def too_much(raw: bytes) -> str:
    """Why this must not be parsed ("too many parts", "nested too deeply"), "" if it may. One pass over the lines.

    The standard parser compares every line with every open boundary, so depth is bounded before it starts.
    """
    boundaries = {one or two for one, two in _DECLARED.findall(raw)}
    if not boundaries:
        return ""
    open_ones: list[bytes] = []
    parts = 0
    longest = max(map(len, boundaries)) + 4
    for line in re.finditer(rb"^--([^\n]{1,%d})" % longest, raw, re.MULTILINE):
        mark = line.group(1).rstrip()
        name = mark if mark in boundaries else mark.removesuffix(b"--")
        if name not in boundaries:
            continue
        if name in open_ones:
            del open_ones[open_ones.index(name) + 1 :]
        else:
            open_ones.append(name)
        if name != mark:
            open_ones.remove(name)
        else:
            parts += 1
        if parts > MOST_PARTS or len(open_ones) > DEEPEST:
            return "too many parts" if parts > MOST_PARTS else "nested too deeply"
    return ""


def content_of(part: Tree) -> bytes:
    """The decoded bytes of a leaf; broken encodings give what can be had. Never raises."""
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError, binascii.Error, TypeError, IndexError):
        payload = None
    return payload if isinstance(payload, bytes) else b""


def _text_content(part: Tree) -> bytes:
    """The same of a text part. A gateway's warning in plain words may stand above or below a body in base64."""
    encoding = headers_of(part).one("content-transfer-encoding").strip().lower()
    payload = part.get_payload() if encoding == "base64" else None
    if not isinstance(payload, str) or len(payload) > LARGEST_TEXT * 2:
        return content_of(part)
    lines = payload.encode("ascii", "surrogateescape").split(b"\n")
    if not any(b" " in line.strip() for line in lines):
        return content_of(part)
    out: list[bytes] = []
    packed: list[bytes] = []
    for line in [*lines, b"- "]:
        if _BASE64_LINE.fullmatch(line.strip()) and (len(line.strip()) % 4 == 0 or packed):
            packed.append(line.strip())
            continue
        out += [_unpacked(b"".join(packed))] if packed else []
        packed = []
        out.append(line)
    return b"\n".join(out[:-1])


def _unpacked(packed: bytes) -> bytes:
    body = packed.rstrip(b"=")
    try:
        return binascii.a2b_base64(body + b"=" * (-len(body) % 4))
    except binascii.Error:
        return packed


def _undisguised(text: str) -> str:
    """A text whose base64 nobody declared, below a warning that a gateway put above it: decoded where words come out."""
    found = _BASE64_TEXT.search(text) if len(text) < LARGEST_TEXT else None
    if found is None or len(text[: found.start()].split()) > 60 or text[found.end() :].strip():
        return text
    raw = _unpacked(re.sub(r"\s", "", found.group(0)).encode())
    try:
        words = raw.decode("utf-8")
    except UnicodeDecodeError:
        return text
    readable = sum(one.isprintable() or one in "\r\n\t" for one in words)
    return f"{text[: found.start()]}{words}" if " " in words and readable == len(words) else text


def charset_of(part: Tree) -> str:
    found = _CHARSET.search(headers_of(part).one("content-type"))
    return found.group(1) if found else ""


def text_of(part: Tree) -> str:
    """The text of a text part, whatever its charset says."""
    return decode_text(_text_content(part)[:LARGEST_TEXT], charset_of(part))


def name_of(part: Tree) -> str:
    """The file name of a part, decoded (RFC 2231 or 2047), without directories or control characters."""
    try:
        name = part.get_filename() or ""
    except (LookupError, ValueError, TypeError, AttributeError):
        name = ""
    return re.split(r"[/\\]", one_line(decode_header(str(name))))[-1][:255]


def _attached(part: Tree, content_type: str) -> Attachment:
    if part.is_multipart():
        try:
            content = part.get_payload(0).as_bytes()  # type: ignore[union-attr]
        except Exception:  # the generator raises a dozen kinds on damaged trees; the raw message is kept anyway
            content = b""
    else:
        content = content_of(part)
    return Attachment(name_of(part), content_type, len(content), content)


def type_of(part: Tree) -> str:
    return one_line(part.get_content_type().lower())[:100]


def _is_body(content_type: str, name: str, disposition: str, has_text: bool) -> bool:
    """Whether a leaf is a stretch of the text, and not a file that goes with it."""
    if content_type in _RTF:
        is_text = not name or not has_text
    else:
        is_text = content_type in {"text/plain", "text/html", "text/enriched"} or (
            content_type.startswith("text/")
            and not name
            and content_type not in {"text/calendar", "text/rfc822-headers"}
        )
    if is_text and disposition != "attachment" and not (name and disposition != "inline" and has_text):
        return True
    return bool((is_text or content_type in _RTF) and _NAMED_BY_A_PROGRAM.fullmatch(name))


def _piece(part: Tree, content_type: str) -> Piece:
    if content_type == "text/html":
        return Piece(html=(_undisguised(text_of(part))[:LARGEST_HTML],))
    if content_type in _RTF:
        raw = content_of(part)
        return Piece(plain=rtf_to_text(raw) if raw.lstrip().startswith(b"{\\rtf") else _ENRICHED_TAG.sub("", text_of(part)))
    text = _undisguised(text_of(part))
    return Piece(plain=_ENRICHED_TAG.sub("", text) if content_type == "text/enriched" else text)


def _leaf(part: Tree, content_type: str, found: Found) -> None:
    disposition = headers_of(part).one("content-disposition").split(";")[0].strip().lower()
    name = name_of(part)
    if _is_body(content_type, name, disposition, bool(found.pieces)):
        found.pieces.append(_piece(part, content_type))
        if not name:
            return
    found.attachments.append(_attached(part, content_type))


def _alternatives(part: Tree, found: Found, depth: int) -> None:
    """The versions of one text as one piece: what is plain joined, what has a layout joined."""
    before, versions = found.pieces, Found([], found.attachments, found.types)
    for child in children(part):
        walk(child, versions, depth + 1)
    plain = "\n".join(one.plain.strip("\n") for one in versions.pieces if one.plain.strip())
    shown = tuple(page for one in versions.pieces for page in one.html)
    found.pieces = [*before, *([Piece(plain, shown)] if plain or shown else [])]


def children(part: Tree) -> list[Tree]:
    """The parts within a part. A leaf is not asked: the standard library would decode it, by any codec."""
    payload = part.get_payload() if part.is_multipart() else None
    return [one for one in payload if isinstance(one, Tree)] if isinstance(payload, list) else []


def walk(part: Tree, found: Found, depth: int = 0) -> Found:
    """Collect the parts of a tree whose depth ``too_much`` has bounded."""
    content_type = type_of(part)
    found.types.append(content_type)
    if depth > DEEPEST + 4 or len(found.types) > MOST_PARTS + 100:
        return found
    if content_type.startswith("message/") and content_type != "message/delivery-status" and part.is_multipart():
        found.attachments.append(_attached(part, content_type))
    elif content_type == "multipart/alternative" and part.is_multipart():
        _alternatives(part, found, depth)
    elif part.is_multipart() and content_type.startswith("multipart/"):
        for child in children(part):
            walk(child, found, depth + 1)
    elif not part.is_multipart():
        _leaf(part, content_type, found)
    return found
