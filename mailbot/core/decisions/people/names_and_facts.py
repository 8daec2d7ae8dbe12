"""Names and facts that a message brings about a dispute and its people: who may record whom, which labelled
value, and who may not be recorded twice."""

from mailbot.core.clocks.absences import absence_of
from mailbot.core.clocks.case import Case
from mailbot.core.clocks.limits import is_day_of_decision
from mailbot.core.decisions.people import further_agencies
from mailbot.core.decisions.people.asked_of_others import (
    ask_for_an_address,
    ask_which_day,
    doubt,
    put_to,
    which_agency,
)
from mailbot.core.decisions.people.roles import (
    PROTECTING,
    holders_of,
    is_for_later,
    is_shared,
    keepers,
    sides_of,
    statuses,
    stays_beside,
)
from mailbot.core.decisions.people.who_is_there import is_away
from mailbot.core.decisions.who_may.authority import (
    Judgement,
    decides_anywhere,
    judge,
    on_person,
    side_acted_for,
    sides_at,
    voice_of,
)
from mailbot.core.decisions.who_may.table import NAME_PERSON, RECORD_BOX, RECORD_FACT, On, Verdict
from mailbot.core.partnership.partnership import Partnership, Request, side_of
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events_of_mail import QuestionAsked, RequestRefused
from mailbot.core.record.intents import Act, Person
from mailbot.core.record.parties import Party, Voice

BOTH_SIDES = (Side.RAISING, Side.RECEIVING)


# What a side wrote of itself stands; what the other adds is kept beside it, attributed.
_OWNED_BY_RAISER = frozenset({"issue", "impact", "outcome_sought", "evidence", "child", "child_ref", "decision_on"})
# "The person responsible for recording is the agency raising the issue" (NS-14): the form's own boxes are theirs.
_RECORDED_BY_RAISER = frozenset({"summary", "unresolved", "actions", "outcome"})
# Facts of the dispute: changed by the raising side or the office; anybody else's word is a view, and asked about.
_BOTH, _ASKED = (Side.RAISING, Side.RECEIVING), (Side.RECEIVING,)
_AGENCIES = {"agencies": _BOTH, "raising_agency": (Side.RAISING,), "receiving_agency": _ASKED}
_OF_THE_DISPUTE = {*_AGENCIES, "child_status"}


def details(case: Case, request: Request, correction: bool = False, opening: bool = False) -> list[e.Event]:
    """Events for all the people and fields the intent carries that its writer may record. ``opening``: names that an
    opening gives for the other side hold, until that side or the directory differs."""
    events: list[e.Event] = []
    fields = dict(request.intent.fields)
    if agencies := fields.pop("agencies", ""):  # before the people, who may be of a further one
        events += _value(case, request, ("agencies", agencies), correction)
        for one in events:
            case = case.after(one)
    for role, named in (*request.intent.people.items(), *request.intent.others):
        side = _side_for(role, side_of(case.dispute, request.by), case.partnership)
        person = case.partnership.in_place_of(_for_agency(named, side, case, request))
        made = record_person(case, request, (role, person), opening)
        events += made
        for one in made:
            case = case.after(one)
    for key, value in fields.items():
        if key in _NOT_KEPT or not value or case.dispute.fields.get(key) == value:
            continue
        events += _value(case, request, (key, value), correction)
    return events


def _value(case: Case, request: Request, labelled: tuple[str, str], correction: bool) -> list[e.Event]:
    (key, value), by = labelled, request.by.address
    judged = judge(request, case, RECORD_FACT, _whose_fact(case, labelled, by))
    if key.partition(":")[0] in _RECORDED_BY_RAISER:
        judged = judge(request, case, RECORD_BOX, On.IT)
    if judged.is_allowed and key == "receiving_agency" and value == case.dispute.raising:
        return [_not_its_own(request)]
    if key == "agencies" and case.dispute.is_open and judged.verdict is not Verdict.NO:
        changes = further_agencies.changes(case, request)
        if not changes and not judged.is_allowed:
            return []
        if changes and judged.is_allowed:
            return further_agencies.brought_in(case, request)
    theirs = side_acted_for(case, by) is Side.RECEIVING
    if (
        key == "decision_on"
        and judged.verdict is not Verdict.NO
        and not is_day_of_decision(value, request.at, case.calendar)
    ):
        return [ask_which_day(request, value)]
    if judged.is_allowed:
        recorded = e.FieldRecorded(at=request.at, key=key, value=value, by=by, correction=correction)
        more: list[e.Event] = []
        if key == "receiving_agency":
            more = further_agencies.instead_of_another(
                case.after(recorded), request, value, case.dispute.receiving_agencies[:1]
            )
        return [recorded, *more]
    if judged.verdict is not Verdict.VIEW:
        return []
    if theirs and case.dispute.fields.get(f"{key}:receiving") == value:
        return []
    view = e.FieldRecorded(at=request.at, key=f"{key}:receiving", value=value, by=by, correction=correction)
    asked = _asked_of_raising(case, request, labelled) if not theirs or key in _OF_THE_DISPUTE else []
    return [*([view] if theirs else []), *asked]


def _whose_fact(case: Case, labelled: tuple[str, str], by: str) -> On:
    """Which people a fact is for to say. A status that protects more must not wait for an answer; what the raising side
    has recorded of the dispute is the raising side's, and what nobody has said yet is either side's."""
    (key, value), mine = labelled, side_acted_for(case, by)
    known = _known(case, key)
    if key == "child_status" and statuses(value) > statuses(known) and statuses(value) <= PROTECTING:
        return On.IT if mine is Side.RAISING else On.PROTECTS
    if key in _OF_THE_DISPUTE:
        return On.NEITHER
    if key in _OWNED_BY_RAISER:
        return On.OURS if mine is Side.RAISING else On.THEIRS if mine is Side.RECEIVING else On.NEITHER
    return On.NEITHER if known and _side_that_said(case, key) is Side.RAISING else On.IT


def _known(case: Case, key: str) -> str:
    """What people have recorded of a fact; of the agencies, which they are."""
    agencies = " / ".join(case.dispute.agency(side) for side in _AGENCIES.get(key, ()))
    return agencies or case.dispute.fields.get(key, "")


def _side_that_said(case: Case, key: str) -> Side | None:
    """The side whose people recorded last what stands under ``key``; the raising side's where its opening did."""
    said = [past.by for past in case.dispute.history if isinstance(past, e.FieldRecorded) and past.key == key]
    return side_acted_for(case, said[-1]) if said and said[-1] else Side.RAISING


def _asked_of_raising(case: Case, request: Request, labelled: tuple[str, str]) -> list[e.Event]:
    """Of the people in a dispute, one's view of a fact that another recorded is put to whoever may change it."""
    key, value = labelled
    was = _known(case, key)
    label = key.partition(":")[0].replace("_", " ").capitalize()
    stands = f"The record says “{was}”, and stays so." if was else "Nothing is recorded of it yet."
    question = (
        f"{request.by.shown} writes “{label}: {value}”. {stands} If it is to change, "
        f"reply CORRECT {label}: and the right value; otherwise nothing need be done."
    )
    why = "that is changed by the side that raised it, or by the Business Manager. Your view was kept"
    refused = RequestRefused(at=request.at, by=request.by, act=Act.CORRECT, why=why)
    return [refused, *put_to(keepers(case, Side.RAISING), question, request, f"view: {key}")]


def _not_its_own(request: Request) -> QuestionAsked:
    question = (
        "The agency that a dispute is with cannot be the one that raised it, so nothing was changed. Which agency is "
        "it with? Please reply CORRECT Receiving agency: and its name."
    )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic="same agency")


def record_person(case: Case, request: Request, named: tuple[str, Person], opening: bool) -> list[e.Event]:
    partnership = case.partnership
    role, person = named
    mine = side_of(case.dispute, request.by) if opening else side_acted_for(case, request.by.address)
    side = _side_for(role, mine, partnership)
    if side is None or not _is_news(case.dispute, role, side, person):
        return []
    clash = clashing_role(case, role, side, person)
    if person.address and not partnership.may_write_to(person.address):
        return [ask_for_an_address(request, person)]
    on = _whose_person(case, (role, person, side), request, opening)
    judged = judge(request, case, NAME_PERSON, on)
    if judged.is_allowed and clash:
        return [ask_for_another(request, person, (role, clash), partnership)]
    if judged.is_allowed:
        by, beside = request.by.address, is_shared(role, partnership) or is_away((role, person, side), case, request)
        recorded = e.PersonRecorded(at=request.at, role=role, side=side, person=person, by=by, beside=beside)
        doubted = side in (Side.RAISING, Side.RECEIVING) and len(sides_at(person, case)) > 1
        stays = stays_beside(case, request.by, request.at) if role == "raiser" else []
        return [recorded, *stays, *(doubt(request, partnership, person) if doubted else [])]
    return _not_recorded(case, request, (role, person, side), on, judged)


def _whose_person(case: Case, named: tuple[str, Person, Side], request: Request, opening: bool) -> On:
    """Which of the people it is for to name or correct a person. A person of no address is a name, and may be
    corrected; a reviewing officer is the raising side's to name."""
    dispute = case.dispute
    role, person, side = named
    mine = _voice_in_opening(dispute, request) if opening else voice_of(request.by.address, case)
    if decides_anywhere(role, case.protocol):
        of_a_side = any(p.person.address == person.address and p.side in BOTH_SIDES for p in dispute.parties)
        return On.JUDGES if of_a_side and person.address else On.PANEL
    if (
        side not in BOTH_SIDES
    ):  # who must be told for the child's sake is for either side to say, while nobody has (GL-11)
        return On.NEITHER if dispute.filling(role) or not is_told_of_the_child(role, case) else On.UNMET
    on = on_person(person, mine, case, side)
    holders = holders_of(dispute, role, side, person.agency)
    if on is On.SHARED:
        return On.UNMET if opening and not holders else on
    if on is On.OURS and not is_shared(role, case.partnership):
        return On.HELD if any(_is_kept(case, p, request) for p in holders) else On.OURS
    if on is not On.THEIRS:
        return on
    several = len(dispute.agencies(side)) > 1
    all_there = (p for p in dispute.parties if p.side is side and p.person.address)
    there = (p for p in all_there if not several or dispute.agency_of(p) == person.agency)
    nobody = all(is_for_later(p, dispute, case.protocol) for p in there)
    return On.UNMET if (opening or nobody) and not holders else On.THEIRS


def is_told_of_the_child(role: str, case: Case) -> bool:
    """Is this a role whose people are told for the sake of the child's status, and are nobody's in the dispute?"""
    known = case.protocol.roles.get(role)
    return known is not None and bool(known.ask_if)


def _voice_in_opening(dispute: Dispute, request: Request) -> Voice | None:
    side = side_of(dispute, request.by)
    return dispute.voice(side, request.by.agency) if side is not None else None


def _is_kept(case: Case, holder: Party, request: Request) -> bool:
    """Of one side's people: is somebody's place another's to give away: are they there to be asked, and did a colleague
    put them there, who is not whoever names somebody else now? What the other side or the directory said of a side
    holds until that side differs."""
    person, day = holder.person, case.calendar.local(request.at).date()
    if person.address == request.by.address or absence_of(person.address, case.dispute, day) is not None:
        return False
    for past in reversed(case.dispute.history):
        if isinstance(past, e.PersonRecorded) and (past.role, past.person) == (holder.role, person):
            ours = side_acted_for(case, past.by) is holder.side
            return ours and past.by != request.by.address
        if isinstance(past, e.PersonHandedOver) and (past.role, past.taking) == (holder.role, person):
            return past.leaving.address != request.by.address
    return False


def _not_recorded(
    case: Case, request: Request, named: tuple[str, Person, Side], on: On, judged: Judgement
) -> list[e.Event]:
    """A person's name that its writer may not record: put to the side it belongs to, or said back to them. Never
    silence."""
    role, person, side = named
    if on is On.SHARED and judged.verdict is Verdict.PUT:
        return which_agency(case, request, person, NAME_PERSON)
    title = role_called(role, case.partnership)
    shown = f"{person.shown}{f' ({person.agency})' if person.agency else ''}"
    if judged.verdict is Verdict.PUT:
        question = (
            f"{request.by.shown} writes that {shown} is your side's {title}. Nothing was recorded, because a side "
            f"names its own people. If it is right, reply with a line “My {title}:” and their name and email."
        )
        held = [p.person for p in holders_of(case.dispute, role, side, person.agency)] if on is On.HELD else []
        why = "whoever has that place, or their manager, says who takes it" if held else "a side names its own people"
        refused = RequestRefused(at=request.at, by=request.by, act=NAME_PERSON, why=why)
        asked = held or keepers(case, side, person.agency)
        return [refused, *put_to(asked, question, request, f"their own: {role}")]
    if on in (On.THIRD, On.BOTH) and judged.verdict is Verdict.NO:
        question = (
            f"Who is the {title}? {shown} was named, and is not of that side's own agency, so nobody was recorded. "
            "Please reply with somebody of that agency, or ask the Business Manager."
        )
        beside = further_agencies.agency_beside(person, case) if side is Side.RECEIVING else ""
        question += f" {further_agencies.how_to_bring_in(case, beside)}" if beside else ""
        return [QuestionAsked(at=request.at, of=request.by, question=question, topic="another agency")]
    if judged.verdict is Verdict.VIEW:
        question = (
            f"{request.by.shown} writes that the {title} is {shown}. The record stays as it is. If it is to change, "
            f"reply with a line “{title[:1].upper()}{title[1:]}:” and their name and email."
        )
        return put_to(keepers(case, Side.RAISING), question, request, f"view: {role}")
    return [RequestRefused(at=request.at, by=request.by, act=NAME_PERSON, why=judged.why)]


# Fields that steer a decision and are recorded by its own event, not as a value of the dispute.
_OF_STAGES = frozenset({"stage", "no_such_stage", "as_far_as", "route", "reason", "to", "until", "written_on", "said"})
_SPOKEN_OF = frozenset({"people_spoken_of", "children_spoken_of", "agencies_spoken_of"})
_OF_PEOPLE = frozenset({"raiser", "responder", "role", "or_role"}) | _SPOKEN_OF
_OF_AGENCIES = frozenset({"raising_agency", "also_receiving", "agencies_named", "agencies_unknown"})
_OF_WHAT_WAS_AGREED = frozenset({"agreed_before", "agreed_outcome", "agreed_date", "proposed_date", "child_date"})
_OF_WHAT_CAME_OF_IT = frozenset({"action_done", "helpful", "idea", "failed", "representation"})
_NOT_KEPT = _OF_STAGES | _OF_PEOPLE | _OF_AGENCIES | _OF_WHAT_WAS_AGREED | _OF_WHAT_CAME_OF_IT


def _for_agency(person: Person, side: Side | None, case: Case, request: Request) -> Person:
    """One of the people of a dispute, ``person``, as somebody of one of the several agencies that it is with: by
    their address, else their namer's."""
    dispute = case.dispute
    several = side is Side.RECEIVING and len(dispute.receiving_agencies) > 1
    if not several or person.agency in dispute.receiving_agencies:
        return person
    at = {a.name for a in case.directory.agencies_at(person.address)} & set(dispute.receiving_agencies)
    mine = request.by.agency if request.by.agency in dispute.receiving_agencies else ""
    agency = mine if mine in at or not at else at.pop() if len(at) == 1 else person.agency
    return Person(person.address, person.name, agency, person.designation)


def _side_for(role: str, mine: Side | None, partnership: Partnership) -> Side | None:
    """On which side people in this role stand: a role that each agency has, on its writer's."""
    known = partnership.protocol.roles.get(role)
    if known is None:
        return None
    sides = sides_of(known)
    return known.side if not sides else mine if len(sides) == 2 else sides[0]


def _is_news(dispute: Dispute, role: str, side: Side, person: Person) -> bool:
    several = len(dispute.agencies(side)) > 1
    there = [p for p in dispute.filling(role) if p.side is side]
    held = [p.person for p in there if not several or dispute.agency_of(p) in ("", person.agency)]
    same = any(person.address == h.address and (not person.name or person.name == h.name) for h in held)
    only_a_name = not person.address and any(h.address for h in held)
    return not same and not only_a_name


def clashing_role(case: Case, role: str, side: Side, person: Person) -> str:
    """The role at another stage that one of a side's people, about to be named for this one, already fills, or ""
    (engine rule B2.4; hazard G7)."""
    stages = list(case.protocol.stages.values())
    begun = [s.id for s in stages].index(case.dispute.visits[0].stage) if case.dispute.visits else 0
    places = {name: n for n, s in enumerate(stages) if n >= begun for name in (*s.raising, *s.receiving)}
    if role not in places or not person.address:
        return ""
    for party in case.dispute.parties:
        same_person = party.person.address == person.address and party.side is side
        if same_person and party.role in places and places[party.role] != places[role]:
            return party.role
    return ""


def ask_for_another(
    request: Request, person: Person, roles: tuple[str, str], partnership: Partnership
) -> QuestionAsked:
    """Asks who else it is, where one of a side's people is named in both ``roles``: the new one, and the one they
    fill."""
    new, held = (role_called(name, partnership) for name in roles)
    question = (
        f"{person.shown} is named both as {held} and as {new}. One person cannot act at two stages of a side: who is "
        f"the {new}? Please reply with a line “My {new}:” and their name and email. Until then they stay the {held}."
    )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic=f"same person: {roles[1]}")


def role_called(role: str, partnership: Partnership) -> str:
    title = partnership.protocol.roles[role].title.split(",")[0]
    return f"{title[:1].lower()}{title[1:]}"
