"""Where the letters' templates lie: the shipped ones, and a partnership's own folder that may replace any of them."""

from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path

from mailbot.shell.errors import BadConfiguration, Fault

_READ = {".txt", ".html"}


def shipped() -> Path:
    """The templates that came with the program: inside the package when installed, beside it in a checkout."""
    installed = Path(str(files("mailbot"))) / "_data" / "templates"
    return installed if installed.is_dir() else Path(__file__).parent.parent.parent / "templates"


def load(folders: Iterable[Path]) -> Mapping[str, str]:
    """Every template by its name ("opened/body.txt"); a later folder's replaces an earlier one's of the same name.

    Raises BadConfiguration with every file that is not readable as UTF-8, and every folder that is not there.
    """
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for folder in folders:
        if not folder.is_dir():
            faults.append(Fault(str(folder), 0, "there is no folder of templates here"))
        for path in sorted(folder.rglob("*")):
            if path.suffix not in _READ or not path.is_file() or path.relative_to(folder).parts[0] == "forms":
                continue
            try:
                found[path.relative_to(folder).as_posix()] = path.read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError) as unreadable:
                faults.append(Fault(str(path), 0, f"this template cannot be read: {unreadable}"))
    if faults:
        raise BadConfiguration(tuple(faults))
    return found
