"""The calendar entries that go with letters, read back from the bytes that were sent by the library that others use."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component

from tests.story import Sent

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Kept:
    """``limit`` is as a clock on the wall shows it."""

    letter: str
    to: str
    method: str
    uid: str
    sequence: int
    limit: str


def files(raw: bytes) -> list[bytes]:
    found = message_from_bytes(raw, policy=default)
    parts = (part for part in found.iter_attachments() if part.get_content_type() == "text/calendar")
    return [content for part in parts if isinstance(content := part.get_payload(decode=True), bytes)]


def entry_of(content: bytes) -> tuple[str, Component]:
    """METHOD, and the one entry there is."""
    calendar = Calendar.from_ical(content)
    (entry,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), entry


def entries(sent: list[Sent]) -> list[Kept]:
    made = []
    for letter in sent:
        for content in files(letter.raw):
            method, entry = entry_of(content)
            at = entry["DTSTART"].dt
            assert isinstance(at, datetime)
            limit = f"{at.astimezone(LONDON):%a %d %b %H:%M}"
            made.append(Kept(letter.letter, letter.to, method, str(entry["UID"]), int(entry["SEQUENCE"]), limit))
    return made
