"""What a protocol file has from the one it is ``like``: the rules, and never the people.

Another partnership's addresses are not handed down at all, so that nothing of a child is ever sent to them: the file
must give its own. Its names, titles, clauses and words about danger are handed down and told, line by line, until the
file says them itself.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from mailbot.core.procedure.protocol import Protocol
from mailbot.shell.config.toml_with_faults import Path, TomlSheet
from mailbot.shell.errors import Fault

_OWN = (
    ("protocol", "partnership"),
    ("protocol", "name"),
    ("protocol", "short"),
    ("source", "title"),
    ("source", "in_force"),
    ("risk", "line"),
)


def fingerprint_of(values: Mapping[str, Any]) -> str:
    """A few letters that change whenever anything in a file does."""
    text = json.dumps(values, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def rules_alone(base: dict[str, Any], own: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[tuple[Path, str], ...]]:
    """What a protocol file inherits: ``base`` without its people and numbers, and what of it this file has not said
    itself, by its path."""
    words = _names_of(base)
    kept = {**base, "role": {name: _without_address(part) for name, part in _tables(base, "role")}}
    kept["mailbox"] = {k: v for k, v in _table(base, "mailbox").items() if k not in ("address", "ref_prefix")}
    kept["risk"] = {k: v for k, v in _table(base, "risk").items() if k != "phones"}
    kept["source"] = {k: v for k, v in _table(base, "source").items() if k not in ("url", "read_on")}
    kept = _without_clauses(kept)
    inherited: list[tuple[Path, str]] = [
        (path, str(value)) for path in _OWN if (value := _at(base, path)) is not None and _at(own, path) is None
    ]
    inherited += [
        (path, text)
        for path, text in _texts(kept, ())
        if path not in _OWN and _at(own, path) is None and any(_names(word, text) for word in words)
    ]
    return kept, tuple(inherited)


def still_the_others(base: Mapping[str, Any], own: Mapping[str, Any], name: str) -> dict[str, str]:
    """The tables of a protocol file that are another file's throughout, by their path, with that file's ``name``:
    "clock.s1" where nothing of it is written here."""
    found: dict[str, str] = {}
    for kind, value in base.items():
        if kind in _MANY:
            mine = _table(own, kind)
            found |= {f"{kind}.{part}": name for part in _table(base, kind) if part not in mine}
        elif isinstance(value, dict) and value and kind not in own:
            found[kind] = name
    return found


_MANY = ("stage", "clock", "cap", "notice", "form", "route", "outcome", "role")


def _without_clauses(value: Any) -> Any:
    """The values of another protocol file without the paragraphs of its text: they are none of this file's text, and a
    letter would name them as if they were."""
    if isinstance(value, dict):
        return {key: _without_clauses(inner) for key, inner in value.items() if key != "clause"}
    return [_without_clauses(inner) for inner in value] if isinstance(value, list) else value


def _in_all(as_in: Mapping[str, str]) -> str:
    """How much of a file is another's, in words: "4 stages, 9 clocks, 3 notices, [counting]"."""
    kinds = [path.partition(".")[0] for path in as_in]
    counted = [f"{kinds.count(kind)} {kind}{'s' * (kinds.count(kind) > 1)}" for kind in _MANY if kind in kinds]
    alone = [f"[{kind}]" for kind in kinds if kind not in _MANY]
    return ", ".join((*counted, *alone))


def doubts(protocol: Protocol, sheet: TomlSheet) -> Iterator[Fault]:
    """Doubts about what is inherited: how much of it all is the other file's; then each thing, at the line on which it
    stands."""
    if sheet.as_in:
        others = ", ".join(dict.fromkeys(sheet.as_in.values()))
        said = f"still from {others}, and not yet held against your own text: {_in_all(sheet.as_in)}"
        yield Fault(*sheet.where(("like",)), f"{said}. 'protocol show' marks each of them “as in {others}”")
    for path, what in sheet.noted:
        yield Fault(*sheet.where(path), what)
    for path, text in sheet.inherited:
        said = f'"{".".join(str(part) for part in path)}" is from the file this one is like: “{_short(text)}”'
        if path == ("risk", "line") and protocol.subject != "child" and "child" in text.casefold():
            said += f". It speaks of a child, and this procedure is about an {protocol.subject}"
        yield Fault(*sheet.where(path), f"{said}: write your own")


def _short(text: str) -> str:
    return text if len(text) <= 70 else f"{text[:69]}…"


def _without_address(part: object) -> object:
    if not isinstance(part, dict):
        return part
    rest = {key: value for key, value in part.items() if key not in ("address", "stand_in")}
    return rest


def _names_of(base: Mapping[str, Any]) -> tuple[str, ...]:
    about = _table(base, "protocol")
    return tuple(str(about[key]) for key in ("short", "partnership") if about.get(key))


def _names(word: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text) is not None


def _table(values: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = values.get(key)
    return found if isinstance(found, dict) else {}


def _tables(values: Mapping[str, Any], key: str) -> Iterator[tuple[str, Any]]:
    yield from _table(values, key).items()


def _at(values: Any, path: Path) -> Any:
    for part in path:
        if isinstance(values, list):
            values = values[part] if isinstance(part, int) and part < len(values) else None
        else:
            values = values.get(part) if isinstance(values, dict) else None
    return values


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key != "clause":  # the paragraph stays whose it is: it says where a rule was taken from
                yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*path, number))
