from datetime import date

import pytest

from mailbot.core.record.intents import Action
from mailbot.mail.text.agreed_actions import lasts_until, read_agreed

WEDNESDAY = date(2026, 9, 9)


def test_who_does_what_by_when_is_taken_apart() -> None:
    agreed = read_agreed(
        "the case stays open, Tobias sees R at home on the 11th and we meet here on Thurs 17th at 2", WEDNESDAY
    )
    assert agreed.actions == (
        Action("sees R at home", "Tobias", date(2026, 9, 11)),
        Action("we meet here at 2", "", date(2026, 9, 17)),
    )


def test_until_when_something_holds_is_part_of_it_and_no_deed_by_that_day() -> None:
    stays, visit = read_agreed("- The plan stays open until 18 September\n- Visit K by 18 September", WEDNESDAY).actions
    assert (stays.what, stays.by) == ("The plan stays open until 18 September", date(2026, 9, 18))
    assert (lasts_until(stays), lasts_until(visit)) == (True, False)


def test_asap_leaves_the_action_without_a_date_and_says_so() -> None:
    agreed = read_agreed("- Tobias to visit by 11/09\n- CSC to review ASAP\n- school to send chronology", WEDNESDAY)
    assert [(a.who, a.what, a.by) for a in agreed.actions] == [
        ("Tobias", "visit", date(2026, 9, 11)),
        ("CSC", "review", None),
        ("school", "send chronology", None),
    ]
    assert agreed.unclear == ("ASAP",)


def test_a_date_gone_by_is_shown_back() -> None:
    assert read_agreed("Tobias to visit on 4 Sept", WEDNESDAY).doubts == ("4 Sept: this date has passed",)


def test_an_outcome_without_dates_is_no_action() -> None:
    assert read_agreed("The plan stays open.", WEDNESDAY).actions == ()


def test_what_has_been_is_no_action_and_a_second_action_is_not_dropped() -> None:
    agreed = read_agreed(
        "We met (Independent Scrutineer in support) on 8 September. "
        "Tobias to visit on Friday and to ring mum on Monday.",
        date(2026, 9, 9),
    )
    assert [(one.what, one.who, one.by) for one in agreed.actions] == [
        ("visit", "Tobias", date(2026, 9, 11)),
        ("ring mum", "", date(2026, 9, 14)),
    ]


@pytest.mark.parametrize(
    "told",
    [
        "The partners and I met both agencies today.",
        "Both agencies met on 8 September.",
        "We held a professionals' meeting on 8 September.",
        "There was a resolution meeting yesterday.",
        "A strategy discussion took place on 8 September.",
        "Winifred Stroud and Beatrix Lyle spoke by telephone today.",
        "The panel convened on 8 September.",
    ],
)
def test_a_meeting_that_has_been_is_no_action(told: str) -> None:
    agreed = read_agreed(f"{told} Tobias visits K by 11 September.", WEDNESDAY)
    assert agreed.actions == (Action("visits K", "Tobias", date(2026, 9, 11)),)


@pytest.mark.parametrize(
    "told",
    [
        "We met on 8 September and agreed that Tobias visits K by 11 September.",
        "At our meeting on 8 September it was agreed that Tobias visits K by 11 September.",
        "The meeting of 8 September decided: Tobias visits K by 11 September.",
        "We spoke today and have agreed that Tobias visits K by 11 September.",
    ],
)
def test_what_was_agreed_at_a_meeting_has_its_own_date_and_not_the_meetings(told: str) -> None:
    assert read_agreed(told, WEDNESDAY).actions == (Action("visits K", "Tobias", date(2026, 9, 11)),)


def test_when_it_is_met_again_is_the_date_of_the_action() -> None:
    (again,) = read_agreed("We met today and meet again on 18 September.", WEDNESDAY).actions
    assert again.by == date(2026, 9, 18)


@pytest.mark.parametrize("told", ["We meet today at 4.", "Tobias meets K today.", "We are meeting today."])
def test_a_meeting_that_is_still_to_be_is_an_action(told: str) -> None:
    assert [action.by for action in read_agreed(told, WEDNESDAY).actions] == [WEDNESDAY]


def test_a_kind_of_meeting_is_no_owner() -> None:
    agreed = read_agreed("Legal planning meeting on 16 September. Visits weekly from the 14th.", date(2026, 9, 9))
    assert [(one.what, one.who) for one in agreed.actions] == [("Legal planning meeting", ""), ("Visits weekly", "")]
