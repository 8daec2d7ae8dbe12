"""``mailbot replay``: a folder of messages rehearsed in the order they came, on a clock of their own.

The whole bot runs, on a store and Maildirs in a temporary folder that is gone afterwards: reminders and escalations
fall due between the messages as they would have. Nothing is sent to anybody.
"""

import argparse
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from mailbot.build import bot_of
from mailbot.commands.explain import (
    SAME_FOR_BOTH,
    directory_of,
    own_site,
    protocol_of,
    protocols_of,
    read_file_named,
    received_of,
    shared_arguments,
)
from mailbot.commands.terminal import say
from mailbot.core.partnership.directory import Directory
from mailbot.core.procedure.protocol import Protocol
from mailbot.door.whom_it_lets_in import Door
from mailbot.looking import site_of
from mailbot.mail.incoming.message import parse
from mailbot.mail.letters.render import Letters
from mailbot.mail.lexicon import must_be_sound
from mailbot.shell.config import template_files
from mailbot.shell.errors import NOT_WELL, OK, BadConfiguration, Fault
from mailbot.shell.servers.maildir import MaildirMailbox, MaildirPostman
from mailbot.shell.store.store import Store
from mailbot.turns.bot import Bot

STEP = timedelta(minutes=5)  # the least by which time goes on: what cannot be done yet is not asked for ever
_Row = Mapping[str, Any]


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    says = "rehearse a folder of messages on a clock of their own"
    replaying = commands.add_parser("replay", help=says, description=f"{says.capitalize()}. {SAME_FOR_BOTH}")
    replaying.add_argument("folder", metavar="DIR", type=Path, help="a folder of messages as received (.eml)")
    shared_arguments(replaying)
    replaying.set_defaults(run=run_replay)


def run_replay(args: argparse.Namespace) -> int:
    """``mailbot replay``: a line for each message, and for each instant between at which letters fell due. Raises
    BadConfiguration for a folder or file that cannot be read."""
    must_be_sound()
    if not args.folder.is_dir():
        said = "is not a folder" if args.folder.exists() else "cannot be read: there is no such folder"
        raise BadConfiguration([Fault(str(args.folder), 0, said)])
    files = [path for path in sorted(args.folder.iterdir()) if path.is_file() and path.suffix in ("", ".eml")]
    letters = [(received_of(parse(raw := read_file_named(path)), args.now), path.name, raw) for path in files]
    letters.sort(key=lambda letter: letter[:2])
    if not letters:
        say("There is no message in that folder: they end in .eml.")
        return NOT_WELL
    site = own_site(args)
    protocol = protocol_of(parse(letters[0][2]), protocols_of(args, site))
    for row in rehearse(letters, protocol, site.directory if site else directory_of(args.directory)):
        print(json.dumps(row, ensure_ascii=False) if args.json else _line(row))
    return OK


def rehearse(letters: list[tuple[datetime, str, bytes]], protocol: Protocol, directory: Directory) -> Iterator[_Row]:
    """``mailbot replay`` rehearses a folder of messages: ``letters`` are (when it arrived, name, bytes), oldest first.
    Rows hold at, file, disposition, why, dispute and letters; those of time alone only at and letters."""
    with tempfile.TemporaryDirectory(prefix="mailbot-replay-") as folder:
        rehearsal = Rehearsal(Path(folder), protocol, directory, letters[0][0])
        try:
            for received, name, raw in letters:
                yield from rehearsal.until(received)
                yield rehearsal.arrives(name, raw, received)
        finally:
            rehearsal.store.close()


@dataclass
class Rehearsal:
    """A bot on a temporary store, and which of its letters have been told."""

    store: Store
    bot: Bot
    inbox: Path

    def __init__(self, folder: Path, protocol: Protocol, directory: Directory, begins: datetime) -> None:
        self.inbox = folder / "in"
        self.store = Store.open(f"sqlite:///{folder / 'replay.db'}", create=True)
        # A word each morning that mailbot is at work would hide what the mail brings.
        protocol = replace(protocol, digest=replace(protocol.digest, heartbeat=False))
        site = site_of(protocol.id, [protocol], directory, begins, b"a rehearsal", Door(rehearses=True))
        templates = Letters(template_files.load_letters([template_files.shipped_letters()]))
        mailbox, postman = MaildirMailbox(self.inbox), MaildirPostman(folder / "out")
        self.bot = bot_of(site, self.store, mailbox, postman, templates)
        self._told: set[str] = set()
        self._now = begins
        self._turn(begins)

    def until(self, goal: datetime) -> Iterator[_Row]:
        """``mailbot replay`` replays what time brings: everything that falls due before ``goal``, instant by
        instant."""
        while (due := self.store.next_due(self.bot.site.id)) is not None and due <= goal and self._now < goal:
            self._turn(min(max(due, self._now + STEP), goal))
            if written := self._written():
                yield {"at": self._shown(self._now), "letters": written}

    def arrives(self, name: str, raw: bytes, received: datetime) -> _Row:
        digest = hashlib.sha256(raw).hexdigest()
        file = self.inbox / "new" / f"{int(received.timestamp())}.{digest[:16]}.replay"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(raw)
        os.utime(file, (received.timestamp(), received.timestamp()))
        self._turn(max(received, self._now))
        found = self.store.message(self.bot.site.id, digest)
        told = (found.disposition, found.reason, found.reference) if found else ("not read", "", "")
        return {
            "at": self._shown(received),
            "file": name,
            "disposition": told[0],
            "why": told[1],
            "dispute": told[2] or None,
            "letters": self._written(),
        }

    def _turn(self, now: datetime) -> None:
        self._now = now
        self.bot.turn(now)

    def _shown(self, instant: datetime) -> str:
        return self.bot.site.current.calendar.local(instant).isoformat(timespec="minutes")

    def _written(self) -> list[dict[str, str]]:
        references = ["", *(row.reference for row in self.store.dispute_rows(self.bot.site.id))]
        records = [r for ref in references for r in self.store.letters(self.bot.site.id, ref)]
        new = [r for r in records if r.message_id not in self._told]
        self._told |= {r.message_id for r in new}
        return [{"to": r.recipient, "letter": r.letter, "subject": r.subject} for r in new]


def _line(row: _Row) -> str:
    what = f"{row['file']}: {row['disposition']} ({row['why']})" if "file" in row else "(time)"
    head = f"{row['at']}  {what}"
    place = f"  [{row['dispute']}]" if row.get("dispute") else ""
    return "\n".join([head + place, *(f"    {x['letter']} to {x['to']}: {x['subject']}" for x in row["letters"])])
