"""One transaction that decides: the events, what the dispute's row says of them, and every letter and filing they
call for, together or not at all.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from mailbot.core.record.dispute import Dispute, State, fold
from mailbot.core.record.events import DisputeOpened, Event
from mailbot.core.record.events_as_json import storable
from mailbot.core.record.ledger import Cause, Entry, Head, next_entries
from mailbot.shell.store import tables as t
from mailbot.shell.store.cards_and_moved_mail import CardWriting, HandWriting
from mailbot.shell.store.folds import Folds
from mailbot.shell.store.maintenance import DECISIONS
from mailbot.shell.store.sealing import Seals
from mailbot.shell.store.statements import (
    WrittenLater,
    among,
    change_of,
    count_up,
    insert_once,
    is_of,
    locked,
    new_row,
    of,
    rows_of,
    write_latest,
)
from mailbot.shell.store.tables import (
    AnyRow,
    dispute_columns,
    entries,
    entry_columns,
    folder_text,
    head_of_row,
    held_of,
    id_key,
)
from mailbot.shell.store.values import (
    AlreadyDecided,
    Filing,
    FilingState,
    Held,
    HeldState,
    LeaseLost,
    Letter,
    LetterState,
    MessageState,
    NotHeld,
    Settled,
)

# Letters of danger: to whoever wrote of it, and to whoever must act.
OF_DANGER = frozenset({"urgent", "urgent_told"})
# What goes before every other letter, and when nothing else may go: danger, and what the office must know of us.
BEFORE_ALL = OF_DANGER | {"trouble_told"}
_DISPUTE = ("partnership", "reference")
_MESSAGE = ("partnership", "digest")
_OPEN = (
    select(t.dispute.c.reference)
    .where(is_of(t.dispute, "partnership"), t.dispute.c.state != State.CLOSED.value)
    .order_by(t.dispute.c.reference)
)
# By the writer first: joined, SQLite goes through every dispute to ask of each whether the writer is in it.
_THEIRS = select(t.involved_table.c.reference).where(is_of(t.involved_table, "partnership", "address"))
_OPEN_OF = _OPEN.where(t.dispute.c.reference.in_(_THEIRS))
_OF_LETTERS = (is_of(t.outbox, "partnership", "reference"), among(t.outbox, "letter"))
_GOING = update(t.outbox).where(*_OF_LETTERS, t.outbox.c.state == LetterState.SENDING)
_UNSENT = (LetterState.NEW, LetterState.DEFERRED, LetterState.UNCERTAIN)
_WITHDRAWN = update(t.outbox).where(*_OF_LETTERS, t.outbox.c.state.in_(_UNSENT))
_SETTLED = (
    update(t.held)
    .where(is_of(t.held, "partnership", "number"), t.held.c.state == HeldState.WAITING)
    .returning(*t.held.c)
)
_NEW_MESSAGE = update(t.message).where(is_of(t.message, *_MESSAGE), t.message.c.state == MessageState.NEW)


def _known(
    partnership: str, message_id: str, reference: str, ours: bool, recipient: str
) -> tuple[dict[str, object], dict[str, object]]:
    key: dict[str, object] = {"partnership": partnership, "message_id": id_key(message_id)}
    return key, {"reference": reference, "ours": ours, "recipient": storable(recipient)}


class Work(CardWriting, HandWriting):
    """What may be done inside one write transaction. Of no use once the transaction has ended."""

    def __init__(self, connection: Connection, folds: Folds, seals: Seals, later: WrittenLater) -> None:
        super().__init__(connection)
        self._later = later
        self._folds, self._seals = folds, seals
        self._rows: dict[tuple[str, str], AnyRow] = {}
        self._disputes: dict[tuple[str, str], Dispute] = {}
        self._heads: dict[tuple[str, str], Head] = {}
        self._disposed: set[tuple[str, str]] = set()
        self._written: set[str] = set()  # partnerships whose ledger this transaction has written into

    # Disputes

    def dispute(self, partnership: str, reference: str) -> Dispute | None:
        """The dispute to be decided, as its ledger tells it, locked until the transaction ends; None if there is
        none."""
        key = (partnership, reference)
        if key not in self._disputes:
            named = of(partnership=partnership, reference=reference)
            row = self._connection.execute(locked(t.dispute, _DISPUTE), named).first()
            if row is None:
                return None
            self._rows[key] = row
            head = self._heads[key] = head_of_row(row)
            self._disputes[key] = self._folds.dispute(
                partnership, reference, head, lambda above: entries(self._connection, partnership, reference, above)
            )
        return self._disputes[key]

    def open_disputes(self, partnership: str, address: str = "") -> list[Dispute]:
        """For a decision, every dispute that is not closed, by reference, or those in which this address is somebody's;
        all locked."""
        asked, named = (_OPEN_OF, of(address=address)) if address else (_OPEN, {})
        self.write_now()
        references = self._connection.scalars(asked, of(partnership=partnership) | named).all()
        found = [self.dispute(partnership, reference) for reference in references]
        return [dispute for dispute in found if dispute and dispute.is_open]

    def new_reference(self, partnership: str, prefix: str, year: int) -> str:
        """A new reference, for a decision that opens a dispute: ``NS-26-0001`` and on. Take one only for a dispute
        opened in this transaction: ``verify`` misses the rest."""
        name = f"{prefix}-{year % 100:02d}"
        return f"{name}-{self._count(partnership, name):04d}"

    def _count(self, partnership: str, name: str) -> int:
        return count_up(self._connection, t.counter, {"partnership": partnership, "name": name}, "next")

    def append(
        self, partnership: str, reference: str, events: Sequence[Event], cause: Cause, now: datetime
    ) -> tuple[Entry, ...]:
        """A decision's events: writes ``events`` into the dispute's ledger, and what follows from them into its row.

        Raises ``ValueError`` for events that begin no dispute, begin another one, or cannot be written down.
        """
        if not events:
            return ()
        before = self.dispute(partnership, reference)
        after = _after(before, partnership, reference, events)
        key = (partnership, reference)
        added = next_entries(self._heads.get(key), partnership, reference, events, cause, now)
        head = Head(added[-1].sequence, added[-1].hash, added[-1].at)
        columns = dispute_columns(after) | {
            "head_sequence": head.sequence,
            "head_hash": head.hash,
            "head_at": head.at,
            "card_due": head.at,
            **self._seals.of_head(self._connection, key, head, self._rows.get(key)),
        }
        if before is None:
            row = {"partnership": partnership, "reference": reference, **columns}
            self._connection.execute(new_row(t.dispute), row)
        else:
            named = of(partnership=partnership, reference=reference)
            self._connection.execute(change_of(t.dispute, _DISPUTE), named | columns)
        self._connection.execute(new_row(t.ledger), [entry_columns(entry) for entry in added])
        self._written.add(partnership)
        self._disputes[key], self._heads[key] = after, head
        self._folds.keep(partnership, reference, head, after)
        self._involve(partnership, before, after)
        return added

    def _involve(self, partnership: str, before: Dispute | None, after: Dispute) -> None:
        known = {party.person.address for party in before.parties} if before else set()
        for address in sorted({party.person.address for party in after.parties} - known - {""}):
            key = {"partnership": partnership, "address": address, "reference": after.reference}
            self._later.put(t.involved_table, key, {})

    def count_decisions(self) -> None:
        """Counts a decision for each ledger it was written into: the last thing that a transaction does."""
        for partnership in sorted(self._written):
            self._count(partnership, DECISIONS)

    def set_due(self, partnership: str, reference: str, next_due: datetime | None, limit: datetime | None) -> None:
        """A decision sets when a dispute is due: when the dispute must next be looked at, and the limit that holds now;
        None where there is none."""
        named = of(partnership=partnership, reference=reference)
        self._connection.execute(change_of(t.dispute, _DISPUTE), {**named, "next_due": next_due, "limit": limit})

    # Letters and filings

    def put_letter(self, letter: Letter) -> bool:
        """A decision's letter: into the outbox; False if a letter with this key was there, which then stays as it is.

        Raises ``sqlalchemy.exc.IntegrityError`` if another letter has this Message-ID.
        """
        named: dict[str, object] = {"partnership": letter.partnership, "key": letter.key}
        rest: dict[str, object] = {
            "reference": letter.reference,
            "letter": letter.letter,
            "recipient": letter.recipient,
            "message_id": id_key(letter.message_id),
        }
        seal = self._seals.of_letter({**named, **rest}, letter.raw)
        rest |= {
            "subject": letter.subject,
            "raw": letter.raw,
            "seal": seal,
            "urgent": letter.letter in BEFORE_ALL,
            "state": LetterState.NEW,
            "created": letter.created,
            "next_try": letter.not_before or letter.created,
        }
        return insert_once(self._connection, t.outbox, named, rest)

    def cancel_letters(self, partnership: str, reference: str, letters: Collection[str], why: str) -> int:
        """A decision withdraws letters: withdraws what has not gone of these ``letters`` (by name); gives how many.

        One that is being sent this moment may still go; it is not tried again.
        """
        named = of(partnership=partnership, reference=reference, letter=list(letters))
        going = {**named, "withdrawn": why}
        cancelled = {**going, "state": LetterState.CANCELLED, "next_try": None}
        sending = self._connection.execute(_GOING, going).rowcount
        return sending + self._connection.execute(_WITHDRAWN, cancelled).rowcount

    def put_filing(self, filing: Filing) -> bool:
        """A decision's filing: to be done in the mailbox; False if the same thing has been asked for before."""
        rest = {
            "kind": filing.kind,
            "folder": folder_text(filing.folder),
            "digest": filing.digest,
            "raw": filing.raw,
            "message_id": id_key(filing.message_id),
            "dated": filing.dated or filing.created,
            "seen": filing.seen,
            "flagged": filing.flagged,
            "reference": filing.reference,
            "state": FilingState.NEW,
            "created": filing.created,
            "next_try": filing.created,
        }
        return insert_once(self._connection, t.filing, {"partnership": filing.partnership, "key": filing.key}, rest)

    def know_id(self, partnership: str, message_id: str, reference: str, ours: bool, recipient: str = "") -> bool:
        """A decision makes a Message-ID known: binds it to a dispute, for threading; False if it was bound before, to
        whichever it was."""
        self.write_now()
        return insert_once(self._connection, t.known_id, *_known(partnership, message_id, reference, ours, recipient))

    def know_later(self, partnership: str, message_id: str, reference: str, ours: bool, recipient: str = "") -> None:
        """A decision makes Message-IDs known where nobody asks whether it was bound before: with others, before
        anything is read."""
        self._later.put(t.known_id, *_known(partnership, message_id, reference, ours, recipient))

    def write_now(self) -> None:
        """What was to be written together with others is written."""
        self._later.write(self._connection)

    # Messages

    def dispose(self, partnership: str, digest: str, disposition: str, reason: str = "", reference: str = "") -> None:
        """A message's disposition is decided: what became of a message: once, in the transaction that acts on it.

        Raises ``AlreadyDecided`` if another transaction has disposed of it, or there is no such message.
        """
        again = (partnership, digest) in self._disposed
        became = {"disposition": disposition, "reason": storable(reason), "reference": reference}
        done = of(partnership=partnership, digest=digest) | {"state": MessageState.DONE, **became}
        if self._connection.execute(change_of(t.message, _MESSAGE) if again else _NEW_MESSAGE, done).rowcount != 1:
            raise AlreadyDecided(f"message {digest[:12]} has been decided already, or was never kept")
        self._disposed.add((partnership, digest))

    def hold(self, partnership: str, digest: str, reason: str, asked: str, now: datetime) -> int:
        """A decision to hold a message: disposes of a message as "held" and puts it before a person; gives the number
        it is waiting under."""
        self.dispose(partnership, digest, "held", reason)
        waiting = rows_of(t.held, ("partnership", "digest", "state"), ("number",))
        named = of(partnership=partnership, digest=digest, state=HeldState.WAITING)
        if (number := self._connection.scalar(waiting, named)) is not None:
            return int(number)
        number = self._count(partnership, "held")
        row = {
            "partnership": partnership,
            "number": number,
            "digest": digest,
            "reason": storable(reason),
            "asked": storable(asked),
            "since": now,
            "state": HeldState.WAITING,
        }
        self._connection.execute(new_row(t.held), row)
        return number

    def settle_held(self, partnership: str, number: int, settled: Settled, now: datetime) -> Held:
        """The decision about a held message: a person has looked. Released mail is unread again and carries who let it
        in, and the dispute they say it belongs to; dismissed mail stays as it is.

        Raises ``NotHeld`` if nothing waits under ``number``.
        """
        named = of(partnership=partnership, number=number)
        change = {"state": settled.becomes, "by": settled.by, "why": storable(settled.why), "settled": now}
        row = self._connection.execute(_SETTLED, named | change).first()
        if row is None:
            raise NotHeld(f"nothing is waiting under number {number}")
        message = of(partnership=partnership, digest=row.digest)
        again = {
            "state": MessageState.NEW,
            "disposition": "",
            "reason": "",
            "attempts": 0,
            "released": settled.by,
            "into": settled.into,
        }
        dismissed = {"disposition": "dismissed", "reason": storable(settled.why)}
        values = again if settled.becomes is HeldState.RELEASED else dismissed
        self._connection.execute(change_of(t.message, _MESSAGE), message | values)
        return held_of(row)

    # What happens once

    def mark_digest(self, partnership: str, kind: str, period: str) -> bool:
        """The decision that a digest is due: True the first time for this ``kind`` and ``period``; False ever after."""
        key = {"partnership": partnership, "kind": kind, "period": period}
        return insert_once(self._connection, t.digest_run, key, {})

    def note(self, partnership: str, what: str, at: datetime) -> None:
        """Notes within a decision, as ``Care.note``, for what happens in this transaction: a second one to write would
        wait for it for ever."""
        write_latest(self._connection, t.note, {"partnership": partnership, "what": what}, {"at": at})

    def must_hold_lease(self, partnership: str, name: str, epoch: int) -> None:
        """Whoever decides must hold the lease: raises ``LeaseLost`` if somebody has taken the lease since ``epoch`` was
        given out."""
        lease = locked(t.lease, ("partnership", "name"), ("epoch",))
        found = self._connection.scalar(lease, of(partnership=partnership, name=name))
        if found != epoch:
            raise LeaseLost(f"the lease on {name} has passed to another process")


def _after(before: Dispute | None, partnership: str, reference: str, events: Sequence[Event]) -> Dispute:
    for event in events:
        if isinstance(event, DisputeOpened) and (
            before or event is not events[0] or (event.partnership, event.reference) != (partnership, reference)
        ):
            raise ValueError(f"{partnership} {reference} cannot be opened by the opening of {event.reference}")
    if before is None:
        return fold(events)
    for event in events:
        before = before.after(event)
    return before
