"""Man or machine, and what the machine says."""

import logging
from datetime import date
from pathlib import Path

import pytest

from mailbot.mail.incoming.automatic_mail import Grade, Kind, absence_in, kind_of_mail
from mailbot.mail.incoming.bounces import Bounce
from mailbot.mail.incoming.message import Message, parse

LETTERS = Path(__file__).parents[3] / "corpus" / "letters" / "inbound"


def kind(name: str) -> Kind:
    message = parse((LETTERS / f"{name}.eml").read_bytes())
    assert isinstance(message, Message)
    return kind_of_mail(message)


def kind_of_head(*lines: str) -> str:
    head = "\n".join(("From: Rosalind Pike <rosalind.pike@calder-council.example>", *lines))
    message = parse(f"{head}\n\nHello.\n".encode())
    assert isinstance(message, Message)
    return kind_of_mail(message).name


@pytest.mark.parametrize(
    ("name", "grade"),
    [
        ("absence-exchange", Grade.CERTAIN),
        ("absence-message-class", Grade.PROBABLE),
        ("absence-without-any-header", Grade.PROBABLE),
        ("absence-lotus", Grade.PROBABLE),
    ],
)
def test_an_out_of_office_is_an_automatic_reply(name: str, grade: Grade) -> None:
    found = kind(name)
    assert (found.name, found.grade) == ("auto_reply", grade)
    assert found.absence is not None


def test_an_absence_says_until_when_and_who_covers() -> None:
    absence = kind("absence-exchange").absence
    assert absence is not None
    assert absence.until == date(2026, 9, 20)
    assert (absence.cover_name, absence.cover_address) == ("Barnaby Quill", "barnaby.quill@calder-council.example")
    assert absence.left is False


def test_a_day_without_a_year_is_placed_by_the_day_it_was_sent() -> None:
    absence = kind("absence-without-any-header").absence
    assert absence is not None
    assert absence.until == date(2026, 8, 12)


def test_somebody_who_has_left_is_not_merely_away() -> None:
    absence = kind("absence-message-class").absence
    assert absence is not None
    assert absence.left is True
    assert absence.cover_address == "front.door@calder-council.example"


@pytest.mark.parametrize(
    ("text", "sent", "until"),
    [
        ("I am back on Thursday 3rd September.", date(2026, 8, 20), date(2026, 9, 2)),
        ("On leave until 2 January", date(2026, 12, 20), date(2027, 1, 2)),
        ("I return to work on 04/01/2027.", date(2026, 12, 20), date(2027, 1, 3)),
        ("Away from 1 September to 10 September.", date(2026, 9, 1), date(2026, 9, 10)),
        ("Returning January 3rd, 2027", None, date(2027, 1, 2)),
        ("I am away until 31 September", date(2026, 9, 1), None),
        ("Back on the 3rd", date(2026, 9, 1), None),
        ("Back on 3 January", None, None),
        ("I am away.", date(2026, 9, 1), None),
    ],
)
def test_the_last_day_away_is_read_or_left_open(text: str, sent: date | None, until: date | None) -> None:
    assert absence_in(text, sent, "").until == until


@pytest.mark.parametrize(
    "name",
    [
        "person-writes-about-being-away",
        "person-says-not-automatic",
        "person-forwards-a-bounce",
        "person-at-postmaster",
        "outlook-desktop",
        "secure-portal",
    ],
)
def test_a_person_stays_a_person(name: str) -> None:
    assert kind(name) == Kind("human", None, "nothing says a machine wrote it")


def test_a_standard_report_names_whom_it_missed_and_which_letter() -> None:
    found = kind("bounce-standard")
    assert (found.name, found.grade) == ("bounce", Grade.CERTAIN)
    assert found.bounce == Bounce(
        True, ("octavia.samplewood@wold-nhs.example",), "<bot.ns-26-0012.6@fenland-scp.example>", "5.1.1"
    )


def test_a_delay_is_not_for_good() -> None:
    bounce = kind("bounce-delayed").bounce
    assert bounce is not None
    assert (bounce.permanent, bounce.status) == (False, "4.4.7")


def test_a_report_in_prose_is_read_as_well() -> None:
    assert kind("bounce-plain-exim").bounce == Bounce(
        True, ("octavia.samplewood@wold-nhs.example",), "<bot.ns-26-0012.6@fenland-scp.example>", "5.1.1"
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [("read-receipt", "mdn"), ("calendar-answer", "calendar"), ("newsletter-list", "list")],
)
def test_receipts_invitations_and_lists_are_told_apart(name: str, expected: str) -> None:
    assert kind(name).name == expected


def test_a_recall_is_marked_because_it_may_be_a_privacy_incident() -> None:
    assert kind("outlook-recall").recall is True


def test_our_own_letter_come_back_is_known_before_anything_else() -> None:
    message = parse(b"From: a@b.example\nMessage-ID: <bot.1@fenland-scp.example>\nAuto-Submitted: auto-replied\n\nx")
    assert isinstance(message, Message)
    found = kind_of_mail(message, lambda one: one == "<bot.1@fenland-scp.example>")
    assert (found.name, found.why) == ("spam_or_other", "it is one of our own letters come back")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("Subject: Automatic reply: Stage 2",), "auto_reply"),
        (("Subject: AUTO: Rosalind Pike is out of the office (returning 05/01/2027)",), "auto_reply"),
        (("Subject: x", "Precedence: auto_reply"), "auto_reply"),
        (("Subject: x", "X-Autoreply: yes"), "auto_reply"),
        (("Subject: x", "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent"), "auto_reply"),
        (("Subject: Ateb awtomatig: Stage 2",), "auto_reply"),
        (("Subject: Re: Automatic reply: Stage 2",), "human"),
        (("Subject: I will be out of office until Monday",), "human"),
        (("Subject: x", "X-Auto-Response-Suppress: All"), "human"),
        (("Subject: x", "Auto-Submitted: no"), "human"),
        (("Subject: x", "Auto-Submitted: auto-generated"), "spam_or_other"),
        (("Subject: x", "Precedence: bulk"), "spam_or_other"),
        (("Subject: x", "X-Spam-Flag: YES"), "spam_or_other"),
        (("Subject: x", "X-Spam-Flag: NO"), "human"),
        (("Subject: Undeliverable letters to the family",), "human"),
    ],
)
def test_headers_and_subjects_are_weighed(lines: tuple[str, ...], expected: str) -> None:
    assert kind_of_head(*lines) == expected


def test_an_answer_to_our_letter_through_a_distribution_list_is_a_persons() -> None:
    head = b"From: a@b.example\nIn-Reply-To: <bot.1@fenland-scp.example>\nList-Id: <all.b.example>\nPrecedence: list\n"
    message = parse(head + b"Subject: Re: Stage 2\n\nWe agree.\n")
    assert isinstance(message, Message)
    assert kind_of_mail(message).name == "list"
    assert kind_of_mail(message, lambda one: one == "<bot.1@fenland-scp.example>").name == "human"


@pytest.mark.parametrize("sender", [b"?]=)\xff(", b" -;(-;\xff", b"", b"q\x00-?@"])
def test_what_breaks_the_reader_of_reports_is_in_no_log(sender: bytes, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    head = b"Return-Path: <>\nFrom: " + sender + b"\nX-Failed-Recipients: a@b.example\nSubject: Hello\n"
    message = parse(head + b"Content-Type: text/plain\n\nHe has not been seen.\n")
    assert isinstance(message, Message)
    kind_of_mail(message)
    assert caplog.records == []
