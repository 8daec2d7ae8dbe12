"""``mailbot check --send-to``: one letter really sent, and its answer awaited, on mail servers inside the process; and
the whole of ``check`` against Dovecot and Postfix.
"""

import smtplib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from mailbot.build import mailbox_of
from mailbot.checks.findings import Finding
from mailbot.checks.letter_to_me import letter_findings
from mailbot.checks.mailbox import mailbox_findings
from mailbot.checks.post import post_findings
from mailbot.demo.embedded_servers import EmbeddedServers
from mailbot.shell.config.configuration import load_settings
from mailbot.shell.config.secrets import Secret
from mailbot.shell.config.server_settings import PartnershipSettings, server
from mailbot.shell.servers.mailbox_interface import message_id_of
from tests.deployment import Deployment, copied, in_maildirs, on_servers, people
from tests.servers.shape import Servers

US, ME = "escalation@nsscp.example", "business.manager@nsscp.example"


def partnership(made: Deployment) -> PartnershipSettings:
    return load_settings(made.config, date(2026, 11, 23)).partnership()


def answering(servers: EmbeddedServers, one: PartnershipSettings) -> Callable[[str], None]:
    """I answer the letter as soon as I am told that it was sent, as a mail program does."""

    def answer(_: str) -> None:
        mine = mailbox_of(replace(one.mailbox, user=ME))
        (letter,) = mine.arrivals(None)
        mine.close()
        reply = EmailMessage()
        reply["From"], reply["To"], reply["Subject"] = ME, US, "Re: Test of the mailbox: please answer"
        reply["Message-ID"], reply["In-Reply-To"] = "<answer@nsscp.example>", message_id_of(letter.raw)
        reply.set_content("Here I am.")
        with smtplib.SMTP(servers.host, servers.smtp_port) as client:
            client.login(ME, "correct horse")
            client.sendmail(ME, [US], reply.as_bytes())

    return answer


def told(found: list[Finding]) -> list[tuple[str, str]]:
    return [(one.mark, one.id or one.words.split(" ")[0]) for one in found]


def test_a_letter_is_sent_answered_and_its_answer_put_aside(tmp_path: Path) -> None:
    copied(tmp_path)
    with EmbeddedServers(people(tmp_path)) as servers:
        one = partnership(on_servers(Deployment(tmp_path), servers))
        found = list(letter_findings(one, ME, 20, answering(servers, one)))
        assert told(found) == [("ok", "sent"), ("ok", "answered"), ("ok", "its")]
        mailbox = mailbox_of(one.mailbox)
        assert list(mailbox.arrivals(None)) == []
        assert [name for _, name in mailbox.messages(("Bot", "Test letters"))] == ["<answer@nsscp.example>"]
        mailbox.close()


def test_an_answer_that_nothing_proves_is_told_with_what_was_seen(tmp_path: Path) -> None:
    copied(tmp_path)
    with EmbeddedServers(people(tmp_path)) as servers:
        one = replace(partnership(on_servers(Deployment(tmp_path), servers)), authserv_ids=("mx.elsewhere.example",))
        found = list(letter_findings(one, ME, 20, answering(servers, one)))
        assert told(found)[-1] == ("fault", "letter-unproven")
        assert found[-1].words.endswith("its field Authentication-Results is by mail.nsscp.example")
        assert 'write authserv_ids = ["mail.nsscp.example"], not mx.elsewhere.example' in found[-1].do


def test_no_answer_is_told_after_the_time_that_was_given(tmp_path: Path) -> None:
    copied(tmp_path)
    with EmbeddedServers(people(tmp_path)) as servers:
        one = partnership(on_servers(Deployment(tmp_path), servers))
        found = list(letter_findings(one, ME, 0, lambda _: None))
        assert told(found) == [("ok", "sent"), ("fault", "letter-unanswered")]
        assert found[-1].ends == 3


def test_not_even_a_test_leaves_for_an_address_in_no_agency(tmp_path: Path) -> None:
    made = in_maildirs(tmp_path)
    found = list(letter_findings(partnership(made), "me@webmail.example", 0, lambda _: None))
    assert told(found) == [("fault", "letter-not-entitled")]
    assert not list((tmp_path / "post").rglob("new/*"))


def on_real(servers: Servers, tmp_path: Path, user: str) -> PartnershipSettings:
    """The invented partnership on Dovecot and Postfix, reading and sending as ``user``."""
    password = tmp_path / "password"
    password.write_text(servers.users[user])
    password.chmod(0o600)
    made = partnership(in_maildirs(tmp_path))
    secret = Secret(file=password)
    box = server(f"imaps://{user}@{servers.imap_host}:{servers.imap_port}/INBOX", tmp_path, secret, servers.cafile)
    post = server(f"smtp+starttls://{user}@{servers.smtp_host}:{servers.smtp_port}", tmp_path, secret, servers.cafile)
    return replace(made, mailbox=box, post=post, current=replace(made.current, mailbox=user))


@pytest.mark.real_servers
def test_dovecot_and_postfix_are_found_sound(real_servers: Servers, tmp_path: Path) -> None:
    one = on_real(real_servers, tmp_path, "disputes@northshire-scp.example")
    found = [*mailbox_findings(one, datetime.now(UTC)), *post_findings(one)]
    wrong = {finding.id for finding in found if finding.mark == "fault"}
    assert wrong <= {"other-mailbox", "authserv-no-field", "authserv-unseen"}  # what other tests have left there
    said = " ".join(f"{finding.what} {finding.words}" for finding in found)
    assert "logged in as disputes@northshire-scp.example, TLSv 1." in said or "TLS" in said
    assert "send as disputes@northshire-scp.example may be written from" in said


@pytest.mark.real_servers
def test_dovecot_and_postfix_refuse_a_wrong_password_in_our_words(real_servers: Servers, tmp_path: Path) -> None:
    one = on_real(real_servers, tmp_path, "disputes@northshire-scp.example")
    (tmp_path / "password").write_text("wrong horse")
    found = [*mailbox_findings(one, datetime.now(UTC)), *post_findings(one)]
    assert [finding.id for finding in found] == ["login-refused", "login-refused"]
