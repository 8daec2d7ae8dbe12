"""Protocol files with a change in them: a shipped file's text, one key of it set, put in or taken out."""

import re
from pathlib import Path

from mailbot.shell.protocol_files.protocol_reader import check_protocol
from tests.sites import ROOT

PLACE = ROOT / "config" / "protocols"


def shipped(name: str) -> str:
    return (PLACE / f"{name}.toml").read_text("utf-8")


def changed(text: str, table: str, key: str = "", value: str | None = None) -> str:
    """``text`` with ``key`` of ``[table]`` set to ``value``, as TOML writes it; None takes the key out. Without a
    ``key`` the whole table goes. ``stage.1.duty#2`` is the second of several ``[[stage.1.duty]]``. Raises LookupError
    where there is no such place."""
    start, end = _place(text, table)
    if not key:
        return text[:start] + text[end:]
    head, _, inside = text[start:end].partition("\n")
    found = re.search(rf"^{re.escape(key)}\s*=\s*(?:\[[^\]]*\]|.*)\n?", inside, re.MULTILINE)
    if found is None and value is None:
        raise LookupError(f"[{table}] has no {key}")
    line = "" if value is None else f"{key} = {value}\n"
    inside = line + inside if found is None else inside[: found.start()] + line + inside[found.end() :]
    return f"{text[:start]}{head}\n{inside}{text[end:]}"


def _place(text: str, table: str) -> tuple[int, int]:
    name, _, which = table.partition("#")
    heads = [m.start() for m in re.finditer(rf"^\[{{1,2}}{re.escape(name)}\]{{1,2}}$", text, re.MULTILINE)]
    at = int(which or 1) - 1
    if at >= len(heads):
        raise LookupError(f"the file has no [{table}]")
    inside = text.index("\n", heads[at]) + 1
    after = re.search(r"^\[", text[inside:], re.MULTILINE)
    return heads[at], inside + after.start() if after else len(text)


def with_field(text: str, form: str, label: str, key: str, value: str | None) -> str:
    """``text`` with ``key`` of the form's field of this label set, as ``changed`` does."""
    name = f"form.{form}.field"
    for number in range(1, text.count(f"[[{name}]]") + 1):
        start, end = _place(text, f"{name}#{number}")
        if f'label = "{label}' in text[start:end]:
            return changed(text, f"{name}#{number}", key, value)
    raise LookupError(f"the form {form} has no field {label}")


def kept(folder: Path, text: str, name: str = "ours") -> str:
    """Keeps a protocol file, which must be one that could be used; the name under which a ``Story`` is told with it."""
    path = folder / f"{name}.toml"
    path.write_text(text, "utf-8")
    found = check_protocol(path)
    assert found.protocol is not None, [str(fault) for fault in found.faults]
    return str(path.with_suffix(""))
