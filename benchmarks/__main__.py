"""``make bench``: what a message costs beside two bare floors, what everything costs beside very many disputes, and
what reading costs by kind of message. Medians of five, in one run, on one machine; the ratios are what counts.
"""

import statistics
import subprocess
import sys

from benchmarks import reading
from benchmarks.ingest import RUNS, Counts, measured

MESSAGES, ROUNDS = 300, 5
DISPUTES = (100, 10_000, 100_000)


def _medians(kind: str) -> Counts:
    runs = [measured(kind, MESSAGES) for _ in range(ROUNDS)]
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def _ingest() -> None:
    print(f"\n{MESSAGES} messages, medians of {ROUNDS}")
    print(
        f"{'':<14}{'messages/s':>12}{'CPU ms each':>13}{'peak MiB':>10}{'letters':>9}{'statements':>12}{'commits':>9}"
    )
    for kind in RUNS:
        found = _medians(kind)
        row = f"{kind:<14}{MESSAGES / found['seconds']:>12.1f}{found['cpu'] * 1000 / MESSAGES:>13.1f}"
        row += f"{found['peak']:>10.0f}{found['letters']:>9.0f}"
        for name in ("statements", "commits"):
            row += f"{found[name] / MESSAGES:>11.1f}" if name in found else f"{'':>11}"
        print(row)


def _scale() -> None:
    print("\nCPU ms beside so many open disputes")
    for disputes in DISPUTES:
        words = [sys.executable, "-m", "benchmarks.scale", str(disputes)]
        done = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603 (our own words)
        print(f"{disputes:>9}: {done.stdout.splitlines()[-1]}")


if __name__ == "__main__":
    _ingest()
    _scale()
    print()
    sys.exit(reading.main())
