"""The parties to a dispute: the people recorded in it, and whose word counts as one; as somebody is named, taken off,
or takes over."""

from dataclasses import dataclass

from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.intents import Person


@dataclass(frozen=True, slots=True)
class Party:
    """A person recorded in the dispute: who they are here, and on which side."""

    role: str
    side: Side
    person: Person


@dataclass(frozen=True, slots=True)
class Voice:
    """Whose word counts as one when something is agreed: a side, or each agency of a side that has several.

    ``agency`` is "" for a side of which no agency, or only one, is known.
    """

    side: Side
    agency: str = ""


Parties = tuple[Party, ...]


# Several people may fill these at once; every other role has one holder, and naming another replaces the first, unless
# the file lets each agency have it (``PersonRecorded.beside``). Older records do not say so of the roles that did then.
_SHARED = frozenset({"responder", "supporter"})
_SHARED_IN_OLDER_RECORDS = frozenset({"head_of_safeguarding", "heads_of_service", "designated_lead"})


def party_recorded(parties: Parties, event: e.PersonRecorded, receiving: tuple[str, ...] = ()) -> Parties:
    """The dispute's parties with one more recorded; ``receiving``: the agencies it is with. Where there are several,
    each has its own holder of a role."""
    address = event.person.address
    kept = tuple(
        p
        for p in parties
        if p.role != event.role
        or p.side != event.side
        or _of_another(p, event, receiving)
        or (p.person.address and p.person.address != address and _is_shared(event))
    )
    return (*kept, Party(event.role, event.side, event.person))


def _is_shared(event: e.PersonRecorded) -> bool:
    """May several parties to a dispute fill a role at once? So may whatever the partnership itself names people for: a
    panel."""
    if event.role in _SHARED or event.side is Side.PARTNERSHIP:
        return True
    return event.role in _SHARED_IN_OLDER_RECORDS if event.beside is None else event.beside


def _of_another(party: Party, event: e.PersonRecorded, receiving: tuple[str, ...]) -> bool:
    """Does this person act for another of several agencies that the dispute is with?"""
    mine, theirs = event.person.agency, party.person.agency
    return event.side is Side.RECEIVING and len(receiving) > 1 and mine != theirs and theirs in receiving


def party_removed(parties: Parties, event: e.PersonRemoved) -> Parties:
    return tuple(p for p in parties if (p.role, p.person) != (event.role, event.person))


def party_handed_over(parties: Parties, event: e.PersonHandedOver) -> Parties:
    return tuple(
        Party(p.role, p.side, event.taking) if p.role == event.role and p.person.address == event.leaving.address else p
        for p in parties
    )
