"""A backup put back by ``mailbot restore``, and a database that is lost made anew by ``mailbot rebuild``."""

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from mailbot.cli import main
from tests.acceptance.test_older_record import another, posted
from tests.deployment import Deployment, in_maildirs, opening


@pytest.fixture
def here(tmp_path: Path) -> Deployment:
    made = in_maildirs(tmp_path)
    made.deliver(opening(), "1")
    assert made.command("once") == 0
    return made


def aside(made: Deployment) -> list[str]:
    return [path.name for path in (made.folder / "var").iterdir() if "before-" in path.name]


def test_the_newest_copy_is_put_back_and_goes_on(here: Deployment, capsys: pytest.CaptureFixture[str]) -> None:
    assert here.command("backup", str(here.folder / "copy")) == 0
    (here.folder / "var" / "mailbot.db").write_bytes(b"ruined")
    for side in ("-wal", "-shm"):
        (here.folder / "var" / f"mailbot.db{side}").unlink(missing_ok=True)
    assert here.command("verify") == 2
    before = posted(here)
    assert here.command("restore", str(here.folder / "copy")) == 0
    assert "the newest copy of its record" in capsys.readouterr().out
    assert len(aside(here)) == 1
    assert here.command("verify") == 0
    assert here.command("once") == 0
    assert posted(here) == before


def test_an_older_copy_is_put_back_and_stands_still_until_a_person_lets_it_go_on(
    here: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    assert here.command("backup", str(here.folder / "copy")) == 0
    here.deliver(another(2, "P.R."), "2")
    assert here.command("once") == 0
    before = posted(here)
    assert here.command("restore", str(here.folder / "copy")) == 1
    said = capsys.readouterr().out
    assert "OLDER than its record" in said
    assert "-0002 was given to a dispute, and this record has none of that reference." in said
    assert here.command("once") == 1
    assert {who: n for who, n in posted(here).items() if n != before.get(who)} == {
        "business.manager@nsscp.example": before.get("business.manager@nsscp.example", 0) + 1
    }
    assert here.command("witness", "--go-on") == 0
    assert here.command("once") == 0


def test_a_copy_that_was_changed_or_damaged_is_put_nowhere(
    here: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    assert here.command("backup", str(here.folder / "copy")) == 0
    kept = (here.folder / "copy" / "mailbot.db").read_bytes()
    with sqlite3.connect(here.folder / "copy" / "mailbot.db") as changed:
        changed.execute("UPDATE ledger SET text = replace(text, 'Q.Z.', 'X.Y.') WHERE sequence = 1")
    assert here.command("restore", str(here.folder / "copy")) == 2
    assert "entry 1: has been changed" in capsys.readouterr().err
    (here.folder / "copy" / "mailbot.db").write_bytes(kept[: len(kept) // 2])
    assert here.command("restore", str(here.folder / "copy")) == 2
    assert aside(here) == []
    assert here.command("verify") == 0
    assert here.command("restore", str(here.folder)) == 2
    assert "it is not what mailbot backup makes" in capsys.readouterr().err


def test_a_copy_is_checked_and_put_nowhere(here: Deployment, capsys: pytest.CaptureFixture[str]) -> None:
    assert here.command("backup", str(here.folder / "copy")) == 0
    before = (here.folder / "copy" / "mailbot.db").read_bytes()
    assert here.command("restore", "--check", str(here.folder / "copy")) == 0
    assert (here.folder / "copy" / "mailbot.db").read_bytes() == before
    assert aside(here) == []


def test_on_a_new_machine_the_configuration_comes_from_the_backup_too(here: Deployment, tmp_path: Path) -> None:
    assert here.command("backup", str(here.folder / "copy")) == 0
    new = Deployment(tmp_path / "new")
    assert new.command("restore", str(here.folder / "copy")) == 0
    assert new.command("verify") == 0
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "new" / "var").iterdir()} == {0}


def test_another_machine_is_set_up_from_the_backup_alone(
    here: Deployment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a configuration the copy is looked at by its own; what root restores belongs to whom its folder does."""
    password = "[partnership.north-somerset.post]\nurl"
    here.change(
        "mailbot.toml", f'{password} = "maildir:{here.folder / "post"}"', f'{password} = "smtps://m@localhost:9"'
    )
    here.change(
        "mailbot.toml", 'smtps://m@localhost:9"', 'smtps://m@localhost:9"\npassword_file = "../var/post-password"'
    )
    assert here.command("backup", str(tmp_path / "copy")) == 0
    machine = tmp_path / "machine"
    state = machine / "etc" / "var"
    state.mkdir(parents=True)
    if os.geteuid() == 0:
        os.chown(state, 12345, 12345)
    capsys.readouterr()
    assert main(["restore", "--check", str(tmp_path / "copy"), "--config", str(machine / "mailbot.toml")]) == 0
    assert "whole, and its record is verified" in capsys.readouterr().out
    assert main(["restore", "--system", "--root", str(machine), str(tmp_path / "copy")]) == 0
    said = capsys.readouterr().out
    assert f"still to be done, for no backup holds it: [partnership.north-somerset.post] the password: {state}" in said
    assert (machine / "etc" / "systemd" / "system" / "mailbot.service").is_file()
    owner = 12345 if os.geteuid() == 0 else os.geteuid()
    assert {(state / name).stat().st_uid for name in ("mailbot.db", "secret")} == {owner}


def test_a_lost_database_is_made_anew_from_the_mailbox_and_waits_for_a_person(
    here: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    here.deliver(another(2, "P.R."), "2")
    assert here.command("once") == 0
    before = posted(here)
    lost = here.folder / "var" / "mailbot.db"
    for side in ("", "-wal", "-shm"):
        lost.with_name(f"mailbot.db{side}").unlink(missing_ok=True)
    capsys.readouterr()
    assert here.command("rebuild") == 0
    said = capsys.readouterr().out
    assert "rebuilt from 2 emails" in said
    assert said.count("as its card says") == 2
    assert here.command("verify") == 0
    assert here.command("once") == 1
    told = {who: n - before.get(who, 0) for who, n in posted(here).items() if n != before.get(who)}
    assert told == {"business.manager@nsscp.example": 1}, "that it stands still"
    assert here.command("witness", "--go-on") == 0
    here.deliver(another(3, "T.T."), "3")
    assert here.command("once") == 0
    assert here.command("status") == 0
    shutil.rmtree(here.folder / "mail" / ".Bot.Witness")
    assert here.command("verify") == 0


def test_a_record_that_is_there_is_not_made_anew(here: Deployment, capsys: pytest.CaptureFixture[str]) -> None:
    assert here.command("rebuild") == 2
    assert "the database has disputes of north-somerset: put it aside first" in capsys.readouterr().err
