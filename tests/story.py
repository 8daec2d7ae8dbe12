"""Tells a dispute as it happens: mail comes, days pass, these letters go out, and nothing else.

A story runs the whole bot, on a real store in a file, with a mailbox and a postman in memory and a clock set by hand.
Every letter must be expected: ``expect`` fails on one too many as on one too few, and so does leaving the story.
"""

import hashlib
import os
import pickle
import re
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.policy import compat32
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from mailbot.core.partnership.directory import Directory
from mailbot.core.record.dispute import Dispute
from mailbot.door.whom_it_lets_in import Door
from mailbot.mail.letters.compose import unflowed
from mailbot.mail.letters.render import Rendered
from mailbot.shell.store.database import connect_database
from mailbot.shell.store.store import Store
from mailbot.turns.bot import Bot
from mailbot.watching.invariants import breaches
from mailbot.watching.record_at_a_moment import snapshot_of
from tests.fakes import MailboxFake, PostmanFake
from tests.letter_rules import Others, faults_in, told_without_a_letter
from tests.people import ADDRESS, DIRECTORY
from tests.shared import once, told
from tests.sites import ROOT, bot_for, site_for
from tests.thorough import WHOLE

LONDON = ZoneInfo("Europe/London")
TRUSTED = "mx.nsscp.example"
# Words in what a child is called that name nobody.
NAMELESS = frozenset({"baby", "unborn", "child", "children", "sibling", "siblings", "twins", "adult", "year", "pupil"})


def at(text: str) -> datetime:
    """ "2026-09-07 10:12", as a clock on a wall in England shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@dataclass(frozen=True)
class Sent:
    """One letter that went out: its name in the templates, to whom (as the stories call them), and what it says."""

    letter: str
    to: str
    subject: str
    text: str
    html: str
    message_id: str
    references: str
    raw: bytes
    attached: tuple[tuple[str, bytes], ...] = ()  # names and contents; a calendar entry has tests of its own


@dataclass(frozen=True)
class SoFar:
    """All that a story has come to: the bytes of its store and of its two mail servers, and what was looked at."""

    store: bytes
    servers: bytes
    now: datetime
    seen: int
    count: int
    bodies: tuple[str, ...]


class Story:
    """``with Story(tmp_path, "2026-09-07 09:00") as story:``; at its end nothing unexpected may have been sent."""

    def __init__(
        self,
        folder: Path,
        start: str,
        protocol: str = "north-somerset",
        directory: Directory = DIRECTORY,
        trusted: tuple[str, ...] = (TRUSTED,),
        people: Mapping[str, str] | None = None,
        heartbeat: bool = False,
    ) -> None:
        """``people`` are further people of this story, as it calls them, with their addresses. With no ``trusted``
        server, the mailbox stands where none writes what it found: [trust] require = false. ``heartbeat``: it tells of
        the daily word to the office too, which would stand in every other story's mornings and say nothing."""
        door = Door(trusted, require=bool(trusted))
        self.beginning = (start, protocol, _in_words(directory), trusted, tuple((people or {}).items()), heartbeat)
        self.site = site_for(protocol, at(start).date(), directory, trusted, heartbeat, door)
        self._name, self.file = folder.name, folder / "story.db"
        self.file.write_bytes(once((str(ROOT), Store), _empty_store))
        self._store: Store | None = None
        self._bot: Bot | None = None
        self.mailbox, self.postman = MailboxFake(), PostmanFake()
        self._made = self.site
        self.now = at(start)
        ours = self.site.current.protocol
        self.first = f"{ours.prefix}-{self.now:%y}-0001"
        self.address = {**ADDRESS, "mailbox": ours.mailbox, **(people or {})}
        self.who = {address: name for name, address in self.address.items()}
        self._seen = 0
        self._count = 0
        self._bodies: list[str] = []  # what people wrote, which letters may quote

    @property
    def store(self) -> Store:
        """Opened when it is first asked for, and its bot begun: what a story begins with may be put in its place
        before. Its file is a copy of one that was made and closed in this run: it is not looked through for damage, nor
        for an older schema, two thousand times (``tests/unit/shell/store`` has stores that are)."""
        if self._store is None:
            self._store = Store(connect_database(f"sqlite:///{self.file}"))
            self._bot = bot_for(self.site, self._store, self.mailbox, self.postman)
        return self._store

    @store.setter
    def store(self, other: Store) -> None:
        self._store = other

    @property
    def bot(self) -> Bot:
        assert self.store is not None
        assert self._bot is not None
        return self._bot

    @bot.setter
    def bot(self, other: Bot) -> None:
        self._bot = other

    def __enter__(self) -> Self:
        """The first turn, on a store that knows nothing, is the same in every story that begins alike."""
        if self.is_new() and not self.mailbox.filed:
            begun = once((str(ROOT), Story, self.beginning), lambda: (self.turn(), self.so_far())[1])
            self.go_on_from(begun)
        else:
            self.turn()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self.expect()
                if WHOLE or _is_of_the_share(self._name):
                    self._must_be_whole()
        finally:
            if os.environ.get("MAILBOT_GALLERY"):
                self._keep_for_the_gallery(Path(os.environ["MAILBOT_GALLERY"]))
            self.store.close()

    def _must_be_whole(self) -> None:
        assert self.store.verify(self.site.id) == []
        found = breaches(snapshot_of(self.store, self.bot.site, self.now.astimezone(UTC)))
        assert found == [], found

    def _keep_for_the_gallery(self, gallery: Path) -> None:
        """Everything this story sent, as it was sent, under names that ``tests.gallery`` reads."""
        self._seen = 0
        kept = gallery / self.site.current.protocol.id / self._name
        kept.mkdir(parents=True, exist_ok=True)
        for number, sent in enumerate(self._sent_since()):
            (kept / f"{number:03}-{sent.letter}-{sent.to}.eml").write_bytes(sent.raw)

    # What happens

    def mail(
        self,
        by: str,
        body: str,
        when: str = "",
        subject: str = "",
        to: Iterable[str] = (),
        cc: Iterable[str] = ("mailbox",),
        answers: "Sent | None" = None,
        headers: Iterable[tuple[str, str]] = (),
        authenticated: bool = True,
        attached: Iterable[tuple[str, bytes]] = (),
    ) -> str:
        """Somebody writes, with the mailbox copied unless ``cc`` says otherwise; the bot takes it in at once."""
        if when:
            self._wake_until(at(when))
        self._count += 1
        self._bodies.append(body)
        sender = self.address.get(by, by)
        name = self.site.current.directory.person(sender).name
        copied = [self.address.get(one, one) for one in cc if to]
        message_id = f"<story.{self._count}@{sender.rpartition('@')[2]}>"
        fields = [
            ("From", f"{name} <{sender}>" if name else sender),
            ("To", ", ".join(self.address.get(one, one) for one in to) or self.address["mailbox"]),
            *([("Cc", ", ".join(copied))] if copied else []),
            ("Subject", subject or (f"RE: {answers.subject}" if answers else "(no subject)")),
            ("Date", format_datetime(self.now)),
            ("Message-ID", message_id),
        ]
        if answers is not None:
            thread = f"{answers.references} {answers.message_id}".strip()
            fields += [("In-Reply-To", answers.message_id), ("References", thread)]
        raw = _written([*fields, *headers], body, tuple(attached))
        if authenticated:
            domain = sender.rpartition("@")[2]
            raw = f"Authentication-Results: {TRUSTED}; dmarc=pass header.from={domain}\r\n".encode() + raw
        self.deliver(raw)
        return message_id

    def deliver(self, raw: bytes) -> None:
        self.mailbox.deliver(raw, self.now)
        self.turn()

    def until(self, when: str) -> None:
        """Time passes to ``when``: the bot is woken at each instant at which something is due, and at the end."""
        self._wake_until(at(when) if when else self.now)
        self.turn()

    def _wake_until(self, goal: datetime) -> None:
        """Time passes, and the bot is woken where something is due, and nowhere else."""
        assert goal >= self.now, f"a story goes forward: {goal} is before {self.now}"
        while (due := self.store.next_due(self.site.id)) is not None and due <= goal and self.now < goal:
            self.now = min(max(due.astimezone(LONDON), self.now + timedelta(minutes=5)), goal)
            self.turn()
        self.now = goal

    def is_new(self) -> bool:
        """Whether nothing has happened in it, nothing been arranged that is still to happen, and nobody has looked at
        its store or its bot, and so may hold them."""
        arranged = self.postman.is_told or self.mailbox.down or self.mailbox.withheld
        happened = self.mailbox.inbox or self.postman.tried or self._count
        as_made = self.site is self._made and self._store is None and self.now == at(self.beginning[0])
        return as_made and not arranged and not happened

    def so_far(self) -> SoFar:
        with closing(sqlite3.connect(self.file)) as connection:
            store = connection.serialize()
        servers = pickle.dumps((self.mailbox, self.postman))
        return SoFar(store, servers, self.now, self._seen, self._count, tuple(self._bodies))

    def go_on_from(self, before: SoFar) -> None:
        """What happened in another story that began as this one has happened in this one: the bot is started again on
        what that one had come to."""
        if self._store is not None:
            self._store.close()
        self.file.write_bytes(before.store)
        self._store = self._bot = None
        mailbox, postman = pickle.loads(before.servers)
        vars(self.mailbox).update(vars(mailbox))
        vars(self.postman).update(vars(postman))
        self.now, self._seen, self._count, self._bodies = before.now, before.seen, before.count, [*before.bodies]

    def turn(self) -> None:
        self.bot.turn(self.now.astimezone(UTC))

    # What must have happened

    def letters(self) -> list[Sent]:
        """Everything sent since it was last looked at; each is what every letter must be (``letter_rules``)."""
        sent = self._sent_since()
        names = self._children() if sent else frozenset()
        risk = self.site.current.protocol.risk.line
        for letter in sent:
            made = Rendered(letter.subject, letter.text, letter.html)
            faults = faults_in(letter.letter, made, risk, names, self._bodies)
            assert faults == [], f"{letter.letter} to {letter.to}: {faults}"
            said = told_without_a_letter(letter.text, partial(self._beside, letter), self._bodies)
            assert said == [], f"{letter.letter} to {letter.to} says so, and there is no such letter: {said}"
        return sent

    def _beside(self, letter: Sent) -> Others:
        """The other letters that were written in the moment in which this one was."""
        references = ["", *(row.reference for row in self.store.dispute_rows(self.site.id))]
        written = [row for ref in references for row in self.store.letters(self.site.id, ref)]
        moment = next(row.created for row in written if row.message_id == letter.message_id)
        here = [row for row in written if row.created == moment and row.recipient != self.address.get(letter.to)]
        office = frozenset(person.address for person in self.site.current.office())
        names = [(row.letter, row.recipient) for row in here if row.recipient != letter.to]
        return Others(names, self.site.current.directory, office)

    def _children(self) -> frozenset[str]:
        """The words of the children's names: what a letter never has, beyond initials."""
        disputes = [self.dispute(row.reference) for row in self.store.dispute_rows(self.site.id)]
        words = {word for dispute in disputes for word in re.findall(r"[^\W\d_]{4,}", dispute.child)}
        return frozenset(word for word in words if word.lower() not in NAMELESS)

    def _sent_since(self) -> list[Sent]:
        new = self.postman.sent[self._seen :]
        self._seen = len(self.postman.sent)
        if not new:
            return []
        references = ["", *(row.reference for row in self.store.dispute_rows(self.site.id))]
        names = {r.message_id: r.letter for ref in references for r in self.store.letters(self.site.id, ref)}
        return [_sent(envelope.raw, envelope.recipient, names, self.who) for envelope in new]

    def expect(self, *expected: tuple[str, str]) -> list[Sent]:
        """Exactly these letters ("name of letter", "who") have gone since, in any order, and nothing else was sent."""
        sent = self.letters()
        gone, asked = Counter((letter.letter, letter.to) for letter in sent), Counter(expected)
        assert gone == asked, f"nobody expected {list(gone - asked)}; nothing like {list(asked - gone)} was sent"
        wanted = list(expected)
        return sorted(sent, key=lambda letter: wanted.index((letter.letter, letter.to)))

    def dispute(self, reference: str = "") -> Dispute:
        reference = reference or self.first
        found = self.store.dispute(self.site.id, reference)
        assert found is not None, f"there is no dispute {reference}"
        return found

    def limit(self, reference: str = "") -> str:
        """The limit that holds, as a clock on the wall shows it; "" for none."""
        row = next(r for r in self.store.dispute_rows(self.site.id) if r.reference == (reference or self.first))
        return f"{row.limit.astimezone(LONDON):%a %d %b %H:%M}" if row.limit else ""

    def held(self) -> list[str]:
        return [held.reason for held in self.store.held(self.site.id)]


def _is_of_the_share(name: str) -> bool:
    """Whether a story of this name is one of those whose record is gone through at their end: always the same quarter,
    and all of them in a campaign."""
    return hashlib.sha256(name.encode()).digest()[0] % 4 == 0


def _empty_store() -> bytes:
    """A store as ``mailbot init`` makes it, before anything has happened."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "empty.db")
        Store.open(f"sqlite:///{file}", create=True).close()
        return file.read_bytes()


_DIRECTORIES: dict[int, tuple[Directory, str]] = {}


def _in_words(directory: Directory) -> str:
    """The same words for the same directory in every worker; each is put into words once."""
    if id(directory) not in _DIRECTORIES:
        _DIRECTORIES[id(directory)] = directory, told(directory)
    return _DIRECTORIES[id(directory)][1]


def _written(fields: Iterable[tuple[str, str]], body: str, attached: Sequence[tuple[str, bytes]]) -> bytes:
    """An email as the standard library writes it; one of short lines in ASCII in a twentieth of its time."""
    lines = [f"{name}: {value}" for name, value in fields]
    plain = [*lines, *body.split("\n")]
    if not attached and all(one.isascii() and one.isprintable() and len(one) <= _SHORT for one in plain):
        return "\n".join((*lines, *_PLAIN, "", body.removesuffix("\n"), "")).encode()
    message = EmailMessage()
    for name, value in fields:
        message[name] = value
    message.set_content(body)
    for name, content in attached:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return bytes(message)


_SHORT = 76
_PLAIN = ('Content-Type: text/plain; charset="utf-8"', "Content-Transfer-Encoding: 7bit", "MIME-Version: 1.0")


def _sent(raw: bytes, recipient: str, names: dict[str, str], who: Mapping[str, str]) -> Sent:
    message, *parts = _parts(raw)
    leaves = [(part, part.get_filename()) for part in (message, *parts) if part.get_content_maintype() != "multipart"]
    shown = {part.get_content_type(): _content(part).decode() for part, name in reversed(leaves) if not name}
    attached = [(part, name) for part, name in leaves if name and part.get_content_type() != "text/calendar"]
    return Sent(
        names[message["Message-ID"]],
        who.get(recipient, recipient),
        "".join(str(make_header(decode_header(message["Subject"]))).splitlines()),
        unflowed(shown["text/plain"]),
        shown["text/html"],
        message["Message-ID"],
        " ".join((message["References"] or "").split()),
        raw,
        tuple((name, _content(part)) for part, name in attached),
    )


_FIELD_ENDS = re.compile(r"\r?\n(?![ \t])")  # what goes on in the next line begins with a blank (RFC 5322 2.2.3)


def _parts(raw: bytes) -> Iterator[Message]:
    """An email and every part in it, taken apart at the boundaries, its header at the ends of its fields: read by the
    parser line by line, ten thousand letters would take ten times as long."""
    line = b"\r\n" if b"\r\n\r\n" in raw else b"\n"  # a copy from which a name was struck out
    head, _, body = raw.partition(line * 2)
    part = Message(policy=compat32)
    for name, value in (one.split(":", 1) for one in _FIELD_ENDS.split(head.decode("ascii"))):
        part[name] = value.lstrip(" \t")
    boundary = part.get_boundary()
    if boundary is None:
        part.set_payload(body.decode("ascii"))
    yield part
    for inner in (line + body).split(line + b"--" + boundary.encode())[1:-1] if boundary else ():
        yield from _parts(inner.removeprefix(line))


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content
