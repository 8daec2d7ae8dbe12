"""A mailbox and a postman in memory, for tests of the turns. They keep the same contract as the real ones."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from mailbot.shell.clock import elapsed
from mailbot.shell.errors import Unreachable
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
from mailbot.shell.servers.postman_interface import Delivery, Envelope, Outcome, address_fault


@dataclass(frozen=True, slots=True)
class Held:
    uid: int
    raw: bytes
    when: datetime
    seen: bool = False
    flagged: bool = False


class MailboxFake:
    """Set ``down`` to make every call raise ``Unreachable``; call ``renumber`` for a change of UIDVALIDITY."""

    def __init__(self) -> None:
        self.uidvalidity = 1
        self.down = ""
        self.inbox: list[Held] = []
        self.withheld: set[int] = set()  # UIDs that the server lists and does not give
        self.filed: dict[Folder, list[Held]] = {}
        self._last_uid = 0
        self._tops: dict[Folder, int] = {}
        self._read_to = 0

    def deliver(self, raw: bytes, when: datetime | None = None) -> int:
        self._last_uid += 1
        self.inbox.append(Held(self._last_uid, raw, (when or datetime(2026, 1, 5, 9, tzinfo=UTC)).astimezone(UTC)))
        return self._last_uid

    def again(self, uidvalidity: int, uids: Sequence[int]) -> Iterator[Arrival | Withheld]:
        self._up()
        for held in self.inbox if uidvalidity == self.uidvalidity else ():
            if held.uid in uids:
                yield self._given(held)

    def _given(self, held: Held) -> Arrival | Withheld:
        place = Place("INBOX", self.uidvalidity, held.uid)
        return Withheld(place) if held.uid in self.withheld else Arrival(place, held.raw, held.when)

    def expunge(self, uid: int) -> None:
        self.inbox = [held for held in self.inbox if held.uid != uid]

    def renumber(self) -> None:
        self.uidvalidity += 1

    def _up(self) -> None:
        if self.down:
            raise Unreachable("mail.example:993", self.down)

    def arrivals(self, after: Watermark | None) -> Iterator[Arrival | Withheld]:
        self._up()
        known = after.uid if after is not None and after.uidvalidity == self.uidvalidity else 0
        self._read_to = self._last_uid
        for held in [held for held in self.inbox if held.uid > known]:
            self._up()
            if held in self.inbox:
                yield self._given(held)

    def newest(self, after: Watermark | None, most: int) -> Iterator[Arrival | Withheld]:
        self._up()
        known = after.uid if after is not None and after.uidvalidity == self.uidvalidity else 0
        yield from (self._given(held) for held in [held for held in self.inbox if held.uid > known][: -most - 1 : -1])

    def move(self, place: Place, folder: Folder) -> bool:
        self._up()
        there = self._made(folder)
        here = self.inbox if place.folder == "INBOX" else self.filed.get(tuple(place.folder.split("/")), [])
        found = [held for held in here if held.uid == place.uid and self.uidvalidity == place.uidvalidity]
        for held in found if here is not there else ():
            here.remove(held)
            there.append(self._anew(held, folder))
        return bool(found)

    def drag(self, message_id: str, folder: Folder = ()) -> None:
        """A person moves a message from wherever it lies, into ``folder`` or the inbox."""
        boxes = [self.inbox, *self.filed.values()]
        box, held = next((box, held) for box in boxes for held in box if message_id_of(held.raw) == message_id)
        box.remove(held)
        (self._made(folder) if folder else self.inbox).append(self._anew(held, folder))

    def put(self, raw: bytes, folder: Folder) -> None:
        """A person copies a message in from somewhere else."""
        self._made(folder).append(self._anew(Held(0, raw, datetime(2026, 1, 5, 9, tzinfo=UTC)), folder))

    def marks(self, folder: Folder) -> dict[str, str]:
        """Message-ID -> "F" for flagged, "S" for seen, of what lies in a folder."""
        held = self.filed.get(folder, [])
        return {message_id_of(one.raw): f"{'F' if one.flagged else ''}{'S' if one.seen else ''}" for one in held}

    def mark_deleted(self, folder: Folder, message_id: str) -> None:
        """A person strikes it out. Here that is no more than a flag nobody has."""

    def _anew(self, held: Held, folder: Folder) -> Held:
        """In another folder a message has another UID."""
        if not folder:
            self._last_uid += 1
            return replace(held, uid=self._last_uid)
        self._tops[folder] = self._tops.get(folder, 0) + 1
        return replace(held, uid=self._tops[folder])

    def file(self, folder: Folder, raw: bytes, when: datetime, seen: bool = False, flagged: bool = False) -> bool:
        self._up()
        message_id, there = must_have_message_id(raw), self._made(folder)
        if any(message_id_of(held.raw) == message_id for held in there):
            return False
        there.append(self._anew(Held(0, raw, when, seen, flagged), folder))
        return True

    def remove(self, folder: Folder, message_id: str) -> bool:
        self._up()
        there = self.filed.get(checked_folder(folder), [])
        kept = [held for held in there if message_id_of(held.raw) != message_id]
        gone = len(kept) < len(there)
        there[:] = kept
        return gone

    def make(self, folder: Folder) -> None:
        self._up()
        self._made(folder)

    def lies_at(self, place: Place) -> bool:
        self._up()
        here = self.inbox if place.folder == "INBOX" else self.filed.get(tuple(place.folder.split("/")), [])
        return self.uidvalidity == place.uidvalidity and any(held.uid == place.uid for held in here)

    def tops(self, folders: Iterable[Folder]) -> dict[Folder, Top]:
        self._up()
        there = {folder: self.filed[folder] for folder in folders if checked_folder(folder) in self.filed}
        return {folder: Top(self.uidvalidity, self._tops.get(folder, 0), len(box)) for folder, box in there.items()}

    def read(self, folder: Folder, uidvalidity: int, uids: Sequence[int]) -> Iterator[Arrival]:
        self._up()
        if uidvalidity == self.uidvalidity:
            there = {held.uid: held for held in self.filed.get(checked_folder(folder), [])}
            for uid in uids:
                if uid in there:
                    yield Arrival(Place("/".join(folder), uidvalidity, uid), there[uid].raw, there[uid].when)

    def _made(self, folder: Folder) -> list[Held]:
        for depth in range(1, len(checked_folder(folder)) + 1):
            self.filed.setdefault(folder[:depth], [])
        return self.filed[folder]

    def messages(self, folder: Folder, above: int = 0) -> list[tuple[int, str]]:
        self._up()
        there = self.filed.get(checked_folder(folder), [])
        return [(held.uid, message_id_of(held.raw)) for held in there if held.uid > above]

    def folders(self) -> list[Folder]:
        self._up()
        return sorted(self.filed)

    def wait(self, seconds: float, stop: Callable[[], bool]) -> bool:
        self._up()
        end = elapsed() + seconds
        while not any(held.uid > self._read_to for held in self.inbox):
            if stop() or elapsed() >= end:
                return False
            time.sleep(0.01)
        return True

    def close(self) -> None: ...


class PostmanFake:
    """Accepts everything, unless ``script`` holds outcomes for a recipient: the next one is used up each time.

    ``sent`` is what reached a recipient, which includes what ended ``UNCERTAIN``. For as long as they are set,
    ``says`` are the words with which a recipient's letters are refused, and ``refuses_us`` those with which all are.
    """

    def __init__(self, script: dict[str, list[Outcome]] | None = None) -> None:
        self.script = script or {}
        self.sent: list[Envelope] = []
        self.tried: list[Envelope] = []
        self.says: dict[str, str] = {}
        self.refuses_us = ""

    @property
    def is_told(self) -> bool:
        """Whether it does anything else than to accept."""
        return bool(self.script or self.says or self.refuses_us)

    def send(self, envelopes: Sequence[Envelope]) -> Iterator[Delivery]:
        codes = {Outcome.ACCEPTED: 250, Outcome.DEFERRED: 451, Outcome.REFUSED: 550, Outcome.UNCERTAIN: 0}
        for envelope in envelopes:
            self.tried.append(envelope)
            fault = address_fault(envelope.recipient) or ("" if envelope.recipient else "there is no recipient")
            if fault:
                yield Delivery(envelope.id, Outcome.REFUSED, 553, fault)
                continue
            if self.refuses_us:
                yield Delivery(envelope.id, Outcome.DEFERRED, 550, self.refuses_us, ours=True)
                continue
            if envelope.recipient in self.says:
                yield Delivery(envelope.id, Outcome.REFUSED, 550, self.says[envelope.recipient])
                continue
            outcomes = self.script.get(envelope.recipient, [])
            outcome = outcomes.pop(0) if outcomes else Outcome.ACCEPTED
            if outcome in (Outcome.ACCEPTED, Outcome.UNCERTAIN):
                self.sent.append(envelope)
            yield Delivery(envelope.id, outcome, codes[outcome], f"scripted: {outcome.value}")

    def close(self) -> None: ...
