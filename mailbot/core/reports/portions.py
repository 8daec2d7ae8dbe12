"""Very many disputes are counted a portion at a time: what one portion brings is added to what those before it have
brought, and its disputes are let go. So memory does not grow with the record, and between two portions whoever counts
can do what is more urgent.
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Self, TypeAlias, TypeVar

from mailbot.core.record.dispute import Dispute

_Answer = TypeVar("_Answer")
Steps: TypeAlias = Generator[None, None, _Answer]  # work that may be left off at each yield, and what it comes to
_Counted = TypeVar("_Counted", bound="AddedUp")


@dataclass(frozen=True, slots=True)
class AddedUp:
    """What was counted of some disputes: of more of them it is the sum, field by field. Tuples are told one after the
    other, so portions come in the order in which they are to be told."""

    def __add__(self, other: Self) -> Self:
        return type(self)(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


def added_up(
    portions: Iterable[Sequence[Dispute]], counted: Callable[[Sequence[Dispute]], _Counted]
) -> Steps[_Counted]:
    """What was ``counted`` of all ``portions``, with a step for each."""
    found = counted(())
    for portion in portions:
        found = found + counted(portion)
        yield
    return found


def finished(steps: Steps[_Answer]) -> _Answer:
    """What the work comes to, done without leaving off: where nobody waits meanwhile."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            answer: _Answer = done.value
            return answer
