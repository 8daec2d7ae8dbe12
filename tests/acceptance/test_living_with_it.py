"""Living with the program: what it says of itself, what it keeps quiet about, and that no file that is not there, and
no password that has run out, is met with a library's words.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mailbot.cli import COMMAND_LIST, main, parser
from mailbot.demo.embedded_servers import EmbeddedServers
from tests.deployment import Deployment, copied, in_maildirs, on_servers, opening, people


def arguments(of: argparse.ArgumentParser, name: str) -> list[str]:
    """The arguments that have no word of help, of a command and all below it."""
    silent = []
    for action in of._actions:
        if isinstance(action, argparse._SubParsersAction):
            silent += [one for word, below in action.choices.items() for one in arguments(below, f"{name} {word}")]
        elif not action.help:
            silent.append(f"{name}: {action.option_strings or action.dest}")
    return silent


@pytest.mark.parametrize("name", [name for name, _, _ in COMMAND_LIST])
def test_every_argument_of_every_command_says_what_it_is(name: str) -> None:
    commands = next(a for a in parser([name])._actions if isinstance(a, argparse._SubParsersAction))
    assert arguments(commands.choices[name], name) == []


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == "mailbot 0.1.0\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("explain", "nosuch.eml"), "nosuch.eml: cannot be read: No such file or directory"),
        (("explain", "."), ".: cannot be read: Is a directory"),
        (("explain", "nosuch.eml", "--given", "nosuch.json"), "nosuch.json: cannot be read: No such file or directory"),
        (("explain", "nosuch.eml", "--directory", "no.csv"), "no.csv: cannot be read: No such file or directory"),
        (("replay", "nosuch"), "nosuch: cannot be read: there is no such folder"),
        (("replay", "letter.eml"), "letter.eml: is not a folder"),
        (("explain", "letter.eml", "--given", "letter.eml"), "letter.eml:1: is not JSON that can be read"),
        (("protocol", "check", "nosuch.toml"), "nosuch.toml: cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_a_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "letter.eml").write_bytes(opening())
    assert main(list(words)) == 2
    told = capsys.readouterr()
    assert said in told.out + told.err
    assert "Traceback" not in told.err


def test_a_message_is_explained_by_the_machines_own_configuration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = in_maildirs(tmp_path)
    made.change("directory.csv", "Tabitha Merriwell", "Tabitha Merriweather")
    (tmp_path / "letter.eml").write_bytes(opening())
    capsys.readouterr()
    assert made.command("explain", str(tmp_path / "letter.eml")) == 0
    told = capsys.readouterr().out
    assert "Issue Resolution (professional differences)" in told
    assert "open" in told.split("read as", 1)[1].split("\n", 1)[0]
    assert "not recognised" not in told
    forged = opening(sealed=False)
    (tmp_path / "letter.eml").write_bytes(forged)
    assert made.command("explain", str(tmp_path / "letter.eml")) == 0
    assert "hold" in capsys.readouterr().out.split("read as", 1)[1].split("\n", 1)[0]


def test_one_quiet_turn_says_nothing_while_all_is_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = in_maildirs(tmp_path)
    capsys.readouterr()
    assert made.command("once", "--quiet") == 0
    made.deliver(opening())
    assert made.command("once", "--quiet") == 0
    assert capsys.readouterr() == ("", "")
    assert made.command("once") == 0
    assert "nothing new" in capsys.readouterr().out


def test_a_password_that_has_run_out_is_for_a_person_to_mend(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copied(tmp_path)
    with EmbeddedServers(people(tmp_path)) as servers:
        made = on_servers(Deployment(tmp_path), servers, password="wrong horse")
        capsys.readouterr()
        assert made.command("once", "--quiet") == 2
        told = capsys.readouterr().out
        at = f"127.0.0.1:{servers.imap_port}"
        assert f"{at}: refuses the login of escalation@nsscp.example (mailbot check says what to do)" in told
    assert "b'" not in told
    assert made.command("once", "--quiet") == 3


def test_held_mail_is_shown_with_the_field_that_was_seen_and_the_one_that_was_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = in_maildirs(tmp_path)
    made.change("mailbot.toml", 'authserv_ids = ["mail.nsscp.example"]', 'authserv_ids = ["mx.elsewhere.example"]')
    made.deliver(opening())
    assert made.command("once") == 0
    capsys.readouterr()
    assert made.command("held", "show", "1") == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Authentication-Results by mail.nsscp.example; wanted: by mx.elsewhere.example" in told


def test_whoever_stops_reading_hears_no_complaint() -> None:
    """``mailbot status | head``: Python itself would complain of the closed pipe as it ends."""
    told = f"{sys.executable} -m mailbot init --questions plain north-somerset | true"
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(["sh", "-c", told], capture_output=True, text=True, timeout=60, env=buffered)
    assert (done.stdout, done.stderr) == ("", "")
