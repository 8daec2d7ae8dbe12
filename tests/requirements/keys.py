"""The keys of a protocol file that a row of the tables changes: what nothing changes, nobody has seen obeyed."""

import json
import tomllib
from collections.abc import Iterator
from typing import Any

from tests.protocol_files import PLACE
from tests.requirements.rows import Row
from tests.sites import ROOT

NAMED = ("role", "stage", "clock", "cap", "notice", "form", "route", "outcome")  # tables with names of their own


def every_key() -> frozenset[str]:
    """Every key that the reader of a protocol file takes, as the schema beside the files has them: "clock.*.within"."""
    schema = json.loads((PLACE / "protocol.schema.json").read_text("utf-8"))
    return frozenset(_keys(schema, ()))


def _keys(node: dict[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    for choice in node.get("anyOf", ()):
        yield from _keys(choice, path)
    if "items" in node:
        yield from _keys(node["items"], path)
    if isinstance(node.get("additionalProperties"), dict) and node["additionalProperties"].get("properties"):
        yield from _keys(node["additionalProperties"], (*path, "*"))
    for name, below in node.get("properties", {}).items():
        inside = list(_keys(below, (*path, name)))
        yield from inside or [".".join((*path, name))]


def changed_by(row: Row) -> frozenset[str]:
    """The keys of protocol files that a row sets, puts in or takes out."""
    found: set[str] = set()
    for file, edit in row.edits:
        if file.endswith(".toml") and "protocols/" in file:
            text = (ROOT / file).read_text("utf-8")
            found |= set(_differences(tomllib.loads(text), tomllib.loads(edit(text)), ()))
    return frozenset(found)


def _differences(one: Any, other: Any, path: tuple[str, ...]) -> Iterator[str]:
    if one == other:
        return
    if isinstance(one, dict) and isinstance(other, dict):
        for name in one.keys() | other.keys():
            yield from _differences(one.get(name), other.get(name), (*path, name))
    elif isinstance(one, list) and isinstance(other, list) and _are_tables(one) and _are_tables(other):
        for first, second in zip(one, other, strict=False):
            yield from _differences(first, second, path)
        if len(one) != len(other):
            yield normal(path)
    elif not isinstance(one, dict) and not isinstance(other, dict):  # a whole table taken out shows nothing of its keys
        yield normal(path)


def _are_tables(values: list[Any]) -> bool:
    return bool(values) and all(isinstance(value, dict) for value in values)


def normal(path: tuple[str, ...]) -> str:
    """ "clock.*.within" of ("clock", "s1", "within")."""
    parts = list(path)
    if parts and parts[0] in NAMED and len(parts) > 1:
        parts[1] = "*"
    if len(parts) > 3 and parts[2] == "clock":
        parts[3] = "*"
    return ".".join(parts)


def named(keys: set[str]) -> frozenset[str]:
    """``keys`` with those that two names stand for: a table's ``stage`` is one of its ``stages``."""
    several = {f"{key}s" for key in keys if key.endswith(".stage")}
    one = {key.removesuffix("s") for key in keys if key.endswith(".stages")}
    return frozenset(keys | several | one)
