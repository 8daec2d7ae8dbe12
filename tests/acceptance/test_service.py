"""The service loop: what it waits for, what it does when something fails, and what it never writes into its log."""

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mailbot.build import letters_of
from mailbot.looking import site_from
from mailbot.shell.clock import utc_now
from mailbot.shell.config.configuration import load_settings
from mailbot.shell.config.template_files import data_dir
from mailbot.shell.schedule import Schedule
from mailbot.shell.servers.mailbox_interface import Arrival, Watermark
from mailbot.shell.store.queries import troubles
from mailbot.shell.store.store import Store
from mailbot.turns.bot import Bot
from mailbot.turns.sending_and_filing import MailServers
from mailbot.turns.service import Points, Service
from tests.deployment import opening
from tests.fakes import MailboxFake, PostmanFake

HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'mailbot.db'}", create=True)
    yield opened
    opened.close()


class Ending(MailboxFake):
    """A mailbox that ends the service as soon as nothing more is to be done, or after the first failure."""

    def __init__(self, stop: threading.Event, broken: bool = False) -> None:
        super().__init__()
        self._stop, self._broken = stop, broken

    def arrivals(self, after: Watermark | None) -> Iterator[Arrival]:
        if self._broken:
            self._stop.set()
            raise ValueError("the child is called Q.Z.")
        return super().arrivals(after)

    def wait(self, seconds: float, stop: Callable[[], bool]) -> bool:
        self._stop.set()
        return super().wait(seconds, stop)


def made(
    store: Store, mailbox: MailboxFake, postman: PostmanFake, danger: PostmanFake | None = None
) -> Callable[[datetime], Bot]:
    one = load_settings(data_dir("config") / "mailbot.toml", utc_now().date()).partnership()
    letters, servers = letters_of(one), MailServers(mailbox, postman, danger=danger)
    return lambda now: Bot(site_from(one, now, b"key"), store, servers, letters)


def test_the_first_turn_is_at_once_and_the_lease_is_given_back(store: Store, tmp_path: Path) -> None:
    stop, postman = threading.Event(), PostmanFake()
    mailbox = Ending(stop)
    mailbox.deliver(opening(), utc_now())
    Service(made(store, mailbox, postman), Points(), stop, "here:1", HOUR).run()
    assert len(postman.sent) == 2
    now = utc_now()
    assert store.try_lease("north-somerset", "INBOX", "there:2", now, now + HOUR) == 2


def test_our_own_fault_is_logged_without_its_words_and_told_by_status(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    stop = threading.Event()
    began = utc_now()
    with caplog.at_level(logging.INFO, "mailbot"):
        Service(made(store, Ending(stop, broken=True), PostmanFake()), Points(), stop, "here:1", HOUR).run()
    assert "our own fault: ValueError at " in caplog.text
    assert "Q.Z." not in caplog.text
    [trouble] = troubles(store, "north-somerset", began)
    assert trouble.words.startswith("our own fault: ValueError at ")


def test_points_are_counted_once_and_claims_are_not_told() -> None:
    points = Points()
    for point in ("stored", "sent", "claimed", "sent"):
        points(point)
    assert points.taken() == "1 stored, 2 sent"
    assert points.taken() == ""


def test_the_schedule_wakes_again_and_again_and_once_at_an_instant() -> None:
    schedule, often, once = Schedule(), threading.Semaphore(0), threading.Event()
    schedule.every(timedelta(seconds=0.05), "often", lambda: often.release())
    schedule.at(utc_now() + HOUR, "once", once.set)
    schedule.at(utc_now(), "once", once.set)
    schedule.start()
    try:
        assert often.acquire(timeout=10)
        assert often.acquire(timeout=10)
        assert once.wait(timeout=10)
    finally:
        schedule.stop()
