"""``mailbot explain``: how a message would be read and what would be done, without touching anything."""

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from mailbot.commands.terminal import settings_of, with_configuration
from mailbot.core.partnership.directory import Agency, Directory, Officer
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.protocol import Protocol
from mailbot.door.explain import explain
from mailbot.door.whom_it_lets_in import Door
from mailbot.mail.incoming.message import Message, parse
from mailbot.mail.incoming.sender_and_authentication import header_addresses
from mailbot.mail.letters.render import Letters
from mailbot.mail.lexicon import must_be_sound
from mailbot.shell.clock import utc_now
from mailbot.shell.config import template_files
from mailbot.shell.config.closures_and_bank_holidays import calendar_for
from mailbot.shell.config.directory_csv import load_directory
from mailbot.shell.config.server_settings import PartnershipSettings
from mailbot.shell.config.template_files import data_dir
from mailbot.shell.errors import BadConfiguration, Fault
from mailbot.shell.protocol_files.protocol_reader import find_protocol, load_protocol, shipped_protocols


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    says = "how a message would be read, and what would be done"
    explaining = commands.add_parser("explain", help=says, description=f"{says.capitalize()}. {SAME_FOR_BOTH}")
    explaining.add_argument("files", nargs="+", metavar="FILE", type=Path, help="a message as it was received (.eml)")
    shared_arguments(explaining)
    explaining.set_defaults(run=run_explain)


SAME_FOR_BOTH = (
    "Nothing is changed and nobody is written to. Where this machine has a configuration, its procedure, directory and "
    "letters are used; --directory, --protocol and --given take their place."
)


def shared_arguments(parser: argparse.ArgumentParser) -> None:
    """What ``explain`` and ``replay`` are both told."""
    with_configuration(parser)
    parser.add_argument("--now", metavar="ISO", type=datetime.fromisoformat, help="when it arrived (ISO, with offset)")
    parser.add_argument("--given", metavar="FILE", type=Path, help="what is known before: a JSON list of disputes")
    says = "who is who: a directory.csv, or the same as JSON"
    parser.add_argument("--directory", metavar="FILE", type=Path, help=says)
    says = "a protocol's id or file; found by the mailbox's address when not given"
    parser.add_argument("--protocol", metavar="ID", help=says)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run_explain(args: argparse.Namespace) -> int:
    """``mailbot explain``, run. Raises BadConfiguration for a file that cannot be read."""
    must_be_sound()
    site = own_site(args)
    directory = site.directory if site else directory_of(args.directory)
    given, protocols = _given(args.given), protocols_of(args, site)
    own = (site.templates,) if site is not None and site.templates is not None else ()
    letters = Letters(template_files.load_letters((template_files.shipped_letters(), *own)))
    door = Door(site.authserv_ids, site.require_authentication) if site else Door(rehearses=True)
    for path in args.files:
        raw = read_file_named(path)
        message = parse(raw)
        received = args.now or received_of(message, args.now)
        protocol = protocol_of(message, protocols)
        calendar = calendar_for(protocol.calendar, received.date())
        partnership = Partnership(site.id if site else protocol.id, protocol, calendar, directory)
        told = explain((raw, message), received, partnership, given, letters, door)
        if args.json:
            print(json.dumps(told, ensure_ascii=False))
        else:
            _print(path, told, protocol)
    return 0


def own_site(args: argparse.Namespace) -> PartnershipSettings | None:
    """``mailbot explain``: the partnership of this machine's own configuration, by which messages are explained; None
    where one names what to go by, or where there is none but the example. Raises BadConfiguration."""
    example = data_dir("config") / "mailbot.toml"
    named = args.directory or args.protocol or args.given
    if named or not args.config.is_file() or args.config.resolve() == example.resolve():
        return None
    settings = settings_of(args, utc_now())
    if len(settings.partnerships) > 1:
        known = ", ".join(one.id for one in settings.partnerships)
        raise BadConfiguration([Fault(str(args.config), 0, f"say which with --partnership: {known}")])
    return settings.partnerships[0]


def protocols_of(args: argparse.Namespace, site: PartnershipSettings | None) -> list[Protocol]:
    """The procedures that a message may be explained by."""
    if site is not None:
        return [site.current]
    if args.protocol:
        return [load_protocol(find_protocol(args.protocol))]
    return [load_protocol(path) for path in shipped_protocols().values()]


def read_file_named(path: Path) -> bytes:
    """``mailbot explain``: the bytes of the file that was named. Raises BadConfiguration, in words."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadConfiguration([Fault(str(path), 0, f"cannot be read: {error.strerror}")]) from None


def received_of(message: object, now: datetime | None) -> datetime:
    if now is not None:
        return now
    return message.date if isinstance(message, Message) and message.date is not None else utc_now()


def protocol_of(message: object, protocols: list[Protocol]) -> Protocol:
    """The protocol by which ``mailbot explain`` explains a message: the one whose mailbox the message went to; the
    first when none did."""
    if isinstance(message, Message):
        everybody = {a.address for a in (*message.to, *message.cc)}
        for protocol in protocols:
            if protocol.mailbox.lower() in everybody:
                return protocol
    return protocols[0]


def _given(path: Path | None) -> Mapping[str, object]:
    if path is None:
        return {}
    found = _json_of(path, read_file_named(path).decode("utf-8", "replace"))
    return dict(found.get("given", found)) if isinstance(found, dict) else {"disputes": found}


def directory_of(path: Path | None) -> Directory:
    if path is None:
        return Directory()
    text = read_file_named(path).decode("utf-8-sig", "replace")
    return directory_from(_json_of(path, text)) if text.lstrip().startswith("{") else load_directory(path)


def _json_of(path: Path, text: str) -> Any:
    """``mailbot explain``: what a file given to it says as JSON. Any: whatever JSON says. Raises BadConfiguration, with
    the line, where it is none."""
    try:
        return json.loads(text)
    except ValueError as error:
        line = getattr(error, "lineno", 0)
        raise BadConfiguration([Fault(str(path), line, "is not JSON that can be read")]) from None


def directory_from(told: Mapping[str, Any]) -> Directory:
    """A directory for ``mailbot explain``: ``{"approved_domains": […], "agencies": [{"name", "domains", "also",
    "sector", "statutory_partner"}], "people": {key: "Name <address>"}}``: a directory in one file, for rehearsing."""
    agencies = tuple(
        Agency(
            row["name"],
            tuple(row.get("domains", ())),
            tuple(row.get("also", ())),
            row.get("sector", ""),
            row.get("statutory_partner", ""),
        )
        for row in told.get("agencies", ())
    )
    bare = Directory(agencies, (), frozenset(told.get("approved_domains", ())))
    people = [bare.person(address, name) for name, address in header_addresses(told.get("people", {}).values())]
    known = tuple(Officer(person) for person in people if bare.is_approved(person.address))
    return Directory(agencies, known, bare.approved_domains)


def _print(path: Path, told: Mapping[str, Any], protocol: Protocol) -> None:
    """``mailbot explain`` prints an explanation for a Business Manager: what a message is, what it asks, what would
    follow, and why."""
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    rows = [
        ("file", path.name),
        ("procedure", protocol.name),
        ("from", told["from"]),
        ("read as", f"{', '.join(told['act']).replace('_', ' ')} ({told['how_sure']})"),
        ("because", told["why"]),
        ("also heard", told["also_heard"]),
        ("weighed", told["weighed"]),
        ("dispute", told["dispute"] or "none"),
        *((f"  {key.replace('_', ' ')}", value) for key, value in told["fields"].items()),
        ("still missing", ", ".join(told["missing"]).replace("_", " ")),
        ("note", "; ".join(told["flags"])),
        *((f"limit {row['clock']}", _shown(row["due"])) for row in told["deadlines"]),
        *((f"letter {reply['letter']}", f"{', '.join(reply['to'])}: {reply['subject']}") for reply in told["replies"]),
    ]
    for name, value in rows:
        if value:
            console.print(f"[bold]{escape(str(name)):<22}[/bold] {escape(str(value))}")
    if not told["replies"]:
        console.print(f"[bold]{'letters':<22}[/bold] none: it is recorded, and nobody is written to")
    console.print()


def _shown(instant: str) -> str:
    local = datetime.fromisoformat(instant)
    return f"{local:%a} {local.day} {local:%b %Y %H:%M}"
