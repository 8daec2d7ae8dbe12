"""Who is who, from two lists that open in a spreadsheet: ``agencies.csv`` and ``directory.csv``. What cannot be meant
is a fault with its row, and what follows from a fault is none of its own.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from mailbot.core.partnership.directory import Agency, Directory, Officer, domain_of
from mailbot.core.record.intents import Person
from mailbot.shell.config.csv_tables import CsvKind, CsvRow, read_csv_table
from mailbot.shell.config.phone_numbers import dialled
from mailbot.shell.config.toml_with_faults import close_to, nearest
from mailbot.shell.errors import BadConfiguration, Fault

AGENCY_COLUMNS = ("name", "domains", "also", "sector", "partner", "contact")
OFFICER_COLUMNS = ("name", "email", "agency", "designation", "post", "deputy", "phone", "active", "speaks for")
PUBLIC_MAIL = (
    "is a public mail provider, where anybody may have an address: people are only acted for and written to at their "
    "agency's own domain"
)
AGENCY_LIST = CsvKind("agencies.csv", AGENCY_COLUMNS, ("name", "domains"))
OFFICER_LIST = CsvKind("directory.csv", OFFICER_COLUMNS, ("name", "email", "agency"))
PARTNERS = ("local authority", "health", "police")
YES, NO = frozenset({"", "yes", "y", "true", "1"}), frozenset({"no", "n", "false", "0", "left"})
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class Read:
    """What was read, and everything wrong with it: ``faults`` are of the file and stop everything, ``warnings`` stop
    nothing. ``unsound`` are faults of single rows: whoever stands in such a row is not in ``directory``, and a deputy
    or a ``speaks for`` that cannot be is left out."""

    directory: Directory
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    unsound: tuple[Fault, ...] = ()


def is_address(text: str) -> bool:
    """Is this cell of the directory's file an email address? A plain ASCII addr-spec with a dotted domain: what every
    mail server takes."""
    return bool(_ADDRESS.fullmatch(text))


def domain_fault(domain: str) -> str:
    """Why a cell or setting of the directory is no mail domain of an agency's own, or ""."""
    if not _DOMAIN.fullmatch(domain):
        return f'"{domain}" is not a mail domain: it is what stands after the @ in an address'
    if domain.startswith("www."):
        return f'"{domain}" is the address of a website: a mail domain is what stands after the @'
    return f'"{domain}" {PUBLIC_MAIL}' if domain in PUBLIC_DOMAINS else ""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the rows of the directory are held against. ``unclear`` are agencies whose own row has a fault, "" where a
    row has no name; ``rows`` are the officers' by their address, and ``unread`` the addresses that are none: what
    follows from those is told of nobody else.
    """

    agencies: Collection[str]
    domains: Collection[str]
    unclear: Collection[str]
    rows: dict[str, CsvRow] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)

    def may_be_unread(self, address: str) -> bool:
        """In reading the directory's file, whether ``address`` may be that of a row that could not be read."""
        return "" in self.unread or any(address in one or close_to(address, [one]) for one in self.unread)


def read_directory(agencies_file: Path, officers_file: Path, approved: Collection[str], posts: Collection[str]) -> Read:
    """The directory read from rows of CSV. ``approved`` domains are added to the agencies'; ``posts`` are those the
    protocol's roles use."""
    faults: list[Fault] = []
    unsound: list[Fault] = []
    unclear: set[str] = set()
    agencies = _agencies(agencies_file, faults, unclear)
    names = tuple(agency.name for agency in agencies)
    known_domains = frozenset({d for a in agencies for d in a.domains} | {domain.lower() for domain in approved})
    if faults and not agencies:  # whose agency is not there is no fault of the directory
        return Read(Directory(), tuple(faults), ())
    seen = _Seen(names, known_domains, frozenset(unclear))
    officers = _officers(officers_file, seen, faults, unsound)
    directory = Directory(agencies, officers, known_domains)
    unsound += _deputies(seen, directory)
    known = frozenset(officer.person.address for officer in officers if officer.active)
    sound = replace(directory, officers=tuple(_with_sound_deputies(one, known) for one in officers))
    warnings = (*_same_names(agencies_file, agencies), *_doubts(seen.rows, directory, posts))
    return Read(sound, tuple(faults), warnings, tuple(unsound))


def _with_sound_deputies(officer: Officer, known: frozenset[str]) -> Officer:
    """In reading the directory's file, an officer without a deputy, or people to speak for, who are not there."""
    deputy = officer.deputy if officer.deputy in known and officer.deputy != officer.person.address else ""
    return replace(officer, deputy=deputy, speaks_for=tuple(one for one in officer.speaks_for if one in known))


def load_directory(path: Path) -> Directory:
    """The directory loaded from its CSV files: the officers in ``path`` with the agencies in ``agencies.csv`` beside
    it. Raises BadConfiguration."""
    read = read_directory(path.parent / "agencies.csv", path, (), ())
    if read.faults or read.unsound:
        raise BadConfiguration((*read.faults, *read.unsound))
    return read.directory


def _agencies(path: Path, faults: list[Fault], unclear: set[str]) -> tuple[Agency, ...]:
    """The directory's agencies. Those with a fault of their own go to ``unclear`` as well, "" for a row without a
    name."""
    found: dict[str, Agency] = {}
    table = read_csv_table(path, AGENCY_LIST, (OFFICER_LIST,))
    faults += [*table.faults, *table.unsound]
    unclear |= {""} if table.unsound else set()
    for row in table.rows:
        name, domains = row["name"], tuple(domain.lower().lstrip("@") for domain in row.several("domains"))
        wrong = [row.fault(said, "domains") for domain in domains if (said := domain_fault(domain))]
        if not domains:
            wrong.append(row.fault(f'"{name}" has no domain, so nobody there could be written to'))
        if name in found:
            wrong.append(row.fault(f'the agency "{name}" is here twice: keep one row, with ; between its domains'))
        contact = row["contact"].lower()
        if contact and not wrong and (not is_address(contact) or domain_of(contact) not in domains):
            wrong.append(row.fault(f'the contact "{row["contact"]}" is not an address at its own domain', "contact"))
        if row["partner"] and row["partner"].casefold() not in PARTNERS:
            said = f'"{row["partner"]}" is no statutory partner.{nearest(row["partner"].casefold(), PARTNERS)}'
            wrong.append(row.fault(said, "partner"))
        if wrong:
            unclear.add(name)
            faults += wrong
        found[name] = Agency(name, domains, row.several("also", ""), row["sector"], row["partner"], contact)
    if not found and not faults:
        faults.append(
            Fault(
                str(path), 1, "no agency is here yet: each needs a row with its name and mail domains", "agencies.csv"
            )
        )
    return tuple(found.values())


def _officers(path: Path, seen: _Seen, faults: list[Fault], unsound: list[Fault]) -> tuple[Officer, ...]:
    """The officers of the rows of the directory's file that are sound; every row goes to ``seen`` by its address."""
    officers: list[Officer] = []
    table = read_csv_table(path, OFFICER_LIST, (AGENCY_LIST,))
    faults += table.faults
    unsound += table.unsound
    seen.unread.extend([""] if table.unsound else [])
    for row in table.rows:
        address = row["email"].lower()
        wrong = list(_wrong(row, address, seen))
        if first := seen.rows.get(address):
            other = "" if first["name"] == row["name"] else f", for {first['name']}"
            hint = "; a desk that several share has one row, in its own name" if other else ""
            wrong.append(f"{address} is here twice: the first is in row {first.line}{other}{hint}")
        if not is_address(address):
            seen.unread.append(address)
        unsound += [row.fault(message) for message in wrong]
        seen.rows.setdefault(address, row)
        if wrong:
            continue
        person = Person(address, row["name"], row["agency"], row["designation"])
        active = row["active"].casefold() not in NO
        officers.append(
            Officer(person, row.several("post"), row["deputy"].lower(), row["phone"], active, _spoken_for(row))
        )
    return tuple(officers)


def _spoken_for(row: CsvRow) -> tuple[str, ...]:
    return tuple(one.lower() for one in row.several("speaks for"))


def _wrong(row: CsvRow, address: str, seen: _Seen) -> Iterator[str]:
    """What is wrong with one officer's row of the directory."""
    if not is_address(address):
        yield f'"{row["email"]}" is not an email address'
    elif domain_of(address) not in seen.domains and not {row["agency"], ""} & set(seen.unclear):
        yield f"{address} is at a domain that no agency has: add the domain to its agency, or use the work address"
    if row["agency"] not in seen.agencies and "" not in seen.unclear:
        yield f'"{row["agency"]}" is not an agency of agencies.csv.{nearest(row["agency"], seen.agencies)}'
    if row["active"].casefold() not in YES | NO:
        yield f'"active" is yes or no, not "{row["active"]}"'


def _deputies(seen: _Seen, directory: Directory) -> Iterator[Fault]:
    rows = seen.rows
    for address, row in rows.items():
        for one in _spoken_for(row):
            if one not in rows and not seen.may_be_unread(one):
                yield row.fault(f'"speaks for" names {one}, who is not in this file.{nearest(one, rows)}')
            elif one in rows and rows[one]["agency"] != row["agency"]:
                yield row.fault(f"{address} cannot speak for {one}: they are of another agency")
        deputy = row["deputy"].lower()
        if deputy and not is_address(deputy):
            yield row.fault(f'the deputy "{row["deputy"]}" is not an email address: write that of whoever stands in')
        elif deputy and deputy not in rows and not seen.may_be_unread(deputy):
            yield row.fault(f"the deputy {deputy} is not in this file.{nearest(deputy, rows)}")
        elif deputy and deputy == address:
            yield row.fault(f"{address} is their own deputy")
        elif deputy and (officer := directory.find_officer(deputy)) is not None and not officer.active:
            yield row.fault(f"the deputy {deputy} is not active")


def _same_names(path: Path, agencies: Collection[Agency]) -> Iterator[Fault]:
    """What two agencies of the directory are both called: whoever writes it is asked which is meant."""
    called: dict[str, list[str]] = {}
    for agency in agencies:
        for name in {agency.name.casefold(), *(also.casefold() for also in agency.also)}:
            called.setdefault(name, []).append(agency.name)
    for name, several in called.items():
        if len(several) > 1:
            said = (
                f'"{name}" is what {" and ".join(several)} are both called: whoever writes it is asked which is meant'
            )
            yield Fault(str(path), 0, said, "agencies.csv.also")


def _doubts(rows: Mapping[str, CsvRow], directory: Directory, posts: Collection[str]) -> Iterator[Fault]:
    known = {post.casefold() for post in posts}
    for address, row in rows.items():
        for post in row.several("post"):
            if post.casefold() not in known:
                yield row.fault(f'no role of the protocol is filled by the post "{post}".{nearest(post, known)}')
        if row["phone"] and not dialled(row["phone"]):
            said = f'"{row["phone"]}" is no telephone number that can be dialled; a spreadsheet takes away the 0 at its'
            yield row.fault(f"{said} beginning unless the column is one of text", "phone")
        officer = directory.find_officer(address)
        if officer is not None and not officer.active and officer.posts and not officer.deputy:
            yield row.fault(f"{address} is not active and has no deputy, so nobody fills that post from here")


def with_closures(directory: Directory, closed: Mapping[str, Mapping[date, str]]) -> Directory:
    """``directory`` with each agency's own closed days."""
    agencies = tuple(replace(a, closed=closed.get(a.name, {})) for a in directory.agencies)
    return replace(directory, agencies=agencies)


# Mail domains that are no agency's own: public providers, where anybody may have an address, and domains that many
# organisations share.

# The providers that people in the UK have private addresses at.
_PUBLIC = """
    gmail.com googlemail.com outlook.com outlook.co.uk hotmail.com hotmail.co.uk live.com live.co.uk msn.com yahoo.com
    yahoo.co.uk ymail.com rocketmail.com icloud.com me.com mac.com aol.com aol.co.uk btinternet.com btopenworld.com
    sky.com talktalk.net virginmedia.com ntlworld.com blueyonder.co.uk tiscali.co.uk o2.co.uk orange.net plus.com
    plusnet.com virgin.net lineone.net fsmail.net protonmail.com proton.me pm.me gmx.com gmx.co.uk gmx.net mail.com
    zoho.com fastmail.com hey.com tutanota.com tuta.io yandex.com
"""
# NHSmail, the criminal justice service's secure mail, and second levels under which others register.
_SHARED = "nhs.net nhs.scot cjsm.net gov.uk nhs.uk police.uk sch.uk ac.uk org.uk co.uk gov.scot gov.wales"
PUBLIC_DOMAINS, SHARED_DOMAINS = frozenset(_PUBLIC.split()), frozenset(_SHARED.split())
