"""A dispute's card in the overview folder: how it stands, in its subject; and the last things that happened to it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from mailbot.core.clocks.case import Case
from mailbot.core.clocks.limits import BY_CLOCK, Limit
from mailbot.core.decisions.consequences import unanswered
from mailbot.core.decisions.stages import stage_after
from mailbot.core.decisions.who_may.authority import deciders
from mailbot.core.partnership.partnership import side_of
from mailbot.core.procedure.closed_lists import AtLimit, Side
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, State
from mailbot.core.record.events import Event
from mailbot.core.record.events_of_mail import (
    AbsenceNoticed,
    MessageFiled,
    MovedByHand,
    NoticeFailed,
    OutsiderNoticed,
    RiskReported,
)
from mailbot.mail.letters import whose_turn as turn
from mailbot.mail.letters.still_missing import ASKED_FOR
from mailbot.mail.letters.whose_turn import agency_shown
from mailbot.mail.letters.wording import (
    day_short,
    instant_long,
    instant_short,
    listed,
    opening,
    plain_words,
)

# A dispute's card: the one message that lies for it in the overview, and says in its subject how it stands.
#
# What a card shows is a function of the dispute, the day and the hour of its limit, and of nothing else: two cards
# made on one day from one history are the same, so that only what has changed is put up anew.

LONGEST_AGENCY = 32  # characters of its name in a subject
# Where the post ends in a role's title, and its place begins: "practitioner in the other agency".
_PLACED = r" (?:raising|in|at|from|who|for)\b"
_ALWAYS_WANTED = ("issue", "impact")

# The last things that happened to a dispute, in a few words each, as its card tells them: agencies, never people.
#
# A card lies where everybody who opens the mailbox sees it, so it says who by agency and what by kind, and quotes
# nobody.

SHOWN = 5


def lately(case: Case) -> tuple[str, ...]:
    """What happened lately, on an overview card: "Mon 7 Sep 10:12: raised by Harbourside Primary School", the newest
    first, five at most."""
    said = [(event, words) for event in case.dispute.history if (words := _words(event, case))]
    acted = {event.at for event, _ in said if not isinstance(event, MessageFiled)}
    # A message that did something is told by what it did.
    kept = [(ev, words) for ev, words in said if not (isinstance(ev, MessageFiled) and ev.at in acted)]
    local = case.calendar.local
    lines = dict.fromkeys(f"{instant_short(local(event.at))}: {words}" for event, words in kept)
    return tuple(reversed(lines))[:SHOWN]


def _words(event: Event, case: Case) -> str:
    tell = _TELL.get(type(event))
    return tell(event, case) if tell else ""


@dataclass(frozen=True, slots=True)
class Card:
    """All strings; "" and () mean there is nothing to say. ``due``: today or past, which is when it is flagged."""

    risk: str
    partnership: str
    subject_word: str
    reference: str
    raising: str
    receiving: str
    agencies: str  # both, cut to fit a subject
    stage: str  # "Stage 2"
    stage_title: str  # "Line manager to line manager"
    turn: str  # "line managers", "Children's Social Care to confirm what was agreed"
    ball: str  # the same as a sentence, with the agencies
    otherwise: str
    limit: str  # "5pm on Thursday 10 September 2026"
    limit_short: str  # "Thu 10 Sep 17:00"
    days: str  # "day 2 of 2", "due today, day 2 of 2", "2 working days over"
    past: bool
    due: bool
    missing: tuple[str, ...]
    lately: tuple[str, ...]
    duty: str
    office: str
    mailbox: str
    # What the layout of a letter also asks for, and a card has not.
    closed_before: str = ""
    phones: tuple[str, ...] = ()
    greeting: str = ""
    then: tuple[str, ...] = ()
    source: str = ""
    policy: str = ""


def card(case: Case) -> Card:
    """A dispute's overview card. Raises OutOfRange."""
    dispute, held = case.dispute, case.stage_limit
    protocol, calendar = case.protocol, case.calendar
    local = calendar.local(held.holds) if held else None
    past = held is not None and held.holds <= case.now
    asked = past and held is not None and held.at_limit is AtLimit.ASK
    short, full = _whose_turn(dispute, protocol, asked)
    raising, receiving = (turn.agency_shown(dispute, side) for side in turn.TWO_SIDES)
    ahead = held if held is not None and not past else None
    return Card(
        risk=protocol.risk.line,
        partnership=protocol.partnership,
        subject_word=protocol.subject,
        reference=dispute.reference,
        raising=raising,
        receiving=receiving,
        agencies=listed(_cut(name) for name in turn.agency_names(dispute)),
        stage=protocol.stage_name(dispute.stage),
        stage_title=protocol.stages[dispute.stage].name,
        turn=short,
        ball=f"Waiting on {full}.",
        otherwise=turn.otherwise(dispute, protocol, ahead.at_limit, True) if ahead else "",
        limit=instant_long(local) if local else "",
        limit_short=instant_short(local) if local else "",
        days=_days(held, calendar, case.now) if held else "",
        past=past,
        due=local is not None and local.date() <= calendar.local(case.now).date(),
        missing=_missing(dispute, protocol),
        lately=lately(case),
        duty=turn.after_silence(),
        office=turn.office_title(protocol),
        mailbox=protocol.mailbox,
    )


def true_until(held: Limit | None, calendar: Calendar, now: datetime) -> datetime:
    """Until when an overview card is true: when a card made now stops being true though nothing happens: as the limit
    passes, or the day ends."""
    tomorrow = calendar.local(now).date() + timedelta(days=1)
    midnight = calendar.at(tomorrow, time(0))
    return min(midnight, held.holds) if held is not None and held.holds > now else midnight


def _days(held: Limit, calendar: Calendar, now: datetime) -> str:
    today, last = calendar.local(now).date(), calendar.local(held.holds).date()
    if held.holds <= now:
        over = calendar.working_days_between(last, today)
        return f"{over} working day{'' if over == 1 else 's'} over" if over else "earlier today"
    counted = [step for step in held.working if step.counted] if held.held_by == BY_CLOCK else []
    gone = [step.counted for step in counted if step.day <= today]
    of = f"day {gone[-1]} of {counted[-1].counted}" if gone else ""
    if last == today:
        return ", ".join(filter(None, ("due today", of)))
    left = calendar.working_days_between(today, last)
    return of or ("the next working day" if left == 1 else f"in {left} working days" if left else "")


def _whose_turn(dispute: Dispute, protocol: Protocol, asked: bool) -> tuple[str, str]:
    """Whose turn an overview card says it is: in few words, for the subject, and in full. Roles and agencies; who a
    person is stands in the letters."""
    following = stage_after(dispute, protocol)
    voices, purpose = turn.waiting_on(dispute, asked and following is not None)
    decide = deciders(dispute, protocol)
    if decide and dispute.state is State.OPEN:
        title = f"the {turn.short_title(protocol.roles[decide[0]])}"
        return title, title
    agencies = listed(turn.voice_shown(dispute, voice) for voice in voices)
    if purpose == "say" and following:
        return (
            f"{agencies} to say what follows",
            f"{agencies} to say whether it goes to {turn.stage_full(following, protocol)}",
        )
    if purpose != "speak":
        return f"{agencies} {purpose}", f"{agencies} {purpose}"
    titles = [(_title(dispute, protocol, one.side), turn.voice_shown(dispute, one)) for one in voices]
    acting = [(title, agency) for title, agency in titles if title]
    shared = _shared([title for title, _ in acting])
    if shared:
        return shared, f"the {shared} at {listed(agency for _, agency in acting)}"
    each = listed(title for title, _ in acting) or "both agencies"
    return each, listed(f"the {title} at {agency}" for title, agency in acting) or each


def _title(dispute: Dispute, protocol: Protocol, side: Side) -> str:
    roles = [protocol.roles[r] for r in turn.roles_at(protocol.stages[dispute.stage], side) if r in protocol.roles]
    return turn.short_title(roles[0]) if roles else ""


def _shared(titles: list[str]) -> str:
    """The title that both sides share on an overview card: "line managers"; "practitioners", of one raising the issue
    and one in the other agency; "" where they differ."""
    posts = {re.split(_PLACED, title)[0] for title in titles}
    post = posts.pop() if len(titles) > 1 and len(posts) == 1 else ""
    head, of, rest = post.partition(" of ")  # heads of service
    return f"{head}s{of}{rest}" if head and head[-1] not in "sy" else ""


def _missing(dispute: Dispute, protocol: Protocol) -> tuple[str, ...]:
    asked = (role for role in protocol.roles.values() if role.ask_at == dispute.stage)
    nameless = [role for role in asked if not any(party.person.address for party in dispute.filling(role.id))]
    names = [f"Name and email of the {turn.short_title(r)} at {_agency(dispute, r.side)}" for r in nameless]
    names += [f"{role.title}, who must be told" for role in unanswered(dispute, protocol)]
    wanted = dict.fromkeys((*_ALWAYS_WANTED, *protocol.stages[dispute.stage].ask_for))
    lacking = [ASKED_FOR[key][0] for key in wanted if key in ASKED_FOR and not dispute.fields.get(key)]
    return (*names, *(opening(words.replace("the child", f"the {protocol.subject}")) for words in lacking))


def _agency(dispute: Dispute, side: Side) -> str:
    return turn.agency_shown(dispute, side) if side in turn.TWO_SIDES else "the agencies"


def _cut(agency: str) -> str:
    """At a whole word: "Seamoor Council Children's..."."""
    name = plain_words(agency, 200)
    return name if len(name) <= LONGEST_AGENCY else f"{name[: LONGEST_AGENCY - 2].rpartition(' ')[0]}..."


_BEGAN = {
    "limit": "began at the limit",
    "asked": "began: a person asked for it",
    "referred": "began: it was referred",
    "reopened": "began again",
}


def _side(side: Side | None, dispute: Dispute) -> str:
    if side in (Side.RAISING, Side.RECEIVING):
        return agency_shown(dispute, side)
    return "the partnership" if side is Side.PARTNERSHIP else "somebody"


def _writer(event: Any, dispute: Dispute) -> str:
    """Who wrote, as an overview card says it: the agency of whoever wrote: by side where they are a party, else their
    own."""
    side = side_of(dispute, event.by)
    return (
        _side(side, dispute)
        if side
        else plain_words(event.by.agency, 120) or "the partnership or somebody not recorded"
    )


def _entered(event: e.StageEntered, case: Case) -> str:
    how = _BEGAN.get(event.how, "")
    return f"{case.protocol.stage_name(event.stage)} {how}" if how else ""


def _route(event: e.RouteTaken, case: Case) -> str:
    route = case.protocol.routes.get(event.route)
    return f"taken beside the stages: {route.name if route else plain_words(event.route, 80)}"


def _protective(event: e.ProtectiveDateSet, case: Case) -> str:
    subject = case.protocol.subject
    return f"{_side(event.side, case.dispute)} gave an earlier date for the {subject}: {day_short(event.on)}"


_TELL: Mapping[type[Event], Callable[[Any, Case], str]] = {
    e.DisputeOpened: lambda ev, case: f"raised by {agency_shown(case.dispute, Side.RAISING)}",
    e.StageEntered: _entered,
    e.Reminded: lambda ev, case: "a reminder of the limit was written",
    e.LimitPassed: lambda ev, case: "a limit passed",
    e.LimitWaited: lambda ev, case: f"the limit waits: {listed(ev.untold)} could not be told of it",
    e.ResolutionProposed: lambda ev, case: f"{_side(ev.side, case.dispute)} says that it is resolved",
    e.AgencyJoined: lambda ev, case: f"{ev.agency} is in it too",
    e.AgencyLeft: lambda ev, case: f"{ev.agency} is in it no longer",
    e.DateAccepted: lambda ev, case: f"{ev.by.agency or _side(ev.side, case.dispute)} agrees to {day_short(ev.on)}",
    e.ResolutionConfirmed: lambda ev, case: f"{ev.by.agency or _side(ev.side, case.dispute)} confirms what was agreed",
    e.ResolutionObjected: lambda ev, case: f"{_side(ev.side, case.dispute)} does not agree that it is resolved",
    e.DecisionMade: lambda ev, case: "a decision was recorded",
    e.DisputeReopened: lambda ev, case: "opened again",
    e.DateProposed: lambda ev, case: f"{_side(ev.side, case.dispute)} asked for {day_short(ev.on)}",
    e.DateAgreed: lambda ev, case: f"both sides agreed on {day_short(ev.on)}",
    e.DateRefused: lambda ev, case: f"{day_short(ev.on)} was asked for and is not to be had",
    e.ProtectiveDateSet: _protective,
    e.PersonHandedOver: lambda ev, case: f"handed over to a colleague at {_side(ev.side, case.dispute)}",
    e.MeetingPlanned: lambda ev, case: f"a meeting is planned for {day_short(ev.on)}",
    e.MeetingHeld: lambda ev, case: f"a meeting was held on {day_short(ev.on)}",
    e.RouteTaken: _route,
    e.ActionReported: lambda ev, case: "an action was reported as done" if ev.done else "",
    e.MisreadUndone: lambda ev, case: "what was misread was put back",
    e.CalendarMoved: lambda ev, case: "the limit moved with the calendar or the version",
    e.FormCompleted: lambda ev, case: "the form is complete for this stage",
    MessageFiled: lambda ev, case: f"a message from {_writer(ev, case.dispute)}",
    MovedByHand: lambda ev, case: "a message was put into its folder by hand",
    RiskReported: lambda ev, case: f"a message from {_writer(ev, case.dispute)} may mean immediate danger",
    NoticeFailed: lambda ev, case: "a letter could not be delivered",
    AbsenceNoticed: lambda ev, case: "somebody is away past the limit",
    OutsiderNoticed: lambda ev, case: "somebody outside the agencies was on a message",
}
