"""The ladder of reminders, rung by rung: one a working morning, from the person who is asked to those above, and then
an end; and again from the first, once something was put back."""

from datetime import datetime
from zoneinfo import ZoneInfo

from mailbot.core.clocks.silence import MORNING_CHASE, next_rung
from mailbot.core.procedure.closed_lists import AtLimit, Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from tests.people import ADDRESS, CSC, DIRECTORY, SCHOOL
from tests.sites import partnership_for

LONDON = ZoneInfo("Europe/London")


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 9, day, hour, tzinfo=LONDON)


HERE = partnership_for("north-somerset", at(9, 9).date())
HEAD = DIRECTORY.person(ADDRESS["oakes"])
FRIDAY = at(11, 17)
ASKED = e.LimitPassed(at=FRIDAY, key="1:s3:0", clock="s3", stage="3", limit=FRIDAY, then=AtLimit.ASK)


def silent(*more: e.Event) -> Dispute:
    opened = e.DisputeOpened(
        at=at(7, 10), reference="NS-26-0001", partnership=HERE.id, protocol=HERE.protocol.id,
        version=HERE.protocol.version, raised=at(7, 10), raiser=DIRECTORY.person(ADDRESS["hartwell"]),
        raising=SCHOOL, receiving=CSC, child="K.W.",
    )  # fmt: skip
    return fold([opened, e.StageEntered(at=at(9, 10), stage="3", how="asked"), *more])


def reminded(whom: str, when: datetime) -> e.Reminded:
    return e.Reminded(at=when, key=f"{when}", clock=f"{MORNING_CHASE}: {whom}", stage="3", limit=FRIDAY)


def rung(*more: e.Event) -> tuple[str, datetime] | None:
    return next_rung(silent(*more), HERE.protocol, HERE.calendar)


def test_nobody_is_reminded_before_a_limit_has_asked_somebody() -> None:
    assert rung() is None


def test_one_rung_each_working_morning_and_then_an_end() -> None:
    climbed: list[e.Event] = [ASKED]
    for whom, day in (("whoever is asked", 14), ("both sides", 15), ("their managers", 16)):
        assert rung(*climbed) == (whom, at(day, 9))
        climbed.append(reminded(whom, at(day, 9)))
    assert rung(*climbed) is None


def test_what_is_put_back_begins_the_ladder_anew() -> None:
    climbed = (ASKED, reminded("whoever is asked", at(14, 9)), reminded("both sides", at(15, 9)))
    back = e.ResolutionObjected(at=at(15, 11), side=Side.RAISING, by=HEAD, words="Not as written.", understood=False)
    assert rung(*climbed, back) == ("whoever is asked", at(16, 9))
