"""Who hears of a dispute after its end: few letters, each to somebody who can do something about it (G20).

Whoever is to do a thing is reminded of it, and nobody else: the raising side's manager hears only once a date has gone
by with nothing reported.
"""

from collections.abc import Mapping

from mailbot.core.decisions.afterwards import asked_whether, last_with
from mailbot.core.decisions.deciders import deciders
from mailbot.core.happened import afterwards as a
from mailbot.core.happened import events as e
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.intents import Action, Person
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.partnership import Partnership
from mailbot.core.telling.announcing import Announcement, Told, office, to
from mailbot.core.telling.demands import everyone, in_roles

BOTH = (Side.RAISING, Side.RECEIVING)


def doing(action: Action, dispute: Dispute, partnership: Partnership) -> list[Person]:
    """Whoever is named as doing it, when that is one person recorded here; else the people the last stage was with, on
    that person's or agency's own side. Somebody who is only in the directory is no party, and gets no letter (G5)."""
    known = [p for p in everyone(dispute, partnership) if _is_called(action.who, p)]
    doer = partnership.in_place_of(known[0]) if len(known) == 1 else None
    if doer is not None and partnership.may_write_to(doer.address):
        return [doer]
    side = _side_of_name(action.who, dispute, partnership)
    there = [p for one in ((side,) if side else BOTH) for p in last_with(dispute, partnership, one)]
    return there or last_with(dispute, partnership, Side.RAISING)  # whose it is to bring about what others were asked


def _is_called(name: str, person: Person) -> bool:
    said = set(_words(name))
    return bool(said) and said <= set(_words(person.name))


def _words(text: str) -> list[str]:
    """ "Rosalind's" -> "rosalind": whose team does it is who is asked about it."""
    plain = text.casefold().replace("’", "'").replace("'s ", " ").removesuffix("'s")
    return "".join(c if c.isalnum() else " " for c in plain).split()


def _side_of_name(name: str, dispute: Dispute, partnership: Partnership) -> Side | None:
    """The side that ``name`` belongs to: an agency's or one of its officers'; None when it is neither's, or both's."""
    if not name.strip():
        return None
    directory, found = partnership.directory, []
    called = directory.find_agency(name)
    for side in BOTH:
        agencies = dispute.agencies(side)
        if any((called and called.name == one) or directory.find_named(name, one) for one in agencies):
            found.append(side)
    return found[0] if len(found) == 1 else None


def _reminded(event: a.ActionsReminded, dispute: Dispute, partnership: Partnership) -> Told:
    coming = [x for x in dispute.actions if x.by in event.on and not x.done]
    people = [p for x in coming for p in doing(x, dispute, partnership)]
    return to("action_due", dict.fromkeys(people), event, acts=True)


def _unreported(event: a.ActionsUnreported, dispute: Dispute, partnership: Partnership) -> Told:
    return to("action_unreported", last_with(dispute, partnership, Side.RAISING), event, acts=True)


def _asked(event: a.OutcomeAsked, dispute: Dispute, partnership: Partnership) -> Told:
    return to("did_it_happen", asked_whether(dispute, partnership), event, acts=True)


def _reported(event: a.OutcomeReported, dispute: Dispute, partnership: Partnership) -> Told:
    """A yes: its writer sees that it was recorded. A no that opened it again is told by that letter; one that cannot
    is told to those who decided, and to the Business Manager."""
    if event.happened:
        return to("noted", [event.by], event)
    if any(isinstance(p, e.DisputeReopened) and p.at == event.at for p in dispute.history):
        return []
    deciding = in_roles(deciders(dispute, partnership.protocol), dispute, partnership)
    others = [p for p in (*deciding, *office(partnership)) if p.address != event.by.address]
    return to("noted", [event.by], event) + to("did_not_happen", others, event)


def _feedback(event: a.FeedbackAsked, dispute: Dispute, partnership: Partnership) -> Told:
    return to("feedback_asked", event.of, event, acts=True)


AFTERWARDS: Mapping[type[e.Event], Announcement] = {
    a.ActionsReminded: _reminded,
    a.ActionsUnreported: _unreported,
    a.OutcomeAsked: _asked,
    a.OutcomeReported: _reported,
    a.FeedbackAsked: _feedback,
}
