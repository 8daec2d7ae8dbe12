"""The writer's own new words: no quotation, no signature, no disclaimer, none of our own letter.

Commands and decisions are read from ``Words.own`` and from nowhere else, so what is doubtful leaves it: a quoted line
never stays. But a sentence of the writer's never goes either, and a message is never emptied of words: one that only
forwards keeps the forwarded words and says so in ``forwarded``, and then nothing in them is the writer's instruction.
"""

import re
from dataclasses import dataclass

from mailbot.mail.arriving.clients import MARKER as MARKER
from mailbot.mail.arriving.footers import PUBLIC_BODY_NOTICES, ending_of, is_tail, without_footers
from mailbot.mail.arriving.message import Message
from mailbot.mail.arriving.passed_on import apart
from mailbot.mail.arriving.quotation import Line, Split, split

LONGEST_READ, MOST_LINES = 100_000, 4_000


@dataclass(frozen=True, slots=True)
class Words:
    """A body taken apart. ``interleaved``: answers stand between or below quoted lines (which are not in ``own``).

    ``forwarded``: the writer added nothing, ``own`` holds somebody else's words, or a signature alone; read no command
    from them.
    ``own`` is "" only where nothing was written, or nothing above the marker of our own letter.
    """

    own: str
    quoted: str
    signature: str
    interleaved: bool
    marker_found: bool
    forwarded: bool
    written: str  # own words with the sign-off and signature below them: for showing, not for reading commands
    passed_on: str = ""  # somebody else's words, pasted in by the writer: read for danger, and for nothing else


def own_words(message: Message) -> Words:
    """The writer's own words in a message; of a long text the first 100,000 characters or 4,000 lines are read."""
    is_answer = bool(message.references) or message.subject[:4].lower() in _ANSWERS
    text = "\n".join(message.text[:LONGEST_READ].split("\n")[:MOST_LINES])
    return words_of(text, is_answer, message.sender.name or message.sender.address.partition("@")[0])


_SIGNED_ONLY = re.compile(r"--[ \t]*\n")  # RFC 3676 4.3: all that follows is a signature
_ANSWERS = ("re: ", "fw: ", "fwd:", "aw: ", "sv: ", "wg: ", "tr: ", "rv: ")


def words_of(text: str, is_answer: bool = True, name: str = "") -> Words:
    """The same from a text alone; ``is_answer`` False keeps a memo head at the top as the writer's own.

    ``name`` is the writer's: where it stands alone near the end, the signature begins.
    """
    parted = split(text, may_begin_quoted=is_answer)
    all_own, interleaved = _own_lines(parted)
    own, others_words = apart(all_own, is_answer)
    written = without_footers(all_own, PUBLIC_BODY_NOTICES)
    body, signature = (part.strip() for part in ending_of(without_footers(own), name))
    quoted = "\n".join(
        line for line, whose in zip(parted.lines, parted.whose, strict=True) if whose is Line.QUOTED
    ).strip()
    if body or parted.marker:
        others = parted.forward or _SIGNED_ONLY.match(body) is not None
        return Words(body, quoted, signature, interleaved, parted.marker, others, written, others_words)
    kept = text.strip()
    return Words(kept, quoted, "", False, False, bool(quoted), kept)


def _own_lines(parted: Split) -> tuple[str, bool]:
    """The own lines joined, and whether they stand on both sides of a quotation.

    A signature or a list's tail alone below the quotation is no answer and is left out.
    """
    blocks: list[list[str]] = [[]]
    last = Line.OWN
    for line, whose in zip(parted.lines, parted.whose, strict=True):
        if whose is Line.OWN and last is Line.QUOTED:
            blocks.append([])
        if whose is Line.OWN:
            blocks[-1].append(line)
        last = whose
    said = [block for block in blocks if any(line.strip() for line in block)]
    while len(said) > 1 and is_tail(said[-1]):
        said.pop()
    return "\n\n".join("\n".join(block).strip("\n") for block in said), len(said) > 1
