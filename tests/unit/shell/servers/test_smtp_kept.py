"""An SMTP connection that is kept: used again while letters go, left when none do, and never trusted to be there."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mailbot.shell.servers import smtp as submission
from mailbot.shell.servers.connection import Connection
from mailbot.shell.servers.postman_interface import Delivery, Envelope, Outcome
from mailbot.shell.servers.smtp import SmtpPostman, Timeouts
from tests.unit.shell.servers.fault_servers import Server, Smtp

SENDER, READER = "disputes@northshire-scp.example", "ambrose.tilling@northshire-council.example"
RAW = b"Message-ID: <notice-1@northshire-scp.example>\r\n\r\nPlease read.\r\n"


@contextmanager
def kept(smtp: Smtp, seconds: float = 60.0) -> Iterator[tuple[SmtpPostman, Server]]:
    with Server(smtp) as server:
        at = Connection("127.0.0.1", server.port, security="none")
        postman = SmtpPostman(at, Timeouts(connect=2, command=2, final=2), keep_for=seconds)
        yield postman, server
        postman.close()


def sent(postman: SmtpPostman, count: int = 1) -> list[Delivery]:
    return list(postman.send([Envelope(number, SENDER, READER, RAW) for number in range(count)]))


def verbs(smtp: Smtp) -> list[str]:
    return [line.split()[0] for line in smtp.heard]


def test_batches_go_over_one_connection_which_is_asked_whether_it_is_there() -> None:
    smtp = Smtp()
    with kept(smtp) as (postman, server):
        assert [one.outcome for one in (*sent(postman, 2), *sent(postman))] == [Outcome.ACCEPTED] * 3
        assert server.connections == 1
    letter = ["MAIL", "RCPT", "DATA"]
    assert verbs(smtp) == ["EHLO", *letter, *letter, "NOOP", *letter, "QUIT"]


@pytest.mark.parametrize("answer", ["", "421 4.4.2 idle for too long", "500 what?"])
def test_a_server_that_has_left_meanwhile_is_met_anew_and_no_letter_waits_for_it(answer: str) -> None:
    smtp = Smtp({"NOOP": answer})
    with kept(smtp) as (postman, server):
        assert [one.outcome for one in (*sent(postman), *sent(postman))] == [Outcome.ACCEPTED] * 2
        assert server.connections == 2
    assert len(smtp.letters) == 2


@pytest.mark.parametrize("answer", ["421 4.3.2 too many", "530 5.7.0 log in first"])
def test_a_batch_that_the_server_refuses_is_the_last_of_its_connection(answer: str) -> None:
    smtp = Smtp({"MAIL": answer})
    with kept(smtp) as (postman, server):
        (refused,) = sent(postman)
        smtp.answers["MAIL"] = "250 ok"
        (accepted,) = sent(postman)
        assert (refused.outcome, refused.ours, accepted.outcome) == (Outcome.DEFERRED, True, Outcome.ACCEPTED)
        assert server.connections == 2


def test_a_connection_is_left_after_so_many_letters() -> None:
    smtp = Smtp()
    with kept(smtp) as (postman, server):
        sent(postman, submission.LETTERS_A_CONNECTION)
        sent(postman)
        assert server.connections == 2
    assert verbs(smtp).count("QUIT") == 2


def test_it_is_let_go_when_it_was_not_used_for_as_long_as_it_is_kept_and_not_before() -> None:
    for seconds, left in ((60.0, []), (0.000001, ["QUIT"])):
        smtp = Smtp()
        with kept(smtp, seconds) as (postman, _):
            sent(postman)
            postman.let_go()
            assert [verb for verb in verbs(smtp) if verb == "QUIT"] == left


def test_whoever_closes_it_may_send_again() -> None:
    smtp = Smtp()
    with kept(smtp) as (postman, server):
        sent(postman)
        postman.close()
        postman.close()
        assert sent(postman)[0].outcome is Outcome.ACCEPTED
        assert server.connections == 2
