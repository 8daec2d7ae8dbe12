"""``python -m tests.campaigns.same_seed SEED DISPUTES DAYS``: one simulated time lived twice, in two processes that
hash words differently, ends in the same record: else a seed that failed could not be looked at again."""

import os
import re
import subprocess
import sys

from tests.sites import ROOT


def end_of(seed: str, disputes: str, days: str, hashing: str) -> str:
    """The record at the end, as one hash, with how many emails and letters there were."""
    command = [sys.executable, "-m", "tests.simulator", "1", seed, disputes, days]
    environment = {**os.environ, "PYTHONHASHSEED": hashing}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    found = re.search(r"\d+ disputes, \d+ emails, \d+ letters", run.stdout)
    head = re.search(r"ends at ([0-9a-f]+)", run.stdout)
    return f"{found[0] if found else run.stderr[-500:]}, ends at {head[1] if head else 'nothing'}"


def main(seed: str, disputes: str, days: str) -> int:
    first, second = (end_of(seed, disputes, days, hashing) for hashing in ("1", "2"))
    same = first == second and "nothing" not in first
    print(f"seed {seed}, lived twice: {first}" if same else f"seed {seed}: {first}; and then {second}: NOT THE SAME")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
