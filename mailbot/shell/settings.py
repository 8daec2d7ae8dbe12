"""What the configuration says, as values: one deployment, and the partnerships it runs."""

import os
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from mailbot.core.procedure.directory import Directory
from mailbot.core.procedure.protocol import Protocol
from mailbot.shell.errors import Fault
from mailbot.shell.oauth import OAuth
from mailbot.shell.secrets import Secret
from mailbot.shell.tls import Security, is_loopback

IMAP = {"imaps": ("tls", 993), "imap+starttls": ("starttls", 143), "imap": ("none", 143)}
SMTP = {"smtps": ("tls", 465), "smtp+starttls": ("starttls", 587), "smtp": ("none", 25)}
MAILDIR = "maildir"


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is fetched or handed in. ``kind``: "imap", "smtp" or "maildir" (then only ``path`` counts).

    ``root`` is the folder above every folder filed into; ``folder`` the inbox that is read.
    """

    kind: str
    host: str = ""
    port: int = 0
    security: Security = "tls"
    user: str = ""
    secret: Secret = field(default_factory=Secret)
    cafile: str | None = None
    folder: str = "INBOX"
    root: tuple[str, ...] = ()
    path: Path = Path()
    oauth: OAuth | None = None

    @property
    def shown(self) -> str:
        """For tables and logs: never the password, which is not here to begin with."""
        return str(self.path) if self.kind == MAILDIR else f"{self.host}:{self.port}"


def beside_file(beside: Path, name: str) -> Path:
    """``name`` as written in a file that lies in ``beside``; shown without "config/.."."""
    return Path(os.path.normpath(beside / Path(name).expanduser()))


def server(url: str, beside: Path, secret: Secret, cafile: str | None, root: tuple[str, ...] = ()) -> Server:
    """``url`` as a Server; a Maildir's path is taken from ``beside``. Raises ValueError, in words, for what is none.

    The user may hold an @ ("imaps://box@council.example@mail.example"): the last one ends it, as in RFC 3986.
    """
    parts = urlsplit(url)
    known = {**IMAP, **SMTP}
    if parts.scheme == MAILDIR:
        return Server(MAILDIR, path=beside_file(beside, url.removeprefix("maildir:")))
    if parts.scheme not in known:
        raise ValueError(f"begins with none of {', '.join(f'{name}://' for name in known)} or maildir:")
    if parts.password is not None:
        raise ValueError("holds a password: take it out, and name a file or a variable that holds it (password_file)")
    if not parts.hostname:
        raise ValueError("names no server: imaps://user@mail.example:993/INBOX")
    security, port = known[parts.scheme]
    if security == "none" and not is_loopback(parts.hostname):
        raise ValueError(f"would send mail in clear to {parts.hostname}: use {parts.scheme}s:// or +starttls")
    return Server(
        "imap" if parts.scheme in IMAP else "smtp", parts.hostname, parts.port or port, _security(security),
        unquote(parts.username or ""), secret, cafile, unquote(parts.path.strip("/")) or "INBOX", root,
    )  # fmt: skip


def _security(word: str) -> Security:
    return "tls" if word == "tls" else "starttls" if word == "starttls" else "none"


@dataclass(frozen=True, slots=True)
class PartnershipSettings:
    """One partnership: ``versions`` of its protocol with its own addresses, numbers and closures already laid over.

    ``current`` is the newest version in force. ``templates`` None: only the shipped ones.
    """

    id: str
    versions: tuple[Protocol, ...]
    current: Protocol
    directory: Directory
    mailbox: Server
    post: Server
    authserv_ids: tuple[str, ...] = ()
    require_authentication: bool = True
    patience: timedelta = timedelta(hours=4)
    templates: Path | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """A whole deployment. ``warnings`` do not stop it from starting; ``mailbot check`` shows them."""

    file: Path
    store_url: str = field(repr=False)
    partnerships: tuple[PartnershipSettings, ...]
    secret_file: Path
    poll: timedelta = timedelta(seconds=60)
    warnings: tuple[Fault, ...] = ()

    def partnership(self, name: str = "") -> PartnershipSettings:
        """The one of that name, or the only one there is. Raises KeyError."""
        if not name and len(self.partnerships) == 1:
            return self.partnerships[0]
        return {one.id: one for one in self.partnerships}[name]
