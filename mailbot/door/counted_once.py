"""Counted once: is this a mail that lies in a dispute already, come by another way or sent in again?

One mail is one by its writer, its date and its words. Its Message-ID says so too, but need not be there: whoever was
copied on a mail can send it in again, without that line where no signature covers it, when it would count for something
else than what its writer saw. A gateway on one way puts a footer or a warning to it that another does not.
"""

from collections.abc import Iterator
from datetime import timedelta

from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events_of_mail import MessageFiled
from mailbot.door.message_as_read import Desk
from mailbot.mail.body.own_words import OwnWords, own_words
from mailbot.mail.incoming.message import Message
from mailbot.mail.reading import Reading
from mailbot.mail.text.spelling_and_sentences import plain

# A new mail is dated when it comes, an old one before it came first: so far may their clocks be apart.
CLOCKS_APART = timedelta(hours=1)


def came_before(reading: Reading, desk: Desk, dispute: Dispute | None) -> str:
    """The reference of the dispute in which this very mail lies; "" where it is new. ``dispute`` is the one it belongs
    to; where it belongs to none, it may have raised one of its writer's."""
    message = reading.message
    named = desk.by_message_id((message.message_id,)).get(message.message_id, "") if message.message_id else ""
    first = desk.dispute(named) if named else None
    others = (dispute,) if dispute is not None else desk.open_disputes(reading.sender)
    here = {one.reference: one for one in (first, *others) if one is not None}
    lies_in = {digest: reference for reference, one in here.items() for digest in may_be_it(one, message)}
    kept = desk.all_kept(lies_in)
    return next((lies_in[digest] for digest, past in kept if _is_same(past, reading, dispute is not None)), "")


def may_be_it(dispute: Dispute, message: Message) -> Iterator[str]:
    """The digests of what this writer has in the dispute that may be the mail: under its Message-ID, or that came no
    earlier than it is dated."""
    for past in dispute.history:
        if not isinstance(past, MessageFiled) or past.digest == message.digest:
            continue
        is_old = message.date is None or past.at + CLOCKS_APART >= message.date
        if (past.by.address == message.sender.address and is_old) or _has_its_number(past, message):
            yield past.digest


def _has_its_number(past: MessageFiled, message: Message) -> bool:
    return bool(message.message_id) and past.message == message.message_id


def _is_same(kept: Message, reading: Reading, in_a_thread: bool) -> bool:
    message, words = reading.message, own_words(kept)
    if (kept.sender.address, kept.date) != (message.sender.address, message.date):
        return False
    before, now = plain(words.own), plain(reading.words.own)
    if kept.message_id == message.message_id != "":
        short, long = sorted((before, now), key=len)
        return before == now or (bool(short) and (long.startswith(f"{short} ") or long.endswith(f" {short}")))
    if (
        kept.message_id and message.message_id
    ):  # numbered anew; or two that a program sent at once, each of which begins a thread
        return in_a_thread and before == now and _answers(kept, words) == _answers(message, reading.words)
    return before == now


def _answers(message: Message, words: OwnWords) -> tuple[object, ...]:
    """To what a mail says its words."""
    return message.subject, message.token, message.references, plain(words.quoted)
