"""``python -m tests.gallery [FOLDER]``: runs the stories, takes the pictures, writes FOLDER/index.html.

Ends with 1 when a page breaks a rule of ``tests/page_rules.js`` at 320, 360 or 700 pixels, in light or in dark.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from mailbot.core.notices.notice import LETTERS
from tests.browser import Browser, written
from tests.gallery.choosing import Kept, chosen, kept
from tests.gallery.page import Shown, page
from tests.gallery.papers import PRINTED, pages

ROOT = Path(__file__).parent.parent.parent
RULES = (ROOT / "tests" / "page_rules.js").read_text()
PHONE, DESK = 360, 700
WIDTHS = (320, PHONE, DESK)


def main(folder: Path) -> int:
    mail = folder / "mail"
    shutil.rmtree(folder, ignore_errors=True)
    mail.mkdir(parents=True)
    told = {**os.environ, "MAILBOT_GALLERY": str(mail)}
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", "tests/scenarios"]
    if subprocess.run(command, cwd=ROOT, env=told, check=False).returncode:
        print("the stories do not hold; the pictures are of what they sent all the same", file=sys.stderr)
    everything = list(kept(mail))
    shown = [Shown(one) for one in chosen(everything)]
    with Browser() as browser:
        for number, one in enumerate(shown):
            _photograph(browser, number, one, folder)
    _print_papers(shown, folder)
    (folder / "index.html").write_text(page(shown, _unsent(everything)), encoding="utf-8")
    for one in shown:
        for fault in one.faults:
            print(f"{one.kept.protocol} {one.kept.letter}: {fault}", file=sys.stderr)
    print(f"{len(shown)} letters in {folder / 'index.html'}")
    return 1 if any(one.faults for one in shown) else 0


def _photograph(browser: Browser, number: int, one: Shown, folder: Path) -> None:
    faults: dict[str, None] = {}
    for width in WIDTHS:
        for dark in (True, False):
            measured = browser.show(one.kept.html, width, dark)
            found = [*browser.ask_page(RULES), *(f"fetches {url}" for url in measured.fetched)]
            faults |= dict.fromkeys(f"{width} pixels, {'dark' if dark else 'light'}: {what}" for what in found)
        if width != WIDTHS[0]:
            name = f"pictures/{number:03}-{one.kept.protocol}-{one.kept.letter}-{width}.png"
            written(folder / name, browser.picture(measured))
            one.pictures.append((name, width))
    one.faults = list(faults)


def _print_papers(shown: list[Shown], folder: Path) -> None:
    """Each document once, with the first letter that carries it: the same form goes with many."""
    documents: dict[str, bytes] = {}
    whose: dict[str, tuple[Shown, str]] = {}
    seen: set[tuple[str, str, str]] = set()
    for number, one in enumerate(shown):
        for name, _, content in one.kept.attachments:
            suffix = Path(name).suffix
            if suffix == ".ics":
                one.papers.append((name, [content.decode("utf-8", "replace")]))
            elif suffix in PRINTED and (place := (one.kept.protocol, one.kept.letter, suffix)) not in seen:
                seen.add(place)
                key = f"{number:03}-{one.kept.protocol}-{Path(name).stem.replace(' ', '-')}-{suffix[1:]}{suffix}"
                documents[key], whose[key] = content, (one, name)
    for key, pictures in pages(documents, folder / "papers").items():
        one, name = whose[key]
        one.papers.append((name, [f"papers/{picture}" for picture in pictures]))


def _unsent(everything: list[Kept]) -> list[tuple[str, list[str]]]:
    protocols = sorted({one.protocol for one in everything})
    sent = {(one.protocol, one.letter) for one in everything}
    return [(name, [letter for letter in LETTERS if (name, letter) not in sent]) for name in protocols]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "gallery").absolute()))
