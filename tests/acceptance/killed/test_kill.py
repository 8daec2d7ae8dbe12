"""The process is killed, really, at every named point, over real sockets; started again, nothing is lost or doubled.

What may come twice is a letter whose sending was not yet written down: the same bytes, under the same Message-ID,
because nobody can do better in mail (RFC 1047).
"""

import multiprocessing
from collections import Counter
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from mailbot.core.record.events import DisputeClosed, DisputeOpened, ResolutionProposed
from mailbot.core.record.events_of_mail import MessageFiled
from mailbot.demo.embedded_servers import EmbeddedServers
from mailbot.shell.servers.connection import Connection
from mailbot.shell.servers.imap import ImapMailbox
from mailbot.shell.servers.mailbox_interface import message_id_of
from mailbot.shell.store.store import Store
from mailbot.turns.sending_and_filing import CLAIM
from tests.acceptance.killed import worker
from tests.acceptance.killed.worker import PASSWORD
from tests.people import ADDRESS
from tests.scenarios.north_somerset.test_to_the_end import RAISED
from tests.thorough import WHOLE

NOON = datetime(2026, 9, 7, 11, 0, tzinfo=UTC)
POINTS = [
    ("fetched", 2),
    ("stored", 1),
    ("decided", 1),
    ("committed", 1),
    ("committed", 3),
    ("claimed", 1),
    ("sent", 1),
    ("marked", 1),
    ("moved", 1),
    ("filed", 1),
]
# Passed another time: tried in a campaign, as are the points of ``tests.campaigns.kills``.
AGAIN = [("fetched", 1), ("decided", 2), ("sent", 3), ("marked", 2), ("moved", 2)]
TRIED = [*POINTS, *AGAIN] if WHOLE else POINTS


def _message(number: int, by: str, to: str, subject: str, body: str, answers: str = "") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Cc"] = ADDRESS[by], ADDRESS[to], ADDRESS["mailbox"]
    message["Subject"], message["Date"] = subject, NOON
    message["Message-ID"] = f"<kill.{number}@{ADDRESS[by].rpartition('@')[2]}>"
    if answers:
        message["In-Reply-To"] = message["References"] = answers
    message.set_content(body)
    return bytes(message)


def _story() -> list[bytes]:
    """Raised, talked about, resolved, confirmed: an opening, a note, a proposal and a closing, waiting in the inbox."""
    first = "<kill.1@larkfield.sch.example>"
    return [
        _message(1, "hartwell", "fenn", "[ESCALATION] K.W.", RAISED),
        _message(2, "fenn", "hartwell", "RE: [ESCALATION] K.W.", "Thanks, will ring you at two.", first),
        _message(
            3,
            "hartwell",
            "fenn",
            "RE: [ESCALATION] K.W.",
            "RESOLVED\nTobias visits K at home by 11 September 2026.",
            first,
        ),
        _message(4, "fenn", "hartwell", "RE: [ESCALATION] K.W.", "CONFIRM", first),
    ]


# A server that has loaded everything once, and forks: a process of its own for each trial, without its start-up.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.acceptance.killed.warmed"])


def _run(store: Path, servers: EmbeddedServers, point: str, nth: int, now: datetime) -> int | None:
    """How the process ended: 0, or minus the signal that killed it."""
    arguments = (str(store), servers.imap_port, servers.smtp_port, now.isoformat(), point, nth)
    process = FORKS.Process(target=worker.main, args=arguments)
    process.start()
    process.join(60)
    return process.exitcode


@pytest.mark.parametrize(("point", "nth"), TRIED, ids=[f"{point}-{nth}" for point, nth in TRIED])
def test_killed_and_started_again_nothing_is_lost_and_nothing_is_done_twice(
    tmp_path: Path, point: str, nth: int
) -> None:
    users = dict.fromkeys(ADDRESS.values(), PASSWORD)
    store = tmp_path / "kill.db"
    with EmbeddedServers(users) as servers:
        for raw in _story():
            servers.deliver(ADDRESS["mailbox"], raw, when=NOON)
        assert _run(store, servers, point, nth, NOON) == -9, "it was not killed: the point was never passed"
        assert _run(store, servers, "none", 0, NOON + CLAIM) == 0, "a dead process's claims end with their time"
        _holds(store, servers, may_repeat=point in ("sent",))


def _holds(path: Path, servers: EmbeddedServers, may_repeat: bool) -> None:
    store = Store.open(f"sqlite:///{path}")
    try:
        assert store.verify("north-somerset") == []
        dispute = store.dispute("north-somerset", "NS-26-0001")
        assert dispute is not None
        happened = Counter(type(event) for event in dispute.history)
        kinds = (DisputeOpened, MessageFiled, ResolutionProposed, DisputeClosed)
        assert [happened[kind] for kind in kinds] == [1, 4, 1, 1]
        assert len(store.dispute_rows("north-somerset")) == 1
        waiting = store.waiting("north-somerset")
        assert (waiting.unread, waiting.letters, waiting.filings) == (0, 0, 0)
        sent = {r.message_id: r.recipient for r in store.letters("north-somerset", "NS-26-0001") if r.state == "sent"}
    finally:
        store.close()
    _mailboxes_hold(servers, sent, may_repeat)


def _mailboxes_hold(servers: EmbeddedServers, sent: dict[str, str], may_repeat: bool) -> None:
    shared = ImapMailbox(Connection("127.0.0.1", servers.imap_port, ADDRESS["mailbox"], PASSWORD, "none"))
    try:
        assert list(shared.arrivals(None)) == []
        filed = Counter(message_id for _, message_id in shared.messages(("Disputes", "NS-26-0001")))
        assert set(filed.values()) == {1}
        assert {f"<kill.{n}@larkfield.sch.example>" for n in (1, 3)} <= set(filed)
        assert len(filed) == 5, "four messages and one closing summary"
    finally:
        shared.close()
    for address in set(sent.values()):
        theirs = ImapMailbox(Connection("127.0.0.1", servers.imap_port, address, PASSWORD, "none"))
        arrived = [arrival.raw for arrival in theirs.arrivals(None)]
        theirs.close()
        expected = [message_id for message_id, recipient in sent.items() if recipient == address]
        copies = {i: [raw for raw in arrived if message_id_of(raw) == i] for i in expected}
        assert all(len(set(same)) == 1 for same in copies.values()), "every copy is the same, byte for byte"
        assert may_repeat or all(len(same) == 1 for same in copies.values())
