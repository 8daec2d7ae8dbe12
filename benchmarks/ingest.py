"""What a message costs from arriving to its last letter: mailbot, and two bare floors that do no more than any must.

Each runs in a process of its own on the same mail in a Maildir, so that what is counted is its own: seconds of CPU,
statements, durable commits, letters, the highest memory. The lean floor keeps the bytes in SQLite, one durable commit a
message, and answers with a string; the plain one does it with SQLAlchemy and the standard library's mail classes.
"""

import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP, compat32
from pathlib import Path

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, create_engine, insert

from benchmarks import peers
from benchmarks.mail_corpus import MAILBOX, corpus

Counts = dict[str, float]


def measured(kind: str, messages: int) -> Counts:
    """In a process of its own."""
    words = [sys.executable, "-m", "benchmarks.ingest", kind, str(messages)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603 (our own words)
    found: Counts = json.loads(done.stdout.splitlines()[-1])
    return found


def _mailbot(folder: Path, messages: int) -> Counts:
    from mailbot.build import makers
    from mailbot.shell.clock import utc_now
    from mailbot.shell.config.configuration import load_settings
    from tests.deployment import in_maildirs

    made = in_maildirs(folder)
    for place, mail in enumerate(corpus(messages)):
        made.deliver(mail.raw, f"{place:06}")
        os.utime(made.folder / "mail" / "new" / f"{place:06}", (mail.sent.timestamp(), mail.sent.timestamp()))
    now = utc_now()
    [make] = makers(load_settings(made.config, now.date())).values()
    bot = make(now)
    counted: Counts = {"statements": 0, "commits": 0}
    bot.store.hear_statements(lambda sql: _count(counted, sql))
    began, cpu = time.perf_counter(), time.process_time()
    first = 0.0
    bot.begin(now)
    while bot.turn_some(now):
        bot.send(now)
        first = first or time.perf_counter() - began
    bot.post(now)
    counted |= {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu, "first": first}
    counted["letters"] = sum(bot.store.letters_by_state(bot.site.id).values())
    assert bot.store.waiting(bot.site.id).unread == 0
    return counted


def _count(counted: Counts, sql: str) -> None:
    """Each statement with what begins a transaction, and each transaction that writes: it ends in a durable commit."""
    counted["statements"] += sql != "COMMIT"
    counted["commits"] += sql == "BEGIN IMMEDIATE"


def _lean(folder: Path, messages: int) -> Counts:
    inbox, post = _folders(folder, messages)
    store = sqlite3.connect(folder / "floor.db", isolation_level=None)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = FULL")
    store.execute("CREATE TABLE message (id INTEGER PRIMARY KEY, raw BLOB NOT NULL)")
    began, cpu = time.perf_counter(), time.process_time()
    for place, file in enumerate(sorted(inbox.iterdir())):
        raw = file.read_bytes()
        store.execute("INSERT INTO message (raw) VALUES (?)", (raw,))
        read = BytesParser(policy=compat32).parsebytes(raw, headersonly=True)
        answer = f"From: {MAILBOX}\r\nTo: {read['From']}\r\nSubject: RE: {read['Subject']}\r\n\r\nIt has come.\r\n"
        (post / f"{place:06}").write_text(answer)
    return _ended(began, cpu, messages)


def _plain(folder: Path, messages: int) -> Counts:
    inbox, post = _folders(folder, messages)
    engine = create_engine(f"sqlite:///{folder / 'floor.db'}")
    kept = Table("message", MetaData(), Column("id", Integer, primary_key=True), Column("raw", LargeBinary))
    kept.metadata.create_all(engine)
    began, cpu = time.perf_counter(), time.process_time()
    for place, file in enumerate(sorted(inbox.iterdir())):
        raw = file.read_bytes()
        with engine.begin() as connection:
            connection.execute(insert(kept), {"raw": raw})
        read = BytesParser(policy=compat32).parsebytes(raw)
        answer = EmailMessage(policy=SMTP)
        answer["From"], answer["To"], answer["Subject"] = MAILBOX, str(read["From"]), f"RE: {read['Subject']}"
        answer.set_content("It has come.\n")
        (post / f"{place:06}").write_bytes(bytes(answer))
    return _ended(began, cpu, messages)


def _folders(folder: Path, messages: int) -> tuple[Path, Path]:
    inbox, post = folder / "inbox", folder / "post"
    inbox.mkdir()
    post.mkdir()
    for place, mail in enumerate(corpus(messages)):
        (inbox / f"{place:06}").write_bytes(mail.raw)
    return inbox, post


def _ended(began: float, cpu: float, messages: int) -> Counts:
    return {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu, "letters": messages}


RUNS: dict[str, Callable[[Path, int], Counts]] = {
    "lean floor": _lean,
    "plain floor": _plain,
    "Roundup": peers.roundup,
    "django-helpdesk": peers.helpdesk,
    "mailbot": _mailbot,
}


def main() -> None:
    kind, messages = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        found = RUNS[kind](Path(folder), messages)
    found.setdefault("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
