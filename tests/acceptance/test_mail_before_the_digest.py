"""Nobody's mail waits for a report: what comes while the digest of very many disputes is made is answered before it.

Over real wire: the mail comes by SMTP when the digest is begun, lies in the mailbox, and is fetched by IMAP.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from mailbot.core.record.events import DisputeOpened
from mailbot.core.record.ledger import Cause
from mailbot.demo.embedded_servers import EmbeddedServers
from tests.acceptance.test_end_to_end import Told
from tests.people import ADDRESS
from tests.scenarios.north_somerset.test_to_the_end import RAISED
from tests.servers.shape import Servers
from tests.wires import ServerWire

OTHERS = 101  # disputes: a digest counts a hundred in a round
DANGER = "K is at immediate risk of harm tonight, he has a fresh bruise and is afraid to go home."


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    """On the morning after a week in which very many disputes were raised: their digest is due."""
    with EmbeddedServers(dict.fromkeys(ADDRESS.values(), "story")) as one:
        host = one.host
        made = Told(
            ServerWire(Servers(host, one.imap_port, "none", host, one.smtp_port, "none", None, one.users)), tmp_path
        )
        made.writes("hartwell", RAISED, subject="[ESCALATION] Stage 1 - K.W.", to="fenn")
        _many_more(made)
        made.passes_to_the_next_thing_due()
        monday = made.now.date() + timedelta(days=8 - made.now.weekday())
        made.now = made.now.replace(year=monday.year, month=monday.month, day=monday.day)
        yield made
        made.close()


def _many_more(told: Told) -> None:
    """Each with what has happened to the only one so far, and nothing that falls due."""
    [one] = told.store.disputes(told.site.id)
    opened, *after = one.history
    assert isinstance(opened, DisputeOpened)
    with told.store.transaction() as work:
        for _ in range(OTHERS):
            reference = work.new_reference(told.site.id, "NS", told.now.year)
            events = (replace(opened, reference=reference), *after)
            work.append(told.site.id, reference, events, Cause("message", "d" * 64), told.now)


def _writes_of_danger(told: Told) -> None:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = ADDRESS["hartwell"], ADDRESS["mailbox"]
    message["Subject"], message["Date"], message["Message-ID"] = "K.W.", told.now, "<danger@larkfield.sch.example>"
    message.set_content(DANGER)
    told.wire.write(ADDRESS["hartwell"], [ADDRESS["mailbox"]], bytes(message), told.now)
    told.wire.inbox(ADDRESS["mailbox"], at_least=1)


def _to_the_office(told: Told) -> list[str]:
    """The letters to it that are about no dispute, in the order in which they were written."""
    letters = told.store.letters(told.site.id, "")
    return [one.letter for one in letters if one.recipient == ADDRESS["bm"] and one.letter != "heartbeat"]


def _in_rounds(told: Told) -> None:
    """As the service does: a round, and what was written leaves."""
    while told.bot.turn_some(told.now):
        told.bot.send(told.now)
    told.bot.post(told.now)


def _in_one_turn(told: Told) -> None:
    """As ``mailbot once`` does."""
    told.bot.turn(told.now)


@pytest.mark.parametrize("goes_on", [_in_rounds, _in_one_turn])
def test_danger_that_comes_while_the_digest_is_being_made_is_answered_before_it_is(
    told: Told, goes_on: Callable[[Told], None]
) -> None:
    counted, before = 0, len(_to_the_office(told))

    def while_it_is_made(sql: str) -> None:
        nonlocal counted
        if "dispute.reference > " in " ".join(sql.split()):
            counted += 1
            if counted == 1:
                _writes_of_danger(told)

    told.store.hear_statements(while_it_is_made)
    goes_on(told)
    assert counted >= OTHERS // 100 + 1, "the digest is made of several portions"
    assert _to_the_office(told)[before:] == ["urgent_told", "digest"]
    [urgent] = [one for one in told.store.letters(told.site.id, "") if one.letter == "urgent_told"]
    assert urgent.state == "sent"
    answered = [one.letter for one in told.store.letters(told.site.id, "") if one.recipient == ADDRESS["hartwell"]]
    assert answered == ["urgent"]
