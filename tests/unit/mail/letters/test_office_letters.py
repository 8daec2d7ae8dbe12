"""The letters to the partnership's office as pictures: every colour can be read, and no picture is the only carrier."""

import csv
import re
from dataclasses import replace

import pytest

from mailbot.mail.letters.render import LETTERS_APART, Letters
from mailbot.mail.letters.sample_letters import full_digest
from mailbot.shell.config.template_files import load_letters, shipped_letters
from mailbot.turns.digest_and_reports import whole_list

LETTERS = Letters(load_letters([shipped_letters()]))
READABLE, SEEN = 4.5, 3.0  # WCAG 2.2: 1.4.3 for words, 1.4.11 for what is only looked at
SHEET, DARK_SHEET = "#ffffff", "#1f2327"
PAGES = [LETTERS.render(name, view).html for name, views in LETTERS_APART.items() for view in views]


def contrast(one: str, other: str) -> float:
    """As WCAG defines it, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _value(style: str, name: str) -> str:
    found = re.search(rf"(?<![-\w]){name}:\s*(#[0-9a-f]{{6}})", style)
    return found[1] if found else ""


def test_contrast_is_counted_as_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("page", PAGES)
def test_every_colour_can_be_read_in_the_light(page: str) -> None:
    for style in re.findall(r'style="([^"]*)"', page):
        words, ground = _value(style, "color"), _value(style, "background")
        if words:
            assert contrast(words, ground or SHEET) >= READABLE, style


def test_every_colour_can_be_read_in_the_dark() -> None:
    rules = re.findall(r"\.([\w ,.]+) \{ ([^}]*) \}", PAGES[0].split("</style>")[0])
    assert len(rules) > 8
    for name, style in rules:
        words, ground = _value(style, "color"), _value(style, "background")
        if words and "press" not in name:
            assert contrast(words, ground or DARK_SHEET) >= READABLE, name
        elif name in ("bar", "drift"):
            assert contrast(ground, DARK_SHEET) >= SEEN, name


def test_a_class_with_a_light_ground_has_a_dark_one_too() -> None:
    dark = set(re.findall(r"\.(\w+)", PAGES[0].split("</style>")[0]))
    for page in PAGES:
        for kind, style in re.findall(r'class="(\w+)"[^>]*style="([^"]*)"', page):
            assert kind in dark, style
        for style in re.findall(r'<td(?! class)[^>]*style="([^"]*)"', page):
            assert "background" not in style


def test_each_number_that_is_drawn_is_also_printed_and_stands_in_the_text_part() -> None:
    made = LETTERS.render("digest", full_digest())
    figures = full_digest().figures
    drawn = [bar for bar in figures.stages if bar.number]  # a stage at which nothing is open is not told of
    assert len(drawn) < len(figures.stages)
    for bar in (*drawn, *figures.moves):
        assert f"- {bar.label}: {bar.number}\n" in made.text
        assert re.search(rf">{bar.label}</td>\s*<td[^>]*><strong>{bar.number}</strong>", made.html)
    for week in figures.weeks:
        assert f"{week.raised} raised, {week.closed} closed, {week.by_limit} moved by the limit" in made.text
    assert "<img" not in made.html


def test_a_bar_is_as_long_as_its_number() -> None:
    html = LETTERS.render("digest", full_digest()).html
    part = html[html.index("Open now, by stage") : html.index("The last 8 weeks")]
    drawn = re.findall(r'width="(\d+)%" cellpadding="0" cellspacing="0" border="0"><tr>\s*<td class="bar"', part)
    assert drawn == ["100", "33"], "3, 1 and nothing for 0"


def test_a_digest_of_ten_thousand_disputes_is_a_letter_and_a_list() -> None:
    """What matters first and how many more there are; the whole goes with it, and nothing in it is a formula."""
    full = full_digest()
    row = replace(full.past_limit[0], agencies="=HYPERLINK(1)")
    many = replace(full, past_limit=(row,) * 10_000, others=full.others * 31, opened=full.opened * 30)
    made = LETTERS.render("digest", many)
    assert many.is_long
    assert not full.is_long
    assert len(made.html) < 102_000, "Gmail cuts off what is longer"
    for said in (made.text, re.sub(r"<[^>]*>", "", made.html)):
        assert "10000 past the limit" in " ".join(said.split())
        assert "and 9970 more, in the list that goes with this" in said
        assert "and 1 more, in the list that goes with this" in said
    ((name, _, listed),) = [(one.name, one.type, one.content.decode("utf-8-sig")) for one in whole_list(many)]
    assert name == f"digest-{full.end:%Y-%m-%d}.csv"
    rows = list(csv.reader(listed.splitlines()))
    assert sum(one[0] == "Past the limit now" for one in rows) == 10_000
    assert {one[3] for one in rows if one[0] == "Past the limit now"} == {"'=HYPERLINK(1)"}
