"""What happened, said in a line ("stage 2 entered", "both sides agree 2026-09-16"), read into ``Said``.

These are the words of ``mailbot timeline --event``: few, and each read whole. A line that is not one of them is
refused with the nearest that is, for a rehearsal that quietly leaves something out is worse than none.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto

from mailbot.core.procedure.closed_lists import Happening, Side
from mailbot.core.procedure.protocol import Protocol


class Told(Enum):
    RAISED = auto()
    OPENED = auto()
    ENTERED = auto()
    PROTECTIVE = auto()
    PROPOSES = auto()
    AGREES = auto()
    BOTH_AGREE = auto()
    FIELD = auto()
    ACT = auto()
    CLOCK_DONE = auto()
    RESOLVED = auto()
    OBJECTED = auto()


@dataclass(frozen=True, slots=True)
class Said:
    at: datetime
    told: Told
    stage: str = ""
    on: date | None = None
    side: Side = Side.RAISING
    reply: bool = False
    text: str = ""
    key: str = ""


ACTS = (
    Happening.REFERRED, Happening.REPRESENTATIVE_TOLD, Happening.REPLIED, Happening.FORM_SENT, Happening.FORM_COMPLETE,
    Happening.CONFIRMED, Happening.BROUGHT_TO_CHAIR, Happening.MET,
)  # fmt: skip
_STAGE = r"(?:stage|step|level) (?P<stage>\S+)"
_DATE = r"(?P<on>\d{4}-\d{2}-\d{2})"
_SIDE = r"(?P<side>raising|receiving) side"
_REPLY = r"(?P<reply> for the reply)?"
_PHRASES: tuple[tuple[Told, re.Pattern[str], str], ...] = tuple(
    (told, re.compile(pattern, re.IGNORECASE), example)
    for told, pattern, example in (
        (Told.RAISED, r"(?:dispute )?raised", "raised"),
        (Told.OPENED, rf"opened at {_STAGE}", "opened at stage 1"),
        (Told.ENTERED, rf"{_STAGE} (?:is |was )?entered", "stage 2 entered"),
        (Told.ENTERED, rf"(?:referred|moved|moved up|escalated) to {_STAGE}", "referred to stage 4"),
        (Told.PROTECTIVE, rf"protective date(?: is)? {_DATE}(?: by the {_SIDE})?", "protective date 2026-09-10"),
        (Told.PROPOSES, rf"{_SIDE} proposes {_DATE}{_REPLY}", "raising side proposes 2026-09-24"),
        (Told.AGREES, rf"{_SIDE} (?:agrees|accepts)(?: to)? {_DATE}{_REPLY}", "receiving side agrees 2026-09-24"),
        (Told.BOTH_AGREE, rf"both sides agree(?: on)? {_DATE}{_REPLY}", "both sides agree 2026-09-16"),
        (Told.FIELD, r"(?P<key>child status|urgency) (?:is|becomes) (?P<text>.+)", "child status is looked after"),
        (Told.ACT, rf"(?P<text>{'|'.join(act.value for act in ACTS)})", "referred in writing"),
        (Told.CLOCK_DONE, r"clock (?P<text>\S+) done", "clock s3-refer done"),
        (Told.RESOLVED, r"resolved", "resolved"),
        (Told.OBJECTED, rf"{_SIDE} objects", "raising side objects"),
    )
)
EXAMPLES = tuple(dict.fromkeys((*(example for _, _, example in _PHRASES), *(act.value for act in ACTS))))


def read(protocol: Protocol, at: datetime, words: str) -> Said:
    """Raises ValueError, with the nearest phrase that is known, for words that are none of these."""
    plain = " ".join(words.split()).rstrip(".")
    for told, pattern, _ in _PHRASES:
        if found := pattern.fullmatch(plain):
            return _said(protocol, at, told, found.groupdict(default=""), words)
    near = difflib.get_close_matches(plain.casefold(), EXAMPLES, n=1, cutoff=0.3)
    hint = f'did you mean "{near[0]}"?' if near else f"known are: {'; '.join(EXAMPLES)}"
    raise ValueError(f'"{words}" is not something a timeline knows: {hint}')


def _said(protocol: Protocol, at: datetime, told: Told, found: dict[str, str], words: str) -> Said:
    side = Side(found["side"].casefold()) if found.get("side") else Side.RAISING
    text = found.get("text", "")
    if told is Told.CLOCK_DONE and text not in protocol.clocks:
        raise ValueError(f'"{words}": there is no clock "{text}"; the clocks are {_listed(protocol.clocks)}')
    try:
        on = date.fromisoformat(found["on"]) if found.get("on") else None
    except ValueError:
        raise ValueError(f'"{words}": {found["on"]} is not a date') from None
    stage = _stage(protocol, found["stage"], words) if found.get("stage") else ""
    key = found.get("key", "").casefold().replace(" ", "_")
    return Said(at, told, stage, on, side, bool(found.get("reply")), text, key)


def _stage(protocol: Protocol, named: str, words: str) -> str:
    """A stage by its id or by the number it shows."""
    for stage in protocol.stages.values():
        if named.casefold() in (stage.id.casefold(), stage.shown_as.casefold()):
            return stage.id
    word = protocol.stage_word.casefold()
    raise ValueError(f'"{words}": there is no {word} {named}; the {word}s are {_listed(protocol.stages)}')


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
