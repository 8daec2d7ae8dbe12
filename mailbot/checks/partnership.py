"""``mailbot check`` looks at one partnership: its letters and forms, its calendar, its agencies and managers, the
numbers to ring, and when its secrets run out.
"""

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path

from mailbot.build import form_faults_of, letters_of
from mailbot.checks.findings import Finding, explained, well
from mailbot.core.notices.notice import LETTERS
from mailbot.core.partnership.directory import Agency
from mailbot.mail.letters.render import Letters
from mailbot.shell.config.closures_and_bank_holidays import calendar_for
from mailbot.shell.config.directory_csv import SHARED_DOMAINS
from mailbot.shell.config.server_settings import PartnershipSettings
from mailbot.shell.config.template_files import form_files, load_letters, shipped_letters
from mailbot.shell.config.toml_with_faults import nearest
from mailbot.shell.errors import BadConfiguration
from mailbot.shell.servers.oauth import certificate_ends
from mailbot.shell.servers.rehearsing import LIVE

RUNG_WITHIN = 365  # days
WARN_DAYS = 30  # before the secret of an app registration runs out: a new one takes its time
PARTS = ("subject.txt", "body.txt", "body.html")


def partnership_findings(one: PartnershipSettings, now: datetime) -> Iterator[Finding]:
    """``mailbot check`` of one partnership: everything that can be seen without its servers."""
    yield from _letters(one)
    yield from _forms(one)
    yield from _calendar(one, now.date())
    yield from _directory(one)
    yield from _phones(one, now.date())
    yield from _tokens(one, now.date())
    if one.mode != LIVE:
        yield explained(f"mode-{one.mode}", office=sorted(one.current.office_addresses)[0])
    if not one.require_authentication:
        yield explained("trust-none")


@cache
def _shipped_flaws() -> tuple[str, ...]:
    return tuple(Letters(load_letters([shipped_letters()])).check())


def _letters(one: PartnershipSettings) -> Iterator[Finding]:
    strange = list(_strange(one.templates)) if one.templates is not None else []
    yield from strange
    try:
        faults = list(_shipped_flaws()) if one.templates is None else letters_of(one).check()
    except BadConfiguration as bad:
        faults = [str(fault) for fault in bad.faults]
    yield from (explained("letter-broken", str(one.templates or ""), found=words) for words in faults)
    if not faults and not strange:
        yield well("letters", f"{len(LETTERS)} letters written twice each, full and bare")


def _strange(own: Path) -> Iterator[Finding]:
    """In checking a partnership, the folders and files of its own templates that are no letter's: they would never be
    used."""
    shipped = shipped_letters()
    known = {path.relative_to(shipped).as_posix() for path in shipped.rglob("*") if path.is_file()}
    folders = {name.split("/")[0] for name in known if "/" in name}
    for folder in sorted(path for path in own.iterdir() if path.is_dir() and path.name != "forms"):
        if folder.name not in folders:
            yield explained("letter-folder-unknown", str(folder), name=folder.name, near=nearest(folder.name, folders))
            continue
        parts = {name.partition("/")[2] for name in known if name.startswith(f"{folder.name}/")}
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and name not in parts and name not in PARTS:
                yield explained(
                    "letter-file-unknown", str(path), name=f"{folder.name}/{name}", near=nearest(name, parts)
                )


def _forms(one: PartnershipSettings) -> Iterator[Finding]:
    """In checking a partnership, the forms of its procedure, and which of them are filled into documents of its own."""
    faults = form_faults_of(one)
    yield from (explained("form-wrong", fault.file, found=fault.message) for fault in faults)
    forms = one.current.forms.values()
    if forms and not faults:
        own = {path.stem for path in form_files(one.templates) if path.parent.name == one.current.id}
        shown = ", ".join(f"{form.id} ({'your own document' if form.id in own else 'made here'})" for form in forms)
        yield well("forms", shown)


def _calendar(one: PartnershipSettings, today: date) -> Iterator[Finding]:
    known = calendar_for(one.current.calendar, today)
    closed = one.current.calendar.also_closed
    said = f"{known.rule.bank_holidays}, to the end of {known.last.year}; {len(closed)} days of your own"
    yield well("calendar", said)
    if not any(day > today for day in closed):
        yield explained("no-closed-days", day=max((today, *closed)))


def _directory(one: PartnershipSettings) -> Iterator[Finding]:
    agencies, officers = one.directory.agencies, one.directory.officers
    if not any(officer.active for officer in officers):
        yield explained("directory-empty")
    else:
        yield well("directory", f"{len(agencies)} agencies, {len(officers)} officers")
        yield from (found for agency in agencies if (found := _without_managers(one, agency)) is not None)
    for agency in agencies:
        for domain in agency.domains:
            if domain in SHARED_DOMAINS:
                yield explained("shared-domain", domain=domain, agency=agency.name)


def _without_managers(one: PartnershipSettings, agency: Agency) -> Finding | None:
    """In checking a partnership, the finding that an agency of it has nobody in a post that the stages of the procedure
    turn to; None where it has."""
    _, *later = one.current.stages.values()  # in the first are those who write and are written to, whoever they are
    asked = {role for stage in later for role in (*stage.raising, *stage.receiving)}
    roles = (one.current.roles[name] for name in one.current.roles if name in asked)
    posts = dict.fromkeys(role.post for role in roles if role.post and role.agency in ("", agency.name))
    missing = [post for post in posts if not one.directory.holders(agency.name, post)]
    if not missing:
        return None
    return explained("agency-without-managers", agency=agency.name, posts=" or ".join(missing))


def _phones(one: PartnershipSettings, today: date) -> Iterator[Finding]:
    for phone in one.current.risk.phones:
        seen = phone.checked_on
        if seen is None:
            yield explained("phone-nobody-rang", name=phone.name, number=phone.number)
        elif (today - seen).days > RUNG_WITHIN:
            yield explained("phone-rung-long-ago", name=phone.name, number=phone.number, day=seen)
        else:
            yield well(f"phone {phone.name}", f"{phone.number}, rung on {seen}")


def _tokens(one: PartnershipSettings, today: date) -> Iterator[Finding]:
    oauth = one.mailbox.oauth or one.post.oauth
    if oauth is None:
        return
    by_certificate = oauth.certificate is not None
    ends = oauth.expires or (certificate_ends(oauth.certificate) if oauth.certificate is not None else None)
    if ends is None:
        return
    left, kind = (ends - today).days, "certificate" if by_certificate else "client's secret"
    if left <= WARN_DAYS:
        yield explained("token-ran-out" if left <= 0 else "token-runs-out", kind=kind, day=ends, left=left)
    else:
        yield well("tokens", f"the {kind} runs out on {ends}, in {left} days")
