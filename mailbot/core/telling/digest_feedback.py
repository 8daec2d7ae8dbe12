"""Feedback as the digest shows it: the spread of marks, and the ideas in their writers' words, without names."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mailbot.core.happened.dispute import Dispute
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.telling.measures import Period
from mailbot.core.telling.measures_of_disputes import feedback

LONGEST_IDEA = 500  # characters
# What a child may be called that names nobody.
_NAMELESS = frozenset(
    {"and", "of", "the", "baby", "unborn", "child", "children", "young", "person", "sibling", "siblings", "twins"}
)


@dataclass(frozen=True, slots=True)
class Told:
    """``marks``: how many gave 1 to 5. ``ideas`` carry no reference: one would name their writers to each other."""

    marks: tuple[int, ...]
    ideas: tuple[str, ...]

    @property
    def given(self) -> int:
        return sum(self.marks)


def told(disputes: Sequence[Dispute], week: Period) -> Told | None:
    """None in a week without any. Ideas are sorted by their words, so that their order tells nothing either."""
    found = feedback(disputes, week)
    by_reference = {dispute.reference: dispute for dispute in disputes}
    ideas = sorted(nameless(idea, names_in(by_reference[reference])) for reference, idea in found.ideas)
    return Told(found.marks, tuple(ideas)) if found.replies else None


def names_in(dispute: Dispute) -> frozenset[str]:
    """Every word of a name in the dispute: its people's and the child's."""
    named = [party.person.name for party in dispute.parties if party.side is not Side.PARTNERSHIP]
    words = {word for name in (*named, dispute.child) for word in re.findall(r"[^\W\d_]{2,}", name)}
    return frozenset(word for word in words if word.casefold() not in _NAMELESS)


_ADDRESS = re.compile(r"\S+@\S+")
_INITIALS = re.compile(r"\b(?:[A-Z]\.){1,4}[A-Z]?\b\.?")


def nameless(words: str, names: Iterable[str]) -> str:
    """``words`` on one line with every name, address and set of initials shown as "…"."""
    said = _INITIALS.sub("…", _ADDRESS.sub("…", " ".join(words.split())[:LONGEST_IDEA]))
    for name in sorted(names, key=len, reverse=True):
        said = re.sub(rf"\b{re.escape(name)}\b", "…", said, flags=re.IGNORECASE)
    return re.sub(r"…(?:[\s']*…)+", "…", said)
