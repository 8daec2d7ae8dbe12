"""The office's lines: what is read, what is said back, and what is none of them."""

import re

import pytest

from mailbot.core.decisions.office_acts import OfficeAct, OfficeLine
from mailbot.mail.understanding.office_lines import SAY_WHY, office_lines
from mailbot.shell.config.template_files import shipped_letters

NS = ("NS",)
CONDITION = "it has a condition or a question in it"
MORE = "something else follows that was not understood"
A, B = "NS-26-0012", "NS-26-0015"

# What is typed; the act; number, references and words, as far as the line has them.
READ = (
    ("2 -> NS-26-0012", OfficeAct.FILE, 2, A, ""),
    ("2->NS-26-12", OfficeAct.FILE, 2, A, ""),
    ("2 → NS-26-0012", OfficeAct.FILE, 2, A, ""),
    ("2 => ns-26-0012", OfficeAct.FILE, 2, A, ""),
    ("2 --> NS-26-0012", OfficeAct.FILE, 2, A, ""),
    ("2 – > NS-26-0012", OfficeAct.FILE, 2, A, ""),
    ("2 à NS-26-0012", OfficeAct.FILE, 2, A, ""),  # Word's arrow, as plain text has it
    ("2 to NS-26-0012", OfficeAct.FILE, 2, A, ""),
    ("2 TO ns 26 12", OfficeAct.FILE, 2, A, ""),
    ("• 2 -> NS–26–0012", OfficeAct.FILE, 2, A, ""),
    ("- 2 -> [NS-26-0012]", OfficeAct.FILE, 2, A, ""),
    ("1. 2 -> NS-26-0012", OfficeAct.FILE, 2, A, ""),
    ("Message 2 goes to NS-26-0012, please", OfficeAct.FILE, 2, A, ""),
    ("file #2 into NS-26-0012.", OfficeAct.FILE, 2, A, ""),
    ("2 -> NS-26-0012 because it is the same visit", OfficeAct.FILE, 2, A, "it is the same visit"),
    ("RELEASE 3", OfficeAct.RELEASE, 3, "", ""),
    ("please release message 3, thank you", OfficeAct.RELEASE, 3, "", ""),
    ("*Release 3*", OfficeAct.RELEASE, 3, "", ""),
    ("Release: 3", OfficeAct.RELEASE, 3, "", ""),
    ("DISMISS 3 because it was sent twice", OfficeAct.DISMISS, 3, "", "it was sent twice"),
    ("dismiss 3 - sent twice", OfficeAct.DISMISS, 3, "", "sent twice"),
    ("Dismiss no. 3: spam", OfficeAct.DISMISS, 3, "", "spam"),
    ("dismiss 3 (spam)", OfficeAct.DISMISS, 3, "", "spam"),
    ("REOPEN NS-26-0012 because nobody visited", OfficeAct.REOPEN, 0, A, "nobody visited"),
    ("re-open ns-26-12 as nobody visited", OfficeAct.REOPEN, 0, A, "nobody visited"),
    ("CLOSE NS-26-0012 because the partners ended it", OfficeAct.CLOSE, 0, A, "the partners ended it"),
    ("Withdraw NS-26-0012: raised in error", OfficeAct.CLOSE, 0, A, "raised in error"),
    ("HOLD NS-26-0012 because Mr. Oakes is away; back Monday", OfficeAct.HOLD, 0, A, "Mr. Oakes is away; back Monday"),
    ("hold NS-26-0012 since the head is away", OfficeAct.HOLD, 0, A, "the head is away"),
    ("GO ON NS-26-0012", OfficeAct.GO_ON, 0, A, ""),
    ("go on with NS-26-0012 please", OfficeAct.GO_ON, 0, A, ""),
    ("REDACT NS-26-0012 Thornbury", OfficeAct.REDACT, 0, A, "Thornbury"),
    ("redact NS-26-0012: “Jamie Thornbury”", OfficeAct.REDACT, 0, A, "Jamie Thornbury"),
    (
        "ADD NS-26-0012 Vera Vane, v.vane@a.example, supporter",
        OfficeAct.ADD,
        0,
        A,
        "Vera Vane, v.vane@a.example, supporter",
    ),
    ("add to NS-26-0012: v.vane@a.example", OfficeAct.ADD, 0, A, "v.vane@a.example"),
    ("REMOVE NS-26-0012 v.vane@a.example", OfficeAct.REMOVE, 0, A, "v.vane@a.example"),
    ("STATUS NS-26-0012", OfficeAct.STATUS, 0, A, ""),
    ("Status of NS-26-0012?", OfficeAct.STATUS, 0, A, ""),
    ("HELP", OfficeAct.HELP, 0, "", ""),
    ("UNDO", OfficeAct.UNDO, 0, "", ""),
)


@pytest.mark.parametrize(("typed", "act", "number", "reference", "words"), READ, ids=[row[0] for row in READ])
def test_a_line_is_read_however_it_is_typed(
    typed: str, act: OfficeAct, number: int, reference: str, words: str
) -> None:
    (line,) = office_lines(typed, NS)
    assert (line.act, line.number, line.reference, line.words, line.fault) == (act, number, reference, words, "")
    assert line.typed == typed


@pytest.mark.parametrize(
    ("typed", "act"),
    [
        ("LINK NS-26-0012 NS-26-0015", OfficeAct.LINK),
        ("link NS-26-0012 and ns-26-15", OfficeAct.LINK),
        ("Link NS-26-0012 with NS-26-0015.", OfficeAct.LINK),
        ("LINK NS-26-0012 -> NS-26-0015", OfficeAct.LINK),
        ("KEEP APART NS-26-0012 NS-26-0015", OfficeAct.KEEP_APART),
        ("keep apart NS-26-0012 from NS-26-0015", OfficeAct.KEEP_APART),
    ],
)
def test_two_disputes_on_one_line(typed: str, act: OfficeAct) -> None:
    (line,) = office_lines(typed, NS)
    assert (line.act, line.reference, line.other, line.fault) == (act, A, B, "")


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [("UNDO 2", (2,)), ("undo line 2", (2,)), ("Undo lines 2 and 4", (2, 4)), ("UNDO 2, 3", (2, 3))],
)
def test_an_undo_may_name_its_lines(typed: str, numbers: tuple[int, ...]) -> None:
    assert [line.numbers for line in office_lines(typed, NS)] == [numbers]


FAULTY = (
    ("DISMISS 3", SAY_WHY),
    ("DISMISS 3 because …", SAY_WHY),
    ("CLOSE NS-26-0012", SAY_WHY),
    ("CLOSE NS-26-0012 because", SAY_WHY),
    ("HOLD NS-26-0012.", SAY_WHY),
    ("REOPEN NS-26-0012 please", SAY_WHY),
    ("CLOSE NS-26-0012 if they agree", CONDITION),
    ("CLOSE NS-26-0012 because if they agree it is over", CONDITION),
    ("RELEASE 3?", CONDITION),
    ("2 -> NS-26-0012?", CONDITION),
    ("HOLD NS-26-0012 until Monday", CONDITION),
    ("RELEASE 3 and 4", MORE),
    ("2 -> NS-26-0012 or NS-26-0015", MORE),
    ("GO ON NS-26-0012 tomorrow", MORE),
    ("DISMISS 3 spam", MORE),
    ("LINK NS-26-0012 NS-26-0015 NS-26-0016", MORE),
    ("REDACT NS-26-0012 Al", "please give the name to be shown as initials, at least three letters of it"),
    ("ADD NS-26-0012 Vera Vane", "please give the person's email address"),
)


@pytest.mark.parametrize(("typed", "fault"), FAULTY, ids=[row[0] for row in FAULTY])
def test_what_is_not_whole_is_said_back_and_not_guessed(typed: str, fault: str) -> None:
    (line,) = office_lines(typed, NS)
    assert line.fault == fault


@pytest.mark.parametrize(
    "typed",
    [
        "Don't release 3",
        "hold on, I'll ring",
        "Hold NS",
        "Release three",
        "2 - NS-26-0012",
        "2 -> XX-26-0012",
        "2 -> NS-26",
        "Close it because it is over",
        "We should CLOSE NS-26-0012 because it is over",
        "> RELEASE 3",
        "link to the policy",
        "add to this that nobody came",
        "status update please",
        "undo that please would you",
        "RELEASE 3 NS-26",
        "Thanks",
        "",
    ],
)
def test_prose_is_no_line(typed: str) -> None:
    lines = office_lines(typed, NS)
    assert lines == () or lines[0].fault != ""


def test_greeting_thanks_and_farewell_are_passed_over_and_the_rest_is_said_back() -> None:
    own = "Hello,\n\nRELEASE 3\n\ncould somebody ring me\nthanks\nKind regards\nVera\nRELEASE 4"
    assert office_lines(own, NS) == (
        OfficeLine("RELEASE 3", OfficeAct.RELEASE, 3),
        OfficeLine("could somebody ring me", OfficeAct.UNKNOWN),
    )


def test_an_email_that_begins_with_something_else_is_none() -> None:
    assert office_lines("Please see to this:\nRELEASE 3", NS) == ()
    assert office_lines("Do not do this:\nCLOSE NS-26-0001 because the family agrees", NS) == ()


def test_an_order_below_other_words_is_not_done() -> None:
    lines = office_lines("RELEASE 3\nDad wrote this to me today:\nRELEASE 4", NS)
    assert [(line.number, bool(line.fault)) for line in lines if line.number] == [(3, False), (4, True)]


def test_a_reason_that_the_mail_program_wrapped_is_one_reason() -> None:
    own = "DISMISS 3 because it was sent to the wrong mailbox by somebody\nwho has been told"
    assert [line.words for line in office_lines(own, NS)] == [
        "it was sent to the wrong mailbox by somebody who has been told"
    ]


def test_twenty_lines_are_read_and_no_more() -> None:
    lines = office_lines("\n".join(f"RELEASE {n}" for n in range(1, 30)), NS)
    assert [line.number for line in lines] == [*range(1, 21), 0]
    assert lines[-1].fault == "only the first 20 lines are read; please send the rest in another email"


def test_a_long_line_is_quoted_short_and_read_in_no_time() -> None:
    (line,) = office_lines("UNDO " + "1 " * 60_000, NS) or (OfficeLine("", OfficeAct.UNKNOWN),)
    assert len(line.typed) <= 120


def test_every_line_that_the_digest_prints_is_understood() -> None:
    """The digest says at the foot of "Needs you" what may be answered: with a number and a reference in its places."""
    printed = re.findall(r'\("([^"]+)", "', (shipped_letters() / "_office_replies.txt").read_text(encoding="utf-8"))
    assert len(printed) == 9
    places = (
        ("N ->", "2 ->"),
        ("RELEASE N", "RELEASE 2"),
        ("DISMISS N", "DISMISS 2"),
        ("...", "so it was"),
    )
    for line in printed:
        typed = re.sub(r"\bREF\b", A, line)
        for place, value in places:
            typed = typed.replace(place, value)
        (read,) = office_lines(typed, NS)
        assert (read.typed, read.fault) == (typed, "")


@pytest.mark.parametrize(
    "line",
    [
        "CLOSE NS-26-001 because both sides have agreed",
        "CLOSE NS-26-0012 because agreed. Desmond to confirm first.",
        "CLOSE NS-26-0012 because agreed, effective 30 September",
        "CLOSE NS-26-0012 because agreed (not)",
        "CLOSE NS-26-0012 because nobody agreed",
        "CLOSE NS-26-0012 because I was asked to test this",
    ],
)
def test_what_is_cut_short_denied_or_still_to_come_closes_nothing(line: str) -> None:
    assert all(one.fault for one in office_lines(line, ("NS",)))
