"""How often an answer of PostgreSQL is awaited: counted on the wire, where a server of one's own is named."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import make_url

from benchmarks.round_trips import Wire, schema_at
from mailbot.shell.store.store import Store

SERVER = os.environ.get("MAILBOT_TEST_POSTGRES", "")
pytestmark = pytest.mark.skipif(not SERVER, reason="MAILBOT_TEST_POSTGRES names no server")


@pytest.fixture
def wire() -> Wire:
    here = make_url(SERVER)
    return Wire(here.host or "127.0.0.1", here.port or 5432)


@pytest.fixture
def store(wire: Wire) -> Iterator[Store]:
    """Asked through the wire, by a connection that it has made already."""
    with schema_at(SERVER) as own:
        made = Store.open(make_url(own).set(port=wire.port).render_as_string(False), create=True)
        made.next_due("ns")
        wire.trips = 0
        yield made
        made.close()


def test_a_single_question_is_answered_once(store: Store, wire: Wire) -> None:
    store.next_due("ns")
    assert wire.trips == 1
