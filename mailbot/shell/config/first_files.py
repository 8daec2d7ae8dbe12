"""The first ``mailbot.toml`` of a deployment: the shipped example, with its comments, and the operator's answers.

The example is rewritten line by line, so that there is one file that explains every key and not two.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files

from mailbot.shell.config.explained_keys import explained_keys
from mailbot.shell.config.first_questions import Answers

_HEADER = re.compile(r"\[(.+)\]\s*$")
_PAIR = re.compile(r"(?P<key>\w+)(?P<is>\s*=\s*)(?P<value>\"[^\"]*\"|\S+)(?P<rest>.*)")
_INVENTED = "# Everybody and every address in these files is invented: put in your own."


def mailbot_toml(example: str, answers: Answers) -> str:
    """A first ``mailbot.toml``: ``example`` with the answers in their places and the comments kept."""
    given, name = answers.given, answers.protocol.id
    none = given["authserv_id"].strip().casefold() in ("", "none")
    values = {
        ("", "protocol"): _text(name),
        ("", "address"): _text(given["address"]),
        ("", "approved_domains"): _texts(given["domain"]),
        ("mailbox", "url"): _text(given["mailbox"]),
        ("mailbox", "password_file"): "" if "tenant" in given else _text(given["password_file"]),
        ("post", "url"): _text(given["post"]),
        ("post", "password_file"): "" if "tenant" in given else _text(given["password_file"]),
        ("trust", "authserv_ids"): "[]" if none else _texts(given["authserv_id"]),
        ("trust", "require"): "false" if none else "true",
    }
    lines: list[str] = []
    part, inside = None, ""
    for line in example.replace(f"{_INVENTED}\n", "").splitlines():
        header = _HEADER.match(line)
        if header:
            words = header[1].split(".")
            part = ".".join(words[2:]) if words[0] == "partnership" else None
            inside = "roles" if part == "roles" else ""
            lines.append(f"[{'.'.join((words[0], name, *words[2:]))}]" if part is not None else line)
            lines += _roles(answers) if inside == "roles" else ()
        elif line.startswith("phones = ["):
            inside = "phones"
            lines += _phones(given)
        elif inside == "phones" or (inside == "roles" and _PAIR.match(line)):
            inside = "" if line.startswith("]") else inside
        else:
            lines += _answered(line, part, values)
    return "\n".join([*lines, *_oauth(name, given)]) + "\n"


def _oauth(name: str, given: Mapping[str, str]) -> list[str]:
    """The table of tokens, where they take the place of passwords."""
    if "tenant" not in given:
        return []
    pairs = {key: _text(given[key]) for key in ("tenant", "client_id")} | {"secret_file": _text(given["password_file"])}
    lines = [f"{key} = {value}" for key, value in pairs.items()]
    return ["", f"[partnership.{name}.oauth]", *lines, f"secret_expires = {given['secret_expires']}"]


def _answered(line: str, part: str | None, values: Mapping[tuple[str, str], str]) -> list[str]:
    """The line of a first file with its answer; without one it stays, and with an empty one it goes."""
    pair = _PAIR.match(line)
    if pair is None or part is None or (part, pair["key"]) not in values:
        return [line]
    value = values[part, pair["key"]]
    return [f"{pair['key']}{pair['is']}{value}{pair['rest']}".rstrip()] if value else []


def _roles(answers: Answers) -> list[str]:
    offices = [role.id for role in answers.protocol.roles.values() if role.address]
    return [f"{office} = {_text(answers.given[f'role_{office}'])}" for office in offices]


def _phones(given: Mapping[str, str]) -> list[str]:
    closed = {**given, "closed_phone_hours": "nights, weekends, bank holidays"}
    return ["phones = [", _phone("phone", closed), _phone("closed_phone", closed), "]"]


def _phone(which: str, given: Mapping[str, str]) -> str:
    cells = [f"{part} = {_text(given[f'{which}_{part}'])}" for part in ("name", "number", "hours")]
    rung = given[f"{which}_checked_on"]
    return f"  {{ {', '.join([*cells, *([f'checked_on = {rung}'] if rung != 'no' else [])])} }},"


def lists_explained() -> str:
    """The first files' columns of the two lists, explained in a text that lies beside them."""
    lines = ["Both lists open in a spreadsheet; save them as CSV UTF-8. Their columns:"]
    for name in ("agencies.csv", "directory.csv"):
        lines += ["", f"{name}: {explained_keys()[name]['is']}"]
        columns = (key for key in explained_keys() if key.startswith(f"{name}."))
        lines += [f"  {key.rpartition('.')[2]:<12} {explained_keys()[key]['is']}" for key in columns]
    return "\n".join(lines) + "\n"


def administrator_steps(provider: str, address: str, secret: str) -> Iterator[str]:
    """What the site's own administrator does before a first start, at this provider."""
    text = files("mailbot.shell.config").joinpath("administrator_steps.toml").read_text(encoding="utf-8")
    for step in tomllib.loads(text)[provider]["steps"]:
        yield step.format(address=address, secret=secret)


def _text(value: str) -> str:
    """An answer written into a first configuration file as a TOML basic string: JSON's escapes are among its own, once
    nothing is left that only JSON would leave bare."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _texts(value: str) -> str:
    return f"[{', '.join(_text(part.strip()) for part in value.split(',') if part.strip())}]"
