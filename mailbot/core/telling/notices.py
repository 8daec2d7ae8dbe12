"""Who must be told of what has happened, with which letter. One table: event -> notices.

Two sources: what every procedure needs (the people whose turn it is, both sides, the writer), written here; and what
this one demands (``[notice.*]`` of its file), applied by ``demanded``. A person gets one letter for one message or
one tick: of several, the one that asks something of them (``settle``).
"""

from collections.abc import Mapping
from dataclasses import replace

from mailbot.core.clocks.due import ANSWERED, CONFIRMATION, MORNING_CHASE, UNTOLD
from mailbot.core.decisions.deciders import deciders
from mailbot.core.decisions.moving import is_partnership_stage, next_stage
from mailbot.core.happened import events as e
from mailbot.core.happened.correspondence import FormReturned
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.intents import Person
from mailbot.core.happened.parts import Voice
from mailbot.core.procedure.closed_lists import AtLimit, Effect, Side
from mailbot.core.procedure.partnership import Partnership, side_of
from mailbot.core.telling.announcing import Announcement, Told, form_kept, with_form
from mailbot.core.telling.announcing import current as _current
from mailbot.core.telling.announcing import next_people as _next_people
from mailbot.core.telling.announcing import office as _office
from mailbot.core.telling.announcing import to as _to
from mailbot.core.telling.demands import STUCK, demanded, everyone, in_roles, of_voice, speaks_for, visible
from mailbot.core.telling.letters import Notice
from mailbot.core.telling.notices_afterwards import AFTERWARDS
from mailbot.core.telling.notices_of_mail import OF_MAIL, writer
from mailbot.core.telling.notices_of_office import OF_OFFICE, was_told_to_nobody


def announce(event: e.Event, dispute: Dispute, partnership: Partnership) -> tuple[Notice, ...]:
    """Everybody who must be told of ``event``; ``dispute`` is as it stands after everything that came with it."""
    if was_told_to_nobody(event, dispute):
        return ()
    rule = _ANNOUNCEMENTS.get(type(event))
    told = rule(event, dispute, partnership) if rule else []
    return visible((*told, *demanded(event, dispute, partnership)), dispute, partnership)


def _opened(event: e.DisputeOpened, dispute: Dispute, partnership: Partnership) -> Told:
    here = _current(dispute, partnership)
    if dispute.proposal is not None and dispute.proposal.at == event.at:
        return _to("opened", in_roles(partnership.stage_of(dispute).also_consult, dispute, partnership), event)
    told = with_form(_to("opened", here, event, acts=True), dispute, partnership)
    consulted = in_roles(partnership.stage_of(dispute).also_consult, dispute, partnership)
    practitioners = [*in_roles(("raiser", "responder"), dispute, partnership), event.raiser, *consulted]
    if not partnership.stage_of(dispute).receiving:  # a one-sided stage: the other agency sees nothing (PL-02)
        practitioners = [p for p in practitioners if side_of(dispute, p) is Side.RAISING]
    return told + _to("opened", [p for p in practitioners if p not in here], event)


def _entered(event: e.StageEntered, dispute: Dispute, partnership: Partnership) -> Told:
    if event.how == "opening":
        return []
    stage = partnership.protocol.stages[event.stage]
    letter = "referred" if is_partnership_stage(stage) else "stage_entered"
    told = _to("stage_entered", _current(dispute, partnership), event, acts=True)
    told = with_form(told, dispute, partnership)
    deciding = in_roles(deciders(dispute, partnership.protocol), dispute, partnership)
    if stage.sent_through:
        told += _to(letter, partnership.holders_of_offices((stage.sent_through,)), event, acts=True)
    told += _to(letter, deciding, event, acts=True)
    told += _to("stage_told", everyone(dispute, partnership), event)
    return told + _nobody_known(event, dispute, partnership)


def _ended(event: e.StageEnded, dispute: Dispute, partnership: Partnership) -> Told:
    """Its summary to everybody in it, while the next stage begins; a closing letter is the summary of the last."""
    return _to("summary", everyone(dispute, partnership), event) if event.how != "closed" else []


def _nobody_known(event: e.StageEntered, dispute: Dispute, partnership: Partnership) -> Told:
    """A stage began with nobody on one side: whoever came before is asked at once, and the Business Manager told."""
    stage, told = partnership.protocol.stages[event.stage], Told()
    for voice in dispute.voices():
        roles = stage.raising if voice.side is Side.RAISING else stage.receiving
        known = [p for p in of_voice(roles, voice, dispute, partnership) if partnership.may_write_to(p.address)]
        if roles and not known and not stage.decided_by:
            begun = [p for p in everyone(dispute, partnership) if speaks_for(p, voice, dispute)]
            asked = begun[-2:] or _current(dispute, partnership)  # never those who are only named for later
            told += _to("still_needed", asked, event, acts=True)
            told += _to("still_needed", _office(partnership), event)
    return told


def _reminded(event: e.Reminded, dispute: Dispute, partnership: Partnership) -> Told:
    if event.clock.startswith(ANSWERED):
        return []  # the question to whoever took the route says it
    if event.clock == UNTOLD:
        raiser = in_roles(("raiser",), dispute, partnership)
        return _to("still_needed", raiser, event, acts=True) + _to("still_needed", _office(partnership), event)
    if event.clock == CONFIRMATION and dispute.proposal is not None:
        return _to("proposed", _asked_to_confirm(dispute, partnership), event, acts=True)
    if event.clock == STUCK:
        return _to("limit_passed", _office(partnership), event)
    points_to_partnership = event.clock == MORNING_CHASE or event.clock in partnership.protocol.caps
    if points_to_partnership:
        letter = "refer_question" if _refers_next(event.clock, dispute, partnership) else "limit_passed"
        return _to(letter, _current(dispute, partnership, Side.RAISING), event, acts=True)
    told = _to("reminder", _current(dispute, partnership), event, acts=True)
    return told + _to("reminder", _deciding(dispute, partnership), event)


def _refers_next(clock: str, dispute: Dispute, partnership: Partnership) -> bool:
    following = next_stage(dispute, partnership)
    cap = partnership.protocol.caps.get(clock)
    return bool(cap and cap.then) or (following is not None and is_partnership_stage(following))


def _limit_passed(event: e.LimitPassed, dispute: Dispute, partnership: Partnership) -> Told:
    """Move up: the next stage's letters say it. Ask: both sides and the next manager know that the limit went by."""
    if event.then is AtLimit.ASK:
        letter = "refer_question" if event.points_to or _refers_next("", dispute, partnership) else "limit_passed"
        told = _to(letter, _current(dispute, partnership, Side.RAISING), event, acts=True)
        told += _to("limit_passed", _current(dispute, partnership, Side.RECEIVING), event)
        told += _to("limit_passed", [*_next_people(dispute, partnership), *_office(partnership)], event)
        return told
    if event.then is AtLimit.FLAG:
        return _to("limit_passed", [*_deciding(dispute, partnership), *_office(partnership)], event)
    if event.then is AtLimit.REMIND:
        clock = partnership.protocol.clocks.get(event.clock)
        here = (*partnership.stage_of(dispute).raising, *partnership.stage_of(dispute).receiving)
        acting = tuple(role for role in clock.who if role in here) or clock.who if clock else ()
        who = in_roles(acting, dispute, partnership)
        return _to("limit_passed", who or _current(dispute, partnership), event, acts=True)
    return []


def _deciding(dispute: Dispute, partnership: Partnership) -> tuple[Person, ...]:
    """Those who decide now, and whoever passes things on to them."""
    through = partnership.stage_of(dispute).sent_through
    return tuple(in_roles((*deciders(dispute, partnership.protocol), through), dispute, partnership))


def _proposed(event: e.ResolutionProposed, dispute: Dispute, partnership: Partnership) -> Told:
    told = _to("proposed", _asked_to_confirm(dispute, partnership), event, acts=True)
    told += _to("proposed_told", [event.by], event)
    rest = [*_current(dispute, partnership), *in_roles(("raiser", "responder"), dispute, partnership)]
    return told + _to("proposed_told", rest, event)


def _asked_to_confirm(dispute: Dispute, partnership: Partnership) -> list[Person]:
    """Of each agency that has still to say so: whoever has it now, else its practitioners."""
    stage, people = partnership.stage_of(dispute), []
    for voice in dispute.unconfirmed():
        roles = stage.raising if voice.side is Side.RAISING else stage.receiving
        here = of_voice(roles, voice, dispute, partnership)
        people += here or of_voice(("raiser", "responder"), voice, dispute, partnership)
    return people


def _confirmed(event: e.ResolutionConfirmed, dispute: Dispute, partnership: Partnership) -> Told:
    """One of several agencies agrees: it and the one that reported it know whose word is still awaited. The last
    confirmation closes it, which its own letter says."""
    if not dispute.is_open or dispute.proposal is None:
        return []
    return _to("proposed_told", [event.by, dispute.proposal.by], event)


def _involved(letter: str) -> Announcement:
    """Whoever the stage is with, and the practitioners: told by ``letter``."""

    def tell(event: e.Event, dispute: Dispute, partnership: Partnership) -> Told:
        current = _current(dispute, partnership)
        return _to(letter, current, event, acts=True) + _to(
            letter, in_roles(("raiser", "responder"), dispute, partnership), event
        )

    return tell


def _date_proposed(event: e.DateProposed, dispute: Dispute, partnership: Partnership) -> Told:
    put = dispute.open_date
    asked = [p for p in _current(dispute, partnership) if put is None or _voice_of(p, dispute) not in put.accepted]
    return _to("date_proposed", asked, event, acts=True) + _to("date_proposed", [event.by], event)


def _voice_of(person: Person, dispute: Dispute) -> Voice | None:
    party = dispute.party(person.address)
    return dispute.voice(party.side, dispute.agency_of(party)) if party else None


def _date_refused(event: e.DateRefused, dispute: Dispute, partnership: Partnership) -> Told:
    if event.why == "no":
        return _to("date_refused", _current(dispute, partnership), event)
    return _to("date_refused", [event.by], event)


def _put_right(event: e.PersonRemoved | e.FieldRecorded, dispute: Dispute, partnership: Partnership) -> Told:
    """Whoever corrects the record, takes somebody out of it, or tells the child's status sees that it was done."""
    quiet = isinstance(event, e.FieldRecorded) and not event.correction and event.key != "child_status"
    at_once = (p for p in dispute.history if isinstance(p, FormReturned) and p.at == event.at)
    by_form = getattr(event, "key", "") in {
        change.key for p in at_once for change in p.changes
    }  # its own letter says it
    party = dispute.party(event.by)
    person = party.person if party else partnership.directory.person(event.by)
    return [] if quiet or by_form or not event.by else _to("noted", [person], event)


def _named(event: e.PersonRecorded, dispute: Dispute, partnership: Partnership) -> Told:
    """Somebody named while their stage runs: it is theirs from now on, and they cannot know unless they are told."""
    stage = partnership.stage_of(dispute)
    if not dispute.is_open or event.at <= dispute.visit.entered or not event.person.address:
        return []
    if event.role in (*stage.raising, *stage.receiving, *deciders(dispute, partnership.protocol)):
        return _to("stage_entered", [event.person], event, acts=True)
    return _to("stage_told", [event.person] if event.role in stage.also_consult else [], event)


def _joined(event: e.AgencyJoined, dispute: Dispute, partnership: Partnership) -> Told:
    """Another agency is in it from now on: whoever had it recorded sees so, and everybody the stage is with."""
    told = _to("noted", [p.person for p in dispute.parties if event.by and p.person.address == event.by][-1:], event)
    return told + _to("noted", _current(dispute, partnership), event)


def _handed_over(event: e.PersonHandedOver, dispute: Dispute, partnership: Partnership) -> Told:
    stages = partnership.protocol.stages.values()
    beside = {r for s in stages if event.role in (*s.raising, *s.receiving) for r in (*s.raising, *s.receiving)}
    counterparts = in_roles(tuple(sorted(beside)), dispute, partnership)
    told = _to("handed_over", [event.taking], event, acts=True)
    return told + _to("handed_over", [event.leaving, *counterparts], event)


def _closed(event: e.DisputeClosed, dispute: Dispute, partnership: Partnership) -> Told:
    """Everybody in it, and whoever decided: they see that their decision was recorded as they gave it. Whoever keeps
    the form has it as it ended, for the record."""
    decided = in_roles(deciders(dispute, partnership.protocol), dispute, partnership)
    form, keepers = form_kept(dispute, partnership), _current(dispute, partnership, Side.RAISING)
    told = _to("closed", [*everyone(dispute, partnership), *decided], event)
    return [replace(n, form=form) if n.to in keepers else n for n in told]


def _reported(event: e.ActionReported, dispute: Dispute, partnership: Partnership) -> Told:
    """Done, by its doer's word: they and the people the stage is with know that it was recorded."""
    return _to("noted", [event.by, *_current(dispute, partnership)], event)


def _route(event: e.RouteTaken, dispute: Dispute, partnership: Partnership) -> Told:
    """Whoever opened it, and whoever the protocol sends it to: where it names nobody, a side route concerns the people
    the stage is with, and what is only offered or recorded the office. The stage and its clock go on."""
    route = partnership.protocol.routes[event.route]
    sent_to = in_roles((*route.to, *((route.sent_through,) if route.sent_through else ())), dispute, partnership)
    if not sent_to and route.effect is Effect.SIDE:
        told = _to("noted", [*_current(dispute, partnership), *_deciding(dispute, partnership)], event)
    elif not sent_to and route.effect in (Effect.OFFER, Effect.RECORD_ONLY):
        told = _to("noted", _office(partnership), event)
    else:
        told = _to("referred" if route.clocks else "noted", sent_to, event, acts=True)
    return told + _to("noted", [event.by], event)


def _version_moved(event: e.VersionMoved, dispute: Dispute, partnership: Partnership) -> Told:
    """Where a limit moved with it, the letter about the limit says both."""
    moved = any(isinstance(p, e.CalendarMoved) and p.version and p.at == event.at for p in dispute.history)
    return [] if moved else _involved("calendar_moved")(event, dispute, partnership)


_ANNOUNCEMENTS: Mapping[type[e.Event], Announcement] = {
    e.DisputeOpened: _opened,
    e.StageEnded: _ended,
    e.StageEntered: _entered,
    e.Reminded: _reminded,
    e.LimitPassed: _limit_passed,
    e.ResolutionProposed: _proposed,
    e.ResolutionConfirmed: _confirmed,
    e.DecisionPut: writer("noted"),
    e.AgencyJoined: _joined,
    e.DateAccepted: writer("noted"),
    e.ResolutionObjected: _involved("objected"),
    e.DisputeClosed: _closed,
    e.DisputeReopened: _involved("reopened"),
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
    e.RouteTaken: _route,
    e.CalendarMoved: _involved("calendar_moved"),
    e.VersionMoved: _version_moved,
    **OF_MAIL,
    **AFTERWARDS,
    **OF_OFFICE,
}
