"""``mailbot purge``: what a partnership no longer needs, let go of by the lengths it has chosen; and legal holds."""

import argparse
import getpass
from collections import Counter
from datetime import datetime

from mailbot.commands.terminal import Commands, columns, heading, new_parser, say, settings_of, when
from mailbot.core.record.retention import EVERYTHING, KEEPS_ALL
from mailbot.looking import Looked, looking
from mailbot.shell.clock import utc_now
from mailbot.shell.config.configuration import secret_of
from mailbot.shell.errors import NOT_WELL, OK
from mailbot.shell.forgetting.purging import LEGAL_HOLD, PurgePlan, holds, purge_all, purge_plan
from mailbot.shell.store.queries import LONGEST_TROUBLE
from mailbot.shell.store.store import Store
from mailbot.watching.struck_out_names import backups_known


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    parser = new_parser(
        commands,
        "purge",
        "show what is kept longer than it must be, and let go of it",
        "By [partnership.….retention] in mailbot.toml. Without --carry-out nothing is changed: it shows what would go, "
        "under a number. The record still verifies afterwards. What is on hold stays.",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--dry-run", action="store_true", help="show what would go (this is what happens anyway)")
    which.add_argument("--carry-out", metavar="NUMBER", default="", help="let go of exactly what that number showed")
    which.add_argument(
        "--hold", metavar="REF", default="", help=f"keep this dispute, or {EVERYTHING}, until further notice"
    )
    which.add_argument("--release", metavar="REF", default="", help="end a hold")
    parser.add_argument("--because", default="", help="why it is held")
    parser.add_argument("--by", default="", help="your name or address, for the record (default: your login)")
    parser.set_defaults(run=run_purge)


def run_purge(args: argparse.Namespace) -> int:
    """``mailbot purge``, run. Raises BadConfiguration, StoreRefused, Unreachable."""
    now, by = utc_now(), args.by.strip() or getpass.getuser()
    settings = settings_of(args, now, lenient=True)
    secret = secret_of(settings)
    with looking(settings, now) as (store, sites):
        for one in sites:
            store.learn_key(one.site.id, secret)
        if args.hold or args.release:
            return max(_held(store, one, args, by, now) for one in sites)
        plans = {one.site.id: purge_plan(store, one.site.id, one.settings.retention, now) for one in sites}
        if args.carry_out and args.carry_out not in {plan.number for plan in plans.values()}:
            say("That number is of another list: look again, and name the number that is shown now.")
            return NOT_WELL
        for one in sites:
            plan = plans[one.site.id]
            if args.carry_out == plan.number and plan.items:
                purge_all(store, one.site.id, plan, by, now)
                _print_gone(one, store, plan)
            elif not args.carry_out:
                _print(one, plan)
    return OK


def _held(store: Store, one: Looked, args: argparse.Namespace, by: str, now: datetime) -> int:
    what = (args.hold or args.release).strip().upper()
    if what != EVERYTHING and not store.chronology(one.site.id, what):
        say(f"There is no dispute {what}.")
        return NOT_WELL
    for held, why in holds(store, one.site.id).items():
        if held == what:
            store.forget(one.site.id, f"{LEGAL_HOLD}{held} {why}")
    if args.hold:
        because = " ".join(args.because.split())
        store.note(one.site.id, f"{LEGAL_HOLD}{what} by {by}: {because or 'no reason given'}"[:LONGEST_TROUBLE], now)
    columns(
        [("on hold", f"{held} {why}") for held, why in holds(store, one.site.id).items()] or [("on hold", "nothing")]
    )
    return OK


def _print(one: Looked, plan: PurgePlan) -> None:
    heading(f"{one.site.id}: {len(plan.items)} to let go of, {len(plan.on_hold)} kept by a hold")
    if one.settings.retention == KEEPS_ALL:
        say("mailbot.toml names no length under [partnership.….retention]: everything is kept.")
    rows = [(item.what.value, item.reference or item.key[:16], str(item.count), item) for item in plan.items]
    calendar = one.site.current.calendar
    columns([(*row[:3], when(row[3].since, calendar)) for row in rows], ("what", "which", "how many", "since"))
    columns([("on hold", f"{item.what.value} {item.reference or item.key[:16]}") for item in plan.on_hold])
    if plan.items:
        say(f"Nothing was changed. To let go of exactly this: mailbot purge --carry-out {plan.number}")


def _print_gone(one: Looked, store: Store, plan: PurgePlan) -> None:
    counted = Counter[str]()
    for item in plan.items:
        counted[item.what.value] += item.count
    heading(f"{one.site.id}: let go of {', '.join(f'{count} {what}' for what, count in sorted(counted.items()))}")
    faults = store.verify(one.site.id)
    columns([("fault", words) for words in faults] or [("record", "whole")])
    copies = backups_known(store, one.site)
    say(
        "Not reached: emails that lie in the mailbox itself (its own retention rules), what people have, and copies of "
        f"the database made before now: {', '.join(copies) if copies else 'none that is known'}. Destroy those."
    )
