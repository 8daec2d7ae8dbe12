"""What was agreed between two people of one side is no end of the dispute: a time with the practitioner (SU step 2)."""

import re
from dataclasses import replace

from mailbot.core.record.intents import Act, Intent, Sure
from mailbot.mail.text.spelling_and_sentences import sentences, unwrapped
from mailbot.mail.understanding.context import Scene
from mailbot.mail.understanding.questions import RESOLVED_OR_NOT, ask

_AGREED_WITH = re.compile(r"\b(?:agreed|settled) (?:it |this |that )?with (?:my [a-z ]{3,20} )?(?P<who>[A-Z][\w'’-]+)")


def nothing_settled_within_one_side(scene: Scene, understood: tuple[Intent, ...]) -> tuple[Intent, ...]:
    """What is understood of a message, without a resolution that it tells in prose and that names only people of its
    writer's own side as those with whom it was agreed: its writer is asked."""
    if not _is_with_ones_own(scene):
        return understood
    return tuple(
        replace(ask(RESOLVED_OR_NOT, one.words), flags=one.flags)
        if one.act is Act.PROPOSE_RESOLUTION and one.sure is Sure.PROBABLE
        else one
        for one in understood
    )


def _is_with_ones_own(scene: Scene) -> bool:
    dispute = scene.dispute
    mine = dispute.party(scene.said.sender.address) if dispute is not None else None
    told = sentences(unwrapped(scene.own))
    named = [found["who"].removesuffix("'s") for one in told for found in _AGREED_WITH.finditer(one)]
    if dispute is None or mine is None or not named:
        return False
    own = {word for p in dispute.parties if p.side is mine.side for word in p.person.name.split()}
    return all(name in own for name in named)
