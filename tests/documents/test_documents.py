"""Every command, option, key, exit code, line and table that the documents name exists, and the other way round."""

import argparse
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from mailbot.cli import COMMAND_LIST, parser
from mailbot.core.decisions.office_acts import OfficeAct
from mailbot.demo.story import MAILBOX, OTTILIE, PASSWORD, TABITHA
from mailbot.demo.tour import IMAP_PORT, SMTP_PORT
from mailbot.mail.understanding.office_lines import office_lines
from mailbot.shell import errors as ends
from mailbot.shell.config.template_files import data_dir
from mailbot.shell.store.tables import metadata
from tests.documents.__main__ import PAGE, page

DOCS = Path(__file__).parents[2] / "docs"
READERS = ("it-officer.md", "business-manager.md", "practitioner.md", "data-protection.md")
COMMANDS = [name for name, _, _ in COMMAND_LIST]


def test_a_mail_program_is_set_up_for_the_demo_as_the_demo_listens() -> None:
    told = text("it-officer.md").partition("## Try it with a mail program")[2].partition("\n## ")[0]
    account = TABITHA.replace("@", "%40")
    assert f"mta=smtp://{account}:{PASSWORD}@127.0.0.1:{SMTP_PORT}" in told
    assert f"imap://{account}:{PASSWORD}@127.0.0.1:{IMAP_PORT}/INBOX" in told
    assert all(one in told for one in (TABITHA, OTTILIE, MAILBOX, f"`{IMAP_PORT}`", f"`{SMTP_PORT}`"))


def text(name: str) -> str:
    return (DOCS / name).read_text()


def typed(name: str) -> list[list[str]]:
    """Every command line of mailbot's in a document: in code, and in blocks of code."""
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", text(name), re.DOTALL))
    inline = re.findall(r"`(mailbot [^`]+)`", text(name).replace(blocks, ""))
    lines = re.findall(r"(?:^|[ /])mailbot (?!mailbot )([a-z-].*)$", blocks, re.MULTILINE)
    return [shlex.split(line.split(" && ")[0].split(" >>")[0]) for line in (*lines, *(one[8:] for one in inline))]


@pytest.mark.parametrize("name", READERS)
def test_every_command_line_in_the_documents_can_be_typed(name: str) -> None:
    for words in typed(name):
        if words[0] == "--version":
            continue
        assert words[0] in COMMANDS, words
        commands = next(a for a in parser(words)._actions if isinstance(a, argparse._SubParsersAction))
        below = commands.choices[words[0]]
        given = " ".join(words[1:])
        for option in re.findall(r"(?<!\S)--[a-z-]+", given):
            assert option in below.format_help() or any(
                option in sub.format_help()
                for action in below._actions
                if isinstance(action, argparse._SubParsersAction)
                for sub in action.choices.values()
            ), (words, option)


def test_every_command_is_in_the_it_officers_list() -> None:
    listed = text("it-officer.md").partition("## Every command")[2]
    assert set(re.findall(r"`mailbot ([a-z-]+)", listed)) == set(COMMANDS)


def test_every_exit_code_is_explained_and_no_other() -> None:
    section = text("it-officer.md").partition("## How commands end")[2].partition("\n## ")[0]
    explained = {int(code) for code in re.findall(r"^\| (\d) \|", section, re.MULTILINE)}
    assert explained == {ends.OK, ends.NOT_WELL, ends.BAD_CONFIGURATION, ends.UNREACHABLE}
    assert {int(code) for code in re.findall(r"^  (\d)  ", ends.EXPLAINED, re.MULTILINE)} == explained


def test_the_page_of_settings_is_the_programs_own_table() -> None:
    assert PAGE.read_text() == page()


def test_every_setting_named_in_prose_is_one() -> None:
    keys = set(re.findall(r"`([a-z_.]+)`", page()))
    last = {key.rpartition(".")[2] for key in keys}
    for name in ("it-officer.md", "business-manager.md", "data-protection.md"):
        for key in re.findall(r"`([a-z_]+) = ", text(name)):
            assert key in last, (name, key)


def test_the_example_uses_no_key_that_is_not_explained() -> None:
    keys = set(re.findall(r"`([a-z_.]+)`", page()))
    told = tomllib.loads((data_dir("config") / "mailbot.toml").read_text())
    paths = {f"{table}.{key}" for table in ("store", "service") for key in told[table]}
    for key, value in told["partnership"]["north-somerset"].items():
        inner = value if isinstance(value, dict) and key != "roles" else {}
        paths |= {f"partnership.{key}.{one}" for one in inner} or {f"partnership.{key}"}
    assert paths <= keys


def test_every_line_the_office_may_write_is_in_its_page_and_is_understood() -> None:
    rows = re.findall(r"^\| ((?:`[^`]+`(?:, )?)+) \|", text("business-manager.md"), re.MULTILINE)
    lines = [line for row in rows for line in re.findall(r"`([^`]+)`", row)]
    shown = [line.replace("because …", "because it was agreed by telephone") for line in lines]
    read = [(line, one) for line in shown for one in office_lines(line, ("NS",))]
    assert [(line, one.fault) for line, one in read if one.fault] == []
    assert {one.act for _, one in read} == set(OfficeAct) - {OfficeAct.UNKNOWN}


def test_every_table_of_the_database_is_in_the_data_protection_officers_page() -> None:
    named = {
        table
        for row in re.findall(r"^\| database: (.+?) \|", text("data-protection.md"), re.MULTILINE)
        for table in re.findall(r"`([a-z_]+)`", row)
    }
    assert named == set(metadata.tables)


def test_every_link_between_the_documents_leads_somewhere() -> None:
    for name in (*READERS, "settings.md", "wrong-settings.md"):
        for link in re.findall(r"\]\(([^)#:]+)\)", text(name)):
            assert (DOCS / link).exists(), (name, link)


def test_everything_named_under_deploy_is_shipped() -> None:
    named = {found for name in READERS for found in re.findall(r"`deploy/([A-Za-z.]+)`", text(name))}
    assert named
    assert named <= {path.name for path in data_dir("deploy").iterdir()}
