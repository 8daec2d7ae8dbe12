"""The same contracts against Dovecot and Postfix, and what only real servers can show: TLS, logins, delivery."""

import ssl
from collections.abc import Callable, Iterator

import pytest
from imapclient import IMAPClient

from mailbot.shell.errors import LoginRefused, Unreachable
from mailbot.shell.servers.connection import Connection, tls_context
from mailbot.shell.servers.imap import ImapMailbox
from mailbot.shell.servers.mailbox_interface import Mailbox
from mailbot.shell.servers.postman_interface import Envelope, Outcome
from mailbot.shell.servers.smtp import SmtpPostman
from tests.servers.shape import Servers
from tests.unit.shell.people import imap_box, received_by, smtp_post
from tests.unit.shell.servers.contracts import WHEN, Box, MailboxContract, letter
from tests.unit.shell.servers.contracts_postman import LETTER, Post, PostmanContract

pytestmark = pytest.mark.real_servers

DISPUTES = "disputes@northshire-scp.example"


class TestDovecot(MailboxContract):
    @pytest.fixture
    def box(self, real_servers: Servers, spare_address: Callable[[Servers], str]) -> Iterator[Box]:
        with imap_box(real_servers, spare_address(real_servers)) as box:
            yield box


class TestPostfix(PostmanContract):
    @pytest.fixture
    def post(self, real_servers: Servers, spare_address: Callable[[Servers], str]) -> Iterator[Post]:
        with smtp_post(real_servers, spare_address) as post:
            yield post


def imap(servers: Servers, **other: object) -> Mailbox:
    given = {
        "host": servers.imap_host,
        "port": servers.imap_port,
        "user": DISPUTES,
        "password": servers.users[DISPUTES],
        "security": "tls",
        "cafile": servers.cafile,
        "read_timeout": 20,
        **other,
    }
    beside = {name: given.pop(name) for name in ("folder", "root", "poll") if name in given}
    return ImapMailbox(Connection(**given), **beside)  # type: ignore[arg-type]


def smtp(servers: Servers, **other: object) -> SmtpPostman:
    given = {
        "host": servers.smtp_host,
        "port": servers.smtp_port,
        "security": "starttls",
        "user": DISPUTES,
        "password": servers.users[DISPUTES],
        "cafile": servers.cafile,
        **other,
    }
    return SmtpPostman(Connection(**given))  # type: ignore[arg-type]


def test_starttls_serves_as_well_as_tls_from_the_start(real_servers: Servers) -> None:
    mailbox = imap(real_servers, port=real_servers.imap_starttls_port, security="starttls")
    assert mailbox.messages(("No such folder",)) == []
    mailbox.close()


@pytest.mark.parametrize(("security", "port"), [("tls", "imap_port"), ("starttls", "imap_starttls_port")])
def test_a_server_nobody_vouches_for_is_not_logged_in_to(real_servers: Servers, security: str, port: str) -> None:
    mailbox = imap(real_servers, port=getattr(real_servers, port), security=security, cafile=None)
    with pytest.raises(Unreachable, match="its certificate is not trusted"):
        list(mailbox.arrivals(None))


def test_a_wrong_password_is_told_apart_from_a_dead_server(real_servers: Servers) -> None:
    mailbox = imap(real_servers, password="not this one")
    with pytest.raises(LoginRefused, match=f"localhost:{real_servers.imap_port}"):
        list(mailbox.arrivals(None))


def test_mail_is_not_handed_to_a_server_nobody_vouches_for(real_servers: Servers) -> None:
    (delivery,) = smtp(real_servers, cafile=None).send([Envelope(1, DISPUTES, DISPUTES, LETTER)])
    assert delivery.outcome is Outcome.DEFERRED
    assert "CERTIFICATE_VERIFY_FAILED" in delivery.words


def test_a_refused_login_keeps_every_letter_waiting(real_servers: Servers) -> None:
    letters = [Envelope(number, DISPUTES, DISPUTES, LETTER) for number in (1, 2)]
    deliveries = list(smtp(real_servers, password="not this one").send(letters))
    assert [(delivery.outcome, delivery.code) for delivery in deliveries] == [(Outcome.DEFERRED, 535)] * 2


def test_an_unknown_recipient_is_refused_and_the_next_letter_goes(
    real_servers: Servers, spare_address: Callable[[Servers], str]
) -> None:
    there = spare_address(real_servers)
    letters = [
        Envelope(1, DISPUTES, "nobody@northshire-scp.example", LETTER),
        Envelope(2, DISPUTES, "parent@elsewhere.example", LETTER),
        Envelope(3, DISPUTES, there, LETTER),
    ]
    deliveries = list(smtp(real_servers).send(letters))
    assert [(delivery.outcome, delivery.code) for delivery in deliveries] == [
        (Outcome.REFUSED, 550),
        (Outcome.REFUSED, 550),
        (Outcome.ACCEPTED, 250),
    ]
    assert len(received_by(real_servers, there)) == 1


def test_a_letter_too_large_is_refused_before_it_is_sent(real_servers: Servers) -> None:
    (delivery,) = smtp(real_servers).send([Envelope(1, DISPUTES, DISPUTES, LETTER + b"x" * 31_000_000)])
    assert (delivery.outcome, delivery.code) == (Outcome.REFUSED, 552)


def test_the_border_says_who_it_was(real_servers: Servers, spare_address: Callable[[Servers], str]) -> None:
    address, sender = spare_address(real_servers), "isolde.marchbanks@northshire-nhs.example"
    raw = f"From: <{sender}>\r\nTo: <{address}>\r\nSubject: Concern\r\n\r\nPlease look.\r\n".encode()
    real_servers.send_as_a_person(sender, [address], raw)
    (received,) = received_by(real_servers, address)
    mark = b"Authentication-Results: mail.northshire-scp.example; dmarc=pass header.from=northshire-nhs.example\r\n"
    assert received.count(mark) == 1


def test_a_mailbox_made_anew_has_another_uidvalidity(
    real_servers: Servers, spare_address: Callable[[Servers], str]
) -> None:
    address = spare_address(real_servers)
    context = tls_context(real_servers.cafile)
    mailbox = imap(real_servers, user=address, password="spare", folder="Shared")
    validities = []
    for _ in (1, 2):
        with IMAPClient(real_servers.imap_host, real_servers.imap_port, ssl_context=context, timeout=20) as person:
            person.login(address, "spare")
            if person.folder_exists("Shared"):
                person.delete_folder("Shared")
            person.create_folder("Shared")
            person.append("Shared", letter(1), msg_time=WHEN)
        (arrival,) = mailbox.arrivals(None)
        validities.append(arrival.place.uidvalidity)
        mailbox.close()
    assert validities[0] != validities[1]


def test_the_context_for_tls_checks_names_and_chains() -> None:
    context = tls_context(None)
    assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)
