"""Standing: what stands in many an email whatever it asks, and is no word about the command beside it.

Footers (telephones, a company's lines, mottoes, awards, a scanner's or a gateway's line, the language people may write
in, whose post is whose, when somebody works) and apologies. Each is known by its own wording, wherever it stands, so
that nothing else hides behind a signature.
"""

import re

from mailbot.mail import lexicon
from mailbot.mail.text.spelling_and_sentences import sentences

_STANDING = lexicon.pattern("courtesies.standing")
_APOLOGY = lexicon.pattern("courtesies.apology")
_FOOTER = lexicon.pattern("courtesies.footer", cased=True)
# What may not be among the words that a footer leaves free: it would be a word about the command.
_NO_FOOTER = lexicon.pattern("courtesies.no_footer")


def is_standing(said: str) -> bool:
    """Is a sentence one that stands under many an email, as when its writer works: no explanation, and no day of it a
    day of what is asked?"""
    whole, *pieces = (_stands(part.strip(" \t-*_>.,!")) for part in (said, *re.split(r";\s+(?=[a-z])", said)))
    return whole or all(pieces)


def _stands(part: str) -> bool:
    if _STANDING.fullmatch(part) or _APOLOGY.fullmatch(part):
        return True
    return _FOOTER.fullmatch(part) is not None and _NO_FOOTER.search(part) is None


def without_standing_sentences(own: str) -> str:
    """The words of an email without its standing sentences, those that stand under many an email; never emptied."""
    kept = []
    for line in own.split("\n"):
        said = sentences(line)
        left = "" if is_standing(line) else " ".join(one for one in said if not is_standing(one))
        kept.append(left if is_standing(line) or any(is_standing(one) for one in said) else line)
    return "\n".join(kept) if any(line.strip() for line in kept) else own


def without_apology_above(own: str) -> str:
    """``own`` without an apology for the delay on a line of its own above the word: it is no sentence that the word
    stands below."""
    first, _, below = own.lstrip().partition("\n")
    return below.lstrip() if below.strip() and _APOLOGY.fullmatch(first.strip(" \t-*_>.,!")) else own
