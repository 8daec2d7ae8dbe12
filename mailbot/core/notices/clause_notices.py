"""Notices that a clause demands: what a protocol's own ``[notice.*]`` tables say of when, to whom, on
which condition, with what."""

from collections.abc import Iterable, Mapping

from mailbot.core.clocks.absences import left_for_good
from mailbot.core.clocks.case import Case
from mailbot.core.decisions.due import STANDS
from mailbot.core.decisions.people.roles import STUCK, _by_post, condition_holds, everyone, in_roles, is_one_sided
from mailbot.core.decisions.people.who_is_there import speaks_for
from mailbot.core.notices.notice import Notice
from mailbot.core.partnership.partnership import Partnership, side_of
from mailbot.core.procedure.closed_lists import Happening, Side
from mailbot.core.procedure.protocol import NoticeRule
from mailbot.core.record import events as e
from mailbot.core.record.intents import Person
from mailbot.core.record.parties import Voice


def demanded(event: e.Event, case: Case) -> list[Notice]:
    """The notices that a clause of the protocol demands because of ``event``, each with that clause."""
    told: list[Notice] = []
    for rule in case.protocol.notices.values():
        stage = getattr(event, "stage", case.dispute.stage)
        if not _calls_for(rule, event, case.partnership) or (rule.stages and not _at_stage(rule, event, stage, case)):
            continue
        if not condition_holds(rule.condition, case.dispute):
            continue
        form = rule.send if rule.send in case.protocol.forms else ""
        for person in _recipients(rule, case):
            letter = "proposed_told" if _says_that_it_stands(event) else _LETTERS.get(type(event), "summary")
            told.append(Notice(letter, person, event, why=rule.why or rule.clause, form=form, note=rule.note))
    return told


def _calls_for(rule: NoticeRule, event: e.Event, partnership: Partnership) -> bool:
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
        case e.Reminded():
            wanted = {STUCK: Happening.LIMIT_PASSED, STANDS: Happening.EVERY_CHANGE}.get(event.clock)
            return wanted in happenings and wanted is not None
        case e.FormCompleted():
            return bool(happenings & {Happening.FORM_COMPLETE, Happening.FORM_SENT}) and event.form == rule.send
        case e.PersonRecorded():  # named after the notice fell due: told now
            return Happening.STATUS_KNOWN in happenings and event.role in rule.to
        case e.ResolutionConfirmed():
            return Happening.CONFIRMED in happenings
        case e.ResolutionProposed():
            return Happening.RESOLVED in happenings  # reported alone it changes nothing yet: what comes of it does
        case e.DisputeOpened():
            return Happening.RAISED in happenings
        case e.MeetingHeld():
            return bool(happenings & {Happening.MET, Happening.EVERY_CHANGE})
        case e.RouteTaken():
            return partnership.protocol.routes[event.route].counts_as in happenings - {None}
        case e.FieldRecorded():
            return Happening.STATUS_KNOWN in happenings and event.key == "child_status"
        case _:
            return Happening.EVERY_CHANGE in happenings and type(event) in _CHANGE


CALLS_FOR_A_NOTICE = frozenset(
    {
        Happening.STAGE_ENTERED,
        Happening.STAGE_CLOSED,
        Happening.EVERY_CHANGE,
        Happening.CLOSED,
        Happening.LIMIT_PASSED,
        Happening.FORM_COMPLETE,
        Happening.FORM_SENT,
        Happening.STATUS_KNOWN,
        Happening.GAP_REPORTED,
        Happening.CONFIRMED,
        Happening.RESOLVED,
        Happening.RAISED,
        Happening.MET,
        Happening.MONTHLY,
    }
)


def _says_that_it_stands(event: e.Event) -> bool:
    return isinstance(event, e.Reminded) and event.clock == STANDS


# What "kept informed" means, with the letter that says each: the one that those it concerns have as well.
_CHANGE: Mapping[type[e.Event], str] = {
    e.ResolutionProposed: "proposed_told",
    e.ResolutionObjected: "objected",
    e.DisputeReopened: "reopened",
    e.DateAgreed: "date_recorded",
    e.ProtectiveDateSet: "protective_date",
    e.PersonHandedOver: "handed_over",
    e.MeetingHeld: "noted",
    e.RouteTaken: "noted",
    e.MisreadUndone: "undone",
}
_LETTERS: Mapping[type[e.Event], str] = {
    **_CHANGE,
    e.DisputeClosed: "closed",
    e.DisputeOpened: "opened",
    e.ResolutionConfirmed: "proposed_told",
    e.StageEntered: "stage_told",
    e.FieldRecorded: "stage_told",
    e.PersonRecorded: "stage_told",
    e.FormCompleted: "noted",
    e.LimitPassed: "limit_passed",
    e.Reminded: "limit_passed",
}


def _at_stage(rule: NoticeRule, event: e.Event, stage: str, case: Case) -> bool:
    """Does a clause demand its notice at a stage? A fact that became known later, or in a dispute opened above the
    rule's stage, counts there too (GL-11). Where a dispute was settled at an earlier stage, and told late, its end is
    owed to whoever the stage that it had come to owes it: they have the form (NS Appendix 1)."""
    late = isinstance(event, e.FieldRecorded | e.PersonRecorded)
    if late or (isinstance(event, e.StageEntered) and event.how == "opening" and rule.or_when is not None):
        order = case.protocol.order()
        return max(order.index(v.stage) for v in case.dispute.visits) >= min(order.index(s) for s in rule.stages)
    reached = case.dispute.stage if isinstance(event, e.DisputeClosed) else stage
    return bool({stage, reached} & set(rule.stages))


def _recipients(rule: NoticeRule, case: Case) -> list[Person]:
    people: list[Person] = []
    for name in (*rule.to, *rule.then_to):
        found = everyone(case) if name == "everyone" else in_roles((name,), case)
        people += found or _by_post(name, case)
    return list(dict.fromkeys(people))


def of_voice(names: tuple[str, ...], voice: Voice, case: Case) -> list[Person]:
    """The people in these roles for one side, or one agency of it."""
    people = in_roles(names, case, voice.side)
    return [person for person in people if speaks_for(person, voice, case.dispute)]


def visible(told: Iterable[Notice], case: Case) -> tuple[Notice, ...]:
    """The notices ``told``, those of clauses too, without any to whoever has left; and to the other agency, for as long
    as the dispute is one agency's own."""
    gone = left_for_good(case.dispute)
    there = tuple(n for n in told if n.to.address not in gone)
    if not is_one_sided(case):
        return there
    return tuple(n for n in there if side_of(case.dispute, n.to) is not Side.RECEIVING)
