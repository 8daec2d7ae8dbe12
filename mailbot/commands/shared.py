"""What every command that needs the configuration begins with."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mailbot.build import site_from
from mailbot.shell import configuration
from mailbot.shell.settings import PartnershipSettings, Settings
from mailbot.shell.store import Store
from mailbot.turns.site import Site

Commands = argparse._SubParsersAction
OK, NOT_WELL, BAD_CONFIGURATION, UNREACHABLE = 0, 1, 2, 3


def new_parser(
    commands: "Commands[argparse.ArgumentParser]", name: str, says: str, more: str = ""
) -> argparse.ArgumentParser:
    """A command that reads the configuration: ``--config`` and ``--partnership`` belong to it."""
    parser = commands.add_parser(name, help=says, description=f"{says[0].upper()}{says[1:]}. {more}".strip())
    with_configuration(parser)
    return parser


def with_configuration(parser: argparse.ArgumentParser, nested: bool = False) -> None:
    """``nested``: under a command that has these too, whose values a default here would overwrite (bpo-9351)."""
    default = Path(os.environ.get("MAILBOT_CONFIG", "") or configuration.DEFAULT)
    config: object = argparse.SUPPRESS if nested else default
    partnership: object = argparse.SUPPRESS if nested else ""
    says = f"the configuration (default: {default}, or what MAILBOT_CONFIG names)"
    parser.add_argument("--config", metavar="FILE", type=Path, default=config, help=says)
    parser.add_argument("--partnership", metavar="ID", default=partnership, help="only this partnership of several")


def settings_of(args: argparse.Namespace, now: datetime) -> Settings:
    """Raises BadConfiguration with every fault of every file."""
    return configuration.only(configuration.load(args.config, now.date()), args.partnership)


@dataclass(frozen=True, slots=True)
class Looked:
    """A partnership to be looked at: nothing is sent from here, so its key is not needed."""

    settings: PartnershipSettings
    site: Site


@contextmanager
def looking(args: argparse.Namespace, now: datetime) -> Iterator[tuple[Settings, Store, list[Looked]]]:
    """The store and the sites, for reading. Raises BadConfiguration, StoreRefused, Unreachable."""
    settings = settings_of(args, now)
    store = Store.open(settings.store_url)
    try:
        yield settings, store, [Looked(one, site_from(one, now)) for one in settings.partnerships]
    finally:
        store.close()
