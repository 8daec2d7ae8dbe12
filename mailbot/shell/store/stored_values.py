"""What goes into the store and comes out of it, as values."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mailbot.shell.errors import MailbotError
from mailbot.shell.servers.mailbox_interface import Arrival, Folder, Place, message_id_of
from mailbot.shell.servers.postman_interface import Outcome


class AlreadyDecided(MailbotError):
    """Another process has disposed of this message. The whole transaction is undone, and nothing is lost."""


class LeaseLost(MailbotError):
    """Somebody else holds the lease now: whoever works under the old epoch must not commit."""


@dataclass(frozen=True, slots=True)
class Leases:
    """Who has which mailbox, and who stands by for which: (partnership, mailbox) -> holder, and (partnership, mailbox,
    holder)."""

    held: Mapping[tuple[str, str], str]
    ready: frozenset[tuple[str, str, str]]

    def count(self, holder: str) -> int:
        return sum(one == holder for one in self.held.values())

    def others_ready(self, partnership: str, mailbox: str, holder: str) -> list[str]:
        """Who else stands by for a mailbox, whoever has the fewest first."""
        found = {who for p, m, who in self.ready if (p, m) == (partnership, mailbox) and who != holder}
        return sorted(found, key=lambda who: (self.count(who), who))


class NotHeld(MailbotError):
    """There is nothing waiting under this number."""


class MessageState(StrEnum):
    NEW = "new"
    DONE = "done"


class LetterState(StrEnum):
    NEW = "new"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    UNCERTAIN = "uncertain"  # it may have gone; the same bytes go again
    REFUSED = "refused"
    CANCELLED = "cancelled"


TROUBLE = "trouble: "  # how the note of something that could not be done begins


class FilingState(StrEnum):
    NEW = "new"
    FILING = "filing"
    FILED = "filed"
    DEFERRED = "deferred"
    FAILED = "failed"


class FilingKind(StrEnum):
    MOVE = "move"  # a message that arrived, to a folder
    APPEND = "append"  # something of our own making, into a folder
    REPLACE = "replace"  # something of our own making, by a copy of it in which a name is cut
    TAKE_OUT = "take out"  # something of our own making, whose time is over
    CARD = "card"  # a dispute's newest card into the overview, and the older ones out of it


class HeldState(StrEnum):
    WAITING = "waiting"
    RELEASED = "released"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Kept:
    """A message to be kept before anything is done with it. ``digest`` is the SHA-256 of ``raw``, in hexadecimal."""

    digest: str
    raw: bytes
    received: datetime
    message_id: str
    place: Place

    @staticmethod
    def of(arrival: Arrival) -> "Kept":
        digest = hashlib.sha256(arrival.raw).hexdigest()
        return Kept(digest, arrival.raw, arrival.received, message_id_of(arrival.raw), arrival.place)


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """``attempts`` counts how often it was taken up; ``released`` names who let it out of being held, or is ``""``;
    ``into`` the dispute they said it belongs to, ``""`` where they left that to the reading."""

    partnership: str
    digest: str
    raw: bytes
    received: datetime
    message_id: str
    place: Place
    attempts: int
    released: str
    disposition: str = ""
    reason: str = ""
    reference: str = ""
    into: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to be sent, in its final bytes. ``key``: dispute, event sequence, letter and recipient, in one text."""

    partnership: str
    reference: str
    key: str
    letter: str
    recipient: str
    subject: str
    message_id: str
    raw: bytes
    created: datetime
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutgoingLetter:
    """A letter claimed for sending. ``attempts`` counts this one too; ``is_whole`` is False where reader or bytes are
    not those that were sealed: then it must not go."""

    id: int
    partnership: str
    reference: str
    key: str
    letter: str
    recipient: str
    message_id: str
    raw: bytes
    attempts: int
    created: datetime
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class LetterEnding:
    """How one try of a letter ended. ``words`` are the server's; ``next_try`` is when to try again, if at all."""

    id: int
    outcome: Outcome
    words: str
    next_try: datetime | None = None


@dataclass(frozen=True, slots=True)
class FilingEnding:
    """How one try of a filing ended; not done and without a ``next_try``, it has failed for good."""

    id: int
    done: bool
    words: str = ""
    next_try: datetime | None = None

    @property
    def becomes(self) -> FilingState:
        if self.done:
            return FilingState.FILED
        return FilingState.DEFERRED if self.next_try else FilingState.FAILED


@dataclass(frozen=True, slots=True)
class LetterRecord:
    """What became of a letter. ``words`` are the server's last; ``finished`` is when it was sent or given up."""

    id: int
    reference: str
    key: str
    letter: str
    recipient: str
    subject: str
    message_id: str
    state: LetterState
    attempts: int
    words: str
    created: datetime
    finished: datetime | None


@dataclass(frozen=True, slots=True)
class Filing:
    """Something to be done in the mailbox: ``MOVE`` the message ``digest``, or ``APPEND`` ``raw``, once per folder.

    For a ``CARD``, ``raw`` is the newest of the dispute ``reference``, or empty where it is to have none any more.
    """

    partnership: str
    kind: FilingKind
    folder: Folder
    created: datetime
    digest: str = ""
    raw: bytes = b""
    message_id: str = ""
    dated: datetime | None = None  # the date an appended message shows; ``created`` if None
    seen: bool = False
    flagged: bool = False
    reference: str = ""

    @property
    def key(self) -> str:
        which = (self.message_id, self.digest) if self.kind is FilingKind.REPLACE else (self.digest or self.message_id,)
        return " ".join((self.kind, *which, "/".join(self.folder)))


@dataclass(frozen=True, slots=True)
class OpenFiling:
    """A filing claimed. ``place`` is where the message was last seen, for a MOVE whose message is still kept."""

    id: int
    partnership: str
    kind: FilingKind
    folder: Folder
    digest: str
    raw: bytes
    message_id: str
    place: Place | None
    dated: datetime
    seen: bool
    attempts: int
    flagged: bool = False
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """How a held message was settled, by whom and why; ``into`` is the dispute they said it belongs to, or ""."""

    becomes: HeldState
    by: str
    why: str
    into: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """Mail waiting for a person, under a small number that can be said on the telephone."""

    partnership: str
    number: int
    digest: str
    reason: str
    asked: str
    since: datetime
    state: HeldState
    by: str
    why: str
    settled: datetime | None


@dataclass(frozen=True, slots=True)
class KnownId:
    """A Message-ID that belongs to a dispute. ``ours``: we wrote it, to ``recipient``."""

    message_id: str
    reference: str
    ours: bool
    recipient: str


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """What can be asked of a dispute without reading its history."""

    partnership: str
    reference: str
    protocol: str
    version: str
    state: str
    stage: str
    limit: datetime | None
    next_due: datetime | None
    opened: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much is not done yet, and since when the oldest of it waits (None: nothing does)."""

    unread: int
    held: int
    letters: int
    filings: int
    oldest_unread: datetime | None
    oldest_letter: datetime | None
    oldest_filing: datetime | None = None
