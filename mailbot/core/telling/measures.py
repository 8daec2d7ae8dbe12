"""What a measure is: a share or a spread, said so that a small number does not pass for a large one.

No averages: one dispute of sixty days among six of two makes a mean that describes none of them. No percentage under
ten cases. What could not be measured is told beside the measure and never left out of it in silence.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mailbot.core.happened import events as e
from mailbot.core.happened.dispute import Dispute

Period = tuple[datetime, datetime]  # aware; from the first up to, and not including, the second
FEWEST_FOR_PERCENT = 10


@dataclass(frozen=True, slots=True)
class Share:
    """``part`` of ``whole``: "3 of 7"; "12 of 40 (30%)"; "none to count" of nothing."""

    part: int
    whole: int

    @property
    def shown(self) -> str:
        if not self.whole:
            return "none to count"
        percent = f" ({round(100 * self.part / self.whole)}%)" if self.whole >= FEWEST_FOR_PERCENT else ""
        return f"{self.part} of {self.whole}{percent}"


@dataclass(frozen=True, slots=True)
class Spread:
    """Some numbers of working days, in order."""

    numbers: tuple[int, ...]

    @property
    def median(self) -> float:
        """The middle one, or halfway between the middle two. Raises IndexError of nothing."""
        lower, upper = self.numbers[(len(self.numbers) - 1) // 2], self.numbers[len(self.numbers) // 2]
        return (lower + upper) / 2

    @property
    def shown(self) -> str:
        """ "median 3, from 0 to 9 (7 counted)"; of one, that one."""
        if len(self.numbers) < 2:
            return f"{self.numbers[0]} (1 counted)" if self.numbers else "none to count"
        return f"median {self.median:g}, from {self.numbers[0]} to {self.numbers[-1]} ({len(self.numbers)} counted)"


def spread(numbers: Iterator[int]) -> Spread:
    return Spread(tuple(sorted(numbers)))


def within(at: datetime | None, period: Period) -> bool:
    return at is not None and period[0] <= at < period[1]


def standing(dispute: Dispute) -> Iterator[tuple[int, e.Event]]:
    """Each event that still counts, with its place in the history: what WRONG put back has not happened."""
    undone = {
        place for event in dispute.history if isinstance(event, e.MisreadUndone) for place in event.places
    }  # fmt: skip
    return ((place, event) for place, event in enumerate(dispute.history) if place not in undone)
