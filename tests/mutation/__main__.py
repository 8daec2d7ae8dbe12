"""``python -m tests.mutation COUNT SEED [WORDS]``: so many small changes of the rules, drawn by a seed, and how many of
them a test notices. COUNT 0 is all; a share ("1/2") and words ("limits.py", "_not_shorter") choose among them.

Which tests pass a line is read from what ``make coverage`` has written down. The nearest are asked first, and the
others before a change is said to have survived. Ends with 1 where fewer than nine of ten were noticed.
"""

import hashlib
import math
import os
import random
import re
import sys
import time
from collections.abc import Sequence
from functools import cache
from itertools import islice
from pathlib import Path

from coverage import CoverageData

from tests.breaking import ROOT, Broken, in_a_copy_of_its_own, survives
from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.mutants import Mutant, is_program, mutants_of

WHERE = ("mailbot/core/decisions", "mailbot/core/clocks")  # decisions and who may take them, and limits
PASSED = "MAILBOT_COVERAGE"  # the environment variable that names what ``make coverage`` has written down
NEAREST = ("tests.unit.core", "tests.authority.test_table", "tests.unit", "tests.scenarios", "tests")
_SHARE = re.compile(r"[1-9]\d*/[1-9]\d*")
_NOT_EVEN_LOADED = ("ended with 2:", "while loading conftest")  # the program cannot begin: nobody would miss that
FIRST, MOST = 20, 80  # tests that are asked first, and at all
WANTED = 0.9


def every() -> list[Mutant]:
    files = sorted(path for where in WHERE for path in (ROOT / where).rglob("*.py"))
    return [one for path in files for one in mutants_of(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))]


@cache
def passing(file: str) -> dict[int, list[str]]:
    """By line of a file, the tests that pass it; 0 are all of the file's."""
    data = CoverageData(os.environ[PASSED])
    data.read()
    measured = next(one for one in data.measured_files() if one.endswith(file))
    by_line = data.contexts_by_lineno(measured)
    return {**by_line, 0: sorted({one for several in by_line.values() for one in several})}


def tests_of(mutant: Mutant) -> list[str]:
    """The tests that pass the changed statement, the nearest first, and those that are as near in an order that takes
    them from all over; of a line that is read once, when the program is loaded, all of its file's."""
    by_line, (first, last) = passing(mutant.file), mutant.lines
    named = {one for line in range(first, last + 1) for one in by_line.get(line, ()) if node_of(one)}
    found = named if mutant.name and named else {one for one in by_line[0] if node_of(one)}

    def how_near(context: str) -> tuple[int, str]:
        near = next(number for number, way in enumerate(NEAREST) if context.startswith(way))
        return near, hashlib.sha256(context.encode()).hexdigest()

    return [node_of(one) for one in sorted(found, key=how_near)][:MOST]


@cache
def node_of(context: str) -> str:
    """As pytest names it; "" where it is no test's."""
    parts = context.split(".")
    for at in range(len(parts) - 1, 0, -1):
        file = Path(*parts[:at]).with_suffix(".py")
        if (ROOT / file).is_file():
            return "::".join([str(file), *parts[at:]])
    return ""


def noticed(mutant: Mutant) -> str:
    """Why a change was not noticed; "" where a test failed."""
    asked = tests_of(mutant)
    why = "no test passes it"
    for some in (asked[:FIRST], asked[FIRST:]):
        if some and not (why := survives(Broken(mutant.what, ((mutant.file, mutant.of),), tuple(some)), False)):
            return ""
        if some and any(sign in why for sign in _NOT_EVEN_LOADED):
            return ""
    return why


def said_of(mutant: Mutant) -> str:
    return re.sub(r":\d+ ", " ", mutant.what.removeprefix("mailbot/core/"), count=1)


def drawn(count: int, seed: int, words: Sequence[str]) -> list[Mutant]:
    among = [one for one in every() if not words or any(word in one.what for word in words)]
    if count:
        random.Random(seed).shuffle(among)
    programs = (one for one in among if is_program(one.of((ROOT / one.file).read_text(encoding="utf-8"))))
    return list(islice(programs, count or None))


def main(count: int, seed: int, words: Sequence[str]) -> int:
    shares = [tuple(map(int, word.split("/"))) for word in words if _SHARE.fullmatch(word)]
    every_one = drawn(count, seed, [word for word in words if not _SHARE.fullmatch(word)])
    chosen = [one for one in every_one if said_of(one) not in EQUIVALENT]
    for first, many in shares:
        chosen = chosen[first - 1 :: many]
    caught = 0
    for mutant in chosen:
        began = time.monotonic()
        why = noticed(mutant)
        caught += not why
        took = f"{time.monotonic() - began:.1f} s"
        print(f"{'SURVIVED' if why else 'noticed'}, {took}: {mutant.what}", flush=True)
    told = caught / max(len(chosen), 1)
    doubt = 1.96 * math.sqrt(told * (1 - told) / max(len(chosen), 1)) if count else 0.0
    print(
        f"{caught} of {len(chosen)} small changes noticed: {told:.1%}, give or take {doubt:.1%}; drawn by seed {seed}"
    )
    return 0 if told >= WANTED else 1


if __name__ == "__main__":
    how_many, by, *rest = in_a_copy_of_its_own("tests.mutation", sys.argv[1:])
    sys.exit(main(int(how_many), int(by), rest))
