"""What a message is, read once at the door: man or machine, really from whom, in whose words. And the readable account
of it that ``explain`` prints first and that the reading is scored by.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from mailbot.mail.body.own_words import OwnWords, own_words
from mailbot.mail.incoming.automatic_mail import Kind, kind_of_mail
from mailbot.mail.incoming.character_sets import decode_header
from mailbot.mail.incoming.headers import Headers, ids_in, mend, references_of
from mailbot.mail.incoming.invitations import words_of_entries
from mailbot.mail.incoming.message import Message, Unreadable, head_fields, parse
from mailbot.mail.incoming.sender_and_authentication import Trust, authentication

_ADDRESS = re.compile(r"[^\s<>\"'(),;:@\[\]]+@[^\s<>\"'(),;:@\[\]]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """A message as it was read at the door, once, whatever road it takes from there."""

    message: Message
    kind: Kind
    trust: Trust
    words: OwnWords
    answers_ours: bool = False  # it answers a letter of ours before any other email

    @property
    def sender(self) -> str:
        return self.message.sender.address

    @property
    def two_texts(self) -> bool:
        """Reading a message at the door that has two texts: do its plain part and its page say different things, so
        that nobody can tell which of them was meant?"""
        return bool(self.message.other_text)

    @property
    def is_certain(self) -> bool:
        """Reading a message as its reader sees it: one text, nothing in it of which nobody can tell whether it is
        seen, and not set in from its first line on, as a quotation is. Else nothing is done on it."""
        return not (self.two_texts or self.message.uncertain or self.words.set_in)

    @property
    def answers_somebody_else(self) -> bool:
        """Does it answer an email that is none of our letters?"""
        return bool(self.message.references) and not self.answers_ours

    @property
    def for_danger(self) -> str:
        """Reading a message for danger: all that is to be listened to: also what is only passed on, what one of two
        parts says, and the words of an invitation."""
        entries = words_of_entries(self.message)
        unseen = self.message.unseen if self.message.uncertain else ""
        return "\n\n".join(part for part in (self.words.whole, self.message.other_text, unseen, entries) if part)


def read_at_the_door(message: Message, ours: Callable[[str], bool], trusted_ids: tuple[str, ...]) -> Reading:
    """Reading a message at the door: ``ours`` says of a Message-ID whether a letter of ours has it; ``trusted_ids`` are
    the border server's."""
    trust = authentication(message.headers, message.sender, trusted_ids)
    return Reading(message, kind_of_mail(message, ours), trust, own_words(message), ours(_answered(message)))


def _answered(message: Message) -> str:
    """The Message-ID that it answers directly."""
    direct = ids_in(message.headers.one("in-reply-to"))
    return direct[0] if direct else next(reversed(message.references), "")


def describe(raw: bytes) -> dict[str, object]:
    """A message's reading told: the account of it in plain values; ``from`` is the address as a reader sees it, not as
    authority.

    Keys: class, reply_text (own words with their signature), message_id, refs, subject, from, attachments (names).
    Never raises.
    """
    return account_of(parse(raw), raw)


def account_of(message: Message | Unreadable, raw: bytes, words: OwnWords | None = None) -> dict[str, object]:
    """The readable account of a message that is parsed already: one of many megabytes is not parsed again for it, nor
    are its ``words`` told again where they have been."""
    if not isinstance(message, Message):
        headers = Headers(tuple((name, decode_header(value)) for name, value in head_fields(mend(raw[: 1024 * 1024]))))
        return {
            "class": "malformed",
            "reply_text": "",
            "message_id": (ids_in(headers.one("message-id")) or ("",))[0],
            "refs": list(references_of(headers)),
            "subject": message.subject,
            "from": message.sender,
            "attachments": [],
        }
    return {
        "class": kind_of_mail(message).name,
        "reply_text": (words or own_words(message)).written,
        "message_id": message.message_id,
        "refs": list(message.references),
        "subject": message.subject,
        "from": shown_sender(message),
        "attachments": [one.name or "unnamed" for one in message.attachments],
    }


def shown_sender(message: Message) -> str:
    """A message's reading, the sender for showing: the strict address, or what stands in From when that gives none."""
    if message.sender.address:
        return message.sender.address
    written = decode_header(message.headers.one("from"))
    found = _ADDRESS.findall(written)
    return found[-1].lower() if len(set(found)) == 1 else written[:300]
