"""Filled from the record, edited by another program, read back: nothing is lost and nothing is made up.

A dozen forms by default, so that the suite stays quick; ``make forms`` runs two hundred, and two hundred through
LibreOffice (``tests/acceptance/test_libreoffice.py``).
"""

import io
import random
import zipfile

import pytest

from mailbot.core.clocks.case import Case
from mailbot.core.record.intents import Paper
from mailbot.mail.documents.form_boxes import FormBox
from mailbot.mail.documents.recording_form import word_form
from mailbot.mail.documents.returned_form import FormsSent, _form_of, find_boxes, papers_in
from mailbot.mail.documents.word_reading import PROPERTIES, WORD, packed, read_word
from mailbot.mail.incoming.message import ReceivedAttachment
from mailbot.mail.letters.wording import date_words
from tests.thorough import many
from tests.unit.mail.documents.awkward import ARRIVES, Made, day, made, text
from tests.unit.mail.documents.word import fill_in, with_row_added, without_controls

MANY = many(12, 200)
GONE = "\x00\x07\x0b\x0c\x1b\x7f\u202e\ud800\uffff"  # no document can carry these


def squared(value: str) -> str:
    """What must come back: line ends of one kind, no blank at either end."""
    return "".join(c for c in value.replace("\r\n", "\n") if c not in GONE).strip()


def read(case: Made, content: bytes) -> Paper:
    found = papers_in(
        FormsSent([ReceivedAttachment("form.docx", WORD, len(content), content)]),
        Case(case.dispute, case.partnership, ARRIVES),
    )
    assert len(found) == 1
    return found[0]


def answers(case: Made, seed: int) -> tuple[dict[str, str], dict[str, str]]:
    """What somebody writes, by tag; and what must then be recorded, by key."""
    dice = random.Random(seed + 10_000)
    by_tag: dict[str, str] = {}
    wanted: dict[str, str] = {}
    for box in case.sheet.boxes:
        if box.by_bot or dice.random() < 0.3:
            continue
        if box.columns:
            lines = _lines(box, dice)
            by_tag |= {f"{box.key}/{n}/{c}": said for n, row in enumerate(lines, 1) for c, said in enumerate(row, 1)}
            wanted[box.key] = _recorded(box, lines)
        elif box.kind == "date" and box.key != "child_dob":
            on = day(dice)
            by_tag[box.key], wanted[box.key] = date_words(on), on.isoformat()
        else:
            said = dice.choice(box.choices) if box.choices else text(dice)
            by_tag[box.key], wanted[box.key] = said, said
    return by_tag, {key: squared(value) for key, value in wanted.items()}


def news(case: Made, wanted: dict[str, str]) -> dict[str, str]:
    """Without what the dice happened to write a second time."""
    return {key: said for key, said in wanted.items() if squared(case.dispute.fields.get(key, "")) != said}


def _lines(box: FormBox, dice: random.Random) -> list[tuple[str, ...]]:
    count = max(len(box.rows), 2)  # every row that was there is written over
    if box.dated is None:
        return [("Ivo Marsh", f"Health {n}") for n in range(max(len(box.rows), 1))]
    return [(text(dice), f"Person {n}", date_words(day(dice))) for n in range(count)]


def _recorded(box: FormBox, lines: list[tuple[str, ...]]) -> str:
    if box.dated is None:
        return "\n".join(" | ".join(row) for row in lines)
    return "\n".join(f"{squared(what)} ({who}), by {by}" for what, who, by in lines)


@pytest.mark.parametrize("seed", range(MANY))
def test_what_was_put_in_from_the_record_and_what_people_write_all_comes_back(seed: int) -> None:
    case = made(seed)
    sent = word_form(case.sheet)
    for found in find_boxes(case.sheet.boxes, read_word(sent)):
        assert (found.text, found.rows) == (found.box.text, found.box.rows), found.box.label
    assert read(case, sent).boxes == (), "untouched, nothing changes"
    by_tag, wanted = answers(case, seed)
    filled = fill_in(sent, by_tag)
    for content in (filled, without_controls(filled)):
        paper = read(case, content)
        assert (paper.unread, paper.reference, paper.kept, paper.emptied) == ("", case.dispute.reference, (), ())
        got = {box.key: box.value for box in paper.boxes}
        assert got == news(case, wanted)


def test_a_form_names_itself_by_its_title_and_is_known_again_by_its_tag_alone() -> None:
    case = made(1)
    content = word_form(case.sheet)
    shown = [cell.text for table in read_word(content).tables for row in table for cell in row]
    assert case.sheet.title in shown
    assert case.sheet.form not in shown
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        kept = {name: whole.read(name) for name in whole.namelist() if name != PROPERTIES}
    written = read_word(packed(tuple(kept.items())))
    assert written.properties == {}
    assert _form_of(written, case.partnership) == case.sheet.form


def test_a_row_that_somebody_added_is_read_as_well() -> None:
    case = made(0)
    label = next(box.label for box in case.sheet.boxes if box.key == "actions:2")
    sent = fill_in(word_form(case.sheet), {"actions:2/1/1": "Visit at home", "actions:2/1/3": "11 September 2026"})
    paper = read(case, with_row_added(sent, label, ("Core group", "Ada Quince", "17/09/2026")))
    actions = next(box.actions for box in paper.boxes if box.key == "actions:2")
    assert ("Core group", "Ada Quince", "2026-09-17") in [(a.what, a.who, a.by.isoformat()) for a in actions if a.by]


@pytest.mark.parametrize(
    ("written", "on", "asked"),
    [
        ("14/09/26", "2026-09-14", ""),
        ("Monday 14th September", "2026-09-14", ""),
        ("14.9.2026", "2026-09-14", ""),
        ("by Mon 14 Sept 2026 at 10.30am", "2026-09-14", ""),
        ("ASAP", None, "Visit: “ASAP” is not an actual date."),
        ("when possible", None, "Visit: “when possible” is not an actual date."),
        ("ongoing", None, "Visit: “ongoing” is not an actual date."),
        ("tbc", None, "Visit: “tbc” is not an actual date."),
        ("half term", None, "Visit: “half term” does not name an actual date."),
        ("", None, "Visit: no actual date was given."),
        ("11 or 14 September 2026", None, "Visit: “11 or 14 September 2026” could be more than one day."),
        (
            "1 September 2026",
            "2026-09-01",
            "Visit: 1 September 2026 has passed already. Is it done, or is another day meant?",
        ),
    ],
)
def test_an_action_has_an_actual_date_or_is_asked_about_by_name(written: str, on: str | None, asked: str) -> None:
    case = made(8)  # its box of actions at stage 2 is still empty
    paper = read(case, fill_in(word_form(case.sheet), {"actions:2/1/1": "Visit", "actions:2/1/3": written}))
    (action,) = next(box.actions for box in paper.boxes if box.key == "actions:2")
    assert (action.by.isoformat() if action.by else None) == on
    assert paper.asks == ((asked,) if asked else ())
