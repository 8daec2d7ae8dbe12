"""Bytes from anybody to a Message, or to an Unreadable that a person is shown. Nothing is raised, nothing is lost.

The limits come before the parser; the parser is the standard library's in its old ``compat32`` manner, because the
newer policies hang or raise on headers that anybody can send.
"""

import email
import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from email.message import Message as Tree
from email.utils import parsedate_tz

from mailbot.mail.arriving.alternatives import Text, text_of_pieces
from mailbot.mail.arriving.body import Attachment, Found, too_much, walk
from mailbot.mail.arriving.headers import LARGEST_HEAD, CappedPolicy, Headers, headers_of, ids_in, mend, references_of
from mailbot.mail.arriving.sealed import OUTLOOK_FILE, wrapper_of
from mailbot.mail.arriving.sender import Sender, addresses_in, sender_of
from mailbot.mail.arriving.text import decode_header
from mailbot.mail.tokens import split

LARGEST_MESSAGE = 25 * 1024 * 1024
LONGEST_SUBJECT = 2_000
# Headers of which a second one means that two programs would read two messages (RFC 5322 3.6).
ONLY_ONCE = ("From", "Sender", "Date", "Message-ID", "To", "Subject")
_POLICY = CappedPolicy()


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox in To or Cc; ``address`` lower-cased ASCII, "" if it could not be read."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Message:
    """One incoming message as read. ``date`` is the sender's claim and never moves a clock.

    ``token`` is that of a letter's button, taken out of ``subject`` before anything reads it; "" for none. ``text`` is
    what a reader of the mail is shown, every part of it in order. ``other_text`` is the part without layout where it
    says something else ("" where both say the same): then nothing may be done on either alone. ``unseen`` stands in the
    mail, and its reader does not see it: hidden, or struck out. ``links`` are (address, words).
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
    attachments: tuple[Attachment, ...]
    headers: Headers
    faults: tuple[str, ...]
    sealed: str
    other_text: str
    unseen: str
    links: tuple[tuple[str, str], ...]
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
    """Read a message within the limits: 25 MB, 256 KB of headers, 500 parts, 20 levels. Never raises."""
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
    found = walk(tree, Found())
    html = "\n".join(page for piece in found.pieces for page in piece.html)
    text = text_of_pieces(found.pieces)
    subject, token = split(decode_header(headers.one("subject"))[:LONGEST_SUBJECT])
    ids = ids_in(headers.one("message-id"))
    return Message(
        digest=digest,
        size=size,
        message_id=ids[0] if ids else "",
        references=references_of(headers),
        subject=subject,
        token=token,
        sender=sender_of(headers),
        to=tuple(Address(*pair) for pair in addresses_in(headers.all("to"))),
        cc=tuple(Address(*pair) for pair in addresses_in(headers.all("cc"))),
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
        parts=tree,
    )


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
    """The Date header as an aware time, or None. A zone that cannot be read counts as UTC: it is only a claim."""
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
    """The first fields of a message too damaged or too large to parse: at most 64 KB of head, read line by line."""
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
