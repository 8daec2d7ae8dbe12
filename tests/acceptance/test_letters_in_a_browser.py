"""Every letter laid out by a real browser at the width of a small telephone and of a desk, in light and in dark."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from mailbot.mail.letters.render import LETTERS_APART, Rendered
from tests.browser import CHROMIUM, Browser
from tests.sites import LETTERS
from tests.thorough import WHOLE
from tests.unit.mail.letters.test_letters_never_say import every_letter

RULES = (Path(__file__).parents[1] / "page_rules.js").read_text()


@cache
def shown() -> tuple[tuple[str, Rendered], ...]:
    apart = ((name, LETTERS.render(name, view)) for name, views in LETTERS_APART.items() for view in views)
    return (*((f"{letter} to {to}", made) for letter, to, made, _ in every_letter()), *apart)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("chromium is not installed")
    with Browser() as running:
        yield running


# Each width and each of light and dark: what hardly fits does so in both, and colours are the same at any width.
EVERY = [(320, False), (700, True), (320, True), (700, False)]


@pytest.mark.parametrize(
    ("width", "dark"),
    EVERY if WHOLE else EVERY[:2],
    ids=["telephone, light", "desk, dark", "telephone, dark", "desk, light"][: 4 if WHOLE else 2],
)
def test_every_letter_is_legible_and_fits_and_fetches_nothing(browser: Browser, width: int, dark: bool) -> None:
    found: dict[str, list[str]] = {}
    for name, made in shown():
        measured = browser.show(made.html, width, dark)
        faults = [*browser.ask_page(RULES), *(f"fetches {url}" for url in measured.fetched)]
        if measured.content > width:
            faults.append(f"{measured.content} pixels wide")
        if faults:
            found[name] = faults
    assert found == {}


def test_the_rules_find_what_is_wrong_with_a_page(browser: Browser) -> None:
    """Grey on grey, small print, a table wider than the screen, a thin link, a picture from elsewhere without words."""
    browser.show(
        '<html><body style="margin:0;background:#777"><p style="color:#888">Hard to see</p>'
        '<p style="color:#000;font-size:9px">Small</p><table width="500"><tr><td>Wide</td></tr></table>'
        '<a href="mailto:a@b.example" style="color:#000;font-size:14px">Thin</a>'
        '<img src="http://127.0.0.1:9/p.png"></body></html>',
        320,
    )
    found = [fault.split(":")[0] for fault in browser.ask_page(RULES)]
    assert found[3].startswith("a link 1"), "its height goes by the fonts there are"
    assert [*found[:3], *found[4:]] == ["contrast 1.26", "9 pixels", "sideways", "no alt text", "no language"]
