"""``mailbot run`` and ``mailbot once``: the service, and one full turn for cron."""

import argparse
import logging
import os
import signal
import socket
import threading
import time
from datetime import datetime

from mailbot.build import Workshop, makers
from mailbot.commands.chronology import EVENTS
from mailbot.commands.terminal import Commands, columns, new_parser, say, settings_of
from mailbot.mail.second_reader.linear_model import second_reader
from mailbot.shell.clock import utc_now
from mailbot.shell.config.server_settings import Settings
from mailbot.shell.errors import (
    BAD_CONFIGURATION,
    NOT_WELL,
    OK,
    REFUSES_LOGIN,
    UNREACHABLE,
    LoginRefused,
    StoreRefused,
    Unreachable,
)
from mailbot.shell.schedule import Schedule
from mailbot.shell.store.queries import LONGEST_TROUBLE, decided_since, note_trouble, troubles
from mailbot.shell.store.store import Store
from mailbot.turns.bot import Bot
from mailbot.turns.faults_of_ours import OWN_FAULT, place_of
from mailbot.turns.service import LEASE, LONGEST_REST, RENEW, Points, Service, Sharing
from mailbot.watching.file_watch import NOT_SOUND, UNSOUND_ROW, FileWatch
from mailbot.watching.health import Heart, health
from mailbot.watching.witness_in_mailbox import STANDS_STILL, WHAT_TO_DO, begin_anew, is_new

_log = logging.getLogger("mailbot")
KNOWS_NONE = (
    "the mailbox of {name} holds disputes, and this store knows none of them; nothing was decided. Restore a backup; "
    "or say --anew, where those disputes are to stay as they lie"
)


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    run = new_parser(
        commands,
        "run",
        "run the service until it is told to stop",
        "A turn at once, then whenever mail comes, a limit is due, or the mailbox has not been read for a while. "
        "SIGTERM and SIGINT end it after the turn it is in.",
    )
    run.set_defaults(run=run_service)
    once = new_parser(
        commands,
        "once",
        "do one full turn and end",
        "For cron, in place of the service: every few minutes, never less often than your limits can bear.",
    )
    once.set_defaults(run=run_once)
    for parser in (run, once):
        parser.add_argument("--quiet", action="store_true", help="say nothing while all is well (for cron)")
        says = "begin on an empty store although the mailbox holds disputes: they stay as they lie"
        parser.add_argument("--anew", action="store_true", help=says)


def holder() -> str:
    """Who holds a lease: this process on this machine."""
    return f"{socket.gethostname()}:{os.getpid()}"


def _log_to_stderr(quiet: bool) -> None:
    form = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    form.converter = time.gmtime
    out = logging.StreamHandler()
    out.setFormatter(form)
    logging.basicConfig(level=logging.WARNING, handlers=[out])
    logging.getLogger("mailbot").setLevel(logging.WARNING if quiet else logging.INFO)


def run_service(args: argparse.Namespace) -> int:
    """``mailbot run`` runs the service: a thread each. Raises BadConfiguration or StoreRefused before anything is
    started."""
    settings = settings_of(args, utc_now(), lenient=True)
    points = {one.id: Points() for one in settings.partnerships}
    workshop = Workshop(settings, lambda name: points[name])
    makes = workshop.makers(settings)
    _log_to_stderr(args.quiet)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    heart = Heart(settings.heartbeat_file, settings.heartbeat_url)
    services = {
        name: Service(make, points[name], stop, holder(), settings.poll, args.anew) for name, make in makes.items()
    }
    sharing = Sharing(workshop.store, holder()) if len(services) > 1 else None
    for service in services.values():
        service.heart, service.sharing = heart, sharing
        service.of_files(UNSOUND_ROW, settings.unsound)
    threads = [threading.Thread(target=service.run, name=name) for name, service in services.items()]
    deaf = second_reader()
    if isinstance(deaf, str):
        _log.error("%s; what the rules do not understand is asked about", deaf)
    for one, thread in zip(settings.partnerships, threads, strict=True):
        thread.start()
        _log.info("%s started: protocol %s of %s", one.id, one.current.id, one.current.version)
    threading.Thread(target=_listen, args=(workshop.store, services, stop), name="listening", daemon=True).start()
    watch = _file_watch(args, workshop, services)
    for thread in threads:
        while thread.is_alive():  # in slices, so that a signal is heard
            thread.join(0.5)
            _look_at_files(watch, services)
    workshop.store.close()
    _log.info("stopped")
    return OK


def _listen(store: Store, services: dict[str, Service], stop: threading.Event) -> None:
    """``mailbot run`` hears what other processes on its database have done; without that it finds out by looking, every
    few seconds."""

    def heard(partnership: str) -> None:
        if partnership in services:
            services[partnership].wake()

    while not stop.is_set():
        try:
            store.listen(heard, stop.is_set)
            return
        except Unreachable:
            stop.wait(LONGEST_REST)


def _file_watch(args: argparse.Namespace, workshop: Workshop, services: dict[str, Service]) -> FileWatch:
    def use(settings: Settings) -> None:
        for name, make in workshop.anew(settings).items():
            services[name].renew(make)
            services[name].of_files(UNSOUND_ROW, settings.unsound)

    return FileWatch(args.config, lambda now: settings_of(args, now, lenient=True), use)


def _look_at_files(watch: FileWatch, services: dict[str, Service]) -> None:
    """``mailbot run`` looks at its files again. Whatever goes wrong here stops nobody: what was before holds."""
    try:
        faults = watch.look(utc_now())
    except Exception as error:
        _log.error("the files could not be looked at: %s", place_of(error))
        return
    for service in services.values() if faults is not None else ():
        service.of_files(NOT_SOUND, faults or ())


def run_once(args: argparse.Namespace) -> int:
    """``mailbot once`` takes one turn: 0 when everything could be reached, 3 when something could not: it is tried
    again by the next turn."""
    settings = settings_of(args, utc_now(), lenient=True)
    points = {one.id: Points() for one in settings.partnerships}
    makes = makers(settings, lambda name: points[name])
    bots = {name: make(utc_now()) for name, make in makes.items()}
    for bot in bots.values():
        bot.tell_of_files(UNSOUND_ROW, settings.unsound, utc_now())
        bot.tell_of_files(NOT_SOUND, (), utc_now())
    try:
        code = max(_once(bot, points[name], args.anew, args.quiet) for name, bot in bots.items())
        now = utc_now()
        if all(health(bot.site, bot.store, now).is_well for bot in bots.values()):
            Heart(settings.heartbeat_file, settings.heartbeat_url).beat(now)
        return code
    finally:
        next(iter(bots.values())).store.close()


def _once(bot: Bot, points: Points, anew: bool, quiet: bool) -> int:
    """``mailbot once`` for one partnership. One partnership's trouble is not the others': it is told, noted for
    ``status``, and they have their turn. ``quiet``: what went well is not said."""
    now, site, store = utc_now(), bot.site, bot.store
    if store.try_lease(site.id, site.inbox, holder(), now, now + LEASE) is None:
        say(f"{site.id}: another mailbot is reading this mailbox; nothing was done")
        return UNREACHABLE
    schedule = Schedule()  # the turn may outlast the lease
    schedule.every(RENEW, "lease", lambda: store.try_lease(site.id, site.inbox, holder(), utc_now(), utc_now() + LEASE))
    schedule.start()
    try:
        code, words = _turned(bot, now, anew)
    finally:
        schedule.stop()
        bot.close()
        store.give_up_lease(site.id, site.inbox, holder(), utc_now())
    if not quiet:
        say(f"{site.id}: {points.taken() or 'nothing new'}")
        made = decided_since(store, site.id, now)
        columns([(one.reference, f"#{one.sequence}", EVENTS.get(one.kind, (one.kind, ()))[0]) for one in made])
    if words:
        note_trouble(store, site.id, words, now)
        say(f"{site.id}: {words}")
    wrong = [trouble.words for trouble in troubles(store, site.id, now) if trouble.words != words[:LONGEST_TROUBLE]]
    refused = [told for told in wrong if REFUSES_LOGIN in told]
    ours = [told for told in wrong if told.startswith(OWN_FAULT)]
    for told in wrong:
        say(
            f"{site.id}: {told} (mailbot check says what to do)"
            if told in refused
            else f"{site.id}: {'' if told in ours else 'could not reach '}{told}"
        )
    unreached = set(wrong) - set(ours)
    return code or (BAD_CONFIGURATION if refused else UNREACHABLE if unreached else NOT_WELL if ours else OK)


def _turned(bot: Bot, now: datetime, anew: bool) -> tuple[int, str]:
    """One turn of ``mailbot once``: the exit code of one turn, and what went wrong with the whole of it."""
    try:
        if anew:
            begin_anew(bot.mailbox, bot.store, bot.site, now)
        bot.begin(now)
        bot.turn(now)
    except LoginRefused as refused:
        return BAD_CONFIGURATION, f"{refused}; mailbot check says what to do"
    except Unreachable as error:
        return UNREACHABLE, f"could not reach {error}"
    except StoreRefused as refused:
        return BAD_CONFIGURATION, str(refused)
    except Exception as error:
        return NOT_WELL, f"our own fault: {place_of(error)}"
    if bot.clock.wrong:
        return NOT_WELL, f"{bot.clock.wrong}; nothing is decided or sent but answers to danger"
    if bot.witness.behind:
        if is_new(bot.store, bot.site):
            return BAD_CONFIGURATION, KNOWS_NONE.format(name=bot.site.id)
        missing = len(bot.witness.behind)
        return NOT_WELL, f"{STANDS_STILL}, which has {missing} thing{'s' if missing > 1 else ''} more; {WHAT_TO_DO}"
    return OK, ""
