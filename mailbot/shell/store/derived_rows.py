"""Rows that are made from others, so that something is found at once: looked at again by ``verify``, since no seal is
theirs. A person who is not found by their address, or a letter that is not known by its number, is answered as a
stranger would be.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from sqlalchemy import Column, Connection, and_, or_, select

from mailbot.core.record.dispute import Dispute
from mailbot.shell.store import tables as t
from mailbot.shell.store.statements import of, rows_of
from mailbot.shell.store.stored_values import FilingKind, FilingState, HeldState, LetterState, MessageState

_STATES: Mapping[Column[str], type[StrEnum]] = {
    t.outbox.c.state: LetterState,
    t.filing.c.state: FilingState,
    t.filing.c.kind: FilingKind,
    t.message.c.state: MessageState,
    t.held.c.state: HeldState,
}
_THEIRS = rows_of(t.involved_table, ("partnership", "reference"), ("address",))


def not_found_by_address(connection: Connection, partnership: str, dispute: Dispute) -> Iterator[str]:
    """The rows that tell in which disputes somebody is: of everybody in this one whom they lack, in words."""
    listed = set(connection.scalars(_THEIRS, of(partnership=partnership, reference=dispute.reference)))
    lacking = sorted({party.person.address for party in dispute.parties} - listed - {""})
    if lacking:
        yield f"{dispute.reference}: {len(lacking)} of its people are not found in it by their address"


def broken_derived_rows(connection: Connection, partnership: str) -> Iterator[str]:
    """Every row of these that is not what it was made from, in words."""
    yield from _not_known_by_number(connection, partnership)
    for column, states in _STATES.items():
        unknown = (column.table.c.partnership == partnership) & column.not_in([str(one) for one in states])
        for word in connection.scalars(select(column).where(unknown).distinct()):
            yield f"{column.table.name}: {word!r} is no {column.name} that there is"


def _not_known_by_number(connection: Connection, partnership: str) -> Iterator[str]:
    """Letters whose Message-ID is bound to nothing, or to somebody else than their reader."""
    known, letter = t.known_id, t.outbox
    bound = and_(known.c.partnership == letter.c.partnership, known.c.message_id == letter.c.message_id)
    astray = or_(known.c.message_id.is_(None), known.c.ours.is_(False), known.c.recipient != letter.c.recipient)
    letters = select(letter.c.id, letter.c.reference).join_from(letter, known, bound, isouter=True)
    for row in connection.execute(letters.where(letter.c.partnership == partnership, astray)):
        yield f"{row.reference or 'no dispute'}: letter {row.id} is not known by its number"
