"""Machines that carry no mark of one: notes of leave, receipts in words, challenges, journals, wrapped invitations."""

from datetime import date

import pytest

from mailbot.mail.incoming.automatic_mail import Kind, kind_of_mail
from mailbot.mail.incoming.bounces import Bounce
from mailbot.mail.incoming.invitations import words_of_entries
from mailbot.mail.incoming.message import Message, parse

HEAD = (
    "From: Rosalind Pike <rosalind.pike@calder-council.example>\nTo: escalation@fenland-scp.example\n"
    "Date: Wed, 09 Sep 2026 11:00:00 +0100\n"
)


def read(head: str, body: str = "Hello.") -> Message:
    found = parse(f"{HEAD}{head}\n\n{body}\n".encode())
    assert isinstance(found, Message)
    return found


def kind(head: str, body: str = "Hello.") -> Kind:
    return kind_of_mail(read(head, body))


@pytest.mark.parametrize(
    "subject",
    [
        "OOO: Re: Stage 2",
        "[External] Automatic reply: Stage 2",
        "[EXT] [Suspected] Automatic reply: x",
        "*** EXTERNAL *** Out of Office: x",
        "EXTERNAL: Automatic reply: x",
        "(External) OOO",
        "Respuesta automática: x",
        "Fuera de la oficina: x",
        "Ymateb awtomatig: x",
        "Neges awtomatig: x",
        "Allan o'r swyddfa: x",
        "Annual leave: back 14 Sept",
        "Absence notification",
    ],
)
def test_a_subject_that_only_machines_write_is_known_below_any_tags(subject: str) -> None:
    assert kind(f"Subject: {subject}").name == "auto_reply"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("X-Auto-Reply: yes", "auto_reply"),
        ("X-MS-Exchange-Organization-AutoReply: true", "auto_reply"),
        ("X-Vacation: 1", "auto_reply"),
        ("X-Foo-Autoresponder: on", "auto_reply"),
        ("X-MessageClass: IPM.Note.Rules.OofTemplate.Microsoft", "auto_reply"),
        ("X-Mailer: GNU vacation 3.0", "auto_reply"),
        ("X-Auto-Reply: false", "human"),
        ("X-Auto-Response-Suppress: All", "human"),
        ("X-MS-Exchange-AutoReply-Suppress: 1", "human"),
    ],
)
def test_any_products_header_tells_by_its_name_and_not_by_its_maker(header: str, name: str) -> None:
    assert kind(f"Subject: Re: x\n{header}").name == name


@pytest.mark.parametrize(
    "note",
    [
        "I'm now on maternity leave and will return in June 2027. Your email has not been forwarded. Please contact "
        "Octavia Samplewood.",
        "Thank you for your email. I am on annual leave until Monday 14 September and will have no access to email. "
        "For urgent matters please contact octavia@calder-council.example.\n\nKind regards\nRosalind",
        "Hello,\n\nI am currently out of the office, returning on 21 September. If your enquiry is urgent please ring "
        "the duty team on 01632 960111.\n\nRosalind Pike\nTeam Manager",
        "I no longer work for the council. This mailbox is not monitored. Please contact duty@calder-council.example",
        "Rwyf ar wyliau tan 14 Medi. Diolch am eich neges. Cysylltwch â Octavia os yw'n frys.",
        "Estoy fuera de la oficina hasta el 14 de septiembre. Gracias por su mensaje. Contacte con Octavia.",
    ],
)
def test_a_leave_note_without_marks_is_an_absence(note: str) -> None:
    found = kind("Subject: Re: [NS-26-0012] Stage 2", note)
    assert found.name == "auto_reply"
    assert found.absence is not None


def test_the_last_day_of_an_unmarked_note_is_read() -> None:
    note = "I am on annual leave until Monday 14 September 2026. Your email is not read. Please ring the duty team."
    absence = kind("Subject: Re: x", note).absence
    assert absence is not None
    assert absence.until == date(2026, 9, 14)


@pytest.mark.parametrize(
    "words",
    [
        "I am on leave until 20 September. Octavia Samplewood is covering for me.",
        "I'm on leave next week, so I would like this resolved by Friday. Please contact me before then.",
        "I am out of the office today but the visit is still refused and K is not safe at home.",
        "HANDOVER TO Octavia Samplewood. I am on leave until 20 September, please contact her.",
        "I am away until Monday. Can we meet on Tuesday to talk about the visit and what the school wants?",
        "Mum is on holiday until 14 September. Please contact her sister if your visit is urgent, she has K.",
        "Sorry I was off sick yesterday, thanks for your email, back today. I think the plan is fine and we should go "
        "ahead with it.",
    ],
)
def test_a_person_who_writes_of_leave_is_a_person(words: str) -> None:
    assert kind("Subject: Re: [NS-26-0012] Stage 2", words).name == "human"


RECEIPT = (
    "Your message\n\n   To: Pike, Rosalind\n   Subject: [NS-26-0012] Stage 2\n   Sent: 08 September 2026 17:01\n\n"
    "was {} on 09 September 2026 09:10."
)


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Read: [NS-26-0012] Stage 2", RECEIPT.format("read")),
        ("Not read: [NS-26-0012] Stage 2", RECEIPT.format("deleted without being read")),
        ("[External] Read: Stage 2", RECEIPT.format("read")),
        ("RE: Stage 2", RECEIPT.format("read")),
        ("Read receipt: Stage 2", "This is a Return Receipt for the mail that you sent to rosalind.pike."),
    ],
)
def test_a_receipt_in_plain_words_is_a_receipt(subject: str, body: str) -> None:
    assert kind(f"Subject: {subject}", body).name == "mdn"


@pytest.mark.parametrize(
    "body",
    ["Your message was read on Monday in the meeting and we disagree with it.", "I have read it. Not agreed."],
)
def test_a_person_who_has_read_something_is_no_receipt(body: str) -> None:
    assert kind("Subject: Re: Stage 2", body).name == "human"


@pytest.mark.parametrize(
    "body",
    [
        "Your message to rosalind has been held because you are not on her list. Click https://x.example/v to prove "
        "you are human and it will be delivered.",
        "To release your email please confirm you are a real person by replying to this message. This inbox is "
        "protected by a guard. https://x.example",
    ],
)
def test_a_challenge_is_a_machines(body: str) -> None:
    assert kind("Subject: Please confirm your message", body).name == "auto_reply"


JOURNAL = (
    "--a\nContent-Type: text/plain\n\nSender: head@larkfield.sch.example\nSubject: RE: y\nMessage-Id: <x1@y.example>\n"
    "To: escalation@fenland-scp.example\n\n--a\nContent-Type: message/rfc822\n\nFrom: head@larkfield.sch.example\n\n"
    "ESCALATE\n--a--"
)


@pytest.mark.parametrize("header", ["X-MS-Journal-Report: ", "X-Archive-Journal: 1"])
def test_an_archives_copy_is_no_failed_delivery(header: str) -> None:
    found = kind(f"Subject: J\n{header}\nContent-Type: multipart/mixed; boundary=a", JOURNAL)
    assert (found.name, found.bounce) == ("spam_or_other", None)


ENTRY = (
    "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:Strategy call\nDESCRIPTION:He is hit\\, at h\n ome\n"
    "END:VEVENT\nEND:VCALENDAR"
)
NESTED = (
    "--a\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n"
    f"Content-Type: text/plain\n\nhi\n--c\nContent-Type: text/calendar; method=REQUEST\n\n{ENTRY}\n--c--\n--b--\n--a--"
)
NAMED = (
    '--a\nContent-Type: text/plain\n\nhi\n--a\nContent-Type: application/octet-stream; name="invite.ics"\n'
    f'Content-Disposition: attachment; filename="invite.ics"\n\n{ENTRY}\n--a--'
)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("Content-Type: multipart/mixed; boundary=a", NESTED),
        ("Content-Type: multipart/mixed; boundary=a", NAMED),
        ("Content-Type: application/ics; name=invite.ics", ENTRY),
        ("Content-class: urn:content-classes:calendarmessage\nContent-Type: text/plain", "hi"),
    ],
)
def test_a_request_is_found_however_it_is_wrapped(head: str, body: str) -> None:
    assert kind(f"Subject: Meeting\n{head}", body).name == "calendar"


def test_what_somebody_wrote_into_an_entry_can_be_read() -> None:
    found = read("Subject: Meeting\nContent-Type: multipart/mixed; boundary=a", NESTED)
    assert words_of_entries(found) == "Strategy call\nHe is hit, at home"


REPORT = (
    "--a\nContent-Type: text/plain\n\nYour message was {0}.\n--a\nContent-Type: message/delivery-status\n\n"
    "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; p@wold-nhs.example\nAction: {0}\nStatus: {1}\n\n--a--"
)


@pytest.mark.parametrize(
    ("action", "status", "name"),
    [
        ("delivered", "2.0.0", "mdn"),
        ("relayed", "2.0.0", "mdn"),
        ("expanded", "2.0.0", "mdn"),
        ("failed", "5.1.1", "bounce"),
        ("delayed", "4.4.7", "bounce"),
    ],
)
def test_a_delivery_report_is_what_it_reports(action: str, status: str, name: str) -> None:
    head = "Subject: Report\nReturn-Path: <>\nContent-Type: multipart/report; report-type=delivery-status; boundary=a"
    found = kind(head, REPORT.format(action, status))
    assert found.name == name
    assert (found.bounce is not None and found.bounce.permanent) is (action == "failed")


def test_a_report_in_words_names_whom_it_missed() -> None:
    words = (
        "Could not deliver message to the following recipient(s):\n\nFailed Recipient: octavia@wold-nhs.example\n"
        "Reason: 550 5.1.1 The email account does not exist.\n\n   -- The header of the message follows --\n\nFrom: "
        "escalation@fenland-scp.example\nTo: octavia@wold-nhs.example"
    )
    message = parse(f"From: postmaster@wold-nhs.example\nSubject: Delivery Failure\n\n{words}\n".encode())
    assert isinstance(message, Message)
    assert kind_of_mail(message).bounce == Bounce(True, ("octavia@wold-nhs.example",), "", "5.1.1")
