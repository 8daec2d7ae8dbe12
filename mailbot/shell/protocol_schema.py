"""A JSON Schema of the protocol file, for editors: what may stand where, said while somebody types.

It is drawn by the reader itself. The functions that read a file (``protocols.read``) are run once over a ``Sketch``, a
table that answers every question with a harmless value and writes down what was asked; so a key that the reader comes
to know is in the schema, and one that it forgets is gone. Only what the reader works out by hand stands in ``BY_HAND``.

A schema sees shapes and words. Whether a name exists and a stage can be reached is for ``mailbot protocol check``.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from mailbot.core.clocks.working import CAN_START_A_CAP, CAN_START_A_CLOCK
from mailbot.core.procedure.closed_lists import Effect, Happening
from mailbot.core.procedure.lengths import NUMBERS, length
from mailbot.shell import protocols
from mailbot.shell.protocol_schema_words import WORDS
from mailbot.shell.sheet import MISSING, Layer, Sheet, Table, day

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")
Node = dict[str, Any]  # JSON

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILE = "protocol.schema.json"
ANY = "*"  # stands for a name that the file itself chooses
EACH = "[]"  # stands for one row of a list
NUMBER = "([0-9]{1,4}|" + "|".join(f"[{w[0].upper()}{w[0]}]{w[1:]}" for w in NUMBERS) + ")"
LENGTH: Node = {
    "type": "string",
    "pattern": rf"^({NUMBER} +([Ww]orking +day|hour|([Cc]alendar +)?month)s?|([Tt]he )?[Ss]ame (working )?day)$",
    "examples": ["2 working days", "24 hours", "1 month", "same working day"],
}
DATE: Node = {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
TIME: Node = {"type": "string", "pattern": r"^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$"}
TEXT: Node = {"type": "string"}
TEXTS: Node = {"anyOf": [{"type": "array", "items": TEXT}, TEXT]}
DAY_NAMES = "^(" + "|".join(f"[{d[0].upper()}{d[0]}]{d[1:]}" for d in protocols.DAYS) + ")"


def _words(of: Iterable[str]) -> Node:
    return {"type": "string", "enum": list(of)}


# What the reader takes apart itself, by the path of the key; and for each route, a table to take apart.
BY_HAND: Mapping[str, Node] = MappingProxyType(
    {
        "schema": {"const": protocols.SCHEMA},
        "calendar.working_days": {"type": "array", "items": {"type": "string", "pattern": DAY_NAMES}},
        "calendar.also_closed": {
            "type": "array",
            "items": {
                "anyOf": [
                    DATE,
                    {
                        "type": "object", "required": ["date"],
                        "properties": {
                            "date": {"description": WORDS["…date"], **DATE},
                            "name": {"description": WORDS["…name"], **TEXT},
                        },
                        "additionalProperties": False,
                    },
                ]
            },
        },
        "clock.*.from": {
            "anyOf": [
                _words(h.value for h in Happening if h in CAN_START_A_CLOCK and h is not Happening.CLOCK_DONE),
                {"type": "string", "pattern": "^clock .+ done$"},
            ]
        },
        "cap.*.from": _words(h.value for h in Happening if h in CAN_START_A_CAP),
        "clock.*.within_by_urgency": {"type": "object", "additionalProperties": LENGTH},
        "route.*.effect": {
            "anyOf": [
                _words(effect.value for effect in Effect if effect is not Effect.GO_TO_STAGE),
                {"type": "string", "pattern": "^go to stage .+$"},
            ]
        },
    }
)  # fmt: skip
ALSO_A_WORD = "route.*.clock"  # a table of clocks, or the words "keeps running"
ONE_OF_TWO = {"clock.*": ("within", "within_by_urgency")}


@dataclass
class Drawing:
    """One place of the file as it was asked for: ``below`` by key, ``ANY`` or ``EACH``."""

    node: Node
    below: dict[str, "Drawing"] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)


class Sketch(Table):
    """A table that has everything, and notes what is asked of it."""

    def __init__(self, path: tuple[str, ...], drawing: Drawing) -> None:
        given: Node = {"clock": {}} if path[:-1] == ("route",) else {}
        super().__init__(Sheet({}, [Layer("", {})]), path, given)
        self._path, self._drawing = path, drawing
        self._looked_for: set[str] = set()  # before it is asked for: it need not be there

    def _note(self, key: str, node: Node, default: object = "") -> Drawing:
        self.asked.add(key)
        below = self._drawing.below
        shape = BY_HAND.get(".".join((*self._path, key)), node)
        if key in below and below[key].below:  # asked as a table and as a word
            return below[key]
        below[key] = Drawing(dict(shape))
        if default is MISSING and key not in self._looked_for:
            self._drawing.required.add(key)
        return below[key]

    def has(self, key: str) -> bool:
        self._looked_for.add(key)
        return True

    def finish(self) -> None:
        """What is looked for under two names is asked for under one of them."""
        for key in sorted(self.asked - set(self._drawing.below)):
            self._note(key, TEXTS)

    def text(self, key: str, default: str = MISSING) -> str:
        self._note(key, {"type": "string", "pattern": r"\S"} if default is MISSING else TEXT, default)
        return "" if default is MISSING else default

    def flag(self, key: str, default: bool = False) -> bool:
        self._note(key, {"type": "boolean"})
        return default

    def whole(self, key: str, default: int | None = MISSING) -> int | None:
        self._note(key, {"type": "integer"}, default)
        return None if default is MISSING else default

    def list(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        self._note(key, TEXTS)
        return default

    def names(self, key: str, known: Iterable[str], what: str) -> tuple[str, ...]:
        self._note(key, TEXTS)
        return ()

    def one_of(self, key: str, known: Iterable[str], default: str = MISSING) -> str:
        known = tuple(known)
        self._note(key, TEXT if ANY in known else _words(known), default)
        return next(iter(known), "") if default is MISSING else default

    def choice(self, key: str, of: type[E], default: E = MISSING) -> E:
        self._note(key, _words(member.value for member in of), default)
        return next(iter(of)) if default is MISSING else default

    def parsed(self, key: str, read: Callable[[str], T], default: T = MISSING) -> T | None:
        shapes: Mapping[Callable[[str], Any], Node] = {length: LENGTH, day: DATE}
        self._note(key, shapes[read], default)
        return None if default is MISSING else default

    def day(self, key: str, default: date | None = MISSING) -> date | None:
        self._note(key, DATE, default)
        return None if default is MISSING else default

    def clock_time(self, key: str, default: time = MISSING) -> time:
        self._note(key, TIME, default)
        return time(0) if default is MISSING else default

    def table(self, key: str) -> Table:
        return Sketch((*self._path, key), self._note(key, {"type": "object"}))

    def tables(self, key: str) -> dict[str, Table]:
        under = self._note(key, {"type": "object"})
        under.below.setdefault(ANY, Drawing({"type": "object"}))
        return {ANY: Sketch((*self._path, key, ANY), under.below[ANY])}

    def rows(self, key: str) -> tuple[Table, ...]:
        under = self._note(key, {"type": "array"})
        under.below.setdefault(EACH, Drawing({"type": "object"}))
        return (Sketch((*self._path, key, EACH), under.below[EACH]),)


def schema() -> Node:
    """The schema, as a JSON value."""
    drawing = Drawing({"type": "object"})
    protocols.read(Sketch((), drawing))
    shape = _shape((), drawing)
    for key in ("like", "like_version", "remove"):
        shape["properties"][key] = {"description": WORDS[key], **(TEXTS if key == "remove" else TEXT)}
    whole = _required((), drawing)
    return {
        "$schema": DIALECT, "title": "A partnership's procedure, for mailbot", "description": WORDS[""], **shape,
        "if": {"required": ["like"]}, "else": whole,
    }  # fmt: skip


def schema_text() -> str:
    """The schema as it lies beside the protocol files."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def _shape(path: tuple[str, ...], drawing: Drawing) -> Node:
    made = {**_described(path), **drawing.node}
    if EACH in drawing.below:
        return {**made, "items": _shape((*path, EACH), drawing.below[EACH])}
    if ANY in drawing.below:
        made["additionalProperties"] = _shape((*path, ANY), drawing.below[ANY])
        words = {"anyOf": [{k: v for k, v in made.items() if k != "description"}, {"const": "keeps running"}]}
        return {**_described(path), **words} if ".".join(path) == ALSO_A_WORD else made
    if made.get("type") != "object" or "additionalProperties" in made:
        return made
    properties = {key: _shape((*path, key), below) for key, below in drawing.below.items()}
    return {**made, "properties": properties, "additionalProperties": False}


def _required(path: tuple[str, ...], drawing: Drawing) -> Node:
    """What must be there in a file that stands alone; one that is ``like`` another holds only what differs."""
    below = {key: found for key, one in drawing.below.items() if (found := _required((*path, key), one))}
    either = ONE_OF_TWO.get(".".join(path), ())
    needed = {key for key in drawing.required if key not in either}
    if EACH in drawing.below:
        return {"items": below[EACH]} if EACH in below else {}
    if ANY in drawing.below:
        return {"additionalProperties": below[ANY]} if ANY in below else {}
    if path == ():
        needed |= {key for key in below if "required" in below[key]}
    made: Node = {"required": sorted(needed)} if needed else {}
    made |= {"anyOf": [{"required": [key]} for key in either]} if either else {}
    return made | ({"properties": below} if below else {})


def _described(path: tuple[str, ...]) -> Node:
    """The words of the whole path, else those that the key has everywhere."""
    words = WORDS.get(".".join(path)) or WORDS.get(f"…{path[-1]}" if path else "", "")
    return {"description": words} if words and path else {}
