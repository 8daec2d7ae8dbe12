"""What was written, with a name cut out of it: the stored copy of an email or letter, a form in it, and the words of a
recorded event; and everything readable in a message, for whoever must be found in it.

What cannot be searched cannot be cut: such a part is taken out of the copy, and what it was is said in its place.
"""

import base64
import email
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from email.header import Header
from email.message import Message as Part
from html import escape, unescape

from mailbot.core.record.events_as_json import canonical
from mailbot.mail.documents.word_reading import NotOpened, every_part, open_parts
from mailbot.mail.incoming.character_sets import decode_header
from mailbot.mail.incoming.message import content_of, decoded_text, too_much
from mailbot.mail.veil.known_names import Veil

# The fields of events that hold people's own words. Addresses, keys, agencies and the people recorded are not theirs.
_WORDS = frozenset(
    {"value", "words", "reason", "why", "agreed", "child", "idea", "question", "what", "who", "was", "now"}
)
_NAMED_FILES = frozenset({"FormReturned", "FormNotRead"})
# Headers by which a message is known and routed, which name nobody but who sent it to whom.
_STAY = frozenset(
    {"message-id", "in-reply-to", "references", "date", "received", "authentication-results", "dkim-signature"}
    | {"content-type", "content-transfer-encoding", "mime-version", "arc-seal", "arc-message-signature"}
)
_BROKEN = (IndexError, AttributeError, LookupError, RecursionError, TypeError, ValueError, UnicodeError)
_FOLDED = re.compile(r"\r?\n[ \t]")
_BETWEEN_TAGS = re.compile(r">([^<]+)<")
_TAGS = re.compile(r"<[^>]*>")
_OFFICE_PARTS = (".xml", ".rels")


def redacted_copy(raw: bytes, veil: Veil) -> bytes | None:
    """The redacted copy of a message: ``raw`` with what ``veil`` hides cut to initials wherever it can be read; None
    where a name would still stand in it, or it cannot be read at all. The same bytes where it names nobody."""
    if not hidden_in(raw, veil):
        return raw
    try:
        tree = email.message_from_bytes(raw)
        for part in tree.walk():
            _redact_headers(part, veil)
            if not part.is_multipart():
                _redact_part(part, veil)
        made = tree.as_bytes()
    except _BROKEN:
        return None
    return None if hidden_in(made, veil) else made


def hidden_in(raw: bytes, veil: Veil) -> bool:
    """Whether a message names whom ``veil`` hides, anywhere that a redacted copy could be read."""
    return any(veil.words(text) != text for text in readable(raw))


def readable(raw: bytes) -> Iterator[str]:
    """Everything in a message that can be read, piece by piece, for redacting and for finding: its headers, its texts,
    the words of a Word document. Never raises."""
    if too_much(raw):
        yield raw[:1_000_000].decode("utf-8", "replace")
        return
    try:
        for part in email.message_from_bytes(raw).walk():
            for name, value in part.items():
                if name.lower() not in _STAY or name.lower() == "content-type":
                    yield decode_header(str(value))
            if not part.is_multipart():
                yield from _texts(part)
    except _BROKEN:
        yield raw.decode("utf-8", "replace")


def _texts(part: Part) -> Iterator[str]:
    kind = part.get_content_type()
    if kind == "text/html":
        yield unescape(_TAGS.sub(" ", decoded_text(part)))
    elif kind == "text/calendar":
        yield _FOLDED.sub("", decoded_text(part))
    elif part.get_content_maintype() == "text":
        yield decoded_text(part)
    elif (packed := _office(part)) is not None:
        for name, xml in packed.items():
            if name.endswith(_OFFICE_PARTS):
                yield unescape(_TAGS.sub("", xml.decode("utf-8", "replace").replace("</w:p>", "\n")))


def _office(part: Part) -> dict[str, bytes] | None:
    """For a redacted copy, the parts of a Word document; None for anything else, and for one that nobody should
    open."""
    content = content_of(part)
    try:
        open_parts(content)
        return every_part(content)
    except NotOpened:
        return None


def _redact_headers(part: Part, veil: Veil) -> None:
    for name, value in part.items():
        plain = decode_header(str(value))
        cut = veil.words(plain)
        if name.lower() == "content-type":
            named = part.get_filename()
            if cut != plain and named:
                part.set_param("name", veil.words(named))
        elif name.lower() not in _STAY and cut != plain:
            part.replace_header(name, cut if cut.isascii() else Header(cut, "utf-8").encode())


def _redact_part(part: Part, veil: Veil) -> None:
    kind = part.get_content_type()
    if part.get_content_maintype() == "text":
        text = decoded_text(part)
        text = _FOLDED.sub("", text) if kind == "text/calendar" else text
        cut = veil.page(text) if kind == "text/html" else veil.words(text)
        if cut != text:
            _put(part, cut.encode(), "utf-8")
    elif (packed := _office(part)) is not None:
        cut_parts = {n: _redact_xml(xml, veil) if n.endswith(_OFFICE_PARTS) else xml for n, xml in packed.items()}
        if cut_parts != packed:
            _put(part, _packed(cut_parts))
    else:
        content = content_of(part)
        said = f"A file of {len(content)} bytes was taken out of this copy: it cannot be searched for a name.\n"
        was = f"Its SHA-256 was {hashlib.sha256(content).hexdigest()}.\n"
        part.set_type("text/plain")
        _put(part, (said + was).encode(), "us-ascii")


def _put(part: Part, content: bytes, charset: str = "") -> None:
    del part["Content-Transfer-Encoding"]
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(base64.encodebytes(content).decode("ascii"))
    if charset:
        part.set_param("charset", charset)


def _redact_xml(xml: bytes, veil: Veil) -> bytes:
    text = xml.decode("utf-8", "replace")
    cut = _BETWEEN_TAGS.sub(lambda found: f">{escape(veil.words(unescape(found[1])), quote=False)}<", text)
    return cut.encode()


def _packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def redacted_words(kind: str, text: str, veil: Veil) -> str:
    """The redacted JSON of a recorded event of this ``kind``: people's own words in it with the names cut; everything
    by which the record works (addresses, keys, agencies, who is recorded) as it was."""
    found = json.loads(text)
    return canonical(_cut_in(found, veil, "", kind in _NAMED_FILES))


def _cut_in(value: object, veil: Veil, name: str, files: bool) -> object:
    if isinstance(value, str):
        return veil.words(value) if name in _WORDS or (name == "name" and files) else value
    if isinstance(value, list):
        return [_cut_in(each, veil, name, files) for each in value]
    if isinstance(value, dict):
        if "address" in value:  # somebody: of one who has no address only the name is known
            return value if value["address"] else {**value, "name": veil.words(str(value.get("name", "")))}
        deeper = {key: "value" if name == "fields" else key for key in value}
        return {key: _cut_in(each, veil, deeper[key], files) for key, each in value.items()}
    return value
