"""How many times a message waits for PostgreSQL: every answer that is awaited on the wire, counted between the two.

MAILBOT_TEST_POSTGRES names the server, as for the tests. What is counted is what a distant database would cost: a
proxy of our own stands before it, and counts each time that we speak after the server has answered.
"""

import json
import os
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from benchmarks.mail_corpus import corpus
from mailbot.build import makers
from mailbot.shell.clock import utc_now
from mailbot.shell.config.configuration import load_settings
from mailbot.turns.bot import Bot
from tests.deployment import in_maildirs

AWAY = 0.002  # seconds that an answer is on its way: what we say meanwhile awaits nothing
SERVER = os.environ.get("MAILBOT_TEST_POSTGRES", "")


class Wire:
    """A port before the server's own. ``trips``: how often an answer was awaited, over all connections."""

    def __init__(self, host: str, port: int) -> None:
        self._server = host, port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.trips = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            ours, _ = self._listening.accept()
            theirs = socket.create_connection(self._server)
            for one in (ours, theirs):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            spoken = threading.Event()  # by us, and not answered yet
            threading.Thread(target=self._hand_on, args=(ours, theirs, spoken, True), daemon=True).start()
            threading.Thread(target=self._hand_on, args=(theirs, ours, spoken, False), daemon=True).start()

    def _hand_on(self, source: socket.socket, target: socket.socket, spoken: threading.Event, asks: bool) -> None:
        while some := source.recv(1 << 16):
            if not asks:
                time.sleep(AWAY)
                spoken.clear()
            elif not spoken.is_set():
                spoken.set()
                self.trips += 1
            target.sendall(some)
        target.close()


@contextmanager
def schema_at(server: str) -> Iterator[str]:
    """A schema of its own on the server, gone afterwards; its address, through which it is reached alone."""
    schema = f"mailbot_bench_{os.getpid()}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    try:
        yield make_url(server).update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        engine.dispose()


def counted(messages: int, on_postgres: bool = True) -> dict[str, float]:
    """Round trips, statements and seconds of CPU, for all of ``messages`` up to their last letter; from the second
    twenty on, when every statement is known to the server."""
    here = make_url(SERVER)
    wire = Wire(here.host or "127.0.0.1", here.port or 5432)
    with tempfile.TemporaryDirectory() as folder, schema_at(SERVER) as own:
        through = make_url(own).set(port=wire.port).render_as_string(False)
        made = in_maildirs(Path(folder))
        if on_postgres:
            assert made.command("migrate", own) == 0
            made.change("mailbot.toml", "sqlite:///../var/mailbot.db", through)
        mails = [mail.raw for mail in corpus(messages + 20)]
        for place, raw in enumerate(mails[:20]):
            made.deliver(raw, f"{place:06}")
        now = utc_now()
        [make] = makers(load_settings(made.config, now.date())).values()
        bot = make(now)
        bot.begin(now)
        _until_all_is_sent(bot)
        for place, raw in enumerate(mails[20:], 20):
            made.deliver(raw, f"{place:06}")
        asked: Counter[str] = Counter()
        bot.store.hear_statements(lambda sql: asked.update([sql.split("\n")[0][:60]]))
        before, cpu, began = wire.trips, time.process_time(), time.perf_counter()
        _until_all_is_sent(bot)
        found = {
            "round trips": (wire.trips - before) / messages,
            "statements": (sum(asked.values()) - asked["COMMIT"]) / messages,
            "CPU ms": 1000 * (time.process_time() - cpu) / messages,
            "wall ms": 1000 * (time.perf_counter() - began) / messages,
        }
        if "-v" in sys.argv:
            print(*asked.most_common(60), sep="\n")
        bot.close()
        bot.store.close()
    return {name: round(value, 2) for name, value in found.items()}


def _until_all_is_sent(bot: Bot) -> None:
    now = utc_now()
    while bot.turn_some(now):
        bot.send(now)
    bot.post(now)


def main() -> None:
    for name in ("PostgreSQL", "SQLite"):
        print(f"{name:<10} {json.dumps(counted(int(sys.argv[1]), name == 'PostgreSQL'))}", flush=True)


if __name__ == "__main__":
    main()
