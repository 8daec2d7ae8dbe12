"""Encryption at rest: whoever has the database file alone can read no word of what people wrote; whoever has the key as
well has everything, and the same letters go out.
"""

import sqlite3
from pathlib import Path

import pytest

from mailbot.shell.encryption import LOCKED, StorageCipher
from mailbot.shell.errors import StoreRefused
from mailbot.shell.store.store import Store
from tests.acceptance.test_export import the_first
from tests.acceptance.test_older_record import posted
from tests.deployment import Deployment, in_maildirs, opening

KEY_FILE = '[store]\nkey_file = "../var/storage-key"\n'
WRITTEN = (b"Q.Z.", b"assessment should be closed", b"US5a")  # the last: base64 of a letter's Q.Z. begins so
KEPT = (b"Q.Z.", b"We do not agree that the assessment")


def encrypted(folder: Path) -> Deployment:
    made = in_maildirs(folder)
    for side in ("", "-wal", "-shm"):
        (folder / "var" / f"mailbot.db{side}").unlink(missing_ok=True)
    made.change("mailbot.toml", "[store]\n", KEY_FILE)
    assert made.command("init") == 0
    return made


def on_the_disk(made: Deployment) -> bytes:
    return b"".join(path.read_bytes() for path in sorted((made.folder / "var").glob("mailbot.db*")))


def test_nothing_that_people_wrote_can_be_read_in_the_file_and_everything_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "plain").mkdir()
    (tmp_path / "locked").mkdir()
    plain, locked = in_maildirs(tmp_path / "plain"), encrypted(tmp_path / "locked")
    for made in (plain, locked):
        made.deliver(opening())
        assert made.command("once") == 0
    assert all(word in on_the_disk(plain) for word in KEPT)
    assert not [word for word in WRITTEN if word in on_the_disk(locked)]
    assert posted(plain) == posted(locked)
    capsys.readouterr()
    assert locked.command("show", the_first(locked)) == 0
    assert "raised: Kewbridge Primary School" in capsys.readouterr().out
    assert locked.command("verify") == 0
    assert locked.command("check", "--offline") == 0
    assert "what people wrote is encrypted in the database" in capsys.readouterr().out
    assert locked.command("export", the_first(locked), str(tmp_path / "bundle")) == 0
    assert locked.command("find-person", "Gideon Larkrise") == 0


def test_without_the_key_or_with_another_nothing_is_opened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = encrypted(tmp_path)
    made.deliver(opening())
    assert made.command("once") == 0
    key = tmp_path / "var" / "storage-key"
    kept = key.read_bytes()
    key.write_bytes(b"0" * 64)
    assert made.command("verify") == 2
    assert "does not open with this key" in capsys.readouterr().err
    key.unlink()
    assert made.command("once") == 2
    assert "[store] key_file:" in capsys.readouterr().err
    made.change("mailbot.toml", KEY_FILE, "[store]\n")
    assert made.command("once") == 2
    assert "names no key_file that opens it" in capsys.readouterr().err
    made.change("mailbot.toml", "[store]\n", KEY_FILE)
    key.write_bytes(kept)
    key.chmod(0o600)
    assert made.command("verify") == 0


def test_a_record_that_is_there_already_is_encrypted_by_moving_it(tmp_path: Path) -> None:
    made = in_maildirs(tmp_path)
    made.deliver(opening())
    assert made.command("once") == 0
    made.change("mailbot.toml", "[store]\n", KEY_FILE)
    assert made.command("init") == 0
    assert made.command("verify") == 0, "rows in clear are read"
    assert made.command("migrate", f"sqlite:///{tmp_path}/var/other.db") == 0
    assert not [word for word in WRITTEN if word in (tmp_path / "var" / "other.db").read_bytes()]
    made.change("mailbot.toml", 'url = "sqlite:///../var/mailbot.db"', 'url = "sqlite:///../var/other.db"')
    assert made.command("verify") == 0
    assert made.command("once") == 0


def test_the_key_is_not_in_a_backup_and_the_backup_is_restored_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = encrypted(tmp_path)
    made.deliver(opening())
    assert made.command("once") == 0
    assert made.command("backup", str(tmp_path / "copy")) == 0
    assert "NOT copied. Without it the copy cannot be read" in capsys.readouterr().out
    assert sorted(path.name for path in (tmp_path / "copy").iterdir()) == ["config", "mailbot.db", "secret"]
    assert not [word for word in WRITTEN if word in (tmp_path / "copy" / "mailbot.db").read_bytes()]
    assert made.command("restore", str(tmp_path / "copy")) == 0


def test_a_value_that_was_changed_is_not_read_as_anything() -> None:
    cipher = StorageCipher(b"k" * 32)
    locked = cipher.lock(b"words")
    assert locked.startswith(LOCKED)
    assert cipher.lock(b"words") != locked, "a nonce of its own"
    assert cipher.unlock(locked) == b"words"
    with pytest.raises(StoreRefused):
        cipher.unlock(locked[:-1] + bytes([locked[-1] ^ 1]))


def test_an_email_that_begins_as_encrypted_ones_do_is_kept_as_it_came(tmp_path: Path) -> None:
    made = in_maildirs(tmp_path)
    raw = LOCKED + b"\r\nnobody encrypted this"
    made.deliver(raw)
    assert made.command("once") == 0
    assert made.command("verify") == 0
    with sqlite3.connect(tmp_path / "var" / "mailbot.db") as connection:
        (digest,) = connection.execute("SELECT digest FROM message").fetchone()
    store = Store.open(f"sqlite:///{tmp_path}/var/mailbot.db")
    assert store.raw("north-somerset", digest) == raw
    store.close()
