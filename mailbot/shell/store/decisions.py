"""One transaction that decides: the events, what the dispute's row says of them, and every letter and filing they
call for, together or not at all.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, bindparam, func, select, update

from mailbot.core.record.dispute import Dispute, State, fold
from mailbot.core.record.events import DisputeOpened, Event
from mailbot.core.record.events_as_json import storable
from mailbot.core.record.ledger import Cause, Entry, Head, next_entries
from mailbot.shell.store import tables as t
from mailbot.shell.store.cards_and_moved_mail import CardWriting, HandWriting
from mailbot.shell.store.database import tell_others
from mailbot.shell.store.maintenance import DECISIONS
from mailbot.shell.store.sealing import Seals
from mailbot.shell.store.statements import (
    WrittenLater,
    among,
    change_of,
    insert_once,
    is_of,
    locked,
    new_row,
    of,
    rows_of,
    write_latest,
)
from mailbot.shell.store.stored_values import (
    Filing,
    FilingState,
    Held,
    HeldState,
    KnownId,
    LeaseLost,
    Letter,
    LetterState,
    MessageState,
    NotHeld,
    Settled,
)
from mailbot.shell.store.tables import (
    AnyRow,
    Folds,
    dispute_columns,
    entries,
    entry_columns,
    folder_text,
    head_of_row,
    held_of,
    id_key,
    known_of,
)

# Letters of danger: to whoever wrote of it, and to whoever must act.
OF_DANGER = frozenset({"urgent", "urgent_told"})
# What goes before every other letter, and when nothing else may go: danger, and what the office must know of us.
BEFORE_ALL = OF_DANGER | {"trouble_told"}
NEVER_LEFT = (LetterState.CANCELLED, LetterState.REFUSED)  # nobody has these, so nothing follows them
_FEW = 32
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
_OF_LETTERS = (is_of(t.outbox, "partnership"), among(t.outbox, "reference"), among(t.outbox, "letter"))
_GOING = update(t.outbox).where(*_OF_LETTERS, t.outbox.c.state == LetterState.SENDING)
_UNSENT = (LetterState.NEW, LetterState.DEFERRED, LetterState.UNCERTAIN)
_MAY_BE_WITHDRAWN = (*_UNSENT, LetterState.SENDING)
_WITHDRAWN = update(t.outbox).where(*_OF_LETTERS, t.outbox.c.state.in_(_UNSENT))
_SETTLED = (
    update(t.held)
    .where(is_of(t.held, "partnership", "number"), t.held.c.state == HeldState.WAITING)
    .returning(*t.held.c)
)
_TAKEN = (
    rows_of(t.dispute, ("partnership",), order=("reference",)).where(among(t.dispute, "reference")).with_for_update()
)
_BEFORE = (
    select(*(t.outbox.c[name] for name in ("reference", "created", "message_id", "recipient", "letter", "state")))
    .where(is_of(t.outbox, "partnership"), among(t.outbox, "reference"), t.outbox.c.state.not_in(NEVER_LEFT))
    .order_by(t.outbox.c.id)
)
_KNOWN_IDS = select(t.known_id).where(is_of(t.known_id, "partnership"), among(t.known_id, "message_id"))
_BYTES = select(t.message_bytes.c.digest, t.message_bytes.c.raw).where(
    is_of(t.message_bytes, "partnership"), among(t.message_bytes, "digest")
)
_SMALL_BYTES = (
    select(t.message_bytes.c.digest, t.message_bytes.c.raw)
    .join(
        t.message,
        (t.message.c.partnership == t.message_bytes.c.partnership) & (t.message.c.digest == t.message_bytes.c.digest),
    )
    .where(is_of(t.message_bytes, "partnership"), among(t.message_bytes, "digest"))
    .where(t.message.c.size <= bindparam("most"))
)
WRITTEN_SINCE = (
    select(func.count())
    .select_from(t.outbox)
    .where(is_of(t.outbox, "partnership", "recipient"), among(t.outbox, "letter"))
    .where(t.outbox.c.created >= bindparam("since", type_=t.InstantColumn()))
)
_AGAIN = update(t.message).where(is_of(t.message, *_MESSAGE))
_NEW_MESSAGE = update(t.message).where(is_of(t.message, *_MESSAGE), t.message.c.state == MessageState.NEW)


class LetterBefore(NamedTuple):
    """A letter of a dispute to which a further one is to be decided."""

    created: datetime
    message_id: str
    recipient: str
    letter: str
    state: str


def _known(
    partnership: str, message_id: str, reference: str, ours: bool, recipient: str
) -> tuple[dict[str, object], dict[str, object]]:
    key: dict[str, object] = {"partnership": partnership, "message_id": id_key(message_id)}
    return key, {"reference": reference, "ours": ours, "recipient": storable(recipient)}


def _known_now(message_id: str, row: Mapping[str, object]) -> KnownId:
    """A Message-ID that was made known by a decision still to be written."""
    return KnownId(message_id, str(row["reference"]), bool(row["ours"]), str(row["recipient"]))


def _filled_up(asked: list[str]) -> list[str]:
    """So many values that few lengths of a list are ever asked for: each is a statement of its own."""
    return asked if len(asked) <= _FEW else [*asked, *[asked[-1]] * (-len(asked) % _FEW)]


class Work(CardWriting, HandWriting):
    """What may be done inside one write transaction. Of no use once the transaction has ended."""

    def __init__(self, connection: Connection, folds: Folds, seals: Seals, later: WrittenLater) -> None:
        super().__init__(connection, later)
        self._folds, self._seals = folds, seals
        self._rows: dict[tuple[str, str], AnyRow] = {}
        self._letters: dict[tuple[str, str], list[LetterBefore]] = {}
        self._withdrawn: set[tuple[str, str]] = set()  # disputes whose letters were withdrawn before anybody asked
        self._ids: dict[tuple[str, str], KnownId | None] = {}
        self._disputes: dict[tuple[str, str], Dispute | None] = {}
        self._open: dict[tuple[str, str], set[str]] = {}  # (partnership, address): references
        self._heads: dict[tuple[str, str], Head] = {}
        self._disposed: set[tuple[str, str]] = set()
        self._written: set[str] = set()  # partnerships whose ledger this transaction has written into
        self._bytes: dict[tuple[str, str], bytes] = {}  # of small messages, asked for ahead

    # Disputes

    def dispute(self, partnership: str, reference: str) -> Dispute | None:
        """The dispute to be decided, as its ledger tells it, locked until the transaction ends; None if there is
        none."""
        if (partnership, reference) not in self._disputes:
            self.take_disputes(partnership, [reference])
        return self._disputes.get((partnership, reference))

    def take_disputes(self, partnership: str, references: Sequence[str]) -> None:
        """Locks disputes that are to be decided, in one statement for all of them."""
        wanted = [one for one in references if (partnership, one) not in self._disputes]
        if not wanted:
            return
        # Of a dispute that was not asked for before nothing waits to be written.
        named = of(partnership=partnership, reference=wanted)
        for row in self._bare.execute(_TAKEN, named).all():
            key = (partnership, row.reference)
            self._rows[key] = row
            head = self._heads[key] = head_of_row(row)
            self._disputes[key] = self._folds.dispute(*key, head, partial(entries, self._bare, *key))

    def open_disputes(self, partnership: str, address: str = "") -> list[Dispute]:
        """For a decision, every dispute that is not closed, by reference, or those in which this address is somebody's;
        all locked."""
        key = (partnership, address)
        if key not in self._open:
            asked, named = (_OPEN_OF, of(address=address)) if address else (_OPEN, {})
            self._open[key] = set(self._bare.scalars(asked, of(partnership=partnership) | named))
        mine = {"partnership": partnership} | ({"address": address} if address else {})
        references = self._open[key]
        references |= {str(row["reference"]) for row in self._later.waiting(t.involved_table, **mine)}
        self.take_disputes(partnership, sorted(references))
        found = [self.dispute(partnership, reference) for reference in sorted(references)]
        return [dispute for dispute in found if dispute and dispute.is_open]

    def new_reference(self, partnership: str, prefix: str, year: int) -> str:
        """A new reference, for a decision that opens a dispute: ``NS-26-0001`` and on. Take one only for a dispute
        opened in this transaction: ``verify`` misses the rest."""
        name = f"{prefix}-{year % 100:02d}"
        reference = f"{name}-{self._count(partnership, name):04d}"
        self._disputes[partnership, reference] = None  # nobody else has it
        return reference

    def _count(self, partnership: str, name: str) -> int:
        return self._later.count_up(self._bare, t.counter, {"partnership": partnership, "name": name}, "next")

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
            **self._seals.of_head(self._later, key, head, self._rows.get(key)),
        }
        named = {"partnership": partnership, "reference": reference}
        (self._later.add if before is None else self._later.change)(t.dispute, named, columns)
        for entry in added:
            self._later.add(t.ledger, {**named, "sequence": entry.sequence}, entry_columns(entry))
        self._written.add(partnership)
        self._disputes[key], self._heads[key] = after, head
        self._folds.keep(partnership, reference, head, after)
        self._involve(partnership, before, after)
        if before is None:
            self._letters[key] = []
        elif after.is_open and not before.is_open:
            self.write_now()  # whoever looks for open disputes looks into its row
            self._open.clear()
        return added

    def _involve(self, partnership: str, before: Dispute | None, after: Dispute) -> None:
        known = {party.person.address for party in before.parties} if before else set()
        for address in sorted({party.person.address for party in after.parties} - known - {""}):
            key = {"partnership": partnership, "address": address, "reference": after.reference}
            self._later.put(t.involved_table, key, {})
            self._open.pop((partnership, address), None)
        if before is None:
            self._open.pop((partnership, ""), None)

    def count_decisions(self) -> None:
        """Counts a decision for each ledger it was written into: the last thing that a transaction does."""
        for partnership in sorted(self._written):
            self._count(partnership, DECISIONS)
            tell_others(self._bare, partnership)

    def set_due(self, partnership: str, reference: str, next_due: datetime | None, limit: datetime | None) -> None:
        """A decision sets when a dispute is due: when the dispute must next be looked at, and the limit that holds now;
        None where there is none."""
        named = {"partnership": partnership, "reference": reference}
        self._later.change(t.dispute, named, {"next_due": next_due, "limit": limit})

    # Letters and filings

    def letters_before(self, partnership: str, reference: str) -> list["LetterBefore"]:
        """To decide a letter: the dispute's letters that have gone or may still go, in the order written."""
        key = (partnership, reference)
        if key not in self._letters:
            self.take_letters(partnership, [reference])
        return self._letters[key]

    def take_letters(self, partnership: str, references: Sequence[str]) -> None:
        """To decide letters of several disputes: what has gone or may still go of each, in one statement for all."""
        wanted = [one for one in references if (partnership, one) not in self._letters]
        found: dict[str, list[LetterBefore]] = {one: [] for one in wanted}
        if not wanted:
            return
        withdrawn = self._withdrawn.intersection((partnership, one) for one in wanted)
        self._withdrawn -= withdrawn
        # Of a dispute whose letters were not asked for before, none waits to be written.
        connection = self._connection if withdrawn else self._bare
        for reference, *row in connection.execute(_BEFORE, of(partnership=partnership, reference=wanted)):
            found[reference].append(LetterBefore(*row))
        self._letters |= {(partnership, one): letters for one, letters in found.items()}

    def put_letter(self, letter: Letter) -> bool:
        """A decision's letter: into the outbox; False if a letter with this key was there, which then stays as it is.

        Raises ``sqlalchemy.exc.IntegrityError`` if another letter has this Message-ID.
        """
        self._letters.pop((letter.partnership, letter.reference), None)
        return insert_once(self._connection, t.outbox, *self._of_letter(letter))

    def put_letter_later(self, letter: Letter) -> bool:
        """A decision's letter whose key no transaction before this can have used, because its event is new: with
        others. False where one with this key waits already."""
        before = self.letters_before(letter.partnership, letter.reference)
        if not self._later.put(t.outbox, *self._of_letter(letter)):
            return False
        own_id = id_key(letter.message_id)
        before.append(LetterBefore(letter.created, own_id, letter.recipient, letter.letter, LetterState.NEW))
        return True

    def _of_letter(self, letter: Letter) -> tuple[dict[str, object], dict[str, object]]:
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
        return named, rest

    def cancel_letters(self, partnership: str, reference: str, letters: Collection[str], why: str) -> None:
        """A decision withdraws letters: what has not gone of these ``letters`` (by name), and was written before.

        One that is being sent this moment may still go; it is not tried again.
        """
        if self._later.waiting(t.outbox, partnership=partnership, reference=reference):
            self.write_now()
        before = self._letters.get((partnership, reference))
        if before is None:
            self._withdrawn.add((partnership, reference))
        else:
            meant = [one for one in before if one.letter in letters and one.state in _MAY_BE_WITHDRAWN]
            if not meant:
                return
            gone = [one for one in meant if one.state != LetterState.SENDING]
            self._letters[partnership, reference] = [one for one in before if one not in gone]
        going = of(partnership=partnership, letter=sorted(letters)) | {"withdrawn": why}
        self._later.first(_GOING, going, reference)
        self._later.first(_WITHDRAWN, going | {"state": LetterState.CANCELLED, "next_try": None}, reference)

    def withdraw_letters(
        self, partnership: str, reference: str, entries_: Collection[int], recipients: Collection[str], why: str
    ) -> frozenset[str]:
        """A decision withdraws what has not gone of a dispute's letters about these ``entries_`` of its ledger, by
        their sequence, and of those to these ``recipients``; never a word of danger. The addresses that none of the
        letters about the entries has reached, or may have."""
        columns = (t.outbox.c[name] for name in ("id", "key", "recipient", "letter", "state"))
        theirs = (t.outbox.c.partnership == partnership, t.outbox.c.reference == reference)
        rows = self._connection.execute(select(*columns).where(*theirs)).all()
        about = {
            row.id for row in rows if row.key.removeprefix(f"{reference}:").partition(":")[0] in map(str, entries_)
        }
        meant = [row for row in rows if row.id in about or row.recipient in recipients]
        meant = [row for row in meant if row.state in _MAY_BE_WITHDRAWN and row.letter not in OF_DANGER]
        unsent = [row.id for row in meant if row.state != LetterState.SENDING]
        those = update(t.outbox).values(withdrawn=why)
        self._connection.execute(those.where(t.outbox.c.id.in_([row.id for row in meant])))
        cancelled = those.values(state=LetterState.CANCELLED, next_try=None)
        self._connection.execute(cancelled.where(t.outbox.c.id.in_(unsent)))
        self._letters.pop((partnership, reference), None)
        never = (LetterState.NEW, LetterState.DEFERRED, *NEVER_LEFT)
        reached = {row.recipient for row in rows if row.id in about and row.state not in never}
        return frozenset(row.recipient for row in rows if row.id in about) - reached

    def put_filing(self, filing: Filing) -> bool:
        """A decision's filing: to be done in the mailbox, once however often it is asked for; False if the same thing
        waits to be written already."""
        named: dict[str, object] = {"partnership": filing.partnership, "key": filing.key}
        rest: dict[str, object] = {
            "kind": filing.kind,
            "folder": folder_text(filing.folder),
            "digest": filing.digest,
            "raw": filing.raw,
            "message_id": id_key(filing.message_id),
            "dated": filing.dated or filing.created,
            "seen": filing.seen,
            "flagged": filing.flagged,
            "reference": filing.reference,
        }
        seal = self._seals.of_filing({**named, **rest}, filing.raw)
        rest |= {"seal": seal, "state": FilingState.NEW, "created": filing.created, "next_try": filing.created}
        return self._later.put(t.filing, named, rest)

    def know_id(self, partnership: str, message_id: str, reference: str, ours: bool, recipient: str = "") -> bool:
        """A decision makes a Message-ID known: binds it to a dispute, for threading; False if it was bound before, to
        whichever it was."""
        self._ids.pop((partnership, id_key(message_id)), None)
        return insert_once(self._connection, t.known_id, *_known(partnership, message_id, reference, ours, recipient))

    def know_later(self, partnership: str, message_id: str, reference: str, ours: bool, recipient: str = "") -> None:
        """A decision makes Message-IDs known where nobody asks whether it was bound before: with others, before
        anything is read."""
        self._ids.pop((partnership, id_key(message_id)), None)
        self._later.put(t.known_id, *_known(partnership, message_id, reference, ours, recipient))

    def by_message_id(self, partnership: str, message_ids: Iterable[str]) -> dict[str, KnownId]:
        """As ``Store.by_message_id``, for a decision: what this transaction has made known counts as well."""
        asked = {id_key(message_id): message_id for message_id in message_ids}
        if unknown := [key for key in asked if (partnership, key) not in self._ids]:
            rows = self._bare.execute(_KNOWN_IDS, of(partnership=partnership, message_id=_filled_up(unknown))).all()
            made = {str(one["message_id"]): one for one in self._later.waiting(t.known_id, partnership=partnership)}
            found = {key: _known_now(key, made[key]) for key in unknown if key in made}
            found |= {row.message_id: known_of(row) for row in rows}
            self._ids |= {(partnership, key): found.get(key) for key in unknown}
        return {asked[key]: one for key in asked if (one := self._ids[partnership, key]) is not None}

    def forget_ids(self) -> None:
        """In a transaction that decides, what was known by its Message-ID in this transaction is asked for anew."""
        self._ids.clear()

    def write_now(self) -> None:
        """What was to be written together with others is written."""
        self._later.write(self._bare)

    def sequence_of(self, partnership: str, reference: str) -> int:
        """Of the last entry of a dispute that this decision has taken."""
        return self._heads[partnership, reference].sequence

    def letters_since(self, partnership: str, recipient: str, names: Collection[str], since: datetime) -> int:
        """For a decision, how many letters of these names were written to ``recipient`` from ``since`` on, those that
        are still to be written among them."""
        asked = of(partnership=partnership, recipient=recipient, letter=list(names)) | {"since": since}
        waiting = cast(
            "list[dict[str, Any]]", self._later.waiting(t.outbox, partnership=partnership, recipient=recipient)
        )
        to_come = sum(1 for row in waiting if row["letter"] in names and row["created"] >= since)
        return to_come + int(self._bare.execute(WRITTEN_SINCE, asked).scalar_one())

    # Messages

    def bytes_of(self, partnership: str, digests: Sequence[str]) -> dict[str, bytes]:
        """For a decision, the bytes of messages that came before, of those that are still kept."""
        found = {one: self._bytes[partnership, one] for one in digests if (partnership, one) in self._bytes}
        if others := [one for one in digests if one not in found]:
            rows = self._bare.execute(_BYTES, of(partnership=partnership, digest=_filled_up(others)))
            found |= {row.digest: row.raw for row in rows}
        return found

    def take_bytes(self, partnership: str, digests: Sequence[str], most: int) -> None:
        """For several decisions, the bytes of those of these messages that have at most ``most``, in one statement."""
        if digests:
            rows = self._bare.execute(_SMALL_BYTES, of(partnership=partnership, digest=list(digests)) | {"most": most})
            self._bytes |= {(partnership, row.digest): row.raw for row in rows}

    def dispose(self, partnership: str, digest: str, disposition: str, reason: str = "", reference: str = "") -> None:
        """A message's disposition is decided: what became of a message: once, in the transaction that acts on it.

        The transaction raises ``AlreadyDecided`` if another has disposed of it, or there is no such message.
        """
        named = {"partnership": partnership, "digest": digest}
        became = {"disposition": disposition, "reason": storable(reason), "reference": reference}
        again = (partnership, digest) in self._disposed and not self._later.is_to_change(_NEW_MESSAGE, named)
        self._later.must(_AGAIN if again else _NEW_MESSAGE, named, {"state": MessageState.DONE, **became})
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
        """In the store's transaction whoever decides must hold the lease: raises ``LeaseLost`` if somebody has taken
        the lease since ``epoch`` was given out."""
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
