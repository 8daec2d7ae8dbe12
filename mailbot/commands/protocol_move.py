"""``mailbot protocol move``: open disputes moved on to another version of their protocol; a look first, ``--yes``
does it.
"""

import argparse
import getpass
from collections.abc import Iterator
from datetime import datetime

from mailbot.build import letters_of
from mailbot.commands.terminal import columns, heading, say, settings_of, when
from mailbot.core.clocks.case import Case
from mailbot.core.notices.version_change import VersionMove, is_older, move_to_version
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.ledger import Cause
from mailbot.door.message_as_read import DisputeStep
from mailbot.looking import site_from
from mailbot.shell.clock import utc_now
from mailbot.shell.config.configuration import secret_of, store_of
from mailbot.shell.errors import BAD_CONFIGURATION, NOT_WELL, OK
from mailbot.shell.store.decisions import Work
from mailbot.turns.ledger_and_outbox import Scribe
from mailbot.turns.running_partnership import Site

RESTART = "A service that was started before this version's file was there must be started again first."


def run_move(args: argparse.Namespace) -> int:
    """``mailbot protocol move``, with its exit code: 0 moved, or shown as it would be; 1 where any was refused; 2 for
    what cannot be meant."""
    why, by, now = args.why.strip(), args.by.strip() or getpass.getuser(), utc_now()
    if bool(args.reference) == args.all:
        say("Say either a reference or --all.")
        return BAD_CONFIGURATION
    if not why:
        say("Please say why: it goes into the record.")
        return NOT_WELL
    settings = settings_of(args, now)
    secret = secret_of(settings) if args.yes else b""
    store = store_of(settings)
    try:
        with store.transaction() as work:
            made = [
                (one, site, each)
                for one in settings.partnerships
                for site in (site_from(one, now, secret),)
                for each in _moves(work, site, args, now, by, why)
            ]
            for one, site, (dispute, new, found) in made:
                _print(found, dispute.version, args.version, new.calendar)
                if args.yes and not found.refused:
                    step = DisputeStep(dispute.reference, dispute, found.events, new)
                    Scribe(site, store, letters_of(one)).write(work, step, Cause("person", by), now)
    finally:
        store.close()
    return _ending(args, [found for _, _, (_, _, found) in made])


def _moves(
    work: Work, site: Site, args: argparse.Namespace, now: datetime, by: str, why: str
) -> Iterator[tuple[Dispute, Partnership, VersionMove]]:
    """What ``mailbot protocol move`` would move: each dispute meant, with the version it would follow; the record is
    not touched."""
    found = work.open_disputes(site.id) if args.all else [work.dispute(site.id, args.reference.upper())]
    for dispute in found:
        if dispute is None:
            continue
        old, new = (site.versions.get((dispute.protocol, version)) for version in (dispute.version, args.version))
        if old is None or new is None:
            known = ", ".join(sorted(v for p, v in site.versions if p == dispute.protocol))
            missing = args.version if new is None else dispute.version
            said = f'there is no version "{missing}" here: there is {known}'
            yield dispute, old or new or site.current, VersionMove(dispute.reference, (), (), said)
        else:
            case = Case(dispute, old, now)
            if not args.all or is_older(case, new):
                yield dispute, new, move_to_version(case, new, by, why)


def _print(found: VersionMove, was: str, version: str, calendar: Calendar) -> None:
    heading(f"{found.reference}: from version {was} to {version}")
    if found.stages:
        rows = [
            (
                row.shown + (" (now)" if row.is_here else ""),
                row.was or "-",
                row.becomes or "-",
                _mark(row.was, row.becomes),
            )
            for row in found.stages
        ]
        columns(rows, ("stage", "as it is", "as it would be", ""))
        say()
    if found.limits:
        said = [
            (row.label, _when(row.was, calendar), _when(row.becomes, calendar), _mark(row.was, row.becomes))
            for row in found.limits
        ]
        columns(said, ("limit", "as it is", "as it would be", ""))
        say()
    if found.refused:
        say(f"  Not moved: {found.refused}.")
    else:
        say(f"  Told: {', '.join(n.to.shown for n in found.notices) or 'nobody'}.")
    say()


def _mark(was: object, becomes: object) -> str:
    return "" if was == becomes else "changed"


def _when(instant: datetime | None, calendar: Calendar) -> str:
    return when(instant, calendar) if instant else "-"


def _ending(args: argparse.Namespace, found: list[VersionMove]) -> int:
    if not found:
        say("No open dispute is of an older version." if args.all else f"There is no dispute {args.reference}.")
        return OK if args.all else NOT_WELL
    refused = sum(bool(one.refused) for one in found)
    could = len(found) - refused
    count = f"{could} dispute{'s' if could != 1 else ''}"
    if args.yes:
        say(f"{count} moved, {refused} not; the next turn sends the letters.")
    else:
        say(f"{count} would be moved, {refused} not. Nothing was changed; --yes does it. {RESTART}")
    return NOT_WELL if refused else OK
