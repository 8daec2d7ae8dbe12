"""What a message is, read once at the door: man or machine, really from whom, in whose words. And the readable account
of it that ``explain`` prints first and that the reading is scored by.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher

from mailbot.mail.incoming.automatic_mail import Kind, kind_of_mail
from mailbot.mail.incoming.character_sets import decode_header
from mailbot.mail.incoming.headers import Headers, ids_in, mend, references_of
from mailbot.mail.incoming.html_to_text import html_to_text
from mailbot.mail.incoming.message import Message, head_fields, parse
from mailbot.mail.incoming.own_words import OwnWords, own_words, words_of
from mailbot.mail.incoming.sender_and_authentication import Trust, authentication
from mailbot.mail.understanding.commands import read_command

_ADDRESS = re.compile(r"[^\s<>\"'(),;:@\[\]]+@[^\s<>\"'(),;:@\[\]]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """A message as it was read at the door, once, whatever road it takes from there.

    ``two_texts``: its plain part and its page do not say the same, and which of them its writer meant nobody can tell.
    """

    message: Message
    kind: Kind
    trust: Trust
    words: OwnWords
    page: str  # own words of the page, where a plain part stands beside it
    two_texts: bool
    answers_ours: bool = False  # it answers a letter of ours before any other email

    @property
    def sender(self) -> str:
        return self.message.sender.address

    @property
    def answers_somebody_else(self) -> bool:
        """Does it answer an email that is none of our letters?"""
        return bool(self.message.references) and not self.answers_ours

    @property
    def for_danger(self) -> str:
        """All that is to be listened to for danger: also what is only passed on, and what one of two parts says."""
        beside = self.page if self.two_texts else ""
        return "\n\n".join(part for part in (self.words.own, self.words.passed_on, beside) if part)


def read_at_the_door(message: Message, ours: Callable[[str], bool], trusted_ids: tuple[str, ...]) -> Reading:
    """``ours`` says of a Message-ID whether a letter of ours has it; ``trusted_ids`` are the border server's."""
    words = own_words(message)
    page = _page_beside(message)
    return Reading(
        message,
        kind_of_mail(message, ours),
        authentication(message.headers, message.sender, trusted_ids),
        words,
        page,
        bool(page) and not _say_the_same(words.own, page),
        ours(_answered(message)),
    )


def _answered(message: Message) -> str:
    """The Message-ID that it answers directly."""
    direct = ids_in(message.headers.one("in-reply-to"))
    return direct[0] if direct else next(reversed(message.references), "")


def _page_beside(message: Message) -> str:
    """The own words of the HTML part, where the plain part was read; "" where the page itself was."""
    if not message.html or not message.text.strip():
        return ""
    shown = html_to_text(message.html)
    if shown == message.text:
        return ""
    name = message.sender.name or message.sender.address.partition("@")[0]
    return words_of(shown, bool(message.references), name).own


_LINK = re.compile(r"<?(?:https?|mailto|cid|tel):[^\s>]*>?|\[[^\]]{0,80}\]", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
LIKENESS, MOST_COMPARED = 0.7, 300  # of the words; programs drop a link, a picture's name or a bullet from one of them


def _say_the_same(plain: str, page: str) -> bool:
    """Do they begin with the same command, and are they the same words but for what programs drop?"""
    one, other = read_command(plain), read_command(page)
    if (one.name if one else "") != (other.name if other else ""):
        return False
    first, second = (_WORD.findall(_LINK.sub(" ", text).casefold())[:MOST_COMPARED] for text in (plain, page))
    if first == second or not first or not second:
        return first == second
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= LIKENESS


def describe(raw: bytes) -> dict[str, object]:
    """The account of a message in plain values; ``from`` is the address as a reader sees it, not as authority.

    Keys: class, reply_text (own words with their signature), message_id, refs, subject, from, attachments (names).
    Never raises.
    """
    message = parse(raw)
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
