"""What is asked again and again of the same dispute is worked out once: a short memory by the very values it was asked
of.

Four letters of one event ask for the same limits, the same record and the same veil. All of that follows from values
that never change, so an answer holds for as long as the values are the same ones; to compare two disputes by what they
say would cost more than the answer.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")


class _Same:
    """A value known by itself and not by what it says; kept, so that no other can take its place in memory."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value


def worked_out_once(most: int) -> Callable[[Callable[_Asked, _Answer]], Callable[_Asked, _Answer]]:
    """What was worked out is not worked out again: the last ``most`` answers of a pure function are kept. What it is
    given must be values that never change, and so must what it gives: no iterator, no list."""

    def keeping(work: Callable[_Asked, _Answer]) -> Callable[_Asked, _Answer]:
        @lru_cache(maxsize=most)
        def kept(names: tuple[str, ...], *same: _Same) -> _Answer:
            values = [one.value for one in same]
            unnamed = len(values) - len(names)
            named = dict(zip(names, values[unnamed:], strict=True))
            return work(*values[:unnamed], **named)  # type: ignore[arg-type]  # the same that ``asked`` was given

        @wraps(work)
        def asked(*values: _Asked.args, **named: _Asked.kwargs) -> _Answer:
            return kept(tuple(named), *map(_Same, values), *map(_Same, named.values()))

        return asked

    return keeping
