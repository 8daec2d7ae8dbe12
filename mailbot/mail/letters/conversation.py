"""What makes a dispute one thread for each of its readers, whatever program they read in; and what each subject says.

References and In-Reply-To do it by the standard (RFC 5322, 3.6.4): every letter names the email that opened the dispute
first, also to somebody who joined at the last stage and never had it. Apple Mail, Thunderbird, mutt and neomutt follow
them alone, as Jamie Zawinski described it. Outlook and Exchange group by Thread-Index, whose first 22 bytes name the
conversation, and show it under Thread-Topic ([MS-OXOMSG] 2.2.1.2, 2.2.1.3). Both are made from the reference, whatever
the subject says. The opening email stays beside it: its own topic may hold a name, and is never repeated.

Gmail alone begins another conversation where the subject changes, whatever the references say. A subject that stayed
the same for a stage kept its letters together there, and told nobody, in any program, which of ten letters asked
something of them: every list of mail shows the subject first. So the subject says the ask, or "For information", and
then the limit; it begins with the reference, by which Gmail's search finds all of a dispute; and what is lost is that
a dispute is several conversations in Gmail: one for each ask, with the answers to it. Whether it is asked, told,
decided or closed, the subject holds fifty characters at most and names nobody (``templates/*/subject.txt``).
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from mailbot.core.record.dispute import Dispute

_UNIX_EPOCH = 116_444_736_000_000_000  # in FILETIME: 100 nanoseconds since 1601
_LAST_SHORT = 1 << 49  # a longer difference than this (1.8 years) is written coarser, with the code bit set


@dataclass(frozen=True, slots=True)
class Conversation:
    """``topic`` is Thread-Topic; ``partnership`` and ``opened`` tell one dispute's conversation from another's."""

    topic: str
    partnership: str
    opened: datetime

    def index(self, message_id: str, date: datetime) -> str:
        """A conversation's Thread-Index of the letter ``message_id`` of ``date``: a header block and one child block
        ([MS-OXOMSG] 2.2.1.3). Outlook takes an index that is exactly the first one's for another conversation's
        beginning."""
        began = _filetime(self.opened)
        guid = hashlib.sha256(f"{self.partnership}\0{self.topic}".encode()).digest()[:16]
        passed = max(_filetime(date) - began, 0)
        apart = (passed >> 18) & 0x7FFFFFFF if passed < _LAST_SHORT else (passed >> 23) & 0x7FFFFFFF | 0x80000000
        any_byte = hashlib.sha256(message_id.encode()).digest()[:1]
        made = b"\x01" + (began >> 24).to_bytes(5, "big") + guid + apart.to_bytes(4, "big") + any_byte
        return base64.b64encode(made).decode("ascii")


def conversation(dispute: Dispute) -> Conversation:
    return Conversation(dispute.reference, dispute.partnership, dispute.opened)


def _filetime(at: datetime) -> int:
    since = at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return _UNIX_EPOCH + (since.days * 86_400 + since.seconds) * 10_000_000 + since.microseconds * 10
