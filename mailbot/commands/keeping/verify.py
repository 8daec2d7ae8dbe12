"""``mailbot verify``: whether the record is whole. Nothing is changed."""

import argparse
from collections.abc import Sequence

from mailbot.commands.terminal import Commands, columns, heading, new_parser, progress, say, settings_of
from mailbot.looking import Looked, looking
from mailbot.shell.clock import utc_now
from mailbot.shell.config.secrets import secret_key
from mailbot.shell.config.server_settings import Settings
from mailbot.shell.errors import NOT_WELL, OK
from mailbot.shell.servers.connection import is_loopback
from mailbot.shell.store.store import Store
from mailbot.watching.invariants import breaches_in
from mailbot.watching.record_at_a_moment import portions_of


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    verify = new_parser(
        commands,
        "verify",
        "check that nothing in the record was changed",
        "Every chain is computed again, every dispute replayed, every message compared with its digest, and every "
        "invariant of the record looked at. Ends with 1 and says each break in words.",
    )
    verify.set_defaults(run=run_verify)


def run_verify(args: argparse.Namespace) -> int:
    settings = settings_of(args, utc_now(), lenient=True)
    with looking(settings, utc_now()) as (store, sites):
        keyless = _learn_keys(settings, store, [one.site.id for one in sites])
        found = {one.site.id: _verified(store, one) for one in sites}
        unkeyed = {one.site.id: store.unkeyed(one.site.id) for one in sites}
    for name, (disputes, breaks) in found.items():
        breaks += keyless
        if breaks:
            heading(f"{name}: the record is NOT whole")
            columns([("fault", words) for words in breaks])
        else:
            say(f"{name}: the record of {disputes} dispute{'s' if disputes != 1 else ''} is whole")
        columns([("unkeyed", words) for words in unkeyed[name]])
    return NOT_WELL if any(breaks for _, breaks in found.values()) else OK


def _verified(store: Store, one: Looked) -> tuple[int, list[str]]:
    """How many disputes a partnership's record has, and what is wrong with it, in words. It is read in portions, so
    that a large one needs no more memory than a small one."""
    total = sum(store.disputes_by_state(one.site.id).values())
    portions = portions_of(store, one.site, utc_now(), _in_clear(one))
    looked_at = progress("disputes looked at", portions, lambda portion: len(portion.disputes), total)
    return total, [*store.verify(one.site.id), *breaches_in(looked_at)]


def _in_clear(one: Looked) -> tuple[str, ...]:
    """For ``mailbot verify``, the servers that are reached without TLS and are not on this machine."""
    servers = (one.settings.mailbox, one.settings.post)
    return tuple(x.shown for x in servers if x.host and x.security == "none" and not is_loopback(x.host))


def _learn_keys(settings: Settings, store: Store, partnerships: Sequence[str]) -> list[str]:
    """What ``mailbot verify`` needs for the seals; in words, why it cannot have it."""
    try:
        secret = secret_key(settings.secret_file)
    except ValueError as error:
        return [f"the seals of the record cannot be looked at: {error}"]
    for name in partnerships:
        store.learn_key(name, secret)
    return []
