"""The daily word: every open limit, on the day it falls, ahead or gone by, and nothing on a day without anything."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from mailbot.core.clocks.limits import Limit, stage_limit
from mailbot.core.record.dispute import Dispute
from mailbot.core.reports.daily_word import Heartbeat, daily_word, word_counted
from mailbot.core.reports.digest import Working
from mailbot.core.reports.measures import CountedBy
from tests.unit.mail.letters import letter_stories as s

WEDNESDAY = datetime(2026, 9, 9, 8, 0, tzinfo=UTC)


def word(*disputes: Dispute, limits: dict[str, timedelta | None]) -> Heartbeat | None:
    """The word of that Wednesday, 09:00 in the United Kingdom; each limit so long after it, or none."""

    def limit_of(dispute: Dispute) -> Limit | None:
        after, own = limits[dispute.reference], stage_limit(dispute, s.PROTOCOL, s.CALENDAR)
        assert own is not None
        return replace(own, holds=s.CALENDAR.local(WEDNESDAY + after)) if after is not None else None

    by = CountedBy(s.PROTOCOL, s.CALENDAR, limit_of)
    counted = word_counted(disputes, by, (WEDNESDAY - timedelta(days=1), WEDNESDAY))
    return daily_word(counted, Working(s.CALENDAR.local(WEDNESDAY), 0), s.PROTOCOL, s.CALENDAR, WEDNESDAY)


def named(number: int) -> Dispute:
    return replace(s.opened(), reference=f"NC-26-{number:04d}")


def test_each_open_limit_stands_once_by_its_day() -> None:
    hour, day = timedelta(hours=1), timedelta(days=1)
    after = (hour, day, -day, -2 * day, None)
    limits = {f"NC-26-{number:04d}": one for number, one in enumerate(after, 1)}
    made = word(*(named(number) for number in range(1, 6)), limits=limits)
    assert made is not None
    assert [row.reference for row in made.today] == ["NC-26-0001"]
    assert [[row.reference for row in due.rows] for due in made.later] == [["NC-26-0002"]]
    assert [row.reference for row in made.past] == ["NC-26-0004", "NC-26-0003"]
    assert [row.reference for row in made.without] == ["NC-26-0005"]
    assert made.open_now == 5


def test_there_is_no_word_where_nothing_falls_today() -> None:
    assert word(named(1), named(2), limits={"NC-26-0001": timedelta(days=1), "NC-26-0002": None}) is None
