"""A rendered letter to the bytes that are sent: RFC 5322, every line end CRLF, the same bytes for the same letter.

Written line by line rather than with ``email.message``: its folding turns the long ids that Exchange makes into encoded
words, after which no program threads the answer, and its header classes have let a line break through more than once
(CVE-2024-6923, CVE-2026-1299). What was written is read back and compared before anybody gets it.
"""

import base64
import binascii
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header, decode_header, make_header
from functools import lru_cache

from mailbot.core.record.dispute import Dispute
from mailbot.core.record.intents import Person
from mailbot.mail import lexicon
from mailbot.mail.letters.render import Rendered

# What makes a dispute one thread for each of its readers, whatever program they read in; and what each subject
# says.
#
# References and In-Reply-To do it by the standard (RFC 5322, 3.6.4): every letter names the email that opened the
# dispute first, also to somebody who joined at the last stage and never had it. Apple Mail, Thunderbird, mutt and
# neomutt follow them alone, as Jamie Zawinski described it. Outlook and Exchange group by Thread-Index, whose first
# 22 bytes name the conversation, and show it under Thread-Topic ([MS-OXOMSG] 2.2.1.2, 2.2.1.3). Both are made from
# the reference, whatever the subject says. The opening email stays beside it: its own topic may hold a name, and is
# never repeated.
#
# Gmail alone begins another conversation where the subject changes, whatever the references say. A subject that
# stayed the same for a stage kept its letters together there, and told nobody, in any program, which of ten letters
# asked something of them: every list of mail shows the subject first. So the subject says the ask, or "For
# information", and then the limit; it begins with the reference, by which Gmail's search finds all of a dispute;
# and what is lost is that a dispute is several conversations in Gmail: one for each ask, with the answers to it.
# Whether it is asked, told, decided or closed, the subject holds fifty characters at most and names nobody
# (``templates/*/subject.txt``).

_UNIX_EPOCH = 116_444_736_000_000_000  # in FILETIME: 100 nanoseconds since 1601
_LAST_SHORT = 1 << 49  # a longer difference than this (1.8 years) is written coarser, with the code bit set


@dataclass(frozen=True, slots=True)
class Conversation:
    """``topic`` is Thread-Topic; ``partnership`` and ``opened`` tell one dispute's conversation from another's."""

    topic: str
    partnership: str
    opened: datetime

    def index(self, message_id: str, date: datetime) -> str:
        """A conversation's Thread-Index of the letter ``message_id`` of ``date``: a header block and one child block
        ([MS-OXOMSG] 2.2.1.3). Outlook takes an index that is exactly the first one's for another conversation's
        beginning."""
        began = _filetime(self.opened)
        guid = hashlib.sha256(f"{self.partnership}\0{self.topic}".encode()).digest()[:16]
        passed = max(_filetime(date) - began, 0)
        apart = (passed >> 18) & 0x7FFFFFFF if passed < _LAST_SHORT else (passed >> 23) & 0x7FFFFFFF | 0x80000000
        any_byte = hashlib.sha256(message_id.encode()).digest()[:1]
        made = b"\x01" + (began >> 24).to_bytes(5, "big") + guid + apart.to_bytes(4, "big") + any_byte
        return base64.b64encode(made).decode("ascii")


def conversation(dispute: Dispute) -> Conversation:
    return Conversation(dispute.reference, dispute.partnership, dispute.opened)


def _filetime(at: datetime) -> int:
    since = at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return _UNIX_EPOCH + (since.days * 86_400 + since.seconds) * 10_000_000 + since.microseconds * 10


# The letter itself, line by line.

CRLF = "\r\n"
KEPT_REFERENCES = 20  # with the root, always the first; more tells a mail program nothing
_LONGEST_NAME = 80
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")
_BOUNDARY = re.compile(rb"\r\n--=_[am]_[0-9a-f]{24}(?:--)?(?=\r\n)")
_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,900}>")


@dataclass(frozen=True, slots=True)
class Attachment:
    """``type`` is a whole Content-Type value ("text/calendar; method=PUBLISH; charset=utf-8")."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Thread:
    """What one person has had: the opening email's id, our earlier letters to them, and what they wrote last."""

    root: str = ""
    ours: tuple[str, ...] = ()
    last_theirs: str = ""

    @property
    def references(self) -> tuple[str, ...]:
        """The References header that a composed letter carries: root first, parent last (RFC 5322 3.6.4), the middle
        cut from the oldest."""
        rest = [i for i in dict.fromkeys((*self.ours, self.last_theirs)) if i and i != self.root]
        if self.last_theirs in rest:
            rest = [*(i for i in rest if i != self.last_theirs), self.last_theirs]
        return tuple(i for i in (self.root, *rest[-KEPT_REFERENCES:]) if i)

    @property
    def in_reply_to(self) -> str:
        return self.references[-1] if self.references else ""


def message_id(domain: str, reference: str, sequence: int, letter: str, recipient: str, secret: bytes) -> str:
    """The Message-ID of a letter to be composed: the id of one letter: the same for the same (reference, event, letter,
    recipient), guessed by nobody.

    A reply that names it proves its writer had the letter, so the keyed hash covers all four; 80 bits of it are kept.
    """
    said = "\x00".join((reference, str(sequence), letter, recipient.lower())).encode()
    keyed = hmac.new(secret, said, hashlib.sha256).hexdigest()[:20]
    shown = re.sub(r"[^a-z0-9-]+", "-", reference.lower()).strip("-")[:40] or "letter"
    return f"<{shown}.{sequence}.{keyed}@{domain}>"


@dataclass(frozen=True, slots=True)
class Addressed:
    """Where a letter goes, from whom, and what it follows. ``sender`` is (name, address); ``date`` is aware;
    ``answering`` says that it answers a person's mail."""

    sender: tuple[str, str]
    to: Person
    message_id: str
    date: datetime
    references: tuple[str, ...] = ()
    in_reply_to: str = ""
    reply_to: str = ""
    answering: bool = False


def compose(
    rendered: Rendered,
    at: Addressed,
    attachments: tuple[Attachment, ...] = (),
    conversation: Conversation | None = None,
) -> bytes:
    """A letter's whole message, as it is sent. ``conversation`` is that of its dispute, for Outlook.

    Raises ValueError for an address, id or date that cannot stand in a header, and when the bytes do not read back as
    they were meant.
    """
    date, message_id = at.date, at.message_id
    if date.tzinfo is None:
        raise ValueError("a letter's date needs a zone")
    headers = [
        ("From", _mailbox(*at.sender)),
        *([("Reply-To", _mailbox("", at.reply_to))] if at.reply_to else []),
        ("To", _mailbox(at.to.name, at.to.address)),
        ("Subject", _phrase(rendered.subject)),
        ("Date", _date(date)),
        ("Message-ID", _ids((message_id,))),
        *([("In-Reply-To", _ids((at.in_reply_to,)))] if at.in_reply_to else []),
        *([("References", _ids(at.references))] if at.references else []),
        *(_grouped(conversation, message_id, date) if conversation else []),
        ("Auto-Submitted", "auto-replied" if at.answering else "auto-generated"),
        *_STANDING,
    ]
    content_type, body = _body(rendered, attachments, message_id)
    headers.append(("Content-Type", content_type))
    raw = (CRLF.join(f"{name}: {value}" for name, value in headers) + CRLF * 2 + body).encode("ascii")
    _read_back(raw, headers, rendered, attachments)
    return raw


_STANDING = (
    ("X-Auto-Response-Suppress", "DR, RN, NRN, AutoReply"),  # not OOF: an absence is something we act on
    ("Content-Language", "en-GB"),
    ("MIME-Version", "1.0"),
)
# As RFC 5322 spells them, whatever the locale of the machine.
_DAYS = tuple(day[:3].title() for day in lexicon.vocabulary_in_order("weekday"))
_MONTHS = tuple(month[:3].title() for month in lexicon.vocabulary_in_order("month"))


def _date(at: datetime) -> str:
    utc = at.astimezone(UTC)
    day = f"{_DAYS[utc.weekday()]}, {utc.day:02} {_MONTHS[utc.month - 1]} {utc.year}"
    return f"{day} {utc.hour:02}:{utc.minute:02}:{utc.second:02} +0000"


def _grouped(conversation: Conversation, message_id: str, date: datetime) -> list[tuple[str, str]]:
    index = conversation.index(message_id, date)
    return [("Thread-Topic", _phrase(conversation.topic)), ("Thread-Index", index)]


def _ids(ids: Sequence[str]) -> str:
    """Message-IDs as a composed header: ids as they are, one a line, however long: an id that is folded or encoded is
    another id."""
    for one in ids:
        if not _ID.fullmatch(one):
            raise ValueError(f"{one[:80]!r} is no Message-ID")
    return f"{CRLF} ".join(ids)


_ONE_LINE = 60  # characters of a header's value that is not folded


def _phrase(text: str) -> str:
    """A composed header's value: unstructured text as a header value: folded, and encoded when it is not ASCII."""
    plain = _one_line(text)
    encoded = not plain.isascii() or "=?" in plain
    if not encoded and len(plain) <= _ONE_LINE:
        return plain
    return Header(plain, "utf-8" if encoded else "us-ascii", maxlinelen=72, header_name="Subject").encode(linesep=CRLF)


def _mailbox(name: str, address: str) -> str:
    if not _ADDRESS.fullmatch(address):
        raise ValueError(f"{address[:80]!r} is no address that a letter can go to")
    shown = _one_line(name)[:_LONGEST_NAME].strip()
    if not shown:
        return address
    if shown.isascii() and "=?" not in shown:
        quoted = shown.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}"{CRLF} <{address}>'
    return f"{Header(shown, 'utf-8', maxlinelen=72, header_name='From').encode(linesep=CRLF)}{CRLF} <{address}>"


def _one_line(text: str) -> str:
    """Composing a letter's header, text is made fit for it: controls, direction marks, separators, surrogates and
    unassigned signs out: nothing that ends or hides a line."""
    if text.isprintable():
        return " ".join(text.split())
    return " ".join("".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text).split())


def _body(rendered: Rendered, attachments: Sequence[Attachment], message_id: str) -> tuple[str, str]:
    """The body of a composed letter: Content-Type and body. Boundaries come from the id, so that the same letter is the
    same bytes."""
    mark = hashlib.sha256(message_id.encode()).hexdigest()[:24]
    both = _joined(f"=_a_{mark}", [_text_part("plain", rendered.text), _text_part("html", rendered.html)])
    alternative = f'multipart/alternative;{CRLF} boundary="=_a_{mark}"'
    if not attachments:
        return alternative, both
    first = f"Content-Type: {alternative}{CRLF * 2}{both}"
    parts = [first, *(_attached(a) for a in attachments)]
    return f'multipart/mixed;{CRLF} boundary="=_m_{mark}"', _joined(f"=_m_{mark}", parts)


def _joined(boundary: str, parts: Sequence[str]) -> str:
    return "".join(f"--{boundary}{CRLF}{part}{CRLF}" for part in parts) + f"--{boundary}--{CRLF}"


WIDEST_LINE = 72  # characters of a line of text, as RFC 3676 4.2 asks of whoever writes it


def flowed(text: str) -> str:
    """A letter's text as it is composed: format=flowed (RFC 3676). Lines of at most 72 characters, each but the last of
    a paragraph with a space at its end, by which a program that knows of it makes the paragraph as wide as its window;
    one that does not shows short lines. A longer word (an address) is left whole."""
    return "\n".join(line for paragraph in _paragraphs(text) for line in _folded(paragraph))


def _paragraphs(text: str) -> list[str]:
    return [line.rstrip(" ") for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]


def _folded(paragraph: str) -> Iterator[str]:
    rest = f" {paragraph}" if paragraph.startswith((" ", ">", "From ")) else paragraph  # 4.4: space-stuffing
    while len(rest) > WIDEST_LINE:
        at = rest.rfind(" ", 1, WIDEST_LINE)
        at = at if at > 0 and rest[:at].strip() else rest.find(" ", WIDEST_LINE)
        if at < 0:
            break
        yield rest[: at + 1]
        rest = rest[at + 1 :]
        rest = f" {rest}" if rest.startswith((" ", ">", "From ")) else rest
    yield rest


def unflowed(text: str) -> str:
    """A letter's text as a program that knows format=flowed shows it, as it was before it was composed."""
    whole: list[str] = []
    open_line = False
    for line in text.replace("\r\n", "\n").split("\n"):
        bare = line.removeprefix(" ")
        if open_line:
            whole[-1] += bare
        else:
            whole.append(bare)
        open_line = line.endswith(" ") and line != "-- "
    return "\n".join(whole)


def _text_part(subtype: str, text: str) -> str:
    text = flowed(text) if subtype == "plain" else text
    # The escapes of quoted-printable keep "=_" out of the text, so a boundary can never occur in it.
    quoted = "".join(map(_quoted, _LINES.findall(text.replace("\r\n", "\n").replace("\r", "\n"))))
    kind = f"text/{subtype}; charset=utf-8{'; format=flowed' if subtype == 'plain' else ''}"
    head = f"Content-Type: {kind}{CRLF}Content-Transfer-Encoding: quoted-printable"
    return f"{head}{CRLF * 2}{quoted}"


_LINES = re.compile(r"[^\n]*\n|[^\n]+")


@lru_cache(maxsize=4000)
def _quoted(line: str) -> str:
    """A line of a composed letter, with its end, in quoted-printable (RFC 2045, 6.7). Most lines of a page are those of
    the page before."""
    quoted = binascii.b2a_qp(line.replace("\n", CRLF).encode("utf-8", "replace"), istext=True).decode("ascii")
    return quoted.replace(CRLF, "\n").replace("\n", CRLF)


def _attached(attachment: Attachment) -> str:
    if re.search(r"[^\x20-\x7e]", attachment.type) or "/" not in attachment.type:
        raise ValueError(f"{attachment.type[:60]!r} is no content type")
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", attachment.name).strip("-.") or "attachment"
    coded = base64.b64encode(attachment.content).decode("ascii")
    lines = CRLF.join(coded[n : n + 76] for n in range(0, len(coded), 76))
    return CRLF.join(
        (
            f"Content-Type: {attachment.type}",
            f'Content-Disposition: attachment; filename="{name}"',
            "Content-Transfer-Encoding: base64",
            "",
            lines,
        )
    )


def _read_back(
    raw: bytes, headers: Sequence[tuple[str, str]], rendered: Rendered, attachments: Sequence[Attachment]
) -> None:
    """A composed letter is read back. Raises ValueError unless these bytes say exactly what was meant: these headers,
    these parts, this text.

    The header is read line by line (RFC 5322, 2.2), and nothing in it is doubtful: a line ends with CRLF and nowhere
    else, and begins with a name or with a space. The parts are taken apart at their boundaries and decoded, which says
    the same as a parser and costs a tenth: nothing in quoted-printable or base64 can look like a boundary.
    """
    head, _, body = raw.partition(b"\r\n\r\n")
    read = _fields(head.decode("ascii"))
    if [name for name, _ in read] != [name for name, _ in headers]:
        raise ValueError("the headers do not read back as they were written")
    for (name, value), (_, again) in zip(headers, read, strict=True):
        if _flat(value) != _flat(again):
            raise ValueError(f"{name} does not read back as it was written")
    subject = _flat(next(again for name, again in read if name == "Subject"))
    shown = str(make_header(decode_header(subject))) if "=?" in subject else subject
    if shown != _one_line(rendered.subject):
        raise ValueError("the subject does not read back as it was written")
    text, page, *enclosed = [_content(part) for part in _leaves(body)] or [b"", b""]
    meant = "\n".join(_paragraphs(rendered.text))
    wanted = (meant.encode("utf-8", "replace"), rendered.html.encode("utf-8", "replace"))
    read_text = unflowed(text.decode("utf-8", "replace")).encode("utf-8", "replace")
    if [_lines(read_text), _lines(page)] != [_lines(one) for one in wanted]:
        raise ValueError("the text does not read back as it was written")
    if enclosed != [attachment.content for attachment in attachments]:
        raise ValueError("an attachment does not read back as it was written")


_FIELD = re.compile(r"([!-9;-~]+): ?([^\r\n]*)")
_GOES_ON = re.compile(r"[ \t]+[^\s][^\r\n]*")


def _fields(head: str) -> list[tuple[str, str]]:
    """The fields of a composed letter's header, each with the lines it goes on over. Raises ValueError for a line that
    some program may read otherwise."""
    found: list[tuple[str, str]] = []
    for line in head.split(CRLF):
        if found and _GOES_ON.fullmatch(line):
            found[-1] = (found[-1][0], f"{found[-1][1]}{CRLF}{line}")
        elif met := _FIELD.fullmatch(line):
            found.append((met[1], met[2]))
        else:
            raise ValueError("the headers do not read back as they were written")
    return found


def _leaves(body: bytes) -> Iterator[bytes]:
    """Its parts that hold no others, each with its own header."""
    for part in _BOUNDARY.split(b"\r\n" + body)[1:]:
        if part.strip() and not part.startswith(b"\r\nContent-Type: multipart/"):
            yield part.removeprefix(b"\r\n")


def _content(part: bytes) -> bytes:
    head, _, coded = part.partition(b"\r\n\r\n")
    return binascii.a2b_base64(coded) if b"base64" in head else binascii.a2b_qp(coded)


def _lines(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n")


def _flat(value: str) -> str:
    return value.replace("\r\n", "").replace("\n", "")
