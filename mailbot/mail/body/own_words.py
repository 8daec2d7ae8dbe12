"""The writer's own new words: no quotation, signature, disclaimer, banner or list tail, none of our own letter.

Commands and decisions are read from ``OwnWords.own`` and from nowhere else, so what is doubtful leaves it: a quoted
line never stays. But a sentence of the writer's never goes either, and a message is never emptied of words: one that
only forwards keeps the forwarded words and says so in ``forwarded``, and then nothing in them is the writer's
instruction.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from mailbot.mail.body.passed_on import apart, is_set_in
from mailbot.mail.body.quotation import QuotedLine, Split, split_quotation
from mailbot.mail.body.signatures_banners_disclaimers import PUBLIC_BODY_NOTICES, ending_of, is_tail, without_footers
from mailbot.mail.incoming.message import Message

_LONGEST_READ, _MOST_LINES = 100_000, 4_000


@dataclass(frozen=True, slots=True)
class OwnWords:
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
    set_in: bool = False  # they begin indented, as some programs show a quotation
    inside: str = ""  # a quotation in which the writer's answers may stand: they say so, or wrote nothing above it

    @property
    def whole(self) -> str:
        """The own words with what they pass on: all that stands there, for what obeys nobody (an opening's account)."""
        return f"{self.own}\n\n{self.passed_on}" if self.passed_on else self.own


def own_words(message: Message) -> OwnWords:
    """The writer's own words in a message; of a long text the first 100,000 characters or 4,000 lines are read."""
    is_answer = bool(message.references) or message.subject[:4].lower() in _ANSWERS
    text = "\n".join(message.text[:_LONGEST_READ].split("\n")[:_MOST_LINES])
    words = words_of(text, is_answer, message.sender.name or message.sender.address.partition("@")[0])
    if FORWARDS.match(message.subject) or not (words.quoted or words.forwarded):
        return words
    wordless = words.forwarded and not words.marker_found
    if (is_answer and (wordless or not words.own)) or answers_inside(words.own):
        return replace(words, inside=words.quoted or words.own)
    return words


FORWARDS = re.compile(r"\s*(?:\[[^\]]{0,30}\]\s*)*(?:fw|fwd|wg|tr|i|vs|rv|enc)\s?:", re.IGNORECASE)
_ANSWERED = (
    r"(?:my|our|the|some|a few|full|detailed)?\s?(?:answers?|comments?|repl(?:y|ies)|responses?|notes?|thoughts"
    r"|additions?|amendments?|changes|feedback"
    r"|annotations?|views|sylwadau|atebion|ymatebion)"
)
_INSIDE = (
    r"(?:below|inline|in[- ]line|in (?:red|blue|green|purple|bold|capitals?|caps|italics?|colou?r|the (?:text|body"
    r"|email|trail|message)|yellow"
    r"|pink|orange)|within|underneath|beneath|under each|next to each|against each|between the lines|interspersed"
    r"|highlighted|marked|isod|mewn \w+)"
)
# "Please see my comments in red below": what the writer says stands among the quoted lines.
_ANSWERS_INSIDE = re.compile(
    rf"\b{_ANSWERED}\b[^.!?\n]{{0,40}}\b{_INSIDE}\b|\b(?:answered|replied|responded|commented|annotated|added|inserted"
    rf"|marked|written|typed|put)\b"
    rf"[^.!?\n]{{0,30}}\b{_INSIDE}\b|\b{_INSIDE}\b[^.!?\n]{{0,20}}\b{_ANSWERED}\b|\b(?:see|gweler"
    rf"|gw)\.?\s(?:\w+\s){{0,3}}{_INSIDE}\b",
    re.IGNORECASE,
)
_SHORT = 40


def answers_inside(own: str) -> bool:
    """Whether a short message says that its own words, the answers, stand in what it quotes."""
    return len(own.split()) <= _SHORT and _ANSWERS_INSIDE.search(own) is not None


_SIGNED_ONLY = re.compile(r"--[ \t]*\n")  # RFC 3676 4.3: all that follows is a signature
_ANSWERS = ("re: ", "fw: ", "fwd:", "aw: ", "sv: ", "wg: ", "tr: ", "rv: ")


_REMEMBERED = 20_000  # characters of a text of which the answer is remembered


def words_of(text: str, is_answer: bool = True, name: str = "") -> OwnWords:
    """The writer's own words in a text alone; ``is_answer`` False keeps a memo head at the top as the writer's own.

    ``name`` is the writer's: where it stands alone near the end, the signature begins.
    """
    return (_once if len(text) <= _REMEMBERED else _words_of)(text, is_answer, name)


def _words_of(text: str, is_answer: bool, name: str) -> OwnWords:
    parted = split_quotation(text, may_begin_quoted=is_answer)
    own, interleaved, introducing = _own_lines(parted)
    written = without_footers(own, PUBLIC_BODY_NOTICES)
    set_in = is_set_in(next((line for line in own.split("\n") if line.strip()), ""))
    body, signature = (part.strip() for part in ending_of(without_footers(own), name))
    body, others_words = apart(body, is_answer, introducing)
    quoted = "\n".join(
        line for line, whose in zip(parted.lines, parted.whose, strict=True) if whose is QuotedLine.QUOTED
    ).strip()
    if body or parted.marker:
        others = parted.forward or _SIGNED_ONLY.match(body) is not None
        return OwnWords(body, quoted, signature, interleaved, parted.marker, others, written, others_words, set_in)
    kept = text.strip()
    return OwnWords(kept, quoted, "", False, False, bool(quoted), kept)


# Each message is looked at for danger before its turn to be decided comes, and up to 150 others between the two.
_once = lru_cache(maxsize=200)(_words_of)


def _own_lines(parted: Split) -> tuple[str, bool, frozenset[str]]:
    """The lines of the writer's own words joined, and whether they stand on both sides of a quotation.

    A signature or a list's tail alone below the quotation is no answer and is left out.
    """
    blocks: list[list[str]] = [[]]
    last = QuotedLine.OWN
    for line, whose in zip(parted.lines, parted.whose, strict=True):
        if whose is QuotedLine.OWN and last is QuotedLine.QUOTED:
            blocks.append([])
        if whose is QuotedLine.OWN:
            blocks[-1].append(line)
        last = whose
    said = [block for block in blocks if any(line.strip() for line in block)]
    while len(said) > 1 and is_tail(said[-1]):
        said.pop()
    above = (next(line for line in reversed(block) if line.strip()) for block in said[:-1])
    own = "\n\n".join("\n".join(block).strip("\n") for block in said)
    return own, len(said) > 1, frozenset(above)
