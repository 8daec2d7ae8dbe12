"""What makes a dispute one thread for each of its readers, whatever program they read in.

References and In-Reply-To do it by the standard (RFC 5322, 3.6.4): every letter names the email that opened the dispute
first, also to somebody who joined at the last stage and never had it. Apple Mail and Thunderbird follow them alone.

Gmail begins another conversation where the subject changes, whatever the references say. So the letters of one stage
have one subject (``topic``), with no limit, no ask and nobody's name in it: there it is one conversation a stage, named
after the stage, and its answers stay in it. An ask in the subject would help on a phone, and would scatter one stage
over a dozen conversations of which nobody could tell the last; the ask is the headline instead. Only the warnings of
danger keep a subject of their own: they must not be folded into a conversation that looks read.

Outlook and Exchange group by neither alone, but by Thread-Index, whose first 22 bytes name the conversation, and show
it under Thread-Topic. Both are made from the reference, so that the stages are one conversation there too. The opening
email stays beside it: its own topic may hold a name, and is never repeated.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from mailbot.core.procedure.protocol import Protocol
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.mail.letters.wording import inside

_UNIX_EPOCH = 116_444_736_000_000_000  # in FILETIME: 100 nanoseconds since 1601
_LAST_SHORT = 1 << 49  # a longer difference than this (1.8 years) is written coarser, with the code bit set


def topic(event: e.Event, dispute: Dispute, protocol: Protocol) -> str:
    """The topic of a conversation: the subject of a letter about ``event``, after the reference: one for all letters of
    a dispute and stage.

    A summary belongs to the stage it sums up; a closed dispute keeps the line of the stage at which it ended.
    """
    stage = protocol.stages[event.stage if isinstance(event, e.StageEnded) else dispute.stage]
    return f"{protocol.stage_name(stage.id)}: {inside(stage.name)}"


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
