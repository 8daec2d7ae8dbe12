"""One page that shows letters as people see them: on a telephone, at a desk, and as plain text.

The page is whole in itself: each letter's HTML sits in a frame of its own, which may run nothing and fetch nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from mailbot.mail.writing.render import Rendered

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
    """The page as HTML; every value escaped, also the letters' own HTML, which stands in an attribute."""
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
    rows = (("From", one.sender), ("To", one.recipient), ("Sent", one.when), ("Subject", one.rendered.subject),
            ("Why", one.note))  # fmt: skip
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
