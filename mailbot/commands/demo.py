"""``mailbot demo``: the whole life of two disputes through the embedded servers, in well under a minute."""

import argparse
from pathlib import Path

from mailbot.shell.errors import BadConfiguration, Fault

NEEDS = 'the demo brings mail servers of its own, which are not installed: pip install "mailbot[demo]"'


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "demo",
        help="the whole life of a dispute, with invented people and real mail on this machine",
        description="Plays two disputes from the first email to the end, with invented people, mail servers inside "
        "this process and a fast clock. Leaves a page of every letter in the folder demo/, which is replaced.",
    )
    parser.add_argument("--stay", action="store_true", help="keep the servers up, to play with a mail program")
    parser.add_argument("--gallery", metavar="FILE", type=Path, help="the page of letters (demo/gallery.html)")
    parser.add_argument("--plain", action="store_true", help="no colour and no pauses, as when it is not a terminal")
    parser.set_defaults(run=run_demo)


def run_demo(args: argparse.Namespace) -> int:
    """``mailbot demo``, run. Raises BadConfiguration where the embedded servers are not installed."""
    try:
        from mailbot.demo import tour
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("mailbot"):
            raise
        raise BadConfiguration([Fault("mailbot demo", 0, NEEDS)]) from None
    return tour.run(page=args.gallery, plain=args.plain, stay=args.stay)
