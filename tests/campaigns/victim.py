"""The process that the campaign kills: a whole bot on Dovecot, its letters to a server that keeps them."""

import os
import signal
from collections.abc import Callable
from datetime import datetime

from mailbot.shell.servers.connection import Connection
from mailbot.shell.servers.imap import ImapMailbox
from mailbot.shell.servers.smtp import KEPT_FOR, SmtpPostman
from mailbot.shell.store.store import Store
from tests.acceptance.killed.worker import PASSWORD
from tests.people import ADDRESS
from tests.sites import bot_for, site_for


def killing(point: str, nth: int) -> Callable[[str], None]:
    passed = 0

    def passing(name: str) -> None:
        nonlocal passed
        passed += name == point
        if name == point and passed == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    return passing


def work(store: str, where: tuple[int, str, int], login: str, now: str, point: str, nth: int) -> None:
    imap_port, cafile, smtp_port = where
    instant, passing = datetime.fromisoformat(now), killing(point, nth)
    site = site_for("north-somerset", instant.date(), trusted=("mail.nsscp.example",))
    mailbox = ImapMailbox(Connection("localhost", imap_port, login, PASSWORD, "tls", cafile))
    postman = SmtpPostman(Connection("127.0.0.1", smtp_port, ADDRESS["mailbox"], PASSWORD, "none"), keep_for=KEPT_FOR)
    opened = Store.open(f"sqlite:///{store}", create=True)

    def before(statement: str) -> None:
        words = statement.split(maxsplit=3)
        if words and words[0] == "INSERT":
            passing("insert " + words[2].strip('"'))
        elif words and words[0] == "UPDATE":
            passing("update " + words[1].strip('"'))

    opened.hear_statements(before)
    bot = bot_for(site, opened, mailbox, postman, passing)
    for _ in range(3):
        for turn in (bot.take_in, bot.tick, bot.post, bot.report):
            turn(instant)
    bot.close()
    opened.close()
