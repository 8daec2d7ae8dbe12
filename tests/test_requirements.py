"""Every requirement of the five procedures has a story that exercises it, and the table of them in docs/ is current.

A story says which it exercises by naming their ids in its docstring. ``python -m tests.test_requirements`` writes
docs/requirements.md anew.
"""

from pathlib import Path

import pytest

from tests.requirements.claimed import KNOWN, REQUIREMENTS, STORIES
from tests.requirements.tables import READ, ROWS

TABLE = Path(__file__).parent.parent / "docs" / "requirements.md"


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
        "",
        "“shown” says in how many ways the requirement is broken on purpose (`make breakages`): each time a story",
        "named beside it fails. What has “read” there is claimed by a story, and no breakage has shown that it would",
        "notice.",
    ]
    for protocol, rows in REQUIREMENTS.items():
        lines += [
            "",
            f"## {protocol}",
            "",
            "| requirement | clause | what must happen | shown | scenario |",
            "|---|---|---|---|---|",
        ]
        for name, (clause, happens) in rows.items():
            stories = "<br>".join(
                story.split("::")[1].removeprefix("test_").replace("_", " ") for story in _told_by(name, protocol)
            )
            many = sum(row.requirement == name for row in ROWS)
            shown = f"read: {READ[name]}" if name in READ else str(many or "read")
            lines.append(f"| {name} | {clause} | {happens} | {shown} | {stories} |")
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
