"""A forwarded chain: what was written below, without its header lines, and when and to whom it was sent.

"Practitioners already record Stage 1 by email": when such an email is forwarded to the mailbox, the dispute counts
from the day it was sent, not from the day it was forwarded.
"""

import re
from dataclasses import dataclass
from datetime import date

from mailbot.mail.text.dates import first_date

_HEADER = re.compile(
    r"^[\s>*]*(From|Sent|Date|To|Cc|Subject|Importance|Attachments?)[*]?\s*:[*]?\s*(.*)$", re.IGNORECASE
)
_WROTE = re.compile(r"^[\s>]*On (.{6,60}?)(?: at [\d:]+)?,? (.{2,80}) wrote:\s*$")
_MARK = re.compile(r"^[\s>]*(?:-{3,} ?(?:Original|Forwarded) message ?-{3,}|_{8,}|Begin forwarded message:)\s*$", re.I)
_MOST_LETTERS = 30


@dataclass(frozen=True, slots=True)
class Sent:
    """One letter of the chain by its header lines, as written there."""

    on: date | None
    sender: str
    to: str


@dataclass(frozen=True, slots=True)
class Chain:
    text: str
    letters: tuple[Sent, ...]


def is_forward(subject: str) -> bool:
    """Does a subject begin a forwarded chain? "FW: RE: [EXTERNAL] ...": passed on, with a word of the
    sender's own above it or not."""
    return bool(re.match(r"^(?:\s*\[[^\]]{0,30}\])*\s*(?:fwd?|wg|tr)\s*:", subject, re.I))


def read_chain(quoted: str, today: date) -> Chain:
    """A forwarded chain read from ``quoted``: its words and its letters, newest first as clients put them."""
    kept: list[str] = []
    letters: list[dict[str, str]] = []
    for line in quoted.split("\n"):
        header, wrote = _HEADER.match(line), _WROTE.match(line)
        if header and len(letters) <= _MOST_LETTERS:
            name, value = header[1].lower(), header[2].strip()
            name = "date" if name == "sent" else name
            if not letters or name in letters[-1]:
                letters.append({})
            letters[-1][name] = value
            kept.append("")
        elif wrote:
            letters.append({"date": wrote[1], "from": wrote[2]})
        elif not _MARK.match(line):
            kept.append(line)
    return Chain("\n".join(kept), tuple(_sent(letter, today) for letter in letters if "from" in letter))


def _sent(letter: dict[str, str], today: date) -> Sent:
    found = first_date(letter.get("date", "")[:60], today, ahead=False)
    return Sent(found.on if found else None, letter["from"], letter.get("to", ""))
