"""The writer's own new words: no quotation, no signature, no disclaimer, none of our own letter.

Commands and decisions are read from ``Words.own`` and from nowhere else, so what is doubtful leaves it: a quoted line
never stays. But a sentence of the writer's never goes either, and a message is never emptied of words: one that only
forwards keeps the forwarded words and says so in ``forwarded``, and then nothing in them is the writer's instruction.
"""

from dataclasses import dataclass

from mailbot.mail.clients import MARKER as MARKER
from mailbot.mail.footers import ending_of, strip_edges
from mailbot.mail.message import Message
from mailbot.mail.quotation import Line, Split, split

LONGEST_READ = 200_000


@dataclass(frozen=True, slots=True)
class Words:
    """A body taken apart. ``interleaved``: answers stand between or below quoted lines (which are not in ``own``).

    ``forwarded``: the writer added nothing, ``own`` holds somebody else's words; read no command from them.
    ``own`` is "" only where nothing was written, or nothing above the marker of our own letter.
    """

    own: str
    quoted: str
    signature: str
    interleaved: bool
    marker_found: bool
    forwarded: bool


def own_words(message: Message) -> Words:
    """The writer's own words in a message; linear in the size of the text, of which 200,000 characters are read."""
    is_answer = bool(message.references) or message.subject[:4].lower() in _ANSWERS
    return words_of(message.text[:LONGEST_READ], is_answer)


_ANSWERS = ("re: ", "fw: ", "fwd:", "aw: ", "sv: ", "wg: ", "tr: ", "rv: ")


def words_of(text: str, is_answer: bool = True) -> Words:
    """The same from a text alone; ``is_answer`` False keeps a memo head at the top as the writer's own."""
    parted = split(text, may_begin_quoted=is_answer)
    own, interleaved = _own_lines(parted)
    body, signature = ending_of(own)
    body = strip_edges(body)
    quoted = "\n".join(line for line, whose in zip(parted.lines, parted.whose, strict=True) if whose is Line.QUOTED)
    if body.strip() or parted.marker:
        return Words(body.strip(), quoted.strip(), signature.strip(), interleaved, parted.marker, parted.forward)
    if signature.strip():
        return Words(signature.strip(), quoted.strip(), "", interleaved, False, parted.forward)
    kept = strip_edges(quoted if quoted.strip() else text).strip() or text.strip()
    return Words(kept, quoted.strip(), "", False, False, bool(kept))


def _own_lines(parted: Split) -> tuple[str, bool]:
    """The own lines joined, and whether they stand on both sides of a quotation."""
    out: list[str] = []
    blocks, last = 0, Line.QUOTED
    for line, whose in zip(parted.lines, parted.whose, strict=True):
        if whose is Line.OWN:
            if line.strip():
                blocks += last is Line.QUOTED
                last = Line.OWN
            out.append(line)
        elif last is Line.OWN:
            last = Line.QUOTED
            out.append("")
    return "\n".join(out), blocks > 1
