"""Invented views of the letters to the partnership's office: a full digest and an empty one, a full and a bare word."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from mailbot.core.telling.digest import Digest, RecordSoFar, Working
from mailbot.core.telling.digest_feedback import Told
from mailbot.core.telling.digest_figures import Bar, Day, Figure, Figures, WeekCount
from mailbot.core.telling.digest_needs import Need, NeedKind
from mailbot.core.telling.digest_rows import Due, Moved, OpenRow, Received, Remark, Resolved
from mailbot.core.telling.heartbeat import Heartbeat, Passed
from mailbot.core.telling.measures import Share
from mailbot.core.telling.silence import Silent
from mailbot.mail.writing.sample import RISK

_PARTNERSHIP, _SHORT = "Northshire Safeguarding Children Partnership", "NSCP"
_AT = datetime(2026, 9, 14, 7, tzinfo=UTC)
_BOTH = ("Harbourside School", "Children's Social Care")
_ROW = OpenRow("NC-26-0012", *_BOTH, "Stage 2", "Line manager", _AT, 2, _AT, _AT.date(), "raised late")
_WORKING = Working(_AT, 1)


def full_digest() -> Digest:
    """A digest with a row in every part, and a count that does not add up."""
    remark = Remark("NC-26-0012", "1 action without an actual date")
    needs = (
        Need("A message may have meant immediate danger. Told at once: Line manager", "NC-26-0012", _AT,
             NeedKind.URGENT),
        Need("Message 3 has waited 2 days: two references", "", _AT, NeedKind.UNCLEAR, 3),
    )  # fmt: skip
    return Digest(
        partnership=_PARTNERSHIP, short=_SHORT, mailbox="escalation@partnership.example", risk=RISK,
        subject_word="child", start=_AT - timedelta(days=7), end=_AT, needs=needs, unclear=1, past_limit=(_ROW,),
        due=(Due(_AT.date(), (_ROW,)),), opened=(_ROW,),
        moved=(Moved("NC-26-0012", "Stage 2", "by the limit", "nobody has written"),),
        resolved=(
            Resolved("NC-26-0011", "Stage 1", "Resolved by agreement", 1),
            Resolved("NC-26-0010", "Stage 1", "Withdrawn by the raising agency", 2, True),
        ),
        resolved_but=(remark,), missing_names=(remark,), learning=(remark,),
        feedback=Told((0, 0, 1, 2, 0), ("Shorter letters.",)), others=(_ROW,), figures=_figures(),
        received=Received(3, (("filed", 1), ("out of scope", 1)), 1), open_now=1,
        silent=(Silent("Northshire Police", _AT.date()), Silent("Northshire NHS Trust", None)), working=_WORKING,
        record=RecordSoFar(412, 37, "3f9a" * 16),
    )  # fmt: skip


def _figures() -> Figures:
    days = tuple(_AT.date() + timedelta(days=n) for n in range(7))
    return Figures(
        stages=(Bar("Stage 1", 3), Bar("Stage 2", 1), Bar("Stage 3", 0)),
        days=tuple(Day(day, n % 3, "" if day.weekday() < 5 else f"{day:%A}") for n, day in enumerate(days)),
        weeks=tuple(WeekCount(_AT.date() - timedelta(days=7 * n), n % 4, n % 3, n % 2) for n in range(8, 0, -1)),
        moves=(Bar("By the limit: nobody had answered", 3), Bar("By a person", 4), Bar("Referred by a person", 0)),
        drift=Share(3, 7),
        since=date(2026, 7, 20),
        rows=(Figure("Moved by the limit", "3 of 7", "moves because nobody had answered, of all moves"),),
    )


def bare_digest() -> Digest:
    """A week in which nothing happened."""
    full = full_digest()
    none = replace(
        full.figures, stages=tuple(replace(bar, number=0) for bar in full.figures.stages),
        days=tuple(replace(day, due=0) for day in full.figures.days),
        weeks=tuple(replace(week, raised=0, closed=0, by_limit=0) for week in full.figures.weeks),
        moves=tuple(replace(bar, number=0) for bar in full.figures.moves), drift=Share(0, 0),
    )  # fmt: skip
    return replace(
        full, needs=(), unclear=0, past_limit=(), due=(), opened=(), moved=(), resolved=(), resolved_but=(),
        missing_names=(), learning=(), feedback=None, others=(), figures=none, received=Received(0, (), 0), open_now=0,
        silent=(), working=None, record=None,
    )  # fmt: skip


def full_heartbeat() -> Heartbeat:
    """A morning with something of every kind."""
    return Heartbeat(
        partnership=_PARTNERSHIP, short=_SHORT, risk=RISK, subject_word="child", day=_AT.date(), working=_WORKING,
        open_now=4, today=(_ROW,), later=(Due(date(2026, 9, 16), (_ROW,)),), past=(_ROW,),
        without=(replace(_ROW, limit=None),),
        meanwhile=(Passed("NC-26-0009", "Stage 1", _AT),),
    )  # fmt: skip


def bare_heartbeat() -> Heartbeat:
    """One dispute, at a stage that sets no limit, and a mailbox that was never read."""
    return replace(full_heartbeat(), working=Working(None, 0), open_now=1, today=(), later=(), past=(), meanwhile=())
