"""The command line: which command is where, and what an error means to whoever must act on it. No rules are here.

Only the module of the command that was typed is imported: ``mailbot --help`` costs a tenth of what importing all of
them costs, and a command that tells how the service is must answer on a machine that is busy.
"""

import argparse
import os
import re
import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module

from mailbot.shell.errors import (
    BAD_CONFIGURATION,
    EXPLAINED,
    NOT_WELL,
    UNREACHABLE,
    BadConfiguration,
    Fault,
    LoginRefused,
    MailbotError,
    StoreRefused,
    Unreachable,
    clean_for_terminal,
)

# In the order of the help: the command, the module of ``mailbot.commands`` that adds its parser, what it does.
COMMAND_LIST: tuple[tuple[str, str, str], ...] = (
    ("demo", "demo", "the whole life of a dispute, with invented people and real mail on this machine"),
    ("init", "init", "write a configuration, the key, and an empty database"),
    ("check", "check", "check everything before the service is started"),
    ("run", "run_and_once", "run the service until it is told to stop"),
    ("once", "run_and_once", "do one full turn and end"),
    ("status", "status", "show whether all is well"),
    ("metrics", "status", "tell monitoring how it is, in numbers"),
    ("show", "chronology", "show the whole of one dispute"),
    ("verify", "keeping.verify", "check that nothing in the record was changed"),
    ("witness", "keeping.witness", "compare the database with the witness of its record in the mailbox"),
    ("backup", "keeping.backup_and_migrate", "copy the database, the configuration and the key into a folder"),
    ("restore", "keeping.restore_and_rebuild", "put a backup in the place of the database"),
    ("rebuild", "keeping.restore_and_rebuild", "make a lost database anew, from the mailbox alone"),
    ("export", "keeping.export", "put one dispute into a folder, for a review"),
    ("find-person", "keeping.find_person", "find everything that is held about one person"),
    ("purge", "keeping.purge", "show what is kept longer than it must be, and let go of it"),
    ("migrate", "keeping.backup_and_migrate", "move the whole store into another database"),
    ("digest", "report_and_digest", "show the weekly digest, as it would be now or of a past week"),
    ("held", "held_and_letters", "show and settle mail that waits for a person"),
    ("letters", "held_and_letters", "show letters that wait or were refused, and send them again"),
    ("directory", "directory", "show the list of people, write it to a spreadsheet, and take it back in"),
    ("report", "report_and_digest", "show the report for a meeting"),
    ("explain", "explain", "how a message would be read, and what would be done"),
    ("replay", "replay", "rehearse a folder of messages on a clock of their own"),
    ("timeline", "protocol_and_timeline", "every limit of a dispute, with its working shown day by day"),
    ("protocol", "protocol_and_timeline", "check a protocol file, or show it in plain English"),
)


def parser(typed: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The command line's parser: the parser of every command; the command that is ``typed``, if one is, with all its
    options."""
    return _parser_for(next((word for word in typed if not word.startswith("-")), ""))


@cache
def _parser_for(wanted: str) -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="mailbot",
        description="Watches a safeguarding partnership's shared mailbox and runs its escalation procedure by email.",
        epilog=EXPLAINED,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--version", action="store_true", help="show the version and end")
    commands = made.add_subparsers(title="commands", metavar="COMMAND", required=True)
    whole = next((module for name, module, _ in COMMAND_LIST if name == wanted), "")
    for name, module, says in COMMAND_LIST:
        if module != whole:
            commands.add_parser(name, help=says)
        elif name == wanted:
            import_module(f"mailbot.commands.{module}").add_parsers(commands)
    return made


def _version() -> str:
    """For the command line, the version of this program, as it was installed. Looking it up costs 14 ms, so it is
    done when asked for."""
    from importlib import metadata

    try:
        return f"mailbot {metadata.version('mailbot')}"
    except metadata.PackageNotFoundError:
        return "mailbot, not installed"


def main(argv: Sequence[str] | None = None) -> int:
    """The command line: runs one command and gives its exit code. Only a fault of ours leaves as an exception."""
    typed = sys.argv[1:] if argv is None else argv
    if list(typed[:1]) == ["--version"]:
        print(_version())
        return 0
    try:
        code = _run(typed)
        sys.stdout.flush()
    except BadConfiguration as bad:
        for fault in bad.faults:
            _complain(str(fault))
        count = len(bad.faults)
        _complain(f"{count} fault{'s' if count != 1 else ''}. Nothing was started.")
        return BAD_CONFIGURATION
    except StoreRefused as refused:
        first = " (mailbot init makes one); after a loss, restore a backup" if "first start" in str(refused) else ""
        _complain(f"{refused}{first}.")
        return BAD_CONFIGURATION
    except LoginRefused as refused:
        _complain(f"{refused}. Nothing is lost, and trying again would not help: mailbot check says what to do.")
        return BAD_CONFIGURATION
    except Unreachable as error:
        _complain(f"Could not reach {error}. Nothing is lost; try again.")
        return UNREACHABLE
    except MailbotError as error:
        _complain(str(error))
        return NOT_WELL
    except PermissionError as error:
        _complain(f"{error.filename or 'a file'}: you have no right to read or write it. Run this as whose it is.")
        return BAD_CONFIGURATION
    except BrokenPipeError:  # whoever read our output (head, less) has seen enough; Python flushes once more as it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return int(code or 0)


def _run(typed: Sequence[str]) -> int | None:
    """The command typed on the command line, imported and run. Raises BadConfiguration with every fault of the words
    that are listened for, which are read as a command is imported."""
    try:
        args = parser(typed).parse_args(typed)
        code: int | None = args.run(args)
    except (ValueError, re.error) as wrong:
        if (faults := _faults_of_lexicon(wrong)) is None:
            raise
        damaged = "these are the program's own words: this installation is damaged, install it again"
        placed = [re.fullmatch(r"(?s)(\w+\.toml):(\d+): (.*)", words) for words in faults]
        told = [
            Fault(f"mailbot/lexicon/{at[1]}", int(at[2]), at[3]) if at else Fault("mailbot/lexicon", 0, words)
            for at, words in zip(placed, faults, strict=True)
        ]
        raise BadConfiguration([*told, Fault("mailbot/lexicon", 0, damaged)]) from None
    return code


def _faults_of_lexicon(wrong: ValueError | re.error) -> tuple[str, ...] | None:
    """What is wrong with the words that are listened for, as the command line tells it; None where they are not to
    blame."""
    from mailbot.mail.lexicon import BadLexicon, must_be_sound  # only where something has failed

    try:
        if isinstance(wrong, re.error):  # a wording that was compiled as the command was imported
            must_be_sound()
    except BadLexicon as bad:
        return bad.faults
    return wrong.faults if isinstance(wrong, BadLexicon) else None


def _complain(text: str) -> None:
    print(clean_for_terminal(text), file=sys.stderr)
