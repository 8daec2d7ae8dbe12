"""A message read from bytes from anybody, or an Unreadable that a person is shown; its parts,
attachments and sealed wrappers."""

import binascii
import email
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from email.message import Message as Tree
from email.utils import parsedate_tz

from mailbot.mail.incoming.button_tokens import split_token
from mailbot.mail.incoming.character_sets import decode_header, decode_text, one_line
from mailbot.mail.incoming.headers import LARGEST_HEAD, CappedPolicy, Headers, headers_of, ids_in, mend, references_of
from mailbot.mail.incoming.html_to_text import LARGEST_HTML, html_to_text
from mailbot.mail.incoming.sender_and_authentication import Sender, header_addresses, sender_of

# Bytes from anybody to a Message, or to an Unreadable that a person is shown. Nothing is raised, nothing is lost.
#
# The limits come before the parser; the parser is the standard library's in its old ``compat32`` manner, because the
# newer policies hang or raise on headers that anybody can send.

LARGEST_MESSAGE = 25 * 1024 * 1024
_LONGEST_SUBJECT = 2_000
# Headers of which a second one means that two programs would read two messages (RFC 5322 3.6).
ONLY_ONCE = ("From", "Sender", "Date", "Message-ID", "To", "Subject")
_POLICY = CappedPolicy()


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox in To or Cc; ``address`` lower-cased ASCII, "" if it could not be read."""

    name: str
    address: str


# The parts of a message: which is the text, which is the HTML, what is attached, what is sealed.
#
# Attached messages are attachments. Their text is never merged with the writer's: a forwarded or bounced copy of a
# tagged message would look like a new instruction.


@dataclass(frozen=True, slots=True)
class ReceivedAttachment:
    """A file that came with a message; ``name`` is decoded, without path, "" if it had none; ``size`` in bytes."""

    name: str
    content_type: str
    size: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """One incoming message as read. ``date`` is the sender's claim and never moves a clock.

    ``token`` is that of a letter's button, taken out of ``subject`` before anything reads it; "" for none.
    """

    digest: str
    size: int
    message_id: str
    references: tuple[str, ...]
    subject: str
    token: str
    sender: Sender
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    date: datetime | None
    text: str
    html: str
    attachments: tuple[ReceivedAttachment, ...]
    headers: Headers
    faults: tuple[str, ...]
    sealed: str
    parts: Tree = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message that is kept, held and shown to a person; the strings are best effort and safe to show."""

    digest: str
    size: int
    reason: str
    subject: str
    sender: str


def parse(raw: bytes) -> Message | Unreadable:
    """The message in these bytes, read within the limits: 25 MB, 256 KB of headers, 500 parts,
    20 levels. Never raises."""
    digest = hashlib.sha256(raw).hexdigest()
    if len(raw) > LARGEST_MESSAGE:
        return _unreadable(raw, digest, "larger than 25 MB")
    if raw.startswith(OUTLOOK_FILE):
        return _unreadable(b"", digest, "an Outlook .msg file, not a mail", len(raw))
    mended = mend(raw)
    if mended.find(b"\n\n") > LARGEST_HEAD or (b"\n\n" not in mended and len(mended) > LARGEST_HEAD):
        return _unreadable(mended[:LARGEST_HEAD], digest, "more than 256 KB of headers", len(raw))
    reason = too_much(mended)
    if reason:
        return _unreadable(mended, digest, reason, len(raw))
    try:
        tree = email.message_from_bytes(mended, policy=_POLICY)
        headers = headers_of(tree)
        if not headers.fields:
            return _unreadable(mended, digest, "no mail headers", len(raw))
        return _read(tree, headers, digest, len(raw))
    except (RecursionError, LookupError, ValueError, TypeError, AttributeError, AssertionError) as fault:
        # The standard parser has raised each of these on damaged mail; the message is held with its bytes.
        return _unreadable(mended, digest, f"the parser gave up ({type(fault).__name__})", len(raw))


def _read(tree: Tree, headers: Headers, digest: str, size: int) -> Message:
    found = walk(tree, MessageContent())
    html = "\n".join(found.html)
    text = "\n".join(piece.strip("\n") for piece in found.plain if piece.strip())
    if html and not _usable(text):
        text = html_to_text(html) or text
    elif text.lstrip()[:200].lower().startswith(("<html", "<!doctype html", "<body")):
        text = html_to_text(text) or text
    subject, token = split_token(decode_header(headers.one("subject"))[:_LONGEST_SUBJECT])
    ids = ids_in(headers.one("message-id"))
    return Message(
        digest=digest,
        size=size,
        message_id=ids[0] if ids else "",
        references=references_of(headers),
        subject=subject,
        token=token,
        sender=sender_of(headers),
        to=tuple(Address(*pair) for pair in header_addresses(headers.all("to"))),
        cc=tuple(Address(*pair) for pair in header_addresses(headers.all("cc"))),
        date=claimed_date(headers.one("date")),
        text=text,
        html=html,
        attachments=tuple(found.attachments),
        headers=headers,
        faults=tuple(_faults(tree, headers)),
        sealed=wrapper_of(found.types, found.attachments, subject, text),
        parts=tree,
    )


def _usable(plain: str) -> bool:
    """Does the plain alternative of a message say anything? Some clients send one that only points at the HTML."""
    words = plain.split()
    pointer = len(words) < 40 and "html" in plain.lower() and ("view" in plain.lower() or "support" in plain.lower())
    return bool(words) and not pointer


def _faults(tree: Tree, headers: Headers) -> list[str]:
    faults = [f"two {name} headers" for name in ONLY_ONCE if len(headers.all(name)) > 1]
    kinds = {type(one).__name__ for part in tree.walk() for one in part.defects}
    if kinds & {"StartBoundaryNotFoundDefect", "CloseBoundaryNotFoundDefect"}:
        faults.append("truncated")
    if "MissingHeaderBodySeparatorDefect" in kinds:
        faults.append("damaged headers")
    return faults


def claimed_date(value: str) -> datetime | None:
    """The date a message claims in its Date header, as an aware time, or None. A zone that cannot be read counts as
    UTC: it is only a claim."""
    try:
        parsed = parsedate_tz(value[:200])
        if parsed is None:
            return None
        zone = timezone(timedelta(seconds=parsed[9] or 0)) if parsed[9] else UTC
        return datetime(*parsed[:6], tzinfo=zone)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _unreadable(raw: bytes, digest: str, reason: str, size: int | None = None) -> Unreadable:
    head = Headers(tuple(head_fields(raw)))
    sender = decode_header(head.one("from"))[:300]
    return Unreadable(
        digest, len(raw) if size is None else size, reason, decode_header(head.one("subject"))[:300], sender
    )


def head_fields(raw: bytes) -> list[tuple[str, str]]:
    """The first header fields of a message too damaged or too large to parse: at most 64 KB of
    head, read line by line."""
    lines = raw[: 64 * 1024].replace(b"\r\n", b"\n").replace(b"\r", b"\n").partition(b"\n\n")[0].split(b"\n")
    fields: list[tuple[str, str]] = []
    for line in lines:
        text = line.decode("utf-8", "replace")
        name, colon, value = text.partition(":")
        if text[:1] in " \t" and fields:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {text.strip()}")
        elif colon and name and " " not in name:
            fields.append((name.lower(), value.strip()))
    return fields


_MOST_PARTS = 500
_DEEPEST = 20
LARGEST_TEXT = 1024 * 1024
_DECLARED = re.compile(
    rb"boundary[ \t\n]*(?:\*0?\*?)?=[ \t\n]*(?:\"([^\"\n]{1,200})\"|([^\s\";]{1,200}))", re.IGNORECASE
)
_CHARSET = re.compile(r"charset\s*\*?=\s*\"?([^\s\";]+)", re.IGNORECASE)
_ALTERNATIVES = ("text/html", "text/plain")


@dataclass(slots=True)
class MessageContent:
    """What the walk has met so far, in order."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    attachments: list[ReceivedAttachment] = field(default_factory=list)
    types: list[str] = field(default_factory=list)


def too_much(raw: bytes) -> str:
    """Why a message must not be parsed ("too many parts", "nested too deeply"), "" if it may. One pass over the lines.

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
        if parts > _MOST_PARTS or len(open_ones) > _DEEPEST:
            return "too many parts" if parts > _MOST_PARTS else "nested too deeply"
    return ""


def content_of(part: Tree) -> bytes:
    """The decoded bytes of one part of a message, a leaf; broken encodings give what can be had. Never raises."""
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError, binascii.Error, TypeError, IndexError):
        payload = None
    return payload if isinstance(payload, bytes) else b""


def charset_of(part: Tree) -> str:
    found = _CHARSET.search(headers_of(part).one("content-type"))
    return found.group(1) if found else ""


def decoded_text(part: Tree) -> str:
    """The text of a text part, whatever its charset says."""
    return decode_text(content_of(part)[:LARGEST_TEXT], charset_of(part))


def name_of(part: Tree) -> str:
    """The file name of a message's part, decoded (RFC 2231 or 2047), without directories or control characters."""
    try:
        name = part.get_filename() or ""
    except (LookupError, ValueError, TypeError, AttributeError):
        name = ""
    return re.split(r"[/\\]", one_line(decode_header(str(name))))[-1][:255]


def _attached(part: Tree, content_type: str) -> ReceivedAttachment:
    if part.is_multipart():
        try:
            content = part.get_payload(0).as_bytes()  # type: ignore[union-attr]
        except Exception:  # the generator raises a dozen kinds on damaged trees; the raw message is kept anyway
            content = b""
    else:
        content = content_of(part)
    return ReceivedAttachment(name_of(part), content_type, len(content), content)


def type_of(part: Tree) -> str:
    return one_line(part.get_content_type().lower())[:100]


def _leaf(part: Tree, content_type: str, found: MessageContent) -> None:
    disposition = headers_of(part).one("content-disposition").split(";")[0].strip().lower()
    named = bool(name_of(part))
    is_text = content_type in {"text/plain", "text/html", "text/enriched", "text/richtext"} or (
        content_type.startswith("text/") and not named and content_type not in {"text/calendar", "text/rfc822-headers"}
    )
    if is_text and disposition != "attachment" and not (named and disposition != "inline" and found.plain):
        if content_type == "text/html":
            found.html.append(decoded_text(part)[:LARGEST_HTML])
        else:
            found.plain.append(decoded_text(part))
        if not named:
            return
    found.attachments.append(_attached(part, content_type))


def children(part: Tree) -> list[Tree]:
    """The parts within a part of a message. A leaf is not asked: the standard library would decode it, by any codec."""
    payload = part.get_payload() if part.is_multipart() else None
    return [one for one in payload if isinstance(one, Tree)] if isinstance(payload, list) else []


def walk(part: Tree, found: MessageContent, depth: int = 0) -> MessageContent:
    """The parts of a message collected from a tree whose depth ``too_much`` has bounded."""
    content_type = type_of(part)
    found.types.append(content_type)
    if depth > _DEEPEST + 4 or len(found.types) > _MOST_PARTS + 100:
        return found
    if content_type.startswith("message/") and content_type != "message/delivery-status" and part.is_multipart():
        found.attachments.append(_attached(part, content_type))
    elif part.is_multipart() and content_type.startswith("multipart/"):
        for child in children(part):
            walk(child, found, depth + 1)
    elif not part.is_multipart():
        _leaf(part, content_type, found)
    return found


# Wrappers nobody but their addressee can open: named, so that the sender can be told at once how to send again.

OUTLOOK_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Wrapper -> (content types, file names). A wrapper only seals when no readable words came beside it.
WRAPPERS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("rpmsg", ("application/x-microsoft-rpmsg-message",), (".rpmsg",)),
    ("S/MIME", ("application/pkcs7-mime", "application/x-pkcs7-mime"), (".p7m",)),
    ("PGP", ("application/pgp-encrypted",), (".pgp", ".gpg", ".asc")),
    ("winmail.dat", ("application/ms-tnef", "application/vnd.ms-tnef"), ("winmail.dat",)),
    ("Outlook .msg", ("application/vnd.ms-outlook",), (".msg",)),
)
# Encrypted whatever text stands beside them: that text is the wrapper's own.
SEALS_WITH_TEXT = {"rpmsg"}
PORTAL_SUBJECT = re.compile(
    r"secure (?:e-?mail|message)|encrypted (?:e-?mail|message)|egress|mimecast secure|\[secure\]", re.IGNORECASE
)
PORTAL_WORDS = re.compile(
    r"(?:received|sent you|have|been sent) an? (?:new )?(?:secure|encrypted|protected"
    r"|confidential)[\w -]{0,30}(?:e-?mail|message)"
    r"|(?:read|view|open|access|retrieve) (?:the|this|your) (?:secure|encrypted|protected) (?:e-?mail|message)",
    re.IGNORECASE,
)
PORTAL_DOOR = re.compile(
    r"(?:sign|log) ?in|register|one-time passcode|click (?:here|the|below|on)|follow (?:the|this) link"
    r"|https?://\S+|attached html|message\.html|securedoc|passphrase",
    re.IGNORECASE,
)
_ARMOUR = "-----BEGIN PGP MESSAGE-----"
FEW_WORDS = 12
LONGEST_NOTICE = 4_000


def wrapper_of(types: Sequence[str], attachments: Sequence[ReceivedAttachment], subject: str, text: str) -> str:
    """The kind of sealed wrapper that hides a message's words, or "" when they can be read."""
    words = len(text.split())
    if "multipart/encrypted" in types or (_ARMOUR in text[:20_000] and text.index(_ARMOUR) < 400):
        return "PGP"
    for kind, content_types, names in WRAPPERS:
        met = any(
            one.content_type in content_types or (one.name.lower().endswith(names) and one.name) for one in attachments
        )
        if met and (words == 0 or kind in SEALS_WITH_TEXT or (kind == "S/MIME" and words < FEW_WORDS)):
            return kind
    head = text[:LONGEST_NOTICE]
    notice = PORTAL_WORDS.search(head) or PORTAL_WORDS.search(subject)
    if notice and PORTAL_DOOR.search(head) and len(text) < LONGEST_NOTICE:
        return "secure portal" if notice.start() < 600 else ""
    return ""
