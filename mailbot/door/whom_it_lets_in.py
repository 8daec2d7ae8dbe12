"""What a partnership has set for its door: whom it believes, and what it asks for before it does."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mailbot.core.partnership.directory import Directory


@dataclass(frozen=True, slots=True)
class Door:
    """Whom the site lets in. ``trusted_ids`` are the receiving server's own authserv-ids.

    ``require`` True holds all that nothing proves, for a round trip to the address on record, whose answer is proven.
    False, where the server writes no results, reads it, and makes the round trip for whatever would change something;
    an answer then counts by the number of the letter that it answers. ``rehearses`` believes
    From: nothing is sent, or everybody is invented. A failed check is refused every time. ``sends_through`` are the
    hosts that take our letters: what they report of them is believed. ``neighbours`` are the other partnerships of the
    deployment, by their mailboxes, with who is who there: one mail may go to two, and opens in each what is its own.
    """

    trusted_ids: tuple[str, ...] = ()
    require: bool = True
    rehearses: bool = False
    sends_through: tuple[str, ...] = ()
    neighbours: Mapping[str, Directory] = field(default_factory=dict)
