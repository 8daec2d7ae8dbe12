"""Numbers for the messages of a Maildir that mean what an IMAP server's UIDs mean: given once, ascending, never reused.

They are kept in one small file in the directory. Where that file is lost, the numbers begin again under another
UIDVALIDITY, and everything is read again.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from mailbot.shell.clock import utc_now

FILE = "mailbot-uids"
_FORMAT = "mailbot-uids 1"


@dataclass(frozen=True, slots=True)
class Index:
    """``uids``: the unique part of a file name -> its UID. ``following`` is the next UID to be given."""

    uidvalidity: int
    following: int
    uids: dict[str, int]


def opened(path: Path, grow: bool = True) -> Index:
    """The index of the Maildir ``path``; with ``grow``, everything that lies there has a number, safely on disk."""
    index = _read(path / FILE) or Index(int(utc_now().timestamp()), 1, {})
    if not grow:
        return index
    files = by_unique(path)
    fresh = sorted((file for name, file in files.items() if name not in index.uids), key=_age)
    # What went and comes back is a message like any other: it is read again.
    if fresh or index.uids.keys() - files.keys() or not (path / FILE).exists():
        uids = {name: uid for name, uid in index.uids.items() if name in files}
        uids |= {unique(file.name): index.following + place for place, file in enumerate(fresh)}
        index = Index(index.uidvalidity, index.following + len(fresh), uids)
        _write(path, index)
    return index


def by_unique(path: Path) -> dict[str, Path]:
    """The messages of a Maildir by the part of the name that stays when flags change."""
    found: dict[str, Path] = {}
    # A program that marks a message moves it from new to cur: read in this order, it is met twice and never missed.
    for part in ("new", "cur"):
        if (path / part).is_dir():
            found |= {unique(entry.name): entry for entry in (path / part).iterdir() if entry.name[0] != "."}
    return found


def unique(name: str) -> str:
    return name.split(":", 1)[0]


def fsync_directory(path: Path) -> None:
    """A rename is on disk only when its directory is."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _age(file: Path) -> tuple[float, str]:
    try:
        return file.stat().st_mtime, file.name
    except FileNotFoundError:
        return 0.0, file.name


def _read(file: Path) -> Index | None:
    """The index, or nothing where it is missing or is not what was written: then everything is read again."""
    try:
        first, numbers, *lines = file.read_text("utf-8").splitlines()
        validity, following = numbers.split()
        uids = {name: int(uid) for uid, name in (line.split(" ", 1) for line in lines)}
    except (FileNotFoundError, ValueError):
        return None
    return Index(int(validity), int(following), uids) if first == _FORMAT else None


def _write(path: Path, index: Index) -> None:
    lines = [_FORMAT, f"{index.uidvalidity} {index.following}"]
    lines += [f"{uid} {name}" for name, uid in sorted(index.uids.items(), key=lambda item: item[1])]
    temporary = path / f"{FILE}.new"
    with temporary.open("w", encoding="utf-8") as stream:
        stream.write("\n".join(lines) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    temporary.rename(path / FILE)
    fsync_directory(path)
