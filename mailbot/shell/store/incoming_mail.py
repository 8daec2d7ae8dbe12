"""Taking mail in: bytes are durable before anything is parsed, flagged or moved, and each message is kept once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.exc import IntegrityError

from mailbot.shell.servers.mailbox_interface import Watermark
from mailbot.shell.store import tables as t
from mailbot.shell.store.database import Database
from mailbot.shell.store.statements import among, change_of, insert_once, is_of, new_row, of, rows_of, write_latest
from mailbot.shell.store.stored_values import Kept, MessageState, StoredMessage
from mailbot.shell.store.tables import MESSAGES, id_key, message_of

# Digests asked about in one statement: SQLite takes 32766 values, and a batch is fifty.
_AT_ONCE = 500
_MAILBOX, _MESSAGE = ("partnership", "mailbox"), ("partnership", "digest")
_UNREAD = is_of(t.message, "partnership") & (t.message.c.state == MessageState.NEW)
_OLDEST = (t.message.c.received, t.message.c.uid, t.message.c.digest)
_NEWEST = tuple(column.desc() for column in _OLDEST)
_SIZES = select(t.message.c.digest, t.message.c.size).where(_UNREAD).limit(bindparam("limit"))
_ALARMING = _SIZES.where(t.message.c.danger.is_(True)).order_by(*_NEWEST)
_IN_TURN = _SIZES.order_by(*_OLDEST)
_THESE = MESSAGES.where(_UNREAD, among(t.message, "digest"))
_WAITING = select(t.message.c.digest).where(_UNREAD).limit(1).offset(bindparam("beyond"))
_NOT_LOOKED_AT = _SIZES.where(t.message.c.danger.is_(None)).order_by(*_NEWEST)
_BYTES_AT_ONCE = 16_000_000
_KNOWN = select(t.message.c.digest).where(is_of(t.message, "partnership"), among(t.message, "digest"))
_ONCE_MORE = (
    update(t.message)
    .where(is_of(t.message, "partnership"), among(t.message, "digest"))
    .values(attempts=t.message.c.attempts + 1)
    .returning(t.message.c.attempts)
)
_FURTHER = update(t.mailbox).where(
    is_of(t.mailbox, *_MAILBOX),
    t.mailbox.c.uidvalidity.is_(None)
    | (t.mailbox.c.uidvalidity != bindparam("here_validity"))
    | (t.mailbox.c.uid < bindparam("here_uid")),
)


class IncomingMail(Database):
    def keep(
        self, partnership: str, mailbox: str, arrivals: Sequence[Kept], into: str = "", ahead: bool = False
    ) -> int:
        """Keeps incoming mail: keeps what is new by its digest and moves the watermark to the last UID, in one
        transaction.

        Gives how many were new. What was kept before is told its newest place. The watermark goes forward only, unless
        UIDVALIDITY has changed. ``into`` is the dispute whose folder a person put them in: with nobody to have released
        it, such a message is a note there, whatever it asks. ``ahead`` leaves the watermark where it is: older mail is
        still to come.
        """
        if not arrivals:
            return 0
        try:
            with self._writes() as connection:
                return _keep(connection, partnership, "" if ahead else mailbox, arrivals, into)
        except IntegrityError:
            # Another reader kept one of them in between (PostgreSQL only); it is known by now.
            with self._writes() as connection:
                return _keep(connection, partnership, "" if ahead else mailbox, arrivals, into)

    def watermark(self, partnership: str, mailbox: str) -> Watermark | None:
        """How far the mailbox is stored; None if nothing of it is."""
        place = rows_of(t.mailbox, _MAILBOX, ("uidvalidity", "uid"))
        with self._asks() as connection:
            row = connection.execute(place, of(partnership=partnership, mailbox=mailbox)).first()
        return Watermark(row.uidvalidity, row.uid) if row and row.uidvalidity is not None else None

    def drained(self, partnership: str, mailbox: str, at: datetime) -> None:
        """Incoming mail is drained: the mailbox was read to its end, by a reading that began at ``at``. An earlier
        instant changes nothing."""
        with self._writes() as connection:
            write_latest(connection, t.mailbox, {"partnership": partnership, "mailbox": mailbox}, {"drained": at})

    def last_drained(self, partnership: str, mailbox: str) -> datetime | None:
        drained = rows_of(t.mailbox, _MAILBOX, ("drained",))
        with self._asks() as connection:
            found: datetime | None = connection.scalar(drained, of(partnership=partnership, mailbox=mailbox))
            return found

    def unread(self, partnership: str, limit: int) -> list[StoredMessage]:
        """Incoming mail kept and not disposed of: the newest that may speak of danger, then the oldest; fewer than
        ``limit`` where they are large. What was released from being held comes again."""
        asked = of(partnership=partnership) | {"limit": limit}
        with self._reads() as connection:
            sizes = {row.digest: row.size for row in connection.execute(_ALARMING, asked)}
            if len(sizes) < limit:
                sizes |= {row.digest: row.size for row in connection.execute(_IN_TURN, asked)}
            chosen = _as_many_as_fit(list(sizes.items())[:limit])
            return self._messages(connection, partnership, chosen) if chosen else []

    def _messages(self, connection: Connection, partnership: str, digests: list[str]) -> list[StoredMessage]:
        found = connection.execute(_THESE, of(partnership=partnership, digest=digests))
        return sorted(map(message_of, found), key=lambda stored: digests.index(stored.digest))

    def waits_more_than(self, partnership: str, number: int) -> bool:
        with self._asks() as connection:
            beyond = connection.execute(_WAITING, of(partnership=partnership) | {"beyond": number})
            return beyond.first() is not None

    def not_looked_at(self, partnership: str, limit: int) -> dict[str, bytes]:
        """The newest unread messages of incoming mail of which nobody has looked whether they speak of danger: digest
        -> bytes."""
        with self._reads() as connection:
            sizes = connection.execute(_NOT_LOOKED_AT, of(partnership=partnership) | {"limit": limit})
            chosen = _as_many_as_fit([(row.digest, row.size) for row in sizes])
            return {one.digest: one.raw for one in self._messages(connection, partnership, chosen)} if chosen else {}

    def alarming(self, partnership: str) -> list[str]:
        """Digests of the unread incoming mail that may speak of danger, the newest first."""
        with self._asks() as connection:
            return [row.digest for row in connection.execute(_ALARMING, of(partnership=partnership) | {"limit": 1000})]

    def looked_for_danger(self, partnership: str, found: Mapping[str, bool]) -> None:
        rows = [of(partnership=partnership, digest=digest) | {"danger": danger} for digest, danger in found.items()]
        if rows:
            with self._writes() as connection:
                connection.execute(change_of(t.message, _MESSAGE), rows)

    def take_up(self, partnership: str, *digests: str) -> int:
        """Counts one more attempt at incoming messages, before they are tried, and gives the highest count.

        A message that brings the process down is known by this count, and is held instead of being tried for ever.
        """
        with self._writes() as connection:
            counts = connection.scalars(_ONCE_MORE, of(partnership=partnership, digest=list(digests)))
            return max(int(count) for count in counts)


def _as_many_as_fit(sizes: Sequence[tuple[str, int]]) -> list[str]:
    """Of incoming messages, the first, and those after it that do not make it too much to hold at once."""
    chosen: list[str] = []
    held = 0
    for digest, size in sizes:
        if chosen and held + size > _BYTES_AT_ONCE:
            break
        chosen.append(digest)
        held += size
    return chosen


def _keep(connection: Connection, partnership: str, mailbox: str, arrivals: Sequence[Kept], into: str) -> int:
    known = _known(connection, partnership, [kept.digest for kept in arrivals])
    new = {kept.digest: kept for kept in arrivals if kept.digest not in known}
    if new:
        connection.execute(new_row(t.message), [_columns(partnership, kept, into) for kept in new.values()])
        bodies = [{"partnership": partnership, "digest": kept.digest, "raw": kept.raw} for kept in new.values()]
        connection.execute(new_row(t.message_bytes), bodies)
    moved = [of(partnership=partnership, digest=k.digest) | _place(k) for k in arrivals if k.digest in known]
    if moved:
        connection.execute(change_of(t.message, _MESSAGE), moved)
    if mailbox:
        _advance(connection, partnership, mailbox, arrivals)
    return len(new)


def _known(connection: Connection, partnership: str, digests: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(digests), _AT_ONCE):
        some = of(partnership=partnership, digest=list(digests[start : start + _AT_ONCE]))
        found.update(connection.scalars(_KNOWN, some))
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
        further = {"here_validity": last.uidvalidity, "here_uid": last.uid}
        connection.execute(_FURTHER, {**of(**key), **here, **further})
