"""The configuration's files watched while the service runs: read again once they have changed and are sound.

Closed days, the directory, agencies, letters, procedures, settings: whoever edits them expects them to hold, and may be
in the middle of it. So a change counts when nothing has been written for a while, all of it together and between two
turns, or not at all: then what was before still holds, and that is said.
"""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from mailbot.shell.config.server_settings import Settings, beside_file
from mailbot.shell.errors import BadConfiguration, Fault
from mailbot.shell.store.store import Store

NOT_SOUND = "a changed file cannot be used: "  # a note's beginning: which, and since when
UNSOUND_ROW = "a row of the directory cannot be used: "  # likewise
LOOKED_AT_EVERY = timedelta(seconds=10)
QUIET_FOR = timedelta(seconds=15)  # nothing is written any more: it is not half of a change

Prints = tuple[tuple[str, int, int], ...]


def watched_files(config: Path) -> Iterator[Path]:
    """The files watched, which a configuration is made of: everything beside it, and what it names elsewhere."""
    beside = config.parent
    yield from _under(beside)
    try:
        values = tomllib.loads(config.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return
    for key, text in _texts(values):
        if text and "://" not in text and len(text) < 500:
            with suppress(OSError, ValueError):
                yield from _named(beside_file(beside, text), may_be_folder=key == "templates")


def _under(folder: Path) -> Iterator[Path]:
    return (found for found in folder.rglob("*") if found.is_file() and not found.name.endswith("~"))


def _named(path: Path, may_be_folder: bool) -> Iterator[Path]:
    if may_be_folder and path.is_dir():
        yield from _under(path)
    elif path.is_file() and path.suffix in {".toml", ".csv", ".pem"}:
        yield path


def _texts(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, key)


def prints_of(config: Path) -> Prints:
    """What the watched files are like: each with when it was written and how long it is."""
    found: dict[str, tuple[int, int]] = {}
    for path in watched_files(config):
        with suppress(OSError):
            known = path.stat()
            found[str(path)] = known.st_mtime_ns, known.st_size
    return tuple((name, *found[name]) for name in sorted(found))


class FileWatch:
    """``read`` reads the configuration anew and raises BadConfiguration; ``use`` takes what was read."""

    def __init__(self, config: Path, read: Callable[[datetime], Settings], use: Callable[[Settings], None]) -> None:
        self._config, self._read, self._use = config, read, use
        self._used = self._seen = prints_of(config)
        self._looked: datetime | None = None
        self._still_since: datetime | None = None

    def look(self, now: datetime) -> tuple[Fault, ...] | None:
        """Looks at most every ten seconds whether something has changed; what has, and is sound, is used. The faults of
        a change that was read just now, () where it is sound; None where there was none. Whatever is written meanwhile
        is the next change."""
        if self._looked is not None and timedelta(0) <= now - self._looked < LOOKED_AT_EVERY:
            return None
        self._looked = now
        found = prints_of(self._config)
        if found != self._seen or self._still_since is None:
            self._seen, self._still_since = found, now
            return None
        if found == self._used or now - self._still_since < QUIET_FOR:
            return None
        self._used = found  # looked at once, whatever comes of it
        return self._read_again(found, now)

    def _read_again(self, found: Prints, now: datetime) -> tuple[Fault, ...] | None:
        try:
            settings = self._read(now)
            if prints_of(self._config) != found:
                self._used = ()  # it was written to while it was read: once more, when that has ended
                return None
            self._use(settings)
        except BadConfiguration as bad:
            return bad.faults
        return ()


def note_unsound(store: Store, partnership: str, beginning: str, faults: Sequence[Fault], now: datetime) -> list[str]:
    """Notes for ``status`` which watched file, and which line of it, cannot be used: never what stands there, which may
    be a person. Gives those that were not known yet; what is sound again is forgotten."""
    known = store.noted(partnership, beginning)
    said = {f"{beginning}{where_of(fault)}" for fault in faults}
    for what in set(known) - said:
        store.forget(partnership, what)
    new = sorted(said - set(known))
    store.note_all(partnership, new, now)
    return [what.removeprefix(beginning) for what in new]


def where_of(fault: Fault) -> str:
    name = Path(fault.file).name
    return f"{name}, line {fault.line}" if fault.line else name
