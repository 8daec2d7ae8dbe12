"""``mailbot letters``: what waits to be sent and what was refused, and sending it again."""

import argparse
from collections.abc import Iterator

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
    with_configuration,
)
from mailbot.keeping.channel import CHANNEL, down
from mailbot.shell.clock import utc_now
from mailbot.shell.store.store import Store
from mailbot.shell.store.values import LetterRecord, LetterState


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
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


def run_letters(args: argparse.Namespace) -> int:
    """``mailbot letters``, run: 1 where letters do not leave or some were refused."""
    now, wrong = utc_now(), False
    with looking(args, now) as (_, store, sites):
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
    with looking(args, now) as (_, store, sites):
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
