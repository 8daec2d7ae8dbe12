"""``mailbot migrate``: the whole store into another database, and the record verified on both sides."""

import argparse

from mailbot.commands.ends import NOT_WELL, OK
from mailbot.commands.terminal import Commands, new_parser, say, settings_of
from mailbot.shell.clock import utc_now
from mailbot.shell.errors import StoreRefused
from mailbot.shell.store.moving_house import move_store
from mailbot.shell.store.store import Store
from mailbot.turns.service import LEASE

_HOLDER = "mailbot migrate"


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    parser = new_parser(
        commands,
        "migrate",
        "move the whole store into another database",
        "From SQLite to PostgreSQL, for several processes at once. The service must be stopped. The database named "
        "must be there, and empty; the present store stays as it is. Afterwards write the new URL into mailbot.toml.",
    )
    parser.add_argument("url", help="postgresql://user@host/database, or sqlite:///path")
    parser.set_defaults(run=run_migrate)


def run_migrate(args: argparse.Namespace) -> int:
    """``mailbot migrate``, run: 0 when every row has been copied and the record is whole on both sides. Raises
    StoreRefused, Unreachable."""
    settings = settings_of(args, utc_now())
    source = Store.open(settings.store_url)
    target = Store.open(args.url, create=True)
    try:
        for one in settings.partnerships:
            now = utc_now()
            if source.try_lease(one.id, one.mailbox.folder, _HOLDER, now, now + LEASE) is None:
                raise StoreRefused(f"a mailbot is reading the mailbox of {one.id}; stop it first")
        move_store(source, target, lambda table, rows: say(f"{table}: {rows} rows"))
        wrong = [
            f"{where}, {one.id}: {fault}"
            for one in settings.partnerships
            for where, store in (("before", source), ("after", target))
            for fault in store.verify(one.id)
        ]
    finally:
        for one in settings.partnerships:
            for store in (source, target):
                store.give_up_lease(one.id, one.mailbox.folder, _HOLDER, utc_now())
        source.close()
        target.close()
    for fault in wrong:
        say(fault)
    say("the record is whole on both sides" if not wrong else "the record is NOT whole; go on with the present store")
    return NOT_WELL if wrong else OK
