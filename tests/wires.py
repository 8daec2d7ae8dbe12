"""Three ways for a story's mail to travel: embedded servers, Dovecot and Postfix, and Maildirs on this machine.

A wire carries what people write, says what lies in anybody's inbox, and gives the bot its mailbox and postman.
"""

import typing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mailbot.shell.clock import elapsed, utc_now
from mailbot.shell.servers.mailbox_interface import Arrival, Mailbox
from mailbot.shell.servers.maildir import MaildirMailbox, MaildirPostman
from mailbot.shell.servers.postman_interface import Postman
from tests.people import ADDRESS
from tests.servers.shape import Servers
from tests.unit.shell.people import maildir_box

PATIENCE = 20  # seconds, within which a letter that was accepted must lie in the inbox


class Wire(typing.Protocol):
    """``trusted``: whose Authentication-Results are believed there."""

    trusted: tuple[str, ...]

    def mailbox(self) -> Mailbox: ...

    def postman(self) -> Postman: ...

    def write(self, sender: str, recipients: list[str], raw: bytes, now: datetime) -> None: ...

    def begin(self) -> datetime:
        """When the story may begin: servers stamp arrivals with their own present."""
        ...

    def inbox(self, address: str, at_least: int = 0) -> list[Arrival]:
        """What lies there; waits until there are ``at_least`` so many."""
        ...


@dataclass
class ServerWire:
    servers: Servers
    trusted: tuple[str, ...] = ("mail.nsscp.example", "mail.northshire-scp.example")

    def mailbox(self) -> Mailbox:
        return self.servers.mailbox(ADDRESS["mailbox"])

    def postman(self) -> Postman:
        return self.servers.postman(ADDRESS["mailbox"])

    def begin(self) -> datetime:
        return utc_now()

    def write(self, sender: str, recipients: list[str], raw: bytes, now: datetime) -> None:
        self.servers.send_as_a_person(sender, recipients, raw)

    def inbox(self, address: str, at_least: int = 0) -> list[Arrival]:
        box = self.servers.mailbox(address)
        try:
            began = elapsed()
            while len(found := list(box.arrivals(None))) < at_least and elapsed() - began < PATIENCE:
                box.wait(self.servers.delivery_seconds, lambda: False)
            return found
        finally:
            box.close()


class MaildirWire:
    """The server's delivery is played: it writes Authentication-Results, and the story's present as the time."""

    trusted = ("mx.nsscp.example",)

    def __init__(self, path: Path) -> None:
        self._path = path
        for address in ADDRESS.values():
            for part in ("tmp", "new", "cur"):
                (path / address / part).mkdir(parents=True)
        self._boxes = {address: maildir_box(path / address) for address in ADDRESS.values()}

    def mailbox(self) -> Mailbox:
        return self._boxes[ADDRESS["mailbox"]].mailbox

    def postman(self) -> Postman:
        return MaildirPostman(self._path)

    def begin(self) -> datetime:
        return utc_now()

    def write(self, sender: str, recipients: list[str], raw: bytes, now: datetime) -> None:
        domain = sender.rpartition("@")[2]
        mark = f"Authentication-Results: {self.trusted[0]}; dmarc=pass header.from={domain}\r\n".encode()
        for recipient in recipients:
            self._boxes[recipient].deliver(mark + raw, now)

    def inbox(self, address: str, at_least: int = 0) -> list[Arrival]:
        return list(MaildirMailbox(self._path / address).arrivals(None))
