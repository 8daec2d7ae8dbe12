"""Which story claims which requirement of the five procedures: its docstring names the requirement's id."""

import ast
import re
import tomllib
from pathlib import Path

SCENARIOS = Path(__file__).parents[1] / "scenarios"
ID = re.compile(r"\b(?:NS|PL|GL|SU|WO)-\d\d\b")
REQUIREMENTS: dict[str, dict[str, list[str]]] = tomllib.loads((SCENARIOS / "requirements.toml").read_text("utf-8"))
KNOWN = {name: told for protocol in REQUIREMENTS.values() for name, told in protocol.items()}


def _stories() -> dict[str, list[str]]:
    """The ids that each story's docstring names, by "<protocol>/<file>::<story>"."""
    found = {}
    for path in sorted(SCENARIOS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                ids = ID.findall(ast.get_docstring(node) or "")
                found[f"{path.relative_to(SCENARIOS).as_posix()}::{node.name}"] = list(dict.fromkeys(ids))
    return found


STORIES = _stories()
FOLDERS = {name[:2]: protocol.replace("-", "_") for protocol, rows in REQUIREMENTS.items() for name in rows}
