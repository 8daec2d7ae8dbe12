"""Where the files that come with the program lie: inside the package when installed, beside it in a checkout."""

from importlib.resources import files
from pathlib import Path


def data_dir(name: str) -> Path:
    """The shipped folder ``name`` ("config"). Raises FileNotFoundError when the installation is not whole."""
    installed = Path(str(files("mailbot"))) / "_data" / name
    beside = Path(__file__).parent.parent.parent / name
    for folder in (installed, beside):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the folder {name!r} that belongs to mailbot is missing: install it again")
