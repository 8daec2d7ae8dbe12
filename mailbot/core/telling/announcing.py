"""What the announcements have in common: a letter to some people, whoever the stage is with, whoever comes next."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from mailbot.core.decisions.moving import is_partnership_stage, next_stage
from mailbot.core.happened import events as e
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.intents import Person
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.partnership import Partnership, side_of
from mailbot.core.telling.demands import in_roles
from mailbot.core.telling.letters import Notice

Told = list[Notice]
Announcement = Callable[..., Told]


def to(letter: str, people: Iterable[Person], event: e.Event, acts: bool = False, why: str = "") -> Told:
    return [Notice(letter, person, event, why=why, acts=acts) for person in people]


def current(dispute: Dispute, partnership: Partnership, *sides: Side) -> list[Person]:
    """Whoever the present stage is with, on these sides (both, when none is named)."""
    stage = partnership.stage_of(dispute)
    names = (*stage.raising, *stage.receiving)
    return in_roles(names, dispute, partnership, *sides)


def with_form(told: Told, dispute: Dispute, partnership: Partnership) -> Told:
    """``told``, with the form that is kept from this stage on for those of its readers who keep it: the people whom
    the stage is with on the side that raised it (NS-14)."""
    record = partnership.stage_of(dispute).record
    if record not in partnership.protocol.forms:
        return told
    return [replace(n, form=record) if n.acts and side_of(dispute, n.to) is Side.RAISING else n for n in told]


def form_kept(dispute: Dispute, partnership: Partnership) -> str:
    """The form that the latest of its stages keeps; "" when none of them keeps one."""
    protocol = partnership.protocol
    records = (protocol.stages[visit.stage].record for visit in reversed(dispute.visits))
    return next((record for record in records if record in protocol.forms), "")


def office(partnership: Partnership) -> list[Person]:
    return list(partnership.office())


def next_people(dispute: Dispute, partnership: Partnership) -> list[Person]:
    following = next_stage(dispute, partnership)
    if following is None or is_partnership_stage(following):
        return []
    return in_roles((*following.raising, *following.receiving), dispute, partnership)
