"""Work outside the database: letters to send, messages to file. Claimed for a time, done, and written down as done.

A claim is a state and an end. Whoever dies with one loses it when it ends, and the same bytes are tried again by
somebody else: at least once, always identical.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Connection, Select, Table, and_, bindparam, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from mailbot.core.record.events_as_json import storable
from mailbot.shell.servers.mailbox import Place
from mailbot.shell.servers.postman import Outcome
from mailbot.shell.store import tables as t
from mailbot.shell.store.database import Database
from mailbot.shell.store.statements import among, change_of, is_of, locked, of
from mailbot.shell.store.tables import AnyRow, InstantColumn, folder_of
from mailbot.shell.store.values import FilingKind, FilingState, LetterState, OpenFiling, OutgoingLetter

_LETTER_ENDS = {
    Outcome.ACCEPTED: LetterState.SENT,
    Outcome.REFUSED: LetterState.REFUSED,
    Outcome.DEFERRED: LetterState.DEFERRED,
    Outcome.UNCERTAIN: LetterState.UNCERTAIN,
}
_LETTERS_READY = (LetterState.NEW, LetterState.DEFERRED, LetterState.UNCERTAIN)
_FILINGS_READY = (FilingState.NEW, FilingState.DEFERRED)
_NOW = bindparam("now", type_=InstantColumn())
_WITHDRAWN_MEANWHILE = update(t.outbox).where(
    is_of(t.outbox, "partnership"),
    t.outbox.c.state == LetterState.SENDING,
    t.outbox.c.claimed_until <= _NOW,
    t.outbox.c.withdrawn != "",
)
_PLACES = select(t.message.c.digest, t.message.c.folder, t.message.c.uidvalidity, t.message.c.uid).where(
    is_of(t.message, "partnership"), among(t.message, "digest")
)


class Post(Database):
    def claim_letters(self, partnership: str, now: datetime, lease: timedelta, limit: int) -> list[OutgoingLetter]:
        """Claims letters of the outbox: takes up to ``limit`` letters to be tried by ``now``, oldest first; for
        ``lease`` nobody else gets them.

        A letter whose claim has run out is taken again. One withdrawn while it was being sent is not.
        """
        with self._writes() as connection:
            withdrawn = {
                **of(partnership=partnership),
                "now": now,
                "state": LetterState.CANCELLED,
                "claimed_until": None,
            }
            connection.execute(_WITHDRAWN_MEANWHILE, withdrawn)
            rows = _claim(connection, t.outbox, partnership, _LETTERS_READY, LetterState.SENDING, now, lease, limit)
        return [
            OutgoingLetter(
                id=row.id,
                partnership=row.partnership,
                reference=row.reference,
                key=row.key,
                letter=row.letter,
                recipient=row.recipient,
                message_id=row.message_id,
                raw=row.raw,
                attempts=row.attempts,
                created=row.created,
            )
            for row in rows
        ]

    def letter_done(
        self, letter: int, outcome: Outcome, words: str, now: datetime, next_try: datetime | None = None
    ) -> LetterState:
        """A letter of the outbox is done with: writes down how the letter with this id ended, and gives the state it is
        in now.

        Deferred or uncertain without a ``next_try``: it is given up, as refused. One withdrawn meanwhile is cancelled
        unless it went. A letter that is known to be sent stays so, whatever a late worker says.
        """
        with self._writes() as connection:
            row = connection.execute(locked(t.outbox, ("id",), ("state", "withdrawn")), of(id=letter)).one()
            state = LetterState(row.state)
            if state is LetterState.SENT or (state is not LetterState.SENDING and outcome is not Outcome.ACCEPTED):
                return state
            becomes = _LETTER_ENDS[outcome]
            if becomes in _LETTERS_READY and row.withdrawn:
                becomes = LetterState.CANCELLED
            elif becomes in _LETTERS_READY and next_try is None:
                becomes = LetterState.REFUSED
            _finish(connection, t.outbox, letter, becomes, becomes in _LETTERS_READY, words, now, next_try)
            return becomes

    def claim_filings(self, partnership: str, now: datetime, lease: timedelta, limit: int) -> list[OpenFiling]:
        """Claims filings of the outbox: takes up to ``limit`` filings that are to be tried by ``now``, as
        ``claim_letters`` does."""
        with self._writes() as connection:
            rows = _claim(connection, t.filing, partnership, _FILINGS_READY, FilingState.FILING, now, lease, limit)
            places = _places(connection, partnership, [row.digest for row in rows if row.digest])
        return [
            OpenFiling(
                id=row.id,
                partnership=row.partnership,
                kind=FilingKind(row.kind),
                folder=folder_of(row.folder),
                digest=row.digest,
                raw=row.raw,
                message_id=row.message_id,
                place=places.get(row.digest),
                dated=row.dated,
                seen=row.seen,
                attempts=row.attempts,
                flagged=row.flagged,
                reference=row.reference,
            )
            for row in rows
        ]

    def filing_done(
        self, filing: int, done: bool, words: str, now: datetime, next_try: datetime | None = None
    ) -> FilingState:
        """A filing of the outbox is done with: writes down how a filing ended; not done and without a ``next_try``, it
        has failed for good."""
        becomes = FilingState.FILED if done else FilingState.DEFERRED if next_try else FilingState.FAILED
        with self._writes() as connection:
            state = connection.execute(locked(t.filing, ("id",), ("state",)), of(id=filing)).scalar_one()
            if state != FilingState.FILING and not done:
                return FilingState(state)
            _finish(connection, t.filing, filing, becomes, becomes is FilingState.DEFERRED, words, now, next_try)
        return becomes


def _claim(
    connection: Connection,
    table: Table,
    partnership: str,
    ready: Sequence[str],
    claimed: str,
    now: datetime,
    lease: timedelta,
    limit: int,
) -> list[AnyRow]:
    asked = of(partnership=partnership) | {"now": now, "limit": limit}
    # Asked for first and by itself: PostgreSQL may run a subquery with SKIP LOCKED more than once, and claim too much.
    ids = list(connection.scalars(_ready(table, tuple(ready), claimed), asked))
    if not ids:
        return []
    taken = connection.execute(_taken(table), {**of(id=ids), "state": claimed, "claimed_until": now + lease})
    return sorted(taken.all(), key=lambda row: ids.index(row.id))


@cache
def _ready(table: Table, ready: tuple[str, ...], claimed: str) -> Select[tuple[int]]:
    may = or_(
        and_(table.c.state.in_(ready), table.c.next_try <= _NOW),
        and_(table.c.state == claimed, table.c.claimed_until <= _NOW),
    )
    oldest = select(table.c.id).where(is_of(table, "partnership"), may).order_by(table.c.next_try, table.c.id)
    return oldest.limit(bindparam("limit")).with_for_update(skip_locked=True)


@cache
def _taken(table: Table) -> ReturningUpdate[tuple[object, ...]]:
    return update(table).where(among(table, "id")).values(attempts=table.c.attempts + 1).returning(*table.c)


def _finish(
    connection: Connection,
    table: Table,
    row: int,
    becomes: str,
    again: bool,
    words: str,
    now: datetime,
    next_try: datetime | None,
) -> None:
    finished = {"next_try": next_try, "finished": None} if again else {"finished": now}
    ended = {"state": becomes, "words": storable(words), "claimed_until": None, **finished}
    connection.execute(change_of(table, ("id",)), of(id=row) | ended)


def _places(connection: Connection, partnership: str, digests: Sequence[str]) -> dict[str, Place]:
    if not digests:
        return {}
    rows = connection.execute(_PLACES, of(partnership=partnership, digest=list(digests)))
    return {row.digest: Place(row.folder, row.uidvalidity, row.uid) for row in rows}
