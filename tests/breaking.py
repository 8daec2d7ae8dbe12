"""Breaks the project on purpose, one thing at a time, in a copy of it: a test that claims the thing must fail.

Three tables use this: the rules of authority (``tests.authority.breakages``), the requirements of the five published
procedures (``tests.requirements``), and bugs of every kind (``tests.planted``).
"""

import compileall
import importlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# What no breakage changes is loaded once, before the children are made; the program itself by each of them.
LIBRARIES = (
    "aiosmtplib",
    "alembic.command",
    "apscheduler.schedulers.background",
    "docx",
    "flufl.bounce",
    "holidays",
    "hypothesis.stateful",
    "imapclient",
    "jinja2.sandbox",
    "mailparser",
    "sqlalchemy.dialects.sqlite",
    "xlsxwriter",
)
COPIED = ("mailbot", "tests", "config", "templates", "docs", "pyproject.toml")
HERE, PREFIX = "--here", "mailbot-broken-"
# Where a test failed for what it asserts, or did not find the letter it looks for: not for a program that cannot run.
_ASSERTED = "AssertionError|Failed|assert|StopIteration|KeyError|IndexError|ValueError"
_FAILED = re.compile(rf"/tests/[\w/]+\.py:\d+: (?:{_ASSERTED})")
_QUIETLY = ("-q", "-x", "-n", "0", "--tb=line", "-p", "no:cacheprovider")
_SHARE = re.compile(r"([1-9]\d*)/([1-9]\d*)")
LONGEST = 600  # seconds for the tests of one breakage: one that makes them run for ever is not caught


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


def main(
    module: str,
    table: Iterable[Broken],
    words: Sequence[str],
    plainly: bool = False,
    loaded: Sequence[str] = LIBRARIES,
) -> int:
    """Breaks all of ``table``, or what has one of ``words``, or a share of it ("2/3"): in a copy of the project, by
    ``module`` begun anew in it. The status to end with: 1 where something survived."""
    words = in_a_copy_of_its_own(module, words, loaded)
    chosen, left = chosen_of(table, words), 0
    for one in chosen:
        began = time.monotonic()
        why = survives(one, plainly)
        left += bool(why)
        took = f"{time.monotonic() - began:.1f} s"
        print(f"{'SURVIVED' if why else 'caught'}, {took}: {one.what}{f' ({why})' if why else ''}", flush=True)
    print(f"{len(chosen) - left} of {len(chosen)} caught", flush=True)
    return 1 if left else 0


def in_a_copy_of_its_own(module: str, words: Sequence[str], loaded: Sequence[str] = LIBRARIES) -> list[str]:
    """The words ``module`` was begun with, once it runs in a copy of the project that may be broken: from the project
    itself this begins it there, and ends as it does."""
    if HERE not in words:
        sys.exit(in_a_copy(module, words).returncode)
    assert ROOT.name.startswith(PREFIX), "only a copy is broken"
    compileall.compile_dir(ROOT / "mailbot", quiet=2)
    for name in loaded:
        importlib.import_module(name)
    return [word for word in words if word != HERE]


def chosen_of(table: Iterable[Broken], words: Sequence[str]) -> list[Broken]:
    """Those of ``table`` that have one of the words, or are of the share that one names: "2/3" is every third, from the
    second on. All of them where no word is given."""
    rows = list(table)
    chosen = [one for one in rows if not words or any(word in one.what for word in words)]
    for first, many in (found.groups() for word in words if (found := _SHARE.fullmatch(word))):
        chosen += rows[int(first) - 1 :: int(many)]
    return chosen


def in_a_copy(module: str, words: Sequence[str], quiet: bool = False) -> "subprocess.CompletedProcess[str]":
    with tempfile.TemporaryDirectory(prefix=PREFIX) as place:
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
            copy(ROOT / name, Path(place) / name)  # type: ignore[operator]
        command = [sys.executable, "-m", module, HERE, *words]
        # A file that is broken and mended within a second must not be taken for what was compiled in between.
        environment = {**os.environ, "PYTHONPATH": place, "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(command, cwd=place, env=environment, capture_output=quiet, text=True, check=False)


def survives(broken: Broken, plainly: bool) -> str:
    """Why a breakage was not caught; "" where a test failed. The files are whole again afterwards. ``plainly``: a test
    must have failed for what it asserts."""
    before = {file: (ROOT / file).read_text(encoding="utf-8") for file, _ in broken.edits}
    try:
        for file, edit in broken.edits:
            (ROOT / file).write_text(edit((ROOT / file).read_text(encoding="utf-8")), encoding="utf-8")
        is_loaded = "mailbot" in sys.modules and any(file.startswith("mailbot/") for file in before)
        code, printed = (_in_a_process if is_loaded or not hasattr(os, "fork") else _in_a_fork)(broken.asked)
    except LookupError as error:
        return str(error)
    finally:
        for file, text in before.items():
            (ROOT / file).write_text(text, encoding="utf-8")
    if code == 1 and (not plainly or _FAILED.search(printed)):
        return ""
    return f"pytest ended with {code}: {printed.strip()[-300:]}"


def _in_a_process(asked: Sequence[str]) -> tuple[int, str]:
    """A program that was changed after it was loaded is begun anew."""
    command = [sys.executable, "-m", "pytest", *_QUIETLY, *asked]
    try:
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return -signal.SIGALRM, "it did not end"
    return run.returncode, run.stdout


def _in_a_fork(asked: Sequence[str]) -> tuple[int, str]:
    """A changed file is read by a child of this process, which has loaded all that is the same in every child."""
    with tempfile.TemporaryFile("w+") as out:
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
            signal.alarm(LONGEST)
            os._exit(int(pytest.main([*_QUIETLY, *asked])))
        _, status = os.waitpid(child, 0)
        out.seek(0)
        return os.waitstatus_to_exitcode(status), out.read()
