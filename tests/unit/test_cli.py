"""The list of commands that ``mailbot --help`` prints without importing them is what the commands say of themselves."""

import argparse
import os
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import mailbot
from mailbot.cli import COMMAND_LIST, parser
from tests.deployment import in_maildirs

MODULES = sorted({module for _, module, _ in COMMAND_LIST})


@pytest.mark.parametrize("module", MODULES)
def test_each_module_adds_the_commands_that_are_listed_for_it_in_the_same_words(module: str) -> None:
    commands = argparse.ArgumentParser().add_subparsers()
    import_module(f"mailbot.commands.{module}").add_parsers(commands)
    added = {action.dest: action.help for action in commands._choices_actions}
    assert added == {name: says for name, its_module, says in COMMAND_LIST if its_module == module}


def test_the_help_imports_no_command_and_no_library_of_a_command() -> None:
    asked = "import sys; from mailbot.cli import parser; parser().format_help(); print(*sorted(sys.modules))"
    imported = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    assert "mailbot.shell.errors" in imported
    assert not {"sqlalchemy", "jinja2", "rich", "lxml", "docx", "mailbot.build"} & set(imported)


def test_a_word_that_is_no_command_is_answered_with_the_whole_list() -> None:
    assert [name for name, _, _ in COMMAND_LIST] == list(parser(["nonsense"])._subparsers._group_actions[0].choices)  # type: ignore[union-attr, arg-type]


@pytest.mark.parametrize("module", ["status", "chronology"])
def test_whoever_asks_how_it_is_or_what_happened_waits_for_nothing_that_reads_or_writes_mail(module: str) -> None:
    asked = f"import sys, mailbot.commands.{module}; print(*sorted(sys.modules))"
    imported = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    assert "mailbot.shell.store.store" in imported
    reading = {"mailbot.build", "mailbot.mail.reading", "mailbot.door.gatekeeping", "mailbot.turns.bot"}
    assert not {"alembic", "jinja2", "lxml", "docx", "mailparser", "apscheduler", *reading} & set(imported)


def installed_with_a_lexicon_of_its_own(tmp_path: Path) -> Path:
    package = tmp_path / "mailbot"
    package.mkdir()
    for part in Path(mailbot.__file__).parent.iterdir():
        if part.name not in {"lexicon", "__pycache__"}:
            (package / part.name).symlink_to(part)
    shutil.copytree(Path(mailbot.__file__).parent / "lexicon", package / "lexicon")
    return package


@pytest.mark.parametrize("words", [["once"], ["explain", "x.eml"]])
def test_one_wording_cut_off_stops_whatever_reads_mail_before_it_reads_any(tmp_path: Path, words: list[str]) -> None:
    package = installed_with_a_lexicon_of_its_own(tmp_path)
    with (package / "lexicon" / "danger.toml").open("a") as opened:
        opened.write("\nloud = ['(unclosed']\n")
    made = in_maildirs(tmp_path / "site")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    asked = [sys.executable, "-m", "mailbot", *words, "--config", str(made.config)]
    said = subprocess.run(asked, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout) == (2, "")
    assert "danger.loud: “(unclosed” is no wording" in said.stderr


def test_every_fault_of_the_words_that_are_listened_for_is_told_at_once_and_nothing_is_started(tmp_path: Path) -> None:
    """An installation whose lexicon somebody has edited: a list emptied, a wording cut off, a file gone."""
    package = installed_with_a_lexicon_of_its_own(tmp_path)
    for file, more in (("words", "late = []"), ("danger", "loud = ['(unclosed']"), ("told", "not a table")):
        with (package / "lexicon" / f"{file}.toml").open("a") as opened:
            opened.write(f"\n{more}\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    asked = [sys.executable, "-m", "mailbot", "check"]
    said = subprocess.run(asked, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout) == (2, "")
    first, *others = said.stderr.splitlines()
    last = {
        file: (package / "lexicon" / f"{file}.toml").read_text().count("\n") for file in ("told", "words", "danger")
    }
    assert first.startswith(f"mailbot/lexicon/told.toml:{last['told']}: told: Expected '=' after a key")
    assert others == [
        f"mailbot/lexicon/words.toml:{last['words']}: words.late: must be a list of words, with at least one in it",
        f"mailbot/lexicon/danger.toml:{last['danger']}: danger.loud: “(unclosed” is no wording: missing ), "
        "unterminated subpattern at position 0",
        "mailbot/lexicon: these are the program's own words: this installation is damaged, install it again",
        "4 faults. Nothing was started.",
    ]
