"""Private files of the service: what holds the record is made for its own user, and for nobody else on the machine.

SQLite gives its side files (the log it writes ahead, its index) the mode of the database, so that is the one to shut.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from mailbot.shell.errors import BadConfiguration, Fault

OF_OTHERS = stat.S_IRWXG | stat.S_IRWXO
SIDE_FILES = ("", "-wal", "-shm", "-journal")


def make_private_folder(folder: Path) -> None:
    """A folder for private files, and those above it where they are missing. One that is there stays as it is."""
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)


def make_new_folder(folder: Path) -> None:
    """A folder for private files that was not there. Raises BadConfiguration, in words, where it was or cannot be."""
    try:
        folder.mkdir(mode=0o700, parents=False)
    except OSError as error:
        said = "is there already: name a new folder" if folder.exists() else f"cannot be made: {error.strerror}"
        raise BadConfiguration([Fault(str(folder), 0, said)]) from None


def make_private_file(path: Path) -> None:
    """An empty private file, whatever the process's umask; one that is there stays as it is."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def shut(path: Path) -> bool:
    """Takes every right to a private file from everybody but its owner; True where somebody had one. Somebody else's
    file stays as it is: ``open_to_others`` tells of it."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & OF_OTHERS:
            path.chmod(mode & ~OF_OTHERS)
    except OSError:
        return False
    return bool(mode & OF_OTHERS)


def with_side_files(database: Path) -> list[Path]:
    """A private database as it lies on the disk: its file, and those that SQLite keeps beside it."""
    return [path for end in SIDE_FILES if (path := database.with_name(database.name + end)).exists()]


def open_to_others(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """The private files and folders that somebody else on this machine may look into or change, with the command that
    shuts each."""
    for path in paths:
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
        except OSError:
            continue
        if mode & OF_OTHERS:
            yield path, f"chmod {mode & ~OF_OTHERS:o} {path}"


def can_be_entered(folder: Path) -> bool:
    """Whether anybody but its owner can reach the private files that lie in a private folder."""
    try:
        return bool(stat.S_IMODE(folder.stat().st_mode) & (stat.S_IXGRP | stat.S_IXOTH))
    except OSError:
        return False
