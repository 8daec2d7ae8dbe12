"""``mailbot directory``: the list of people shown, out to a spreadsheet, and in again with what is wrong by row."""

import argparse
from pathlib import Path

from mailbot.commands.terminal import (
    Commands,
    columns,
    heading,
    new_parser,
    say,
    settings_of,
    with_configuration,
)
from mailbot.core.partnership.roster import posts_missing, roster_rows
from mailbot.shell.clock import utc_now
from mailbot.shell.config.directory_changes import laid_in, of_agency
from mailbot.shell.config.server_settings import PartnershipSettings
from mailbot.shell.config.toml_with_faults import nearest
from mailbot.shell.errors import BAD_CONFIGURATION, OK
from mailbot.shell.private_files import make_private_file


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    parser = new_parser(
        commands,
        "directory",
        "show the list of people, write it to a spreadsheet, and take it back in",
        "LISTS.txt beside the lists explains the columns. Without a word after it: each agency, how many people it has "
        "there, who answers for it, and which posts nobody holds.",
    )
    parser.set_defaults(run=run_directory)
    under = parser.add_subparsers(title="what to do", metavar="")
    out = under.add_parser("export", help="write the list of people to a CSV file", description="Write it to a file.")
    back = under.add_parser(
        "import",
        help="lay a CSV file in, row by row",
        description="Lay the rows of a CSV file into the list, by their addresses: what changes is told row by row. "
        "Whoever is missing from it, of the agencies that it is about, is set inactive. Nothing is written where a row "
        "is wrong, nor with --dry-run.",
    )
    for one in (out, back):
        with_configuration(one, nested=True)
        one.add_argument("file", metavar="FILE", type=Path, help="the spreadsheet, as CSV UTF-8")
        one.add_argument("--agency", metavar="NAME", default="", help="only this agency, as agencies.csv writes it")
    back.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")
    out.set_defaults(run=run_directory_out)
    back.set_defaults(run=run_directory_in)


def _one_of(args: argparse.Namespace) -> PartnershipSettings | None:
    """``mailbot directory``: the one partnership whose directory is meant; None, and said, where several are."""
    settings = settings_of(args, utc_now(), lenient=True)
    if len(settings.partnerships) > 1:
        say("There are several partnerships here: say which, with --partnership ID.")
        return None
    return settings.partnerships[0]


def run_directory(args: argparse.Namespace) -> int:
    for one in settings_of(args, utc_now(), lenient=True).partnerships:
        heading(f"{one.current.short}: who is who")
        rows = []
        for agency in one.directory.agencies:
            people = roster_rows(agency.name, one.directory)
            missing = ", ".join(posts_missing(agency.name, one.directory, one.current)) or "-"
            rows.append((agency.name, str(sum(row.active for row in people)), agency.contact or "nobody", missing))
        columns(rows, ("agency", "people", "answers for it", "nobody holds"))
    return OK


def run_directory_out(args: argparse.Namespace) -> int:
    one = _one_of(args)
    if one is None or one.lists is None or not _is_agency(one, args.agency):
        return BAD_CONFIGURATION
    text = of_agency(one.lists.officers.read_text(encoding="utf-8"), args.agency)
    make_private_file(args.file)
    args.file.write_text(text, encoding="utf-8", newline="")
    say(f"Written to {args.file}, which names people: keep it as you keep the list itself.")
    return OK


def run_directory_in(args: argparse.Namespace) -> int:
    one = _one_of(args)
    if one is None or one.lists is None or not _is_agency(one, args.agency):
        return BAD_CONFIGURATION
    try:
        sent = args.file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        say(f"{args.file} cannot be read as CSV UTF-8: {error}")
        return BAD_CONFIGURATION
    before = one.lists.officers.read_text(encoding="utf-8")
    text, told = laid_in(before, sent, args.agency)
    whole = one.lists.faults_in(text, before)
    # What only the whole list can answer (a deputy who is in it, and not in the file) is asked of the whole list.
    by_row = [fault for fault in one.lists.faults_in(sent) if "is not in this file" not in fault.message]
    for fault in by_row:
        say(f"{args.file}, row {fault.line}: {fault.message}")
    for fault in (one for one in whole if one.message not in {by.message for by in by_row}):
        say(f"the list would be wrong in its row {fault.line}: {fault.message}")
    if by_row or whole:
        say("Nothing was changed.")
        return BAD_CONFIGURATION
    for row in told:
        say(f"{f'row {row.line}: ' if row.line else ''}{row.words}")
    if not told or args.dry_run:
        say("Nothing differs." if not told else "Nothing was written (--dry-run).")
        return OK
    why = one.lists.write(text)
    say(
        why or f"Written: {len(told)} change{'s' if len(told) != 1 else ''}. A running service uses it within a minute."
    )
    return BAD_CONFIGURATION if why else OK


def _is_agency(one: PartnershipSettings, name: str) -> bool:
    if name and name not in (agency.name for agency in one.directory.agencies):
        say(f'"{name}" is not an agency of agencies.csv.{nearest(name, [a.name for a in one.directory.agencies])}')
        return False
    return True
