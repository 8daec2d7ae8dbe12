"""A site as the stories run it: a shipped protocol, the invented directory, the shipped letters."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from mailbot.core.partnership.directory import Directory
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.working_days import Calendar
from mailbot.door.whom_it_lets_in import Door
from mailbot.mail.letters.render import Letters
from mailbot.shell.config.closures_and_bank_holidays import calendar_for
from mailbot.shell.config.template_files import load_letters as load_templates
from mailbot.shell.protocol_files.protocol_reader import load_protocol
from mailbot.shell.servers.mailbox_interface import Mailbox
from mailbot.shell.servers.postman_interface import Postman
from mailbot.shell.store.store import Store
from mailbot.turns.bot import Bot
from mailbot.turns.running_partnership import Site
from mailbot.turns.sending_and_filing import MailServers
from tests.people import DIRECTORY

ROOT = Path(__file__).parent.parent
LETTERS = Letters(load_templates([ROOT / "templates"]))


# A protocol's file is read once for the whole run, and its days are laid out once a year: they are values, and three
# hundred stories begin with them.
_loaded = cache(load_protocol)


@cache
def _days_of(place: Path, year: int) -> Calendar:
    return calendar_for(_loaded(place).calendar, date(year, 1, 1))


def partnership_for(protocol: str, today: date, directory: Directory = DIRECTORY) -> Partnership:
    """A shipped protocol, or one of ``tests/protocols``."""
    places = (ROOT / folder / "protocols" / f"{protocol}.toml" for folder in ("config", "tests"))
    place = next(place for place in places if place.is_file())
    return Partnership(protocol, _loaded(place), _days_of(place, today.year), directory)


def site_for(
    protocol: str,
    today: date,
    directory: Directory = DIRECTORY,
    trusted: tuple[str, ...] = (),
    heartbeat: bool = False,
    door: Door | None = None,
) -> Site:
    """With no ``trusted`` server and no ``door`` of its own, From is believed. Without ``heartbeat`` the office hears
    each working morning only of what has happened: the daily word that mailbot is at work has stories of its own."""
    partnership = partnership_for(protocol, today, directory)
    rule = replace(partnership.protocol.digest, heartbeat=heartbeat)
    partnership = replace(partnership, protocol=replace(partnership.protocol, digest=rule))
    versions = {(partnership.protocol.id, partnership.protocol.version): partnership}
    return Site(
        protocol, versions, partnership, door or Door(trusted, rehearses=not trusted), b"a secret for the tests"
    )


def bot_for(site: Site, store: Store, mailbox: Mailbox, postman: Postman, passing: object = None) -> Bot:
    servers = MailServers(mailbox, postman)
    return Bot(site, store, servers, LETTERS, passing) if callable(passing) else Bot(site, store, servers, LETTERS)
