"""Every planted bug and every broken rule of authority finds its place in the program, and names tests that there are:
whoever renames something hears of it here, and not from a build that says that a bug survived."""

from functools import cache

from tests.authority.breakages import BREAKAGES, broken
from tests.breaking import ROOT, Broken
from tests.planted.table import PLANTED_BUGS


def test_every_bug_is_there_once() -> None:
    names = [one.what for one in PLANTED_BUGS]
    assert len(set(names)) == len(names)
    assert {f"B{number}" for number in range(1, 25)} <= {name.split()[0] for name in names}
    assert len(names) >= 94


def test_every_bug_finds_its_place() -> None:
    every = (*PLANTED_BUGS, *map(broken, BREAKAGES))
    assert [f"{one.what}: {fault}" for one in every if (fault := _fault(one))] == []


def _fault(bug: Broken) -> str:
    try:
        for file, edit in bug.edits:
            if edit(_text(file)) == _text(file):
                return f"nothing is changed in {file}"
    except (LookupError, OSError) as error:
        return str(error)
    return ""


@cache
def _text(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


def test_the_tests_that_must_notice_are_there() -> None:
    missing = [
        one
        for bug in PLANTED_BUGS
        for one in bug.asked
        if not (ROOT / one.partition("::")[0]).exists() or not _has(*one.partition("::")[::2])
    ]
    assert missing == []


def _has(file: str, name: str) -> bool:
    return not name or f"def {name.partition('[')[0]}(" in _text(file)
