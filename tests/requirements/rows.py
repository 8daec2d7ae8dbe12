"""One row of the tables of broken requirements, and which stories it asks."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.breaking import Broken, replaced
from tests.protocol_files import changed
from tests.requirements.claimed import FOLDERS, STORIES

FILES = {
    "NS": "north-somerset", "PL": "plymouth", "GL": "gloucestershire", "SU": "sunderland", "WO": "wolverhampton",
}  # fmt: skip
Edit = tuple[str, Callable[[str], str]]


@dataclass(frozen=True)
class Row:
    """``requirement`` is broken by ``edits``; ``what`` says how, in a few words. ``story`` is a word of the one story to
    ask where not every story of the requirement can notice."""

    requirement: str
    what: str
    edits: tuple[Edit, ...]
    story: str = ""


def key(requirement: str, table: str, name: str = "", value: str | None = None, story: str = "") -> Row:
    """A key of the requirement's protocol file is set to ``value``, as TOML writes it, or taken out; without a ``name``
    the whole table is."""
    edit = partial(changed, table=table, key=name, value=value)
    said = f"[{table}]{f' {name}' if name else ''} {f'= {value}' if value is not None else 'taken out'}"
    return Row(requirement, said, ((_file(requirement), edit),), story)


def words(requirement: str, old: str, new: str = "", story: str = "") -> Row:
    """Some words of the requirement's protocol file are others."""
    return Row(requirement, f"“{old[:50]}” is “{new[:50]}”", ((_file(requirement), replaced((old, new))),), story)


def code(requirement: str, file: str, old: str, new: str, story: str = "") -> Row:
    """A piece of the program is another."""
    return Row(requirement, f"{file}: {old.strip()[:60]}", ((f"mailbot/{file}", replaced((old, new))),), story)


def both(*rows: Row) -> Row:
    """Several things are broken at once, where each alone is made good by the other."""
    first = rows[0]
    return Row(first.requirement, " and ".join(row.what for row in rows), _joined(rows), first.story)


def _joined(rows: tuple[Row, ...]) -> tuple[Edit, ...]:
    made: dict[str, list[Callable[[str], str]]] = {}
    for row in rows:
        for file, edit in row.edits:
            made.setdefault(file, []).append(edit)
    return tuple((file, partial(_one_after_another, edits=tuple(edits))) for file, edits in made.items())


def _one_after_another(text: str, edits: tuple[Callable[[str], str], ...]) -> str:
    for edit in edits:
        text = edit(text)
    return text


def _file(requirement: str) -> str:
    return f"config/protocols/{FILES[requirement[:2]]}.toml"


def broken(row: Row) -> Broken:
    """The row as something to break: with the stories of its requirement, as pytest names them."""
    folder = FOLDERS[row.requirement[:2]]
    asked = tuple(
        f"tests/scenarios/{story}"
        for story, ids in STORIES.items()
        if row.requirement in ids and story.startswith(f"{folder}/") and row.story in story
    )
    return Broken(f"{row.requirement}: {row.what}", row.edits, asked)
