"""A child's status in the words people use, read as the words a protocol's conditions use.

"CPP", "on a CP plan" and "child protection plan" are one thing: a notice that hangs on it (an Independent Reviewing
Officer's) must not be missed for the sake of a spelling (hazard G22). What is denied or over is not the status.
"""

import re

STATUSES: tuple[tuple[str, str], ...] = (
    ("child protection plan", r"child protection|\bcpp?\b|\bcp plan\b"),
    ("looked after", r"looked after|\blac\b|\bcla\b|\bin care\b|\bs ?20\b|section 20|accommodated|care order"),
    ("child in need", r"child in need|\bcinp?\b"),
    ("early help", r"early help|\beha?p?\b"),
    ("unborn", r"\bunborn\b|\bubb\b"),
)
_DENIED = re.compile(r"\b(?:no|not|never|isn t|wasn t|no longer|came off|come off|off|ended|ceased|stepped down)\b")


def statuses(words: str) -> frozenset[str]:
    """ "CPP; not LAC" is {"child protection plan"}; what is in no table is kept as it was written."""
    found: set[str] = set()
    for part in re.split(r"[;,\n]|\.(?=\s|$)|\b(?:and|but)\b", words.casefold()):
        plain = " ".join(re.sub(r"[^a-z0-9]+", " ", part).split())
        if not plain or _DENIED.search(plain):
            continue
        known = {status for status, pattern in STATUSES if re.search(pattern, plain)}
        found |= known or {plain}
    return frozenset(found)
