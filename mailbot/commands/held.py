"""``mailbot held``: mail that waits for a person. Letting it in or dismissing it is done by somebody with a name."""

import argparse
import getpass
from datetime import datetime

from mailbot.commands.ends import NOT_WELL, OK
from mailbot.commands.terminal import (
    Commands,
    Looked,
    ago,
    columns,
    heading,
    looking,
    new_parser,
    say,
    when,
    with_configuration,
)
from mailbot.mail.incoming.message import Message, Unreadable, parse
from mailbot.mail.incoming.own_words import own_words
from mailbot.shell.clock import utc_now
from mailbot.shell.store.store import Store
from mailbot.shell.store.values import Held, NotHeld


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    held = new_parser(commands, "held", "show and settle mail that waits for a person")
    held.set_defaults(run=run_list)
    under = held.add_subparsers(title="what to do", metavar="")
    listing = under.add_parser("list", help="what is waiting (also without a word)")
    with_configuration(listing, nested=True)
    listing.set_defaults(run=run_list)
    for name, says, run in (
        ("show", "show one message, and why it waits", run_show_held),
        ("release", "let it in: the next turn reads it, and its sender is vouched for", run_release),
        ("dismiss", "it has been dealt with: it is kept, and not read", run_dismiss),
    ):
        parser = under.add_parser(name, help=says, description=says)
        with_configuration(parser, nested=True)
        parser.add_argument("number", metavar="N", type=int)
        if name != "show":
            parser.add_argument("--why", required=True, help="the reason, for the record")
            parser.add_argument("--by", default="", help="your name or address, for the record (default: your login)")
        if name == "release":
            parser.add_argument("--into", metavar="REF", default="", help="the dispute it belongs to, like NS-26-0012")
        parser.set_defaults(run=run)


def run_list(args: argparse.Namespace) -> int:
    now = utc_now()
    with looking(args, now) as (_, store, sites):
        for one in sites:
            waiting = store.held(one.site.id)
            heading(f"{one.site.id}: {len(waiting) or 'nothing'} waiting")
            rows = [(str(held.number), ago(held.since, now), _asked(held), held.reason) for held in waiting]
            columns(rows, ("no.", "since", "asked", "why"))
    return OK


def _asked(held: Held) -> str:
    return "sender" if held.asked else ""


def run_show_held(args: argparse.Namespace) -> int:
    now = utc_now()
    with looking(args, now) as (_, store, sites):
        for one, held in _found(store, sites, args.number):
            _print(one, store, held, now)
            return OK
    return _none(args.number)


def _print(one: Looked, store: Store, held: Held, now: datetime) -> None:
    calendar = one.site.current.calendar
    heading(f"{one.site.id}, number {held.number}: {held.reason}")
    raw = store.raw(one.site.id, held.digest) or b""
    message = parse(raw)
    rows = [("waiting since", f"{when(held.since, calendar)} ({ago(held.since, now)})"), ("asked", held.asked)]
    if isinstance(message, Message):
        rows += [
            ("from", f"{message.sender.name} <{message.sender.address}>"),
            ("to", ", ".join(a.address for a in (*message.to, *message.cc))),
            ("subject", message.subject),
            ("attachments", ", ".join(attachment.name for attachment in message.attachments)),
        ]
    elif isinstance(message, Unreadable):
        rows += [("from", message.sender), ("not readable", message.reason)]
    columns([(name, value) for name, value in rows if value])
    if isinstance(message, Message):
        say()
        say(own_words(message).written or message.text)


def run_release(args: argparse.Namespace) -> int:
    return _settle(args, release=True, into=args.into.strip().upper())


def run_dismiss(args: argparse.Namespace) -> int:
    return _settle(args, release=False)


def _settle(args: argparse.Namespace, release: bool, into: str = "") -> int:
    now, by = utc_now(), args.by.strip() or getpass.getuser()
    if not args.why.strip():
        say("Please say why: it goes into the record.")
        return NOT_WELL
    with looking(args, now) as (_, store, sites):
        for one, _held in _found(store, sites, args.number):
            if into and not store.known(one.site.id, [into]):
                say(f"There is no dispute {into}. Nothing was done.")
                return NOT_WELL
            try:
                if release:
                    store.release(one.site.id, args.number, by, args.why.strip(), now, into)
                else:
                    store.dismiss(one.site.id, args.number, by, args.why.strip(), now)
            except NotHeld:
                return _none(args.number)  # somebody was quicker
            where = f" in {into}" if into else ""
            becomes = f"let in; the next turn reads it{where}" if release else "dismissed; it is kept and not read"
            say(f"{one.site.id}, number {args.number}: {becomes}.")
            return OK
    return _none(args.number)


def _found(store: Store, sites: list[Looked], number: int) -> list[tuple[Looked, Held]]:
    found = [(one, held) for one in sites for held in store.held(one.site.id) if held.number == number]
    if len(found) > 1:
        names = " or ".join(one.site.id for one, _ in found)
        say(f"Several partnerships have a number {number}: say --partnership {names}.")
        return []
    return found


def _none(number: int) -> int:
    say(f"Nothing is waiting under number {number}.")
    return NOT_WELL
