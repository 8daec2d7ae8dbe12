"""The lines by which an agency's contact corrects its roster: LEFT, NEW, CHANGE, or RIGHT where nothing is to change.

A line is read whole or said back. Names stand for people of that agency alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailbot.core.partnership.directory import Agency, Directory
from mailbot.core.partnership.roster import RosterChange, RosterKind, roster_fault
from mailbot.mail.text.people_and_agencies import ADDRESS
from mailbot.mail.text.spelling_and_sentences import tidy

_LINE = re.compile(r"^\W*(left|gone|new|add|change|correct)\b\s*[:;-]\s*(?P<rest>.+)$", re.IGNORECASE)
_RIGHT = re.compile(
    r"^\W*(?:right|correct|all (?:right|correct|good)|no changes?|nothing (?:has changed|to change)|it is right)"
    r"[\s.,!]*(?:thanks|thank you|many thanks)?[\s.!]*$",
    re.IGNORECASE,
)
_COLUMNS = {
    "name": "name",
    "designation": "designation",
    "job": "designation",
    "title": "designation",
    "post": "post",
    "role": "post",
    "deputy": "deputy",
    "phone": "phone",
    "telephone": "phone",
    "number": "phone",
}
_SET = re.compile(rf"(?P<who>.+?)[,;:]\s*(?P<column>{'|'.join(_COLUMNS)})\s*[:=]?\s+(?P<value>[^,;]+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RosterAnswer:
    """``right``: nothing is to change. ``unclear`` are lines that begin like one and could not be read, with why."""

    changes: tuple[RosterChange, ...] = ()
    unclear: tuple[str, ...] = ()
    right: bool = False


def roster_answer(own: str, agency: Agency, directory: Directory) -> RosterAnswer:
    """The roster's lines in ``own``, a contact's own words."""
    changes: list[RosterChange] = []
    unclear: list[str] = []
    lines = [tidy(line).strip(" *_>\t") for line in own.split("\n")]
    for line in lines:
        match = _LINE.match(line)
        if match is None:
            continue
        read = _read(match[1].casefold(), match["rest"].strip(" ."), agency, directory)
        if isinstance(read, str):
            unclear.append(f"“{line[:120]}”: {read}")
        else:
            changes.append(read)
    said = next((line for line in lines if line), "")
    return RosterAnswer(tuple(changes), tuple(unclear), not changes and not unclear and bool(_RIGHT.match(said)))


def _read(word: str, rest: str, agency: Agency, directory: Directory) -> RosterChange | str:
    if word in ("left", "gone"):
        made = _about(rest, agency, directory)
        return RosterChange(RosterKind.LEFT, made) if "@" in made else made
    if word in ("new", "add"):
        return _new(rest, agency, directory)
    match = _SET.match(rest)
    if match is None:
        return "a change is written: name, then phone (or post, deputy, designation, name) and the new value"
    who = _about(match["who"], agency, directory)
    if "@" not in who:
        return who
    column, value = _COLUMNS[match["column"].casefold()], match["value"].strip()
    if column == "deputy":
        value = _about(value, agency, directory)
        if "@" not in value:
            return value
    return RosterChange(RosterKind.SET, who, {column: value})


def _about(words: str, agency: Agency, directory: Directory) -> str:
    """The address of the one person of the roster that is meant; or why nobody is, which has no @."""
    found = ADDRESS.search(words)
    if found:
        address = found[0].lower()
        fault = roster_fault(RosterChange(RosterKind.LEFT, address), agency, directory)
        return fault.replace("@", " at ") if fault else address
    people = directory.find_named(words, agency.name)
    if len(people) != 1:
        return f"{'nobody' if not people else 'more than one person'} on the list of {agency.name} is called so"
    return people[0].address


def _new(rest: str, agency: Agency, directory: Directory) -> RosterChange | str:
    found = ADDRESS.search(rest)
    if found is None:
        return "somebody new needs an email address"
    before, after = rest[: found.start()], rest[found.end() :]
    name = " ".join(before.strip(" ,;<(").split())
    cells = list(_cells(after))
    if not name:
        return "somebody new needs a name, before the address"
    values = {"name": name, "email": found[0].lower(), "agency": agency.name}
    values |= dict(zip(("designation", "post"), cells, strict=False))
    change = RosterChange(RosterKind.NEW, found[0].lower(), values)
    return roster_fault(change, agency, directory) or change


def _cells(text: str) -> Iterator[str]:
    for part in text.strip(" ,;>)").split(","):
        if part.strip():
            yield " ".join(part.split())
