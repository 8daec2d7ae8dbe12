"""One partnership of ``mailbot.toml``, with its protocol's versions, its directory and its closures."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType

from mailbot.core.partnership.directory import Directory, domain_of
from mailbot.core.procedure.protocol import Phone, Protocol
from mailbot.core.record.retention import Retention
from mailbot.shell.config.closures_and_bank_holidays import NATIONS, Closures, bank_holidays, read_closures
from mailbot.shell.config.directory_changes import DirectoryFiles
from mailbot.shell.config.directory_csv import (
    Read,
    domain_fault,
    is_address,
    read_directory,
    with_closures,
)
from mailbot.shell.config.phone_numbers import phone_faults
from mailbot.shell.config.server_settings import PartnershipSettings, beside_file, read_oauth, read_server
from mailbot.shell.config.toml_with_faults import TomlTable, nearest
from mailbot.shell.errors import BadConfiguration, Fault
from mailbot.shell.protocol_files import protocol_reader as protocols
from mailbot.shell.protocol_files.faults import prefix_fault
from mailbot.shell.protocol_files.tables import phone
from mailbot.shell.servers.rehearsing import LIVE, MODES, TRAINING, is_nobodys

HOLIDAYS_AHEAD = 1  # years after this one for which bank holidays must be known


LONGEST_KEPT = 1200  # months
LONGEST_PATIENCE = 72  # hours: a limit that waits longer for a mailbox is one that nobody keeps
_AUTHSERV = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class FoundPartnership:
    """``settings`` None where so much is missing that there is nothing to go on with."""

    settings: PartnershipSettings | None
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    unsound: tuple[Fault, ...] = ()  # rows of the directory, whose people are left out


def read_partnership(name: str, table: TomlTable, beside: Path, today: date) -> FoundPartnership:
    """A ``[partnership]`` table of ``mailbot.toml``, read. Faults inside ``table`` are noted on its sheet; those of the
    files it names come back."""
    faults: list[Fault] = []
    versions = _versions(name, table, beside, faults)
    read, closures, lists = _directory(table, beside, versions)
    directory, faults, warnings = read.directory, faults + list(read.faults), list(read.warnings)
    ours = tuple(_ours(table, protocol, closures) for protocol in versions)
    if not versions:  # what would have been read is not unknown, and no fault follows from that one
        table.asked |= {"address", "ref_prefix", "roles", "phones"}
    oauth = read_oauth(table, beside)
    mailbox, post = read_server(table, "mailbox", beside, oauth), read_server(table, "post", beside, oauth)
    ids, require, patience = _trust(table.table("trust"))
    templates = table.text("templates", "")
    folder = beside_file(beside, templates) if templates else None
    if folder is not None and not folder.is_dir():
        table.fault("templates", f"there is no folder {folder}")
    mode, retention = table.one_of("mode", MODES, LIVE), _retention(table)
    table.finish()
    current = _current(ours, today)
    if current is None or mailbox is None or post is None:
        if ours and current is None:
            table.fault("protocol", "no version of the protocol is in force yet")
        return FoundPartnership(None, tuple(faults), tuple(warnings), read.unsound)
    if not faults:  # of the files it names: what follows from those is no fault of its own
        for key, said in (
            *_unusable(current, directory, today),
            *phone_faults(current.risk.phones, current.mailbox, today),
            *(_real_domains(current, directory) if mode == TRAINING else ()),
        ):
            if not table.sheet.is_told((*table.path, key)):
                table.fault(key, said)
    warnings += _examples(table, current)
    settings = PartnershipSettings(name, ours, current, directory, mailbox, post, ids, require, patience, folder)
    settings = replace(settings, mode=mode, lists=lists, retention=retention)
    return FoundPartnership(settings, tuple(faults), tuple(warnings), read.unsound)


def _real_domains(current: Protocol, directory: Directory) -> Iterator[tuple[str, str]]:
    """Why a partnership's table is none for training: a domain in it that somebody could have."""
    offices = {domain_of(address) for address in _offices(current)}
    real = sorted(domain for domain in {*directory.approved_domains, *offices} if not is_nobodys(domain))
    if real:
        said = f"training is for invented people: {', '.join(real)} may be somebody's; use names that end in .example"
        yield "mode", said


def _examples(table: TomlTable, current: Protocol) -> Iterator[Fault]:
    """The warning that a partnership's offices still have the addresses of the example."""
    examples = [address for address in _offices(current) if address.endswith(".example")]
    if examples:
        said = f"these are examples that nobody reads: {', '.join(examples)}; put the real addresses in"
        yield Fault(*table.sheet.where((*table.path, "roles")), said, "partnership.roles")


def _versions(name: str, table: TomlTable, beside: Path, faults: list[Fault]) -> tuple[Protocol, ...]:
    """The protocol versions that a partnership's table names: every dated version of the protocol:
    ``protocols/<id>*.toml`` beside the file, else the shipped one."""
    wanted = table.text("protocol", name)
    folder = beside / "protocols"
    paths = [beside_file(beside, wanted)] if wanted.endswith(".toml") else sorted(folder.glob(f"{wanted}*.toml"))
    try:
        paths = paths or [protocols.find_protocol(wanted, folder)]
    except BadConfiguration as bad:
        table.fault("protocol", bad.faults[0].message)
        return ()
    found: dict[str, Protocol] = {}
    for path in paths:
        checked = protocols.check_protocol(path)
        faults += checked.faults
        protocol = checked.protocol
        if protocol is None or (protocol.id != wanted and not wanted.endswith(".toml")):
            continue  # another protocol whose name begins the same
        if protocol.version in found:
            faults.append(Fault(str(path), 1, f"another file has the same version, {protocol.version}"))
        found[protocol.version] = protocol
    if not found and not faults:
        table.fault("protocol", f'none of {", ".join(path.name for path in paths)} has the id "{wanted}"')
    return tuple(found.values())


def _current(versions: tuple[Protocol, ...], today: date) -> Protocol | None:
    in_force = [p for p in versions if p.published.in_force <= today]
    return max(in_force, key=lambda p: p.published.in_force, default=None)


def _ours(table: TomlTable, protocol: Protocol, closures: Closures) -> Protocol:
    """What a partnership's table adds to its protocol: the published procedure with what belongs to the deployment:
    addresses, telephone numbers, closed days."""
    roles = dict(protocol.roles)
    for name, address in _role_addresses(table, protocol).items():
        roles[name] = replace(roles[name], address=address)
    numbers = tuple(p for p in protocol.risk.phones if p.number) + _phones(table)
    closed = {**protocol.calendar.also_closed, **closures.partnership}
    return replace(
        protocol,
        mailbox=(table.text("address", protocol.mailbox) or protocol.mailbox).lower(),
        prefix=table.text("ref_prefix", protocol.prefix),
        roles=MappingProxyType(roles),
        risk=replace(protocol.risk, phones=numbers),
        calendar=replace(protocol.calendar, also_closed=MappingProxyType(closed)),
    )


def _role_addresses(table: TomlTable, protocol: Protocol) -> Mapping[str, str]:
    given = table.table("roles")
    offices = [role.id for role in protocol.roles.values() if role.address]
    for name in given.values:
        if name not in offices:
            given.fault(name, f'"{name}" is not a role with an address of its own.{nearest(name, offices)}')
    return {name: given.text(name).lower() for name in given.values if name in offices}


def _phones(table: TomlTable) -> tuple[Phone, ...]:
    rows = table.rows("phones")
    return tuple(phone(row) for row in rows)


def _directory(table: TomlTable, beside: Path, versions: tuple[Protocol, ...]) -> tuple[Read, Closures, DirectoryFiles]:
    """Who is who for a partnership's table, with everything wrong with that and with its closed days, and where its
    lists are."""
    approved = tuple(domain.strip().lower().removeprefix("@") for domain in table.list("approved_domains"))
    for domain in approved:
        if fault := domain_fault(domain):
            table.fault("approved_domains", fault)
    posts = {p for one in versions for role in one.roles.values() for p in (role.post, role.rather) if p}
    agencies = beside_file(beside, table.text("agencies", "agencies.csv"))
    officers = beside_file(beside, table.text("directory", "directory.csv"))
    read = read_directory(agencies, officers, approved, posts)
    faults = list(read.faults)
    named = table.text("closures", "")
    closures = Closures()
    if named:
        try:
            closures = read_closures(beside_file(beside, named), [agency.name for agency in read.directory.agencies])
        except BadConfiguration as bad:
            faults += bad.faults
    made = with_closures(read.directory, closures.agencies)
    warnings = read.warnings if versions else ()
    lists = DirectoryFiles(agencies, officers, tuple(approved), tuple(sorted(posts)))
    return replace(read, directory=made, faults=tuple(faults), warnings=warnings), closures, lists


def _trust(table: TomlTable) -> tuple[tuple[str, ...], bool, timedelta]:
    ids, require = table.list("authserv_ids"), table.flag("require", True)
    if require and not ids:
        said = (
            'no "authserv_ids": look at Authentication-Results in a message of this mailbox, its first word is your '
            "server's id. If there is no such line, have your server write it. Until then require = false: talk is "
            "filed, and whoever asks for a change confirms it by mail"
        )
        table.fault("authserv_ids", said)
    patience = table.whole("patience_hours", 4)
    if patience is not None and not 0 <= patience <= LONGEST_PATIENCE:
        table.fault("patience_hours", f'"patience_hours" is from 0 to {LONGEST_PATIENCE}')
    for one in ids:
        if not _AUTHSERV.fullmatch(one.strip()):
            said = f'"{one}" is not one word, such as mx.council.gov.uk: what stands first in Authentication-Results'
            table.fault("authserv_ids", said)
    table.finish()
    return tuple(i.strip().lower() for i in ids), require, timedelta(hours=4 if patience is None else patience)


def _retention(table: TomlTable) -> Retention:
    """How long a partnership's table says that each class is kept; what it does not name is kept."""
    if not table.has("retention"):
        table.asked.add("retention")
        return Retention()
    part = table.table("retention")
    names = ("emails_months", "letters_months", "disputes_months", "other_mail_months")
    lengths = [part.whole(name, None) for name in names]
    for name, months in zip(names, lengths, strict=True):
        if months is not None and not 1 <= months <= LONGEST_KEPT:
            part.fault(name, f'"{name}" is from 1 to {LONGEST_KEPT}')
    part.finish()
    return Retention(*lengths)


def _offices(protocol: Protocol) -> list[str]:
    return sorted({role.address for role in protocol.roles.values() if role.address} | {protocol.mailbox})


def _unusable(protocol: Protocol, directory: Directory, today: date) -> Iterator[tuple[str, str]]:
    """What makes a partnership's table unusable as a whole: what each file allows and the whole does not: (key of the
    partnership's table, words)."""
    if not protocol.risk.phones:
        yield (
            "phones",
            (
                "no telephone number for immediate risk: every letter opens with whom to ring. Give at least one: "
                'phones = [ { name = "Front door", number = "01632 960100" } ]'
            ),
        )
    if not is_address(protocol.mailbox):
        yield "address", f'"{protocol.mailbox}" is not an email address'
    if fault := prefix_fault(protocol.prefix):
        yield "ref_prefix", fault
    for role in protocol.roles.values():
        if role.address and not is_address(role.address):
            yield "roles", f'the address of {role.id}, "{role.address}", is not an email address'
        elif role.address == protocol.mailbox:
            yield "roles", f"the address of {role.id} is the mailbox itself: letters to it would be read by nobody"
        elif role.address and domain_of(role.address) not in directory.approved_domains:
            yield (
                "approved_domains",
                (
                    f"{role.address} ({role.id}) is at a domain that is not approved: add "
                    f'"{domain_of(role.address)}" to approved_domains, or correct [partnership.….roles]'
                ),
            )
    years = range(today.year, today.year + HOLIDAYS_AHEAD + 1)
    if NATIONS[protocol.calendar.bank_holidays] is not None:
        known = {day.year for day in bank_holidays(protocol.calendar.bank_holidays, years)}
        unknown = " and ".join(str(year) for year in years if year not in known)
        if unknown:
            yield "protocol", f"the bank holidays of {unknown} are not known: bring the package holidays up to date"
