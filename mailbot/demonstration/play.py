"""The stage of the demo: embedded servers, people who write by SMTP and read by IMAP, the bot, a hand on the clock.

Nothing is pretended but the people and the time: what happens here happens on the wire, from a configuration file on,
exactly as in the service.
"""

import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from zoneinfo import ZoneInfo

from mailbot.build import bot_of, letters_of, mailbox_of, postman_of, site_from
from mailbot.demonstration.letters import Delivered, delivered
from mailbot.demonstration.people import AGENCIES, CONFIGURATION, MAILBOX, OFFICERS, PASSWORD, STRANGER, cast
from mailbot.demonstration.story import BEGINS, Written
from mailbot.embedded import EmbeddedServers
from mailbot.shell import configuration
from mailbot.shell.data_files import data_dir
from mailbot.shell.errors import BadConfiguration, Fault
from mailbot.shell.imap import ImapMailbox
from mailbot.shell.postman import Delivery, Envelope, Outcome, Postman
from mailbot.shell.secrets import make_key
from mailbot.shell.smtp import SmtpPostman
from mailbot.shell.store import Store

LONDON = ZoneInfo("Europe/London")
PROTOCOL = "north-somerset.toml"


def instant(text: str) -> datetime:
    """ "2026-09-07 10:12", as a clock on a wall in England shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def _clear(folder: Path) -> None:
    """Takes an earlier demo away. Somebody's own folder of that name is left alone: BadConfiguration."""
    if folder.is_dir() and any(folder.iterdir()):
        if not (folder / "config" / "mailbot.toml").is_file() or not (folder / "mailbot.db").is_file():
            said = "this folder is not an earlier demo's, and would be replaced: run the demo somewhere else"
            raise BadConfiguration([Fault(str(folder), 0, said)])
        shutil.rmtree(folder)


class Watched:
    """A postman who is watched: what the server took is in ``sent``, for the telling."""

    def __init__(self, postman: Postman) -> None:
        self._postman = postman
        self.sent: list[Envelope] = []

    def send(self, envelopes: Sequence[Envelope]) -> Iterator[Delivery]:
        by_id = {envelope.id: envelope for envelope in envelopes}
        for delivery in self._postman.send(envelopes):
            if delivery.outcome is Outcome.ACCEPTED:
                self.sent.append(by_id[delivery.id])
            yield delivery

    def close(self) -> None:
        self._postman.close()


class Play:
    """``with Play(folder).begin() as play:``. ``folder`` is replaced, and keeps the store and the configuration.

    ``now`` is the story's present; the servers stamp what they deliver with it. Ports 0 take free ones.
    """

    def __init__(self, folder: Path, imap_port: int = 0, smtp_port: int = 0) -> None:
        self.folder, self.now, self.people = folder, instant(BEGINS), cast()
        users = dict.fromkeys(self.people, PASSWORD)
        self.servers = EmbeddedServers(users, (), (), imap_port, smtp_port, lambda: self.now)
        self._written = 0

    def begin(self) -> "Play":
        """Raises OSError when a port is taken, BadConfiguration when ``folder`` holds something else than a demo."""
        _clear(self.folder)
        self.servers.start()
        try:
            self._raise_the_curtain()
        except BaseException:
            self.servers.stop()
            raise
        return self

    def __enter__(self) -> "Play":
        return self

    def __exit__(self, *_: object) -> None:
        self._mailbox.close()
        self.postman.close()
        self.store.close()
        self.servers.stop()

    @property
    def configuration(self) -> Path:
        return self.folder / "config" / "mailbot.toml"

    def _raise_the_curtain(self) -> None:
        here = self.configuration.parent
        here.mkdir(parents=True)
        shutil.copy(data_dir("config") / "protocols" / PROTOCOL, here / PROTOCOL)
        for name, text in (("agencies.csv", AGENCIES), ("directory.csv", OFFICERS)):
            (here / name).write_text(text, encoding="utf-8")
        ports = {"imap": self.servers.imap_port, "smtp": self.servers.smtp_port}
        self.configuration.write_text(CONFIGURATION.format(protocol=PROTOCOL, **ports), encoding="utf-8")
        password, secret = self.folder / "password", self.folder / "secret"
        password.touch(mode=0o600)
        password.write_text(f"{PASSWORD}\n")
        make_key(secret)
        self._build(secret.read_bytes().strip())

    def _build(self, secret: bytes) -> None:
        settings = configuration.load(self.configuration, self.now.astimezone(LONDON).date())
        (ours,) = settings.partnerships
        self.store = Store.open(settings.store_url, create=True)
        self.site = site_from(ours, self.now, secret)
        self._mailbox, self.postman = mailbox_of(ours.mailbox), Watched(postman_of(ours.post))
        self.bot = bot_of(self.site, self.store, self._mailbox, self.postman, letters_of(ours))

    # Time

    def turns(self, goal: datetime) -> Iterator[datetime]:
        """Time passes to ``goal``; after each turn on the way it yields, so that what happened can be told."""
        while (due := self.store.next_due(self.site.id)) is not None and due <= goal:
            self.now = max(due, self.now + timedelta(seconds=1))
            yield self.turn()
        self.now = max(goal, self.now)
        yield self.turn()

    def turn(self) -> datetime:
        self.bot.turn(self.now)
        return self.now

    # People

    def write(self, written: Written) -> None:
        """By SMTP, as from a mail program: to everybody it is addressed to."""
        self._written += 1
        message = EmailMessage()
        message["From"] = self._field(written.by)
        message["Date"] = self.now.astimezone(LONDON)
        message["Message-ID"] = f"<demo.{self._written}@{written.by.rpartition('@')[2]}>"
        answered = self.newest(written.by, written.about) if written.about else None
        if answered is not None:
            self._answer(message, answered, written.automatic)
        else:
            message["To"] = ", ".join(self._field(one) for one in written.to) or MAILBOX
            if written.to:
                message["Cc"] = MAILBOX
            message["Subject"] = written.subject
        message.set_content(written.body)
        user, password = ("", "") if written.by == STRANGER else (written.by, PASSWORD)
        post = SmtpPostman(self.servers.host, self.servers.smtp_port, "none", user, password)
        raw = message.as_bytes(policy=SMTP)
        everybody = (*written.to, MAILBOX)
        gone = post.send([Envelope(n, written.by, one, raw) for n, one in enumerate(everybody)])
        assert [d.outcome for d in gone] == [Outcome.ACCEPTED] * len(everybody), f"{written.by} could not write"

    def _answer(self, message: EmailMessage, answered: Delivered, automatic: bool) -> None:
        message["To"] = MAILBOX
        before = "Automatic reply" if automatic else "RE"
        message["Subject"] = f"{before}: {answered.rendered.subject}"
        message["In-Reply-To"], message["References"] = answered.message_id, " ".join(answered.ids)
        if automatic:
            message["Auto-Submitted"], message["X-Auto-Response-Suppress"] = "auto-replied", "All"

    def _field(self, address: str) -> str:
        return f"{self.people[address].name} <{address}>" if address in self.people else address

    def name(self, address: str) -> str:
        return self.people[address].name if address in self.people else address

    def inbox(self, address: str) -> list[Delivered]:
        """What lies there, read by IMAP, the oldest first."""
        box = ImapMailbox(self.servers.host, self.servers.imap_port, address, PASSWORD, "none")
        try:
            return [delivered(arrival.raw, arrival.received) for arrival in box.arrivals(None)]
        finally:
            box.close()

    def letters(self, address: str) -> list[Delivered]:
        """Those of them that mailbot wrote."""
        return [one for one in self.inbox(address) if MAILBOX in one.sender]

    def newest(self, address: str, reference: str) -> Delivered | None:
        about = [one for one in self.letters(address) if f"[{reference}]" in one.rendered.subject]
        return about[-1] if about else None
