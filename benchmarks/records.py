"""What it costs to look at a whole record when it has very many disputes: ``verify``, the digest, a report, status.

One dispute is opened in the ordinary way; the others are written with its events into the ledger, by the store's own
road, chained and sealed, a thousand in one transaction, one for each second up to now, each with a short letter. So the
record is whole, and ``verify`` has nothing to say of it. Each command runs in a process of its own: its CPU and its
highest memory.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from benchmarks.mail_corpus import corpus
from mailbot.build import makers
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import DisputeOpened, Event
from mailbot.core.record.ledger import Cause
from mailbot.shell.clock import utc_now
from mailbot.shell.config.configuration import load_settings
from mailbot.shell.store.decisions import Work
from mailbot.shell.store.stored_values import Letter
from mailbot.turns.bot import Bot
from tests.deployment import Deployment, in_maildirs

AT_ONCE = 1_000
LETTER = (
    "From: {us}\r\nTo: {to}\r\nSubject: {reference}\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\nMessage-ID: {id}\r\n\r\n"
)
TODAY = date.today()  # noqa: DTZ011 (of a report's days only)
COMMANDS = {
    "status": ["status"],
    "digest": ["digest", "--preview"],
    "report": ["report", "--from", str(TODAY - timedelta(days=40)), "--to", str(TODAY - timedelta(days=1))],
    "verify": ["verify"],
}


def filled(bot: Bot, one: Dispute, cause: Cause, number: int, now: datetime) -> None:
    """``number`` disputes more, each with what has happened to ``one``."""
    name, prefix = bot.site.id, one.reference.split("-")[0]
    [row] = bot.store.dispute_rows(name)
    for done in range(0, number, AT_ONCE):
        with bot.store.transaction() as work:
            for nth in range(done, min(done + AT_ONCE, number)):
                reference, at = work.new_reference(name, prefix, now.year), now - timedelta(seconds=number - nth)
                work.append(name, reference, tuple(_told_of(one, reference)), cause, at)
                work.set_due(name, reference, row.next_due, row.limit)
                _put_letter(work, bot, one, reference, at)
    with bot.store._engine.begin() as connection:
        connection.execute(text("UPDATE dispute SET card_due = NULL"))
        connection.execute(text("UPDATE outbox SET state = 'sent', next_try = NULL"))


def _told_of(one: Dispute, reference: str) -> Iterator[Event]:
    return (replace(e, reference=reference) if isinstance(e, DisputeOpened) else e for e in one.history)


def _put_letter(work: Work, bot: Bot, one: Dispute, reference: str, now: datetime) -> None:
    to, own = one.parties[0].person.address, f"<{reference.lower()}.1@{bot.site.address.partition('@')[2]}>"
    raw = LETTER.format(us=bot.site.address, to=to, reference=reference, id=own).encode()
    letter = Letter(bot.site.id, reference, f"{reference}:1:opened:{to}", "opened", to, reference, own, raw, now)
    work.put_letter_later(letter)


def made(folder: Path, disputes: int) -> Deployment:
    deployment = in_maildirs(folder)
    deployment.deliver(next(corpus(1)).raw, "0")
    now = utc_now()
    [make] = makers(load_settings(deployment.config, now.date())).values()
    bot = make(now)
    bot.turn(now)
    [first] = bot.store.disputes(bot.site.id)
    cause = bot.store.chronology(bot.site.id, first.reference)[0].cause
    filled(bot, first, cause, disputes - 1, now)
    bot.store.close()
    return deployment


# What a process has had at most is told by itself: what its parent had when it was made would count as well.
_RUN = """
import json, sys, time
from pathlib import Path
from mailbot.cli import main
code = main(sys.argv[1:])
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
found = {"cpu s": round(time.process_time(), 1), "peak MiB": int(peak.split()[1]) // 1024, "exit": code}
print(json.dumps(found), file=sys.stderr)
"""


def asked(words: list[str], deployment: Deployment) -> str:
    """One command in a process of its own: its seconds of CPU, its highest memory, its exit code."""
    call = [sys.executable, "-c", _RUN, *words, "--config", str(deployment.config)]
    done = subprocess.run(call, capture_output=True, text=True, check=True)  # noqa: S603 (our own words)
    return done.stderr.splitlines()[-1]


def main() -> None:
    disputes, *only = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        deployment = made(Path(folder), int(disputes))
        print(f"{'made':<8} {time.process_time() - began:.1f} s of CPU", flush=True)
        for name, words in COMMANDS.items():
            if not only or name in only:
                print(f"{name:<8} {asked(words, deployment)}", flush=True)


if __name__ == "__main__":
    main()
