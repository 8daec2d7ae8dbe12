"""``mailbot backup``: everything that a restore needs, in one folder that nobody else on the machine can read."""

import argparse
import shutil
from pathlib import Path

from sqlalchemy import make_url

from mailbot.commands.ends import OK
from mailbot.commands.terminal import Commands, new_parser, say, settings_of
from mailbot.shell.clock import utc_now
from mailbot.shell.errors import BadConfiguration, Fault
from mailbot.shell.private_files import shut
from mailbot.shell.store.database import file_of
from mailbot.shell.store.store import Store


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


def run_backup(args: argparse.Namespace) -> int:
    """``mailbot backup``, run. Raises BadConfiguration, StoreRefused, Unreachable; then the folder is not left."""
    settings = settings_of(args, utc_now())
    folder: Path = args.folder
    try:
        folder.mkdir(mode=0o700, parents=False)
    except OSError as error:
        said = "is there already: name a new folder" if folder.exists() else f"cannot be made: {error.strerror}"
        raise BadConfiguration([Fault(str(folder), 0, said)]) from None
    try:
        shutil.copytree(settings.file.parent, folder / "config", copy_function=shutil.copyfile)
        shutil.copyfile(settings.secret_file, folder / "secret")
        store = Store.open(settings.store_url)
        try:
            if file_of(make_url(settings.store_url)) is not None:
                store.backup(folder / "mailbot.db")
        finally:
            store.close()
        for path in folder.rglob("*"):
            shut(path)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    for path in sorted(folder.iterdir()):
        say(f"{path}: copied")
    if not (folder / "mailbot.db").exists():
        say("The database is PostgreSQL's: copy it with pg_dump, in the same hour.")
    return OK
