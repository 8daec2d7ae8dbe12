"""Announcements: who must be told of what has happened, with which letter. One table: event -> notices.

Two sources: what every procedure needs (the people whose turn it is, both sides, the writer), in the tables of
this room; and what this one demands (``[notice.*]`` of its file), applied by ``demanded``. A person gets one letter for
one message or one tick: of several, the one that asks something of them (``settle``).
"""

from collections.abc import Mapping
from dataclasses import replace

from mailbot.core.clocks.case import Case
from mailbot.core.clocks.silence import BOTH, MANAGERS, MORNING_CHASE
from mailbot.core.decisions.due import ANSWERED, CONFIRMATION, STANDS, UNTOLD, WHAT_CAME, held_back
from mailbot.core.decisions.people.roles import STUCK, everyone, in_roles, passed_through
from mailbot.core.decisions.people.who_is_there import asked_what_follows, away_now, in_place, speaks_for
from mailbot.core.decisions.stages import is_partnership_stage, next_stage
from mailbot.core.decisions.who_may.authority import asked_to_decide
from mailbot.core.notices.announcements_after_closing import AFTERWARDS
from mailbot.core.notices.announcements_of_mail import OF_MAIL
from mailbot.core.notices.announcements_of_people import OF_PEOPLE, is_away_past_limit
from mailbot.core.notices.announcements_of_resolution import (
    confirmed_to,
    or_whoever_asked,
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
    deciding,
    form_kept,
    involved,
    next_people,
    office,
    to,
    with_form,
    word_of_untold,
    writer,
)
from mailbot.core.partnership.partnership import side_of
from mailbot.core.procedure.closed_lists import AtLimit, Effect, Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.events_of_mail import MessageFiled, OutsiderNoticed, QuestionAsked, StatusAsked
from mailbot.core.record.intents import Person
from mailbot.core.record.parties import Voice


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
    here = current(case)
    if dispute.proposal is not None and dispute.proposal.at == event.at:
        return to("opened", in_roles(case.stage.also_consult, case), event)
    told = with_form(to("opened", here, event, acts=True), case)
    consulted = in_roles(case.stage.also_consult, case)
    practitioners = [
        *in_roles(("raiser", "responder"), case),
        event.raiser,
        *consulted,
        *_opener(dispute),
    ]
    if not case.stage.receiving:  # a one-sided stage: the other agency sees nothing (PL-02)
        practitioners = [p for p in practitioners if side_of(dispute, p) is Side.RAISING]
    return told + to("opened", [p for p in practitioners if p not in here], event)


def _entered(event: e.StageEntered, case: Case) -> NoticesOf:
    if event.how == "opening":
        return []
    stage = case.protocol.stages[event.stage]
    letter = "referred" if is_partnership_stage(stage) else "stage_entered"
    here = in_roles((*stage.raising, *stage.receiving), case)  # in place of whom nobody knows, a name is asked for
    told = with_form(to("stage_entered", here, event, acts=True), case)
    deciding = in_roles(asked_to_decide(case.dispute, case.protocol), case)
    if stage.sent_through:
        told += to(letter, case.partnership.holders_of_offices((stage.sent_through,)), event, acts=True)
    told += to(letter, deciding, event, acts=True)
    told += to("stage_told", _told_of_a_move(case), event)
    return told + _nobody_known(event, case)


def _ended(event: e.StageEnded, case: Case) -> NoticesOf:
    """Announces that a stage has ended: its summary, while the next stage begins; a closing letter is the summary of
    the last."""
    return to("summary", _told_of_a_move(case), event) if event.how != "closed" else []


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
            asked = begun[-2:] or current(case, voice.side)  # never those who are only named for later
            told += to("still_needed", asked, event, acts=True)
            told += to("still_needed", office(case.partnership), event)
        elif known and all(p in away for p in known):  # they have their letter, and nobody reads it in time
            told += to("still_needed", in_place(voice, case, or_away=True), event, acts=True)
    return told


def _reminded(event: e.Reminded, case: Case) -> NoticesOf:
    if event.clock.startswith((ANSWERED, WHAT_CAME)):
        return []  # the question to whoever took the route, or told of the meeting, says it
    if event.clock == UNTOLD:
        raiser = in_roles(("raiser",), case)
        return to("still_needed", raiser, event, acts=True) + to("still_needed", office(case.partnership), event)
    if event.clock in (CONFIRMATION, STANDS) and case.dispute.proposal is not None:
        return still_waiting_to(event, case)
    if event.clock == STUCK:
        return to("limit_passed", office(case.partnership), event)
    if event.clock.startswith(MORNING_CHASE):
        return _silence(event, case)
    if event.clock in case.protocol.caps:
        letter = "refer_question" if _refers_next(event.clock, case) else "limit_passed"
        return to(letter, _asked_what_follows(case), event, acts=True)
    told = to("reminder", current(case), event, acts=True)
    return told + to("reminder", deciding(case), event)


def _silence(event: e.Reminded, case: Case) -> NoticesOf:
    """Announces one rung of the ladder of reminders: to whoever is asked what follows; to both sides; to those who may
    take it on. Never to the raiser for the other side's silence: what follows is always the raising side's to say."""
    rung = event.clock.removeprefix(MORNING_CHASE).strip(": ")
    if rung == MANAGERS:
        above = next_people(case)
        here = current(case)
        others = [p.person for p in case.dispute.parties if p.side is Side.RAISING and p.person not in here]
        raising = [p for p in others if p.address]
        return to("limit_passed", above or [*dict.fromkeys(raising), *office(case.partnership)], event)
    letter = "refer_question" if _refers_next(event.clock, case) else "limit_passed"
    told = to(letter, _asked_what_follows(case), event, acts=True)
    return told + (to("limit_passed", current(case, Side.RECEIVING), event) if rung == BOTH else [])


def _asked_what_follows(case: Case) -> list[Person]:
    """Announced to whoever is asked what follows; to the office, where nobody is left on the side that raised it."""
    return asked_what_follows(case) or office(case.partnership)


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
        told = to(letter, _asked_what_follows(case), event, acts=True)
        # With no stage to follow nobody is asked what follows: it is for both sides to speak.
        last = next_stage(case) is None
        told += to("limit_passed", current(case, Side.RECEIVING), event, acts=last)
        told += to("limit_passed", [*next_people(case), *office(case.partnership)], event)
        return told
    if event.then is AtLimit.FLAG:
        return to("limit_passed", [*deciding(case), *office(case.partnership)], event)
    if event.then is AtLimit.REMIND:
        clock = case.protocol.clocks.get(event.clock)
        here = (*case.stage.raising, *case.stage.receiving)
        acting = tuple(role for role in clock.who if role in here) or clock.who if clock else ()
        who = in_roles(acting, case)
        return to("limit_passed", who or current(case), event, acts=True)
    return []


def _involved(letter: str) -> Announcement:
    """The announcement by ``letter`` to whoever the stage is with, and to the practitioners."""

    def tell(event: e.Event, case: Case) -> NoticesOf:
        return involved(letter, event, case)

    return tell


def _date_proposed(event: e.DateProposed, case: Case) -> NoticesOf:
    put = case.dispute.open_date
    if event.within:  # between two people of one side: the other agency has nothing to say to it
        here = current(case, event.side)
        own = [p for p in (*in_roles((event.within,), case, event.side), *here) if p != event.by]
        return to("date_proposed", own[:1], event, acts=True) + to("date_proposed", [event.by], event)
    asked = [p for p in current(case) if put is None or _voice_of(p, case.dispute) not in put.accepted]
    return to("date_proposed", asked, event, acts=True) + to("date_proposed", [event.by], event)


def _voice_of(person: Person, dispute: Dispute) -> Voice | None:
    party = dispute.party(person.address)
    return dispute.voice(party.side, dispute.agency_of(party)) if party else None


def _date_refused(event: e.DateRefused, case: Case) -> NoticesOf:
    if event.why == e.NO:
        here = current(case)
        return to("date_refused", [*here, *or_whoever_asked(e.DateProposed, here, case)], event)
    return to("date_refused", [event.by], event)


def _closed(event: e.DisputeClosed, case: Case) -> NoticesOf:
    """Announces a closing to everybody in it, and whoever decided: they see that their decision was recorded as they
    gave it. The managers of each agency at the stages that keep the form have it as it ended: each files it."""
    decided = in_roles(asked_to_decide(case.dispute, case.protocol), case)
    form, stages = form_kept(case), case.protocol.stages
    kept = [stages[visit.stage] for visit in case.dispute.visits if stages[visit.stage].record == form]
    keepers = in_roles(tuple({r for one in kept for r in (*one.raising, *one.receiving)}), case)
    told = to("closed", [*everyone(case), *_whose_word_it_was(case), *decided, *passed_through(case)], event)
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
    told = to("reopened", [*current(case), *deciding(case)], event, acts=True)
    others = _told_of_the_end(ended, case, event.by) if ended is not None else []
    return told + to("reopened", [*in_roles(("raiser", "responder"), case), *others], event)


def _reported(event: e.ActionReported, case: Case) -> NoticesOf:
    """Announces an action done, by its doer's word: to them, where it was read from a phrase. Everybody else sees it in
    the record."""
    return to("noted", receipt(event), event)


def _route(event: e.RouteTaken, case: Case) -> NoticesOf:
    """Announces a route taken to whoever opened it, and whoever the protocol sends it to: where it names nobody,
    a side route concerns the people the stage is with, and what is only offered or recorded the office. The
    stage and its clock go on."""
    route = case.protocol.routes[event.route]
    sent_to = in_roles((*route.to, *((route.sent_through,) if route.sent_through else ())), case)
    if not sent_to and route.effect is Effect.SIDE:
        told = to("noted", [*current(case), *deciding(case)], event)
    elif not sent_to and route.effect in (Effect.OFFER, Effect.RECORD_ONLY):
        told = to("noted", office(case.partnership), event)
    else:
        told = to("referred" if route.clocks else "noted", sent_to, event, acts=True)
    # what the procedure asks of whoever takes it (whom to ring, what to send) is theirs to do
    return told + to("noted", [event.by], event, acts=bool(route.contact) and case.dispute.is_open)


def _version_moved(event: e.VersionMoved, case: Case) -> NoticesOf:
    """Announces to the people of the stage that the dispute follows another version; where a limit moved with it, the
    letter about the limit says both."""
    moved = any(isinstance(p, e.CalendarMoved) and p.version and p.at == event.at for p in case.dispute.history)
    return [] if moved else _involved("calendar_moved")(event, case)


# Who must be told of what the partnership's own office did, and of what it took back.


def _held(event: e.AutomaticMoveHeld, case: Case) -> NoticesOf:
    return involved("move_held", event, case)


def _resumed(event: e.AutomaticMoveResumed, case: Case) -> NoticesOf:
    """Announces that automatic moves go on again. Where the limit has passed meanwhile the dispute moves at once, and
    the letters of the move say why."""
    if held_back(replace(case, now=event.at)) is not None:
        return []
    return involved("move_resumed", event, case)


def _put_back(event: e.MisreadUndone, case: Case) -> NoticesOf:
    """Announces what was put back to those it concerns, and to everybody who had a letter about it, or a question that
    came of it; and where the office put back its own doing, to whoever that had named."""
    history = case.dispute.history
    undone = [history[place] for place in event.places]
    if all(
        isinstance(past, (e.DecisionPut, *QUIET)) for past in undone
    ):  # known to those who decide, and to nobody else
        return to("undone", [event.by, *deciding(case)], event)
    then = replace(case, dispute=fold(history[: max(event.places, default=0) + 1]))
    believe = [n.to for past in undone if not isinstance(past, QUIET) for n in announce(past, then)]
    believe += [past.of for past in undone if isinstance(past, QuestionAsked) and past.of.address != event.by.address]
    by_office = event.by.address in {person.address for person in case.partnership.alarmed()}  # its answer tells it
    told = involved("undone", event, case)
    told += to("undone", [p for p in believe if not by_office or p.address != event.by.address], event)
    if not by_office:
        return told
    if any(isinstance(past, e.DisputeClosed) for past in undone):
        told += to("undone", everyone(case), event)
    return told + to("undone", [p.person for p in undone if isinstance(p, e.PersonRecorded)], event)


OF_OFFICE: Mapping[type[e.Event], Announcement] = {
    e.AutomaticMoveHeld: _held,
    e.AutomaticMoveResumed: _resumed,
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
    e.DateAccepted: writer("noted"),
    e.ResolutionObjected: put_back_to,
    e.DisputeClosed: _closed,
    e.DisputeReopened: _reopened,
    e.DateProposed: _date_proposed,
    e.DateAgreed: _involved("date_recorded"),
    e.DateRefused: _date_refused,
    e.ProtectiveDateSet: _involved("protective_date"),
    e.ActionReported: _reported,
    e.MeetingHeld: writer("noted"),
    e.MeetingPlanned: writer("noted"),
    e.RouteTaken: _route,
    e.CalendarMoved: lambda ev, case: _involved("calendar_moved")(ev, case) if ev.was != ev.becomes else [],
    e.VersionMoved: _version_moved,
    **OF_PEOPLE,
    **OF_MAIL,
    **AFTERWARDS,
    **OF_OFFICE,
}
# Of these nobody in the dispute has had a letter, so nobody has one when they are put back.
QUIET = (e.DisputeLinked, e.WordsRedacted, MessageFiled, OutsiderNoticed, QuestionAsked, StatusAsked)


def was_told_to_nobody(event: e.Event, dispute: Dispute) -> bool:
    return (
        isinstance(event, e.MisreadUndone)
        and bool(event.places)
        and all(isinstance(dispute.history[place], QUIET) for place in event.places)
    )
