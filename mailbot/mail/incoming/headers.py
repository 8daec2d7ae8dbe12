"""The headers of a message: its head's lines repaired as mail clients do, then looked up by name.

Values are raw (encoded words not decoded) but unfolded and free of surrogates. Ids are read here too, because three
headers hold them and every one of them is abused by some client.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message as Tree
from email.policy import Compat32

from mailbot.mail.incoming.character_sets import LONGEST_HEADER_READ, decode_header, wire_text

LARGEST_HEAD = 256 * 1024
LONGEST_PART_HEADER = 2_048
MOST_REFERENCES = 200
_FIELD = re.compile(rb"[!-9;-~]{1,80}[ \t]*:")
_ID = re.compile(r"<([^<>\s@]+@[^<>\s@]+|\"[^\"<>]+\"@[^<>\s@]+|[^<>\s]+@[^<>\s]+)>")
_BROKEN_ID = re.compile(r"<[^<>]{1,400}>")
_BARE_ID = re.compile(r"[^<>\s@,;]+@[^<>\s@,;]+")


class CappedPolicy(Compat32):
    """compat32 with the headers that steer parsing cut to a length: their parameters are read in quadratic time."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_PART_HEADER] if name.lower().startswith("content-") else value


@dataclass(frozen=True, slots=True)
class Headers:
    """Header fields in the order they stand, looked up without regard to case."""

    fields: tuple[tuple[str, str], ...]

    def all(self, name: str) -> tuple[str, ...]:
        wanted = name.lower()
        return tuple(value for field, value in self.fields if field == wanted)

    def one(self, name: str) -> str:
        """The first value of that name, "" if there is none."""
        wanted = name.lower()
        return next((value for field, value in self.fields if field == wanted), "")

    def __contains__(self, name: str) -> bool:
        return any(field == name.lower() for field, _ in self.fields)


def headers_of(tree: Tree) -> Headers:
    """The headers of a parsed part, names in lower case, values unfolded."""
    pairs = ((str(name), str(value)) for name, value in tree.raw_items())
    return Headers(tuple((name.lower(), _unfolded(value)) for name, value in pairs))


def _unfolded(value: str) -> str:
    text = wire_text(value[: LONGEST_HEADER_READ * 16])
    return (re.sub(r"\s*\n[ \t]*", " ", text) if "\n" in text else text).strip()


def _line_ends(raw: bytes) -> bytes:
    """The bytes of a message whose headers can be split, line ends of CR only, CR CR LF and LF CR, all met
    in stored mail, as LF."""
    if b"\r" not in raw:
        return raw
    if b"\n" in raw and raw.count(b"\n\r") * 10 > raw.count(b"\n") * 9 and b"\r\n\r" not in raw[:2000]:
        raw = raw.replace(b"\n\r", b"\n")
    raw = raw.replace(b"\r\n", b"\n")
    return re.sub(rb"\r+\n", b"\n", raw).replace(b"\r", b"\n") if b"\r" in raw else raw


def _as_bytes_of_ascii(raw: bytes) -> bytes:
    """A message saved as UTF-16, or with a byte order mark, as the bytes it once was, so that
    its headers can be read."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace").encode("utf-8", "replace")
    if raw[:200].count(b"\x00") > 60:
        little = raw[1:200:2].count(b"\x00") > raw[0:200:2].count(b"\x00")
        return raw.decode("utf-16-le" if little else "utf-16-be", "replace").encode("utf-8", "replace")
    return raw.removeprefix(b"\xef\xbb\xbf")


def mend(raw: bytes) -> bytes:
    """A message with its headers mended: LF line ends and a head the parser reads to its end.

    A line in the head that is no field (an mbox ``From `` line, a wrapped value that lost its indent) would end the
    head there and turn the other fields into body text. The mbox line is dropped; the rest is joined to the line above.
    """
    text = _line_ends(_as_bytes_of_ascii(raw)).lstrip(b"\n")
    head, gap, body = text.partition(b"\n\n")
    if len(head) > LARGEST_HEAD:
        return text
    lines = head.split(b"\n")
    if lines and re.match(rb">?From [^:\n]*( |@|$)", lines[0]) and len(lines) > 1:
        lines = lines[1:]
    fields = [index for index, line in enumerate(lines) if _FIELD.match(line)]
    if not fields:
        return text
    last = fields[-1]
    for index in range(fields[0] + 1, last):
        line = lines[index]
        if line[:1] not in (b" ", b"\t") and not _FIELD.match(line):
            lines[index] = b" " + line
    after = last + 1
    while after < len(lines) and lines[after][:1] in (b" ", b"\t"):
        after += 1
    kept = lines[fields[0] : after]
    stray = lines[after:]
    return b"\n".join(kept) + b"\n\n" + (b"\n".join(stray) + b"\n\n" if stray else b"") + (body if gap else b"")


def ids_in(value: str) -> tuple[str, ...]:
    """The Message-IDs in the value of a header, in order. What has no "@" is no id: strangers share ``<yes>``.

    Values that some library encoded as words (long ids, measured with Exchange's) are decoded first.
    """
    text = (decode_header(value) if "=?" in value else value)[: LONGEST_HEADER_READ * 4]
    found = [match.group(0) for match in _ID.finditer(text)]
    if not found and "<" in text:
        joined = (re.sub(r"\s+", "", match.group(0)) for match in _BROKEN_ID.finditer(text))
        found = [one for one in joined if _ID.fullmatch(one)]
    elif not found:
        found = [f"<{match.group(0)}>" for match in _BARE_ID.finditer(text)]
    return tuple(dict.fromkeys(found))[-MOST_REFERENCES:]


def references_of(headers: Headers) -> tuple[str, ...]:
    """References, then In-Reply-To: unique, in order."""
    values: Iterable[str] = (*headers.all("references"), *headers.all("in-reply-to"))
    return tuple(dict.fromkeys(one for value in values for one in ids_in(value)))
