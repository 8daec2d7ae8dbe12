"""``python -m tests.campaigns.mails COUNT SEED``: mails mutated by chance, each read to the end; none may break it."""

import random
import sys
import traceback

from tests.fuzz.__main__ import SEEDS, mutated
from tests.fuzz.target import read_whole


def main(count: int, seed: int) -> int:
    chance, letters, broken = random.Random(seed), [path.read_bytes() for path in SEEDS], 0
    for _ in range(count):
        try:
            read_whole(mutated(chance, letters))
        except Exception:
            broken += 1
            traceback.print_exc(limit=-3)
    print(f"{count} fuzzed mails, seed {seed}: {broken} broke the reading")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:])))
