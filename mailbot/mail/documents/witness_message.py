"""The witness of the record as a message that lies in the mailbox: words for whoever opens it, and the sealed lines."""

import hashlib
from email.utils import format_datetime

from mailbot.core.record.witness import RecordWitness, read_witness, witness_text

_WORDS = """\
This message is the witness of the record: it says how far the record had
come. Please leave it where it is. When mailbot starts it is compared with
the database: a copy that was put back from a backup is known by it, and
goes on only when a person has said so (mailbot witness).

Nothing happens when it is deleted: the next one is put in its place.
"""


def witness_message(witness: RecordWitness, key: bytes, address: str) -> tuple[str, bytes]:
    """The witness as a message, its Message-ID and its bytes, from the mailbox's ``address`` to itself: plain ASCII, so
    that no server changes it."""
    sealed = witness_text(witness, key)
    told = f"{hashlib.sha256(sealed.encode()).hexdigest()[:20]}"
    own_id = f"<{_LOCAL}.{witness.era}.{witness.decisions}.{told}@{address.rpartition('@')[2]}>"
    newest = witness.newest
    ends = f"it ends with entry {newest.sequence} of {newest.reference}" if newest else "it is empty"
    lines = [
        f"From: mailbot <{address}>",
        f"To: <{address}>",
        f"Subject: Witness of the record: {ends}",
        f"Date: {format_datetime(witness.at)}",
        f"Message-ID: {own_id}",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=us-ascii",
        "Content-Transfer-Encoding: 7bit",
        "",
        *_WORDS.splitlines(),
        "",
        *sealed.splitlines(),
        "",
    ]
    return own_id, "\r\n".join(lines).encode("ascii")


_LOCAL = "witness"


def is_witness_id(message_id: str) -> bool:
    """Whether a message is called as the witnesses of the record are: that alone proves nothing."""
    return message_id.startswith(f"<{_LOCAL}.")


def witness_in(raw: bytes, key: bytes, partnership: str) -> RecordWitness | None:
    """The witness in a message of the mailbox; None where there is none with this key's seal."""
    return read_witness(raw.decode("ascii", "replace").replace("\r\n", "\n"), key, partnership)
