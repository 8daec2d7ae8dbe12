"""What the office's acts by mail ask of the store: what an email led to, and putting a waiting message back."""

from datetime import datetime

from sqlalchemy import delete, select, update

from mailbot.core.happened.ledger import Entry
from mailbot.shell import tables as t
from mailbot.shell.column_types import id_key
from mailbot.shell.database import where
from mailbot.shell.store import Store
from mailbot.shell.store_rows import entry_of, held_of
from mailbot.shell.store_values import Held, HeldState, MessageState
from mailbot.shell.store_work import Work


def caused_by(store: Store, partnership: str, what: str, since: datetime | None = None) -> list[Entry]:
    """Every ledger entry whose cause is the message ``what`` ("<digest>", or "<digest> line 2"), as written."""
    chosen = (t.ledger.c.partnership == partnership) & (t.ledger.c.cause_kind == "message")
    chosen = chosen & (t.ledger.c.cause_what == what)
    if since is not None:
        chosen = chosen & (t.ledger.c.at >= since)
    with store._reads() as connection:
        rows = connection.execute(select(t.ledger).where(chosen).order_by(t.ledger.c.reference, t.ledger.c.sequence))
        return [entry_of(row) for row in rows]


def written_at(store: Store, partnership: str, message_id: str) -> datetime | None:
    """When our letter with this Message-ID was written; None for one that is not ours."""
    named = where(t.outbox, {"partnership": partnership, "message_id": id_key(message_id)})
    with store._reads() as connection:
        found: datetime | None = connection.scalar(select(t.outbox.c.created).where(named))
        return found


def settled(store: Store, partnership: str, number: int) -> Held | None:
    """What was waiting under ``number``, however it ended."""
    named = where(t.held, {"partnership": partnership, "number": number})
    with store._reads() as connection:
        row = connection.execute(select(t.held).where(named)).first()
    return held_of(row) if row else None


def wait_again(work: Work, held: Held, message_id: str) -> None:
    """What was let in or dismissed waits for a person again, under the number it had. What its Message-ID was bound to
    since is forgotten, so that an answer to it is not filed there."""
    named = where(t.held, {"partnership": held.partnership, "number": held.number})
    again = {"state": HeldState.WAITING, "by": "", "why": "", "settled": None}
    work._connection.execute(update(t.held).where(named).values(**again))
    message = where(t.message, {"partnership": held.partnership, "digest": held.digest})
    waiting = {"state": MessageState.DONE, "disposition": "held", "reason": held.reason, "reference": "",
               "released": "", "into": ""}  # fmt: skip
    work._connection.execute(update(t.message).where(message).values(**waiting))
    if message_id:
        known = where(t.known_id, {"partnership": held.partnership, "message_id": id_key(message_id), "ours": False})
        work._connection.execute(delete(t.known_id).where(known))
