"""Cards in the overview, and messages that people moved by hand: what the store knows of both."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, and_, bindparam, delete, func, or_, select

from mailbot.core.record.dispute import State
from mailbot.shell.servers.mailbox import Folder, Place
from mailbot.shell.store import tables as t
from mailbot.shell.store.database import Database, where
from mailbot.shell.store.statements import change_of, insert_once, new_row, of, rows_of
from mailbot.shell.store.tables import AnyRow, InstantColumn, folder_text, id_key
from mailbot.shell.store.values import FilingKind, FilingState, HeldState, MessageState

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


def _wanting() -> Select[tuple[str]]:
    """The statement for cards that are wanting: built once: it is asked each turn, and building it costs more than
    answering it."""
    newest = (
        select(t.card_table.c.reference, func.max(t.card_table.c.number).label("number"))
        .where(t.card_table.c.partnership == bindparam("of"))
        .group_by(t.card_table.c.reference)
        .subquery()
    )
    of_dispute = and_(
        t.card_table.c.partnership == t.dispute.c.partnership, t.card_table.c.reference == t.dispute.c.reference
    )
    joined = t.dispute.outerjoin(newest, newest.c.reference == t.dispute.c.reference).outerjoin(
        t.card_table, and_(of_dispute, t.card_table.c.number == newest.c.number)
    )
    closed = t.dispute.c.state == State.CLOSED.value
    untrue = or_(
        t.card_table.c.number.is_(None),
        t.card_table.c.digest == "",
        t.card_table.c.sequence != t.dispute.c.head_sequence,
        t.card_table.c.until <= bindparam("now", type_=InstantColumn()),
    )
    wanting = or_(and_(~closed, untrue), and_(closed, t.card_table.c.digest != ""))
    chosen = select(t.dispute.c.reference).select_from(joined).where(t.dispute.c.partnership == bindparam("of"))
    return chosen.where(wanting).order_by(t.dispute.c.reference)


_WANTING = _wanting()


class CardReading(Database):
    def cards_wanting(self, partnership: str, now: datetime) -> list[str]:
        """Cards that are wanting in the overview: references of the disputes whose card may not be true any more, or
        that lack one, or should have none."""
        with self._reads() as connection:
            return list(connection.scalars(_WANTING, {"of": partnership, "now": now}))

    def cards(self, partnership: str, reference: str = "") -> dict[str, list[CardRow]]:
        """Cards in the overview: of each dispute, or of this one, the cards that may lie in the overview, the newest
        last."""
        named = {"partnership": partnership, **({"reference": reference} if reference else {})}
        put_up = (
            select(t.filing.c.message_id)
            .where(t.filing.c.partnership == partnership, t.filing.c.kind == FilingKind.CARD)
            .where(t.filing.c.state == FilingState.FILED, t.filing.c.message_id == t.card_table.c.message_id)
        )
        ordered = select(t.card_table, put_up.exists().label("filed")).where(where(t.card_table, named))
        found: dict[str, list[CardRow]] = {}
        with self._reads() as connection:
            for row in connection.execute(ordered.order_by(t.card_table.c.reference, t.card_table.c.number)):
                found.setdefault(row.reference, []).append(_card(row, bool(row.filed)))
        return found

    def card_gone(self, card: CardRow) -> None:
        """An older card lies in the overview no more."""
        named = {"partnership": card.partnership, "reference": card.reference, "number": card.number}
        with self._writes() as connection:
            connection.execute(delete(t.card_table).where(where(t.card_table, named)))


class CardWriting:
    """What a transaction does about cards."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def newest_card(self, partnership: str, reference: str) -> CardRow | None:
        cards = rows_of(t.card_table, ("partnership", "reference"), order=("number",))
        found = self._connection.execute(cards, of(partnership=partnership, reference=reference)).all()
        return _card(found[-1]) if found else None

    def put_card(self, card: CardRow) -> None:
        """The newest of its dispute from now on."""
        columns = {name: getattr(card, name) for name in t.card_table.c.keys()}  # noqa: SIM118 (columns are not a dict)
        self._connection.execute(new_row(t.card_table), columns)

    def card_holds(self, card: CardRow, sequence: int, until: datetime) -> None:
        """A card still holds: it was looked at, and shows what it would show if it were made now."""
        named = {"partnership": card.partnership, "reference": card.reference, "number": card.number}
        still = {"sequence": sequence, "until": until}
        self._connection.execute(change_of(t.card_table, tuple(named)), of(**named) | still)

    def head_sequence(self, partnership: str, reference: str) -> int:
        head = rows_of(t.dispute, ("partnership", "reference"), ("head_sequence",))
        return int(self._connection.execute(head, of(partnership=partnership, reference=reference)).scalar_one())


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
    def disputes_at_hand(self, partnership: str, since: datetime) -> list[str]:
        """Disputes into whose folders mail may be moved by hand: references of the disputes that are open, or in which
        something happened from ``since`` on."""
        near = or_(t.dispute.c.state != State.CLOSED.value, t.dispute.c.head_at >= since)
        chosen = select(t.dispute.c.reference).where(t.dispute.c.partnership == partnership, near)
        with self._reads() as connection:
            return list(connection.scalars(chosen.order_by(t.dispute.c.reference)))

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
        by = t.message.c.digest == digest if digest else t.message.c.message_id == id_key(message_id)
        waits = where(t.held, {"partnership": partnership, "state": HeldState.WAITING})
        with self._reads() as connection:
            rows = connection.execute(select(t.message).where(t.message.c.partnership == partnership, by)).all()
            digests = [row.digest for row in rows]
            held = connection.execute(
                select(t.held.c.digest, t.held.c.number).where(waits, t.held.c.digest.in_(digests))
            ).all()
        return [_seen(row, tuple(one.number for one in held if one.digest == row.digest)) for row in rows]

    def filed_there(self, partnership: str, folder: Folder, digest: str, message_id: str) -> bool:
        """Was moved mail filed there by us? Whether we have filed, or are to file, this very message in this folder."""
        same = [t.filing.c.digest == digest] if digest else []
        same += [t.filing.c.message_id == id_key(message_id)] if message_id else []
        named = where(t.filing, {"partnership": partnership, "folder": folder_text(folder)})
        with self._reads() as connection:
            return connection.execute(select(t.filing.c.id).where(named, or_(*same)).limit(1)).first() is not None


class HandWriting:
    """What a transaction does about a message that a person has moved."""

    _connection: Connection

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
