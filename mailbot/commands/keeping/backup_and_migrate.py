"""``mailbot backup`` and ``mailbot migrate``: all that a restore needs, in a folder that nobody else on the machine can
read; and the whole store into another database, the record verified on both sides.
"""

import argparse
import shutil
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from mailbot.commands.terminal import Commands, new_parser, say, settings_of
from mailbot.shell.clock import utc_now
from mailbot.shell.config.configuration import storage_key, store_of
from mailbot.shell.config.server_settings import Settings
from mailbot.shell.errors import NOT_WELL, OK, StoreRefused
from mailbot.shell.private_files import make_new_folder, shut
from mailbot.shell.store.database import file_of
from mailbot.shell.store.queries import LONGEST_TROUBLE
from mailbot.shell.store.store import Store
from mailbot.shell.store.to_another_database import move_store
from mailbot.turns.service import LEASE
from mailbot.watching.struck_out_names import BACKED_UP

_HOLDER = "mailbot migrate"


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    backup = new_parser(
        commands,
        "backup",
        "copy the database, the configuration and the key into a folder",
        "Whole and checked, while the service runs. A PostgreSQL database is copied with pg_dump instead; the "
        "configuration and the key are copied all the same. Passwords are not copied.",
    )
    says = "a folder that is not there yet, for instance /srv/backup/mailbot-2026-11-27"
    backup.add_argument("folder", metavar="FOLDER", type=Path, help=says)
    backup.set_defaults(run=run_backup)
    parser = new_parser(
        commands,
        "migrate",
        "move the whole store into another database",
        "From SQLite to PostgreSQL, for several processes at once; or into another file, which is how a database that "
        "is there already is encrypted ([store] key_file). The service must be stopped. The database named "
        "must be there, and empty; the present store stays as it is. Afterwards write the new URL into mailbot.toml.",
    )
    parser.add_argument("url", help="postgresql://user@host/database, or sqlite:///path")
    parser.set_defaults(run=run_migrate)


def run_migrate(args: argparse.Namespace) -> int:
    """``mailbot migrate``, run: 0 when every row has been copied and the record is whole on both sides. Raises
    StoreRefused, Unreachable."""
    settings = settings_of(args, utc_now())
    source = store_of(settings)
    target = Store.open(args.url, create=True, key=storage_key(settings))
    try:
        for one in settings.partnerships:
            now = utc_now()
            if source.try_lease(one.id, one.mailbox.folder, _HOLDER, now, now + LEASE) is None:
                raise StoreRefused(f"a mailbot is reading the mailbox of {one.id}; stop it first")
        move_store(source, target, lambda table, rows: say(f"{table}: {rows} row{'s' if rows != 1 else ''}"))
        wrong = [
            f"{where}, {one.id}: {fault}"
            for one in settings.partnerships
            for where, store in (("before", source), ("after", target))
            for fault in store.verify(one.id)
        ]
    finally:
        for one in settings.partnerships:
            for store in (source, target):
                store.give_up_lease(one.id, one.mailbox.folder, _HOLDER, utc_now())
        source.close()
        target.close()
    for fault in wrong:
        say(fault)
    if wrong:
        say("the record is NOT whole; go on with the present store")
        return NOT_WELL
    say("the record is whole on both sides")
    say(f'Next: url = "{args.url}" under [store] in {settings.file}, and mailbot check. Then take the old store away.')
    return OK


def must_be_whole(folder: Path, settings: Settings) -> None:
    """A backup must be whole, as it would be when restored: its database is opened in a copy, since a backup is never
    written to, and its record verified by its key. Raises StoreRefused."""
    secret = (folder / "secret").read_bytes().strip()
    with tempfile.TemporaryDirectory(prefix="mailbot-look-") as place:
        copy = Path(place) / "mailbot.db"
        shutil.copyfile(folder / "mailbot.db", copy)
        shut(copy)
        with closing(Store.open(f"sqlite:///{copy}", key=storage_key(settings))) as store:
            wrong = []
            for one in settings.partnerships:
                store.learn_key(one.id, secret)
                wrong += [f"{one.id}: {fault}" for fault in store.verify(one.id)]
    if wrong:
        raise StoreRefused(f"the record in {folder} is not whole: {'; '.join(wrong[:5])}")


def run_backup(args: argparse.Namespace) -> int:
    """``mailbot backup``, run. Raises BadConfiguration, StoreRefused, Unreachable; then the folder is not left."""
    settings = settings_of(args, utc_now())
    folder: Path = args.folder
    make_new_folder(folder)
    try:
        shutil.copytree(settings.file.parent, folder / "config", copy_function=shutil.copyfile)
        shutil.copyfile(settings.secret_file, folder / "secret")
        store = store_of(settings)
        try:
            if file_of(make_url(settings.store_url)) is not None:
                store.backup(folder / "mailbot.db")
                for one in settings.partnerships:  # whoever must destroy copies later has to know of them
                    store.note(one.id, f"{BACKED_UP}{folder.resolve()}"[:LONGEST_TROUBLE], utc_now())
        finally:
            store.close()
        for path in folder.rglob("*"):
            shut(path)
        if (folder / "mailbot.db").exists():
            must_be_whole(folder, settings)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    for path in sorted(folder.iterdir()):
        say(f"{path}: copied{', read back and verified' if path.name == 'mailbot.db' else ''}")
    if settings.store_key_file is not None:
        say(f"{settings.store_key_file}: NOT copied. Without it the copy cannot be read: keep it elsewhere, and safe.")
    if not (folder / "mailbot.db").exists():
        say("The database is PostgreSQL's: copy it with pg_dump, in the same hour.")
    return OK
