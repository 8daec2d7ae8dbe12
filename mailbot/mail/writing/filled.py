"""Boxes of a form that the record itself can fill: who refers and how to reach them, when it was passed on, and how
each stage ended. A value that somebody wrote for the box comes first."""

from mailbot.core.clocks.calendar import Calendar
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.intents import Person
from mailbot.core.procedure.protocol import Protocol
from mailbot.mail.writing.speaking import Speaker
from mailbot.mail.writing.wording import plain


def filled(key: str, dispute: Dispute, protocol: Protocol, say: Speaker, calendar: Calendar) -> str:
    """What the record has for the box ``key``, in words; "" when it has nothing."""
    bare, _, part = key.partition(":")
    if bare in ("referrer", "referrer_contact"):
        raiser = next((p.person for p in dispute.filling("raiser")), Person())
        shown = (raiser.name, raiser.designation, raiser.agency) if bare == "referrer" else (raiser.address,)
        return ", ".join(plain(word, 120) for word in shown if word)
    if bare == "sent_to":
        through = (v.entered for v in dispute.visits if protocol.stages[v.stage].sent_through == part)
        entered = next(through, None)
        return say.day(entered.astimezone(say.zone).date()) if entered else ""
    if (agreed := _agreed_at(key, part, dispute, protocol, say)) != "":
        return agreed
    if bare == "outcome" and any(v.stage == part and v.left for v in dispute.visits):
        remains = dispute.fields.get(f"unresolved:{part}", "")
        return f"Not resolved. {say.words(remains)}".strip() if dispute.stage != part or dispute.is_open else ""
    if bare == "stage_started":
        begun = next((v.entered for v in dispute.visits if v.stage == part), None)
        return say.day(calendar.local(begun).date()) if begun else ""
    if bare == "people":
        return "; ".join(_involved(party.person, party.role, protocol) for party in dispute.parties)
    return _at_the_end(bare, dispute, protocol, calendar) if dispute.closed else ""


def _agreed_at(key: str, stage: str, dispute: Dispute, protocol: Protocol, say: Speaker) -> str:
    """What was agreed at ``stage``, for a box with fill = "agreed" that nobody has filled in."""
    wanted = any(f.key == key and f.fill == "agreed" for form in protocol.forms.values() for f in form.fields)
    proposal = dispute.proposal
    return say.words(proposal.agreed) if wanted and proposal is not None and proposal.stage == stage else ""


def _involved(person: Person, role: str, protocol: Protocol) -> str:
    """ "Desmond Oakes, Head Teacher, Larkfield Primary School, Stage 2": name, designation, agency and stage."""
    stages = (s.id for s in protocol.stages.values() if role in (*s.raising, *s.receiving))
    stage = next((protocol.stage_name(s) for s in stages), "")
    return ", ".join(plain(w, 120) for w in (person.shown, person.designation, person.agency, stage) if w)


def _at_the_end(key: str, dispute: Dispute, protocol: Protocol, calendar: Calendar) -> str:
    """The stage and the days as they were, also where the printed form offers no such choice (NS-36)."""
    if dispute.closed is None:
        return ""
    days = calendar.working_days_between(calendar.local(dispute.raised).date(), calendar.local(dispute.closed).date())
    marks = [str(given.helpful) for given in dispute.feedback if given.helpful is not None]
    return {
        "final_stage": protocol.stage_name(dispute.stage),
        "days_taken": f"{days} working day{'' if days == 1 else 's'}",
        "feedback": ", ".join(f"{mark} of 5" for mark in marks),
    }.get(key, "")
