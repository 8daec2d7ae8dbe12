"""What one turn, one opening, a start and a question cost when there are very many disputes: it must not be felt.

One dispute is opened in the ordinary way and then copied in the database under other references, with its ledger, its
people and its letters, but for the bytes of those that have gone. The copies' chains do not hold, which nothing here
looks at.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from benchmarks.mail_corpus import corpus
from mailbot.build import makers
from mailbot.cli import main as command
from mailbot.shell.clock import utc_now
from mailbot.shell.config.configuration import load_settings
from mailbot.shell.store.store import Store
from mailbot.turns.bot import Bot
from tests.deployment import Deployment, in_maildirs

DIGITS = "WITH d(n) AS (VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)) "
PLACES = ("a", "b", "c", "d", "e", "f")


def copied(store: Store, number: int) -> None:
    """The one dispute in ``store``, ``number`` times more."""
    sources = ", ".join(f"d {place}" for place in PLACES)
    count = " + ".join(f"{place}.n * {10**power}" for power, place in enumerate(PLACES))
    numbers = f"SELECT {count} AS n FROM {sources}"  # noqa: S608 (our own names)
    with store._engine.begin() as connection:
        connection.execute(text("CREATE TEMP TABLE copy AS " + DIGITS + numbers))
        connection.execute(text("DELETE FROM copy WHERE n >= :number"), {"number": number})
        for table in ("dispute", "ledger", "involved", "card", "known_id", "outbox"):
            _copy(connection.execute, table)
        connection.execute(text("DROP TABLE copy"))


def _copy(execute: Callable[..., object], table: str) -> None:
    described = execute(text(f"PRAGMA table_info('{table}')"))
    names = [row[1] for row in described if row[1] != "id"]  # type: ignore[attr-defined]
    new = {
        "reference": "'ZZ-' || substr('0000000' || copy.n, -7)",
        "message_id": f"'<' || copy.n || '.' || {table}.message_id",
        "key": "'ZZ' || copy.n || key",
        "address": "copy.n || address",
        "recipient": "copy.n || recipient",
        "state": "'sent'" if table == "outbox" else "state",
        "raw": "x''",
        **{name: _before(f'{table}."{name}"') for name in ("at", "head_at")},
        "next_try": "NULL",
        "card_due": "NULL",
    }
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(new.get(name, f'{table}."{name}"') for name in names)
    execute(text(f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table}, copy"))  # noqa: S608 (our own names)


def _before(instant: str) -> str:
    """As many seconds before as the copy's number says: no two have happened at one instant."""
    return f"strftime('%Y-%m-%d %H:%M:%f', {instant}, '-' || copy.n || ' seconds') || '000'"


def _cpu(work: Callable[[], object], times: int = 1) -> float:
    began = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - began) * 1000 / times


def _made(folder: Path, disputes: int) -> tuple[Deployment, Bot, datetime]:
    made = in_maildirs(folder)
    opening = next(corpus(1))
    made.deliver(opening.raw, "0")
    now = utc_now()
    [make] = makers(load_settings(made.config, now.date())).values()
    bot = make(now)
    bot.turn(now)
    copied(bot.store, disputes)
    return made, bot, now


def measure(disputes: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as place:
        made, bot, now = _made(Path(place), disputes)
        bot.begin(now)
        while bot.turn_some(now):
            pass
        found: dict[str, float] = {}
        found["idle turn"] = _cpu(lambda: bot.turn_some(now + timedelta(seconds=1)), 20)
        others = [mail for mail in corpus(40, seed=7) if mail.kind == "opening"][:10]
        for number, mail in enumerate(others):
            made.deliver(mail.raw, f"9{number}")
        found["one opening"] = _cpu(lambda: _until_done(bot, now)) / len(others)
        found["start"] = _cpu(lambda: bot.begin(now))
        found["status"] = _cpu(lambda: command(["status", "--config", str(made.config)]))
        found["show"] = _cpu(lambda: command(["show", "ZZ-0000003", "--config", str(made.config)]))
        found["peak MiB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        bot.store.close()
        return found


def _until_done(bot: Bot, now: datetime) -> None:
    while bot.turn_some(now):
        bot.send(now)
    bot.post(now)


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
