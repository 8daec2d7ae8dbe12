"""``make fuzz``: coverage-guided where atheris is installed, for a set time; what breaks is kept in ``crashes/``.

Usage: python -m tests.fuzz SECONDS
"""

import hashlib
import random
import sys
import tempfile
import time
import traceback
from pathlib import Path

HERE = Path(__file__).parent
CRASHES = HERE / "crashes"
SEEDS = sorted((HERE.parent / "corpus" / "letters" / "inbound").glob("*.eml"))
SLOTS = 8  # pieces exchanged between two seeds at a time


def main(seconds: int) -> int:
    try:
        import atheris
    except ImportError:
        print("atheris is not installed: mutating the seeds without guidance")
        return _unguided(seconds)
    with atheris.instrument_imports(include=["mailbot"]):
        from tests.fuzz.target import read_whole

    def one(data: bytes) -> None:
        try:
            read_whole(data)
        except Exception:
            _keep(data)
            raise

    folder = Path(tempfile.mkdtemp(prefix="mailbot-fuzz-"))
    for seed in SEEDS:
        (folder / seed.name).write_bytes(seed.read_bytes())
    atheris.Setup([sys.argv[0], str(folder), f"-max_total_time={seconds}", "-max_len=65536", "-timeout=20"], one)
    atheris.Fuzz()
    return 0


def _unguided(seconds: int) -> int:
    from tests.fuzz.target import read_whole

    chance, seeds = random.Random(0), [seed.read_bytes() for seed in SEEDS]
    ends, tried, broken = time.monotonic() + seconds, 0, 0
    while time.monotonic() < ends:
        data = mutated(chance, seeds)
        tried += 1
        try:
            read_whole(data)
        except Exception:
            broken += 1
            traceback.print_exc(limit=-3)
            _keep(data)
    print(f"{tried} inputs, {broken} broke")
    return 1 if broken else 0


def mutated(chance: random.Random, seeds: list[bytes]) -> bytes:
    """A seed with pieces of another in it, bytes changed, and lines repeated or dropped."""
    data = bytearray(chance.choice(seeds))
    other = chance.choice(seeds)
    for _ in range(chance.randrange(1, SLOTS)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(4):
            case 0:
                data[at : at + chance.randrange(40)] = b""
            case 1:
                start = chance.randrange(len(other) + 1)
                data[at:at] = other[start : start + chance.randrange(400)]
            case 2:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case _:
                data[at:at] = data[at : at + 60] * chance.randrange(1, 30)
    return bytes(data)


def _keep(data: bytes) -> None:
    (CRASHES / f"{hashlib.sha256(data).hexdigest()[:16]}.eml").write_bytes(data)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60))
