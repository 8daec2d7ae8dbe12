"""Waiting in IDLE on links that split, drop, swallow and speak out of turn."""

import threading

import pytest

from mailbot.shell.clock import elapsed
from mailbot.shell.errors import Unreachable
from mailbot.shell.servers.connection import Connection
from mailbot.shell.servers.imap import ImapMailbox
from tests.servers.shape import Servers
from tests.unit.shell.servers.contracts import WHEN, letter, never
from tests.unit.shell.servers.fault_servers import Imap, Link, Server, Talk


def waiting(idle: object, seconds: float = 5.0, read_timeout: float = 1.0) -> bool:
    """One wait against a server whose answer to IDLE is ``idle``."""
    imap = Imap("IDLE", {"IDLE": idle})  # type: ignore[dict-item]
    with Server(imap) as server:
        mailbox = ImapMailbox(Connection("127.0.0.1", server.port, "disputes", "s", "none", read_timeout=read_timeout))
        assert list(mailbox.arrivals(None)) == []
        return mailbox.wait(seconds, never)


def finish(talk: Talk, tag: str) -> None:
    assert talk.hear() == "DONE"
    talk.say(f"{tag} OK done")


def test_a_notice_that_comes_in_two_pieces_is_one_notice() -> None:
    def idle(talk: Talk, tag: str, command: str) -> None:
        talk.say("+ idling")
        talk.say_bytes(b"* 1 EX")
        threading.Event().wait(0.3)
        talk.say_bytes(b"ISTS\r\n")
        finish(talk, tag)

    assert waiting(idle) is True


def test_news_before_the_server_agrees_to_idle_is_news() -> None:
    def idle(talk: Talk, tag: str, command: str) -> None:
        talk.say("* 1 EXISTS")
        talk.say("+ idling")
        finish(talk, tag)

    begun = elapsed()
    assert waiting(idle) is True
    assert elapsed() - begun < 3


def test_a_server_that_only_says_it_is_still_there_has_no_news() -> None:
    def idle(talk: Talk, tag: str, command: str) -> None:
        talk.say("+ idling")
        talk.say("* OK Still here")
        finish(talk, tag)

    assert waiting(idle) is False


def test_a_quiet_server_has_no_news_and_the_wait_takes_its_time() -> None:
    def idle(talk: Talk, tag: str, command: str) -> None:
        talk.say("+ idling")
        finish(talk, tag)

    begun = elapsed()
    assert waiting(idle, seconds=0.4) is False
    assert 0.4 <= elapsed() - begun < 3


def test_mail_that_came_before_idle_began_is_news_even_to_a_silent_server() -> None:
    def idle(talk: Talk, tag: str, command: str) -> None:
        talk.say("+ idling")
        finish(talk, tag)

    imap = Imap("IDLE", {"IDLE": idle})
    with Server(imap) as server:
        mailbox = ImapMailbox(Connection("127.0.0.1", server.port, "disputes", "s", "none", read_timeout=1.0))
        assert list(mailbox.arrivals(None)) == []
        imap.bodies = {1: letter(1)}
        assert mailbox.wait(0.5, never) is True
        assert len(list(mailbox.arrivals(None))) == 1
        assert mailbox.wait(0.1, never) is False


def test_a_server_that_refuses_to_idle_is_a_failure() -> None:
    with pytest.raises(Unreachable, match="idle was refused"):
        waiting(lambda talk, tag, command: talk.say(f"{tag} NO not now"))


def test_a_server_that_hangs_up_is_noticed_at_once() -> None:
    def idle(talk: Talk, tag: str, command: str) -> None:
        talk.say("+ idling")
        raise EOFError

    begun = elapsed()
    with pytest.raises(Unreachable):
        waiting(idle, seconds=30)
    assert elapsed() - begun < 5


def test_a_link_that_swallows_everything_is_noticed_after_the_wait(embedded_servers: Servers) -> None:
    address = embedded_servers.spare[-1]
    with Link(embedded_servers.imap_port) as link:
        secret = embedded_servers.users[address]
        mailbox = ImapMailbox(Connection("127.0.0.1", link.port, address, secret, "none", read_timeout=0.5))
        list(mailbox.arrivals(None))
        threading.Timer(0.2, link.dark.set).start()
        begun = elapsed()
        with pytest.raises(Unreachable):
            mailbox.wait(1.0, never)
        assert elapsed() - begun < 5


def test_a_wait_ends_soon_after_it_is_told_to_stop(embedded_servers: Servers) -> None:
    mailbox = embedded_servers.mailbox(embedded_servers.spare[-1])
    list(mailbox.arrivals(None))
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    begun = elapsed()
    assert mailbox.wait(60, stop.is_set) is False
    assert elapsed() - begun < 5
    mailbox.close()


def test_after_waiting_the_connection_serves_on(embedded_servers: Servers) -> None:
    mailbox = embedded_servers.mailbox(embedded_servers.spare[-1])
    list(mailbox.arrivals(None))
    for _ in range(3):
        assert mailbox.wait(0.1, never) is False
    mailbox.file(("After waiting",), letter(1), WHEN)
    assert len(mailbox.messages(("After waiting",))) == 1
    mailbox.close()
