"""The part of the composition root that looks and does nothing: settings become sites and a store.

Apart from ``build``, because whoever asks how the mailbot is, or what has happened, waits for none of what reads mail.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from mailbot.core.partnership.directory import Directory
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.protocol import Protocol
from mailbot.door.whom_it_lets_in import Door
from mailbot.mail.documents.own_forms import OwnForms
from mailbot.shell.config import template_files
from mailbot.shell.config.closures_and_bank_holidays import calendar_for
from mailbot.shell.config.configuration import store_of
from mailbot.shell.config.server_settings import PartnershipSettings, Settings
from mailbot.shell.store.store import Store
from mailbot.turns.running_partnership import Site


def site_of(
    name: str,
    versions: Iterable[Protocol],
    directory: Directory,
    now: datetime,
    secret: bytes = b"",
    door: Door | None = None,
) -> Site:
    """Builds a site from values alone, for tests and the demo too. The newest version in force at ``now`` is the
    current one.

    Raises ValueError when none is in force.
    """
    made = [Partnership(name, p, calendar_for(p.calendar, now.date()), directory) for p in versions]
    local = {id(one): one.calendar.local(now).date() for one in made}
    in_force = [one for one in made if one.protocol.published.in_force <= local[id(one)]]
    if not in_force:
        raise ValueError(f"no version of the protocol of {name} is in force yet")
    current = max(in_force, key=lambda one: one.protocol.published.in_force)
    known = {(one.protocol.id, one.protocol.version): one for one in made}
    return Site(name, known, current, door or Door(), secret)


def site_from(
    settings: PartnershipSettings, now: datetime, secret: bytes = b"", own_forms: OwnForms | None = None
) -> Site:
    """Builds the site that a configuration's settings describe. Without ``secret`` it can look at everything and must
    write nothing.

    Raises BadConfiguration when a Word form of the partnership's own cannot be read, unless they are handed in.
    """
    own = template_files.own_forms(settings.templates) if own_forms is None else own_forms
    through = (settings.post.host,) if settings.post.host else ()
    door = Door(
        settings.authserv_ids, settings.require_authentication, sends_through=through, neighbours=settings.neighbours
    )
    made = site_of(settings.id, settings.versions, settings.directory, now, secret, door)
    change = settings.lists.change if settings.lists is not None else made.change_list
    return replace(made, patience=settings.patience, inbox=settings.mailbox.folder, own_forms=own, change_list=change)


@dataclass(frozen=True, slots=True)
class Looked:
    """A partnership to be looked at: nothing is sent from here, so its key is not needed."""

    settings: PartnershipSettings
    site: Site


@contextmanager
def looking(settings: Settings, now: datetime) -> Iterator[tuple[Store, list[Looked]]]:
    """Builds what commands that only look share: the store and the sites, for reading. Raises BadConfiguration,
    StoreRefused, Unreachable."""
    store = store_of(settings)
    try:
        yield store, [Looked(one, site_from(one, now)) for one in settings.partnerships]
    finally:
        store.close()
