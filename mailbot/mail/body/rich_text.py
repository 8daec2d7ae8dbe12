"""RTF mail bodies as plain text: what older Exchange sends where another server would send HTML.

Only the words are wanted. Groups that are not part of the running text (fonts, pictures, fields' instructions) are
passed over, and so is what its reader does not see: hidden, struck out, deleted under tracked changes.
"""

import re

from mailbot.mail.incoming.character_sets import clean_text, codec_for

LARGEST_RTF = 256 * 1024
DEEPEST_GROUP = 200
_TOKEN = re.compile(r"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)")
_NOT_TEXT = {
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "objdata",
    "header",
    "headerl",
    "headerr",
    "footer",
    "footerl",
    "footerr",
    "fldinst",
    "generator",
    "listtable",
    "listoverridetable",
    "rsidtbl",
    "themedata",
    "xmlnstbl",
    "latentstyles",
    "datastore",
    "htmltag",
    "mhtmltag",
    "revtbl",
    "filetbl",
    "bkmkstart",
    "bkmkend",
    "annotation",
}
_WRITTEN = {
    "par": "\n",
    "line": "\n",
    "sect": "\n",
    "page": "\n",
    "row": "\n",
    "cell": "\t",
    "tab": "\t",
    "emdash": "\u2014",
    "endash": "\u2013",
    "lquote": "\u2018",
    "rquote": "\u2019",
    "ldblquote": "\u201c",
    "rdblquote": "\u201d",
    "bullet": "\u2022",
    "emspace": " ",
    "enspace": " ",
}
# What leaves the words where, and as, a plain text would have them. Anything else may set in, colour, shrink or hide.
_HARMLESS = """
rtf ansi ansicpg mac pc deff deflang deflangfe f fs cf par pard line b i ul ulnone uc u plain lang langfe langnp
langfenp ql qj tab sectd sb sa sl slmult widctlpar nowidctlpar adjustright viewkind kerning bullet emdash endash lquote
rquote ldblquote rdblquote
"""
_AS_WRITTEN = frozenset(_HARMLESS.split())
_SMALLEST = 14  # half points
_UNSEEN = {"v", "strike", "striked", "deleted", "htmlrtf"}


class _Reading:
    """Where the reader of an RTF text stands: the words so far, and what holds within the open groups."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.bytes = bytearray()
        self.codec = "cp1252"
        self.skipped = 0  # characters that stand in for one already written as a Unicode number
        self.groups: list[tuple[bool, frozenset[str], int]] = []
        self.silent, self.unseen, self.fallback = False, frozenset[str](), 1

    def write(self, text: str) -> None:
        self.settle()
        if not self.silent and not self.unseen:
            self.out.append(text)

    def settle(self) -> None:
        """The bytes of rich text met so far as text: a character may be written as two of them."""
        if self.bytes:
            text, self.bytes = self.bytes.decode(self.codec, "replace"), bytearray()
            if not self.silent and not self.unseen:
                self.out.append(text)

    def group(self, brace: str) -> None:
        self.settle()
        if brace == "{":
            self.groups.append((self.silent, self.unseen, self.fallback))
        elif self.groups:
            self.silent, self.unseen, self.fallback = self.groups.pop()

    def word(self, name: str, number: str) -> None:
        if name == "u" and number:
            self.write(chr(int(number) % 0x10000))
            self.skipped = self.fallback
            return
        self.settle()
        if name == "ansicpg":
            self.codec = codec_for(f"cp{number}") or self.codec
        elif name == "uc":
            self.fallback = int(number or 1)
        elif name in _NOT_TEXT:
            self.silent = True
        elif name in _UNSEEN:
            self.unseen = self.unseen - {name} if number == "0" else self.unseen | {name}
        elif name in ("plain", "pard"):
            self.unseen = self.unseen & {"htmlrtf"} if name == "plain" else self.unseen
        elif name in _WRITTEN:
            self.write(_WRITTEN[name])


def is_shown_as_written(raw: bytes) -> bool:
    """Does a rich text show its reader all its words in their order, each as words of one's own stand: none of them set
    in, coloured, small, or anything else that is not known here?"""
    reading = _Reading()
    for met in _TOKEN.finditer(raw[:LARGEST_RTF].decode("latin-1")):
        name, number, _, symbol, brace, _ = met.groups()
        if brace:
            reading.group(brace)
        elif symbol == "*" or name in _NOT_TEXT:
            reading.silent = True
        elif name and not reading.silent and not _leaves_it(name, int(number or 0)):
            return False
    return True


def _leaves_it(name: str, number: int) -> bool:
    if name == "fs":
        return number >= _SMALLEST
    return name in _AS_WRITTEN and (name != "cf" or number == 0)


def rtf_to_text(raw: bytes) -> str:
    """The words of a rich text (RTF) document, "" for what is none. Never raises."""
    source = raw[:LARGEST_RTF].decode("latin-1")
    if not source.lstrip().startswith("{\\rtf"):
        return ""
    reading = _Reading()
    for met in _TOKEN.finditer(source):
        name, number, byte, symbol, brace, letter = met.groups()
        if len(reading.groups) > DEEPEST_GROUP:
            break
        if brace:
            reading.group(brace)
        elif reading.skipped and byte:
            reading.skipped -= 1
        elif name:
            reading.word(name, number or "")
        elif byte:
            reading.bytes.append(int(byte, 16))
        elif symbol == "*":
            reading.silent = True
        elif symbol:
            reading.write({"~": "\xa0", "_": "-", "-": ""}.get(symbol, symbol if symbol in "\\{}" else "\n"))
        elif letter:
            reading.write(letter[reading.skipped :])
            reading.skipped = 0
    reading.settle()
    lines = (line.rstrip() for line in clean_text("".join(reading.out)).replace("\xa0", " ").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
