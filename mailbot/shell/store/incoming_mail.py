"""Taking mail in: bytes are durable before anything is parsed, flagged or moved, and each message is kept once."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from mailbot.shell.servers.mailbox import Watermark
from mailbot.shell.store import tables as t
from mailbot.shell.store.database import Database, insert_once, where
from mailbot.shell.store.tables import MESSAGES, id_key, message_of
from mailbot.shell.store.values import Kept, MessageState, StoredMessage

# Digests asked about in one statement: SQLite takes 32766 values, and a batch is fifty.
_AT_ONCE = 500


class IncomingMail(Database):
    def keep(self, partnership: str, mailbox: str, arrivals: Sequence[Kept], into: str = "") -> int:
        """Keeps what is new by its digest and moves the watermark to the last UID, in one transaction.

        Gives how many were new. What was kept before is told its newest place. The watermark goes forward only, unless
        UIDVALIDITY has changed. ``into`` is the dispute whose folder a person put them in: with nobody to have released
        it, such a message is a note there, whatever it asks.
        """
        if not arrivals:
            return 0
        try:
            with self._writes() as connection:
                return _keep(connection, partnership, mailbox, arrivals, into)
        except IntegrityError:
            # Another reader kept one of them in between (PostgreSQL only); it is known by now.
            with self._writes() as connection:
                return _keep(connection, partnership, mailbox, arrivals, into)

    def watermark(self, partnership: str, mailbox: str) -> Watermark | None:
        """How far the mailbox is stored; None if nothing of it is."""
        named = where(t.mailbox, {"partnership": partnership, "mailbox": mailbox})
        with self._reads() as connection:
            row = connection.execute(select(t.mailbox.c.uidvalidity, t.mailbox.c.uid).where(named)).first()
        return Watermark(row.uidvalidity, row.uid) if row and row.uidvalidity is not None else None

    def drained(self, partnership: str, mailbox: str, at: datetime) -> None:
        """The mailbox was read to its end, by a reading that began at ``at``. An earlier instant changes nothing."""
        with self._writes() as connection:
            key = {"partnership": partnership, "mailbox": mailbox}
            if not insert_once(connection, t.mailbox, key, {"drained": at}):
                later = t.mailbox.c.drained.is_(None) | (t.mailbox.c.drained < at)
                connection.execute(update(t.mailbox).where(where(t.mailbox, key), later).values(drained=at))

    def last_drained(self, partnership: str, mailbox: str) -> datetime | None:
        named = where(t.mailbox, {"partnership": partnership, "mailbox": mailbox})
        with self._reads() as connection:
            found: datetime | None = connection.scalar(select(t.mailbox.c.drained).where(named))
            return found

    def unread(self, partnership: str, limit: int) -> list[StoredMessage]:
        """Kept and not disposed of, oldest first; what was released from being held comes again."""
        new = where(t.message, {"partnership": partnership, "state": MessageState.NEW})
        oldest = MESSAGES.where(new).order_by(t.message.c.received, t.message.c.uid, t.message.c.digest).limit(limit)
        with self._reads() as connection:
            return [message_of(row) for row in connection.execute(oldest)]

    def take_up(self, partnership: str, digest: str) -> int:
        """Counts one more attempt at a message, before it is tried, and gives the count.

        A message that brings the process down is known by this count, and is held instead of being tried for ever.
        """
        named = where(t.message, {"partnership": partnership, "digest": digest})
        more = update(t.message).where(named).values(attempts=t.message.c.attempts + 1)
        with self._writes() as connection:
            return int(connection.execute(more.returning(t.message.c.attempts)).scalar_one())


def _keep(connection: Connection, partnership: str, mailbox: str, arrivals: Sequence[Kept], into: str) -> int:
    known = _known(connection, partnership, [kept.digest for kept in arrivals])
    new = {kept.digest: kept for kept in arrivals if kept.digest not in known}
    if new:
        connection.execute(insert(t.message), [_columns(partnership, kept, into) for kept in new.values()])
        bodies = [{"partnership": partnership, "digest": kept.digest, "raw": kept.raw} for kept in new.values()]
        connection.execute(insert(t.message_bytes), bodies)
    for kept in arrivals:
        if kept.digest in known:
            named = where(t.message, {"partnership": partnership, "digest": kept.digest})
            connection.execute(update(t.message).where(named).values(**_place(kept)))
    _advance(connection, partnership, mailbox, arrivals)
    return len(new)


def _known(connection: Connection, partnership: str, digests: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(digests), _AT_ONCE):
        some = t.message.c.digest.in_(digests[start : start + _AT_ONCE])
        found.update(connection.scalars(select(t.message.c.digest).where(t.message.c.partnership == partnership, some)))
    return found


def _columns(partnership: str, kept: Kept, into: str) -> dict[str, object]:
    return {
        "partnership": partnership,
        "digest": kept.digest,
        "message_id": id_key(kept.message_id),
        "received": kept.received,
        "size": len(kept.raw),
        "state": MessageState.NEW,
        "into": into,
        **_place(kept),
    }


def _place(kept: Kept) -> dict[str, object]:
    return {"folder": kept.place.folder, "uidvalidity": kept.place.uidvalidity, "uid": kept.place.uid}


def _advance(connection: Connection, partnership: str, mailbox: str, arrivals: Iterable[Kept]) -> None:
    last = max(arrivals, key=lambda kept: kept.place.uid).place
    key = {"partnership": partnership, "mailbox": mailbox}
    here = {"uidvalidity": last.uidvalidity, "uid": last.uid}
    if not insert_once(connection, t.mailbox, key, here):
        renumbered = t.mailbox.c.uidvalidity.is_(None) | (t.mailbox.c.uidvalidity != last.uidvalidity)
        further = renumbered | (t.mailbox.c.uid < last.uid)
        connection.execute(update(t.mailbox).where(where(t.mailbox, key), further).values(**here))
