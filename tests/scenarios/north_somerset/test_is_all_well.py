"""Whether all is well: of nothing that was only tried, and since when it is not so."""

import logging
import re
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

from mailbot.shell.clock import utc_now
from mailbot.shell.servers.postman_interface import Delivery, Outcome
from mailbot.turns.service import Points, Service
from mailbot.watching.health import Health, Heart, health, metrics_text
from mailbot.watching.witness_in_mailbox import STANDS_STILL
from tests.fakes import PostmanFake
from tests.scenarios.north_somerset.test_to_the_end import opened, raise_it
from tests.sites import bot_for
from tests.story import LONDON, Story


def now_of(story: Story) -> Health:
    return health(story.site, story.store, story.now)


def test_after_a_turn_all_is_well_and_a_quarter_of_an_hour_later_it_says_since_when_not(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        assert now_of(story).wrong == ()
        story.now += timedelta(minutes=16)
        assert now_of(story).wrong == (
            "the mailbox has not been read since Mon 7 Sep 09:30",
            "limits have not been looked at since Mon 7 Sep 09:30",
            "letters have not been sent since Mon 7 Sep 09:30",
            "nothing has been filed in the mailbox since Mon 7 Sep 09:30",
        )


def test_nothing_is_well_of_what_nobody_has_tried(tmp_path: Path) -> None:
    story = Story(tmp_path, "2026-09-07 09:30")
    assert now_of(story).wrong == (
        "the mailbox has not been read yet",
        "limits have not been looked at yet",
        "letters have not been sent yet",
        "nothing has been filed in the mailbox yet",
    )
    story.store.close()


def test_what_was_tried_and_failed_has_not_succeeded(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.postman.refuses_us = "550 5.7.60 not as this sender"
        opened_at = story.now
        story.mail("hartwell", "STATUS")
        story.until("2026-09-07 09:50")
        wrong = now_of(story).wrong
        assert "letters have not been sent since Mon 7 Sep 09:30" in wrong
        assert "letters have not left since Mon 7 Sep 09:30: 550 5.7.60 not as this sender" in wrong
        assert not any("read" in words or "filed" in words or "looked at" in words for words in wrong)
        assert opened_at < story.now
        story.postman.refuses_us = ""
        story.until("2026-09-07 10:00")
        assert now_of(story).wrong == ()
        story.letters()


def test_a_mailbox_that_cannot_be_read_is_red_though_letters_leave(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mailbox.down = "timed out"
        story.until("2026-09-07 10:30")
        wrong = now_of(story).wrong
        assert "the mailbox has not been read since Mon 7 Sep 10:12" in wrong
        assert not any("letters" in words for words in wrong)
        story.mailbox.down = ""


class PostmanOnTrial(PostmanFake):
    """A postman that is asked, where no letter has left for an hour, whether one would."""

    def __init__(self) -> None:
        super().__init__()
        self.trials = 0

    def try_sending(self, sender: str) -> Delivery:
        self.trials += 1
        if self.refuses_us:
            return Delivery(0, Outcome.DEFERRED, 535, self.refuses_us, ours=True)
        return Delivery(0, Outcome.ACCEPTED, 250, "it would be taken")


def test_a_password_that_has_run_out_is_known_before_a_letter_needs_it(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.postman = postman = PostmanOnTrial()
        story._seen = 0
        story.bot = bot_for(story.site, story.store, story.mailbox, postman)
        story.bot.watch_the_world()
        story.turn()
        story.now += timedelta(minutes=30)
        story.turn()
        assert postman.trials == 1, "once an hour"
        postman.refuses_us = "535 5.7.3 authentication unsuccessful"
        story.now += timedelta(minutes=31)
        story.turn()
        assert any("535 5.7.3" in words for words in now_of(story).wrong)
        postman.refuses_us = ""
        story.now += timedelta(minutes=6)
        story.turn()
        assert now_of(story).wrong == ()
        story.expect(("trouble_told", "bm"))


def test_the_numbers_are_what_prometheus_reads_and_name_nobody(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mail("someone@elsewhere.example", "Hello", "2026-09-07 11:00")
        story.letters()
        text = metrics_text([(now_of(story), story.now)])
        lines = [line for line in text.splitlines() if not line.startswith("#")]
        assert all(
            re.fullmatch(r'mailbot_[a-z_]+\{partnership="north-somerset"(,turn="[a-z_]+")?\} \S+', x) for x in lines
        )
        assert 'mailbot_well{partnership="north-somerset"} 1' in lines
        assert 'mailbot_disputes_open{partnership="north-somerset"} 1' in lines
        assert 'mailbot_turn_age_seconds{partnership="north-somerset",turn="take_in"} 0' in lines
        assert "NS-26" not in text
        assert "@" not in text
        story.now += timedelta(hours=1)
        assert 'mailbot_well{partnership="north-somerset"} 0' in metrics_text([(now_of(story), story.now)])


def test_that_it_works_again_is_logged_as_well_as_that_it_does_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story, caplog.at_level(logging.INFO, "mailbot"):
        story.mailbox.down = "timed out"
        for _ in range(3):
            story.bot.turn_some(story.now)
        story.mailbox.down = ""
        story.bot.turn_some(story.now)
        said = [(one.levelname, one.getMessage()) for one in caplog.records if "take in" in one.getMessage()]
        assert said == [
            ("ERROR", "north-somerset take in fails"),
            ("WARNING", "north-somerset take in works again"),
        ]


@pytest.mark.parametrize(
    ("outcome", "word"),
    [(Outcome.REFUSED, "refused"), (Outcome.DEFERRED, "put off"), (Outcome.UNCERTAIN, "perhaps sent")],
)
def test_a_letter_that_was_tried_is_not_logged_as_sent(tmp_path: Path, outcome: Outcome, word: str) -> None:
    passed: list[str] = []
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.bot = bot_for(story.site, story.store, story.mailbox, story.postman, passed.append)
        story.postman.script = {story.address["fenn"]: [outcome]}
        raise_it(story)
        story.letters()
    assert (passed[passed.index("sent") + 1], passed.count(word)) == (word, 1)


def test_the_heart_writes_its_file_and_fetches_its_page(tmp_path: Path) -> None:
    fetched: list[str] = []

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fetched.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Page)
    Thread(target=server.handle_request, daemon=True).start()
    with Story(tmp_path, "2026-09-07 09:30") as story:
        file = tmp_path / "heartbeat"
        Heart(file, f"http://127.0.0.1:{server.server_port}/beat").beat(story.now)
        assert file.read_text() == "2026-09-07T09:30:00+01:00\n"
    server.server_close()
    assert fetched == ["/beat"]
    Heart(tmp_path / "no" / "such", "http://127.0.0.1:9/beat").beat(story.now)  # and nobody is troubled


def test_the_heart_of_a_service_beats_while_all_is_well_and_the_mailbox_is_its_own(tmp_path: Path) -> None:
    """By the machine's own clock, which is what a service goes by."""
    now, file = utc_now(), tmp_path / "heartbeat"
    with Story(tmp_path, f"{now.astimezone(LONDON):%Y-%m-%d %H:%M}") as story:
        poll = timedelta(seconds=60)
        service = Service(lambda _: story.bot, Points(), Event(), "this one", poll)
        service.heart = Heart(file)
        story.store.note(story.site.id, STANDS_STILL, now)
        service._beat()
        assert not file.exists()
        story.store.forget(story.site.id, STANDS_STILL)
        service._beat()
        assert file.exists()
        file.unlink()
        place = (story.site.id, story.site.inbox, "another")
        assert story.store.try_lease(*place, now, now + timedelta(minutes=9)) is not None
        assert not service._lead()
        service._beat()
        assert not file.exists()
        story.store.give_up_lease(*place, now)
        assert service._lead()
