"""How often an answer of PostgreSQL is awaited: counted on the wire, where a server of one's own is named."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import make_url

from benchmarks.round_trips import Wire, schema_at
from mailbot.shell.servers.postman_interface import Outcome
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import LetterEnding
from tests.unit.shell.store.stores import MINUTE, NINE, letter

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
        made.waiting("ns")
        made.note("ns", "begun", NINE)
        wire.trips = 0
        yield made
        made.close()


def test_a_single_question_is_answered_once(store: Store, wire: Wire) -> None:
    store.next_due("ns")
    assert wire.trips == 1


def test_four_questions_of_one_moment_are_begun_with_the_first_and_ended(store: Store, wire: Wire) -> None:
    store.waiting("ns")
    assert wire.trips == 5


def test_what_is_written_is_begun_with_it_and_made_durable(store: Store, wire: Wire) -> None:
    store.note("ns", "done", NINE)
    assert wire.trips == 2
    assert store.last("ns", "done") == NINE


def test_five_letters_that_went_are_marked_by_one_answer(store: Store, wire: Wire) -> None:
    with store.transaction() as work:
        for number in range(1, 6):
            work.put_letter(letter(number))
    claimed = store.claim_letters("ns", NINE, MINUTE, 5)
    wire.trips = 0
    store.letters_done([LetterEnding(one.id, Outcome.ACCEPTED, f"250 {one.id}") for one in claimed], NINE)
    assert wire.trips == 1
    assert store.letters_by_state("ns") == {"sent": 5}
    assert store.open_letters("ns") == []
