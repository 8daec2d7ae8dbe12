"""How letters leave, as the turns see it: one recipient each, and four ways it can end.

There is no promise of exactly once in mail (RFC 1047). What can be promised is that a letter which may have gone is
known to be one, and that the same bytes go again.
"""

import typing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Envelope:
    """One letter to one recipient. ``sender`` may be empty (RFC 5321, 4.5.5); ``raw`` goes out byte for byte."""

    id: int
    sender: str
    recipient: str
    raw: bytes


class Outcome(Enum):
    """``UNCERTAIN``: the bytes were sent and the answer was lost; the server may or may not have the letter."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How one letter ended: ``code`` is the server's (0 where it gave none), ``words`` are for a person. ``ours``: it
    says something of our own sending (the login, the right to send, the connection), and nothing of the reader;
    ``theirs``: it is this letter's or this reader's alone, whatever happens to others. Where it is neither, what
    happens to others shows."""

    id: int
    outcome: Outcome
    code: int
    words: str
    ours: bool = False
    theirs: bool = False


class Postman(typing.Protocol):
    """Carries letters. The world's failures are outcomes here, because each letter waits for its own."""

    def send(self, envelopes: Sequence[Envelope]) -> Iterator[Delivery]:
        """A postman sends letters: one delivery for each envelope, in order, yielded as soon as it is known so that it
        can be written down."""
        ...

    def close(self) -> None: ...


@typing.runtime_checkable
class TriesSending(typing.Protocol):
    """A postman that can find out whether letters would leave, without sending one."""

    def try_sending(self, sender: str) -> Delivery:
        """How a postman's trial ended: accepted, or what stands in the way."""
        ...


@typing.runtime_checkable
class KeepsConnection(typing.Protocol):
    """A postman that keeps its connection for the next batch of letters."""

    def let_go(self) -> None:
        """What such a postman is told where there is no letter: to leave, if nothing has gone for a while."""
        ...


def address_fault(address: str) -> str:
    """The fault of a letter's address, for any postman: why ``address`` cannot be written into an SMTP command, or
    ``""``. An empty one is the null sender."""
    if not address.isascii():
        return "the address is not in ASCII"
    if any(not " " < letter < "\x7f" or letter in "<>" for letter in address):
        return "the address holds a character that would end the SMTP command"
    return "" if not address or address.count("@") >= 1 else "the address has no domain"
