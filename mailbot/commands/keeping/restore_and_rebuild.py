"""``mailbot restore`` and ``mailbot rebuild``: a database put back from a backup, or made anew from the mailbox alone.

Neither goes on by itself: what it lacks is shown, and a person lets it go on (``mailbot witness --go-on``).
"""

import argparse
import filecmp
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url

from mailbot.build import bot_of, letters_of, mailbox_of
from mailbot.commands.init import prepare_system, shut_for_service, system_config
from mailbot.commands.keeping.backup_and_migrate import must_be_whole
from mailbot.commands.terminal import Commands, columns, heading, new_parser, say, settings_of
from mailbot.looking import Looked, site_from
from mailbot.shell.clock import utc_now
from mailbot.shell.config.configuration import secret_of, store_of, without_needs
from mailbot.shell.config.server_settings import Settings
from mailbot.shell.errors import NOT_WELL, OK, BadConfiguration, Fault, StoreRefused, Unreachable
from mailbot.shell.private_files import make_private_folder, shut, with_side_files
from mailbot.shell.servers.maildir import MaildirMailbox, MaildirPostman
from mailbot.shell.servers.rehearsing import rehearsing_mailbox
from mailbot.shell.store.database import file_of
from mailbot.shell.store.store import Store
from mailbot.shell.store.to_another_database import move_store
from mailbot.turns.bot import Bot
from mailbot.turns.service import LEASE
from mailbot.watching.rebuilding import (
    Rebuilding,
    RebuiltDispute,
    WhatLies,
    cards_made,
    end_rebuilding,
    rebuilt,
    what_lies,
)
from mailbot.watching.witness_in_mailbox import LAST_AGREED, behind, is_new, seen_in

_NOT_IN_EMAILS = (
    "What no email says is not in it: what was done at a terminal (mailbot held, mailbot protocol move), which letters "
    "arrived, and when a server was down. Where a card said something else, look there first."
)
_AS_NOW = "Nothing is sent and nothing is decided, but answers to danger, until a person says: mailbot witness --go-on"


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    restore = new_parser(
        commands,
        "restore",
        "put a backup in the place of the database",
        "Checks the copy first: whole, of this program's age or older, its record verified by its key. The service "
        "must be stopped. The present database is put aside, not removed. Afterwards it is compared with its witness "
        "in the mailbox; ends with 1 where it is older, and then stands still until you let it go on.",
    )
    restore.add_argument("folder", metavar="FOLDER", type=Path, help="a folder that mailbot backup made")
    how = restore.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="check the copy, and put it nowhere")
    says = "as root, on a new machine: make the service's user, folders and unit as well, as mailbot init --system does"
    how.add_argument("--system", action="store_true", help=says)
    says = "with --system: put its files under this folder, and make no user (for packages)"
    restore.add_argument("--root", metavar="DIR", type=Path, default=Path("/"), help=says)
    restore.set_defaults(run=run_restore)
    rebuild = new_parser(
        commands,
        "rebuild",
        "make a lost database anew, from the mailbox alone",
        "Every email that lies in the mailbox is decided again in its order, by the rules of its day; letters are "
        "written again and sent to nobody. Needs the configuration and the key. The database must be empty or gone. "
        "Shows each dispute beside its card; ends with 1 where they differ or something is missing.",
    )
    rebuild.set_defaults(run=run_rebuild)


# Restore


def run_restore(args: argparse.Namespace) -> int:
    """``mailbot restore``, run. Raises BadConfiguration, StoreRefused; then everything is as it was."""
    now, folder = utc_now(), args.folder
    for name in ("mailbot.db", "secret", "config"):
        if not (folder / name).exists():
            said = f"has no {name}: it is not what mailbot backup makes"
            raise BadConfiguration([Fault(str(folder), 0, said)])
    if args.system:
        args.config = system_config(args.root)
        prepare_system(args.root, os.geteuid())
    if not args.config.exists():
        _config_of_backup(args, folder / "config")
    settings = settings_of(args, now, lenient=True)
    target = file_of(make_url(settings.store_url))
    if target is None:
        raise BadConfiguration([Fault(str(settings.file), 0, "the database is PostgreSQL's: pg_restore puts it back")])
    must_be_whole(folder, settings)
    say(f"{folder}: whole, and its record is verified")
    for name in _differing(folder / "config", settings.file.parent):
        say(f"{settings.file.parent / name}: differs from the copy in the backup, and stays as it is")
    if args.check:
        return OK
    _nobody_is_at_work(settings, target, now)
    _put_aside(target, now)
    make_private_folder(target.parent)
    shutil.copyfile(folder / "mailbot.db", target.with_name(f"{target.name}.part"))
    shut(target.with_name(f"{target.name}.part"))
    target.with_name(f"{target.name}.part").replace(target)
    _key_back(folder / "secret", settings.secret_file, now)
    say(f"{target}: restored")
    for path in (target, settings.secret_file):
        _owned_as_folder(path)
    if args.system:
        shut_for_service(args.root)
    code = _compared(settings, now)
    for fault in without_needs(settings):
        say(f"still to be done, for no backup holds it: {fault.message}; then mailbot witness")
    return code


def _config_of_backup(args: argparse.Namespace, source: Path) -> None:
    """Where a backup is restored, or looked at, on a machine that has no configuration: the backup's own."""
    if args.check:
        args.config = source / "mailbot.toml"
        return
    shutil.copytree(source, args.config.parent, copy_function=shutil.copyfile, dirs_exist_ok=True)
    say(f"{args.config.parent}: the configuration, from the backup")


def _owned_as_folder(path: Path) -> None:
    """What root restores belongs to whom its folder belongs: the service could not open a database of root's."""
    if os.geteuid() == 0:
        folder = path.parent.stat()
        os.chown(path, folder.st_uid, folder.st_gid)


def _differing(there: Path, here: Path) -> Iterator[str]:
    for path in sorted(there.rglob("*")):
        name = path.relative_to(there)
        if path.is_file() and not ((here / name).is_file() and filecmp.cmp(path, here / name, shallow=False)):
            yield str(name)


def _nobody_is_at_work(settings: Settings, target: Path, now: datetime) -> None:
    """Before a restore or a rebuild: raises StoreRefused while a mailbot reads one of these mailboxes; a damaged
    database cannot say."""
    if not target.exists():
        return
    try:
        store = store_of(settings)
    except StoreRefused:
        return
    with closing(store):
        for one in settings.partnerships:
            if store.try_lease(one.id, one.mailbox.folder, f"mailbot restore {os.getpid()}", now, now + LEASE) is None:
                raise StoreRefused(f"a mailbot is reading the mailbox of {one.id}; stop it first")
            store.give_up_lease(one.id, one.mailbox.folder, f"mailbot restore {os.getpid()}", now)


def _put_aside(target: Path, now: datetime) -> None:
    """What is there now, restored over by nothing: it may be all that is left of the newest entries."""
    for path in with_side_files(target):
        aside = path.with_name(f"{target.name}.before-{now:%Y%m%dT%H%M%SZ}{path.name.removeprefix(target.name)}")
        path.rename(aside)
        say(f"{aside}: what was there, put aside")


def _key_back(copy: Path, target: Path, now: datetime) -> None:
    if target.exists() and filecmp.cmp(copy, target, shallow=False):
        return
    if target.exists():
        target.rename(target.with_name(f"{target.name}.before-{now:%Y%m%dT%H%M%SZ}"))
    make_private_folder(target.parent)
    shutil.copyfile(copy, target)
    shut(target)
    say(f"{target}: the key of the backup")


def _compared(settings: Settings, now: datetime) -> int:
    """What is restored, compared with the witness of its record."""
    secret, code = secret_of(settings), OK
    with closing(store_of(settings)) as store:
        for one in settings.partnerships:
            site = site_from(one, now, secret)
            store.learn_key(site.id, secret)
            store.forget(site.id, LAST_AGREED)  # that it agreed with its witness once says nothing of today
            try:
                with closing(rehearsing_mailbox(mailbox_of(one.mailbox), one.mode)) as mailbox:
                    lacking = behind(seen_in(mailbox, store, site), store, site, now)
            except (Unreachable, ValueError) as error:
                say(f"{site.id}: its witness could not be asked ({error}); it is asked before anything is sent")
                code = NOT_WELL
                continue
            heading(f"{site.id}: {'OLDER than its record' if lacking else 'the newest copy of its record'}")
            columns([("lacks", words) for words in lacking])
            if lacking:
                say(_AS_NOW)
                code = NOT_WELL
    return code


# Rebuild


def run_rebuild(args: argparse.Namespace) -> int:
    """``mailbot rebuild``, run. Raises BadConfiguration, StoreRefused, Unreachable; then nothing is made."""
    now = utc_now()
    settings = settings_of(args, now, lenient=True)
    secret = secret_of(settings)
    sites = [Looked(one, site_from(one, now, secret)) for one in settings.partnerships]
    with closing(store_of(settings, create=True)) as target:
        for one in sites:
            if not is_new(target, one.site):
                raise StoreRefused(f"the database has disputes of {one.site.id}: put it aside first; nothing was done")
        with tempfile.TemporaryDirectory(prefix="mailbot-rebuild-") as place, _rebuilt_in(Path(place)) as store:
            codes = [_rebuilt(one, store, Path(place) / one.site.id, secret, now) for one in sites]
            move_store(store, target, lambda table, rows: None)
    say(_NOT_IN_EMAILS)
    say(_AS_NOW)
    return max(codes)


def _rebuilt_in(place: Path) -> "closing[Store]":
    return closing(Store.open(f"sqlite:///{place}/rebuilt.db", create=True))


def _rebuilt(one: Looked, store: Store, place: Path, secret: bytes, now: datetime) -> int:
    with closing(rehearsing_mailbox(mailbox_of(one.settings.mailbox), one.settings.mode)) as mailbox:
        store.learn_key(one.site.id, secret)
        seen, lying = seen_in(mailbox, store, one.site), what_lies(mailbox, one.site)
    inbox, letters = MaildirMailbox(place / "in"), letters_of(one.settings)

    def bot_at(instant: datetime) -> Bot:
        site = site_from(one.settings, instant, secret)
        return bot_of(site, store, inbox, MaildirPostman(place / "out"), letters)

    Rebuilding(store, bot_at, place / "in").go_through(lying, now)
    cards = cards_made(inbox)
    end_rebuilding(store, one.site, lying, seen, now)
    return _print(one, store, lying, rebuilt(store, one.site, lying, cards))


def _print(one: Looked, store: Store, lying: WhatLies, found: Sequence[RebuiltDispute]) -> int:
    heading(f"{one.site.id}: rebuilt from {len(lying.messages)} emails")
    wrong, rows = store.verify(one.site.id), []
    for each in found:
        if not each.stands:
            said = "LOST: its folder has no email that opens it"
        elif not each.card or each.card == each.stands:
            said = "as its card says" if each.card else "no card: closed, or it was taken away"
        else:
            said = f"DIFFERS: its card said “{each.card}”, and it stands at “{each.stands}”"
        rows.append((each.reference, str(each.emails), said))
    columns(rows, ("dispute", "emails", ""))
    columns([("fault", words) for words in wrong])
    differs = [row for row in rows if row[2].startswith(("LOST", "DIFFERS"))]
    return NOT_WELL if wrong or differs else OK
