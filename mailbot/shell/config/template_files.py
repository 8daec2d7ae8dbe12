"""Where the files that come with the program lie, and the letters' templates: shipped ones, or a partnership's
own.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from mailbot.shell.errors import BadConfiguration, Fault

# Where the letters' templates lie: the shipped ones, and a partnership's own folder that may replace any of them.

_READ = {".txt", ".html"}
_FORMS, _WORD = "forms", ".docx"


def shipped_letters() -> Path:
    """The templates that came with the program: inside the package when installed, beside it in a checkout."""
    installed = Path(str(files("mailbot"))) / "_data" / "templates"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "templates"


def load_letters(folders: Iterable[Path]) -> Mapping[str, str]:
    """Every template file by its name ("opened/body.txt"); a later folder's replaces an earlier one's of the same name.

    Raises BadConfiguration with every file that is not readable as UTF-8, and every folder that is not there.
    """
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for folder in folders:
        if not folder.is_dir():
            faults.append(Fault(str(folder), 0, "there is no folder of templates here"))
        for name in sorted(_names_in(folder)):
            path = folder / name
            try:
                there = path.stat()
                found[name] = _text_of(path, (there.st_ino, there.st_size, there.st_mtime_ns, there.st_ctime_ns))
            except (OSError, UnicodeDecodeError) as unreadable:
                faults.append(Fault(str(path), 0, f"this template cannot be read: {unreadable}"))
    if faults:
        raise BadConfiguration(tuple(faults))
    return found


@lru_cache(maxsize=1000)
def _text_of(path: Path, _as_it_was: tuple[int, ...]) -> str:
    """What stands in a template file, which is read again where anything has been written to it."""
    return path.read_text(encoding="utf-8-sig")


def _names_in(folder: Path) -> Iterator[str]:
    """The template files of a folder, by their names in it; what lies in "forms" is none."""
    for place, inner, files_there in os.walk(folder):
        within = os.path.relpath(place, folder).replace(os.sep, "/")
        if within == ".":
            inner[:] = [name for name in inner if name != _FORMS]
        for name in files_there:
            if os.path.splitext(name)[1] in _READ:
                yield name if within == "." else f"{within}/{name}"


def own_forms(folder: Path | None) -> Mapping[str, bytes]:
    """Template files of the partnership's own: a partnership's own Word forms by protocol and form ("north-
    somerset/recording-form"), from the folder "forms" in its templates. Raises BadConfiguration with every file that
    cannot be read."""
    found: dict[str, bytes] = {}
    faults: list[Fault] = []
    for path in form_files(folder):
        try:
            found[path.relative_to(path.parent.parent).with_suffix("").as_posix()] = path.read_bytes()
        except OSError as unreadable:
            faults.append(Fault(str(path), 0, f"this form cannot be read: {unreadable}"))
    if faults:
        raise BadConfiguration(tuple(faults))
    return found


def form_files(folder: Path | None) -> tuple[Path, ...]:
    """Files of Word forms among a partnership's templates: ``forms/<protocol>/<form>.docx``; a lock file of Word
    ("~$...") is none."""
    if folder is None:
        return ()
    found = (folder / _FORMS).glob(f"*/*{_WORD}")
    return tuple(sorted(path for path in found if not path.name.startswith("~")))


# Where the files that come with the program lie: inside the package when installed, beside it in a checkout.


def data_dir(name: str) -> Path:
    """A folder of files shipped with the program, like templates: the shipped folder ``name`` ("config"). Raises
    FileNotFoundError when the installation is not whole."""
    installed = Path(str(files("mailbot"))) / "_data" / name
    beside = Path(__file__).parents[3] / name
    for folder in (installed, beside):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the folder {name!r} that belongs to mailbot is missing: install it again")
