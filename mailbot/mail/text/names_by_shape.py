"""The veil by shape: who is named in what somebody wrote, where the record does not know them.

A record that holds initials cannot know the child's name, and none holds the family's. Yet a name has a shape: it
stands beside a word for family ("dad (Darren Hughes)", "her brother Tyler"), or it begins with the child's own initial
and is nobody's who works on the dispute, nor a word that this mailbox knows; letters are set apart so that no
program reads them. What is taken for a name in error costs a reader a word.
"""

import re
from functools import lru_cache

from mailbot.mail import lexicon
from mailbot.mail.text.spelling_and_sentences import distance

_KIN = lexicon.vocabulary("kin") - frozenset({"carer", "carers", "parents", "family", "neighbour", "partner"})
_KIN_WORDS = "|".join(
    sorted((re.escape(word) for word in (*_KIN, "partner", "step-dad", "step-mum")), key=len, reverse=True)
)
_CAPITAL = r"[A-Z\u00c0-\u00de][\w'\u2019-]*"
_NAME = rf"(?:(?:Mr|Mrs|Ms|Miss)\.? )?{_CAPITAL}(?:[ \u00a0]{_CAPITAL}){{0,2}}"
_AFTER_KIN = re.compile(
    rf"\b(?i:{_KIN_WORDS})\b(?:(?:,? (?:is|called|named|is called))?[ \u00a0]|[,:]? ?[\[(]|, )(?P<name>{_NAME})"
)
_BEFORE_KIN = re.compile(
    rf"(?P<name>{_NAME})(?:,? ?[\[(]|, )(?:(?i:the|his|her|their|K's|\w\.?'s|maternal|paternal|step-?|foster) ?){{0,2}}"
    rf"(?i:{_KIN_WORDS})\b"
)
_APART = r"[ .\u00a0*_\u2010-\u2015-]"
_SPACED = re.compile(rf"(?<![^\W_])(?:[^\W\d_]{_APART}){{2,}}[^\W\d_](?![^\W_])")
# "M/a/e", "M, a, e": by a capital, for small letters so are a list's.
_LISTED = re.compile(r"(?<![^\W_])(?-i:[A-Z\u00c0-\u00de])(?:[,/|\\:;\u00b7\u2022~+=] ?[^\W\d_]){2,}(?![^\W_])")
_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{3,}(?:['\u2019]s)?(?![^\W_])")
_GOES_ON = re.compile(
    r"\s+(?:is|was|has|had|will|would|can|says|said|told|lives?|stays?|goes|went|to|and|who|does|needs?)\b"
)
# What a capitalised word names with the next: a numbered rung, an agency.
_NAMES_A_THING = re.compile(
    r"[ \u00a0](?:\d|NHS|Trust|Council|Borough|County|School|Academy|Primary|Junior|Infants?|High|College|Hospital"
    r"|Surgery|Constabulary|Police|Partnership)\b"
)
# By these endings an English word is no first name.
_NO_NAME = re.compile(
    r"(?:ing|tion|sion|ment|ness|ity|ally|edly|ised|ized|ance|ence|able|ible|ful|ship|ward|wards)s?$", re.I
)


def without_names_by_shape(text: str, initials: tuple[str, ...], names: tuple[str, ...], kept: frozenset[str]) -> str:
    """``text`` veiled of what has the shape of a child's or a relation's name. ``initials`` and ``names`` are what the
    record calls the child; ``kept`` the words, in small letters, of the names of those who work on it."""
    text = _SPACED.sub(lambda met: _first_letter(met[0]) if _spells_a_word(met[0]) else met[0], text)
    text = _LISTED.sub(lambda met: _first_letter(met[0]) if _spells_a_word(met[0]) else met[0], text)
    for pattern in (_AFTER_KIN, _BEFORE_KIN):
        text = pattern.sub(lambda met: _with_name_cut(met, kept), text)
    firsts = frozenset(letter.casefold() for letters in initials for letter in letters)
    if not firsts and not names:
        return text
    return _WORD.sub(lambda met: _cut_if_named(met, text, firsts, names, kept), text)


def relations_named(text: str, kept: frozenset[str]) -> tuple[str, ...]:
    """The words of the names that stand beside a word for family in ``text``, for the veil to cut wherever they stand
    alone: "Mum Danielle O'Brien" in the record, "rings danielle" in a reply."""
    found = (met["name"] for pattern in (_AFTER_KIN, _BEFORE_KIN) for met in pattern.finditer(text))
    words = (word.removesuffix("'s").removesuffix("\u2019s") for name in found for word in re.split(r"[ \u00a0]", name))
    return tuple(dict.fromkeys(word for word in words if len(word) > _SHORT and not _is_no_name(word, kept)))


_SHORT = 2


def _first_letter(written: str) -> str:
    return f"{written[0].upper()}."


def _spells_a_word(written: str) -> bool:
    """Is it a word with its letters set apart, for the veil to cut, and no row of initials?"""
    letters = re.findall(r"[^\W\d_]", written)
    return any(one.islower() for one in letters[1:]) or len(letters) > 3


def _with_name_cut(met: re.Match[str], kept: frozenset[str]) -> str:
    start, end = met.start("name") - met.start(), met.end("name") - met.start()
    words = re.split(r"([ \u00a0])", met["name"])
    cut = (word if _is_no_name(word, kept) else f"{word[0]}." for word in words)
    return f"{met[0][:start]}{''.join(cut)}{met[0][end:]}"


def _is_no_name(word: str, kept: frozenset[str]) -> bool:
    plain = re.sub(r"['\u2019]s$", "", word).strip(".").casefold()
    return (
        not plain.strip()
        or len(plain) < 2
        or plain in kept
        or plain in _ordinary()
        or plain in {"mr", "mrs", "ms", "miss"}
    )


def _cut_if_named(
    met: re.Match[str], text: str, firsts: frozenset[str], names: tuple[str, ...], kept: frozenset[str]
) -> str:
    """A word of a text, cut by the veil to its letter where it is the child's by its shape: misspelt by one letter, or
    a first name that their initial stands for."""
    word = re.sub(r"['\u2019]s$", "", met[0])
    plain = word.casefold()
    if not word[0].isupper() or plain in kept or plain in _ordinary():
        return met[0]
    ending = met[0][len(word) :]
    if len(plain) > 4 and any(len(name) > 4 and distance(plain, name, 1) <= 1 for name in names):
        return f"{word[0]}.{ending}"
    before = text[: met.start()].rstrip(" \"'\u201c\u2018(*-\u2022")
    begins = not before or before[-1] in ".!?:;\n"
    beside = re.search(rf"(?:\b(?:Dr|Mr|Mrs|Ms|Miss|PC|DS|DC|Prof|Nurse|Cllr)\.? |{_CAPITAL} )$", text[: met.start()])
    if _NAMES_A_THING.match(text[met.end() :]):
        return met[0]
    if plain[0] not in firsts or beside is not None or _NO_NAME.search(plain) or (word.isupper() and len(word) < 4):
        return met[0]
    if begins and not (ending or _GOES_ON.match(text[met.end() :])):
        return met[0]
    return f"{word[0]}.{ending}"


# "WRONG CASE", "RELEASE 3": of what our own letters ask for, beside the commands of the lexicon.
_WORDS_OF_LETTERS = frozenset({"case", "cases", "release", "dismiss"})


@lru_cache(maxsize=1)
def _ordinary() -> frozenset[str]:
    """Words that the veil leaves: those of the lexicon that are no names as well, and what agencies call things."""
    tables = (many for name, many in lexicon.loaded().lists.items() if name.startswith("words."))
    words = {word.casefold() for many in tables for one in many for word in re.findall(r"[^\W\d_]+", one)}
    words |= {
        word for row in lexicon.rows("command") for said in (row.name, *row.words) for word in said.casefold().split()
    }
    days = {one[:3] for table in ("month", "weekday") for one in lexicon.vocabulary_in_order(table)}
    also_names = lexicon.vocabulary("names_that_are_words") - {"school", "social", "care", "head"}
    return (frozenset(words | days) - also_names) | _WORDS_OF_LETTERS
