"""How long a mailbox waits when the process that reads it is killed or stopped: two processes on one PostgreSQL.

MAILBOT_TEST_POSTGRES names the server, as for the tests. What is told is the time from the signal to the first letter
that answers a mail which came at that moment; and whether any letter went twice, or not at all.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from email.parser import BytesHeaderParser
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from tests.deployment import Deployment, in_maildirs, opening

SERVER = os.environ.get("MAILBOT_TEST_POSTGRES", "")
PATIENCE = 60.0  # seconds


def _runs(made: Deployment) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "mailbot", "run", "--config", str(made.config)]
    with (made.folder / "log").open("ab") as log:
        return subprocess.Popen(words, stdout=log, stderr=log)  # noqa: S603 (our own words)


def _until(what: Callable[[], bool]) -> float:
    began = time.perf_counter()
    while not what():
        if time.perf_counter() - began > PATIENCE:
            raise TimeoutError(f"nothing within {PATIENCE:.0f} s")
        time.sleep(0.02)
    return time.perf_counter() - began


def _letters(made: Deployment) -> list[str]:
    heads = (BytesHeaderParser().parsebytes(path.read_bytes()) for path in (made.folder / "post").glob("*/new/*"))
    return [str(head["Message-ID"]) for head in heads]


def _opening(number: int) -> bytes:
    return opening(number).replace(b"Q.Z.", f"{chr(65 + number)}.Z.".encode())


def taken_over(number: signal.Signals) -> str:
    schema = f"mailbot_bench_{os.getpid()}"
    engine = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    own = make_url(SERVER).update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(False)
    running: list[subprocess.Popen[bytes]] = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            made = in_maildirs(Path(folder))
            assert made.command("migrate", own) == 0
            made.change("mailbot.toml", "sqlite:///../var/mailbot.db", own)
            made.deliver(_opening(1), "1")
            running.append(_runs(made))
            _until(lambda: len(_letters(made)) >= 2)
            running.append(_runs(made))
            _until(lambda: b"standing by" in (made.folder / "log").read_bytes())
            running[0].send_signal(number)
            made.deliver(_opening(2), "2")
            before = len(_letters(made))
            seconds = _until(lambda: len(_letters(made)) >= 2 * before)
            if number is signal.SIGSTOP:
                running[0].send_signal(signal.SIGCONT)
            made.deliver(_opening(3), "3")
            _until(lambda: len(_letters(made)) >= 3 * before)
            found = _letters(made)
            return f"{seconds:6.1f} s; {len(found)} letters, {len(found) - len(set(found))} of them twice"
        finally:
            for one in running:
                one.send_signal(signal.SIGCONT)
                one.terminate()
                one.wait(30)
            with engine.connect() as connection:
                connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
            engine.dispose()


def main() -> None:
    for name, number in (("killed", signal.SIGKILL), ("stopped", signal.SIGSTOP)):
        print(f"taken over from one that was {name}: {taken_over(number)}")


if __name__ == "__main__":
    main()
