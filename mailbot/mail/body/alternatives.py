"""One text in two versions: which of them is read, and whether they say the same.

Most programs write the plain version from the one with a layout, so it is the easier to read, and the same. Where it is
not the same, the layout is what people see, and no act may rest on either: somebody is asked.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from mailbot.mail import lexicon
from mailbot.mail.body.html_to_text import ShownPage, html_to_text, shown_by
from mailbot.mail.body.quotation import QuotedLine, split_quotation
from mailbot.mail.body.signatures_banners_disclaimers import ending_of, without_footers

COMPARED = 20_000  # characters of each version
# Said in one version alone: so many words, or one of those that turn a meaning round.
MOST_APART, SHARE_APART = 3, 0.1
_NOT_WORDS = re.compile(
    r"<?\b(?:https?|ftp|mailto|tel|cid|file):[^\s>]{0,2000}>?|<[^<>\s]{1,300}@[^<>\s]{1,300}>|\[(?:cid|image|inline"
    r"|https?)[^\]\n]{0,300}\]"
    r"|\bwww\.\S{1,300}|^[ \t]*(?:[-*+\u2022\u00b7o\u00a7]|\d{1,2}[.)])[ \t]+",
    re.IGNORECASE | re.MULTILINE,
)
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_TURNING = re.compile(
    r"none|yes|\w+n['\u2019]t|dis\w+|un(?:agreed|resolved|safe)|resolv\w+|escalat\w+"
    r"|confirm\w*|agreed?|object\w*|withdr[ae]w\w*|decision|close[ds]?"
)
_NEGATION = lexicon.vocabulary("negation")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text, in one version or in both: ``plain``, and ``html`` as a mail program shows it.
    ``uncertain``: whether its reader sees just that, and whose it is, nobody can tell."""

    plain: str = ""
    html: tuple[str, ...] = ()
    uncertain: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """``read`` is the text; ``other`` a version that says something else, "" where there is none. ``uncertain``: nobody
    can tell whether its reader sees just that."""

    read: str
    other: str = ""
    unseen: str = ""
    links: tuple[tuple[str, str], ...] = ()
    uncertain: bool = False


def text_of_pieces(pieces: Iterable[Piece]) -> Text:
    """The stretches of a body's text in order, each in the alternative, plain or HTML, that people see."""
    pieces = tuple(pieces)
    texts = [_of_piece(piece) for piece in pieces]
    read = "\n".join(stripped for one in texts if (stripped := one.read.strip("\n")).strip())
    others = "\n".join(one.other for one in texts if one.other)
    unseen = "\n".join(one.unseen for one in texts if one.unseen)
    uncertain = any(one.uncertain for one in texts) or any(one.uncertain for one in pieces) or _TURNED_ROUND in read
    return Text(read, others, unseen, tuple(link for one in texts for link in one.links), uncertain)


def _of_piece(piece: Piece) -> Text:
    plain = piece.plain
    if plain.lstrip()[:200].lower().startswith(("<html", "<!doctype html", "<body")):
        plain = html_to_text(plain) or plain
    if not piece.html:
        return Text(plain)
    pages = [shown_by(page) for page in piece.html]
    shown, uncertain = _joined(pages), any(_is_uncertain(page) for page in pages)
    if not _is_usable(plain):
        return Text(shown.text or plain, "", shown.unseen, shown.links, uncertain)
    if not shown.text:
        other = plain if shown.unseen else ""
        return Text("" if shown.unseen else plain, other, shown.unseen, shown.links, uncertain)
    extra, missing = _apart(plain, shown)
    if not (_tells(extra, plain) or _tells(missing, shown.text)):
        return Text(plain, "", shown.unseen, shown.links, uncertain)
    hidden = Counter(_words(shown.unseen))
    same = not _tells(extra - hidden, plain) and not _tells(missing, shown.text)
    return Text(shown.text, "" if same else plain, shown.unseen, shown.links, uncertain)


CLOSING = 2  # lines below the words, "Thanks," and a name, that are read with them
_TURNED_ROUND = "\u202e"  # what follows is shown from right to left, whatever it is


def _is_uncertain(page: ShownPage) -> bool:
    """Whether it is uncertain what the reader sees of this version's own new words; what it quotes or is signed with
    may look as it likes."""
    if not page.uncertain:
        return False
    parted = split_quotation(page.text, may_begin_quoted=False)
    own = [at for at, whose in enumerate(parted.whose) if whose is QuotedLine.OWN]
    body = ending_of(without_footers("\n".join(parted.lines[at] for at in own)))[0]
    last = next((line.strip() for line in reversed(body.split("\n")) if _WORD.search(line)), "")
    end = next((at for at in reversed(own) if parted.lines[at].strip() == last), own[-1] if own else 0)
    end = max([end, *[at for at in own if at > end and _WORD.search(parted.lines[at])][:CLOSING]])
    unseen_below = any(at >= len(parted.lines) for at in page.uncertain) and own[-1:] == [len(parted.lines) - 1]
    return unseen_below or any(at in page.uncertain for at in own if at <= end)


def _joined(pages: list[ShownPage]) -> ShownPage:
    texts, unseen = (
        "\n".join(filter(None, words)) for words in zip(*((one.text, one.unseen) for one in pages), strict=True)
    )
    return ShownPage(texts, unseen, tuple(link for one in pages for link in one.links))


def _is_usable(plain: str) -> bool:
    """Whether a plain alternative says anything: some clients send one that only points at the other."""
    words = plain.split()
    pointer = len(words) < 40 and "html" in plain.lower() and ("view" in plain.lower() or "support" in plain.lower())
    return bool(words) and not pointer


def _words(text: str) -> list[str]:
    return [one.casefold().replace("\u2019", "'") for one in _WORD.findall(_NOT_WORDS.sub(" ", text[:COMPARED]))]


def _own(text: str) -> str:
    parted = split_quotation(text[:COMPARED], may_begin_quoted=False)
    own = "\n".join(line for line, whose in zip(parted.lines, parted.whose, strict=True) if whose is QuotedLine.OWN)
    return without_footers(own)


def _apart(plain: str, shown: ShownPage) -> tuple[Counter[str], Counter[str]]:
    """The words that the plain alternative alone says, and those that the other alone says."""
    extra = Counter(_words(_own(plain))) - Counter(_words(shown.text))
    return extra, Counter(_words(_own(shown.text))) - Counter(_words(plain))


def _tells(apart: Counter[str], whole: str) -> bool:
    """Whether words that one alternative lacks make it say something else."""
    if any(word in _NEGATION or _TURNING.fullmatch(word) for word in apart):
        return True
    return apart.total() > max(MOST_APART, len(_words(whole)) * SHARE_APART)
