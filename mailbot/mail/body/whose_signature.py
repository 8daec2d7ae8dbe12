"""Signing: whose name closes an email, and is it its writer's?

Nobody acts for another: below what an email asks for stands its writer's own name, by whatever part of it people sign
with (a first name, a short one, initials, a post), or nobody's. "Darren Hughes" below the head teacher's CONFIRM, "K's
mum", the other side's manager, an assistant's "pp" say that the words above are somebody else's, and those are asked
about. What cannot be told to be the writer's is not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailbot.core.record.intents import Person
from mailbot.mail import lexicon
from mailbot.mail.body.signatures_banners_disclaimers import CLOSING_LINE, DASHES, SENT_FROM, is_marking
from mailbot.mail.text.spelling_and_sentences import plain

_KIN = lexicon.vocabulary("kin")
_POSTS, _OF_ANYBODY = lexicon.vocabulary("posts"), lexicon.vocabulary("posts_of_anybody")
_ONE_POST = tuple(frozenset(row.split()) for row in lexicon.vocabulary_in_order("one_post"))
_HONORIFICS = lexicon.vocabulary("honorifics")
_ORDINARY = (
    lexicon.vocabulary("plain_matters")
    | lexicon.vocabulary("plain_facts")
    | lexicon.vocabulary("plain_fragments")
    | lexicon.vocabulary("not_owner")
    | lexicon.vocabulary("polite")
    | lexicon.vocabulary("terms_agreed")
    | frozenset(word for row in lexicon.rows("command") for words in row.words for word in words.split())
    | frozenset(lexicon.vocabulary_in_order("month"))
    | frozenset(lexicon.vocabulary_in_order("weekday"))
) - lexicon.vocabulary("names_that_are_words")
_FAREWELL = lexicon.pattern("courtesies.signed_farewell")
_GREETS = lexicon.pattern("courtesies.greets")  # "Hi Desmond, …" on the last line is said to him
_THANKS = lexicon.pattern("courtesies.signed_thanks")
# "June Tait pp Desmond Oakes", "PA to the Head": who writes is not whose name stands there.
_FOR_ANOTHER = lexicon.pattern("told.signs_for_another")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LOWER_BESIDE = frozenset({"at", "of", "and", "the", "in", "for", "to", "x", "xx", "xxx", "on", "with", "y", "yr"})
_SET_OFF = re.compile(r"\s*(?:[,|/•·(\[–—-]|\s-\s)")
_COMMAND_AND_NAME = re.compile(
    r"^\W*(?:[A-Z]{4,}(?: [A-Z]+)?|[A-Z][a-z]{5,})\s*"
    r"(?:[-–—,(:]\s*(?:says?\b|by\b|from\b)?|says?\b|by\b|from\b)\s*(.{2,40}?)\W*$"
)
# "HANDOVER TO: Edmund Garth": there the name is of whom it is about.
_TAKES_A_NAME = re.compile(r"\W*(?:please\s+)?(?:hand\s?over|add|remove)\b", re.I)
_MOST_WORDS, _SHORT_NAME, _MOST_INITIALS = 4, 6, 3


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, by the directory or by From; ``others`` are the words of the other people's names in the dispute.
    ``is_office``: the address is an office's, in which several people write, each above the office's own title."""

    person: Person
    others: frozenset[str] = frozenset()
    is_office: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The words of the writer's name; of an address that is nobody's by name, the words of the address."""
        return tuple(plain(self.person.name or re.split(r"[@+]", self.person.address)[0].replace(".", " ")).split())

    @property
    def posts(self) -> frozenset[str]:
        """Words that may stand in a line of what somebody is: of their own, and of everybody's."""
        return self._told | _POSTS

    @property
    def _told(self) -> frozenset[str]:
        told = plain(f"{self.person.designation} {self.person.agency}").split()
        local = plain(re.sub(r"[._-]", " ", self.person.address.partition("@")[0])).split()
        return frozenset({*told, *local})

    @property
    def own_agency(self) -> frozenset[str]:
        """The words of their agency's name, and of what such agencies are: "the school"."""
        return frozenset(plain(self.person.agency).split()) | _OF_ANYBODY - {"family", "children"}

    def holds(self, words: set[str]) -> bool:
        """Is a line of what somebody is of the writer's own post, as the directory has it, in one of its names? Of whom
        it says nothing, any post is."""
        if not words <= self.posts:
            return False
        own = self._told.union(*(row for row in _ONE_POST if row & self._told))
        return not self.person.designation or words <= own | _OF_ANYBODY - {"office"}


def others_name(own: str, signature: str, writer: Writer) -> str:
    """The line by which an email is signed with a name that is not its writer's; "" where it is their own, or there is
    none."""
    titled = _is_titled(f"{own}\n{signature}", writer)
    below = _is_signed(f"{own}\n{signature}", writer)
    closing = (line for line in _closing_lines(own, signature) if not (below and _is_below_a_name(_bare(line))))
    found: Iterator[str] = (line for line in closing if _is_anothers(line, writer))
    if writer.is_office:
        below_farewell = _below_farewell(f"{own}\n{signature}")
        found = (line for line in found if _is_not_of_the_office(line, titled or line in below_farewell, writer))
    return next(found, "") or _beside_command(own, writer)


def _below_farewell(text: str) -> frozenset[str]:
    """The lines that stand below a farewell, where an email is signed; not those that only a ruled line sets off."""
    lines = text.split("\n")
    at = next((n for n, line in enumerate(lines) if CLOSING_LINE.fullmatch(line.strip()[:80])), len(lines))
    return frozenset({*lines[at + 1 :], *(line.title() for line in lines[at + 1 :])})


def _is_below_a_name(said: str) -> bool:
    """Is a line below the name of whoever signs what they are, whole or in letters of their trade with something set
    off behind: "Chair of Governors", "TM, Assessment 2", "RHV, Weds-Fri"?"""
    return _is_post(said) or (_TRADE.match(said) is not None and not _is_kin(said))


_TRADE = re.compile(r"[A-Z]{2,5}\s*,\s*\S")


def _is_not_of_the_office(line: str, is_below: bool, writer: Writer) -> bool:
    """Is an office's email, in whose address several people write, signed by somebody else: not below a farewell or
    above the office's title, nor with a first name alone; or by whoever is known to be another, a relation, a "pp"?"""
    said = _bare(line)
    farewell = _FAREWELL.match(said)
    name = _bare(said[farewell.end() :]) if farewell is not None else said
    return _is_somebodys(name, writer) or not (is_below or farewell is not None or len(name.split()) == 1)


def _is_titled(text: str, writer: Writer) -> bool:
    """Does an office's title stand among the last lines, below the name of whoever signs for it?"""
    last = [line for line in text.split("\n") if line.strip()][-4:]
    return any(len(plain(line).split()) > 1 and set(plain(line).split()) <= writer.posts for line in last[1:])


def _is_somebodys(line: str, writer: Writer) -> bool:
    """Is this signed with the name of somebody who is known to be another, or by a member of a family?"""
    words = set(plain(_bare(line)).split())
    return _is_kin(line) or (len(words) > 1 and words <= writer.others) or _FOR_ANOTHER.search(line) is not None


def is_own_post(line: str, text: str, writer: Writer) -> bool:
    """In signing, is a line what somebody is, and above it, or anywhere in ``text``, stands the writer's own name?"""
    return _is_post(_bare(line)) and _is_signed(text, writer)


def _is_signed(text: str, writer: Writer) -> bool:
    return any(is_own_name(line, writer) and not _is_post(_bare(line)) for line in text.split("\n"))


def is_own_name(line: str, writer: Writer) -> bool:
    """Is a line the writer's own name as they sign with it, or their post?"""
    said = _bare(line)
    words = _without_middle_initials([word for word in plain(said).split() if word not in _HONORIFICS], writer)
    if not words or _FOR_ANOTHER.search(said) or set(words) & _KIN:
        return False
    if any(re.search(rf"\b{re.escape(name)}['’]s?\s+\w", said, re.I) for name in writer.names):
        return False  # "Desmond Oakes' PA"
    if "/" in re.sub(r"\([^)]*(?:\)|$)", "", said):
        return _is_own_in_pieces(re.split(r"\s*/\s*", said), writer)
    if set(words) <= writer.posts and any(len(word) > 1 for word in words):
        return writer.holds(set(words))
    run = 0
    while run < len(words) and _is_part(words[run], writer):
        run += 1
    initials = {"".join(one[:1] for one in writer.names), *(one[:1] for one in writer.names)}
    if run == 0 or (run == len(words) and run > len(writer.names) + 1):
        return False
    if all(len(word) == 1 for word in words[:run]) and "".join(words[:run]) not in initials:
        return False
    return run > 1 or run == len(words) or _goes_on_as_a_post(said, words[run:], writer)


def _is_own_in_pieces(pieces: list[str], writer: Writer) -> bool:
    """A line signed in two languages, "Pennaeth / Head Teacher", or with a name and a post: one piece is the writer's
    own, and none somebody else's. "Desmond / JT" is typed by another."""
    own = [is_own_name(piece, writer) for piece in pieces if piece.strip()]
    theirs = (set(plain(piece).split()) <= writer.posts for piece in pieces)
    return any(own) and all(mine or post for mine, post in zip(own, theirs, strict=False))


def _without_middle_initials(words: list[str], writer: Writer) -> list[str]:
    """A name as it is signed, without the initials in its middle that no directory has: "D. J. Oakes", "DJO"."""
    if len(writer.names) < 2 or not words:
        return words
    first, last = writer.names[0][:1], writer.names[-1]
    if len(words) == 1 and len(words[0]) == 3 and words[0][0] == first and words[0][-1] == last[:1]:
        return [first + last[:1]]
    if len(words) > 2 and words[-1] in (last, last[:1]) and words[0] in (first, writer.names[0]):
        return [words[0], *(word for word in words[1:-1] if len(word) > 1), words[-1]]
    return words


def _bare(line: str) -> str:
    """A line as it is signed, without what is set round a name, and the kisses behind it."""
    said = line.strip().strip("*_>~.,!:;-–—\"'“”() \t")
    return _KISSES.sub("", said)


_KISSES = re.compile(r"(?<=[\w.])[\s,]+x{1,5}(?: x{1,5})*$", re.I)


def _is_part(word: str, writer: Writer) -> bool:
    """A word of the writer's own name: whole, an initial, their initials, or what people make of it ("Des", "Immy")."""
    word = word.removesuffix("'s")
    names = writer.names
    if word in names or word in {one[:1] for one in names} or word == "".join(one[:1] for one in names):
        return True
    if len(word) == 2 and word in _TWO_LETTERS and names[0].startswith(word):
        return True
    short = 2 < len(word) <= _SHORT_NAME and word not in writer.others | _KIN
    return short and any(len(one) > 2 and one[:2] == word[:2] and _is_made_of(word, one) for one in names[:-1])


_TWO_LETTERS = frozenset({"al", "cy", "di", "ed", "im", "jo", "ki", "mo", "si", "vi", "wm"})  # Ed, Jo, Di, Im


def _is_made_of(word: str, name: str) -> bool:
    """Is a short name signed for a long one: "Des", "Immy", "Dessie", "Ros"?"""
    kept = re.sub(r"(?:ie|y|i|s|a|o)$", "", word)
    kept = kept[:-1] if len(kept) > 2 and kept[-1] == kept[-2] else kept
    return len(kept) > 1 and name.startswith(kept)


def _goes_on_as_a_post(said: str, rest: list[str], writer: Writer) -> bool:
    """What stands after a first name signed alone: a post, letters after a name, or something set off from it."""
    after = re.sub(rf"^\W*(?:(?:{'|'.join(sorted(_HONORIFICS))})\.?\s+)?\w+", "", said, count=1, flags=re.I)
    return bool(_SET_OFF.match(after)) or all(
        word in writer.posts or word in _LOWER_BESIDE or not word.isalpha() for word in rest
    )


def _closing_lines(own: str, signature: str) -> Iterator[str]:
    """The lines that close an email, by which it is signed: of the signature the first that is no courtesy, and the
    next where that names no person; and the last of the words above it."""
    below = [line for line in signature.split("\n") if _says_something(line)]
    yield from (line.title() if line.islower() else line for line in below[:1])
    yield from (line for at, line in enumerate(below[1:]) if _is_kin(line) or (at == 0 and len(line.split()) > 1))
    above = [line for line in own.split("\n") if line.strip()]
    yield from above[-1:] if len(above) > 1 and not _ONE_WORD.fullmatch(above[-1]) else ()


_ONE_WORD = re.compile(r"\s*\w{2,}\.\s*")  # "Stalemate." is a sentence; nobody ends their name so, and alone


def _says_something(line: str) -> bool:
    said = line.strip()
    if not _WORD.search(said) or DASHES.fullmatch(line) or SENT_FROM.fullmatch(said[:200]) or is_marking(said):
        return False
    return CLOSING_LINE.fullmatch(said[:80]) is None


def _is_anothers(line: str, writer: Writer) -> bool:
    said = _bare(line)
    if _GREETS.match(said):
        return False
    farewell = _FAREWELL.match(said)
    thanked = _THANKS.match(said)
    if farewell is not None or thanked is not None:
        name = _bare(said[(farewell or thanked).end() :])  # type: ignore[union-attr]
        theirs = thanked is not None and set(plain(name).split()) <= writer.others | _HONORIFICS
        set_off = thanked is not None and re.match(r"\s*[,.!–—-]", said[thanked.end() :]) is not None
        spoken_to = thanked is not None and not (set_off or _is_kin(name) or _KISSES.search(line.rstrip(" .!")))
        return bool(name) and not (theirs or spoken_to) and _is_named(name, writer)
    return _is_named(said, writer)


def _is_named(said: str, writer: Writer) -> bool:
    """Is this by its shape somebody's name, or what somebody is, and not the writer's?"""
    named = looks_like_a_name(said) or _is_for_another(said) or _is_post(said)
    return named and not _tells_of_several(said) and not is_own_name(said, writer)


_NAMED_TOGETHER = re.compile(
    r"(?P<names>[^\W\d_][\w.'’-]*(?: [A-Z][\w.'’-]*){0,2}(?:,? (?:and|&) |, )"
    r"(?:[A-Z][\w.'’-]*(?:,? (?:and|&) |, | )){1,8})"
    r"(?P<told>[a-z][\w'’-]* .+)"
)


def _is_for_another(said: str) -> bool:
    """Does a line that is signed say that somebody writes for another? A whole sentence ("Would you pass that on, her
    PA isn't answering.") is signed by nobody."""
    return _FOR_ANOTHER.search(said) is not None and len(said.split()) <= _MOST_SIGNED


_MOST_SIGNED = 7  # words


def _tells_of_several(said: str) -> bool:
    """Is a line that begins with the names of several people no signature, because it goes on to what they do:
    "Tobias, Octavian and Lucian meet at the school"? What stands after a name signed is a post or an agency, or says
    for whom: "Rosalind Peake, Safeguarding and Attendance lead"."""
    met = _NAMED_TOGETHER.fullmatch(said)
    if met is None or _FOR_ANOTHER.search(said) is not None or _is_kin(met["names"]):
        return False
    names = {plain(word) for word in _WORD.findall(met["names"]) if word[:1].isupper()}
    told = [word for word in plain(met["told"]).split() if word not in _BEFORE_A_DEED]
    return bool(told) and told[0] in _DEEDS and not names & (_POSTS | _KIN)


_DEEDS = lexicon.vocabulary("deeds_of_several")
_BEFORE_A_DEED = frozenset({"to", "both", "all", "each", "also", "now", "then", "jointly", "together"})


def _is_post(said: str) -> bool:
    """Is a line what somebody is, and no more, as it is signed with: "Chair of Governors"?"""
    words = plain(said).split()
    titled = all(word[:1].isupper() or word in _LOWER_BESIDE for word in re.findall(r"[^\W\d_]+", said))
    return titled and 1 < len(words) <= _MOST_WORDS + 2 and set(words) <= _POSTS and not set(words) <= _OF_ANYBODY


def looks_like_a_name(said: str) -> bool:
    """Does a line look as a name signed does: one to four words with capitals, or a member of a family?"""
    if _is_kin(said):
        return True
    head = re.split(r"[,|(•·/]|\s[-–—]\s", said)[0].strip()
    words = [word for word in re.split(r"\s+", head) if word.strip(".'’&-").casefold() not in _HONORIFICS]
    if not 0 < len(words) <= _MOST_WORDS or not _WORD.search(head) or re.search(r"[\d:@?!]", head):
        return False
    letters = [word.strip(".'’-") for word in words]
    if all(len(word) <= 3 and word.isupper() for word in letters):
        return 0 < len("".join(letters)) <= _MOST_INITIALS
    small = {"and", "&", "de", "van", "von", "del", "la", "le", "el", "bin", "ap", "of", ""}
    named = all(word[:1].isupper() or word in small for word in letters)
    return named and not any(plain(word) in _ORDINARY | _POSTS for word in letters)


def _is_kin(said: str) -> bool:
    """Is a line signed by a member of a family: "K's mum", "Dad", "The Hughes family", "Darren (dad)"?"""
    written = re.findall(r"[^\W\d_]+", said)
    kin = [word for word in written if word.casefold() in _KIN]
    rest = [word for word in written if word.casefold() not in _KIN | _BESIDE_KIN]
    return bool(kin) and len(written) <= 6 and all(_may_be_named(word) for word in rest)


_BESIDE_KIN = lexicon.vocabulary("beside_kin")


def _may_be_named(word: str) -> bool:
    return word[:1].isupper() and word.casefold() not in _ORDINARY | _POSTS


def _beside_command(own: str, writer: Writer) -> str:
    """A name signed on the line of the command itself: "ESCALATE - dad", "ESCALATE, says dad"."""
    first = next((line for line in own.split("\n") if line.strip()), "")
    met = _COMMAND_AND_NAME.match(first) if _TAKES_A_NAME.match(first) is None else None
    return met[1] if met and _is_named(_bare(met[1]), writer) else ""
