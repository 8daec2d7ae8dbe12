"""Bodies of many megabytes, cut short before a message is parsed, and put back where a file is wanted whole.

The standard parser keeps a message four times over while it reads it, one of them in four bytes a letter: 25 MB took
400. Of a text only the first megabyte is ever read, and files need no parsing, so what stands between two lines that
could be a boundary is handed to it by its beginning, and a mark for the rest.
"""

import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message as Tree
from itertools import pairwise

from mailbot.mail.incoming.headers import headers_of

KEPT = 1_536 * 1024  # more than a text of which a megabyte is read takes when it is packed


@dataclass(frozen=True, slots=True)
class Tails:
    """What was cut out of a message, by its mark."""

    raw: bytes = field(default=b"", repr=False)
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def in_payload(self, payload: str) -> str:
        """The mark that stands in a payload, "" for none."""
        return next((mark for mark in self.places if mark in payload), "") if self.places else ""

    def of(self, mark: str) -> memoryview:
        start, end = self.places[mark]
        return memoryview(self.raw)[start:end]

    def is_at_a_line(self, mark: str) -> bool:
        """Whether the cut in a long body fell between two lines; within one, the mark had to have a line end put before
        it."""
        start = self.places[mark][0]
        return self.raw[start - 1 : start] == b"\n"


NO_TAILS = Tails()


def cut_short(raw: bytes, digest: str) -> tuple[bytes, Tails]:
    """A message's long body with its long stretches cut, and those. ``digest`` is its own: no message can hold a mark
    of itself.

    Only where lines end as lines do: elsewhere a boundary might stand unseen in what is cut.
    """
    if (
        len(raw) <= KEPT
        or b"\n" not in raw[:4_096]
        or b"\x00" in raw[:200]
        or b"\n\r" in raw[:2_000].replace(b"\r\n", b"\n")
    ):
        return raw, NO_TAILS
    out: list[bytes] = []
    places: dict[str, tuple[int, int]] = {}
    edges = [0, *_boundaries(raw), len(raw)]
    for start, end in pairwise(edges):
        cut = 0
        if end - start > KEPT:
            cut = raw.rfind(b"\n", start + KEPT // 2, start + KEPT) + 1 or start + KEPT
        if not cut:
            out.append(raw[start:end])
            continue
        mark = f"{digest}-{len(places)}"
        places[mark] = (cut, end)
        out += [raw[start:cut], b"\n" if raw[cut - 1 : cut] != b"\n" else b"", mark.encode(), b"\n"]
    return b"".join(out), Tails(raw, places)


def _boundaries(raw: bytes) -> Iterator[int]:
    """Where lines begin that could be a boundary."""
    at = raw.find(b"\n--")
    while at >= 0:
        yield at + 1
        at = raw.find(b"\n--", at + 1)


def whole_content(part: Tree, mark: str, tails: Tails) -> bytes:
    """The decoded bytes of a leaf that was cut short."""
    payload = str(part.get_payload())
    before = payload.partition(mark)[0].encode("ascii", "surrogateescape")
    encoding = headers_of(part).one("content-transfer-encoding").strip().lower()
    rest = tails.of(mark)
    if not tails.is_at_a_line(mark):
        before = before.removesuffix(b"\n")
    if encoding == "base64":
        return _unpacked(before, rest)
    joined = before + bytes(rest)
    return binascii.a2b_qp(joined) if encoding == "quoted-printable" else joined


def _unpacked(before: bytes, rest: memoryview) -> bytes:
    """A long body's base64 in two pieces, joined first only where the cut falls within four letters."""
    letters = len(before) - before.count(b"\n") - before.count(b"\r")
    try:
        if letters % 4 == 0:
            return binascii.a2b_base64(before) + binascii.a2b_base64(rest)
        return binascii.a2b_base64(before + bytes(rest))
    except binascii.Error:
        return b""
