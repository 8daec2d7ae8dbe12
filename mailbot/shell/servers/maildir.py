"""A mailbox in a local Maildir, with numbers that mean what IMAP's UIDs mean, and letters delivered into Maildirs."""

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mailbot.shell.clock import elapsed, utc_now
from mailbot.shell.errors import Unreachable
from mailbot.shell.private_files import make_private_folder
from mailbot.shell.servers.mailbox_interface import (
    Arrival,
    Folder,
    Place,
    Top,
    Watermark,
    checked_folder,
    message_id_of,
    must_have_message_id,
)
from mailbot.shell.servers.postman_interface import Delivery, Envelope, Outcome, address_fault

# A mailbox in a local Maildir, and letters delivered into Maildirs: for one machine, without any server.
#
# The layout is Maildir++: the inbox is the directory itself, folder ("Disputes", "NS-26-0001") is the directory
# ``.Disputes.NS-26-0001`` in it, so any mail program for Maildirs can look on.

_SLICE = 0.2
_DIRECTORIES_KNOWN = 20  # of these a mailbox remembers what lies there

# Numbers for the messages of a Maildir that mean what an IMAP server's UIDs mean: given once, ascending, never
# reused.
#
# They are kept in one small file in the directory. Where that file is lost, the numbers begin again under another
# UIDVALIDITY, and everything is read again.


@dataclass(frozen=True, slots=True)
class Index:
    """``uids``: the unique part of a file name -> its UID. ``following`` is the next UID to be given."""

    uidvalidity: int
    following: int
    uids: dict[str, int]


class MaildirMailbox:
    """A ``Mailbox`` in the Maildir ``path``, which is made if missing. INTERNALDATE is the file's modification time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[Path, dict[str, str]] = {}  # of each directory: Message-IDs by the names of their files

    def arrivals(self, after: Watermark | None) -> Iterator[Arrival]:
        index = self._index(self._path)
        known = after.uid if after is not None and after.uidvalidity == index.uidvalidity else 0
        files = by_unique(self._path)
        for name, uid in sorted(index.uids.items(), key=lambda item: item[1]):
            if uid > known and name in files:
                yield from self._read(self._path, files[name], Place("INBOX", index.uidvalidity, uid))

    def newest(self, after: Watermark | None, most: int) -> Iterator[Arrival]:
        index, files = self._index(self._path), by_unique(self._path)
        known = after.uid if after is not None and after.uidvalidity == index.uidvalidity else 0
        there = sorted(((uid, name) for name, uid in index.uids.items() if uid > known and name in files), reverse=True)
        for uid, name in there[:most]:
            yield from self._read(self._path, files[name], Place("INBOX", index.uidvalidity, uid))

    def again(self, uidvalidity: int, uids: Sequence[int]) -> Iterator[Arrival]:
        index, files = self._index(self._path), by_unique(self._path)
        names = {uid: name for name, uid in index.uids.items()}
        for uid in uids if index.uidvalidity == uidvalidity else ():
            if (file := files.get(names.get(uid, ""))) is not None:
                yield from self._read(self._path, file, Place("INBOX", uidvalidity, uid))

    def read(self, folder: Folder, uidvalidity: int, uids: Sequence[int]) -> Iterator[Arrival]:
        path = self._path / _directory(folder)
        if not path.is_dir():
            return
        index = self._index(path)
        files, names = by_unique(path), {uid: name for name, uid in index.uids.items()}
        for uid in uids if index.uidvalidity == uidvalidity else ():
            if (file := files.get(names.get(uid, ""))) is not None:
                yield from self._read(path, file, Place(path.name, uidvalidity, uid))

    def _read(self, path: Path, file: Path, place: Place) -> Iterator[Arrival]:
        """The message, or nothing if it is gone."""
        try:
            try:
                raw, changed = _content(file)
            except FileNotFoundError:
                # A mail program renames it when it is read, flagged or answered.
                raw, changed = _content(by_unique(path)[unique(file.name)])
        except (FileNotFoundError, KeyError):
            return
        except OSError as error:
            raise Unreachable(str(path), str(error)) from error
        yield Arrival(place, raw, datetime.fromtimestamp(changed, UTC))

    def move(self, place: Place, folder: Folder) -> bool:
        (moved,) = self.move_all([(place, folder)])
        return moved

    def move_all(self, moves: Sequence[tuple[Place, Folder]]) -> list[bool]:
        """A Maildir is looked through once for all of them."""
        sources = {folder: self._source(folder) for folder in {place.folder for place, _ in moves}}
        changed: set[Path] = set()
        try:
            try:
                return [self._moved(sources[place.folder], place, folder, changed) for place, folder in moves]
            finally:
                for directory in changed:
                    fsync_directory(directory)
        except OSError as error:
            raise Unreachable(str(self._path), str(error)) from error

    def _source(self, folder: str) -> "_Source":
        path = self._path if folder == "INBOX" else self._path / folder
        index = self._index(path)
        return _Source(path, index.uidvalidity, {uid: name for name, uid in index.uids.items()}, _lying(path))

    def _moved(self, source: "_Source", place: Place, folder: Folder, changed: set[Path]) -> bool:
        name = source.names.get(place.uid)
        if source.uidvalidity != place.uidvalidity or name is None:
            return False
        target = self._made(folder)
        if target == source.path:
            return name in source.files
        return _renamed(source, name, target / "cur", changed)

    def file(self, folder: Folder, raw: bytes, when: datetime, seen: bool = False, flagged: bool = False) -> bool:
        message_id = must_have_message_id(raw)
        target = self._made(folder)
        if message_id in self._ids(target).values():
            return False
        name = f"{int(when.timestamp())}.{_digest(raw)}.mailbot"
        flags = f"{'F' if flagged else ''}{'S' if seen else ''}"  # in the order of the alphabet
        place = target / "cur" / f"{name}:2,{flags}" if flags else target / "new" / name
        _write(target / "tmp" / name, place, raw, when.timestamp())
        return True

    def remove(self, folder: Folder, message_id: str) -> bool:
        path = self._path / _directory(folder)
        if not path.is_dir():
            return False
        ours = [name for name, found in self._ids(path).items() if found == message_id]
        try:
            for name in ours:
                # A mail program may have marked it meanwhile, which renames it, or have taken it away.
                with suppress(FileNotFoundError, KeyError):
                    by_unique(path)[name].unlink()
            fsync_directory(path)
        except OSError as error:
            raise Unreachable(str(path), str(error)) from error
        return bool(ours)

    def lies_at(self, place: Place) -> bool:
        path = self._path if place.folder == "INBOX" else self._path / place.folder
        if not path.is_dir():
            return False
        index, files = self._index(path), by_unique(path)
        name = next((name for name, uid in index.uids.items() if uid == place.uid), "")
        struck_out = name in files and "T" in files[name].name.partition(":2,")[2]
        return index.uidvalidity == place.uidvalidity and name in files and not struck_out

    def make(self, folder: Folder) -> None:
        self._made(folder)

    def tops(self, folders: Iterable[Folder]) -> dict[Folder, Top]:
        there = {folder: path for folder in folders if (path := self._path / _directory(folder)).is_dir()}
        indexes = {folder: self._index(path) for folder, path in there.items()}
        return {f: Top(one.uidvalidity, one.following - 1, len(one.uids)) for f, one in indexes.items()}

    def messages(self, folder: Folder, above: int = 0) -> list[tuple[int, str]]:
        path = self._path / _directory(folder)
        if not path.is_dir():
            return []
        uids = self._index(path).uids
        found = ((uids[name], message_id) for name, message_id in self._ids(path).items() if name in uids)
        return sorted((uid, message_id) for uid, message_id in found if uid > above)

    def _ids(self, path: Path) -> dict[str, str]:
        known, found = self._known.get(path, {}), {}
        for name, file in _lying(path).items():
            if name in known:  # a file of a Maildir is never written again
                found[name] = known[name]
                continue
            with suppress(FileNotFoundError), open(f"{path}/{file}", "rb") as stream:
                found[name] = message_id_of(stream.read(262_144))
        self._known = {path: found} if len(self._known) >= _DIRECTORIES_KNOWN else self._known | {path: found}
        return found

    def folders(self) -> list[Folder]:
        if not self._path.is_dir():
            return []
        names = (entry.name for entry in self._path.iterdir() if (entry / "cur").is_dir())
        return sorted(tuple(name[1:].split(".")) for name in names if name.startswith("."))

    def wait(self, seconds: float, stop: Callable[[], bool]) -> bool:
        end = elapsed() + seconds
        index = self._index(self._path, grow=False)
        while True:
            if _lying(self._path).keys() - index.uids.keys():
                return True
            left = end - elapsed()
            if stop() or left <= 0:
                return False
            time.sleep(min(left, _SLICE))

    def close(self) -> None:
        """Nothing is held open."""

    def _index(self, path: Path, grow: bool = True) -> Index:
        try:
            _make(path)
            return opened_index(path, grow)
        except OSError as error:
            raise Unreachable(str(path), str(error)) from error

    def _made(self, folder: Folder) -> Path:
        """The directory of a Maildir folder, made where missing; like a server, also those of the folders above it."""
        try:
            for depth in range(1, len(folder) + 1):
                path = self._path / _directory(folder[:depth])
                _make(path)
                if not os.path.exists(f"{path}/maildirfolder"):
                    (path / "maildirfolder").touch(mode=0o660)
        except OSError as error:
            raise Unreachable(str(self._path), str(error)) from error
        return path


class MaildirPostman:
    """A ``Postman`` that delivers each letter into a Maildir of the recipient's own: ``path/<address>/new/``.

    The bytes are the letter's, with nothing added, and the recipient is the directory's name. A file's name comes from
    the letter, so sending it again does not make a second one.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, envelopes: Sequence[Envelope]) -> Iterator[Delivery]:
        for envelope in envelopes:
            fault = address_fault(envelope.recipient)
            if fault or not envelope.recipient or "/" in envelope.recipient or envelope.recipient.startswith("."):
                words = fault or "the address cannot be the name of a directory"
                yield Delivery(envelope.id, Outcome.REFUSED, 553, words, theirs=True)
                continue
            try:
                self._deliver(envelope)
            except OSError as error:
                yield Delivery(envelope.id, Outcome.DEFERRED, 0, str(error))
            else:
                yield Delivery(envelope.id, Outcome.ACCEPTED, 250, "delivered into a local Maildir")

    def _deliver(self, envelope: Envelope) -> None:
        box = self._path / envelope.recipient.lower()
        _make(box)
        name = f"{envelope.id}.{_digest(envelope.raw)}.mailbot"
        _write(box / "tmp" / name, box / "new" / name, envelope.raw)

    def close(self) -> None:
        """Nothing is held open."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A Maildir out of which messages are moved: their names by UID, and where their files lie in it, by name."""

    path: Path
    uidvalidity: int
    names: dict[int, str]
    files: dict[str, str]


def _renamed(source: _Source, name: str, target: Path, changed: set[Path]) -> bool:
    """Moves one message of a Maildir by renaming. A mail program that marks it meanwhile renames it under us; one that
    moved it was faster."""
    lies = source.files.pop(name, None)
    while lies is not None:
        file = source.path / lies
        # What is in cur/ needs its flags part; what was never seen by a mail program has none yet.
        with suppress(FileNotFoundError):
            file.rename(target / (file.name if ":2," in file.name else f"{file.name}:2,"))
            changed |= {target, file.parent}
            return True
        lies = _lying(source.path).get(name)
    return False


def _content(file: Path) -> tuple[bytes, float]:
    return file.read_bytes(), file.stat().st_mtime


def _directory(folder: Folder) -> str:
    return "." + ".".join(checked_folder(folder))


_OWN, _NOBODY_ELSE = 0o700, 0o2770  # a new Maildir is its user's alone; a folder in one has the rights of the whole


def _make(path: Path) -> None:
    """A Maildir, or a folder in one, made where it is missing: whatever the umask, nobody else on the machine reads
    what lies there, but whoever has the Maildir itself by its group."""
    if not os.path.isdir(path):
        is_folder = path.name.startswith(".")
        make_private_folder(path.parent)
        path.mkdir(exist_ok=True)
        path.chmod(path.parent.stat().st_mode & _NOBODY_ELSE if is_folder else _OWN)
    for part in ("tmp", "new", "cur"):
        if not os.path.isdir(f"{path}/{part}"):
            (path / part).mkdir(exist_ok=True)
            (path / part).chmod(path.stat().st_mode & _NOBODY_ELSE)


def _for_nobody_else(path: str, flags: int) -> int:
    return os.open(path, flags, 0o660)


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:32]


def _write(temporary: Path, final: Path, raw: bytes, when: float | None = None) -> None:
    """A message laid into a Maildir: written and synced under tmp/, then renamed: a reader sees the whole message or
    none."""
    with open(temporary, "wb", opener=_for_nobody_else) as stream:
        stream.write(raw)
        stream.flush()
        os.fsync(stream.fileno())
    if when is not None:
        os.utime(temporary, (when, when))
    temporary.rename(final)
    fsync_directory(final.parent)


_FILE = "mailbot-uids"
_FORMAT = "mailbot-uids 1"


def opened_index(path: Path, grow: bool = True) -> Index:
    """The index of the Maildir ``path``; with ``grow``, everything that lies there has a number, safely on disk."""
    index = _read_index(path / _FILE) or Index(int(utc_now().timestamp()), 1, {})
    if not grow:
        return index
    files = _lying(path)
    fresh = sorted((path / file for name, file in files.items() if name not in index.uids), key=_age)
    # What went and comes back is a message like any other: it is read again.
    if fresh or index.uids.keys() - files.keys() or not (path / _FILE).exists():
        uids = {name: uid for name, uid in index.uids.items() if name in files}
        uids |= {unique(file.name): index.following + place for place, file in enumerate(fresh)}
        index = Index(index.uidvalidity, index.following + len(fresh), uids)
        _write_index(path, index)
    return index


def by_unique(path: Path) -> dict[str, Path]:
    """The messages of a Maildir by the part of the name that stays when flags change."""
    return {name: path / file for name, file in _lying(path).items()}


def _lying(path: Path) -> dict[str, str]:
    """The same as they lie in the Maildir: "cur/1725.a:2,S"."""
    found: dict[str, str] = {}
    # A program that marks a message moves it from new to cur: read in this order, it is met twice and never missed.
    for part in ("new", "cur"):
        with suppress(FileNotFoundError):
            found |= {unique(name): f"{part}/{name}" for name in os.listdir(path / part) if name[0] != "."}
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


def _read_index(file: Path) -> Index | None:
    """The Maildir's index of numbers, read; nothing where it is missing or is not what was written: then everything is
    read again."""
    try:
        first, numbers, *lines = file.read_text("utf-8").splitlines()
        validity, following = numbers.split()
        uids = {name: int(uid) for uid, name in (line.split(" ", 1) for line in lines)}
    except (FileNotFoundError, ValueError):
        return None
    return Index(int(validity), int(following), uids) if first == _FORMAT else None


def _write_index(path: Path, index: Index) -> None:
    lines = [_FORMAT, f"{index.uidvalidity} {index.following}"]
    lines += [f"{uid} {name}" for name, uid in sorted(index.uids.items(), key=lambda item: item[1])]
    temporary = path / f"{_FILE}.new"
    with open(temporary, "w", encoding="utf-8", opener=_for_nobody_else) as stream:
        stream.write("\n".join(lines) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    temporary.rename(path / _FILE)
    fsync_directory(path)
