"""Cards: which one each dispute has in the overview, which older ones may still lie there, which are out of date."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, and_, bindparam, delete, func, insert, or_, select, update

from mailbot.core.happened.parts import State
from mailbot.shell import tables as t
from mailbot.shell.column_types import Instant
from mailbot.shell.database import Database, where
from mailbot.shell.store_rows import AnyRow
from mailbot.shell.store_values import FilingKind, FilingState


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
    """Built once: it is asked each turn, and building it costs more than answering it."""
    newest = (
        select(t.card.c.reference, func.max(t.card.c.number).label("number"))
        .where(t.card.c.partnership == bindparam("of"))
        .group_by(t.card.c.reference)
        .subquery()
    )
    of_dispute = and_(t.card.c.partnership == t.dispute.c.partnership, t.card.c.reference == t.dispute.c.reference)
    joined = t.dispute.outerjoin(newest, newest.c.reference == t.dispute.c.reference).outerjoin(
        t.card, and_(of_dispute, t.card.c.number == newest.c.number)
    )
    closed = t.dispute.c.state == State.CLOSED.value
    untrue = or_(
        t.card.c.number.is_(None), t.card.c.digest == "", t.card.c.sequence != t.dispute.c.head_sequence,
        t.card.c.until <= bindparam("now", type_=Instant()),
    )  # fmt: skip
    wanting = or_(and_(~closed, untrue), and_(closed, t.card.c.digest != ""))
    chosen = select(t.dispute.c.reference).select_from(joined).where(t.dispute.c.partnership == bindparam("of"))
    return chosen.where(wanting).order_by(t.dispute.c.reference)


_WANTING = _wanting()


class CardReading(Database):
    def cards_wanting(self, partnership: str, now: datetime) -> list[str]:
        """References of the disputes whose card may not be true any more, or that lack one, or should have none."""
        with self._reads() as connection:
            return list(connection.scalars(_WANTING, {"of": partnership, "now": now}))

    def cards(self, partnership: str, reference: str = "") -> dict[str, list[CardRow]]:
        """Of each dispute, or of this one, the cards that may lie in the overview, the newest last."""
        named = {"partnership": partnership, **({"reference": reference} if reference else {})}
        put_up = (
            select(t.filing.c.message_id)
            .where(t.filing.c.partnership == partnership, t.filing.c.kind == FilingKind.CARD)
            .where(t.filing.c.state == FilingState.FILED, t.filing.c.message_id == t.card.c.message_id)
        )
        ordered = select(t.card, put_up.exists().label("filed")).where(where(t.card, named))
        found: dict[str, list[CardRow]] = {}
        with self._reads() as connection:
            for row in connection.execute(ordered.order_by(t.card.c.reference, t.card.c.number)):
                found.setdefault(row.reference, []).append(_card(row, bool(row.filed)))
        return found

    def card_gone(self, card: CardRow) -> None:
        """An older card lies in the overview no more."""
        named = {"partnership": card.partnership, "reference": card.reference, "number": card.number}
        with self._writes() as connection:
            connection.execute(delete(t.card).where(where(t.card, named)))


class CardWriting:
    """What a transaction does about cards."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def newest_card(self, partnership: str, reference: str) -> CardRow | None:
        named = where(t.card, {"partnership": partnership, "reference": reference})
        row = self._connection.execute(select(t.card).where(named).order_by(t.card.c.number.desc()).limit(1)).first()
        return _card(row) if row else None

    def put_card(self, card: CardRow) -> None:
        """The newest of its dispute from now on."""
        columns = {name: getattr(card, name) for name in t.card.c.keys()}  # noqa: SIM118 (columns are not a dict)
        self._connection.execute(insert(t.card).values(**columns))

    def card_holds(self, card: CardRow, sequence: int, until: datetime) -> None:
        """It was looked at, and shows what it would show if it were made now."""
        named = {"partnership": card.partnership, "reference": card.reference, "number": card.number}
        self._connection.execute(update(t.card).where(where(t.card, named)).values(sequence=sequence, until=until))

    def head_sequence(self, partnership: str, reference: str) -> int:
        named = where(t.dispute, {"partnership": partnership, "reference": reference})
        return int(self._connection.execute(select(t.dispute.c.head_sequence).where(named)).scalar_one())


def _card(row: AnyRow, filed: bool = False) -> CardRow:
    return CardRow(
        row.partnership, row.reference, row.number, row.message_id, row.digest, row.sequence, row.until, filed
    )  # fmt: skip
