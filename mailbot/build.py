"""The composition root: settings become calendars, versions, a store, a mailbox, a postman, and one Bot for each.

Everything else is handed what it needs; only here is it decided which mailbox, which store, which letters.
"""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from mailbot.looking import site_from
from mailbot.mail.letters.render import Flaw, Letters
from mailbot.mail.lexicon import must_be_sound
from mailbot.shell.config import template_files
from mailbot.shell.config.configuration import missing_versions, secret_of, store_of, without_needs
from mailbot.shell.config.server_settings import BY_GRAPH, MAILDIR, AlarmSettings, PartnershipSettings, Server, Settings
from mailbot.shell.config.word_forms import form_faults
from mailbot.shell.errors import BadConfiguration, Fault
from mailbot.shell.servers.connection import Connection
from mailbot.shell.servers.graph_calls import GraphCalls
from mailbot.shell.servers.graph_mailbox import GraphMailbox
from mailbot.shell.servers.graph_postman import GraphPostman
from mailbot.shell.servers.imap import ImapMailbox
from mailbot.shell.servers.mailbox_interface import Mailbox
from mailbot.shell.servers.maildir import MaildirMailbox, MaildirPostman
from mailbot.shell.servers.oauth import Tokens
from mailbot.shell.servers.postman_interface import Postman
from mailbot.shell.servers.rehearsing import rehearsing_mailbox, rehearsing_postman
from mailbot.shell.servers.second_route import CommandRoute, PostRoute
from mailbot.shell.servers.smtp import KEPT_FOR, SmtpPostman
from mailbot.shell.store.store import Store
from mailbot.turns.bot import Bot
from mailbot.turns.running_partnership import Site
from mailbot.turns.sending_and_filing import MailServers
from mailbot.watching.alarms import SecondRoute

Passing = Callable[[str], None]
Maker = Callable[[datetime], Bot]


def _unheard(_: str) -> None:
    """Nobody asked to be told which points are passed."""


def letters_of(settings: PartnershipSettings) -> Letters:
    """Builds the letters: the shipped ones, and the partnership's own in their places. Raises BadConfiguration, not for
    their words."""
    own = (settings.templates,) if settings.templates is not None else ()
    return _letters(tuple(template_files.load_letters((template_files.shipped_letters(), *own)).items()))


@lru_cache(maxsize=8)
def _letters(templates: tuple[tuple[str, str], ...]) -> Letters:
    """Builds letters once from the same templates: those of two partnerships are mostly the shipped ones."""
    return Letters(dict(templates))


def form_faults_of(settings: PartnershipSettings) -> list[Fault]:
    """What is amiss with the partnership's own Word forms."""
    try:
        own = template_files.own_forms(settings.templates)
    except BadConfiguration as bad:
        return list(bad.faults)
    return form_faults(settings.templates, settings.versions, own)


def token_of(server: Server) -> Tokens | None:
    """Builds what gives tokens, for a server that takes them in place of a password."""
    return Tokens(server.oauth) if server.oauth is not None else None


def _connection(server: Server) -> Connection:
    password, token = server.secret.read(), token_of(server)
    return Connection(server.host, server.port, server.user, password, server.security, server.cafile, token)


def graph_of(server: Server) -> GraphCalls:
    """Builds the calls to Graph of a server that is reached by it."""
    token = token_of(server)
    assert token is not None  # the configuration was refused otherwise
    return GraphCalls(server.api, server.user, token)


def mailbox_of(server: Server) -> Mailbox:
    """Builds the mailbox of a server. Raises ValueError when the password cannot be read. Nothing is connected yet."""
    if server.kind == MAILDIR:
        return MaildirMailbox(server.path)
    if server.kind == BY_GRAPH:
        return GraphMailbox(graph_of(server), server.root)
    return ImapMailbox(_connection(server), server.folder, server.root)


def postman_of(server: Server) -> Postman:
    """Builds the postman of a server. Raises ValueError when the password cannot be read. Nothing is connected yet."""
    if server.kind == MAILDIR:
        return MaildirPostman(server.path)
    if server.kind == BY_GRAPH:
        return GraphPostman(graph_of(server))
    return SmtpPostman(_connection(server), keep_for=KEPT_FOR)


def bot_of(
    site: Site,
    store: Store,
    mailboxes: Mailbox | tuple[Mailbox, Mailbox],
    postman: Postman,
    letters: Letters,
    passing: Passing = _unheard,
) -> Bot:
    """Builds a bot: ``mailboxes`` are one connection, or two to the same mailbox: the second to file by while the first
    reads."""
    mailbox, filing = mailboxes if isinstance(mailboxes, tuple) else (mailboxes, None)
    return Bot(site, store, MailServers(mailbox, postman, filing), letters, passing)


def routes_of(alarm: AlarmSettings) -> tuple[SecondRoute, ...]:
    """Builds the other ways to somebody who must know. Raises ValueError when a password cannot be read."""
    routes: list[SecondRoute] = [CommandRoute(alarm.command)] if alarm.command else []
    if alarm.post is not None and alarm.post.kind != MAILDIR:
        routes.append(PostRoute(_connection(alarm.post), alarm.post.user, alarm.to))
    return tuple(routes)


def makers(settings: Settings, passing: Callable[[str], Passing] | None = None) -> dict[str, Maker]:
    """Builds the bots: for each partnership, what makes its bot as of an instant, always on the same store, mailbox and
    postman.

    A service makes its bots anew each morning, because a version comes into force and the calendar goes on. Nothing is
    connected yet but the store, which must be there. ``passing`` makes, for a partnership, what is called at each
    point at which we may be killed. Raises BadConfiguration with every fault, StoreRefused, Unreachable.
    """
    return Workshop(settings, passing or (lambda _: _unheard)).makers(settings)


class Workshop:
    """Builds the bots of one deployment, and builds them anew when its files have changed: on the same store and the
    same connections. Raises as ``makers``."""

    def __init__(self, settings: Settings, passing: Callable[[str], Passing]) -> None:
        _ready(settings)
        self.settings, self._passing = settings, passing
        self.store = store_of(settings)
        self._servers: dict[tuple[Server, Server, str, tuple[str, ...]], MailServers] = {}

    def makers(self, settings: Settings) -> dict[str, Maker]:
        """What makes each partnership's bot from these settings."""
        secret, letters = _ready(settings)
        if faults := missing_versions(settings, self.store):
            self.store.close()
            raise BadConfiguration(faults)
        routes = routes_of(settings.alarm)
        return {one.id: self._maker(one, letters[one.id], secret, routes) for one in settings.partnerships}

    def anew(self, settings: Settings) -> dict[str, Maker]:
        """A bot built anew from changed settings. Raises BadConfiguration for what only a new start can change."""
        before = self.settings
        fixed = (("store", before.store_url, settings.store_url), ("service", before.secret_file, settings.secret_file))
        faults = [Fault(str(settings.file), 0, f"[{name}] changes with a new start") for name, a, b in fixed if a != b]
        names = [[one.id for one in some.partnerships] for some in (before, settings)]
        if sorted(names[0]) != sorted(names[1]):
            faults.append(Fault(str(settings.file), 0, "which partnerships there are changes with a new start"))
        faults += missing_versions(settings, self.store)
        if faults:
            raise BadConfiguration(faults)
        made = self.makers(settings)
        self.settings = settings
        return made

    def _maker(
        self, one: PartnershipSettings, letters: Letters, secret: bytes, routes: tuple[SecondRoute, ...]
    ) -> Maker:
        servers, own = self._servers_of(one), template_files.own_forms(one.templates)
        passing = self._passing(one.id)

        def made(now: datetime) -> Bot:
            bot = Bot(site_from(one, now, secret, own), self.store, servers, letters, passing)
            bot.alarms.routes = routes
            bot.watch_the_world()
            return bot

        return made

    def _servers_of(self, one: PartnershipSettings) -> MailServers:
        office = tuple(sorted(one.current.office_addresses))
        place = (one.mailbox, one.post, one.mode, office)
        if place not in self._servers:
            mailbox = rehearsing_mailbox(mailbox_of(one.mailbox), one.mode)
            postman = rehearsing_postman(postman_of(one.post), one.mode, office)
            # A Maildir is at hand: nothing that is filed there keeps anybody waiting.
            is_at_hand = one.mailbox.kind == MAILDIR
            filing = None if is_at_hand else rehearsing_mailbox(mailbox_of(one.mailbox), one.mode)
            is_by_smtp = one.post.kind not in (MAILDIR, BY_GRAPH)  # which answers within a minute, or not at all
            danger = rehearsing_postman(postman_of(one.post), one.mode, office) if is_by_smtp else None
            self._servers[place] = MailServers(mailbox, postman, filing, danger)
        return self._servers[place]


def _ready(settings: Settings) -> tuple[bytes, dict[str, Letters]]:
    """Is everything ready to build bots? The key and the letters of each partnership; or BadConfiguration with
    everything that stands in the way. BadLexicon where this installation is damaged."""
    must_be_sound()
    faults, secret, letters = without_needs(settings), b"", {}
    try:
        secret = secret_of(settings)
    except BadConfiguration as bad:
        faults += bad.faults
    for one in settings.partnerships:
        try:
            letters[one.id] = letters_of(one)
        except BadConfiguration as bad:
            faults += bad.faults
            continue
        if one.templates is not None:  # the shipped ones are held to all this by the tests, and take a second to render
            faults += [_fault(flaw, one.templates) for flaw in letters[one.id].flaws()]
        faults += form_faults_of(one)
    if faults:
        raise BadConfiguration(faults)
    return secret, letters


def _fault(flaw: Flaw, own: Path | None) -> Fault:
    """The fault of a letter's template, for whoever builds the bots: in the partnership's own file where it has one of
    that name, else in the shipped one."""
    place = next((folder / flaw.template for folder in (own,) if folder and (folder / flaw.template).exists()), None)
    return Fault(str(place or template_files.shipped_letters() / flaw.template), flaw.line, flaw.words)
