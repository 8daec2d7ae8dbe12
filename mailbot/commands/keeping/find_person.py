"""``mailbot find-person``: everything that is held about one person, for a request to see it."""

import argparse
import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from mailbot.commands.terminal import Commands, columns, heading, new_parser, say, settings_of, when
from mailbot.looking import Looked, looking
from mailbot.shell.clock import utc_now
from mailbot.shell.errors import NOT_WELL, OK, BadConfiguration, Fault
from mailbot.shell.forgetting.holdings import Found, held_about
from mailbot.shell.private_files import shut
from mailbot.shell.store.store import Store
from mailbot.watching.struck_out_names import backups_known

_SHORTEST = 3  # letters: of fewer, half the record would be found


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    parser = new_parser(
        commands,
        "find-person",
        "find everything that is held about one person",
        "By address or by name: in the record, in every email, letter and form, in the directory. Nothing is changed. "
        "Ends with 1 where nothing is held.",
    )
    says = "an address, or a name as it is written; accents and capitals do not matter"
    parser.add_argument("who", metavar="WHO", help=says)
    says = (
        "put the emails and letters that name them into FOLDER, which is not there yet; other people are named in them"
    )
    parser.add_argument("--copies", metavar="FOLDER", type=Path, help=says)
    parser.add_argument("--json", action="store_true", help="one JSON object for each place, one a line")
    parser.set_defaults(run=run_find_person)


def run_find_person(args: argparse.Namespace) -> int:
    """``mailbot find-person``, run. Raises BadConfiguration, StoreRefused, Unreachable."""
    now, who = utc_now(), " ".join(args.who.split())
    if len(who) < _SHORTEST:
        raise BadConfiguration([Fault("find-person", 0, f"“{who}” is too short to be looked for: write more of it")])
    if args.copies is not None and args.copies.exists():
        raise BadConfiguration([Fault(str(args.copies), 0, "is there already: name a new folder")])
    settings, total = settings_of(args, now, lenient=True), 0
    with looking(settings, now) as (store, sites):
        for one in sites:
            found = [*held_about(store, one.site.id, who), *_listed(settings.file.parent, who)]
            total += len(found)
            if args.json:
                for each in found:
                    at = each.at.isoformat() if each.at else None
                    row = {"partnership": one.site.id, "what": each.what, "dispute": each.reference or None}
                    print(json.dumps(row | {"which": each.which, "at": at}, ensure_ascii=False))
            else:
                _print(one, store, found, who)
            if args.copies is not None:
                _copy(found, args.copies if len(sites) == 1 else args.copies / one.site.id)
    return OK if total else NOT_WELL


def _listed(folder: Path, who: str) -> Iterator[Found]:
    """To find a person: rows of the lists of agencies and people, and of the configuration, that name somebody."""
    for path in sorted([*folder.glob("*.csv"), *folder.glob("*.toml")]):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.reader(lines) if path.suffix == ".csv" else ([line] for line in lines)
            for number, row in enumerate(rows, 1):
                if any(who.casefold() in " ".join(cell.casefold().split()) for cell in row):
                    yield Found("configuration", "", f"{path.name} line {number}")


def _print(one: Looked, store: Store, found: list[Found], who: str) -> None:
    heading(f"{one.site.id}: {len(found)} places name {who}" if found else f"{one.site.id}: nothing names {who}")
    counted = Counter((each.reference or "no dispute", each.what) for each in found)
    columns([(reference, what, str(count)) for (reference, what), count in sorted(counted.items())])
    if not found:
        return
    say()
    heading("Each of them")
    calendar = one.site.current.calendar
    columns(
        [(each.reference or "-", each.what, when(each.at, calendar) if each.at else "", each.which) for each in found],
        ("dispute", "what", "when", "which"),
    )
    say()
    copies = backups_known(store, one.site)
    say(
        "Not looked through: the mailbox itself (search it there), the mail server's own copies, and copies of the "
        f"database: {', '.join(copies) if copies else 'none that is known'}."
    )


def _copy(found: Iterable[Found], folder: Path) -> None:
    """The bytes of what was found of a person, each in a file that its owner alone can read."""
    folder.mkdir(mode=0o700, parents=True)
    for number, one in enumerate([each for each in found if each.raw], 1):
        path = folder / f"{number:04d}-{one.what.replace(' ', '-')}-{one.which[:40]}.eml"
        path.write_bytes(one.raw)
        shut(path)
    say(f"{folder}: {len(list(folder.iterdir()))} files")
