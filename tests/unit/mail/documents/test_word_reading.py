"""Two hundred documents that nobody should open: none is opened beyond the limits, and none breaks anything.

One of each trick by default; a campaign (``make forms``) makes it seven: two hundred and ten in all.
"""

import random
import time
import tracemalloc

import pytest

from mailbot.core.clocks.case import Case
from mailbot.core.record.intents import Paper
from mailbot.mail.documents.recording_form import word_form
from mailbot.mail.documents.returned_form import FormsSent, papers_in
from mailbot.mail.documents.word_reading import LARGEST_PART, WORD
from mailbot.mail.incoming.message import ReceivedAttachment
from tests.thorough import many
from tests.unit.mail.documents.awkward import ARRIVES, made
from tests.unit.mail.documents.hostile import ODD_MARKS, REFUSED, SURVIVED, Trick, with_marks

EACH = many(1, 7)
CASE = made(0)
GOOD = word_form(CASE.sheet)


def read(name: str, content: bytes, content_type: str = WORD) -> tuple[Paper, ...]:
    return papers_in(
        FormsSent([ReceivedAttachment(name, content_type, len(content), content)]),
        Case(CASE.dispute, CASE.partnership, ARRIVES),
    )


@pytest.mark.parametrize("trick", [*REFUSED.values()], ids=[*REFUSED])
def test_it_is_refused_with_a_reason_and_nothing_of_it_is_read(trick: Trick) -> None:
    for seed in range(EACH):
        content = trick(GOOD, random.Random(seed))
        tracemalloc.start()
        began = time.perf_counter()
        (paper,) = read("NS-26-0012 recording-form.docx", content)
        took, (_, most) = time.perf_counter() - began, tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert paper.unread, f"seed {seed} was read"
        assert (paper.boxes, paper.reference, paper.asks) == ((), "", ())
        assert most < 8 * LARGEST_PART, "nothing is unpacked beyond its limit"
        assert took < 5


@pytest.mark.parametrize("trick", [*SURVIVED.values()], ids=[*SURVIVED])
def test_it_breaks_nothing(trick: Trick) -> None:
    for seed in range(EACH):
        (paper,) = read("NS-26-0012 recording-form.docx", trick(GOOD, random.Random(seed)))
        assert paper.unread or paper.reference in ("", "NS-26-0012")
        assert all(len(box.value) <= 20_000 for box in paper.boxes)


@pytest.mark.parametrize("said", ODD_MARKS, ids=range(len(ODD_MARKS)))
def test_marks_that_are_none_leave_the_record_to_compare_with(said: bytes) -> None:
    (paper,) = read("form.docx", with_marks(GOOD, said))
    assert (paper.unread, paper.reference, paper.kept) == ("", "NS-26-0012", ())
    assert all(box.key == "summary:2" for box in paper.boxes)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Recording Form.doc", "it is an older kind of Word file (.doc)"),
        ("NS-26-0012 recording-form.docm", "it is a Word file of the kind that holds macros (.docm)"),
        ("Appendix 1.dotm", "it is a Word file of the kind that holds macros (.dotm)"),
        ("recording form signed.pdf", "it is a PDF, and boxes cannot be read out of one for certain"),
        ("recording form.jpg", "it is a picture, and boxes cannot be read out of one"),
        ("NS-26-0012.zip", "it is an archive (.zip)"),
    ],
)
def test_what_is_meant_as_the_form_and_is_none_is_named_without_being_looked_into(name: str, why: str) -> None:
    (paper,) = read(name, GOOD, "application/octet-stream")
    assert (paper.name, paper.unread, paper.boxes) == (name, why, ())


@pytest.mark.parametrize("name", ["image001.png", "chronology.pdf", "minutes.doc", "holiday.jpg", ""])
def test_what_else_people_attach_is_left_in_peace(name: str) -> None:
    assert read(name, b"\x89PNG", "image/png") == ()
    assert read("chronology.docx", b"\x89PNG") == ()
