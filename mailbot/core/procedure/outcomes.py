"""What an outcome needs, in the closed words of a protocol file (``[outcome.x] needs``), and who has given it."""

from collections.abc import Mapping
from types import MappingProxyType

AGREED, DATED, FOLLOW_UP = "agreed_outcome", "dated actions", "follow-up of outstanding issues"
REASON, REASONS, TOLD = "reason", "reasons", " told"
FOLLOW_UP_KEY = "follow_up"  # the field under which it is kept
OUTCOME_NEEDS: Mapping[str, str] = MappingProxyType(
    {
        AGREED: "what was agreed, in words",
        DATED: "what will be done, each with an actual date; or that nothing further is to be done",
        FOLLOW_UP: "how anything outstanding will be followed up, asked of whoever reports it",
        REASON: "a reason",
        REASONS: "the reasons",
    }
)
# The outcomes that a word of an email brings about, whatever a file calls them.
KNOWN_AS = ("resolved", "withdrawn", "understood")
# What is so in every procedure: written in older files, and told apart from a word that means nothing.
ALWAYS = ("both sides confirm", "confirmed in writing by the receiving agency")
