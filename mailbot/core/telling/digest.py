"""The weekly digest as values: what the Business Manager must do, what is past its limit, and where everything stands.

References only, never a child's initials and never anybody's name: digests get forwarded (G24, S20). The order is
that of usefulness: what needs a person first. Every message received is accounted for, and a difference is said.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mailbot.core.clocks.calendar import Calendar
from mailbot.core.clocks.limits import Limit
from mailbot.core.happened.dispute import Dispute
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.telling.digest_rows import (
    Due,
    Moved,
    Need,
    OpenRow,
    Received,
    Remark,
    Resolved,
    Week,
    due,
    is_past,
    learning,
    missing_names,
    moved,
    needs,
    received,
    resolved,
    resolved_but,
    row,
    within,
)
from mailbot.core.telling.digest_rows import HeldMessage as HeldMessage
from mailbot.core.telling.silence import Silent, is_first_of_month, silent
from mailbot.core.telling.unanswered_ends import unanswered_ends


@dataclass(frozen=True, slots=True)
class Digest:
    """``start`` and ``end`` are aware; the week is from ``start`` up to, and not including, ``end``."""

    partnership: str
    short: str
    risk: str
    start: datetime
    end: datetime
    needs: tuple[Need, ...]
    past_limit: tuple[OpenRow, ...]
    due: tuple[Due, ...]
    opened: tuple[OpenRow, ...]
    moved: tuple[Moved, ...]
    resolved: tuple[Resolved, ...]
    resolved_but: tuple[Remark, ...]
    missing_names: tuple[Remark, ...]
    learning: tuple[Remark, ...]
    others: tuple[OpenRow, ...]  # open, neither past the limit nor due this week
    received: Received
    open_now: int
    silent: tuple[Silent, ...] = ()


def _asks_for_silence(protocol: Protocol, calendar: Calendar, week: Week) -> bool:
    return protocol.digest.silent_agencies and is_first_of_month(*week, calendar)


LimitOf = Callable[[Dispute], Limit | None]


def digest(
    disputes: Sequence[Dispute], held: Sequence[HeldMessage], counts: Mapping[str, int], protocol: Protocol,
    calendar: Calendar, limit_of: LimitOf, week: Week, now: datetime, agencies: Sequence[str] = (),
) -> Digest:  # fmt: skip
    """The digest of ``week``, made again the same for any past one; instants come out in local time.

    ``counts`` holds what became of the week's messages by disposition, and "received" for how many there were;
    ``limit_of`` the limit that decides a dispute's present stage; ``agencies`` the directory's. Raises OutOfRange.
    """
    rows = {d.reference: row(d, protocol, calendar, limit_of(d), now) for d in disputes if d.is_open}
    past = tuple(sorted((r for r in rows.values() if is_past(r, now)), key=lambda r: (-r.days_over, r.reference)))
    coming = due(rows.values(), calendar, now)
    shown = {r.reference for r in (*past, *(r for day in coming for r in day.rows))}
    return Digest(
        partnership=protocol.partnership,
        short=protocol.short,
        risk=protocol.risk.line,
        start=calendar.local(week[0]),
        end=calendar.local(week[1]),
        needs=needs(disputes, held, calendar, week),
        past_limit=past,
        due=coming,
        opened=tuple(rows.get(d.reference) or row(d, protocol, calendar, None, now)
                     for d in disputes if within(d.opened, week)),
        moved=moved(disputes, protocol, week),
        resolved=resolved(disputes, protocol, calendar, week),
        resolved_but=(*resolved_but(disputes, calendar.local(now).date(), week),
                      *unanswered_ends(disputes, calendar, now)),
        missing_names=missing_names(disputes, protocol),
        learning=learning(disputes, protocol, week),
        others=tuple(r for reference, r in rows.items() if reference not in shown),
        received=received(counts),
        open_now=len(rows),
        silent=silent(disputes, agencies, calendar, now) if _asks_for_silence(protocol, calendar, week) else (),
    )  # fmt: skip
