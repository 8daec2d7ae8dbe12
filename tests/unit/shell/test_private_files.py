"""Files that nobody but the service's own user may read, from the first day on."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailbot.shell.store.store import Store
from tests.deployment import in_maildirs, opening


@pytest.fixture(autouse=True)
def _careless_umask() -> Iterator[None]:
    """As most machines have it: what is made can be read by everybody."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    return {path.name: f"{path.stat().st_mode & 0o777:o}" for path in sorted(folder.iterdir()) if path.is_file()}


def test_init_makes_a_folder_a_key_and_a_database_for_one_user(tmp_path: Path) -> None:
    made = in_maildirs(tmp_path)
    assert f"{(made.folder / 'var').stat().st_mode & 0o777:o}" == "700"
    assert set(modes(made.folder / "var").values()) == {"600"}


def test_the_files_that_sqlite_keeps_beside_it_and_every_copy_are_shut_in_an_open_folder_too(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'mailbot.db'}", create=True)
    store.note("ns", "tick", datetime(2026, 3, 2, tzinfo=UTC))
    store.backup(tmp_path / "copy.db")
    assert modes(tmp_path) == {"copy.db": "600", "mailbot.db": "600", "mailbot.db-shm": "600", "mailbot.db-wal": "600"}
    store.close()


def test_check_names_what_others_may_read_and_how_to_shut_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = in_maildirs(tmp_path)
    made.deliver(opening())
    made.command("once")
    var = made.folder / "var"
    capsys.readouterr()
    made.command("check", "--offline")
    assert "nobody else on this machine can read the key or the record" in " ".join(capsys.readouterr().out.split())
    var.chmod(0o755)
    (var / "mailbot.db").chmod(0o644)
    assert made.command("check", "--offline") == 2
    said = capsys.readouterr().out.replace("\n", "").replace(" ", "")
    assert f"chmod600{var / 'mailbot.db'}" in said


def test_init_once_more_shuts_an_open_database(tmp_path: Path) -> None:
    made = in_maildirs(tmp_path)
    database = made.folder / "var" / "mailbot.db"
    database.chmod(0o644)
    assert made.command("init") == 0
    assert modes(made.folder / "var")["mailbot.db"] == "600"
