"""The page: a contents list by procedure, then each letter with its two pictures, its text and what goes with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from tests.gallery.choosing import Kept


@dataclass
class Shown:
    """A chosen letter with the files of its pictures (relative to the page) and what the browser found wrong."""

    kept: Kept
    pictures: list[tuple[str, int]] = field(default_factory=list)  # file, width in pixels
    papers: list[tuple[str, list[str]]] = field(default_factory=list)  # name of a document, its pages or its text
    faults: list[str] = field(default_factory=list)


_STYLE = """
body { margin: 0; padding: 24px; font: 16px/1.5 system-ui, sans-serif; color: #1b1f23; background: #dfe4e8; }
nav { column-width: 18em; margin: 12px 0 32px; } nav h3 { margin: 0; break-after: avoid; }
section { background: #fff; border-radius: 8px; padding: 16px 20px; margin: 0 0 28px; }
.views { display: flex; flex-wrap: wrap; gap: 20px; align-items: flex-start; }
.views img { border: 1px solid #b6c0c9; border-radius: 6px; max-width: 100%; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f4f6f8; padding: 12px; border-radius: 8px; }
.fault { background: #fde8e8; color: #6b0f0f; padding: 8px 12px; }
h2 { margin: 0 0 4px; } p { margin: 4px 0; }
"""


def page(shown: Sequence[Shown], unsent: Sequence[tuple[str, Sequence[str]]]) -> str:
    """``unsent`` lists, by procedure, the letters that no story of it sends."""
    contents, before = "", ""
    for n, one in enumerate(shown):
        if one.kept.protocol != before:
            before = one.kept.protocol
            contents += f"<h3>{escape(before)}</h3>\n"
        mark = " (!)" if one.faults else ""
        contents += f'<a href="#l{n}">{escape(one.kept.letter)}{"" if one.kept.acts else ", told"}{mark}</a><br>\n'
    missing = "".join(f"<p>{escape(name)}: {escape(', '.join(rest)) or 'none'}</p>" for name, rest in unsent)
    sections = "".join(_section(n, one) for n, one in enumerate(shown))
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Everything people receive</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        "<h1>Everything people receive</h1>\n"
        f"<p>{len(shown)} letters, on a telephone (360 pixels) and at a desk (700). Everybody here is invented.</p>\n"
        f"<nav>{contents}</nav>\n<details><summary>Letters that no story of a procedure sends</summary>{missing}"
        f"</details>\n{sections}</body>\n</html>\n"
    )


def _section(number: int, one: Shown) -> str:
    kept = one.kept
    pictures = "".join(
        f'<img src="{escape(file)}" width="{width}" loading="lazy" alt="The letter {width} pixels wide">\n'
        for file, width in one.pictures
    )
    faults = "".join(f'<p class="fault">{escape(fault)}</p>' for fault in one.faults)
    return (
        f'<section id="l{number}">\n<h2>{escape(kept.protocol)}: {escape(kept.letter)}</h2>\n'
        f"<p>To {escape(kept.to)}. Subject: <strong>{escape(kept.subject)}</strong></p>\n{faults}"
        f'<div class="views">\n{pictures}</div>\n{"".join(_paper(*paper) for paper in one.papers)}'
        f"<details><summary>As plain text</summary><pre>{escape(kept.text)}</pre></details>\n</section>\n"
    )


def _paper(name: str, shown: Sequence[str]) -> str:
    parts = "".join(
        f'<img src="{escape(one)}" width="500" loading="lazy" alt="A page of {escape(name)}">\n'
        if one.endswith(".png")
        else f"<pre>{escape(one)}</pre>\n"
        for one in shown
    )
    return f'<h3>{escape(name)}</h3>\n<div class="views">\n{parts}</div>\n'
