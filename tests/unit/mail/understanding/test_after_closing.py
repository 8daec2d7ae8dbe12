"""What was put forward and what was answered, as everybody sees it who must decide later."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from mailbot.mail.letters.speaker import Speaker
from mailbot.mail.letters.what_happened import answers
from tests.people import CSC, SCHOOL
from tests.unit.mail.understanding.scenes import HARTWELL, OAKES, PEAKE, protocol

OPENED = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)


def _at(day: int, hour: int) -> datetime:
    return datetime(2026, 9, day, hour, 0, tzinfo=UTC)


def _history(*more: e.Event) -> Dispute:
    opened = e.DisputeOpened(
        at=OPENED,
        reference="NS-26-0012",
        partnership="north-somerset",
        protocol="north-somerset",
        version="1",
        raised=OPENED,
        raiser=HARTWELL,
        raising=SCHOOL,
        receiving=CSC,
        child="R.W.",
    )
    return fold([opened, e.StageEntered(at=OPENED, stage="2", how="opening"), *more])


PUT = e.ResolutionProposed(at=_at(8, 9), stage="2", side=Side.RECEIVING, by=PEAKE, agreed="Visits restart.")
REFUSED = e.ResolutionObjected(at=_at(8, 14), side=Side.RAISING, by=OAKES, words="Nobody has visited.")
UP = e.StageEntered(at=_at(9, 9), stage="3", how="asked")


def _rows(*more: e.Event) -> tuple[tuple[str, str, str], ...]:
    dispute = _history(*more)
    return answers(dispute, Speaker(dispute, protocol(), ZoneInfo("Europe/London")))


def test_a_proposal_put_back_is_shown_with_the_objection_to_it() -> None:
    rows = _rows(PUT, REFUSED, UP)
    assert [(label, words) for label, words, _ in rows] == [
        ("Reported as resolved", "Visits restart."),
        ("Not agreed to be resolved", "Nobody has visited."),
    ]
    assert [whose for _, _, whose in rows] == [
        f"Rosalind Peake, {CSC}, 10am on Tuesday 8 September 2026",
        f"Desmond Oakes, {SCHOOL}, 3pm on Tuesday 8 September 2026",
    ]


def test_a_proposal_that_nobody_answered_is_shown_once_it_has_moved_up() -> None:
    assert [words for _, words, _ in _rows(PUT, UP)] == ["Visits restart."]


def test_a_proposal_that_still_waits_is_left_to_the_letter_itself() -> None:
    assert _rows(PUT) == ()


def test_what_was_misread_and_undone_is_not_shown() -> None:
    undone = e.MisreadUndone(at=_at(8, 15), places=(2,), by=PEAKE)
    assert _rows(PUT, undone, UP) == ()
