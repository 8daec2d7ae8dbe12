"""What people do with their hands in the mailbox: which folders to look at, how far each was looked at, what is known
of a message found there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select, update

from mailbot.core.happened.parts import State
from mailbot.shell import tables as t
from mailbot.shell.column_types import id_key
from mailbot.shell.database import Database, insert_once, where
from mailbot.shell.mailbox import Folder, Place
from mailbot.shell.store_rows import AnyRow, folder_text
from mailbot.shell.store_values import HeldState, MessageState


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
        """References of the disputes that are open, or in which something happened from ``since`` on."""
        near = or_(t.dispute.c.state != State.CLOSED.value, t.dispute.c.head_at >= since)
        chosen = select(t.dispute.c.reference).where(t.dispute.c.partnership == partnership, near)
        with self._reads() as connection:
            return list(connection.scalars(chosen.order_by(t.dispute.c.reference)))

    def looked_at(self, partnership: str, mailbox: str, uidvalidity: int, uid: int) -> None:
        """Everything in a folder up to ``uid`` has been looked at; "Disputes/NS-26-0001" names it."""
        key = {"partnership": partnership, "mailbox": mailbox}
        upto = {"uidvalidity": uidvalidity, "uid": uid}
        with self._writes() as connection:
            if not insert_once(connection, t.mailbox, key, upto):
                connection.execute(update(t.mailbox).where(where(t.mailbox, key)).values(**upto))

    def seen(self, partnership: str, digest: str = "", message_id: str = "") -> list[Seen]:
        """What is known of the message with this digest, or of all that carry this Message-ID."""
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
        """Whether we have filed, or are to file, this very message in this folder."""
        same = [t.filing.c.digest == digest] if digest else []
        same += [t.filing.c.message_id == id_key(message_id)] if message_id else []
        named = where(t.filing, {"partnership": partnership, "folder": folder_text(folder)})
        with self._reads() as connection:
            return connection.execute(select(t.filing.c.id).where(named, or_(*same)).limit(1)).first() is not None


class HandWriting:
    """What a transaction does about a message that a person has moved."""

    _connection: Connection

    def read_again(self, partnership: str, digest: str, by: str, into: str = "") -> None:
        """A message that waits for nobody is unread again, let in by ``by``; it belongs to ``into`` if they said so."""
        named = where(t.message, {"partnership": partnership, "digest": digest})
        again = {"state": MessageState.NEW, "disposition": "", "reason": "", "attempts": 0}
        self._connection.execute(update(t.message).where(named).values(**again, released=by, into=into))

    def lies_at(self, partnership: str, digest: str, place: Place) -> None:
        """Where a person has put it: what is to be moved from now on is moved from there."""
        named = where(t.message, {"partnership": partnership, "digest": digest})
        there = {"folder": place.folder, "uidvalidity": place.uidvalidity, "uid": place.uid}
        self._connection.execute(update(t.message).where(named).values(**there))


def _seen(row: AnyRow, waiting: tuple[int, ...]) -> Seen:
    return Seen(
        row.digest, MessageState(row.state), row.disposition, row.reference, row.released, row.into,
        Place(row.folder, row.uidvalidity, row.uid), waiting,
    )  # fmt: skip
