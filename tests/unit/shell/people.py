"""Somebody else at the same mailbox: what a person with a mail program of their own does to it."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from imapclient import DELETED, FLAGGED, SEEN, IMAPClient

from mailbot.shell.servers.connection import tls_context
from mailbot.shell.servers.mailbox_interface import Folder, Place, message_id_of
from mailbot.shell.servers.maildir import MaildirMailbox, by_unique
from tests.servers.shape import Servers
from tests.unit.shell.servers.contracts import Box
from tests.unit.shell.servers.contracts_postman import Post


@contextmanager
def imap_box(servers: Servers, address: str) -> Iterator[Box]:
    """``address``'s mailbox, and a second login to it. Delivery is by APPEND, which sets the date."""
    mailbox = servers.mailbox(address)
    person = Person(servers, address)
    try:
        yield Box(
            mailbox, person.deliver, person.expunge, person.unread, person.drag, person.marks, person.mark_deleted
        )
    finally:
        mailbox.close()
        person.leave()


class Person:
    """One login, used by one thread at a time: what a person does may happen while the test waits."""

    def __init__(self, servers: Servers, address: str) -> None:
        secure = servers.imap_security == "tls"
        context = tls_context(servers.cafile) if secure else None
        self._client = IMAPClient(servers.imap_host, servers.imap_port, ssl=secure, ssl_context=context, timeout=20)
        self._client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._client.login(address, servers.users[address])
        self._alone = threading.Lock()

    @contextmanager
    def _at_work(self, folder: Folder = ()) -> Iterator[IMAPClient]:
        with self._alone:
            self._client.select_folder(self._name(folder) if folder else "INBOX")
            yield self._client

    def _name(self, folder: Folder) -> str:
        (_, separator, _), *_ = self._client.list_folders("", "%")
        return separator.decode().join(folder)

    def leave(self) -> None:
        self._client.logout()

    def deliver(self, raw: bytes, when: datetime) -> None:
        with self._at_work() as client:
            client.append("INBOX", raw, msg_time=when)

    def expunge(self, place: Place) -> None:
        with self._at_work() as client:
            client.delete_messages([place.uid])
            client.uid_expunge([place.uid])

    def unread(self) -> int:
        with self._at_work() as client:
            return len(client.search(["UNSEEN"]))

    def drag(self, message_id: str, folder: Folder) -> None:
        with self._at_work() as client:
            client.move(self._called(client, message_id), self._name(folder))

    def drag_on(self, message_id: str, source: Folder, folder: Folder) -> None:
        with self._at_work(source) as client:
            client.move(self._called(client, message_id), self._name(folder))

    def marks(self, folder: Folder) -> dict[str, str]:
        with self._at_work(folder) as client:
            told = client.fetch(client.search(["ALL"]), ["FLAGS", "BODY.PEEK[HEADER]"])
        letters = ((FLAGGED, "F"), (SEEN, "S"))
        return {
            message_id_of(one[b"BODY[HEADER]"]): "".join(mark for flag, mark in letters if flag in one[b"FLAGS"])
            for one in told.values()
        }

    def mark_deleted(self, folder: Folder, message_id: str) -> None:
        with self._at_work(folder) as client:
            client.add_flags(self._called(client, message_id), [DELETED])

    @staticmethod
    def _called(client: IMAPClient, message_id: str) -> list[int]:
        found: list[int] = client.search(["HEADER", "MESSAGE-ID", message_id.strip("<>")])
        return found


def maildir_box(path: Path) -> Box:
    """A Maildir, and a mail program at it."""
    delivered: list[str] = []

    def deliver(raw: bytes, when: datetime) -> None:
        for part in ("tmp", "new", "cur"):
            (path / part).mkdir(parents=True, exist_ok=True)
        name = f"{int(when.timestamp())}.{len(delivered):04}.mx"
        delivered.append(name)
        (path / "tmp" / name).write_bytes(raw)
        os.utime(path / "tmp" / name, (when.timestamp(), when.timestamp()))
        (path / "tmp" / name).rename(path / "new" / name)

    def expunge(place: Place) -> None:
        lines = (path / "mailbot-uids").read_text().splitlines()[2:]
        names = {int(uid): name for uid, name in (line.split(" ", 1) for line in lines)}
        by_unique(path)[names[place.uid]].unlink()

    def called(box: Path, message_id: str) -> Path:
        return next(file for file in by_unique(box).values() if message_id_of(file.read_bytes()) == message_id)

    def drag(message_id: str, folder: Folder) -> None:
        file = called(path, message_id)
        file.rename(path / ("." + ".".join(folder)) / "cur" / f"{file.name.partition(':')[0]}:2,")

    def marks(folder: Folder) -> dict[str, str]:
        files = by_unique(path / ("." + ".".join(folder))).values()
        return {message_id_of(file.read_bytes()): file.name.partition(":2,")[2] for file in files}

    def mark_deleted(folder: Folder, message_id: str) -> None:
        file = called(path / ("." + ".".join(folder)), message_id)
        file.rename(file.parent.parent / "cur" / f"{file.name.partition(':')[0]}:2,T")

    def unread() -> int:
        return len(list((path / "new").iterdir()))

    return Box(MaildirMailbox(path), deliver, expunge, unread, drag, marks, mark_deleted)


def received_by(servers: Servers, address: str) -> list[bytes]:
    """What has come to an inbox. A real server delivers a moment after it has accepted."""
    mailbox = servers.mailbox(address)
    try:
        arrivals = list(mailbox.arrivals(None))
        if not arrivals and mailbox.wait(servers.delivery_seconds, lambda: False):
            arrivals = list(mailbox.arrivals(None))
        return [arrival.raw for arrival in arrivals]
    finally:
        mailbox.close()


@contextmanager
def smtp_post(servers: Servers, spare_address: Callable[[Servers], str]) -> Iterator[Post]:
    first, second = spare_address(servers), spare_address(servers)
    sender = "disputes@northshire-scp.example"
    postman = servers.postman(sender)
    yield Post(postman, sender, first, second, lambda address: received_by(servers, address))
    postman.close()
