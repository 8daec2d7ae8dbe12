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

from mailbot.mail.body.alternatives import Piece, Text, text_of_pieces
from mailbot.mail.body.html_to_text import LARGEST_HTML
from mailbot.mail.body.long_bodies import NO_TAILS, Tails, cut_short, whole_content
from mailbot.mail.body.rich_text import is_shown_as_written, rtf_to_text
from mailbot.mail.incoming.button_tokens import split_token
from mailbot.mail.incoming.character_sets import decode_header, decode_text, is_read_by_few, one_line
from mailbot.mail.incoming.headers import LARGEST_HEAD, CappedPolicy, Headers, headers_of, ids_in, mend, references_of
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


# The parts of a message: which are its text, in which order and versions, what is attached.
#
# Every text part is the writer's, in the order they stand: Apple Mail goes on below a picture in a second part,
# Exchange renames that part to ``ATT00001.htm`` and attaches it. Attached messages are attachments. Their text is
# never merged with the writer's: a forwarded or bounced copy of a tagged message would look like a new instruction.


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

    ``token`` is that of a letter's button, taken out of ``subject`` before anything reads it; "" for none. ``text`` is
    what a reader of the mail is shown, every part of it in order. ``other_text`` is the part without layout where it
    says something else ("" where both say the same): then nothing may be done on either alone. ``unseen`` stands in the
    mail, and its reader does not see it: hidden, or struck out. ``links`` are (address, words). ``uncertain``: nobody
    can tell whether its reader sees just the new words that are read here. ``sent_by`` is the address in Sender, where
    it is another than in From: Exchange shows it as "on behalf of".
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
    other_text: str
    unseen: str
    links: tuple[tuple[str, str], ...]
    uncertain: bool
    sent_by: str
    parts: Tree = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message that is kept, held and shown to a person; the strings are best effort and safe to show."""

    digest: str
    size: int
    reason: str
    subject: str
    sender: str


# Kept in place of a message that the mail server withholds; no message begins so, for it is no header.
NOT_GIVEN = b"The mail server lists this message and does not give it."


def parse(raw: bytes) -> Message | Unreadable:
    """The message in these bytes, read within the limits: 25 MB, 256 KB of headers, 500 parts,
    20 levels. Never raises."""
    digest = hashlib.sha256(raw).hexdigest()
    if len(raw) > LARGEST_MESSAGE:
        return _unreadable(raw, digest, "larger than 25 MB")
    if raw.startswith(NOT_GIVEN):
        return Unreadable(digest, len(raw), "the mail server lists it and does not give it: open it there", "", "")
    if raw.startswith(OUTLOOK_FILE):
        return _unreadable(b"", digest, "an Outlook .msg file, not a mail", len(raw))
    light, tails = cut_short(raw, digest)
    mended = mend(light)
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
        return _read(tree, headers, tails, digest, len(raw))
    except (RecursionError, LookupError, ValueError, TypeError, AttributeError, AssertionError) as fault:
        # The standard parser has raised each of these on damaged mail; the message is held with its bytes.
        return _unreadable(mended, digest, f"the parser gave up ({type(fault).__name__})", len(raw))


def _read(tree: Tree, headers: Headers, tails: Tails, digest: str, size: int) -> Message:
    found = walk(tree, MessageContent(tails=tails))
    html = "\n".join(page for piece in found.pieces for page in piece.html)
    text = text_of_pieces(found.pieces)
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
        text=text.read,
        html=html,
        attachments=tuple(found.attachments),
        headers=headers,
        faults=tuple(_faults(tree, headers)),
        sealed=wrapper_of(found.types, found.attachments, subject, text.read) or _blank(text),
        other_text=text.other,
        unseen=text.unseen,
        links=text.links,
        uncertain=text.uncertain,
        sent_by=_sent_by(headers),
        parts=tree,
    )


def _sent_by(headers: Headers) -> str:
    """Who sent a message for somebody else, by Sender; "" where that is whoever stands in From. What stands there and
    is no address is somebody else too."""
    written = headers.one("sender").strip()
    if not written:
        return ""
    found = header_addresses((written,))
    address = found[0][1] if len(found) == 1 else ""
    return "" if address and address == sender_of(headers).address else address or "somebody else"


def _blank(text: Text) -> str:
    """Why words that are there cannot be read, "" where they can."""
    return "words in a colour or size that nobody can see" if text.unseen and not text.read.strip() else ""


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
_RTF = {"text/rtf", "application/rtf", "application/x-rtf", "text/richtext"}
# What gateways and clients call a part of the text that had no name: "ATT00001.htm", "Part 1.2", "noname.txt".
_NAMED_BY_A_PROGRAM = re.compile(r"(?:att|part|untitled|unnamed|noname)[ \W_]*[\d.]*\.(?:txt|html?|rtf)", re.IGNORECASE)
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
_BASE64_TEXT = re.compile(r"(?:^[A-Za-z0-9+/]{40,80}\n)*^[A-Za-z0-9+/]{22,80}={0,2}$", re.MULTILINE)
_ENRICHED_TAG = re.compile(r"<(?:param>[^<]{0,200}</param|/?[a-z]{1,20})>", re.IGNORECASE)


@dataclass(slots=True)
class MessageContent:
    """What the walk has met so far, in order."""

    pieces: list[Piece] = field(default_factory=list)
    attachments: list[ReceivedAttachment] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    tails: Tails = NO_TAILS


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


def _text_content(part: Tree) -> bytes:
    """The decoded bytes of one text part of a message. A gateway's warning in plain words may stand above or below a
    body in base64."""
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
    """A message's text whose base64 nobody declared, below a gateway's warning: decoded where words come out."""
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


def decoded_text(part: Tree) -> str:
    """The text of a text part, whatever its charset says."""
    return decode_text(_text_content(part)[:LARGEST_TEXT], charset_of(part))


def name_of(part: Tree) -> str:
    """The file name of a message's part, decoded (RFC 2231 or 2047), without directories or control characters."""
    try:
        name = part.get_filename() or ""
    except (LookupError, ValueError, TypeError, AttributeError):
        name = ""
    return re.split(r"[/\\]", one_line(decode_header(str(name))))[-1][:255]


def _attached(part: Tree, content_type: str, tails: Tails) -> ReceivedAttachment:
    if part.is_multipart():
        try:
            content = part.get_payload(0).as_bytes()  # type: ignore[union-attr]
        except Exception:  # the generator raises a dozen kinds on damaged trees; the raw message is kept anyway
            content = b""
        for mark in tails.places:
            content = content.replace(mark.encode(), bytes(tails.of(mark))) if mark.encode() in content else content
    else:
        payload = part.get_payload() if tails.places else None
        mark = tails.in_payload(payload) if isinstance(payload, str) else ""
        content = whole_content(part, mark, tails) if mark else content_of(part)
    return ReceivedAttachment(name_of(part), content_type, len(content), content)


def is_email(one: ReceivedAttachment) -> bool:
    """Whether a message's attachment is an email itself, as a mail program or as Outlook attaches it."""
    return one.content_type in ("message/rfc822", "application/vnd.ms-outlook") or one.name.lower().endswith(
        (".eml", ".msg")
    )


def type_of(part: Tree) -> str:
    return one_line(part.get_content_type().lower())[:100]


def _is_body(content_type: str, name: str, disposition: str, has_text: bool) -> bool:
    """Whether a leaf is a stretch of the message's text, and not a file that goes with it."""
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
    """One part of a message's text. Uncertain is a file by its own name that is shown with the text, and what its
    reader's program may take otherwise: another kind of text than plain or a page, a character set that few know."""
    name = name_of(part)
    odd = bool(name and not _NAMED_BY_A_PROGRAM.fullmatch(name)) or is_read_by_few(charset_of(part))
    if content_type == "text/html":
        return Piece(html=(_undisguised(decoded_text(part))[:LARGEST_HTML],), uncertain=odd)
    if content_type in _RTF and (raw := content_of(part)).lstrip().startswith(b"{\\rtf"):
        return Piece(rtf_to_text(raw), uncertain=odd or not is_shown_as_written(raw))
    text = _undisguised(decoded_text(part))
    if content_type in _ENRICHED:
        marks = {met.strip("</>").casefold() for met in _ENRICHED_TAG.findall(text)}
        return Piece(_ENRICHED_TAG.sub("", text), uncertain=odd or not marks <= _HARMLESS_MARKS)
    return Piece(text, uncertain=odd or content_type != "text/plain")


_ENRICHED = frozenset({"text/enriched", "text/richtext"})
# RFC 1896, 3 to 5, without what sets words in, colours or quotes them.
_HARMLESS_MARKS = frozenset(
    {"bold", "italic", "underline", "fixed", "nofill", "center", "flushleft", "flushboth", "nl"}
)


def _leaf(part: Tree, content_type: str, found: MessageContent) -> None:
    disposition = headers_of(part).one("content-disposition").split(";")[0].strip().lower()
    name = name_of(part)
    if _is_body(content_type, name, disposition, bool(found.pieces)):
        found.pieces.append(_piece(part, content_type))
        if not name:
            return
    found.attachments.append(_attached(part, content_type, found.tails))


def _alternatives(part: Tree, found: MessageContent, depth: int) -> None:
    """The versions of a message's text as one piece: what is plain joined, what has a layout joined."""
    before, versions = found.pieces, MessageContent([], found.attachments, found.types, found.tails)
    for child in children(part):
        walk(child, versions, depth + 1)
    plain = "\n".join(one.plain.strip("\n") for one in versions.pieces if one.plain.strip())
    shown = tuple(page for one in versions.pieces for page in one.html)
    odd = any(one.uncertain for one in versions.pieces)
    found.pieces = [*before, *([Piece(plain, shown, odd)] if plain or shown else [])]


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
        found.attachments.append(_attached(part, content_type, found.tails))
    elif content_type == "multipart/alternative" and part.is_multipart():
        _alternatives(part, found, depth)
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
_SEALED_WORDS = ("secure", "encrypted", "protected", "confidential")  # one of which stands in all of these
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
    if not any(word in part for part in (head.lower(), subject.lower()) for word in _SEALED_WORDS):
        return ""
    notice = PORTAL_WORDS.search(head) or PORTAL_WORDS.search(subject)
    if notice and PORTAL_DOOR.search(head) and len(text) < LONGEST_NOTICE:
        return "secure portal" if notice.start() < 600 else ""
    return ""
