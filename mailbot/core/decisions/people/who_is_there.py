"""Who is there: the people whom the present stage is with, as far as anybody can ask them; who is asked where they are
not known, or have left; and who stands in, by the directory, for somebody who is away.

Somebody of each side is always asked, by name: nobody waits for a person who does not exist.
"""

from collections.abc import Iterable
from datetime import datetime

from mailbot.core.clocks.absences import absence_of, acts_now, left_for_good
from mailbot.core.clocks.case import Case
from mailbot.core.decisions.people.roles import holders_of, in_roles
from mailbot.core.partnership.partnership import Request, side_of
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.protocol import Stage
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import PersonRecorded
from mailbot.core.record.events_of_mail import AbsenceNoticed
from mailbot.core.record.intents import Person
from mailbot.core.record.parties import Voice


def whom_it_is_with(case: Case, *sides: Side) -> list[Person]:
    """Who is there of the people whom the present stage is with, on these sides (both, when none is named); for a side
    or an agency of which nobody is, those who are asked in their place."""
    stage = case.stage
    there = in_roles((*stage.raising, *stage.receiving), case, *sides)
    instead = [p for voice in case.dispute.voices() if not sides or voice.side in sides for p in in_place(voice, case)]
    return list(dict.fromkeys((*there, *instead)))


def in_place(voice: Voice, case: Case, *, or_away: bool = False) -> list[Person]:
    """Who is there to be asked for a side, or one of its agencies, where nobody is known for the present stage or all
    have left (``or_away``: or are away now): those with whom it was last, who know whose turn it is now; else the next
    above them. Nobody where somebody is, where the stage asks nothing of that side, or where its agency has nobody
    recorded here at all."""
    stage, order = case.stage, case.protocol.order()
    place = order.index(stage.id)
    before, here, above = (_roles_at(names, voice, case) for names in (order[:place], [stage.id], order[place + 1 :]))
    away = away_now(case) if or_away else []
    if not here or stage.decided_by or any(person not in away for person in _of(here[0], voice, case)):
        return []
    first = "raiser" if voice.side is Side.RAISING else "responder"
    below = (*reversed(before), (first,))
    above = above if _has_anybody_left(voice, case) else []  # who is only named for later is told nothing before it
    return next((found for names in (*below, *above) if (found := _of(names, voice, case))), [])


def _roles_at(stages: Iterable[str], voice: Voice, case: Case) -> list[tuple[str, ...]]:
    """The roles of one side at these stages, as far as they have any."""
    found = (case.protocol.stages[name] for name in stages)
    sides = (one.raising if voice.side is Side.RAISING else one.receiving for one in found)
    return [names for names in sides if names]


def _has_anybody_left(voice: Voice, case: Case) -> bool:
    dispute, gone = case.dispute, left_for_good(case.dispute)
    theirs = (p.person for p in dispute.parties if dispute.voice(p.side, dispute.agency_of(p)) == voice)
    return any(
        one.address in gone or not case.partnership.may_write_to(case.partnership.in_place_of(one).address)
        for one in theirs
        if one.address
    )


def _of(names: tuple[str, ...], voice: Voice, case: Case) -> list[Person]:
    """Of one voice, who is recorded in these roles, or stands in for somebody who is, and can be written to."""
    standing = {case.partnership.in_place_of(party.person).address for party in case.dispute.parties}
    people = (p for p in in_roles(names, case, voice.side) if p.address in standing)
    return [p for p in people if speaks_for(p, voice, case.dispute) and case.partnership.may_write_to(p.address)]


def asked_what_follows(case: Case) -> list[Person]:
    """Who is there to be asked what follows, once time has passed: whom the stage is with on the side that raised it;
    and those in their place, where all of these are away."""
    instead = in_place(Voice(Side.RAISING), case, or_away=True)
    return list(dict.fromkeys((*whom_it_is_with(case, Side.RAISING), *instead)))


def speaks_for(person: Person, voice: Voice, dispute: Dispute) -> bool:
    """Is this somebody of that side, or of that agency where its side has several?"""
    party = dispute.party(person.address)
    if party is None:
        return voice.side is side_of(dispute, person) and voice.agency in ("", person.agency)
    return party.side is voice.side and voice.agency in ("", dispute.agency_of(party))


def deputies(case: Case, at: datetime, stage: Stage | None = None) -> list[PersonRecorded]:
    """The events that bring in whoever stands in, by the directory, for somebody who is away now, and whom the present
    stage is with, or ``stage``, which begins. They act beside them, in the same role; nothing is handed over."""
    here = stage or case.stage
    day = case.calendar.local(at).date()
    known = {(party.role, party.person.address) for party in case.dispute.parties}
    events: list[PersonRecorded] = []
    for party in case.dispute.parties:
        address = party.person.address
        if party.role not in (*here.raising, *here.receiving) or absence_of(address, case.dispute, day) is None:
            continue
        deputy = case.directory.deputy_of(address)
        if deputy is None or not case.directory.stands_in(deputy.address, address):
            continue
        if absence_of(deputy.address, case.dispute, day) or (party.role, deputy.address) in known:
            continue
        events.append(
            PersonRecorded(
                at=at,
                role=party.role,
                side=party.side,
                person=deputy,
                by="the directory",
                beside=True,
                stands_in_for=address,
            )
        )
    return events


def away_now(case: Case, *sides: Side) -> list[Person]:
    """Of the people whom the present stage is with, those who are not there, though nobody has said that they left."""
    day = case.calendar.local(case.now).date()
    dispute, protocol = case.dispute, case.protocol
    theirs = (p for p in dispute.parties if not sides or p.side in sides)
    found = (p for p in theirs if p.person.address and acts_now(p.person.address, dispute, protocol))
    absent = ((party.person, absence_of(party.person.address, dispute, day)) for party in found)
    return list(dict.fromkeys(person for person, away in absent if away is not None and not away.left))


def whose_place(case: Case, request: Request) -> Person:
    """Of the people of a dispute, whose place is handed over: the writer's own; in answer to the letter that asked a
    colleague who has it now, that of whoever is away, who is still in it."""
    about = request.answers.about if request.answers is not None else None
    told = case.dispute.history[about] if about is not None else None
    if not isinstance(told, AbsenceNoticed) or case.dispute.party(told.person.address) is None:
        return request.by
    same = side_of(case.dispute, told.person) is side_of(case.dispute, request.by)
    return told.person if same else request.by


def is_away(named: tuple[str, Person, Side], case: Case, request: Request) -> bool:
    """Of one side's people: is whoever has a place away now, so that somebody named for it has it beside them until
    they are back?"""
    role, person, side = named
    day = case.calendar.local(request.at).date()
    held = (p.person.address for p in holders_of(case.dispute, role, side, person.agency))
    return any((absent := absence_of(one, case.dispute, day)) is not None and not absent.left for one in held)
