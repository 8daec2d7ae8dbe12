"""SMTP against servers that refuse, hang, hang up and strip: what became of each letter is never guessed."""

import ast
import re
import socket
from base64 import b64decode
from pathlib import Path

import pytest

import mailbot
from mailbot.shell.errors import BadConfiguration, Unreachable
from mailbot.shell.servers.connection import Connection, Security
from mailbot.shell.servers.postman_interface import Delivery, Envelope, Outcome
from mailbot.shell.servers.smtp import SmtpPostman, Timeouts
from tests.unit.shell.servers.fault_servers import Server, Smtp

SENDER = "disputes@northshire-scp.example"
FIRST, SECOND = "ambrose.tilling@northshire-council.example", "isolde.marchbanks@northshire-nhs.example"
RAW = b"Message-ID: <notice-1@northshire-scp.example>\r\nCc: parent@elsewhere.example\r\n\r\nPlease read.\r\n"
QUICK = Timeouts(connect=0.5, command=0.5, final=0.5)


def letters(count: int = 2) -> list[Envelope]:
    return [Envelope(number, SENDER, FIRST if number == 1 else SECOND, RAW) for number in range(1, count + 1)]


def sent(
    smtp: Smtp, count: int = 2, security: Security = "none", timeouts: Timeouts = QUICK, **other: object
) -> list[Delivery]:
    with Server(smtp) as server:
        at = Connection("127.0.0.1", server.port, security=security, **other)  # type: ignore[arg-type]
        postman = SmtpPostman(at, timeouts)
        deliveries = list(postman.send(letters(count)))
        smtp.over.set()
        return deliveries


def outcomes(deliveries: list[Delivery]) -> list[tuple[Outcome, int]]:
    return [(delivery.outcome, delivery.code) for delivery in deliveries]


def test_each_recipient_has_a_transaction_of_its_own_on_one_connection() -> None:
    smtp = Smtp(extensions=("SIZE 1000000",))
    assert outcomes(sent(smtp)) == [(Outcome.ACCEPTED, 250), (Outcome.ACCEPTED, 250)]
    assert [line for line in smtp.heard if not line.startswith("EHLO")] == [
        f"MAIL FROM:<{SENDER}> SIZE={len(RAW)}",
        f"RCPT TO:<{FIRST}>",
        "DATA",
        f"MAIL FROM:<{SENDER}> SIZE={len(RAW)}",
        f"RCPT TO:<{SECOND}>",
        "DATA",
        "QUIT",
    ]
    assert smtp.letters == [RAW, RAW]


def test_letters_that_are_not_in_ascii_are_announced_where_the_server_can_take_them() -> None:
    smtp = Smtp(extensions=("8BITMIME",))
    with Server(smtp) as server:
        envelope = Envelope(1, SENDER, FIRST, "Subject: a\r\n\r\ncaf\u00e9\r\n".encode())
        list(SmtpPostman(Connection("127.0.0.1", server.port, security="none"), QUICK).send([envelope]))
    assert f"MAIL FROM:<{SENDER}> BODY=8BITMIME" in smtp.heard
    assert smtp.letters == [envelope.raw]


def test_a_server_that_knows_only_helo_is_served() -> None:
    assert outcomes(sent(Smtp({"EHLO": "502 5.5.1 unknown"}), 1)) == [(Outcome.ACCEPTED, 250)]


def test_nobody_named_in_the_headers_is_written_to() -> None:
    smtp = Smtp()
    sent(smtp, 1)
    assert not any("parent@elsewhere.example" in line for line in smtp.heard)


@pytest.mark.parametrize("verb", ["RCPT", "DATA", "."])
def test_a_refusal_after_its_reader_was_named_is_the_letters_own_until_others_are_refused_alike(verb: str) -> None:
    deliveries = sent(Smtp({verb: "550 5.7.1 no"}))
    assert outcomes(deliveries) == [(Outcome.REFUSED, 550)] * 2
    assert [delivery.ours for delivery in deliveries] == [False, False]


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("MAIL", "550 5.7.1 no"),
        ("MAIL", "553 not with this address"),
        ("RCPT", "550 5.7.64 TenantAttribution; Relay Access Denied"),
        ("DATA", "550 5.7.501 Access denied, spam abuse detected"),
        (".", "554 5.7.60 SMTP; Client does not have permissions to send as this sender"),
        (".", "550 5.1.8 Access denied, bad outbound sender"),
        (".", "554 5.2.252 SendAsDenied; one@x.example not allowed to send as two@x.example"),
        (".", "554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied"),
        (".", "550 5.7.232 Your message can't be sent because your trial tenant has exceeded its daily limit"),
        (".", "550 5.4.5 Daily user sending limit exceeded"),
        ("RCPT", "554 5.7.1 <a@x.example>: Relay access denied"),
        ("RCPT", "550 5.7.1 Unable to relay"),
    ],
)
def test_a_refusal_of_us_blames_no_letter_and_the_rest_of_the_batch_waits(verb: str, said: str) -> None:
    smtp = Smtp({verb: said})
    deliveries = sent(smtp, 3)
    assert outcomes(deliveries) == [(Outcome.DEFERRED, int(said[:3]))] * 3
    assert all(delivery.ours and delivery.words == said[4:] for delivery in deliveries)
    assert sum(line.startswith("MAIL") for line in smtp.heard) == 1


def test_a_letter_that_is_too_large_for_the_server_is_its_own_fault() -> None:
    deliveries = sent(Smtp({"MAIL": "552 5.3.4 message size exceeds fixed limit"}, ("SIZE 10",)))
    assert outcomes(deliveries) == [(Outcome.REFUSED, 552)] * 2


def test_what_is_left_of_a_refused_letter_is_cleared_before_the_next() -> None:
    smtp = Smtp({"RCPT": "550 5.1.1 no"})
    sent(smtp)
    assert [line.split()[0] for line in smtp.heard] == ["EHLO", "MAIL", "RCPT", "RSET", "MAIL", "RCPT", "RSET", "QUIT"]


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "."])
def test_a_not_now_at_any_step_defers(verb: str) -> None:
    assert outcomes(sent(Smtp({verb: "451 4.7.1 greylisted"}))) == [(Outcome.DEFERRED, 451)] * 2


@pytest.mark.parametrize("verb", ["HELLO", "MAIL", "RCPT", "DATA", "."])
def test_after_a_goodbye_the_rest_of_the_batch_waits(verb: str) -> None:
    smtp = Smtp({verb: "421 4.3.2 closing down"})
    with Server(smtp) as server:
        deliveries = list(SmtpPostman(Connection("127.0.0.1", server.port, security="none"), QUICK).send(letters(3)))
        assert server.connections == 1
    assert outcomes(deliveries) == [(Outcome.DEFERRED, 421)] * 3
    assert "closing down" in deliveries[2].words


@pytest.mark.parametrize("code", [530, 535, 538])
def test_a_server_that_wants_a_login_first_blames_no_letter(code: int) -> None:
    assert outcomes(sent(Smtp({"MAIL": f"{code} 5.7.0 who are you"}))) == [(Outcome.DEFERRED, code)] * 2


@pytest.mark.parametrize("ending", ["", "hang"])
def test_when_the_answer_after_the_last_dot_is_lost_nobody_knows(ending: str) -> None:
    smtp = Smtp({".": ending})
    (delivery,) = sent(smtp, 1)
    assert (delivery.outcome, delivery.code) == (Outcome.UNCERTAIN, 0)
    assert delivery.words.startswith("the answer after the last dot was lost: ")
    # The server has the letter all the same.
    assert smtp.letters == [RAW]


@pytest.mark.parametrize("verb", ["HELLO", "EHLO", "MAIL", "RCPT"])
@pytest.mark.parametrize("ending", ["", "hang"])
def test_what_breaks_off_before_the_letter_is_sent_defers(verb: str, ending: str) -> None:
    smtp = Smtp({verb: ending})
    assert outcomes(sent(smtp, 1, timeouts=Timeouts(connect=0.2, command=0.2))) == [(Outcome.DEFERRED, 0)]
    assert smtp.letters == []


def test_after_an_uncertain_letter_the_next_goes_over_a_new_connection() -> None:
    smtp = Smtp({".": ""})
    with Server(smtp) as server:
        deliveries = SmtpPostman(Connection("127.0.0.1", server.port, security="none"), QUICK).send(letters(2))
        assert next(deliveries).outcome is Outcome.UNCERTAIN
        smtp.answers["."] = "250 ok"
        assert next(deliveries).outcome is Outcome.ACCEPTED
        deliveries.close()  # type: ignore[attr-defined]
        assert server.connections == 2


def test_each_delivery_is_known_before_the_next_letter_is_begun() -> None:
    smtp = Smtp()
    with Server(smtp) as server:
        deliveries = SmtpPostman(Connection("127.0.0.1", server.port, security="none"), QUICK).send(letters(2))
        assert next(deliveries).id == 1
        assert len(smtp.letters) == 1
        deliveries.close()  # type: ignore[attr-defined]


def test_with_no_server_every_letter_waits_and_says_why() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    deliveries = list(SmtpPostman(Connection("127.0.0.1", port, security="none"), QUICK).send(letters(2)))
    assert outcomes(deliveries) == [(Outcome.DEFERRED, 0)] * 2
    assert all(f"127.0.0.1:{port}" in delivery.words for delivery in deliveries)


def test_where_starttls_was_stripped_nothing_is_sent() -> None:
    smtp = Smtp(extensions=("AUTH PLAIN LOGIN",))
    assert outcomes(sent(smtp, 2, "starttls", user=SENDER, password="secret")) == [(Outcome.DEFERRED, 0)] * 2
    assert smtp.letters == []
    assert not any(line.startswith(("AUTH", "MAIL")) for line in smtp.heard)


def test_a_server_without_tls_is_not_spoken_to_in_clear() -> None:
    smtp = Smtp()
    assert outcomes(sent(smtp, 1, "tls")) == [(Outcome.DEFERRED, 0)]
    assert smtp.letters == []


def test_a_token_is_handed_over_in_place_of_a_password() -> None:
    smtp = Smtp({"AUTH": "235 2.7.0 welcome"}, ("AUTH XOAUTH2 PLAIN",))
    assert outcomes(sent(smtp, 1, user=SENDER, token=lambda: "t0ken")) == [(Outcome.ACCEPTED, 250)]
    (login,) = [line for line in smtp.heard if line.startswith("AUTH")]
    assert b64decode(login.removeprefix("AUTH XOAUTH2 ")).decode() == f"user={SENDER}\x01auth=Bearer t0ken\x01\x01"


def test_where_no_token_is_to_be_had_every_letter_waits() -> None:
    def token() -> str:
        raise Unreachable("login.example:443", "timed out")

    smtp = Smtp(extensions=("AUTH XOAUTH2",))
    deliveries = sent(smtp, 2, user=SENDER, token=token)
    assert outcomes(deliveries) == [(Outcome.DEFERRED, 0)] * 2
    assert "login.example:443: timed out" in deliveries[0].words


def test_recipients_are_never_read_out_of_a_letter_by_the_library() -> None:
    package = Path(mailbot.__file__).parent
    users = [path for path in package.rglob("*.py") if re.search(r"\bimport (aiosmtplib|smtplib)\b", path.read_text())]
    assert {path.name for path in users} <= {"smtp.py", "post.py", "reaching.py"}
    for path in users:
        called = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
        assert not called & {"send", "send_message", "sendmail", "send_message_sync", "sendmail_sync"}, path.name


@pytest.mark.parametrize("host", ["mail.example", "192.0.2.1"])
def test_no_letter_goes_in_clear_to_another_machine(host: str) -> None:
    with pytest.raises(BadConfiguration):
        SmtpPostman(Connection(host, 25, security="none"))


def test_the_answer_after_the_last_dot_is_waited_for_longer_than_the_law_asks() -> None:
    assert Timeouts().final >= 600


def test_a_servers_words_are_kept_to_one_printable_line() -> None:
    (delivery,) = sent(Smtp({"RCPT": "550 no\x1b[31m " + "x" * 900}), 1)
    assert delivery.words.isprintable()
    assert len(delivery.words) <= 500
