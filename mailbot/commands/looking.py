"""``mailbot status``, ``show``, ``verify`` and ``digest``: what there is to see. Nothing is changed."""

import argparse
import json
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path

from mailbot.build import letters_of
from mailbot.commands.chronology import show
from mailbot.commands.health import Health, health
from mailbot.commands.screen import ago, columns, heading, say, when
from mailbot.commands.shared import NOT_WELL, OK, Commands, looking, new_parser
from mailbot.core.clocks.calendar import Calendar
from mailbot.shell.clock import utc_now
from mailbot.shell.errors import BadConfiguration
from mailbot.shell.kept_versions import missing_versions
from mailbot.turns.reporting import Reporter
from mailbot.turns.scribe import Scribe


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    status = new_parser(
        commands, "status", "show whether all is well", "Ends with 1 where it is not, so that monitoring can ask."
    )
    status.add_argument("--json", action="store_true", help="one JSON object for each partnership, one a line")
    status.add_argument(
        "--within", metavar="MINUTES", type=int, default=15, help="how recent each turn must be to be well (15)"
    )
    status.set_defaults(run=run_status)
    one = new_parser(commands, "show", "show the whole of one dispute", "Who did what and when, letters, limits.")
    one.add_argument("reference", metavar="REF", help="its reference, like NS-26-0012")
    one.set_defaults(run=run_show)
    verify = new_parser(
        commands, "verify", "check that nothing in the record was changed",
        "Every chain is computed again, every dispute replayed, every message compared with its digest. "
        "Ends with 1 and says each break in words.",
    )  # fmt: skip
    verify.set_defaults(run=run_verify)
    digest = new_parser(
        commands, "digest", "show the weekly digest, as it would be now or of a past week", "It is sent to nobody."
    )
    which = digest.add_mutually_exclusive_group(required=True)
    which.add_argument("--preview", action="store_true", help="as it would be now, and send nothing")
    which.add_argument(
        "--week", metavar="DATE", type=date.fromisoformat,
        help="of the week that DATE is in (like 2026-09-07), made again as it stood at that week's end",
    )  # fmt: skip
    form = digest.add_mutually_exclusive_group()
    form.add_argument("--text", action="store_true", help="as plain text (this is what happens without --html too)")
    form.add_argument("--html", metavar="FILE", type=Path, help="write it to FILE as it looks in a mail program")
    digest.set_defaults(run=run_digest)


def run_status(args: argparse.Namespace) -> int:
    now = utc_now()
    with looking(args, now) as (_, store, sites):
        found = [(one.site, health(one.site, store, now, timedelta(minutes=args.within))) for one in sites]
    for site, state in found:
        if args.json:
            print(json.dumps(asdict(state) | {"is_well": state.is_well}, default=_instant))
        else:
            _print(state, site.current.calendar, now)
    return OK if all(state.is_well for _, state in found) else NOT_WELL


def _instant(value: datetime) -> str:
    return value.isoformat()


def _print(state: Health, calendar: Calendar, now: datetime) -> None:
    heading(f"{state.partnership}: {'all is well' if state.is_well else 'NOT WELL'}")
    columns([("fault", words) for words in state.wrong])
    wait = state.waiting
    rows = [(turn, ago(at, now), when(at, calendar)) for turn, at in state.turns.items()]
    rows.append(("read to its end", ago(state.drained, now), when(state.drained, calendar)))
    columns(rows)
    say()
    columns(
        [
            ("disputes", f"{state.open} open, {state.disputes} in all"),
            ("next due", when(state.next_due, calendar) if state.next_due else "nothing"),
            ("not read yet", _waits(wait.unread, wait.oldest_unread, now)),
            ("letters to send", _waits(wait.letters, wait.oldest_letter, now)),
            ("to be filed", str(wait.filings)),
            ("for a person", f"{wait.held}{'  (mailbot held)' if wait.held else ''}"),
            ("ledger", state.head or "empty"),
            *(("trouble", f"{words} ({ago(at, now)})") for words, at in state.troubles),
        ]
    )


def _waits(count: int, oldest: datetime | None, now: datetime) -> str:
    return f"{count}, the oldest from {ago(oldest, now)}" if count else "0"


def run_show(args: argparse.Namespace) -> int:
    now, reference = utc_now(), args.reference.strip().upper()
    with looking(args, now) as (settings, store, sites):
        for one in sites:
            dispute = store.dispute(one.site.id, reference)
            if dispute is not None and (dispute.protocol, dispute.version) not in one.site.versions:
                raise BadConfiguration(missing_versions(settings, store))
            if dispute is not None:
                letters = store.letters(one.site.id, reference)
                show(dispute, one.site.version(dispute), store.chronology(one.site.id, reference), letters, now)
                return OK
    say(f"There is no dispute {reference}.")
    return NOT_WELL


def run_verify(args: argparse.Namespace) -> int:
    with looking(args, utc_now()) as (_, store, sites):
        found = {one.site.id: (len(store.dispute_rows(one.site.id)), store.verify(one.site.id)) for one in sites}
    for name, (disputes, breaks) in found.items():
        if breaks:
            heading(f"{name}: the record is NOT whole")
            columns([("fault", words) for words in breaks])
        else:
            say(f"{name}: the record of {disputes} dispute{'s' if disputes != 1 else ''} is whole")
    return NOT_WELL if any(breaks for _, breaks in found.values()) else OK


def run_digest(args: argparse.Namespace) -> int:
    now = utc_now()
    with looking(args, now) as (_, store, sites):
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
