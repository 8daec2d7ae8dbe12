"""A difference that was settled before it was written down: the Stage 1 record in one email, with the difference, the
reasons and the resolution ("evidence the difference of opinion in writing via an email, including the rationale and
resolution").

A line of its own says it ("Resolution:", "RESOLVED:", "Outcome agreed:"), or a sentence that tells an agreement, where
the email calls itself the record of it or says that it is settled. An agreement that was not kept is no resolution, nor
is one that is sought; where it could be either, its writer is asked.
"""

import re
from dataclasses import dataclass

from mailbot.mail.lexicon import Sense
from mailbot.mail.text.labelled_lines import Labelled
from mailbot.mail.text.phrases import hear
from mailbot.mail.text.spelling_and_sentences import sentences, unwrapped

_LABELS = ("resolution", "actions")  # keys of the lines that tell what was agreed
_NONE = re.compile(
    r"\W*(?:no\b(?! further)|none|not\b|n/?a\b|nil|never|still (?:to be|not)|to be (?:agreed|found)|awaited"
    r"|pending|yet to|unresolved|sought|tbc)",
    re.I,
)
_AGREED = re.compile(
    r"\b(?:we(?:'ve| have| both| all| had a \w+ and)?|both of us|(?:and|it was) (?:have )?|has been|was)\b[^.:;]{0,60}?"
    r"\b(?:have |has |'ve )?(?:now |both |all |also |since )?agreed\b(?: between us| together| on the (?:tele)?phone)?"
    r"\s*(?::|,|that\b|to\b|as follows:?|on\b)?\s*(?P<what>[^\n]{8,600})",
    re.I,
)
_UNKEPT = re.compile(
    r"\b(?:but|however|although|since then|yet|despite|still (?:has|have|not)|has(?: not|n't)|have(?: not|n't)"
    r"|did(?: not|n't)|was(?: not|n't)|never|could(?: not|n't)|can(?:not|'t)|failed|should have|had (?:been )?agreed"
    r"|unless|if|not (?:been )?agreed"
    r"|last (?:week|month|year|term)|in (?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december))\b",
    re.I,
)
_RECORD = re.compile(
    r"\b(?:(?:this|the) (?:e-?mail|message|note) (?:is|serves as|records|confirms)|(?:as|for) (?:the|a|our) record\b"
    r"|for the record|record of (?:the |our |what |it|this)\w*|to confirm what (?:we|was)"
    r"|putting (?:our|the) (?:agreement|resolution)|no further action is needed)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class AgreedAlready:
    """``text`` is what was agreed; ``doubtful``: it may be, and its writer is asked."""

    text: str = ""
    doubtful: bool = False


def agreed_already(text: str, labels: tuple[Labelled, ...]) -> AgreedAlready:
    """What an opening email says was agreed already; nothing, where it says nothing of the kind."""
    told = [label.value for label in labels if label.key.split(":")[0] in _LABELS and label.is_answer]
    told = [value for value in told if not _NONE.match(value)]
    if told:
        return AgreedAlready(" ".join(told))
    body = unwrapped(text)
    found = next((m for s in sentences(body) if (m := _AGREED.search(s)) and not _UNKEPT.search(s)), None)
    if found is None:
        return AgreedAlready()
    settled = any(heard.sense is Sense.SETTLED and heard.is_clear for heard in hear(body))
    what = " ".join(found["what"].split()).strip(" ,;:")
    return AgreedAlready(what, doubtful=not (settled or _RECORD.search(body)))
