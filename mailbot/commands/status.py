"""``mailbot status`` and ``metrics``: whether all is well. Nothing is changed, and little is loaded."""

import argparse
import json
from dataclasses import asdict
from datetime import datetime, timedelta

from mailbot.commands.terminal import Commands, ago, columns, heading, new_parser, say, settings_of, when
from mailbot.core.procedure.working_days import Calendar
from mailbot.looking import looking
from mailbot.shell.clock import utc_now
from mailbot.shell.errors import NOT_WELL, OK
from mailbot.shell.servers.rehearsing import LIVE
from mailbot.watching.health import WITHIN, Health, health, metrics_text


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    status = new_parser(
        commands, "status", "show whether all is well", "Ends with 1 where it is not, so that monitoring can ask."
    )
    status.add_argument("--json", action="store_true", help="one JSON object for each partnership, one a line")
    minutes = int(WITHIN.total_seconds() // 60)
    says = f"how recent each turn must be to be well ({minutes})"
    status.add_argument("--within", metavar="MINUTES", type=int, default=minutes, help=says)
    status.set_defaults(run=run_status)
    metrics = new_parser(
        commands,
        "metrics",
        "tell monitoring how it is, in numbers",
        "In the text format of Prometheus; for a collector that reads a file, or a page that prints it. No number "
        "says anything about a person.",
    )
    metrics.set_defaults(run=run_metrics)


def run_status(args: argparse.Namespace) -> int:
    now = utc_now()
    with looking(settings_of(args, now, lenient=True), now) as (store, sites):
        found = [(one.site, health(one.site, store, now, timedelta(minutes=args.within))) for one in sites]
        modes = {one.site.id: one.settings.mode for one in sites}
    for site, state in found:
        if not args.json and modes[site.id] != LIVE:
            say(f"{site.id} runs in {modes[site.id]} mode: people are not written to")
        if args.json:
            print(json.dumps(asdict(state) | {"is_well": state.is_well}, default=_instant))
        else:
            _print(state, site.current.calendar, now)
    return OK if all(state.is_well for _, state in found) else NOT_WELL


def _instant(value: datetime) -> str:
    return value.isoformat()


def run_metrics(args: argparse.Namespace) -> int:
    """``mailbot metrics``, which is ``mailbot status`` in numbers, run: always 0, so that a scrape of what is wrong is
    one that succeeded."""
    now = utc_now()
    with looking(settings_of(args, now, lenient=True), now) as (store, sites):
        print(metrics_text([(health(one.site, store, now), now) for one in sites]), end="")
    return OK


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
