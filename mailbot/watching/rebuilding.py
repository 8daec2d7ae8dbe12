"""The record rebuilt from the mailbox alone: the database is lost, and the emails are all there is.

Every email that people sent still lies in the mailbox, most of them in the folder of their dispute. They are gone
through in the order in which they came, on a clock that is set back to the first of them, by the same rules: what was
decided then is decided again, limits pass again, letters are written again and go to nobody. What a person did at a
terminal, and when a server was down, is in no email: so the result is set beside the cards that lie in the mailbox, and
nothing is sent or decided by it until a person has let it go on.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mailbot.core.record.witness import raised_by_folders
from mailbot.mail.incoming.character_sets import decode_header
from mailbot.mail.incoming.message import Message, head_fields, parse
from mailbot.shell.errors import Unreachable
from mailbot.shell.servers.mailbox_interface import DISPUTES, Arrival, Folder, Mailbox, Place
from mailbot.shell.store.store import Store
from mailbot.shell.store.to_another_database import LyingCard, give_id_of_lost_letter, settle_rebuilt
from mailbot.turns.bot import Bot
from mailbot.turns.moved_by_hand import NOT_A_DISPUTE, TRY_AGAIN
from mailbot.turns.overview_card import OVERVIEW
from mailbot.turns.running_partnership import Site
from mailbot.turns.take_in import FOLDERS
from mailbot.watching.witness_in_mailbox import MailboxSays

STEP_AT_LEAST = timedelta(minutes=5)  # by which time goes on: what cannot be done yet is not asked for ever
_OWN_FOLDERS = frozenset({*FOLDERS.values(), NOT_A_DISPUTE, TRY_AGAIN})
_READ_AT_ONCE = 50
_BY = "its folder"


@dataclass(frozen=True, slots=True)
class LyingMessage:
    """An email of somebody else's in the mailbox; ``reference`` is the dispute whose folder it lies in, or ""."""

    raw: bytes
    received: datetime
    place: Place
    reference: str = ""

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()


@dataclass(slots=True)
class WhatLies:
    """All that the mailbox has to rebuild from: emails, the oldest first; each dispute's card; the disputes that have a
    folder."""

    messages: list[LyingMessage] = field(default_factory=list)
    cards: dict[str, LyingCard] = field(default_factory=dict)
    folders: tuple[str, ...] = ()


def what_lies(mailbox: Mailbox, site: Site) -> WhatLies:
    """Reads the mailbox through, to rebuild from. Raises ``Unreachable``."""
    found, seen = WhatLies(), set[str]()
    folders = mailbox.folders()
    found.folders = tuple(folder[1] for folder in folders if len(folder) == 2 and folder[0] == DISPUTES)
    arrived = (one for one in mailbox.arrivals(None) if isinstance(one, Arrival))
    for reference, arrival in [("", one) for one in arrived]:
        _note(found, seen, site, arrival, reference)
    for folder in folders:
        reference = folder[1] if len(folder) == 2 and folder[0] == DISPUTES else ""
        if not reference and folder not in _OWN_FOLDERS and folder != OVERVIEW:
            continue
        for arrival in _lying(mailbox, folder):
            if folder == OVERVIEW:
                _note_card(found, arrival)
            else:
                _note(found, seen, site, arrival, reference)
    found.messages.sort(key=lambda one: (one.received, one.digest))
    return found


def _lying(mailbox: Mailbox, folder: Folder) -> Iterator[Arrival]:
    top = mailbox.tops([folder]).get(folder)
    uids = [uid for uid, _ in mailbox.messages(folder)] if top else []
    for start in range(0, len(uids), _READ_AT_ONCE):
        assert top is not None
        yield from mailbox.read(folder, top.uidvalidity, uids[start : start + _READ_AT_ONCE])


def _note(found: WhatLies, seen: set[str], site: Site, arrival: Arrival, reference: str) -> None:
    message = parse(arrival.raw)
    ours = isinstance(message, Message) and message.sender.address == site.address
    made = LyingMessage(arrival.raw, arrival.received, arrival.place, reference)
    if not ours and made.digest not in seen:
        seen.add(made.digest)
        found.messages.append(made)


def _note_card(found: WhatLies, arrival: Arrival) -> None:
    fields = {name.lower(): value for name, value in reversed(head_fields(arrival.raw))}
    subject = " ".join(decode_header(fields.get("subject", "")).split())
    for word in subject.replace("[", " ").replace("]", " ").split():
        if word.count("-") == 2 and word.rpartition("-")[2].isdigit():
            found.cards[word] = LyingCard(word, fields.get("message-id", "").strip(), subject)
            return


class Rebuilding:
    """One partnership's record, being made anew in a store of its own. ``bot_at`` makes its bot as of an instant, on
    the emails that ``inbox`` (a Maildir) is given, with a postman whose letters go nowhere."""

    def __init__(self, store: Store, bot_at: Callable[[datetime], Bot], inbox: Path) -> None:
        self._store, self._bot_at, self._inbox = store, bot_at, inbox
        self._bot: Bot | None = None
        self._now = datetime.min.replace(tzinfo=UTC)

    def go_through(self, lying: WhatLies, now: datetime) -> None:
        """Everything that lies there, and then the time until now."""
        for message in lying.messages:
            self._until(message.received)
            self._before(message)
            self._arrives(message)
        if lying.messages:
            self._until(now)

    def _bot_now(self, now: datetime) -> Bot:
        """For rebuilding, the bot as of that day: versions come into force, and calendars go on."""
        if self._bot is None or self._now.date() != now.date():
            self._bot = self._bot_at(now)
            self._bot.begin(now)
        self._now = now
        return self._bot

    def _until(self, goal: datetime) -> None:
        if self._bot is None:
            self._bot_now(goal).turn(goal)
        assert self._bot is not None
        site = self._bot.site.id
        while (due := self._store.next_due(site)) is not None and due <= goal and self._now < goal:
            instant = min(max(due, self._now + STEP_AT_LEAST), goal)
            self._bot_now(instant).turn(instant)
        if self._now < goal:
            self._bot_now(goal).turn(goal)

    def _before(self, message: LyingMessage) -> None:
        """For rebuilding, what the mailbox knows of this email and its bytes do not say: the reference that it was
        filed under, and which letters of ours it answers."""
        assert self._bot is not None
        site, reference = self._bot.site, message.reference
        if not reference:
            return
        if not self._store.known(site.id, [reference]):
            self._store.give_out_from(site.id, reference)
            return
        read = parse(message.raw)
        if isinstance(read, Message):
            domain = f"@{site.address.rpartition('@')[2]}>"
            ours = [one for one in read.references if one.endswith(domain)]
            give_id_of_lost_letter(self._store, site.id, reference, read.sender.address, ours)

    def _arrives(self, message: LyingMessage) -> None:
        assert self._bot is not None
        name = f"{int(message.received.timestamp())}.{message.digest[:16]}.rebuilt"
        file = self._inbox / "new" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(message.raw)
        os.utime(file, (message.received.timestamp(), message.received.timestamp()))
        bot, now = self._bot, max(message.received, self._now)
        bot.turn(now)
        if message.reference and self._store.known(bot.site.id, [message.reference]):
            waiting = [one.number for one in self._store.held(bot.site.id) if one.digest == message.digest]
            for number in waiting:  # it was let in then, and filed where it lies
                why = f"it lies in the folder of {message.reference}"
                self._store.release(bot.site.id, number, _BY, why, now, message.reference)
            if waiting:
                bot.turn(now)


@dataclass(frozen=True, slots=True)
class RebuiltDispute:
    """How a dispute came out. ``card`` is what its card in the mailbox said, "" where there is none; ``stands`` what
    the rebuilt record would say on one."""

    reference: str
    emails: int
    stands: str
    card: str


def rebuilt(store: Store, site: Site, lying: WhatLies, cards: Mapping[str, LyingCard]) -> list[RebuiltDispute]:
    """Each dispute that has a folder, as it was rebuilt, beside its card; ``cards`` are those of the rebuilt record."""
    known = {row.reference: row for row in store.dispute_rows(site.id)}
    count = dict.fromkeys((*known, *lying.folders), 0)
    for message in lying.messages:
        if message.reference in count:
            count[message.reference] += 1
    made = []
    for reference in sorted(count):
        row = known.get(reference)
        shown = cards[reference].subject if reference in cards else row.state if row else ""
        made.append(
            RebuiltDispute(
                reference, count[reference], shown, lying.cards[reference].subject if reference in lying.cards else ""
            )
        )
    return made


def end_rebuilding(store: Store, site: Site, lying: WhatLies, seen: MailboxSays, now: datetime) -> None:
    """What the rebuilt store knows of the world outside is set right: nothing waits to be sent or filed; messages lie
    where they lie; the cards there are to be exchanged; and no reference of a folder is given out again."""
    store.learn_key(site.id, site.secret)
    places = {one.digest: one.place for one in lying.messages}
    settle_rebuilt(store, site.id, places, list(lying.cards.values()), now)
    given = dict(seen.witness.given) if seen.witness else {}
    for reference in raised_by_folders(given, lying.folders):
        name, _, number = reference.rpartition("-")
        given[name] = max(given.get(name, 0), int(number))
    store.give_out_after(site.id, given, now)


def cards_made(mailbox: Mailbox) -> dict[str, LyingCard]:
    """The cards in a mailbox, by reference: for a comparison of the rebuilt record with the one that was lost."""
    found = WhatLies()
    try:
        for arrival in _lying(mailbox, OVERVIEW):
            _note_card(found, arrival)
    except Unreachable:
        return {}
    return found.cards
