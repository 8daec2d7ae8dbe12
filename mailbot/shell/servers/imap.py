"""The shared mailbox over IMAP (RFC 3501), as Exchange, Dovecot and the rest really speak it: logging in, asking,
filing.
"""

import logging
import re
import socket
import time
import typing
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from imapclient import DELETED, FLAGGED, SEEN, IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from mailbot.shell.clock import elapsed
from mailbot.shell.errors import REFUSES_LOGIN, LoginRefused, MailbotError, Unreachable
from mailbot.shell.servers.connection import Connection, connection_fault, tls_context
from mailbot.shell.servers.imap_idle import IDLE_SLICE, wait_in_idle
from mailbot.shell.servers.mailbox_interface import (
    Arrival,
    Folder,
    Place,
    Top,
    Watermark,
    Withheld,
    checked_folder,
    message_id_of,
    must_have_message_id,
)

# Coming to be logged in to an IMAP server, and learning how it writes folder names.
#
# Here too is the one gate every IMAP argument of ours that came from outside passes: imapclient writes search terms
# and flags as they are, and one with a line break in it is a command of its own (measured: ``X9 DELETE INBOX``).


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


def plain_reply(text: str) -> str:
    """``text``, if it can be written into an IMAP command. Raises ``ValueError``: CR or LF would begin another."""
    if not text.isascii() or any(letter in text for letter in "\r\n\0"):
        raise ValueError(
            "cannot be written into an IMAP command: it holds a line break, a NUL or a letter not in ASCII"
        )
    return text


def connect_imap(account: Connection) -> typing.Any:
    """An IMAP client that is logged in, with a timeout on its socket. Raises what imapclient raises, and
    ``Unreachable``."""
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


def _log_in(client: typing.Any, account: Connection) -> None:
    if account.token is not None:
        client.oauth2_login(plain_reply(account.user), account.token())
    elif (account.user + account.password).isascii():
        client.login(plain_reply(account.user), plain_reply(account.password))
    elif client.has_capability("AUTH=PLAIN"):
        # LOGIN is ASCII; PLAIN is UTF-8 (RFC 4616).
        client.plain_login(account.user, account.password)
    else:
        raise LoginRefused(account.address, "the server takes no password with letters that are not in ASCII")


def layout_of(client: typing.Any) -> Layout:
    """How an IMAP server writes folder names: asked by NAMESPACE where there is one (RFC 2342), else read off the list
    of folders (RFC 3501, 6.3.8)."""
    if client.has_capability("NAMESPACE"):
        personal = client.namespace().personal
        if personal:
            prefix, separator = personal[0]
            return Layout(prefix, separator or "")
    for _, separator, _ in client.list_folders("", "%"):
        if separator:
            return Layout("", separator.decode("ascii"))
    return Layout("", "/")


# What is asked of a selected IMAP folder, and the traps in how servers and libraries answer.

# A SEARCH answer is one line, and imaplib gives up at a million bytes: some 140,000 UIDs.
UIDS_A_SEARCH = 50_000
SIZES_A_FETCH = 500
# Bodies are fetched in fifties, but never more than this many bytes at once.
BODIES_A_FETCH, BYTES_A_FETCH = 50, 16_000_000
# The letters of a Message-ID that need no quoting in a SEARCH (RFC 3501, ATOM-CHAR): no wildcard, no quote, no bracket.
_SEARCHABLE = re.compile(r"[A-Za-z0-9.@_+=$!#'/|-]+")
_MESSAGE_ID_ONLY = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"


def search_after(client: typing.Any, known: int, upto: int) -> list[int]:
    """An IMAP search for new mail: all UIDs above ``known``, below ``upto`` (UIDNEXT; 0 if the server keeps it to
    itself), ascending.

    "999:*" finds the last message even when its UID is below 999, so what is found is compared.
    """
    if not upto:
        found = client.search(["UID", f"{known + 1}:*"])
    else:
        found = []
        # A few servers number in thousands of millions: then fewer, wider windows.
        width = max(UIDS_A_SEARCH, (upto - known) // 1000)
        for start in range(known + 1, upto, width):
            found += client.search(["UID", f"{start}:{min(start + width, upto) - 1}"])
    return sorted({int(uid) for uid in found if uid > known})


def ids_of(client: typing.Any, uids: Sequence[int]) -> dict[int, str]:
    """Over IMAP, UID -> Message-ID of those of ``uids`` that are still in the selected folder; "" for one that the
    server lists and will not tell."""
    found: dict[int, str] = {}
    for start in range(0, len(uids), SIZES_A_FETCH):
        some = list(uids[start : start + SIZES_A_FETCH])
        for uid, items in _told_of(client, some, [_MESSAGE_ID_ONLY]).items():
            header = next((value for key, value in items.items() if key.startswith(b"BODY[")), None)
            if header is not None:
                found[uid] = message_id_of(header)
        untold = [uid for uid in some if uid not in found]
        found |= dict.fromkeys(listed_of(client, untold) if untold else (), "")
    return found


def chunks_of(client: typing.Any, uids: Sequence[int]) -> Iterator[list[int]]:
    """IMAP messages to be fetched: ``uids`` of the selected folder in the order given, in portions whose bodies may be
    fetched at once."""
    chunk: list[int] = []
    held = 0
    for start in range(0, len(uids), SIZES_A_FETCH):
        some = uids[start : start + SIZES_A_FETCH]
        sizes = client.fetch(some, ["RFC822.SIZE"])
        for uid in some:
            size = sizes.get(uid, {}).get(b"RFC822.SIZE", 0)
            if chunk and (len(chunk) == BODIES_A_FETCH or held + size > BYTES_A_FETCH):
                yield chunk
                chunk, held = [], 0
            chunk.append(uid)
            held += size
    if chunk:
        yield chunk


def bodies_of(client: typing.Any, uids: Sequence[int]) -> dict[int, dict[bytes, typing.Any]]:
    """The bodies of messages on an IMAP server, with their times."""
    return _told_of(client, uids, ["INTERNALDATE", "BODY.PEEK[]"])


def _told_of(client: typing.Any, uids: Sequence[int], items: list[str]) -> dict[int, dict[bytes, typing.Any]]:
    """What an IMAP server tells of messages. One that says NO to a portion because of one damaged message is asked for
    each half again, down to that message, which is then left out."""
    try:
        found: dict[int, dict[bytes, typing.Any]] = dict(client.fetch(uids, items))
        return found
    except IMAPClientAbortError:
        raise  # the connection is gone
    except IMAPClientError:
        if len(uids) == 1:
            return {}
        half = len(uids) // 2
        return _told_of(client, uids[:half], items) | _told_of(client, uids[half:], items)


def listed_of(client: typing.Any, uids: Sequence[int]) -> frozenset[int]:
    """Those of ``uids`` that the selected folder still lists."""
    found = client.search(["UID", ",".join(map(str, uids))])
    return frozenset(int(uid) for uid in found).intersection(uids)


def top_of(client: typing.Any, name: str) -> Top | None:
    """What IMAP's STATUS says of a folder; None where the server has none of that name, or will not say."""
    try:
        told = client.folder_status(name, ["UIDVALIDITY", "UIDNEXT", "MESSAGES"])
    except IMAPClientAbortError:
        raise  # the connection is gone, which says nothing about the folder
    except IMAPClientError:
        return None
    return Top(told[b"UIDVALIDITY"], told[b"UIDNEXT"] - 1, told[b"MESSAGES"])


def top_in(opened: typing.Mapping[bytes, typing.Any]) -> Top:
    """The same, from the answer to opening it."""
    return Top(opened[b"UIDVALIDITY"], opened.get(b"UIDNEXT", 1) - 1, opened.get(b"EXISTS", 0))


def message_id_criteria(message_id: str) -> list[str]:
    """IMAP search criteria for a Message-ID: to search for so that ``message_id`` is among what is found.

    An id is what somebody typed, and may hold a quotation mark, a wildcard or a whole IMAP command; servers also read
    odd ids in odd ways and then do not find them. So only a plain one is searched for, and for others all are compared.
    """
    inner = message_id.removeprefix("<").removesuffix(">")
    return ["HEADER", "MESSAGE-ID", plain_reply(inner)] if _SEARCHABLE.fullmatch(inner) else ["ALL"]


def _sources(copyuid: bytes) -> Iterator[int]:
    """The UIDs that an IMAP server says it has copied or moved, "38505 304,319:320 3956:3958" (RFC 4315, 3)."""
    for one in copyuid.split()[1].split(b","):
        first, _, last = one.partition(b":")
        yield from range(int(first), int(last or first) + 1)


# The shared mailbox over IMAP (RFC 3501), as Exchange, Dovecot and the rest really speak it.
#
# Nothing is asked for that Exchange lacks: no CONDSTORE, no keywords, no special-use folders. What is unread, flagged
# or answered means nothing here, because people work in this mailbox too; UIDVALIDITY and UID do. imapclient is kept
# behind this file: it is not safe for two threads, it is dead after any timeout, and its exceptions are of many
# kinds, so any failure at all closes the connection and leaves as ``Unreachable``.

# imaplib keeps every stray response for the life of a connection, and a token is only looked at when logging in.
SECONDS_A_CONNECTION = 3600.0
# At DEBUG imapclient logs whole messages about children.
logging.getLogger("imapclient").setLevel(logging.WARNING)


class ImapMailbox:
    """A ``Mailbox`` on an IMAP server.

    ``folder`` is the inbox to read; ``root`` lies above every folder filed into. ``poll`` is how often, in seconds, a
    server without IDLE is asked.
    """

    def __init__(self, connection: Connection, folder: str = "INBOX", root: Folder = (), *, poll: float = 30.0) -> None:
        self._account = connection
        self._inbox = folder
        self._root = checked_folder(root) if root else ()
        self._poll = poll
        self._client: typing.Any = None
        self._layout = Layout("", "/")
        self._since = 0.0
        self._selected: tuple[str, bool] | None = None
        self._next: tuple[int, int] | None = None

    @contextmanager
    def _link(self) -> Iterator[typing.Any]:
        """The IMAP connection, live and logged in. Whatever is raised inside drops the connection: it cannot be trusted
        afterwards."""
        try:
            if self._client is not None and elapsed() - self._since > SECONDS_A_CONNECTION:
                self.close()
            if self._client is None:
                self._client = connect_imap(self._account)
                self._since = elapsed()
                self._layout = layout_of(self._client)
            yield self._client
        except MailbotError:
            self._drop()
            raise
        except LoginError as error:
            self._drop()
            raise LoginRefused(self._account.address, f"{REFUSES_LOGIN} of {self._account.user}") from error
        except Exception as error:
            self._drop()
            raise Unreachable(self._account.address, connection_fault(error)) from error
        except BaseException:
            self._drop()
            raise

    def _drop(self) -> None:
        client, self._client, self._selected = self._client, None, None
        if client is not None:
            with suppress(Exception):
                client.shutdown()

    def close(self) -> None:
        if self._client is not None:
            with suppress(Exception):
                self._client.logout()
        self._drop()

    def arrivals(self, after: Watermark | None) -> Iterator[Arrival | Withheld]:
        with self._link() as client:
            opened = self._open(client, self._inbox, readonly=True, again=True)
            validity, upto = opened[b"UIDVALIDITY"], opened.get(b"UIDNEXT", 0)
            known = after.uid if after is not None and after.uidvalidity == validity else 0
            self._next = (validity, upto)
            uids = search_after(client, known, upto)
            chunks = list(chunks_of(client, uids))
        for chunk in chunks:
            yield from self._fetched(self._inbox, chunk, validity)

    def newest(self, after: Watermark | None, most: int) -> Iterator[Arrival | Withheld]:
        with self._link() as client:
            opened = self._open(client, self._inbox, readonly=True, again=True)
            validity = opened[b"UIDVALIDITY"]
            known = after.uid if after is not None and after.uidvalidity == validity else 0
            uids = search_after(client, known, opened.get(b"UIDNEXT", 0))[-most:]
            chunks = list(chunks_of(client, uids[::-1]))
        for chunk in chunks:
            yield from reversed(self._fetched(self._inbox, sorted(chunk), validity))

    def read(self, folder: Folder, uidvalidity: int, uids: Sequence[int]) -> Iterator[Arrival]:
        target = self._root + checked_folder(folder)
        with self._link() as client:
            name = self._layout.name(target)
            if not uids or not client.folder_exists(name):
                return
            if self._open(client, name, readonly=True, again=True)[b"UIDVALIDITY"] != uidvalidity:
                return
            chunks = list(chunks_of(client, uids))
        for chunk in chunks:
            yield from (one for one in self._fetched(name, chunk, uidvalidity) if isinstance(one, Arrival))

    def again(self, uidvalidity: int, uids: Sequence[int]) -> Iterator[Arrival | Withheld]:
        with self._link() as client:
            if self._open(client, self._inbox, readonly=True, again=True)[b"UIDVALIDITY"] != uidvalidity:
                return
        for uid in uids:
            yield from self._fetched(self._inbox, [uid], uidvalidity)

    def _fetched(self, name: str, uids: Sequence[int], validity: int) -> list[Arrival | Withheld]:
        with self._link() as client:
            # The caller may have moved a message, or the connection have been renewed, since the last chunk.
            if self._open(client, name, readonly=True).get(b"UIDVALIDITY", validity) != validity:
                raise Unreachable(self._account.address, "a folder was replaced while it was being read")
            found = bodies_of(client, uids)
            missing = [uid for uid in uids if found.get(uid, {}).get(b"BODY[]") is None]
            listed = listed_of(client, missing) if missing else frozenset()
        arrivals: list[Arrival | Withheld] = []
        for uid in uids:
            items = found.get(uid, {})
            raw, received = items.get(b"BODY[]"), items.get(b"INTERNALDATE")
            # Expunged meanwhile: Dovecot says NIL, others say nothing. Neither is an empty message.
            if uid in listed:
                arrivals.append(Withheld(Place(name, validity, uid)))
            elif raw is not None and isinstance(received, datetime):
                arrivals.append(Arrival(Place(name, validity, uid), raw, received.astimezone(UTC)))
        return arrivals

    def _open(self, client: typing.Any, name: str, readonly: bool, again: bool = False) -> dict[bytes, typing.Any]:
        """Selects an IMAP folder for reading or writing; empty where it was open already and ``again`` does not ask for
        its present numbers."""
        if self._selected == (name, readonly) and not again:
            return {}
        self._selected = None
        opened: dict[bytes, typing.Any] = client.select_folder(name, readonly=readonly)
        self._selected = (name, readonly)
        return opened

    def move(self, place: Place, folder: Folder) -> bool:
        target = self._root + checked_folder(folder)
        with self._link() as client:
            opened = self._open(client, place.folder, readonly=False, again=True)
            if opened[b"UIDVALIDITY"] != place.uidvalidity:
                return False
            message_id = ids_of(client, [place.uid]).get(place.uid)
            if message_id is None:
                return False
            name = self._made(client, target)
            if name == place.folder:
                return True
            if client.has_capability("MOVE"):
                return self._moved(client, place, name, message_id)
            return self._copied(client, place, name, message_id)

    def move_all(self, moves: Sequence[tuple[Place, Folder]]) -> list[bool]:
        """By one UID MOVE for all that goes from one IMAP folder to another (RFC 6851). Whatever it is not certain of
        is moved by itself: on a server without MOVE or without COPYUID, or where one message is refused."""
        together: dict[tuple[str, int, Folder], list[Place]] = {}
        for place, folder in moves:
            together.setdefault((place.folder, place.uidvalidity, folder), []).append(place)
        moved: set[tuple[Place, Folder]] = set()
        for (source, validity, folder), places in together.items():
            if len(places) > 1:
                moved |= {(place, folder) for place in self._moved_together(source, validity, folder, places)}
        return [move in moved or self.move(*move) for move in moves]

    def _moved_together(self, source: str, validity: int, folder: Folder, places: Sequence[Place]) -> set[Place]:
        """Those of one IMAP folder of which the server says that they are in another now."""
        with self._link() as client:
            target = self._root + checked_folder(folder)
            if not client.has_capability("MOVE") or self._layout.name(target) == source:
                return set()
            if self._open(client, source, readonly=False, again=True)[b"UIDVALIDITY"] != validity:
                return set()
            name = self._made(client, target)
            moved = self._said_moved(client, [place.uid for place in places], name)
            return {place for place in places if place.uid in moved}

    def _said_moved(self, client: typing.Any, uids: Sequence[int], name: str) -> set[int]:
        """Those of the open IMAP folder's messages that the server says it has moved. One that refuses all because of
        one is asked for each half."""
        client._imap.untagged_responses.pop("COPYUID", None)
        try:
            client.move(uids, name)
        except IMAPClientAbortError:
            raise  # the connection is gone
        except IMAPClientError:
            half = len(uids) // 2
            halves = (uids[:half], uids[half:]) if half else ()
            return {uid for some in halves for uid in self._said_moved(client, some, name)}
        told = client._imap.untagged_responses.pop("COPYUID", None) or ()
        return {uid for one in told for uid in _sources(one)}

    def _moved(self, client: typing.Any, place: Place, name: str, message_id: str) -> bool:
        """Was a message moved by IMAP? MOVE answers OK for a UID that is gone (measured on Dovecot), so the answer is
        not taken at its word."""
        client._imap.untagged_responses.pop("COPYUID", None)
        client.move([place.uid], name)
        if client._imap.untagged_responses.pop("COPYUID", None):
            return True
        if ids_of(client, [place.uid]):
            raise Unreachable(self._account.address, "MOVE was answered with OK and moved nothing")
        return not message_id or self._holds(client, name, message_id)

    def _copied(self, client: typing.Any, place: Place, name: str, message_id: str) -> bool:
        """On an IMAP server without MOVE: COPY, and with UIDPLUS the original goes, by its own UID. A plain EXPUNGE
        would take whatever else a person has marked as deleted; without UIDPLUS the original stays where it is."""
        if client.has_capability("UIDPLUS"):
            client.copy([place.uid], name)
            client.delete_messages([place.uid], silent=True)
            client.uid_expunge([place.uid])
        elif not message_id or not self._holds(client, name, message_id):
            self._open(client, place.folder, readonly=False)
            client.copy([place.uid], name)
        return True

    def file(self, folder: Folder, raw: bytes, when: datetime, seen: bool = False, flagged: bool = False) -> bool:
        target, message_id = self._root + checked_folder(folder), must_have_message_id(raw)
        with self._link() as client:
            name = self._made(client, target)
            if self._holds(client, name, message_id):
                return False
            flags = [flag for flag, is_set in ((SEEN, seen), (FLAGGED, flagged)) if is_set]
            client.append(name, raw, flags=flags, msg_time=when)
            return True

    def server_time(self, folder: Folder, raw: bytes) -> datetime | None:
        """The IMAP server's own time: the date that it gives ``raw``, which is filed without one and removed again."""
        target, message_id = self._root + checked_folder(folder), must_have_message_id(raw)
        with self._link() as client:
            client.append(self._made(client, target), raw, flags=[SEEN])
        top = self.tops([folder]).get(folder)
        found = [uid for uid, one in self.messages(folder) if one == message_id]
        dated = list(self.read(folder, top.uidvalidity, found)) if top is not None else []
        self.remove(folder, message_id)
        return dated[-1].received if dated else None

    def remove(self, folder: Folder, message_id: str) -> bool:
        target = self._root + checked_folder(folder)
        with self._link() as client:
            name = self._layout.name(target)
            if not client.folder_exists(name):
                return False
            self._open(client, name, readonly=False, again=True)
            alike = client.search([*message_id_criteria(message_id), "UNDELETED"])
            ours = [uid for uid, found in ids_of(client, alike).items() if found == message_id]
            if ours:
                client.add_flags(ours, [DELETED, SEEN], silent=True)
                if client.has_capability("UIDPLUS"):
                    client.uid_expunge(ours)
            return bool(ours)

    def _holds(self, client: typing.Any, name: str, message_id: str) -> bool:
        """Does an IMAP folder hold a message of this id? SEARCH finds substrings, so its finds are compared."""
        self._open(client, name, readonly=True, again=True)
        return message_id in ids_of(client, client.search(message_id_criteria(message_id))).values()

    def _made(self, client: typing.Any, folder: Folder) -> str:
        """The full name of an IMAP folder; it is created, with those above it, where it is missing."""
        name = self._layout.name(folder)
        if not client.folder_exists(name):
            for depth in range(1, len(folder) + 1):
                above = self._layout.name(folder[:depth])
                if not client.folder_exists(above):
                    # Somebody may have been faster; if it is not there then, what follows will say so.
                    with suppress(IMAPClientError):
                        client.create_folder(above)
                        client.subscribe_folder(above)
        return name

    def make(self, folder: Folder) -> None:
        target = self._root + checked_folder(folder)
        with self._link() as client:
            self._made(client, target)

    def lies_at(self, place: Place) -> bool:
        with self._link() as client:
            if not client.folder_exists(place.folder):
                return False
            same = self._open(client, place.folder, True, again=True)[b"UIDVALIDITY"] == place.uidvalidity
            return same and place.uid in client.search(["UID", str(place.uid), "UNDELETED"])

    def tops(self, folders: Iterable[Folder]) -> dict[Folder, Top]:
        found = {}
        with self._link() as client:
            for folder in folders:
                name = self._layout.name(self._root + checked_folder(folder))
                # STATUS is not for the folder that is open (RFC 3501, 6.3.10): Dovecot answers from before the move.
                opened = self._selected is not None and self._selected[0] == name
                top = top_in(self._open(client, name, True, again=True)) if opened else top_of(client, name)
                if top is not None:
                    found[folder] = top
        return found

    def messages(self, folder: Folder, above: int = 0) -> list[tuple[int, str]]:
        target = self._root + checked_folder(folder)
        with self._link() as client:
            name = self._layout.name(target)
            if not client.folder_exists(name):
                return []
            opened = self._open(client, name, readonly=True, again=True)
            return sorted(ids_of(client, search_after(client, above, opened.get(b"UIDNEXT", 0))).items())

    def folders(self) -> list[Folder]:
        with self._link() as client:
            names = (self._layout.parts(name) for flags, _, name in client.list_folders() if b"\\Noselect" not in flags)
            depth = len(self._root)
            ours = {parts[depth:] for parts in names if parts[:depth] == self._root}
            return sorted(parts for parts in ours if parts and (depth or parts != ("INBOX",)))

    def wait(self, seconds: float, stop: Callable[[], bool]) -> bool:
        with self._link() as client:
            if self._has_grown(client):
                return True
            if client.has_capability("IDLE"):
                return wait_in_idle(client, seconds, stop)
        end = elapsed() + min(seconds, self._poll)
        while not stop() and (left := end - elapsed()) > 0:
            time.sleep(min(left, IDLE_SLICE))
        with self._link() as client:
            return not stop() and self._has_grown(client)

    def _has_grown(self, client: typing.Any) -> bool:
        """Has the IMAP inbox grown, has mail come after the inbox was last read: IDLE reports only what comes after it
        begins."""
        opened = self._open(client, self._inbox, readonly=True, again=True)
        return self._next is not None and self._next != (opened[b"UIDVALIDITY"], opened.get(b"UIDNEXT", 0))
