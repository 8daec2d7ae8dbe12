"""What a process that is forked to be killed need not load again: imported by the server that forks them, and by nobody
else.

A turn of a bot whose mail is in memory loads a protocol, the words of its readers and the letters; whoever is forked
afterwards has them from the beginning.
"""

import tempfile
from pathlib import Path

from mailbot.shell.store.store import Store
from tests.acceptance.killed.test_kill import NOON, _story
from tests.acceptance.killed.worker import pass_of, site_on
from tests.fakes import MailboxFake, PostmanFake
from tests.sites import bot_for


def _warm() -> None:
    mailbox = MailboxFake()
    for raw in _story():
        mailbox.deliver(raw, NOON)
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{Path(folder, 'warm.db')}", create=True)
        pass_of(bot_for(site_on(NOON), store, mailbox, PostmanFake()), NOON)
        store.close()


_warm()
