"""Coming to be logged in to an IMAP server, and learning how it writes folder names.

Here too is the one gate every IMAP argument of ours that came from outside passes: imapclient writes search terms and
flags as they are, and one with a line break in it is a command of its own (measured: ``X9 DELETE INBOX``).
"""

import socket
import typing
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from imapclient import IMAPClient, SocketTimeout

from mailbot.shell.errors import LoginRefused, Unreachable
from mailbot.shell.mailbox import Folder
from mailbot.shell.tls import Security, tls_context


@dataclass(frozen=True, slots=True)
class Account:
    """Where to log in, and as whom. Timeouts in seconds."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    security: Security
    cafile: str | None
    token: Callable[[], str] | None = field(repr=False)
    connect_timeout: float
    read_timeout: float

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a server writes names: what our own folders begin with, and what stands between parts ("" if flat)."""

    prefix: str
    separator: str

    def name(self, folder: Folder) -> str:
        return self.prefix + (self.separator or " ").join(folder)

    def parts(self, name: str) -> Folder:
        own = name.removeprefix(self.prefix)
        return tuple(own.split(self.separator)) if self.separator else (own,)


def plain(text: str) -> str:
    """``text``, if it can be written into an IMAP command. Raises ``ValueError``: CR or LF would begin another."""
    if not text.isascii() or any(letter in text for letter in "\r\n\0"):
        raise ValueError(
            "cannot be written into an IMAP command: it holds a line break, a NUL or a letter not in ASCII"
        )
    return text


def connect(account: Account) -> typing.Any:
    """A client that is logged in, with a timeout on its socket. Raises what imapclient raises, and ``Unreachable``."""
    # Reading the machine's certificate authorities takes 40 ms, and a connection in clear has no use for them.
    context = tls_context(account.cafile) if account.security != "none" else None
    client = IMAPClient(
        account.host,
        account.port,
        ssl=account.security == "tls",
        ssl_context=context,
        timeout=SocketTimeout(connect=account.connect_timeout, read=account.read_timeout),
    )
    try:
        # Nagle's algorithm against a server that delays its acknowledgements costs 45 ms a command.
        client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if account.security == "starttls":
            if not client.has_capability("STARTTLS"):
                raise Unreachable(account.address, "does not offer STARTTLS, and nothing is sent in clear")
            client.starttls(context)
        _log_in(client, account)
        client.normalise_times = False
        client.capabilities()
    except BaseException:
        # After a failed handshake there is no socket left to shut, and what failed must not be masked by that.
        with suppress(Exception):
            client.shutdown()
        raise
    return client


def _log_in(client: typing.Any, account: Account) -> None:
    if account.token is not None:
        client.oauth2_login(plain(account.user), account.token())
    elif (account.user + account.password).isascii():
        client.login(plain(account.user), plain(account.password))
    elif client.has_capability("AUTH=PLAIN"):
        # LOGIN is ASCII; PLAIN is UTF-8 (RFC 4616).
        client.plain_login(account.user, account.password)
    else:
        raise LoginRefused(account.address, "the server takes no password with letters that are not in ASCII")


def layout_of(client: typing.Any) -> Layout:
    """Asked by NAMESPACE where there is one (RFC 2342), else read off the list of folders (RFC 3501, 6.3.8)."""
    if client.has_capability("NAMESPACE"):
        personal = client.namespace().personal
        if personal:
            prefix, separator = personal[0]
            return Layout(prefix, separator or "")
    for _, separator, _ in client.list_folders("", "%"):
        if separator:
            return Layout("", separator.decode("ascii"))
    return Layout("", "/")
