"""Further agencies of an open dispute: one more that it is with ("agency/agencies as appropriate"), brought in by the
side that raised it or by the office. It has people of its own at each stage, is asked, and must agree like the first.
"""

from collections.abc import Iterable

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.people.asked_of_others import put_to
from mailbot.core.decisions.people.roles import SUPPORTER, find_people, is_for_later, keepers
from mailbot.core.decisions.who_may.authority import judge
from mailbot.core.decisions.who_may.table import AGENCY_OUT, Verdict
from mailbot.core.partnership.partnership import Request
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events_of_mail import QuestionAsked, RequestRefused
from mailbot.core.record.intents import Person, Sure
from mailbot.core.record.parties import Party

_TOPIC = "further agency"
_LISTED = "agencies_named"  # the field of an intent that holds the directory's names of the agencies that it lists
_UNLISTED = "agencies_unknown"  # and the one for the words of those that no directory has
_SEPARATOR = "; "


def changes(case: Case, request: Request) -> bool:
    """Does a line about the agencies say anything else of which they are than the record does?"""
    new, left_out, unknown = _compared(case, request)
    return bool(new or left_out or unknown)


def brought_in(case: Case, request: Request) -> list[e.Event]:
    """The events of a line that lists the agencies of the dispute: each further one is in it. A line that names one and
    leaves out another may mean that it is with that one instead; its writer is asked, and nothing is changed."""
    new, left_out, unknown = _compared(case, request)
    if unknown:
        return [_asked(request, _not_listed(unknown, case.dispute))]
    if left_out and (new or len(left_out) == len(case.dispute.receiving_agencies)):
        return [_asked(request, _beside_or_instead(new, left_out, case))]
    return leave(case, request, left_out) if left_out else bring_in(case, request, new)


def leave(case: Case, request: Request, agencies: Iterable[str]) -> list[e.Event]:
    """The events by which each of these further agencies is in it no longer, where others are. By whoever may say with
    whom it is; anybody else's word is put to the side that raised it, and nothing waits for their silence."""
    out = [name for name in agencies if name in case.dispute.receiving_agencies]
    mine = request.by.agency
    if not out:
        return [_asked(request, _not_in_it(request, case))]
    if len(out) == len(case.dispute.receiving_agencies):
        return _alone(case, request, out)
    judged = judge(request, case, AGENCY_OUT)
    if not judged.is_allowed or request.intent.sure is Sure.PROBABLE:
        refused = RequestRefused(at=request.at, by=request.by, act=AGENCY_OUT, why=judged.why)
        if judged.verdict is Verdict.NO:
            return [refused]
        question = _whether_out(case, request, out)
        if judged.is_allowed:
            return [_asked(request, question)]
        return [refused, *put_to(keepers(case, Side.RAISING), question, request, f"{_TOPIC} out: {mine}")]
    events: list[e.Event] = []
    for agency in out:
        people = _written_to([p for p in case.dispute.parties if case.dispute.agency_of(p) == agency], case)
        events.append(e.AgencyLeft(at=request.at, agency=agency, people=people, by=request.by.address))
        case = case.after(events[-1])
    return events


def _written_to(theirs: Iterable[Party], case: Case) -> tuple[Person, ...]:
    """Those of a further agency, on the side that is asked, who have had a letter of it: whoever is named for a later
    stage alone has had none."""
    asked = (p for p in theirs if p.side is Side.RECEIVING and p.person.address)
    return tuple(dict.fromkeys(p.person for p in asked if not is_for_later(p, case.dispute, case.protocol)))


def _whether_out(case: Case, request: Request, out: list[str]) -> str:
    stays = [name for name in _of(case) if name not in out]
    names, said = " and ".join(out), " ".join(request.intent.words.split())
    return (
        f"{request.by.shown} writes that {names} should be in this no longer: “{said}” "
        f"Nothing was changed, and {names} must still agree. If this is not with {names} any more, reply CORRECT "
        f"Agencies: {' / '.join(stays)}; otherwise there is nothing to do."
    )


def _alone(case: Case, request: Request, out: list[str]) -> list[e.Event]:
    """No further agency is left that it would be with: then it is the raising side's to withdraw, or to put right."""
    names = " and ".join(out)
    question = (
        f"{request.by.shown} writes that {names} should be in this no longer. It is with nobody else, so nothing was "
        "changed. If it is with another agency, reply CORRECT Receiving agency: and its name; if it is over, RESOLVED "
        "or WITHDRAW and why; otherwise there is nothing to do."
    )
    why = f"{names} is the only one that this is with; whoever raised it says whether it goes on"
    if judge(request, case, AGENCY_OUT).is_allowed:
        return [_asked(request, question)]
    refused = RequestRefused(at=request.at, by=request.by, act=AGENCY_OUT, why=why)
    return [refused, *put_to(keepers(case, Side.RAISING), question, request, f"{_TOPIC} out: {request.by.agency}")]


def _not_in_it(request: Request, case: Case) -> str:
    raised = case.dispute.raising
    return (
        f"Which agency should be in this no longer? It is between {case.dispute.between}, and {raised} raised it. To "
        "end it, reply WITHDRAW and why; to give it to a colleague, HANDOVER TO and their name and email."
    )


def asked_which(words: str, request: Request, dispute: Dispute) -> list[e.Event]:
    """The question about further agencies that an opening lists and no directory has: whoever opened it is asked."""
    unknown = list(filter(None, words.split(_SEPARATOR)))
    if not unknown:
        return []
    question = _not_listed(unknown, dispute)
    return [QuestionAsked(at=request.at, of=request.by, question=question, topic="another agency: not listed")]


def bring_in(case: Case, request: Request, agencies: Iterable[str], placed: Person | None = None) -> list[e.Event]:
    """The events by which each of these agencies is one that the dispute is with. Whoever of it was there as a
    supporter is its practitioner from now on, unless they are ``placed`` otherwise; whom the directory has for this
    stage is in it."""
    events: list[e.Event] = []
    for agency in agencies:
        made: list[e.Event] = [e.AgencyJoined(at=request.at, agency=agency, by=request.by.address)]
        made += _no_supporters_any_more(agency, case, request, placed)
        for event in made:
            case = case.after(event)
        found = [one for one in find_people(case, case.stage, request.at) if one.person.agency == agency]
        for event in found:
            case = case.after(event)
        events += [*made, *found]
    return events


def come_with(person: Person, case: Case, request: Request) -> list[e.Event]:
    """The events by which the further agency of somebody who is brought in for it is in it."""
    return bring_in(case, request, [agency_beside(person, case)], person)


def _no_supporters_any_more(agency: str, case: Case, request: Request, placed: Person | None) -> list[e.Event]:
    by = request.by.address
    there = [p for p in case.dispute.filling(SUPPORTER) if p.person.agency == agency]
    gone = [e.PersonRemoved(at=request.at, role=SUPPORTER, person=p.person, by=by) for p in there]
    here = [
        e.PersonRecorded(at=request.at, role="responder", side=Side.RECEIVING, person=p.person, by=by)
        for p in there
        if placed is None or p.person.address != placed.address
    ]
    return [*gone, *here]


def instead_of_another(case: Case, request: Request, agency: str, gone: tuple[str, ...]) -> list[e.Event]:
    """What follows where it is with ``agency`` and not with ``gone``, a further agency in the place of the first: that
    one is in it no longer, its people are told, and nothing of what they said counts for the other; whom the directory
    has for this stage at the right one is in it. () where nobody knows either agency: those who are there may be its
    people."""
    dispute, listed = case.dispute, {one.name for one in case.directory.agencies}
    if agency not in listed or not gone or gone[0] == agency or gone[0] not in listed:
        return []
    people = _written_to([p for p in dispute.parties if p.person.agency == gone[0]], case)
    left = e.AgencyLeft(at=request.at, agency=gone[0], people=people, by=request.by.address)
    case = case.after(left)
    return [left, *(one for one in find_people(case, case.stage, request.at) if one.person.agency == agency)]


def agency_beside(person: Person, case: Case) -> str:
    """The further agency that somebody is certainly of; "" where the directory leaves it open, or it is in it."""
    names = {person.agency} if person.agency else {a.name for a in case.directory.agencies_at(person.address)}
    agency = next(iter(names)) if len(names) == 1 else ""
    known = agency in {one.name for one in case.directory.agencies}
    return agency if known and agency not in _of(case) else ""


def how_to_bring_in(case: Case, agency: str) -> str:
    """What a letter says of how a further agency is brought in: the line to send, as it is to be written."""
    listed = " / ".join((*_of(case), agency))
    return (
        f"If the disagreement is with {agency} too, so that its people are asked at each stage and must agree, reply "
        f"CORRECT Agencies: {listed}."
    )


def asked_of_supporter(case: Case, request: Request, person: Person) -> list[e.Event]:
    """The question to whoever brings in somebody of a further agency, and does not say as what: is it with that agency
    too? Until they answer, whom they brought in supports their side."""
    agency = agency_beside(person, case)
    said = request.intent.fields.get("role", "")
    if not agency or said or not case.dispute.is_open:
        return []
    question = (
        f"{person.shown} of {agency} is recorded as a supporter: they may speak, and {agency} is not asked to agree. "
        f"{how_to_bring_in(case, agency)} If they only support you, there is nothing to do."
    )
    return [_asked(request, question)]


def _of(case: Case) -> tuple[str, ...]:
    return tuple(name for name in (case.dispute.raising, *case.dispute.receiving_agencies) if name)


def _compared(case: Case, request: Request) -> tuple[list[str], list[str], list[str]]:
    """Of the agencies that a line lists: the further ones, those of the dispute that it leaves out, and the words of
    those that no directory has."""
    fields, dispute = request.intent.fields, case.dispute
    listed = list(filter(None, fields.get(_LISTED, "").split(_SEPARATOR)))
    raising = {dispute.raising, *(p.person.agency for p in dispute.filling("raiser"))}
    new = [name for name in listed if name not in (*raising, *dispute.receiving_agencies)]
    left_out = [name for name in dispute.receiving_agencies if name not in listed]
    unknown = list(filter(None, fields.get(_UNLISTED, "").split(_SEPARATOR)))
    return new, left_out, unknown


def _asked(request: Request, question: str) -> QuestionAsked:
    return QuestionAsked(at=request.at, of=request.by, question=question, topic=_TOPIC)


def _not_listed(unknown: list[str], dispute: Dispute) -> str:
    words = ", ".join(f"“{one}”" for one in unknown)
    return (
        f"Which agency is {words}? This partnership's directory has none of that name, so nothing was sent there, and "
        f"this is with {dispute.agency(Side.RECEIVING) or 'nobody yet'}. Please reply CORRECT Agencies: and "
        "the names as your partnership writes them, or ask the Business Manager to add it to the directory."
    )


def _beside_or_instead(new: list[str], left_out: list[str], case: Case) -> str:
    stays = " and ".join(left_out)
    if not new:
        return (
            f"Your line leaves out {stays}, and names no other agency that this is with, so nothing was changed. If it "
            "is over, reply RESOLVED or WITHDRAW and why; if it is with another agency, CORRECT Receiving agency: and "
            "its name."
        )
    *most, last = new
    come = f"{', '.join(most)} and {last}" if most else last
    listed = " / ".join((*_of(case), *new))
    instead = f" If it is with {last} instead, reply CORRECT Receiving agency: {last}." if len(left_out) == 1 else ""
    return (
        f"Is this with {come} as well as {stays}? Your line leaves {stays} out, so nothing was changed. If it is with "
        f"all of them, reply CORRECT Agencies: {listed}.{instead}"
    )
