"""Presses the buttons of letters as a mail program does: the link's subject and body, and not what it answers."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

from mailbot.core.decisions.who_may.replies_taken import FEEDBACK, REPLY_ACTS
from tests.story import Sent, Story


def links(sent: Sent) -> list[str]:
    """The addresses of a letter's buttons, as its HTML has them."""
    return [unescape(one) for one in re.findall(r'href="(mailto:[^"]+)"', sent.html) if "subject=" in one]


def opened_mail(link: str) -> tuple[str, str]:
    """Subject and body of the mail that a button's link opens."""
    asked = parse_qs(urlsplit(link).query, keep_blank_values=True)
    return asked["subject"][0], asked["body"][0]


def word_of(body: str) -> str:
    """The word that a button's mail begins with; "" of one that asks for lines alone."""
    first = body.split("\r\n")[0].rstrip(": ")
    return first if first in REPLY_ACTS or first in ("DEBRIEF", "WRONG") else FEEDBACK if "Idea:" in body else ""


def link(sent: Sent, word: str) -> tuple[str, str]:
    """Subject and body of the button that begins its mail with ``word``."""
    for one in links(sent):
        subject, body = opened_mail(one)
        if body.split("\r\n")[0].rstrip(": ") == word:
            return subject, body
    raise LookupError(f"{sent.letter} to {sent.to} has no button {word}")


def press(story: Story, sent: Sent, word: str, filled: str = "", when: str = "", by: str = "") -> None:
    """``by`` is whoever pressed it, when not its reader; ``filled`` what they wrote after the link's last line."""
    subject, body = link(sent, word)
    story.mail(by or sent.to, body + filled, when, subject=subject)
