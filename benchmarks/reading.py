"""``make bench``: what reading costs, and that no kind of message costs more than in proportion to its size.

Seconds differ from machine to machine and are only printed. What is judged is a ratio within one run: a message of
four times the size may cost somewhat more than four times as much, never sixteen. Exit 1 when one does.
"""

import statistics
import sys
import time
from collections.abc import Callable

from mailbot.door.consider import consider
from mailbot.door.explain_given import GivenDesk
from mailbot.door.whom_it_lets_in import Door
from mailbot.mail.incoming.message import parse
from mailbot.mail.reading import describe
from tests.fuzz.__main__ import SEEDS
from tests.fuzz.target import DISPUTE, ENVELOPE, NOW, PARTNERSHIP

ROUNDS = 3
WORST = 8.0  # for four times the size; linear is 4, quadratic 16; the rest is noise of small numbers
WRITER = b"From: head@larkfield.sch.example\r\n"
BASE64 = ENVELOPE[:-2] + b"Content-Transfer-Encoding: base64\r\n\r\n"
FLOOR = 0.004  # below this a ratio says nothing


def _html(inner: str) -> bytes:
    head = WRITER + b"Subject: x\r\nContent-Type: text/html\r\n\r\n"
    return head + f"<html><body>{inner}</body></html>".encode()


def _parts(number: int) -> bytes:
    part = b"--b\r\nContent-Type: text/plain\r\n\r\nWords of a part.\r\n"
    head = WRITER + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    return head + part * number + b"--b--\r\n"


# Each kind of growth that a hostile or merely long thread has; the argument is the size, about in kilobytes.
KINDS: tuple[tuple[str, int, Callable[[int], bytes]], ...] = (
    ("plain sentences", 16, lambda n: ENVELOPE + b"We spoke again and did not agree about it. \r\n" * (n * 22)),
    ("one endless line", 16, lambda n: ENVELOPE + b"and then they said that " * (n * 42)),
    ("labelled lines", 8, lambda n: ENVELOPE + b"Impact on child: he is hungry\r\n" * (n * 32)),
    ("dates", 8, lambda n: ENVELOPE + b"by Thursday 10 September or the 24th, " * (n * 26)),
    ("commands", 8, lambda n: ENVELOPE + b"RESOLVED\r\nESCALATE\r\n" * (n * 50)),
    ("quoted thread", 16, lambda n: ENVELOPE + b"Noted.\r\n" + b"> On Monday we wrote this to you\r\n" * (n * 30)),
    ("replies on replies", 8, lambda n: ENVELOPE + b"".join(b">" * i + b" deeper\r\n" for i in range(n * 8))),
    ("chain of heads", 8, lambda n: ENVELOPE + b"From: A\r\nSent: B\r\nTo: C\r\nSubject: D\r\n\r\nx\r\n" * (n * 25)),
    ("addresses in To", 8, lambda n: WRITER + b"To: " + b"A B <a.b@c.example>,\r\n " * (n * 40) + b"\r\n\r\nx"),
    ("header lines", 8, lambda n: WRITER + b"X-Trace: some value here\r\n" * (n * 40) + b"\r\nx"),
    ("brackets in From", 8, lambda n: b"From: " + b"(" * (n * 1024) + b"\r\n\r\nx"),
    ("html paragraphs", 16, lambda n: _html("<p>We spoke again.</p>" * (n * 45))),
    ("html nesting", 4, lambda n: _html("<div>" * (n * 100) + "x")),
    ("html table", 8, lambda n: _html("<table>" + "<tr><td>Issue</td><td>closed</td></tr>" * (n * 25) + "</table>")),
    ("parts", 4, lambda n: _parts(n * 16)),
    ("base64 attachment", 64, lambda n: BASE64 + b"QUJD" * (n * 256)),
)


def _once(raw: bytes) -> float:
    began = time.process_time()
    describe(raw)
    desk = GivenDesk({"disputes": [DISPUTE]}, PARTNERSHIP, NOW)
    consider(parse(raw), NOW, PARTNERSHIP, desk, Door(rehearses=True))
    return time.process_time() - began


def _cost(raw: bytes) -> float:
    return min(_once(raw) for _ in range(ROUNDS))


def main() -> int:
    costs = sorted(_cost(seed.read_bytes()) * 1000 for seed in SEEDS)
    print(f"{len(costs)} letters: median {statistics.median(costs):.1f} ms, slowest {costs[-1]:.1f} ms of CPU")
    print(f"{'kind':<22}{'size kB':>9}{'ms':>9}{'x2':>7}{'x4':>7}")
    worst = 0.0
    for name, size, make in KINDS:
        one, two, four = (_cost(make(size * times)) for times in (1, 2, 4))
        ratios = [later / max(before, FLOOR) for before, later in ((one, two), (two, four))]
        worst = max(worst, four / max(one, FLOOR))
        print(f"{name:<22}{len(make(size)) / 1024:>9.1f}{one * 1000:>9.1f}{ratios[0]:>7.2f}{ratios[1]:>7.2f}")
    print(f"worst growth for four times the size: {worst:.2f} (must stay under {WORST})")
    return 0 if worst < WORST else 1


if __name__ == "__main__":
    sys.exit(main())
