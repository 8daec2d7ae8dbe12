"""``mailbot init``: a few questions, and a configuration to go on from. What is there already is never overwritten."""

import argparse
import shutil
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy import make_url

from mailbot.commands.ends import NOT_WELL, OK
from mailbot.commands.terminal import Commands, columns, heading, say, with_configuration
from mailbot.core.partnership.directory import domain_of
from mailbot.shell.clock import utc_now
from mailbot.shell.config.configuration import load_settings
from mailbot.shell.config.first_files import Answers, first_questions, mailbot_toml, questions_of
from mailbot.shell.config.secrets import make_key
from mailbot.shell.config.template_files import data_dir
from mailbot.shell.errors import BadConfiguration, Fault
from mailbot.shell.private_files import make_private_folder, shut, with_side_files
from mailbot.shell.protocol_files import reading as protocols
from mailbot.shell.store.database import file_of
from mailbot.shell.store.store import Store

LISTS = {
    "agencies.csv": "name,domains,also,sector,partner\n",
    "directory.csv": "name,email,agency,designation,post,deputy,phone,active\n",
    "closures.toml": '# [[closed]]\n# from = 2026-12-29\n# to = 2026-12-31\n# why = "offices closed"\n',
}


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    says = "write a configuration, the key, and an empty database"
    more = "Run it again to make what is missing. No file that is there is changed, and no database is emptied."
    parser = commands.add_parser("init", help=says, description=f"{says.capitalize()}. {more}")
    with_configuration(parser)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--yes", action="store_true", help="ask nothing: the example, with its invented people")
    how.add_argument("--answers", metavar="FILE", type=Path, help="a TOML file with an answer for each question")
    parser.set_defaults(run=run_init)


def run_init(args: argparse.Namespace) -> int:
    target: Path = args.config
    if target.exists():
        say(f"{target} is there already and stays as it is.")
    elif args.yes:
        _copy_example(target.parent)
    else:
        _write(target, _answers(args.answers))
    try:
        settings = load_settings(target, utc_now().date())
    except BadConfiguration as bad:
        heading("Still to be done, before the key and the database are made by another mailbot init:")
        columns([(fault.file, str(fault.line), fault.message) for fault in bad.faults])
        return NOT_WELL
    made = make_key(settings.secret_file)
    say(f"{settings.secret_file}: {'a new key' if made else 'there already'}")
    _make_store(settings.store_url)
    say("Next: mailbot check")
    return OK


def _make_store(url: str) -> None:
    """``mailbot init`` makes the database: empty where there was none; what was there is only opened. Raises
    StoreRefused, Unreachable."""
    file = file_of(make_url(url))
    if file is not None:
        make_private_folder(file.parent)
    Store.open(url, create=True).close()
    for path in with_side_files(file) if file is not None else ():
        if shut(path):
            say(f"{path}: shut, others on this machine could read it")
    say("the database is there")


def _copy_example(folder: Path) -> None:
    source = data_dir("config")
    for path in sorted(source.rglob("*")):
        to = folder / path.relative_to(source)
        if path.is_file() and not to.exists():
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, to)
            say(f"{to}: written")


def _answers(file: Path | None) -> Answers:
    """The answers that ``mailbot init`` goes by: from ``file``, or from the person at the terminal. Raises
    BadConfiguration for answers that are missing."""
    if file is None:
        return _asked(_ask)
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadConfiguration([Fault(str(file), 0, f"cannot be read: {error}")]) from None
    return _asked(lambda key, _question, example: _given(file, given, key, example))


def _asked(ask: Callable[[str, str, str], str]) -> Answers:
    found: dict[str, str] = {}
    for key, question, example in first_questions(sorted(protocols.shipped_protocols())):
        found[key] = ask(key, question, example)
    protocol = protocols.load_protocol(protocols.find_protocol(found["protocol"]))
    shipped = domain_of(protocol.mailbox)
    for key, question, example in questions_of(protocol):
        found[key] = ask(key, question, example.replace(shipped, found.get("domain", shipped)))
    return Answers(protocol, found)


def _ask(key: str, question: str, example: str) -> str:
    """``mailbot init`` asks one question. Return alone takes the example, which shows what an answer looks like."""
    try:
        return input(f"{question}\n  [{example}] ").strip() or example
    except EOFError:
        raise BadConfiguration([Fault("mailbot init", 0, "nobody is there to answer: use --answers FILE")]) from None


def _given(file: Path, given: Mapping[str, object], key: str, example: str) -> str:
    value = given.get(key, example)
    if not isinstance(value, str):
        raise BadConfiguration([Fault(str(file), 0, f'"{key}" must be text between quotes')])
    return value


def _write(target: Path, answers: Answers) -> None:
    folder = target.parent
    shipped = data_dir("config") / "mailbot.toml"
    text = mailbot_toml(shipped.read_text(encoding="utf-8"), answers)
    source = protocols.find_protocol(answers.protocol.id)
    files = {
        target: text,
        folder / "protocols" / source.name: source.read_text(encoding="utf-8"),
        **{folder / name: content for name, content in LISTS.items()},
    }
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            say(f"{path}: there already")
            continue
        path.write_text(content, encoding="utf-8")
        say(f"{path}: written")
