"""The directory and an agency's own list of its people: who is found by a name or a post, and who may be gone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from mailbot.core.partnership.directory import Agency, Directory, Officer
from mailbot.core.partnership.roster import RosterChange, RosterKind, in_words, roster_fault, roster_signs
from mailbot.core.record.events import Event
from mailbot.core.record.events_of_mail import AbsenceNoticed, NoticeFailed
from mailbot.core.record.intents import Person
from tests.people import ADDRESS, CSC, DIRECTORY, SCHOOL

NINE = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
PEAKE = DIRECTORY.person(ADDRESS["peake"])
SOCIAL_CARE = next(agency for agency in DIRECTORY.agencies if agency.name == CSC)


def away(until: date | None = None, left: bool = False, at: datetime = NINE) -> AbsenceNoticed:
    return AbsenceNoticed(at=at, person=PEAKE, until=until, left=left)


@pytest.mark.parametrize(
    ("events", "sign"),
    [
        ((away(left=True),), "an automatic reply says that they have left"),
        ((away(date(2026, 11, 2)),), "an automatic reply says that they are away until 2 November 2026"),
        ((away(date(2026, 10, 5)),), ""),  # four weeks to the day
        ((away(),), ""),
        (
            (
                away(left=True, at=NINE + timedelta(days=2)),
                NoticeFailed(at=NINE, address=PEAKE.address, letter="opened", why="5.1.1"),
            ),
            "an automatic reply says that they have left",  # the newest, in whatever order they are told
        ),
    ],
)
def test_somebody_may_not_be_there_any_more(events: tuple[Event, ...], sign: str) -> None:
    found = roster_signs(events, DIRECTORY).get(PEAKE.address)
    assert (found.words if found else "") == sign


def test_a_title_alone_is_nobodys_name() -> None:
    assert DIRECTORY.find_named("Dr") == ()
    assert [one.name for one in DIRECTORY.find_named("Ms Rosalind Peake")] == ["Rosalind Peake"]


def test_a_post_whose_holder_has_left_without_a_deputy_is_held_by_nobody() -> None:
    gone = Officer(Person("a@x.example", "Ann Ash", "X"), ("head",), active=False)
    stands = Officer(Person("b@x.example", "Ben Bly", "X"), ("head",), deputy="c@x.example", active=False)
    deputy = Officer(Person("c@x.example", "Cal Coe", "X"))
    listed = Directory((Agency("X", ("x.example",)),), (gone, stands, deputy), frozenset({"x.example"}))
    assert [one.name for one in listed.holders("X", "head")] == ["Cal Coe"]
    without = replace(listed, officers=(gone, stands, replace(deputy, active=False)))
    assert without.holders("X", "head") == ()


def test_a_change_is_proposed_for_whoever_is_on_that_agencys_list() -> None:
    phone = RosterChange(RosterKind.SET, PEAKE.address, {"phone": "01632 960001"})
    assert roster_fault(phone, SOCIAL_CARE, DIRECTORY) == ""
    assert roster_fault(phone, replace(SOCIAL_CARE, name=SCHOOL), DIRECTORY).endswith(f"not on the list of {SCHOOL}")
    unknown = replace(phone, address="new@seamoor.example")
    assert in_words(unknown, DIRECTORY) == "new@seamoor.example: phone “01632 960001”, where there was none"
