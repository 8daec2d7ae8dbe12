"""The parts of a message: which is the text, which is the HTML, what is attached, what is sealed.

Attached messages are attachments. Their text is never merged with the writer's: a forwarded or bounced copy of a
tagged message would look like a new instruction.
"""

import binascii
import re
from dataclasses import dataclass, field
from email.message import Message as Tree

from mailbot.mail.arriving.headers import headers_of
from mailbot.mail.arriving.html_text import LARGEST_HTML
from mailbot.mail.arriving.text import decode_header, decode_text, one_line

MOST_PARTS = 500
DEEPEST = 20
LARGEST_TEXT = 1024 * 1024
_DECLARED = re.compile(
    rb"boundary[ \t\n]*(?:\*0?\*?)?=[ \t\n]*(?:\"([^\"\n]{1,200})\"|([^\s\";]{1,200}))", re.IGNORECASE
)
_CHARSET = re.compile(r"charset\s*\*?=\s*\"?([^\s\";]+)", re.IGNORECASE)
_ALTERNATIVES = ("text/html", "text/plain")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message; ``name`` is decoded, without path, "" if it had none; ``size`` in bytes."""

    name: str
    content_type: str
    size: int
    content: bytes


@dataclass(slots=True)
class Found:
    """What the walk has met so far, in order."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
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


def charset_of(part: Tree) -> str:
    found = _CHARSET.search(headers_of(part).one("content-type"))
    return found.group(1) if found else ""


def text_of(part: Tree) -> str:
    """The text of a text part, whatever its charset says."""
    return decode_text(content_of(part)[:LARGEST_TEXT], charset_of(part))


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


def _leaf(part: Tree, content_type: str, found: Found) -> None:
    disposition = headers_of(part).one("content-disposition").split(";")[0].strip().lower()
    named = bool(name_of(part))
    is_text = content_type in {"text/plain", "text/html", "text/enriched", "text/richtext"} or (
        content_type.startswith("text/") and not named and content_type not in {"text/calendar", "text/rfc822-headers"}
    )
    if is_text and disposition != "attachment" and not (named and disposition != "inline" and found.plain):
        if content_type == "text/html":
            found.html.append(text_of(part)[:LARGEST_HTML])
        else:
            found.plain.append(text_of(part))
        if not named:
            return
    found.attachments.append(_attached(part, content_type))


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
    elif part.is_multipart() and content_type.startswith("multipart/"):
        for child in children(part):
            walk(child, found, depth + 1)
    elif not part.is_multipart():
        _leaf(part, content_type, found)
    return found
