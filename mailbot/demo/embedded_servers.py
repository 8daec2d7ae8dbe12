"""An IMAP and an SMTP server inside this process, for the demo and for tests: the real wire, on a bare machine.

pymap keeps the mailboxes in memory, aiosmtpd takes the letters, and both live in one thread with one event loop. The
border is played too: a letter for a user gets an Authentication-Results field as a partnership's own mail server would
write it, and a forged one is taken out. Only loopback, and nothing outlives ``stop()``.

pymap's insides are private, so all that is known of them is in this file and one version is pinned.
"""

import asyncio
import gc
import logging
import re
import threading
import typing
from argparse import Namespace
from collections.abc import Callable, Coroutine, Iterable, Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from types import TracebackType

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from proxyprotocol.reader import ProxyProtocolReader
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

from mailbot.shell.clock import utc_now

HOST = "127.0.0.1"
LARGEST_LETTER = 50_000_000
# Seconds, like the half second for which Dovecot holds a notice back.
NUDGE = 0.4
_FIELD = re.compile(rb"^(?P<name>[!-9;-~]+)[ \t]*:(?P<value>(?:[^\n]|\n[ \t])*)(?:\n|\Z)", re.MULTILINE)
_DOMAIN = re.compile(rb"@([A-Za-z0-9.-]+)")
# aiosmtpd tells of every command at INFO, and at each login warns of an attribute that it sets itself; the demo has a
# story of its own to tell.
logging.getLogger("mail.log").setLevel(logging.ERROR)
_T = typing.TypeVar("_T")


class EmbeddedServers:
    """Both servers, running from ``start()`` (or ``with``) to ``stop()``. Port 0 takes a free one.

    ``users`` maps addresses to passwords; an address is also the login. Any other recipient is refused with 550, as a
    ``domains`` address nobody has, or as one this server does not relay to. Mail from an address in one of
    ``failing`` domains is marked dmarc=fail. ``clock`` is asked for the time of each delivery: a story brings its own.
    """

    def __init__(
        self,
        users: Mapping[str, str] | None = None,
        domains: Iterable[str] = (),
        failing: Iterable[str] = (),
        imap_port: int = 0,
        smtp_port: int = 0,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.users: dict[str, str] = {}
        self.domains = {domain.lower() for domain in domains}
        self.failing = {domain.lower() for domain in failing}
        self.host = HOST
        self.imap_port = imap_port
        self.smtp_port = smtp_port
        self._clock = clock
        self._first_users = dict(users or {})
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="embedded mail servers", daemon=True)
        self._stack = AsyncExitStack()
        self._connections: set[asyncio.Task[None] | None] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._backend: typing.Any = None
        self._nudging: asyncio.Task[None] | None = None

    def __enter__(self) -> "EmbeddedServers":
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> "EmbeddedServers":
        """Starts the embedded servers, which are listening when this returns. Raises ``OSError`` when a port is
        taken."""
        self._thread.start()
        try:
            self._do(self._listen())
        except BaseException:
            self.stop()
            raise
        for address, password in self._first_users.items():
            self.add_user(address, password)
        return self

    def stop(self) -> None:
        """Stops the embedded servers, closes every connection and ends the thread. May be called twice."""
        if self._thread.is_alive():
            self._do(self._stack.aclose())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(timeout=10)

    async def _settle(self) -> None:
        """Lets the embedded servers settle: a connection begins, and a socket is closed, a turn of the loop or two
        after it was asked for."""
        for _ in range(5):
            await asyncio.sleep(0)

    def add_user(self, address: str, password: str) -> None:
        """A mailbox for ``address``; its domain becomes one of ours."""
        self._do(self._add_user(address.lower(), password))
        self.users[address.lower()] = password
        self.domains.add(address.lower().rpartition("@")[2])

    def deliver(self, address: str, raw: bytes, sender: str = "", when: datetime | None = None) -> None:
        """Delivers to the embedded IMAP server: puts a letter into a user's inbox as if it had come in over SMTP, at
        ``when`` (by the clock, if not said)."""
        self._do(self.take_in(address.lower(), sender, raw, when))

    def authenticated(self, address: str, password: str) -> bool:
        return self.users.get(address.lower()) == password

    async def take_in(self, address: str, sender: str, raw: bytes, when: datetime | None = None) -> None:
        """The embedded SMTP server takes in a letter, as a border server does: mark what came from where, then
        deliver."""
        domain = address.rpartition("@")[2]
        marked = at_the_border(raw, f"mail.{domain}", sender, self.failing)
        async with (await self._identity(address)).new_session() as session:
            await session.append_messages("INBOX", [AppendMessage(marked, when or self._clock())])

    async def _identity(self, address: str) -> typing.Any:
        administrator = Namespace(name="root", roles=frozenset({"admin"}))
        return await self._backend.login.authorize(administrator, address)

    async def _add_user(self, address: str, password: str) -> None:
        identity = await self._identity(address)
        await identity.set(UserMetadata(self._backend.config, address, password=password))

    async def _listen(self) -> None:
        self._backend, config = await DictBackend.init(_settings(), hash_context=Cleartext())
        await self._backend.start(self._stack)
        imap = IMAPServer(self._backend.login, config)

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, peer: SocketInfo) -> None:
            # proxyprotocol starts this as a task that nothing holds; Python 3.13 collects it while it waits.
            task = asyncio.current_task()
            self._connections.add(task)
            try:
                await imap(reader, writer, peer)
            finally:
                self._connections.discard(task)
                self._writers.discard(writer)

        listen = ProxyProtocolReader(config.proxy_protocol).get_callback(connected)

        async def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._writers.add(writer)
            await listen(reader, writer)

        server = await asyncio.start_server(accepted, HOST, self.imap_port)
        self.imap_port = await self._serve(server)
        border = _Border(self)
        server = await self._loop.create_server(
            lambda: SMTP(
                border,
                data_size_limit=LARGEST_LETTER,
                hostname="mail.example",
                ident="mailbot",
                authenticator=border.authenticate,
                auth_require_tls=False,
                loop=self._loop,
            ),
            HOST,
            self.smtp_port,
        )
        self.smtp_port = await self._serve(server)
        self._nudging = asyncio.create_task(self._nudge())

    async def _nudge(self) -> None:
        """Nudges the embedded IMAP server: pymap loses a change that comes while it tells an idling client of the one
        before; asking again shows it."""
        while True:
            await asyncio.sleep(NUDGE)
            for boxes, _ in self._backend.config.set_cache.values():
                boxes._inbox._updated.set()

    async def _serve(self, server: asyncio.Server) -> int:
        await self._stack.enter_async_context(server)
        return int(server.sockets[0].getsockname()[1])

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        # A client that had only just connected is hung up on too, and does not wait for an answer that never comes.
        self._loop.run_until_complete(self._settle())
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        for writer in self._writers:
            writer.transport.abort()
        self._loop.run_until_complete(self._settle())
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()
        # asyncio forgets, without closing it, a connection it accepted while its server was being closed (measured on
        # 3.11: ``Server._attach`` fails); the collector closes it, and the client hears the end of it. It is young:
        # going through all that a process holds takes half a second, and finds no more.
        gc.collect(1)

    def _do(self, coroutine: Coroutine[typing.Any, typing.Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout=30)


def at_the_border(raw: bytes, authserv_id: str, sender: str, failing: Iterable[str] = ()) -> bytes:
    """A letter as an embedded server takes it in from outside: ``raw`` as it comes out of a border server: Return-Path,
    and Authentication-Results under ``authserv_id``.

    A field that came in under that id is a forgery and goes (RFC 8601, section 5). The domain checked is that of the
    angle address of a single From field; with two From fields, or none, nothing is said to have passed.
    """
    raw = raw.replace(b"\r\n", b"\n")
    header, end, body = raw.partition(b"\n\n")
    fields = [(found["name"].lower(), found["value"], found[0]) for found in _FIELD.finditer(header + b"\n")]
    writers = [value for name, value, _ in fields if name == b"from"]
    kept = [
        line
        for name, value, line in fields
        if name != b"return-path" and not (name == b"authentication-results" and _is_by(value, authserv_id))
    ]
    domain = _from_domain(writers[0]) if len(writers) == 1 else ""
    verdict = "fail" if domain in set(failing) else "pass"
    result = f"dmarc={verdict} header.from={domain}" if domain else "dmarc=none"
    ours = f"Return-Path: <{sender}>\nAuthentication-Results: {authserv_id}; {result}\n".encode("utf-8", "replace")
    # A header this reading cannot follow is delivered as it came: borders do not mend mail.
    told = b"".join(kept) if b"".join(line for *_, line in fields) == header + b"\n" else header + b"\n"
    return (ours + told + b"\n" + body if end else ours + raw).replace(b"\n", b"\r\n")


def _settings() -> Namespace:
    """pymap's own command line, as values."""
    return Namespace(
        host=HOST,
        port=0,
        debug=False,
        cert=None,
        key=None,
        tls=False,
        passlib_cfg=None,
        proxy_protocol=None,
        inherited_sockets=None,
        demo_data=False,
        demo_user="nobody@mail.example",
        demo_password="",
    )


class _Border:
    """What aiosmtpd asks at each step; it calls these methods by name."""

    def __init__(self, servers: EmbeddedServers) -> None:
        self._servers = servers

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: typing.Any
    ) -> AuthResult:
        given = isinstance(login, LoginPassword)
        right = given and self._servers.authenticated(login.login.decode(), login.password.decode())
        return AuthResult(success=right, handled=False)

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        known = address.lower()
        if known in self._servers.users:
            envelope.rcpt_tos.append(known)
            return "250 2.1.5 OK"
        if known.rpartition("@")[2] in self._servers.domains:
            return "550 5.1.1 No such user here"
        return "550 5.7.1 This server delivers to its own users alone"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        # aiosmtpd writes the null sender as "<>".
        sender = (envelope.mail_from or "").strip("<>")
        for address in envelope.rcpt_tos:
            await self._servers.take_in(address, sender, typing.cast(bytes, envelope.content))
        return "250 2.0.0 OK, delivered"


def _is_by(value: bytes, authserv_id: str) -> bool:
    first = re.split(rb"[\s;]+", value.strip(), maxsplit=1)[0]
    return first.strip(b'"').lower() == authserv_id.lower().encode()


def _from_domain(value: bytes) -> str:
    domains = _DOMAIN.findall(value.rpartition(b"<")[2])
    return domains[-1].decode("ascii").lower() if domains else ""
