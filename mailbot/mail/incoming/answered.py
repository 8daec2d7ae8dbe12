"""What a message answers: a letter of ours that asks something, one that asks nothing, or a colleague's own message.

A "yes" means nothing without its question. Whose question it was is seen from what stands quoted first below the
writer's words; where nothing is quoted, from the message that it says it answers.
"""

import re
from collections.abc import Callable, Iterable

from mailbot.mail.incoming.message import Message
from mailbot.mail.incoming.own_words import OwnWords
from mailbot.mail.incoming.quotation import MARKER

# Letters of ours that ask nothing which a bare yes or no could answer.
ASK_NOTHING = frozenset({"urgent", "urgent_told", "held_told", "received", "thanks", "outsider", "outsider_told"})
_HEAD = re.compile(
    r"^[>\s*]*(?:(?:from|oddi wrth|von|de|da)\s*:\*?\s*(?P<head>.+)"
    r"|(?:on\b|ar\b|am\b|le\b).{0,200}?(?P<wrote><?[^<>\s]+@[^<>\s]+>?).{0,40}(?:wrote|ysgrifennodd|schrieb|écrit)\s*:)",
    re.IGNORECASE | re.MULTILINE,
)
_LOOKED_AT = 1_500  # characters of the quotation


def answers_another(
    message: Message, words: OwnWords, mailbox: str, colleagues: Iterable[str], letter: Callable[[str], str]
) -> bool:
    """Does this answer somebody else than the mailbox, or a letter that asks nothing? ``colleagues`` are the names and
    addresses of the people on it and in its dispute; ``letter`` names the letter of ours that has a Message-ID."""
    answered = message.references[-1] if message.references else ""
    if letter(answered) in ASK_NOTHING:
        return True
    shown = words.quoted[:_LOOKED_AT]
    head = _HEAD.search(shown)
    if head is not None and MARKER not in shown[: head.start()]:
        who = (head["head"] or head["wrote"]).lower()
        return mailbox.lower() not in who and any(name and name.lower() in who for name in colleagues)
    return bool(answered) and not shown and not letter(answered) and mailbox not in {a.address for a in message.to}
