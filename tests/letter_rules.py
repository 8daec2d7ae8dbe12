"""What is true of every letter in every story, whichever procedure and whatever happened: looked at as it was sent.

A story asserts this for each letter that goes out, so the rules of wording hold over all of them and not only over the
samples: the risk line before any date, no leave to wait, nobody's blame, no child's name, a text that is whole alone.
"""

import re
from collections.abc import Iterable, Iterator

from mailbot.mail.letters.render import Rendered, template_faults

NEVER = (
    "you have until",
    "no action needed until",
    "no action is needed until",
    "can wait until",
    "need not act",
    "under control",
    "low risk",
    "your referral has been made",
    "failed to",
    "refused to",
    "is at fault",
    "to blame",
    "should have",
    "neglected",
)
# Letters that belong to a dispute and ask something: each must say who, what, by when and what happens otherwise.
ASKING = frozenset({"opened", "stage_entered", "reminder", "proposed", "objected", "reopened", "handed_over"})
_OTHERWISE = re.compile(
    r"If nothing is recorded by|If it is not settled by then"
    r"|No answer is not a yes|asked whether (?:it is to|to move|to refer)|With no answer by"
    r"|a reminder goes out|sets no time for this"
)
_BY_WHEN = re.compile(
    r"at the latest|the limit|passed|has gone by|sets no time|: now\b|nothing is recorded by|no answer by",
    re.IGNORECASE,
)
_WHO = re.compile(r"Your turn|It is now (?:for|with) ")


def faults_in(letter: str, made: Rendered, risk: str, children: Iterable[str], own_words: Iterable[str]) -> list[str]:
    """Everything that is wrong with one letter as sent; ``children`` are full names, ``own_words`` what people wrote
    and the letter may quote. Digests and counts are held to the same, dates before the risk line apart."""
    of_a_template = (fault for fault in template_faults(letter, made, risk) if "a letter never says" not in fault)
    return [*of_a_template, *_said(made, children, own_words), *_whole(letter, made)]


def _said(made: Rendered, children: Iterable[str], own_words: Iterable[str]) -> Iterator[str]:
    quoted = " ".join(" ".join(words.casefold().split()) for words in own_words)
    for part, text in (("subject", made.subject), ("text", made.text), ("html", made.html)):
        flat = " ".join(text.casefold().split())
        # Paragraph by paragraph: "… said: refused" and "To put it right" are two sentences.
        for paragraph in re.split(r"\n\s*\n|</p>|</td>|</li>", text.casefold()):
            plain = " ".join(paragraph.split())
            yield from (f"{part} says {words!r}" for words in NEVER if words in plain and words not in quoted)
        for name in children:
            if re.search(rf"\b{re.escape(name.casefold())}\b", flat):
                yield f"{part} names the child ({name})"


def _whole(letter: str, made: Rendered) -> Iterator[str]:
    """The text part alone: a person who sees no HTML knows who, what, by when, and what happens otherwise."""
    if letter not in ASKING or "WHAT YOU CAN REPLY" not in made.text:
        return
    for asked, found in (("who it waits on", _WHO), ("by when", _BY_WHEN), ("what happens otherwise", _OTHERWISE)):
        if not found.search(made.text):
            yield f"the text does not say {asked}"
