"""``mailbot protocol move`` as an operator types it: a look, then the act, then the letters of the next turn."""

import re
from pathlib import Path

import pytest

from mailbot.shell.clock import utc_now
from tests.deployment import TABITHA, Deployment, in_maildirs, opening

NEW = "2026-09-02"
REFERENCE = f"NS-{utc_now():%y}-0001"


@pytest.fixture
def opened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Deployment:
    """A dispute of the version that was in force alone, and then a second version beside it: at stage 1 there are
    three working days."""
    made = in_maildirs(tmp_path)
    made.deliver(opening())
    assert made.command("once") == 0
    folder = tmp_path / "config" / "protocols"
    text = (folder / "north-somerset.toml").read_text().replace('in_force = "2026-09-01"', f'in_force = "{NEW}"')
    assert 'within = "1 working day"' in text
    text = text.replace('within = "1 working day"', 'within = "3 working days"', 1)
    (folder / f"north-somerset-{NEW}.toml").write_text(text)
    assert made.command("once") == 0
    capsys.readouterr()
    return made


def test_a_look_shows_both_versions_side_by_side_and_changes_nothing(
    opened: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    assert opened.command("protocol", "move", REFERENCE.lower(), NEW, "--why", "agreed by the board") == 0
    told = capsys.readouterr().out
    assert f"{REFERENCE}: from version 2026-09-01 to {NEW}" in told
    assert re.search(r"Stage 1 \(now\) .*1 working day .*3 working days +changed", told)
    assert re.search(r"Resolve between practitioners +\w{3} .*17:00 +\w{3} .*17:00 +changed", told)
    assert "Told: Tabitha Merriwell, Ottilie Farrow." in told
    assert "1 dispute would be moved, 0 not. Nothing was changed; --yes does it." in told
    opened.command("once")
    assert len(opened.letters_to(TABITHA)) == 1
    capsys.readouterr()
    opened.command("show", REFERENCE)
    assert "version 2026-09-01" in capsys.readouterr().out


def test_it_is_done_in_a_persons_name_and_told_and_the_record_is_whole(
    opened: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--why", "agreed by the board", "--by", "M. Vane", "--yes")
    assert opened.command("protocol", "move", REFERENCE, NEW, *words) == 0
    assert "1 dispute moved, 0 not; the next turn sends the letters." in capsys.readouterr().out
    assert opened.command("once") == 0
    letters = opened.letters_to(TABITHA)
    assert len(letters) == 2
    assert b"version in force from" in letters[1]
    capsys.readouterr()
    assert opened.command("show", REFERENCE) == 0
    told = capsys.readouterr().out
    assert f"version {NEW}" in told
    assert f"moved to another version: {NEW}; agreed by the board (by M. Vane)" in told
    assert "by a person at the partnership" in told
    assert opened.command("verify") == 0
    assert opened.command("protocol", "move", REFERENCE, NEW, *words) == 1
    assert f"Not moved: it follows version {NEW} already." in capsys.readouterr().out


def test_all_moves_every_open_dispute_of_an_older_version_and_then_there_is_none(
    opened: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    second = opening(2, sender="g.larkrise@kewbridge.sch.example").replace(b"Child: Q.Z.", b"Child: B.T.")
    opened.deliver(second, "2")
    assert opened.command("once") == 0
    capsys.readouterr()
    assert opened.command("protocol", "move", "--all", NEW, "--why", "agreed", "--yes") == 0
    told = capsys.readouterr().out
    assert f"{REFERENCE}: from version" in told
    assert "0002" not in told, "it was opened under the new version"
    assert "1 dispute moved, 0 not" in told
    assert opened.command("protocol", "move", "--all", NEW, "--why", "agreed", "--yes") == 0
    assert "No open dispute is of an older version." in capsys.readouterr().out
    assert opened.command("verify") == 0


def test_what_cannot_be_meant_is_said_and_changes_nothing(
    opened: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    assert opened.command("protocol", "move", REFERENCE, "2027-01-01", "--why", "agreed", "--yes") == 1
    assert 'there is no version "2027-01-01" here: there is 2026-09-01, 2026-09-02' in capsys.readouterr().out
    assert opened.command("protocol", "move", "NS-26-9999", NEW, "--why", "agreed") == 1
    assert "There is no dispute NS-26-9999." in capsys.readouterr().out
    assert opened.command("protocol", "move", NEW, "--why", "agreed") == 2
    assert opened.command("protocol", "move", REFERENCE, NEW, "--all", "--why", "agreed") == 2
    assert opened.command("protocol", "move", REFERENCE, NEW, "--why", " ") == 1
    secret = opened.folder / "var" / "secret"
    away = secret.rename(secret.with_name("taken-away"))
    assert opened.command("protocol", "move", REFERENCE, NEW, "--why", "agreed", "--yes") == 2
    capsys.readouterr()
    assert opened.command("verify") == 1
    assert "the seals of the record cannot be looked at" in capsys.readouterr().out, "nobody vouches without the key"
    away.rename(secret)
    assert opened.command("verify") == 0


def test_a_version_taken_away_while_disputes_keep_it_stops_the_start_and_names_both(
    opened: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    old = opened.folder / "config" / "protocols" / "north-somerset.toml"
    kept = old.read_text()
    old.unlink()
    for command in (("once",), ("check", "--offline"), ("show", REFERENCE)):
        capsys.readouterr()
        assert opened.command(*command) == 2
        out = capsys.readouterr()
        told = " ".join((out.out + out.err).split())
        assert f"no file here has the version of 2026-09-01 of north-somerset, which {REFERENCE}" in told
    assert opened.command("verify") == 0
    old.write_text(kept)
    assert opened.command("once") == 0
