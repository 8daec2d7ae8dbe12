"""The last things that happened to a dispute, in a few words each, as its card tells them: agencies, never people.

A card lies where everybody who opens the mailbox sees it, so it says who by agency and what by kind, and quotes nobody.
"""

from collections.abc import Callable, Mapping
from typing import Any

from mailbot.core.happened import correspondence as c
from mailbot.core.happened import events as e
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.events import Event
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.partnership import Partnership, side_of
from mailbot.mail.writing.turn import agency_shown
from mailbot.mail.writing.wording import day_short, instant_short, plain

SHOWN = 5

_BEGAN = {
    "limit": "began: nothing was recorded by the limit",
    "asked": "began: a person asked for it",
    "referred": "began: it was referred",
    "reopened": "began again",
}


def lately(dispute: Dispute, partnership: Partnership) -> tuple[str, ...]:
    """ "Mon 7 Sep 10:12: raised by Harbourside Primary School", the newest first, five at most."""
    said = [(event, words) for event in dispute.history if (words := _words(event, dispute, partnership))]
    acted = {event.at for event, _ in said if not isinstance(event, c.MessageFiled)}
    # A message that did something is told by what it did.
    kept = [(ev, words) for ev, words in said if not (isinstance(ev, c.MessageFiled) and ev.at in acted)]
    local = partnership.calendar.local
    lines = dict.fromkeys(f"{instant_short(local(event.at))}: {words}" for event, words in kept)
    return tuple(reversed(lines))[:SHOWN]


def _words(event: Event, dispute: Dispute, partnership: Partnership) -> str:
    tell = _TELL.get(type(event))
    return tell(event, dispute, partnership) if tell else ""


def _side(side: Side | None, dispute: Dispute) -> str:
    if side in (Side.RAISING, Side.RECEIVING):
        return agency_shown(dispute, side)
    return "the partnership" if side is Side.PARTNERSHIP else "somebody"


def _writer(event: Any, dispute: Dispute) -> str:
    """The agency of whoever wrote: by side where they are a party, else their own."""
    side = side_of(dispute, event.by)
    return _side(side, dispute) if side else plain(event.by.agency, 120) or "the partnership or somebody not recorded"


def _entered(event: e.StageEntered, dispute: Dispute, partnership: Partnership) -> str:
    how = _BEGAN.get(event.how, "")
    return f"{partnership.protocol.stage_name(event.stage)} {how}" if how else ""


def _route(event: e.RouteTaken, dispute: Dispute, partnership: Partnership) -> str:
    route = partnership.protocol.routes.get(event.route)
    return f"taken beside the stages: {route.name if route else plain(event.route, 80)}"


def _protective(event: e.ProtectiveDateSet, dispute: Dispute, partnership: Partnership) -> str:
    subject = partnership.protocol.subject
    return f"{_side(event.side, dispute)} gave an earlier date for the {subject}: {day_short(event.on)}"


_TELL: Mapping[type[Event], Callable[[Any, Dispute, Partnership], str]] = {
    e.DisputeOpened: lambda ev, d, p: f"raised by {agency_shown(d, Side.RAISING)}",
    e.StageEntered: _entered,
    e.Reminded: lambda ev, d, p: "a reminder of the limit was written",
    e.LimitPassed: lambda ev, d, p: "a limit passed and nothing was recorded",
    e.ResolutionProposed: lambda ev, d, p: f"{_side(ev.side, d)} says that it is resolved",
    e.AgencyJoined: lambda ev, d, p: f"{ev.agency} is in it too",
    e.DateAccepted: lambda ev, d, p: f"{ev.by.agency or _side(ev.side, d)} agrees to {day_short(ev.on)}",
    e.ResolutionConfirmed: lambda ev, d, p: f"{ev.by.agency or _side(ev.side, d)} confirms what was agreed",
    e.ResolutionObjected: lambda ev, d, p: f"{_side(ev.side, d)} does not agree that it is resolved",
    e.DecisionMade: lambda ev, d, p: "a decision was recorded",
    e.DisputeReopened: lambda ev, d, p: "opened again",
    e.DateProposed: lambda ev, d, p: f"{_side(ev.side, d)} asked for {day_short(ev.on)}",
    e.DateAgreed: lambda ev, d, p: f"both sides agreed on {day_short(ev.on)}",
    e.DateRefused: lambda ev, d, p: f"{day_short(ev.on)} was asked for and is not to be had",
    e.ProtectiveDateSet: _protective,
    e.PersonHandedOver: lambda ev, d, p: f"handed over to a colleague at {_side(ev.side, d)}",
    e.MeetingHeld: lambda ev, d, p: f"a meeting was held on {day_short(ev.on)}",
    e.RouteTaken: _route,
    e.ActionReported: lambda ev, d, p: "an action was reported as done" if ev.done else "",
    e.MisreadUndone: lambda ev, d, p: "what was misread was put back",
    e.CalendarMoved: lambda ev, d, p: "the limit moved with the calendar or the version",
    e.FormCompleted: lambda ev, d, p: "the form is complete for this stage",
    c.MessageFiled: lambda ev, d, p: f"a message from {_writer(ev, d)}",
    c.MovedByHand: lambda ev, d, p: "a message was put into its folder by hand",
    c.RiskReported: lambda ev, d, p: f"a message from {_writer(ev, d)} may mean immediate danger",
    c.NoticeFailed: lambda ev, d, p: "a letter could not be delivered",
    c.AbsenceNoticed: lambda ev, d, p: "somebody is away past the limit",
    c.OutsiderNoticed: lambda ev, d, p: "somebody outside the agencies was on a message",
}
