"""What makes the same words mean less than they say: a question, a hope, hearsay, a part, a joke.

The words stand in ``traps.toml``, and which senses they do not cloud in ``immune.toml``. ``hearing.py`` applies them
sentence by sentence, ``accounting.py`` across the whole text. A trap costs its writer one more short letter. A trap
that is missing costs a dispute closed or moved by nobody.
"""

import re

from mailbot.mail import lexicon
from mailbot.mail.lexicon import Sense

# What makes a phrase in the same sentence mean less than it says.
TRAPS = tuple((row.name, re.compile(lexicon.joined(row.wordings), re.IGNORECASE)) for row in lexicon.rows("trap"))
_EVERY = frozenset(name for name, _ in TRAPS)
_SHORT = {"every trap": _EVERY, "every trap but joke": _EVERY - {"joke"}}
# Traps that do not cloud these: to ask for time or the guide is to ask a question.
IMMUNE: dict[Sense, frozenset[str]] = {
    Sense(sense): frozenset().union(*(_SHORT.get(name, {name}) for name in names))
    for sense, names in lexicon.tables("immune").items()
}
# Somebody else does it: "Iris is happy with this", "she will escalate", "school can escalate". Looked for just before
# the phrase. "Rosalind and I", "both of us", "the matter" are not somebody else.
SOMEBODY_ELSE = lexicon.pattern("traps.somebody_else", cased=True)
DENIES = lexicon.words("denies")
# The phrase is not this dispute's end but an arrangement: a time, a venue, a talk.
ARRANGEMENT = lexicon.pattern("traps.arrangement")
