"""A finding of ``mailbot check``: what is so, where, why it matters, what to do, and who must act.

Everything that can be found wrong stands in ``explanations.toml`` under a name of its own, so that the words can be
read, and tested, in one place; code only names them and fills in what was found.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from mailbot.shell.config.explained_keys import why_of
from mailbot.shell.errors import Fault

WELL, LOOK, FAULT = "ok", "look", "fault"
MEND, AGAIN = 2, 3  # how the command ends: a person must mend something; trying again may do


@dataclass(frozen=True, slots=True)
class Finding:
    """``what`` was looked at; ``mark`` is "ok", "look" (worth a second look) or "fault"; ``words`` say what is so.

    ``where`` is a file with its line, or a server; ``id`` the name in ``explanations.toml``, "" for what is well;
    ``ends`` the exit code that a fault of this kind gives.
    """

    what: str
    mark: str
    words: str
    where: str = ""
    why: str = ""
    do: str = ""
    ends: int = 0
    id: str = ""


def well(what: str, words: str) -> Finding:
    return Finding(what, WELL, words)


@cache
def explanations() -> Mapping[str, Mapping[str, str]]:
    """The findings there can be, by name: ``mark``, ``what``, ``is``, ``why``, ``do``, and ``again`` where trying again
    may do."""
    text = files("mailbot.checks").joinpath("explanations.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def explained(name: str, where: str = "", /, **seen: object) -> Finding:
    """The finding of this name, with what was ``seen`` in its places. Raises KeyError for a name that has none."""
    told = explanations()[name]
    said = {part: told.get(part, "").format(**seen) for part in ("what", "is", "why", "do")}
    ends = (AGAIN if told.get("again") else MEND) if told["mark"] == FAULT else 0
    return Finding(said["what"], told["mark"], said["is"], where, said["why"], said["do"], ends, name)


def explained_fault(fault: Fault, mark: str = FAULT) -> Finding:
    """The finding that a fault of the configuration's own files is: it says itself what is so and what to do; why it
    matters is its key's."""
    where = f"{fault.file}:{fault.line}" if fault.line else fault.file
    ends = MEND if mark == FAULT else 0
    return Finding("files", mark, fault.message, where, why_of(fault.key, fault.file), "", ends, fault.key or "files")
