"""The whole store moved into another database: nothing lost on the way, and the next dispute goes on from there."""

from pathlib import Path

import pytest

from mailbot.shell.clock import utc_now
from mailbot.shell.store.store import Store
from mailbot.turns.service import LEASE
from tests.deployment import in_maildirs, opening
from tests.unit.shell.store import stores

url = stores.url


def test_every_row_is_moved_and_the_record_is_whole_on_both_sides(
    tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = in_maildirs(tmp_path / "here")
    made.deliver(opening(1))
    assert made.command("once") == 0
    capsys.readouterr()
    assert made.command("migrate", url) == 0
    said = capsys.readouterr().out
    assert "dispute: 1 row\n" in said
    assert "message: 1 row\n" in said
    assert "the record is whole on both sides\n" in said
    assert f'Next: url = "{url}" under [store] in' in said
    made.change("mailbot.toml", "sqlite:///../var/mailbot.db", url)
    another = opening(2, "barnaby.quint@kewbridge.sch.example", sealed=True)
    made.deliver(another.replace(b"Tabitha Merriwell", b"Barnaby Quint"), "2")
    assert made.command("once") == 0
    there = Store.open(url)
    assert [row.reference[-4:] for row in there.dispute_rows("north-somerset")] == ["0001", "0002"]
    assert there.verify("north-somerset") == []
    there.close()


def test_a_store_that_holds_anything_is_not_moved_into(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = in_maildirs(tmp_path / "here")
    made.deliver(opening(1))
    assert made.command("once") == 0
    assert made.command("migrate", f"sqlite:///{tmp_path / 'there.db'}") == 0
    assert made.command("migrate", f"sqlite:///{tmp_path / 'there.db'}") == 2
    assert "the store to move into is not empty" in capsys.readouterr().err


def test_nothing_is_moved_while_the_service_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = in_maildirs(tmp_path / "here")
    [file] = (tmp_path / "here").rglob("mailbot.db")
    store, now = Store.open(f"sqlite:///{file}"), utc_now()
    assert store.try_lease("north-somerset", "INBOX", "there:1", now, now + LEASE) == 1
    store.close()
    assert made.command("migrate", f"sqlite:///{tmp_path / 'there.db'}") == 2
    assert "stop it first" in capsys.readouterr().err
