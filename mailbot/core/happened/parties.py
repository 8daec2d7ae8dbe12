"""The people of a dispute as they change: somebody is named, taken off, or takes over."""

from mailbot.core.happened import events as e
from mailbot.core.happened.parts import Party

Parties = tuple[Party, ...]
# Several people may fill these at once; every other role has one holder, and naming another replaces the first.
_SHARED = frozenset({"responder", "supporter", "head_of_safeguarding", "heads_of_service", "designated_lead"})


def recorded(parties: Parties, event: e.PersonRecorded) -> Parties:
    address = event.person.address
    kept = tuple(
        p for p in parties
        if p.role != event.role or p.side != event.side
        or (p.person.address and p.person.address != address and event.role in _SHARED)
    )  # fmt: skip
    return (*kept, Party(event.role, event.side, event.person))


def removed(parties: Parties, event: e.PersonRemoved) -> Parties:
    return tuple(p for p in parties if (p.role, p.person) != (event.role, event.person))


def handed_over(parties: Parties, event: e.PersonHandedOver) -> Parties:
    return tuple(
        Party(p.role, p.side, event.taking) if p.role == event.role and p.person.address == event.leaving.address else p
        for p in parties
    )
