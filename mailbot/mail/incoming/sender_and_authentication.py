"""The sender and how they are authenticated: a strict reading of From, what the receiving server says of it, and
domains made to be mistaken.

A lenient parser reads ``alice@x.example <evil@y.example>`` as alice. Here whatever two parsers could read in two ways
gives no address at all, and with no address there is no authority.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import takewhile

import mailparser

from mailbot.mail.incoming.character_sets import decode_header, one_line
from mailbot.mail.incoming.headers import Headers

LONGEST_FROM = 2_000
MOST_ADDRESSES = 500
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
_SHAPE = re.compile(
    r"""\s*(?:(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<words>[^"<>]*?))\s*<\s*(?P<angle>[^<>\s"]*)\s*>\s*"""
    r"""|\s*(?P<bare>[^<>\s",;()]+)\s*(?:\((?P<comment>[^()<>]*)\))?\s*""",
    re.VERBOSE,
)
# Bidirectional controls and invisible joiners: they make one name read as another.
_HIDDEN = re.compile("[\x00-\x08\x0a-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ADDRESS_IN_TEXT = re.compile(r"[^\s<>\"'(),;:@\[\]]+@[^\s<>\"'(),;:@\[\]]+")
UNUSABLE = {
    "no From header",
    "two From headers",
    "two mailboxes in From",
    "another address before the one in angle brackets",
    "control or direction characters in From",
    "a From that does not follow the grammar",
    "a domain that is not in its normal form",
    "two readings of From",
}


@dataclass(frozen=True, slots=True)
class Sender:
    """The one mailbox in From. ``address`` is lower-cased ASCII, or "" when any fault makes it unusable."""

    address: str
    name: str
    faults: tuple[str, ...]

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


class Trust(Enum):
    """What our own border server said of the sender: a pass, a fail, or nothing we may rely on."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


def normal_address(written: str) -> str:
    """A sender's address lower-cased, its domain in ASCII; "" when it is not a plain
    ``local@domain`` (RFC 5321 4.1.2)."""
    local, at, domain = written.strip().rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or len(written) > 254:
        return ""
    domain = domain.lower()
    if not domain.isascii():
        try:
            ascii_domain = domain.encode("idna").decode("ascii")
            if ascii_domain.encode("ascii").decode("idna") != domain:
                return ""
        except UnicodeError:
            return ""
        domain = ascii_domain
    return f"{local.lower()}@{domain}" if _DOMAIN.fullmatch(domain) else ""


def sender_of(headers: Headers) -> Sender:
    """The sender, read strictly from From. More than one header, mailbox or reading leaves the
    address empty and says why."""
    values = headers.all("from")
    if not values:
        return Sender("", "", ("no From header",))
    if len(values) > 1:
        return Sender("", one_line(decode_header(values[0]))[:200], ("two From headers",))
    raw = values[0][:LONGEST_FROM]
    shape = _SHAPE.fullmatch(raw)
    if shape is None:
        two = len(_ADDRESS_IN_TEXT.findall(raw)) > 1
        fault = "two mailboxes in From" if two and "," in raw else "a From that does not follow the grammar"
        return Sender("", one_line(decode_header(raw))[:200], (fault,))
    written = shape["angle"] if shape["angle"] is not None else shape["bare"]
    shown = shape["quoted"] or shape["words"] or shape["comment"] or ""
    name = decode_header(re.sub(r"\\(.)", r"\1", shown.strip().strip('"'))).strip("'\" ")[:200]
    address = normal_address(written)
    faults = tuple(_faults(raw, shape, written, name, address))
    return Sender("" if UNUSABLE.intersection(faults) else address, _HIDDEN.sub("", name), faults)


def _faults(raw: str, shape: re.Match[str], written: str, name: str, address: str) -> Iterable[str]:
    if _HIDDEN.search(raw) or _HIDDEN.search(decode_header(raw)):
        yield "control or direction characters in From"
    if not address:
        tail = written.rpartition("@")[2]
        yield "a domain that is not in its normal form" if not tail.isascii() else _BAD_GRAMMAR
        return
    shown = [found.lower() for found in _ADDRESS_IN_TEXT.findall(name)]
    if any(found.strip(".") != written.lower() for found in shown):
        # Legal only inside quotes; outside them parsers disagree about who wrote.
        quoted = shape["quoted"] is not None
        yield "the name shows another address" if quoted else "another address before the one in angle brackets"
    if _second_reading(raw) != {written.lower()}:
        yield "two readings of From"


@lru_cache(maxsize=500)
def _second_reading(raw: str) -> frozenset[str]:
    """The sender's From as mail-parser reads it: a parser written by others, for whom our grammar's
    blind spots are not theirs.

    The standard library's would not do: on Python 3.11.7 it reads ``boss@x <evil@y>`` as the boss (CVE-2023-27043).
    """
    try:
        found = mailparser.parse_from_bytes(b"From: " + raw.encode("utf-8", "replace") + b"\r\n\r\n").from_
    except Exception:  # whatever it makes of hostile bytes, it is not a second reading that agrees
        return frozenset()
    return frozenset(address.strip("'").lower() for _, address in found if address)


_BAD_GRAMMAR = "a From that does not follow the grammar"


def header_addresses(values: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The (name, address) of every readable mailbox in To or Cc, read leniently as a sender is not: those lists
    tell, they never authorise."""
    found: list[tuple[str, str]] = []
    for value in values:
        for piece in _mailboxes(value[: LONGEST_FROM * 16]):
            inside = re.search(r"<([^<>]*)>", piece)
            written = inside.group(1) if inside else next(iter(_ADDRESS_IN_TEXT.findall(piece)), "")
            shown = piece[: inside.start()] if inside else ""
            if "@" in piece and len(found) < MOST_ADDRESSES:
                found.append((decode_header(shown.strip().strip('"'))[:200], normal_address(written)))
    return tuple(found)


def _mailboxes(value: str) -> list[str]:
    """The mailboxes beside the sender's, in To or Cc, split at commas and semicolons outside quotes; a piece without
    "@" belongs to the next (``Fernsby, W <w@x>``)."""
    pieces = re.findall(r'(?:"(?:[^"\\]|\\.)*"|[^",;])+', value)
    out: list[str] = []
    held = ""
    for piece in pieces:
        held = f"{held},{piece}" if held else piece
        if "@" in piece:
            out.append(held)
            held = ""
    return out


_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"(?:^|;)\s*dmarc\s*=\s*([a-z]+)", re.IGNORECASE)
_SAYS = re.compile(r"\bdmarc\s*=", re.IGNORECASE)  # anywhere else it is a value somebody chose, or a second verdict
# A property's value may be any quoted text, so it is somebody else's words: only a bare domain in it is read.
_QUOTED = re.compile(r'"(?![A-Za-z0-9.-]*")(?:[^"\\]|\\.)*"?')
_HEADER_FROM = re.compile(r"\bheader\.from\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
LONGEST_RESULTS = 4_096


def _without_comments(value: str) -> str:
    """A sender's header without RFC 5322 comments, removed inside first; a dozen levels are plenty and
    ``(((`` costs nothing."""
    for _ in range(12):
        shorter = _COMMENT.sub(" ", value)
        if shorter == value:
            return value
        value = shorter
    return value


def _authserv(value: str) -> tuple[str, str]:
    """The server and its word on the sender's authentication, (authserv-id, results). Microsoft 365 omits the id and
    begins with a result; the id is then "microsoft"."""
    first, _, rest = value.partition(";")
    return ("microsoft", value) if "=" in first else ((first.split() or [""])[0].lower(), rest)


def authserv_of(results: str) -> str:
    """The server that wrote an Authentication-Results field, as a sender's proof is looked for under its name: its
    authserv-id, "microsoft" where Microsoft 365 wrote none, or "" where the field says nothing."""
    return _authserv(_QUOTED.sub(" ", _without_comments(results[:LONGEST_RESULTS])))[0]


_BY = re.compile(r"\bby\s+([A-Za-z0-9.-]+)", re.IGNORECASE)


def _came_with_it(headers: Headers, server: str) -> bool:
    """Was the sender's result in the mail before our border had it? Above it stands the line in which ``server`` says
    that it received the mail, and between the two another server's: what lies below that the border did not write."""
    above = takewhile(lambda field: field[0] != "authentication-results", headers.fields)
    hosts = [found[1].lower() if (found := _BY.search(value)) else "" for name, value in above if name == "received"]
    return server in hosts and hosts[-1] != server


def authentication(headers: Headers, sender: Sender, trusted_ids: tuple[str, ...]) -> Trust:
    """The sender's authentication, what the topmost Authentication-Results of a server we trust says (RFC 8601);
    lower ones may be forged.

    Only the very first such header counts: one placed by a server we do not name stops the reading.
    """
    trusted = {one.lower() for one in trusted_ids}
    values = headers.all("authentication-results")
    if not sender.address:
        return Trust.UNKNOWN
    topmost = _QUOTED.sub(" ", _without_comments(values[0][:LONGEST_RESULTS])) if values else ""
    server, results = _authserv(topmost)
    if server and server in trusted and not _came_with_it(headers, server):
        said = {found.lower() for found in _RESULT.findall(results)}
        if len(_RESULT.findall(results)) != len(_SAYS.findall(results)):
            return Trust.UNKNOWN
        about = {found.lower().rpartition("@")[2] for found in _HEADER_FROM.findall(results)}
        if said == {"fail"}:
            return Trust.FAILED
        if said == {"pass"} and about == {sender.domain}:
            return Trust.PASSED
    internal = headers.all("x-ms-exchange-organization-authas")
    if "microsoft" in trusted and [one.lower() for one in internal] == ["internal"]:
        return Trust.PASSED
    return Trust.UNKNOWN


# What the eye takes for what. Longer shapes first.
_LOOKS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_LOOKS_ONE = str.maketrans(
    {"0": "o", "1": "l", "i": "l", "|": "l", "5": "s", "3": "e", "8": "b", "ı": "l", "ο": "o", "α": "a", "ɡ": "g"}
    | dict(zip("аеорсухіѕԁӏһ", "aeopcyxlsdlh", strict=True))
)


def _seen(domain: str) -> str:
    labels = []
    for label in domain.lower().rstrip(".").split("."):
        if label.startswith("xn--"):
            try:
                label = label.encode("ascii").decode("idna")
            except UnicodeError:
                label = label[4:]
        labels.append(label)
    seen = ".".join(labels).translate(_LOOKS_ONE)
    for shape, taken_for in _LOOKS:
        seen = seen.replace(shape, taken_for)
    return seen


def _joined(domain: str) -> str:
    return domain.replace("-", "").replace(".", "")


def _one_edit(left: str, right: str) -> bool:
    """One letter added, lost, changed, or two neighbours swapped."""
    if abs(len(left) - len(right)) > 1 or left == right:
        return False
    start = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    a, b = left[start:], right[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and len(b) > 1 and a[2:] == b[2:])


def looks_like(domain: str, approved: Iterable[str]) -> str | None:
    """The approved domain that a sender's imitates; None when it is approved itself, or unlike them all."""
    written = domain.lower().rstrip(".")
    known = sorted({one.lower().rstrip(".") for one in approved})
    if written in known or any(written.endswith("." + one) for one in known):
        return None
    seen = _seen(written[:253])
    for one in known:
        if seen == _seen(one) or _one_edit(seen, _seen(one)) or _one_edit(written, one):
            return one
        if written.startswith(one + ".") or _joined(seen) == _joined(_seen(one)):
            return one
    return None
