"""What the roles of a protocol file are, whatever it calls them: who raises, who answers, whose managers come next.

The labels in emails ("My line manager:") and the record speak of five places, which have names of their own in the
code. A file may call them as its published text does: whoever sends the opening email is the raiser, whoever faces
them at their stage the responder, and those of the next two stages their managers and senior managers. Their names
in the file are turned into these while it is read, so that no name is magic and none is lost.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

# Whose place: the raising side's name for it, and the receiving side's.
_ABOVE = (("raising_manager", "responding_manager"), ("raising_senior", "responding_senior"))
_CALLED = (  # a label's word must be one for the title too: nobody's "senior manager" is recorded as the Chair
    re.compile(r"manager|supervisor|team lead|named (?:lead|professional)", re.IGNORECASE),
    re.compile(r"senior|service manager|head of|director", re.IGNORECASE),
)
RAISER, RESPONDER = "raiser", "responder"
_LISTS = {  # where a file names roles: table -> keys
    "stage": (
        "raising", "receiving", "also_consult", "decided_by", "may_support", "agreed_with", "sent_through",
        "skipped_by", "begun_by",
    ),
    "clock": ("who",),
    "notice": ("to", "then_to"),
    "route": ("who", "to", "sent_through"),
    "outcome": ("given_by",),
}  # fmt: skip
_ONCE = {"silence": ("may_move_on",), "digest": ("to", "meeting_report_to", "stand_in")}


def by_place(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a protocol file with its roles under the names of their places; as they are where nothing can be
    told of them, for the reader to find fault with. Any: tomllib's values are untyped."""
    names = dict(_places(values))
    if not names:
        return dict(values)
    return {key: _renamed(key, value, names) for key, value in values.items()}


def _places(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Which of the file's roles has which place; those whose place's name the file uses itself are left alone."""
    roles, stages = _tables(values, "role"), list(_tables(values, "stage").values())
    sender = next((name for name, role in roles.items() if role.get("from") == "sender"), "")
    if sender != RAISER and sender and RAISER not in roles:
        yield sender, RAISER
    at = next((n for n, s in enumerate(stages) if sender in _names(s, "raising") and _names(s, "receiving")), None)
    if at is None:
        return
    facing = _names(stages[at], "receiving")[0]
    places = [((sender, facing), (RAISER, RESPONDER))]
    later = [(_first(s, "raising", roles), _first(s, "receiving", roles)) for s in stages[at + 1 :]]
    distinct = list(dict.fromkeys(pair for pair in later if all(pair) and pair[0] != pair[1]))
    for theirs, ours, word in zip(distinct, _ABOVE, _CALLED, strict=False):
        if all(word.search(str(roles[name].get("title", ""))) for name in theirs):
            places.append((theirs, ours))
    for theirs, ours in places:
        for name, place in zip(theirs, ours, strict=True):
            if name != place and place not in roles and name != sender:
                yield name, place


def _first(stage: Mapping[str, Any], side: str, roles: Mapping[str, Any]) -> str:
    """By place, the first role of a stage on one side that is that side's own, and not a directory's post."""
    own = (name for name in _names(stage, side) if roles.get(name, {}).get("from") == "email")
    return next(own, "")


def _renamed(key: str, value: Any, names: Mapping[str, str]) -> Any:
    if key == "role" and isinstance(value, dict):
        return {names.get(name, name): _with_post(name, role, names) for name, role in value.items()}
    if key in _LISTS and isinstance(value, dict):
        return {name: _in_table(part, _LISTS[key], names) for name, part in value.items()}
    return _in_table(value, _ONCE[key], names) if key in _ONCE else value


def _in_table(part: Any, keys: tuple[str, ...], names: Mapping[str, str]) -> Any:
    if not isinstance(part, dict):
        return part
    made = {key: _in_list(value, names) if key in keys else value for key, value in part.items()}
    if isinstance(part.get("duty"), list):
        made["duty"] = [_in_table(one, ("of",), names) for one in part["duty"]]
    if isinstance(part.get("if_party_then"), dict):
        made["if_party_then"] = _in_table(part["if_party_then"], ("role", "use"), names)
    return made


def _in_list(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [names.get(one, one) if isinstance(one, str) else one for one in value]
    return names.get(value, value) if isinstance(value, str) else value


def _with_post(name: str, role: Any, names: Mapping[str, str]) -> Any:
    """The post in the directory of a role without one follows from its name: from the file's own, not the place's."""
    if not isinstance(role, dict) or name not in names or "post" in role:
        return role
    word = name.removeprefix("raising_").removeprefix("responding_").removeprefix("receiving_")
    return {**role, "post": word.replace("_", " ")}


def _tables(values: Mapping[str, Any], key: str) -> dict[str, dict[str, Any]]:
    under = values.get(key, {})
    return {n: t for n, t in under.items() if isinstance(t, dict)} if isinstance(under, dict) else {}


def _names(stage: Mapping[str, Any], key: str) -> list[str]:
    value = stage.get(key, [])
    found = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return [name for name in found if isinstance(name, str)]
