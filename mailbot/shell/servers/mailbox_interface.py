"""The mailbox as the turns see it: two sides, mail that arrives and folders where things are filed.

Three mailboxes keep this interface: IMAP, a local Maildir, and the one tests hold in memory. One contract suite is run
against all of them and against a real server, so the words here are what all of them do.
"""

import re
import typing
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

Folder = tuple[str, ...]
DISPUTES = "Disputes"  # the folder that each dispute's own lies in
# RFC 5322 section 3.6.4, read loosely: what stands in the angle brackets, without white space.
_MESSAGE_ID = re.compile(rb"<[^<>\s]+>")
_MESSAGE_ID_FIELD = re.compile(rb"^message-id[ \t]*:((?:[^\r\n]|\r?\n[ \t])*)", re.IGNORECASE | re.MULTILINE)
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")
# Separators ('.' and '/' differ by server, and Dovecot refuses both), LIST wildcards, quoting, and the '&' and '~'
# that modified UTF-7 and some servers give a meaning.
_NOT_IN_FOLDER_NAMES = frozenset('./\\%*"&~')


@dataclass(frozen=True, slots=True)
class Watermark:
    """How far the inbox has been stored: the last UID, under the UIDVALIDITY that gives UIDs their meaning."""

    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message was when it was read. People move mail, so it may be gone."""

    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Top:
    """How a folder stands: the last UID that was given there, under its UIDVALIDITY, and how many messages it holds."""

    uidvalidity: int
    uid: int
    count: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message as it lies on the server. ``received`` is the server's INTERNALDATE, aware, in UTC."""

    place: Place
    raw: bytes
    received: datetime


@dataclass(frozen=True, slots=True)
class Withheld:
    """A message that the mail server lists and does not give: NIL, nothing, or NO to whoever asks for it."""

    place: Place


class Mailbox(typing.Protocol):
    """One shared mailbox. Every failure of the world leaves as ``Unreachable``; the next call connects again.

    Not for use by two threads at once. A folder part that cannot be written safely raises ``ValueError``.
    """

    def arrivals(self, after: Watermark | None) -> Iterator[Arrival | Withheld]:
        """What any mailbox can do, over IMAP or not: give what has arrived, the inbox after ``after``, by ascending
        UID; flags are left alone. What is expunged meanwhile is skipped.

        After a change of UIDVALIDITY everything comes again: the caller knows it by its digest (RFC 3501, 2.3.1.1).
        """
        ...

    def newest(self, after: Watermark | None, most: int) -> Iterator[Arrival | Withheld]:
        """What any mailbox can do: give the newest of the inbox after ``after``, the last to come first, no more than
        ``most``: for whoever cannot wait until everything older has come by ``arrivals``."""
        ...

    def again(self, uidvalidity: int, uids: Sequence[int]) -> Iterator[Arrival | Withheld]:
        """What any mailbox can do: be asked again: those of ``uids`` that still lie in the inbox, asked for once more;
        none under another UIDVALIDITY."""
        ...

    def move(self, place: Place, folder: Folder) -> bool:
        """What any mailbox can do: move a message. True: the message is in ``folder``, made if missing. False: it was
        gone, because a person was faster.

        Where it lies in ``folder`` already nothing is done, and it keeps its UID.
        """
        ...

    def file(self, folder: Folder, raw: bytes, when: datetime, seen: bool = False, flagged: bool = False) -> bool:
        """What any mailbox can do: file a message: puts ``raw`` into ``folder`` once by its Message-ID; False if it was
        there already, which stays as it is.

        Raises ``ValueError`` where ``raw`` has no Message-ID: it could not be found again.
        """
        ...

    def remove(self, folder: Folder, message_id: str) -> bool:
        """What any mailbox can do: remove a message: takes what carries exactly this Message-ID out of ``folder``;
        False if nothing there does.

        For what the bot made itself. Nothing else leaves with it, whatever people have marked as deleted: a server
        that cannot take out one message by its UID leaves it there, marked as deleted and read.
        """
        ...

    def messages(self, folder: Folder, above: int = 0) -> list[tuple[int, str]]:
        """What any mailbox can do: say what lies in a folder: (UID, Message-ID) of all that lies in ``folder`` above
        that UID; empty if there is no such folder."""
        ...

    def read(self, folder: Folder, uidvalidity: int, uids: Sequence[int]) -> Iterator[Arrival]:
        """What any mailbox can do: read messages: those of ``uids`` that still lie in ``folder``; none under another
        UIDVALIDITY. Flags are left alone."""
        ...

    def lies_at(self, place: Place) -> bool:
        """What any mailbox can do: say whether a message is still where it was, and nobody has struck it out to move
        it."""
        ...

    def tops(self, folders: Iterable[Folder]) -> dict[Folder, Top]:
        """What any mailbox can do: say how each of ``folders`` stands, at the cost of one question each; those that are
        missing are left out."""
        ...

    def make(self, folder: Folder) -> None:
        """Sees to it that there is such a folder."""
        ...

    def folders(self) -> list[Folder]:
        """Every folder there is, the inbox left out."""
        ...

    def wait(self, seconds: float, stop: Callable[[], bool]) -> bool:
        """What any mailbox can do: wait: True as soon as something has happened in the inbox; False after ``seconds``
        at most, or when ``stop`` says.

        False means that nothing was heard of: the inbox is to be read all the same. True wants ``arrivals`` next.
        """
        ...

    def close(self) -> None: ...


@typing.runtime_checkable
class MovesTogether(typing.Protocol):
    """A mailbox that moves several messages for little more than one costs."""

    def move_all(self, moves: Sequence[tuple[Place, Folder]]) -> list[bool]:
        """What some mailboxes can do: move messages, each as ``move`` does, with its answers in their order. Where the
        world fails in between, some may have been moved: who asks again is told that those are gone."""
        ...


def message_id_of(raw: bytes) -> str:
    """For any mailbox, by what a message is filed: the first Message-ID in the header of ``raw``, with its brackets;
    what stands there if it has none; or ``""``."""
    field = _MESSAGE_ID_FIELD.search(_END_OF_HEADER.split(raw, maxsplit=1)[0])
    if field is None:
        return ""
    found = _MESSAGE_ID.search(field[1])
    return (found[0] if found else b"".join(field[1].split())).decode("ascii", "replace")


def must_have_message_id(raw: bytes) -> str:
    """For any mailbox, what a message needs to be filed, the Message-ID that makes filing repeatable. Raises
    ``ValueError`` where there is none."""
    message_id = message_id_of(raw)
    if not message_id:
        raise ValueError("what is filed must carry a Message-ID, or it would be filed again and again")
    return message_id


def checked_folder(folder: Folder) -> Folder:
    """For any mailbox, a folder's name, if every server can hold it under that name. Raises ``ValueError`` if not."""
    if not folder:
        raise ValueError("a folder needs at least one name")
    for part in folder:
        if not part.strip() or part != part.strip() or not part.isascii() or not part.isprintable():
            raise ValueError(f"not a folder name: {part!r}")
        if _NOT_IN_FOLDER_NAMES & set(part):
            raise ValueError(f"a folder name may not hold any of {''.join(sorted(_NOT_IN_FOLDER_NAMES))}: {part!r}")
    return folder
