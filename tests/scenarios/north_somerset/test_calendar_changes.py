"""A day is closed while disputes are open: what has not passed moves, what has passed stays, everybody is told."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from mailbot.core.record.events import CalendarMoved
from mailbot.shell.config.closures_and_bank_holidays import calendar_for
from tests.scenarios.north_somerset.test_to_the_end import opened
from tests.sites import bot_for
from tests.story import Story


def proclaim(story: Story, day: date, name: str) -> None:
    """The service is started again with a calendar that has one more closed day."""
    old = story.site.current
    rule = replace(old.calendar.rule, also_closed={day: name})
    new = replace(old, calendar=calendar_for(rule, story.now.date()))
    story.site = replace(story.site, current=new, versions=dict.fromkeys(story.site.versions, new))
    story.bot = bot_for(story.site, story.store, story.mailbox, story.postman)
    story.bot.begin(story.now)
    story.turn()


def test_a_day_of_mourning_moves_an_open_limit_and_says_so_in_the_thread(tmp_path: Path) -> None:
    """NS-02."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        assert story.limit() == "Tue 08 Sep 17:00"
        proclaim(story, date(2026, 9, 8), "Day of national mourning")
        letter = story.expect(("calendar_moved", "hartwell"), ("calendar_moved", "fenn"))[0]
        assert story.limit() == "Wed 09 Sep 17:00"
        assert "5pm on Wednesday 9 September" in letter.text
        assert "Closed, and so not counted: Tuesday 8 September (Day of national mourning)." in letter.text
        assert letter.text.index("999") < letter.text.index("9 September")
        story.bot.begin(story.now)
        story.turn()
        story.expect()


def test_a_limit_that_has_passed_does_not_come_back(tmp_path: Path) -> None:
    """NS-02 (engine rule B2.8; A6.8)."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.until("2026-09-08 17:00")
        story.letters()
        proclaim(story, date(2026, 9, 8), "Day of national mourning")
        story.expect()
        assert (story.dispute().stage, story.limit()) == ("2", "Thu 10 Sep 17:00")


def test_a_closed_day_that_is_taken_back_makes_nobodys_time_shorter(tmp_path: Path) -> None:
    """I15: typed in at noon by mistake, and taken out again on the morning of the limit that was."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        proclaim(story, date(2026, 9, 8), "Day of national mourning")
        story.expect(("calendar_moved", "hartwell"), ("calendar_moved", "fenn"))
        proclaim(story, date(2026, 12, 29), "offices closed")
        story.expect()
        assert story.limit() == "Wed 09 Sep 17:00"
        story.bot.begin(story.now)
        story.turn()
        story.until("2026-09-08 17:30")
        assert story.dispute().stage == "1"
        story.letters()
        story.until("2026-09-09 17:00")
        assert story.dispute().stage == "2"
        story.letters()


def test_a_date_for_the_child_still_shortens_what_a_calendar_may_not(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        proclaim(story, date(2026, 9, 8), "Day of national mourning")
        proclaim(story, date(2026, 12, 29), "offices closed")
        story.letters()
        story.mail("hartwell", "NEEDED BY 8 September 2026 because of the hearing", subject="[NS-26-0001]")
        assert story.limit() == "Tue 08 Sep 17:00"
        story.letters()


def test_that_a_day_was_taken_back_is_recorded_once_and_told_to_nobody(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        proclaim(story, date(2026, 9, 8), "offices closed")
        opened(story)
        assert story.limit() == "Wed 09 Sep 17:00"
        proclaim(story, date(2026, 12, 29), "offices closed")
        story.bot.begin(story.now)
        story.turn()
        story.expect()
        assert story.limit() == "Wed 09 Sep 17:00"
        moved = [event for event in story.dispute().history if isinstance(event, CalendarMoved)]
        assert [event.was == event.becomes for event in moved] == [True]
