"""The parties who are away: whose place a colleague hands over, and who has a place beside them until they are back."""

from mailbot.core.clocks.absences import absence_of
from mailbot.core.clocks.case import Case
from mailbot.core.decisions.people.roles import holders_of
from mailbot.core.partnership.partnership import Request, side_of
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record.events import AbsenceNoticed
from mailbot.core.record.intents import Person


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
