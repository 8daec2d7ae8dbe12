"""The stage of the demo: embedded servers, people who write and read, the bot, a hand on the clock; told as it
happens.
"""

import select
import shutil
import sys
import textwrap
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from mailbot.build import bot_of, letters_of, mailbox_of, postman_of
from mailbot.core.clocks.limits import Limit, stage_limit
from mailbot.core.procedure.closed_lists import AtLimit
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events_of_mail import AbsenceNoticed, QuestionAsked
from mailbot.demo.embedded_servers import EmbeddedServers
from mailbot.demo.gallery import Delivered, delivered
from mailbot.demo.story import (
    AGENCIES,
    BEGINS,
    CONFIGURATION,
    MAILBOX,
    OFFICERS,
    OTTILIE,
    PASSWORD,
    STRANGER,
    TABITHA,
    WrittenByHand,
    cast,
)
from mailbot.looking import site_from
from mailbot.mail.letters.wording import listed
from mailbot.shell.clock import elapsed
from mailbot.shell.config import configuration
from mailbot.shell.config.secrets import make_key
from mailbot.shell.config.template_files import data_dir
from mailbot.shell.errors import BadConfiguration, Fault, clean_for_terminal
from mailbot.shell.servers.connection import Connection
from mailbot.shell.servers.imap import ImapMailbox
from mailbot.shell.servers.mailbox_interface import Arrival
from mailbot.shell.servers.postman_interface import Delivery, Envelope, Outcome, Postman
from mailbot.shell.servers.smtp import SmtpPostman
from mailbot.shell.store.store import Store

# The stage of the demo: embedded servers, people who write by SMTP and read by IMAP, the bot, a hand on the clock.
#
# Nothing is pretended but the people and the time: what happens here happens on the wire, from a configuration file
# on, exactly as in the service.

LONDON = ZoneInfo("Europe/London")
PROTOCOL = "north-somerset.toml"


def instant(text: str) -> datetime:
    """An instant of the demo's play, "2026-09-07 10:12", as a clock on a wall in England shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def _clear(folder: Path) -> None:
    """Clears the stage of the demo: takes an earlier demo away. Somebody's own folder of that name is left alone:
    BadConfiguration."""
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
        """The demo's play begins. Raises OSError when a port is taken, BadConfiguration when ``folder`` holds something
        else than a demo."""
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
        settings = configuration.load_settings(self.configuration, self.now.astimezone(LONDON).date())
        (ours,) = settings.partnerships
        self.store = Store.open(settings.store_url, create=True)
        self.site = site_from(ours, self.now, secret)
        self._mailbox, self.postman = mailbox_of(ours.mailbox), Watched(postman_of(ours.post))
        self.bot = bot_of(self.site, self.store, self._mailbox, self.postman, letters_of(ours))

    # Time

    def turns(self, goal: datetime) -> Iterator[datetime]:
        """In the demo, time passes by turns: time passes to ``goal``; after each turn on the way it yields, so that
        what happened can be told."""
        while (due := self.store.next_due(self.site.id)) is not None and due <= goal:
            self.now = max(due, self.now + timedelta(seconds=1))
            yield self.turn()
        self.now = max(goal, self.now)
        yield self.turn()

    def turn(self) -> datetime:
        self.bot.turn(self.now)
        return self.now

    # People

    def write(self, written: WrittenByHand) -> None:
        """A person of the demo writes By SMTP, as from a mail program: to everybody it is addressed to."""
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
        post = SmtpPostman(Connection(self.servers.host, self.servers.smtp_port, user, password, "none"))
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
        box = ImapMailbox(Connection(self.servers.host, self.servers.imap_port, address, PASSWORD, "none"))
        try:
            return [
                delivered(arrival.raw, arrival.received)
                for arrival in box.arrivals(None)
                if isinstance(arrival, Arrival)
            ]
        finally:
            box.close()

    def letters(self, address: str) -> list[Delivered]:
        """Those of them that mailbot wrote."""
        return [one for one in self.inbox(address) if MAILBOX in one.sender]

    def newest(self, address: str, reference: str) -> Delivered | None:
        about = [one for one in self.letters(address) if f"[{reference}]" in one.rendered.subject]
        return about[-1] if about else None


# ``mailbot demo --stay``: the servers stay up and the bot awake, for whoever wants to be one of the people.
#
# The story's clock goes on at the pace of a real one, from where the story ended; Enter takes it to whatever is due
# next.

BEAT = 1.0  # seconds between two looks at the mailbox
A_DAY = timedelta(days=1)
STAY_LETTER = f"""\
From: Tabitha Merriwell <{TABITHA}>
To: Ottilie Farrow <{OTTILIE}>
Cc: {MAILBOX}
Subject: [ESCALATION] Stage 1 - R.D.
Message-ID: <letter.to.try@kewbridge.sch.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Dear Ottilie,

Child: R.D.
Agencies: Kewbridge Primary School / Children's Social Care
Line manager: Gideon Larkrise, g.larkrise@kewbridge.sch.example
Your line manager: Desmond Quayle, desmond.quayle@somerbourne-council.example
Issue: Our referral was closed without anybody speaking to us.
Impact on child: R has been in school for two days of the last ten.
Outcome sought: Somebody visits the family this week.

Tabitha Merriwell
"""


def how_to_play(play: Play) -> str:
    """How to play in the demo: how an ordinary mail program is set up to be one of the people, and how to try it
    without one."""
    servers, letter = play.servers, play.folder / "letter.eml"
    return f"""\
To be one of them, set up a mail program (Thunderbird, Outlook, Apple Mail):
  you are    {TABITHA} (a teacher),
             {OTTILIE} (a social worker),
             or anybody in {play.configuration.parent / "directory.csv"}
  user name  the whole address      password  {PASSWORD}
  incoming   IMAP, {servers.host}, port {servers.imap_port}, no encryption, normal password
  outgoing   SMTP, {servers.host}, port {servers.smtp_port}, no encryption, normal password
Write to the other agency with [ESCALATION] in the subject, and copy in
  {MAILBOX}

Or without a mail program, a letter that lies ready:
  curl --url smtp://{servers.host}:{servers.smtp_port} --upload-file {letter} \\
    --user {TABITHA}:{PASSWORD} \\
    --mail-from {TABITHA} \\
    --mail-rcpt {OTTILIE} \\
    --mail-rcpt {MAILBOX}"""


# The demo told in the terminal, as it happens: who wrote what, what was made of it, which clock runs, what was sent.
#
# The teller knows nothing that anybody else could not see: it reads the store and watches the post.


class Teller:
    """Tells each thing once. The console says how wide it is, and whether there is colour."""

    def __init__(self, play: Play, console: Console) -> None:
        self._play, self._console = play, console
        self._events: dict[str, int] = {}
        self._limits: dict[str, datetime | None] = {}
        self._counts: dict[str, int] = {}
        self._sent = self._waiting = 0

    def scene(self, instant: datetime, seen: str = "") -> None:
        self._console.print()
        stamp = at(instant)
        lines = self._wrapped(seen, len(stamp) + 2)
        self._console.print(Text.assemble((stamp, "bold"), "  ", (lines[0], "italic")))
        for line in lines[1:]:
            self._console.print(Text(f"{'':{len(stamp) + 2}}{line}", "italic"))

    def wrote(self, written: WrittenByHand) -> None:
        whom = [self._play.name(one) for one in written.to]
        to = f"{', '.join(whom)}, the mailbox copied in" if whom else "the mailbox"
        lines = [line for line in written.body.splitlines() if line.strip() and not line.startswith("Dear ")]
        words = " / ".join(lines[:3]) if not written.to else f"{written.subject}: {lines[0]}"
        self._line("writes", f"{self._play.name(written.by)} to {to}: “{_short(words)}”")

    def happened(self) -> None:
        """What happened in the demo's play: everything since it was last asked; that nothing was sent is told where a
        message was read."""
        letters = self._play.postman.sent[self._sent :]
        self._sent = len(self._play.postman.sent)
        for dispute in self._play.store.disputes(self._play.site.id):
            self._dispute(dispute)
        self._letters([(self._play.name(one.recipient), delivered(one.raw, self._play.now).shown) for one in letters])
        self._held()
        counts = self._read()
        became = Counter(counts) - Counter(self._counts)
        self._counts = counts
        if became and not letters:
            self._line("sends", f"nothing (the message is {', '.join(sorted(became))})")

    def is_silent(self) -> bool:
        """Is the demo's play silent? Has nothing been read, recorded or sent since it was last told?"""
        history = {d.reference: len(d.history) for d in self._play.store.disputes(self._play.site.id)}
        nothing_sent = self._sent == len(self._play.postman.sent)
        return history == self._events and nothing_sent and self._read() == self._counts

    def _read(self) -> dict[str, int]:
        start, end = self._play.now - timedelta(days=366), self._play.now + timedelta(days=1)
        return self._play.store.messages_between(self._play.site.id, start, end)

    def _dispute(self, dispute: Dispute) -> None:
        for event in dispute.history[self._events.get(dispute.reference, 0) :]:
            said = _SAID.get(type(event))
            if said and (words := said(event)):
                self._line("records", f"{dispute.reference} {words}")
        self._events[dispute.reference] = len(dispute.history)
        version = self._play.site.version(dispute)
        limit = stage_limit(dispute, version.protocol, version.calendar) if dispute.is_open else None
        holds = limit.holds if limit else None
        if holds != self._limits.get(dispute.reference) and limit is not None:
            self._line("limit", f"{version.protocol.stage_name(dispute.stage)}: {at(limit.holds)}, {limit.because}")
            self._working(limit)
        self._limits[dispute.reference] = holds

    def _working(self, limit: Limit) -> None:
        self._line("", "; ".join(f"{step.day:%a} {step.day.day}: {step.why}" for step in limit.working))

    def _letters(self, letters: list[tuple[str, str]]) -> None:
        for shown in dict.fromkeys(shown for _, shown in letters):
            readers = [reader for reader, other in letters if other == shown]
            self._line("sends", f"{', '.join(readers)}: {_short(shown)}")

    def _held(self) -> None:
        held = self._play.store.held(self._play.site.id)
        for one in held[self._waiting :]:
            self._line("holds", f"message {one.number} for a person: {one.reason}")
        self._waiting = len(held)

    def _wrapped(self, words: str, indent: int) -> list[str]:
        width = max(self._console.width, 40) - indent
        return textwrap.wrap(clean_for_terminal(words), width, break_on_hyphens=False) or [""]

    def _line(self, label: str, words: str) -> None:
        style = TELLING_STYLES.get(label, "dim")
        for number, line in enumerate(self._wrapped(words, LABEL + 2)):
            self._console.print(Text.assemble((f"{'' if number else label:>{LABEL}}  ", style), line))


def stay_up(play: Play, teller: Teller, console: Console) -> None:
    """Until q, the end of a terminal, or Ctrl-C."""
    (play.folder / "letter.eml").write_bytes(STAY_LETTER.replace("\n", "\r\n").encode())
    console.print(f"\n{how_to_play(play)}\n", soft_wrap=True)
    console.print("The bot is awake. Enter: on to whatever is due next. q or Ctrl-C: the end.", style="bold")
    began, ahead = play.now - timedelta(seconds=elapsed()), timedelta()
    try:
        while (asked := _asked(BEAT)) != "q":
            now = began + ahead + timedelta(seconds=elapsed())
            if asked == "":
                due = play.store.next_due(play.site.id) or now + A_DAY
                ahead, now = ahead + max(due - now, timedelta()), max(due, now)
            beat(play, teller, now)
    except KeyboardInterrupt:
        console.print()


def beat(play: Play, teller: Teller, goal: datetime) -> None:
    """A beat of the demo's play: time passes to ``goal``; what came by mail or by time is told."""
    for now in play.turns(max(goal, play.now)):
        if not teller.is_silent():
            teller.scene(now)
            teller.happened()


def _asked(seconds: float) -> str | None:
    """What the player of the demo types: a line from the keyboard; None when none came within ``seconds``. Without a
    keyboard it only waits."""
    if not sys.stdin.isatty():
        threading.Event().wait(seconds)
        return None
    ready, _, _ = select.select([sys.stdin], [], [], seconds)
    if not ready:
        return None
    line = sys.stdin.readline()
    return line.strip().lower() if line else "q"


TELLING_WIDTH, LABEL = 80, 9
TELLING_STYLES = {"writes": "cyan", "limit": "yellow", "sends": "green", "holds": "magenta"}
_THEN: Mapping[AtLimit, str] = {
    AtLimit.MOVE_UP: "nobody has settled it, so it moves up",
    AtLimit.ASK: "a person must decide what follows",
    AtLimit.FLAG: "the partnership is told",
    AtLimit.REMIND: "those who must act are told",
    AtLimit.NOTHING: "nothing follows",
}
# What is worth a line, in words; the rest of what happens shows in the letters.
_SAID: Mapping[type[e.Event], Callable[..., str]] = {
    e.DisputeOpened: lambda event: f"opened: {listed((event.raising, event.receiving, *event.also_receiving))}",
    e.LimitPassed: lambda event: f"the limit of Stage {event.stage} has passed: {_THEN[event.then]}",
    e.StageEntered: lambda event: f"Stage {event.stage} begins" if event.how != "opening" else "",
    e.ResolutionProposed: lambda event: "one side says it is resolved; the other is asked whether that is so",
    e.ResolutionConfirmed: lambda event: "the other side confirms it",
    e.ResolutionObjected: lambda event: "put back: it stays open",
    e.DecisionMade: lambda event: "the decision is recorded",
    e.DisputeClosed: lambda event: f"closed at Stage {event.stage}: {event.outcome}",
    AbsenceNoticed: lambda event: f"{event.person.name} is away past the limit; no clock stops",
    QuestionAsked: lambda event: f"{event.of.name} is asked: {event.question}",
}


def at(instant: datetime) -> str:
    """ "Mon 7 Sep 10:12"."""
    local = instant.astimezone(LONDON)
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def _short(words: str, longest: int = 150) -> str:
    words = " ".join(clean_for_terminal(words).split())
    return words if len(words) <= longest else f"{words[:longest].rsplit(' ', 1)[0]} …"
