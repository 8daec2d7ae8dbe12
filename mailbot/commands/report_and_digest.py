"""``mailbot report`` and ``mailbot digest``: the report for a meeting, of any period that is over; and the weekly
digest, as it would be now or of a past week."""

import argparse
from datetime import date
from pathlib import Path

from mailbot.build import letters_of
from mailbot.commands.terminal import Commands, heading, new_parser, say, settings_of
from mailbot.looking import looking, site_from
from mailbot.shell.clock import utc_now
from mailbot.shell.config.configuration import secret_of
from mailbot.shell.errors import BAD_CONFIGURATION, NOT_WELL, OK
from mailbot.turns.digest_and_reports import MeetingReport, Reporter, papers
from mailbot.turns.ledger_and_outbox import Scribe


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    parser = new_parser(
        commands,
        "report",
        "show the report for a meeting",
        "Of the whole days from --from to --to, beside the period of the same length before. It names no child, no "
        "dispute and nobody who works with one, and hides small numbers; --full is the Business Manager's own copy.",
    )
    day = date.fromisoformat
    parser.add_argument("--from", dest="first", metavar="DATE", type=day, required=True, help="its first day")
    parser.add_argument("--to", dest="last", metavar="DATE", type=day, required=True, help="its last day")
    parser.add_argument("--full", action="store_true", help="with references, single schools and small numbers")
    parser.add_argument("--out", metavar="DIR", type=Path, help="write document, spreadsheet and page there")
    parser.add_argument("--send", action="store_true", help="send it, once, to whom the protocol's file names")
    parser.set_defaults(run=run_report)
    _add_digest(commands)


def _add_digest(commands: "Commands[argparse.ArgumentParser]") -> None:
    digest = new_parser(
        commands, "digest", "show the weekly digest, as it would be now or of a past week", "It is sent to nobody."
    )
    which = digest.add_mutually_exclusive_group(required=True)
    which.add_argument("--preview", action="store_true", help="as it would be now, and send nothing")
    which.add_argument(
        "--week",
        metavar="DATE",
        type=date.fromisoformat,
        help="of the week that DATE is in (like 2026-09-07), made again as it stood at that week's end",
    )
    form = digest.add_mutually_exclusive_group()
    form.add_argument("--text", action="store_true", help="as plain text (this is what happens without --html too)")
    form.add_argument("--html", metavar="FILE", type=Path, help="write it to FILE as it looks in a mail program")
    digest.set_defaults(run=run_digest)


def run_report(args: argparse.Namespace) -> int:
    now = utc_now()
    if args.last < args.first:
        say(f"--to {args.last} is before --from {args.first}.")
        return BAD_CONFIGURATION
    if args.send and args.full:
        say("The full copy is the Business Manager's own, and is not sent: leave out --full or --send.")
        return BAD_CONFIGURATION
    settings = settings_of(args, now, lenient=True)
    with looking(settings, now) as (store, sites):
        for one in sites:
            # Only a letter that is sent needs the key: it is in its Message-ID.
            site = site_from(one.settings, now, secret_of(settings)) if args.send else one.site
            meeting = MeetingReport(site, store, letters_of(one.settings))
            made = meeting.report(args.first, args.last, args.full)
            rendered = meeting.rendered(made)
            heading(rendered.subject)
            say()
            say(rendered.text)
            if args.out is not None:
                folder = args.out if len(sites) == 1 else args.out / site.id
                folder.mkdir(parents=True, exist_ok=True)
                for paper in papers(made):
                    (folder / paper.name).write_bytes(paper.content)
                    say(f"written to {folder / paper.name}")
                page = folder / f"report-{args.first}-to-{args.last}.html"
                page.write_text(rendered.html, encoding="utf-8")
                say(f"written to {page}")
            if args.send and not _sent(meeting, args):
                return BAD_CONFIGURATION
    return OK


def _sent(meeting: MeetingReport, args: argparse.Namespace) -> bool:
    try:
        readers = meeting.put(args.first, args.last, utc_now())
    except ValueError as why:
        say(f"Not sent: {why}.")
        return False
    if readers:
        say(f"It goes out with the next post to {', '.join(reader.address for reader in readers)}.")
    else:
        say("This report was sent before, and is not sent again.")
    return True


def run_digest(args: argparse.Namespace) -> int:
    now = utc_now()
    with looking(settings_of(args, now, lenient=True), now) as (store, sites):
        for one in sites:
            letters = letters_of(one.settings)
            reporter = Reporter(one.site, store, letters, Scribe(one.site, store, letters))
            try:
                _, rendered = reporter.again(args.week, now) if args.week else reporter.preview(now)
            except ValueError as error:  # a week that has not ended, or one outside the calendar's years
                say(f"{one.site.id}: {error}")
                return NOT_WELL
            if args.html is not None:
                target = args.html if len(sites) == 1 else args.html.with_stem(f"{args.html.stem}-{one.site.id}")
                target.write_text(rendered.html, encoding="utf-8")
                say(f"written to {target}")
            else:
                heading(rendered.subject)
                say()
                say(rendered.text)
    return OK
