"""``mailbot check``: everything the configuration names is tried, explained, and nothing is changed."""

import argparse
from collections.abc import Iterable, Iterator
from datetime import datetime

from mailbot.checks.domain_records import Resolver, ask_dns, dns_findings
from mailbot.checks.findings import FAULT, LOOK, MEND, Finding, explained_fault, well
from mailbot.checks.letter_to_me import letter_findings
from mailbot.checks.machine import machine_findings
from mailbot.checks.mailbox import mailbox_findings
from mailbot.checks.partnership import partnership_findings
from mailbot.checks.post import post_findings
from mailbot.checks.reaching import PATIENT, Patience
from mailbot.commands.terminal import Commands, columns, heading, new_parser, say, settings_of
from mailbot.mail.lexicon import must_be_sound
from mailbot.shell.clock import utc_now
from mailbot.shell.config.server_settings import Settings
from mailbot.shell.errors import BAD_CONFIGURATION, OK, UNREACHABLE, BadConfiguration


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    check = new_parser(
        commands,
        "check",
        "check everything before the service is started",
        "Files, letters, database, people, numbers, mailbox, post, certificates, DNS, bank holidays and clock; nothing "
        "is changed. Each fault with where it is, why it matters and what to do. Ends with 2 where a person must mend "
        "something, with 3 where trying again may do.",
    )
    check.add_argument("--offline", action="store_true", help="ask no mail server and no DNS")
    says = "send one real letter to this address (an agency's or the partnership's own) and wait for its answer"
    check.add_argument("--send-to", metavar="ME", default="", help=says)
    says = "how long to wait for that answer (default: 10)"
    check.add_argument("--wait", metavar="MINUTES", type=float, default=10.0, help=says)
    check.set_defaults(run=run_check)


def run_check(args: argparse.Namespace) -> int:
    """``mailbot check``, run: 0, 2 (a person must mend something) or 3 (trying again may do)."""
    must_be_sound()
    now = utc_now()
    ask = None if args.offline else ask_dns
    found: list[Finding] = []
    for title, some in everything_found(args, now, ask):
        if found:
            say()
        heading(title)
        found += _shown(some)
    say()
    return how_it_ends(found)


def everything_found(
    args: argparse.Namespace, now: datetime, ask: Resolver | None, patience: Patience = PATIENT
) -> Iterator[tuple[str, list[Finding]]]:
    """All that ``check`` finds, under its headings. ``ask`` None: the DNS is not asked.
    ``patience`` is how long each mail server is waited for.

    Where the files cannot be meant nothing else is judged: no false fault may follow a true one.
    """
    try:
        settings = settings_of(args, now)
    except BadConfiguration as bad:
        yield f"{args.config}", [explained_fault(fault) for fault in bad.faults]
        return
    here = list(_deployment(settings))
    yield f"{args.config}", here
    for one in settings.partnerships:
        title = f"{one.id}: {one.current.name}, version {one.current.version}"
        found = list(partnership_findings(one, now))
        if not args.offline:
            found += [*mailbox_findings(one, now, patience), *post_findings(one, patience)]
        if ask is not None:
            found += dns_findings(one, ask)
        yield title, found
        if args.send_to and not any(finding.mark == FAULT for finding in (*here, *found)):
            yield f"{one.id}: a letter to {args.send_to}", list(letter_findings(one, args.send_to, args.wait * 60, say))


def _deployment(settings: Settings) -> Iterator[Finding]:
    """What ``check`` finds that is not one partnership's: the files, and this machine."""
    yield well("files", "all of them can be read and meant")
    yield from (explained_fault(warning, LOOK) for warning in settings.warnings)
    yield from machine_findings(settings)


def show_findings(findings: Iterable[Finding]) -> None:
    """``mailbot check`` shows what it found on the terminal: what is so and, below it, where, why it matters and what
    to do."""
    rows = []
    for one in findings:
        more = (("where", one.where), ("why", one.why), ("do", one.do))
        rows += [(one.mark, one.what, one.words), *(("", "", f"{word}: {said}") for word, said in more if said)]
    columns(rows)


def _shown(findings: Iterable[Finding]) -> list[Finding]:
    kept = list(findings)
    show_findings(kept)
    return kept


def how_it_ends(found: list[Finding]) -> int:
    """Tells how ``check`` ends, in a sentence and its exit code."""
    wrong = [one for one in found if one.mark == FAULT]
    looks = sum(one.mark == LOOK for one in found)
    more = f" {looks} thing{'s' if looks != 1 else ''} to look at." if looks else ""
    if wrong:
        say(f"{len(wrong)} fault{'s' if len(wrong) != 1 else ''}.{more} Nothing should be started yet.", "bold red")
        return BAD_CONFIGURATION if any(one.ends == MEND for one in wrong) else UNREACHABLE
    say(f"No fault.{more} mailbot run starts the service.", "bold")
    return OK
