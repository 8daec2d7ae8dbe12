"""Announcements of an absence: who is asked who has it now, who hears of it, and who is called in."""

from mailbot.core.clocks.absences import absence_of, acts_later, acts_now, is_past_limit
from mailbot.core.clocks.case import Case
from mailbot.core.notices.notice import NoticesOf, current, next_people, office, to
from mailbot.core.partnership.partnership import side_of
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import AbsenceNoticed, PersonRecorded
from mailbot.core.record.intents import Person


def absence_told(event: AbsenceNoticed, case: Case) -> NoticesOf:
    """Announces an absence past a limit, which is noticed and never obeyed (D3): their own side is asked who has it
    now, those whom the stage is with before whoever comes next; where nobody is left there, the office is. Whoever of
    the other side waits for them is told of it, and the office. Before the turn of whoever is away only their own side
    is asked, and nobody is who has it now of somebody whose turn is over; that somebody has left, their side must know
    of anybody."""
    dispute, partnership = case.dispute, case.partnership
    if not dispute.is_open or not is_past_limit(event, dispute, case.protocol, case.calendar):
        return []  # nothing runs, or it is not their turn yet
    address = event.person.address
    if address in {one.address for one in partnership.alarmed()}:  # the office itself
        return to("absence", (one for one in partnership.alarmed() if one.address != address), event)
    now, later = (acts(address, dispute, case.protocol) for acts in (acts_now, acts_later))
    if not now and not later and not event.left:
        return []
    side = side_of(dispute, event.person)
    here = [p for p in current(case) if side_of(dispute, p) is side and p.address != address]
    above = [p for p in next_people(case) if side_of(dispute, p) is side and p.address != address]
    asked = here or above
    told = to("absence", asked, event, acts=True) + to("absence", office(partnership), event, acts=not asked)
    waiting = [p for p in current(case) if side_of(dispute, p) is not side] if now else []
    return told + to("absence", waiting, event)


def is_called_in(event: PersonRecorded, dispute: Dispute) -> bool:
    """Does the absence of whomever they stand in for bring a deputy in, and no word of their own?"""
    away = (past for past in dispute.lately if isinstance(past, AbsenceNoticed) and past.at == event.at)
    return any(past.person.address == event.stands_in_for for past in away)


def is_away_past_limit(person: Person, case: Case) -> bool:
    """Is somebody whose turn is announced away past its limit?"""
    absent = absence_of(person.address, case.dispute, case.calendar.local(case.now).date())
    return absent is not None and is_past_limit(absent, case.dispute, case.protocol, case.calendar)
