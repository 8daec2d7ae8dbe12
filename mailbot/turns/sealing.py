"""A rendered letter, in its final bytes, into the outbox: the one place where a letter gets its identity.

Message-ID and Date are fixed here, once; whatever is sent again is the same bytes, so that a mail server that has had
them already may drop the second copy.
"""

from dataclasses import dataclass
from datetime import datetime

from mailbot.core.happened.intents import Person
from mailbot.mail.writing.compose import Attachment, compose, message_id
from mailbot.mail.writing.conversation import Conversation
from mailbot.mail.writing.render import Rendered
from mailbot.shell.store_values import Letter
from mailbot.shell.store_work import Work
from mailbot.turns.desk import ALONE
from mailbot.turns.site import Site


@dataclass(frozen=True, slots=True)
class Sealed:
    """``name`` of the letter; ``key`` what it is about, once; ``sequence`` of its event, 0 when there is none.

    ``thread`` are the Message-IDs it follows, oldest first; ``answering`` True when the last is what its reader wrote.
    ``reference`` is "" outside any dispute; ``bound`` what an answer to it belongs to, when not to that dispute.
    ``enclosed`` are the documents that go with it. ``conversation`` is its dispute's, None outside any.
    """

    name: str
    to: Person
    rendered: Rendered
    key: str
    sequence: int = 0
    reference: str = ""
    thread: tuple[str, ...] = ()
    answering: bool = False
    bound: str = ""
    enclosed: tuple[Attachment, ...] = ()
    conversation: Conversation | None = None
    not_before: datetime | None = None


def bytes_of(site: Site, letter: Sealed, now: datetime) -> tuple[str, bytes]:
    """Its Message-ID and its final bytes."""
    domain = site.address.rpartition("@")[2]
    own_id = message_id(domain, letter.key, letter.sequence, letter.name, letter.to.address, site.secret)
    raw = compose(
        letter.rendered, sender=(site.name, site.address), to=letter.to, message_id=own_id, date=now,
        references=letter.thread, in_reply_to=letter.thread[-1] if letter.thread else "", answering=letter.answering,
        attachments=letter.enclosed, conversation=letter.conversation,
    )  # fmt: skip
    return own_id, raw


def put(work: Work, site: Site, letter: Sealed, now: datetime) -> None:
    """Into the outbox, once for each key, letter and reader; and its Message-ID among those we know as ours."""
    own_id, raw = bytes_of(site, letter, now)
    key = f"{letter.key}:{letter.name}:{letter.to.address}"
    row = Letter(
        site.id, letter.reference, key, letter.name, letter.to.address, letter.rendered.subject, own_id, raw, now,
        letter.not_before,
    )
    bound = letter.bound or letter.reference or f"{ALONE}{letter.name}"
    if work.put_letter(row):
        work.know_id(site.id, own_id, bound, ours=True, recipient=letter.to.address)
