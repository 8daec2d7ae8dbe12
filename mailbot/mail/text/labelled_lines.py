"""Labelled lines ("Impact on child: …") read out of a message, with the spelling forgiven, and the
labels of our own forms."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from mailbot.core.procedure.protocol import FormField, Protocol
from mailbot.mail import lexicon
from mailbot.mail.text.spelling_and_sentences import is_near, plain

# Labelled lines ("Impact on child: ...") read out of a message, with the spelling forgiven.
#
# A label stands at the start of a line, or in a table cell, or behind a bullet, and is followed by one of ``: - =
# ;``, a tab or a bar. Its value runs to the next label or blank line; when nothing follows it, to the end of the
# paragraph after. Sides come from "my" and "your".

# The words of each label, as people write it, and the field it fills. A role's label fills the raising side's field
# unless "your", "their" or "(yours)" says otherwise: see _OTHER_SIDE.
_LABELS = tuple((row.name, row.words) for row in lexicon.rows("label"))
_FIELD_OF = {words: key for key, many in _LABELS for words in many}
NO_TITLES: Mapping[str, str] = MappingProxyType({})
_OTHER_SIDE = {
    "raiser": "responder",
    "raising_manager": "responding_manager",
    "raising_senior": "responding_senior",
}
_BY_FIRST_LETTER: dict[str, tuple[str, ...]] = {
    letter: tuple(words for words in _FIELD_OF if words[0] == letter) for letter in {words[0] for words in _FIELD_OF}
}
# Missing is what these mean, whoever writes them (NSSCP Appendix 1: "Actual date not ASAP").
_FAREWELL = lexicon.pattern("courtesies.farewell_after_value")
NOT_AN_ANSWER = lexicon.vocabulary("not_an_answer") | {""}
_LINE = re.compile(
    r"^[\s>|]*(?:[-*+]+\s+|\(?\d{1,2}[.)]\s+)?[*_]{0,3}(?P<label>[A-Za-z][A-Za-z'/ ()0-9]{0,60}?)[*_]{0,3}[ ]?"
    r"(?P<mark>:|=|;|\s-+(?=\s|$)|-\s|\t|\|)\s?[*_|]{0,3}(?P<value>.*)$"
)
_ALONE = re.compile(r"^[\s|]*[*_]{0,3}(?P<label>[A-Za-z][A-Za-z' ]{1,40}?)[*_|]{0,3}\s*$")
_NUMBERED = re.compile(r"^(?:stage|step) (\d[a-z]?) (.+)$")
_BEFORE = {"my": "", "our": "", "the": "", "your": "other", "their": "other", "the other": "other", "other": "other"}
_NEEDS_MORE = lexicon.vocabulary("label_needs_mark")
_ONE_LINE = frozenset(
    {
        "child",
        "child_ref",
        "child_dob",
        "agencies",
        "also_with",
        "raising_agency",
        "receiving_agency",
        "raiser",
        "responder",
        "raising_manager",
        "raising_senior",
        "responding_manager",
        "responding_senior",
        "decision_on",
        "stage",
        "stage_1_date",
        "child_date",
        "child_status",
        "agreed_date",
        "category",
        "urgency",
        "level_of_need",
        "iro",
        "designated_lead",
    }
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled value. ``key`` ends in ":3" when the label named its stage; ``line`` is where it stood."""

    key: str
    value: str
    line: int
    label: str

    @property
    def is_answer(self) -> bool:
        return plain(self.value) not in NOT_AN_ANSWER


def _known(words: str) -> str:
    """The field whose label these words are, spelled more or less so; "" when no label is near."""
    if words in _FIELD_OF:
        return _FIELD_OF[words]
    count = words.count(" ")
    for candidate in _BY_FIRST_LETTER.get(words[:1], ()):
        if candidate.count(" ") != count or len(candidate) < 4:
            continue
        if all(is_near(w, c) for w, c in zip(words.split(), candidate.split(), strict=True)):
            return _FIELD_OF[candidate]
    return ""


def field_for(label: str, titles: Mapping[str, str] = NO_TITLES) -> str:
    """The key that the label of a line fills ("Your line manger" -> "responding_manager", "Stage 3 summary"
    -> "summary:3"), or ""."""
    words, yours = plain(label.split("(")[0]), "(your" in label.lower() or "(their" in label.lower()
    bare = words.removeprefix("my ").removeprefix("our ")
    if bare in titles and not yours:
        return titles[bare]
    direct = _known(words)
    if direct:
        return _OTHER_SIDE.get(direct, direct) if yours else direct
    numbered = _NUMBERED.match(words)
    if numbered:
        inner = _known(numbered[2])
        return f"{inner}:{numbered[1]}" if inner in {"summary", "unresolved", "actions", "learning"} else ""
    first, _, rest = words.partition(" ")
    if first in _BEFORE and rest:
        inner = _known(rest)
        return _OTHER_SIDE.get(inner, inner) if _BEFORE[first] or yours else inner
    return ""


def _at(line: str, titles: Mapping[str, str]) -> tuple[str, str, str] | None:
    """A labelled line as (key, value, label), when it begins with a label."""
    match = _LINE.match(line[:4000])
    if match:
        key = field_for(match["label"], titles)
        sentence_like = match["mark"].strip() == "-" and plain(match["label"]) in _NEEDS_MORE
        if key and not sentence_like:
            return key, match["value"] + line[4000:], match["label"]
    alone = _ALONE.match(line[:80])
    if alone and plain(alone["label"]) not in _NEEDS_MORE:
        key = field_for(alone["label"], titles)
        if key and key not in {"child_status", "child_ref", "actions"}:
            return key, "", alone["label"]
    return None


def _clean(value: str) -> str:
    return " ".join(value.replace("\t", " ").split()).strip(" |*_")


def _ends(line: str) -> bool:
    """Does a line end the labelled value above it? A farewell does, even when no blank line stands between."""
    return _FAREWELL.match(line) is not None


def _runs_on(before: str, line: str, key: str, begun: bool, titles: Mapping[str, str]) -> bool:
    """Does a labelled value run on in ``line``? Names and dates take one line; prose goes on unless a
    sentence was finished."""
    if not line.strip(" \t|") or _at(line, titles) is not None or _ends(line):
        return False
    if not begun:
        return True
    if key in _ONE_LINE:
        return False
    finished = before.rstrip(" *_|").endswith((".", "!", "?")) and len(before) < 60
    return not finished or line.strip()[0].islower()


def read_labels(text: str, titles: Mapping[str, str] = NO_TITLES) -> tuple[Labelled, ...]:
    """The labelled lines of ``text``, every value in order. A label met twice is given twice: the caller decides.

    ``titles`` are further labels, plain words -> key: the protocol's own names for the writer's managers.
    """
    found: list[Labelled] = []
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        here = _at(lines[at], titles)
        start = at
        at += 1
        if here is None:
            continue
        key, value, label = here
        pieces = [value] if _clean(value) else []
        if not pieces:
            while at < len(lines) and not lines[at].strip(" \t|"):
                at += 1
        while at < len(lines) and _runs_on(lines[at - 1], lines[at], key, bool(value.strip()), titles):
            pieces.append(lines[at])
            at += 1
        found.append(Labelled(key, _clean(" ".join(pieces)), start, label.strip()))
    return tuple(found)


# The labels of a protocol's own forms, as people copy them into an email: whole, or without what follows the comma.
#
# "Summary of the issue at Stage 2, include views of all agencies concerned and impact on child: ..." fills the same
# box as "Summary of the issue at Stage 2: ...". A label that several stages share is the present stage's.

LONGEST_LABEL = 56
PROCEDURES = 64  # as many as one mailbox has in force, with their older versions
# Read otherwise in an email: the child by initials, a mark for the policy, and nobody signs one.
_NOT_BY_LINE = frozenset({"child_name", "child_dob", "child", "child_ref", "feedback", "signed"})


def _short(label: str) -> str:
    """The short form of a form's label, as a reader of labelled lines takes it: words, up to the first comma,
    bracket or question mark."""
    first = re.split(r"[,?(]", label)[0] if not label.lower().startswith("if ") else label
    said = " ".join(re.sub(r"[^A-Za-z0-9' ]", " ", first).split())
    return said[:LONGEST_LABEL].rsplit(" ", 1)[0] if len(said) > LONGEST_LABEL else said


def _fields(protocol: Protocol) -> list[FormField]:
    fields = (field for form in protocol.forms.values() for field in form.fields)
    return [f for f in fields if f.fill != "bot" and not f.repeat and f.key not in _NOT_BY_LINE]


def form_titles(protocol: Protocol) -> Mapping[str, str]:
    """The labels of a protocol's forms, plain words of each short one -> key, for ``read_labels``; those it knows by
    itself are left to it."""
    return _titles(tuple((field.label, field.key) for field in _fields(protocol)))


@lru_cache(maxsize=PROCEDURES)
def _titles(boxes: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    titles: dict[str, str] = {}
    for label, key in boxes:
        words = plain(_short(label))
        shared = titles.get(words, key).partition(":")[0] == key.partition(":")[0] and words in titles
        if not field_for(_short(label)):
            titles[words] = key.partition(":")[0] if shared else key
    return MappingProxyType(titles)


def _whole(label: str) -> str:
    """A pattern of a form's whole label at the start of a line, with its colon, however its punctuation was copied."""
    words = r"\W{1,4}".join(re.escape(word) for word in re.findall(r"\w+", label))
    return rf"(?im)^([\s>|*_-]*)\(?{words}[\s).?*_]*[:=][ \t]*"


def shortened(text: str, protocol: Protocol) -> str:
    """A message's ``text`` with each whole label of a form at the start of a line cut to its short
    one; no line more or less."""
    if ":" not in text and "=" not in text:
        return text
    for whole, short in _longer(tuple(f.label for f in _fields(protocol))):
        text = whole.sub(rf"\1{short}: ", text)
    return text


@lru_cache(maxsize=PROCEDURES)
def _longer(labels: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """The form's labels in labelled lines that have a short form, the longest first: each as a pattern, with its
    short one."""
    longer = sorted({label for label in labels if _short(label) != label}, key=len, reverse=True)
    return tuple((re.compile(_whole(label)), _short(label)) for label in longer)


# The letters print it after ESCALATE: alone it fills a box, and asks for no next stage.
_REMAINS = r"(?i)\W*what remains unresolved ?[:=]"


def begins_with_label(text: str, protocol: Protocol) -> bool:
    """Is a message the form copied out in labelled lines, label by label? What its boxes say answers them, and
    asks for nothing beside."""
    first = text.strip().partition("\n")[0]
    if ":" not in first and "=" not in first:
        return False
    whole = (pattern for pattern, _ in _longer(tuple(f.label for f in _fields(protocol))))
    return re.match(_REMAINS, first) is not None or any(pattern.match(first) for pattern in whole)


def date_keys(protocol: Protocol) -> frozenset[str]:
    return frozenset(field.key for field in _fields(protocol) if field.kind == "date")
