"""The weekly digest as values: what the Business Manager must do, what is past its limit, and where everything stands.

References only, never a child's initials and never anybody's name: digests get forwarded (G24, S20). The order is
that of usefulness: what needs a person first. Every message received is accounted for, and a difference is said.

A past week is made again from what had happened by its end: the disputes are folded up to there. What was never
written down (when the mailbox was last read) is told only in the digest of the day, and a closed day added since
counts as if it had been known.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from mailbot.core.clocks.limits import raised_late
from mailbot.core.procedure.closed_lists import Happening
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record.dispute import Dispute
from mailbot.core.reports.agency_counts import LastHeard, Silent, is_first_of_month, last_heard, silent_agencies
from mailbot.core.reports.digest_figures import (
    FeedbackTold,
    Figures,
    FiguresCounted,
    feedback_told,
    figures,
    figures_counted,
    ideas_told,
)
from mailbot.core.reports.digest_needs import (
    NOTHING_ELSEWHERE,
    Elsewhere,
    HeldMessage,
    Need,
    NeedKind,
    WhoWasTold,
    needs,
    needs_in,
    unanswered_ends,
    unclear_meanwhile,
)
from mailbot.core.reports.digest_rows import (
    Due,
    MovedRow,
    OpenRow,
    Received,
    Remark,
    Resolved,
    Week,
    all_as_of,
    closed_shown,
    due_rows,
    is_past,
    learning_rows,
    missing_names,
    moved,
    open_row,
    received,
    resolved,
    resolved_but,
)
from mailbot.core.reports.measures import CountedBy, Feedback, feedback, within_period
from mailbot.core.reports.portions import AddedUp


@dataclass(frozen=True, slots=True)
class Working:
    """That mailbot is at work, as only the day itself can say. ``last_read`` local; None when it never was. ``deaf``:
    the second reader's files cannot be used, so what the rules do not understand is asked about. ``unread``: the
    mailbox has not been read for longer than the site's patience. ``held``: mail that waits for a person, by number and
    reason."""

    last_read: datetime | None
    letters_waiting: int
    deaf: bool = False
    unread: bool = False
    held: tuple[tuple[int, str], ...] = ()

    @property
    def is_wrong(self) -> bool:
        return self.deaf or self.unread


@dataclass(frozen=True, slots=True)
class RecordSoFar:
    """An anchor outside the database: how much the record held, and a hash that covers all of it (S30)."""

    entries: int
    disputes: int
    ending: str


# Of each part of a digest so many rows stand in the letter, what matters first; the rest are counted there, and all of
# them go with it as a list. A mail program cuts a letter off at some hundred kilobytes.
MOST_IN_A_LETTER = 30


@dataclass(frozen=True, slots=True)
class Digest:
    """``start`` and ``end`` are aware; the week is from ``start`` up to, and not including, ``end``."""

    partnership: str
    short: str
    mailbox: str
    risk: str
    subject_word: str
    start: datetime
    end: datetime
    needs: tuple[Need, ...]
    unclear: int  # messages whose writers were asked less than a working day ago
    past_limit: tuple[OpenRow, ...]
    due: tuple[Due, ...]
    opened: tuple[OpenRow, ...]
    moved: tuple[MovedRow, ...]
    resolved: tuple[Resolved, ...]
    resolved_but: tuple[Remark, ...]
    missing_names: tuple[Remark, ...]
    learning: tuple[Remark, ...]
    feedback: FeedbackTold | None
    others: tuple[OpenRow, ...]  # open, neither past the limit nor due this week
    figures: Figures
    received: Received
    open_now: int
    silent: tuple[Silent, ...] = ()
    working: Working | None = None
    record: RecordSoFar | None = None
    next_by: date | None = None  # the day by which the next comes, whatever happens, where weeks of nothing get none

    @property
    def most(self) -> int:
        """Rows of a part that stand in the letter."""
        return MOST_IN_A_LETTER

    @property
    def is_long(self) -> bool:
        """Are there more rows than stand in the letter?"""
        kinds = (found for _, found in self.groups)
        days = (day.rows for day in self.due)
        told = (self.past_limit, self.opened, self.moved, self.resolved, self.resolved_but, self.missing_names)
        return any(len(rows) > MOST_IN_A_LETTER for rows in (*kinds, *days, *told, self.learning, self.others))

    @property
    def is_quiet(self) -> bool:
        """Is there nothing to tell of the week, and nothing open, waiting or wrong? Of such a week no letter goes."""
        stands = self.needs or self.past_limit or self.due or self.others or self.unclear or self.open_now
        moved = self.opened or self.moved or self.resolved or self.resolved_but or self.received.total
        told = self.missing_names or self.learning or self.feedback or self.silent
        amiss = self.working and (self.working.deaf or self.working.unread or self.working.held)
        return not (stands or moved or told or amiss)

    @property
    def due_now(self) -> int:
        return sum(len(day.rows) for day in self.due)

    @property
    def groups(self) -> tuple[tuple[NeedKind, tuple[Need, ...]], ...]:
        """``needs`` by kind, in the order shown."""
        return tuple((kind, found) for kind in NeedKind if (found := tuple(n for n in self.needs if n.kind is kind)))

    @property
    def out_of_scope(self) -> int:
        return dict(self.received.parts).get("out of scope", 0)


def _asks_for_silence(protocol: Protocol, calendar: Calendar, week: Week) -> bool:
    return protocol.digest.silent_agencies and is_first_of_month(*week, calendar)


@dataclass(frozen=True, slots=True)
class DigestMaterial:
    """What the weekly digest is made from beside the disputes.

    ``held``: the mail that waited at the week's end; ``counts``: what became of the week's messages by disposition, and
    "received" for how many there were; ``agencies`` are the directory's; ``elsewhere`` what happened outside any
    dispute.
    """

    week: Week
    held: Sequence[HeldMessage] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    agencies: Sequence[str] = ()
    elsewhere: Elsewhere = NOTHING_ELSEWHERE
    who_was_told: WhoWasTold | None = None
    closed: Mapping[str, str] = field(default_factory=dict)  # agencies closed in the coming week, and how long


@dataclass(frozen=True, slots=True)
class DigestCounted(AddedUp):
    """What the weekly digest takes from disputes, as they stood at the week's end: from a portion of them, or added up
    from all. ``rows`` are the open ones; ``unanswered`` those of whose end nobody says how it went."""

    rows: "Rows"
    needs: tuple[Need, ...]
    opened: "Rows"
    moved: tuple[MovedRow, ...]
    resolved: tuple[Resolved, ...]
    resolved_but: tuple[Remark, ...]
    unanswered: tuple[Remark, ...]
    missing_names: tuple[Remark, ...]
    learning: tuple[Remark, ...]
    feedback: Feedback
    ideas: tuple[str, ...]
    figures: FiguresCounted
    heard: LastHeard


def digest_counted(disputes: Iterable[Dispute], made_from: DigestMaterial, by: CountedBy) -> DigestCounted:
    """What the weekly digest takes from ``disputes``, each with all that has happened since."""
    week, protocol, calendar = made_from.week, by.protocol, by.calendar
    end, then = week[1], all_as_of(disputes, week[1])
    rows = {
        d.reference: closed_shown(open_row(d, protocol, calendar, by.limit_of(d), end), d, made_from.closed)
        for d in then
        if d.is_open
    }
    given = feedback(then, week)
    return DigestCounted(
        rows=tuple(rows.values()),
        needs=needs_in(then, by, week, made_from.who_was_told),
        opened=_opened(then, rows, protocol, calendar, week),
        moved=moved(then, protocol, week),
        resolved=resolved(then, protocol, calendar, week),
        resolved_but=resolved_but(then, protocol, calendar.local(end).date(), week),
        unanswered=unanswered_ends(then, calendar, end),
        missing_names=missing_names(then, protocol),
        learning=learning_rows(then, protocol, week),
        feedback=given,
        ideas=ideas_told(then, given),
        figures=figures_counted(then, by, week),
        heard=last_heard(then),
    )


def digest(counted: DigestCounted, made_from: DigestMaterial, by: CountedBy) -> Digest:
    """The weekly digest as things stood at the week's end; instants come out in local time. Raises OutOfRange."""
    week, protocol, calendar = made_from.week, by.protocol, by.calendar
    past, coming, others = _sorted(counted.rows, calendar, week[1])
    silent = _asks_for_silence(protocol, calendar, week)
    return Digest(
        partnership=protocol.partnership,
        short=protocol.short,
        mailbox=protocol.mailbox,
        risk=protocol.risk.line,
        subject_word=protocol.subject,
        start=calendar.local(week[0]),
        end=calendar.local(week[1]),
        needs=needs(counted.needs, made_from.held, made_from.elsewhere, calendar, week),
        unclear=unclear_meanwhile(made_from.held, calendar, week[1]),
        past_limit=past,
        due=coming,
        opened=counted.opened,
        moved=counted.moved,
        resolved=counted.resolved,
        resolved_but=(*counted.resolved_but, *counted.unanswered),
        missing_names=counted.missing_names,
        learning=counted.learning,
        feedback=feedback_told(counted.feedback, counted.ideas),
        others=others,
        figures=figures(counted.figures, coming, by, week, made_from.elsewhere.all_urgent),
        received=received(made_from.counts),
        open_now=len(counted.rows),
        silent=silent_agencies(counted.heard, made_from.agencies, calendar, week[1]) if silent else (),
    )


Rows = tuple[OpenRow, ...]


def _sorted(rows: Collection[OpenRow], calendar: Calendar, end: datetime) -> tuple[Rows, tuple[Due, ...], Rows]:
    """The order in which the digest has open disputes, each once: past its limit, the longest first; due in the next
    seven days; the others."""
    past = tuple(sorted((r for r in rows if is_past(r, end)), key=lambda r: (-r.days_over, r.reference)))
    coming = due_rows(rows, calendar, end)
    shown = {r.reference for r in (*past, *(r for day in coming for r in day.rows))}
    return past, coming, tuple(r for r in rows if r.reference not in shown)


def _opened(
    then: Sequence[Dispute], rows: Mapping[str, OpenRow], protocol: Protocol, calendar: Calendar, week: Week
) -> Rows:
    raising = [clock for clock in protocol.clocks.values() if clock.start is Happening.DECISION_MADE]
    found = []
    for dispute in (d for d in then if within_period(d.opened, week)):
        shown = rows.get(dispute.reference) or open_row(dispute, protocol, calendar, None, week[1])
        late = dispute.decision_on and any(raised_late(dispute, protocol, calendar, clock) for clock in raising)
        found.append(replace(shown, note="raised later than the procedure asks") if late else shown)
    return tuple(found)
