"""Text made fit to be compared: one kind of quote, one kind of space, sentences, and spelling forgiven.

The writer's words are never changed for the record; this is only how they are looked at.
"""

import re
from functools import lru_cache

from mailbot.mail import lexicon

MOST_WORDS = 64 * 1024  # characters of own words that are examined; what comes after is kept, not read
_ALIKE = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201b": "'",
        "\u02bc": "'",
        "\u2032": "'",
        "`": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2015": "-",
        "\u2212": "-",
        "\u00a0": " ",
        "\u2002": " ",
        "\u2003": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\u3000": " ",
        "\u2026": "...",
        "\u200b": None,
        "\u200c": None,
        "\u200d": None,
        "\u2060": None,
        "\ufeff": None,
        "\u00ad": None,
        "\r": None,
        "\u2022": "-",
        "\u00b7": "-",
        "\u25aa": "-",
        "\u25cf": "-",
    }
)
# A full stop ends a sentence unless it stands in initials ("J.T. is"), a number, or after a title.
# After initials only a word that begins most sentences begins one ("closing R.W. He has come in hungry").
# Each way to end is told by the mark it begins with, so that nothing but marks is looked at.
_END = re.compile(
    r"[.!?\n](?:(?<=[.!])(?<!\b[A-Z].)(?<!\bDr.)(?<!\bMr.)(?<!\bMrs.)(?<!\bMs.)(?<!\bapprox.)[.!]*(?=\s)"
    r"|(?<=\?)\?*|(?<=\n)"
    r"|(?<=[a-z] I[.!])[.!]*(?=\s+[A-Z])"
    r"|(?<=\.)(?=\s+(?:He|She|They|We|I|It|The|This|There|No|His|Her|Their|My|Our|Mum|Dad|What|Please|School|If|Not)\b))"
)
_WORD = re.compile(r"[a-z0-9']+")


def tidy(text: str) -> str:
    """A text tidied for comparing sentences, the odd characters of mail clients evened out, at
    most ``MOST_WORDS`` long."""
    return text[:MOST_WORDS].translate(_ALIKE)


def plain(text: str) -> str:
    """A text as bare words for comparing spelling, lower-case with single spaces only: "Impact on
    child:" -> "impact on child"."""
    return " ".join(_WORD.findall(text.lower()))


def _paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs in which sentences are sought, blocks between blank lines, each as one line of words; a
    wrapped line is not an end."""
    return tuple(" ".join(block.split()) for block in re.split(r"\n[ \t]*\n", text) if block.strip())


@lru_cache(maxsize=256)  # one message is heard from several sides
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, what is said piece by piece, each with its own end mark kept, so that
    a question can be told."""
    found, start = [], 0
    for end in _END.finditer(text):
        found.append(text[start : end.end()].strip())
        start = end.end()
    found.append(text[start:].strip())
    return tuple(piece for piece in found if piece.strip(" .-"))


def unwrapped(text: str) -> str:
    """A text whose sentences stand whole again: the lines that a mail client wrapped are joined, where one ends
    without a mark and is long."""
    lines = text.split("\n")
    joined: list[str] = []
    for line in lines:
        before = joined[-1] if joined else ""
        if len(before.rsplit("\n", 1)[-1]) > 55 and line.strip() and line.lstrip()[0].islower():
            joined[-1] = f"{before.rstrip()} {line.lstrip()}"
        else:
            joined.append(line)
    return "\n".join(joined)


def distance(left: str, right: str, most: int = 2) -> int:
    """The distance in spelling between two words, in edits (one letter more, less, other, or two swapped); ``most +
    1`` when there are more."""
    if abs(len(left) - len(right)) > most or len(left) > 60:
        return most + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return min(row[-1], most + 1)


def is_near(written: str, meant: str) -> bool:
    """Is one word another with its spelling forgiven: one edit in a word of four to six letters, two in a longer
    one, none in a shorter?"""
    if written == meant:
        return True
    most = 0 if len(meant) < 4 else 1 if len(meant) < 7 else 2
    return bool(most) and written[:1] == meant[:1] and distance(written, meant, most) <= most


_WELSH = lexicon.vocabulary("welsh")
_ENGLISH = lexicon.vocabulary("english")


def is_in_another_language(text: str) -> bool:
    """Is a text spelled in another language than ours: in Welsh, or in another alphabet? It is filed, a person looks;
    never ignored (D3)."""
    words = plain(text[:3000]).split()
    if len(words) < 5:
        return False
    welsh = sum(w in _WELSH for w in words)
    english = sum(w in _ENGLISH for w in words)
    letters = [c for c in text[:3000] if c.isalpha()]
    foreign = len(letters) > 20 and sum(c > "\u024f" for c in letters) > len(letters) / 2
    return foreign or (welsh >= 3 and welsh > english)
