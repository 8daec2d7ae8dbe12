"""The thread of a message, which dispute it belongs to: signals that are scored against each other, and
asked about when they differ.

Our own Message-IDs speak first, and the token of a button as loudly, where a link began the mail and it answers none.
A reference in the subject counts only from somebody already in that dispute. The body is never searched: numbers in it
are quoted, forwarded and mistyped.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from mailbot.mail.body.own_words import OwnWords
from mailbot.mail.body.wording_of_mail_clients import MARKER
from mailbot.mail.incoming.button_tokens import Pressed
from mailbot.mail.incoming.message import Message

MOST_SUBJECT_REFERENCES = 5


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of a dispute: every Message-ID sent or received in it, the addresses of its people."""

    reference: str
    message_ids: frozenset[str]
    participants: frozenset[str]


class Lookup(Protocol):
    """What the store answers. ``prefixes`` are the letters before a reference's year, such as ``("NS",)``."""

    @property
    def prefixes(self) -> tuple[str, ...]: ...

    def by_message_id(self, ids: tuple[str, ...]) -> Mapping[str, str]: ...

    def by_reference(self, refs: tuple[str, ...]) -> Mapping[str, Known]: ...

    def by_token(self, token: str, near: tuple[str, ...], sender: str) -> Pressed | None:
        """The thread a button's token names: whose it is, in the disputes ``near`` or in one that ``sender`` is
        in; None for nobody's."""


@dataclass(frozen=True, slots=True)
class Match:
    """``pressed`` is the button that began the message, where one did."""

    reference: str
    because: str
    pressed: Pressed | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Signals that do not agree, or a reference from somebody outside: a person is asked, nothing is filed."""

    references: tuple[str, ...]
    because: str


def references_in(subject: str, prefixes: tuple[str, ...]) -> tuple[str, ...]:
    """The references by which a subject threads a message, such as ``NS-26-0012``, however its dashes and zeros were
    retyped, in order, unique."""
    if not prefixes:
        return ()
    names = "|".join(re.escape(one) for one in prefixes)
    pattern = re.compile(rf"(?<![A-Z0-9-])({names})\s?[-–—‑ ]\s?(\d{{2}})\s?[-–—‑ ]\s?(\d{{1,6}})(?!\d)", re.IGNORECASE)
    found = (f"{name.upper()}-{year}-{int(number):04d}" for name, year, number in pattern.findall(subject))
    return tuple(dict.fromkeys(found))[:MOST_SUBJECT_REFERENCES]


def which(message: Message, known: Lookup) -> Match | Conflict | None:
    """The dispute to whose thread a message belongs, a Conflict to ask about, or None when nothing points to any.

    A Match by one of our ids says nothing about the sender: whether they may act is asked elsewhere.
    """
    by_id = known.by_message_id(message.references)
    from_ids = tuple(dict.fromkeys(by_id[one] for one in reversed(message.references) if one in by_id))
    named = references_in(message.subject, known.prefixes)
    near = tuple(dict.fromkeys((*from_ids, *named)))
    # Nobody's token (mistyped, cut short, another mailbox's) is as if there were none.
    pressed = known.by_token(message.token, near, message.sender.address) if message.token else None
    bound = tuple(dict.fromkeys((*from_ids, *([pressed.reference] if pressed else []))))
    disputes = known.by_reference(tuple(dict.fromkeys((*bound, *named)))) if bound or named else {}
    real = tuple(one for one in named if one in disputes)
    unknown = tuple(one for one in named if one not in disputes)
    if real and unknown:
        return Conflict(
            (*real, *unknown), f"its subject names {' and '.join(unknown)} as well, which is no dispute here"
        )
    if len(bound) > 1:
        return Conflict(bound, "it answers letters of more than one dispute")
    if bound and any(one != bound[0] for one in real):
        others = tuple(one for one in real if one != bound[0])
        return Conflict((*bound, *others), "it answers a letter of one dispute and names another in its subject")
    if from_ids:  # what a mail answers outranks a link's words left in a subject: colleagues reply to each other's
        return Match(from_ids[0], "it answers a message of this dispute")
    if pressed is not None:
        return _by_token(message, pressed, disputes)
    return _by_subject(message, real, disputes)


def _by_token(message: Message, pressed: Pressed, disputes: Mapping[str, Known]) -> Match | Conflict | None:
    sender, here = message.sender.address, disputes.get(pressed.reference)
    if sender and here is not None and sender in here.participants:
        return Match(pressed.reference, "a button of a letter of this dispute began it", pressed)
    return Conflict((pressed.reference,), "the sender is not a party to the dispute whose letter's button began it")


def _by_subject(message: Message, real: tuple[str, ...], disputes: Mapping[str, Known]) -> Match | Conflict | None:
    if len(real) > 1:
        return Conflict(real, "its subject names more than one dispute")
    if not real:
        return None
    sender = message.sender.address
    if sender and sender in disputes[real[0]].participants:
        return Match(real[0], "its subject carries the reference and the sender is a party")
    return Conflict(real, "the sender is not a party to the dispute its subject names")


# What a message answers: a letter of ours that asks something, one that asks nothing, or a colleague's own message. A
# "yes" means nothing without its question. Whose question it was is seen from what stands quoted first below the
# writer's words; where nothing is quoted, from the message that it says it answers.

# Letters of ours that ask nothing which a bare yes or no could answer.
ASK_NOTHING = frozenset(
    {"urgent", "urgent_told", "held_told", "roster_proposed", "received", "thanks", "outsider", "outsider_told"}
)
_HEAD = re.compile(
    r"^[>\s*]*(?:(?:from|oddi wrth|von|de|da)\s*:\*?\s*(?P<head>.+)"
    r"|(?:on\b|ar\b|am\b|le\b).{0,200}?(?P<wrote><?[^<>\s]+@[^<>\s]+>?).{0,40}(?:wrote|ysgrifennodd|schrieb|écrit)\s*:)",
    re.IGNORECASE | re.MULTILINE,
)
_LOOKED_AT = 1_500  # characters of the quotation


def answers_another(
    message: Message, words: OwnWords, mailbox: str, colleagues: Iterable[str], letter: Callable[[str], str]
) -> bool:
    """For threading: does this answer somebody else than the mailbox, or a letter that asks nothing? ``colleagues`` are
    the names and addresses of the people on it and in its dispute; ``letter`` names the letter of ours that has a
    Message-ID."""
    answered = message.references[-1] if message.references else ""
    if letter(answered) in ASK_NOTHING:
        return True
    shown = words.quoted[:_LOOKED_AT]
    head = _HEAD.search(shown)
    if head is not None and MARKER not in shown[: head.start()]:
        who = (head["head"] or head["wrote"]).lower()
        return mailbox.lower() not in who and any(name and name.lower() in who for name in colleagues)
    return bool(answered) and not shown and not letter(answered) and mailbox not in {a.address for a in message.to}
