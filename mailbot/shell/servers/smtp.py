"""Letters out, over SMTP submission: one transaction and one recipient each, one connection for as long as letters go.

aiosmtplib does the wire. Its conveniences are left alone, because each was measured to bite: recipients read out of
headers mailed the Cc, TLS left to chance went out in clear, and one refusal among several recipients is no exception.
"""

import asyncio
import re
import socket
import threading
import typing
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import aiosmtplib

from mailbot.shell.clock import elapsed
from mailbot.shell.errors import MailbotError
from mailbot.shell.servers.connection import Connection, tls_context
from mailbot.shell.servers.postman_interface import Delivery, Envelope, Outcome, address_fault

# Refusals before any recipient was named which say that we are not logged in as we should be (RFC 4954, 6): that is
# for the operator to mend, and no letter is to blame.
_NOT_LOGGED_IN = {530, 534, 535, 538}
# Refusals of whoever sends, at whatever step they are said: the sender's address is not to be had (RFC 3463: 5.1.7 and
# 5.1.8), no login or no relaying (5.7.54, 5.7.57, 5.7.64), no right to send as this sender (5.7.60), a sender or a
# whole tenant that is blocked (5.7.501 to 5.7.511, 5.7.700 to 5.7.750: Exchange Online's list of delivery reports), or
# has sent its day's number of letters (5.1.90, 5.7.232, 5.7.233 there, 5.4.5 at Google). What Exchange says of the
# right to send as somebody comes under several codes, and of relaying every server says so in words.
_OF_THE_SENDER = re.compile(
    r"\b5\.(?:1\.(?:[78]|90)|4\.5|7\.(?:54|57|60|64|23[23]|50\d|51[01]|7[0-4]\d|750))\b|send\s?as\s?denied"
    r"|(?:not allowed|permissions?) to send as|\brelay(?:ing)? (?:access )?denied|unable to relay|sending limit",
    re.IGNORECASE,
)
_TOO_LARGE = {552}  # at MAIL, where its size is told: that is the letter's own (RFC 1870, 6.1)
_Told = typing.TypeVar("_Told")
_NOT_IN_A_HOST_NAME = re.compile(r"[^A-Za-z0-9.-]")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. ``final`` is for the answer after the last dot: RFC 5321, 4.5.3.2.6 asks for ten minutes at least, since
    giving up there is how letters come to be sent twice."""

    connect: float = 30.0
    command: float = 300.0
    final: float = 660.0


@dataclass(frozen=True, slots=True)
class _Down:
    """The connection is of no use for this batch any more; what is left of it waits for the next."""

    code: int
    words: str


# A connection that is kept is left all the same after so many letters, or seconds: servers count both.
LETTERS_A_CONNECTION, SECONDS_A_CONNECTION = 100, 600.0
_PATIENCE = 5.0  # seconds, for an answer on which no letter depends
KEPT_FOR = 20.0  # seconds; servers hang up on whoever says nothing for some minutes, and some sooner


class SmtpPostman:
    """A ``Postman`` over SMTP. A connection's "starttls" is required, never merely tried.

    ``keep_for`` is for how many seconds a connection is kept for the next batch, 0 for none; whoever keeps one calls
    ``let_go`` when there is nothing to send, and ``close`` at the end. One thread sends; another may close.
    """

    def __init__(self, connection: Connection, timeouts: Timeouts | None = None, keep_for: float = 0.0) -> None:
        self._at = connection
        self._context = tls_context(connection.cafile) if connection.security != "none" else None
        self._timeouts, self._keep_for = timeouts or Timeouts(), keep_for
        self._lock = threading.Lock()
        self._runner: asyncio.Runner | None = None
        self._client: aiosmtplib.SMTP | None = None
        self._since = self._used = 0.0
        self._letters = 0

    def send(self, envelopes: Sequence[Envelope]) -> Iterator[Delivery]:
        down: _Down | None = None
        if envelopes:
            self._look_at_kept()
        try:
            for envelope in envelopes:
                if down is not None:
                    yield _deferred(envelope, down)
                    continue
                delivery, down = self._sent(envelope)
                if down is not None:  # whoever refuses now is met anew next time
                    self.close()
                yield delivery
        finally:
            if not self._keep_for:
                self.close()

    def _sent(self, envelope: Envelope) -> tuple[Delivery, _Down | None]:
        with self._lock:
            try:
                down = self._connect()
                if self._client is None:
                    return _deferred(envelope, down), down
                self._letters += 1
                found = self._run(self._transaction(self._client, envelope))
                self._used = elapsed()
                return found
            except BaseException:
                self._hang_up()  # nobody knows how far a transaction came that was broken off
                raise

    def _look_at_kept(self) -> None:
        """Before a batch, looks at the connection that was kept since the last: is it of use yet, and still there?"""
        with self._lock:
            now = elapsed()
            worn = self._letters >= LETTERS_A_CONNECTION or now - self._since > SECONDS_A_CONNECTION
            if self._client is not None and (worn or now - self._used > self._keep_for):
                self._leave()
            if self._client is not None:
                self._run(_ask(self._client))

    def _connect(self) -> _Down | None:
        """Sees to a connection that a letter can be given to; why there is none."""
        if self._client is not None and self._client.is_connected:
            return None
        self._client, down = self._run(self._connected())
        self._since, self._letters = elapsed(), 0
        return down

    def _run(self, work: Coroutine[object, object, _Told]) -> _Told:
        if self._runner is None:
            self._runner = asyncio.Runner()
        return self._runner.run(work)

    def let_go(self) -> None:
        """The SMTP connection is left where nothing went over it for as long as it may be kept."""
        if self._client is not None and elapsed() - self._used >= self._keep_for:
            self.close()

    def close(self) -> None:
        """Leaves the SMTP server; whoever sends again is connected again. A letter that is on its way keeps it."""
        if self._lock.acquire(timeout=_PATIENCE):
            try:
                self._leave()
            finally:
                self._lock.release()

    def _leave(self) -> None:
        if self._client is not None:
            self._run(_leave(self._client))
        self._hang_up()

    def _hang_up(self) -> None:
        client, self._client = self._client, None
        runner, self._runner = self._runner, None
        if client is not None:
            client.close()
        if runner is not None:
            runner.close()

    def try_sending(self, sender: str) -> Delivery:
        """Whether the SMTP server would take a letter from ``sender``: connection, login and MAIL, taken back."""
        with asyncio.Runner() as runner:
            client, down = runner.run(self._connected())
            if client is None:
                return _deferred(Envelope(0, sender, "", b""), down)
            try:
                return runner.run(self._tried(client, Envelope(0, sender, "", b"")))
            finally:
                runner.run(_leave(client))

    async def _tried(self, client: aiosmtplib.SMTP, envelope: Envelope) -> Delivery:
        try:
            await self._introduced(client, envelope)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            delivery, _ = await _not_introduced(client, envelope, error)
            return delivery
        await _begin_again(client)
        return Delivery(envelope.id, Outcome.ACCEPTED, 250, "it would be taken")

    async def _connected(self) -> tuple[aiosmtplib.SMTP | None, _Down | None]:
        client = aiosmtplib.SMTP(
            hostname=self._at.host,
            port=self._at.port,
            use_tls=self._at.security == "tls",
            start_tls=self._at.security == "starttls",
            tls_context=self._context,
            timeout=self._timeouts.connect,
            # The library would ask the DNS for our own name, which can take longer than all the rest.
            local_hostname=_NOT_IN_A_HOST_NAME.sub("-", socket.gethostname()) or "localhost",
        )
        try:
            await client.connect()
            await _greet(client)
            await self._log_in(client)
        except (aiosmtplib.SMTPException, MailbotError, OSError, ValueError) as error:
            client.close()
            code = getattr(error, "code", 0) or 0
            return None, _Down(code, f"{self._at.host}:{self._at.port}: {_words(error)}")
        return client, None

    async def _log_in(self, client: aiosmtplib.SMTP) -> None:
        if self._at.token is not None:
            await client.auth_xoauth2(self._at.user, self._at.token())
        elif self._at.user:
            await client.login(self._at.user, self._at.password)

    async def _transaction(self, client: aiosmtplib.SMTP, envelope: Envelope) -> tuple[Delivery, _Down | None]:
        """One SMTP transaction: MAIL, RCPT, DATA for one recipient. ``_Down`` comes with it when the server wants no
        more for now."""
        for role, address in (("sender", envelope.sender), ("recipient", envelope.recipient)):
            fault = address_fault(address) or ("" if address or role == "sender" else "there is no recipient")
            if fault:
                return Delivery(envelope.id, Outcome.REFUSED, 553, f"not sent, {role}: {fault}", theirs=True), None
        try:
            await self._introduced(client, envelope)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            return await _not_introduced(client, envelope, error)
        try:
            await client.rcpt(envelope.recipient, timeout=self._timeouts.command)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            return await _not_taken(client, envelope, error)
        try:
            answer = await client.data(envelope.raw, timeout=self._timeouts.final)
        except aiosmtplib.SMTPResponseException as error:
            return await _not_taken(client, envelope, error)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            client.close()
            words = f"the answer after the last dot was lost: {_words(error)}"
            return Delivery(envelope.id, Outcome.UNCERTAIN, 0, words), None
        return Delivery(envelope.id, Outcome.ACCEPTED, answer.code, _one_line(answer.message)), None

    async def _introduced(self, client: aiosmtplib.SMTP, envelope: Envelope) -> None:
        options = []
        if client.supports_extension("size"):
            options.append(f"SIZE={len(envelope.raw)}")
        if not envelope.raw.isascii() and client.supports_extension("8bitmime"):
            options.append("BODY=8BITMIME")
        await client.mail(envelope.sender, options=options, timeout=self._timeouts.command)


async def _greet(client: aiosmtplib.SMTP) -> None:
    """Greets an SMTP server: learns what the server can do before the first letter, where coming under TLS has not done
    so already."""
    if client.is_ehlo_or_helo_needed:
        try:
            await client.ehlo()
        except aiosmtplib.SMTPHeloError:
            await client.helo()


async def _not_taken(client: aiosmtplib.SMTP, envelope: Envelope, error: Exception) -> tuple[Delivery, _Down | None]:
    """An SMTP server has refused a letter, and does not have it. 5yz is the letter's own fate, 4yz waits (RFC 5321,
    4.2.1); 421 is a goodbye, and no reason to knock again at once."""
    if not isinstance(error, aiosmtplib.SMTPResponseException):
        client.close()
        return Delivery(envelope.id, Outcome.DEFERRED, 0, _words(error)), None
    code, words = error.code, _words(error)
    if code == 421 or code in _NOT_LOGGED_IN or (code >= 500 and _OF_THE_SENDER.search(words)):
        await _begin_again(client)
        return Delivery(envelope.id, Outcome.DEFERRED, code, words, ours=True), _Down(code, words)
    await _begin_again(client)
    outcome = Outcome.REFUSED if 500 <= code < 600 else Outcome.DEFERRED
    return Delivery(envelope.id, outcome, code, words), None


async def _not_introduced(
    client: aiosmtplib.SMTP, envelope: Envelope, error: Exception
) -> tuple[Delivery, _Down | None]:
    """An SMTP server refuses MAIL, before it has heard of any reader: that is about us, and the same for every letter,
    unless the letter is too large for it."""
    delivery, down = await _not_taken(client, envelope, error)
    if delivery.code in _TOO_LARGE:
        return replace(delivery, theirs=True), down
    if delivery.outcome is Outcome.REFUSED:
        down = _Down(delivery.code, delivery.words)
    return replace(delivery, outcome=Outcome.DEFERRED, ours=True), down


async def _ask(client: aiosmtplib.SMTP) -> None:
    """Asks an SMTP server whether it is still there; a connection on which it does not say so is of no more use."""
    try:
        await client.noop(timeout=_PATIENCE)
    except (aiosmtplib.SMTPException, OSError):
        client.close()


async def _begin_again(client: aiosmtplib.SMTP) -> None:
    try:
        await client.rset()
    except (aiosmtplib.SMTPException, OSError):
        client.close()


async def _leave(client: aiosmtplib.SMTP) -> None:
    if client.is_connected:
        with suppress(aiosmtplib.SMTPException, OSError):
            await client.quit(timeout=_PATIENCE)
    client.close()


def _deferred(envelope: Envelope, down: _Down | None) -> Delivery:
    return Delivery(envelope.id, Outcome.DEFERRED, down.code if down else 0, down.words if down else "", ours=True)


def _words(error: Exception) -> str:
    message = error.message if isinstance(error, aiosmtplib.SMTPResponseException) else str(error)
    return _one_line(str(typing.cast(object, message))) or type(error).__name__


def _one_line(text: str) -> str:
    """An SMTP server's answer, safe in a report: one line, printable, not longer than anybody would read."""
    return "".join(letter if letter.isprintable() else " " for letter in text)[:500].strip()
