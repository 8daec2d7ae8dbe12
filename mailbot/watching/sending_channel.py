"""The channel by which letters leave, told apart from the people they are for.

A mail server refuses a letter in the same words whether its reader has gone or the mailbox may not send any more. Taken
for the readers' fault, a right that was taken away makes every letter undeliverable for good while all looks well. So a
refusal is the reader's only where nothing says that it is ours: then the letters wait, and somebody is told by another
way than the one that fails.
"""

import logging
import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from mailbot.mail.letters.wording import instant_near
from mailbot.shell.servers.postman_interface import Delivery, Outcome
from mailbot.shell.store.decisions import BEFORE_ALL
from mailbot.shell.store.outbox import WAITS
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import LetterEnding, OutgoingLetter
from mailbot.turns.running_partnership import Site
from mailbot.watching.alarms import NOT_LEAVING, Alarms, OfficeWord

_log = logging.getLogger("mailbot")
CHANNEL = "letters do not leave: "  # a note's beginning, since when; then the server's words, without addresses
TRY_AGAIN_AFTER = timedelta(minutes=5)  # however often: what is mended must be seen to be
TRY_DANGER_AFTER = timedelta(minutes=1)
TELL_AFTER = timedelta(minutes=30)  # of a server that cannot be reached; of one that refuses us, at once
_ADDRESS = re.compile(r"<?[^\s<>@]+@[^\s<>]+>?")
_NUMBERS = re.compile(r"[0-9A-Fa-f]*\d[0-9A-Fa-f]{3,}|\d+(?:\.\d+){3}")  # ids of the server's own, its addresses
# What a refusal is about (RFC 3463): an address (5.1) and a mailbox (5.2) are a reader's; the rest need not be.
# Exchange Online says 5.4.1 of an address that nobody has.
_OF_A_READER = re.compile(r"\b[45]\.(?:[12]\.\d|4\.1 recipient address rejected)", re.IGNORECASE)
_OF_MORE = re.compile(r"\b5\.[034567]\.\d")

Ended = tuple[OutgoingLetter, Delivery]


def without_addresses(words: str) -> str:
    """What a server says of the channel, fit for a log: whose address it was is not in them."""
    return _ADDRESS.sub("<…>", words)


def _alike(words: str) -> str:
    return _NUMBERS.sub("#", without_addresses(words)).casefold()


class Whose(Enum):
    """By whose fault a letter was turned away. ``OPEN``: nothing shows it yet. It waits as for the channel, and word
    to the office is sent: where that leaves, it was the reader's."""

    READER = "the reader's"
    CHANNEL = "the channel's"
    OPEN = "not known yet"


def is_turned_away(delivery: Delivery) -> bool:
    """Was a letter refused, or put off, in a way that the channel may be the cause of?"""
    return delivery.outcome is Outcome.REFUSED or (delivery.outcome is Outcome.DEFERRED and not delivery.ours)


def by_whose_fault(turned_away: Sequence[Ended], works: bool, office: Collection[str]) -> list[Whose]:
    """For each letter of one batch that was turned away, by whose fault.

    The channel's, where the office itself is refused, and where several readers are turned away in the same words.
    Where other letters have left meanwhile (``works``), the words of a refusal must say that it is about more than a
    reader; where none has, a reader who is refused alone is believed to be the cause by words about a reader only.
    """
    readers: defaultdict[str, set[str]] = defaultdict(set)
    ours: set[str] = set()
    for letter, delivery in turned_away:
        said = _alike(delivery.words)
        of_reader = delivery.theirs or _OF_A_READER.search(delivery.words)
        if delivery.outcome is Outcome.REFUSED or not of_reader:
            readers[said].add(letter.recipient)
        if letter.recipient in office and not of_reader and delivery.outcome is Outcome.REFUSED:
            ours.add(said)
    ours |= {said for said, who in readers.items() if len(who) > 1 and (not works or _OF_MORE.search(said))}

    def whose(letter: OutgoingLetter, delivery: Delivery) -> Whose:
        is_refused = delivery.outcome is Outcome.REFUSED
        if delivery.theirs:
            return Whose.READER
        if _alike(delivery.words) in ours or (is_refused and letter.recipient in office):
            return Whose.CHANNEL
        is_clear = works or not is_refused or _OF_A_READER.search(delivery.words)
        return Whose.READER if is_clear else Whose.OPEN

    return [whose(*one) for one in turned_away]


@dataclass(frozen=True, slots=True)
class Down:
    """Since when letters do not leave, and what the server says."""

    since: datetime
    words: str


def down(store: Store, partnership: str) -> Down | None:
    """Whether letters leave: None while they do."""
    found = sorted((at, what.removeprefix(CHANNEL)) for what, at in store.noted(partnership, CHANNEL).items())
    return Down(found[0][0], found[-1][1]) if found else None


class Channel:
    """Keeps whether letters leave, and tells when that changes."""

    def __init__(self, site: Site, store: Store, alarms: Alarms, word: OfficeWord) -> None:
        self._site, self._store, self._alarms, self._word = site, store, alarms, word

    @property
    def _office(self) -> set[str]:
        return {person.address for person in self._site.current.office()}

    def judged(self, turned_away: Sequence[Ended], accepted: bool) -> list[Whose]:
        """For each letter that was turned away, by whose fault: it waits where that is the channel's, or open."""
        since = down(self._store, self._site.id)
        works = accepted or (since is not None and self._store.sent_since(self._site.id, since.since))
        return by_whose_fault(turned_away, works, self._office)

    def ended(self, deliveries: Sequence[Delivery], now: datetime, still_open: Collection[int] = ()) -> None:
        """A batch has ended: notes trouble of the channel, or that it is over, in which case all that waited for it
        goes at once. ``still_open`` are the letters of which nothing shows whose refusal it is."""
        troubles = [one for one in deliveries if one.ours]
        before = down(self._store, self._site.id)
        if troubles:
            is_known = before is not None or any(one.id not in still_open for one in troubles)
            self._troubled(troubles[-1], before, now, is_known)
        elif before is not None and any(one.outcome is Outcome.ACCEPTED for one in deliveries):
            for what in self._store.noted(self._site.id, CHANNEL):
                self._store.forget(self._site.id, what)
            count = self._store.hasten(self._site.id, now)
            _log.warning("%s letters leave again; %d that waited go now", self._site.id, count)
            self._alarms.over("channel", "letters leave again, and what waited goes now", now)

    def _troubled(self, trouble: Delivery, before: Down | None, now: datetime, is_known: bool) -> None:
        words = without_addresses(trouble.words)
        if before is None:
            self._store.note(self._site.id, f"{CHANNEL}{words}"[:200], now)
            _log.error("%s %s%s", self._site.id, CHANNEL, words)
        since = before.since if before else now
        if trouble.code >= 500 or now - since >= TELL_AFTER:
            waiting = self._store.waiting(self._site.id).letters
            if is_known:
                said = f"{CHANNEL}{words} ({waiting} letter{'s' if waiting != 1 else ''} waiting)"
                self._alarms.tell("channel", said, now)
            # Where nothing leaves, this letter waits with the others; where it leaves, the refusals were the readers'.
            local = self._site.current.calendar.local(since)
            self._word.tell(NOT_LEAVING, since.isoformat(), f"Since {instant_near(local)}: {words}", now)


def waiting_for_channel(letter: OutgoingLetter, delivery: Delivery, now: datetime) -> LetterEnding:
    """How the try of a letter ended that the channel did not take: by the words written beside it, it is found when
    that is mended. Letters of danger are tried every minute, and are the first that leave."""
    again = TRY_DANGER_AFTER if letter.letter in BEFORE_ALL else TRY_AGAIN_AFTER
    return LetterEnding(letter.id, Outcome.DEFERRED, f"{WAITS}{delivery.words}", now + again)
