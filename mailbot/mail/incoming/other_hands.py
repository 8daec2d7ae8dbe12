"""Other hands: what a mail itself says of somebody or something between whoever stands in From and us.

What proves a mail proves the domain in From, and so whose account it left. Not that the person wrote it: an assistant
sends on their behalf, an old mail of theirs is redirected unchanged, a list or a mass mailing carries it, a program
made it. Each says so in the head. What such a mail asks is theirs only once they have said so themselves.
"""

from dataclasses import dataclass

from mailbot.mail import lexicon
from mailbot.mail.incoming.automatic_mail import Kind
from mailbot.mail.incoming.message import Message
from mailbot.mail.incoming.sender_and_authentication import header_addresses

_NAMED_FOR_ANOTHER = lexicon.pattern("told.named_for_another")
_SIGNED_FOR_ANOTHER = lexicon.pattern("told.signs_for_another")


@dataclass(frozen=True, slots=True)
class OtherHand:
    """``address`` is whose hand it was, "" where the mail names none; ``why`` says it in one clause."""

    address: str
    why: str


BEHALF = "another address sent it on behalf of that one"
REDIRECTED = "another address passed it on as it was (Resent-From)"
NAMED = "the name in From says that somebody else sent it for that person"


def other_hands(message: Message, kind: Kind) -> tuple[OtherHand, ...]:
    """The other hands that a mail went through, by its own account (RFC 5322 3.6.2 and 3.6.6, RFC 3834, RFC 2919): none
    of them where it came from its writer."""
    found = [OtherHand(message.sent_by, BEHALF)] if message.sent_by else []
    found += [OtherHand(address, REDIRECTED) for address in _redirected_by(message)]
    if kind.sent_on:
        found.append(OtherHand("", kind.sent_on))
    shown = message.sender.name
    if _NAMED_FOR_ANOTHER.search(shown) or _SIGNED_FOR_ANOTHER.search(shown):
        found.append(OtherHand("", NAMED))
    return tuple(found)


def _redirected_by(message: Message) -> tuple[str, ...]:
    """Who passed a mail on unchanged; "somebody else" where what stands there is no address. Its own writer may."""
    written = (*message.headers.all("resent-from"), *message.headers.all("resent-sender"))
    found = [address or "somebody else" for _, address in header_addresses(written)]
    found += ["somebody else"] if written and not found else []
    return tuple(dict.fromkeys(one for one in found if one != message.sender.address))
