"""Announcements of a resolution: who is asked to confirm it, who may say no to it, and who hears that it was put back.
Everybody else hears what comes of it: the closing letter, or the one that it moved on."""

from mailbot.core.decisions.roles import in_roles
from mailbot.core.notices.clause_notices import of_voice, speaks_for
from mailbot.core.notices.notice import NoticesOf, current, next_people, office, to
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, Voice
from mailbot.core.record.intents import Person


def proposed_to(event: e.ResolutionProposed, dispute: Dispute, partnership: Partnership) -> NoticesOf:
    """Announces a resolution that somebody reports: to those who are asked to confirm it, and to whoever raised it, who
    may always say no (G12). Everybody else hears what comes of it."""
    told = to("proposed", asked_to_confirm(dispute, partnership), event, acts=True)
    raisers = [p for p in in_roles(("raiser",), dispute, partnership) if p.address != event.by.address]
    return told + to("proposed_told", [*receipt(event), *raisers], event)


def receipt(
    event: e.ResolutionProposed | e.ResolutionObjected | e.ActionReported | e.OutcomeReported,
) -> list[Person]:
    """Announces a resolution to its own writer, where what they say was read from a phrase: they see what was
    understood, and can take it back. Whoever pressed a button or typed its word has been told what it does, and did
    it."""
    return [event.by] if event.understood else []


def asked_to_confirm(dispute: Dispute, partnership: Partnership) -> list[Person]:
    """Whom a resolution is announced to, of each agency that has still to say so: whoever has it now, else its
    practitioners."""
    stage, people = partnership.stage_of(dispute), []
    for voice in dispute.unconfirmed():
        roles = stage.raising if voice.side is Side.RAISING else stage.receiving
        here = [p for p in of_voice(roles, voice, dispute, partnership) if partnership.may_write_to(p.address)]
        people += here or _instead_of(voice, dispute, partnership)
    return people


def _instead_of(voice: Voice, dispute: Dispute, partnership: Partnership) -> list[Person]:
    """A resolution announced to others where nobody whom the stage is with can be written to: the practitioner, or
    the next above and the office."""
    first = of_voice(("raiser", "responder"), voice, dispute, partnership)
    above = [p for p in next_people(dispute, partnership) if speaks_for(p, voice, dispute)]
    known = [
        p for p in dispute.parties if p.role not in ("raiser", "responder") and speaks_for(p.person, voice, dispute)
    ]
    gone = any(not partnership.may_write_to(p.person.address) for p in known if p.person.address)
    return [*above, *first, *office(partnership)] if gone else first


def confirmed_to(event: e.ResolutionConfirmed, dispute: Dispute, partnership: Partnership) -> NoticesOf:
    """Announces of a resolution that one of several agencies agrees: it and the one that reported it know whose word is
    still awaited. The last confirmation closes it, which its own letter says."""
    if not dispute.is_open or dispute.proposal is None:
        return []
    return to("proposed_told", [event.by, dispute.proposal.by], event)


def put_back_to(event: e.ResolutionObjected, dispute: Dispute, partnership: Partnership) -> NoticesOf:
    """Announces that a resolution was put back to the people the stage is with, who must talk again."""
    others = [p for p in current(dispute, partnership) if p.address != event.by.address]
    told = to("objected", others, event, acts=True)
    return told + to("objected", receipt(event), event, acts=True)
