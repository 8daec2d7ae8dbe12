"""Announcements: who must be told of what has happened, with which letter. One table: event -> notices.

Two sources: what every procedure needs (the people whose turn it is, both sides, the writer), written here; and what
this one demands (``[notice.*]`` of its file), applied by ``demanded``. A person gets one letter for one message or
one tick: of several, the one that asks something of them (``settle``).
"""

from collections.abc import Mapping
from dataclasses import replace

from mailbot.core.clocks.case import Case
from mailbot.core.clocks.silence import BOTH, MANAGERS, MORNING_CHASE
from mailbot.core.decisions.authority import asked_to_decide, deciders
from mailbot.core.decisions.consequences import ANSWER
from mailbot.core.decisions.due import ANSWERED, CONFIRMATION, STANDS, UNTOLD, WHAT_CAME, held_back
from mailbot.core.decisions.parties.who_is_there import asked_what_follows, away_now, in_place, speaks_for
from mailbot.core.decisions.roles import STUCK, everyone, in_roles, passed_through
from mailbot.core.decisions.stages import is_partnership_stage, next_stage
from mailbot.core.notices.announcements_after_closing import AFTERWARDS
from mailbot.core.notices.announcements_of_absence import absence_told, is_away_past_limit, is_called_in
from mailbot.core.notices.announcements_of_resolution import (
    confirmed_to,
    proposed_to,
    put_back_to,
    receipt,
    still_waiting_to,
)
from mailbot.core.notices.clause_notices import demanded, of_voice, visible
from mailbot.core.notices.notice import (
    Announcement,
    Notice,
    NoticesOf,
    current,
    form_kept,
    office,
    to,
    with_form,
    word_of_untold,
)
from mailbot.core.notices.notice import current as _current
from mailbot.core.notices.notice import next_people as _next_people
from mailbot.core.notices.notice import office as _office
from mailbot.core.notices.notice import to as _to
from mailbot.core.partnership.partnership import Partnership, side_of
from mailbot.core.procedure.closed_lists import AtLimit, Effect, Side
from mailbot.core.procedure.outcomes import FOLLOW_UP_KEY
from mailbot.core.record import events as c
from mailbot.core.record import events as e
from mailbot.core.record import events as o
from mailbot.core.record.dispute import Dispute, Voice, fold
from mailbot.core.record.events import (
    AbsenceNoticed,
    FeedbackGiven,
    FormNotRead,
    FormReturned,
    NoticeFailed,
    OutsiderNoticed,
    QuestionAsked,
    RequestRefused,
    RiskReported,
    StatusAsked,
    WordsPassedOn,
)
from mailbot.core.record.intents import Person


def announce(event: e.Event, case: Case) -> tuple[Notice, ...]:
    """The announcements of ``event``: a notice to everybody who must be told of it; the case is as it stands after
    everything that came with it."""
    if was_told_to_nobody(event, case.dispute):
        return ()
    rule = _ANNOUNCEMENTS.get(type(event))
    told = rule(event, case) if rule else []
    return visible((*told, *demanded(event, case)), case)


def _opener(dispute: Dispute) -> list[Person]:
    """To announce to: whoever wrote the opening email, where that was for somebody else."""
    by = next((p.by for p in dispute.history if isinstance(p, e.StageEntered)), "")
    return [p.person for p in dispute.parties if by and p.person.address == by][-1:]


def _opened(event: e.DisputeOpened, case: Case) -> NoticesOf:
    dispute = case.dispute
    here = _current(case)
    if dispute.proposal is not None and dispute.proposal.at == event.at:
        return _to("opened", in_roles(case.stage.also_consult, case), event)
    told = with_form(_to("opened", here, event, acts=True), case)
    consulted = in_roles(case.stage.also_consult, case)
    practitioners = [
        *in_roles(("raiser", "responder"), case),
        event.raiser,
        *consulted,
        *_opener(dispute),
    ]
    if not case.stage.receiving:  # a one-sided stage: the other agency sees nothing (PL-02)
        practitioners = [p for p in practitioners if side_of(dispute, p) is Side.RAISING]
    return told + _to("opened", [p for p in practitioners if p not in here], event)


def _entered(event: e.StageEntered, case: Case) -> NoticesOf:
    if event.how == "opening":
        return []
    stage = case.protocol.stages[event.stage]
    letter = "referred" if is_partnership_stage(stage) else "stage_entered"
    here = in_roles((*stage.raising, *stage.receiving), case)  # in place of whom nobody knows, a name is asked for
    told = with_form(_to("stage_entered", here, event, acts=True), case)
    deciding = in_roles(asked_to_decide(case.dispute, case.protocol), case)
    if stage.sent_through:
        told += _to(letter, case.partnership.holders_of_offices((stage.sent_through,)), event, acts=True)
    told += _to(letter, deciding, event, acts=True)
    told += _to("stage_told", _told_of_a_move(case), event)
    return told + _nobody_known(event, case)


def _ended(event: e.StageEnded, case: Case) -> NoticesOf:
    """Announces that a stage has ended: its summary, while the next stage begins; a closing letter is the summary of
    the last."""
    return _to("summary", _told_of_a_move(case), event) if event.how != "closed" else []


def _told_of_a_move(case: Case) -> list[Person]:
    """To announce a move to: the people of the stage that ended, whoever raised it, and whoever was brought in. All
    whose stage ended before that, the other agency's practitioner among them, had its summary then, and hear of the
    end; what a clause owes them is its own."""
    protocol, order = case.protocol, case.protocol.order()
    ended = order.index(case.dispute.visits[-2].stage) if len(case.dispute.visits) > 1 else 0
    before, after = order[:ended], order[ended:]
    over = {role for name in before for role in (*protocol.stages[name].raising, *protocol.stages[name].receiving)}
    over -= {role for name in after for role in (*protocol.stages[name].raising, *protocol.stages[name].receiving)}
    over -= {"raiser", *protocol.stages[order[0]].raising}
    kept = {p.person.address for p in case.dispute.parties if p.role not in over}
    return [person for person in everyone(case) if person.address in kept]


def _nobody_known(event: e.StageEntered, case: Case) -> NoticesOf:
    """Announces that a stage began with nobody on one side: whoever came before is asked at once, and the
    Business Manager told."""
    stage, told = case.protocol.stages[event.stage], NoticesOf()
    away = [p for p in away_now(case) if is_away_past_limit(p, case)]
    for voice in case.dispute.voices():
        roles = stage.raising if voice.side is Side.RAISING else stage.receiving
        known = [p for p in of_voice(roles, voice, case) if case.partnership.may_write_to(p.address)]
        if roles and not known and not stage.decided_by:
            begun = [p for p in everyone(case) if speaks_for(p, voice, case.dispute)]
            asked = begun[-2:] or _current(case, voice.side)  # never those who are only named for later
            told += _to("still_needed", asked, event, acts=True)
            told += _to("still_needed", _office(case.partnership), event)
        elif known and all(p in away for p in known):  # they have their letter, and nobody reads it in time
            told += _to("still_needed", in_place(voice, case, or_away=True), event, acts=True)
    return told


def _reminded(event: e.Reminded, case: Case) -> NoticesOf:
    if event.clock.startswith((ANSWERED, WHAT_CAME)):
        return []  # the question to whoever took the route, or told of the meeting, says it
    if event.clock == UNTOLD:
        raiser = in_roles(("raiser",), case)
        return _to("still_needed", raiser, event, acts=True) + _to("still_needed", _office(case.partnership), event)
    if event.clock in (CONFIRMATION, STANDS) and case.dispute.proposal is not None:
        return still_waiting_to(event, case)
    if event.clock == STUCK:
        return _to("limit_passed", _office(case.partnership), event)
    if event.clock.startswith(MORNING_CHASE):
        return _silence(event, case)
    if event.clock in case.protocol.caps:
        letter = "refer_question" if _refers_next(event.clock, case) else "limit_passed"
        return _to(letter, _asked_what_follows(case), event, acts=True)
    told = _to("reminder", _current(case), event, acts=True)
    return told + _to("reminder", _deciding(case), event)


def _silence(event: e.Reminded, case: Case) -> NoticesOf:
    """Announces one rung of the ladder of reminders: to whoever is asked what follows; to both sides; to those who may
    take it on. Never to the raiser for the other side's silence: what follows is always the raising side's to say."""
    rung = event.clock.removeprefix(MORNING_CHASE).strip(": ")
    if rung == MANAGERS:
        above = _next_people(case)
        here = _current(case)
        others = [p.person for p in case.dispute.parties if p.side is Side.RAISING and p.person not in here]
        raising = [p for p in others if p.address]
        return _to("limit_passed", above or [*dict.fromkeys(raising), *_office(case.partnership)], event)
    letter = "refer_question" if _refers_next(event.clock, case) else "limit_passed"
    told = _to(letter, _asked_what_follows(case), event, acts=True)
    return told + (_to("limit_passed", _current(case, Side.RECEIVING), event) if rung == BOTH else [])


def _asked_what_follows(case: Case) -> list[Person]:
    """Announced to whoever is asked what follows; to the office, where nobody is left on the side that raised it."""
    return asked_what_follows(case) or _office(case.partnership)


def _refers_next(clock: str, case: Case) -> bool:
    following = next_stage(case)
    cap = case.protocol.caps.get(clock)
    return bool(cap and cap.then) or (following is not None and is_partnership_stage(following))


def _limit_passed(event: e.LimitPassed, case: Case) -> NoticesOf:
    """Announces that a limit passed. Move up: the next stage's letters say it. Ask: both sides and the next manager
    know that the limit went by. Where an agency could not be told of it, the office must tell it."""
    if event.untold and event.then is AtLimit.MOVE_UP:
        return word_of_untold(event, case)
    if event.then is AtLimit.ASK:
        letter = "refer_question" if event.points_to or _refers_next("", case) else "limit_passed"
        told = _to(letter, _asked_what_follows(case), event, acts=True)
        # With no stage to follow nobody is asked what follows: it is for both sides to speak.
        last = next_stage(case) is None
        told += _to("limit_passed", _current(case, Side.RECEIVING), event, acts=last)
        told += _to("limit_passed", [*_next_people(case), *_office(case.partnership)], event)
        return told
    if event.then is AtLimit.FLAG:
        return _to("limit_passed", [*_deciding(case), *_office(case.partnership)], event)
    if event.then is AtLimit.REMIND:
        clock = case.protocol.clocks.get(event.clock)
        here = (*case.stage.raising, *case.stage.receiving)
        acting = tuple(role for role in clock.who if role in here) or clock.who if clock else ()
        who = in_roles(acting, case)
        return _to("limit_passed", who or _current(case), event, acts=True)
    return []


def _deciding(case: Case) -> tuple[Person, ...]:
    """Those who decide now, and whoever passes things on to them."""
    through = case.stage.sent_through
    return tuple(in_roles((*asked_to_decide(case.dispute, case.protocol), through), case))


def _involved(letter: str) -> Announcement:
    """The announcement by ``letter`` to whoever the stage is with, and to the practitioners."""

    def tell(event: e.Event, case: Case) -> NoticesOf:
        current = _current(case)
        return _to(letter, current, event, acts=True) + _to(letter, in_roles(("raiser", "responder"), case), event)

    return tell


def _date_proposed(event: e.DateProposed, case: Case) -> NoticesOf:
    put = case.dispute.open_date
    if event.within:  # between two people of one side: the other agency has nothing to say to it
        here = _current(case, event.side)
        own = [p for p in (*in_roles((event.within,), case, event.side), *here) if p != event.by]
        return _to("date_proposed", own[:1], event, acts=True) + _to("date_proposed", [event.by], event)
    asked = [p for p in _current(case) if put is None or _voice_of(p, case.dispute) not in put.accepted]
    return _to("date_proposed", asked, event, acts=True) + _to("date_proposed", [event.by], event)


def _voice_of(person: Person, dispute: Dispute) -> Voice | None:
    party = dispute.party(person.address)
    return dispute.voice(party.side, dispute.agency_of(party)) if party else None


def _date_refused(event: e.DateRefused, case: Case) -> NoticesOf:
    if event.why == e.NO:
        return _to("date_refused", _current(case), event)
    return _to("date_refused", [event.by], event)


def _put_right(event: e.PersonRemoved | e.FieldRecorded, case: Case) -> NoticesOf:
    """Announces a correction to whoever makes it: they correct the record, take somebody out of it, or tell the child's
    status, and see that it was done. What is said after the end of how anything outstanding is followed up goes to both
    sides: no later letter would have it."""
    if isinstance(event, e.FieldRecorded) and event.key == FOLLOW_UP_KEY and not case.dispute.is_open:
        practitioners = in_roles(("raiser", "responder"), case)
        return _to("noted", [*_current(case), *practitioners], event)
    quiet = isinstance(event, e.FieldRecorded) and not event.correction and event.key != "child_status"
    at_once = (p for p in case.dispute.history if isinstance(p, FormReturned) and p.at == event.at)
    by_form = getattr(event, "key", "") in {
        change.key for p in at_once for change in p.changes
    }  # its own letter says it
    party = case.dispute.party(event.by)
    person = party.person if party else case.directory.person(event.by)
    return [] if quiet or by_form or not event.by else _to("noted", [person], event)


def _named(event: e.PersonRecorded, case: Case) -> NoticesOf:
    """Announces to somebody named while their stage runs that it is theirs from now on; they cannot
    know unless they are told. Of somebody who only supports, they and whoever brought them in are told; of somebody
    from a third agency, the office too."""
    dispute = case.dispute
    stage = case.stage
    if event.stands_in_for and is_called_in(event, dispute):
        return _to("stage_entered", [event.person], event, acts=True)
    if event.stands_in_for:  # they have the letter already; whom they stand in for hears that they answered it
        return _to("noted", [p.person for p in dispute.parties if p.person.address == event.stands_in_for][:1], event)
    if event.role == "supporter" and event.by and event.person.address and _is_new(event, dispute):
        by = [p.person for p in dispute.parties if p.person.address == event.by][-1:]
        third = bool(by) and event.person.agency not in (dispute.raising, *dispute.receiving_agencies)
        seen = [*by, *(office(case.partnership) if third else [])]
        return _to("stage_told", [event.person] if dispute.is_open else [], event) + _to("noted", seen, event)
    if not dispute.is_open or event.at <= dispute.visit.entered or not event.person.address:
        return []
    if event.side is Side.OTHER:  # told by the file's own notice; whoever was asked who it is hears that it is known
        topic = f"{ANSWER}no {event.role}"
        asked = (past.of for past in dispute.history if isinstance(past, QuestionAsked) and past.topic == topic)
        return _to("noted", [person for person in dict.fromkeys(asked) if person.address != event.by], event)
    if event.role in (*stage.raising, *stage.receiving, *deciders(dispute, case.protocol)):
        # whoever had it in their own name, and says whose it is, sees that it is theirs now
        by = [p.person for p in dispute.parties if event.role == "raiser" and p.person.address == event.by]
        return _to("stage_entered", [event.person], event, acts=True) + _to("noted", by[-1:], event)
    return _to("stage_told", [event.person] if event.role in stage.also_consult else [], event)


def _is_new(event: e.PersonRecorded, dispute: Dispute) -> bool:
    before = (p for p in dispute.history if isinstance(p, e.PersonRecorded) and p is not event)
    return all(p.person.address != event.person.address for p in before)


def _joined(event: e.AgencyJoined, case: Case) -> NoticesOf:
    """Announces that another agency is in it from now on: whoever had it recorded sees so, and everybody the stage is
    with."""
    party = case.dispute.party(event.by)
    by = party.person if party else case.directory.person(event.by)
    voice = case.dispute.voice(Side.RECEIVING, event.agency)
    theirs = [p for p in everyone(case) if voice.agency and speaks_for(p, voice, case.dispute)]
    acting = [p for p in of_voice(case.stage.receiving, voice, case) if case.partnership.may_write_to(p.address)]
    told = _to("noted", [by] if event.by else [], event) + _to("noted", _current(case), event)
    told += _to("stage_told", [p for p in theirs if p not in acting], event)
    return NoticesOf(n for n in told if n.to not in acting)  # of one with nobody known, the office hears by ``due``


def _left(event: e.AgencyLeft, case: Case) -> NoticesOf:
    """Announces that an agency is in it no longer: to its people, who get nothing more; to whoever had it so, and to
    everybody whom the stage is with; and to the office."""
    party = case.dispute.party(event.by)
    by = party.person if party else case.directory.person(event.by)
    return _to("noted", [*event.people, by, *_current(case), *_office(case.partnership)], event)


def _handed_over(event: e.PersonHandedOver, case: Case) -> NoticesOf:
    stages = case.protocol.stages.values()
    beside = {r for s in stages if event.role in (*s.raising, *s.receiving) for r in (*s.raising, *s.receiving)}
    counterparts = in_roles(tuple(sorted(beside)), case)
    told = _to("handed_over", [event.taking], event, acts=True)
    by = [p.person for p in case.dispute.parties if event.by and p.person.address == event.by][-1:]
    return told + _to("handed_over", [event.leaving, *by, *counterparts], event)


def _closed(event: e.DisputeClosed, case: Case) -> NoticesOf:
    """Announces a closing to everybody in it, and whoever decided: they see that their decision was recorded as they
    gave it. The managers of each agency at the stages that keep the form have it as it ended: each files it."""
    decided = in_roles(asked_to_decide(case.dispute, case.protocol), case)
    form, stages = form_kept(case), case.protocol.stages
    kept = [stages[visit.stage] for visit in case.dispute.visits if stages[visit.stage].record == form]
    keepers = in_roles(tuple({r for one in kept for r in (*one.raising, *one.receiving)}), case)
    told = _to("closed", [*everyone(case), *_whose_word_it_was(case), *decided, *passed_through(case)], event)
    return [replace(n, form=form) if form and n.to in keepers else n for n in told]


def _whose_word_it_was(case: Case) -> list[Person]:
    """Announced to besides: whoever decided, or reported or confirmed what was agreed before their own stage."""
    said = [p for p in case.dispute.lately if isinstance(p, e.ResolutionProposed | e.ResolutionConfirmed)]
    decided = [past.by for past in case.dispute.lately if isinstance(past, e.DecisionMade)]
    return decided + [p.person for p in case.dispute.parties if p.person.address in {one.by.address for one in said}]


def _told_of_the_end(event: e.DisputeClosed, case: Case, by: Person) -> list[Person]:
    """Announced to already: everybody who has had a letter that it is closed, by the file's own notices as well; ``by``
    is who opens it again, and knows."""
    told = (notice.to for notice in (*_closed(event, case), *demanded(event, case)))
    return [person for person in told if person.address != by.address]


def _reopened(event: e.DisputeReopened, case: Case) -> NoticesOf:
    """Announces that it is open again: to whoever it is with now, those who decide there among them, and to everybody
    who goes on believing that it is closed."""
    ended = next((past for past in reversed(case.dispute.history) if isinstance(past, e.DisputeClosed)), None)
    told = _to("reopened", [*_current(case), *_deciding(case)], event, acts=True)
    others = _told_of_the_end(ended, case, event.by) if ended is not None else []
    return told + _to("reopened", [*in_roles(("raiser", "responder"), case), *others], event)


def _reported(event: e.ActionReported, case: Case) -> NoticesOf:
    """Announces an action done, by its doer's word: to them, where it was read from a phrase. Everybody else sees it in
    the record."""
    return _to("noted", receipt(event), event)


def _route(event: e.RouteTaken, case: Case) -> NoticesOf:
    """Announces a route taken to whoever opened it, and whoever the protocol sends it to: where it names nobody,
    a side route concerns the people the stage is with, and what is only offered or recorded the office. The
    stage and its clock go on."""
    route = case.protocol.routes[event.route]
    sent_to = in_roles((*route.to, *((route.sent_through,) if route.sent_through else ())), case)
    if not sent_to and route.effect is Effect.SIDE:
        told = _to("noted", [*_current(case), *_deciding(case)], event)
    elif not sent_to and route.effect in (Effect.OFFER, Effect.RECORD_ONLY):
        told = _to("noted", _office(case.partnership), event)
    else:
        told = _to("referred" if route.clocks else "noted", sent_to, event, acts=True)
    # what the procedure asks of whoever takes it (whom to ring, what to send) is theirs to do
    return told + _to("noted", [event.by], event, acts=bool(route.contact) and case.dispute.is_open)


def _version_moved(event: e.VersionMoved, case: Case) -> NoticesOf:
    """Announces to the people of the stage that the dispute follows another version; where a limit moved with it, the
    letter about the limit says both."""
    moved = any(isinstance(p, e.CalendarMoved) and p.version and p.at == event.at for p in case.dispute.history)
    return [] if moved else _involved("calendar_moved")(event, case)


# Who must be told of what concerns the correspondence itself: questions, refusals, danger, letters that came back.


def writer(letter: str) -> Announcement:
    def tell(event: e.Event, case: Case) -> NoticesOf:
        by = getattr(event, "by", None)
        return to(letter, [by] if isinstance(by, Person) else [], event)

    return tell


def _not_delivered(event: NoticeFailed, case: Case) -> NoticesOf:
    """Announces a letter that did not arrive. A stage clock runs while nobody has been told: the raising side, the
    other side and the Business Manager know at once, and the deputy gets what bounced. Once it is closed nothing runs:
    the Business Manager is told."""
    partnership = case.partnership
    if not case.dispute.is_open:
        return to("not_delivered", office(partnership), event, acts=True)
    deputy = partnership.directory.deputy_of(event.address)
    theirs_now = event.address in {person.address for person in (*current(case), *_deciding(case))}
    told = to("stage_entered", [deputy] if deputy and theirs_now else [], event, acts=True)
    agencies = {a.name for a in partnership.directory.agencies_at(event.address)}
    people = [p for p in everyone(case) if p.address != event.address]
    unreached = [p for p in current(case) if p.agency in agencies]
    theirs = [p for p in people if p.agency in agencies and p not in unreached]
    others = [p for p in people if p.agency not in agencies]
    return told + to("not_delivered", [*theirs[-1:], *others[-2:], *office(partnership)], event, acts=True)


def _question(event: QuestionAsked, case: Case) -> NoticesOf:
    return to("question", [event.of], event, acts=True)


def _refused(event: RequestRefused, case: Case) -> NoticesOf:
    """Announces a refusal to its asker. When the receiving side asked to move up, the raising side hears
    that too (D2, ESCALATE)."""
    told = to("refused", [event.by], event)
    if event.act == "move_up" and side_of(case.dispute, event.by) is Side.RECEIVING:
        told += to("question", current(case, Side.RAISING), event, acts=True)
    return told


def _managers_roles(partnership: Partnership) -> tuple[str, ...]:
    """Roles to announce to, of the stage after the one at which practitioners talk: their managers, by any name."""
    protocol = partnership.protocol
    following = protocol.stages.get(protocol.stages[protocol.usual_start()].next)
    return (*following.raising, *following.receiving) if following is not None else ()


def _risk(event: RiskReported, case: Case) -> NoticesOf:
    others = [p for p in current(case) if p.address != event.by.address]
    managers = in_roles(_managers_roles(case.partnership), case)
    side = side_of(case.dispute, event.by)
    consulted = in_roles(case.stage.also_consult, case, *((side,) if side else ()))
    others += [p for p in (*managers, *consulted) if p.address != event.by.address]
    return to("urgent", [event.by], event, acts=True) + to(
        "urgent_told", [*others, *case.partnership.alarmed()], event, acts=True
    )


def _outsider(event: OutsiderNoticed, case: Case) -> NoticesOf:
    return to("outsider", [event.by], event) + to("outsider_told", office(case.partnership), event)


def _feedback_given(event: FeedbackGiven, case: Case) -> NoticesOf:
    """Thanked once, however often they write."""
    before = [given for given in case.dispute.feedback if given.by.address == event.by.address]
    return to("thanks", [event.by] if before[:1] in ([], [event]) else [], event)


def _form_returned(event: FormReturned, case: Case) -> NoticesOf:
    """Announces a returned form: its sender hears what was read, with the form as it now stands; what the other side
    filled in is put to the people of the side that keeps the form."""
    told = to("form_read", [event.by], event, acts=True)
    if event.recorded:
        return [replace(notice, form=event.form) for notice in told]
    keepers = current(case, Side.RAISING) or in_roles(("raiser",), case)
    return told + (to("form_read", keepers, event, acts=True) if event.changes else [])


def _form_not_read(event: FormNotRead, case: Case) -> NoticesOf:
    return to("form_read", [event.by], event)


def _passed_on(event: WordsPassedOn, case: Case) -> NoticesOf:
    """Announces words passed on to both agencies, or to those who decide; who wrote it sees that it went."""
    if event.to_deciders:
        theirs = in_roles(deciders(case.dispute, case.protocol), case)
    else:
        theirs = [p for p in everyone(case) if side_of(case.dispute, p) in (Side.RAISING, Side.RECEIVING)]
    others = [p for p in theirs if p.address != event.by.address]
    return to("noted", others, event, acts=not event.to_deciders) + to("noted", [event.by], event)


OF_MAIL: Mapping[type[e.Event], Announcement] = {
    QuestionAsked: _question,
    RequestRefused: _refused,
    StatusAsked: writer("status"),
    RiskReported: _risk,
    OutsiderNoticed: _outsider,
    AbsenceNoticed: absence_told,
    NoticeFailed: _not_delivered,
    FeedbackGiven: _feedback_given,
    FormReturned: _form_returned,
    FormNotRead: _form_not_read,
    WordsPassedOn: _passed_on,
}

# Who must be told of what the partnership's own office did, and of what it took back.


def _held(event: o.AutomaticMoveHeld, case: Case) -> NoticesOf:
    return involved("move_held", event, case)


def _resumed(event: o.AutomaticMoveResumed, case: Case) -> NoticesOf:
    """Announces that automatic moves go on again. Where the limit has passed meanwhile the dispute moves at once, and
    the letters of the move say why."""
    if held_back(replace(case, now=event.at)) is not None:
        return []
    return involved("move_resumed", event, case)


def _put_back(event: e.MisreadUndone, case: Case) -> NoticesOf:
    """Announces what was put back to those it concerns, and to everybody who had a letter about it; and where the
    office put back its own doing, to whoever that had named."""
    history = case.dispute.history
    undone = [history[place] for place in event.places]
    then = replace(case, dispute=fold(history[: max(event.places, default=0) + 1]))
    believe = [n.to for past in undone if not isinstance(past, QUIET) for n in announce(past, then)]
    by_office = event.by.address in {person.address for person in case.partnership.alarmed()}  # its answer tells it
    told = involved("undone", event, case)
    told += to("undone", [p for p in believe if not by_office or p.address != event.by.address], event)
    if not by_office:
        return told
    if any(isinstance(past, e.DisputeClosed) for past in undone):
        told += to("undone", everyone(case), event)
    return told + to("undone", [p.person for p in undone if isinstance(p, e.PersonRecorded)], event)


OF_OFFICE: Mapping[type[e.Event], Announcement] = {
    o.AutomaticMoveHeld: _held,
    o.AutomaticMoveResumed: _resumed,
    e.MisreadUndone: _put_back,
}


_ANNOUNCEMENTS: Mapping[type[e.Event], Announcement] = {
    e.DisputeOpened: _opened,
    e.StageEnded: _ended,
    e.StageEntered: _entered,
    e.Reminded: _reminded,
    e.LimitPassed: _limit_passed,
    e.LimitWaited: word_of_untold,
    e.ResolutionProposed: proposed_to,
    e.ResolutionConfirmed: confirmed_to,
    e.DecisionPut: writer("noted"),
    e.AgencyJoined: _joined,
    e.AgencyLeft: _left,
    e.DateAccepted: writer("noted"),
    e.ResolutionObjected: put_back_to,
    e.DisputeClosed: _closed,
    e.DisputeReopened: _reopened,
    e.DateProposed: _date_proposed,
    e.DateAgreed: _involved("date_recorded"),
    e.DateRefused: _date_refused,
    e.ProtectiveDateSet: _involved("protective_date"),
    e.PersonRecorded: _named,
    e.PersonRemoved: _put_right,
    e.FieldRecorded: _put_right,
    e.PersonHandedOver: _handed_over,
    e.ActionReported: _reported,
    e.MeetingHeld: writer("noted"),
    e.MeetingPlanned: writer("noted"),
    e.RouteTaken: _route,
    e.CalendarMoved: lambda ev, case: _involved("calendar_moved")(ev, case) if ev.was != ev.becomes else [],
    e.VersionMoved: _version_moved,
    **OF_MAIL,
    **AFTERWARDS,
    **OF_OFFICE,
}
# Of these nobody in the dispute has had a letter, so nobody has one when they are put back.
QUIET = (o.DisputeLinked, o.WordsRedacted, c.MessageFiled, c.OutsiderNoticed, c.QuestionAsked, c.StatusAsked)


def involved(letter: str, event: e.Event, case: Case) -> NoticesOf:
    """The announcement of one event by ``letter`` to whoever the stage is with, and to the
    practitioners: both sides alike."""
    told = to(letter, current(case), event, acts=True)
    return told + to(letter, in_roles(("raiser", "responder"), case), event)


def was_told_to_nobody(event: e.Event, dispute: Dispute) -> bool:
    return (
        isinstance(event, e.MisreadUndone)
        and bool(event.places)
        and all(isinstance(dispute.history[place], QUIET) for place in event.places)
    )
