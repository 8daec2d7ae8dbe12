"""What people do with a mail program of their own, over real wire: a waiting message is dragged to where it belongs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mailbot.demo.embedded_servers import EmbeddedServers
from mailbot.shell.clock import elapsed
from mailbot.shell.servers.mailbox_interface import Folder
from mailbot.turns.moved_by_hand import NOT_A_DISPUTE, TRY_AGAIN
from tests.acceptance.test_end_to_end import Told, _by_day
from tests.people import ADDRESS
from tests.scenarios.north_somerset.test_to_the_end import RAISED
from tests.servers.shape import Servers
from tests.unit.shell.people import Person
from tests.wires import ServerWire


@pytest.fixture
def wire() -> Iterator[ServerWire]:
    """Servers of its own: everybody's mailbox is empty."""
    with EmbeddedServers(dict.fromkeys(ADDRESS.values(), "story")) as one:
        host = one.host
        yield ServerWire(Servers(host, one.imap_port, "none", host, one.smtp_port, "none", None, one.users))


@pytest.fixture
def told(wire: ServerWire, tmp_path: Path) -> Iterator[Told]:
    made = Told(wire, tmp_path)
    yield made
    made.close()


@pytest.fixture
def person(wire: ServerWire) -> Iterator[Person]:
    one = Person(wire.servers, ADDRESS["mailbox"])
    yield one
    one.leave()


def lies_in(told: Told, folder: Folder) -> list[str]:
    return [message_id for _, message_id in told.mailbox.messages(folder)]


def test_a_message_that_waits_is_dragged_into_a_dispute_and_acts_there(told: Told, person: Person) -> None:
    told.writes("hartwell", RAISED, subject="[ESCALATION] Stage 1 - K.W.", to="fenn")
    told.writes(
        "hartwell",
        f"RESOLVED\nTobias Fenn visits K at home by {_by_day(told)}.",
        subject="[NS-26-0999] The visit",
        to="fenn",
    )
    assert len(told.store.held(told.site.id)) == 1
    assert told.cards() == ["Stage 1: waiting on practitioners"]
    person.drag(told.written[-1], ("Disputes", told.reference))
    told.turn()
    assert told.store.held(told.site.id) == []
    asked = ["Stage 1: waiting on Seamoor Council Children's Social Care to confirm what was agreed"]
    assert told.cards() == asked
    assert told.sent()[ADDRESS["bm"]] == 1
    assert told.written[-1] in lies_in(told, ("Disputes", told.reference))

    person.drag_on(told.written[-1], ("Disputes", told.reference), NOT_A_DISPUTE)
    told.turn()
    assert told.cards() == asked, "what was decided stays decided"
    assert told.sent()[ADDRESS["bm"]] == 2, "and somebody is told that it does"


def test_a_message_is_dismissed_and_read_after_all_without_a_word_typed(told: Told, person: Person) -> None:
    told.writes("hartwell", RAISED, subject="[ESCALATION] Stage 1 - K.W.", to="fenn")
    told.writes("reed", "RESOLVED\nWe agreed on a visit.", subject="The visit", to="fenn")
    person.drag(told.written[-1], NOT_A_DISPUTE)
    told.turn()
    assert told.store.held(told.site.id) == []
    assert lies_in(told, NOT_A_DISPUTE) == [told.written[-1]]
    person.drag_on(told.written[-1], NOT_A_DISPUTE, TRY_AGAIN)
    told.turn()
    rows = told.store.dispute_rows(told.site.id)
    assert [row.reference[-4:] for row in rows] == ["0001", "0002"], "moving it there says yes: it is a dispute"
    assert lies_in(told, ("Disputes", rows[1].reference)) == [told.written[-1]]
    assert lies_in(told, TRY_AGAIN) == []
    assert told.sent()[ADDRESS["bm"]] == 2


def test_looking_at_fifty_folders_fetches_nothing_that_lies_there(told: Told) -> None:
    """One question a folder: whatever lies there, a turn asks after fifty in a moment. The bound is a generous one."""
    folders = [("Disputes", f"NS-26-{number:04d}") for number in range(1, 51)]
    large = b"Message-ID: <large@nsscp.example>\r\n\r\n" + b"x" * 5_000_000
    for folder in folders:
        told.mailbox.make(folder)
    told.mailbox.file(folders[0], large, told.now)
    begun = elapsed()
    tops = told.mailbox.tops(folders)
    assert elapsed() - begun < 5
    assert [tops[folder].count for folder in folders] == [1, *[0] * 49]
