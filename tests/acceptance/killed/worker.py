"""A whole bot in a process of its own, that kills itself with SIGKILL when it passes a named point for the nth time.

Forked by ``test_kill.py``. With the point "none" it runs its turns to the end, like a service started again.
"""

import os
import signal
from collections.abc import Callable
from datetime import datetime

from mailbot.shell.servers.connection import Connection
from mailbot.shell.servers.imap import ImapMailbox
from mailbot.shell.servers.smtp import KEPT_FOR, SmtpPostman
from mailbot.shell.store.store import Store
from mailbot.turns.bot import Bot
from mailbot.turns.running_partnership import Site
from tests.people import ADDRESS
from tests.sites import bot_for, site_for

PASSWORD = "for the tests"


def killer(point: str, nth: int) -> Callable[[str], None]:
    passed = 0

    def passing(name: str) -> None:
        nonlocal passed
        passed += name == point
        if name == point and passed == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    return passing


def site_on(instant: datetime) -> Site:
    return site_for("north-somerset", instant.date(), trusted=("mail.nsscp.example",))


def pass_of(bot: Bot, instant: datetime) -> None:
    """One pass of everything that the bot does."""
    bot.take_in(instant)
    bot.tick(instant)
    bot.post(instant)
    bot.report(instant)


def main(store: str, imap_port: int, smtp_port: int, now: str, point: str, nth: int) -> None:
    instant, user = datetime.fromisoformat(now), ADDRESS["mailbox"]
    mailbox = ImapMailbox(Connection("127.0.0.1", imap_port, user, PASSWORD, "none"))
    postman = SmtpPostman(Connection("127.0.0.1", smtp_port, user, PASSWORD, "none"), keep_for=KEPT_FOR)
    opened = Store.open(f"sqlite:///{store}", create=True)
    bot = bot_for(site_on(instant), opened, mailbox, postman, killer(point, nth))
    for _ in range(3):
        pass_of(bot, instant)
    bot.close()
    opened.close()
