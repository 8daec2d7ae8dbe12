"""A day is closed while disputes are open: what has not passed moves, what has passed stays, everybody is told."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from mailbot.shell.config.closures_and_bank_holidays import calendar_for
from tests.scenarios.north_somerset.test_to_the_end import opened
from tests.sites import bot_for
from tests.story import Story


def _proclaim(story: Story, day: date, name: str) -> None:
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
        _proclaim(story, date(2026, 9, 8), "Day of national mourning")
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
        _proclaim(story, date(2026, 9, 8), "Day of national mourning")
        story.expect()
        assert (story.dispute().stage, story.limit()) == ("2", "Thu 10 Sep 17:00")
