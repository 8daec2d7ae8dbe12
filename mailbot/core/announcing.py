"""What the announcements have in common: a letter to some people, whoever the stage is with, whoever comes next."""

from collections.abc import Callable, Iterable

from mailbot.core import events as e
from mailbot.core.closed_lists import Side
from mailbot.core.demands import in_roles
from mailbot.core.dispute import Dispute
from mailbot.core.intents import Person
from mailbot.core.letters import Notice
from mailbot.core.moving import is_partnership_stage, next_stage
from mailbot.core.partnership import Partnership

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
