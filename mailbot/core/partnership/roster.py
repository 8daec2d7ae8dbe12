"""The roster, an agency's own rows of the directory: what may be proposed about them, and how that reads.

An agency's contact proposes, and the partnership's office says yes: nothing that mail says changes the directory by
itself. A proposal is of the contact's own agency, or it is none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from mailbot.core.partnership.directory import Agency, Directory, Officer, domain_of
from mailbot.core.procedure.closed_lists import Source
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.record.events import Event
from mailbot.core.record.events_of_mail import AbsenceNoticed, MessageFiled, NoticeFailed
from mailbot.core.record.intents import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterProposed(Event):
    """``by``, the contact of ``agency``, proposed changes of its roster: each in words; ``unclear`` could not be
    read."""

    by: Person
    agency: str
    changes: tuple[str, ...]
    unclear: tuple[str, ...] = ()


class RosterKind(StrEnum):
    LEFT = "left"
    NEW = "new"
    SET = "set"


@dataclass(frozen=True, slots=True)
class RosterChange:
    """One change of a row: ``address`` is whose; ``values`` are the row's cells by column, all of them for somebody
    new, the changed one otherwise."""

    kind: RosterKind
    address: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person as the letter to their agency's contact shows them."""

    name: str
    address: str
    designation: str
    posts: str
    deputy: str
    phone: str
    active: bool
    sign: str = ""  # what mail has shown of them: "a letter to this address came back on 4 September 2026"


@dataclass(frozen=True, slots=True)
class RosterSheet:
    """The list of one agency, as its contact is asked about it. ``example`` is somebody of it, for the lines."""

    partnership: str
    short: str
    risk: str
    agency: str
    mailbox: str
    office: str
    rows: tuple[RosterRow, ...]
    missing: tuple[str, ...]  # posts that the procedure asks somebody for, and nobody there holds
    example: str
    doubted: str = ""  # the one of whom it is asked, where it is asked because of a sign, and not for the quarter


@dataclass(frozen=True, slots=True)
class RosterSign:
    """What mail has shown of somebody on a roster, and when."""

    words: str
    at: datetime


LONG_AWAY = timedelta(days=28)
SIGNS = (NoticeFailed, AbsenceNoticed)  # the events that tell that somebody on a roster may not be there any more


def roster_signs(events: Iterable[Event], directory: Directory) -> Mapping[str, RosterSign]:
    """Signs that somebody on a roster may not be there any more, by their address: a letter that came back for good, an
    automatic reply that they have left or are away for weeks. None of whoever has written since. ``events`` are those
    of ``SIGNS`` in all disputes, and the mail that was filed since the first of them."""
    found: dict[str, RosterSign] = {}
    wrote: dict[str, datetime] = {}
    for event in events:
        match event:
            case MessageFiled():
                wrote[event.by.address] = max(event.at, wrote.get(event.by.address, event.at))
            case NoticeFailed() if event.permanent:
                _newest(found, event.address, RosterSign("a letter to this address came back", event.at))
            case AbsenceNoticed() if words := _long_absence(event):
                _newest(found, event.person.address, RosterSign(words, event.at))
    active = {officer.person.address for officer in directory.officers if officer.active}
    return {
        address: sign
        for address, sign in found.items()
        if address in active and not wrote.get(address, sign.at) > sign.at
    }


def _newest(found: dict[str, RosterSign], address: str, sign: RosterSign) -> None:
    if address not in found or found[address].at < sign.at:
        found[address] = sign


def _long_absence(event: AbsenceNoticed) -> str:
    if event.left:
        return "an automatic reply says that they have left"
    long = event.until is not None and event.until - event.at.date() > LONG_AWAY
    return f"an automatic reply says that they are away until {event.until:%d %B %Y}".replace(" 0", " ") if long else ""


def roster_rows(
    agency: str, directory: Directory, signs: Mapping[str, RosterSign] = MappingProxyType({})
) -> tuple[RosterRow, ...]:
    """The roster of one agency, in the directory's order."""
    return tuple(_row(officer, directory, signs) for officer in directory.officers if officer.person.agency == agency)


def _row(officer: Officer, directory: Directory, signs: Mapping[str, RosterSign]) -> RosterRow:
    sign = signs.get(officer.person.address)
    deputy = directory.find_officer(officer.deputy) if officer.deputy else None
    return RosterRow(
        officer.person.name,
        officer.person.address,
        officer.person.designation,
        "; ".join(officer.posts),
        deputy.person.name if deputy is not None else "",
        officer.phone,
        officer.active,
        f"{sign.words} ({sign.at.day} {sign.at:%B %Y})" if sign is not None else "",
    )


def posts_missing(agency: str, directory: Directory, protocol: Protocol) -> tuple[str, ...]:
    """Posts of the procedure that a roster lacks somebody for: of everybody who acts after the practitioners."""
    first = protocol.stages[protocol.usual_start()]
    practitioners = {*first.raising, *first.receiving}
    asked = (role for role in protocol.roles.values() if role.source in _BY_POST and role.id not in practitioners)
    posts = dict.fromkeys(role.post for role in asked if role.post and not role.ask_if and not role.tiers)
    return tuple(post for post in posts if not directory.holders(agency, post))


_BY_POST = frozenset({Source.EMAIL, Source.DIRECTORY})


def roster_fault(change: RosterChange, agency: Agency, directory: Directory) -> str:
    """Why a change cannot be proposed for a roster; "" where it can."""
    officer = directory.find_officer(change.address)
    if change.kind is RosterKind.NEW:
        if domain_of(change.address) not in agency.domains:
            return f"{change.address} is at no mail domain of {agency.name}"
        return f"{change.address} is on the list already" if officer is not None else ""
    if officer is None or officer.person.agency != agency.name:
        return f"{change.address} is not on the list of {agency.name}"
    return ""


def in_words(change: RosterChange, directory: Directory) -> str:
    """A change of a roster, as the office is asked about it: what is now, and what would be."""
    officer = directory.find_officer(change.address)
    who = f"{officer.person.name} ({change.address})" if officer is not None else change.address
    if change.kind is RosterKind.LEFT:
        return f"{who} has left: no letter goes there any more, and nothing from there is acted on"
    if change.kind is RosterKind.NEW:
        told = ", ".join(part for part in (change.values.get("designation"), change.values.get("post")) if part)
        return f"new: {change.values.get('name', '')} ({change.address}){f', {told}' if told else ''}"
    ((column, value),) = change.values.items()
    was = _now(officer, column)
    return f"{who}: {column} “{value}”{f' instead of “{was}”' if was else ', where there was none'}"


def _now(officer: Officer | None, column: str) -> str:
    if officer is None:
        return ""
    known = {
        "name": officer.person.name,
        "designation": officer.person.designation,
        "post": "; ".join(officer.posts),
        "deputy": officer.deputy,
        "phone": officer.phone,
    }
    return known.get(column, "")
