"""Stores for tests: a fresh SQLite file each and, where MAILBOT_TEST_POSTGRES names a server, a fresh schema each.

Test modules take the fixtures by name: ``url = stores.url``.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from mailbot.core.record.events import DisputeOpened, Event, StageEntered
from mailbot.core.record.intents import Person
from mailbot.core.record.ledger import Cause
from mailbot.shell.servers.mailbox_interface import Arrival, Place
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import Kept, Letter

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ANNA = Person("anna.ash@council.example", "Anna Ash", "Children's Services")
FROM_MAIL = Cause("message", "ab12")
SERVER = os.environ.get("MAILBOT_TEST_POSTGRES", "")
_schemas = count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'mailbot.db'}"
        return
    if not SERVER:
        pytest.skip("MAILBOT_TEST_POSTGRES names no server")
    schema = f"mailbot_{os.getpid()}_{next(_schemas)}"
    engine = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    own = make_url(SERVER).update_query_dict({"options": f"-csearch_path={schema}"})
    yield own.render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store.open(url, create=True)
    yield opened
    opened.close()


def kept(uid: int, raw: bytes = b"", message_id: str = "", uidvalidity: int = 1) -> Kept:
    """As it is kept when it arrives, so that it is known by what the program knows it by."""
    arrived = Arrival(Place("INBOX", uidvalidity, uid), raw or b"message %d" % uid, NINE + uid * MINUTE)
    return replace(Kept.of(arrived), message_id=message_id or f"<{uid}@x.example>")


def opening(reference: str, partnership: str = "ns", at: datetime = NINE) -> tuple[Event, ...]:
    return (
        DisputeOpened(
            at=at,
            reference=reference,
            partnership=partnership,
            protocol="northshire",
            version="2024-11",
            raised=at,
            raiser=ANNA,
            raising="Children's Services",
        ),
        StageEntered(at=at, stage="Step 1", how="opening"),
    )


def open_dispute(store: Store, partnership: str = "ns") -> str:
    with store.transaction() as work:
        reference = work.new_reference(partnership, "NS", 2026)
        work.append(partnership, reference, opening(reference, partnership), FROM_MAIL, NINE)
    return reference


def letter(number: int, reference: str = "NS-26-0001", name: str = "reminder", created: datetime = NINE) -> Letter:
    return Letter(
        partnership="ns",
        reference=reference,
        key=f"{reference} 2 {name} {number}",
        letter=name,
        recipient=f"person{number}@council.example",
        subject=f"[{reference}]",
        message_id=f"<{number}@bot.example>",
        raw=b"letter %d" % number,
        created=created,
    )


_ELSEWHERE = """
import sys
from mailbot.core.record.events_of_mail import StatusAsked
from mailbot.shell.store import Store
from tests.unit.shell.store.stores import ANNA, FROM_MAIL, NINE
with Store.open(sys.argv[1]).transaction() as work:
    work.append("ns", sys.argv[2], [StatusAsked(at=NINE, by=ANNA)], FROM_MAIL, NINE)
"""


def from_another_process(url: str, reference: str) -> None:
    """Something is decided about ``reference`` by a process of its own."""
    subprocess.run([sys.executable, "-c", _ELSEWHERE, url, reference], check=True)
