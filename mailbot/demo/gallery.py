"""One page that shows letters as people see them: on a telephone, at a desk, as plain text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from html import escape, unescape

from mailbot.mail.letters.render import Rendered

# One page that shows letters as people see them: on a telephone, at a desk, and as plain text.
#
# The page is whole in itself: each letter's HTML sits in a frame of its own, which may run nothing and fetch nothing.

PHONE, DESK = 360, 700  # pixels


@dataclass(frozen=True, slots=True)
class Shown:
    """One letter with who sent it to whom, when (in words), and why it was sent."""

    sender: str
    recipient: str
    rendered: Rendered
    when: str = ""
    note: str = ""


_STYLE = """
body { margin: 0; padding: 24px; font: 16px/1.5 system-ui, sans-serif; color: #1b1f23; background: #dfe4e8; }
nav { column-width: 22em; margin: 12px 0 32px; }
section { background: #fff; border-radius: 8px; padding: 16px 20px; margin: 0 0 28px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 12px; margin: 0 0 12px; }
dt { color: #57606a; } dd { margin: 0; overflow-wrap: anywhere; }
.views { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; }
iframe { border: 1px solid #b6c0c9; border-radius: 8px; background: #fff; height: 760px; max-width: 100%; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f4f6f8; padding: 12px; border-radius: 8px; }
"""


def gallery(letters: Iterable[Shown], title: str = "Letters as people see them") -> str:
    """The gallery of letters as one page: the page as HTML; every value escaped, also the letters' own HTML, which
    stands in an attribute."""
    shown = tuple(letters)
    contents = "".join(
        f'<a href="#letter-{n}">{escape(one.rendered.subject)}</a> to {escape(one.recipient)}<br>\n'
        for n, one in enumerate(shown, start=1)
    )
    sections = "".join(_section(n, one) for n, one in enumerate(shown, start=1))
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{escape(title)}</h1>\n"
        f"<nav>{contents}</nav>\n{sections}</body>\n</html>\n"
    )


def _section(number: int, one: Shown) -> str:
    rows = (
        ("From", one.sender),
        ("To", one.recipient),
        ("Sent", one.when),
        ("Subject", one.rendered.subject),
        ("Why", one.note),
    )
    facts = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in rows if value)
    frames = "".join(
        f'<iframe title="Letter {number}, {width} pixels wide" sandbox="" width="{width}" loading="lazy" '
        f'srcdoc="{escape(one.rendered.html, quote=True)}"></iframe>\n'
        for width in (PHONE, DESK)
    )
    return (
        f'<section id="letter-{number}">\n<dl>{facts}</dl>\n<div class="views">\n{frames}</div>\n'
        f"<details><summary>The same letter as plain text</summary><pre>{escape(one.rendered.text)}</pre></details>\n"
        "</section>\n"
    )


# Letters as they lie in people's inboxes, read back for the telling and for the gallery.


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
        """A letter as the gallery's list shows it: as a list of letters shows it: the subject, which all letters of a
        stage share, and what this one says."""
        found = re.search(r"(?s)<h1[^>]*>(.*?)</h1>", self.rendered.html)
        headline = " ".join(unescape(found[1]).split()) if found else ""
        return f"{self.rendered.subject} - {headline}" if headline else self.rendered.subject


def delivered(raw: bytes, received: datetime) -> Delivered:
    """A delivered letter for the gallery: what a mail program would show of ``raw``: what is not there is ""."""
    message = message_from_bytes(raw)
    found = {part.get_content_type(): part for part in reversed(list(message.walk())) if not part.is_multipart()}
    message_id = _field(message, "Message-ID")
    ids = tuple(dict.fromkeys([*_field(message, "References").split(), message_id]))
    rendered = Rendered(_field(message, "Subject"), _text(found.get("text/plain")), _text(found.get("text/html")))
    return Delivered(_field(message, "From"), _field(message, "To"), message_id, ids, received, rendered)


def _field(message: Message, name: str) -> str:
    return " ".join(str(make_header(decode_header(str(message.get(name, ""))))).split())


def _text(part: Message | None) -> str:
    content = part.get_payload(decode=True) if part is not None else b""
    return content.decode("utf-8", "replace").replace("\r\n", "\n") if isinstance(content, bytes) else ""
