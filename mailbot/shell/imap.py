"""The shared mailbox over IMAP (RFC 3501), as Exchange, Dovecot and the rest really speak it.

Nothing is asked for that Exchange lacks: no CONDSTORE, no keywords, no special-use folders. What is unread, flagged or
answered means nothing here, because people work in this mailbox too; UIDVALIDITY and UID do. imapclient is kept behind
this file: it is not safe for two threads, it is dead after any timeout, and its exceptions are of many kinds, so any
failure at all closes the connection and leaves as ``Unreachable``.
"""

import logging
import time
import typing
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from imapclient import DELETED, FLAGGED, SEEN
from imapclient.exceptions import IMAPClientError, LoginError

from mailbot.shell.clock import elapsed
from mailbot.shell.errors import LoginRefused, MailbotError, Unreachable
from mailbot.shell.idle import SLICE, wait_in_idle
from mailbot.shell.imap_connection import Account, Layout, connect, layout_of
from mailbot.shell.imap_queries import chunks_of, ids_of, message_id_criteria, search_after, top_in, top_of
from mailbot.shell.mailbox import (
    Arrival,
    Folder,
    Place,
    Top,
    Watermark,
    checked_folder,
    must_have_message_id,
)
from mailbot.shell.tls import Security, must_be_private

# imaplib keeps every stray response for the life of a connection, and a token is only looked at when logging in.
SECONDS_A_CONNECTION = 3600.0

# At DEBUG imapclient logs whole messages about children.
logging.getLogger("imapclient").setLevel(logging.WARNING)


class ImapMailbox:
    """A ``Mailbox`` on an IMAP server. ``security`` "none" is for loopback addresses alone (``BadConfiguration``).

    ``folder`` is the inbox to read; ``root`` lies above every folder filed into. ``token`` gives an OAuth2 access token
    for XOAUTH2 in place of the password. ``poll`` is how often, in seconds, a server without IDLE is asked.
    """

    def __init__(
        self,
        host: str,
        port: int,
        user: str,
        password: str,
        security: Security = "tls",
        cafile: str | None = None,
        folder: str = "INBOX",
        root: Folder = (),
        *,
        token: Callable[[], str] | None = None,
        connect_timeout: float = 10.0,
        read_timeout: float = 60.0,
        poll: float = 30.0,
    ) -> None:
        must_be_private(host, security)
        self._account = Account(host, port, user, password, security, cafile, token, connect_timeout, read_timeout)
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
        """A live, logged-in client. Whatever is raised inside drops the connection: it cannot be trusted afterwards."""
        try:
            if self._client is not None and elapsed() - self._since > SECONDS_A_CONNECTION:
                self.close()
            if self._client is None:
                self._client = connect(self._account)
                self._since = elapsed()
                self._layout = layout_of(self._client)
            yield self._client
        except MailbotError:
            self._drop()
            raise
        except LoginError as error:
            self._drop()
            raise LoginRefused(self._account.address, str(error)) from error
        except Exception as error:
            self._drop()
            raise Unreachable(self._account.address, f"{type(error).__name__}: {error}") from error
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

    def arrivals(self, after: Watermark | None) -> Iterator[Arrival]:
        with self._link() as client:
            opened = self._open(client, self._inbox, readonly=True, again=True)
            validity, upto = opened[b"UIDVALIDITY"], opened.get(b"UIDNEXT", 0)
            known = after.uid if after is not None and after.uidvalidity == validity else 0
            self._next = (validity, upto)
            uids = search_after(client, known, upto)
            chunks = list(chunks_of(client, uids))
        for chunk in chunks:
            yield from self._fetched(self._inbox, chunk, validity)

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
            yield from self._fetched(name, chunk, uidvalidity)

    def _fetched(self, name: str, uids: Sequence[int], validity: int) -> list[Arrival]:
        with self._link() as client:
            # The caller may have moved a message, or the connection have been renewed, since the last chunk.
            if self._open(client, name, readonly=True).get(b"UIDVALIDITY", validity) != validity:
                raise Unreachable(self._account.address, "a folder was replaced while it was being read")
            found = client.fetch(uids, ["INTERNALDATE", "BODY.PEEK[]"])
        arrivals = []
        for uid in uids:
            items = found.get(uid, {})
            raw, received = items.get(b"BODY[]"), items.get(b"INTERNALDATE")
            # Expunged meanwhile: Dovecot says NIL, others say nothing. Neither is an empty message.
            if raw is not None and isinstance(received, datetime):
                arrivals.append(Arrival(Place(name, validity, uid), raw, received.astimezone(UTC)))
        return arrivals

    def _open(self, client: typing.Any, name: str, readonly: bool, again: bool = False) -> dict[bytes, typing.Any]:
        """Selects a folder; empty where it was open already and ``again`` does not ask for its present numbers."""
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

    def _moved(self, client: typing.Any, place: Place, name: str, message_id: str) -> bool:
        """MOVE answers OK for a UID that is gone (measured on Dovecot), so the answer is not taken at its word."""
        client._imap.untagged_responses.pop("COPYUID", None)
        client.move([place.uid], name)
        if client._imap.untagged_responses.pop("COPYUID", None):
            return True
        if ids_of(client, [place.uid]):
            raise Unreachable(self._account.address, "MOVE was answered with OK and moved nothing")
        return not message_id or self._holds(client, name, message_id)

    def _copied(self, client: typing.Any, place: Place, name: str, message_id: str) -> bool:
        """Without MOVE: COPY, and with UIDPLUS the original goes, by its own UID. A plain EXPUNGE would take
        whatever else a person has marked as deleted; without UIDPLUS the original stays where it is."""
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
        """Whether the folder has a message of this id. SEARCH finds substrings, so its finds are compared."""
        self._open(client, name, readonly=True, again=True)
        return message_id in ids_of(client, client.search(message_id_criteria(message_id))).values()

    def _made(self, client: typing.Any, folder: Folder) -> str:
        """The folder's full name; it is created, with those above it, where it is missing."""
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
            time.sleep(min(left, SLICE))
        with self._link() as client:
            return not stop() and self._has_grown(client)

    def _has_grown(self, client: typing.Any) -> bool:
        """Whether mail came after the inbox was last read: IDLE reports only what comes after it begins."""
        opened = self._open(client, self._inbox, readonly=True, again=True)
        return self._next is not None and self._next != (opened[b"UIDVALIDITY"], opened.get(b"UIDNEXT", 0))
