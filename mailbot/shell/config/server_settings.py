"""What the configuration says, as values, and its tables about servers: one deployment, and the partnerships it
runs.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from mailbot.core.partnership.directory import Directory
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.record.retention import KEEPS_ALL, Retention
from mailbot.shell.config.directory_changes import DirectoryFiles
from mailbot.shell.config.secrets import Secret
from mailbot.shell.config.toml_with_faults import TomlTable
from mailbot.shell.errors import Fault
from mailbot.shell.servers.connection import Security, is_loopback
from mailbot.shell.servers.graph_calls import GRAPH, GRAPH_SCOPE
from mailbot.shell.servers.oauth import MICROSOFT, OUTLOOK, OAuth, token_url_fault
from mailbot.shell.servers.rehearsing import LIVE

IMAP = {"imaps": ("tls", 993), "imap+starttls": ("starttls", 143), "imap": ("none", 143)}
SMTP = {"smtps": ("tls", 465), "smtp+starttls": ("starttls", 587), "smtp": ("none", 25)}
MAILDIR, BY_GRAPH = "maildir", "graph"
_HOST = re.compile(r"[A-Za-z0-9._:%-]+")  # names, and addresses of either kind


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is fetched or handed in. ``kind``: "imap", "smtp", "graph" (then ``api`` is its address, and ``user``
    the mailbox) or "maildir" (then only ``path`` counts).

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
    api: str = GRAPH

    @property
    def shown(self) -> str:
        """A server's settings as shown for tables and logs: never the password, which is not here to begin with."""
        if self.kind == BY_GRAPH:
            return f"{urlsplit(self.api).netloc}/{self.user}"
        return str(self.path) if self.kind == MAILDIR else f"{self.host}:{self.port}"


def beside_file(beside: Path, name: str) -> Path:
    """A file that the settings of servers name: ``name`` as written in a file in ``beside``, without "config/.."."""
    return Path(os.path.normpath(beside / Path(name).expanduser()))


def server(url: str, beside: Path, secret: Secret, cafile: str | None, root: tuple[str, ...] = ()) -> Server:
    """A server of the settings, from its address: ``url`` as a Server; a Maildir's path is taken from ``beside``.
    Raises ValueError, in words, for what is none.

    The user may hold an @ ("imaps://box@council.example@mail.example"): the last one ends it, as in RFC 3986.
    """
    parts = urlsplit(url)
    known = {**IMAP, **SMTP}
    if parts.scheme == MAILDIR:
        return Server(MAILDIR, path=beside_file(beside, url.removeprefix("maildir:")))
    if parts.scheme not in (*known, BY_GRAPH):
        raise ValueError(f"begins with none of {', '.join(f'{name}://' for name in (*known, BY_GRAPH))} or maildir:")
    if parts.password is not None:
        raise ValueError("holds a password: take it out, and name a file or a variable that holds it (password_file)")
    if not parts.hostname:
        raise ValueError("names no server: imaps://user@mail.example:993/INBOX")
    if not _HOST.fullmatch(parts.hostname):
        raise ValueError(f'names a server "{parts.hostname}", which is no name of one: imaps://user@mail.example:993')
    given = _port(parts)
    if parts.scheme == BY_GRAPH:
        if not parts.username:
            raise ValueError("names no mailbox: graph://escalation@council.example")
        return Server(BY_GRAPH, user=f"{unquote(parts.username)}@{parts.hostname}", root=root)
    security, port = known[parts.scheme]
    if security == "none" and not is_loopback(parts.hostname):
        raise ValueError(f"would send mail in clear to {parts.hostname}: use {parts.scheme}s:// or +starttls")
    return Server(
        "imap" if parts.scheme in IMAP else "smtp",
        parts.hostname,
        given or port,
        _security(security),
        unquote(parts.username or ""),
        secret,
        cafile,
        unquote(parts.path.strip("/")) or "INBOX",
        root,
    )


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        raise ValueError("has a port that is no number from 1 to 65535: imaps://user@mail.example:993") from None


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
    lists: DirectoryFiles | None = None  # where the directory came from, to be changed there
    neighbours: Mapping[str, Directory] = field(default_factory=dict)  # the deployment's others, by their mailboxes
    mode: str = LIVE
    retention: Retention = KEEPS_ALL


@dataclass(frozen=True, slots=True)
class AlarmSettings:
    """How somebody is told when letters cannot leave: by a command, by another mail server, by both, or not at all."""

    command: tuple[str, ...] = ()
    post: Server | None = None
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """A whole deployment. ``warnings`` do not stop it from starting; ``mailbot check`` shows them."""

    file: Path
    store_url: str = field(repr=False)
    partnerships: tuple[PartnershipSettings, ...]
    secret_file: Path
    poll: timedelta = timedelta(seconds=60)
    alarm: AlarmSettings = AlarmSettings()
    store_key_file: Path | None = None
    heartbeat_file: Path | None = None
    heartbeat_url: str = ""
    unsound: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()

    def partnership(self, name: str = "") -> PartnershipSettings:
        """The server settings of one partnership: the one of that name, or the only one there is. Raises KeyError."""
        if not name and len(self.partnerships) == 1:
            return self.partnerships[0]
        return {one.id: one for one in self.partnerships}[name]


# The tables of ``mailbot.toml`` that say where mail is fetched and handed in, and how the bot proves who it is.

SECRET_KEYS = ("password", "secret", "token", "client_secret")


def _obeyed_by_nothing(part: TomlTable, key: str, made: Server) -> Iterator[tuple[str, str]]:
    """Settings of a server that its kind has no use for: accepted, they would only look as if they did something."""
    if part.has("graph_url") and made.kind != BY_GRAPH:
        yield "graph_url", '"graph_url" is for a mailbox that is read by Graph (graph://): leave it out'
    if part.has("root") and key == "post":
        yield "root", '"root" is a folder of the mailbox that is read: it belongs in the table of the mailbox'
    if part.has("cafile") and made.kind == MAILDIR:
        yield "cafile", '"cafile" is for a server, and a Maildir is none: leave it out'


def read_server(table: TomlTable, key: str, beside: Path, oauth: OAuth | None) -> Server | None:
    """A server's settings, from the table ``[partnership.….mailbox]`` or ``post``; None with the faults noted where it
    names no server."""
    part = table.table(key)
    secret = _secret(part, beside, "password")
    cafile, root = part.text("cafile", ""), part.list("root")
    url, api = part.text("url"), part.text("graph_url", GRAPH)
    if fault := token_url_fault(api):
        part.fault("graph_url", f'"graph_url" {fault}')
    part.finish()
    if not url:
        return None
    try:
        made = server(url, beside, secret, str(beside_file(beside, cafile)) if cafile else None, root)
    except ValueError as error:
        part.fault("url", f'"url" {error}')
        return None
    if made.kind == {"mailbox": "smtp", "post": "imap"}[key]:
        part.fault("url", f'"url" of {part.name} cannot be a server for the other direction ({made.kind})')
    if made.user and not secret and oauth is None and made.kind != BY_GRAPH:
        part.fault("url", f"{made.user} needs a password: name it as password_file or password_env")
    if made.kind == "imap" and not made.user:
        part.fault("url", '"url" names no user: imaps://user@mail.example:993/INBOX')
    for name, said in _obeyed_by_nothing(part, key, made):
        part.fault(name, said)
    if made.kind == BY_GRAPH:
        if oauth is None:
            part.fault("url", "graph:// needs [partnership.….oauth]: the app registration that may use the mailbox")
            return made
        scoped = oauth if oauth.scope else replace(oauth, scope=GRAPH_SCOPE)
        return replace(made, oauth=scoped, api=api)
    uses_token = oauth is not None and made.kind != MAILDIR and bool(made.user) and not secret
    if not uses_token or oauth is None:
        return made
    return replace(made, oauth=oauth if oauth.scope else replace(oauth, scope=OUTLOOK))


def read_alarm(root: TomlTable, beside: Path) -> AlarmSettings:
    """The server settings of the other way to somebody who must know, from the table ``[alarm]``."""
    if not root.has("alarm"):
        root.asked.add("alarm")
        return AlarmSettings()
    part = root.table("alarm")
    command, to = part.list("command"), part.list("to")
    made = read_server(part, "post", beside, None) if part.has("post") else None
    if bool(to) != (made is not None):
        part.fault("", f'{part.name} needs "to" and [alarm.post] together: whom to write to, and by which server')
    if made is not None and made.kind != MAILDIR and "@" not in made.user:
        part.fault("post", "the user of [alarm.post] is the address it writes from: smtps://alarm@other.example@host")
    part.asked.add("post")
    part.finish()
    return AlarmSettings(command, made, to)


def read_oauth(table: TomlTable, beside: Path) -> OAuth | None:
    """A partnership's OAuth settings, from the table ``[partnership.….oauth]``: for servers that take tokens in place
    of passwords; None where it is not there."""
    if not table.has("oauth"):
        table.asked.add("oauth")
        return None
    part = table.table("oauth")
    secret = _secret(part, beside, "secret")
    named = part.text("certificate_file", "")
    certificate = beside_file(beside, named) if named else None
    if bool(secret) == bool(certificate):
        part.fault("", f'{part.name} needs "secret_file", "secret_env" or "certificate_file", and one of them only')
    tenant, url = part.text("tenant", ""), part.text("token_url", "")
    if bool(tenant) == bool(url):
        part.fault("", f'{part.name} needs "tenant" (Microsoft 365) or "token_url" (any other), and not both')
    url = url or MICROSOFT.format(tenant=tenant)
    if fault := token_url_fault(url):
        part.fault("token_url", f'"token_url" {fault}')
    client, scope, expires = part.text("client_id"), part.text("scope", ""), part.day("secret_expires", None)
    part.finish()
    return OAuth(url, client, secret, scope, expires, certificate)


def _secret(part: TomlTable, beside: Path, word: str) -> Secret:
    """The settings of a server say where its secret is: ``password_file`` or ``password_env`` (``word`` is the first
    half). A secret in this file itself is refused."""
    for key in SECRET_KEYS:
        if part.has(key):
            part.asked.add(key)
            said = (
                f"please do not keep a {key} in this file: put it into a file of its own (chmod 600) and name that as "
                f"{word}_file, or into a variable and name that as {word}_env"
            )
            part.fault(key, said)
    file, variable = part.text(f"{word}_file", ""), part.text(f"{word}_env", "")
    return Secret(variable, beside_file(beside, file) if file else None)


def page_fault(url: str) -> str:
    """Why a server's setting cannot be the address of a page to be fetched, or ""."""
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return ""
    if parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1"):
        return ""
    return "is not the address of a page: https://…"
