"""Two processes, one mailbox: whoever has lost the lease decides nothing more, however late it notices."""

from datetime import timedelta
from pathlib import Path

import pytest

from mailbot.shell.store.stored_values import LeaseLost
from tests.scenarios.north_somerset.test_to_the_end import opened
from tests.story import Story


def test_a_process_that_slept_past_its_lease_commits_nothing(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        site, store, now = story.site, story.store, story.now
        story.bot.epoch = store.try_lease(site.id, site.inbox, "the sleeper", now, now + timedelta(seconds=150))
        later = now + timedelta(minutes=10)
        assert store.try_lease(site.id, site.inbox, "its successor", later, later + timedelta(seconds=150)) == 2

        with pytest.raises(LeaseLost):
            story.mail("hartwell", "ESCALATE", "2026-09-07 11:00", subject="RE: [NS-26-0001]", to=["fenn"])
        assert story.dispute().stage == "1"
        assert store.waiting(site.id).unread == 1, "it is kept, for whoever has the mailbox now"

        story.bot.epoch = 2
        story.turn()
        story.expect(
            ("stage_entered", "oakes"), ("stage_entered", "peake"), ("summary", "hartwell"), ("summary", "fenn")
        )
