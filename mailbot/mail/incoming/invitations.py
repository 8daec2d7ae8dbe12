"""Calendar mail: invitations and the answers to them, however they are wrapped, and the words a person put into one.

A request comes as a part of its own, within an alternative within a mixture, under a name ending in ``.ics``, or with
nothing but Exchange's own class to tell it by (RFC 5545, 5546, MS-OXCICAL).
"""

import re
from email.message import Message as Tree

from mailbot.mail.incoming.character_sets import clean_text
from mailbot.mail.incoming.headers import headers_of
from mailbot.mail.incoming.message import Message, children, content_of, name_of, type_of

# PRODID of the limits that go with our letters. A person who passes such a letter on, file and all, is still a person;
# what answers one, or an invitation of anybody else's, carries that program's own.
OUR_ENTRIES = "-//mailbot//limit//EN"
_TYPES = {"text/calendar", "application/ics", "application/calendar", "text/x-vcalendar", "application/x-ics"}
MOST_PARTS, HEAD, LARGEST = 200, 4_000, 200_000
_METHOD = re.compile(r"^METHOD\s*:", re.MULTILINE | re.IGNORECASE)
_OURS = re.compile(r"^METHOD:(?:PUBLISH|CANCEL)\r?$", re.MULTILINE)
_SAID = re.compile(r"^(?:DESCRIPTION|COMMENT|SUMMARY)(?:;[^:\n]{0,300})?:(.*)$", re.MULTILINE | re.IGNORECASE)


def is_invitation(message: Message) -> bool:
    """Whether a message is a calendar invitation or the answer to one; a file of appointments without a method is
    neither."""
    if "calendarmessage" in message.headers.one("content-class").lower():
        return True
    named = re.search(r"\bmethod\s*=", " ".join(message.headers.all("content-type")), re.IGNORECASE) is not None
    return any(
        named or in_type or _METHOD.search(text) for in_type, text in _calendars(message.parts) if not _is_ours(text)
    )


def words_of_entries(message: Message) -> str:
    """What people wrote into an invitation's calendar entry itself: its title, its description, the comment of somebody
    who declines."""
    said = (found for _, text in _calendars(message.parts) for found in _SAID.findall(text))
    plain = (re.sub(r"\\([,;\\])", r"\1", one.replace("\\n", "\n").replace("\\N", "\n")) for one in said)
    return "\n".join(dict.fromkeys(one.strip() for one in plain if one.strip()))


def _calendars(tree: Tree) -> list[tuple[bool, str]]:
    """Each calendar of an invitation, as (whether the part's type names a method, its text unfolded); attached messages
    are left shut."""
    found, todo, met = [], [tree], 0
    while todo and met < MOST_PARTS:
        part = todo.pop(0)
        met += 1
        kind = type_of(part)
        if kind.startswith("multipart/"):
            todo[:0] = children(part)
        elif not part.is_multipart() and (kind in _TYPES or name_of(part).lower().endswith((".ics", ".vcs"))):
            text = _unfolded(content_of(part)[:LARGEST])
            if "BEGIN:VCALENDAR" in text[:HEAD].upper():
                method = re.search(r"\bmethod\s*=", headers_of(part).one("content-type"), re.IGNORECASE)
                found.append((method is not None, text))
    return found


def _unfolded(raw: bytes) -> str:
    codec = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return re.sub(r"\n[ \t]", "", clean_text(raw.decode(codec, "replace")))


def _is_ours(text: str) -> bool:
    return OUR_ENTRIES in text[:HEAD] and _OURS.search(text[:HEAD]) is not None
