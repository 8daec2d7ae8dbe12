"""Somebody else at the same mailbox: what a person with a mail program of their own does to it."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from imapclient import IMAPClient

from mailbot.shell.mailbox import Place
from mailbot.shell.maildir import MaildirMailbox
from mailbot.shell.maildir_index import by_unique
from mailbot.shell.tls import tls_context
from tests.servers.shape import Servers
from tests.shell.contracts import Box
from tests.shell.contracts_postman import Post


@contextmanager
def imap_box(servers: Servers, address: str) -> Iterator[Box]:
    """``address``'s mailbox, and a second login to it. Delivery is by APPEND, which sets the date."""
    mailbox = servers.mailbox(address)
    person = Person(servers, address)
    try:
        yield Box(mailbox, person.deliver, person.expunge, person.unread)
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
    def _at_work(self) -> Iterator[IMAPClient]:
        with self._alone:
            self._client.select_folder("INBOX")
            yield self._client

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

    return Box(MaildirMailbox(path), deliver, expunge, lambda: len(list((path / "new").iterdir())))


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


def smtp_post(servers: Servers, spare_address: Callable[[Servers], str]) -> Post:
    first, second = spare_address(servers), spare_address(servers)
    sender = "disputes@northshire-scp.example"
    return Post(servers.postman(sender), sender, first, second, lambda address: received_by(servers, address))
