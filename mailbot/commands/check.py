"""``mailbot check``: everything the configuration names is tried, and nothing is changed."""

import argparse
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import make_url

from mailbot.build import form_faults_of, letters_of, site_from
from mailbot.commands.ends import BAD_CONFIGURATION, OK, UNREACHABLE
from mailbot.commands.terminal import Commands, columns, heading, new_parser, say, settings_of
from mailbot.core.notices.notices import LETTERS
from mailbot.mail.documents.recording_form import NO_FORMS
from mailbot.mail.second_reader import second_reader
from mailbot.shell.clock import utc_now
from mailbot.shell.config.closures_and_bank_holidays import calendar_for
from mailbot.shell.config.configuration import missing_versions
from mailbot.shell.config.secrets import secret_key
from mailbot.shell.config.settings import PartnershipSettings, Settings
from mailbot.shell.config.template_files import form_files
from mailbot.shell.errors import BadConfiguration, StoreRefused, Unreachable
from mailbot.shell.private_files import can_be_entered, open_to_others, with_side_files
from mailbot.shell.servers.probe import FAULT, LOOK, Finding, probe_mailbox, probe_post
from mailbot.shell.servers.probe import PROBE_OK as WELL
from mailbot.shell.store.database import file_of
from mailbot.shell.store.store import Store

WARN_DAYS = 30  # before the secret of an app registration runs out: a new one takes its time


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    check = new_parser(
        commands,
        "check",
        "check everything before the service is started",
        "Files, letters, database, mailbox, post, certificates, bank holidays and clock. Ends with 2 where something "
        "here must be mended, with 3 where a server cannot be used.",
    )
    check.add_argument("--offline", action="store_true", help="do not try the mail servers")
    check.set_defaults(run=run_check)


def run_check(args: argparse.Namespace) -> int:
    """``mailbot check``, run. Raises BadConfiguration where the files themselves are wrong: nothing else can be judged
    then."""
    now = utc_now()
    settings = settings_of(args, now)
    heading(f"{args.config}")
    here = list(_here(settings))
    columns([(f.mark, f.what, f.words) for f in here])
    there: list[Finding] = []
    for one in settings.partnerships:
        say()
        heading(f"{one.id}: {one.current.name}, version {one.current.version}")
        found = list(_partnership(one, now))
        servers = [] if args.offline else list(_servers(one, now))
        columns([(f.mark, f.what, f.words) for f in (*found, *servers)])
        here += found
        there += servers
    say()
    return _ending(here, there)


def _servers(one: PartnershipSettings, now: datetime) -> Iterator[Finding]:
    """``mailbot check`` tries both servers, and whether letters to the office would be taken."""
    yield from probe_mailbox(one.mailbox, now)
    office = [person.address for person in site_from(one, now, own_forms=NO_FORMS).current.office()]
    yield from probe_post(one.post, one.current.mailbox, office)


def _ending(here: list[Finding], there: list[Finding]) -> int:
    wrong, out_of_reach = (sum(f.mark == FAULT for f in some) for some in (here, there))
    looks = sum(f.mark == LOOK for f in (*here, *there))
    more = f" {looks} thing{'s' if looks != 1 else ''} to look at." if looks else ""
    if wrong or out_of_reach:
        count = wrong + out_of_reach
        say(f"{count} fault{'s' if count != 1 else ''}.{more} Nothing should be started yet.", "bold red")
    else:
        say(f"No fault.{more} mailbot run starts the service.", "bold")
    return BAD_CONFIGURATION if wrong else UNREACHABLE if out_of_reach else OK


def _here(settings: Settings) -> Iterator[Finding]:
    yield Finding("files", WELL, "all of them can be read and meant")
    for warning in settings.warnings:
        yield Finding("", LOOK, str(warning))
    reader = second_reader()
    if isinstance(reader, str):
        yield Finding("reader", LOOK, f"{reader}. mailbot starts without it, and asks where it would have filed")
    else:
        yield Finding("reader", WELL, f"the second reader is whole: {reader.size} words and pieces of words")
    try:
        secret_key(settings.secret_file)
        yield Finding("key", WELL, str(settings.secret_file))
    except ValueError as error:
        yield Finding("key", FAULT, f"{error}. mailbot init makes one")
    try:
        store = Store.open(settings.store_url)
        yield Finding("database", WELL, "sound, and up to date")
        yield from (Finding("version", FAULT, fault.message) for fault in missing_versions(settings, store))
        store.close()
    except (StoreRefused, Unreachable) as error:
        yield Finding("database", FAULT, f"{error}. On a first start, mailbot init makes it")
    if not (settings.alarm.command or settings.alarm.to):
        said = "no [alarm]: when letters cannot leave, nobody is told by another way than this command and status"
        yield Finding("alarm", LOOK, said)
    yield from _privacy(settings)


def _privacy(settings: Settings) -> Iterator[Finding]:
    """``mailbot check`` tries that nobody else on this machine can read the record: the key, the database with its side
    files, and every copy of it in the same folder. A folder that others cannot enter shuts what lies in it."""
    private = [settings.secret_file]
    file = file_of(make_url(settings.store_url))
    if file is not None:
        copies = (path for path in file.parent.glob(f"*{file.stem}*") if path.is_file())
        private += [*with_side_files(file), *copies, *file.parent.glob("*.db"), *file.parent.glob("*backup*")]
    found = list(open_to_others(path for path in dict.fromkeys(private) if can_be_entered(path.parent)))
    for path, command in found:
        yield Finding("privacy", FAULT, f"others on this machine may read {path}: {command}")
    if not found:
        yield Finding("privacy", WELL, "nobody else on this machine can read the key or the record")


def _forms(one: PartnershipSettings) -> Iterator[Finding]:
    """``mailbot check`` looks at the forms of a procedure, and which of them are filled into documents of its own."""
    faults = form_faults_of(one)
    yield from (Finding("forms", FAULT, str(fault)) for fault in faults)
    forms = one.current.forms.values()
    if forms and not faults:
        own = {path.stem for path in form_files(one.templates) if path.parent.name == one.current.id}
        shown = ", ".join(f"{form.id} ({'your own document' if form.id in own else 'made here'})" for form in forms)
        yield Finding("forms", WELL, shown)


def _partnership(one: PartnershipSettings, now: datetime) -> Iterator[Finding]:
    try:
        faults = letters_of(one).check()
    except BadConfiguration as bad:
        faults = [str(fault) for fault in bad.faults]
    yield from (Finding("letters", FAULT, words) for words in faults)
    if not faults:
        yield Finding("letters", WELL, f"{len(LETTERS)} letters written twice each, full and bare")
    yield from _forms(one)
    known = calendar_for(one.current.calendar, now.date())
    closed = len(one.current.calendar.also_closed)
    yield Finding(
        "calendar", WELL, f"{known.rule.bank_holidays}, to the end of {known.last.year}; {closed} days of your own"
    )
    agencies, officers = one.directory.agencies, one.directory.officers
    yield Finding("directory", WELL, f"{len(agencies)} agencies, {len(officers)} officers")
    for phone in one.current.risk.phones:
        seen = phone.checked_on
        old = seen is None or (now.date() - seen).days > 365
        said = f"{phone.number}, rung on {seen}" if seen else f"{phone.number}: nobody has said when it was last rung"
        yield Finding(f"phone {phone.name}", LOOK if old else WELL, said)
    oauth = one.mailbox.oauth or one.post.oauth
    if oauth is not None and oauth.expires is not None:
        left = (oauth.expires - now.date()).days
        said = f"the client's secret runs out on {oauth.expires}, in {left} days"
        yield Finding("tokens", FAULT if left <= 0 else LOOK if left <= WARN_DAYS else WELL, said)
    if not one.require_authentication:
        yield Finding("trust", LOOK, "require = false: every change is confirmed by its sender, in one mail more")
