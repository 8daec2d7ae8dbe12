"""Every requirement of the five procedures has a story that exercises it, and the table of them in docs/ is current.

A story says which it exercises by naming their ids in its docstring. ``python -m tests.test_requirements`` writes
docs/requirements.md anew.
"""

import ast
import re
import tomllib
from pathlib import Path

import pytest

SCENARIOS = Path(__file__).parent / "scenarios"
TABLE = Path(__file__).parent.parent / "docs" / "requirements.md"
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


def _told_by(name: str, protocol: str) -> list[str]:
    return [story for story, ids in STORIES.items() if name in ids and story.startswith(f"{_folder(protocol)}/")]


def _folder(protocol: str) -> str:
    return protocol.replace("-", "_")


def table() -> str:
    """docs/requirements.md: requirement, clause, what must happen, and the stories that exercise it."""
    lines = [
        "# Requirements and the stories that exercise them",
        "",
        "Written by `python -m tests.test_requirements` from tests/scenarios/requirements.toml and the stories'",
        "docstrings; a test fails when this page is not current. “(read)” marks a place where the published text can",
        "be read in two ways, with the reading that the shipped file takes.",
    ]
    for protocol, rows in REQUIREMENTS.items():
        lines += [
            "",
            f"## {protocol}",
            "",
            "| requirement | clause | what must happen | scenario |",
            "|---|---|---|---|",
        ]
        for name, (clause, happens) in rows.items():
            stories = "<br>".join(
                story.split("::")[1].removeprefix("test_").replace("_", " ") for story in _told_by(name, protocol)
            )
            lines.append(f"| {name} | {clause} | {happens} | {stories} |")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("protocol", "name"), [(protocol, name) for protocol, rows in REQUIREMENTS.items() for name in rows]
)
def test_every_requirement_has_a_story_under_its_own_protocol(protocol: str, name: str) -> None:
    assert _told_by(name, protocol), f"no story in tests/scenarios/{_folder(protocol)}/ names {name}: {KNOWN[name][1]}"


def test_no_story_names_a_requirement_that_does_not_exist() -> None:
    unknown = {story: sorted(set(ids) - set(KNOWN)) for story, ids in STORIES.items() if set(ids) - set(KNOWN)}
    assert unknown == {}


def test_the_list_is_whole() -> None:
    numbers = {protocol: [int(name[-2:]) for name in rows] for protocol, rows in REQUIREMENTS.items()}
    last = {"north-somerset": 36, "plymouth": 22, "gloucestershire": 32, "sunderland": 19, "wolverhampton": 23}
    assert numbers == {protocol: list(range(1, end + 1)) for protocol, end in last.items()}
    assert all(clause and happens for clause, happens in KNOWN.values())


def test_the_page_of_requirements_is_current() -> None:
    assert TABLE.read_text("utf-8") == table(), "run: python -m tests.test_requirements"


if __name__ == "__main__":
    TABLE.write_text(table(), "utf-8")
