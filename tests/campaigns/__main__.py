"""``python -m tests.campaigns small | whole``: every campaign, two at a time, with what each tried and found."""

import os
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tests.planted.table import PLANTED_BUGS
from tests.sites import ROOT

SOME_BUGS = 4
# The same in every build, so that a build is red for what was changed in it; another by CAMPAIGN_SEED.
SEED = int(os.environ.get("CAMPAIGN_SEED", "330"))
TAMPERING = ("-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "tests/unit/core/record/test_ledger.py")


def rows(whole: bool) -> list[tuple[str, ...]]:
    some = [bug.what for bug in random.Random(SEED).sample(PLANTED_BUGS, SOME_BUGS)]
    if whole:
        return [
            ("-m", "tests.simulator", "1000", "1", "100", "365"),
            ("-m", "tests.campaigns.kills", "100"),
            ("-m", "tests.campaigns.machine", "5000", "100"),
            ("-m", "tests.campaigns.mails", "1000000", "1"),
            ("-m", "tests.planted"),
            ("-m", "tests.authority.breakages"),
            *((("-m", "tests.campaigns.matrix"),) * 20),
            ("-m", "tests.campaigns.canaries"),
            TAMPERING,
        ]
    return [
        ("-m", "tests.campaigns.kills", "1", str(SEED), "12"),
        ("-m", "tests.simulator", "1", str(SEED), "12", "60"),
        ("-m", "tests.planted", *some),
        ("-m", "tests.campaigns.mails", "1500", str(SEED)),
        ("-m", "tests.campaigns.machine", "8", "20"),
        ("-m", "tests.campaigns.matrix"),
        ("-m", "tests.campaigns.canaries"),
        TAMPERING,
    ]


def run(words: tuple[str, ...]) -> int:
    began = time.monotonic()
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    said = [line for line in done.stdout.splitlines() if line.strip() and "letters do not leave" not in line]
    shown = said if done.returncode else said[-3:]
    how = "well" if done.returncode == 0 else "NOT WELL"
    print(f"{' '.join(words[1:])[:90]}: {how}, {time.monotonic() - began:.0f} s")
    for line in shown:
        print(f"    {line}", flush=True)
    if done.returncode:
        print(done.stderr[-2000:], flush=True)
    return done.returncode


def main(how: str) -> int:
    with ThreadPoolExecutor(2) as two:
        codes = list(two.map(run, rows(how == "whole")))
    bad = sum(code != 0 for code in codes)
    print(f"{len(codes)} campaigns, {bad} not well")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "small"))
