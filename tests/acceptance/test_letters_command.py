"""A mail server that does not let us send, from the command line: what status, letters, check and the alarm say."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailbot.demo.embedded_servers import EmbeddedServers
from tests.deployment import Deployment, copied, on_servers, opening, people
from tests.unit.shell.servers.fault_servers import Server, Smtp

SEND_AS = "550 5.7.60 SMTP; Client does not have permissions to send as this sender"
FENN = "ottilie.farrow@somerbourne-council.example"
LOGIN = {"AUTH": "235 2.7.0 welcome"}


@pytest.fixture
def refusing() -> Smtp:
    return Smtp({**LOGIN, ".": SEND_AS}, ("AUTH PLAIN",))


@pytest.fixture
def here(tmp_path: Path, refusing: Smtp) -> Iterator[Deployment]:
    """Mail comes in by a server that is well; letters leave by one that is not; the alarm is a file."""
    copied(tmp_path)
    with EmbeddedServers(people(tmp_path)) as servers, Server(refusing) as smtp:
        made = on_servers(Deployment(tmp_path), servers)
        made.change("mailbot.toml", f":{servers.smtp_port}", f":{smtp.port}")
        alarm = f'[alarm]\ncommand = ["/bin/sh", "-c", "cat >> {tmp_path}/alarms"]\n\n[partnership.north-somerset]\n'
        made.change("mailbot.toml", "[partnership.north-somerset]\n", alarm)
        servers.deliver("escalation@nsscp.example", opening())
        yield made


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_a_right_that_was_taken_away_is_seen_told_and_got_over(
    here: Deployment, refusing: Smtp, capsys: pytest.CaptureFixture[str]
) -> None:
    here.command("once")
    capsys.readouterr()
    assert here.command("status") == 1
    told = said(capsys)
    assert "NOT WELL" in told
    assert "letters have not left since" in told
    assert "5.7.60 SMTP; Client does not have permissions to send as this sender" in told
    alarm = (here.folder / "alarms").read_text()
    assert "letters do not leave: 5.7.60" in alarm or "letters do not leave: 550 5.7.60" in alarm
    assert "Q.Z." not in alarm
    assert here.command("letters") == 1
    told = said(capsys)
    assert "none refused" in told
    assert FENN in told
    assert "waits until letters leave again" in told
    refusing.answers["."] = "250 ok"
    assert len(refusing.letters) == 1, "the rest of the batch was not tried"


def test_a_refused_letter_is_sent_again_by_its_number(
    here: Deployment, refusing: Smtp, capsys: pytest.CaptureFixture[str]
) -> None:
    refusing.answers |= {".": "250 ok", "RCPT": "550 5.1.1 unknown"}
    here.command("once")
    refusing.answers["RCPT"] = "250 ok"
    capsys.readouterr()
    here.command("letters")
    waiting = re.findall(r"(\d+)\s+(refused|deferred)", capsys.readouterr().out)
    assert waiting
    assert here.command("letters", "again", "999") == 1
