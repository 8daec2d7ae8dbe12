"""``mailbot witness``: whether the database is the newest copy of its record, what it lacks, and letting it go on."""

import argparse
import getpass
from datetime import datetime

from mailbot.build import mailbox_of
from mailbot.commands.terminal import Commands, columns, heading, new_parser, say, settings_of, when
from mailbot.core.record.witness import RecordWitness
from mailbot.looking import Looked, looking
from mailbot.shell.clock import utc_now
from mailbot.shell.config.configuration import secret_of
from mailbot.shell.errors import NOT_WELL, OK
from mailbot.shell.servers.rehearsing import rehearsing_mailbox
from mailbot.shell.store.store import Store
from mailbot.watching.witness_in_mailbox import MailboxSays, behind, let_go_on, seen_in


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    parser = new_parser(
        commands,
        "witness",
        "compare the database with the witness of its record in the mailbox",
        "A database that was put back from a backup, or a second copy, is older than its record. It then stands still: "
        "it answers danger, and nothing else, until --go-on. Ends with 1 while it is older.",
    )
    parser.add_argument(
        "--go-on", action="store_true", help="this copy is what holds from now on: what it lacks is lost"
    )
    parser.add_argument("--by", default="", help="your name or address, for the record (default: your login)")
    parser.set_defaults(run=run_witness)


def run_witness(args: argparse.Namespace) -> int:
    """``mailbot witness``, run: 0 where the database is the newest of itself, or has just been let go on. Raises
    BadConfiguration, StoreRefused, Unreachable."""
    now, codes = utc_now(), []
    settings = settings_of(args, now, lenient=True)
    with looking(settings, now) as (store, sites):
        secret = secret_of(settings)
        for one in sites:
            store.learn_key(one.site.id, secret)
            mailbox = rehearsing_mailbox(mailbox_of(one.settings.mailbox), one.settings.mode)
            try:
                seen = seen_in(mailbox, store, one.site)
            finally:
                mailbox.close()
            codes.append(_told(one, store, seen, args, now))
    return max(codes)


def _told(one: Looked, store: Store, seen: MailboxSays, args: argparse.Namespace, now: datetime) -> int:
    lacking = behind(seen, store, one.site, now)
    heading(f"{one.site.id}: {'the database is OLDER than its record' if lacking else 'the newest copy of its record'}")
    _print(one, store, seen, now)
    columns([("lacks", words) for words in lacking])
    if not lacking:
        return OK
    if not args.go_on:
        say(
            "It stands still, and only danger is answered. Put a newer copy back; or, where there is none, say --go-on."
        )
        return NOT_WELL
    by = args.by.strip() or getpass.getuser()
    let_go_on(seen, store, one.site, by, now)
    say(f"It goes on with the next turn, by the word of {by}. No reference is given out a second time.")
    return OK


def _print(one: Looked, store: Store, seen: MailboxSays, now: datetime) -> None:
    calendar = one.site.current.calendar
    here, there = store.record_witness(one.site.id, now), seen.witness
    rows = [("this database", str(here.decisions), _end(here), "")]
    if there is not None:
        rows.append(("its witness", str(there.decisions), _end(there), when(there.at, calendar)))
    else:
        rows.append(("its witness", "", "there is none in the mailbox", ""))
    columns(rows, ("", "decisions", "the last in", "filed"))


def _end(record: RecordWitness) -> str:
    return record.newest.reference if record.newest else "no dispute"
