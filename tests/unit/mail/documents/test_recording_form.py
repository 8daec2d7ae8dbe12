"""A partnership's own Word document in place of the one made here: checked by its tags, filled, and read back."""

import io
from datetime import date

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from mailbot.core.clocks.case import Case
from mailbot.core.notices.notice import Notice
from mailbot.core.record import events as e
from mailbot.core.record.intents import Action
from mailbot.mail.documents.enclosures import form_enclosed
from mailbot.mail.documents.form_boxes import sheet
from mailbot.mail.documents.recording_form import faults_of_form, filled_in, word_form
from mailbot.mail.documents.word_reading import read_word
from tests.unit.mail.documents.awkward import AT, Made, made
from tests.unit.mail.documents.test_returned_form import read
from tests.unit.mail.documents.word import fill_in, saved
from tests.unit.mail.understanding.scenes import OAKES

KEYS = ("issue", "actions_so_far", "outcome_sought", "impact")


def control(tag: str, prompt: str = "Please fill in") -> str:
    return (
        f'<w:sdt {nsdecls("w")}><w:sdtPr><w:tag w:val="{tag}"/><w:showingPlcHdr/><w:text/></w:sdtPr><w:sdtContent>'
        f'<w:r><w:rPr><w:rStyle w:val="PlaceholderText"/></w:rPr><w:t>{prompt}</w:t></w:r></w:sdtContent></w:sdt>'
    )


def own(keys: tuple[str, ...] = KEYS, rows: int = 2) -> bytes:
    """As somebody at the partnership would draw it up: their heading, a letterhead, controls in running text."""
    document = Document()
    document.add_heading("Our own monitoring form", 0)
    for key in keys:
        document.add_paragraph(f"About {key}: ")._p.append(parse_xml(control(key)))
    table = document.add_table(rows, 3)
    for number, row in enumerate(table.rows, 1):
        for column, cell in enumerate(row.cells, 1):
            cell.paragraphs[0]._p.append(parse_xml(control(f"actions:3/{number}/{column}")))
    return saved(document)


def gloucestershire(*events: e.Event) -> Made:
    """Stage 3 there, whose form has five boxes."""
    case = made(2)
    dispute = case.dispute
    for event in events:
        dispute = dispute.after(event)
    now = sheet(case.form.id, Case(dispute, case.partnership, AT))
    return Made(case.partnership, dispute, case.form, now)


def test_a_document_with_all_its_tags_has_no_fault() -> None:
    case = gloucestershire()
    assert list(faults_of_form(own(), case.form, case.partnership.protocol)) == []


def test_unknown_tags_and_missing_ones_are_told_in_words() -> None:
    case = gloucestershire()
    faults = list(faults_of_form(own(("issue", "impct")), case.form, case.partnership.protocol))
    assert "the content control tagged 'impct' fits no field of the form" in faults[0]
    assert faults[1:] == [
        "no content control is tagged 'actions_so_far' (Actions taken to date to resolve it)",
        "no content control is tagged 'outcome_sought' (What you would like to change for the child)",
        "no content control is tagged 'impact' (Impact on the child)",
    ]


def test_a_document_that_cannot_be_opened_is_told_in_words() -> None:
    case = gloucestershire()
    (fault,) = faults_of_form(b"%PDF-1.7", case.form, case.partnership.protocol)
    assert fault.startswith("this form cannot be used: it is a PDF")


def test_it_is_filled_and_everything_else_in_it_is_left_alone() -> None:
    actions = tuple(Action(f"Deed {n}", "Ada & Bo", date(2026, 9, 10 + n)) for n in range(1, 5))
    case = gloucestershire(
        e.FieldRecorded(at=AT, key="issue", value="Closed <without> a visit.\nTwice."),
        e.ActionsRecorded(at=AT, key="actions:3", actions=actions, words="four"),
    )
    sent = filled_in(own(), case.sheet)
    said = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(sent)).paragraphs)
    assert "Our own monitoring form" in said
    written = read_word(sent)
    assert written.tagged["issue"] == "Closed <without> a visit.\nTwice."
    assert [tuple(cell.text for cell in row) for row in written.tables[0]] == [
        (f"Deed {n}", "Ada & Bo", f"{10 + n} September 2026") for n in range(1, 5)
    ], "its table grows with the record"
    assert read(case, sent).boxes == (), "and untouched, it changes nothing"


def test_what_people_write_in_it_is_read_back() -> None:
    case = gloucestershire()
    filled = fill_in(
        filled_in(own(), case.sheet),
        {"impact": 'She said "no".', "actions:3/1/1": "Visit", "actions:3/1/3": "11/09/2026", "actions:3/1/2": "Bo"},
    )
    paper = read(case, filled)
    got = {box.key: box.value for box in paper.boxes}
    assert got["impact"] == 'She said "no".'
    assert got["actions:3"].startswith("Visit (Bo), by 11 September 2026")
    assert (paper.reference, paper.form, paper.kept) == ("GL-26-0012", "monitoring-form", ())


def test_one_that_is_spoiled_keeps_no_letter_back() -> None:
    case = gloucestershire()
    notice = Notice("stage_entered", OAKES, case.dispute.history[-1], form="monitoring-form")
    own_forms = {"gloucestershire/monitoring-form": own()[:400]}
    there = Case(case.dispute, case.partnership, AT)
    (sent,) = form_enclosed(notice, there, own_forms)
    assert sent.name == "GL-26-0012-monitoring-form.docx"
    assert sent.content == word_form(case.sheet)
    (theirs,) = form_enclosed(notice, there, {"gloucestershire/monitoring-form": own()})
    assert "Our own monitoring form" in Document(io.BytesIO(theirs.content)).paragraphs[0].text
