"""Announcements after closing: few letters, each to somebody who can do something about it (G20).

Whoever is to do a thing is reminded of it, and nobody else: the raising side's manager hears only once a date has gone
by with nothing reported.
"""

from collections.abc import Mapping

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.after_closing import asked_whether, doing, last_with
from mailbot.core.decisions.people.roles import in_roles
from mailbot.core.decisions.who_may.authority import deciders
from mailbot.core.notices.announcements_of_resolution import receipt
from mailbot.core.notices.notice import Announcement, NoticesOf, office, to
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e


def _actions_reminded(event: e.ActionsReminded, case: Case) -> NoticesOf:
    coming = [x for x in case.dispute.actions if x.by in event.on and not x.done]
    people = [p for x in coming for p in doing(x, case)]
    return to("action_due", dict.fromkeys(people), event, acts=True)


def _unreported(event: e.ActionsUnreported, case: Case) -> NoticesOf:
    return to("action_unreported", last_with(case, Side.RAISING), event, acts=True)


def _asked(event: e.OutcomeAsked, case: Case) -> NoticesOf:
    return to("did_it_happen", asked_whether(case), event, acts=True)


def _outcome_reported(event: e.OutcomeReported, case: Case) -> NoticesOf:
    """Announces after closing whether what was agreed happened. A yes is recorded. A no that opened it again is told by
    that letter; one that cannot is told to those who decided and to the Business Manager, to whoever was to do it, and
    to the managers of each agency that it was with last: nothing is reported of an agency behind its back."""
    if event.happened:
        return to("noted", receipt(event), event)
    if any(isinstance(p, e.DisputeReopened) and p.at == event.at for p in case.dispute.history):
        return []
    deciding = in_roles(deciders(case.dispute, case.protocol), case)
    doers = [p for x in case.dispute.actions if x.who and not x.done for p in doing(x, case)[:1]]
    last = [p for side in (Side.RAISING, Side.RECEIVING) for p in last_with(case, side)]
    told = to("did_not_happen", [*deciding, *office(case.partnership), *last], event)
    told += to("did_not_happen", doers, event, acts=True)
    others = NoticesOf(n for n in told if n.to.address != event.by.address)
    return to("noted", receipt(event), event) + others


def _feedback_asked(event: e.FeedbackAsked, case: Case) -> NoticesOf:
    return to("feedback_asked", event.of, event, acts=True)


AFTERWARDS: Mapping[type[e.Event], Announcement] = {
    e.ActionsReminded: _actions_reminded,
    e.ActionsUnreported: _unreported,
    e.OutcomeAsked: _asked,
    e.OutcomeReported: _outcome_reported,
    e.FeedbackAsked: _feedback_asked,
}
