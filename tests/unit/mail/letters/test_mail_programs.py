"""Letters in Outlook for Windows (which lays mail out with Word), Gmail and Apple Mail, by what is published of those
programs (``mail_programs.toml``): nothing that matters rests on what one of them leaves out.
"""

import itertools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mailbot.core.notices.notice import LETTERS
from mailbot.mail.letters.render import LETTERS_APART
from mailbot.mail.letters.sample_letters import full
from tests.unit.mail.letters.test_letters_never_say import TEMPLATES

PUBLISHED = tomllib.loads((Path(__file__).parent / "mail_programs.toml").read_text("utf-8"))
CSS, HTML, MEDIA = PUBLISHED["css"], PUBLISHED["html"], PUBLISHED["media"]
# A side of a box is spoken of as the box is.
_SIDE = re.compile(r"^(margin|padding|border)-(?:top|right|bottom|left)$")
# What one of them leaves out, and why nothing is lost by it.
DISPENSABLE = {
    "border-radius": "a button has square corners",
    "overflow-wrap": "a long address may reach over the edge",
    "overflow": "only in the line that mso-hide hides",
    "max-height": "only in the line that mso-hide hides",
    "white-space": "a short label may break; lines of people's words are kept by <br>",
    "table-layout": "columns are as wide as their words",
}
EVERYWHERE = {"color"}  # not in the tables: every program has it
CELLS = {"td", "th"}


class Page(HTMLParser):
    """What a letter's page uses: each element with its inline properties, and the elements it stands in."""

    VOID = frozenset({"br", "meta"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.used: list[tuple[str, dict[str, str], dict[str, str], tuple[str, ...]]] = []
        self.shown: list[str] = []
        self._open: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        style = {
            one.partition(":")[0].strip(): one.partition(":")[2].strip()
            for one in found.get("style", "").split(";")
            if one.strip()
        }
        self.used.append((tag, found, style, tuple(name for name, _ in self._open)))
        if tag not in self.VOID:
            self._open.append((tag, style))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(tag in ("style", "title") for tag, _ in self._open):
            self.shown.append(data.strip())


def _pages() -> Iterator[tuple[str, str]]:
    for letter in LETTERS:
        yield letter, TEMPLATES.render(letter, full(letter)).html
    for letter, (view, _) in LETTERS_APART.items():
        yield letter, TEMPLATES.render(letter, view).html


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return dict(_pages())


def test_no_property_is_used_that_a_program_leaves_out_and_somebody_would_miss(pages: dict[str, str]) -> None:
    used = {_SIDE.sub(r"\1", name) for html in pages.values() for _, _, style, _ in Page(html).used for name in style}
    known = {name for name in used if not name.startswith("mso-")} - EVERYWHERE
    assert known <= CSS.keys(), "its support is not known"
    left_out = {name for name in known if "n" in (CSS[name]["outlook"], CSS[name]["gmail"], CSS[name]["apple"])}
    assert left_out == DISPENSABLE.keys() & known
    assert "border-radius" in left_out


def test_padding_is_on_cells_or_has_words_own_beside_it(pages: dict[str, str]) -> None:
    """Word takes padding on a cell alone: "Only supported on table cells". A link's is Word's own on its cell, so that
    the button is a cell of its full height; a list has an indent of its own, and the numbers to ring only a little
    room."""
    assert CSS["padding"]["but"].startswith("Partial. Only supported on table cells.")
    for letter, html in pages.items():
        used = Page(html).used
        for (_, _, around, _), (tag, found, style, _) in itertools.pairwise(used):
            padded = [name for name in style if name.startswith("padding") and style[name] != "0"]
            if padded and tag not in CELLS | {"ul"}:
                assert tag == "a", (letter, found)
                assert style["display"] == "inline-block" or "mso-padding-alt" in around, (letter, found)


def test_a_button_is_a_cell_with_its_own_colour_and_room_in_word(pages: dict[str, str]) -> None:
    buttons = 0
    for html in pages.values():
        used = Page(html).used
        for (tag, found, style, _), (inner, link, words, _) in itertools.pairwise(used):
            if found.get("class") == "press":
                buttons += 1
                assert tag == "td"
                assert found["bgcolor"] == style["background"] == "#0b4f8a"
                assert "mso-padding-alt" in style
                assert inner == "a"
                assert link["href"].startswith("mailto:")
                assert words["color"] == "#ffffff"
    assert buttons > 40


def test_widths_stand_where_word_takes_them(pages: dict[str, str]) -> None:
    """ "Not supported on <body>, <span>, <div>, <p>"; a greatest width "only works on <table>"; borders are
    "unreliable" on <p> and <div>, and no wider than 8 pixels."""
    for letter, html in pages.items():
        for tag, _, style, _ in Page(html).used:
            assert "width" not in style or tag in CELLS | {"table"}, (letter, tag, style)
            assert "max-width" not in style or tag == "table", (letter, tag, style)
            borders = [value for name, value in style.items() if name.startswith("border") and "px" in value]
            if borders and "border-radius" not in style:
                assert tag in CELLS | {"table"}, (letter, tag, style)
                assert all(int(re.findall(r"(\d+)px", value)[0]) <= 8 for value in borders)


def test_nothing_is_said_or_hidden_by_the_style_element_alone(pages: dict[str, str]) -> None:
    """Gmail and Outlook take <style> in part, and neither has dark colours from it: without it a letter says the same,
    in the same order, in colours that are set beside each other where they are used."""
    assert MEDIA["prefers-color-scheme"]["outlook"] == MEDIA["prefers-color-scheme"]["gmail"] == "n"
    for letter, html in pages.items():
        bare = re.sub(r"(?s)<style>.*?</style>|<!--.*?-->", "", html)
        assert "<style" not in bare
        assert Page(bare).shown == Page(html).shown, letter
        for tag, found, style, _ in Page(bare).used:
            if "preheader" in found.get("class", ""):
                assert style["display"] == "none"
                assert style["mso-hide"] == "all"
            if (
                "background" in style
                and tag in CELLS
                and found.get("class") in ("risk", "ball", "wrong", "heed", "due")
            ):
                assert "color" in style, (letter, found)


def test_a_background_is_a_colour_and_nothing_more(pages: dict[str, str]) -> None:
    for letter, html in pages.items():
        for _, found, style, _ in Page(html).used:
            assert "background" not in found, letter
            assert re.fullmatch(r"#[0-9a-f]{6}", style.get("background", "#ffffff")), (letter, style)


def test_lines_of_peoples_words_are_kept_without_white_space(pages: dict[str, str]) -> None:
    assert CSS["white-space"]["outlook"] == "n"
    view = full("objected")
    made = TEMPLATES.render("objected", replace(view, told=replace(view.told, words="We met on Monday.\nNobody came.")))
    assert "We met on Monday.<br>Nobody came." in made.html


def test_fonts_are_named_so_that_each_program_has_one_of_them(pages: dict[str, str]) -> None:
    """Word drops a whole list for a name that it does not know how to read; so its own comes first, in a comment that
    only Word reads, and no list begins with a name for one system alone."""
    for letter, html in pages.items():
        stacks = {style["font-family"] for _, _, style, _ in Page(html).used if "font-family" in style}
        assert stacks == {"'Segoe UI',Roboto,Helvetica,Arial,sans-serif"}, letter
        word = re.search(r"<!--\[if mso\]><style>(.*?)</style><!\[endif\]-->", html)
        assert word
        assert re.findall(r"font-family: ([^!]+) !important", word[1]) == ['"Segoe UI", Arial, sans-serif']
        assert "-apple-system" not in html
