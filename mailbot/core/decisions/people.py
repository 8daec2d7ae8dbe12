"""Names and labelled values that a message brings: who may record whom, and who may not be recorded twice."""

from mailbot.core.decisions.authority import (
    NAME_PERSON,
    RECORD_BOX,
    RECORD_FACT,
    Judgement,
    On,
    Verdict,
    judge,
    on_person,
    side_acted_for,
)
from mailbot.core.decisions.moving import sides_of
from mailbot.core.decisions.statuses import statuses
from mailbot.core.happened import events as e
from mailbot.core.happened.correspondence import QuestionAsked, RequestRefused
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.intents import Act, Person
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.partnership import Partnership, Request, side_of
from mailbot.core.telling.demands import in_roles

# What a side wrote of itself stands; what the other adds is kept beside it, attributed.
_OWNED_BY_RAISER = frozenset({"issue", "impact", "outcome_sought", "evidence", "child", "child_ref", "decision_on"})

# "The person responsible for recording is the agency raising the issue" (NS-14): the form's own boxes are theirs.
_RECORDED_BY_RAISER = frozenset({"summary", "unresolved", "actions", "outcome"})

# Facts of the dispute itself: changed by the raising side or the office; anybody else's word is a view, and asked about.
_OF_THE_DISPUTE = frozenset({"receiving_agency", "child_status"})


def details(
    dispute: Dispute, request: Request, partnership: Partnership, correction: bool = False, opening: bool = False
) -> list[e.Event]:
    """Events for every person and field the intent carries that its writer may record. ``opening``: names that an
    opening gives for the other side hold, until that side or the directory differs."""
    events: list[e.Event] = []
    for role, named in request.intent.people.items():
        events += _person(dispute, request, partnership, (role, partnership.in_place_of(named)), opening)
    for key, value in request.intent.fields.items():
        if key in _NOT_KEPT or not value or dispute.fields.get(key) == value:
            continue
        events += _value(dispute, request, partnership, (key, value), correction)
    return events


def _value(
    dispute: Dispute, request: Request, partnership: Partnership, labelled: tuple[str, str], correction: bool
) -> list[e.Event]:
    key, value = labelled
    by = request.by.address
    judged = judge(request, dispute, partnership, RECORD_FACT, _whose_fact(dispute, labelled, by, partnership))
    if key.partition(":")[0] in _RECORDED_BY_RAISER:
        judged = judge(request, dispute, partnership, RECORD_BOX, On.OURS)
    if judged.is_allowed and key == "receiving_agency" and value == dispute.raising:
        return [_not_its_own(request)]
    if judged.is_allowed:
        return [e.FieldRecorded(at=request.at, key=key, value=value, by=by, correction=correction)]
    kept = dispute.fields.get(f"{key}:receiving") == value
    if judged.verdict is not Verdict.VIEW or kept:
        return []
    view = e.FieldRecorded(at=request.at, key=f"{key}:receiving", value=value, by=by, correction=correction)
    theirs = side_acted_for(dispute, partnership, by) is Side.RECEIVING
    asked = _asked_of_raising(dispute, request, partnership, labelled) if key in _OF_THE_DISPUTE else []
    return [*([view] if theirs else []), *asked]


def _whose_fact(dispute: Dispute, labelled: tuple[str, str], by: str, partnership: Partnership) -> On:
    """Whose it is to say. What nobody has said yet is anybody's in the dispute, and so is a status that protects more:
    it must not wait for an answer."""
    key, value = labelled
    mine = side_acted_for(dispute, partnership, by)
    if key in _OF_THE_DISPUTE:
        known = dispute.receiving if key == "receiving_agency" else dispute.fields.get(key, "")
        adds = key == "child_status" and statuses(value) > statuses(known)
        return On.NEITHER if known and not adds else On.IT
    if key in _OWNED_BY_RAISER and (key in dispute.fields or (key == "child" and dispute.child)):
        return On.OURS if mine is Side.RAISING else On.THEIRS if mine is Side.RECEIVING else On.NEITHER
    return On.IT


def _asked_of_raising(
    dispute: Dispute, request: Request, partnership: Partnership, labelled: tuple[str, str]
) -> list[e.Event]:
    """A view of a fact that another recorded is put to whoever may change it."""
    key, value = labelled
    label = _LABELS.get(key, key.replace("_", " ").capitalize())
    was = dispute.receiving if key == "receiving_agency" else dispute.fields.get(key, "")
    question = (
        f"{request.by.shown} writes “{label}: {value}”. The record says “{was}”, and stays so. If it is to change, "
        f"reply CORRECT {label}: and the right value; otherwise nothing need be done."
    )
    why = (
        "that is changed by the side that raised it, or by the Business Manager. Your view was kept, and they are asked"
    )
    refused = RequestRefused(at=request.at, by=request.by, act=Act.CORRECT, why=why)
    return [refused, *_put_to(keepers(dispute, partnership, Side.RAISING), question, request, f"view: {key}")]


_LABELS = {"child_status": "Child status", "receiving_agency": "Receiving agency"}


def _not_its_own(request: Request) -> QuestionAsked:
    question = (
        "The agency that a dispute is with cannot be the one that raised it, so nothing was changed. Which agency is it "
        "with? Please reply CORRECT Receiving agency: and its name."
    )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic="same agency")


def keepers(dispute: Dispute, partnership: Partnership, side: Side) -> list[Person]:
    """Whoever answers for a side now: those the stage is with, else its practitioners; the office where nobody is."""
    stage = partnership.stage_of(dispute)
    roles = stage.raising if side is Side.RAISING else stage.receiving
    first = "raiser" if side is Side.RAISING else "responder"
    there = in_roles(tuple(roles), dispute, partnership, side) or in_roles((first,), dispute, partnership, side)
    return [p for p in there if partnership.may_write_to(p.address)] or list(partnership.office())


def _put_to(people: list[Person], question: str, request: Request, topic: str) -> list[e.Event]:
    asked = (p for p in people if p.address != request.by.address)
    return [QuestionAsked(at=request.at, of=person, question=question, topic=topic) for person in asked]


def _person(
    dispute: Dispute, request: Request, partnership: Partnership, named: tuple[str, Person], opening: bool
) -> list[e.Event]:
    role, person = named
    mine = side_of(dispute, request.by) if opening else side_acted_for(dispute, partnership, request.by.address)
    side = _side_for(role, mine, partnership)
    if side is None or not _is_news(dispute, role, side, person):
        return []
    clash = clashing_role(dispute, role, side, person, partnership)
    if person.address and not partnership.may_write_to(person.address):
        return [_ask_for_an_address(request, person)]
    on = _whose_person(dispute, (role, person), (mine, side), partnership, opening)
    judged = judge(request, dispute, partnership, NAME_PERSON, on)
    if judged.is_allowed and clash:
        return [_ask_for_another(request, person, clash)]
    if judged.is_allowed:
        recorded = e.PersonRecorded(at=request.at, role=role, side=side, person=person, by=request.by.address)
        return [recorded, *(_doubt(request, partnership, person) if on is On.SHARED else [])]
    return _not_recorded(dispute, request, partnership, (role, person, side), on, judged)


def _whose_person(
    dispute: Dispute, named: tuple[str, Person], sides: tuple[Side | None, Side], partnership: Partnership,
    opening: bool,
) -> On:  # fmt: skip
    """``sides``: the writer's, and that of the place. A person of no address is a name, and may be corrected."""
    (role, person), (mine, side) = named, sides
    if side not in (Side.RAISING, Side.RECEIVING):
        vacant = not any(p.person.address for p in dispute.filling(role))
        return On.OURS if vacant else On.NEITHER
    on = on_person(person, mine, dispute, partnership, side)
    if on is not On.THEIRS:
        return on
    nobody = not any(p.side is side and p.person.address for p in dispute.parties)
    taken = any(p.person.address for p in dispute.filling(role) if p.side is side)
    return On.OURS if (opening or nobody) and not taken else On.THEIRS


def _not_recorded(
    dispute: Dispute, request: Request, partnership: Partnership, named: tuple[str, Person, Side], on: On,
    judged: Judgement,
) -> list[e.Event]:  # fmt: skip
    """A name that its writer may not record: put to the side it belongs to, or said back to them. Never silence."""
    role, person, side = named
    title = partnership.protocol.roles[role].title.split(",")[0]
    title = f"{title[:1].lower()}{title[1:]}"
    shown = f"{person.shown}{f' ({person.agency})' if person.agency else ''}"
    if judged.verdict is Verdict.PUT:
        question = (
            f"{request.by.shown} writes that {shown} is your side's {title}. Nothing was recorded, because a side names "
            f"its own people. If it is right, reply with a line “My {title}:” and their name and email."
        )
        why = "a side names its own people. The other side has been asked whether it is right"
        refused = RequestRefused(at=request.at, by=request.by, act=NAME_PERSON, why=why)
        return [refused, *_put_to(keepers(dispute, partnership, side), question, request, f"their own: {role}")]
    if on is On.THIRD:
        question = (
            f"{shown} was named as {title}, and is not of that side's own agency, so nobody was recorded. Please reply "
            "with somebody of that agency, or ask the Business Manager."
        )
        return [QuestionAsked(at=request.at, of=request.by, question=question, topic="another agency")]
    if judged.verdict is Verdict.VIEW:
        question = (
            f"{request.by.shown} writes that the {title} is {shown}. The record stays as it is. If it is to change, "
            f"reply with a line “{title[:1].upper()}{title[1:]}:” and their name and email."
        )
        return _put_to(keepers(dispute, partnership, Side.RAISING), question, request, f"view: {role}")
    return []


def _doubt(request: Request, partnership: Partnership, person: Person) -> list[e.Event]:
    """Two agencies share a domain and the directory has no row for this address: a person looks."""
    question = (
        f"{person.shown} was named in this dispute. Both sides use that mail domain, and the directory does not say "
        "which of the two they are of. If they are on the wrong side, write REMOVE, the reference and their address."
    )
    return [
        QuestionAsked(at=request.at, of=one, question=question, topic="shared domain") for one in partnership.office()
    ]


# Fields that steer a decision and are recorded by its own event, not as a value of the dispute.
_NOT_KEPT = frozenset(
    {"stage", "raiser", "responder", "raising_agency", "proposed_date", "reason", "to", "until", "role", "route",
     "action_done", "helpful", "idea", "agreed_outcome", "agreed_date", "child_date", "failed", "written_on"}
)  # fmt: skip


def _side_for(role: str, mine: Side | None, partnership: Partnership) -> Side | None:
    """On which side this role stands: a role that each agency has, on its writer's."""
    known = partnership.protocol.roles.get(role)
    if known is None:
        return None
    sides = sides_of(known)
    return known.side if not sides else mine if len(sides) == 2 else sides[0]


def _is_news(dispute: Dispute, role: str, side: Side, person: Person) -> bool:
    held = [p.person for p in dispute.filling(role) if p.side is side]
    same = any(person.address == h.address and (not person.name or person.name == h.name) for h in held)
    only_a_name = not person.address and any(h.address for h in held)
    return not same and not only_a_name


def clashing_role(dispute: Dispute, role: str, side: Side, person: Person, partnership: Partnership) -> str:
    """The other stage's role this person already fills on this side, or "" (engine rule B2.4; hazard G7)."""
    stages = list(partnership.protocol.stages.values())
    begun = [s.id for s in stages].index(dispute.visits[0].stage) if dispute.visits else 0
    places = {name: n for n, s in enumerate(stages) if n >= begun for name in (*s.raising, *s.receiving)}
    if role not in places or not person.address:
        return ""
    for party in dispute.parties:
        same_person = party.person.address == person.address and party.side is side
        if same_person and party.role in places and places[party.role] != places[role]:
            return party.role
    return ""


def _ask_for_an_address(request: Request, person: Person) -> QuestionAsked:
    question = (
        f"{person.name or 'Somebody'} was named with an address at no agency that this partnership knows, so nothing "
        "can be sent there. Please reply with their work address, or ask the Business Manager to add their agency."
    )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic="address")


def _ask_for_another(request: Request, person: Person, clash: str) -> QuestionAsked:
    question = (
        f"{person.shown} is already recorded at another stage on the same side. One person cannot act at two "
        "stages, so somebody else is needed: please reply with the name and email of the next one up."
    )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic=f"same person: {clash}")
