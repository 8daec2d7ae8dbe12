"""``mailbot check`` looks at this machine: the key, the database, the second reader, and who else may read or change
what belongs to the service.
"""

import getpass
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import make_url

from mailbot.checks.findings import Finding, explained, well
from mailbot.mail.second_reader import second_reader
from mailbot.shell.config.configuration import missing_versions
from mailbot.shell.config.secrets import secret_key
from mailbot.shell.config.settings import Settings
from mailbot.shell.errors import StoreRefused, Unreachable
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
        store = Store.open(settings.store_url)
    except (StoreRefused, Unreachable) as error:
        yield _refused(str(error), file)
        return
    try:
        yield well("database", "sound, and up to date")
        for fault in missing_versions(settings, store):
            yield explained("version-missing", fault.file, found=fault.message)
    finally:
        store.close()


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
    """``mailbot check`` tries that nobody else on this machine can read the record: the key, the database with its side
    files, and every copy of it in the same folder. A folder that others cannot enter shuts what lies in it."""
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
