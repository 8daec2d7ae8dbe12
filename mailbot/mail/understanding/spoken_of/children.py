"""Children spoken of in a sentence: the status of the one that a message is about, and others beside them."""

import re

from mailbot.core.decisions.roles import PROTECTING, statuses
from mailbot.mail import lexicon
from mailbot.mail.text.spelling_and_sentences import sentences, unwrapped

_NEGATED = re.compile(r"\b(?:not|never|no longer|former|formerly|previous|old|was)\b", re.I)

# A child's status in the line that names them, or in a sentence about them.

_ABOUT_THEM = r"\b(?:she|he|they|the child|the pupil|who) (?:is|are)\b|\b{child}(?:'s)? (?:is|are|has been|became)\b"
_LAC = r"(?:a )?(?:child )?looked[ -]after(?: child)?|(?:a )?(?:CLA|LAC)\b"
_PLAN = r"(?:on |subject to |under )?a(?: child protection| CP)(?: plan)?\b|\bCPP\b|in care\b"
_STATUS = re.compile(rf"{_LAC}|{_PLAN}", re.I)


def status_of(line: str, text: str, child: str) -> str:
    """A child's status that protects them, told in the line that names them ("K.W. (Year 3), who is a child looked
    after"), or in a sentence of which they are the subject; "" where none is told, or it is denied or over."""
    about = re.compile(_ABOUT_THEM.format(child=re.escape(child or "the child")), re.I)
    told = [line, *(one for one in sentences(unwrapped(text)) if about.search(one))]
    for said in told:
        found = _STATUS.search(said)
        if found is not None and statuses(said) & PROTECTING and not _NEGATED.search(said[: found.start()][-24:]):
            return " ".join(found[0].split())
    return ""


# Children spoken of beside the one that a message is about.

_KIN = re.compile(r"\b(?P<who>(?:twin |half[- ]|step[- ]?)?(?:brother|sister|sibling|twin)s?|cousins?)\b", re.I)
_CONCERN = lexicon.pattern("openings.concerned_for_another")
_INITIALS = re.compile(r"(?<![A-Za-z.])([A-Z])\.\s?([A-Z])\.?(?![A-Za-z])")


def children_beside(child: str, subject: str, text: str) -> tuple[str, ...]:
    """Children whom the subject names, or for whom a sentence is concerned, beside ``child``, as a letter may say them:
    "brother", "A.W."; nothing of those who are there already, or where the child itself is not known."""
    ours = {first + last for first, last in _INITIALS.findall(child)}
    if not ours or "sibling" in child.casefold():
        return ()
    found = [f"{first}.{last}." for first, last in _INITIALS.findall(subject) if first + last not in ours]
    for sentence in sentences(unwrapped(text)):
        if not _CONCERN.search(sentence):
            continue
        letters = [f"{first}.{last}." for first, last in _INITIALS.findall(sentence) if first + last not in ours]
        kin = [match["who"].lower() for match in _KIN.finditer(sentence)] if len(ours) == 1 else []
        found += letters or kin
    return tuple(dict.fromkeys(found))
