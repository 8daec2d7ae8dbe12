"""What is asked of a selected IMAP folder, and the traps in how servers and libraries answer."""

import re
import typing
from collections.abc import Iterator, Sequence

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from mailbot.shell.imap_connection import plain
from mailbot.shell.mailbox import Top, message_id_of

# A SEARCH answer is one line, and imaplib gives up at a million bytes: some 140,000 UIDs.
UIDS_A_SEARCH = 50_000
SIZES_A_FETCH = 500
# Bodies are fetched in fifties, but never more than this many bytes at once.
BODIES_A_FETCH, BYTES_A_FETCH = 50, 16_000_000
# The letters of a Message-ID that need no quoting in a SEARCH (RFC 3501, ATOM-CHAR): no wildcard, no quote, no bracket.
_SEARCHABLE = re.compile(r"[A-Za-z0-9.@_+=$!#'/|-]+")
_MESSAGE_ID_ONLY = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"


def search_after(client: typing.Any, known: int, upto: int) -> list[int]:
    """All UIDs above ``known``, below ``upto`` (UIDNEXT; 0 if the server keeps it to itself), ascending.

    "999:*" finds the last message even when its UID is below 999, so what is found is compared.
    """
    if not upto:
        found = client.search(["UID", f"{known + 1}:*"])
    else:
        found = []
        # A few servers number in thousands of millions: then fewer, wider windows.
        width = max(UIDS_A_SEARCH, (upto - known) // 1000)
        for start in range(known + 1, upto, width):
            found += client.search(["UID", f"{start}:{min(start + width, upto) - 1}"])
    return sorted({int(uid) for uid in found if uid > known})


def ids_of(client: typing.Any, uids: Sequence[int]) -> dict[int, str]:
    """UID -> Message-ID of those of ``uids`` that are still in the selected folder."""
    found: dict[int, str] = {}
    for start in range(0, len(uids), SIZES_A_FETCH):
        for uid, items in client.fetch(list(uids[start : start + SIZES_A_FETCH]), [_MESSAGE_ID_ONLY]).items():
            header = next((value for key, value in items.items() if key.startswith(b"BODY[")), None)
            if header is not None:
                found[uid] = message_id_of(header)
    return found


def chunks_of(client: typing.Any, uids: Sequence[int]) -> Iterator[list[int]]:
    """``uids`` of the selected folder in the order given, in portions whose bodies may be fetched at once."""
    chunk: list[int] = []
    held = 0
    for start in range(0, len(uids), SIZES_A_FETCH):
        some = uids[start : start + SIZES_A_FETCH]
        sizes = client.fetch(some, ["RFC822.SIZE"])
        for uid in some:
            size = sizes.get(uid, {}).get(b"RFC822.SIZE", 0)
            if chunk and (len(chunk) == BODIES_A_FETCH or held + size > BYTES_A_FETCH):
                yield chunk
                chunk, held = [], 0
            chunk.append(uid)
            held += size
    if chunk:
        yield chunk


def top_of(client: typing.Any, name: str) -> Top | None:
    """What STATUS says of a folder; None where the server has none of that name, or will not say."""
    try:
        told = client.folder_status(name, ["UIDVALIDITY", "UIDNEXT", "MESSAGES"])
    except IMAPClientAbortError:
        raise  # the connection is gone, which says nothing about the folder
    except IMAPClientError:
        return None
    return Top(told[b"UIDVALIDITY"], told[b"UIDNEXT"] - 1, told[b"MESSAGES"])


def top_in(opened: typing.Mapping[bytes, typing.Any]) -> Top:
    """The same, from the answer to opening it."""
    return Top(opened[b"UIDVALIDITY"], opened.get(b"UIDNEXT", 1) - 1, opened.get(b"EXISTS", 0))


def message_id_criteria(message_id: str) -> list[str]:
    """What to search for so that ``message_id`` is among what is found.

    An id is what somebody typed, and may hold a quotation mark, a wildcard or a whole IMAP command; servers also read
    odd ids in odd ways and then do not find them. So only a plain one is searched for, and for others all are compared.
    """
    inner = message_id.removeprefix("<").removesuffix(">")
    return ["HEADER", "MESSAGE-ID", plain(inner)] if _SEARCHABLE.fullmatch(inner) else ["ALL"]
