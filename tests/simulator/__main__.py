"""``python -m tests.simulator YEARS [SEED [DISPUTES [DAYS]]]``: so many simulated years, one line for each seed.

Ends with 1 where anything was violated; the seed is then a named test waiting to be written.
"""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.simulator.people import Year


def main(years: int, first: int = 1, disputes: int = 100, days: int = 365) -> int:
    happened: Counter[str] = Counter()
    failed: list[int] = []
    place = Path("/dev/shm") if Path("/dev/shm").is_dir() else None
    for seed in range(first, first + years):
        with tempfile.TemporaryDirectory(prefix="mailbot-simulated-", dir=place) as folder:
            began = time.process_time()
            year = Year(Path(folder), seed, disputes, days)
            found = year.run()
            spent, head = time.process_time() - began, year.world.head()
            sent = len(year.world.postman.sent)
            count = len(year.world.store.dispute_rows(year.world.site.id))
            year.world.store.close()
        happened += year.world.happened
        print(
            f"seed {seed}: {count} disputes, {len(year.world.arrived)} emails, {sent} letters, {spent:.0f} s of CPU, "
            f"ends at {head[:16]}: {f'{len(found)} VIOLATIONS' if found else '0 violations'}",
            flush=True,
        )
        for one in found[:20]:
            print(f"  {one}", flush=True)
        failed += [seed] if found else []
    print(f"{years} simulated years, {len(failed)} with violations{f': seeds {failed}' if failed else ''}")
    print("happened:", ", ".join(f"{what} {count}" for what, count in sorted(happened.items())))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:])))
