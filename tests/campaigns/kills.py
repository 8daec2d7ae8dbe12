"""``python -m tests.campaigns.kills SEEDS [FIRST [SOME]]``: the process killed at 48 points, on real Dovecot.

A point is one that the bot passes, or the moment before a statement reaches the database: between any two of them
nothing else becomes durable. After the kill it is started again, and once more; then everything must hold.
"""

import shutil
import sys
import tempfile
from collections import Counter
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from mailbot.core.record.events import DisputeClosed, DisputeOpened, ResolutionProposed
from mailbot.core.record.events_of_mail import MessageFiled
from mailbot.demo.embedded_servers import EmbeddedServers
from mailbot.shell.servers.connection import Connection
from mailbot.shell.servers.imap import ImapMailbox
from mailbot.shell.servers.mailbox_interface import message_id_of
from mailbot.shell.store.store import Store
from mailbot.turns.sending_and_filing import CLAIM
from mailbot.watching.invariants import breaches
from mailbot.watching.record_at_a_moment import snapshot_of
from tests.acceptance.killed.test_kill import FORKS, NOON, _story
from tests.acceptance.killed.worker import PASSWORD
from tests.campaigns import victim
from tests.people import ADDRESS
from tests.servers.certificates import made
from tests.servers.dovecot import dovecot
from tests.sites import site_for

# (what is passed, how often before it kills). A name alone is the bot's own; "insert outbox" is a statement to come.
POINTS: tuple[tuple[str, int], ...] = (
    *(("fetched", n) for n in (1, 4)),
    *(("stored", n) for n in (1, 2)),
    *(("decided", n) for n in (1, 3, 4)),
    *(("committed", n) for n in (1, 4)),
    *(("claimed", n) for n in (1, 2)),
    *(("sent", n) for n in (1, 2, 4)),
    *(("marked", n) for n in (1, 3)),
    *(("moved", n) for n in (1, 3)),
    ("filed", 1),
    ("card put up", 1),
    ("card replaced", 1),
    *(("insert message", n) for n in (1,)),
    ("insert message_bytes", 1),
    ("insert mailbox", 1),
    ("update mailbox", 1),
    *(("update message", n) for n in (1, 2, 4)),
    ("insert dispute", 1),
    *(("insert ledger", n) for n in (1, 3)),
    *(("update dispute", n) for n in (1, 4)),
    *(("insert outbox", n) for n in (1, 3)),
    *(("update outbox", n) for n in (1, 3)),
    *(("insert filing", n) for n in (1, 3)),
    *(("update filing", n) for n in (1, 2)),
    ("insert card", 1),
    *(("insert known_id", n) for n in (1, 2)),
    ("insert involved", 1),
    *(("insert counter", n) for n in (1, 2)),
    ("insert note", 1),
)
assert len(POINTS) == 48


def run(store: Path, where: tuple[int, str, int], login: str, now: datetime, point: str, nth: int) -> int | None:
    arguments = (str(store), where, login, now.isoformat(), point, nth)
    process = FORKS.Process(target=victim.work, args=arguments)
    process.start()
    process.join(120)
    return process.exitcode


def main(seeds: int, first: int = 1, some: int = len(POINTS)) -> int:
    """``some`` points, drawn by the first seed, where not all are tried."""
    FORKS.set_forkserver_preload(["tests.campaigns.victim"])
    directory = Path(tempfile.mkdtemp(prefix="mailbot-kills-"))
    directory.chmod(0o755)
    chosen = POINTS if some >= len(POINTS) else tuple(Random(first).sample(POINTS, some))
    logins = [f"kill-{number}@nsscp.example" for number in range(len(chosen) * seeds)]
    wrong: list[str] = []
    doubled = killed = 0
    try:
        certificates = made(directory)
        with dovecot(directory, dict.fromkeys(logins, PASSWORD), certificates) as imap:
            for number, login in enumerate(logins):
                seed, (point, nth) = first + number // len(chosen), chosen[number % len(chosen)]
                with EmbeddedServers(dict.fromkeys(ADDRESS.values(), PASSWORD)) as post:
                    where = (imap.tls_port, str(certificates.authority), post.smtp_port)
                    died, found, copies = trial(directory / f"{number}.db", where, login, post, point, nth, seed)
                killed += died
                doubled += copies
                wrong += [f"seed {seed}, {point} {nth}: {one}" for one in found]
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    for one in wrong:
        print(one)
    print(
        f"{len(logins)} trials at {len(chosen)} points, seeds {first} to {first + seeds - 1}: {killed} killed, "
        f"{len(wrong)} violations, {doubled} letters twice (the same bytes)"
    )
    return 1 if wrong else 0


def trial(
    store: Path, where: tuple[int, str, int], login: str, post: EmbeddedServers, point: str, nth: int, seed: int
) -> tuple[bool, list[str], int]:
    """One kill, and two starts after it. An even seed shifts the kill by one, where
    the point is passed often."""
    shared = ImapMailbox(Connection("localhost", where[0], login, PASSWORD, "tls", where[1]))
    with closing(shared):
        for raw in _story():
            seal = b"Authentication-Results: mail.nsscp.example; dmarc=pass header.from="
            domain = raw.partition(b"From: ")[2].partition(b"\n")[0].strip().rpartition(b"@")[2]
            shared.file(("INBOX",), seal + domain + b"\r\n" + raw, NOON)
    died = run(store, where, login, NOON, point, nth + (seed - 1) % 2 * (nth > 1)) == -9
    for later in (CLAIM, CLAIM + timedelta(minutes=1)):
        code = run(store, where, login, NOON + later, "none", 0)
        if code != 0:
            return died, [f"started again it ended with {code}"], 0
    return died, *_holds(store, where, login, post)


def _holds(path: Path, where: tuple[int, str, int], login: str, post: EmbeddedServers) -> tuple[list[str], int]:
    wrong: list[str] = []
    site = site_for("north-somerset", NOON.date(), trusted=("mail.nsscp.example",))
    with closing(Store.open(f"sqlite:///{path}")) as store:
        wrong += store.verify(site.id)
        wrong += breaches(snapshot_of(store, site, (NOON + CLAIM + timedelta(minutes=1)).astimezone(UTC)))
        dispute = store.dispute(site.id, "NS-26-0001")
        happened = Counter(type(one) for one in dispute.history) if dispute else Counter()
        kinds = (DisputeOpened, MessageFiled, ResolutionProposed, DisputeClosed)
        if [happened[kind] for kind in kinds] != [1, 4, 1, 1]:
            wrong.append(f"it happened otherwise: {[happened[kind] for kind in kinds]}")
        waiting = store.waiting(site.id)
        if (waiting.unread, waiting.letters, waiting.filings) != (0, 0, 0):
            wrong.append(f"stuck: {waiting}")
        letters = store.letters(site.id, "NS-26-0001")
    shared = ImapMailbox(Connection("localhost", where[0], login, PASSWORD, "tls", where[1]))
    with closing(shared):
        if list(shared.arrivals(None)):
            wrong.append("something was left in the inbox")
        filed = Counter(one for _, one in shared.messages(("Disputes", "NS-26-0001")))
        if set(filed.values()) != {1} or len(filed) != 5:
            wrong.append(f"filed: {sorted(filed.values())}")
    copies = 0
    for letter in letters:
        theirs = ImapMailbox(Connection("127.0.0.1", post.imap_port, letter.recipient, PASSWORD, "none"))
        with closing(theirs), suppress(KeyError):
            same = [one.raw for one in theirs.arrivals(None) if message_id_of(one.raw) == letter.message_id]
            if letter.state == "sent" and not same:
                wrong.append(f"{letter.letter} to {letter.recipient} was lost")
            if len(set(same)) > 1:
                wrong.append(f"{letter.letter} to {letter.recipient} came twice, and differs")
            copies += len(same) > 1
    return wrong, copies


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:])))
