"""The people of a dispute as they change: somebody is named, taken off, or takes over."""

from mailbot.core.happened import events as e
from mailbot.core.happened.parts import Party
from mailbot.core.procedure.closed_lists import Side

Parties = tuple[Party, ...]
# Several people may fill these at once; every other role has one holder, and naming another replaces the first.
_SHARED = frozenset({"responder", "supporter", "head_of_safeguarding", "heads_of_service", "designated_lead"})


def recorded(parties: Parties, event: e.PersonRecorded, receiving: tuple[str, ...] = ()) -> Parties:
    """``receiving``: the agencies it is with. Where there are several, each has its own holder of a role."""
    address = event.person.address
    kept = tuple(
        p for p in parties
        if p.role != event.role or p.side != event.side or _of_another(p, event, receiving)
        or (p.person.address and p.person.address != address and _is_shared(event))
    )  # fmt: skip
    return (*kept, Party(event.role, event.side, event.person))


def _is_shared(event: e.PersonRecorded) -> bool:
    """May several people fill it at once? So may whatever the partnership itself names people for: a panel."""
    return event.role in _SHARED or event.side is Side.PARTNERSHIP


def _of_another(party: Party, event: e.PersonRecorded, receiving: tuple[str, ...]) -> bool:
    """Does this person act for another of several agencies that it is with?"""
    mine, theirs = event.person.agency, party.person.agency
    return event.side is Side.RECEIVING and len(receiving) > 1 and mine != theirs and theirs in receiving


def removed(parties: Parties, event: e.PersonRemoved) -> Parties:
    return tuple(p for p in parties if (p.role, p.person) != (event.role, event.person))


def handed_over(parties: Parties, event: e.PersonHandedOver) -> Parties:
    return tuple(
        Party(p.role, p.side, event.taking) if p.role == event.role and p.person.address == event.leaving.address else p
        for p in parties
    )
