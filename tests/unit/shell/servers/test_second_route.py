"""The other ways to somebody who must know: a command of theirs, and another mail server; each says when it failed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailbot.shell.errors import Unreachable
from mailbot.shell.servers.connection import Connection
from mailbot.shell.servers.second_route import CommandRoute, PostRoute
from tests.unit.shell.servers.fault_servers import Server, Smtp

NINE = datetime(2026, 9, 7, 9, tzinfo=UTC)
READERS = ("it@council.example", "duty@council.example")


def route(server: Server) -> PostRoute:
    return PostRoute(Connection("127.0.0.1", server.port, "alarm@other.example", "secret", "none"), READERS[0], READERS)


def test_every_reader_has_a_mail_by_the_other_server() -> None:
    script = Smtp({"AUTH": "235 welcome"}, ("AUTH PLAIN",))
    with Server(script) as server:
        route(server).tell("letters do not leave", "550 5.7.60 not allowed", NINE)
    assert len(script.letters) == 2
    assert [one for one in script.heard if one.startswith("RCPT")] == [f"RCPT TO:<{reader}>" for reader in READERS]
    assert all(b"Subject: letters do not leave" in one and b"550 5.7.60 not allowed" in one for one in script.letters)
    assert all(b"Auto-Submitted: auto-generated" in one for one in script.letters)


@pytest.mark.parametrize("verb", ["AUTH", "MAIL", "RCPT", "DATA", "."])
def test_a_server_that_takes_no_alarm_is_said_to_have_taken_none(verb: str) -> None:
    script = Smtp({"AUTH": "235 welcome", verb: "550 not here"}, ("AUTH PLAIN",))
    with Server(script) as server, pytest.raises(Unreachable):
        route(server).tell("letters do not leave", "words", NINE)


def test_a_command_gets_the_subject_and_the_text(tmp_path: Path) -> None:
    told = tmp_path / "told"
    CommandRoute(("/bin/sh", "-c", f'echo "$0" > {told}; cat >> {told}')).tell("letters do not leave", "words", NINE)
    assert told.read_text() == "letters do not leave\nwords"


@pytest.mark.parametrize("command", ["/bin/false", "/no/such/command"])
def test_a_command_that_fails_or_is_not_there_is_said_to_have_failed(command: str) -> None:
    with pytest.raises(Unreachable):
        CommandRoute((command,)).tell("letters do not leave", "words", NINE)
