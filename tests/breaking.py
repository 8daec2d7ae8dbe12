"""Breaks the project on purpose, one thing at a time, in a copy of it: a test that claims the thing must fail.

Two tables use this: the rules of authority (``tests.authority.breakages``), and the requirements of the five published
procedures (``tests.requirements``).
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import story  # loaded before the children are made
from tests.sites import BROKEN, ROOT

LOADED = (story,)
COPIED = ("mailbot", "tests", "config", "templates", "docs", "pyproject.toml")
# Where a test failed for what it asserts, or did not find the letter it looks for: not for a program that cannot run.
_FAILED = re.compile(r"/tests/[\w/]+\.py:\d+: (?:AssertionError|assert|StopIteration|KeyError|IndexError|ValueError)")


@dataclass(frozen=True)
class Broken:
    """``what`` in words; ``edits`` make new texts of files of the project, by their paths in it; ``asked`` are the
    tests that must notice, as pytest names them."""

    what: str
    edits: tuple[tuple[str, Callable[[str], str]], ...]
    asked: tuple[str, ...]


def replaced(*pairs: tuple[str, str]) -> Callable[[str], str]:
    """An edit that puts one piece of text for another. Raises LookupError where the first is not there."""

    def edit(text: str) -> str:
        for old, new in pairs:
            if old not in text:
                raise LookupError(f"its place was not found: {old}")
            text = text.replace(old, new) if old else text
        return text

    return edit


@contextmanager
def copy_of_the_project() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="mailbot-broken-") as place:
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
            copy(ROOT / name, Path(place) / name)  # type: ignore[operator]
        yield Path(place)


def survives(broken: Broken, tree: Path, plainly: bool = False) -> str:
    """Why a breakage was not caught in the copy ``tree``, which is whole again afterwards; "" where a test failed.
    ``plainly``: a test must have failed for what it asserts."""
    before = {file: (tree / file).read_text(encoding="utf-8") for file, _ in broken.edits}
    try:
        for file, edit in broken.edits:
            (tree / file).write_text(edit((tree / file).read_text(encoding="utf-8")), encoding="utf-8")
        here = all(file.startswith("config/protocols/") for file, _ in broken.edits) and hasattr(os, "fork")
        code, printed = (_in_a_fork if here else _in_a_process)(broken.asked, tree)
        if code == 1 and (not plainly or _FAILED.search(printed)):
            return ""
        return f"pytest ended with {code}: {printed.strip()[-300:]}"
    except LookupError as error:
        return str(error)
    finally:
        for file, text in before.items():
            (tree / file).write_text(text, encoding="utf-8")


_QUIETLY = ("-q", "-x", "-n", "0", "--tb=line", "-p", "no:cacheprovider")


def _in_a_process(asked: Sequence[str], tree: Path) -> tuple[int, str]:
    """A program that was changed is begun anew."""
    command = [sys.executable, "-m", "pytest", *_QUIETLY, *asked]
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    run = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    return run.returncode, run.stdout


def _in_a_fork(asked: Sequence[str], tree: Path) -> tuple[int, str]:
    """A changed file is read by a child of this process, which has everything loaded: a fifth of the time."""
    with tempfile.TemporaryFile("w+") as out:
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
            os.environ[BROKEN] = str(tree / "config")
            os.chdir(ROOT)
            os._exit(int(pytest.main([*_QUIETLY, *asked])))
        _, status = os.waitpid(child, 0)
        out.seek(0)
        return os.waitstatus_to_exitcode(status), out.read()


def report(table: Iterable[Broken], plainly: bool = False) -> int:
    """Breaks everything in ``table`` and says what was caught and what survived; the number of those that survived."""
    left = many = 0
    with copy_of_the_project() as tree:
        for one in table:
            why = survives(one, tree, plainly)
            left, many = left + bool(why), many + 1
            print(f"{'SURVIVED' if why else 'caught'}: {one.what}{f' ({why})' if why else ''}", flush=True)
    print(f"{many - left} of {many} caught")
    return left
