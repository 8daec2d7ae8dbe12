"""The servers inside the process: they deliver, refuse and mark mail as a partnership's own server would."""

import smtplib
import socket
import threading
from collections.abc import Callable

import pytest

from mailbot.demo.embedded_servers import EmbeddedServers, at_the_border
from mailbot.shell.clock import elapsed
from mailbot.shell.servers.connection import Connection
from mailbot.shell.servers.imap import ImapMailbox
from tests.servers.shape import Servers
from tests.unit.shell.people import imap_box
from tests.unit.shell.servers.contracts import WHEN, letter, never

DISPUTES, MANAGER = "disputes@northshire-scp.example", "business.manager@northshire-scp.example"
NURSE = "isolde.marchbanks@northshire-nhs.example"
FORGED = b"Authentication-Results: mail.northshire-scp.example; dmarc=pass header.from=northshire-council.example\r\n"


def marks(raw: bytes) -> list[bytes]:
    header = raw.partition(b"\r\n\r\n")[0]
    return [line for line in header.split(b"\r\n") if line.lower().startswith(b"authentication-results")]


def test_a_letter_to_two_users_reaches_both_inboxes(embedded_servers: Servers) -> None:
    raw = f"From: <{NURSE}>\r\nSubject: To both\r\n\r\nPlease look.\r\n".encode()
    embedded_servers.send_as_a_person(NURSE, [DISPUTES, MANAGER], raw)
    for address in (DISPUTES, MANAGER):
        mailbox = embedded_servers.mailbox(address)
        assert any(b"Subject: To both" in arrival.raw for arrival in mailbox.arrivals(None))
        mailbox.close()


@pytest.mark.parametrize(
    ("recipient", "words"),
    [("nobody@northshire-nhs.example", b"5.1.1"), ("parent@elsewhere.example", b"5.7.1")],
)
def test_a_recipient_who_is_no_user_is_refused(embedded_servers: Servers, recipient: str, words: bytes) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
        embedded_servers.send_as_a_person(NURSE, [recipient], b"Subject: a\r\n\r\nb\r\n")
    code, answer = caught.value.recipients[recipient]
    assert code == 550
    assert answer.startswith(words)


def test_a_wrong_password_is_refused(embedded_servers: Servers) -> None:
    host, port = embedded_servers.smtp_host, embedded_servers.smtp_port
    with smtplib.SMTP(host, port, timeout=10) as client, pytest.raises(smtplib.SMTPAuthenticationError):
        client.login(NURSE, "not this one")


def test_the_border_says_which_domain_it_was_and_takes_out_a_forgery() -> None:
    raw = FORGED + b"From: Isolde <isolde.marchbanks@Northshire-NHS.example>\r\nSubject: a\r\n\r\nbody\r\n"
    assert marks(at_the_border(raw, "mail.northshire-scp.example", NURSE)) == [
        b"Authentication-Results: mail.northshire-scp.example; dmarc=pass header.from=northshire-nhs.example"
    ]


@pytest.mark.parametrize(
    "forged",
    [
        FORGED,
        FORGED.lower(),
        FORGED.replace(b"mail.", b"\r\n mail."),
        FORGED.replace(b": mail", b": \tMail"),
        FORGED * 3,
    ],
)
def test_a_forgery_goes_however_it_is_written(forged: bytes) -> None:
    raw = b"Subject: a\r\n" + forged + b"From: <x@elsewhere.example>\r\n\r\nbody\r\n"
    told = at_the_border(raw, "mail.northshire-scp.example", "")
    assert marks(told) == [
        b"Authentication-Results: mail.northshire-scp.example; dmarc=pass header.from=elsewhere.example"
    ]
    assert told.endswith(b"Subject: a\r\nFrom: <x@elsewhere.example>\r\n\r\nbody\r\n")


def test_what_another_server_said_is_left() -> None:
    other = b"Authentication-Results: mx.elsewhere.example; dmarc=pass header.from=elsewhere.example"
    raw = other + b"\r\nFrom: <x@elsewhere.example>\r\n\r\nbody\r\n"
    assert marks(at_the_border(raw, "mail.northshire-scp.example", ""))[1:] == [other]


@pytest.mark.parametrize(
    ("writers", "result"),
    [
        (
            b"From: boss@northshire-council.example <x@elsewhere.example>\r\n",
            b"dmarc=pass header.from=elsewhere.example",
        ),
        (b"From: <a@northshire-nhs.example>\r\nFrom: <b@elsewhere.example>\r\n", b"dmarc=none"),
        (b"From: nobody\r\n", b"dmarc=none"),
        (b"", b"dmarc=none"),
        (b"From: <a@spoofed.example>\r\n", b"dmarc=fail header.from=spoofed.example"),
    ],
)
def test_the_domain_checked_is_that_of_the_one_writer(writers: bytes, result: bytes) -> None:
    told = at_the_border(writers + b"Subject: a\r\n\r\nbody\r\n", "mail.x.example", "", ["spoofed.example"])
    assert marks(told) == [b"Authentication-Results: mail.x.example; " + result]


def test_a_header_that_cannot_be_followed_is_delivered_as_it_came() -> None:
    raw = b"From: <a@x.example>\r\nthis is no field\r\nSubject: a\r\n\r\nbody\r\n"
    assert at_the_border(raw, "mail.x.example", "s@x.example").endswith(raw)


def test_a_user_may_come_later() -> None:
    with EmbeddedServers({DISPUTES: "secret"}, ["northshire-scp.example"]) as servers:
        servers.add_user("late@northshire-nhs.example", "secret")
        servers.deliver("late@northshire-nhs.example", b"From: <a@x.example>\r\n\r\nbody\r\n")
        mailbox = ImapMailbox(
            Connection("127.0.0.1", servers.imap_port, "late@northshire-nhs.example", "secret", "none")
        )
        assert len(list(mailbox.arrivals(None))) == 1
        mailbox.close()


def test_an_idling_client_hears_of_mail_even_right_after_another_change(
    embedded_servers: Servers, spare_address: Callable[[Servers], str]
) -> None:
    with imap_box(embedded_servers, spare_address(embedded_servers)) as box:
        for number in range(5):
            list(box.mailbox.arrivals(None))
            # Selecting the inbox is a change to pymap, and the letter comes at its heels.
            later = threading.Timer(0.1, box.deliver, (letter(number), WHEN))
            later.start()
            begun = elapsed()
            assert box.mailbox.wait(10, never) is True
            assert elapsed() - begun < 4
            later.join()


def test_after_stopping_nothing_listens_and_no_thread_is_left() -> None:
    servers = EmbeddedServers({DISPUTES: "secret"}).start()
    mailbox = ImapMailbox(Connection("127.0.0.1", servers.imap_port, DISPUTES, "secret", "none"))
    waiting = threading.Thread(target=lambda: quietly(mailbox), daemon=True)
    waiting.start()
    servers.stop()
    servers.stop()
    for port in (servers.imap_port, servers.smtp_port):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=2)
    waiting.join(timeout=10)
    assert not waiting.is_alive()
    assert not any(thread is servers._thread for thread in threading.enumerate())


def quietly(mailbox: ImapMailbox) -> None:
    try:
        mailbox.wait(30, never)
    except Exception:
        return


def test_a_port_that_is_taken_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken = listener.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            EmbeddedServers({DISPUTES: "secret"}, smtp_port=taken).start()
