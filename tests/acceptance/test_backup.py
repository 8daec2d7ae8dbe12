"""``mailbot backup``, and a restore by the IT officer's page: the same disputes elsewhere, and nothing twice."""

import shutil
from pathlib import Path

import pytest

from tests.deployment import Deployment, in_maildirs, opening


def test_what_was_copied_is_restored_elsewhere_and_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "old").mkdir()
    made = in_maildirs(tmp_path / "old")
    made.deliver(opening())
    assert made.command("once") == 0
    copy = tmp_path / "copy"
    assert made.command("backup", str(copy)) == 0
    assert sorted(path.name for path in copy.iterdir()) == ["config", "mailbot.db", "secret"]
    assert {path.stat().st_mode & 0o077 for path in (copy, *copy.rglob("*"))} == {0}
    new = tmp_path / "new"
    (new / "var").mkdir(parents=True)
    shutil.copytree(copy / "config", new / "config")
    for name in ("mailbot.db", "secret"):
        shutil.copy2(copy / name, new / "var" / name)
    restored = Deployment(new)
    capsys.readouterr()
    assert restored.command("check", "--offline") == 0
    assert restored.command("verify") == 0
    assert restored.command("witness") == 0
    sent = len(list((tmp_path / "old" / "post").rglob("new/*")))
    assert restored.command("once") == 0
    assert restored.command("show", "NS-26-0001") == 0
    assert len(list((tmp_path / "old" / "post").rglob("new/*"))) == sent


def test_a_folder_that_is_there_is_not_written_into(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = in_maildirs(tmp_path)
    (tmp_path / "copy").mkdir()
    assert made.command("backup", str(tmp_path / "copy")) == 2
    assert "is there already: name a new folder" in capsys.readouterr().err
    assert list((tmp_path / "copy").iterdir()) == []


def test_a_copy_that_cannot_be_whole_leaves_nothing(tmp_path: Path) -> None:
    made = in_maildirs(tmp_path)
    (tmp_path / "var" / "mailbot.db").unlink()
    assert made.command("backup", str(tmp_path / "copy")) == 2
    assert not (tmp_path / "copy").exists()
