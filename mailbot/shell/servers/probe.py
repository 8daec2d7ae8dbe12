"""Trying the servers, as ``mailbot check`` does before a service is trusted with them. Nothing is read, sent or moved.

Each finding says what is so and, where it is a fault, what to do about it.
"""

import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from imapclient.exceptions import IMAPClientError, LoginError

from mailbot.shell.config.settings import MAILDIR, Server
from mailbot.shell.errors import BadConfiguration, MailbotError
from mailbot.shell.servers.connection import Connection, tls_context
from mailbot.shell.servers.imap import connect_imap
from mailbot.shell.servers.oauth import Tokens

CONNECT, _READ = 10.0, 30.0  # seconds
CLOCKS_MAY_DIFFER = timedelta(minutes=2)
PROBE_OK, LOOK, FAULT = "ok", "look", "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """``mark`` is "ok", "look" (worth a second look) or "fault"."""

    what: str
    mark: str
    words: str


def probe_mailbox(server: Server, now: datetime) -> list[Finding]:
    """Probes the mailbox's server for a check: connection, login, folder, IDLE, and the server's clock by its newest
    message."""
    name = f"mailbox {server.shown}"
    if server.kind == MAILDIR:
        return [_folder(name, server.path)]
    try:
        password = server.secret.read()
    except ValueError as error:
        return [Finding(name, FAULT, f"not tried: {error}")]
    try:
        client = connect_imap(
            Connection(
                server.host,
                server.port,
                server.user,
                password,
                server.security,
                server.cafile,
                _token(server),
                CONNECT,
                _READ,
            )
        )
    except LoginError:
        said = f"the server refuses the login of {server.user}: is the password current, and IMAP allowed?"
        return [Finding(name, FAULT, said)]
    except Exception as error:
        return [Finding(name, FAULT, _why(error))]
    try:
        return [
            Finding(name, PROBE_OK, f"logged in as {server.user}{_tls(client.socket())}"),
            *_inbox(client, server, now),
        ]
    except (IMAPClientError, OSError) as error:
        said = f"the folder {server.folder} cannot be opened: {_why(error)}. May this login read the shared mailbox?"
        return [Finding(name, PROBE_OK, "logged in"), Finding(f"folder {server.folder}", FAULT, said)]
    finally:
        _quietly(client.logout)


def _inbox(client: Any, server: Server, now: datetime) -> list[Finding]:
    """Any: imapclient is untyped."""
    opened = client.select_folder(server.folder, readonly=True)
    count = opened.get(b"EXISTS", 0)
    found = [Finding(f"folder {server.folder}", PROBE_OK, f"{count} messages")]
    idle = client.has_capability("IDLE")
    said = "new mail is announced" if idle else "no IDLE here: new mail waits for the next reading"
    found.append(Finding("IDLE", PROBE_OK if idle else LOOK, said))
    found += _for_the_overview(client, opened)
    newest = _newest(client)
    if newest is not None:
        wrong = newest - now > CLOCKS_MAY_DIFFER
        said = "this machine's clock is behind the mail server's: set up NTP" if wrong else "not behind the server's"
        found.append(Finding("clock", FAULT if wrong else PROBE_OK, said))
    return found


def _for_the_overview(client: Any, opened: Mapping[bytes, Any]) -> list[Finding]:
    """Probes what an overview of cards needs: what the cards in the folder "Disputes" need of a server, and what
    happens where it lacks it."""
    uidplus, flags = client.has_capability("UIDPLUS"), b"\\Flagged" in opened.get(b"FLAGS", ())
    without = "no UIDPLUS here: a card that was replaced stays in its folder, struck out, until somebody compacts it"
    plain = "no flags here: a card that is due says so in its subject alone"
    return [
        Finding(
            "UIDPLUS", PROBE_OK if uidplus else LOOK, "old cards are taken out by themselves" if uidplus else without
        ),
        Finding("flags", PROBE_OK if flags else LOOK, "cards are flagged on their day" if flags else plain),
    ]


def _newest(client: Any) -> datetime | None:
    """When the last message arrived, by the server's clock."""
    uids = client.search(["UNDELETED"])
    if not uids:
        return None
    when = client.fetch([max(uids)], ["INTERNALDATE"]).get(max(uids), {}).get(b"INTERNALDATE")
    return when.astimezone(UTC) if isinstance(when, datetime) else None


def probe_post(server: Server, sender: str, readers: Sequence[str]) -> list[Finding]:
    """Probes the server that letters leave by: connection, TLS, login, and whether it lets ``sender`` send to each of
    ``readers`` (MAIL and RCPT, taken back). No letter is sent."""
    name = f"post {server.shown}"
    if server.kind == MAILDIR:
        return [_folder(name, server.path)]
    try:
        password = server.secret.read()
    except ValueError as error:
        return [Finding(name, FAULT, f"not tried: {error}")]
    try:
        client = _smtp(server, password)
    except smtplib.SMTPAuthenticationError:
        said = f"the server refuses the login of {server.user}: is the password current, and SMTP AUTH allowed?"
        return [Finding(name, FAULT, said)]
    except Exception as error:
        return [Finding(name, FAULT, _why(error))]
    try:
        who = f"logged in as {server.user}" if server.user else "no login asked for"
        return [Finding(name, PROBE_OK, f"{who}{_tls(client.sock)}"), *_may_send(client, sender, readers)]
    except (smtplib.SMTPException, OSError) as error:
        return [Finding(name, FAULT, f"it broke off: {_why(error)}")]
    finally:
        _quietly(client.quit)


def _may_send(client: smtplib.SMTP, sender: str, readers: Sequence[str]) -> Iterator[Finding]:
    """Probes the right to send: what Exchange refuses at the very end, others refuse here."""
    code, said = client.mail(sender)
    if code != 250:
        words = f"{code} {said.decode('utf-8', 'replace')}"
        yield Finding("sending", FAULT, f"the server does not let us send as {sender}: {' '.join(words.split())}")
        return
    for reader in readers:
        code, said = client.rcpt(reader)
        words = " ".join(f"{code} {said.decode('utf-8', 'replace')}".split())
        if code in (250, 251):
            yield Finding("sending", PROBE_OK, f"from {sender} to {reader} (no letter was sent)")
        else:
            yield Finding("sending", FAULT, f"the server takes no letter for {reader}: {words}")
    client.rset()


def _smtp(server: Server, password: str) -> smtplib.SMTP:
    context = tls_context(server.cafile)
    client: smtplib.SMTP
    if server.security == "tls":
        client = smtplib.SMTP_SSL(server.host, server.port, timeout=CONNECT, context=context)
    else:
        client = smtplib.SMTP(server.host, server.port, timeout=CONNECT)
    try:
        client.ehlo()
        if server.security == "starttls":
            client.starttls(context=context)
            client.ehlo()
        token = _token(server)
        if token is not None:
            sasl = f"user={server.user}\x01auth=Bearer {token()}\x01\x01"
            client.auth("XOAUTH2", lambda challenge=None: "" if challenge else sasl)
        elif server.user:
            client.login(server.user, password)
    except BaseException:
        client.close()
        raise
    return client


def _token(server: Server) -> Tokens | None:
    return Tokens(server.oauth) if server.oauth is not None else None


def _tls(sock: object) -> str:
    version = sock.version() if isinstance(sock, ssl.SSLSocket) else None
    return f", {version.replace('v', ' ')}" if version else ", in clear on this machine"


def _folder(name: str, path: Path) -> Finding:
    if path.is_dir():
        return Finding(name, PROBE_OK, "a folder on this machine")
    return Finding(name, LOOK, "the folder is not there yet: it is made when first needed")


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message}): name your own authority as cafile"
    if isinstance(error, BadConfiguration | MailbotError | ValueError):
        return str(error)
    if isinstance(error, TimeoutError):
        return "no answer: is it the right name and port, and may this machine reach it?"
    return f"{error.strerror or error}" if isinstance(error, OSError) else f"{type(error).__name__}: {error}"


def _quietly(work: Callable[[], object]) -> None:
    try:
        work()
    except Exception:
        return  # it was only a farewell
