"""Every kind of mail that the mailbox must understand, one message each, and what it was read as.

``expected.toml`` holds for each: the acts, how sure, the dispute, and every letter with who gets it. Two disputes are
known: NS-26-0012 at Stage 2, and NS-26-0013, where the receiving side has proposed a resolution.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mailbot.door.explain import explain
from mailbot.door.whom_it_lets_in import Door
from tests.fuzz.target import DISPUTE, NOW, PARTNERSHIP, PEOPLE
from tests.people import ADDRESS
from tests.sites import LETTERS

FOLDER = Path(__file__).parent
_SENIORS = [*PEOPLE, ADDRESS["lyle"], ADDRESS["stroud"]]
_OPEN = {**DISPUTE, "people": _SENIORS}
_PROPOSED = {
    **_OPEN,
    "ref": "NS-26-0013",
    "child": "T.B.",
    "status": "resolution proposed",
    "proposed_by": ADDRESS["peake"],
    "agreed": "Visits restart",
}
_NAMES = {address: name for name, address in ADDRESS.items()} | {
    "business.manager@nsscp.example": "bm",
    "dsps@nsscp.example": "dsps",
}


@dataclass(frozen=True)
class Reading:
    act: list[str]
    how_sure: str
    dispute: str
    letters: list[str]


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.eml"))


@cache
def reading(name: str) -> Reading:
    raw = (FOLDER / f"{name}.eml").read_bytes()
    known = {"disputes": [_OPEN, _PROPOSED] if b"ns-26-001" in raw.lower() else []}
    told = explain(raw, NOW, PARTNERSHIP, known, LETTERS, Door(rehearses=True))
    return Reading(told["act"], told["how_sure"], told["dispute"] or "", sorted(_letters(told)))


def _letters(told: dict[str, Any]) -> Iterator[str]:
    for letter in told["replies"]:
        for address in letter["to"]:
            yield f"{letter['letter']}: {_NAMES.get(address, address)}"
