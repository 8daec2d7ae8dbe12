"""Letters as they lie in people's inboxes, read back for the telling and for the gallery."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from html import unescape

from mailbot.mail.writing.render import Rendered


@dataclass(frozen=True, slots=True)
class Delivered:
    """One message in somebody's inbox. ``ids`` are those it refers to, its own last: what an answer to it carries."""

    sender: str
    to: str
    message_id: str
    ids: tuple[str, ...]
    received: datetime
    rendered: Rendered

    @property
    def shown(self) -> str:
        """As a list of letters shows it: the subject, which all letters of a stage share, and what this one says."""
        found = re.search(r"(?s)<h1[^>]*>(.*?)</h1>", self.rendered.html)
        headline = " ".join(unescape(found[1]).split()) if found else ""
        return f"{self.rendered.subject} - {headline}" if headline else self.rendered.subject


def delivered(raw: bytes, received: datetime) -> Delivered:
    """What a mail program would show of ``raw``: what is not there is ""."""
    message = message_from_bytes(raw)
    found = {part.get_content_type(): part for part in reversed(list(message.walk())) if not part.is_multipart()}
    message_id = _field(message, "Message-ID")
    ids = tuple(dict.fromkeys([*_field(message, "References").split(), message_id]))
    rendered = Rendered(
        _field(message, "Subject"), _text(found.get("text/plain")), _text(found.get("text/html"))
    )  # fmt: skip
    return Delivered(_field(message, "From"), _field(message, "To"), message_id, ids, received, rendered)


def _field(message: Message, name: str) -> str:
    return " ".join(str(make_header(decode_header(str(message.get(name, ""))))).split())


def _text(part: Message | None) -> str:
    content = part.get_payload(decode=True) if part is not None else b""
    return content.decode("utf-8", "replace").replace("\r\n", "\n") if isinstance(content, bytes) else ""
