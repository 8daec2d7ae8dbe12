"""``mailbot.toml`` and everything it names, into ``Settings``: every fault of every file at once, with file and
line.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from mailbot.shell.config.partnership_table import read_partnership
from mailbot.shell.config.secrets import read_private, secret_key
from mailbot.shell.config.server_settings import PartnershipSettings, Settings, beside_file, page_fault, read_alarm
from mailbot.shell.config.toml_with_faults import TomlTable, parse_toml
from mailbot.shell.errors import BadConfiguration, Fault
from mailbot.shell.store.store import Store

# ``mailbot.toml`` and everything it names, into ``Settings``: every fault of every file at once, with file and line.
#
# Nothing starts on a configuration with a fault: a bot that guesses writes to the wrong people. Every path in the
# file is taken from the file's own folder, so that it does not matter where the program is started.

MIN_POLL, MAX_POLL = 5, 900  # seconds: a mailbox is not hammered, and a limit not missed by a quarter of an hour


def load_settings(path: Path, today: date, lenient: bool = False) -> Settings:
    """The configuration of a deployment, loaded from ``mailbot.toml``: the deployment described by ``path``. Raises
    BadConfiguration with everything that is wrong. ``lenient``: a row of a directory that is wrong stops its own person
    only, as while the service runs; it is found again in ``unsound``."""
    sheet = parse_toml(str(path), _text_of(path))
    root, beside = sheet.root(), path.parent
    store, service = root.table("store"), root.table("service")
    store_url, secret_file = (
        _store_url(store, beside),
        beside_file(beside, service.text("secret_file", "../var/secret")),
    )
    key_file = store.text("key_file", "")
    poll = service.whole("poll_seconds", 60) or 60
    if not MIN_POLL <= poll <= MAX_POLL:
        service.fault("poll_seconds", f'"poll_seconds" is from {MIN_POLL} to {MAX_POLL}')
    alarm = read_alarm(root, beside)
    beats, beat_url = service.text("heartbeat_file", ""), service.text("heartbeat_url", "")
    if beat_url and (fault := page_fault(beat_url)):
        service.fault("heartbeat_url", f'"heartbeat_url" {fault}')
    found = [read_partnership(name, table, beside, today) for name, table in root.tables("partnership").items()]
    if not found:
        root.fault("partnership", "there is no partnership: [partnership.north-somerset] and so on")
    for table in (store, service, root):
        table.finish()
    partnerships = _beside_each_other([one.settings for one in found if one.settings is not None])
    _apart(root.table("partnership"), partnerships)
    faults = [*sheet.faults, *(fault for one in found for fault in one.faults)]
    unsound = in_order(fault for one in found for fault in one.unsound)
    if faults or (unsound and not lenient):
        raise BadConfiguration(in_order([*faults, *unsound]))
    warnings = in_order(fault for one in found for fault in one.warnings)
    made = Settings(path, store_url, partnerships, secret_file, timedelta(seconds=poll), alarm)
    beats_in = beside_file(beside, beats) if beats else None
    made = replace(made, heartbeat_file=beats_in, heartbeat_url=beat_url)
    made = replace(made, store_key_file=beside_file(beside, key_file) if key_file else None)
    return replace(made, warnings=tuple(warnings), unsound=tuple(unsound))


def _text_of(path: Path) -> str:
    """The text of a configuration's file. Raises BadConfiguration where it cannot be read as text."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        said = f"cannot be read: {error.strerror}. mailbot init writes one; --config FILE names another"
        if isinstance(error, PermissionError):
            said = "may not be read by you: it is the service's own. Run this as its user: sudo -u mailbot mailbot …"
        raise BadConfiguration([Fault(str(path), 0, said)]) from None
    except UnicodeDecodeError:
        raise BadConfiguration([Fault(str(path), 0, "is not UTF-8 text: save it as UTF-8")]) from None


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Each once, by file and line."""
    return sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.line))


def _store_url(table: TomlTable, beside: Path) -> str:
    """The configuration's database: the address of the database, an SQLite file taken from ``beside``."""
    written = table.text("url", "sqlite:///../var/mailbot.db")
    try:
        url = make_url(written)
    except ArgumentError:
        table.fault("url", '"url" is not the address of a database: sqlite:///../var/mailbot.db, or postgresql://…')
        return written
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        table.fault("url", "the store can be kept in SQLite or PostgreSQL")
    if url.password:
        table.fault("url", '"url" holds a password: put it into ~/.pgpass or the variable PGPASSWORD')
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).is_absolute():
        url = url.set(database=str((beside / url.database).resolve()))
    return url.render_as_string(hide_password=False)


def _beside_each_other(partnerships: Sequence[PartnershipSettings]) -> tuple[PartnershipSettings, ...]:
    """A configuration's partnerships, each knowing the mailboxes of the others: one mail may be copied to two."""
    known = {one.current.mailbox: one.directory for one in partnerships}
    return tuple(
        replace(one, neighbours={box: who for box, who in known.items() if box != one.current.mailbox})
        for one in partnerships
    )


def _apart(table: TomlTable, partnerships: Iterable[PartnershipSettings]) -> None:
    """A configuration's partnerships stand apart: two partnerships may share a deployment, never a mailbox: each would
    answer the other's mail."""
    boxes: dict[tuple[object, ...], str] = {}
    prefixes: dict[str, str] = {}
    for one in partnerships:
        box = one.mailbox
        place = (box.host, box.user, box.folder, box.path)
        if place in boxes:
            table.fault(one.id, f'"{one.id}" reads the same mailbox as "{boxes[place]}"')
        if one.current.prefix in prefixes:
            table.fault(one.id, f'"{one.id}" and "{prefixes[one.current.prefix]}" have the same ref_prefix')
        boxes.setdefault(place, one.id)
        prefixes.setdefault(one.current.prefix, one.id)


def store_of(settings: Settings, create: bool = False) -> Store:
    """The store of a configuration, opened with its storage key where it names one. Raises BadConfiguration where that
    cannot be read, StoreRefused, Unreachable."""
    return Store.open(settings.store_url, create, storage_key(settings))


def secret_of(settings: Settings) -> bytes:
    """The key of a configuration, by which the record is sealed and our Message-IDs are made. Raises BadConfiguration
    where it cannot be had."""
    try:
        return secret_key(settings.secret_file)
    except ValueError as error:
        raise BadConfiguration([Fault(str(settings.file), 0, f"[service] secret_file: {error}")]) from None


def storage_key(settings: Settings) -> bytes:
    """The key that a configuration's store is encrypted with; b"" where it names none. Raises BadConfiguration."""
    if settings.store_key_file is None:
        return b""
    try:
        return secret_key(settings.store_key_file)
    except ValueError as error:
        raise BadConfiguration([Fault(str(settings.file), 0, f"[store] key_file: {error}", "store.key_file")]) from None


def without_needs(settings: Settings) -> list[Fault]:
    """What a configuration cannot do without: passwords and keys that cannot be had now: to be asked before anything is
    started, all at once."""
    faults = []
    for one in settings.partnerships:
        for name, server in (("mailbox", one.mailbox), ("post", one.post)):
            try:
                if server.oauth is not None and server.oauth.certificate is not None:
                    read_private(server.oauth.certificate)
                else:
                    (server.oauth.secret if server.oauth else server.secret).read()
            except ValueError as error:
                faults.append(Fault(str(settings.file), 0, f"[partnership.{one.id}.{name}] the password: {error}"))
    return faults


def only(settings: Settings, name: str) -> Settings:
    """The configuration of one partnership: ``settings`` with one partnership alone. Raises BadConfiguration where
    there is none of that name."""
    if not name:
        return settings
    chosen = tuple(one for one in settings.partnerships if one.id == name)
    if not chosen:
        known = ", ".join(one.id for one in settings.partnerships)
        raise BadConfiguration([Fault(str(settings.file), 0, f'there is no partnership "{name}": there is {known}')])
    return replace(settings, partnerships=chosen)


# The versions that disputes keep, against the files that are there: a dispute follows the version it was opened under
# to its end, so a file that was taken away stops everything, and says so before anything is started.

_MOST = 5  # references named; the rest are counted


def missing_versions(settings: Settings, store: Store) -> list[Fault]:
    """Protocol versions that the configuration lacks: a fault for each version without its file, with the disputes that
    keep it."""
    faults = []
    for one in settings.partnerships:
        there = {(protocol.id, protocol.version) for protocol in one.versions}
        keep: dict[tuple[str, str], list[str]] = defaultdict(list)
        kept = store.versions_kept(one.id)
        for row in store.dispute_rows(one.id) if kept - there else ():
            if (row.protocol, row.version) not in there:
                keep[row.protocol, row.version].append(row.reference)
        for (protocol, version), references in keep.items():
            named = ", ".join(references[:_MOST])
            more = f" and {len(references) - _MOST} more" if len(references) > _MOST else ""
            said = (
                f"no file here has the version of {version} of {protocol}, which {named}{more} of {one.id} "
                f"{'follow' if len(references) > 1 else 'follows'}: put it back (a copy is in any backup of config)"
            )
            faults.append(Fault(str(settings.file.parent / "protocols" / f"{protocol}.toml"), 0, said))
    return faults
