"""Announcements of people: who hears that somebody is in it, out of it, away or corrected, and with which agencies it
is."""

from collections.abc import Mapping

from mailbot.core.clocks.absences import absence_of, acts_later, acts_now, is_past_limit
from mailbot.core.clocks.case import Case
from mailbot.core.decisions.consequences import ANSWER
from mailbot.core.decisions.people.roles import everyone, in_roles
from mailbot.core.decisions.people.who_is_there import speaks_for
from mailbot.core.decisions.who_may.authority import deciders
from mailbot.core.notices.clause_notices import of_voice
from mailbot.core.notices.notice import Announcement, Notice, NoticesOf, current, next_people, office, to
from mailbot.core.partnership.partnership import side_of
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.outcomes import FOLLOW_UP_KEY
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import PersonRecorded
from mailbot.core.record.events_of_mail import AbsenceNoticed, FormReturned, QuestionAsked
from mailbot.core.record.intents import Person


def _put_right(event: e.PersonRemoved | e.FieldRecorded, case: Case) -> NoticesOf:
    """Announces a correction to whoever makes it: they correct the record, take somebody out of it, or tell the child's
    status, and see that it was done. What is said after the end of how anything outstanding is followed up goes to both
    sides: no later letter would have it."""
    if isinstance(event, e.FieldRecorded) and event.key == FOLLOW_UP_KEY and not case.dispute.is_open:
        practitioners = in_roles(("raiser", "responder"), case)
        return to("noted", [*current(case), *practitioners], event)
    quiet = isinstance(event, e.FieldRecorded) and not event.correction and event.key != "child_status"
    at_once = (p for p in case.dispute.history if isinstance(p, FormReturned) and p.at == event.at)
    by_form = getattr(event, "key", "") in {
        change.key for p in at_once for change in p.changes
    }  # its own letter says it
    party = case.dispute.party(event.by)
    person = party.person if party else case.directory.person(event.by)
    return [] if quiet or by_form or not event.by else to("noted", [person], event)


def _named(event: e.PersonRecorded, case: Case) -> NoticesOf:
    """Announces to somebody named while their stage runs that it is theirs from now on; they cannot
    know unless they are told. Of somebody who only supports, they and whoever brought them in are told; of somebody
    from a third agency, the office too."""
    dispute = case.dispute
    stage = case.stage
    if event.stands_in_for and is_called_in(event, dispute):
        return to("stage_entered", [event.person], event, acts=True)
    if event.stands_in_for:  # they have the letter already; whom they stand in for hears that they answered it
        return to("noted", [p.person for p in dispute.parties if p.person.address == event.stands_in_for][:1], event)
    if event.role == "supporter" and event.by and event.person.address and _is_new(event, dispute):
        by = [p.person for p in dispute.parties if p.person.address == event.by][-1:]
        third = bool(by) and event.person.agency not in (dispute.raising, *dispute.receiving_agencies)
        seen = [*by, *(office(case.partnership) if third else [])]
        return to("stage_told", [event.person] if dispute.is_open else [], event) + to("noted", seen, event)
    if not dispute.is_open or event.at <= dispute.visit.entered or not event.person.address:
        return []
    if event.side is Side.OTHER:  # told by the file's own notice; whoever was asked who it is hears that it is known
        topic = f"{ANSWER}no {event.role}"
        asked = (past.of for past in dispute.history if isinstance(past, QuestionAsked) and past.topic == topic)
        return to("noted", [person for person in dict.fromkeys(asked) if person.address != event.by], event)
    if event.role in (*stage.raising, *stage.receiving, *deciders(dispute, case.protocol)):
        # whoever had it in their own name, and says whose it is, sees that it is theirs now
        by = [p.person for p in dispute.parties if event.role == "raiser" and p.person.address == event.by]
        form = stage.record if event.role in deciders(dispute, case.protocol) else ""
        theirs = Notice("stage_entered", event.person, event, acts=True, form=form)
        return [theirs, *to("noted", by[-1:], event)]
    return to("stage_told", [event.person] if event.role in stage.also_consult else [], event)


def _is_new(event: e.PersonRecorded, dispute: Dispute) -> bool:
    before = (p for p in dispute.history if isinstance(p, e.PersonRecorded) and p is not event)
    return all(p.person.address != event.person.address for p in before)


def _joined(event: e.AgencyJoined, case: Case) -> NoticesOf:
    """Announces that another agency is in it from now on: whoever had it recorded sees so, and everybody the stage is
    with."""
    party = case.dispute.party(event.by)
    by = party.person if party else case.directory.person(event.by)
    voice = case.dispute.voice(Side.RECEIVING, event.agency)
    theirs = [p for p in everyone(case) if voice.agency and speaks_for(p, voice, case.dispute)]
    acting = [p for p in of_voice(case.stage.receiving, voice, case) if case.partnership.may_write_to(p.address)]
    told = to("noted", [by] if event.by else [], event) + to("noted", current(case), event)
    told += to("stage_told", [p for p in theirs if p not in acting], event)
    return NoticesOf(n for n in told if n.to not in acting)  # of one with nobody known, the office hears by ``due``


def _left(event: e.AgencyLeft, case: Case) -> NoticesOf:
    """Announces that an agency is in it no longer: to its people, who get nothing more; to whoever had it so, and to
    everybody whom the stage is with; and to the office."""
    party = case.dispute.party(event.by)
    by = party.person if party else case.directory.person(event.by)
    return to("noted", [*event.people, by, *current(case), *office(case.partnership)], event)


def _handed_over(event: e.PersonHandedOver, case: Case) -> NoticesOf:
    stages = case.protocol.stages.values()
    beside = {r for s in stages if event.role in (*s.raising, *s.receiving) for r in (*s.raising, *s.receiving)}
    counterparts = in_roles(tuple(sorted(beside)), case)
    told = to("handed_over", [event.taking], event, acts=True)
    by = [p.person for p in case.dispute.parties if event.by and p.person.address == event.by][-1:]
    return told + to("handed_over", [event.leaving, *by, *counterparts], event)


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


OF_PEOPLE: Mapping[type[e.Event], Announcement] = {
    e.PersonRecorded: _named,
    e.PersonRemoved: _put_right,
    e.FieldRecorded: _put_right,
    e.PersonHandedOver: _handed_over,
    AbsenceNoticed: absence_told,
    e.AgencyJoined: _joined,
    e.AgencyLeft: _left,
}
