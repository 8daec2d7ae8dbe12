"""Cards in the overview, and messages that people moved by hand: what the store knows of both."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, or_, select

from mailbot.core.record.dispute import State
from mailbot.shell.servers.mailbox_interface import Folder, Place
from mailbot.shell.store import tables as t
from mailbot.shell.store.database import Database, where
from mailbot.shell.store.statements import InTransaction, among, change_of, insert_once, is_of, of, rows_of
from mailbot.shell.store.stored_values import FilingKind, FilingState, HeldState, MessageState
from mailbot.shell.store.tables import AnyRow, InstantColumn, folder_text, id_key

# Cards: which one each dispute has in the overview, which older ones may still lie there, which are out of date.


@dataclass(frozen=True, slots=True)
class CardRow:
    """One card made. ``digest`` is of what it shows, "" for a dispute that is to have none any more; ``sequence`` is
    of the last ledger entry it tells of; ``until`` is when it becomes untrue by itself. ``filed``: it was put up."""

    partnership: str
    reference: str
    number: int
    message_id: str
    digest: str
    sequence: int
    until: datetime
    filed: bool = False


_WANTING = (
    select(t.dispute.c.reference)
    .where(is_of(t.dispute, "partnership"), t.dispute.c.card_due <= bindparam("now", type_=InstantColumn()))
    .order_by(t.dispute.c.card_due, t.dispute.c.reference)
    .limit(bindparam("limit"))
)
_CARD = ("partnership", "reference", "number")
_CARDS_OF = (
    select(t.card_table)
    .where(is_of(t.card_table, "partnership"), among(t.card_table, "reference"))
    .order_by(t.card_table.c.reference, t.card_table.c.number)
)
_GONE = delete(t.card_table).where(is_of(t.card_table, *_CARD))
_NEXT_BY_REFERENCE = (
    select(t.dispute.c.reference, t.dispute.c.state, t.dispute.c.head_at)
    .where(is_of(t.dispute, "partnership"), t.dispute.c.reference > bindparam("after"))
    .order_by(t.dispute.c.reference)
    .limit(bindparam("limit"))
)
_PUT_UP = (
    select(t.filing.c.message_id)
    .where(t.filing.c.partnership == t.card_table.c.partnership, t.filing.c.kind == FilingKind.CARD)
    .where(t.filing.c.state == FilingState.FILED, t.filing.c.message_id == t.card_table.c.message_id)
)
_CARDS = (
    select(t.card_table, _PUT_UP.exists().label("filed"))
    .where(is_of(t.card_table, "partnership"))
    .order_by(t.card_table.c.reference, t.card_table.c.number)
)
_CARDS_OF_SOME = _CARDS.where(among(t.card_table, "reference"))
_WAITING = select(t.held.c.digest, t.held.c.number).where(
    is_of(t.held, "partnership"), t.held.c.state == HeldState.WAITING, among(t.held, "digest")
)
_CARDS_MADE = (
    select(func.count())
    .select_from(t.card_table)
    .where(is_of(t.card_table, "partnership"), t.card_table.c.digest != "")
)
_CARDS_TO_PUT_UP = (
    select(func.count())
    .select_from(t.filing)
    .where(is_of(t.filing, "partnership"), t.filing.c.next_try.is_not(None))
    .where(t.filing.c.kind == FilingKind.CARD, t.filing.c.raw != b"")
)


_UNDER = rows_of(t.message, ("partnership",), order=("received", "digest")).where(among(t.message, "message_id"))
_MET_ONCE = (
    select(t.message.c.message_id)
    .where(is_of(t.message, "partnership"), among(t.message, "message_id"))
    .group_by(t.message.c.message_id)
    .having(func.count() == 1)
)


class CardReading(Database):
    def cards_wanting(self, partnership: str, now: datetime, limit: int = 1000) -> list[str]:
        """From the store, references of disputes whose card may not be true any more, or that lack one, or should
        have none."""
        with self._asks() as connection:
            return list(connection.scalars(_WANTING, of(partnership=partnership) | {"now": now, "limit": limit}))

    def cards(self, partnership: str, references: Collection[str] | None = None) -> dict[str, list[CardRow]]:
        """Cards in the overview: of each dispute, or of these, the cards that may lie in the overview, the newest
        last."""
        asked, named = (_CARDS_OF_SOME, of(reference=sorted(references))) if references else (_CARDS, {})
        found: dict[str, list[CardRow]] = {}
        with self._asks() as connection:
            for row in connection.execute(asked, of(partnership=partnership) | named):
                found.setdefault(row.reference, []).append(_card(row, bool(row.filed)))
        return found

    def cards_lying(self, partnership: str) -> int:
        """How many cards must lie in the overview, those still to be put up left out."""
        with self._reads() as connection:
            named = of(partnership=partnership)
            return int(connection.scalar(_CARDS_MADE, named) or 0) - int(
                connection.scalar(_CARDS_TO_PUT_UP, named) or 0
            )

    def card_gone(self, card: CardRow) -> None:
        """An older card lies in the overview no more."""
        with self._writes() as connection:
            connection.execute(_GONE, of(**_named(card)))


class CardWriting(InTransaction):
    """What a transaction does about cards."""

    def newest_cards(self, partnership: str, references: Sequence[str]) -> dict[str, CardRow]:
        """The newest card of each of these disputes that has one."""
        rows = self._connection.execute(_CARDS_OF, of(partnership=partnership, reference=list(references)))
        return {row.reference: _card(row) for row in rows}

    def put_card(self, card: CardRow) -> None:
        """The newest of its dispute from now on."""
        columns = {name: getattr(card, name) for name in t.card_table.c.keys()}  # noqa: SIM118 (columns are not a dict)
        self._later.add(t.card_table, _named(card), columns)
        self.card_is_true(card.partnership, card.reference, card.until if card.digest else None)

    def card_holds(self, card: CardRow, sequence: int, until: datetime) -> None:
        """Notes in the store that a card still holds: it was looked at, and shows what it would show if it were made
        now."""
        self._later.change(t.card_table, _named(card), {"sequence": sequence, "until": until})
        self.card_is_true(card.partnership, card.reference, until if card.digest else None)

    def card_is_true(self, partnership: str, reference: str, until: datetime | None) -> None:
        """Notes in the store that a card is true: it need not be looked at before then; None: not before something
        happens."""
        self._later.change(t.dispute, {"partnership": partnership, "reference": reference}, {"card_due": until})


def _named(card: CardRow) -> dict[str, object]:
    return {"partnership": card.partnership, "reference": card.reference, "number": card.number}


def _card(row: AnyRow, filed: bool = False) -> CardRow:
    return CardRow(
        row.partnership, row.reference, row.number, row.message_id, row.digest, row.sequence, row.until, filed
    )


# What people do with their hands in the mailbox: which folders to look at, how far each was looked at, what is known
# of a message found there.


@dataclass(frozen=True, slots=True)
class Seen:
    """A message the store knows, without its bytes. ``waiting`` are the numbers it waits for a person under."""

    digest: str
    state: MessageState
    disposition: str
    reference: str
    released: str
    into: str
    place: Place
    waiting: tuple[int, ...] = ()


class HandReading(Database):
    def disputes_at_hand(
        self, partnership: str, since: datetime, after: str = "", limit: int = 1000
    ) -> tuple[list[str], str]:
        """For reading mail moved by hand: references, after ``after``, of disputes that are open, or in which something
        happened from ``since`` on; and the one to go on after next time, "" to begin again. At most ten times ``limit``
        are looked at for them."""
        asked = of(partnership=partnership) | {"after": after, "limit": 10 * limit}
        found: list[str] = []
        with self._asks() as connection:
            rows = connection.execute(_NEXT_BY_REFERENCE, asked).all()
        for row in rows:
            if row.state != State.CLOSED.value or row.head_at >= since:
                found.append(row.reference)
            if len(found) == limit:
                return found, row.reference if row is not rows[-1] or len(rows) == 10 * limit else ""
        return found, rows[-1].reference if len(rows) == 10 * limit else ""

    def looked_at(self, partnership: str, mailbox: str, uidvalidity: int, uid: int) -> None:
        """A folder was looked at for moved mail: everything in a folder up to ``uid`` has been looked at;
        "Disputes/NS-26-0001" names it."""
        key = {"partnership": partnership, "mailbox": mailbox}
        upto = {"uidvalidity": uidvalidity, "uid": uid}
        with self._writes() as connection:
            if not insert_once(connection, t.mailbox, key, upto):
                connection.execute(change_of(t.mailbox, ("partnership", "mailbox")), of(**key) | upto)

    def seen(self, partnership: str, digest: str = "", message_id: str = "") -> list[Seen]:
        """Mail seen in a folder, perhaps moved there: what is known of the message with this digest, or of all that
        carry this Message-ID."""
        by = {"digest": digest} if digest else {"message_id": id_key(message_id)}
        with self._reads() as connection:
            rows = connection.execute(rows_of(t.message, ("partnership", *by)), of(partnership=partnership, **by)).all()
            return _seen_all(connection, partnership, rows)

    def seen_under(self, partnership: str, message_ids: Sequence[str]) -> dict[str, list[Seen]]:
        """The same of all that carry one of these Message-IDs, under the Message-ID as it was asked for."""
        asked = {id_key(message_id): message_id for message_id in message_ids}
        if not asked:
            return {}
        found: dict[str, list[Seen]] = {}
        with self._reads() as connection:
            rows = connection.execute(_UNDER, of(partnership=partnership, message_id=list(asked))).all()
            for row, seen in zip(rows, _seen_all(connection, partnership, rows), strict=True):
                found.setdefault(asked[row.message_id], []).append(seen)
        return found

    def met_once(self, partnership: str, message_ids: Sequence[str]) -> frozenset[str]:
        """For messages moved by hand, those of ``message_ids`` in the store under which one message was seen, and no
        other."""
        with self._asks() as connection:
            named = of(partnership=partnership, message_id=[id_key(one) for one in message_ids])
            met = frozenset(connection.scalars(_MET_ONCE, named))
        return frozenset(one for one in message_ids if one and id_key(one) in met)

    def filed_there(self, partnership: str, folder: Folder, digest: str, message_id: str) -> bool:
        """Was moved mail filed there by us? Whether we have filed, or are to file, this very message in this folder."""
        same = [t.filing.c.digest == digest] if digest else []
        same += [t.filing.c.message_id == id_key(message_id)] if message_id else []
        named = where(t.filing, {"partnership": partnership, "folder": folder_text(folder)})
        with self._asks() as connection:
            return connection.execute(select(t.filing.c.id).where(named, or_(*same)).limit(1)).first() is not None


class HandWriting(InTransaction):
    """What a transaction does about a message that a person has moved."""

    def read_again(self, partnership: str, digest: str, by: str, into: str = "") -> None:
        """Moved mail is to be read again: a message that waits for nobody is unread again, let in by ``by``; it belongs
        to ``into`` if they said so."""
        named = of(partnership=partnership, digest=digest)
        again = {"state": MessageState.NEW, "disposition": "", "reason": "", "attempts": 0}
        change = {**named, **again, "released": by, "into": into}
        self._connection.execute(change_of(t.message, ("partnership", "digest")), change)

    def lies_at(self, partnership: str, digest: str, place: Place) -> None:
        """Where moved mail lies: where a person has put it: what is to be moved from now on is moved from there."""
        named = of(partnership=partnership, digest=digest)
        there = {"folder": place.folder, "uidvalidity": place.uidvalidity, "uid": place.uid}
        self._connection.execute(change_of(t.message, ("partnership", "digest")), named | there)


def _seen_all(connection: Connection, partnership: str, rows: Sequence[AnyRow]) -> list[Seen]:
    """Mail seen in a folder, each with the numbers under which it waits for a person."""
    if not rows:
        return []
    held = connection.execute(_WAITING, of(partnership=partnership, digest=[row.digest for row in rows])).all()
    return [_seen(row, tuple(one.number for one in held if one.digest == row.digest)) for row in rows]


def _seen(row: AnyRow, waiting: tuple[int, ...]) -> Seen:
    return Seen(
        row.digest,
        MessageState(row.state),
        row.disposition,
        row.reference,
        row.released,
        row.into,
        Place(row.folder, row.uidvalidity, row.uid),
        waiting,
    )
