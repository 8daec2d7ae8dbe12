"""``make bench``: what a message costs beside two bare floors, what everything costs beside very many disputes, and
what reading costs by kind of message. Medians of five, in one run, on one machine; the ratios are what counts.
"""

import statistics
import subprocess
import sys

from benchmarks import peers, reading, urgent
from benchmarks.ingest import RUNS, Counts, measured

MESSAGES, ROUNDS = 300, 5
DISPUTES = (100, 10_000, 100_000)


def _medians(kinds: list[str]) -> dict[str, Counts]:
    """Of each kind, in turns, so that a busy minute of the machine falls on all of them."""
    runs: dict[str, list[Counts]] = {kind: [] for kind in kinds}
    for _ in range(ROUNDS):
        for kind in kinds:
            runs[kind].append(measured(kind, MESSAGES))
    return {kind: {name: statistics.median(run[name] for run in of) for name in of[0]} for kind, of in runs.items()}


def _ingest() -> None:
    kinds = [kind for kind in RUNS if peers.are_there() or kind not in peers.NAMES]
    print(f"\n{MESSAGES} messages, medians of {ROUNDS}; {peers.versions() if peers.are_there() else 'no peers here'}")
    print(
        f"{'':<14}{'messages/s':>12}{'CPU ms each':>13}{'peak MiB':>10}{'letters':>9}{'statements':>12}{'commits':>9}"
    )
    for kind, found in _medians(kinds).items():
        row = f"{kind:<14}{MESSAGES / found['seconds']:>12.1f}{found['cpu'] * 1000 / MESSAGES:>13.1f}"
        row += f"{found['peak']:>10.0f}{found['letters']:>9.0f}"
        for name in ("statements", "commits"):
            row += f"{found[name] / MESSAGES:>11.1f}" if name in found else f"{'':>11}"
        print(row)


def _danger() -> None:
    print("\nseconds until danger is answered")
    for place in urgent.PLACES:
        words = [sys.executable, "-m", "benchmarks.urgent", place]
        done = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603 (our own words)
        print(f"{place:<28}{done.stdout.splitlines()[-1]}")


def _scale() -> None:
    print("\nCPU ms beside so many open disputes")
    for disputes in DISPUTES:
        words = [sys.executable, "-m", "benchmarks.scale", str(disputes)]
        done = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603 (our own words)
        print(f"{disputes:>9}: {done.stdout.splitlines()[-1]}")


if __name__ == "__main__":
    _ingest()
    _danger()
    _scale()
    print()
    sys.exit(reading.main())
