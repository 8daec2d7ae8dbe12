"""Rehearsal on a real mailbox. In *shadow* everything is decided and nobody but the office is written to: each letter
goes there, marked with whom it was for, and the mailbox's own folders are left alone. In *training* nobody is real:
every letter is marked, and none leaves for a domain that anybody could have.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from mailbot.core.partnership.directory import domain_of
from mailbot.shell.servers.graph_postman import addressed_to
from mailbot.shell.servers.mailbox_interface import Arrival, Folder, Mailbox, Place, Top, Watermark, Withheld
from mailbot.shell.servers.postman_interface import Delivery, Envelope, KeepsConnection, Outcome, Postman

LIVE, SHADOW, TRAINING = "live", "shadow", "training"
MODES = (LIVE, SHADOW, TRAINING)
SHADOW_FOLDER = "Shadow"
_SUBJECT = re.compile(rb"^subject:[ \t]*", re.IGNORECASE | re.MULTILINE)
# Domains that nobody can have (RFC 2606, RFC 6761).
_NOBODYS = ("example", "example.com", "example.net", "example.org", "test", "invalid", "localhost")


def is_nobodys(domain: str) -> bool:
    """Is this a domain kept for examples and tests, at which nobody can be reached?"""
    return any(domain == one or domain.endswith(f".{one}") for one in _NOBODYS)


def marked(raw: bytes, mark: str) -> bytes:
    """A letter of a rehearsal, whose subject begins with ``mark``; the rest is byte for byte as it was."""
    return _SUBJECT.sub(lambda found: found[0] + mark.encode("ascii", "replace") + b" ", raw, count=1)


class ShadowPostman:
    """A ``Postman`` who writes to the ``office`` alone: what was for somebody else goes to its first address, with a
    subject that says for whom it was."""

    def __init__(self, postman: Postman, office: Sequence[str]) -> None:
        self._postman, self._office = postman, tuple(address.lower() for address in office)

    def send(self, envelopes: Sequence[Envelope]) -> Iterator[Delivery]:
        yield from self._postman.send([self._to_the_office(envelope) for envelope in envelopes])

    def _to_the_office(self, envelope: Envelope) -> Envelope:
        if envelope.recipient.lower() in self._office or not envelope.recipient:
            return envelope
        raw = marked(envelope.raw, f"[SHADOW, for {envelope.recipient}]")
        return replace(envelope, recipient=self._office[0], raw=addressed_to(raw, self._office[0]))

    def let_go(self) -> None:
        if isinstance(self._postman, KeepsConnection):
            self._postman.let_go()

    def close(self) -> None:
        self._postman.close()


class TrainingPostman:
    """A ``Postman`` for training: marked letters, to nobody's domains alone."""

    def __init__(self, postman: Postman) -> None:
        self._postman = postman

    def send(self, envelopes: Sequence[Envelope]) -> Iterator[Delivery]:
        for envelope in envelopes:
            if envelope.recipient and not is_nobodys(domain_of(envelope.recipient)):
                words = "training mode writes to no real domain"
                yield Delivery(envelope.id, Outcome.REFUSED, 550, words, theirs=True)
            else:
                yield from self._postman.send([replace(envelope, raw=marked(envelope.raw, "[TRAINING]"))])

    def let_go(self) -> None:
        if isinstance(self._postman, KeepsConnection):
            self._postman.let_go()

    def close(self) -> None:
        self._postman.close()


class ShadowMailbox:
    """A ``Mailbox`` that is read as ever. Nothing in it is moved; what mailbot files lies under the folder "Shadow"."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    def arrivals(self, after: Watermark | None) -> Iterator[Arrival | Withheld]:
        return self._mailbox.arrivals(after)

    def newest(self, after: Watermark | None, most: int) -> Iterator[Arrival | Withheld]:
        return self._mailbox.newest(after, most)

    def again(self, uidvalidity: int, uids: Sequence[int]) -> Iterator[Arrival | Withheld]:
        return self._mailbox.again(uidvalidity, uids)

    def move(self, place: Place, folder: Folder) -> bool:
        """Nothing is moved: whether it is still there to be."""
        return self._mailbox.lies_at(place)

    def file(self, folder: Folder, raw: bytes, when: datetime, seen: bool = False, flagged: bool = False) -> bool:
        return self._mailbox.file(_under(folder), raw, when, seen, flagged)

    def remove(self, folder: Folder, message_id: str) -> bool:
        return self._mailbox.remove(_under(folder), message_id)

    def messages(self, folder: Folder, above: int = 0) -> list[tuple[int, str]]:
        return self._mailbox.messages(_under(folder), above)

    def read(self, folder: Folder, uidvalidity: int, uids: Sequence[int]) -> Iterator[Arrival]:
        return self._mailbox.read(_under(folder), uidvalidity, uids)

    def lies_at(self, place: Place) -> bool:
        return self._mailbox.lies_at(place)

    def tops(self, folders: Iterable[Folder]) -> dict[Folder, Top]:
        asked = {_under(folder): folder for folder in folders}
        return {asked[folder]: top for folder, top in self._mailbox.tops(list(asked)).items()}

    def make(self, folder: Folder) -> None:
        self._mailbox.make(_under(folder))

    def folders(self) -> list[Folder]:
        return [folder[1:] for folder in self._mailbox.folders() if folder[0] == SHADOW_FOLDER and len(folder) > 1]

    def wait(self, seconds: float, stop: Callable[[], bool]) -> bool:
        return self._mailbox.wait(seconds, stop)

    def close(self) -> None:
        self._mailbox.close()


def _under(folder: Folder) -> Folder:
    return (SHADOW_FOLDER, *folder)


def rehearsing_mailbox(mailbox: Mailbox, mode: str) -> Mailbox:
    """The mailbox, as this mode uses it."""
    return ShadowMailbox(mailbox) if mode == SHADOW else mailbox


def rehearsing_postman(postman: Postman, mode: str, office: Sequence[str]) -> Postman:
    """The postman, as this mode uses him."""
    if mode == SHADOW:
        return ShadowPostman(postman, office)
    return TrainingPostman(postman) if mode == TRAINING else postman
