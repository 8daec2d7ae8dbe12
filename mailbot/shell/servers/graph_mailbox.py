"""The shared mailbox over Microsoft Graph: raw messages by ``$value``, what is new by ``delta``, folders, moving and
filing.

A message's number is the one under which Exchange itself shows it to IMAP (PidTagInternetArticleNumber, 0x0E23): given
once in a folder, ascending, another one wherever it is moved. A folder's validity is worked out from its own id. So
nothing of ours has to be kept, here or there.
"""

import base64
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from mailbot.shell.clock import elapsed
from mailbot.shell.errors import Unreachable
from mailbot.shell.servers.graph_calls import GraphCalls
from mailbot.shell.servers.imap_idle import IDLE_SLICE
from mailbot.shell.servers.mailbox_interface import (
    Arrival,
    Folder,
    Place,
    Top,
    Watermark,
    Withheld,
    checked_folder,
    must_have_message_id,
)

INBOX = "INBOX"
ARTICLE_NUMBER = "Integer 0x0E23"  # PidTagInternetArticleNumber
_FLAGS, _DELIVERED = "Integer 0x0E07", "SystemTime 0x0E06"  # PidTagMessageFlags, PidTagMessageDeliveryTime
WITH_NUMBER = "$select=id,internetMessageId,receivedDateTime&$expand=" + quote(
    f"singleValueExtendedProperties($filter=id eq '{ARTICLE_NUMBER}')", safe="()$"
)
GONE = (404, 410)
# Graph's words for a message that it lists and cannot give.
_NOT_GIVEN = re.compile(r"ErrorItemCorrupt|ErrorMimeContent|ErrorContentConversion|ErrorMessageSizeExceeded")


@dataclass(frozen=True, slots=True)
class _Listed:
    """A message as a folder lists it."""

    id: str
    number: int
    message_id: str
    received: datetime


@dataclass
class _Known:
    """A folder as far as it is known: its id, its messages, and the link that tells what has changed since."""

    id: str
    validity: int
    link: str = ""
    listed: dict[str, _Listed] = field(default_factory=dict)
    top: int = 0

    def by_number(self) -> dict[int, _Listed]:
        return {one.number: one for one in sorted(self.listed.values(), key=lambda one: one.number)}


class GraphMailbox:
    """A ``Mailbox`` over Graph. ``root`` lies above every folder filed into; ``poll`` is how often, in seconds, the
    inbox is asked while somebody waits."""

    def __init__(self, calls: GraphCalls, root: Folder = (), *, poll: float = 30.0) -> None:
        self._calls, self._root, self._poll = calls, checked_folder(root) if root else (), poll
        self._ids: dict[Folder, str] = {}
        self._known: dict[str, _Known] = {}
        self._read_to = 0

    def close(self) -> None:
        self._calls.close()

    # What a folder holds

    def _refreshed(self, folder_id: str) -> _Known:
        """The folder over Graph as it is now: what has changed since it was last looked at, or all of it."""
        known = self._known.get(folder_id)
        if known is not None and known.link and self._changes(known, known.link):
            return known
        known = _Known(folder_id, _validity(folder_id), top=known.top if known else 0)
        self._known[folder_id] = known
        first = f"/mailFolders/{_in_path(folder_id)}/messages/delta?$select=id"
        for page in self._calls.pages(first):
            known.link = str(page.get("@odata.deltaLink", known.link))
        listing = f"/mailFolders/{_in_path(folder_id)}/messages?{WITH_NUMBER}&$top=200"
        self._note(known, self._calls.items(listing))
        return known

    def _changes(self, known: _Known, link: str) -> bool:
        """Takes in what Graph's ``delta`` says has changed; False where the server no longer knows what we had seen
        (410)."""
        changed: dict[str, bool] = {}
        while link:
            answer = self._calls.get(link, 410)
            if answer.code == 410:
                return False
            told = answer.told
            for item in told.get("value", ()):
                changed[str(item["id"])] = "@removed" not in item
            known.link = str(told.get("@odata.deltaLink", known.link))
            link = str(told.get("@odata.nextLink", ""))
        for message, there in changed.items():
            known.listed.pop(message, None)
            if there:
                answer = self._calls.get(
                    f"/mailFolders/{_in_path(known.id)}/messages/{_in_path(message)}?{WITH_NUMBER}", *GONE
                )
                self._note(known, [answer.told] if answer.code == 200 else [])
        return True

    def _note(self, known: _Known, items: Iterable[dict[str, Any]]) -> None:
        for item in items:
            number = next((p["value"] for p in item.get("singleValueExtendedProperties", ()) if p.get("id")), None)
            if number is None:
                raise Unreachable(self._calls.address, "gives a message no number (PidTagInternetArticleNumber)")
            when = datetime.fromisoformat(str(item["receivedDateTime"]).replace("Z", "+00:00")).astimezone(UTC)
            one = _Listed(str(item["id"]), int(number), str(item.get("internetMessageId") or ""), when)
            known.listed[one.id] = one
            known.top = max(known.top, one.number)

    # Folders

    def _find(self, folder: Folder) -> str | None:
        """The id of a folder by its parts from the top of the mailbox; None where it is not there."""
        above = ""
        for depth in range(1, len(folder) + 1):
            part = folder[:depth]
            found = self._ids.get(part)
            if found is None:
                children = self._children(above)
                found = next((id_ for name, id_ in children if name == folder[depth - 1]), None)
                if found is None:
                    return None
                self._ids[part] = found
            above = found
        return above

    def _children(self, above: str) -> list[tuple[str, str]]:
        path = f"/mailFolders/{_in_path(above)}/childFolders" if above else "/mailFolders"
        items = self._calls.items(f"{path}?$select=id,displayName&$top=200")
        return [(str(item["displayName"]), str(item["id"])) for item in items]

    def _made(self, folder: Folder) -> str:
        found = self._find(folder)
        if found is not None and self._is_there(found):
            return found
        self._forget(folder)
        above = ""
        for depth in range(1, len(folder) + 1):
            part = folder[:depth]
            there = self._find(part)
            if there is None:
                path = f"/mailFolders/{_in_path(above)}/childFolders" if above else "/mailFolders"
                answer = self._calls.post(path, {"displayName": part[-1]}, 409)
                there = str(answer.told["id"]) if answer.code < 300 else self._find(part)
                if there is None:
                    raise Unreachable(self._calls.address, f"neither has the folder {'/'.join(part)} nor makes it")
                self._ids[part] = there
            above = there
        return above

    def _is_there(self, folder_id: str) -> bool:
        return self._calls.get(f"/mailFolders/{_in_path(folder_id)}?$select=id", *GONE).code == 200

    def _forget(self, folder: Folder) -> None:
        for part in [part for part in self._ids if part == folder[: len(part)]]:
            del self._ids[part]

    def server_time(self, folder: Folder, raw: bytes) -> datetime | None:
        """The time by the clock of Graph's own server, which each of its answers says; None where it says none. Nothing
        is put into the mailbox for it. Raises ``Unreachable``."""
        self._calls.get("/mailFolders/inbox")
        try:
            told = parsedate_to_datetime(self._calls.date)
        except (ValueError, TypeError):
            return None
        return told.astimezone(UTC)

    def make(self, folder: Folder) -> None:
        self._made(self._root + checked_folder(folder))

    def folders(self) -> list[Folder]:
        above = self._find(self._root) if self._root else ""
        if above is None:
            return []
        inbox = str(self._calls.get("/mailFolders/inbox?$select=id").told["id"])
        return sorted(self._below(above, (), inbox))

    def _below(self, above: str, parts: Folder, inbox: str) -> Iterator[Folder]:
        for name, folder_id in self._children(above):
            if folder_id != inbox:
                yield (*parts, name)
                yield from self._below(folder_id, (*parts, name), inbox)

    def tops(self, folders: Iterable[Folder]) -> dict[Folder, Top]:
        found = {}
        for folder in folders:
            known = self._of(self._root + checked_folder(folder))
            if known is not None:
                found[folder] = Top(known.validity, known.top, len(known.listed))
        return found

    def _of(self, folder: Folder) -> _Known | None:
        """A Graph folder as it is now, by its parts; None where it is not there."""
        folder_id = self._find(folder)
        if folder_id is None:
            return None
        if not self._is_there(folder_id):
            self._forget(folder)
            folder_id = self._find(folder)
        return self._refreshed(folder_id) if folder_id is not None else None

    def _at(self, place: Place) -> tuple[_Known, _Listed] | None:
        """The message that lies at ``place``; None where it is gone."""
        known = self._inbox() if place.folder == INBOX else self._of(tuple(place.folder.split("/")))
        if known is None or known.validity != place.uidvalidity:
            return None
        one = known.by_number().get(place.uid)
        return (known, one) if one is not None else None

    def _inbox(self) -> _Known:
        if (INBOX,) not in self._ids:
            self._ids[(INBOX,)] = str(self._calls.get("/mailFolders/inbox?$select=id").told["id"])
        return self._refreshed(self._ids[(INBOX,)])

    # Reading

    def arrivals(self, after: Watermark | None) -> Iterator[Arrival | Withheld]:
        known = self._inbox()
        beyond = after.uid if after is not None and after.uidvalidity == known.validity else 0
        self._read_to = known.top
        for number, one in known.by_number().items():
            if number > beyond:
                yield from self._given(INBOX, known, one)

    def newest(self, after: Watermark | None, most: int) -> Iterator[Arrival | Withheld]:
        known = self._inbox()
        beyond = after.uid if after is not None and after.uidvalidity == known.validity else 0
        there = known.by_number()
        for number in sorted((number for number in there if number > beyond), reverse=True)[:most]:
            yield from self._given(INBOX, known, there[number])

    def again(self, uidvalidity: int, uids: Sequence[int]) -> Iterator[Arrival | Withheld]:
        known = self._inbox()
        there = known.by_number() if known.validity == uidvalidity else {}
        for uid in uids:
            if uid in there:
                yield from self._given(INBOX, known, there[uid])

    def read(self, folder: Folder, uidvalidity: int, uids: Sequence[int]) -> Iterator[Arrival]:
        whole = self._root + checked_folder(folder)
        known = self._of(whole)
        there = known.by_number() if known is not None and known.validity == uidvalidity else {}
        for uid in uids:
            if known is not None and uid in there:
                given = self._given("/".join(whole), known, there[uid])
                yield from (one for one in given if isinstance(one, Arrival))

    def _given(self, folder: str, known: _Known, one: _Listed) -> Iterator[Arrival | Withheld]:
        """The bytes of a message over Graph; nothing where somebody took it away meanwhile."""
        place = Place(folder, known.validity, one.number)
        path = f"/mailFolders/{_in_path(known.id)}/messages/{_in_path(one.id)}/$value"
        answer = self._calls.get(path, *GONE, 400, 413, 500)
        if answer.code == 200:
            yield Arrival(place, answer.body, one.received)
        elif _NOT_GIVEN.search(answer.error):
            yield Withheld(place)
        elif answer.code not in GONE:
            raise Unreachable(self._calls.address, f"answers {answer.code} {answer.error}".strip())

    def messages(self, folder: Folder, above: int = 0) -> list[tuple[int, str]]:
        known = self._of(self._root + checked_folder(folder))
        if known is None:
            return []
        return [(number, one.message_id) for number, one in known.by_number().items() if number > above]

    def lies_at(self, place: Place) -> bool:
        return self._at(place) is not None

    # Moving and filing

    def move(self, place: Place, folder: Folder) -> bool:
        target = self._root + checked_folder(folder)
        found = self._at(place)
        if found is None:
            return False
        known, one = found
        to = self._made(target)
        if to == known.id:
            return True
        answer = self._calls.post(f"/messages/{_in_path(one.id)}/move", {"destinationId": to}, *GONE)
        known.listed.pop(one.id, None)
        return answer.code not in GONE

    def file(self, folder: Folder, raw: bytes, when: datetime, seen: bool = False, flagged: bool = False) -> bool:
        target, message_id = self._root + checked_folder(folder), must_have_message_id(raw)
        folder_id = self._made(target)
        if any(one.message_id == message_id for one in self._refreshed(folder_id).listed.values()):
            return False
        made = self._calls.post(f"/mailFolders/{_in_path(folder_id)}/messages", base64.b64encode(raw)).told
        marks: dict[str, object] = {
            "isRead": seen,
            "flag": {"flagStatus": "flagged" if flagged else "notFlagged"},
            # Not a draft (MSGFLAG_UNSENT is not set), and received when it says.
            "singleValueExtendedProperties": [
                {"id": _FLAGS, "value": "1" if seen else "0"},
                {"id": _DELIVERED, "value": f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"},
            ],
        }
        self._calls.call("PATCH", f"/messages/{_in_path(str(made['id']))}", marks, ())
        return True

    def remove(self, folder: Folder, message_id: str) -> bool:
        known = self._of(self._root + checked_folder(folder))
        ours = [one for one in known.listed.values() if one.message_id == message_id] if known is not None else []
        for one in ours:
            self._calls.post(f"/messages/{_in_path(one.id)}/permanentDelete", {}, *GONE)
            if known is not None:
                known.listed.pop(one.id, None)
        return bool(ours)

    def wait(self, seconds: float, stop: Callable[[], bool]) -> bool:
        """Graph tells of new mail only to web servers of one's own, so the inbox is asked: one small call each time."""
        end = elapsed() + seconds
        asked = 0.0
        while not stop():
            if elapsed() >= asked:
                if self._inbox().top > self._read_to:
                    return True
                asked = elapsed() + self._poll
            if (left := end - elapsed()) <= 0:
                return False
            self._calls.pause(min(left, IDLE_SLICE, self._poll))
        return False


def _in_path(identity: str) -> str:
    """An id as a part of a path: Graph's ids may hold anything base64 does."""
    return quote(identity, safe="")


def _validity(folder_id: str) -> int:
    """A Graph folder's UIDVALIDITY: its own id never changes, and a folder made anew has another one."""
    return zlib.crc32(folder_id.encode()) or 1
