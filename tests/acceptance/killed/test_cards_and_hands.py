"""Killed while a card is replaced, or while something moved by hand is acted on: one card, one act, and no less.

A card goes up before the older one comes down, so that whoever dies between leaves two; the next pass leaves one.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from mailbot.core.record.events import ResolutionProposed
from mailbot.core.record.events_of_mail import MessageFiled, MovedByHand
from mailbot.demo.embedded_servers import EmbeddedServers
from mailbot.shell.servers.connection import Connection
from mailbot.shell.servers.imap import ImapMailbox
from mailbot.shell.store.store import Store
from mailbot.turns.overview_card import OVERVIEW
from mailbot.turns.sending_and_filing import CLAIM
from tests.acceptance.killed.test_kill import NOON, _message, _run
from tests.acceptance.killed.worker import PASSWORD
from tests.people import ADDRESS
from tests.scenarios.north_somerset.test_to_the_end import RAISED

HERE = ("Disputes", "NS-26-0001")
TOMORROW = NOON + timedelta(days=1)
MOMENT = timedelta(seconds=1)


@pytest.fixture
def servers() -> Iterator[EmbeddedServers]:
    """With one dispute in the mailbox, raised today."""
    with EmbeddedServers(dict.fromkeys(ADDRESS.values(), PASSWORD)) as running:
        raised = _message(1, "hartwell", "fenn", "[ESCALATION] K.W.", RAISED)
        running.deliver(ADDRESS["mailbox"], raised, when=NOON)
        yield running


@pytest.fixture
def shared(servers: EmbeddedServers) -> Iterator[ImapMailbox]:
    mailbox = ImapMailbox(Connection("127.0.0.1", servers.imap_port, ADDRESS["mailbox"], PASSWORD, "none"))
    yield mailbox
    mailbox.close()


def cards(shared: ImapMailbox) -> set[str]:
    found = [message_id for _, message_id in shared.messages(OVERVIEW)]
    assert len(found) == len(set(found))
    return set(found)


@pytest.mark.parametrize(("point", "left"), [("card put up", 2), ("card taken down", 1), ("card replaced", 1)])
def test_a_card_that_was_being_replaced_is_one_card_after_the_next_pass(
    tmp_path: Path, servers: EmbeddedServers, shared: ImapMailbox, point: str, left: int
) -> None:
    store = tmp_path / "kill.db"
    assert _run(store, servers, "none", 0, NOON) == 0
    first = cards(shared)
    assert len(first) == 1
    assert _run(store, servers, point, 1, TOMORROW) == -9, "it was not killed: the point was never passed"
    assert len(cards(shared)) == left
    assert _run(store, servers, "none", 0, TOMORROW + MOMENT) == 0
    second = cards(shared)
    assert len(second) == 1
    assert not second & first
    assert _run(store, servers, "none", 0, TOMORROW + CLAIM) == 0, "a dead process's claims end with their time"
    assert cards(shared) == second, "and what is done again changes nothing"
    opened = Store.open(f"sqlite:///{store}")
    assert opened.waiting("north-somerset").filings == 0
    opened.close()


@pytest.mark.parametrize(("point", "nth"), [("settled by hand", 1), ("kept by hand", 1), ("decided", 2)])
def test_what_was_moved_by_hand_is_acted_on_once(
    tmp_path: Path, servers: EmbeddedServers, shared: ImapMailbox, point: str, nth: int
) -> None:
    waiting = _message(
        2, "hartwell", "fenn", "[NS-26-0099] The visit", "RESOLVED\nA visit is made by 11 September 2026."
    )
    servers.deliver(ADDRESS["mailbox"], waiting, when=NOON)
    store = tmp_path / "kill.db"
    assert _run(store, servers, "none", 0, NOON) == 0
    (held,) = shared.arrivals(None)
    assert shared.move(held.place, HERE)
    assert shared.file(HERE, _message(3, "fenn", "hartwell", "Old notes", "CONFIRM"), NOON)
    assert _run(store, servers, point, nth, NOON + MOMENT) == -9, "it was not killed: the point was never passed"
    assert _run(store, servers, "none", 0, NOON + CLAIM) == 0
    opened = Store.open(f"sqlite:///{store}")
    try:
        dispute = opened.dispute("north-somerset", "NS-26-0001")
        assert dispute is not None
        happened = Counter(type(event) for event in dispute.history)
        assert [happened[kind] for kind in (MessageFiled, ResolutionProposed, MovedByHand)] == [2, 1, 2]
        assert opened.held("north-somerset") == []
        told = [letter for letter in opened.letters("north-somerset", "") if letter.letter == "hand_filed"]
        assert len(told) == 2
        assert opened.verify("north-somerset") == []
    finally:
        opened.close()
    assert len(cards(shared)) == 1
