"""``mailbot demo``: invented people, embedded mail servers, a fast clock; two disputes from the first email to the end.

The page of every letter as its reader sees it is made from what lies in the readers' inboxes afterwards, so what it
shows has been through SMTP, a server and IMAP.
"""

import sys
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TextIO

from rich.console import Console

from mailbot.demo.gallery import Shown, gallery
from mailbot.demo.play import TELLING_WIDTH, Play, Teller, at, instant, stay_up
from mailbot.demo.story import BEGINS, FIRST_DISPUTE, MAILBOX, STORY, Passes, WrittenByHand

FOLDER = Path("demo")
# Where --stay listens, so that a mail program set up once finds it again the next time.
IMAP_PORT, SMTP_PORT = 10143, 10025
BREATH = 0.35  # seconds between two scenes on a terminal: told live, and still well under a minute


def run(
    folder: Path = FOLDER, page: Path | None = None, plain: bool = False, stay: bool = False, out: TextIO | None = None
) -> int:
    """The tour of the demo: the whole demo, told to ``out`` (standard output); its exit code: 0, or 1 when something
    went otherwise than it must. ``folder`` is replaced. ``page`` is where the gallery goes (``folder``/gallery.html).

    Raises BadConfiguration where ``folder`` holds something else than an earlier demo.
    """
    out = out or sys.stdout
    live = out.isatty() and not plain
    width = None if live else TELLING_WIDTH
    console = Console(file=out, highlight=False, markup=False, emoji=False, no_color=not live, width=width)
    with _begun(folder, stay) as play:
        teller, breath = Teller(play, console), threading.Event()
        _tell(play, teller, lambda: bool(live and breath.wait(BREATH)))
        faults = played_faults(play)
        path = page or folder / "gallery.html"
        count = write_gallery(play, path)
        _epilogue(play, console, path, count, faults)
        if stay:
            stay_up(play, teller, console)
        else:
            console.print("\nTo be one of them yourself, with an ordinary mail program:\n  mailbot demo --stay")
    return 1 if faults else 0


def _begun(folder: Path, stay: bool) -> Play:
    """The demo's tour begins its servers: port 0 takes a free one; --stay has ports of its own, unless somebody else
    has them."""
    if stay:
        try:
            return Play(folder, IMAP_PORT, SMTP_PORT).begin()
        except OSError:
            pass
    return Play(folder).begin()


def _tell(play: Play, teller: Teller, breathe: Callable[[], object]) -> None:
    """The story, live. ``breathe`` is called between scenes."""
    teller.scene(instant(BEGINS), "mailbot begins. Everybody here is invented; the mail is real.")
    play.turn()
    for step in STORY:
        seen = step.seen if isinstance(step, Passes) else ""
        for now in play.turns(instant(step.when)):
            if teller.is_silent():
                continue
            teller.scene(now, seen)
            teller.happened()
            seen = ""
        if isinstance(step, WrittenByHand):
            teller.scene(play.now, step.seen)
            play.write(step)
            teller.wrote(step)
            play.turn()
            teller.happened()
        breathe()


def played_faults(play: Play) -> list[str]:
    """What went wrong on the demo's tour: what went otherwise than it must: letters that did not arrive, a ledger that
    does not hold, work left over."""
    arrived = sum(len(play.letters(address)) for address in play.people if address != MAILBOX)
    found = [str(fault) for fault in play.store.verify(play.site.id)]
    if arrived != len(play.postman.sent):
        found.append(f"{len(play.postman.sent)} letters were sent and {arrived} lie in inboxes")
    waiting = play.store.waiting(play.site.id)
    if waiting.unread or waiting.letters or waiting.filings:
        found.append(f"left over: {waiting}")
    return found


def write_gallery(play: Play, path: Path) -> int:
    """Every letter, in the order they came; how many there are."""
    found: list[tuple[datetime, Shown]] = []
    for address, person in play.people.items():
        if address == MAILBOX:
            continue
        about = ", ".join(part for part in (person.designation, person.agency) if part)
        reader = f"{person.name} ({about})" if about else person.name
        for letter in play.letters(address):
            note = f"{address}, read in the inbox"
            found.append((letter.received, Shown(letter.sender, reader, letter.rendered, at(letter.received), note)))
    found.sort(key=lambda each: each[0])
    path.parent.mkdir(parents=True, exist_ok=True)
    page = gallery((shown for _, shown in found), "The demo's letters, as their readers see them")
    path.write_text(page, encoding="utf-8")
    return len(found)


def _epilogue(play: Play, console: Console, page: Path, count: int, faults: list[str]) -> None:
    for fault in faults:
        console.print(f"NOT WELL: {fault}", style="bold red", soft_wrap=True)
    config = f"--config {play.configuration}"
    rows = (
        (f"{count} letters, as their readers see them", str(page)),
        ("the first dispute, from its first email on", f"mailbot show {FIRST_DISPUTE} {config}"),
        ("what waits for a person", f"mailbot held list {config}"),
        ("that nobody has touched the record since", f"mailbot verify {config}"),
    )
    console.print("\nThe end. Look further:", style="bold")
    for what, how in rows:
        console.print(f"  {what}", style="dim")
        console.print(f"    {how}", soft_wrap=True)
