"""The command line: families of commands, and what an error means to whoever must act on it. No rules are here."""

import argparse
import sys
from collections.abc import Sequence
from types import ModuleType

from mailbot.commands import check as checking
from mailbot.commands import demo as demonstrating
from mailbot.commands import explain as explaining
from mailbot.commands import held
from mailbot.commands import init as setting_up
from mailbot.commands import protocol_and_timeline as procedures
from mailbot.commands import replay as replaying
from mailbot.commands import report as reporting
from mailbot.commands import run_and_once as service
from mailbot.commands import status_show_verify_digest as looking
from mailbot.commands.terminal import BAD_CONFIGURATION, NOT_WELL, UNREACHABLE, clean_for_terminal
from mailbot.shell.errors import BadConfiguration, MailbotError, StoreRefused, Unreachable

# In the order of the help. Each has ``add_parsers(commands)``.
FAMILIES: tuple[ModuleType, ...] = (
    demonstrating,
    setting_up,
    checking,
    service,
    looking,
    held,
    reporting,
    explaining,
    replaying,
    procedures,
)
ENDS = """\
How a command ends:
  0  done, and all is well
  1  done, and something is not well (status, verify), or there is nothing of that name
  2  something here must be mended first: every fault is listed, and nothing was started
  3  a server or the database could not be reached: try again
"""


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="mailbot",
        description="Watches a safeguarding partnership's shared mailbox and runs its escalation procedure by email.",
        epilog=ENDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = made.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for family in FAMILIES:
        family.add_parsers(commands)
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code. Only a fault of ours leaves as an exception."""
    args = parser().parse_args(argv)
    try:
        code = args.run(args)
    except BadConfiguration as bad:
        for fault in bad.faults:
            _complain(f"{fault.file}:{fault.line}: {fault.message}" if fault.line else f"{fault.file}: {fault.message}")
        count = len(bad.faults)
        _complain(f"{count} fault{'s' if count != 1 else ''}. Nothing was started.")
        return BAD_CONFIGURATION
    except StoreRefused as refused:
        first = " (mailbot init makes one); after a loss, restore a backup" if "first start" in str(refused) else ""
        _complain(f"{refused}{first}.")
        return BAD_CONFIGURATION
    except Unreachable as error:
        _complain(f"Could not reach {error}. Nothing is lost; try again.")
        return UNREACHABLE
    except MailbotError as error:
        _complain(str(error))
        return NOT_WELL
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output (head, less) has seen enough
        return 0
    except KeyboardInterrupt:
        return 130
    return int(code or 0)


def _complain(text: str) -> None:
    print(clean_for_terminal(text), file=sys.stderr)
