"""The token of a letter's buttons: it says which letter began a mail that a ``mailto:`` link began.

Such a mail carries no In-Reply-To, so its subject carries ``(ref k7x2-m3qa-d5vh-w2te)``: an HMAC over the dispute, the
stay in a stage, what was put to its reader then, and the address it was made out to. It binds and is never authority:
who may act is asked of the sender as it is for any mail, and forwarded, copied or guessed it lets nobody do anything
(threats S4, S5).

In the subject, because that is what every program keeps of a link: Outlook, Gmail and Apple's Mail put signatures and
disclaimers below the body, and people write their answer over it. Eighty bits, in RFC 4648's alphabet, which has no
0, 1 or 8 to take for o, l and b; capitals and missing dashes are forgiven, because some programs rewrite both.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.questions_put import Put, put_now, puts

BITS = 80
_PURPOSE = b"button"  # the same secret keys our Message-IDs: one is never the other
_DASH = r"[-\u2010-\u2015\s]?"
_WRITTEN = re.compile(rf"\s*\(\s*ref[:\s]\s*([a-z2-7]{{4}}(?:{_DASH}[a-z2-7]{{4}}){{3}})\s*\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A token read back: whose dispute, to which address it was made out, whether the stay it names still lasts, and
    what its letter put to its reader; None of one made before tokens said so."""

    reference: str
    address: str
    present: bool
    put: Put | None = field(default=None, compare=False)


def button_token(secret: bytes, dispute: Dispute, address: str) -> str:
    """The button token of a letter about ``dispute``, as it stands now, to ``address``: four groups of four."""
    return _made(secret, dispute.reference, dispute.visit.entered, address, put_now(dispute).text)


def token_shown(made: str) -> str:
    """``made`` as a subject ends with it; "" where there is none."""
    return f" (ref {made})" if made else ""


def split_token(subject: str) -> tuple[str, str]:
    """A subject without any button's token, and the token; "" when there is none, or two that differ."""
    found = {_plain(one) for one in _WRITTEN.findall(subject)}
    bare = _WRITTEN.sub("", subject) if found else subject
    return bare, found.pop() if len(found) == 1 else ""


def read_token(written: str, secret: bytes, dispute: Dispute, addresses: Iterable[str]) -> Pressed | None:
    """The button token read back: whose token of ``dispute`` it is, among ``addresses`` and everybody who was ever
    in it; None for nobody's.

    A stay that WRONG took back was a stay: its letters went out, and their buttons can still be pressed.
    """
    plain = _plain(written)
    now = dispute.visit.entered
    people = dict.fromkeys((*addresses, *_ever_in(dispute)))
    for entered, put in dict.fromkeys(((now, put_now(dispute)), *_moments(dispute))):
        for address in people:
            made = _plain(_made(secret, dispute.reference, entered, address, put.text if put else ""))
            if address and hmac.compare_digest(made.encode(), plain.encode()):
                return Pressed(dispute.reference, address, entered == now, put)
    return None


def _made(secret: bytes, reference: str, entered: datetime, address: str, put: str) -> str:
    said = "\0".join((reference, entered.astimezone(UTC).isoformat(), address.lower(), *([put] if put else [])))
    digest = hmac.new(secret, _PURPOSE + b"\0" + said.encode(), hashlib.sha256).digest()[: BITS // 8]
    letters = base64.b32encode(digest).decode("ascii").lower()
    return "-".join(letters[n : n + 4] for n in range(0, len(letters), 4))


def _plain(written: str) -> str:
    return re.sub(r"[^a-z2-7]", "", written.lower())


def _moments(dispute: Dispute) -> Iterator[tuple[datetime, Put | None]]:
    """The moments a button token may be of: every stay there was, with each thing that was put in it; and without any,
    as older tokens are."""
    entered: datetime | None = None
    for past, put in zip(dispute.history, puts(dispute.history), strict=True):
        if isinstance(past, e.BEGINS_A_STAY):
            entered = past.at
            yield entered, None
        if entered is not None:
            yield entered, put


def _ever_in(dispute: Dispute) -> Iterator[str]:
    for past in dispute.history:
        match past:
            case e.DisputeOpened():
                yield past.raiser.address
            case e.PersonRecorded():
                yield past.person.address
            case e.PersonHandedOver():
                yield past.taking.address
