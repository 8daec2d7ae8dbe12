"""The list of commands that ``mailbot --help`` prints without importing them is what the commands say of themselves."""

import argparse
import subprocess
import sys
from importlib import import_module

import pytest

from mailbot.cli import COMMAND_LIST, parser

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
