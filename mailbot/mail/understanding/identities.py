"""Words that name a child too plainly: in a subject, or another child's in the thread of this one (G4, D3).

A dispute knows its child by initials. A date of birth beside a name with other initials, or a "Child:" line with other
initials, is somebody else's: nothing of the message goes further until its sender has been asked.
"""

import re

from mailbot.core.happened.dispute import Dispute
from mailbot.mail.understanding.labels import read_labels
from mailbot.mail.understanding.prose import child_in

_BORN = r"(?:d\.?\s?o\.?\s?b\.?|date of birth|born(?: on)?)"
_DATE_OF_BIRTH = re.compile(
    rf"\b{_BORN}\W{{0,4}}\d|\bNHS (?:no|number)\b|(?<!\d)\d{{1,2}}[/.]\d{{1,2}}[/.](?:19|20)[012]\d\b", re.I
)
_NAMED = re.compile(
    rf"(?P<first>[A-Z])[a-z'-]+ (?:[A-Z][a-z'-]+ )?(?P<last>[A-Z])[A-Za-z'-]+[\s,(-]{{1,4}}(?i:{_BORN})\W{{0,4}}\d"
)
# Initials that begin a sentence about somebody, or a full name with a year or an age: "T.B. has new bruises", "Maisie
# Trent (Year 6)". A bare full name may be anybody's, and is none.
_BY_LETTERS = re.compile(
    r"(?:^|[.!?:\n]\s*)(?P<first>[A-Z])\.\s?(?P<last>[A-Z])\.?(?:['’]s)?\s+(?:is|was|has|had|have|will|does|did|told|said"
    r"|lives|came|went|cannot|can|needs|wants|feels|says|been)\b"
)
_OF_AN_AGE = re.compile(
    r"(?P<first>[A-Z])[a-z'’-]+ (?:[A-Z][a-z'’-]+ )?(?P<last>[A-Z])[A-Za-z'’-]+,? [(\[]?(?:(?i:year|aged?|reception)\b|\(\d{1,2}\))"
)
_LETTERS = re.compile(r"\b([A-Z])(?:\.\s?|[a-z'-]*\s+)([A-Z])(?:\b|\.)")
LONGEST_THREAD = 60_000


def identifies_in_subject(subject: str) -> bool:
    """A date of birth or an NHS number, where every inbox on the way shows it."""
    return bool(_DATE_OF_BIRTH.search(subject[:1000]))


def names_another_child(dispute: Dispute, own: str, quoted: str) -> bool:
    """Is a child identified whose initials are not those of this dispute's? Never, while its own are not known."""
    ours = {first + last for first, last in _LETTERS.findall(dispute.child)}
    if not ours:
        return False
    thread = f"{own}\n{quoted}"[:LONGEST_THREAD]
    if any(m["first"] + m["last"] not in ours for m in _NAMED.finditer(thread)):
        return True
    known = tuple(party.person.name for party in dispute.parties if party.person.name)
    plainly = (m for pattern in (_BY_LETTERS, _OF_AN_AGE) for m in pattern.finditer(own))
    if any(m["first"] + m["last"] not in ours and not any(name in m[0] for name in known) for m in plainly):
        return True
    said = [child_in(label.value, "", "")[0] for label in read_labels(own) if label.key == "child" and label.is_answer]
    theirs = {first + last for value in said for first, last in _LETTERS.findall(value)}
    return bool(theirs) and not theirs & ours
