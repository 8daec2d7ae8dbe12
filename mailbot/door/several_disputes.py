"""One message about several disputes: what its writer says of each, decided in each, filed in each that it names.

Only of disputes between the same agencies, of which the writer is in every one: what is said of one child goes to
nobody else. A button, and a message that a person at the partnership put somewhere, are for that dispute alone.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from mailbot.core.record.dispute import Dispute
from mailbot.core.record.intents import Act, Intent
from mailbot.door.gatekeeping import Disposition
from mailbot.door.mail_not_acted_on import plainly
from mailbot.door.message_as_read import Considered, Desk, HeardMail, said_in
from mailbot.mail.text.several_disputes import goes_on_as_before, words_of_each
from mailbot.mail.understanding.interpret import hear_whole

Decided = Callable[[HeardMail, Dispute], Considered]
# Nothing else can name another dispute: a child's initials, with dots or without, or a reference.
_MAY_NAME = re.compile(
    r"(?<![A-Za-z.])[A-Z]\.?\s?[A-Z](?![A-Za-z])|(?<![A-Za-z.])[A-Z]['’]s\b|\d{3}|(?<![A-Za-z.])[B-HJ-Z]\b"
)


def of_several(heard: HeardMail, here: Dispute, desk: Desk, decided: Decided) -> Considered | None:
    """What follows from one message for each of several disputes that it names; None where it speaks of no other than
    the one in whose thread it stands."""
    found = [decided(said, one) for one, said in _said_of_each(heard, here, desk)]
    held = next((one for one in found if one.disposition is Disposition.HELD and not one.steps), None)
    return (held or _together(heard, found)) if found else None


def asked_in_each(heard: HeardMail, here: Dispute, desk: Desk) -> tuple[Intent, ...]:
    """All that one message asks, in whichever of several disputes it names: whether it must be proven is asked once,
    and of the whole."""
    each = _said_of_each(heard, here, desk)
    return tuple(intent for _, said in each for intent in said.intents) or heard.intents


def _said_of_each(heard: HeardMail, here: Dispute, desk: Desk) -> list[tuple[Dispute, HeardMail]]:
    own = heard.said.own
    if heard.put_there or heard.words.forwarded or not _MAY_NAME.search(own):
        return []
    others = {one.reference: one for one in _others(heard, here, desk)}
    parts = words_of_each(own, here, others.values()) if others else {}
    return [
        (one, _heard_of(heard, one, words, desk, at_home=one is here))
        for one, words in _in_order(parts, {here.reference: here, **others})
    ]


def _in_order(parts: Mapping[str, str], disputes: Mapping[str, Dispute]) -> Iterator[tuple[Dispute, str]]:
    return ((dispute, parts[reference]) for reference, dispute in disputes.items() if reference in parts)


def _others(heard: HeardMail, here: Dispute, desk: Desk) -> Iterator[Dispute]:
    """The other open disputes between the same agencies in which the writer has a part of their own."""
    sender = heard.said.sender.address
    ours = {here.raising, *here.receiving_agencies}
    for one in desk.open_disputes(sender):
        same = {one.raising, *one.receiving_agencies} == ours
        if one.reference != here.reference and same and one.party(sender) is not None:
            yield one


def _heard_of(heard: HeardMail, dispute: Dispute, words: str, desk: Desk, *, at_home: bool) -> HeardMail:
    """What one message about several disputes says of one. What is quoted, passed on or attached belongs to the thread
    in which it stands."""
    version = heard.partnership if at_home else desk.version(dispute)
    said = replace(heard.said, own=words)
    if not at_home:
        there = said_in(heard.message, heard.words, heard.received, version, dispute)
        said = replace(there, own=words, quoted="", passed_on="", inside="", papers=(), looked_at=heard.said.looked_at)
    if goes_on_as_before(words, dispute):
        note = (Intent(Act.NOTE, words=words),)
        return replace(heard, said=said, intents=note, partnership=version, brought=())
    intents = hear_whole(said, dispute, version)
    return replace(heard, said=said, intents=intents, partnership=version, brought=heard.brought if at_home else ())


def _together(heard: HeardMail, found: list[Considered]) -> Considered:
    """One result for one message about several disputes."""
    acted = any(one.disposition is Disposition.ACTED for one in found)
    intents = tuple(intent for one in found for intent in one.intents)
    return replace(
        heard.result(Disposition.ACTED if acted else Disposition.FILED, plainly(intents)),
        intents=intents,
        steps=tuple(step for one in found for step in one.steps),
        plain=tuple(notice for one in found for notice in one.plain),
        held=any(one.held for one in found),
        asked=next((one.asked for one in found if one.asked), ""),
        flags=tuple(dict.fromkeys(flag for one in found for flag in one.flags)),
    )
