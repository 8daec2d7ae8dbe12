"""What a protocol's own ``[notice.*]`` tables demand: when, to whom, on which condition, with what."""

from mailbot.core import events as e
from mailbot.core.closed_lists import Happening, Side, Source
from mailbot.core.dispute import Dispute
from mailbot.core.intents import Person
from mailbot.core.letters import Notice
from mailbot.core.partnership import Partnership
from mailbot.core.protocol import NoticeRule


def demanded(event: e.Event, dispute: Dispute, partnership: Partnership) -> list[Notice]:
    """Notices that the protocol's file calls for because of ``event``, each with its clause."""
    told: list[Notice] = []
    for rule in partnership.protocol.notices.values():
        stage = getattr(event, "stage", dispute.stage)
        if not _calls_for(rule, event) or (rule.stages and not _at_stage(rule, event, stage, dispute)):
            continue
        if not condition_holds(rule.condition, dispute):
            continue
        form = rule.send if rule.send in partnership.protocol.forms else ""
        for person in _recipients(rule, dispute, partnership):
            letter = _letter(rule, event, person, partnership)
            told.append(Notice(letter, person, event, why=rule.why or rule.clause, form=form))
    return told


def _calls_for(rule: NoticeRule, event: e.Event) -> bool:
    happenings = {rule.when, rule.or_when}
    match event:
        case e.StageEntered():
            return Happening.STAGE_ENTERED in happenings or Happening.EVERY_CHANGE in happenings
        case e.StageEnded():
            return Happening.STAGE_CLOSED in happenings and event.how != "closed"
        case e.DisputeClosed():
            return bool(happenings & {Happening.CLOSED, Happening.STAGE_CLOSED, Happening.EVERY_CHANGE})
        case e.LimitPassed():
            return Happening.LIMIT_PASSED in happenings
        case e.RouteTaken():
            return Happening.GAP_REPORTED in happenings and event.route == "policy-gap"
        case e.FieldRecorded():
            return Happening.STATUS_KNOWN in happenings and event.key == "child_status"
        case e.ResolutionProposed() | e.ResolutionObjected() | e.DateAgreed() | e.DisputeReopened():
            return Happening.EVERY_CHANGE in happenings
        case _:
            return False


def _at_stage(rule: NoticeRule, event: e.Event, stage: str, dispute: Dispute) -> bool:
    """A fact that became known later counts at the rule's stage and every one after it (GL-11)."""
    if isinstance(event, e.FieldRecorded):
        return any(visit.stage in rule.stages for visit in dispute.visits)
    return stage in rule.stages


def condition_holds(condition: str, dispute: Dispute) -> bool:
    """ "child_status is child protection plan or looked after": the field's value is one of those; "" always holds."""
    if not condition:
        return True
    key, _, values = condition.partition(" is ")
    known = dispute.fields.get(key.strip(), "").casefold()
    return any(value.strip().casefold() == known for value in values.split(" or ") if known)


def _recipients(rule: NoticeRule, dispute: Dispute, partnership: Partnership) -> list[Person]:
    people: list[Person] = []
    for name in (*rule.to, *rule.then_to):
        people += everyone(dispute, partnership) if name == "everyone" else in_roles((name,), dispute, partnership)
    return list(dict.fromkeys(people))


def _letter(rule: NoticeRule, event: e.Event, person: Person, partnership: Partnership) -> str:
    if isinstance(event, e.DisputeClosed):
        return "closed"
    if isinstance(event, e.StageEntered):
        return "stage_told"
    return "limit_passed" if isinstance(event, e.LimitPassed) else "summary"


def in_roles(names: tuple[str, ...], dispute: Dispute, partnership: Partnership, *sides: Side) -> list[Person]:
    """The people in these roles, on these sides: recorded in the dispute, the partnership's own, or (a role each
    agency has) each agency's own from the directory, never the other's (NS-21)."""
    people: list[Person] = []
    for name in names:
        role = partnership.protocol.roles.get(name)
        if role is None:
            continue
        if role.source is Source.ADDRESS:
            people += partnership.holders_of_offices((name,))
            continue
        people += [
            p.person for p in dispute.parties if p.role == name and p.person.address and (not sides or p.side in sides)
        ]
        if role.source is Source.DIRECTORY and role.side is Side.EACH:
            for side in sides or (Side.RAISING, Side.RECEIVING):
                people += partnership.directory.holders(dispute.agency(side), role.post)
    return list(dict.fromkeys(people))


def everyone(dispute: Dispute, partnership: Partnership) -> list[Person]:
    """Everybody recorded who may know: at a one-sided stage, the raising side alone (PL-02). People named for a later
    stage hear of it when their turn comes; until then they are only names that were exchanged."""
    order = partnership.protocol.order()
    reached = max((order.index(v.stage) for v in dispute.visits), default=0)
    stages = [partnership.protocol.stages[s] for s in order]
    later = {r for s in stages[reached + 1 :] for r in (*s.raising, *s.receiving)}
    begun = {r for s in stages[: reached + 1] for r in (*s.raising, *s.receiving)}
    one_sided = all(not partnership.protocol.stages[v.stage].receiving for v in dispute.visits)
    return list(
        dict.fromkeys(
            p.person
            for p in dispute.parties
            if p.person.address
            and (p.role in begun or p.role not in later)
            and not (one_sided and p.side is Side.RECEIVING)
        )
    )
