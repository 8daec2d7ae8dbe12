"""The labels of a protocol's own forms, as people copy them into an email: whole, or without what follows the comma.

"Summary of the issue at Stage 2, include views of all agencies concerned and impact on child: ..." fills the same box
as "Summary of the issue at Stage 2: ...". A label that several stages share is the present stage's.
"""

import re
from collections.abc import Mapping

from mailbot.core.procedure.protocol import FormField, Protocol
from mailbot.mail.understanding.labels import field_for
from mailbot.mail.understanding.spelling import plain

LONGEST_LABEL = 56
# Read otherwise in an email: the child by initials, a mark for the policy, and nobody signs one.
_NOT_BY_LINE = frozenset({"child_name", "child_dob", "child", "child_ref", "feedback", "signed"})


def _short(label: str) -> str:
    """What a reader of labelled lines takes for a label: words, up to the first comma, bracket or question mark."""
    first = re.split(r"[,?(]", label)[0] if not label.lower().startswith("if ") else label
    said = " ".join(re.sub(r"[^A-Za-z0-9' ]", " ", first).split())
    return said[:LONGEST_LABEL].rsplit(" ", 1)[0] if len(said) > LONGEST_LABEL else said


def _fields(protocol: Protocol) -> list[FormField]:
    fields = (field for form in protocol.forms.values() for field in form.fields)
    return [f for f in fields if f.fill != "bot" and not f.repeat and f.key not in _NOT_BY_LINE]


def form_titles(protocol: Protocol) -> Mapping[str, str]:
    """Plain words of each short label -> key, for ``read_labels``; those it knows by itself are left to it."""
    titles: dict[str, str] = {}
    for field in _fields(protocol):
        words = plain(_short(field.label))
        shared = titles.get(words, field.key).partition(":")[0] == field.key.partition(":")[0] and words in titles
        if not field_for(_short(field.label)):
            titles[words] = field.key.partition(":")[0] if shared else field.key
    return titles


def _whole(label: str) -> str:
    """A whole label at the start of a line, with its colon, however its punctuation was copied."""
    words = r"\W{1,4}".join(re.escape(word) for word in re.findall(r"\w+", label))
    return rf"(?im)^([\s>|*_-]*)\(?{words}[\s).?*_]*[:=][ \t]*"


def shortened(text: str, protocol: Protocol) -> str:
    """``text`` with each whole label of a form at the start of a line cut to its short one; no line more or less."""
    longer = sorted({f.label for f in _fields(protocol) if _short(f.label) != f.label}, key=len, reverse=True)
    for label in longer:
        text = re.sub(_whole(label), rf"\1{_short(label)}: ", text)
    return text


# The letters print it after ESCALATE: alone it fills a box, and asks for no next stage.
_REMAINS = r"(?i)\W*what remains unresolved ?[:=]"


def begins_with_label(text: str, protocol: Protocol) -> bool:
    """Is this the form copied out, label by label? What its boxes say answers them, and asks for nothing beside."""
    first = text.strip().partition("\n")[0]
    whole = (_whole(f.label) for f in _fields(protocol) if _short(f.label) != f.label)
    return any(re.match(label, first) for label in (_REMAINS, *whole))


def date_keys(protocol: Protocol) -> frozenset[str]:
    return frozenset(field.key for field in _fields(protocol) if field.kind == "date")
