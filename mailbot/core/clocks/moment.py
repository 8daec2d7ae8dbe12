"""A moment of a dispute: an instant at which time itself brings something, with a key that happens once."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from mailbot.core.procedure.closed_lists import AtLimit


class What(IntEnum):
    """In the order of one instant: the stage's own limit asks before a cap over it does."""

    REMIND = 1
    LIMIT = 2
    CAP = 3
    GO_ON = 4


@dataclass(frozen=True, slots=True)
class Moment:
    """``at`` is when to act; ``clock`` which clock or cap it is of; ``limit`` the instant it speaks of."""

    key: str
    at: datetime
    what: What
    clock: str
    limit: datetime
    then: AtLimit = AtLimit.NOTHING
