"""Announcements of a resolution: who is asked to confirm it, who may say no to it, and who hears that it was put back.
Everybody else hears what comes of it: the closing letter, or the one that it moved on; whoever raised it, on the next
working morning, that one still waits."""

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.due import CONFIRMATION, hears_that_it_stands
from mailbot.core.decisions.people.who_is_there import in_place, speaks_for
from mailbot.core.decisions.who_may.authority import instead_of
from mailbot.core.notices.clause_notices import of_voice
from mailbot.core.notices.notice import NoticesOf, current, next_people, office, to
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.intents import Person
from mailbot.core.record.parties import Voice


def proposed_to(event: e.ResolutionProposed, case: Case) -> NoticesOf:
    """Announces a resolution that somebody reports, to those who are asked to confirm it. Everybody else hears what
    comes of it."""
    told = to("proposed", asked_to_confirm(case), event, acts=True)
    drawn_in = current(case, event.side) if case.dispute.settled_before else []  # they need not speak any more
    return told + to("proposed_told", [*receipt(event), *(p for p in drawn_in if p != event.by)], event)


def still_waiting_to(event: e.Reminded, case: Case) -> NoticesOf:
    """Announces that a resolution still waits: on the next working morning to whoever raised it, who may always say no
    (G12); once its time has passed, again to those who are asked to confirm it."""
    asked = asked_to_confirm(case)
    if event.clock == CONFIRMATION:
        return to("proposed", asked, event, acts=True)
    return to("proposed_told", [p for p in hears_that_it_stands(case) if p not in asked], event)


def receipt(
    event: e.ResolutionProposed | e.ResolutionObjected | e.ActionReported | e.OutcomeReported,
) -> list[Person]:
    """Announces a resolution to its own writer, where what they say was read from a phrase: they see what was
    understood, and can take it back. Whoever pressed a button or typed its word has been told what it does, and did
    it."""
    return [event.by] if event.understood else []


def asked_to_confirm(case: Case) -> list[Person]:
    """Whom a resolution is announced to, of each agency that has still to say so: whoever has it now, else its
    practitioners. Where it was reached at an earlier stage and told late, those who were to reach it there are asked
    first: they know what was agreed."""
    stages, people = case.protocol.stages, []
    when = [stages[name] for name in (case.dispute.settled_before, case.dispute.stage) if name]
    for voice in case.dispute.unconfirmed():
        roles = tuple(r for one in when for r in (one.raising if voice.side is Side.RAISING else one.receiving))
        here = [p for p in of_voice(roles, voice, case) if case.partnership.may_write_to(p.address)]
        people += here or _instead_of(voice, case) or in_place(voice, case)
    return people


def _instead_of(voice: Voice, case: Case) -> list[Person]:
    """A resolution announced to others where nobody whom the stage is with can be written to: those with whom it was
    last, who may answer it; or the next above and the office."""
    last = [p.person for p in instead_of(voice, case)] or of_voice(("raiser", "responder"), voice, case)
    first = [p for p in last if case.partnership.may_write_to(p.address)]
    above = [p for p in next_people(case) if speaks_for(p, voice, case.dispute)]
    known = [
        p
        for p in case.dispute.parties
        if p.role not in ("raiser", "responder") and speaks_for(p.person, voice, case.dispute)
    ]
    gone = any(not case.partnership.may_write_to(p.person.address) for p in known if p.person.address)
    return [*above, *first, *office(case.partnership)] if gone else first


def confirmed_to(event: e.ResolutionConfirmed, case: Case) -> NoticesOf:
    """Announces of a resolution that one of several agencies agrees: it and the one that reported it know whose word is
    still awaited; of that one, whoever has it now where its reporter is in it no longer. The last confirmation closes
    it, which its own letter says."""
    dispute, proposal = case.dispute, case.dispute.proposal
    if not dispute.is_open or proposal is None:
        return []
    voice = dispute.voice(proposal.side, proposal.by.agency)
    is_there = dispute.party(proposal.by.address) is not None
    reported = [proposal.by] if is_there else [p for p in current(case, voice.side) if speaks_for(p, voice, dispute)]
    return to("proposed_told", [event.by, *reported], event)


def put_back_to(event: e.ResolutionObjected, case: Case) -> NoticesOf:
    """Announces that a resolution was put back to the people the stage is with, who must talk again, and to whoever had
    reported it."""
    others = [p for p in current(case) if p.address != event.by.address]
    told = to("objected", others, event, acts=True)
    told += to("objected", receipt(event), event, acts=True)
    return told + to("objected", or_whoever_asked(e.ResolutionProposed, others, case), event)


def or_whoever_asked(kind: type[e.ResolutionProposed | e.DateProposed], told: list[Person], case: Case) -> list[Person]:
    """To whom an answer is announced besides: whoever asked for it; where they are not in it any more, and nobody of
    theirs is ``told``, the office. No answer goes to nobody because its asker was taken out."""
    dispute = case.dispute
    asked = next((past for past in reversed(dispute.history) if isinstance(past, kind)), None)
    if asked is None:
        return []
    if dispute.party(asked.by.address) is not None:
        return [asked.by]
    voice = dispute.voice(asked.side, asked.by.agency)
    return [] if any(speaks_for(p, voice, dispute) for p in told) else office(case.partnership)
