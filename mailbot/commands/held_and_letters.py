"""``mailbot held`` and ``mailbot letters``: what waits for a person, coming in and going out. Mail is let in or
dismissed by somebody with a name; letters that a server refused are sent again.
"""

import argparse
import getpass
from collections.abc import Iterator
from datetime import datetime

from mailbot.checks.trust import arrived_by
from mailbot.commands.terminal import (
    Commands,
    ago,
    columns,
    heading,
    new_parser,
    say,
    settings_of,
    when,
    with_configuration,
)
from mailbot.core.decisions.who_may.authority import judge_of
from mailbot.core.decisions.who_may.table import DISMISS_HELD, FILE_HELD, RELEASE_HELD, Capacity
from mailbot.core.record.intents import Proof
from mailbot.looking import Looked, looking
from mailbot.mail.body.own_words import own_words
from mailbot.mail.incoming.message import Message, Unreadable, parse
from mailbot.shell.clock import utc_now
from mailbot.shell.errors import NOT_WELL, OK
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import Held, LetterRecord, LetterState, NotHeld
from mailbot.watching.sending_channel import CHANNEL, down


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    _add_letters(commands)
    held = new_parser(commands, "held", "show and settle mail that waits for a person")
    held.set_defaults(run=run_list)
    under = held.add_subparsers(title="what to do", metavar="")
    listing = under.add_parser("list", help="what is waiting (also without a word)")
    with_configuration(listing, nested=True)
    listing.set_defaults(run=run_list)
    for name, says, run in (
        ("show", "show one message, and why it waits", run_show_held),
        ("release", "let it in: the next turn reads it, and its writer may still be asked", run_release),
        ("dismiss", "it has been dealt with: it is kept, and not read", run_dismiss),
    ):
        parser = under.add_parser(name, help=says, description=says)
        with_configuration(parser, nested=True)
        parser.add_argument("number", metavar="N", type=int, help="its number in mailbot held")
        if name != "show":
            parser.add_argument("--why", required=True, help="the reason, for the record")
            parser.add_argument("--by", default="", help="your name or address, for the record (default: your login)")
        if name == "release":
            parser.add_argument("--into", metavar="REF", default="", help="the dispute it belongs to, like NS-26-0012")
        parser.set_defaults(run=run)


def _add_letters(commands: "Commands[argparse.ArgumentParser]") -> None:
    letters = new_parser(
        commands,
        "letters",
        "show letters that wait or were refused, and send them again",
        "Without a word: the list, in the order in which they were written.",
    )
    letters.set_defaults(run=run_letters)
    under = letters.add_subparsers(title="what to do", metavar="")
    listing = under.add_parser("list", help="what waits, and what was refused (also without a word)")
    with_configuration(listing, nested=True)
    listing.set_defaults(run=run_letters)
    again = under.add_parser("again", help="send refused letters again: the same bytes, with the next turn")
    with_configuration(again, nested=True)
    again.add_argument("numbers", metavar="N", type=int, nargs="*", help="which; see the list")
    again.add_argument("--all", action="store_true", help="every one that was refused")
    again.set_defaults(run=run_again)


def run_list(args: argparse.Namespace) -> int:
    now = utc_now()
    with looking(settings_of(args, now, lenient=True), now) as (store, sites):
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
    with looking(settings_of(args, now, lenient=True), now) as (store, sites):
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
    if isinstance(message, Message):
        rows += _proof(one, raw)
    columns([(name, value) for name, value in rows if value])
    if isinstance(message, Message):
        say()
        say(own_words(message).written or message.text)


def _proof(one: Looked, raw: bytes) -> list[tuple[str, str]]:
    """``mailbot held``: by which server's word the sender of held mail would be proved, and by whose it is said to
    be."""
    seen = arrived_by(raw, one.site.current.protocol.mailbox).authserv
    wanted = " or ".join(one.settings.authserv_ids) or "none (require = false)"
    told = f"by {seen}" if seen else "there is none"
    return [("Authentication-Results", f"{told}; wanted: by {wanted}")]


def run_release(args: argparse.Namespace) -> int:
    return _settle(args, release=True, into=args.into.strip().upper())


def run_dismiss(args: argparse.Namespace) -> int:
    return _settle(args, release=False)


def _settle(args: argparse.Namespace, release: bool, into: str = "") -> int:
    now, by = utc_now(), _by_hand(args.by.strip() or getpass.getuser())
    act = (FILE_HELD if into else RELEASE_HELD) if release else DISMISS_HELD
    judged = judge_of(act, Capacity.HAND, Proof.PROVEN)
    if not judged.is_allowed:
        say(f"Nothing was done: {judged.why}.")
        return NOT_WELL
    if not args.why.strip():
        say("Please say why: it goes into the record.")
        return NOT_WELL
    with looking(settings_of(args, now, lenient=True), now) as (store, sites):
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


def _by_hand(name: str) -> str:
    """Whoever settles ``mailbot held`` mail, for the record: never an address alone, which were its sender's answer."""
    return f"{name} (at the machine)" if "@" in name else name


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


# Letters that wait to be sent, or were refused.


def run_letters(args: argparse.Namespace) -> int:
    """``mailbot letters``, run: 1 where letters do not leave or some were refused."""
    now, wrong = utc_now(), False
    with looking(settings_of(args, now, lenient=True), now) as (store, sites):
        for one in sites:
            letters = store.open_letters(one.site.id)
            refused = sum(letter.state is LetterState.REFUSED for letter in letters)
            heading(f"{one.site.id}: {len(letters) - refused or 'none'} waiting, {refused or 'none'} refused")
            trouble = down(store, one.site.id)
            if trouble is not None:
                say(f"{CHANNEL}{trouble.words} (since {ago(trouble.since, now)})")
            rows = [(str(x.id), x.state.value, ago(x.created, now), x.letter, x.recipient, x.words) for x in letters]
            columns(rows, ("no.", "", "written", "letter", "to", "the server said"))
            wrong = wrong or refused > 0 or trouble is not None
    return NOT_WELL if wrong else OK


def run_again(args: argparse.Namespace) -> int:
    """``mailbot letters again``: 1 where nothing of what was named was refused."""
    now, count = utc_now(), 0
    with looking(settings_of(args, now, lenient=True), now) as (store, sites):
        for one, letter in _refused(store, sites):
            if args.all or letter.id in args.numbers:
                count += store.send_again(one.site.id, letter.id, now)
    if not count:
        say("None of these was refused. Nothing was done.")
        return NOT_WELL
    say(f"{count} letter{'s' if count != 1 else ''} will be tried with the next turn.")
    return OK


def _refused(store: Store, sites: list[Looked]) -> Iterator[tuple[Looked, LetterRecord]]:
    for one in sites:
        for letter in store.open_letters(one.site.id):
            if letter.state is LetterState.REFUSED:
                yield one, letter
