"""Was it theirs: what answers the letter that asks whether a waiting message was its reader's.

The answer lets in whatever waits, so what stands beside it is guarded as beside any other word: it is the writer's own
name or a courtesy, or nothing is let in and they are asked once more.
"""

import re

from mailbot.mail import lexicon
from mailbot.mail.body.own_words import OwnWords
from mailbot.mail.body.whose_signature import Writer, is_own_name, is_own_post, others_name
from mailbot.mail.understanding.commands import is_taken_back
from mailbot.mail.whether_meant.plainness import shows_doubt
from mailbot.mail.whether_meant.under_pressure import is_pressed

RELEASE_WORDS = frozenset({"open", "yes", "confirm", "confirmed"})
DISMISS_WORDS = frozenset({"ignore", "no"})
# The beginning of a first line that answers: "No longer at this school" does not, nor does "Yes - message received".
_ANSWERS = re.compile(
    r"\W*(?:(?:hi|hello|dear|good (?:morning|afternoon))(?: (?:all|there|team))?[\s,.!-]+)?"
    r"(open|yes|confirm|confirmed|ignore|no|(?:it|that|this) was me)\b"
    r"(?:[\s,.!-]+(?:(?:it|that) (?:wasn['\u2019]t|was not)(?: me)?"
    r"|(?:it|that|this)(?: was| is|['\u2019]s)(?: me| mine)?"
    r"|i sent (?:it|that|this)(?: (?:myself|from my (?:own )?(?:phone|mobile|i?phone|i?pad|tablet|laptop)))?|i did"
    r"|(?:thanks|thank you)(?: for (?:checking|asking))?|confirm(?:ed)?|not me|sent by me|mine|me|go ahead|open|it"
    r"|please|pls|sorry(?: (?:for|about) (?:the|any) \w+)?)\b)*",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\bnot\b|n['\u2019]t\b", re.IGNORECASE)
_COURTEOUS = lexicon.pattern("courtesies.beside_a_yes")
_PIECES = re.compile(r"[,.;!]\s+|\s[-\u2013\u2014]\s")
_FURNITURE = re.compile(r"[\d@]|\bwww\.|\bhttps?:")  # telephones, addresses: of a signature, below a name
_LONGEST_NAMED = 6  # words


def answer_in(words: OwnWords, writer: Writer) -> str:
    """The answer: OPEN, YES, IGNORE, NO … where that is all that is said, courtesies and the writer's own name apart;
    else ""."""
    lines = [" ".join(line.split()) for line in words.own.splitlines() if line.strip()]
    first = _ANSWERS.match(lines[0]) if lines else None
    if first is None or not _is_theirs_and_meant(words, first[0], writer):
        return ""
    beside = [*_PIECES.split(lines[0][first.end() :]), *lines[1:], *_signed(words)]
    if not all(_leaves_it(one, words.own, writer) for one in beside):
        return ""
    word = str(first[1]).casefold()
    return "" if word != "no" and _DENIED.search(first[0]) else "yes" if word.endswith("was me") else word


def _is_theirs_and_meant(words: OwnWords, answer: str, writer: Writer) -> bool:
    """Does nothing beside the answer take it back, doubt it, or sign it in another's name? IGNORE is an answer here."""
    own, signature = words.own, words.signature
    beside = f"{own.lstrip().removeprefix(answer)}\n{signature}"
    taken_back = is_taken_back(beside, closes=True) or is_pressed(beside)
    return not (taken_back or shows_doubt(own) or others_name(own, signature, writer))


def _signed(words: OwnWords) -> list[str]:
    """Of what stands below, the first line that is more than dashes, where a name is expected; a footer is longer."""
    below = (line.strip() for line in words.signature.splitlines())
    return [line for line in below if line.strip("-_*= ") and len(line.split()) <= _LONGEST_NAMED][:1]


def _leaves_it(said: str, own: str, writer: Writer) -> bool:
    """Is a line or a piece beside the answer the writer's own name or post, or a courtesy with no other name in it?"""
    bare = said.strip(" \t*_>.,!-\u2013\u2014")
    if not bare or is_own_name(bare, writer) or is_own_post(bare, f"{own}\n{bare}", writer):
        return True
    courteous = _COURTEOUS.match(bare)
    if courteous is None:
        return _FURNITURE.search(bare) is not None and said not in own
    rest = bare[courteous.end() :].strip(" ,.!-\u2013\u2014")
    return not rest or is_own_name(rest, writer)
