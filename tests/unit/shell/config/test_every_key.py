"""No key of mailbot.toml, of the lists or of the closures is accepted that nothing obeys.

Each is changed in the shipped configuration, and what the service starts with must be another; and whatever it starts
with is read by some part of the program.
"""

import ast
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from mailbot.shell.config import server_settings as settings
from mailbot.shell.config.configuration import load_settings
from mailbot.shell.config.explained_keys import explained_keys
from mailbot.shell.config.template_files import data_dir
from mailbot.shell.errors import BadConfiguration
from tests.sites import ROOT

TODAY = date(2026, 11, 23)
CONTAINERS = frozenset(
    {
        "mailbot.toml",
        "store",
        "service",
        "alarm",
        "alarm.post",
        "partnership",
        "protocols",
        "closures.toml",
        "agencies.csv",
        "directory.csv",
        "partnership.mailbox",
        "partnership.post",
        "partnership.oauth",
        "partnership.trust",
        "partnership.retention",
        "partnership.phones",
    }
)
TOML, AGENCIES, DIRECTORY, CLOSURES = "mailbot.toml", "agencies.csv", "directory.csv", "closures.toml"
BOX, POST = "[partnership.north-somerset.mailbox]\n", "[partnership.north-somerset.post]\n"
OAUTH = '\n[partnership.north-somerset.oauth]\ntenant = "t1"\nclient_id = "c1"\nsecret_env = "OURS"\n'
BY_TOKEN = (('password_file = "../var/mailbox-password"\n', ""), ('password_file = "../var/mailbox-password"\n', ""))
CHANGES: dict[str, tuple[str, tuple[str, str]]] = {
    "partnership.mode": (TOML, ('mode = "live"', 'mode = "shadow"')),
    "store.url": (TOML, ('url = "sqlite:///../var/mailbot.db"', 'url = "sqlite:///../var/other.db"')),
    "store.key_file": (TOML, ("[store]\n", '[store]\nkey_file = "../var/storage-key"\n')),
    "service.poll_seconds": (TOML, ("poll_seconds = 60", "poll_seconds = 61")),
    "service.secret_file": (TOML, ('secret_file = "../var/secret"', 'secret_file = "../var/other"')),
    "service.heartbeat_file": (TOML, ("poll_seconds = 60", 'poll_seconds = 60\nheartbeat_file = "../var/beat"')),
    "service.heartbeat_url": (
        TOML,
        ("poll_seconds = 60", 'poll_seconds = 60\nheartbeat_url = "https://beat.example/1"'),
    ),
    "alarm.command": (TOML, ("[service]", '[alarm]\ncommand = ["logger"]\n\n[service]')),
    "alarm.to": (TOML, ("[service]", '[alarm]\nto = ["it@nsscp.example"]\n\n[service]')),
    "alarm.post.url": (
        TOML,
        ("[service]", '[alarm]\nto = ["it@nsscp.example"]\n[alarm.post]\nurl = "maildir:/a"\n\n[service]'),
    ),
    "alarm.post.password_file": (TOML, ("[service]", '[alarm.post]\npassword_file = "x"\n\n[service]')),
    "partnership.protocol": (TOML, ('protocol = "north-somerset"', 'protocol = "plymouth"')),
    "partnership.agencies": (TOML, ('agencies = "agencies.csv"', 'agencies = "others.csv"')),
    "partnership.directory": (TOML, ('directory = "directory.csv"', 'directory = "others.csv"')),
    "partnership.closures": (TOML, ('closures = "closures.toml"', 'closures = "others.toml"')),
    "partnership.templates": (TOML, ('templates = ""', 'templates = "none"')),
    "partnership.address": (TOML, ('address = "escalation@nsscp.example"', 'address = "disputes@nsscp.example"')),
    "partnership.ref_prefix": (TOML, ('templates = ""', 'templates = ""\nref_prefix = "ND"')),
    "partnership.approved_domains": (TOML, ('["nsscp.example"]', '["nsscp.example", "more.example"]')),
    "partnership.phones.name": (TOML, ('name = "Emergency duty team"', 'name = "Duty"')),
    "partnership.phones.number": (TOML, ("01632 960199", "01632 960198")),
    "partnership.phones.hours": (TOML, ("nights, weekends, bank holidays", "nights and weekends")),
    "partnership.phones.checked_on": (
        TOML,
        ('holidays", checked_on = 2026-09-01', 'holidays", checked_on = 2026-10-01'),
    ),
    "partnership.roles": (TOML, ('dsps = "dsps@nsscp.example"', 'dsps = "partners@nsscp.example"')),
    "partnership.mailbox.url": (TOML, ("mail.nsscp.example:993/INBOX", "mail.nsscp.example:993/Disputes")),
    "partnership.mailbox.password_file": (TOML, (f"{BOX}url", f"{BOX}password_env = 'X'\nurl")),
    "partnership.mailbox.password_env": (TOML, (BOX, f"{BOX}password_env = 'X'\n")),
    "partnership.mailbox.cafile": (TOML, (BOX, f'{BOX}cafile = "ca.pem"\n')),
    "partnership.mailbox.graph_url": (TOML, (BOX, f'{BOX}graph_url = "https://graph.example"\n')),
    "partnership.mailbox.root": (TOML, (BOX, f'{BOX}root = ["Escalation"]\n')),
    "partnership.post.url": (TOML, ("mail.nsscp.example:587", "mail.nsscp.example:588")),
    "partnership.post.password_file": (TOML, (f"{POST}url", f"{POST}password_env = 'X'\nurl")),
    "partnership.post.password_env": (TOML, (POST, f"{POST}password_env = 'X'\n")),
    "partnership.post.cafile": (TOML, (POST, f'{POST}cafile = "ca.pem"\n')),
    "partnership.post.graph_url": (TOML, (POST, f'{POST}graph_url = "https://graph.example"\n')),
    "partnership.post.root": (TOML, (POST, f'{POST}root = ["Escalation"]\n')),
    "partnership.oauth.tenant": (TOML, ('tenant = "t1"', 'tenant = "t2"')),
    "partnership.oauth.token_url": (TOML, ('tenant = "t1"', 'token_url = "https://t.example"\nscope = "s"')),
    "partnership.oauth.client_id": (TOML, ('client_id = "c1"', 'client_id = "c2"')),
    "partnership.oauth.secret_file": (TOML, ('secret_env = "OURS"', 'secret_file = "ours"')),
    "partnership.oauth.secret_env": (TOML, ('secret_env = "OURS"', 'secret_env = "THEIRS"')),
    "partnership.oauth.certificate_file": (TOML, ('secret_env = "OURS"', 'certificate_file = "ours.pem"')),
    "partnership.oauth.scope": (TOML, ('tenant = "t1"', 'tenant = "t1"\nscope = "https://x.example/.default"')),
    "partnership.oauth.secret_expires": (TOML, ('tenant = "t1"', 'tenant = "t1"\nsecret_expires = 2027-09-01')),
    "partnership.trust.authserv_ids": (
        TOML,
        ('authserv_ids = ["mail.nsscp.example"]', 'authserv_ids = ["mx.nsscp.example"]'),
    ),
    "partnership.trust.require": (TOML, ("require = true", "require = false")),
    "partnership.trust.patience_hours": (TOML, ("patience_hours = 4", "patience_hours = 5")),
    **{
        f"partnership.retention.{name}": (TOML, ("", f"\n[partnership.north-somerset.retention]\n{name} = 7\n"))
        for name in ("emails_months", "letters_months", "disputes_months", "other_mail_months")
    },
    "closed.from": (CLOSURES, ("", '\n[[closed]]\nfrom = "2027-03-01"\nto = "2027-03-02"\nwhy = "a"\n')),
    "closed.to": (CLOSURES, ("", '\n[[closed]]\nfrom = "2027-03-01"\nto = "2027-03-03"\nwhy = "a"\n')),
    "closed.why": (CLOSURES, ("", '\n[[closed]]\nfrom = "2027-03-01"\nto = "2027-03-02"\nwhy = "b"\n')),
    "closed.agency": (
        CLOSURES,
        ("", '\n[[closed]]\nfrom = "2027-03-01"\nto = "2027-03-02"\nwhy = "a"\nagency = "Kewbridge Primary School"\n'),
    ),
}


def _begun_with(folder: Path) -> str:
    """Everything that the service starts with, or why it does not."""
    try:
        found = load_settings(folder / TOML, TODAY)
        return f"{found!r} {found.store_url}"
    except BadConfiguration as bad:
        return str([fault.message for fault in bad.faults])


def _configuration(place: Path, token: bool, graph: bool) -> Path:
    folder = place / "config"
    shutil.copytree(data_dir("config"), folder)
    if token:
        text = (folder / TOML).read_text()
        for old, new in BY_TOKEN:
            text = text.replace(old, new, 1)
        if graph:
            text = re.sub(r'url = "(?:imaps|smtp\+starttls)://[^"]+"', 'url = "graph://escalation@nsscp.example"', text)
        (folder / TOML).write_text(text + OAUTH)
    return folder


Begun = Callable[[str], tuple[Path, str]]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Begun:
    """The configuration that a key is changed in, and what the service starts with before; each kind of it is made and
    read once, and whoever changes it changes it back."""

    @cache
    def made(token: bool, graph: bool) -> tuple[Path, str]:
        folder = _configuration(tmp_path_factory.mktemp("begun"), token, graph)
        return folder, _begun_with(folder)

    return lambda key: made(".oauth." in key or "graph" in key, "graph" in key)


@contextmanager
def _changed(path: Path, text: str) -> Iterator[None]:
    before = path.read_text()
    path.write_text(text)
    yield
    path.write_text(before)


@pytest.mark.parametrize("key", CHANGES)
def test_a_key_changes_what_the_service_starts_with(key: str, begun: Begun) -> None:
    folder, before = begun(key)
    file, (old, new) = CHANGES[key]
    text = (folder / file).read_text()
    assert old in text
    with _changed(folder / file, text.replace(old, new, 1) if old else text + new):
        after = _begun_with(folder)
    assert after != before


def test_what_was_changed_back_is_what_it_was(begun: Begun) -> None:
    folder, before = begun("store.url")
    assert _begun_with(folder) == before


@pytest.mark.parametrize(("file", "named"), [(AGENCIES, "agencies.csv."), (DIRECTORY, "directory.csv.")])
def test_a_column_of_the_lists_is_kept_of_whoever_it_is_about(file: str, named: str, begun: Begun) -> None:
    for key in (key for key in explained_keys() if key.startswith(named)):
        column = key.removeprefix(named)
        folder, before = begun(key)
        rows = [line.split(",") for line in (folder / file).read_text().splitlines()]
        if column not in rows[0]:
            rows = [[*row, column if number == 0 else ""] for number, row in enumerate(rows)]
        rows[1][rows[0].index(column)] = "changed"
        with _changed(folder / file, "\n".join(",".join(row) for row in rows) + "\n"):
            after = _begun_with(folder)
        assert after != before, key


def test_every_key_that_is_explained_has_a_change_here() -> None:
    lists = {key for key in explained_keys() if key.startswith((f"{AGENCIES}.", f"{DIRECTORY}."))}
    assert sorted(set(explained_keys()) - CONTAINERS - lists - set(CHANGES)) == []


def test_whatever_the_service_starts_with_is_read_by_some_part_of_it() -> None:
    kinds = (settings.Settings, settings.PartnershipSettings, settings.Server, settings.AlarmSettings)
    unread = {one.name for kind in kinds for one in fields(kind)}
    for path in (ROOT / "mailbot").rglob("*.py"):
        text = path.read_text("utf-8")
        if path.parent.name != "config" and any(f".{name}" in text for name in unread):
            unread -= {node.attr for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)}
    assert sorted(unread) == []
