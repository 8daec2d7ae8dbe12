"""``mailbot init``: the questions that cannot be guessed, and a configuration, a key and an empty database from their
answers. What is there already is never overwritten.
"""

import argparse
import os
import pwd
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from sqlalchemy import make_url

from mailbot.commands.terminal import Commands, columns, heading, say, with_configuration
from mailbot.shell.clock import utc_now
from mailbot.shell.config.configuration import load_settings, storage_key
from mailbot.shell.config.directory_csv import AGENCY_COLUMNS, OFFICER_COLUMNS
from mailbot.shell.config.first_configuration import (
    Answers,
    Question,
    administrator_steps,
    first_questions,
    lists_explained,
    mailbot_toml,
    questions_of,
    template_of,
)
from mailbot.shell.config.secrets import make_key
from mailbot.shell.config.template_files import data_dir
from mailbot.shell.config.toml_with_faults import lines_of, nearest
from mailbot.shell.errors import NOT_WELL, OK, BadConfiguration, Fault
from mailbot.shell.private_files import make_private_folder, shut, with_side_files
from mailbot.shell.protocol_files import protocol_reader as protocols
from mailbot.shell.store.database import file_of
from mailbot.shell.store.store import Store

LISTS = {
    "agencies.csv": ",".join(AGENCY_COLUMNS) + "\n",
    "directory.csv": ",".join(OFFICER_COLUMNS) + "\n",
    "closures.toml": '# [[closed]]\n# from = 2026-12-29\n# to = 2026-12-31\n# why = "offices closed"\n',
}
Asked = Callable[[Question, str], str]  # a question and the provider, to its answer


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    says = "write a configuration, the key, and an empty database"
    more = (
        "Asks what cannot be guessed, checks each answer, and says what your own administrator must do. Run it again "
        "to make what is missing. No file that is there is changed, and no database is emptied."
    )
    parser = commands.add_parser("init", help=says, description=f"{says.capitalize()}. {more}")
    with_configuration(parser)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--yes", action="store_true", help="ask nothing: the example, with its invented people")
    how.add_argument("--answers", metavar="FILE", type=Path, help="a TOML file with an answer for each question")
    says = "print a file of answers to fill in, as 'PROVIDER PROTOCOL', e.g. microsoft north-somerset"
    how.add_argument("--questions", nargs=2, metavar=("PROVIDER", "PROTOCOL"), help=says)
    says = "as root: make the service's user, its folders with their rights, and the unit of systemd, too"
    parser.add_argument("--system", action="store_true", help=says)
    says = "with --system: put its files under this folder, and make no user (for packages)"
    parser.add_argument("--root", metavar="DIR", type=Path, default=Path("/"), help=says)
    parser.set_defaults(run=run_init)


def run_init(args: argparse.Namespace) -> int:
    """``mailbot init``, run: 0, or 1 where something is still to be filled in. Raises BadConfiguration for answers that
    cannot be taken, before anything is written."""
    if args.questions:
        print(_template(*args.questions), end="")
        return OK
    try:
        return _written(args)
    except OSError as error:
        said = f"cannot be made: {error.strerror}. Run this as whoever may write there, or name another --config"
        raise BadConfiguration([Fault(str(error.filename or args.config), 0, said)]) from None


def _written(args: argparse.Namespace) -> int:
    """Everything that ``mailbot init`` makes, where it is not there. Raises BadConfiguration, OSError."""
    if args.system:
        prepare_system(args.root, os.geteuid())
    target = system_config(args.root) if args.system else args.config
    if target.exists():
        say(f"{target} is there already and stays as it is.")
    elif args.yes:
        _copy_example(target.parent)
    else:
        code = _first(target, args)
        if args.system:
            shut_for_service(args.root)
        return code
    try:
        settings = load_settings(target, utc_now().date())
    except BadConfiguration as bad:
        heading("Still to be done, before the key and the database are made by another mailbot init:")
        columns([(fault.file, str(fault.line), fault.message) for fault in bad.faults])
        return NOT_WELL
    if settings.store_key_file is not None:
        made = make_key(settings.store_key_file)
        say(f"{settings.store_key_file}: {'a new storage key; keep a copy elsewhere' if made else 'there already'}")
    _make_key_and_store(settings.secret_file, settings.store_url, storage_key(settings))
    if args.system:
        shut_for_service(args.root)
    say("Next: mailbot check")
    return OK


def _first(target: Path, args: argparse.Namespace) -> int:
    """``mailbot init`` makes a first configuration, from the answers; the key and the empty database beside it; and
    what is still to be done."""
    installed = args.system or target.parent == Path(SYSTEM_ETC)  # as in a container, where no --system has been run
    var = SYSTEM_STATE if installed else "../var"
    answers = _answers(args.answers, var, utc_now().date())
    _write(target, answers, var)
    given = answers.given
    state = _under(args.root, SYSTEM_STATE) if installed else (target.parent / "../var").resolve()
    _make_key_and_store(state / "secret", f"sqlite:///{state / 'mailbot.db'}")
    say()
    heading("What your own administrator does, once:")
    way = "microsoft-graph" if given["mailbox"].startswith("graph:") else given["provider"]
    steps = administrator_steps(way, given["address"], given["password_file"])
    columns([(f"{number}.", step) for number, step in enumerate(steps, 1)])
    say()
    heading("What you do now:")
    folder, who = target.parent, "sudo -u mailbot " if args.system else ""
    columns(
        [
            ("1.", f"{folder / 'agencies.csv'}: a row for each agency, with its mail domains"),
            ("2.", f"{folder / 'directory.csv'}: a row for each manager; the columns are in {folder / 'LISTS.txt'}"),
            ("3.", f"{folder / 'closures.toml'}: the days on which the partnership is closed"),
            ("4.", f"the password or client secret into {given['password_file']}, for its owner alone (chmod 600)"),
            ("5.", f"{who}mailbot check, which explains every fault; then {who}mailbot check --send-to YOUR-ADDRESS"),
        ]
    )
    return NOT_WELL


def _make_key_and_store(secret_file: Path, url: str, key: bytes = b"") -> None:
    """``mailbot init`` makes the key, and the database: empty where there was none; what was there is only opened.
    Raises StoreRefused, Unreachable."""
    made = make_key(secret_file)
    say(f"{secret_file}: {'a new key' if made else 'there already'}")
    file = file_of(make_url(url))
    if file is not None:
        make_private_folder(file.parent)
    Store.open(url, create=True, key=key).close()
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


def _answers(file: Path | None, var: str, today: date) -> Answers:
    """The answers that ``mailbot init`` goes by: from ``file``, or from the person at the terminal. Raises
    BadConfiguration with every fault of the file's answers."""
    if file is None:
        return _asked(_ask, var, today)
    try:
        text = file.read_text(encoding="utf-8")
        given = tomllib.loads(text)
    except OSError as error:
        raise BadConfiguration([Fault(str(file), 0, f"cannot be read: {error.strerror}")]) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadConfiguration([Fault(str(file), 0, f"is no TOML file: {error}")]) from None
    lines, faults, wanted = lines_of(text), [], []

    def answer(question: Question, _: str) -> str:
        wanted.append(question.key)
        line, value = lines.get((question.key,), 0), given.get(question.key)
        if value is None:
            faults.append(Fault(str(file), 0, f'"{question.key}" is missing: {question.asks}'))
        elif not isinstance(value, str):
            faults.append(Fault(str(file), line, f'"{question.key}" must be text between quotes'))
        elif fault := question.check(value.strip() or question.follows):
            faults.append(Fault(str(file), line, f'"{question.key}": {fault}'))
        else:
            return question.made_of(value.strip() or question.follows)
        if question.key in ("provider", "protocol", "address", "domain"):  # what comes after hangs on it
            raise BadConfiguration(faults)
        return ""

    answers = _asked(answer, var, today)
    for key in given.keys() - set(wanted):
        said = f'"{key}" is no question.{nearest(key, wanted)}'
        faults.append(Fault(str(file), lines.get((key,), 0), said))
    if faults:
        raise BadConfiguration(faults)
    return answers


def _asked(ask: Asked, var: str, today: date) -> Answers:
    found: dict[str, str] = {}
    for question in first_questions(sorted(protocols.shipped_protocols())):
        found[question.key] = ask(question, found.get("provider", "plain"))
    protocol = protocols.load_protocol(protocols.find_protocol(found["protocol"]))
    name = "client-secret" if found["provider"] == "microsoft" else "mailbox-password"
    found["secrets"] = f"{var}/{name}"
    for question in questions_of(protocol, found, today):
        said = ask(question, found["provider"])
        rung = question.key.endswith("checked_on") and said.casefold() == "today"
        found[question.key] = today.isoformat() if rung else said.casefold() if said in ("No", "NO") else said
    return Answers(protocol, found)


def _ask(question: Question, provider: str) -> str:
    """``mailbot init`` asks one question, until its answer can be taken. Return alone takes what follows from an
    earlier answer, where something does."""
    say()
    say(question.asks)
    if told := question.help_for(provider):
        say(f"  {told}")
    while True:
        try:
            said = input(f"  [{question.follows}] " if question.follows else "  > ").strip() or question.follows
        except EOFError:
            raise BadConfiguration(
                [Fault("mailbot init", 0, "nobody is there to answer: use --answers FILE")]
            ) from None
        if not (fault := question.check(said)):
            made = question.made_of(said)
            if made != said:
                say(f"  that is {made}")
            return made
        say(f"  {fault}")


def _template(provider: str, protocol: str) -> str:
    """For ``mailbot init``, a file of answers to be filled in. Raises BadConfiguration for a provider or a procedure
    that is not there."""
    questions: list[Question] = []

    def note(question: Question, _: str) -> str:
        questions.append(question)
        given = {"provider": provider, "protocol": protocol}.get(question.key, "")
        if given and (fault := question.check(given)):
            raise BadConfiguration([Fault("mailbot init --questions", 0, f"{question.key}: {fault}")])
        return given or "a@example.example"

    _asked(note, "../var", utc_now().date())
    text = template_of(questions, provider)
    return text.replace('provider = ""', f'provider = "{provider}"').replace(
        'protocol = ""', f'protocol = "{protocol}"'
    )


def _write(target: Path, answers: Answers, var: str) -> None:
    folder = target.parent
    shipped = data_dir("config") / "mailbot.toml"
    text = mailbot_toml(shipped.read_text(encoding="utf-8"), answers)
    source = protocols.find_protocol(answers.protocol.id)
    files = {
        target: text.replace('"../var/', f'"{var}/').replace("sqlite:///../var/", f"sqlite:///{var}/"),
        folder / "protocols" / source.name: source.read_text(encoding="utf-8"),
        folder / "LISTS.txt": lists_explained(),
        **{folder / name: content for name, content in LISTS.items()},
    }
    _write_all(files.items())


def _write_all(files: Iterable[tuple[Path, str]]) -> None:
    for path, content in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            say(f"{path}: there already")
            continue
        path.write_text(content, encoding="utf-8")
        say(f"{path}: written")


# What ``mailbot init --system`` makes of a machine: the service's user, its folders with their rights, the unit of
# systemd, the rules for its log, and the command on everybody's path.

SERVICE_USER = "mailbot"
LINK = "/usr/local/bin/mailbot"  # what the unit runs: an upgrade changes where it leads
SYSTEM_ETC, SYSTEM_STATE, SYSTEM_LOG = "/etc/mailbot", "/var/lib/mailbot", "/var/log/mailbot"
# File in deploy/, and where it is put..
_FILES = {
    "mailbot.service": "/etc/systemd/system/mailbot.service",
    "mailbot.logrotate": "/etc/logrotate.d/mailbot",
}


def system_config(root: Path) -> Path:
    """The configuration of the machine's own service."""
    return _under(root, SYSTEM_ETC) / "mailbot.toml"


def _under(root: Path, place: str) -> Path:
    return root / place.lstrip("/")


def prepare_system(root: Path, by: int) -> None:
    """``mailbot init --system``: the service's user and the system's folders, with their rights; the unit and the log's
    rules. Raises BadConfiguration where this cannot be done by the user of that number, who runs it."""
    whole = root == Path("/")
    if whole and by != 0:
        raise BadConfiguration(
            [Fault("mailbot init --system", 0, "makes a user and files in /etc: run it as root (sudo)")]
        )
    if whole:
        _make_user()
    for place, mode in ((SYSTEM_ETC, 0o750), (SYSTEM_STATE, 0o700), (SYSTEM_LOG, 0o700)):
        folder = _under(root, place)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(mode)
    program = (
        Path(sys.argv[0]).resolve() if Path(sys.argv[0]).name == "mailbot" else Path(sys.prefix) / "bin" / "mailbot"
    )
    for name, place in _FILES.items():
        _put(
            _under(root, place),
            (data_dir("deploy") / name).read_text(encoding="utf-8").replace("@MAILBOT@", LINK),
        )
    link = _under(root, LINK)
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.exists() and not link.is_symlink():
        link.symlink_to(program)
        say(f"{link}: written")
    elif link.resolve() != program:
        say(f"{link}: there already; it leads to {link.resolve()}, and the service runs that")


def shut_for_service(root: Path) -> None:
    """``mailbot init --system`` gives the service its folders: the configuration to read, its own folder to write, and
    others nothing."""
    if root != Path("/"):
        return
    service = pwd.getpwnam(SERVICE_USER)
    for place, owner in ((SYSTEM_ETC, 0), (SYSTEM_STATE, service.pw_uid), (SYSTEM_LOG, service.pw_uid)):
        folder = _under(root, place)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner, service.pw_gid)
            if owner == 0:
                path.chmod(0o750 if path.is_dir() else 0o640)
    say("When check finds no fault: systemctl daemon-reload && systemctl enable --now mailbot")


def _make_user() -> None:
    try:
        pwd.getpwnam(SERVICE_USER)
    except KeyError:
        command = shutil.which("useradd") or "/usr/sbin/useradd"
        made = ("--system", "--user-group", "--home-dir", SYSTEM_STATE, "--shell", "/usr/sbin/nologin", SERVICE_USER)
        subprocess.run([command, *made], check=True)  # noqa: S603 (no word of it comes from outside)
        say(f"the user {SERVICE_USER} was made")


def _put(path: Path, text: str) -> None:
    if path.exists():
        say(f"{path}: there already")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    say(f"{path}: written")
