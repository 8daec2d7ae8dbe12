"""Bounces, which are delivery reports: whose mail did not arrive, for good or for now, and which of our
letters it was (RFC 3464).

The standard form is read here; the dozens of older forms by flufl.bounce, which is only asked about mail that
already looks like a mailer's own: a person who pastes "550 5.1.1" into a sentence is no bounce.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message as Tree

from flufl.bounce import all_failures

from mailbot.mail.incoming.character_sets import wire_text
from mailbot.mail.incoming.headers import headers_of, ids_in
from mailbot.mail.incoming.message import Message, children, decoded_text, type_of
from mailbot.mail.incoming.sender_and_authentication import normal_address
from mailbot.mail.incoming.wording_of_machines import BOUNCE_BODY, BOUNCE_SUBJECT, FORWARDED, MAILER, MAILER_NAME

LARGEST_GUESSED = 200_000
MOST_RECIPIENTS = 100
MOST_PARTS_READ = 60
LINES_READ = 60_000
_ADDRESS = re.compile(r"[^\s<>\"'(),;:@\[\]]{1,64}@[^\s<>\"'(),;:@\[\]]{1,190}")
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_REPLY_CODE = re.compile(r"\b([45])\d\d[ -]")
_EMBEDDED_ID = re.compile(r"^[\s>|]*Message-I[dD]:\s*(<[^<>\s]{3,300}>)", re.MULTILINE | re.IGNORECASE)
_TRANSIENT = re.compile(
    r"(?:will (?:keep trying|be retried|continue to)|still trying|delayed|not yet been delivered|temporar"
    r"|warning message only"
    r"|do(?:es)? not need to resend|deferred)",
    re.IGNORECASE,
)
_SENT_COPIES = {"message/rfc822", "message/rfc822-headers", "text/rfc822-headers", "message/partial", "text/rfc822"}


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report: ``status`` is the enhanced code ("5.1.1") or ""; ``original_id`` our letter's Message-ID or "".

    ``arrived``: it reports that the letter was delivered, handed on, or opened out into a list.
    """

    permanent: bool
    recipients: tuple[str, ...]
    original_id: str
    status: str
    arrived: bool = False


def _parts(tree: Tree) -> list[Tree]:
    """The parts of a bounce down to, and not into, attached messages; the few that a report has."""
    out: list[Tree] = []
    todo = [tree]
    while todo and len(out) < MOST_PARTS_READ:
        part = todo.pop(0)
        out.append(part)
        if type_of(part).startswith("multipart/"):
            todo[:0] = children(part)
    return out


def _blocks(part: Tree) -> Iterable[dict[str, str]]:
    """The blocks of a bounce's message/delivery-status, per message and per recipient, keys in lower case."""
    if part.is_multipart():
        yield from (dict(headers_of(one).fields) for one in children(part)[:MOST_RECIPIENTS])
        return
    for piece in decoded_text(part)[:LINES_READ].split("\n\n"):
        rows = (line.partition(":") for line in piece.split("\n") if ":" in line)
        yield {name.strip().lower(): value.strip() for name, _, value in rows}


def _recipient(block: dict[str, str]) -> str:
    for key in ("original-recipient", "final-recipient"):
        found = _ADDRESS.search(block.get(key, ""))
        if found:
            return normal_address(found.group(0)) or found.group(0).lower()
    return ""


def _original_id(parts: Iterable[Tree], message: Message) -> str:
    for part in parts:
        if type_of(part) in _SENT_COPIES and part is not message.parts:
            copies = children(part)
            if copies:
                ids = ids_in(headers_of(copies[0]).one("message-id"))
            else:
                ids = tuple(_EMBEDDED_ID.findall(decoded_text(part)[:LINES_READ]))
            if ids:
                return ids[0]
    found = _EMBEDDED_ID.search(message.text[:LINES_READ])
    if found and "@" in found.group(1):
        return found.group(1)
    return message.references[-1] if message.references else ""


def _standard(parts: list[Tree], message: Message) -> Bounce | None:
    for part in parts:
        if type_of(part) not in {"message/delivery-status", "message/global-delivery-status"}:
            continue
        rows = [
            block for block in _blocks(part) if "final-recipient" in block or "action" in block or "status" in block
        ]
        statuses = [found.group(0) for row in rows if (found := _STATUS.search(row.get("status", "")))]
        actions = {row.get("action", "").split(" ")[0].split(";")[0].lower() for row in rows}
        if actions and actions <= {"delivered", "relayed", "expanded"}:
            people = tuple(dict.fromkeys(one for row in rows if (one := _recipient(row))))[:MOST_RECIPIENTS]
            return Bounce(False, people, _original_id(parts, message), (statuses or [""])[0], arrived=True)
        permanent = "failed" in actions or (not actions - {""} and any(one[0] == "5" for one in statuses))
        people = tuple(dict.fromkeys(one for row in rows if (one := _recipient(row))))[:MOST_RECIPIENTS]
        status = next((one for one in statuses if one[0] == ("5" if permanent else "4")), (statuses or [""])[0])
        return Bounce(permanent, people, _original_id(parts, message), status)
    return None


def looks_like_mailer(message: Message) -> bool:
    """Does a mail look like a mailer's own bounce, because the envelope or the From says a mail system wrote: null
    return path, mailer-daemon, its display name?"""
    headers = message.headers
    path = headers.one("return-path").strip()
    raw_from = headers.one("from")
    local = (message.sender.address or (_ADDRESS.findall(raw_from) or [""])[-1]).partition("@")[0]
    return bool(
        path == "<>"
        or "x-failed-recipients" in headers
        or (MAILER.fullmatch(local or raw_from.strip(" <>")) and not message.references)
        or (MAILER_NAME.search(raw_from) and "@" not in raw_from)
        or (MAILER_NAME.search(message.sender.name) and BOUNCE_SUBJECT.match(message.subject))
    )


def bounce_of(message: Message) -> tuple[Bounce, bool] | None:
    """The bounce in a message and whether it is certain; None for anything a person may have written.

    Certain: a delivery-status part, or a mailer's envelope with a mailer's words. Probable: the words alone.
    """
    parts = _parts(message.parts)
    forwarded = FORWARDED.match(message.subject) is not None
    standard = _standard(parts, message)
    mailer = looks_like_mailer(message)
    if standard and (mailer or not forwarded or _is_report(message)):
        return standard, True
    if _is_report(message) and "delivery-status" in message.headers.one("content-type").lower():
        return _guessed(message, parts), True
    head = message.text[:8_000]
    subject = BOUNCE_SUBJECT.match(message.subject) is not None and not forwarded
    may_be = mailer or (subject and not message.headers.one("in-reply-to"))
    body = may_be and BOUNCE_BODY.search(head) is not None
    if mailer and (subject or body or _failures(message)) and not _says_auto_reply(message, subject, body):
        return _guessed(message, parts), True
    if subject and body and not message.headers.one("in-reply-to"):
        return _guessed(message, parts), False
    return None


def _says_auto_reply(message: Message, subject: bool, body: bool) -> bool:
    """Is what looks like a bounce an auto-reply? A null return path is also an out-of-office's: without a mailer's
    subject it takes a code or a mailer's name."""
    path_only = message.headers.one("return-path").strip() == "<>" and not MAILER.match(
        message.sender.address.partition("@")[0]
    )
    return path_only and not subject and not (body and _REPLY_CODE.search(message.text[:8_000]))


def _is_report(message: Message) -> bool:
    return message.parts.get_content_type() == "multipart/report"


def _failures(message: Message) -> tuple[set[str], set[str]]:
    """The recipients that flufl.bounce finds in a bounce, (temporary, permanent); empty where it
    finds none or gives up."""
    if message.size > LARGEST_GUESSED:
        return set(), set()
    try:
        temporary, permanent = all_failures(message.parts)
    except Exception:  # its detectors raise whatever a damaged part makes them raise; a guess is not worth a crash
        return set(), set()
    return _decoded(temporary), _decoded(permanent)


def _decoded(found: Iterable[bytes | str]) -> set[str]:
    texts = (one.decode("ascii", "replace") if isinstance(one, bytes) else wire_text(one) for one in found)
    return {normal_address(one) or one.lower() for one in texts if "@" in one and "\ufffd" not in one}


# Where the copy of what was sent begins: the addresses in it are not the report's.
_COPY = re.compile(
    r"^[\s>*-]*(?:.{0,60}\b(?:original message|headers?\b.{0,40}follow|message (?:header|follow)|copy of (?:the|your))"
    r"|(?:received|return-path|from|date|message-id):\s)",
    re.MULTILINE | re.IGNORECASE,
)
_REFUSED_LINE = re.compile(
    r"\b(?:recipients?|failed|rejected|refused|unknown|undeliver\w+|not (?:be )?deliver\w*|could not|5\d\d|address)\b"
    r"|^\s*<?\S+@\S+>?:?\s*$",
    re.I,
)


def _named_in_words(message: Message) -> list[str]:
    """The recipients that a bounce names in its own sentences, above the copy of the letter; never whoever reports."""
    text = message.text[:8_000]
    copy = _COPY.search(text, 1)
    lines = text[: copy.start() if copy else len(text)].split("\n")
    ours = {message.sender.address, *(one.address for one in message.to)}
    found: dict[str, None] = {}
    for at, line in enumerate(lines):
        near = f"{lines[at - 1] if at else ''}\n{line}"
        for one in _ADDRESS.findall(line[:400]):
            address = normal_address(one.strip("."))
            if (
                address
                and address not in ours
                and not MAILER.match(address.partition("@")[0])
                and _REFUSED_LINE.search(near)
            ):
                found[address] = None
    return list(found)


def _guessed(message: Message, parts: list[Tree]) -> Bounce:
    temporary, permanent = _failures(message)
    named = _ADDRESS.findall(message.headers.one("x-failed-recipients")[:2_000])
    people = (
        sorted(permanent)
        or sorted({normal_address(one) for one in named} - {""})
        or sorted(temporary)
        or _named_in_words(message)
    )
    head = message.text[:8_000]
    status = _STATUS.search(head)
    code = _REPLY_CODE.search(head)
    kind = status.group(0)[0] if status else (code.group(1) if code else "")
    delayed = (
        bool(temporary and not permanent) or kind == "4" or (not permanent and _TRANSIENT.search(head) is not None)
    )
    found = status.group(0) if status else ""
    return Bounce(not delayed, tuple(people[:MOST_RECIPIENTS]), _original_id(parts, message), found)
