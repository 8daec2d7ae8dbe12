"""``mailbot.toml`` and everything it names, into ``Settings``: every fault of every file at once, with file and line.

Nothing starts on a configuration with a fault: a bot that guesses writes to the wrong people. Every path in the file
is taken from the file's own folder, so that it does not matter where the program is started.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from mailbot.shell.errors import BadConfiguration, Fault
from mailbot.shell.partnership_file import read_partnership
from mailbot.shell.settings import PartnershipSettings, Settings, beside_file
from mailbot.shell.sheet import Table, parse

DEFAULT = Path("config/mailbot.toml")
MIN_POLL, MAX_POLL = 5, 900  # seconds: a mailbox is not hammered, and a limit not missed by a quarter of an hour


def load(path: Path, today: date) -> Settings:
    """The deployment described by ``path``. Raises BadConfiguration with everything that is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        said = f"cannot be read: {error.strerror}. mailbot init writes one; --config FILE names another"
        raise BadConfiguration([Fault(str(path), 0, said)]) from None
    except UnicodeDecodeError:
        raise BadConfiguration([Fault(str(path), 0, "is not UTF-8 text: save it as UTF-8")]) from None
    sheet = parse(str(path), text)
    root, beside = sheet.root(), path.parent
    store, service = root.table("store"), root.table("service")
    store_url, secret_file = (
        _store_url(store, beside),
        beside_file(beside, service.text("secret_file", "../var/secret")),
    )
    poll = service.whole("poll_seconds", 60) or 60
    if not MIN_POLL <= poll <= MAX_POLL:
        service.fault("poll_seconds", f'"poll_seconds" is from {MIN_POLL} to {MAX_POLL}')
    found = [read_partnership(name, table, beside, today) for name, table in root.tables("partnership").items()]
    if not found:
        root.fault("partnership", "there is no partnership: [partnership.north-somerset] and so on")
    for table in (store, service, root):
        table.finish()
    partnerships = tuple(one.settings for one in found if one.settings is not None)
    _apart(root.table("partnership"), partnerships)
    faults = [*sheet.faults, *(fault for one in found for fault in one.faults)]
    if faults:
        raise BadConfiguration(in_order(faults))
    warnings = in_order(fault for one in found for fault in one.warnings)
    return Settings(path, store_url, partnerships, secret_file, timedelta(seconds=poll), tuple(warnings))


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Each once, by file and line."""
    return sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.line))


def _store_url(table: Table, beside: Path) -> str:
    """The address of the database, an SQLite file taken from ``beside``."""
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


def _apart(table: Table, partnerships: Iterable[PartnershipSettings]) -> None:
    """Two partnerships may share a deployment, never a mailbox: each would answer the other's mail."""
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


def without_needs(settings: Settings) -> list[Fault]:
    """Passwords and keys that cannot be had now: to be asked before anything is started, all at once."""
    faults = []
    for one in settings.partnerships:
        for name, server in (("mailbox", one.mailbox), ("post", one.post)):
            try:
                (server.oauth.secret if server.oauth else server.secret).read()
            except ValueError as error:
                faults.append(Fault(str(settings.file), 0, f"[partnership.{one.id}.{name}] the password: {error}"))
    return faults


def only(settings: Settings, name: str) -> Settings:
    """``settings`` with one partnership alone. Raises BadConfiguration where there is none of that name."""
    if not name:
        return settings
    chosen = tuple(one for one in settings.partnerships if one.id == name)
    if not chosen:
        known = ", ".join(one.id for one in settings.partnerships)
        raise BadConfiguration([Fault(str(settings.file), 0, f'there is no partnership "{name}": there is {known}')])
    return replace(settings, partnerships=chosen)
