"""The servers and the clock of a simulated year, and the bot that lives in it."""

import hashlib
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from mailbot.core.record.ledger import seal
from mailbot.door.whom_it_lets_in import Door
from mailbot.shell.servers.mailbox_interface import Folder, message_id_of
from mailbot.shell.servers.postman_interface import Envelope, Outcome
from mailbot.shell.store.store import Store
from mailbot.turns.bot import Bot
from mailbot.watching.invariants import breaches, breaches_between
from mailbot.watching.record_at_a_moment import SeenOutside, Snapshot, snapshot_of
from mailbot.watching.witness_in_mailbox import let_go_on, seen_in
from tests.fakes import MailboxFake, PostmanFake
from tests.people import DIRECTORY
from tests.sites import bot_for, site_for
from tests.story import TRUSTED

STEP = timedelta(minutes=5)
OUTSIDERS = frozenset({"mother@webmail.example", "solicitor@elsewhere.example"})


class Killed(BaseException):
    """The process died here."""


class ServerWithClock(MailboxFake):
    """Its own clock is the world's, whatever the machine of the bot believes."""

    def __init__(self, world: "World") -> None:
        super().__init__()
        self._world = world

    def server_time(self, folder: Folder, raw: bytes) -> datetime | None:
        self._up()
        return self._world.now


class World:
    """``faults`` are what may go wrong in it, and ``happened`` counts how often each did: a run in which something
    never happened proves nothing about it."""

    def __init__(self, folder: Path, seed: int, begins: datetime, protocol: str = "north-somerset") -> None:
        self.dice, self.now, self.begins = Random(seed), begins, begins
        self.file = folder / f"world-{seed}.db"
        self.store = Store.open(f"sqlite:///{self.file}", create=True)
        door = Door((TRUSTED,), require=True)
        self.site = site_for(protocol, begins.date(), DIRECTORY, (TRUSTED,), False, door)
        self.mailbox, self.postman = ServerWithClock(self), PostmanFake()
        self.happened: Counter[str] = Counter()
        self.violations: list[str] = []
        self.arrived: dict[str, datetime] = {}
        self.forged: set[str] = set()  # digests of what nobody of that name wrote
        self.kills_at = 0  # points to pass before the process dies; 0 for never
        self.ahead = timedelta(0)  # of the machine's clock
        self._heads: dict[str, int] = {}
        self._before: Snapshot | None = None
        self._accepted: set[tuple[str, str, str]] = set()
        self._seen_sent = 0
        self._backup: tuple[bytes, datetime] | None = None
        self.bot = self._bot_begun()

    # The bot

    def _bot_begun(self) -> Bot:
        bot = bot_for(self.site, self.store, self.mailbox, self.postman, self._passing)
        begun = self.now
        bot.clock.watches, bot.clock.elapsed = True, lambda: (self.now - begun).total_seconds()
        return bot

    def _passing(self, _: str) -> None:
        if self.kills_at:
            self.kills_at -= 1
            if not self.kills_at:
                raise Killed

    def turn(self) -> None:
        """One turn, and after a death another by a new process."""
        try:
            self.bot.turn((self.now + self.ahead).astimezone(UTC))
        except Killed:
            self.happened["killed"] += 1
            self.bot = self._bot_begun()
            self.turn()

    def until(self, goal: datetime) -> None:
        """Time passes: the bot is woken at each instant at which something is due."""
        while (due := self.store.next_due(self.site.id)) is not None and due <= goal and self.now < goal:
            self.now = min(max(due, self.now + STEP), goal)
            self.turn()
            self.look()
        self.now = goal

    def deliver(self, raw: bytes) -> None:
        self.mailbox.deliver(raw, self.now)
        self.arrived.setdefault(hashlib.sha256(raw).hexdigest(), self.now)

    def note_forged(self, raw: bytes) -> None:
        self.forged.add(hashlib.sha256(raw).hexdigest())

    # What people see of it

    def posted(self) -> list[Envelope]:
        """What has reached anybody since this was last asked."""
        new = self.postman.sent[self._seen_sent :]
        self._seen_sent = len(self.postman.sent)
        return new

    # Faults that are not of one letter

    def back_up(self) -> None:
        with closing(sqlite3.connect(self.file)) as connection:
            self._backup = (connection.serialize(), self.now)

    def put_backup_back(self) -> None:
        """An older copy is put back. It must send nothing; then the newest is found after all, or the old one is let
        go on."""
        if self._backup is None:
            return
        self.happened["backup put back"] += 1
        with closing(sqlite3.connect(self.file)) as connection:
            newest = connection.serialize()
        differs = self.store.counted(self.site.id)
        self._swap(self._backup[0])
        if differs == self.store.counted(self.site.id):
            return
        before = len(self.postman.sent)
        self.turn()
        for envelope in self.postman.sent[before:]:
            if not any(word in envelope.raw for word in (b"stands still", b"rgent", b"danger", b"harm")):
                self.violations.append(f"I36 an older copy sent something to {envelope.recipient}")
        if self.dice.random() < 0.7:
            self._swap(newest)
        else:
            self.happened["older copy let go on"] += 1
            let_go_on(seen_in(self.mailbox, self.store, self.site), self.store, self.site, "Philippa", self.now)
            since = self._backup[1]
            self.arrived = {digest: at for digest, at in self.arrived.items() if at < since}
        self._heads, self._before = {}, None
        self.turn()

    def _swap(self, content: bytes) -> None:
        self.store.close()
        for side in ("-wal", "-shm"):
            self.file.with_name(self.file.name + side).unlink(missing_ok=True)
        self.file.write_bytes(content)
        self.store = Store.open(f"sqlite:///{self.file}")
        self.bot = self._bot_begun()

    def close_a_day(self, ahead: int) -> None:
        """A closed day is typed in while it runs."""
        self.happened["closed day typed in"] += 1
        here = self.site.current
        day = (self.now + timedelta(days=ahead)).date()
        closed = {**here.calendar.rule.also_closed, day: "a day of mourning"}
        calendar = replace(here.calendar, rule=replace(here.calendar.rule, also_closed=closed))
        current = replace(here, calendar=calendar)
        versions = {(current.protocol.id, current.protocol.version): current}
        self.site = replace(self.site, versions=versions, current=current)
        self.bot = self._bot_begun()
        if not self.mailbox.down:
            self.bot.begin((self.now + self.ahead).astimezone(UTC))

    # What must hold

    def look(self, whole: bool = False) -> None:
        """The invariants, of the disputes in which something happened since, or of everything."""
        with self.store._reads() as connection:
            asked = "SELECT reference, head_sequence FROM dispute"
            rows = {str(row[0]): int(row[1]) for row in connection.exec_driver_sql(asked)}
        changed = [reference for reference, head in rows.items() if self._heads.get(reference) != head]
        self._heads = rows
        if not (changed or whole):
            return
        outside = self._outside() if whole else None
        now, only = self.now.astimezone(UTC), None if whole else changed
        snap = snapshot_of(self.store, self.bot.site, now, outside, only=only)
        found = breaches(snap)
        if whole and self._before is not None:
            found += breaches_between(self._before, snap)
        if whole:
            self._before = snap
        self.violations += [f"{self.now:%Y-%m-%d %H:%M} {one}" for one in found]

    def _outside(self) -> SeenOutside:
        held = [one.raw for box in (self.mailbox.inbox, *self.mailbox.filed.values()) for one in box]
        lies = {folder: tuple(message_id_of(x.raw) for x in box) for folder, box in self.mailbox.filed.items()}
        accepted = tuple(
            (one.recipient, message_id_of(one.raw), hashlib.sha256(one.raw).hexdigest()) for one in self.postman.sent
        )
        arrived = frozenset(self.arrived) if not self.mailbox.down and not self.mailbox.withheld else frozenset()
        lying = frozenset(hashlib.sha256(raw).hexdigest() for raw in held)
        return SeenOutside(arrived, lies, lying, accepted, OUTSIDERS)

    def forged_acts(self) -> list[str]:
        """Whatever a message did that was not its sender's, though nobody had said that it was."""
        with self.store._reads() as connection:
            rows = connection.exec_driver_sql(
                "SELECT l.reference, l.sequence, l.kind, l.cause_what FROM ledger l JOIN message m ON m.digest = "
                "substr(l.cause_what, 1, 64) WHERE l.cause_kind = 'message' AND m.released = ''"
            ).all()
        acts = {"DisputeOpened", "StageEntered", "DisputeClosed", "ResolutionProposed", "ResolutionConfirmed"}
        return [
            f"{row[0]} entry {row[1]}: {row[2]} by an impostor"
            for row in rows
            if str(row[3])[:64] in self.forged and row[2] in acts
        ]

    def head(self) -> str:
        """One hash over the end of every dispute: the same for the same seed."""
        with self.store._reads() as connection:
            rows = connection.exec_driver_sql("SELECT reference, head_sequence, head_hash FROM dispute").all()
        return seal((str(a), int(b), str(c)) for a, b, c in rows)

    def outcome_for(self, recipient: str) -> None:
        """Something goes wrong with the next letters to somebody."""
        outcomes = [Outcome.DEFERRED, Outcome.UNCERTAIN, Outcome.REFUSED]
        chosen = self.dice.choices(outcomes, (6, 3, 1), k=self.dice.randint(1, 3))
        for one in chosen:
            self.happened[f"a letter {one.value}"] += 1
        self.postman.script.setdefault(recipient, []).extend(chosen)
