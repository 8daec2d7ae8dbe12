"""Who is who, from two lists that open in a spreadsheet: ``agencies.csv`` and ``directory.csv``.

Spreadsheets save what they please: a byte order mark, semicolons for commas, CRLF, empty rows, columns in another
order. All of that is read; what cannot be meant is a fault with its row.
"""

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from mailbot.core.partnership.directory import Agency, Directory, Officer, domain_of
from mailbot.core.record.intents import Person
from mailbot.shell.config.toml_with_faults import nearest
from mailbot.shell.errors import BadConfiguration, Fault

AGENCY_COLUMNS = ("name", "domains", "also", "sector", "partner", "contact")
OFFICER_COLUMNS = ("name", "email", "agency", "designation", "post", "deputy", "phone", "active", "speaks for")
PUBLIC_MAIL = (
    "is a public mail provider, where anybody may have an address: people are only acted for and written to at their "
    "agency's own domain"
)
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


@dataclass(frozen=True, slots=True)
class _Row:
    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def several(self, column: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in re.split(r"[;|]", self[column]) if part.strip())

    def fault(self, message: str, column: str = "") -> Fault:
        kind = "agencies.csv" if "domains" in self.cells else "directory.csv"
        return Fault(self.file, self.line, message, f"{kind}.{column}" if column else kind)


def read_directory(agencies_file: Path, officers_file: Path, approved: Collection[str], posts: Collection[str]) -> Read:
    """The directory read from rows of CSV. ``approved`` domains are added to the agencies'; ``posts`` are those the
    protocol's roles use."""
    faults: list[Fault] = []
    unsound: list[Fault] = []
    agencies = _agencies(agencies_file, faults)
    domains = frozenset({d for a in agencies for d in a.domains} | {domain.lower() for domain in approved})
    if faults and not agencies:  # whose agency is not there is no fault of the directory
        return Read(Directory(), tuple(faults), ())
    rows, officers = _officers(officers_file, (tuple(a.name for a in agencies), domains), faults, unsound)
    directory = Directory(agencies, officers, domains)
    unsound += _deputies(rows, directory)
    known = frozenset(officer.person.address for officer in officers if officer.active)
    sound = replace(directory, officers=tuple(_with_sound_deputies(one, known) for one in officers))
    return Read(sound, tuple(faults), tuple(_doubts(rows, directory, posts)), tuple(unsound))


def _with_sound_deputies(officer: Officer, known: frozenset[str]) -> Officer:
    """The officer of the directory without a deputy, or people to speak for, who are not there."""
    deputy = officer.deputy if officer.deputy in known and officer.deputy != officer.person.address else ""
    return replace(officer, deputy=deputy, speaks_for=tuple(one for one in officer.speaks_for if one in known))


def load_directory(path: Path) -> Directory:
    """The directory loaded from its CSV files: the officers in ``path`` with the agencies in ``agencies.csv`` beside
    it. Raises BadConfiguration."""
    read = read_directory(path.parent / "agencies.csv", path, (), ())
    if read.faults or read.unsound:
        raise BadConfiguration((*read.faults, *read.unsound))
    return read.directory


def _agencies(path: Path, faults: list[Fault]) -> tuple[Agency, ...]:
    found: dict[str, Agency] = {}
    for row in _rows(path, AGENCY_COLUMNS, ("name", "domains"), faults, faults):
        name, domains = row["name"], tuple(domain.lower().lstrip("@") for domain in row.several("domains"))
        faults += [row.fault(f'"{d}" is not a mail domain') for d in domains if not _DOMAIN.fullmatch(d)]
        faults += [row.fault(f'"{d}" {PUBLIC_MAIL}', "domains") for d in domains if d in PUBLIC_DOMAINS]
        if not domains:
            faults.append(row.fault(f'"{name}" has no domain, so nobody there could be written to'))
        if name in found:
            faults.append(row.fault(f'the agency "{name}" is here twice'))
        contact = row["contact"].lower()
        if contact and (not is_address(contact) or domain_of(contact) not in domains):
            faults.append(row.fault(f'the contact "{row["contact"]}" is not an address at its own domain', "contact"))
        found[name] = Agency(name, domains, row.several("also"), row["sector"], row["partner"], contact)
    if not found and not faults:
        faults.append(
            Fault(
                str(path), 1, "no agency is here yet: each needs a row with its name and mail domains", "agencies.csv"
            )
        )
    return tuple(found.values())


def _officers(
    path: Path, known: tuple[Collection[str], Collection[str]], faults: list[Fault], unsound: list[Fault]
) -> tuple[dict[str, _Row], tuple[Officer, ...]]:
    """Every row of the directory's file by its address, and the officers of those that are sound. ``known`` are the
    agencies and the domains."""
    agencies, domains = known
    rows: dict[str, _Row] = {}
    officers: list[Officer] = []
    for row in _rows(path, OFFICER_COLUMNS, ("name", "email", "agency"), faults, unsound):
        address = row["email"].lower()
        wrong = list(_wrong(row, address, agencies, domains))
        if address in rows:
            wrong.append(f"{address} is here twice: the first is in row {rows[address].line}")
        unsound += [row.fault(message) for message in wrong]
        rows.setdefault(address, row)
        if wrong:
            continue
        person = Person(address, row["name"], row["agency"], row["designation"])
        active = row["active"].casefold() not in NO
        officers.append(
            Officer(person, row.several("post"), row["deputy"].lower(), row["phone"], active, _spoken_for(row))
        )
    return rows, tuple(officers)


def _spoken_for(row: _Row) -> tuple[str, ...]:
    return tuple(one.lower() for one in row.several("speaks for"))


def _wrong(row: _Row, address: str, agencies: Collection[str], domains: Collection[str]) -> Iterator[str]:
    if not is_address(address):
        yield f'"{row["email"]}" is not an email address'
    elif domain_of(address) not in domains:
        yield f"{address} is at a domain that no agency has: add the domain to its agency, or use the work address"
    if row["agency"] not in agencies:
        yield f'"{row["agency"]}" is not an agency of agencies.csv.{nearest(row["agency"], agencies)}'
    if row["active"].casefold() not in YES | NO:
        yield f'"active" is yes or no, not "{row["active"]}"'


def _deputies(rows: Mapping[str, _Row], directory: Directory) -> Iterator[Fault]:
    for address, row in rows.items():
        for one in _spoken_for(row):
            if one not in rows:
                yield row.fault(f'"speaks for" names {one}, who is not in this file.{nearest(one, rows)}')
            elif rows[one]["agency"] != row["agency"]:
                yield row.fault(f"{address} cannot speak for {one}: they are of another agency")
        deputy = row["deputy"].lower()
        if deputy and deputy not in rows:
            yield row.fault(f"the deputy {deputy} is not in this file.{nearest(deputy, rows)}")
        elif deputy and deputy == address:
            yield row.fault(f"{address} is their own deputy")
        elif deputy and (officer := directory.find_officer(deputy)) is not None and not officer.active:
            yield row.fault(f"the deputy {deputy} is not active")


def _doubts(rows: Mapping[str, _Row], directory: Directory, posts: Collection[str]) -> Iterator[Fault]:
    known = {post.casefold() for post in posts}
    for address, row in rows.items():
        for post in row.several("post"):
            if post.casefold() not in known:
                yield row.fault(f'no role of the protocol is filled by the post "{post}".{nearest(post, known)}')
        officer = directory.find_officer(address)
        if officer is not None and not officer.active and officer.posts and not officer.deputy:
            yield row.fault(f"{address} is not active and has no deputy, so nobody fills that post from here")


def _rows(
    path: Path, columns: tuple[str, ...], needed: tuple[str, ...], faults: list[Fault], unsound: list[Fault]
) -> Iterator[_Row]:
    """Rows of a directory's CSV file: every row with something in it; ``line`` is the spreadsheet's row number where no
    cell holds a line break. What is wrong with the file goes to ``faults``, with one row to ``unsound``."""
    kind = "agencies.csv" if "domains" in columns else "directory.csv"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        faults.append(Fault(str(path), 0, f"cannot be read: {error.strerror}", kind))
        return
    except UnicodeDecodeError:
        faults.append(Fault(str(path), 0, 'is not UTF-8: in the spreadsheet, save it as "CSV UTF-8"', kind))
        return
    first = text.split("\n", 1)[0]
    # Excel writes semicolons wherever the decimal sign is a comma, and tabs when one copies by hand.
    mark = max((",", ";", "\t"), key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=mark)
    heads = [head.strip().casefold() for head in next(reader, [])]
    missing, strange = [name for name in needed if name not in heads], [h for h in heads if h and h not in columns]
    instead = f'; "{strange[0]}" is not a column' if len(strange) == len(missing) == 1 else ""
    faults += [Fault(str(path), 1, f'the column "{name}" is missing{instead}', kind) for name in missing]
    if not instead:
        faults += [Fault(str(path), 1, f'"{h}" is not a column.{nearest(h, columns)}', kind) for h in strange]
    if missing:
        return
    for cells in reader:
        if any(cell.strip() for cell in cells):
            row = _Row(str(path), reader.line_num, dict(zip(heads, (" ".join(c.split()) for c in cells), strict=False)))
            empty = [name for name in needed if not row[name]]
            unsound += [row.fault(f'"{name}" is empty') for name in empty]
            if not empty:
                yield row


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
