"""What the digest asks of the store: how things stood at the end of a week, as far as the store still knows it."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select

from mailbot.core.happened.ledger import seal
from mailbot.core.telling.digest import RecordSoFar
from mailbot.core.telling.digest_needs import Elsewhere, HeldMessage, counted_as
from mailbot.core.telling.measures import Period
from mailbot.shell import tables as t
from mailbot.shell.store import Store
from mailbot.shell.store_rows import AnyRow
from mailbot.shell.store_values import LetterState

URGENT = "urgent_told"


def held_at(store: Store, partnership: str, at: datetime) -> list[HeldMessage]:
    """Mail that waited for a person at that instant, by number."""
    urgent = _urgent(store, partnership, at)
    return [
        HeldMessage(row.number, row.reason, row.since, at - row.since, row.digest[:32] in urgent)
        for row in _held(store, partnership, at)
    ]  # fmt: skip


def elsewhere(store: Store, partnership: str, week: Period) -> Elsewhere:
    """Urgent messages that belong to no dispute and did not wait any more at the week's end, and letters about no
    dispute that a server refused for good."""
    waiting = {row.digest[:32] for row in _held(store, partnership, week[1])}
    urgent = _urgent(store, partnership, week[1])
    named = (t.outbox.c.partnership == partnership) & (t.outbox.c.reference == "")
    refused = select(t.outbox.c.finished).where(
        named, t.outbox.c.state == LetterState.REFUSED, t.outbox.c.finished >= week[0], t.outbox.c.finished < week[1]
    )  # fmt: skip
    with store._reads() as connection:
        undelivered = sorted(connection.scalars(refused))
    told = sorted(at for digest, at in urgent.items() if digest not in waiting and week[0] <= at)
    return Elsewhere(tuple(told), tuple(undelivered), tuple(sorted(urgent.values())))


def urgent_between(store: Store, partnership: str, period: Period) -> int:
    """How many messages of no dispute the office was told of in the period, because they might mean danger."""
    return sum(period[0] <= at for at in _urgent(store, partnership, period[1]).values())


def messages_of(store: Store, partnership: str, week: Period) -> dict[str, int]:
    """What had become of the week's messages by its end, by disposition, and "received" for how many there were."""
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
    )  # fmt: skip
    with store._reads() as connection:
        found = [(row.reference, row.sequence, row.hash) for row in
                 connection.execute(heads.where(t.ledger.c.partnership == partnership))]  # fmt: skip
    if not found:
        return None
    return RecordSoFar(sum(sequence for _, sequence, _ in found), len(found), seal(found))


def last_letter(store: Store, partnership: str, letter: str) -> datetime | None:
    """When one of this name was last written."""
    named = (t.outbox.c.partnership == partnership) & (t.outbox.c.letter == letter)
    with store._reads() as connection:
        found: datetime | None = connection.scalar(select(func.max(t.outbox.c.created)).where(named))
        return found


def _held(store: Store, partnership: str, at: datetime) -> Sequence[AnyRow]:
    """Rows of what was held at ``at``, each with its message's arrival and present disposition."""
    waiting = (t.held.c.since < at) & or_(t.held.c.settled.is_(None), t.held.c.settled >= at)
    joined = (t.message.c.partnership == t.held.c.partnership) & (t.message.c.digest == t.held.c.digest)
    asked = select(t.held, t.message.c.received, t.message.c.disposition).join(t.message, joined)
    with store._reads() as connection:
        rows = asked.where(t.held.c.partnership == partnership, waiting).order_by(t.held.c.number)
        found: Sequence[AnyRow] = connection.execute(rows).all()
        return found


def _urgent(store: Store, partnership: str, before: datetime) -> dict[str, datetime]:
    """When the office was told that a message about no dispute may mean danger, by the beginning of its digest: such
    a letter's key begins with it."""
    named = (t.outbox.c.partnership == partnership) & (t.outbox.c.reference == "") & (t.outbox.c.letter == URGENT)
    asked = select(t.outbox.c.key, t.outbox.c.created).where(named, t.outbox.c.created < before)
    with store._reads() as connection:
        return {row.key.partition(":")[0]: row.created for row in connection.execute(asked)}
