"""``mailbot check`` looks at the mailbox: connection, login, folder, rights, what the server can do, its clock, and
whether the mail in it is addressed to us and signed by the server we trust. Nothing is read, sent, moved or marked.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from imapclient.exceptions import IMAPClientError

from mailbot.build import token_of
from mailbot.checks.findings import Finding, explained, well
from mailbot.checks.graph import graph_mailbox_findings
from mailbot.checks.reaching import IMAP_SPEECH, PATIENT, Patience, fault_of
from mailbot.checks.trust import NEWEST_LOOKED_AT, Road, arrived_by, trust_findings
from mailbot.shell.config.server_settings import BY_GRAPH, MAILDIR, PartnershipSettings, Server
from mailbot.shell.servers.connection import Connection
from mailbot.shell.servers.imap import connect_imap
from mailbot.shell.servers.mailbox_interface import Arrival
from mailbot.shell.servers.maildir import MaildirMailbox

CLOCKS_MAY_DIFFER = timedelta(minutes=2)
_FIELDS = ("authentication-results", "to", "cc", "delivered-to", "x-original-to", "envelope-to", "received")
_SECTION = f"BODY.PEEK[HEADER.FIELDS ({' '.join(name.upper() for name in (*_FIELDS, 'from'))})]"


def mailbox_findings(one: PartnershipSettings, now: datetime, patience: Patience = PATIENT) -> list[Finding]:
    """``mailbot check`` of a mailbox: everything about a partnership's, by asking its server."""
    server = one.mailbox
    name = f"mailbox {server.shown}"
    if server.kind == MAILDIR:
        return [maildir_finding("mailbox", server), *_of_maildir(one)]
    if server.kind == BY_GRAPH:
        return graph_mailbox_findings(one)
    try:
        password = server.secret.read()
    except ValueError as error:
        return [explained("password-missing", side="mailbox", place=server.shown, found=error)]
    at = Connection(
        server.host,
        server.port,
        server.user,
        password,
        server.security,
        server.cafile,
        token_of(server),
        patience.connect,
        patience.read,
    )
    try:
        client = connect_imap(at)
    except Exception as error:
        return [fault_of(server, IMAP_SPEECH, error, patience)]
    try:
        return [well(name, f"logged in as {server.user}{tls_words(client.socket())}"), *_inbox(client, one, now)]
    except (IMAPClientError, OSError) as error:
        return [fault_of(server, IMAP_SPEECH, error, patience)]
    finally:
        quietly(client.logout)


def maildir_finding(side: str, server: Server) -> Finding:
    """Whether a Maildir is there."""
    if server.path.is_dir():
        return well(f"{side} {server.shown}", "a folder on this machine")
    return explained("maildir-not-there", str(server.path), side=side, place=server.shown)


def tls_words(sock: object) -> str:
    """``mailbot check`` of a mailbox: how the connection is kept private, in words: ", TLS 1.3", or that it does not
    leave this machine."""
    version = sock.version() if hasattr(sock, "version") else None
    return f", {version.replace('v', ' ')}" if version else ", in clear on this machine"


def quietly(work: Callable[[], object]) -> None:
    """A farewell to a server, which may fail."""
    try:
        work()
    except Exception:
        return


def _inbox(client: Any, one: PartnershipSettings, now: datetime) -> list[Finding]:
    """Any: imapclient is untyped."""
    folder = one.mailbox.folder
    try:
        opened = client.select_folder(folder, readonly=True)
    except IMAPClientError:
        there = ", ".join(sorted(name for _, _, name in client.list_folders())[:12])
        return [explained("folder-missing", folder=folder, there=there or "none")]
    count = int(opened.get(b"EXISTS", 0))
    found = [well(f"folder {folder}", f"{count} message{'s' if count != 1 else ''}")]
    found += _rights(client, one)
    found.append(well("IDLE", "new mail is announced") if client.has_capability("IDLE") else explained("no-announcing"))
    found += _for_the_overview(client, opened)
    uids = sorted(client.search(["UNDELETED"]))[-NEWEST_LOOKED_AT:]
    found += _clock(client, uids, now)
    return found + trust_findings(one, _heads(client, uids, one.current.mailbox))


# RFC 4314, 2.1: what each right is called there, and what mailbot does with it. "d" and "c" are those of RFC 2086,
# which older servers still give in place of the finer ones.
_NEEDED: Mapping[str, tuple[str, str]] = {
    "r": ("read", "r"),
    "l": ("list the folder", "l"),
    "w": ("flag messages", "w"),
    "i": ("file messages", "i"),
    "t": ("mark messages as deleted", "td"),
    "e": ("take messages out", "ed"),
    "k": ("make folders", "kc"),
}


def _rights(client: Any, one: PartnershipSettings) -> list[Finding]:
    """``mailbot check`` of a mailbox: what this login may do in the inbox, where the server tells (MYRIGHTS, RFC
    4314)."""
    if not client.has_capability("ACL"):
        return []
    folder = one.mailbox.folder
    kind, told = client._imap.myrights(f'"{folder}"')
    said = told[0].decode("ascii", "replace") if kind == "OK" and told and isinstance(told[0], bytes) else ""
    had = said.rpartition(" ")[2].strip('"')
    if not had:
        return []
    missing = [(letter, words) for letter, (words, any_of) in _NEEDED.items() if not set(any_of) & set(had)]
    if not missing:
        return [well("rights", "read, file, flag, take out and make folders")]
    rights = ", ".join(words for _, words in missing)
    wanted = "lookup read write write-seen write-deleted insert expunge create"
    seen = {"rights": rights, "had": had, "user": one.mailbox.user, "wanted": wanted, "address": one.current.mailbox}
    return [explained("rights-missing", folder, folder=folder, **seen)]


def _for_the_overview(client: Any, opened: Mapping[bytes, Any]) -> list[Finding]:
    """``mailbot check`` of a mailbox: what the overview's cards in the folder "Disputes" need of a server, and what
    happens where it lacks it."""
    has_flags = b"\\Flagged" in opened.get(b"FLAGS", ())
    return [
        well("UIDPLUS", "old cards are taken out by themselves")
        if client.has_capability("UIDPLUS")
        else explained("no-uidplus"),
        well("flags", "cards are flagged on their day") if has_flags else explained("no-flags"),
    ]


def _clock(client: Any, uids: Sequence[int], now: datetime) -> list[Finding]:
    """``mailbot check`` of a mailbox's time: this machine's clock against when the last message arrived, by the
    server's."""
    if not uids:
        return []
    newest = client.fetch([uids[-1]], ["INTERNALDATE"]).get(uids[-1], {}).get(b"INTERNALDATE")
    if not isinstance(newest, datetime):
        return []
    behind = newest.astimezone(UTC) - now
    if behind <= CLOCKS_MAY_DIFFER:
        return [well("clock", "not behind the server's")]
    minutes = int(behind.total_seconds() // 60)
    return [explained("clock-behind", behind=f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours")]


def _heads(client: Any, uids: Sequence[int], address: str) -> list[Road]:
    told = client.fetch(list(uids), [_SECTION]) if uids else {}
    raws = (value for items in told.values() for key, value in items.items() if key.startswith(b"BODY["))
    return [arrived_by(raw, address) for raw in raws if isinstance(raw, bytes)]


def _of_maildir(one: PartnershipSettings) -> list[Finding]:
    if not one.mailbox.path.is_dir():
        return []
    raws = [arrival.raw for arrival in MaildirMailbox(one.mailbox.path).arrivals(None) if isinstance(arrival, Arrival)]
    return trust_findings(one, [arrived_by(raw, one.current.mailbox) for raw in raws[-NEWEST_LOOKED_AT:]])
