"""One readable account of a message: what `explain` prints first and what the reading is scored by."""

import re

from mailbot.mail.incoming.automatic_mail import kind_of_mail
from mailbot.mail.incoming.character_sets import decode_header
from mailbot.mail.incoming.headers import Headers, ids_in, mend, references_of
from mailbot.mail.incoming.message import Message, Unreadable, head_fields, parse
from mailbot.mail.incoming.own_words import own_words

_ADDRESS = re.compile(r"[^\s<>\"'(),;:@\[\]]+@[^\s<>\"'(),;:@\[\]]+")


def describe(raw: bytes) -> dict[str, object]:
    """The account of a message in plain values; ``from`` is the address as a reader sees it, not as authority.

    Keys: class, reply_text (own words with their signature), message_id, refs, subject, from, attachments (names).
    Never raises.
    """
    return account_of(parse(raw), raw)


def account_of(message: Message | Unreadable, raw: bytes) -> dict[str, object]:
    """The same of a message that is parsed already: one of many megabytes is not parsed again for it."""
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
        "reply_text": own_words(message).written,
        "message_id": message.message_id,
        "refs": list(message.references),
        "subject": message.subject,
        "from": shown_sender(message),
        "attachments": [one.name or "unnamed" for one in message.attachments],
    }


def shown_sender(message: Message) -> str:
    """The sender for showing: the strict address, or what stands in From when that gives none."""
    if message.sender.address:
        return message.sender.address
    written = decode_header(message.headers.one("from"))
    found = _ADDRESS.findall(written)
    return found[-1].lower() if len(set(found)) == 1 else written[:300]
