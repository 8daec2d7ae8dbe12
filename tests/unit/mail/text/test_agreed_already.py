"""What an opening says was agreed already, what it only asks for, and what its writer is asked about."""

import pytest

from mailbot.mail.text.agreed_actions import AgreedAlready, agreed_already
from mailbot.mail.text.labelled_lines import read_labels


def read(text: str) -> AgreedAlready:
    return agreed_already(text, read_labels(text))


@pytest.mark.parametrize(
    "line",
    [
        "Resolution: I would like a strategy meeting by Friday 18 September 2026.",
        "Resolution: to be discussed with the social worker's manager.",
        "Resolution: I am asking that the case stays open.",
        "Resolution: CSC should keep the case open until half-term.",
        "Resolution: can the case be reopened?",
        "Resolution: joint visit requested",
        "Resolution: we feel the plan needs another conference.",
        "Resolved: awaiting a call from the duty team, hoping for Monday",
        "Actions: please convene the core group.",
        "Next steps: our request is for a home visit",
    ],
)
def test_a_line_of_what_is_wanted_is_what_its_writer_asks(line: str) -> None:
    found = read(line)
    assert (found.text if not found.doubtful else "") == ""
    assert found.wished


@pytest.mark.parametrize(
    "line",
    [
        "Resolution: Tobias visits K by 11 September 2026.",
        "Resolution: the case stays open until 18 September 2026.",
        "RESOLVED: a visit by 11 September 2026, no further action",
        "Outcome agreed: home visit on 11 September 2026",
        "Resolution: Health accepted that the plan was wrong and will hold a new one on 14 September.",
    ],
)
def test_a_line_of_what_was_agreed_is_put_to_the_other_side(line: str) -> None:
    assert read(line) == AgreedAlready(line.partition(": ")[2])


@pytest.mark.parametrize(
    "line",
    [
        "Resolution: a strategy meeting to be held by 18 September 2026",
        "Resolution: joint visit",
        "Resolution: we agreed a visit, and I would like it before Friday.",
        "Outcome agreed: we would like the conference moved",
    ],
)
def test_a_line_that_may_be_either_is_asked_about(line: str) -> None:
    found = read(line)
    assert (found.doubtful, found.text) == (True, line.partition(": ")[2])


@pytest.mark.parametrize(
    ("told", "quoted"),
    [
        (
            "Impact on child: K was hungry, but we have since agreed that he is seen daily.",
            "K was hungry, but we have since agreed that he is seen daily.",
        ),
        ("The nurse has now accepted this and sees B daily.", "The nurse has now accepted this and sees B daily."),
        ("This has now been sorted out between us.", "This has now been sorted out between us."),
        (
            "After the call we are both happy with a visit a week.",
            "After the call we are both happy with a visit a week.",
        ),
        ("We came to an agreement at the gate.", "We came to an agreement at the gate."),
    ],
)
def test_a_settlement_in_ordinary_words_is_quoted_to_its_writer(told: str, quoted: str) -> None:
    found = read(f"Child: K.W.\nIssue: The case was closed.\n\n{told}")
    assert (found.doubtful, found.text) in ((True, quoted), (True, quoted.rstrip(".")))


def test_who_is_to_do_what_was_agreed_stays_in_it() -> None:
    told = "The nurse rang and has now agreed to see B on Monday."
    assert read(f"Child: B.T.\nIssue: The case was closed.\n\n{told}") == AgreedAlready(told)


@pytest.mark.parametrize(
    "told",
    [
        "I hope we can settle this between us.",
        "We have not agreed anything.",
        "He has agreed to nothing yet, and this is not resolved.",
        "We agreed on 3 September that she would visit. She has not.",
        "It was agreed that the case would close but I do not agree.",
        "Until it is settled, K goes home alone.",
        "Is this resolved?",
    ],
)
def test_what_was_not_kept_or_is_only_hoped_for_is_no_settlement(told: str) -> None:
    assert read(f"Child: K.W.\nIssue: The case was closed.\n\n{told}") == AgreedAlready()
