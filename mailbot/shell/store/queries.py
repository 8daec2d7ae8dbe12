"""What the digest, ``status``, the service's log and the office's acts ask of the store."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, or_, select, update

from mailbot.core.record.ledger import Entry, seal
from mailbot.core.reports.digest import RecordSoFar
from mailbot.core.reports.digest_needs import Elsewhere, HeldMessage, counted_as
from mailbot.core.reports.measures import Period
from mailbot.shell.forgetting.replacements import entries_left
from mailbot.shell.store import tables as t
from mailbot.shell.store.database import where
from mailbot.shell.store.decisions import Work
from mailbot.shell.store.statements import insert_once, is_of, of
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import TROUBLE, Held, HeldState, LetterState, MessageState
from mailbot.shell.store.tables import AnyRow, entry_of, held_of, id_key

# What the digest asks of the store: how things stood at the end of a week, as far as the store still knows it.

URGENT = "urgent_told"
_AT = bindparam("at", type_=t.InstantColumn())
_HELD_AT = (
    select(t.held, t.message.c.received, t.message.c.disposition)
    .join(t.message, (t.message.c.partnership == t.held.c.partnership) & (t.message.c.digest == t.held.c.digest))
    .where(is_of(t.held, "partnership"), t.held.c.since < _AT, or_(t.held.c.settled.is_(None), t.held.c.settled >= _AT))
    .order_by(t.held.c.number)
)
_LAST_LETTER = select(func.max(t.outbox.c.created)).where(is_of(t.outbox, "partnership", "letter"))
_WRITTEN_BEFORE = select(t.outbox.c.key, t.outbox.c.created).where(
    is_of(t.outbox, "partnership", "reference", "letter"),
    t.outbox.c.created < bindparam("before", type_=t.InstantColumn()),
)


def held_at(store: Store, partnership: str, at: datetime) -> list[HeldMessage]:
    """Mail that waited for a person at that instant, by number."""
    urgent = _urgent(store, partnership, at)
    return [
        HeldMessage(row.number, row.reason, row.since, at - row.since, row.digest[:32] in urgent)
        for row in _held(store, partnership, at)
    ]


def elsewhere(store: Store, partnership: str, week: Period) -> Elsewhere:
    """A query to the store for the digest's mail elsewhere: urgent messages that belong to no dispute and did not
    wait any more at the week's end, and letters about no dispute that a server refused for good."""
    waiting = {row.digest[:32] for row in _held(store, partnership, week[1])}
    urgent = _urgent(store, partnership, week[1])
    named = (t.outbox.c.partnership == partnership) & (t.outbox.c.reference == "")
    refused = select(t.outbox.c.finished).where(
        named, t.outbox.c.state == LetterState.REFUSED, t.outbox.c.finished >= week[0], t.outbox.c.finished < week[1]
    )
    with store._asks() as connection:
        undelivered = sorted(connection.scalars(refused))
    told = sorted(at for digest, at in urgent.items() if digest not in waiting and week[0] <= at)
    return Elsewhere(tuple(told), tuple(undelivered), tuple(sorted(urgent.values())))


def urgent_between(store: Store, partnership: str, period: Period) -> int:
    """A query to the store for how many urgent messages of no dispute the office was told of in the period, because
    they might mean danger."""
    return sum(period[0] <= at for at in _urgent(store, partnership, period[1]).values())


def messages_of(store: Store, partnership: str, week: Period) -> dict[str, int]:
    """A query to the store for what had become of the week's messages by its end, by disposition, and "received" for
    how many there were."""
    counted = Counter(store.messages_between(partnership, *week))
    for row in _held(store, partnership, week[1]):
        if row.settled is not None and week[0] <= row.received < week[1]:
            counted[row.disposition] -= 1
            counted[counted_as(HeldMessage(row.number, row.reason, row.since, week[1] - row.since))] += 1
    total = sum(counted.values())
    return {**{name: number for name, number in counted.items() if name and number}, "received": total}


def record_at(store: Store, partnership: str, at: datetime) -> RecordSoFar | None:
    """The record as decided before ``at``; None while it is empty."""
    before = (t.ledger.c.partnership == partnership) & (t.ledger.c.at < at)
    lasts = select(t.ledger.c.reference, func.max(t.ledger.c.sequence).label("last")).where(before)
    last = lasts.group_by(t.ledger.c.reference).subquery()
    heads = select(t.ledger.c.reference, t.ledger.c.sequence, t.ledger.c.hash).join(
        last, (t.ledger.c.reference == last.c.reference) & (t.ledger.c.sequence == last.c.last)
    )
    with store._reads() as connection:
        found = [
            (row.reference, row.sequence, row.hash)
            for row in connection.execute(heads.where(t.ledger.c.partnership == partnership))
        ]
        gone = connection.execute(select(t.purged).where(t.purged.c.partnership == partnership)).all()
    for row in gone:  # of a dispute whose time is over its chain is left
        lasting = [entry for entry in entries_left(row) if entry.at < at]
        found += [(row.reference, lasting[-1].sequence, lasting[-1].hash)] if lasting else []
    if not found:
        return None
    return RecordSoFar(sum(sequence for _, sequence, _ in found), len(found), seal(found))


def last_letter(store: Store, partnership: str, letter: str) -> datetime | None:
    """When one of this name was last written."""
    with store._asks() as connection:
        found: datetime | None = connection.scalar(_LAST_LETTER, of(partnership=partnership, letter=letter))
        return found


def _held(store: Store, partnership: str, at: datetime) -> Sequence[AnyRow]:
    """The query to the store for held mail: rows of what was held at ``at``, each with its message's arrival and
    present disposition."""
    with store._asks() as connection:
        found: Sequence[AnyRow] = connection.execute(_HELD_AT, of(partnership=partnership) | {"at": at}).all()
        return found


def _urgent(store: Store, partnership: str, before: datetime) -> dict[str, datetime]:
    """The query to the store for urgent words to the office: when the office was told that a message about no
    dispute may mean danger, by the beginning of its digest: such a letter's key begins with it, behind the mark of
    whose unproven mail caused it (``address|`` or ``strangers|``) where there is one."""
    asked = of(partnership=partnership, reference="", letter=URGENT) | {"before": before}
    with store._asks() as connection:
        rows = connection.execute(_WRITTEN_BEFORE, asked)
        return {row.key.partition(":")[0].rpartition("|")[2]: row.created for row in rows}


# What ``status`` and the service's log ask of the store: how the turns went, and what was just decided.

LONGEST_TROUBLE = 200  # characters of a note


@dataclass(frozen=True, slots=True)
class Trouble:
    """``words`` are the error's; ``at`` is when it last happened."""

    words: str
    at: datetime


def note_trouble(store: Store, partnership: str, words: str, at: datetime) -> None:
    """Notes a trouble in the store for ``status`` to query, as a turn of the bot notes what it could not reach."""
    store.note(partnership, f"{TROUBLE}{words}"[:LONGEST_TROUBLE], at)


def troubles(store: Store, partnership: str, since: datetime) -> list[Trouble]:
    """What could not be reached since then, the newest first."""
    with store._asks() as connection:
        rows = connection.execute(select(t.note.c.what, t.note.c.at).where(t.note.c.partnership == partnership)).all()
    found = [Trouble(row.what.removeprefix(TROUBLE), row.at) for row in rows if row.what.startswith(TROUBLE)]
    return sorted((one for one in found if one.at >= since), key=lambda one: one.at, reverse=True)


LISTED = "listed: "


def ever_listed(store: Store, partnership: str) -> frozenset[str]:
    """Addresses that have had a row in the directory at some time."""
    chosen = (t.note.c.partnership == partnership) & t.note.c.what.startswith(LISTED, autoescape=True)
    with store._asks() as connection:
        return frozenset(what.removeprefix(LISTED) for what in connection.scalars(select(t.note.c.what).where(chosen)))


def note_listed(store: Store, partnership: str, addresses: Iterable[str], at: datetime) -> None:
    """Notes for the office's later queries that these have a row now: when one of them has none any more, it was struck
    out."""
    with store._writes() as connection:
        for address in addresses:
            insert_once(
                connection,
                t.note,
                {"partnership": partnership, "what": f"{LISTED}{address}"[:LONGEST_TROUBLE]},
                {"at": at},
            )


def decided_since(store: Store, partnership: str, at: datetime) -> list[Entry]:
    """A query to the store for what was decided since: every ledger entry decided at ``at`` or later, in the order
    written."""
    chosen = (t.ledger.c.partnership == partnership) & (t.ledger.c.at >= at)
    ordered = select(t.ledger).where(chosen).order_by(t.ledger.c.at, t.ledger.c.reference, t.ledger.c.sequence)
    with store._asks() as connection:
        return [entry_of(row) for row in connection.execute(ordered)]


def newest_entry(store: Store, partnership: str) -> Entry | None:
    """A query to the store for the newest entry of the ledger, decided last: whoever writes its hash down elsewhere can
    show later that nothing was rewritten."""
    last = t.ledger.c.at.desc(), t.ledger.c.reference.desc(), t.ledger.c.sequence.desc()
    with store._asks() as connection:
        row = connection.execute(
            select(t.ledger).where(t.ledger.c.partnership == partnership).order_by(*last).limit(1)
        ).first()
    return entry_of(row) if row else None


# What the office's acts by mail ask of the store: what an email led to, and putting a waiting message back.


def caused_by(store: Store, partnership: str, what: str, since: datetime | None = None) -> list[Entry]:
    """A query to the store for what a message caused: every ledger entry whose cause is the message ``what``
    ("<digest>", or "<digest> line 2"), as written."""
    chosen = (t.ledger.c.partnership == partnership) & (t.ledger.c.cause_kind == "message")
    chosen = chosen & (t.ledger.c.cause_what == what)
    if since is not None:
        chosen = chosen & (t.ledger.c.at >= since)
    with store._asks() as connection:
        rows = connection.execute(select(t.ledger).where(chosen).order_by(t.ledger.c.reference, t.ledger.c.sequence))
        return [entry_of(row) for row in rows]


def written_at(store: Store, partnership: str, message_id: str) -> datetime | None:
    """A query to the store for when our letter with this Message-ID was written; None for one that is not ours."""
    named = where(t.outbox, {"partnership": partnership, "message_id": id_key(message_id)})
    with store._asks() as connection:
        found: datetime | None = connection.scalar(select(t.outbox.c.created).where(named))
        return found


def settled(store: Store, partnership: str, number: int) -> Held | None:
    """What was waiting under ``number``, however it ended."""
    named = where(t.held, {"partnership": partnership, "number": number})
    with store._asks() as connection:
        row = connection.execute(select(t.held).where(named)).first()
    return held_of(row) if row else None


def wait_again(work: Work, held: Held, message_id: str) -> None:
    """For the office's queries and undoing: what was let in or dismissed waits for a person again, under the number it
    had. What its Message-ID was bound to since is forgotten, so that an answer to it is not filed there."""
    named = where(t.held, {"partnership": held.partnership, "number": held.number})
    again = {"state": HeldState.WAITING, "by": "", "why": "", "settled": None}
    work._connection.execute(update(t.held).where(named).values(**again))
    message = where(t.message, {"partnership": held.partnership, "digest": held.digest})
    waiting = {
        "state": MessageState.DONE,
        "disposition": "held",
        "reason": held.reason,
        "reference": "",
        "released": "",
        "into": "",
    }
    work._connection.execute(update(t.message).where(message).values(**waiting))
    if message_id:
        work.write_now()
        work.forget_ids()
        known = where(t.known_id, {"partnership": held.partnership, "message_id": id_key(message_id), "ours": False})
        work._connection.execute(delete(t.known_id).where(known))
