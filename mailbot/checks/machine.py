"""``mailbot check`` looks at this machine: the key, the database, the second reader, and who else may read or change
what belongs to the service.
"""

import getpass
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import make_url

from mailbot.checks.findings import Finding, explained, well
from mailbot.mail.second_reader.linear_model import second_reader
from mailbot.shell.config.configuration import missing_versions, store_of
from mailbot.shell.config.secrets import secret_key
from mailbot.shell.config.server_settings import Settings
from mailbot.shell.errors import BadConfiguration, StoreRefused, Unreachable
from mailbot.shell.private_files import can_be_entered, open_to_others, with_side_files
from mailbot.shell.store.database import file_of
from mailbot.shell.store.store import Store


def machine_findings(settings: Settings) -> Iterator[Finding]:
    """Everything about this machine that is not one partnership's."""
    reader = second_reader()
    if isinstance(reader, str):
        yield explained("reader-damaged", found=reader)
    else:
        yield well("reader", f"the second reader is whole: {reader.size} words and pieces of words")
    if not (settings.alarm.command or settings.alarm.to):
        yield explained("alarm-missing", str(settings.file))
    if settings.alarm.command and shutil.which(settings.alarm.command[0]) is None:
        yield explained("alarm-command-missing", str(settings.file), command=settings.alarm.command[0])
    beats = settings.heartbeat_file
    if beats is not None and not beats.parent.is_dir():
        yield explained("heartbeat-nowhere", str(settings.file), folder=beats.parent)
    private = []
    try:
        secret_key(settings.secret_file)
        yield well("key", str(settings.secret_file))
        private.append(settings.secret_file)
    except ValueError as error:
        yield explained("key-unusable", str(settings.secret_file), found=str(error))
    yield from _database(settings)
    yield from _privacy(settings, private)


def _database(settings: Settings) -> Iterator[Finding]:
    file = file_of(make_url(settings.store_url))
    if file is not None and (stands := _file(file)) is not None:
        yield stands
        return
    try:
        store = store_of(settings)
    except BadConfiguration as bad:
        yield explained("storage-key-unusable", bad.faults[0].file, found=bad.faults[0].message)
        return
    except (StoreRefused, Unreachable) as error:
        yield _refused(str(error), file)
        return
    try:
        yield well("database", "sound, and up to date")
        yield from _encryption(settings, store)
        for fault in missing_versions(settings, store):
            yield explained("version-missing", fault.file, found=fault.message)
    finally:
        store.close()


def _encryption(settings: Settings, store: Store) -> Iterator[Finding]:
    """``mailbot check`` of this machine: whether what is in the database can be read by whoever has the file."""
    if settings.store_key_file is None:
        return
    whole, clear = store.words_in_clear()
    if clear:
        yield explained("words-in-clear", str(settings.store_key_file), clear=clear, whole=whole)
    else:
        yield well("encryption", f"what people wrote is encrypted in the database, by {settings.store_key_file}")


def _file(file: Path) -> Finding | None:
    """What in this machine stands in the way before an SQLite file is opened; None where nothing does."""
    try:
        there = file.exists()
    except PermissionError:
        there = True
    if not there:
        return explained("database-missing", str(file), place=file)
    if not os.access(file, os.R_OK | os.W_OK) or not os.access(file.parent, os.W_OK | os.X_OK):
        return explained("database-shut", str(file), place=file, user=getpass.getuser())
    if file.stat().st_size == 0:
        return explained("database-empty", str(file), place=file)
    return None


def _refused(said: str, file: Path | None) -> Finding:
    """Which fault of a database its refusal is."""
    where = str(file or "")
    if "not a database" in said:
        return explained("database-not-one", where, place=file)
    if "is encrypted" in said or "does not open with this key" in said or "cryptography" in said:
        return explained("storage-key-unusable", where, found=said)
    if "newer mailbot" in said:
        return explained("database-newer", where, found=said)
    if "store is empty" in said:
        return explained("database-empty", where, place=file or "the server")
    if "damaged" in said or "malformed" in said:
        return explained("database-damaged", where, found=said)
    found = " ".join(said.split())
    refusals = ("authentication failed", "does not exist", "no password supplied", "permission denied")
    refused = file is None and any(words in said for words in refusals)
    return explained("database-login" if refused else "database-unreachable", where, found=found)


def _privacy(settings: Settings, private: list[Path]) -> Iterator[Finding]:
    """``mailbot check`` of this machine: tries that nobody else on it can read the record: the key, the database with
    its side files, and every copy of it in the same folder. A folder that others cannot enter shuts what lies in it."""
    file = file_of(make_url(settings.store_url))
    if file is not None:
        copies = (path for path in file.parent.glob(f"*{file.stem}*") if path.is_file())
        private += [*with_side_files(file), *copies, *file.parent.glob("*.db"), *file.parent.glob("*backup*")]
    found = list(open_to_others(path for path in dict.fromkeys(private) if can_be_entered(path.parent)))
    yield from (explained("others-may-read", str(path), place=path, command=command) for path, command in found)
    changed = [path for path in _configuration(settings) if _others_may_write(path)]
    for path in changed:
        yield explained("others-may-change", str(path), place=path, command=f"chmod go-w {path}")
    if not found and not changed:
        yield well("privacy", "nobody else on this machine can read the key or the record, or change the configuration")


def _configuration(settings: Settings) -> list[Path]:
    folder = settings.file.parent
    return [folder, *sorted(path for path in folder.rglob("*") if path.suffix in {".toml", ".csv", ".txt", ".html"})]


def _others_may_write(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & stat.S_IWOTH)
    except OSError:
        return False
