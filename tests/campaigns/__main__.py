"""``python -m tests.campaigns small | quarter | whole``: every campaign, two at a time, with what each tried and found.

The small one is for each build and takes minutes; the quarter is meant for a quarter of an hour of two idle cores,
with every point, every planted bug and the thousands; the whole one takes days.
"""

import os
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tests.campaigns.kills import POINTS
from tests.planted.table import PLANTED_BUGS
from tests.sites import ROOT

# The same in every build, so that a build is red for what was changed in it; another by CAMPAIGN_SEED.
SEED = int(os.environ.get("CAMPAIGN_SEED", "330"))
SOME_POINTS, SOME_BUGS = 12, 4
TAMPERING = (
    "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "tests/unit/core/record/test_ledger.py",
    "tests/unit/shell/store/test_maintenance.py", "-k", "tamperings",
)  # fmt: skip
Words = tuple[str, ...]


def rows(how: str) -> list[tuple[str, Words]]:
    """What is tried, in words, and the program that tries it; what takes longest is begun first."""
    return {"small": _small, "quarter": _quarter, "whole": _whole}[how]()


def _small() -> list[tuple[str, Words]]:
    some = [bug.what for bug in random.Random(SEED).sample(PLANTED_BUGS, SOME_BUGS)]
    return [
        _killed(1, SEED, SOME_POINTS),
        _lived(1, SEED, 12, 60),
        (f"{SOME_BUGS} of {len(PLANTED_BUGS)} planted bugs", ("-m", "tests.planted", *some)),
        _mails(1_500, SEED),
        _machine(8, 20),
        *_ONCE,
    ]


def _quarter() -> list[tuple[str, Words]]:
    return [
        ("every second planted bug", ("-m", "tests.planted", "1/2")),
        ("and the others", ("-m", "tests.planted", "2/2")),
        *(_lived(1, seed, 15, 75) for seed in range(SEED, SEED + 4)),
        _machine(30, 25),
        *(_killed(1, seed, len(POINTS)) for seed in (SEED, SEED + 1)),
        *(_mails(2_500, seed) for seed in (SEED, SEED + 1)),
        ("one seed lived twice", ("-m", "tests.campaigns.same_seed", str(SEED), "3", "30")),
        *_ONCE,
    ]


def _whole() -> list[tuple[str, Words]]:
    return [
        _lived(1_000, 1, 100, 365),
        _killed(100, 1, len(POINTS)),
        _machine(5_000, 100),
        _mails(1_000_000, 1),
        ("every planted bug", ("-m", "tests.planted")),
        ("every rule of authority broken", ("-m", "tests.authority.breakages")),
        ("one seed lived twice", ("-m", "tests.campaigns.same_seed", str(SEED), "100", "365")),
        *_ONCE,
        *((_ONCE[0],) * 19),
    ]


_ONCE: tuple[tuple[str, Words], ...] = (
    ("96 faults of SMTP and 80 of IMAP, each once", ("-m", "tests.campaigns.matrix")),
    ("canaries through every field", ("-m", "tests.campaigns.canaries")),
    ("1,000 tamperings with a record in memory, 100 with a database", TAMPERING),
)


def _lived(years: int, seed: int, disputes: int, days: int) -> tuple[str, Words]:
    said = f"{years} x {days} simulated days of {disputes} disputes, from seed {seed}"
    return said, ("-m", "tests.simulator", *map(str, (years, seed, disputes, days)))


def _killed(seeds: int, seed: int, points: int) -> tuple[str, Words]:
    said = f"killed at {points} of {len(POINTS)} points x {seeds}, from seed {seed}"
    return said, ("-m", "tests.campaigns.kills", *map(str, (seeds, seed, points)))


def _machine(runs: int, steps: int) -> tuple[str, Words]:
    said = f"a state machine, {runs} runs x {steps} steps, seed {SEED}"
    return said, ("-m", "tests.campaigns.machine", *map(str, (runs, steps, SEED)))


def _mails(count: int, seed: int) -> tuple[str, Words]:
    return f"{count:,} fuzzed mails, seed {seed}", ("-m", "tests.campaigns.mails", str(count), str(seed))


def run(row: tuple[str, Words]) -> int:
    what, words = row
    began = time.monotonic()
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    said = [line for line in done.stdout.splitlines() if line.strip() and "letters do not leave" not in line]
    shown = said if done.returncode else said[-2:]
    how = "well" if done.returncode == 0 else "NOT WELL"
    lines = [f"{what}: {how}, {time.monotonic() - began:.0f} s", *shown]
    print("\n    ".join(lines), flush=True)
    if done.returncode:
        print(done.stderr[-2000:], flush=True)
    return done.returncode


def main(how: str) -> int:
    began = time.monotonic()
    with ThreadPoolExecutor(2) as two:
        codes = list(two.map(run, rows(how)))
    bad = sum(code != 0 for code in codes)
    minutes, seconds = divmod(round(time.monotonic() - began), 60)
    print(f"{len(codes)} campaigns with seed {SEED}, {bad} not well, in {minutes} min {seconds} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "small"))
