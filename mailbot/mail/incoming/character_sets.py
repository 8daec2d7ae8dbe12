"""Bytes to text that a database will take: charsets as they are, not as they are declared.

Everything that leaves this room is free of NUL and of lone surrogates (both databases refuse one or the other) and
ends its lines with ``\\n``. Nothing here raises for any input.
"""

import base64
import binascii
import codecs
import quopri
import re

# Names that mail declares for a charset Python knows by another name.
CHARSET_NAMES = {
    "": "us-ascii",
    "ansi_x3.110-1983": "latin-1",
    "cp-850": "cp850",
    "cp932": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "ks_c_5601-1987": "cp949",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "macintosh": "mac_roman",
    "shift_jis": "cp932",
    "unicode-1-1-utf-7": "utf-7",
    "us-ascii": "us-ascii",
    "utf8mb4": "utf-8",
    "windows-31j": "cp932",
    "x-mac-roman": "mac_roman",
    "x-sjis": "cp932",
}
# Codecs that are not charsets: quadratic (idna, punycode) or that interpret backslashes (a path loses its letters).
NOT_CHARSETS = {"idna", "punycode", "undefined", "unicode-escape", "unicode_escape", "raw-unicode-escape", "mbcs"}
ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
GAP_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?)")
LONGEST_HEADER_READ = 8_192
_UNSAFE = re.compile("[\x00\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f]")


def clean_text(text: str) -> str:
    """A text decoded from any character set, with ``\\n`` line ends and without NUL or lone surrogates."""
    return _UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """A decoded text on one line, whatever its character set: control characters and runs of white
    space become one space."""
    return " ".join(_CONTROLS.sub(" ", clean_text(text)).split())


def codec_for(charset: str) -> str:
    """The codec for a declared character set, or "" when it is unknown or is no charset at all."""
    name = charset.strip().strip("'\"").lower().split("*")[0]
    name = CHARSET_NAMES.get(name, name)
    if name in NOT_CHARSETS or len(name) > 40 or not name.isascii():
        return ""
    try:
        found = codecs.lookup(name)
        "".encode(found.name)  # refuses rot13, hex and their like: LookupError, "not a text encoding"
    except (LookupError, ValueError, UnicodeError):
        return ""
    return "" if found.name in NOT_CHARSETS else found.name


# What mail programs read alike; by any other name a reader may see other letters than are decoded here.
_READ_BY_MOST = re.compile(
    r"(?:us-)?ascii|utf-?8|utf-?16.*|utf-?32.*|iso-?8859-?\d+|latin-?\d|(?:cp|windows|x-cp|win)-?\d{3,4}|koi8.*|gb.*|big5.*"
    r"|shift.?jis|sjis|euc.*|iso-2022-(?:jp|kr|cn).*|x?-?mac.*|macintosh|ansi.*|unicode|utf8mb4|tis-620|default|unknown.*"
)


def is_read_by_few(charset: str) -> bool:
    """Whether a declared character set is one that programs read differently: UTF-7, which turns other letters into
    words, or a mainframe's."""
    name = charset.strip().strip("'\"").lower().split("*")[0]
    found = codec_for(name)
    return bool(found) and _READ_BY_MOST.fullmatch(found.replace("_", "-")) is None


def decode_text(raw: bytes, charset: str) -> str:
    """The text of a body, by its declared character set where that fits and by what the bytes look like where not.

    UTF-8 is tried before Windows-1252 for anything undeclared or wrongly declared: a valid UTF-8 sequence in
    Windows-1252 text is rare, the reverse declaration is common.
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return clean_text(raw.decode("utf-16", "replace"))
    declared = codec_for(charset)
    if declared in {"cp1252", "ascii"}:
        declared = ""
    for name in (declared, "utf-8", "cp1252"):
        if not name:
            continue
        try:
            text = raw.decode(name)
        except (UnicodeError, ValueError):
            continue
        return clean_text(text.removeprefix("\ufeff"))
    return clean_text(raw.decode(declared or "latin-1", "replace"))


def wire_text(value: str) -> str:
    """A raw header value as text, whatever character set it came in: 8-bit bytes (surrogate escapes) read as UTF-8,
    or else as Windows-1252."""
    if value.isascii():
        return clean_text(value)
    try:
        return decode_text(value.encode("ascii", "surrogateescape"), "")
    except UnicodeEncodeError:
        return clean_text(value)


def _encoded_word(charset: str, how: str, payload: str) -> tuple[str, bytes]:
    content = payload.encode("utf-8", "replace")
    if how in "bB":
        packed = re.sub(rb"[^A-Za-z0-9+/]", b"", content)
        try:
            return charset, base64.b64decode(packed + b"=" * (-len(packed) % 4))
        except (binascii.Error, ValueError):
            return charset, base64.b64decode(packed[: len(packed) // 4 * 4])
    return charset, quopri.decodestring(content, header=True)


def decode_header(value: str) -> str:
    """A header value with its RFC 2047 encoded words decoded from their character sets, on one line.

    Neighbouring words of one charset are joined as bytes first: some senders split a character between two words.
    """
    text = wire_text(value[: LONGEST_HEADER_READ * 16])
    if "=?" not in text:
        return one_line(text)
    text = GAP_BETWEEN_WORDS.sub(r"\1", text)
    out: list[str] = []
    pending, pending_charset, at = b"", "", 0
    for match in ENCODED_WORD.finditer(text):
        charset, content = _encoded_word(*match.groups())
        if pending and (match.start() > at or charset.lower() != pending_charset.lower()):
            out.append(decode_text(pending, pending_charset))
            pending = b""
        out.append(text[at : match.start()])
        pending, pending_charset, at = pending + content, charset, match.end()
    out.append(decode_text(pending, pending_charset) if pending else "")
    out.append(text[at:])
    return one_line("".join(out))
