"""The directory, who is who: the agencies of a partnership, their officers, and who stands in for whom.

The directory is the partnership's own list (``config/directory.csv``). Mail alone never changes it (what an agency's
contact corrects waits for the office: ``roster``): a message that names a
new person adds them to its dispute, not here (an address list that strangers can write to is an address list for
strangers).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from mailbot.core.record.intents import Person


@dataclass(frozen=True, slots=True)
class Agency:
    """``domains`` are its own mail domains; ``also`` what people call it; ``partner`` its statutory partner, if one."""

    name: str
    domains: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    sector: str = ""
    partner: str = ""
    contact: str = ""  # the address of whoever answers for its list of people
    closed: Mapping[date, str] = field(default_factory=dict)

    def closure(self, first: date, last: date) -> tuple[date, date, str] | None:
        """The whole of the agency's own closure, by the directory, that touches the days from ``first`` to ``last``:
        its first and last day and its name: Monday to Friday of half-term, though a limit is Monday. None for none."""
        touched = [day for day in sorted(self.closed) if first <= day <= last]
        if not touched:
            return None
        named = self.closed[touched[0]]
        run = [day for day in sorted(self.closed) if self.closed[day] == named and abs((day - touched[0]).days) <= 70]
        return run[0], run[-1], named


@dataclass(frozen=True, slots=True)
class Officer:
    """``posts`` are the words protocol roles use ("line manager", "senior manager"); ``deputy`` is an address. A desk
    or an assistant ``speaks_for`` others, by their addresses: what it writes is theirs."""

    person: Person
    posts: tuple[str, ...] = ()
    deputy: str = ""
    phone: str = ""
    active: bool = True
    speaks_for: tuple[str, ...] = ()


def domain_of(address: str) -> str:
    """The mail domain of an address, by which the directory knows an agency: the part after the last @, lower-case;
    "" when there is none."""
    return address.rpartition("@")[2].lower() if "@" in address else ""


@lru_cache(maxsize=5000)
def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())


@dataclass(frozen=True, slots=True)
class Directory:
    agencies: tuple[Agency, ...] = ()
    officers: tuple[Officer, ...] = ()
    approved_domains: frozenset[str] = frozenset()
    struck_out: frozenset[str] = frozenset()  # addresses that had a row once and have none now

    def is_approved(self, address: str) -> bool:
        """May this address be written to at all, by the directory: one at an approved domain, an active officer's where
        it has a row. A row struck out, or a domain, revokes what the other alone would allow; a colleague who never was
        listed has the domain's word."""
        officer = self.find_officer(address)
        listed = officer.active if officer is not None else address.lower() not in self.struck_out
        return listed and domain_of(address) in self.approved_domains

    def find_officer(self, address: str) -> Officer | None:
        wanted = address.lower()
        return next((o for o in self.officers if o.person.address == wanted), None)

    def person(self, address: str, name: str = "") -> Person:
        """The person at this address, as the directory knows them, else as they call themselves."""
        officer = self.find_officer(address)
        if officer is not None:
            return officer.person
        agencies = self.agencies_at(address)
        return Person(address.lower(), name, agencies[0].name if len(agencies) == 1 else "")

    def agencies_at(self, address: str) -> tuple[Agency, ...]:
        """The agencies whose domain this is: a council may be several."""
        domain = domain_of(address)
        return tuple(a for a in self.agencies if domain in a.domains)

    def agency_of(self, address: str) -> str:
        """The agency's name when only one can be meant, else ""."""
        return self.person(address).agency

    def find_agency(self, words: str) -> Agency | None:
        """The agency of the directory that people mean by ``words``: its name, what it is also called,
        or a name that begins so.

        The longest match wins, so that "Northshire Council Early Help" is not read as the council's social care.
        """
        wanted = f" {_plain(words)} "
        best: tuple[int, Agency] | None = None
        for agency in self.agencies:
            for called in (agency.name, *agency.also):
                plain = _plain(called)
                if plain and f" {plain} " in wanted and (best is None or len(plain) > best[0]):
                    best = (len(plain), agency)
        if best is None and len(wanted.strip()) > 3:
            begins = [a for a in self.agencies if f" {_plain(a.name)} ".find(wanted) >= 0]
            return begins[0] if len(begins) == 1 else None
        return best[1] if best else None

    def find_named(self, name: str, agency: str = "") -> tuple[Person, ...]:
        """The officers in the directory whose name has every word of ``name``, in ``agency`` when it is given.
        Several is for the caller."""
        wanted = set(_plain(name).split()) - _TITLES
        if not wanted:
            return ()
        return tuple(
            o.person
            for o in self.officers
            if o.active and wanted <= set(_plain(o.person.name).split()) and agency in ("", o.person.agency)
        )

    def holders(self, agency: str, post: str) -> tuple[Person, ...]:
        """The active officers of ``agency`` in ``post``, in the directory's order; for an inactive one, the deputy."""
        found = []
        for officer in self.officers:
            if officer.person.agency != agency or post.casefold() not in (p.casefold() for p in officer.posts):
                continue
            standing = officer if officer.active else self.find_officer(officer.deputy)
            if standing is not None and standing.active:
                found.append(standing.person)
        return tuple(dict.fromkeys(found))

    def spoken_for(self, address: str) -> tuple[Person, ...]:
        """The active officers for whom this address speaks, by the directory: a duty desk's, an assistant's."""
        officer = self.find_officer(address)
        named = (self.find_officer(one) for one in (officer.speaks_for if officer and officer.active else ()))
        return tuple(one.person for one in named if one is not None and one.active)

    def deputy_of(self, address: str) -> Person | None:
        """The deputy who stands in for the officer at this address, if the directory says."""
        officer = self.find_officer(address)
        deputy = self.find_officer(officer.deputy) if officer is not None and officer.deputy else None
        return deputy.person if deputy is not None and deputy.active else None

    def stands_in(self, address: str, owner: str) -> bool:
        """Is the first, by the directory, the deputy of the officer at the other, in the same agency?"""
        deputy, officer = self.deputy_of(owner), self.find_officer(owner)
        if deputy is None or officer is None or deputy.address != address:
            return False
        return bool(deputy.agency) and deputy.agency == officer.person.agency


_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "ds", "di", "dci", "dc", "pc", "sgt", "prof", "rev"})
