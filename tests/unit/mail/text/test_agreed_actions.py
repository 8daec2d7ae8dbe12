from datetime import date

from mailbot.core.record.intents import Action
from mailbot.mail.text.agreed_actions import read_agreed

WEDNESDAY = date(2026, 9, 9)


def test_who_does_what_by_when_is_taken_apart() -> None:
    agreed = read_agreed(
        "the case stays open, Tobias sees R at home on the 11th and we meet here on Thurs 17th at 2", WEDNESDAY
    )
    assert agreed.actions == (
        Action("sees R at home", "Tobias", date(2026, 9, 11)),
        Action("we meet here at 2", "", date(2026, 9, 17)),
    )


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
