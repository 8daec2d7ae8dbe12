"""What ``status`` and the service's log ask of the store: how the turns went, and what was just decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mailbot.core.happened.ledger import Entry
from mailbot.shell import tables as t
from mailbot.shell.database import insert_once
from mailbot.shell.store import Store
from mailbot.shell.store_rows import entry_of

TROUBLE = "trouble: "
LONGEST = 200  # characters of a note


@dataclass(frozen=True, slots=True)
class Trouble:
    """``words`` are the error's; ``at`` is when it last happened."""

    words: str
    at: datetime


def note_trouble(store: Store, partnership: str, words: str, at: datetime) -> None:
    """For ``status``: as a turn of the bot notes what it could not reach."""
    store.note(partnership, f"{TROUBLE}{words}"[:LONGEST], at)


def troubles(store: Store, partnership: str, since: datetime) -> list[Trouble]:
    """What could not be reached since then, the newest first."""
    with store._reads() as connection:
        rows = connection.execute(select(t.note.c.what, t.note.c.at).where(t.note.c.partnership == partnership)).all()
    found = [Trouble(row.what.removeprefix(TROUBLE), row.at) for row in rows if row.what.startswith(TROUBLE)]
    return sorted((one for one in found if one.at >= since), key=lambda one: one.at, reverse=True)


LISTED = "listed: "


def ever_listed(store: Store, partnership: str) -> frozenset[str]:
    """Addresses that have had a row in the directory at some time."""
    chosen = (t.note.c.partnership == partnership) & t.note.c.what.startswith(LISTED, autoescape=True)
    with store._reads() as connection:
        return frozenset(what.removeprefix(LISTED) for what in connection.scalars(select(t.note.c.what).where(chosen)))


def note_listed(store: Store, partnership: str, addresses: Iterable[str], at: datetime) -> None:
    """These have a row now: when one of them has none any more, it was struck out."""
    with store._writes() as connection:
        for address in addresses:
            insert_once(connection, t.note, {"partnership": partnership, "what": f"{LISTED}{address}"[:LONGEST]}, {"at": at})


def decided_since(store: Store, partnership: str, at: datetime) -> list[Entry]:
    """Every ledger entry decided at ``at`` or later, in the order written."""
    chosen = (t.ledger.c.partnership == partnership) & (t.ledger.c.at >= at)
    ordered = select(t.ledger).where(chosen).order_by(t.ledger.c.at, t.ledger.c.reference, t.ledger.c.sequence)
    with store._reads() as connection:
        return [entry_of(row) for row in connection.execute(ordered)]


def newest_entry(store: Store, partnership: str) -> Entry | None:
    """The entry decided last: whoever writes its hash down elsewhere can show later that nothing was rewritten."""
    last = t.ledger.c.at.desc(), t.ledger.c.reference.desc(), t.ledger.c.sequence.desc()
    with store._reads() as connection:
        row = connection.execute(
            select(t.ledger).where(t.ledger.c.partnership == partnership).order_by(*last).limit(1)
        ).first()
    return entry_of(row) if row else None
