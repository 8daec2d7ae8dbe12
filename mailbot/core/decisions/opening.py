"""The opening of a dispute: from an email that raises one to its first events."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from mailbot.core.clocks.case import Case
from mailbot.core.clocks.limits import is_day_of_decision
from mailbot.core.decisions import resolution as resolving
from mailbot.core.decisions.consequences import consequences
from mailbot.core.decisions.people import further_agencies
from mailbot.core.decisions.people.asked_of_others import ask_which_day
from mailbot.core.decisions.people.names_and_facts import details
from mailbot.core.decisions.people.roles import find_people
from mailbot.core.partnership.partnership import Partnership, Request, begins_at
from mailbot.core.procedure.closed_lists import Agreed, Side
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.events_of_mail import QuestionAsked
from mailbot.core.record.intents import Act, Intent, Person, Sure


def open_dispute(
    reference: str,
    request: Request,
    partnership: Partnership,
    understood: bool = False,
    first_written: datetime | None = None,
) -> list[e.Event]:
    """The events of opening ``reference``. Clocks count from the email's arrival, or from an earlier Stage 1 it
    states (A6.9: a dispute opened at stage 2 keeps the overall days already used). ``first_written``: the email came
    then, and was filed elsewhere until now."""
    fields, protocol = request.intent.fields, partnership.protocol
    raiser = _raiser(request, partnership)
    stage = _stage(fields.get("stage", ""), raiser, partnership)
    opened = _opened(reference, request, partnership, first_written)
    opened = replace(opened, understood=understood or opened.understood)
    responder = request.intent.people.get("responder")
    events: list[e.Event] = [opened, _recorded(request, "raiser", Side.RAISING, raiser)]
    across = [responder] if responder is not None else []
    across += [person for role, person in request.intent.others if role == "responder"]
    events += [_recorded(request, "responder", Side.RECEIVING, person) for person in across]
    first = e.StageEntered(at=request.at, stage=stage, how="opening")
    case = Case(fold([*events, first]), partnership, request.at)
    events += (helping := _opened_for(case.dispute, request, raiser))
    for helper in helping:
        case = case.after(helper)
    for more in details(case, replace(_without_raiser(request), by=raiser), opening=True):
        events.append(more)
        case = case.after(more)
    for found in (_in_their_role(case, request, raiser), find_people(case, protocol.stages[stage], request.at)):
        events += found
    events.append(e.StageEntered(at=request.at, stage=stage, how="opening", by=request.by.address))
    events += _dates(fields.get("agreed_date", ""), fields.get("child_date", ""), stage, request, partnership)
    events += _settled(replace(case, dispute=fold(events)), request)
    events += _no_start(fields, stage, request, partnership)
    events += spoken_of(fields, request, protocol)
    events += _raised_for(request, raiser, opened.raising)
    if opened.decision_on is None and fields.get("decision_on"):
        events.append(ask_which_day(request, fields["decision_on"]))
    events += further_agencies.asked_which(fields.get("agencies_unknown", ""), request, fold(events))
    return events + consequences(replace(case, dispute=fold(events[:1])), events[1:])


def _opened(
    reference: str, request: Request, partnership: Partnership, first_written: datetime | None
) -> e.DisputeOpened:
    """What opening a dispute records: whose it is, with whom, about which child, from when."""
    fields, protocol = request.intent.fields, partnership.protocol
    raiser = _raiser(request, partnership)
    responder = request.intent.people.get("responder")
    decided = fields.get("decision_on", "")
    if decided and not is_day_of_decision(decided, request.at, partnership.calendar):
        decided = ""  # and asked for
    return e.DisputeOpened(
        at=request.at,
        reference=reference,
        partnership=partnership.id,
        protocol=protocol.id,
        version=protocol.version,
        raised=_raised(fields.get("stage_1_date", ""), first_written or request.at, partnership),
        raiser=raiser,
        raising=fields.get("raising_agency", "") or raiser.agency,
        receiving=fields.get("receiving_agency", "") or (responder.agency if responder else ""),
        also_receiving=tuple(filter(None, fields.get("also_receiving", "").split("; "))),
        child=fields.get("child", ""),
        decision_on=date.fromisoformat(decided) if decided else None,
        message=request.message,
        understood=request.intent.sure is Sure.PROBABLE,
    )


def _raiser(request: Request, partnership: Partnership) -> Person:
    """Who raises what an opening raises: whom it names, where they can be written to at the agency that raises it; else
    its writer, until they say how to reach who it is. Nobody is put in it whom no letter reaches."""
    named = request.intent.people.get("raiser")
    if named is None or not named.address or not partnership.may_write_to(named.address):
        return request.by
    officer = partnership.directory.find_officer(named.address)
    at = {a.name for a in partnership.directory.agencies_at(named.address)}
    raising = request.intent.fields.get("raising_agency", "") or request.by.agency
    return named if not raising or raising in ({officer.person.agency} if officer else at) else request.by


def _without_raiser(request: Request) -> Request:
    people = {role: person for role, person in request.intent.people.items() if role != "raiser"}
    return replace(request, intent=replace(request.intent, people=people))


def _raised_for(request: Request, raiser: Person, agency: str) -> list[e.Event]:
    """The question to whoever opens it for somebody that no letter can reach at their agency: it is in their own name
    until they say how."""
    named = request.intent.people.get("raiser")
    if named is None or raiser is named or not named.shown or named.address == request.by.address:
        return []
    question = (
        f"Who raises it? {named.shown} is named, and no address of theirs at {agency or 'your agency'} is known here, "
        "so it stands in your name and its letters go to you. To put it in theirs, reply with a line “Raised by:” and "
        "their name and work email address; you stay in it beside them. If it is yours, there is nothing to do."
    )
    return [QuestionAsked(at=request.at, of=request.by, question=question, topic="answer:raised for")]


def _opened_for(dispute: Dispute, request: Request, raiser: Person) -> list[e.Event]:
    """Somebody else wrote the opening email for the practitioner ("if unsupported"): they are in it too, as whoever
    supports them."""
    by = request.by
    named = {p.address for p in request.intent.people.values()}
    if not by.address or by.address == raiser.address or by.address in named or dispute.party(by.address) is not None:
        return []
    return [e.PersonRecorded(at=request.at, role="supporter", side=Side.RAISING, person=by, by=by.address)]


def _settled(case: Case, request: Request) -> list[e.Event]:
    """The opening that is the record of Stage 1 in one email: what it says was agreed is put to the others, as RESOLVED
    would be. Where it only may say so, its writer is asked."""
    intent, fields = request.intent, request.intent.fields
    if not case.stage.receiving:
        return []
    if fields.get("agreed_outcome"):
        told = Intent(
            Act.PROPOSE_RESOLUTION,
            intent.sure,
            {"agreed_outcome": fields["agreed_outcome"]},
            {},
            intent.actions,
            words=intent.words,
        )
        return resolving.propose_resolution(case, replace(request, intent=told))
    if fields.get("agreed_before"):
        question = (
            f"Is this resolved? Your email says: “{fields['agreed_before']}”. If that was agreed, reply RESOLVED with "
            "what was agreed and by which dates. If not, there is nothing to do: it goes on as a disagreement."
        )
        return [QuestionAsked(at=request.at, of=request.by, question=question, topic="answer:agreed before")]
    return []


def _recorded(request: Request, role: str, side: Side, person: Person) -> e.PersonRecorded:
    """Whoever opens it has named them: it is theirs to take back, and nobody's who was named."""
    return e.PersonRecorded(at=request.at, role=role, side=side, person=person, by=request.by.address)


def _stage(asked: str, raiser: Person, partnership: Partnership) -> str:
    """The stage a dispute opens at: the one the email names, when a dispute may start there; else the usual one
    (GL-05: the lowest possible), or where the file has concerns of such a raiser begin."""
    stage = partnership.protocol.stages.get(asked)
    begins = begins_at(raiser, partnership.protocol, partnership.directory)
    return asked if stage is not None and stage.start_here else begins


def _in_their_role(case: Case, request: Request, raiser: Person) -> list[e.Event]:
    """Whoever opens what begins at their own stage has the role of it too, where their email names nobody for it."""
    stage = case.stage
    if not stage.begun_by or begins_at(raiser, case.protocol, case.directory) != stage.id:
        return []
    empty = [name for name in stage.begun_by if not case.dispute.filling(name)]
    return [_recorded(request, empty[0], Side.RAISING, raiser)] if empty else []


def _no_start(fields: Mapping[str, str], begun: str, request: Request, partnership: Partnership) -> list[e.Event]:
    """Opening where it cannot be: whoever opens at a stage where no dispute can be begun, or at one that there is not,
    is told where it was begun, and asked how it stands."""
    protocol, asked = partnership.protocol, fields.get("stage", "")
    if unknown := fields.get("no_such_stage", ""):
        question = (
            f"Is {protocol.stage_name(begun)} right? Your email names “{unknown}”, which this procedure does not have, "
            f"so this was recorded at {protocol.stage_name(begun)}. If earlier stages have taken place, reply ESCALATE "
            "with what remains unresolved, and it goes on; if it is right, there is nothing to do."
        )
        return [QuestionAsked(at=request.at, of=request.by, question=question, topic="answer:begun at")]
    if asked == begun or asked not in protocol.stages:
        return []
    starts = " or ".join(protocol.stage_name(s.id) for s in protocol.stages.values() if s.start_here)
    question = (
        f"Your email names {protocol.stage_name(asked)}. Under this procedure a disagreement is begun at {starts}, so "
        f"this was recorded at {protocol.stage_name(begun)}, and its time runs from today. Have the "
        f"{protocol.stage_word.lower()}s before {protocol.stage_name(asked)} taken place? If they have, reply ESCALATE "
        "with what remains unresolved, and it goes on; if not, there is nothing to do."
    )
    return [QuestionAsked(at=request.at, of=request.by, question=question, topic="answer:begun at")]


SPOKEN_OF = "answer:spoken of"  # the topic of the question whether it is about them too


def spoken_of(fields: Mapping[str, str], request: Request, protocol: Protocol) -> list[e.Event]:
    """Opening with what its email speaks of and no line records: its writer is asked, in one question, whether it is
    about those children too, and as what those people act. Nothing waits for the answer."""
    asked: list[str] = []
    if children := fields.get("children_spoken_of", ""):
        also = " and ".join(one if one.isupper() or one.endswith("s") else f"a {one}" for one in children.split("; "))
        asked.append(
            f"Is this about another {protocol.subject} too? Your email also speaks of {also}, beside "
            f"{fields.get('child', '')}. If it is about them as well, reply CORRECT {protocol.subject.capitalize()}: "
            "and all the initials; for another disagreement about them, send a new email."
        )
    if people := fields.get("people_spoken_of", ""):
        named = " and ".join(
            f"{name} (“{title}”)" for name, title in (one.split(", ", 1) for one in people.split("; "))
        )
        asked.append(
            f"As what do they act whom your email names, {named}? The procedure has nobody called so. If it is theirs "
            f"at a later {protocol.stage_word.lower()}, reply with a line that begins “My line manager:”, “My senior "
            "manager:” or “Your line manager:”, and their name and email."
        )
    if agencies := fields.get("agencies_spoken_of", ""):
        asked.append(_with_them_too(agencies, fields, protocol))
    if not asked:
        return []
    question = " ".join((*asked, "Otherwise there is nothing to do."))
    return [QuestionAsked(at=request.at, of=request.by, question=question, topic=SPOKEN_OF)]


def _with_them_too(agencies: str, fields: Mapping[str, str], protocol: Protocol) -> str:
    ours = (fields.get("raising_agency", ""), fields.get("receiving_agency", ""), fields.get("also_receiving", ""))
    listed = " / ".join(one for one in (*"; ".join(ours).split("; "), *agencies.split("; ")) if one)
    return (
        f"Is the disagreement with {agencies.replace('; ', ' and ')} too? Your email also speaks of what they do. If "
        f"it is, so that their people are asked at each {protocol.stage_word.lower()} and must agree, reply CORRECT "
        f"Agencies: {listed}."
    )


def _raised(stage_1_date: str, arrived: datetime, partnership: Partnership) -> datetime:
    if not stage_1_date:
        return arrived
    stated = partnership.calendar.morning_of(date.fromisoformat(stage_1_date))
    return min(stated, arrived)


def _dates(agreed: str, protective: str, stage: str, request: Request, partnership: Partnership) -> list[e.Event]:
    """On opening, the events of a date that both had agreed, or the child's own, when the opening email states one."""
    events: list[e.Event] = []
    clocks = [
        c for c in partnership.protocol.clocks_of(stage) if c.agreed in (Agreed.MUST_BE_SET, Agreed.MUST_BE_SET_ANY)
    ]
    if agreed and clocks:
        on = date.fromisoformat(agreed)
        events.append(e.DateAgreed(at=request.at, stage=stage, clock=clocks[0].id, on=on, by=request.by.address))
    if protective:
        on = date.fromisoformat(protective)
        events.append(
            e.ProtectiveDateSet(at=request.at, on=on, side=Side.RAISING, by=request.by, reason="stated when raised")
        )
    return events


def about_the_same_child(disputes: tuple[Dispute, ...], by: Person, intent: Intent) -> list[Dispute]:
    """Before opening another: this person's open disputes about a child of the same initials. That is no proof that it
    is one child."""
    child = intent.fields.get("child", "")
    return [d for d in disputes if d.is_open and child and d.child == child and d.party(by.address) is not None]


def repeated(disputes: tuple[Dispute, ...], by: Person, intent: Intent) -> Dispute | None:
    """The open dispute that this opening ``intent`` only repeats: the same initials, agencies and issue, by the same
    side."""
    for dispute in about_the_same_child(disputes, by, intent):
        mine = (intent.fields.get("raising_agency", ""), _said(intent.fields.get("issue", "")))
        receiving = intent.fields.get("receiving_agency", "")
        theirs = (dispute.raising, _said(dispute.fields.get("issue", "")))
        if mine == theirs and receiving in ("", *dispute.receiving_agencies):
            return dispute
    return None


def _said(words: str) -> str:
    """Words without how they are laid out or punctuated."""
    return " ".join("".join(c if c.isalnum() else " " for c in words.casefold()).split())
