"""What an outcome needs, in the closed words of a protocol file (``[outcome.x] needs``), and who has given it."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from mailbot.core.record.intents import Action

AGREED, DATED, FOLLOW_UP = "agreed_outcome", "dated actions", "follow-up of outstanding issues"
REASON, REASONS, TOLD = "reason", "reasons", " told"
FOLLOW_UP_KEY = "follow_up"  # the field under which it is kept
NEEDS: Mapping[str, str] = MappingProxyType(
    {
        AGREED: "what was agreed, in words",
        DATED: "what will be done, each with an actual date; or that nothing further is to be done",
        FOLLOW_UP: "how anything outstanding will be followed up, asked of whoever reports it",
        REASON: "a reason",
        REASONS: "the reasons",
    }
)
# What is so in every procedure: written in older files, and told apart from a word that means nothing.
ALWAYS = ("both sides confirm", "confirmed in writing by the receiving agency")
NOTHING_MORE = (
    "no further action",
    "nothing further",
    "nothing more",
    "no action",
    "no actions",
    "nothing is to be done",
    "nothing to be done",
    "nothing else to do",
    "nothing outstanding",
)


def is_dated(actions: Iterable[Action], words: str) -> bool:
    """Has every action an actual date, and is there one at all, or words that say that none is needed?"""
    found = tuple(actions)
    if found:
        return all(action.by is not None for action in found)
    said = words.casefold()
    return any(nothing in said for nothing in NOTHING_MORE)
