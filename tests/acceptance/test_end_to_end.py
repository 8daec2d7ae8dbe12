"""One dispute from a practitioner's mail program to the Business Manager's digest, over real wire, counted to the end.

Servers stamp arrivals with the real present, so the story begins there and only then runs ahead on its own clock:
whatever day it is run on, each limit is asked of the store, and the number of Mondays is counted.
"""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from email.policy import default as readable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mailbot.core.record.dispute import State
from mailbot.shell.servers.mailbox_interface import Arrival
from mailbot.shell.store.store import Store
from mailbot.turns.moved_by_hand import NOT_A_DISPUTE, TRY_AGAIN
from mailbot.turns.overview_card import OVERVIEW
from mailbot.watching.witness_in_mailbox import WITNESS
from tests.people import ADDRESS, NAMES
from tests.scenarios.north_somerset.test_to_the_end import RAISED
from tests.sites import bot_for, site_for
from tests.wires import MaildirWire, ServerWire, Wire

LONDON = ZoneInfo("Europe/London")
EVERYBODY = ("hartwell", "fenn", "oakes", "peake")


class Told:
    """A whole bot on a wire, and people who write to it as the letters they got allow."""

    def __init__(self, wire: Wire, folder: Path) -> None:
        self.wire, self.now = wire, wire.begin()
        self.began = self.now
        self.site = site_for("north-somerset", self.now.astimezone(LONDON).date(), trusted=wire.trusted)
        self.store = Store.open(f"sqlite:///{folder / 'told.db'}", create=True)
        self.mailbox, self.postman = wire.mailbox(), wire.postman()
        self.bot = bot_for(self.site, self.store, self.mailbox, self.postman)
        self.own: Counter[str] = Counter()  # copies people sent to each other
        self.written: list[str] = []
        self.turn()

    def close(self) -> None:
        self.mailbox.close()
        self.postman.close()
        self.store.close()

    def turn(self) -> None:
        """Twice: what was done is not done again."""
        for _ in range(2):
            self.bot.turn(self.now)

    def writes(self, by: str, body: str, subject: str = "", to: str = "") -> None:
        sender = ADDRESS[by]
        message = EmailMessage(policy=SMTP)
        message["From"] = f"{NAMES[sender]} <{sender}>"
        message["To"] = ADDRESS[to] if to else ADDRESS["mailbox"]
        if to:
            message["Cc"] = ADDRESS["mailbox"]
            self.own[to] += 1
        else:
            newest = BytesParser(policy=readable).parsebytes(self.letters(by)[-1].raw)
            message["In-Reply-To"] = newest["Message-ID"]
            message["References"] = f"{newest['References'] or ''} {newest['Message-ID']}".strip()
            subject = f"RE: {newest['Subject']}"
        message["Subject"], message["Date"] = subject, self.now
        self.written.append(f"<told.{len(self.written)}.{self.began.timestamp()}@{sender.rpartition('@')[2]}>")
        message["Message-ID"] = self.written[-1]
        message.set_content(body)
        self.wire.write(sender, [ADDRESS[one] for one in (to, "mailbox") if one], bytes(message), self.now)
        (arrived,) = self.wire.inbox(ADDRESS["mailbox"], at_least=1)
        self.now = max(self.now, arrived.received) + timedelta(seconds=1)
        self.turn()

    def letters(self, who: str) -> list[Arrival]:
        """The bot's letters to ``who`` in the order of their dates, once everything that was sent has come."""
        sent = self.sent()[ADDRESS[who]]
        found = [a for a in self.wire.inbox(ADDRESS[who], sent + self.own[who]) if _is_ours(a.raw)]
        return sorted(found, key=lambda a: BytesParser(policy=readable).parsebytes(a.raw)["Date"].datetime)

    def sent(self) -> Counter[str]:
        references = ["", *(row.reference for row in self.store.dispute_rows(self.site.id))]
        return Counter(r.recipient for ref in references for r in self.store.letters(self.site.id, ref))

    def passes_to_the_next_thing_due(self) -> None:
        due = self.store.next_due(self.site.id)
        assert due is not None
        self.now = max(self.now, due)
        self.turn()

    def passes_to_monday(self) -> None:
        """A minute after the next digest is due."""
        local = self.now.astimezone(LONDON)
        self.now = self._digest_due(local.date() + timedelta(days=7 - local.weekday())) + timedelta(minutes=1)
        self.turn()

    def _digest_due(self, monday: date) -> datetime:
        """Eight o'clock, on Tuesday where that Monday is a bank holiday (and so on)."""
        calendar = self.site.current.calendar
        day = monday if calendar.is_working(monday) else calendar.next_working(monday)
        return datetime.combine(day, time(8), LONDON).astimezone(UTC)

    @property
    def reference(self) -> str:
        (row,) = self.store.dispute_rows(self.site.id)
        return row.reference

    def stage(self) -> str:
        dispute = self.store.dispute(self.site.id, self.reference)
        assert dispute is not None
        return "closed" if dispute.state is State.CLOSED else dispute.stage

    def cards(self) -> list[str]:
        """The beginnings of the subjects of what lies in the overview."""
        top = self.mailbox.tops([OVERVIEW])[OVERVIEW]
        uids = [uid for uid, _ in self.mailbox.messages(OVERVIEW)]
        raws = [arrival.raw for arrival in self.mailbox.read(OVERVIEW, top.uidvalidity, uids)]
        subjects = [BytesParser(policy=readable).parsebytes(raw)["Subject"] for raw in raws]
        return [subject.removeprefix(f"[{self.reference}] ").partition(", by ")[0] for subject in subjects]

    def heard_that_it_waits(self) -> int:
        """Of a resolution whoever raised it hears on the morning after it came. A server says itself when that was, by
        its own clock, which the story's has left days behind: then that morning is over, and they hear at once."""
        return _letters(self, "hartwell").count("proposed_told") if isinstance(self.wire, ServerWire) else 0

    def digests(self) -> int:
        """How many mornings of a digest have come since the bot began."""
        first = self.began.astimezone(LONDON).date()
        days = (first + timedelta(days=days) for days in range(-7, 30))
        return sum(self.began < self._digest_due(day) <= self.now for day in days if day.weekday() == 0)


def _is_ours(raw: bytes) -> bool:
    return ADDRESS["mailbox"] in BytesParser(policy=readable).parsebytes(raw)["From"]


def _letters(told: Told, who: str) -> list[str]:
    """The kind of each letter, "" for a digest; each is told by its subject, too."""
    sent = [BytesParser(policy=readable).parsebytes(a.raw) for a in told.letters(who)]
    names = {row.message_id: row.letter for row in told.store.letters(told.site.id, told.reference)}
    kinds = [names.get(one["Message-ID"], "") for one in sent]
    begins = {f"[{told.reference}] " if kind else "NSSCP digest " for kind in kinds}
    assert all(one["Subject"].startswith(tuple(begins)) and len(one["Subject"]) <= 50 for one in sent)
    return kinds


def _by_day(told: Told) -> str:
    day = (told.now + timedelta(days=14)).astimezone(LONDON)
    return f"{day.day} {day:%B %Y}"


def story(told: Told) -> None:
    told.writes("hartwell", RAISED, subject="[ESCALATION] Stage 1 - K.W.", to="fenn")
    assert told.stage() == "1"
    assert _letters(told, "hartwell") == _letters(told, "fenn") == ["opened"]
    assert told.cards() == ["Stage 1: waiting on practitioners"]
    told.passes_to_the_next_thing_due()
    assert told.stage() == "1"
    told.passes_to_the_next_thing_due()
    assert told.stage() == "2"
    assert told.cards() == ["Stage 2: waiting on line managers"]
    assert _letters(told, "oakes") == _letters(told, "peake") == ["stage_entered"]
    told.writes("oakes", f"RESOLVED\nChildren's Social Care visits K at home by {_by_day(told)}.")
    assert told.stage() == "2"
    assert told.cards() == ["Stage 2: waiting on Seamoor Council Children's Social Care to confirm what was agreed"]
    told.writes("peake", "CONFIRM")
    assert told.stage() == "closed"
    assert told.cards() == []
    told.passes_to_monday()


def everything_is_where_it_belongs(told: Told) -> None:
    practitioner = ["opened", "reminder", "summary"]
    assert {who: _letters(told, who) for who in EVERYBODY} == {
        "hartwell": [*practitioner, *["proposed_told"] * told.heard_that_it_waits(), "closed"],
        "fenn": [*practitioner, "closed"],
        "oakes": ["stage_entered", "closed"],
        "peake": ["stage_entered", "proposed", "closed"],
    }
    digests = {"": told.digests()}
    assert Counter(_letters(told, "bm")) == digests | {"closed": 1}


def nothing_else_was_sent(told: Told) -> None:
    counted = {who: len(told.wire.inbox(address)) for who, address in ADDRESS.items() if who != "mailbox"}
    assert {who: count for who, count in counted.items() if count} == {
        "hartwell": 4 + told.heard_that_it_waits(),
        "fenn": 5,  # four letters, and what the practitioner wrote to them
        "oakes": 2,
        "peake": 3,
        "bm": 1 + told.digests(),
    }
    assert told.wire.inbox(ADDRESS["mailbox"]) == []
    assert told.store.letters_by_state(told.site.id) == {"sent": 13 + told.heard_that_it_waits() + 1 + told.digests()}
    filed = Counter(message_id for _, message_id in told.mailbox.messages(("Disputes", told.reference)))
    assert set(told.written) <= set(filed)
    assert len(filed) == len(told.written) + 2, "what three people wrote, the summary of Stage 1 and the closing one"
    assert set(filed.values()) == {1}
    assert set(told.mailbox.folders()) <= {
        ("Bot",),
        NOT_A_DISPUTE,
        TRY_AGAIN,
        WITNESS,
        ("Disputes",),
        ("Disputes", told.reference),
    }
    assert told.store.verify(told.site.id) == []
    waiting = told.store.waiting(told.site.id)
    assert (waiting.unread, waiting.held, waiting.letters, waiting.filings) == (0, 0, 0, 0)


def tell(wire: Wire, folder: Path) -> None:
    told = Told(wire, folder)
    try:
        story(told)
        everything_is_where_it_belongs(told)
        nothing_else_was_sent(told)
    finally:
        told.close()


@pytest.mark.parametrize("servers", ["embedded_servers", pytest.param("real_servers", marks=pytest.mark.real_servers)])
def test_a_dispute_is_raised_moved_up_settled_filed_and_reported_over_smtp_and_imap_and_nothing_else_is_sent(
    servers: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    tell(ServerWire(request.getfixturevalue(servers)), tmp_path)


def test_a_dispute_is_raised_moved_up_settled_filed_and_reported_in_maildirs_and_nothing_else_is_sent(
    tmp_path: Path,
) -> None:
    tell(MaildirWire(tmp_path / "mail"), tmp_path)
