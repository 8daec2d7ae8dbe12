"""The words are data: read whole or not at all, each with a line of what somebody wrote, and each held by a test."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import mailbot
from mailbot.core.record.intents import Act, Sure
from mailbot.mail import lexicon
from mailbot.mail.lexicon import BadLexicon, Names, names_of
from mailbot.mail.text.phrases import hear, traps_in
from mailbot.mail.text.spelling_and_sentences import sentences, tidy
from tests.unit.mail.understanding.scenes import protocol, read

HERE = Path(__file__).parent
PACKAGE = Path(mailbot.__file__).parent
FOLDER = PACKAGE / "lexicon"
ANYBODY = Names(("nsscp",), ("business manager",), ("larkfield primary school",), ("resolution meeting",), ("stage 2",))
SHIPPED = ("north-somerset", "plymouth", "gloucestershire", "sunderland", "wolverhampton")
CAPITALS_COUNT = {"told.reason", "told.content", "traps.somebody_else", "clauses.begins", "clauses.anothers"}
WORDINGS = tomllib.loads((HERE / "wordings.toml").read_text())
_ENTRY = re.compile(r"^  ('''.*?'''|'[^']*'),")


def _tables() -> Iterator[tuple[str, str]]:
    """Every wording with the name of its table."""
    known = lexicon.loaded()
    for table, many in known.lists.items():
        if not table.startswith(("words.", "immune.")):
            yield from ((table, wording) for wording in many)
    for kind, rows in known.rows.items():
        yield from ((f"{kind}.{row.name}", wording) for row in rows for wording in row.wordings)


@cache
def _replies() -> tuple[str, ...]:
    """The sentences of every reply that a test reads, and the replies whole."""
    tables = (tomllib.loads(path.read_text()) for path in (HERE / "replies").rglob("*.toml"))
    whole = {reply for table in tables for acts in table.values() for many in acts.values() for reply in many}
    pieces = {" ".join(piece.split()) for reply in whole for piece in sentences(tidy(reply))}
    return tuple(sorted(pieces | {" ".join(tidy(reply).split()) for reply in whole}))


@cache
def _pattern(table: str, wording: str) -> re.Pattern[str]:
    flags = 0 if table in CAPITALS_COUNT else re.IGNORECASE
    return re.compile(lexicon.loaded().filled(wording, ANYBODY), flags)


def _holds(table: str, wording: str, text: str) -> bool:
    return _pattern(table, wording).search(text) is not None


def test_no_wording_stands_untested() -> None:
    untested = [
        f"{table}: {wording}"
        for table, wording in _tables()
        if not any(_holds(table, wording, text) for text in (*WORDINGS.get(table, ()), *_replies()))
    ]
    assert not untested, "\n".join(untested)


@pytest.mark.parametrize("table", sorted(WORDINGS))
def test_a_wording_is_heard_in_its_sense(table: str) -> None:
    kind, _, name = table.partition(".")
    for text in WORDINGS[table]:
        if kind == "phrase":
            assert name in {heard.sense for heard in hear(text, ANYBODY)}, text
        elif kind == "trap":
            assert name in traps_in(text), text
        else:
            assert any(_holds(table, wording, text) for of, wording in _tables() if of == table), text


def test_each_entry_has_a_line_of_what_it_is_for() -> None:
    bare = []
    for path in FOLDER.glob("*.toml"):
        lines = path.read_text().split("\n")
        for at, line in enumerate(lines):
            if _ENTRY.match(line) and "',  # " not in line:
                bare.append(f"{path.name}:{at + 1}")
            if (
                path.stem == "words"
                and line.endswith("]") is False
                and " = [" in line
                and not lines[at - 1].startswith("# ")
            ):
                bare.append(f"{path.name}:{at + 1}")
    assert not bare


def test_all_that_is_wrong_is_told_at_once() -> None:
    files = {
        "words": 'greeting = ["hi", "hi"]\nempty = []\n',
        "danger": "alarm = ['(unclosed', '{nobody} is here']\n",
        "phrases": '[[phrase]]\nsense = "joy"\nwordings = ["hurrah"]\n[[phrase]]\nsens = "up"\n',
        "traps": '[[trap]]\nname = "joke"\nwordings = ["ha"]\n',
        "immune": 'up = ["jest"]\n',
        "broken": "alarm = [",
    }
    with pytest.raises(BadLexicon) as told:
        lexicon.read(files)
    faults = "\n".join(told.value.faults)
    assert len(told.value.faults) == 8
    for said in (
        "words.greeting: “hi” stands twice",
        "words.empty: must be a list",
        "danger.alarm: “(unclosed” is no wording",
        "danger.alarm: nothing fills {nobody}",
        "phrases.phrase: no such sense: joy",
        "must have “sense”",
        "immune.up: no such trap: jest",
        "broken: ",
    ):
        assert said in faults


@pytest.mark.parametrize("name", SHIPPED)
def test_each_partnership_is_known_by_its_own_name_in_its_own_mailbox(name: str) -> None:
    own = protocol(name)
    for called in (own.short, own.partnership):
        (intent,) = read(f"Please refer this to the {called}.", name=name)
        assert intent.act in {Act.REFER, Act.MOVE_UP}, called
        assert intent.sure is not Sure.UNSURE, called


@pytest.mark.parametrize("name", SHIPPED)
def test_another_partnerships_name_moves_nothing(name: str) -> None:
    for other in SHIPPED:
        if other != name:
            (intent,) = read(f"Please refer this to the {protocol(other).short}.", name=name)
            assert intent.act in {Act.NOTE, Act.HOLD}, other


def test_no_partnerships_name_stands_in_code_or_lexicon() -> None:
    shorts = {protocol(name).short for name in SHIPPED}
    said = re.compile(rf"\b(?:{'|'.join(shorts)})\b", re.IGNORECASE)
    files = [path for ring in ("core", "mail", "door", "turns", "lexicon") for path in (PACKAGE / ring).rglob("*")]
    code = [
        f"{path.relative_to(PACKAGE)}: {line.strip()}"
        for path in files
        if path.suffix in (".py", ".toml")
        for line in _without_quotations(path)
        if said.search(line)
    ]
    assert not code, "\n".join(code)


def _without_quotations(path: Path) -> list[str]:
    """The lines of a file without comments and docstrings, where a clause is cited by the name of who wrote it."""
    text = re.sub(r'(?s)"""(?!\^).*?"""', "", path.read_text()) if path.suffix == ".py" else path.read_text()
    return [line.partition("#")[0] for line in text.split("\n")]


def test_the_names_are_those_of_the_protocols_own_file() -> None:
    names = names_of(protocol("sunderland"))
    assert "sscp" in names.partnership
    assert "strategic business manager" in names.office
    assert "step 1" in names.stage
