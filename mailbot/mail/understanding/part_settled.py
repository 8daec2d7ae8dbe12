"""Part settled: does somebody who reports an agreement say beside it that something is not agreed?"""

import re

from mailbot.mail import lexicon
from mailbot.mail.text.labelled_lines import field_for
from mailbot.mail.text.spelling_and_sentences import sentences

_LEFT_OPEN = lexicon.pattern("told.left_open")
_DENIED = lexicon.pattern("told.left_open_denied")
_LABEL = re.compile(r"\W*([A-Za-z][\w' ]{2,50}?)\s*[:=]\s*(.*)", re.DOTALL)
_NOTHING = re.compile(r"\W*(?:none|nothing|nil|no|n/?a|not applicable)\b", re.IGNORECASE)


def is_left_open(own: str) -> bool:
    """Do a writer's own words say that part of what was raised is not settled? A line "Outstanding issues:" is where
    the procedures ask how a smaller point is followed up, and leaves nothing open; "What remains unresolved:" does."""
    return any(_leaves_open(" ".join(piece.split())[:2000]) for piece in sentences(own))


def _leaves_open(said: str) -> bool:
    label = _LABEL.match(said)
    key = field_for(label[1]) if label is not None else ""
    if key == "follow_up":
        return False
    if label is not None and key == "unresolved":
        return bool(label[2].strip()) and _NOTHING.match(label[2]) is None
    return any(_DENIED.search(said[: found.start()]) is None for found in _LEFT_OPEN.finditer(said))
