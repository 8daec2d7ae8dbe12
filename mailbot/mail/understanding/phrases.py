"""What people write instead of the command words: each phrase, and the sense it has when nothing clouds it.

The words stand in ``phrases.toml``. The traps that make the same words mean less, and the code that applies both, are
in ``hearing.py``; which senses rule each other out is decided in ``spoken.py``.
"""

import re
from functools import cache

from mailbot.mail import lexicon
from mailbot.mail.lexicon import Names, Sense

__all__ = ["Sense", "phrases"]


@cache
def phrases(names: Names) -> tuple[tuple[Sense, re.Pattern[str]], ...]:
    """The phrases in the order in which they are looked for, under one procedure's names."""
    return tuple((Sense(row.name), _compiled(lexicon.joined(row.wordings, names))) for row in lexicon.rows("phrase"))


@cache
def _compiled(wording: str) -> re.Pattern[str]:
    """Most phrases hold no names, and are the same under every procedure."""
    return re.compile(wording, re.IGNORECASE)
