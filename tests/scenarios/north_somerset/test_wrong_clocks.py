"""Clocks: one that the mail server contradicts moves nothing, and what it wrote down before proves nothing."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mailbot.shell.servers.mailbox_interface import Folder
from mailbot.shell.servers.postman_interface import Outcome
from mailbot.watching.clock_watch import CLOCK_WRONG, ClockWatch, TellsTime
from mailbot.watching.health import health
from tests.fakes import MailboxFake
from tests.scenarios.north_somerset.test_to_the_end import at_stage_2, opened
from tests.sites import bot_for
from tests.story import Story, at


class MailboxWithClock(MailboxFake):
    """A mailbox on a server that has a clock of its own: ``server_now``, or that of the story where it is None."""

    def __init__(self, like: MailboxFake, story: Story) -> None:
        self.__dict__.update(like.__dict__)
        self.story, self.server_now = story, None
        self.asked = 0

    server_now: datetime | None

    def server_time(self, folder: Folder, raw: bytes) -> datetime | None:
        self._up()
        self.asked += 1
        return self.server_now or self.story.now


def watched(story: Story) -> MailboxWithClock:
    """From here on the story's bot asks its mail server for the time."""
    story.mailbox = MailboxWithClock(story.mailbox, story)
    assert isinstance(story.mailbox, TellsTime)
    story.bot = bot_for(story.site, story.store, story.mailbox, story.postman)
    begun(story.bot.clock, story)
    return story.mailbox


def begun(clock: ClockWatch, story: Story) -> None:
    """The watch begins; the clock that never goes back goes with the story's until a test parts them."""
    start = story.now
    clock.watches, clock.elapsed = True, lambda: (story.now - start).total_seconds()


def test_a_clock_three_days_ahead_sends_nothing_but_word_to_the_office(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        server = watched(story)
        server.server_now = at("2026-09-07 10:30")
        story.now = at("2026-09-10 10:30")
        story.turn()
        told = story.expect(("trouble_told", "bm"))[0]
        assert "please have its clock put right today" in told.text
        assert "This machine says Thu 10 Sep 10:30, the mail server says Mon 7 Sep 10:30" in told.text
        assert story.dispute().stage == "1"
        assert list(story.store.noted(story.site.id, CLOCK_WRONG))
        story.turn()
        story.expect()


def test_what_waits_to_be_sent_waits_while_the_clock_is_wrong(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        server = watched(story)
        story.postman.script = {story.address["fenn"]: [Outcome.DEFERRED]}
        story.mail("hartwell", "RESOLVED\nA visit by 11 September 2026.", "2026-09-07 10:30", subject="[NS-26-0001]")
        waiting = [(x.letter, x.state.value) for x in story.store.letters(story.site.id, story.first)]
        assert ("proposed", "deferred") in waiting
        story.letters()
        server.server_now = at("2026-09-07 10:31")
        story.now = at("2026-09-10 10:30")
        story.turn()
        story.expect(("trouble_told", "bm"))
        story.now, server.server_now = at("2026-09-07 11:31"), None
        story.turn()
        story.expect(("proposed", "fenn"))


def test_when_the_clock_is_right_again_it_goes_on_by_itself(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        server = watched(story)
        server.server_now = at("2026-09-07 10:30")
        story.now = at("2026-09-10 10:30")
        story.turn()
        story.letters()
        story.now, server.server_now = at("2026-09-07 10:31"), None
        story.turn()
        assert story.store.noted(story.site.id, CLOCK_WRONG) == {}
        story.until("2026-09-08 08:55")
        story.expect()
        story.until("2026-09-08 17:00")
        assert story.dispute().stage == "2"
        story.letters()


def test_danger_is_answered_by_a_wrong_clock_as_by_a_right_one(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        server = watched(story)
        server.server_now = at("2026-09-07 10:30")
        story.now = at("2026-09-10 10:30")
        story.mail("oakes", "K says she is at immediate risk of harm tonight.", subject="[NS-26-0001]")
        sent = {(letter.letter, letter.to) for letter in story.letters()}
        assert sent == {("trouble_told", "bm"), ("urgent", "oakes"), ("urgent_told", "bm")}
        assert story.dispute().stage == "1"


def test_a_clock_that_is_behind_is_found_out_too(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        server = watched(story)
        server.server_now = at("2026-09-09 10:30")
        story.mail("hartwell", "RESOLVED\nA visit by 11 September 2026.", subject="[NS-26-0001]")
        story.expect(("trouble_told", "bm"))


def test_a_record_of_the_future_is_said_where_no_server_has_a_clock_of_its_own(tmp_path: Path) -> None:
    """A Maildir has no other clock than the machine's: what was written down before is held against it."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.until("2026-09-08 17:00")
        story.letters()
        story.now = at("2026-09-07 12:00")
        begun(story.bot.clock, story)
        story.turn()
        told = story.expect(("trouble_told", "bm"))[0]
        assert told.subject == "The clock is wrong, or was: please look today"
        assert "stands still" not in told.text
        assert "This machine says Mon 7 Sep 12:00, the record's newest entry Tue 8 Sep 17:00" in told.text
        said = "the record's newest entry is of Tue 8 Sep 17:00: this machine's clock is behind, or was ahead"
        assert said in health(story.site, story.store, story.now).wrong
        story.now += timedelta(hours=2)
        story.turn()
        story.expect()
        story.now = at("2026-09-08 17:01")
        story.turn()
        assert health(story.site, story.store, story.now).wrong == ()


def test_where_no_server_has_a_clock_a_jump_of_days_moves_nothing_until_patience_has_run_out(tmp_path: Path) -> None:
    """A Maildir: nobody can say by which of the two the clock was wrong, and so it is said, and nothing is done."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        begun(story.bot.clock, story)
        story.turn()
        ticking = story.bot.clock.elapsed() + 60
        story.bot.clock.elapsed = lambda: ticking + (story.now - at("2026-09-10 10:30")).total_seconds()
        story.now = at("2026-09-10 10:30")
        story.turn()
        told = story.expect(("trouble_told", "bm"))[0]
        assert "This machine says Thu 10 Sep 10:30, by what it said before it is Mon 7 Sep 10:13" in told.text
        assert story.dispute().stage == "1"
        (wrong,) = [one for one in health(story.site, story.store, story.now).wrong if "clock" in one]
        assert wrong.startswith("the clock is wrong: ")
        story.mail("oakes", "K says she is at immediate risk of harm tonight.", subject="[NS-26-0001]")
        assert ("urgent", "oakes") in {(letter.letter, letter.to) for letter in story.letters()}
        for minutes in range(30, 240, 30):
            story.now = at("2026-09-10 10:30") + timedelta(minutes=minutes)
            story.turn()
            assert story.dispute().stage == "1"
        story.now = at("2026-09-10 14:31")
        story.turn()
        assert story.dispute().stage == "2", "nothing has contradicted it for four hours"
        assert not any("clock" in one for one in health(story.site, story.store, story.now).wrong)
        story.letters()


def begun_anew(story: Story, start: str, ticks: timedelta) -> None:
    """Another process, as cron starts one: it knows only what is written down, and this machine's clock since its
    start."""
    story.bot = bot_for(story.site, story.store, story.mailbox, story.postman)
    story.bot.clock.watches, story.bot.clock.start = True, start
    story.bot.clock.elapsed = ticks.total_seconds


@pytest.mark.parametrize("days", [3, -3])
def test_a_jump_of_days_between_two_runs_by_cron_moves_nothing_until_patience_has_run_out(
    tmp_path: Path, days: int
) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        begun_anew(story, "start 1", timedelta(hours=5))
        story.turn()
        jumped = story.now + timedelta(days=days)
        for minutes in range(5, 240, 35):
            story.now = jumped + timedelta(minutes=minutes)
            begun_anew(story, "start 1", timedelta(hours=5, minutes=minutes))
            story.turn()
            assert story.dispute().stage == "1"
            assert [one for one in health(story.site, story.store, story.now).wrong if "the clock is wrong" in one]
        assert {(letter.letter, letter.to) for letter in story.letters()} == {("trouble_told", "bm")}
        story.now = jumped + timedelta(minutes=246)
        begun_anew(story, "start 1", timedelta(hours=5, minutes=246))
        story.turn()
        assert story.dispute().stage == ("2" if days > 0 else "1")
        assert ("trouble_told" in {letter.letter for letter in story.letters()}) == (days < 0)  # the record is ahead
        assert not [one for one in health(story.site, story.store, story.now).wrong if "the clock is wrong" in one]
        story.now = max(
            story.now, story.now - timedelta(days=days)
        )  # what is looked at last is looked at by a right clock


@pytest.mark.parametrize(("start", "ticks"), [("start 1", timedelta(days=3)), ("start 2", timedelta(minutes=2))])
def test_a_machine_that_was_off_or_slept_for_days_goes_on_at_once(tmp_path: Path, start: str, ticks: timedelta) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        begun_anew(story, "start 1", timedelta(0))
        story.turn()
        story.now += timedelta(days=3)
        begun_anew(story, start, ticks)
        story.turn()
        assert story.dispute().stage == "2"
        assert "trouble_told" not in {letter.letter for letter in story.letters()}


def test_a_jump_that_is_taken_back_is_over_at_once(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        begun(story.bot.clock, story)
        story.turn()
        ticking = story.bot.clock.elapsed() + 60
        story.bot.clock.elapsed = lambda: ticking
        right, story.now = story.now + timedelta(minutes=1), at("2026-09-10 10:30")
        story.turn()
        story.expect(("trouble_told", "bm"))
        story.now = right
        story.turn()
        story.expect()
        assert not any("clock" in one for one in health(story.site, story.store, story.now).wrong)
        assert story.limit() == "Tue 08 Sep 17:00"


def test_a_right_clock_is_asked_about_once_an_hour_and_after_a_jump(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        server = watched(story)
        story.turn()
        assert server.asked == 1
        story.now += timedelta(minutes=30)
        story.turn()
        assert server.asked == 1
        story.now += timedelta(minutes=31)
        story.turn()
        assert server.asked == 2
        clock = story.bot.clock
        before = clock.elapsed
        clock.elapsed = lambda: before() - 600
        story.turn()
        assert server.asked == 3


def test_a_server_that_cannot_be_asked_stops_nothing(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        server = watched(story)
        server.down = "timed out"
        story.turn()
        story.expect()
        server.down = ""
        story.turn()
        story.expect()


def test_what_was_last_read_in_the_future_is_no_proof_that_anything_was_read(tmp_path: Path) -> None:
    """The mailbox is down when the limit comes, and a reading three days ahead stands in the store: the limit waits for
    the mailbox, as long as for any other."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.until("2026-09-08 15:00")
        story.letters()
        story.store.drained(story.site.id, story.site.inbox, at("2026-09-11 12:00"))
        story.mailbox.down = "timed out"
        story.until("2026-09-08 16:00")
        story.until("2026-09-08 17:30")
        assert story.dispute().stage == "1"
        story.mailbox.down = ""
        story.turn()
        assert story.dispute().stage == "2"
        assert story.store.last_drained(story.site.id, story.site.inbox) == story.now
        story.letters()


def test_a_note_and_a_lease_of_the_future_give_way_to_the_present(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        store, name, now = story.store, story.site.id, story.now
        store.note(name, "post", now + timedelta(days=3))
        store.note(name, "post", now)
        assert store.last(name, "post") == now
        store.note(name, "post", now - timedelta(minutes=5))
        assert store.last(name, "post") == now, "an earlier instant changes nothing"
        ahead = now + timedelta(days=3)
        assert store.try_lease(name, "INBOX", "dead:1", ahead, ahead + timedelta(seconds=12)) == 1
        assert store.try_lease(name, "INBOX", "living:2", now, now + timedelta(seconds=12)) == 2
        assert store.try_lease(name, "INBOX", "third:3", now, now + timedelta(seconds=12)) is None


def test_a_clock_that_jumps_while_no_server_can_be_asked_moves_nothing_until_patience_has_run_out_on_it(
    tmp_path: Path,
) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        server = watched(story)
        story.turn()
        server.down = "connection refused"
        ticking = story.bot.clock.elapsed() + 60
        story.bot.clock.elapsed = lambda: ticking
        story.now = at("2026-09-10 10:30")
        story.turn()
        story.expect()
        assert story.dispute().stage == "1"
        server.down, story.now = "", at("2026-09-07 11:00")
        story.turn()
        story.expect()
        assert story.limit() == "Tue 08 Sep 17:00"


def test_a_mailbox_that_is_down_from_the_start_stops_nobody_for_longer_than_patience(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        server = watched(story)
        server.down = "connection refused"
        for minutes in range(0, 250, 50):
            story.now = at("2026-09-08 16:30") + timedelta(minutes=minutes)
            story.bot = bot_for(
                story.site, story.store, story.mailbox, story.postman
            )  # as from cron: a start each time
            begun(story.bot.clock, story)
            story.turn()
            assert story.dispute().stage == "1"
        story.letters()
        story.now = at("2026-09-08 20:45")
        story.bot = bot_for(story.site, story.store, story.mailbox, story.postman)
        begun(story.bot.clock, story)
        story.bot.witness._asked = True
        story.turn()
        assert story.dispute().stage == "2", "and the record says that the mailbox could not be read"
        story.letters()
