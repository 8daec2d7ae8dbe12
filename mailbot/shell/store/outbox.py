"""Work outside the database: letters to send, messages to file. Claimed for a time, done, and written down as done.

A claim is a state and an end. Whoever dies with one loses it when it ends, and the same bytes are tried again by
somebody else: at least once, always identical.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, Table, Update, bindparam, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from mailbot.core.record.events_as_json import storable
from mailbot.shell.servers.mailbox_interface import Place
from mailbot.shell.servers.postman_interface import Outcome
from mailbot.shell.store import tables as t
from mailbot.shell.store.database import Database
from mailbot.shell.store.statements import among, change_of, is_of, of, write_latest
from mailbot.shell.store.stored_values import (
    TROUBLE,
    FilingEnding,
    FilingKind,
    FilingState,
    LetterEnding,
    LetterRecord,
    LetterState,
    OpenFiling,
    OutgoingLetter,
)
from mailbot.shell.store.tables import AnyRow, InstantColumn, folder_of

_LETTER_ENDS = {
    Outcome.ACCEPTED: LetterState.SENT,
    Outcome.REFUSED: LetterState.REFUSED,
    Outcome.DEFERRED: LetterState.DEFERRED,
    Outcome.UNCERTAIN: LetterState.UNCERTAIN,
}
CHANGED_FILING = "it was changed in the database after it was written, and was not done"
WAITS = "waits until letters leave again: "  # how the words of a letter begin that waits for the channel
_AGAIN = (LetterState.NEW, LetterState.DEFERRED, LetterState.UNCERTAIN)
_NOW = bindparam("now", type_=InstantColumn())


def _ready(table: Table, *urgent: bool) -> Select[Any]:
    """What of the outbox is to be tried, and what somebody claimed and has not ended in the time they took; letters
    ``urgent`` or not, by their own ranges of the index: what was sent is never gone through."""
    waiting = select(table.c.id).where(is_of(table, "partnership"), table.c.next_try <= _NOW)
    if urgent:
        waiting = (
            waiting.add_columns(table.c.withdrawn).where(table.c.urgent.in_(urgent)).order_by(table.c.urgent.desc())
        )
    # In the order they were written: after an outage nobody hears of an end before its beginning.
    return waiting.order_by(table.c.created, table.c.id).limit(bindparam("limit")).with_for_update(skip_locked=True)


def _taken(table: Table, claimed: str) -> ReturningUpdate[Any]:
    once_more = update(table).where(among(table, "id")).values(state=claimed, attempts=table.c.attempts + 1)
    return once_more.returning(*table.c)


_LETTERS_READY, _URGENT_READY, _FILINGS_READY = _ready(t.outbox, True, False), _ready(t.outbox, True), _ready(t.filing)
_LETTERS_DUE, _FILINGS_DUE = (
    select(table.c.id).where(is_of(table, "partnership"), table.c.next_try <= _NOW).limit(1)
    for table in (t.outbox, t.filing)
)
_LETTERS_FREED = update(t.outbox).where(is_of(t.outbox, "partnership"), t.outbox.c.state == LetterState.SENDING)
_FILINGS_FREED = update(t.filing).where(is_of(t.filing, "partnership"), t.filing.c.state == FilingState.FILING)
_LETTERS_TAKEN, _FILINGS_TAKEN = _taken(t.outbox, LetterState.SENDING), _taken(t.filing, FilingState.FILING)
_WITHDRAWN_MEANWHILE = (
    update(t.outbox).where(among(t.outbox, "id")).values(state=LetterState.CANCELLED, claimed_until=None, next_try=None)
)
_HASTENED = update(t.outbox).where(
    is_of(t.outbox, "partnership"),
    t.outbox.c.state == LetterState.DEFERRED,
    t.outbox.c.words.startswith(WAITS, autoescape=True),
)
_REFUSED_AGAIN = update(t.outbox).where(
    is_of(t.outbox, "partnership", "id"), t.outbox.c.state == LetterState.REFUSED, t.outbox.c.withdrawn == ""
)
_SENT_SINCE = (
    select(t.outbox.c.id)
    .where(is_of(t.outbox, "partnership"), t.outbox.c.state == LetterState.SENT)
    .where(t.outbox.c.finished >= bindparam("since", type_=InstantColumn()))
    .limit(1)
)
_LETTERS_ENDING = (
    select(t.outbox.c.id, t.outbox.c.state, t.outbox.c.withdrawn).where(among(t.outbox, "id")).with_for_update()
)
_FILINGS_ENDING = select(t.filing.c.id, t.filing.c.state).where(among(t.filing, "id")).with_for_update()
_OVER = {"claimed_until": None, "next_try": None}
_LETTERS_SENT = (
    update(t.outbox)
    .where(is_of(t.outbox, "id"), t.outbox.c.state != LetterState.SENT)
    .values(state=LetterState.SENT, words=bindparam("words"), finished=bindparam("finished"), **_OVER)
)
_FILINGS_FILED = (
    update(t.filing)
    .where(is_of(t.filing, "id"))
    .values(state=FilingState.FILED, words=bindparam("words"), finished=bindparam("finished"), **_OVER)
)
_PLACES = select(t.message.c.digest, t.message.c.folder, t.message.c.uidvalidity, t.message.c.uid).where(
    is_of(t.message, "partnership"), among(t.message, "digest")
)


def letter_record(row: AnyRow) -> LetterRecord:
    """What became of a letter of the outbox, from its row."""
    return LetterRecord(
        id=row.id,
        reference=row.reference,
        key=row.key,
        letter=row.letter,
        recipient=row.recipient,
        subject=row.subject,
        message_id=row.message_id,
        state=LetterState(row.state),
        attempts=row.attempts,
        words=row.words,
        created=row.created,
        finished=row.finished,
    )


class Post(Database):
    def claim_letters(
        self, partnership: str, now: datetime, lease: timedelta, limit: int, only_urgent: bool = False
    ) -> list[OutgoingLetter]:
        """Claims letters of the outbox: takes up to ``limit`` to be tried by ``now``, those of danger before every
        other, then the oldest, or those of danger alone; for ``lease`` nobody else gets them.

        A letter whose claim has run out is taken again. One withdrawn while it was being sent is not.
        """
        if not self._is_any(_LETTERS_DUE, partnership, now):
            return []
        with self._writes() as connection:
            ready = _URGENT_READY if only_urgent else _LETTERS_READY
            rows = _claim(connection, ready, partnership, now, lease, limit)
            changed = self._seals.broken_letters(connection, partnership, rows)
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
                is_whole=row.id not in changed,
            )
            for row in rows
        ]

    def _is_any(self, due: Select[Any], partnership: str, now: datetime) -> bool:
        """Whether anything waits to be claimed: asked before, because to claim is to keep other writers out."""
        with self._asks() as connection:
            return connection.execute(due, of(partnership=partnership) | {"now": now}).first() is not None

    def letter_done(
        self, letter: int, outcome: Outcome, words: str, now: datetime, next_try: datetime | None = None
    ) -> LetterState:
        """A letter of the outbox is done with: writes down how the letter with this id ended, and gives the state it is
        in now.

        Deferred or uncertain without a ``next_try``: it is given up, as refused. One withdrawn meanwhile is cancelled
        unless it went. A letter that is known to be sent stays so, whatever a late worker says.
        """
        return self.letters_done([LetterEnding(letter, outcome, words, next_try)], now)[0]

    def letters_done(self, endings: Sequence[LetterEnding], now: datetime) -> list[LetterState]:
        """The same of several, in one transaction."""
        if all(ending.outcome is Outcome.ACCEPTED for ending in endings):
            self._are_over(_LETTERS_SENT, [(ending.id, ending.words) for ending in endings], now)
            return [LetterState.SENT for _ in endings]
        with self._writes() as connection:
            rows = connection.execute(_LETTERS_ENDING, of(id=[ending.id for ending in endings])).all()
            before = {row.id: (LetterState(row.state), row.withdrawn) for row in rows}
            after = [_ended(*before[ending.id], ending) for ending in endings]
            changed = [
                _finished(ending.id, state, state in _AGAIN, ending.words, now, ending.next_try)
                for ending, state in zip(endings, after, strict=True)
                if state is not before[ending.id][0]
            ]
            if changed:
                connection.execute(change_of(t.outbox, ("id",)), changed)
            return after

    def hasten(self, partnership: str, now: datetime) -> int:
        """What waits in the outbox for the channel, and not for its reader's own server, goes at once; how many."""
        with self._writes() as connection:
            return connection.execute(_HASTENED, {**of(partnership=partnership), "next_try": now}).rowcount

    def send_again(self, partnership: str, letter: int, now: datetime) -> bool:
        """A refused letter of the outbox is tried once more, the same bytes; False where there is none of that id that
        was refused."""
        again = {"state": LetterState.DEFERRED, "next_try": now, "finished": None, "attempts": 0}
        with self._writes() as connection:
            return connection.execute(_REFUSED_AGAIN, of(partnership=partnership, id=letter) | again).rowcount == 1

    def sent_since(self, partnership: str, since: datetime) -> bool:
        """Whether any letter of the outbox has been accepted since then."""
        with self._asks() as connection:
            return connection.execute(_SENT_SINCE, of(partnership=partnership) | {"since": since}).first() is not None

    def open_letters(self, partnership: str) -> list[LetterRecord]:
        """Every letter of the outbox that waits or was refused, in the order written."""
        shown = select(*(t.outbox.c[name] for name in t.outbox.c.keys() if name != "raw"))  # noqa: SIM118 (columns)
        states = (*_AGAIN, LetterState.SENDING, LetterState.REFUSED)
        asked = shown.where(t.outbox.c.partnership == partnership, t.outbox.c.state.in_(states)).order_by(t.outbox.c.id)
        with self._asks() as connection:
            return [letter_record(row) for row in connection.execute(asked)]

    def free_claims(self, partnership: str, now: datetime) -> None:
        """Frees claims in the outbox: whoever claimed letters and filings has lost the mailbox: they are tried again at
        once, the same bytes."""
        self.free_letters(partnership, now)
        self.free_filings(partnership, now)

    def free_letters(self, partnership: str, now: datetime) -> None:
        """Frees the claims on letters alone: for the outbox's only sender, which is not sending."""
        with self._writes() as connection:
            connection.execute(_LETTERS_FREED, {**of(partnership=partnership), "next_try": now, "claimed_until": now})

    def free_filings(self, partnership: str, now: datetime) -> None:
        """Frees the claims on filings alone, likewise."""
        with self._writes() as connection:
            connection.execute(_FILINGS_FREED, {**of(partnership=partnership), "next_try": now, "claimed_until": now})

    def claim_filings(self, partnership: str, now: datetime, lease: timedelta, limit: int) -> list[OpenFiling]:
        """Claims filings of the outbox: takes up to ``limit`` filings that are to be tried by ``now``, as
        ``claim_letters`` does. One that was changed in the database is not among them, for it may move or show what
        nobody decided: it has failed, and ``status`` is told."""
        if not self._is_any(_FILINGS_DUE, partnership, now):
            return []
        with self._writes() as connection:
            rows = _claim(connection, _FILINGS_READY, partnership, now, lease, limit)
            if changed := self._seals.broken_filings(connection, partnership, rows):
                _leave_undone(connection, partnership, changed, now)
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
            if row.id not in changed
        ]

    def filing_done(
        self, filing: int, done: bool, words: str, now: datetime, next_try: datetime | None = None
    ) -> FilingState:
        """A filing of the outbox is done with: writes down how a filing ended; not done and without a ``next_try``, it
        has failed for good."""
        return self.filings_done([FilingEnding(filing, done, words, next_try)], now)[0]

    def filings_done(self, endings: Sequence[FilingEnding], now: datetime) -> list[FilingState]:
        """Several filings of the outbox are done, in one transaction."""
        if not endings:
            return []
        if all(ending.done for ending in endings):
            self._are_over(_FILINGS_FILED, [(ending.id, ending.words) for ending in endings], now)
            return [FilingState.FILED for _ in endings]
        with self._writes() as connection:
            rows = connection.execute(_FILINGS_ENDING, of(id=[ending.id for ending in endings])).all()
            before = {row.id: FilingState(row.state) for row in rows}
            late = {one.id for one in endings if before[one.id] is not FilingState.FILING and not one.done}
            changed = [
                _finished(one.id, one.becomes, one.becomes is FilingState.DEFERRED, one.words, now, one.next_try)
                for one in endings
                if one.id not in late
            ]
            if changed:
                connection.execute(change_of(t.filing, ("id",)), changed)
            return [before[one.id] if one.id in late else one.becomes for one in endings]

    def _are_over(self, over: Update, ended: Iterable[tuple[int, str]], now: datetime) -> None:
        """Letters or filings of the outbox that went as they should, each with the server's words: whatever state they
        are in, nothing is asked first. Nearly all end so."""
        rows = [of(id=number) | {"words": storable(words), "finished": now} for number, words in ended]
        with self._writes_at_once() as connection:
            connection.execute(over, rows)


def _ended(state: LetterState, withdrawn: str, ending: LetterEnding) -> LetterState:
    """What a letter of the outbox in ``state`` becomes by that ending; the same where it changes nothing."""
    if state is LetterState.SENT or (state is not LetterState.SENDING and ending.outcome is not Outcome.ACCEPTED):
        return state
    becomes = _LETTER_ENDS[ending.outcome]
    if becomes in _AGAIN and withdrawn:
        return LetterState.CANCELLED
    if becomes in _AGAIN and ending.next_try is None:
        return LetterState.REFUSED
    return becomes


def _claim(
    connection: Connection, ready: Select[Any], partnership: str, now: datetime, lease: timedelta, limit: int
) -> list[AnyRow]:
    asked = of(partnership=partnership) | {"now": now, "limit": limit}
    # Asked for first and by itself: PostgreSQL may run a subquery with SKIP LOCKED more than once, and claim too much.
    found = connection.execute(ready, asked).all()
    gone = [row.id for row in found if ready is not _FILINGS_READY and row.withdrawn]
    if gone:  # while it was being sent by somebody who has not ended in their time
        connection.execute(_WITHDRAWN_MEANWHILE, of(id=gone))
        return _claim(connection, ready, partnership, now, lease, limit)
    ids = [row.id for row in found]
    if not ids:
        return []
    taken = _FILINGS_TAKEN if ready is _FILINGS_READY else _LETTERS_TAKEN
    rows = connection.execute(taken, {**of(id=ids), "claimed_until": now + lease, "next_try": now + lease})
    return sorted(rows.all(), key=lambda row: ids.index(row.id))


def _finished(
    row: int, becomes: str, again: bool, words: str, now: datetime, next_try: datetime | None
) -> dict[str, object]:
    """What the outbox writes of a letter or a filing when a try has ended."""
    finished = {"next_try": next_try, "finished": None} if again else {"next_try": None, "finished": now}
    return of(id=row) | {"state": becomes, "words": storable(words), "claimed_until": None, **finished}


def _leave_undone(connection: Connection, partnership: str, changed: Iterable[int], now: datetime) -> None:
    """Filings of the outbox that are not what was written: none is tried again, and each is noted as a trouble."""
    for filing in sorted(changed):
        failed = _finished(filing, FilingState.FAILED, False, CHANGED_FILING, now, None)
        connection.execute(change_of(t.filing, ("id",)), failed)
        noted = {"partnership": partnership, "what": f"{TROUBLE}filing {filing}: {CHANGED_FILING}"}
        write_latest(connection, t.note, noted, {"at": now})


def _places(connection: Connection, partnership: str, digests: Sequence[str]) -> dict[str, Place]:
    if not digests:
        return {}
    rows = connection.execute(_PLACES, of(partnership=partnership, digest=list(digests)))
    return {row.digest: Place(row.folder, row.uidvalidity, row.uid) for row in rows}
