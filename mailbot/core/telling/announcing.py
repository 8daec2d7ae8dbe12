"""What the announcements have in common: a letter to some people, whoever the stage is with, whoever comes next."""

from collections.abc import Callable, Iterable

from mailbot.core.decisions.moving import is_partnership_stage, next_stage
from mailbot.core.happened import events as e
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.intents import Person
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.partnership import Partnership
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


def office(partnership: Partnership) -> list[Person]:
    return list(partnership.office())


def next_people(dispute: Dispute, partnership: Partnership) -> list[Person]:
    following = next_stage(dispute, partnership)
    if following is None or is_partnership_stage(following):
        return []
    return in_roles((*following.raising, *following.receiving), dispute, partnership)
