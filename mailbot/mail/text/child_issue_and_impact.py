"""The child, the issue, the impact and the outcome wanted, in an email without labels; words that name a child; a
child's status, and other children spoken of beside them.
"""

import re

from mailbot.core.decisions.people.roles import PROTECTING, statuses
from mailbot.core.record.dispute import Dispute
from mailbot.mail import lexicon
from mailbot.mail.text.labelled_lines import read_labels
from mailbot.mail.text.spelling_and_sentences import plain, sentences, unwrapped

# The child, the issue, the impact and the outcome wanted, found in an opening email that uses no labels.
#
# Whole sentences in the writer's words, never a summary. What is not there stays empty and is asked for.

_INITIALS = r"[A-Z]\.\s?[A-Z]\.(?:\s?[A-Z]\.)?|[A-Z]\.[A-Z]\b"
_SHORT = r"[A-Z][a-z]+ [A-Z](?![A-Za-z.])"
_NAMED = re.compile(rf"{_INITIALS}|{_SHORT}|\b[A-Z]{{2}}\b(?=\W*$)")
_ANY_INITIALS = re.compile(rf"(?<![A-Za-z.])(?:{_INITIALS})")
_ABOUT = re.compile(
    rf"(?i:\b(?:re|for|about|regarding|concerning|of|on|child|pupil|baby)\b:?\s+(?:the )?)(?P<who>{_INITIALS}"
    rf"|{_SHORT}|(?:[A-Z][A-Za-z]* )family|UBB [A-Z][a-z]*|(?i:baby of) [A-Z][A-Za-z. ]{{1,20}})"
)  # the name in its own capitals: "by telephone on" names nobody
_FAMILY = re.compile(r"\bthe (?P<who>[A-Z][A-Za-z]* (?:family|siblings|children))\b")
_VERB = re.compile(
    r"\b(?:stepping|stepped|step|closing|close|closed|seeing|see|assessing|moving|discharging|visiting|about"
    r"|for|support) (?P<who>[A-Z][a-z]{1,14})\b(?='s| down| to| from|\b)"
)
_REF = re.compile(
    r"\b(?:ref(?:erence)?|case|id|liquidlogic|mosaic|eclipse)(?: ?(?:no|number|id"
    r"|ref))?\.?[ :#]+([A-Z]{0,3}-?\d{4,10})\b",
    re.I,
)
_KEEP = re.compile(
    rf"^(?:{_INITIALS}|[A-Z][A-Za-z'-]*(?: [A-Z][A-Za-z'.-]*){{0,2}}|[A-Z]{{1,3}}|UBB.*|unborn.*|baby.*"
    rf"|[A-Z]\.?)$"
)
_NOT_CHILD = lexicon.vocabulary("not_child")


def child_in(value: str, subject: str, text: str) -> tuple[str, str]:
    """The child an email is about (how they are named, their reference): from a label's value, else the
    subject, else the text."""
    reference = next((m[1] for m in (_REF.search(value), _REF.search(subject), _REF.search(text)) if m), "")
    if value:
        return _from_label(value), reference
    unborn = re.search(r"\b(?:unborn )?(?:baby|babies) of [A-Z][A-Za-z.]{0,12}(?: [A-Z]\b\.?)?", f"{text}\n{subject}")
    if unborn:
        return _tidy(unborn[0]), reference
    for where in (subject, text):
        about = _ABOUT.search(where)
        if about:
            return _with_first_name(_tidy(about["who"]), text), reference
        named = _NAMED.search(where) if where is subject else _ANY_INITIALS.search(where)
        if named:
            return ", ".join(_beside(where, named)), reference
    family = _FAMILY.search(subject) or _FAMILY.search(text)
    return (_with_first_name(family["who"], text) if family else ""), reference


def _beside(text: str, first: re.Match[str]) -> tuple[str, ...]:
    """The child that ``first`` names, and the others in the same sentence: "2 kids (D.F. 4, E.F. 1)"."""
    end = re.compile(r"[.!?](?=\s+[A-Z][a-z]|\s*\n)|\n").search(text, first.end())
    sentence = text[first.start() : end.start() + 1 if end else len(text)]
    return tuple(dict.fromkeys(_tidy(m[0]) for m in _ANY_INITIALS.finditer(sentence))) or (_tidy(first[0]),)


def _tidy(name: str) -> str:
    return " ".join(name.split()).rstrip(",;: ")


def _with_first_name(who: str, text: str) -> str:
    if not who.endswith("family"):
        return who
    first = next((m["who"] for m in _VERB.finditer(text) if m["who"].lower() not in _NOT_CHILD), "")
    return f"{first} ({who})" if first else who


def _from_label(value: str) -> str:
    """The child's initials from a label's value, and those of each brother or sister beside them: "J.T. (Year 4, your
    ref 0048812)" -> "J.T."; "R.E. (8), W.E. and her brother L.E." -> "R.E., W.E., L.E."; "K.W. and her brother" ->
    "K.W., sibling": who that is, is then seen to be missing, and so it is where both have the same initials."""
    first = _first_from_label(value)
    found = [first] if first else []
    found += [name for name in _beside_in_label(value) if name not in first]
    for kin in _SIBLING.finditer(value):
        named = [_tidy(name) for name in _NAME_OF_SIBLING.findall(_IN_BRACKETS.sub("", kin["names"]))]
        alone = ["siblings" if kin["many"] else "sibling"] if len(found) == 1 and "," not in first else []
        named = [] if named == found else named
        found += [name for name in named or alone if name not in ", ".join(found)]
    return ", ".join(found)


_IN_BRACKETS = re.compile(r"\s*\([^)]{0,80}\)")


def _beside_in_label(value: str) -> list[str]:
    """The children beside the first of a label's value, each with a bracket of their own: "K.W. (Year 3) and A.W.
    (Reception)"; "sibling" for one with the same initials."""
    parts = [_tidy(part) for part in re.split(r",|;|/|\band\b|&|\+", _IN_BRACKETS.sub("", value))]
    names = [part for part in parts if re.fullmatch(_INITIALS, part)]
    beside = list(dict.fromkeys(names))[1:]
    return [*beside, *(["sibling"] if len(set(names)) < len(names) else [])]


_NAME_OF_SIBLING = re.compile(rf"{_INITIALS}|[A-Z][a-z]+(?: [A-Z][a-z]+)?")
_SIBLING = re.compile(
    r"(?:\b(?:and|with|plus)\b|[+&,;(])[^,;()]{0,30}?\b(?i:brother|sister|sibling|twin)(?P<many>s?)\b(?!\W*(?:of|to)\b)"
    r"(?:[\s,:(]|\b(?:is|are|called)\b)*"
    rf"(?P<names>(?:(?:{_NAME_OF_SIBLING.pattern})(?:\s*\([^)]*\))?\s*(?:,|&|\+|\band\b)?\s*)*)"
)


def _first_from_label(value: str) -> str:
    head = re.split(
        r"/|;| - |\bdob\b|\bd\.o\.b|\baged?\b|\bYear\b|\bref\b|\bboth\b|\bsiblings?\b", value, maxsplit=1, flags=re.I
    )[0]
    head = re.sub(r"\s*\([^)]{0,80}\)?", "", head)
    start = re.match(rf"(?:{_INITIALS})(?=\s+[A-Z][a-z]+ )", head)
    if start:
        return _tidy(start[0])
    parts = [_tidy(p) for p in re.split(r",|\band\b|&|\+", head) if p.strip()]
    kept = [p for p in parts if _KEEP.match(p)]
    if kept:
        return ", ".join(kept)
    words = head.split()
    return _tidy(" ".join(words[:6]) if words else value[:60])


_WANTS = (
    re.compile(
        r"\bwhat (?:i|we) (?:would|'d) (?:really )?like (?:to see )?is (?:for )?(?P<what>[^.?!\n]{5,300})", re.I
    ),
    re.compile(
        r"\b(?:we|i) (?:would like|'d like|want|are asking for|am asking for|request|seek|are requesting"
        r"|am requesting|need)(?: to see)? (?P<what>[^.?!\n]{5,300})",
        re.I,
    ),
    re.compile(
        r"\b(?:we|i)(?: both)? (?:both )?(?:think|believe|feel"
        r"|consider)(?: that)? (?P<what>[^.?!\n]{2,80} (?:should|needs to|must"
        r"|ought to) [^?!\n]{3,200}?)(?=\.(?:\s|$)|$|\n)",
        re.I | re.M,
    ),
    re.compile(
        r"\bplease (?:can|could) (?:you |we )?(?P<what>(?:reconsider|hold|convene|keep|reopen|allocate|arrange"
        r"|review|reinstate)[^.?!\n]{3,200})",
        re.I,
    ),
    re.compile(
        r"\bplease (?P<what>(?:reconsider|hold|convene|keep|reopen|allocate|arrange|review"
        r"|reinstate) [^.?!\n]{3,200})",
        re.I,
    ),
)
_ISSUE = lexicon.pattern("openings.issue")
_IMPACT = lexicon.pattern("openings.impact")
_SELF = lexicon.pattern("openings.of_the_letter")


def outcome_in(text: str) -> str:
    """The outcome the writer wants for the child, from "we want", "I would like", "... should ..."."""
    joined = unwrapped(text)
    for pattern in _WANTS:
        found = pattern.search(joined)
        if found:
            return " ".join(found["what"].split()).strip(" .,")
    return ""


def issue_in(text: str, child: str) -> str:
    """The issue, in the sentences that say what is disagreed about: the first such, with the one that completes it."""
    parts = [" ".join(s.split()) for s in sentences(unwrapped(text))]
    parts = [p for p in parts if len(p.split()) > 3 and not _LABEL_LIKE.match(p)]
    for at, part in enumerate(parts):
        if _ISSUE.search(part) and not part.endswith("?") and not any(w.search(part) for w in _WANTS[:2]):
            before = (
                parts[at - 1]
                if at and re.match(r"\W*(?:declined|refused|rejected|this was|it was|they|closed)\b", part, re.I)
                else ""
            )
            asked = before if before and not _SELF.match(before) else ""
            return f"{asked} {part}".strip()
    return ""


_LABEL_LIKE = re.compile(r"^[A-Za-z ]{2,30}(?:[:=;]|\s-\s)")


def impact_in(text: str, issue: str) -> str:
    """The impact on the child, in the sentence that says what the issue does to them; "" rather than a guess."""
    for sentence in sentences(unwrapped(text)):
        flat = " ".join(sentence.split())
        if flat in issue or plain(flat) == plain(issue) or len(flat.split()) < 4 or _LABEL_LIKE.match(flat):
            continue
        if _IMPACT.search(flat) and not flat.endswith("?") and not any(w.search(flat) for w in _WANTS):
            return flat
    return ""


# Words that name a child too plainly: in a subject, or another child's in the thread of this one (G4, D3).
#
# A dispute knows its child by initials. A date of birth beside a name with other initials, or a "Child:" line with
# other initials, is somebody else's: nothing of the message goes further until its sender has been asked.

_BORN = r"(?:d\.?\s?o\.?\s?b\.?|date of birth|born(?: on)?)"
_DATE_OF_BIRTH = re.compile(
    rf"\b{_BORN}\W{{0,4}}\d|\bNHS (?:no|number)\b|(?<!\d)\d{{1,2}}[/.]\d{{1,2}}[/.](?:19|20)[012]\d\b", re.I
)
_NAMED_CHILD = re.compile(
    rf"(?P<first>[A-Z])[a-z'-]+ (?:[A-Z][a-z'-]+ )?(?P<last>[A-Z])[A-Za-z'-]+[\s,(-]{{1,4}}(?i:{_BORN})\W{{0,4}}\d"
)
# Initials that begin a sentence about somebody, or a full name with a year or an age: "T.B. has new bruises", "Maisie
# Trent (Year 6)". A bare full name may be anybody's, and is none.
_BY_LETTERS = re.compile(
    r"(?:^|[.!?:\n]\s*)(?P<first>[A-Z])\.\s?(?P<last>[A-Z])\.?(?:['’]s)?\s+(?:is|was|has|had|have|will|does|did|told|said"
    r"|lives|came|went|cannot|can|needs|wants|feels|says|been)\b"
)
_OF_AN_AGE = re.compile(
    r"(?P<first>[A-Z])[a-z'’-]+ (?:[A-Z][a-z'’-]+ )?(?P<last>[A-Z])[A-Za-z'’-]+,? "
    r"[(\[]?(?:(?i:year|aged?|reception)\b|\(\d{1,2}\))"
)
_LETTERS = re.compile(r"\b([A-Z])(?:\.\s?|[a-z'-]*\s+)([A-Z])(?:\b|\.)")
LONGEST_THREAD = 60_000


def identifies_in_subject(subject: str) -> bool:
    """Does the subject identify a child, by a date of birth or an NHS number, where every inbox on the way shows it?"""
    return bool(_DATE_OF_BIRTH.search(subject[:1000]))


def names_another_child(dispute: Dispute, own: str, quoted: str) -> bool:
    """Is a child named whose initials are not those of this dispute's child? Never, while its own are not known."""
    ours = {first + last for first, last in _LETTERS.findall(dispute.child)}
    if not ours:
        return False
    thread = f"{own}\n{quoted}"[:LONGEST_THREAD]
    if any(m["first"] + m["last"] not in ours for m in _NAMED_CHILD.finditer(thread)):
        return True
    known = tuple(party.person.name for party in dispute.parties if party.person.name)
    plainly = (m for pattern in (_BY_LETTERS, _OF_AN_AGE) for m in pattern.finditer(own))
    if any(m["first"] + m["last"] not in ours and not any(name in m[0] for name in known) for m in plainly):
        return True
    said = [label.value for label in read_labels(own) if label.key == "child" and label.is_answer]
    return is_another_child(dispute, ", ".join(said))


def is_another_child(dispute: Dispute, value: str) -> bool:
    """Has the child that a label names no initials in common with this dispute's child, where both are known?"""
    ours = {first + last for first, last in _LETTERS.findall(dispute.child)}
    theirs = {first + last for first, last in _LETTERS.findall(child_in(value, "", "")[0])} if value else set()
    return bool(ours and theirs) and not theirs & ours


# "I am raising this at Step 4": a sentence that says where it is to begin. What was done, may be or is not yet names a
# stage as well, and begins nothing.
_SAID_TO_BEGIN = re.compile(
    r"\b(?:rais(?:e|ing)|open(?:ing)?|start(?:ing)?|begin(?:ning)?|escalat(?:e|ing)|refer(?:ring)?|tak(?:e|ing)|"
    r"bring(?:ing)?|log(?:ging)?|submit(?:ting)?|invok(?:e|ing)|mov(?:e|ing)|go(?:ing)?|(?:this|it) is(?: now)?)\b"
    r"[^.?!\n]{0,40}?\b(?:(?:at|to|as|under|on|from|with)(?: an?)?|a|an) (?P<stage>(?:stage|step|level) ?\w+)\b",
    re.I,
)
_NOT_BEGUN = re.compile(
    r"\b(?:if|unless|otherwise|will|would|may|might|could|should|then|next|before|until|was|were|had|not|never|whether"
    r"|after|when|once)\b|n't\b|'ll\b",
    re.I,
)


def told_to_begin(text: str) -> str:
    """The stage at which a sentence of an opening says that it is raised; "" where none does."""
    for sentence in sentences(text):
        said = _SAID_TO_BEGIN.search(sentence)
        if said and not _NOT_BEGUN.search(sentence[: said.end()]):
            return said["stage"]
    return ""


_STATUS_DENIED = re.compile(r"\b(?:not|never|no longer|former|formerly|previous|old|was)\b", re.I)


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
        if found is not None and statuses(said) & PROTECTING and not _STATUS_DENIED.search(said[: found.start()][-24:]):
            return " ".join(found[0].split())
    return ""


_BROTHER_OR_SISTER = re.compile(
    r"\b(?P<who>(?:twin |half[- ]|step[- ]?)?(?:brother|sister|sibling|twin)s?|cousins?)\b", re.I
)


_CONCERN = lexicon.pattern("openings.concerned_for_another")


_TWO_INITIALS = re.compile(r"(?<![A-Za-z.])([A-Z])\.\s?([A-Z])\.?(?![A-Za-z])")


def children_beside(child: str, subject: str, text: str) -> tuple[str, ...]:
    """Children whom the subject names, or for whom a sentence is concerned, beside ``child``, as a letter may say them:
    "brother", "A.W."; nothing of those who are there already, or where the child itself is not known."""
    ours = {first + last for first, last in _TWO_INITIALS.findall(child)}
    if not ours or "sibling" in child.casefold():
        return ()
    found = [f"{first}.{last}." for first, last in _TWO_INITIALS.findall(subject) if first + last not in ours]
    for sentence in sentences(unwrapped(text)):
        if not _CONCERN.search(sentence):
            continue
        letters = [f"{first}.{last}." for first, last in _TWO_INITIALS.findall(sentence) if first + last not in ours]
        kin = [match["who"].lower() for match in _BROTHER_OR_SISTER.finditer(sentence)] if len(ours) == 1 else []
        found += letters or kin
    return tuple(dict.fromkeys(found))
