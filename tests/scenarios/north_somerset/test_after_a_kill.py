"""After a kill: the next process works within seconds, and finds what the dead one had begun. No time is slept."""

from datetime import timedelta
from pathlib import Path

import pytest

from mailbot.core.record.events import LimitPassed
from mailbot.shell.errors import Unreachable
from mailbot.turns.sending_and_filing import CLAIM
from mailbot.turns.service import LEASE, RENEW, STANDING_BY
from tests.fakes import PostmanFake
from tests.scenarios.north_somerset.test_to_the_end import opened, raise_it
from tests.sites import bot_for
from tests.story import Story, at


class Killed(BaseException):
    """As kill -9, at a point that was named."""


def dying_at(story: Story, point: str) -> None:
    def dies(passed: str) -> None:
        if passed == point:
            raise Killed

    story.bot = bot_for(story.site, story.store, story.mailbox, story.postman, dies)


def restarted(story: Story) -> None:
    story.bot = bot_for(story.site, story.store, story.mailbox, story.postman)


def test_whoever_is_started_after_a_kill_has_the_mailbox_within_fifteen_seconds(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        store, name, killed = story.store, story.site.id, story.now
        assert store.try_lease(name, "INBOX", "here:1", killed, killed + LEASE) == 1  # renewed in its last moment
        looks = 0
        now = killed
        while store.try_lease(name, "INBOX", "here:2", now, now + LEASE) is None:
            now += timedelta(seconds=STANDING_BY)
            looks += 1
        assert now - killed <= timedelta(seconds=14)
        assert looks == 9
        assert RENEW * 3 < LEASE, "a living one misses two renewals before it is taken for dead"


@pytest.mark.parametrize("point", ["claimed", "sent"])
def test_letters_that_the_dead_had_claimed_go_with_the_next_turn(tmp_path: Path, point: str) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        dying_at(story, point)
        with pytest.raises(Killed):
            raise_it(story)
        before = [envelope.raw for envelope in story.postman.sent]
        story._seen = len(before)
        restarted(story)
        story.now += timedelta(seconds=14)
        story.turn()
        sent = list(story.postman.sent[len(before) :])
        assert {(x.letter, x.to) for x in story.letters()} == {("opened", "hartwell"), ("opened", "fenn")}
        assert all(raw in [envelope.raw for envelope in sent] for raw in before), "byte for byte the same"


def test_filings_that_the_dead_had_claimed_are_done_with_the_next_turn(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        dying_at(story, "moved")
        with pytest.raises(Killed):
            raise_it(story)
        restarted(story)
        story.now += timedelta(seconds=14)
        story.turn()
        assert story.store.waiting(story.site.id).filings == 0
        story.letters()


class Interrupted(PostmanFake):
    """A postman during whose round the database is away for a moment."""

    def send(self, envelopes):  # type: ignore[no-untyped-def]
        raise Unreachable("the database", "server closed the connection unexpectedly")


def test_what_a_living_process_failed_to_write_down_does_not_lie_for_twenty_minutes(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        good = story.postman
        story.postman = Interrupted()
        restarted(story)
        raise_it(story)
        with pytest.raises(Unreachable):
            story.bot.send(story.now)
        states = {x.state.value for x in story.store.letters(story.site.id, story.first)}
        assert states == {"sending"}
        story.bot._postroom._postman = story.postman = good
        story.now += timedelta(seconds=30)
        assert timedelta(seconds=30) < CLAIM
        story.turn()
        story.expect(("opened", "hartwell"), ("opened", "fenn"))


@pytest.mark.parametrize("moment", ["stored", "decided"])
def test_the_mailbox_counts_as_read_only_when_what_was_read_is_decided(tmp_path: Path, moment: str) -> None:
    """A mail lies kept and unread when the process dies, half a minute after the limit: the limit has not passed for
    whoever comes next, until it is read. So too where it dies with all fetched, and the decision not yet written."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.until("2026-09-08 16:45")
        story.letters()
        dying_at(story, moment)
        story.now = at("2026-09-08 17:00") + timedelta(seconds=30)
        with pytest.raises(Killed):
            story.mail("hartwell", "RESOLVED\nA visit by 11 September 2026.", subject="[NS-26-0001]")
        restarted(story)
        drained = story.store.last_drained(story.site.id, story.site.inbox)
        assert drained is not None
        assert drained < at("2026-09-08 17:00")
        assert story.store.waiting(story.site.id).unread == 1
        assert not story.bot.stands_still(story.now)
        story.bot.tick(story.now)
        assert not any(isinstance(event, LimitPassed) for event in story.dispute().history)
        story.turn()
        assert story.store.waiting(story.site.id).unread == 0
        story.letters()


def test_a_letter_is_refused_and_told_of_in_one_transaction(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.postman.says = {story.address["fenn"]: "550 5.1.1 user unknown"}
        dying_at(story, "given up")
        with pytest.raises(Killed):
            raise_it(story)
        assert {x.state.value for x in story.store.letters(story.site.id, story.first)} == {"sent", "sending"}
        restarted(story)
        story.turn()
        assert ("not_delivered", "bm") in {(x.letter, x.to) for x in story.letters()}
